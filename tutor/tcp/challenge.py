"""Answers to the invalid: the ACK of the first check, challenge ACKs, and their limit.

Rules
-----
* What is not acceptable is answered with ``<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>``, so that an honest peer that
  lost its way can find it, and a forger learns nothing (RFC 9293 3.5.2, group 3; RFC 5961).
* At most one such answer in a span, or two ends that disagree would answer each other for ever
  (RFC 5961 section 7). Text and FIN are always answered: they are repeated until they are.
"""

from __future__ import annotations

from tutor.tcp import output
from tutor.tcp.segment import Segment
from tutor.tcp.turn import Turn


def answer_unacceptable(turn: Turn, segment: Segment) -> None:
    """``<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>``; not too often, unless it carries text or a FIN (RFC 5961 7)."""
    carries_text = (segment.length or segment.fin) and not segment.syn
    if carries_text or may_challenge(turn):
        output.send_ack(turn)


def may_challenge(turn: Turn) -> bool:
    """One answer to the invalid per ``invalid_ack_interval_us`` (RFC 5961 section 7); notes when it was given."""
    interval = turn.profile.invalid_ack_interval_us
    last = turn.tcb.challenged_at
    if interval and last is not None and turn.now - last < interval:
        turn.because("answered-too-recently")
        return False
    if interval:
        turn.set(challenged_at=turn.now)
    return True


def challenge(turn: Turn) -> None:
    """A challenge ACK (RFC 5961 section 3.2)."""
    if may_challenge(turn):
        output.send_ack(turn, "challenge")
