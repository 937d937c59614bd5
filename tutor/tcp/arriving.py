"""What the checks have in common: delivery, owed ACKs, and what entering a state starts and stops.

Rules
-----
* An ACK is owed at once for text out of order, for text that fills a gap, for a FIN, and for every second
  full segment; else it may wait, less than half a second (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2).
* Only TIME-WAIT's own timer runs in TIME-WAIT (3.10.7.4, eighth: "turn off the other timers").
"""

from __future__ import annotations

from dataclasses import replace

from tutor.tcp import seq, transitions
from tutor.tcp.options import effective_mss
from tutor.tcp.reassembly import joined, release
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Timers
from tutor.tcp.turn import Turn


def connected(turn: Turn) -> None:
    """The connection is open: tell the user, start keep-alive, settle the RTO of the first text.

    RFC 6298 (5.7): if the SYN had to be repeated and nothing was measured, the first text waits longer.
    """
    turn.signal("connected")
    rtx = turn.tcb.rtx
    if rtx.srtt is None:
        rto = turn.profile.rto_after_syn_timeout_us if rtx.syn_timed_out else turn.profile.initial_rto_us
        turn.rtx(rto=rto)
    restart_keepalive(turn)


def restart_keepalive(turn: Turn) -> None:
    """The peer is alive: the idle time starts anew (RFC 9293 section 3.8.4)."""
    tcb = turn.tcb
    if tcb.conf.keepalive and tcb.state is not State.TIME_WAIT:
        idle = tcb.conf.keepalive_idle_us
        turn.timers(keepalive=turn.now + (idle if idle is not None else turn.profile.keepalive_idle_us))
        turn.set(probes=0)


def enter_time_wait(turn: Turn) -> None:
    """Start 2 MSL (again), turn off the other timers, drop what could be sent again."""
    turn.set(timers=Timers(time_wait=turn.now + turn.profile.time_wait_us))
    if turn.tcb.out.queue:
        turn.out(queue=())


def owe_ack(turn: Turn, segment: Segment, *, fills_gap: bool) -> None:
    """Decide whether the ACK of new text goes at once or may wait."""
    tcb, profile = turn.tcb, turn.profile
    if fills_gap or profile.delayed_ack_us == 0:
        turn.owes_ack = True
    elif tcb.inc.quick_acks > 0:
        turn.inc(quick_acks=tcb.inc.quick_acks - 1)
        turn.owes_ack = True
    elif segment.length >= effective_mss(tcb, profile) and tcb.inc.unacked_segments >= 1:
        turn.because("every-second-segment")
        turn.owes_ack = True
    else:
        turn.inc(unacked_segments=tcb.inc.unacked_segments + 1)
        if tcb.timers.delayed_ack is None:
            turn.because("ack-delayed")
            turn.timers(delayed_ack=turn.now + profile.delayed_ack_us)


def deliver_held(turn: Turn) -> None:
    """Hand over what is contiguous from RCV.NXT, then process a FIN that follows it (3.10.7.4, seventh, eighth)."""
    tcb = turn.tcb
    texts, fin, held = release(tcb.inc.held, tcb.rcv.nxt)
    if texts:
        octets = sum(map(len, texts))
        turn.rcv(nxt=seq.add(tcb.rcv.nxt, octets), wnd=max(0, tcb.rcv.wnd - octets))
        turn.inc(ready=joined((*tcb.inc.ready, *texts)), unread=tcb.inc.unread + octets, held=held)
        turn.signal("readable")
    if fin:
        turn.inc(held=())
        _process_fin(turn)


def _process_fin(turn: Turn) -> None:
    """Eighth: RCV.NXT moves over the FIN, the user hears "connection closing", an ACK is owed."""
    rcv = turn.tcb.rcv
    turn.rcv(nxt=seq.add(rcv.nxt, 1), wnd=max(0, rcv.wnd - 1))
    turn.owes_ack = True
    turn.signal("peer-closed")
    state = turn.tcb.state
    if state is State.ESTABLISHED:
        turn.move(transitions.ESTABLISHED_RCV_FIN)
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
    turn.set(timers=Timers(), out=replace(tcb.out, queue=()), inc=replace(tcb.inc, held=()))
