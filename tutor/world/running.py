"""Running: programs that do their lines one after the other.

Rules
-----
* A line that may go makes an appointment with the agenda; its act is a step of its own.
* A line whose condition does not hold yet waits on the program's socket; without a socket, until the host
  connects or accepts one.
* A connect or listen that fails ends the program, as in most programs; after any other error it goes on.
  EINPROGRESS is no failure: a call that does not block is under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.tcp.values import replace
from tutor.world import calls, waiting
from tutor.world.acts import HANDS
from tutor.world.agenda import DEEDS
from tutor.world.host import Running, Waiter
from tutor.world.program import STARTED
from tutor.world.records import ProgramGoesOn
from tutor.world.time import parse_duration

if TYPE_CHECKING:
    from tutor.world.kernel import Kernel

ROUNDS = 100
"""A program that repeats more often than this without time passing has run wild, and is ended."""

FATAL = frozenset({"connect", "listen"})
"""Calls whose failure ends a program."""

UNDER_WAY = "EINPROGRESS"
"""What a connect says that does not block (connect(2))."""


def begin(k: Kernel) -> None:
    """Start every program of this host from its first line."""
    k.idle = ()
    for number in range(len(k.programs)):
        old = k.programs[number]
        _set(k, number, Running(old.program, ticket=old.ticket + 1))
    for number in range(len(k.programs)):
        prepare(k, number)


def end_all(k: Kernel) -> None:
    """No program of this host does anything any more."""
    k.idle = ()
    for number in range(len(k.programs)):
        running = k.programs[number]
        _set(k, number, replace(running, phase="ended", ticket=running.ticket + 1))


def _set(k: Kernel, number: int, running: Running) -> None:
    k.programs = k.programs.insert(number, running)


# --- from line to line ---


def prepare(k: Kernel, number: int) -> None:
    """Look at the program's next line: it is due, or it waits."""
    running = k.programs[number]
    lines = running.program.lines
    if running.line >= len(lines):
        _set(k, number, replace(running, phase="ended"))
        return
    when = lines[running.line].when
    socket = k.sockets.get(running.socket) if running.socket else None
    if when == STARTED or (when.kind == "accepted" and running.has_accepted):
        due(k, number)
    elif when.kind == "never":
        _set(k, number, replace(running, phase="waiting"))
    elif not running.socket:
        _set(k, number, replace(running, phase="waiting"))
        k.idle = (*k.idle, number)
    elif waiting.holds(when, socket):
        due(k, number)
    else:
        _set(k, number, replace(running, phase="waiting"))
        if socket is not None:
            waiting.wait(k, socket.id, Waiter("when", k.now, number, when=when))


def due(k: Kernel, number: int) -> None:
    """The program's line may go: after its delay, and not before its time."""
    running = k.programs[number]
    line = running.program.lines[running.line]
    at = max(k.now + line.after, line.at or 0)
    if line.act.name == "wait":
        at += parse_duration(line.act.args[0])
    ticket = running.ticket + 1
    _set(k, number, replace(running, phase="due", ticket=ticket))
    k.desk.schedule(at, DEEDS, ProgramGoesOn(k.name, number, ticket))


def take(k: Kernel, number: int, socket_id: str) -> None:
    """From now on this is the program's socket."""
    _set(k, number, replace(k.programs[number], socket=socket_id))


def adopt(k: Kernel, socket_id: str) -> None:
    """The host has a new connection: programs that wait without a socket take it."""
    for number in k.idle:
        running = k.programs[number]
        has_accepted = running.has_accepted or bool(k.sockets[socket_id].listener)
        _set(k, number, replace(running, socket=socket_id, has_accepted=has_accepted))
    waiting_for_it, k.idle = k.idle, ()
    for number in waiting_for_it:
        prepare(k, number)


def goes_on(k: Kernel, number: int, ticket: int) -> bool:
    """The appointment of a program: do the line's act. False when the appointment is no longer true."""
    running = k.programs[number]
    if not k.is_up or running.ticket != ticket or running.phase != "due":
        return False
    act = running.program.lines[running.line].act
    if act.name == "repeat":
        _repeat(k, number, running, int(act.args[0]) if act.args else 1)
        return True
    if act.name == "wait":
        _next_line(k, number)
        return True
    if act.name in HANDS:
        from tutor.world import hands

        hands.perform(k.desk, act)
        if k.programs[number].phase == "due":
            _next_line(k, number)
        return True
    _set(k, number, replace(running, phase="blocked"))
    answer = calls.perform(k, act, number)
    if answer is not None:
        returned(k, number, act.name, answer.error, answer.socket)
    return True


def _repeat(k: Kernel, number: int, running: Running, line: int) -> None:
    """Go back to a line (counted from 1); line 0 is nowhere: wait for ever."""
    rounds = running.rounds + 1 if running.rounds_at == k.now else 1
    if line == 0 or line > running.line:
        _set(k, number, replace(running, phase="waiting"))
    elif rounds > ROUNDS:
        _set(k, number, replace(running, phase="failed"))
    else:
        _set(k, number, replace(running, line=line - 1, rounds=rounds, rounds_at=k.now))
        prepare(k, number)


def returned(k: Kernel, number: int, call: str, error: str | None, socket: str = "") -> None:
    """A call of the program has returned; ``socket`` is what it opened."""
    running = k.programs[number]
    if running.phase != "blocked":
        return
    if error not in (None, UNDER_WAY) and call in FATAL:
        _set(k, number, replace(running, phase="failed"))
        return
    if socket:
        has_accepted = running.has_accepted or call == "accept"
        _set(k, number, replace(running, socket=socket, has_accepted=has_accepted))
    _next_line(k, number)


def _next_line(k: Kernel, number: int) -> None:
    running = k.programs[number]
    _set(k, number, replace(running, line=running.line + 1))
    prepare(k, number)
