"""Calling: what every call needs, its record, its answer, and the socket that it means.

Rules
-----
* A call is recorded with its answer, or without one if it blocks; what it causes is recorded after it.
* Without ``fd=`` or ``on=`` a call goes to the program's own socket, or to the connection the host opened last;
  a hand's, to the newest connection, or the newest listener if there is none.
* ``on=CONNECTION`` reaches any socket, also one that no program holds yet, as the RFC's user would.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.states import State
from tutor.world import tables
from tutor.world.acts import Act
from tutor.world.agenda import DEEDS
from tutor.world.desk import Kernel
from tutor.world.host import LISTENER, Socket, Waiter
from tutor.world.records import Called, WaitEnds

_S = State


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call that did not block has answered; ``socket`` is what it opened or took."""

    result: int | str | None = 0
    error: str | None = None
    socket: str = ""


def answered(
    k: Kernel, act: Act, socket: str, result: int | str | None, error: str | None = None, *, opened: str = ""
) -> Answer:
    """Record a call that has its answer at once; ``opened`` is the socket it made or took."""
    k.desk.record(Called(k.now, k.name, socket, act.name, act.args, result, error, k.now))
    return Answer(result, error, opened)


TIMEOUTS = {"accept": "SO_RCVTIMEO", "read": "SO_RCVTIMEO", "write": "SO_SNDTIMEO", "connect": "SO_SNDTIMEO"}
"""Call -> the option that says how long it may wait."""


def may_wait(act: Act, socket: Socket) -> bool:
    """May this call block? Not on a socket with O_NONBLOCK, and not with MSG_DONTWAIT (``wait=no``)."""
    return not socket.is_nonblocking and act.option("wait", "yes") == "yes"


def blocks(
    k: Kernel, act: Act, socket: str, program: int | None, *, octets: int = 0, done: int = 0, span: int | None = None
) -> None:
    """Record a call that waits, and let it wait: for ``span`` microseconds, for as long as an option says, or ever."""
    k.desk.record(Called(k.now, k.name, socket, act.name, act.args))
    if span is None:
        span = k.sockets[socket].option(TIMEOUTS.get(act.name, "")) or None
    until = k.now + span if span is not None else None
    if until is not None:
        k.desk.schedule(until, DEEDS, WaitEnds(k.name, socket))
    k.wait(socket, Waiter(act.name, k.now, program, act.args, None, octets, done, until))


# --- which socket? ---


def find_socket(k: Kernel, act: Act, program: int | None, *, listener: bool = False) -> Socket | None:
    """The socket that ``act`` means, or None."""
    if name := act.option("on"):
        return k.sockets.get(name)
    if fd := act.option("fd"):
        found = k.descriptors.get(int(fd))
        return k.sockets.get(found) if found is not None else None
    if listener:
        return newest_listener(k)
    if program is None:
        return newest(k) or newest_listener(k)
    own = k.sockets.get(k.programs[program].socket)
    if own is None or own.fd is None:
        own = k.sockets.get(k.latest)
    return own if own is not None and own.fd is not None else newest_listener(k)


def newest(k: Kernel) -> Socket | None:
    """The connection (or blank socket) with a descriptor that was opened last. A hand looks at all of them."""
    for fd in sorted(k.descriptors, reverse=True):
        socket = k.sockets[k.descriptors[fd]]
        if socket.kind != LISTENER:
            return socket
    return None


def newest_listener(k: Kernel) -> Socket | None:
    """The listener that was opened last."""
    return max(tables.all_listeners(k), key=lambda each: each.number, default=None)


def is_blank(socket: Socket | None) -> bool:
    """A socket that is neither listening nor connected, and never was. It may be bound to a port."""
    return socket is not None and socket.tcb.state is _S.CLOSED and socket.tcb.remote is None
