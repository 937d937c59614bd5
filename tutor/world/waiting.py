"""Waiting: calls that block on a socket, programs that wait for a condition there, and when they go on.

Rules
-----
* Nothing polls. After an event on a socket those who wait on that socket are looked at, first come first served.
* A call that returns is taken off the socket first, then its answer is recorded, then what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.calls import NO_ROOM, without_read
from tutor.tcp.events import Reaction, Receive, Returned, Send
from tutor.tcp.states import HAS_RECEIVED_FIN, State
from tutor.tcp.values import replace
from tutor.world import readiness, running, tables
from tutor.world.desk import Kernel
from tutor.world.host import Socket, Waiter
from tutor.world.records import CallReturned

_S = State

ERRNO = {
    "connection does not exist": "ENOTCONN",
    "connection already exists": "EISCONN",
    "connection closing": "EPIPE",
    "insufficient resources": "EAGAIN",
    "remote socket unspecified": "EDESTADDRREQ",
    "nothing to read yet": "EAGAIN",
    "a listener cannot turn active": "EISCONN",
}
"""The RFC's words for an error -> the errno of the socket interface."""


def wake(k: Kernel, socket: Socket) -> Iterator[tuple[Socket, Reaction]]:
    """Something happened on ``socket``: whoever waited for it goes on. What a call then does is to be settled."""
    for waiter in socket.waiters:
        current = k.sockets.get(socket.id) or socket
        if waiter not in current.waiters:
            continue
        if current.tcb.state is _S.LISTEN and not current.accept_queue:
            return
        if waiter.call == "when":
            if waiter.when is not None and readiness.holds(waiter.when, current):
                _dismiss(k, current, waiter)
                _program_due(k, waiter)
        else:
            reaction = _FINISHERS[waiter.call](k, current, waiter)
            if reaction is not None and socket.id in k.sockets:
                yield k.sockets[socket.id], reaction


# --- going on ---


def _dismiss(k: Kernel, socket: Socket, waiter: Waiter) -> Socket:
    """``socket`` without ``waiter``."""
    place = socket.waiters.index(waiter)
    after = replace(socket, waiters=(*socket.waiters[:place], *socket.waiters[place + 1 :]))
    if socket.id in k.sockets:
        k.put(after)
    return after


def _returned(
    k: Kernel, socket: Socket, waiter: Waiter, result: int | str | None, error: str | None, *, accepted: str = ""
) -> None:
    """Record the answer of a call that had blocked, and let its program go on."""
    k.desk.record(
        CallReturned(k.now, k.name, accepted or socket.id, waiter.call, waiter.args, result, error, waiter.called_at)
    )
    if waiter.program is not None:
        running.returned(k, waiter.program, waiter.call, error, accepted)
    if accepted:
        running.adopt(k, accepted)


def _program_due(k: Kernel, waiter: Waiter) -> None:
    assert waiter.program is not None, "only programs wait for conditions"
    running.due(k, waiter.program)


def take_error(k: Kernel, socket: Socket) -> str | None:
    """The error that ended the connection, reported once."""
    if socket.error is not None and socket.id in k.sockets:
        k.put(replace(socket, error=None))
    return socket.error


def read_when_over(k: Kernel, socket: Socket, limit: int) -> tuple[int | None, str | None]:
    """(octets, errno) of a read on a connection that is over: what it left behind, its FIN, its error, its end."""
    inc = socket.tcb.inc
    if k.profile.readable_when_over:
        if inc.unread:
            octets = min(limit, inc.unread)
            k.put(replace(socket, tcb=replace(socket.tcb, inc=without_read(inc, octets))))
            return octets, None
        if socket.heard_end:
            return 0, None
    error = take_error(k, socket)
    return None if error else 0, error


# --- the calls that block ---


def _finish_connect(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    if socket.tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED):
        return
    socket = _dismiss(k, socket, waiter)
    error = take_error(k, socket) if socket.tcb.state is _S.CLOSED else None
    if socket.tcb.state is _S.CLOSED and error is None:
        error = "ECONNABORTED"
    _returned(k, socket, waiter, None if error else 0, error)


def _finish_accept(k: Kernel, listener: Socket, waiter: Waiter) -> None:
    if listener.tcb.state is not _S.LISTEN:
        _returned(k, _dismiss(k, listener, waiter), waiter, None, "EINVAL")
    elif listener.accept_queue:
        listener = _dismiss(k, listener, waiter)
        accepted = tables.take_from_queue(k, listener)
        if accepted is None:
            _returned(k, listener, waiter, None, "EMFILE")
        else:
            tables.tell_queues(k, listener.id)
            _returned(k, listener, waiter, accepted.fd, None, accepted=accepted.id)


def _finish_read(k: Kernel, socket: Socket, waiter: Waiter) -> Reaction | None:
    tcb = socket.tcb
    if tcb.state is _S.CLOSED:
        socket = _dismiss(k, socket, waiter)
        _returned(k, socket, waiter, *read_when_over(k, socket, waiter.octets))
        return None
    if not (tcb.inc.unread or tcb.inc.is_shut or tcb.state in HAS_RECEIVED_FIN):
        return None
    reaction = k.react(tcb, Receive(waiter.octets))
    result, error = outcome(reaction.answer)
    _returned(k, _dismiss(k, socket, waiter), waiter, result, error)
    return reaction


def _finish_write(k: Kernel, socket: Socket, waiter: Waiter) -> Reaction | None:
    reaction = k.react(socket.tcb, Send(waiter.octets))
    answer = reaction.answer
    if answer is not None and answer.error == NO_ROOM:
        return None
    socket = _dismiss(k, socket, waiter)
    taken, error = outcome(answer)
    if socket.tcb.state is _S.CLOSED:
        error = take_error(k, socket) or "EPIPE"
    if error is not None or taken == waiter.octets:
        _returned(k, socket, waiter, None if error else waiter.done + waiter.octets, error)
    else:
        rest = replace(waiter, octets=waiter.octets - (taken or 0), done=waiter.done + (taken or 0))
        k.wait(socket.id, rest)
    return reaction


LINGERING = frozenset({_S.FIN_WAIT_1, _S.CLOSING, _S.LAST_ACK})
"""States in which our FIN is not acknowledged: a close() with SO_LINGER waits here."""


def _finish_close(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    if socket.tcb.state not in LINGERING:
        _returned(k, _dismiss(k, socket, waiter), waiter, 0, None)


def _finish_poll(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    found = readiness.told_events(socket, str(waiter.args[0]), k.profile)
    if found:
        _returned(k, _dismiss(k, socket, waiter), waiter, found, None)


def wait_ends(k: Kernel, socket_id: str) -> bool:
    """The time that some call here could wait is over: it returns. False if it has returned before."""
    socket = k.sockets.get(socket_id)
    late = [waiter for waiter in socket.waiters if waiter.until == k.now] if socket is not None else []
    for waiter in late:
        current = k.sockets[socket_id]
        error = None if waiter.call in ("close", "poll") or waiter.done else _TIMED_OUT[waiter.call]
        result: int | str | None = waiter.done or ("" if waiter.call == "poll" else None if error else 0)
        if waiter.call == "connect":
            current = replace(current, is_connecting=True)
        _returned(k, _dismiss(k, current, waiter), waiter, result, error)
    return bool(late)


_TIMED_OUT = {"connect": "EINPROGRESS", "accept": "EAGAIN", "read": "EAGAIN", "write": "EAGAIN"}
"""Call -> what it answers when its time is over (SO_RCVTIMEO, SO_SNDTIMEO)."""


def outcome(answer: Returned | None) -> tuple[int | None, str | None]:
    """(value, errno) of the protocol's answer to a call."""
    if answer is None:
        return None, None
    error = ERRNO[answer.error] if answer.error is not None else None
    return (answer.value if isinstance(answer.value, int) else None), error


_FINISHERS = {
    "connect": _finish_connect,
    "accept": _finish_accept,
    "read": _finish_read,
    "write": _finish_write,
    "close": _finish_close,
    "poll": _finish_poll,
}
