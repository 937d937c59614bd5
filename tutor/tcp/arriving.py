"""What the checks have in common: delivery, owed ACKs, and what entering a state starts and stops.

Rules
-----
* An ACK is owed at once for text out of order, for text that fills a gap, for a FIN, and for every second
  full segment; else it may wait, less than half a second (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2).
* Only TIME-WAIT's own timer runs in TIME-WAIT (3.10.7.4, eighth: "turn off the other timers").
* What returns to LISTEN has forgotten the call it was about to answer (3.10.7.4, second and fourth).
"""

from __future__ import annotations

from tutor.tcp import delaying, output, sack, seq, transitions
from tutor.tcp.options import effective_mss
from tutor.tcp.reassembly import has_fin_at, joined, release
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import NO_TIMERS, Agreed, Held, Incoming, Outgoing, ReceiveSpace, Rtx, SendSpace
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def connected(turn: Turn) -> None:
    """The connection is open: tell the user, start keep-alive, settle the RTO of the first text.

    RFC 6298 (5.7): if the SYN had to be repeated and nothing was measured, the first text waits longer.
    """
    turn.signal("connected")
    delaying.begin(turn)
    turn.set(heard_at=turn.now)
    rtx = turn.tcb.rtx
    if rtx.srtt is None:
        rto = turn.profile.rto_after_syn_timeout_us if rtx.syn_timed_out else turn.profile.initial_rto_us
        turn.rtx(rto=rto, backoff=rtx.backoff if turn.tcb.is_active else 0)
    restart_keepalive(turn)


def keepalive_idle(turn: Turn) -> int:
    """The silence that keep-alive does not mind, in microseconds."""
    idle = turn.tcb.conf.keepalive_idle_us
    return idle if idle is not None else turn.profile.keepalive_idle_us


def restart_keepalive(turn: Turn) -> None:
    """The idle time starts anew (RFC 9293 section 3.8.4)."""
    if turn.tcb.conf.keepalive and turn.tcb.state is not State.TIME_WAIT:
        turn.timers(keepalive=turn.now + keepalive_idle(turn))
        turn.set(probes=0)


def peer_is_alive(turn: Turn) -> None:
    """Keep-alive has its answer. Linux leaves the timer alone: when it expires, it asks when the peer was heard."""
    if turn.profile.keepalive_timer == "restarts":
        restart_keepalive(turn)
    else:
        turn.set(probes=0)


def enter_time_wait(turn: Turn) -> None:
    """Start 2 MSL (again), turn off the other timers.

    With ``tw_recycle`` timestamps do its work, and 3.5 RTO are enough for a lost last ACK (``tcp_time_wait``).
    """
    if turn.tcb.state is State.CLOSED:
        _leave_without_waiting(turn)
        return
    tcb, span = turn.tcb, turn.profile.time_wait_us
    if turn.profile.tw_recycle and tcb.agreed.timestamps:
        span = min(span, 7 * tcb.rtx.rto // 2)
    turn.set(timers=NO_TIMERS)
    turn.timers(time_wait=turn.now + span)


def _leave_without_waiting(turn: Turn) -> None:
    """A variant has no TIME-WAIT: the last ACK goes out, if one is owed, and that is the end."""
    if turn.owes_ack and not turn.profile.variant.closes_in_two:
        output.send_ack(turn)


def listen_again(turn: Turn) -> None:
    """A passive SYN-RECEIVED is a listener again: queue flushed, timers off, no peer's numbers left."""
    tcb = turn.tcb
    turn.set(
        snd=SendSpace(), rcv=ReceiveSpace(), out=Outgoing(stream=tcb.out.stream), inc=Incoming(), agreed=Agreed(),
        rtx=Rtx(), timers=NO_TIMERS, probes=0, challenged_at=None,
    )  # fmt: skip


def note_urgent(turn: Turn, segment: Segment) -> None:
    """RCV.UP moves forward; the user hears of it once per stretch of urgent data (3.10.7.4, sixth)."""
    tcb = turn.tcb
    pointer = seq.add(segment.seq, segment.urgent)
    latest = pointer if tcb.rcv.up is None else seq.later(tcb.rcv.up, pointer)
    if not seq.before(seq.add(tcb.rcv.nxt, -tcb.inc.unread), latest):
        return
    turn.rcv(up=latest)
    if not tcb.inc.urgent_told:
        turn.inc(urgent_told=True)
        turn.signal("urgent")


def owe_ack(turn: Turn, segment: Segment, *, fills_gap: bool) -> None:
    """Decide whether the ACK of new text goes at once or may wait."""
    tcb, profile = turn.tcb, turn.profile
    inc, timers = tcb.inc, tcb.timers
    if profile.ack_delay == "adaptive":
        delaying.text_in_order(turn, segment, segment.end)
        turn.owes_ack |= fills_gap
    elif fills_gap or profile.delayed_ack_us == 0:
        turn.owes_ack = True
    elif inc.quick_acks > 0:
        turn.inc(quick_acks=inc.quick_acks - 1)
        turn.owes_ack = True
    elif inc.unacked_segments and segment.length >= effective_mss(tcb, profile):
        turn.because("every-second-segment")
        turn.owes_ack = True
    elif timers.delayed_ack is None:
        turn.because("ack-delayed")
        turn.inc(unacked_segments=inc.unacked_segments + 1)
        turn.timers(delayed_ack=turn.now + profile.delayed_ack_us)
    else:
        turn.inc(unacked_segments=inc.unacked_segments + 1)


def deliver_text(turn: Turn, held: tuple[Held, ...]) -> None:
    """Hand over what of ``held`` is contiguous from RCV.NXT and hold the rest (3.10.7.4, seventh)."""
    rcv, inc = turn.tcb.rcv, turn.tcb.inc
    texts, left = release(held, rcv.nxt)
    if not texts:
        turn.inc(held=left)
        return
    octets = sum(map(len, texts))
    inc = replace(inc, ready=joined((*inc.ready, *texts)), unread=inc.unread + octets, held=left)
    nxt = seq.add(rcv.nxt, octets)
    if inc.blocks:
        inc = sack.forget_reached(inc, nxt)
    turn.set(rcv=replace(rcv, nxt=nxt, wnd=max(0, rcv.wnd - octets)), inc=inc)
    turn.signal("readable")


def deliver_held(turn: Turn) -> None:
    """What is held and next in sequence: its text, and its FIN (3.10.7.4, seventh and eighth)."""
    held = turn.tcb.inc.held
    if held and held[0].payload is not None and held[0].seq == turn.tcb.rcv.nxt:
        deliver_text(turn, held)
    if has_fin_at(turn.tcb.inc.held, turn.tcb.rcv.nxt):
        _process_fin(turn)


def _process_fin(turn: Turn) -> None:
    """Eighth: RCV.NXT moves over the FIN, the user hears "connection closing", an ACK is owed."""
    rcv = turn.tcb.rcv
    if turn.profile.ack_delay == "adaptive":
        delaying.fin_arrives(turn)
    else:
        turn.owes_ack = True
    turn.rcv(nxt=seq.add(rcv.nxt, 1), wnd=rcv.wnd if turn.tcb.is_small else max(0, rcv.wnd - 1))
    turn.inc(held=(), blocks=())
    turn.signal("peer-closed")
    state = turn.tcb.state
    if state is State.ESTABLISHED:
        turn.move(transitions.ESTABLISHED_RCV_FIN)
        if turn.profile.variant.closes_in_two:
            output.send_fin_once(turn)
    elif state is State.FIN_WAIT_2:
        turn.move(transitions.FIN_WAIT_2_RCV_FIN)
        enter_time_wait(turn)
    elif turn.tcb.has_fin_acked:
        turn.move(transitions.FIN_WAIT_1_RCV_FIN_ACK)
        enter_time_wait(turn)
    else:
        turn.move(transitions.FIN_WAIT_1_RCV_FIN)


def forget_all(turn: Turn) -> None:
    """The block is deleted: queues are flushed and no timer runs."""
    tcb = turn.tcb
    turn.set(timers=NO_TIMERS, out=replace(tcb.out, queue=()), inc=replace(tcb.inc, held=()))
