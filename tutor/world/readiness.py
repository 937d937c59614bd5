"""Readiness: what a program can see of a socket without touching it.

Rules
-----
* A condition of a program's line holds, or does not hold yet; of a connection that is gone only its end does.
* poll() sees what ``tcp_poll`` sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.profile import Profile
from tutor.tcp.states import HAS_RECEIVED_FIN, HAS_SENT_FIN, SYNCHRONISED, State
from tutor.tcp.tcb import Tcb
from tutor.world.host import Socket
from tutor.world.lines import Condition

_S = State


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


# --- what poll() sees ---


def told_events(socket: Socket, wanted: str, profile: Profile) -> str:
    """Those of the events ``wanted`` that have happened, and ERR and HUP, which nobody needs to ask for."""
    asked = {*wanted.split(","), "ERR", "HUP"}
    return ",".join(event for event in events(socket, profile) if event in asked)


def events(socket: Socket, profile: Profile) -> Iterator[str]:
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
    if not is_opening and (is_done or is_over or has_room(tcb, profile)):
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
