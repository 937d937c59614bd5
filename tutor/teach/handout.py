"""A handout as values: the beats of a lecture with their moments, and its questions with theirs.

Rules
-----
* What the room sees and hears of the lesson, never the lecturer's notes.
* Nothing on a page of questions gives another one away. They are asked in rounds, and each round begins a page: of one
  run the earlier question first; what a state is the answer to before what has come to that state; checks, which have
  runs of their own, behind the beats of their lesson. Whoever answers a page before turning it has not seen the answer
  drawn.
* A number in the words is read from the run, at that beat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from tutor.teach import facts
from tutor.teach.facts import Scene
from tutor.teach.generated import Posed
from tutor.teach.lecture import Lecture, asked
from tutor.teach.lesson import Check, Lesson
from tutor.teach.reposing import Asked, as_written, asked_by_check
from tutor.teach.road import Road, lay_road
from tutor.teach.show import Stop, stops
from tutor.teach.stage import scenario_of
from tutor.world.records import StateChanged
from tutor.world.trace import Trace

TOLD = "explain"
WIRED = "attack"
"""Needs the network in one's hands, and is asked on no paper."""

Opened = Callable[[str], Trace]
"""The run of a saved file, by its path."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One beat, or one saved run, on paper. ``words``: Markdown, filled in; ``at``: microseconds.

    ``part``: the heading before it, "" for none. ``is_last``: does its part end with it?
    """

    part: str
    title: str
    words: str
    trace: Trace = field(repr=False)
    at: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One question on paper. ``about``: the lesson's title; ``words``: what to know first, Markdown, filled in.

    ``posed``: the question with its right answer; None where one explains: then ``points`` belong to the answer.
    ``shown``: the states that its run has come to. ``round``: from 0; those of a round stand on pages of their own.
    """

    about: str
    title: str
    words: str
    prompt: str
    trace: Trace = field(repr=False)
    at: int
    posed: Posed | None
    points: tuple[str, ...] = ()
    lesson: str = ""
    is_check: bool = False
    shown: frozenset[str] = frozenset()
    round: int = 0

    @property
    def hidden(self) -> str:
        """The state that is its answer; "" where that is none."""
        if self.posed is None or self.posed.kind not in ("next-state", "state"):
            return ""
        return self.posed.ask.options[self.posed.right[0]].value

    def goes_before(self, other: Query) -> bool:
        """Would ``other`` give this one away?"""
        if self.lesson == other.lesson and self.is_check != other.is_check:
            return other.is_check
        is_same_run = self.trace is other.trace and self.at < other.at
        return is_same_run or (self.hidden in other.shown and self.hidden not in self.shown)


# --- the beats ---


def leaves(lecture: Lecture, lang: str, opened: Opened) -> tuple[Leaf, ...]:
    """Every beat and every saved run that the lecture shows, in order."""
    roads = {lesson.id: _road(lesson) for lesson in lecture.lessons}
    shown = [stop for stop in stops(lecture) if stop.kind in ("beat", "run")]
    found: list[Leaf] = []
    for item, group in groupby(shown, key=lambda stop: stop.item):
        made = [leaf for leaf in (_leaf(stop, lecture, roads, lang, opened) for stop in group) if leaf is not None]
        for place, (title, words, trace, at) in enumerate(made):
            part = lecture.items[item].title[lang] if not place else ""
            found.append(Leaf(part, title, words, trace, at, is_last=place + 1 == len(made)))
    return tuple(found)


def _road(lesson: Lesson) -> Road:
    return lay_road(lesson, scenario_of(lesson))


def _leaf(
    stop: Stop, lecture: Lecture, roads: dict[str, Road], lang: str, opened: Opened
) -> tuple[str, str, Trace, int] | None:
    """(title, words, run, moment); None for a beat that does not happen."""
    if stop.kind == "run":
        trace = opened(stop.run)
        return "", "", trace, trace.steps[-1].at
    lesson, road = lecture.lesson(stop.lesson), roads[stop.lesson]
    scene = _scene(lesson, road, stop.beat)
    if scene is None:
        return None
    beat = lesson.beat(stop.beat)
    return facts.fill(beat.title[lang], scene), facts.fill(beat.words[lang], scene), road.trace, scene.at


def _scene(lesson: Lesson, road: Road, beat_id: str) -> Scene | None:
    moment = road.moments[[beat.id for beat in lesson.beats].index(beat_id)]
    return Scene(lesson, road.trace, moment, road.moments) if moment is not None else None


# --- the questions ---


def queries(lecture: Lecture, lang: str) -> tuple[Query, ...]:
    """Every question that is put to the room and can be answered on paper, round by round."""
    roads = {lesson.id: _road(lesson) for lesson in lecture.lessons}
    asking = [stop for stop in stops(lecture) if stop.kind == "question"]
    made = (_query(stop, lecture.lesson(stop.lesson), roads[stop.lesson], lang) for stop in asking)
    return tuple(_in_rounds([query for query in made if query is not None]))


def _in_rounds(left: list[Query]) -> Iterator[Query]:
    """The questions, each in the first round in which it gives none away that is still open.

    Where two would give each other away, the one that the lecture asks first goes first.
    """
    number = 0
    while left:
        free = [query for query in left if not any(each.goes_before(query) for each in left if each is not query)]
        asked_now = free or left[:1]
        yield from (replace(query, round=number) for query in asked_now)
        left = [query for query in left if not any(query is each for each in asked_now)]
        number += 1


def rounds(asked: Sequence[Query]) -> Iterator[tuple[Query, ...]]:
    """The questions of one round after the other."""
    for _, group in groupby(asked, key=lambda query: query.round):
        yield tuple(group)


def _query(stop: Stop, lesson: Lesson, road: Road, lang: str) -> Query | None:
    ask = asked(lesson, stop.ask)
    check = next((check for check in lesson.checks if check.id == stop.ask), None)
    if ask is None or ask.kind == WIRED:
        return None
    scene = asked_by_check(lesson, check, road).scene if check is not None else _scene(lesson, road, stop.ask)
    posed = as_written(lesson, Asked(stop.ask, ask, scene), 0) if ask.kind != TOLD else None
    if scene is None or (posed is None and ask.kind != TOLD):
        return None
    title, words = _before(lesson, check, stop.ask, lang)
    return Query(
        about=lesson.title[lang],
        title=facts.fill(title, scene),
        words=facts.fill(words, scene),
        prompt=facts.fill(ask.prompt[lang], scene),
        trace=scene.trace,
        at=scene.at,
        posed=posed,
        points=tuple(facts.fill(option.text[lang], scene) for option in ask.options if option.text is not None),
        lesson=lesson.id,
        is_check=check is not None,
        shown=_states(scene),
    )


def _states(scene: Scene) -> frozenset[str]:
    """The states that hosts have entered by then."""
    steps = scene.trace.upto(scene.moment.index)
    return frozenset(r.target.value for step in steps for r in step.records if isinstance(r, StateChanged))


def _before(lesson: Lesson, check: Check | None, ask_id: str, lang: str) -> tuple[str, str]:
    """(title, words) that stand before a question."""
    if check is not None:
        return "", check.words[lang] if check.words is not None else ""
    beat = lesson.beat(ask_id)
    return beat.title[lang], beat.words[lang]
