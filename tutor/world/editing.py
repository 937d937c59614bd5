"""Editing: a line of a program that runs becomes another, is forgotten, or gets a line before it.

Rules
-----
* What a line has done stays done. An edit counts from now on, and for a line behind the running one only if the
  program comes back to it.
* ``repeat N`` goes on meaning the same lines: its number moves with them. A line put before line N belongs to what is
  repeated from there.
* The line that the program is at keeps its appointment if only its act is another; else it is prepared anew, now.
* A line put after the last one runs at once if the program had come to its end.
"""

from __future__ import annotations

from tutor.tcp.values import replace
from tutor.world import running
from tutor.world.acts import Act
from tutor.world.desk import Kernel
from tutor.world.host import Running
from tutor.world.program import Line, Program


def edit(k: Kernel, number: int, line: int, deed: str, new: Line | None) -> str:
    """Edit line ``line`` (from 1) of program ``number`` (from 0).

    ``deed``: ``replace``, ``insert`` (before it) or ``forget``. Returns why not (``because.REFUSALS``), or "".
    """
    at = k.programs.get(number)
    if at is None:
        return "no-such-program"
    lines, place = at.program.lines, line - 1
    if place > len(lines) - (deed != "insert"):
        return "no-such-line"
    is_current = place == at.line
    if deed == "forget" and is_current and at.phase == "blocked":
        return "line-is-blocked"
    shift = {"insert": 1, "replace": 0, "forget": -1}[deed]
    is_passed = place < at.line or (is_current and at.phase == "blocked" and deed == "insert")
    after = replace(at, program=_edited(at.program, place, deed, new), line=at.line + (shift if is_passed else 0))
    running.keep(k, number, after)
    if is_current and not is_passed and _must_prepare(at, deed, new):
        withdraw(k, number)
        if k.is_up:
            running.prepare(k, number)
    return ""


def _must_prepare(at: Running, deed: str, new: Line | None) -> bool:
    """Does the line that the program is at have to be looked at again?"""
    if at.line >= len(at.program.lines):
        return at.phase == "ended"
    if at.phase not in ("ready", "due", "waiting"):
        return False
    old = at.program.lines[at.line]
    names = {old.act.name, new.act.name} if new is not None else set()
    return deed != "replace" or new is None or new.waits != old.waits or "wait" in names


def _edited(program: Program, place: int, deed: str, new: Line | None) -> Program:
    """The lines after the edit, what they repeat from still being the same lines."""
    shift = {"insert": 1, "replace": 0, "forget": -1}[deed]
    lines = [_repeating(line, place + 1, shift) for line in program.lines]
    lines[place : place + (deed != "insert")] = [new] if new is not None else []
    return Program(tuple(lines))


def _repeating(line: Line, edited: int, shift: int) -> Line:
    """``line``; if it is a ``repeat`` from behind line ``edited``, with the number of where that line is now."""
    if line.act.name != "repeat" or not shift:
        return line
    target = int(line.act.args[0]) if line.act.args else 1
    return replace(line, act=Act("repeat", (str(target + shift),))) if target > edited else line


def withdraw(k: Kernel, number: int) -> None:
    """The program waits for nothing any more, neither on a socket nor for one, and has no appointment."""
    k.idle = tuple(each for each in k.idle if each != number)
    for socket in list(k.sockets.values()):
        kept = tuple(each for each in socket.waiters if not (each.call == "when" and each.program == number))
        if len(kept) != len(socket.waiters):
            k.put(replace(socket, waiters=kept))
    at = k.programs[number]
    running.keep(k, number, replace(at, phase="ready", ticket=at.ticket + 1))
