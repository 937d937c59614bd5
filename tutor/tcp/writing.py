"""Text that a program has written: where it is cut, where PSH will stand, what its arrival ends.

Rules
-----
* The RFC marks the last octet of every pushed SEND (3.9.1.2). Linux marks the last octet of a write, unless more will
  follow (MSG_MORE), and forgets the mark when the next write is appended to the same buffer; a write longer than half
  the largest window the peer offered is marked on the way as well (``forced_push``).
* MSG_EOR ends a record: nothing is appended to a segment beyond it.
* Writing after silence is when an idle congestion window shrinks.
"""

from __future__ import annotations

from tutor.tcp import congestion
from tutor.tcp.events import Send
from tutor.tcp.options import effective_mss
from tutor.tcp.permit import moment_of
from tutor.tcp.tcb import Outgoing
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def append(turn: Turn, call: Send, octets: int) -> None:
    """Queue ``octets`` (more than none) of what the user wrote."""
    tcb = turn.tcb
    out = tcb.out
    if tcb.cc.window:
        _begin_again(turn)
    if turn.profile.push_marks == "each-send":
        written = out.written + octets
        out = replace(out, written=written, pushes=(*out.pushes, written) if call.push else out.pushes)
    else:
        out = _in_buffers(out, octets, _goal(turn), tcb.snd.max_wnd >> 1, push=call.push and not call.more)
    if call.ends_record:
        out = replace(out, ends=(*out.ends, out.written))
    turn.set(out=out)


def _begin_again(turn: Turn) -> None:
    """What was silent for long begins with a smaller window; who has nothing in flight is limited by the program."""
    tcb = turn.tcb
    cc, queue = tcb.cc, tcb.out.queue
    moment = moment_of(tcb, turn.profile, turn.now)
    if not queue:
        cc = congestion.after_idle(cc, turn.profile, moment)
        if cc.window != tcb.cc.window:
            turn.because("window-after-idle", window=cc.window)
    if tcb.out.unsent < moment.mss and len(queue) < cc.window:
        cc = replace(cc, limited_until=cc.delivered + len(queue) or 1)
    if cc is not tcb.cc:
        turn.set(cc=cc)


def _goal(turn: Turn) -> int:
    """Octets of a full buffer: whole segments, half of the peer's largest window at most (``tcp_xmit_size_goal``)."""
    tcb, profile = turn.tcb, turn.profile
    size = effective_mss(tcb, profile)
    half = tcb.snd.max_wnd >> 1
    return max(1, min(profile.burst_octets, half or profile.burst_octets) // size) * size


def _in_buffers(out: Outgoing, octets: int, goal: int, half_window: int, *, push: bool) -> Outgoing:
    """``octets`` appended to the last buffer while it has room, then to new ones (``tcp_sendmsg``)."""
    marks, ends, written = out.pushes, out.ends, out.written
    tail, pushed, flushed = max(out.tail, out.sent), out.pushed, out.is_flushed
    if written > tail and written - tail < goal and not (ends and ends[-1] == written):
        if marks and marks[-1] == written:
            marks = marks[:-1]
    else:
        tail, flushed = written, False
    stop = written + octets
    while tail + goal < stop:
        tail, flushed = tail + goal, False
        if tail - pushed > half_window:
            marks, pushed = (*marks, tail), tail
    if push or stop - pushed > half_window:
        marks, pushed = (*marks, stop), stop
    return replace(out, written=stop, pushes=marks, tail=tail, pushed=pushed, is_flushed=flushed)
