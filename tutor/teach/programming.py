"""Editing what a host's program does, at the playhead: another line, one line less, one line more.

Rules
-----
* A line that has run already is changed just before it ran, so that it runs as it is told now: that forks the past.
* What begins to wait anew (a new line, a line that waits for something else, the line after a forgotten one) does so
  from the moment at which the program had come there. So the run is the one in which the program was written so.
* Edits of the same program that were made since that moment are made again there, in their order: a second edit does
  not take the first one back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import intents, touching
from tutor.teach.notices import Notice
from tutor.world.acts import Act, ActError, parse_act
from tutor.world.host import Running
from tutor.world.program import Line, parse_line
from tutor.world.records import Acted, HandActs, ProgramGoesOn
from tutor.world.trace import Trace
from tutor.world.world import Step

if TYPE_CHECKING:
    from tutor.teach.session import Session


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after an edit of a program; None for any other intent."""
    return edit(session, intent) if isinstance(intent, intents.EditProgram) else None


def edit(session: Session, wish: intents.EditProgram) -> Session:
    """Fork by an edit, at the playhead or at the earliest moment at which it counts."""
    name = wish.host if wish.program == 0 else f"{wish.host}/{wish.program + 1}"
    try:
        act = parse_act(f"program {name} {wish.line} {wish.deed} {wish.text}".strip())
    except ActError as error:
        return replace(session, notice=Notice("cannot-act", error))
    here = session.trace.index_at(session.playhead)
    place = _place(session.trace, here, wish, parse_line(act.args[3]) if len(act.args) > 3 else None)
    if place is None:
        return touching.act_at(session, act, session.playhead)
    index, at = place
    again = [made for done_at, made in _edits(session.trace, name, here) if done_at > index]
    return touching.acts_at(session, (*again, act), at, index)


def _place(trace: Trace, here: int, wish: intents.EditProgram, new: Line | None) -> tuple[int, int] | None:
    """(the step after which the edit is to be made, when); None: at the playhead, the program has not come there."""
    running = _running(trace, here, wish)
    if running is None or not 1 <= wish.line <= len(running.program.lines):
        return None
    old = running.program.lines[wish.line - 1]
    keeps_appointment = (
        wish.deed == "replace"
        and new is not None
        and new.waits == old.waits
        and "wait" not in (old.act.name, new.act.name)
    )
    for start, stop, line in reversed(list(_stretches(trace, here, wish))):
        for index in range(start, stop + 1):
            at = _running(trace, index, wish)
            if at is None or at.line != line - 1 or at.phase == "blocked":
                continue
            if not keeps_appointment:
                return index, trace.steps[index].at
            if index < here and _runs(trace.steps[index + 1], wish):
                return index, trace.steps[index + 1].at
    return None


def _running(trace: Trace, index: int, wish: intents.EditProgram) -> Running | None:
    """The program after a step."""
    world = trace.steps[index].world
    host = world.table.get(wish.host)
    return host.programs.get(wish.program) if host is not None else None


def _runs(step: Step, wish: intents.EditProgram) -> bool:
    """Does the program do its line in this step?"""
    cause = step.cause
    return isinstance(cause, ProgramGoesOn) and (cause.host, cause.program) == (wish.host, wish.program)


def _edits(trace: Trace, name: str, here: int) -> Iterator[tuple[int, Act]]:
    """(step, act) of every edit of this program that a hand has made up to step ``here``."""
    for step in trace.steps[: here + 1]:
        if isinstance(step.cause, HandActs) and step.cause.is_fork:
            act = parse_act(step.cause.act)
            refused = any(isinstance(record, Acted) and record.why_not is not None for record in step.records)
            if act.name == "program" and act.args[0] == name and not refused:
                yield step.index, act


def _stretches(trace: Trace, here: int, wish: intents.EditProgram) -> Iterator[tuple[int, int, int]]:
    """(first step, last step, number of the line then), latest first, back to when the line was put there."""
    name = wish.host if wish.program == 0 else f"{wish.host}/{wish.program + 1}"
    line, stop = wish.line, here
    for index, act in reversed(list(_edits(trace, name, here))):
        yield index, stop, line
        edited, stop = int(act.args[1]), index - 1
        if act.args[2] == "insert" and line == edited:
            return
        if act.args[2] == "insert" and line > edited:
            line -= 1
        elif act.args[2] == "forget" and line >= edited:
            line += 1
    yield 0, stop, line
