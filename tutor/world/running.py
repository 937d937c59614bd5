"""Running: where a host's programs are, line by line. Their deeds are in ``deeds``.

Rules
-----
* A line that may go makes an appointment with the agenda; its act is a step of its own.
* A line whose condition does not hold yet waits on the program's socket; without a socket, until the host
  connects or accepts one.
* A connect or listen that fails ends the program, as in most programs; after any other error it goes on.
  EINPROGRESS is no failure: a call that does not block is under way.
"""

from __future__ import annotations

from tutor.tcp.values import replace
from tutor.world import readiness
from tutor.world.agenda import DEEDS
from tutor.world.desk import Kernel
from tutor.world.host import Running, Waiter
from tutor.world.lines import STARTED
from tutor.world.records import ProgramGoesOn
from tutor.world.time import parse_duration

FATAL = frozenset({"connect", "listen"})
"""Calls whose failure ends a program."""

UNDER_WAY = "EINPROGRESS"
"""What a connect says that does not block (connect(2))."""


def begin(k: Kernel) -> None:
    """Start every program of this host from its first line."""
    k.idle = ()
    for number in range(len(k.programs)):
        old = k.programs[number]
        keep(k, number, Running(old.program, ticket=old.ticket + 1))
    for number in range(len(k.programs)):
        prepare(k, number)


def end_all(k: Kernel) -> None:
    """No program of this host does anything any more."""
    k.idle = ()
    for number in range(len(k.programs)):
        running = k.programs[number]
        keep(k, number, replace(running, phase="ended", ticket=running.ticket + 1))


def keep(k: Kernel, number: int, running: Running) -> None:
    """The program is there now."""
    k.programs = k.programs.insert(number, running)


# --- from line to line ---


def prepare(k: Kernel, number: int) -> None:
    """Look at the program's next line: it is due, or it waits."""
    running = k.programs[number]
    lines = running.program.lines
    if running.line >= len(lines):
        keep(k, number, replace(running, phase="ended"))
        return
    when = lines[running.line].when
    socket = k.sockets.get(running.socket) if running.socket else None
    if when == STARTED or (when.kind == "accepted" and running.has_accepted):
        due(k, number)
    elif when.kind == "never":
        keep(k, number, replace(running, phase="waiting"))
    elif not running.socket:
        keep(k, number, replace(running, phase="waiting"))
        k.idle = (*k.idle, number)
    elif readiness.holds(when, socket):
        due(k, number)
    else:
        keep(k, number, replace(running, phase="waiting"))
        if socket is not None:
            k.wait(socket.id, Waiter("when", k.now, number, when=when))


def due(k: Kernel, number: int) -> None:
    """The program's line may go: after its delay, and not before its time."""
    running = k.programs[number]
    line = running.program.lines[running.line]
    at = max(k.now + line.after, line.at or 0)
    if line.act.name == "wait":
        at += parse_duration(line.act.args[0])
    ticket = running.ticket + 1
    keep(k, number, replace(running, phase="due", ticket=ticket))
    k.desk.schedule(at, DEEDS, ProgramGoesOn(k.name, number, ticket))


def take(k: Kernel, number: int, socket_id: str) -> None:
    """From now on this is the program's socket."""
    keep(k, number, replace(k.programs[number], socket=socket_id))


def adopt(k: Kernel, socket_id: str) -> None:
    """The host has a new connection: programs that wait without a socket take it."""
    for number in k.idle:
        running = k.programs[number]
        has_accepted = running.has_accepted or bool(k.sockets[socket_id].listener)
        keep(k, number, replace(running, socket=socket_id, has_accepted=has_accepted))
    waiting_for_it, k.idle = k.idle, ()
    for number in waiting_for_it:
        prepare(k, number)


def returned(k: Kernel, number: int, call: str, error: str | None, socket: str = "") -> None:
    """A call of the program has returned; ``socket`` is what it opened."""
    running = k.programs[number]
    if running.phase != "blocked":
        return
    if error not in (None, UNDER_WAY) and call in FATAL:
        keep(k, number, replace(running, phase="failed"))
        return
    if socket:
        has_accepted = running.has_accepted or call == "accept"
        keep(k, number, replace(running, socket=socket, has_accepted=has_accepted))
    next_line(k, number)


def next_line(k: Kernel, number: int) -> None:
    """On to the line after this one."""
    running = k.programs[number]
    keep(k, number, replace(running, line=running.line + 1))
    prepare(k, number)
