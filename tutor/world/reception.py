"""Reception: what a host does with a segment that arrives, before and after the protocol has its say.

Rules
-----
* In this order: is the machine up, does the checksum fit, whose is the segment (4-tuple, then listener's port,
  then nobody's).
* A SYN for a listener meets the queues first (``queues``), or is answered with a cookie (``cookies``); the rest is
  RFC 9293 section 3.10.7.
* The listener's block never moves: its child is a copy of it, and starts from LISTEN.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.deviations import REOPENING
from tutor.tcp.events import Abort, Arrival, Emit, Icmp, Reaction
from tutor.tcp.output import reset_for
from tutor.tcp.segment import ACK, RST, SYN
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb, closed
from tutor.tcp.values import replace
from tutor.tcp.variant import PASSIVE
from tutor.world import cookies, queues, stamps, tables
from tutor.world.desk import Kernel
from tutor.world.host import CONNECTION, REQUEST, Socket, tuple_key
from tutor.world.isn import fresh_iss
from tutor.world.kernel import settle, tell, transmit, wake
from tutor.world.records import Arrived, Flight, IcmpArrived, IcmpArrives

_S = State

ALWAYS = 2
"""tcp_syncookies: every SYN gets a cookie."""


def segment_arrives(k: Kernel, flight: Flight, copy: int) -> None:
    """A copy of ``flight`` reaches this host."""
    if not k.is_up:
        _arrived(k, flight, copy, accepted=False)
        k.because(flight.connection, "host-is-down")
        return
    if k.is_scripted:
        _arrived(k, flight, copy)
        return
    k.count("TcpInSegs")
    if flight.fate == "corrupted":
        _arrived(k, flight, copy, accepted=False)
        k.because(flight.connection, "checksum-wrong")
        k.count("TcpInErrs")
        k.count("TcpInCsumErrors", flight.connection)
        return
    found = k.tuples.get(tuple_key(flight.destination, flight.source))
    socket = k.sockets[found] if found is not None else None
    listening = tables.listener_on(k, flight.destination.port, flight.source)
    if socket is not None and tables.is_abandoned(k, socket) and listening is None:
        _arrived(k, flight, copy)
        tables.forget(k, socket, "listener-gone")
        _for_nobody(k, flight)
    elif socket is not None and listening is not None and tables.is_abandoned(k, socket):
        tables.forget(k, socket, "listener-gone")
        _for_listener(k, listening, flight, copy)
    elif socket is not None:
        _for_socket(k, socket, flight, copy)
    elif listening is not None:
        _for_listener(k, listening, flight, copy)
    else:
        _arrived(k, flight, copy)
        _for_nobody(k, flight)


def _arrived(k: Kernel, flight: Flight, copy: int, *, accepted: bool = True) -> None:
    k.desk.record(Arrived(k.now, k.name, flight.connection, flight, accepted, copy))


def _for_nobody(k: Kernel, flight: Flight) -> None:
    """There is no connection: 3.10.7.1."""
    _answer(k, flight, k.react(closed(flight.destination), Arrival(flight.segment)))


def _answer(k: Kernel, flight: Flight, reaction: Reaction) -> None:
    """Make a reaction visible that changes no block: reasons, and the segments that answer ``flight``."""
    tell(k, flight.connection, reaction)
    for effect in reaction.effects:
        if isinstance(effect, Emit):
            transmit(k, flight.connection, reaction.tcb, effect, flight.source)


# --- a socket of its own ---


def _for_socket(k: Kernel, socket: Socket, flight: Flight, copy: int) -> None:
    """The segment belongs to a request entry or a connection."""
    segment, local = stamps.inward(k, flight.source, flight.segment), flight.destination
    if socket.kind == REQUEST:
        socket = _with_options(k, socket)
    is_reopening = socket.tcb.state is _S.TIME_WAIT and segment.syn and local.port in k.listeners
    iss = fresh_iss(k, local, flight.source, PASSIVE) if is_reopening else None
    reaction = k.react(socket.tcb, Arrival(segment, iss, f"{flight.connection}>{k.name}"))
    if socket.kind == REQUEST and _finds_queue_full(k, socket, reaction):
        _overflow(k, socket, flight, copy)
        return
    if reaction.edges and reaction.edges[0].id in REOPENING:
        _reopen(k, socket, flight, reaction, copy)
        return
    _arrived(k, flight, copy)
    settle(k, socket, reaction)


def _with_options(k: Kernel, request: Socket) -> Socket:
    """A request entry has no options of its own: what becomes of it takes the listener's as they are then."""
    listener = k.sockets[request.listener]
    if (listener.tcb.conf, listener.linger_us) == (request.tcb.conf, request.linger_us):
        return request
    return replace(request, tcb=replace(request.tcb, conf=listener.tcb.conf), linger_us=listener.linger_us)


def _finds_queue_full(k: Kernel, request: Socket, reaction: Reaction) -> bool:
    """Would the request entry become a connection that its listener has no place for?"""
    if reaction.tcb.state in (_S.SYN_RECEIVED, _S.CLOSED, _S.LISTEN):
        return False
    return queues.is_accept_queue_full(k, k.sockets[request.listener])


def _overflow(k: Kernel, request: Socket, flight: Flight, copy: int) -> None:
    """The handshake is complete and the accept queue full: ignore the ACK, or reset (tcp_abort_on_overflow)."""
    resets = k.profile.abort_on_overflow
    _arrived(k, flight, copy, accepted=resets)
    k.because(request.id, "accept-queue-full-rst" if resets else "accept-queue-full-ack")
    k.count("TcpExtListenOverflows", request.id)
    k.count("TcpExtListenDrops", request.id)
    if not resets:
        return
    aborted = k.react(request.tcb, Abort())
    effects = tuple(effect for effect in aborted.effects if not isinstance(effect, Emit))
    answer = Emit(reset_for(flight.segment), "reset")
    k.count("TcpExtEmbryonicRsts", request.id)
    settle(k, request, replace(aborted, effects=(answer, *effects)))


def _reopen(k: Kernel, socket: Socket, flight: Flight, reaction: Reaction, copy: int) -> None:
    """A SYN opens a connection anew on a 4-tuple in TIME-WAIT: a request entry of the listener takes its place.

    It need not fear the SYN queue; with the accept queue full both the SYN and the TIME-WAIT are gone. So they are
    if the SYN carries a FIN and the listener drops such (``tcp_rcv_state_process``, TCP_LISTEN).
    """
    listener = tables.listener_on(k, flight.destination.port, flight.source)
    assert listener is not None, "only a listener opens a TIME-WAIT anew"
    if flight.segment.fin and k.profile.syn_fin_to_listener == "drop":
        tables.give_way(k, socket)
        _for_listener(k, listener, flight, copy)
        return
    if queues.refuses_syn(k, listener):
        _drop_syn(k, listener, flight, copy, "accept-queue-full-syn", "TcpExtListenOverflows")
        tables.give_way(k, socket)
        return
    _arrived(k, flight, copy)
    k.opened += 1
    old = replace(
        socket, kind=REQUEST, listener=listener.id, listener_number=listener.number,
        fd=None, error=None, waiters=(), armed_at=None,
    )  # fmt: skip
    k.sockets = k.sockets.discard(socket.id)
    if socket.fd is not None:
        tables.leave_behind(k, socket)
    tables.make_room(k, flight.connection)
    is_request = reaction.tcb.state is _S.SYN_RECEIVED
    if not is_request:
        old = replace(old, kind=CONNECTION, is_queued=True)
    after = settle(k, old, reaction, connection=flight.connection)
    assert after is not None, "a reopened connection exists"
    k.tuples = k.tuples.insert(tuple_key(flight.destination, flight.source), after.id)
    if is_request:
        tables.request_made(k, k.sockets[listener.id])
    else:
        tables.opened_without_entry(k, after)
        wake(k, k.sockets[listener.id])


# --- a listener ---


def _for_listener(k: Kernel, listener: Socket, flight: Flight, copy: int) -> None:
    """The segment reached a listener: a SYN makes a request entry or is answered with a cookie, if there is room."""
    segment = stamps.inward(k, flight.source, flight.segment)
    child = replace(listener.tcb, remote=flight.source, local=Address(k.address, flight.destination.port))
    if segment.flags & (SYN | ACK | RST) == ACK and _looks_for_cookie(k, listener):
        _ack_to_listener(k, listener, child, flight, copy)
        return
    is_request = segment.flags & (SYN | ACK | RST) == SYN
    takes_cookie = is_request and _wants_cookie(k, listener)
    if is_request and _has_no_room(k, listener, flight, copy, takes_cookie=takes_cookie):
        return
    _arrived(k, flight, copy)
    if takes_cookie:
        _answer_with_cookie(k, listener, child, flight)
        return
    iss = fresh_iss(k, child.local, flight.source, PASSIVE)
    reaction = k.react(child, Arrival(segment, iss, f"{flight.connection}>{k.name}"))
    if reaction.tcb.state is _S.LISTEN:
        _answer(k, flight, reaction)
        return
    if reaction.tcb.state is not _S.SYN_RECEIVED:
        _open_without_entry(k, listener, child, flight, reaction)
        return
    k.opened += 1
    request = _child(k, listener, child, flight, REQUEST)
    settle(k, request, reaction)
    tables.request_made(k, k.sockets[listener.id])


def _child(k: Kernel, listener: Socket, tcb: Tcb, flight: Flight, kind: str) -> Socket:
    """A socket for the caller of ``flight``, in the tables."""
    tables.make_room(k, flight.connection)
    socket = tables.new_socket(
        k,
        flight.connection,
        kind,
        tcb,
        listener=listener.id,
        listener_number=listener.number,
        is_reusable=listener.is_reusable,
        linger_us=listener.linger_us,
        kept=listener.kept,
    )
    tables.enter(k, socket)
    return socket


def _open_without_entry(k: Kernel, listener: Socket, child: Tcb, flight: Flight, reaction: Reaction) -> None:
    """A connection that was never a request entry: opened by a cookie, or by a variant that asks for no proof."""
    k.opened += 1
    connection = replace(_child(k, listener, child, flight, CONNECTION), is_queued=True)
    k.put(connection)
    settle(k, connection, reaction)
    tables.opened_without_entry(k, connection)
    wake(k, k.sockets[listener.id])


def _has_no_room(k: Kernel, listener: Socket, flight: Flight, copy: int, *, takes_cookie: bool) -> bool:
    """Drop a SYN that finds a queue full, and say so. The SYN queue is asked first (``tcp_conn_request``)."""
    if not takes_cookie and queues.is_syn_queue_full(k, listener):
        reason, counter = "syn-queue-full", "TcpExtTCPReqQFullDrop"
    elif queues.refuses_syn(k, listener):
        reason, counter = "accept-queue-full-syn", "TcpExtListenOverflows"
    elif not takes_cookie and stamps.looks_old(k, flight.source, flight.segment):
        reason, counter = "timestamp-of-host-too-old", "TcpExtPAWSPassive"
    elif not takes_cookie and queues.is_reserve_touched(k, listener):
        reason, counter = "syn-reserve-kept", ""
    else:
        return False
    _drop_syn(k, listener, flight, copy, reason, counter)
    if takes_cookie:
        k.count("TcpExtTCPReqQFullDoCookies", listener.id)
    return True


def _drop_syn(k: Kernel, listener: Socket, flight: Flight, copy: int, reason: str, counter: str) -> None:
    """A SYN is dropped, and it is said why and counted."""
    _arrived(k, flight, copy, accepted=False)
    k.because(listener.id, reason)
    if reason == "syn-queue-full":
        _warn_of_flood(k, listener)
    if counter:
        k.count(counter, listener.id)
    k.count("TcpExtListenDrops", listener.id)


def _warn_of_flood(k: Kernel, listener: Socket) -> None:
    """The kernel's log says once per listener that this may be an attack."""
    if not listener.has_warned:
        k.because(listener.id, "possible-syn-flood")
        k.put(replace(k.sockets[listener.id], has_warned=True))


# --- SYN cookies ---


def _wants_cookie(k: Kernel, listener: Socket) -> bool:
    """Is this SYN answered with a cookie: always, or since the SYN queue is full (``tcp_syn_flood_action``)?"""
    cookies = k.profile.syncookies
    if cookies and k.profile.variant.keeps_an_entry:
        if cookies == ALWAYS:
            k.because(listener.id, "no-cookie-here")
        return False
    return cookies == ALWAYS or (bool(cookies) and queues.is_syn_queue_full(k, listener))


def _answer_with_cookie(k: Kernel, listener: Socket, child: Tcb, flight: Flight) -> None:
    """SYN,ACK with a cookie for its number; nothing is kept but the moment."""
    syn, ends = flight.segment, (child.local, flight.source)
    is_always = k.profile.syncookies == ALWAYS
    k.because(listener.id, "cookies-always" if is_always else "cookie-wanted")
    if not is_always:
        _warn_of_flood(k, listener)
    k.count("TcpExtTCPReqQFullDoCookies", listener.id)
    mss = syn.options.mss or k.profile.default_mss
    iss = cookies.make((k.name, k.boots), k.desk.seed, ends, syn.seq, mss, k.now)
    reaction = k.react(child, Arrival(syn, iss, is_cookie=True))
    if reaction.segments:
        k.put(replace(k.sockets[listener.id], cookie_at=k.now))
        k.count("TcpExtSyncookiesSent", listener.id)
    _answer(k, flight, reaction)


def _looks_for_cookie(k: Kernel, listener: Socket) -> bool:
    """Has this listener sent a cookie lately, so that an ACK may bring one back?"""
    sent_at = listener.cookie_at
    return bool(k.profile.syncookies) and sent_at is not None and k.now - sent_at <= cookies.VALID_US


def _ack_to_listener(k: Kernel, listener: Socket, child: Tcb, flight: Flight, copy: int) -> None:
    """An ACK for which there is no entry: with a good cookie it opens a connection, without it is reset."""
    segment = stamps.inward(k, flight.source, flight.segment)
    ends, irs, iss = (child.local, flight.source), seq.add(segment.seq, -1), seq.add(segment.ack, -1)
    mss = cookies.check((k.name, k.boots), k.desk.seed, ends, irs, iss, k.now)
    if mss is None:
        _arrived(k, flight, copy)
        k.because(listener.id, "cookie-forged")
        k.count("TcpExtSyncookiesFailed", listener.id)
        _answer(k, flight, k.react(child, Arrival(segment)))
        return
    k.count("TcpExtSyncookiesRecv", listener.id)
    if queues.is_accept_queue_full(k, listener):
        _arrived(k, flight, copy, accepted=False)
        k.because(listener.id, "accept-queue-full-cookie")
        k.count("TcpExtListenOverflows", listener.id)
        k.count("TcpExtListenDrops", listener.id)
        return
    _arrived(k, flight, copy)
    reaction = k.react(child, Arrival(segment, stream=f"{flight.connection}>{k.name}", cookie_mss=mss))
    _open_without_entry(k, listener, child, flight, reaction)


# --- ICMP ---


def icmp_arrives(k: Kernel, news: IcmpArrives) -> bool:
    """An ICMP error about a connection; False when there is no such connection any more."""
    socket = k.sockets.get(news.connection)
    if socket is None or not k.is_up or socket.tcb.state in (_S.CLOSED, _S.LISTEN):
        return False
    k.desk.record(IcmpArrived(k.now, k.name, socket.id, news.kind, news.seq, news.mtu))
    if socket.kind == REQUEST and news.seq == socket.tcb.snd.una and _ends_request(k, news):
        k.count("TcpExtListenDrops", socket.id)
        tables.forget(k, socket, "request-unreachable")
        return True
    reaction = k.react(socket.tcb, Icmp(news.kind, news.seq, news.mtu, news.no_route))
    settle(k, socket, reaction, report=news.error)
    return True


def _ends_request(k: Kernel, news: IcmpArrives) -> bool:
    """Is this an error that deletes a request entry (``tcp_req_err``)? Of the soft ones codes 0 and 1 are."""
    ends = k.profile.icmp_ends_request
    return ends == "any" or (ends == news.kind and news.no_route)
