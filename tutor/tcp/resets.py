"""Which RST in the window is believed: the exact one, and a few that hosts really send.

Rules
-----
* A RST must carry RCV.NXT exactly; elsewhere in the window it draws a challenge ACK, so that a forger would have to
  guess one number of 2^32 and not one window of many (RFC 5961 section 3.2).
* Linux believes two more: the number of the peer's FIN, as hosts send it that forgot theirs, and the right edge of the
  highest SACK block, which is where a peer stands whose earlier text was lost.
* Kernels before July 2026 did not ask so much for a request entry: any RST in the window deleted it.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.turn import Turn

_S = State


def hits_the_fin(turn: Turn, segment: Segment) -> bool:
    """Does the RST have the number of the peer's FIN (``tcp_reset_check``)?"""
    tcb = turn.tcb
    after_fin = tcb.state in (_S.CLOSE_WAIT, _S.CLOSING, _S.LAST_ACK)
    return turn.profile.rst_at_fin_or_sack and after_fin and segment.seq == seq.add(tcb.rcv.nxt, -1)


def is_believed(turn: Turn, segment: Segment) -> bool:
    """Does a RST in the window end the connection at once (``tcp_validate_incoming``, ``tcp_check_req``)?"""
    tcb, profile = turn.tcb, turn.profile
    if segment.seq == tcb.rcv.nxt or hits_the_fin(turn, segment):
        return True
    if tcb.state is _S.SYN_RECEIVED and not tcb.is_active and profile.rst_to_request == "in-window":
        return True
    held = tcb.inc.held
    if not (profile.rst_at_fin_or_sack and tcb.agreed.sack and held):
        return False
    last = held[-1]
    return segment.seq == seq.add(last.seq, last.length + last.fin)


def has_to_be_proved(turn: Turn, segment: Segment) -> bool:
    """Is a RST in the window not enough by itself? Why, or why it is although it is not exact, is told."""
    if is_believed(turn, segment):
        return False
    if turn.profile.reset_must_be_exact:
        turn.because("rst-not-exact", seq=segment.seq)
        return True
    turn.because("rst-in-window", seq=segment.seq)
    return False
