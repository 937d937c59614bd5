"""Lamps: what the seven properties are worth in this run so far, one lamp each.

Rules
-----
* A lamp knows the run up to the playhead and nothing behind it, so that no bet is spoiled.
* Which exception of TCP a break is, is said of a run that a search has found, and of no other: it is not guessed.
* A long run is looked at in parts: while there is more to look at, a lamp that is not broken yet is ``pending``.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.explore.exceptions import Known
from tutor.explore.judging import Verdict, judge_of
from tutor.explore.properties import PROPERTIES
from tutor.teach.found import CONCEPT, exception_named
from tutor.teach.session import Session

PORTION = 800
"""So many steps are looked at before the window is asked whether it has something else to do."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """One property. ``verdict``: holds, broken, untried or pending; ``at`` (microseconds), ``step``: when it broke."""

    id: str
    number: str
    title: str
    verdict: str
    always: str
    sometimes: str
    at: int | None = None
    step: int | None = None
    connection: str = ""
    known: Known | None = None
    """The known exception of TCP that this run was found to be, and has broken it by."""


def lamps(session: Session, portion: int | None = PORTION) -> tuple[Lamp, ...]:
    """The seven lamps at the playhead, after at most ``portion`` more steps (None: all)."""
    trace = session.trace
    here = trace.index_at(session.playhead)
    judge = judge_of(trace)
    is_done = judge.look(here, portion)
    found = judge.at(min(here, judge.seen))
    return tuple(_lamp(session, name, found[name], is_done=is_done) for name in PROPERTIES)


def _lamp(session: Session, name: str, verdict: Verdict, *, is_done: bool) -> Lamp:
    one = PROPERTIES[name]
    if verdict.broken is not None:
        step = session.trace.step(verdict.broken)
        at = step.at if step is not None else None
        return Lamp(
            name, one.number, one.title, "broken", one.always, one.sometimes, at, verdict.broken, verdict.connection,
            _known(session, name),
        )  # fmt: skip
    is_known = "holds" if verdict.tried is not None else "untried"
    return Lamp(name, one.number, one.title, is_known if is_done else "pending", one.always, one.sometimes)


def _known(session: Session, name: str) -> Known | None:
    """The exception that a search has found this run to be; None of a run that somebody made or changed."""
    lesson = session.lesson
    is_its_own = CONCEPT in lesson.concepts and session.branch == session.road
    return exception_named(lesson.beats[-1].id, name) if is_its_own and lesson.beats else None
