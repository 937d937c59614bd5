"""Bets and questions: what is asked of the run, what the engine answers, how a choice is graded.

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
    choice        a question: fixed answers, nothing to compute
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.tcp import segment as segments, states
from tutor.teach import facts
from tutor.teach.facts import NoSuchThing, Scene, UnknownFact
from tutor.teach.lesson import Ask, Option
from tutor.world.query import find, parse_cue
from tutor.world.records import Flight, Record, Sent, StateChanged
from tutor.world.time import format_duration


@dataclass(frozen=True, slots=True)
class Answer:
    """A graded choice. ``branch`` and ``index`` (of the beat's step) say where it was made.

    ``found`` is what the engine answered there, "" if nothing; ``right`` are the options that this makes right.
    """

    beat: str
    branch: int
    index: int
    option: int
    is_right: bool
    found: str
    right: tuple[int, ...]
    on_road: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What the run answers: canonical ``value``, ``shown`` as printed, ``at`` the time it becomes visible.

    ``value`` is "" where the run has no answer. ``right`` holds the indexes of the options it makes right.
    """

    value: str
    shown: str
    at: int | None
    right: tuple[int, ...]


NOTHING = Found("", "", None, ())


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
        case _:
            return Found(ask.answer, ask.answer, None, declared(ask))


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
    moment = find(scene.trace, parse_cue(ask.cue), after_index=scene.moment.index)
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


def _time(ask: Ask, scene: Scene) -> Found:
    moment = find(scene.trace, parse_cue(ask.cue), after_index=scene.moment.index)
    if moment is None:
        return NOTHING
    span = moment.at - scene.at
    right = tuple(i for i, option in enumerate(ask.options) if _measured(option.value, scene) == span)
    return Found(f"{span}us", format_duration(span), moment.at, right)


def _measured(expression: str, scene: Scene) -> int | None:
    try:
        return facts.measure(expression, scene)
    except (UnknownFact, NoSuchThing):
        return None


def _first(ask: Ask, scene: Scene) -> Found:
    moments = [find(scene.trace, parse_cue(option.value), after_index=scene.moment.index) for option in ask.options]
    firing = [(moment.index, moment.at, i) for i, moment in enumerate(moments) if moment is not None]
    if not firing:
        return NOTHING
    index, at, winner = min(firing)
    right = tuple(i for step, _, i in firing if step == index)
    return Found(ask.options[winner].value, ask.options[winner].value, at, right)


# --- segments as answers ---


@dataclass(frozen=True, slots=True)
class Expected:
    """A segment as an option names it: ``SYN,ACK seq=0 ack=1 len=0``, numbers relative; None: not asked for."""

    flags: int
    seq: int | None = None
    ack: int | None = None
    length: int | None = None

    @classmethod
    def parse(cls, text: str) -> Expected:
        """Raises ``ValueError`` naming what was found and what is allowed."""
        flags, *rest = text.split()
        numbers: dict[str, int] = {}
        for word in rest:
            name, _, value = word.partition("=")
            if name not in ("seq", "ack", "len") or not value.isdecimal():
                raise ValueError(f"{word!r} is not part of a segment; allowed: seq=N, ack=N, len=N")
            numbers[name] = int(value)
        return cls(segments.parse_flags(flags), numbers.get("seq"), numbers.get("ack"), numbers.get("len"))

    def fits(self, flight: Flight) -> bool:
        """Is this the segment of ``flight``? PSH is nobody's business."""
        segment = flight.segment
        return (
            (self.flags ^ segment.flags) & ~segments.PSH == 0
            and self.seq in (None, flight.rel_seq)
            and self.ack in (None, flight.rel_ack if segment.has_ack else None)
            and self.length in (None, segment.length)
        )


def describe(flight: Flight) -> str:
    """A segment as options spell it."""
    segment = flight.segment
    words = [segments.flags_text(segment.flags & ~segments.PSH), f"seq={flight.rel_seq}"]
    if segment.has_ack:
        words.append(f"ack={flight.rel_ack}")
    if segment.length:
        words.append(f"len={segment.length}")
    return " ".join(words)


# --- options ---


def canonical(ask: Ask, value: str) -> str:
    """An option's value, or the declared answer, in one spelling."""
    if ask.kind in ("next-state", "state"):
        try:
            return states.parse(value).value
        except ValueError:
            return value
    return " ".join(value.split())


def declared(ask: Ask) -> tuple[int, ...]:
    """The options that the author declares right."""
    wanted = canonical(ask, ask.answer)
    return tuple(i for i, option in enumerate(ask.options) if canonical(ask, option.value) == wanted)


def label(ask: Ask, option: Option, scene: Scene, lang: str) -> str:
    """An option as the card shows it."""
    if option.text is not None:
        return facts.fill(option.text[lang], scene)
    if ask.kind in ("next-state", "state"):
        return states.parse(option.value).value
    if ask.kind == "time":
        span = _measured(option.value, scene)
        return format_duration(span) if span is not None else option.value
    return option.value
