"""Small entries: what a Linux host keeps of a connection in TIME-WAIT, and of an orphan in FIN-WAIT-2.

Rules
-----
* A small entry has three numbers (SND.NXT, RCV.NXT, TS.Recent) and the window it had when it was made. There is
  nothing to acknowledge and nothing to read any more, so that most of the eight checks have nothing to look at.
* FIN-WAIT-2: any RST in the window ends it; a SYN or text in the window is reset; the peer's FIN makes it a TIME-WAIT
  of full length; what carries neither text nor FIN is not heard.
* TIME-WAIT: a bare ACK in order is taken in silence and starts the time anew; an exact RST ends it, unless the host is
  protected (RFC 1337); a RST elsewhere is not answered. All else is answered with the old ACK, and what has an ACK
  starts the time anew: an ACKless SYN may be a caller's, and he must not wait longer for having called.
* The old ACK is limited as every answer to the invalid is (RFC 5961 section 7); text and FIN are always answered.

Source: Linux ``tcp_timewait_state_process``.
"""

from __future__ import annotations

from tutor.tcp import output, seq, transitions
from tutor.tcp.arriving import enter_time_wait
from tutor.tcp.challenge import answer_unacceptable
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn

_S = State

PAWS_RST_US = 60 * 1_000_000
"""A RST is tested for its age only against a TS.Recent younger than this (TCP_PAWS_MSL)."""


def segment_arrives(turn: Turn, segment: Segment, *, is_newer: bool) -> None:
    """A segment for a small entry. ``is_newer``: a SYN that could open the name anew, if anybody listened."""
    if turn.tcb.state is _S.FIN_WAIT_2:
        _in_fin_wait_2(turn, segment)
    else:
        _in_time_wait(turn, segment, is_newer=is_newer)


def _in_fin_wait_2(turn: Turn, segment: Segment) -> None:
    tcb = turn.tcb
    nxt, end = tcb.rcv.nxt, segment.end
    if is_old(turn, segment) or not _is_in_window(tcb, segment):
        turn.because("outside-window", seq=segment.seq, length=segment.seq_length)
        answer_unacceptable(turn, segment)
    elif segment.rst:
        turn.move(transitions.RCV_RST[_S.FIN_WAIT_2])
    elif segment.syn and not seq.before(segment.seq, nxt):
        turn.emit(output.reset_for(segment), "reset")
        turn.move(transitions.RCV_SYN[_S.FIN_WAIT_2])
    elif not segment.has_ack or not seq.before(nxt, end) or not segment.seq_length:
        turn.because("nothing-for-small-entry")
    elif segment.fin and end == seq.add(nxt, 1):
        turn.rcv(nxt=end)
        _remember(turn, segment)
        turn.move(transitions.FIN_WAIT_2_RCV_FIN)
        enter_time_wait(turn)
        output.send_ack(turn)
    else:
        turn.emit(output.reset_for(segment), "reset")
        turn.move(transitions.TEXT_TO_ORPHAN[_S.FIN_WAIT_2])


def _in_time_wait(turn: Turn, segment: Segment, *, is_newer: bool) -> None:
    too_old = is_old(turn, segment)
    if segment.rst:
        _rst_in_time_wait(turn, segment, too_old=too_old)
    elif not too_old and segment.seq == turn.tcb.rcv.nxt == segment.end:
        turn.because("ack-in-time-wait")
        enter_time_wait(turn)
        _remember(turn, segment)
    elif segment.fin and not segment.syn and segment.has_ack and segment.end == turn.tcb.rcv.nxt and not too_old:
        turn.move(transitions.TIME_WAIT_RCV_FIN)
        enter_time_wait(turn)
        output.send_ack(turn)
    elif is_newer:
        turn.because("nobody-listens-any-more")
        output.send_ack(turn)
    else:
        turn.because("outside-window", seq=segment.seq, length=segment.seq_length)
        if too_old or segment.has_ack:
            enter_time_wait(turn)
        answer_unacceptable(turn, segment)


def _rst_in_time_wait(turn: Turn, segment: Segment, *, too_old: bool) -> None:
    """Assassination (RFC 1337): an exact RST deletes the entry, unless the host is protected."""
    if too_old or segment.seq != turn.tcb.rcv.nxt:
        turn.because("rst-not-exact", seq=segment.seq)
    elif turn.profile.rst_kills_time_wait:
        turn.move(transitions.TIME_WAIT_RCV_RST)
    else:
        turn.because("rst-in-time-wait-ignored")
        _remember(turn, segment)


def _is_in_window(tcb: Tcb, segment: Segment) -> bool:
    """Does any of the segment lie in the window (``tcp_in_window``)? A bare one may lie at its right edge."""
    nxt, end = tcb.rcv.nxt, segment.end
    edge = seq.add(nxt, tcb.rcv.wnd)
    if segment.seq == nxt or (seq.before(nxt, end) and seq.before(segment.seq, edge)):
        return True
    return segment.seq == edge == end


def is_old(turn: Turn, segment: Segment) -> bool:
    """PAWS (``tcp_paws_reject``): a timestamp before TS.Recent, of a RST only while that is fresh."""
    agreed, stamp = turn.tcb.agreed, segment.options.timestamp
    if not agreed.timestamps or stamp is None or not seq.before(stamp[0], agreed.ts_recent) or not agreed.ts_recent:
        return False
    return not segment.rst or turn.now - agreed.ts_recent_at < PAWS_RST_US


def _remember(turn: Turn, segment: Segment) -> None:
    stamp = segment.options.timestamp
    if turn.tcb.agreed.timestamps and stamp is not None:
        turn.agreed(ts_recent=stamp[0], ts_recent_at=turn.now)
