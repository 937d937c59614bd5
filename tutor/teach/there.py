"""Take me there: a run in which a state is entered or an edge is crossed, found by the search and computed anew.

Rules
-----
* The recipes are what the search over the engine found (``assets/recipes.json``, made by ``tests/tools/recipes.py``):
  the fewest acts from two closed hosts that cross an edge, by rule set.
* A recipe is not believed: it is played, and the playhead stands where the run that came of it is about to cross.
* Such a run is a lesson of one step that says in words what is done. Like any other run it can be forked and saved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tutor import resources
from tutor.explore.recipes import Recipe, two_closed_hosts
from tutor.tcp.profile import Profile
from tutor.tcp.segment import flags_text
from tutor.tcp.states import State, parse
from tutor.tcp.transitions import SEQUENCES, Edge
from tutor.tcp.variant import ROWS
from tutor.teach.lesson import Lesson
from tutor.teach.road import Road, lay_road
from tutor.teach.stage import AT_REST
from tutor.teach.written import Writing, WrittenBeat, written
from tutor.words import LANGUAGES, Words
from tutor.world.acts import Act, parse_act
from tutor.world.records import StateChanged
from tutor.world.scenario import Scenario
from tutor.world.time import HOUR
from tutor.world.trace import Trace

UNTIL = 24 * HOUR
"""Such a run goes on until it is at rest, and no longer than this (microseconds)."""

CONCEPT = "recipe"
"""What tells a lesson that is a recipe from one that somebody wrote."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A run to look at: its lesson, what it starts from, where its beats are, where to stand and what to pick out."""

    lesson: Lesson
    scenario: Scenario
    road: Road
    playhead: int
    selection: str


@cache
def _book() -> Mapping[str, Mapping[str, Recipe]]:
    tables = json.loads(resources.asset_text("recipes.json"))
    return {
        name: {edge: Recipe(edge, row["host"], row["at"], _acts(row["acts"])) for edge, row in rows.items()}
        for name, rows in tables.items()
    }


def _acts(rows: Iterable[tuple[int, str]]) -> tuple[tuple[int, Act], ...]:
    return tuple((at, parse_act(text)) for at, text in rows)


STATES = frozenset(str(state) for state in State)
"""The names that ``state:`` may be followed by."""


def state_in(mark: str) -> State | None:
    """The state that a mark of diagram or ladder names (``state:LISTEN``, ``state:client:LISTEN:0``); None if none."""
    return next((parse(part) for part in mark.split(":") if part in STATES), None)


def recipe(target: str, rule_set: str) -> Recipe | None:
    """The shortest recipe to ``state:NAME`` or ``edge:DRAWN`` under a rule set; None if there is no way."""
    kind, _, name = target.partition(":")
    name = str(state_in(target) or "") if kind == "state" else name
    found = [each for each in _book().get(rule_set, {}).values() if _leads(each, kind, name)]
    return min(found, key=lambda each: (len(each.acts), each.host != "client"), default=None)


def known(edge: str, rule_set: str) -> Recipe | None:
    """The shortest recipe to an edge, by the row's id, under a rule set; None if there is none."""
    return _book().get(rule_set, {}).get(edge)


def _leads(known: Recipe, kind: str, name: str) -> bool:
    edge = ROWS.get(known.edge)
    if kind == "edge":
        return known.edge == name if edge is None else edge.drawn_as == name
    return kind == "state" and edge is not None and str(edge.target) == name and edge.source is not edge.target


def crossed(known: Recipe) -> tuple[Edge, ...]:
    """The rows that a recipe crosses last: one, or those of a drawn sequence."""
    if known.edge in ROWS:
        return (ROWS[known.edge],)
    return next(each.edges for each in SEQUENCES if each.drawn_as == known.edge)


def deeds(known: Recipe, trace: Trace | None = None) -> tuple[str, ...]:
    """What a recipe does, as the acts' own lines, without the socket that each names.

    With the run that came of it a segment is called by its sender and flags, not by its number alone.
    """
    return tuple(_deed(act, trace) for _, act in known.acts)


def _deed(act: Act, trace: Trace | None) -> str:
    line = " ".join(word for word in str(act).split() if not word.startswith("on="))
    number = next((int(each[1:]) for each in act.args if each.startswith("#") and each[1:].isdecimal()), None)
    flight = trace.flight(number) if trace is not None and number is not None else None
    return line if flight is None else f"{line} ({flight.sender}: {flags_text(flight.segment.flags, '+')})"


def visit(target: str, scenario: Scenario, rule_set: str = "") -> Visit | None:
    """The run that leads to ``target`` under a rule set ("": the first host's); None if there is no way."""
    profile = scenario.hosts[0].profile
    profile = scenario.profiles.get(rule_set or profile.rule_set, profile)
    known = recipe(target, profile.rule_set)
    if known is None:
        return None
    stage = two_closed_hosts(profile, *known.acts, until=UNTIL)
    stage = Scenario(stage.hosts, stage.links, stage.seed, stage.acts_at, UNTIL, scenario.profiles)
    lesson = _lesson(known, profile, Trace.of(stage), stage)
    road = lay_road(lesson, stage)
    at = crossing(road.trace, known)
    if at is None:
        return None
    before = road.trace.previous_instant(at)
    return Visit(lesson, stage, road, at if target.startswith("state:") else before or 0, target)


def crossing(trace: Trace, known: Recipe) -> int | None:
    """When the run crosses what the recipe promises (microseconds); None if it does not."""
    wanted = tuple(edge.id for edge in crossed(known))
    for step in trace.steps:
        found = [r.edge for r in step.records if isinstance(r, StateChanged) and r.host == known.host]
        if any(tuple(found[i : i + len(wanted)]) == wanted for i in range(len(found))):
            return step.at
    return None


# --- the lesson ---


def _lesson(known: Recipe, profile: Profile, trace: Trace, stage: Scenario) -> Lesson:
    done = deeds(known, trace)
    said = {lang: _said(known, done, profile.title, Words(lang)) for lang in LANGUAGES}
    title, goal, words = ({lang: said[lang][part] for lang in LANGUAGES} for part in range(3))
    name = "there-" + known.edge.replace("/", "-").replace("_", "-").lower()
    return written(Writing(name, title, goal, CONCEPT, (WrittenBeat("begin", "start", title, words),), AT_REST), stage)


def _said(known: Recipe, done: tuple[str, ...], profile: str, words: Words) -> tuple[str, str, str]:
    """Title, goal and words."""
    edges = crossed(known)
    ends = f"{words.state(edges[0].source)} → {words.state(edges[-1].target)}"
    event = words.t(edges[0].cause)
    goal = words.t(
        "The shortest way to this edge that the search has found, by the rules of {profile}.", profile=profile
    )
    acts = "\n".join(f"- `{deed}`" for deed in done)
    first = words.t("This is done, and nothing else:")
    last = words.t("Then the edge is crossed at the {host}: {event}.", host=known.host, event=event)
    return ends, goal, f"{first}\n\n{acts}\n\n{last}"
