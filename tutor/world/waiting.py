"""Waiting: calls that block on a socket, programs that wait for a condition there, and when they go on.

Rules
-----
* Nothing polls. After an event on a socket those who wait on that socket are looked at, first come first served.
* A call that returns is taken off the socket first, then its answer is recorded, then what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.tcp.calls import NO_ROOM, without_read
from tutor.tcp.events import Receive, Returned, Send
from tutor.tcp.profile import Profile
from tutor.tcp.states import HAS_RECEIVED_FIN, HAS_SENT_FIN, SYNCHRONISED, State
from tutor.tcp.tcb import Tcb
from tutor.tcp.values import replace
from tutor.world import tables
from tutor.world.host import Socket, Waiter
from tutor.world.program import Condition
from tutor.world.records import CallReturned

if TYPE_CHECKING:
    from tutor.world.kernel import Kernel

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


def wait(k: Kernel, socket_id: str, waiter: Waiter) -> None:
    """Let ``waiter`` wait on a socket."""
    socket = k.sockets[socket_id]
    k.put(replace(socket, waiters=(*socket.waiters, waiter)))


def wake(k: Kernel, socket: Socket) -> None:
    """Something happened on ``socket``: whoever waited for it goes on."""
    for waiter in socket.waiters:
        current = k.sockets.get(socket.id) or socket
        if waiter not in current.waiters:
            continue
        if current.tcb.state is _S.LISTEN and not current.accept_queue:
            return
        if waiter.call == "when":
            if waiter.when is not None and holds(waiter.when, current):
                _dismiss(k, current, waiter)
                _program_due(k, waiter)
        else:
            _FINISHERS[waiter.call](k, current, waiter)


def holds(when: Condition, socket: Socket | None) -> bool:
    """Is the condition true of this connection? None: it is gone."""
    if socket is None or (socket.tcb.state is _S.CLOSED and socket.tcb.remote is not None):
        return when.kind in ("closed", "peer-closed") or (socket is not None and _has_received(when, socket))
    tcb = socket.tcb
    if when.kind == "connected":
        return tcb.state in SYNCHRONISED
    if when.kind == "accepted":
        return bool(socket.listener) and socket.fd is not None
    if when.kind == "peer-closed":
        return tcb.state in HAS_RECEIVED_FIN
    if when.kind == "acked":
        return tcb.state in SYNCHRONISED and not tcb.out.unsent and not tcb.out.queue
    return _has_received(when, socket)


def _has_received(when: Condition, socket: Socket) -> bool:
    return when.kind == "received" and socket.tcb.inc.delivered + socket.tcb.inc.unread >= when.octets


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
    from tutor.world import running

    k.desk.record(
        CallReturned(k.now, k.name, accepted or socket.id, waiter.call, waiter.args, result, error, waiter.called_at)
    )
    if waiter.program is not None:
        running.returned(k, waiter.program, waiter.call, error, accepted)
    if accepted:
        running.adopt(k, accepted)


def _program_due(k: Kernel, waiter: Waiter) -> None:
    from tutor.world import running

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


def _finish_read(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    from tutor.world.kernel import settle

    tcb = socket.tcb
    if tcb.state is _S.CLOSED:
        socket = _dismiss(k, socket, waiter)
        _returned(k, socket, waiter, *read_when_over(k, socket, waiter.octets))
    elif tcb.inc.unread or tcb.inc.is_shut or tcb.state in HAS_RECEIVED_FIN:
        socket = _dismiss(k, socket, waiter)
        reaction = k.react(tcb, Receive(waiter.octets))
        result, error = outcome(reaction.answer)
        _returned(k, socket, waiter, result, error)
        settle(k, k.sockets[socket.id], reaction)


def _finish_write(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    from tutor.world.kernel import settle

    reaction = k.react(socket.tcb, Send(waiter.octets))
    answer = reaction.answer
    if answer is not None and answer.error == NO_ROOM:
        return
    socket = _dismiss(k, socket, waiter)
    taken, error = outcome(answer)
    if socket.tcb.state is _S.CLOSED:
        error = take_error(k, socket) or "EPIPE"
    if error is not None or taken == waiter.octets:
        _returned(k, socket, waiter, None if error else waiter.done + waiter.octets, error)
    else:
        rest = replace(waiter, octets=waiter.octets - (taken or 0), done=waiter.done + (taken or 0))
        wait(k, socket.id, rest)
    if socket.id in k.sockets:
        settle(k, k.sockets[socket.id], reaction)


LINGERING = frozenset({_S.FIN_WAIT_1, _S.CLOSING, _S.LAST_ACK})
"""States in which our FIN is not acknowledged: a close() with SO_LINGER waits here."""


def _finish_close(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    if socket.tcb.state not in LINGERING:
        _returned(k, _dismiss(k, socket, waiter), waiter, 0, None)


def _finish_poll(k: Kernel, socket: Socket, waiter: Waiter) -> None:
    found = told_events(k, socket, str(waiter.args[0]))
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


# --- what poll() sees ---


def told_events(k: Kernel, socket: Socket, wanted: str) -> str:
    """Those of the events ``wanted`` that have happened, and ERR and HUP, which nobody needs to ask for."""
    asked = {*wanted.split(","), "ERR", "HUP"}
    return ",".join(event for event in events(k, socket) if event in asked)


def events(k: Kernel, socket: Socket) -> Iterator[str]:
    """What poll() sees on a socket (``tcp_poll``), in the order of ``acts.EVENTS``."""
    tcb = socket.tcb
    if tcb.state is _S.LISTEN:
        yield from ("IN",) if socket.accept_queue else ()
        return
    is_over = tcb.state in (_S.CLOSED, _S.TIME_WAIT)
    was_open = is_over and tcb.remote is not None
    no_more = was_open or tcb.state in HAS_RECEIVED_FIN or tcb.inc.is_shut
    is_done = was_open or tcb.state in HAS_SENT_FIN or tcb.out.is_closed
    is_opening = tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED)
    if no_more or (tcb.inc.unread and not is_opening):
        yield "IN"
    if tcb.rcv.up is not None:
        yield "PRI"
    if not is_opening and (is_done or is_over or has_room(tcb, k.profile)):
        yield "OUT"
    if no_more:
        yield "RDHUP"
    if socket.error is not None:
        yield "ERR"
    if is_over or (no_more and is_done):
        yield "HUP"


def has_room(tcb: Tcb, profile: Profile) -> bool:
    """Is a third of the send buffer free (``sk_stream_is_writeable``)?"""
    size = tcb.conf.send_buffer if tcb.conf.send_buffer is not None else profile.send_buffer
    used = tcb.out.unsent + tcb.flight_size
    return size - used >= used >> 1


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
