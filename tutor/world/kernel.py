"""Kernel: what a reaction of the protocol means for a host: its sockets, tables and timers.

Rules
-----
* ``settle`` is the only place where a reaction becomes visible: reasons and states, segments, errors, timers,
  the tables, then the calls that can return now.
* A socket is found by 4-tuple, by port (listeners), by descriptor or by name; nothing is ever searched for.
* Every socket has at most one valid entry in the agenda, for the earliest of its timers. Timers that were
  stopped or moved later leave the entry where it is: when it comes up, the timers are looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.tcp.events import Emit, Expiry, Reaction, Signal
from tutor.tcp.requests import tries_of
from tutor.tcp.segment import FIN, RST, SYN
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb
from tutor.tcp.values import replace
from tutor.tcp.variant import ROWS
from tutor.world import counting, queues, stamps, tables, waiting, wire
from tutor.world.agenda import TIMERS
from tutor.world.desk import Kernel
from tutor.world.host import REQUEST, Socket
from tutor.world.records import (
    Because,
    StateChanged,
    TimerExpires,
    TimerFired,
    TimerStarted,
    TimerStopped,
)
from tutor.world.time import SECOND

ERRORS = {
    "refused": "ECONNREFUSED",
    "reset": "ECONNRESET",
    "timed-out": "ETIMEDOUT",
    "unreachable": "EHOSTUNREACH",
}
"""Signal of the protocol -> what a call answers."""


def settle(k: Kernel, before: Socket, reaction: Reaction, *, connection: str = "", report: str = "") -> Socket | None:
    """Make a reaction of ``before`` visible; returns the socket as it is now, None when it is gone.

    ``connection``: the name the socket has from now on, if that changes (a TIME-WAIT that was opened anew).
    ``report``: the error that an ICMP message names, if that set the reaction off.
    """
    name = connection or before.id
    if k.desk.watch is not None:
        k.desk.watch(k.name, before.tcb, reaction)
    tell(k, name, reaction)
    tcb = reaction.tcb
    error, soft_error = before.error, before.soft_error
    for effect in reaction.effects:
        if isinstance(effect, Emit):
            transmit(k, name, tcb, effect)
        elif isinstance(effect, Signal) and effect.kind in ERRORS:
            error = report or _error_of(k, before, effect.kind)
            if not report and effect.kind in ("timed-out", before.tcb.soft_error):
                error = soft_error or error
        elif isinstance(effect, Signal) and effect.kind == "soft-error":
            soft_error = report or ERRORS["unreachable"]
    if tcb.cc.delivered > before.tcb.cc.delivered and (delivered := counting.newly_delivered(before.tcb, tcb)):
        k.count("TcpExtTCPDelivered", by=delivered)
    watch_timers(k, name, before.tcb, tcb)
    after = replace(before, id=name, tcb=tcb, error=error, soft_error=soft_error, armed_at=arm(k, name, before, tcb))
    follow(k, tables.keep(k, before, after, reaction))
    if before.waiters:
        wake(k, k.sockets.get(name) or after)
    if before.kind == REQUEST and before.listener in k.sockets:
        wake(k, k.sockets[before.listener])
    return k.sockets.get(name)


def _error_of(k: Kernel, before: Socket, kind: str) -> str:
    """What a socket's user reads of the signal ``kind``."""
    if kind == "reset" and before.tcb.state is State.CLOSE_WAIT and k.profile.reset_breaks_pipe:
        return "EPIPE"
    return ERRORS[kind]


def follow(k: Kernel, consequences: Iterable[tables.Consequence]) -> None:
    """What became of one socket is an event for others; each is settled before the next is looked at."""
    for socket, event in consequences:
        settle(k, socket, k.react(socket.tcb, event))


def wake(k: Kernel, socket: Socket) -> None:
    """Whoever waited for what happened on ``socket`` goes on."""
    for woken, reaction in waiting.wake(k, socket):
        settle(k, woken, reaction)


def tell(k: Kernel, connection: str, reaction: Reaction) -> None:
    """Record why, and which states changed, in the order of the decisions."""
    desk, tcb, before = k.desk, reaction.tcb, ""
    state = reaction.edges[0].source if reaction.edges else tcb.state
    for told in reaction.reasons:
        reason = wire.relative_reason(desk, connection, told, (tcb.local, tcb.remote))
        arguments = reason.arguments
        edge = ROWS.get(str(arguments[0][1])) if arguments and arguments[0][0] == "edge" else None
        desk.record(Because(desk.now, k.name, connection, reason, edge.id if edge is not None else None))
        if edge is not None:
            desk.record(StateChanged(desk.now, k.name, connection, edge.source, edge.target, edge.id))
            if opened := counting.newly_open(edge):
                k.count("TcpCurrEstab", connection, opened)
            is_request = edge.source is State.SYN_RECEIVED and not tcb.is_active
            for counter in counting.of_edge(edge, is_request=is_request, is_orphan=tcb.is_orphan):
                k.count(counter, connection)
        else:
            for counter in counting.of_reason(reason.id, before, state):
                k.count(counter, connection)
        before = reason.id


def transmit(k: Kernel, connection: str, tcb: Tcb, emit: Emit, remote: Address | None = None) -> None:
    """Send what the protocol emits; to ``remote``, or to the block's own peer."""
    destination = remote if remote is not None else tcb.remote
    assert destination is not None, "a segment needs somebody to go to"
    if emit.purpose == "challenge" and not _may_challenge(k, connection):
        return
    segment = stamps.outward(k, destination, emit.segment)
    repetition = 0
    if emit.is_retransmission:
        repetition = next((sent.transmissions - 1 for sent in tcb.out.queue if sent.seq == segment.seq), 1)
        k.count("TcpRetransSegs")
        if segment.flags & SYN:
            k.count("TcpExtTCPSynRetrans")
    if not emit.is_retransmission or (tcb.state is State.SYN_RECEIVED and not tcb.is_active):
        k.count("TcpOutSegs")
    if segment.flags & RST:
        k.count("TcpOutRsts")
    elif not emit.is_retransmission and (segment.payload is not None or segment.flags & FIN):
        k.count("TcpExtTCPOrigDataSent")
    wire.send(
        k.desk, k.name, connection, tcb.local, destination,
        segment=segment, purpose=emit.purpose, retransmission=repetition,
    )  # fmt: skip
    counter = counting.PURPOSES.get(emit.purpose)
    if counter is not None:
        k.count(counter, connection)


def _may_challenge(k: Kernel, connection: str) -> bool:
    """One challenge ACK more of this host, in this second (``tcp_send_challenge_ack``)?"""
    second, limit = k.now // SECOND, k.profile.challenge_ack_limit
    sent = k.challenges[1] if k.challenges[0] == second else 0
    if sent >= limit:
        k.because(connection, "challenged-too-often", limit=limit)
        return False
    k.challenges = second, sent + 1
    return True


# --- timers ---


def watch_timers(k: Kernel, connection: str, before: Tcb, after: Tcb) -> None:
    """Record which timers were started, set anew or stopped."""
    if before.timers is after.timers:
        return
    desk, old = k.desk, dict(before.timers.running())
    new = dict(after.timers.running())
    for timer, deadline in old.items():
        if timer not in new:
            desk.record(TimerStopped(desk.now, k.name, connection, timer, deadline))
    for timer, deadline in new.items():
        if old.get(timer) != deadline:
            desk.record(TimerStarted(desk.now, k.name, connection, timer, deadline))


def arm(k: Kernel, connection: str, before: Socket, tcb: Tcb) -> int | None:
    """Have the agenda look at the timers of ``tcb`` in time; returns when it will."""
    armed = before.armed_at if before.id == connection else None
    earliest = tcb.next_deadline()
    if earliest is None or (armed is not None and armed <= earliest[0]):
        return armed
    k.desk.schedule(earliest[0], TIMERS, TimerExpires(k.name, connection))
    return earliest[0]


def _tries(k: Kernel, socket: Socket) -> int | None:
    """How many tries the host still grants a request entry; None for as many as usual."""
    listener = k.sockets.get(socket.listener) if socket.kind == REQUEST else None
    tries = queues.tries_now(k, listener) if listener is not None else None
    if listener is not None and tries is not None and tries <= socket.tcb.rtx.count:
        usual = tries_of(listener.tcb, k.profile)
        if tries < usual:
            k.because(socket.id, "pruned-under-load", tries=tries, usual=usual)
    return tries


def timer_expires(k: Kernel, socket_id: str) -> bool:
    """The agenda's look at a socket's timers. Nothing is due: False, and it will look again when something is."""
    socket = k.sockets.get(socket_id)
    if socket is None or socket.armed_at != k.now:
        return False
    socket = replace(socket, armed_at=None)
    earliest = socket.tcb.next_deadline()
    if earliest is None or earliest[0] > k.now:
        k.put(replace(socket, armed_at=arm(k, socket_id, socket, socket.tcb)))
        return False
    if tables.is_abandoned(k, socket):
        tables.forget(k, socket, "listener-gone")
        return True
    deadline, timer = earliest
    k.desk.record(TimerFired(k.now, k.name, socket_id, timer, deadline))
    if timer in counting.EXPIRIES:
        k.count(counting.EXPIRIES[timer])
    fired = replace(socket.tcb.timers, **{timer.replace("-", "_"): None})
    reaction = k.react(socket.tcb, Expiry(timer, tries=_tries(k, socket)))
    settle(k, replace(socket, tcb=replace(socket.tcb, timers=fired)), reaction)
    return True
