"""Bets and questions: what is asked of the run, what the engine answers, how what was given is graded.

Rules
-----
* The answer to a bet is computed from the run of one branch, from the beat's moment on. It is never stored in a
  lesson except as a claim that the linter holds against the engine.
* An answer that is on screen when the bet is asked is not a bet: it must lie later than the moment.
* On a branch of the learner's own it may be that no option is right. Then the verdict is what the engine found.

Theory, by kind::

    next-state    the target of the next change of state on that host
    state         that host's state when an event happens (the last change of state up to it)
    next-segment  flags, seq, ack, len of the next segment that the host sends; an option may leave parts out
    time          how long until an event happens; options are measured, not compared as text
    first         which of the options' events happens first
    order         the order in which the options' events happen; two at once have no order
    table         what ``ss`` prints on that host when an event happens; other options are other runs' tables
    fix           each option is done, in a run of its own, and it is looked whether the event happens
    attack        a puzzle of the network's page; the search knows whether it can be done
    choice, many  a question: fixed answers, nothing to compute
    explain       points to tick: whoever explained says which of them were said
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.tcp import states
from tutor.teach import facts
from tutor.teach.byroad import byroad
from tutor.teach.expected import Expected, describe
from tutor.teach.facts import NoSuchThing, Scene, UnknownFact
from tutor.teach.lesson import BEFORE, NOT, THERE, Ask, Option
from tutor.teach.mending import is_mended
from tutor.world.query import Moment, find, parse_cue
from tutor.world.records import Record, Sent, StateChanged
from tutor.world.ss import socket_table
from tutor.world.time import format_duration, parse_said
from tutor.world.trace import Trace


@dataclass(frozen=True, slots=True)
class Given:
    """What a learner gave. ``picks``: one option; all of them for many and explain, sorted; for an order, in it.

    ``text``: a time as it was typed; the words of an explanation. ``is_told``: the explanation is given, points may be
    ticked. ``act``: what was done by hand to mend it.
    """

    picks: tuple[int, ...] = ()
    text: str = ""
    is_told: bool = False
    act: str = ""


NOTHING_GIVEN = Given()


COUNTED, AGAIN, SEEN, SHOWN = "counted", "again", "seen", "shown"
"""What an answer is worth: it counts; it is another try; the learner had seen what comes; the program gave it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A graded answer. ``branch`` and ``index`` (of the beat's step) say where it was made.

    ``found`` is what the engine answered there, "" if nothing; ``right`` are the options that this makes right.
    """

    beat: str
    branch: int
    index: int
    given: Given
    is_right: bool
    found: str
    right: tuple[int, ...]
    on_road: bool
    standing: str = COUNTED

    @property
    def is_counted(self) -> bool:
        """Does it prove anything?"""
        return self.standing == COUNTED


@dataclass(frozen=True, slots=True)
class Found:
    """What the run answers: canonical ``value``, ``shown`` as printed, ``at`` the time it becomes visible.

    ``value`` is "" where the run has no answer. ``right`` holds the indexes of the options it makes right; of an order,
    all of them in that order.
    """

    value: str
    shown: str
    at: int | None
    right: tuple[int, ...]


NOTHING = Found("", "", None, ())

SEVERAL = ("many", "order", "explain")
"""Kinds of which more than one option is picked."""

UNORDERED = ("many", "explain")


def answer(ask: Ask, scene: Scene) -> Found:
    """What the engine says to ``ask`` at the scene."""
    match ask.kind:
        case "next-state":
            return _next_state(ask, scene)
        case "state":
            return _state(ask, scene)
        case "next-segment":
            return _next_segment(ask, scene)
        case "time":
            return _time(ask, scene)
        case "first":
            return _first(ask, scene)
        case "order":
            return _order(ask, scene)
        case "table":
            return _table(ask, scene)
        case "fix":
            return _fix(ask, scene)
        case "explain":
            return Found("*", "", None, tuple(range(len(ask.options))))
        case _:
            shown = ", ".join(ask.answers)
            return Found(shown or "*", shown, None, declared(ask))


def grade(ask: Ask, found: Found, given: Given) -> bool:
    """Is what was given right? What was done by hand is judged by its own run (``holds``)."""
    if ask.kind == "time" and ask.is_typed:
        return _is_close(ask, found, given)
    if ask.kind == "attack":
        return bool(given.text)
    if ask.kind in SEVERAL:
        return given.picks == found.right
    return len(given.picks) == 1 and given.picks[0] in found.right


def right_given(ask: Ask, found: Found) -> Given:
    """What somebody gives who is right."""
    if ask.kind == "time" and ask.is_typed:
        return Given(text=found.value)
    if ask.kind == "attack":
        return Given(text=" ".join(ask.solution) or "*")
    picks = found.right if ask.kind in SEVERAL else found.right[:1]
    return Given(picks, is_told=ask.kind == "explain")


def heard(ask: Ask, found: Found, given: Given, scene: Scene) -> int | None:
    """The option whose feedback answers what was given: the one picked, the first that is wrong, the nearest time."""
    if ask.kind == "order":
        return next((pick for pick, right in zip(given.picks, found.right, strict=False) if pick != right), None)
    if ask.kind in UNORDERED:
        wrong = sorted(set(given.picks) ^ set(found.right))
        return wrong[0] if wrong else None
    if ask.kind == "time" and ask.is_typed:
        return _nearest_time(ask, given, scene)
    return given.picks[0] if given.picks else None


# --- the kinds ---


def _later(scene: Scene) -> Iterator[Record]:
    """Records after the moment's step, in order."""
    for step in scene.trace.steps[scene.moment.index + 1 :]:
        yield from step.records


def _next_state(ask: Ask, scene: Scene) -> Found:
    for record in _later(scene):
        if isinstance(record, StateChanged) and record.host == ask.host:
            return _of_states(ask, record.target, record.at)
    return NOTHING


def _of_states(ask: Ask, state: states.State, at: int) -> Found:
    right = tuple(i for i, option in enumerate(ask.options) if states.parse(option.value) is state)
    return Found(state.value, state.value, at, right)


def _state(ask: Ask, scene: Scene) -> Found:
    moment = when(ask.cue, scene)
    if moment is None:
        return NOTHING
    current = states.State.CLOSED
    for step in scene.trace.steps[: moment.index + 1]:
        for record in step.records:
            if isinstance(record, StateChanged) and record.host == ask.host:
                current = record.target
    return _of_states(ask, current, moment.at)


def _next_segment(ask: Ask, scene: Scene) -> Found:
    for record in _later(scene):
        if isinstance(record, Sent) and record.host == ask.host:
            right = tuple(i for i, option in enumerate(ask.options) if Expected.parse(option.value).fits(record.flight))
            text = describe(record.flight)
            return Found(text, text, record.at, right)
    return NOTHING


def when(cue: str, scene: Scene) -> Moment | None:
    """The first time that a cue fires after the scene; None if it does not."""
    return find(scene.trace, parse_cue(cue), after_index=scene.moment.index)


def _time(ask: Ask, scene: Scene) -> Found:
    moment = when(ask.cue, scene)
    if moment is None:
        return NOTHING
    span = moment.at - scene.at
    room = span * ask.tolerance // 100
    spans = [measured(option.value, scene) for option in ask.options]
    right = tuple(i for i, each in enumerate(spans) if each is not None and abs(each - span) <= room)
    return Found(f"{span}us", format_duration(span), moment.at, right)


def measured(expression: str, scene: Scene) -> int | None:
    """How long an option says it takes (microseconds); None if that is nothing here."""
    try:
        return facts.measure(expression, scene)
    except (UnknownFact, NoSuchThing):
        return None


def typed(text: str) -> int | None:
    """A time as a learner types it, in microseconds; None if it is no time."""
    try:
        return parse_said(text)
    except ValueError:
        return None


def _is_close(ask: Ask, found: Found, given: Given) -> bool:
    said, span = typed(given.text), typed(found.value) if found.value else None
    return said is not None and span is not None and abs(said - span) <= span * ask.tolerance // 100


def _nearest_time(ask: Ask, given: Given, scene: Scene) -> int | None:
    said = typed(given.text)
    spans = [(abs(span - said), i) for i, option in enumerate(ask.options)
             if said is not None and (span := measured(option.value, scene)) is not None]  # fmt: skip
    return min(spans)[1] if spans else None


def _first(ask: Ask, scene: Scene) -> Found:
    moments = [when(option.value, scene) for option in ask.options]
    firing = [(moment.index, moment.at, i) for i, moment in enumerate(moments) if moment is not None]
    if not firing:
        return NOTHING
    index, at, winner = min(firing)
    right = tuple(i for step, _, i in firing if step == index)
    return Found(ask.options[winner].value, ask.options[winner].value, at, right)


def _order(ask: Ask, scene: Scene) -> Found:
    """The order of time; events of one instant have none, so that there is no answer."""
    moments = [when(option.value, scene) for option in ask.options]
    firing = sorted((moment.at, i) for i, moment in enumerate(moments) if moment is not None)
    if len(firing) < len(moments) or len({at for at, _ in firing}) < len(firing):
        return NOTHING
    right = tuple(i for _, i in firing)
    value = " < ".join(ask.options[i].value for i in right)
    return Found(value, value, firing[0][0], right)


# --- tables ---


def table(ask: Ask, option: Option, scene: Scene) -> str:
    """What ``ss -tan`` prints in the run of an option; "" where that run has no such moment, or cannot begin."""
    try:
        trace, moment = _pictured(ask, option, scene)
    except NoSuchThing:
        return ""
    return "" if moment is None else _printed(trace, ask.host, moment)


def _pictured(ask: Ask, option: Option, scene: Scene) -> tuple[Trace, Moment | None]:
    if option.plays is None:
        return scene.trace, when(ask.cue, scene)
    there = byroad(scene, option.plays)
    return there.trace, there.seen


def _printed(trace: Trace, host: str, moment: Moment) -> str:
    world = trace.steps[moment.index].world
    return "\n".join(socket_table(world.host(host), moment.at, timers=False))


def _table(ask: Ask, scene: Scene) -> Found:
    moment = when(ask.cue, scene)
    if moment is None:
        return NOTHING
    printed = _printed(scene.trace, ask.host, moment)
    right = tuple(i for i, option in enumerate(ask.options) if table(ask, option, scene) == printed)
    return Found(printed, "", moment.at, right)


# --- mending ---


def _fix(ask: Ask, scene: Scene) -> Found:
    right = tuple(i for i, option in enumerate(ask.options) if is_mended(ask, scene, option.value))
    value = ask.options[right[0]].value if right else ""
    return Found(value, value, None, right)


# --- options ---


def canonical(ask: Ask, value: str) -> str:
    """An option's value, or the declared answer, in one spelling."""
    if ask.kind in ("next-state", "state"):
        try:
            return states.parse(value).value
        except ValueError:
            return value
    return " ".join(value.split())


def is_so(option: Option, scene: Scene) -> bool:
    """Does what the option ``holds`` happen anywhere in the run, or, for "not", nowhere?

    Of two cues with "before" between them both happen, in this order. After "there" the run is the one that it plays.
    May raise ``NoSuchThing``, as ``byroad`` does.
    """
    trace, after = scene.trace, -1
    claim = option.holds.removeprefix(THERE)
    if claim != option.holds and option.plays is not None:
        there = byroad(scene, option.plays)
        trace, after = there.trace, there.left.index
    cues = claim.removeprefix(NOT)
    found = [find(trace, parse_cue(cue), after_index=after) for cue in cues.split(BEFORE, 1)]
    steps = [moment.index for moment in found if moment is not None]
    return (len(steps) == len(found) and (len(steps) == 1 or steps[0] < steps[1])) == (cues == claim)


def declared(ask: Ask) -> tuple[int, ...]:
    """The options that the author declares right."""
    values = [canonical(ask, option.value) for option in ask.options]
    wanted = [canonical(ask, value) for value in ask.answers]
    if ask.kind == "order":
        return tuple(values.index(value) for value in wanted if value in values)
    return tuple(i for i, value in enumerate(values) if value in wanted)


def label(ask: Ask, option: Option, scene: Scene, lang: str) -> str:
    """An option as the card shows it."""
    if option.text is not None:
        return facts.fill(option.text[lang], scene)
    if ask.kind in ("next-state", "state"):
        return states.parse(option.value).value
    if ask.kind == "table":
        return table(ask, option, scene)
    if ask.kind == "time":
        span = measured(option.value, scene)
        return format_duration(span) if span is not None else option.value
    return option.value
