"""Which ACKs count (RFC 9293 section 3.10.7.4, fifth; RFC 5961 section 5).

Rules
-----
* SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT counts. What lies outside draws an ACK, and the segment is dropped.
* Kernels drew the lines elsewhere: an ACK of what was never sent said nothing in ESTABLISHED (``unsent_ack``), and for
  some years any old ACK was challenged while a connection closed (``old_ack_in_closing``).
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.challenge import challenge
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.turn import Turn

MANY = 1 << 30
"""Octets sent after which nearly any number has been used."""


def is_unsent(turn: Turn, segment: Segment) -> bool:
    """Does it acknowledge what was never sent (SEG.ACK > SND.NXT)?"""
    return seq.before(turn.tcb.snd.nxt, segment.ack)


def answer_unsent(turn: Turn, segment: Segment) -> bool:
    """An ACK of what was never sent; is the segment dropped for it?"""
    if turn.profile.variant.believes_any_ack:
        turn.because("ack-not-looked-at", ack=segment.ack)
        return False
    rule, established = turn.profile.unsent_ack, turn.tcb.state is State.ESTABLISHED
    turn.because("ack-of-unsent", ack=segment.ack)
    if rule == "answer" or (rule == "answer-in-closing" and not established):
        challenge(turn)
    return rule != "ignore" or established


def is_too_old(turn: Turn, segment: Segment) -> bool:
    """Is it older than any honest one could be, or simply old where that is enough?"""
    una, profile = turn.tcb.snd.una, turn.profile
    if profile.old_ack_in_closing == "challenge" and turn.tcb.state is not State.ESTABLISHED:
        return seq.before(segment.ack, una)
    return profile.old_ack_check and seq.before(segment.ack, seq.add(una, -_oldest(turn)))


def _oldest(turn: Turn) -> int:
    """How far below SND.UNA an ACK may lie: MAX.SND.WND (RFC 5961 section 5.2), and octets that were sent at all."""
    tcb = turn.tcb
    if not turn.profile.old_ack_of_sent or tcb.out.sent > MANY:
        return tcb.snd.max_wnd
    return min(tcb.snd.max_wnd, seq.distance(tcb.snd.iss, tcb.snd.una) - (0 if tcb.is_active else 1))
