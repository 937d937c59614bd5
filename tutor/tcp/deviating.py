"""What variants do in TCP's place (``variant``). Nothing in here is ever reached by the protocol itself.

Rules
-----
* No number checked: whatever a segment acknowledges in SYN-RECEIVED is taken for our SYN.
* Four segments: the caller notes the ACK of its SYN, and opens when the peer's SYN comes.
* Two-way handshake: the SYN,ACK goes out once, no timer repeats it, and its acknowledgment is taken for granted. Only
  the same SYN, come again, has it sent again: so an honest caller whose answer was lost can still open.
"""

from __future__ import annotations

from tutor.tcp import control, deviations as d, output, seq
from tutor.tcp.acknowledge import acknowledge
from tutor.tcp.arriving import connected, deliver_held
from tutor.tcp.segment import ACK, Segment
from tutor.tcp.states import State
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

# --- a number that nobody checks ---


def taken_for_right(turn: Turn, segment: Segment) -> Segment:
    """``segment`` as if it acknowledged our SYN."""
    snd = turn.tcb.snd
    if turn.tcb.is_active or segment.ack == snd.nxt:
        return segment
    turn.because("number-unchecked", ack=segment.ack)
    return replace(segment, ack=snd.nxt)


# --- ACK and SYN apart ---


def takes_first_half(turn: Turn, segment: Segment) -> bool:
    """SYN-SENT: the ACK of our SYN has come alone; the peer's own SYN is awaited."""
    snd = turn.tcb.snd
    is_alone = segment.has_ack and not segment.syn and not segment.rst and segment.ack == snd.nxt
    if not is_alone:
        return False
    if snd.una == snd.nxt:
        turn.because("ack-again")
    else:
        turn.move(d.SYN_SENT_RCV_ACK)
        acknowledge(turn, segment)
    return True


def put_together(turn: Turn, segment: Segment) -> Segment:
    """The peer's SYN with the ACK that came ahead of it."""
    return replace(segment, flags=segment.flags | ACK, ack=turn.tcb.snd.una)


# --- two-way handshake ---


def open_unproved(turn: Turn, syn: Segment) -> None:
    """ESTABLISHED on the SYN: nothing proves that its sender is there now (RFC 9293 3.4.1 asks for that proof)."""
    snd = turn.tcb.snd
    turn.snd(una=snd.nxt)
    turn.rtx(rto=turn.profile.initial_rto_us, count=0, backoff=0, started_at=turn.now)
    control.opens(turn, syn)
    connected(turn)
    deliver_held(turn)
    output.send_syn_ack_once(turn)


def answers_again(turn: Turn, segment: Segment) -> bool:
    """The SYN that opened us comes again before anything else was acknowledged: SYN,ACK again."""
    tcb = turn.tcb
    is_own = segment.syn and not segment.has_ack and not segment.rst and segment.seq == tcb.rcv.irs
    if tcb.is_active or not is_own or tcb.snd.una != seq.add(tcb.snd.iss, 1) or tcb.state is State.TIME_WAIT:
        return False
    turn.because("syn-again")
    output.send_syn_ack_once(turn)
    return True
