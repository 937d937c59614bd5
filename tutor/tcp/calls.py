"""User calls: OPEN, SEND, RECEIVE, CLOSE, ABORT, STATUS, each by state (RFC 9293 sections 3.10.1 to 3.10.6).

Rules
-----
* A call that the state forbids changes nothing and answers in the RFC's words ("connection closing").
* The calls of the socket interface that the RFC does not know (``shutdown``, letting go of a socket,
  options) are put down to these six.
"""

from __future__ import annotations

from dataclasses import fields

from tutor.tcp import control, delaying, orphans, output, persist, seq, transitions, window, writing
from tutor.tcp.arriving import enter_time_wait, keepalive_idle, restart_keepalive
from tutor.tcp.events import Abort, Close, Open, Receive, Release, Send, SetOption, Shutdown, Status
from tutor.tcp.reassembly import without_first
from tutor.tcp.states import HAS_RECEIVED_FIN, HAS_SENT_FIN, TAKES_TEXT, State
from tutor.tcp.tcb import Conf, Incoming, Outgoing, SendSpace, Status as StatusReport
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

_S = State

DOES_NOT_EXIST = "connection does not exist"
ALREADY_EXISTS = "connection already exists"
CLOSING = "connection closing"
NO_ROOM = "insufficient resources"
NO_REMOTE = "remote socket unspecified"
NOTHING_YET = "nothing to read yet"
MAY_NOT_TURN_ACTIVE = "a listener cannot turn active"

ABORT_RESETS = frozenset({_S.SYN_RECEIVED, _S.ESTABLISHED, _S.FIN_WAIT_1, _S.FIN_WAIT_2, _S.CLOSE_WAIT})
"""States in which an ABORT sends a RST (3.10.5)."""


# --- 3.10.1 OPEN ---


def open_(turn: Turn, call: Open) -> None:
    """OPEN: create a block (CLOSED), or turn a LISTEN active."""
    state = turn.tcb.state
    if state not in (_S.CLOSED, _S.LISTEN) or (state is _S.LISTEN and not call.active):
        turn.answer(error=ALREADY_EXISTS)
    elif not call.active:
        edge = transitions.CLOSED_PASSIVE_OPEN
        turn.move(edge, local=call.local, remote=call.remote, out=Outgoing(stream=call.stream))
        turn.answer()
    elif state is _S.CLOSED:
        _open_actively(turn, call, transitions.CLOSED_ACTIVE_OPEN)
    elif not turn.profile.listen_may_turn_active:
        turn.because("listener-stays-passive")
        turn.answer(error=MAY_NOT_TURN_ACTIVE)
    else:
        _open_actively(turn, call, transitions.LISTEN_ACTIVE_OPEN)


def _open_actively(turn: Turn, call: Open | Send, edge: transitions.Edge) -> None:
    """3.10.1: ISS is chosen, ``<SEQ=ISS><CTL=SYN>`` goes out, SYN-SENT."""
    tcb = turn.tcb
    remote = call.remote or tcb.remote
    if remote is None:
        turn.answer(error=NO_REMOTE)
        return
    assert call.iss is not None, "an active OPEN comes with a fresh initial sequence number"
    stream = call.stream if isinstance(call, Open) else tcb.out.stream
    turn.move(
        edge,
        local=call.local if isinstance(call, Open) else tcb.local,
        remote=remote,
        is_active=True,
        snd=SendSpace(una=call.iss, nxt=seq.add(call.iss, 1), iss=call.iss),
        out=Outgoing(stream=stream),
        inc=Incoming(quick_acks=turn.profile.quick_acks),
        cc=control.fresh(tcb.cc),
    )
    if isinstance(call, Open) and call.stamp is not None and turn.profile.timestamps:
        turn.agreed(timestamps=True, ts_recent=call.stamp[0], ts_recent_at=call.stamp[1])
    turn.rcv(wnd=window.first(turn.tcb, turn.profile))
    if isinstance(call, Open) and call.text:
        writing.write(turn, Send(call.text), call.text)
    output.send_syn(turn)
    turn.answer()


# --- 3.10.2 SEND ---


def send(turn: Turn, call: Send) -> None:
    """SEND: queue the octets and send what may go; as many as there is room for are taken."""
    tcb = turn.tcb
    if tcb.state is _S.CLOSED:
        turn.answer(error=DOES_NOT_EXIST)
    elif tcb.state in HAS_SENT_FIN or tcb.out.is_closed:
        turn.because("send-after-close")
        turn.answer(error=CLOSING)
    elif tcb.state is _S.LISTEN:
        _send_on_listener(turn, call)
    else:
        _queue_text(turn, call)
        output.transmit(turn, mode="more" if call.more else "")


def _send_on_listener(turn: Turn, call: Send) -> None:
    """3.10.2, LISTEN: turn active, and let the text wait for ESTABLISHED."""
    if not turn.profile.listen_may_turn_active:
        turn.because("listener-stays-passive")
        turn.answer(error=MAY_NOT_TURN_ACTIVE)
        return
    _open_actively(turn, call, transitions.LISTEN_SEND)
    if turn.tcb.state is _S.SYN_SENT:
        turn.effects.pop()
        _queue_text(turn, call)


def _queue_text(turn: Turn, call: Send) -> None:
    """Remember the octets for transmission, if there is room for any of them."""
    tcb = turn.tcb
    limit = tcb.conf.send_buffer if tcb.conf.send_buffer is not None else turn.profile.send_buffer
    unacked = tcb.flight_size - tcb.has_syn_in_flight
    taken = min(call.length, max(0, limit - tcb.out.unsent - unacked))
    if taken == 0 < call.length:
        turn.answer(error=NO_ROOM)
        return
    if taken:
        taken = writing.write(turn, call, taken)
        if taken == 0:
            turn.answer(error=NO_ROOM)
            return
        if call.urgent:
            turn.snd(up=seq.add(turn.tcb.snd.nxt, turn.tcb.out.unsent))
    turn.answer(taken)


# --- 3.10.3 RECEIVE ---


def receive(turn: Turn, call: Receive) -> None:
    """RECEIVE: take what is ready; the world waits where the RFC queues the call."""
    tcb = turn.tcb
    if tcb.state is _S.CLOSED:
        turn.answer(error=DOES_NOT_EXIST)
    elif tcb.inc.unread:
        _take(turn, min(call.limit, tcb.inc.unread))
    elif tcb.state in HAS_RECEIVED_FIN or tcb.inc.is_shut:
        turn.because("end-of-stream")
        if tcb.state in HAS_RECEIVED_FIN and not tcb.inc.has_reported_end:
            turn.inc(has_reported_end=True)
        turn.answer(0)
    else:
        turn.answer(error=NOTHING_YET)


def without_read(inc: Incoming, octets: int) -> Incoming:
    """What is left when the user has taken the first ``octets``."""
    ready = without_first(inc.ready, octets)
    return replace(inc, ready=ready, unread=inc.unread - octets, delivered=inc.delivered + octets)


def _take(turn: Turn, octets: int) -> None:
    """Hand ``octets`` to the user, and tell the peer if that opened the window by a worthwhile step."""
    turn.set(inc=without_read(turn.tcb.inc, octets))
    up = turn.tcb.rcv.up
    if up is not None and not seq.before(seq.add(turn.tcb.rcv.nxt, -turn.tcb.inc.unread), up):
        turn.inc(urgent_told=False)
        turn.rcv(up=None)
    turn.answer(octets)
    if turn.profile.ack_delay == "adaptive":
        delaying.program_read(turn, octets)
    else:
        _tell_of_window(turn)


def _tell_of_window(turn: Turn) -> None:
    """A window update, if the window has opened by a step that the peer should hear of (3.8.6.2.2)."""
    if turn.tcb.state in TAKES_TEXT and window.is_worth_telling(turn.tcb, turn.profile):
        turn.because("window-update")
        output.send_ack(turn)


# --- 3.10.4 CLOSE ---

_CLOSE_DELETES = {_S.LISTEN: transitions.LISTEN_CLOSE, _S.SYN_SENT: transitions.SYN_SENT_CLOSE}
_CLOSE_SENDS_FIN = {_S.ESTABLISHED: transitions.ESTABLISHED_CLOSE, _S.CLOSE_WAIT: transitions.CLOSE_WAIT_CLOSE}


def close(turn: Turn, _call: Close) -> None:
    """CLOSE: I have no more to send. The FIN follows what was written before."""
    state = turn.tcb.state
    if state is _S.CLOSED:
        turn.answer(error=DOES_NOT_EXIST)
    elif state in _CLOSE_DELETES:
        turn.move(_CLOSE_DELETES[state])
        turn.answer()
    elif state in HAS_SENT_FIN or turn.tcb.out.is_closed:
        turn.answer(error=CLOSING)
    else:
        turn.out(is_closed=True)
        turn.answer()
        if state in _CLOSE_SENDS_FIN:
            turn.move(_CLOSE_SENDS_FIN[state])
        elif turn.tcb.out.unsent == 0:
            turn.move(transitions.SYN_RECEIVED_CLOSE)
        else:
            turn.because("close-waits-for-text")
        output.transmit(turn)


# --- 3.10.5 ABORT ---


def abort(turn: Turn, _call: Abort) -> None:
    """ABORT: forget everything; a synchronised peer is told with a RST.

    NOTE(abort-and-time-wait): note 3 of figure 5 sends the aborting side to TIME-WAIT, section 3.10.5 to
    CLOSED. We follow 3.10.5 unless the profile says otherwise.
    """
    state = turn.tcb.state
    if state is _S.CLOSED:
        turn.answer(error=DOES_NOT_EXIST)
        return
    if state in ABORT_RESETS:
        output.send_abort(turn)
    if state in ABORT_RESETS and turn.profile.abort_enters_time_wait:
        turn.move(transitions.ABORT_WAIT[state], out=Outgoing(), inc=Incoming())
        enter_time_wait(turn)
    else:
        turn.move(transitions.ABORT[state])
    turn.answer()


# --- 3.10.6 STATUS ---


def status(turn: Turn, _call: Status) -> None:
    """STATUS: the state and the variables that section 3.9.1.5 lists."""
    tcb = turn.tcb
    if tcb.state is _S.CLOSED:
        turn.answer(error=DOES_NOT_EXIST)
        return
    turn.answer(
        StatusReport(tcb.state, tcb.local, tcb.remote, tcb.rcv.wnd, tcb.snd.wnd, len(tcb.out.queue), tcb.inc.unread)
    )


# --- the socket interface on top ---


def shutdown(turn: Turn, call: Shutdown) -> None:
    """``shutdown()``: the writing half is a CLOSE; the reading half is nobody's business but ours."""
    if turn.tcb.state is _S.CLOSED:
        turn.answer(error=DOES_NOT_EXIST)
        return
    if call.how in ("read", "both"):
        turn.inc(is_shut=True)
        turn.signal("readable")
    if call.how in ("write", "both"):
        close(turn, Close())
    else:
        turn.answer()


def release(turn: Turn, call: Release) -> None:
    """``close()`` of the last descriptor: CLOSE, or ABORT if text would be lost or linger is 0 (SHLD-3).

    After an earlier CLOSE it only makes an orphan, and that is no error.
    """
    tcb = turn.tcb
    if call.linger_us == 0 and tcb.state not in (_S.CLOSED, _S.LISTEN, _S.TIME_WAIT):
        abort(turn, Abort())
    elif tcb.inc.unread and turn.profile.half_duplex_close and tcb.state in ABORT_RESETS:
        turn.because("unread-text", octets=tcb.inc.unread)
        abort(turn, Abort())
    else:
        turn.set(is_orphan=True)
        if tcb.state in HAS_SENT_FIN or tcb.out.is_closed:
            turn.answer()
            if tcb.state is _S.FIN_WAIT_2:
                orphans.wait_for_fin(turn)
        else:
            close(turn, Close())


_OPTIONS = {option.name for option in fields(Conf)}


def set_option(turn: Turn, call: SetOption) -> None:
    """Change a user's setting; it takes effect at once."""
    assert call.name in _OPTIONS, f"{call.name!r} is no connection option; allowed: {', '.join(sorted(_OPTIONS))}"
    value = bool(call.value) if call.name in ("nodelay", "cork", "keepalive") else call.value
    turn.set(conf=replace(turn.tcb.conf, **{call.name: value}))
    turn.answer()
    if call.name in ("keepalive", "keepalive_idle_us") and turn.tcb.state not in (_S.CLOSED, _S.LISTEN, _S.SYN_SENT):
        _watch_silence(turn, call)
    elif call.name == "user_timeout_us":
        persist.change_user_timeout(turn)
    elif call.name == "quickack" and turn.profile.ack_delay == "adaptive":
        delaying.quickack_set(turn, bool(call.value))
    elif call.name == "receive_buffer":
        _tell_of_window(turn)
    elif call.name == "congestion":
        control.choose(turn, call.value)
    elif call.name in ("nodelay", "cork"):
        _let_go(turn, call)


def _let_go(turn: Turn, call: SetOption) -> None:
    """TCP_NODELAY flushes what waits, corked or not; TCP_CORK when it is taken away sends what Nagle lets go."""
    if bool(call.value) is (call.name == "cork"):
        return
    if turn.tcb.conf.nodelay:
        turn.out(is_flushed=True)
    output.transmit(turn)


def _watch_silence(turn: Turn, call: SetOption) -> None:
    """Keep-alive begins or ends with SO_KEEPALIVE; a new idle time is counted from when the peer was last heard."""
    if call.name == "keepalive":
        turn.timers(keepalive=None)
        restart_keepalive(turn)
    elif turn.tcb.timers.keepalive is not None:
        turn.timers(keepalive=max(turn.now, turn.tcb.heard_at + keepalive_idle(turn)))
