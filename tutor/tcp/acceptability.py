"""Which segments are acceptable by their sequence numbers (RFC 9293 section 3.4, table 6).

Rules
-----
* Table 6: a segment is acceptable if any part of it lies in the receive window.
* Linux looks at its ends instead (``tcp_sequence``): it must not end before what the last ACK told, nor begin behind
  the right edge. So a repetition that ends exactly there still brings its ACK number, and so does a bare ACK at that
  edge (``touching_counts``).
* What reaches beyond the window is cut by the RFC. Linux takes it whole while nothing is unread, and not at all
  otherwise (``beyond_window``).
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.turn import Turn


def is_acceptable(turn: Turn, segment: Segment) -> bool:
    """Table 6: does any part of the segment lie in the receive window?"""
    rcv = turn.tcb.rcv
    length = segment.seq_length
    if turn.profile.touching_counts and _touches(turn, segment):
        return True
    if length == 0:
        return segment.seq == rcv.nxt if rcv.wnd == 0 else seq.within(rcv.nxt, segment.seq, rcv.wnd)
    if rcv.wnd == 0 or _overruns(turn, segment):
        return False
    last = seq.add(segment.seq, length - 1)
    return seq.within(rcv.nxt, segment.seq, rcv.wnd) or seq.within(rcv.nxt, last, rcv.wnd)


def _touches(turn: Turn, segment: Segment) -> bool:
    """Does the segment touch the window from outside: below at what the last ACK told, above without length?"""
    tcb = turn.tcb
    if segment.seq == segment.end == seq.add(tcb.rcv.nxt, tcb.rcv.wnd):
        return True
    if tcb.state is State.SYN_RECEIVED or seq.before(tcb.rcv.nxt, segment.end):
        return False
    return not seq.before(segment.end, tcb.ack.told)


def _overruns(turn: Turn, segment: Segment) -> bool:
    """Text that reaches beyond the window while something is still unread: Linux drops it whole (``tcp_sequence``)."""
    tcb = turn.tcb
    if turn.profile.beyond_window != "take-if-empty" or not tcb.inc.unread:
        return False
    return seq.before(seq.add(tcb.rcv.nxt, tcb.rcv.wnd), segment.end)
