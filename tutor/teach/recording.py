"""Record: a run that somebody played with becomes a lesson that plays it again.

Rules
-----
* What a hand did is a beat with that act; where a state changes there is a beat, and every beat asserts the states of
  all hosts. The linter holds both against the engine, as in any lesson.
* The lesson is self-contained: hosts, rules, settings, programs, link and seed are those of the run, not of the lesson
  that it came from.
* It replays the same run, record for record. That is tried before the text is handed out, never assumed.
* While a bet is open the recording ends at the playhead: it would give the answer away.
* Words are a beginning for an author: what happened and why, in English, as every lesson has it inline.

Theory
------
A beat hangs on an event. A hand's act between two events hangs on the last event before it that can be named, or on the
sending of the segment that it touches, and says how long ``after``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.teach import facts
from tutor.teach.doing import Doing, last_act_at
from tutor.teach.errors import Problems
from tutor.teach.facts import Scene
from tutor.teach.hooks import cues, named
from tutor.teach.reading import read_sources
from tutor.teach.recorded_text import Told, lesson_text
from tutor.teach.recorded_words import state_words, told_deed
from tutor.teach.road import lay_road
from tutor.teach.session import Session
from tutor.teach.stage import scenario_of
from tutor.words import Words, mark
from tutor.world.acts import parse_act
from tutor.world.query import Moment
from tutor.world.records import (
    HandActs,
    Sent,
    StateChanged,
)
from tutor.world.targets import parse_target
from tutor.world.timeline import compare
from tutor.world.trace import Trace

MOST_BEATS = 100
"""A lesson of format 1 has no more beats."""

MOST_STATE_BEATS = 40
"""So many beats at most only tell that a state has changed."""

NAME = "lesson.yaml"


class RecordingError(ValueError):
    """The run cannot be told as a lesson. ``message`` is a sentence with placeholders, ``values`` what fills them."""

    def __init__(self, message: str, **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(message.format(**values))


TOO_MANY = mark("This run has {count} acts; a lesson has room for {allowed}.")
PROGRAMS = mark("{host} runs {count} programs; a host of a lesson has one.")
NOT_THE_SAME = mark("This run cannot be told as a lesson: played again from its beats, it would go another way.")


@dataclass(frozen=True, slots=True)
class _Deed:
    """A hand's act: the step before it, when it was done, and its text."""

    index: int
    at: int
    text: str


def recorded(session: Session) -> str:
    """The text of a lesson that plays the branch on screen, as far as it may be seen.

    Raises ``RecordingError`` if a lesson cannot say what was done.
    """
    trace, end = session.trace, session.visible_end
    deeds = _deeds(trace, end)
    if len(deeds) >= MOST_BEATS:
        raise RecordingError(TOO_MANY, count=len(deeds), allowed=MOST_BEATS - 1)
    for host in session.scenario.hosts:
        if len(host.programs) > 1:
            raise RecordingError(PROGRAMS, host=host.name, count=len(host.programs))
    text = lesson_text(session, _beats(session, trace, deeds, end), end if end < session.end else None)
    if not _plays_again(text, trace, end):
        raise RecordingError(NOT_THE_SAME)
    return text


def _deeds(trace: Trace, end: int) -> list[_Deed]:
    """Every act of a hand up to ``end``, in order."""
    return [
        _Deed(step.index - 1, step.at, step.cause.act)
        for step in trace.steps
        if isinstance(step.cause, HandActs) and step.at <= end
    ]


def _plays_again(text: str, trace: Trace, end: int) -> bool:
    """Does the lesson give the same records up to ``end``?"""
    problems = Problems(Words())
    reading = read_sources({NAME: text.encode()}, Path(NAME), problems)
    if reading.lesson is None or len(problems):
        return False
    again = lay_road(reading.lesson, scenario_of(reading.lesson)).trace
    difference = compare(again, trace)
    if difference is None:
        return True
    times = [record.at for record in (difference.a, difference.b) if record is not None]
    return bool(times) and min(times) > end


# --- beats ---


def _beats(session: Session, trace: Trace, deeds: list[_Deed], end: int) -> tuple[Told, ...]:
    """The beats in the order in which a lesson must have them: by the step on which each hangs."""
    placed: list[tuple[int, int, Told]] = []
    searched = 0
    for deed in deeds:
        index, cue = _hook(trace, deed, searched)
        is_at_once = trace.steps[index].at == deed.at and last_act_at(trace, index) >= deed.index
        doing = Doing(parse_act(deed.text), None if is_at_once else deed.at - trace.steps[index].at)
        title, words = told_deed(deed.text, trace)
        placed.append((index, 1, Told(cue, title, words, _states(session, trace, index), str(doing))))
        searched = index
    room = min(MOST_STATE_BEATS, MOST_BEATS - 1 - len(deeds))
    placed += [(index, 0, told) for index, told in _changes(session, trace, end, room)]
    placed.sort(key=lambda each: each[:2])
    last = trace.index_at(end)
    states = _states(session, trace, last)
    words = "So far the run, and what was done in it by hand." if deeds else "So far the run."
    return (*(told for _, _, told in placed), Told("end", "The end", words, states))


def _changes(session: Session, trace: Trace, end: int, room: int) -> Iterator[tuple[int, Told]]:
    """A beat for each step in which a state changes, the first ``room`` of them."""
    for step in trace.steps:
        changed = [record for record in step.records if isinstance(record, StateChanged) and record.target.value]
        if step.at > end or room <= 0:
            return
        hooks = (named(trace, step.index, f"{record.host} enters {record.target.value}", 0) for record in changed)
        cue = next((cue for cue in hooks if cue), None)
        if cue is None:
            continue
        title, words = state_words(step.records)
        yield step.index, Told(cue, title, words, _states(session, trace, step.index))
        room -= 1


def _states(session: Session, trace: Trace, index: int) -> tuple[tuple[str, str], ...]:
    """The state of every host after step ``index``."""
    scene = Scene(session.lesson, trace, Moment(index, trace.steps[index].at), ())
    return tuple((host.name, facts.state_of(host.name, scene)) for host in scene.world.hosts)


# --- what a beat hangs on ---


def _hook(trace: Trace, deed: _Deed, searched: int) -> tuple[int, str]:
    """The step on which the deed's beat hangs, not before ``searched``, and its cue."""
    for index in (*_touched(trace, deed, searched), *range(deed.index, searched - 1, -1)):
        for text in cues(trace.steps[index].records) if index else ("start",):
            cue = named(trace, index, text, searched)
            if cue:
                return index, cue
    raise RecordingError(NOT_THE_SAME)


def _touched(trace: Trace, deed: _Deed, searched: int) -> Iterator[int]:
    """The step in which the segment left that the deed touches, if its beat may hang there.

    Where the deed must follow a step at once, because more happens at that instant, that step is the only place.
    """
    act = parse_act(deed.text)
    following = trace.step(deed.index + 2)
    is_amid = following is not None and following.at == deed.at
    if is_amid or act.name not in ("drop", "delay", "duplicate", "corrupt"):
        return
    number = parse_target(act.args[0]).flight
    for index in range(searched, deed.index + 1):
        for record in trace.steps[index].records:
            if isinstance(record, Sent) and record.flight.id == number:
                yield index
