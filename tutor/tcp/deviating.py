"""What variants do in TCP's place (``variant``). Nothing in here is ever reached by the protocol itself.

Rules
-----
* Two-way handshake: the SYN,ACK goes out once, no timer repeats it, and its acknowledgment is taken for granted. Only
  the same SYN, come again, has it sent again: so an honest caller whose answer was lost can still open.
"""

from __future__ import annotations

from tutor.tcp import control, output, seq
from tutor.tcp.arriving import connected, deliver_held
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.turn import Turn

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
