"""Text that a program has written: where it is cut, where PSH will stand, what its arrival ends.

Rules
-----
* The RFC marks the last octet of every pushed SEND (3.9.1.2).
* Linux fills buffers of several segments (``tcp_sendmsg``). PSH belongs to a buffer and stands at its end: on the last
  one of a write, unless more will follow (MSG_MORE), and on each that ends more than half of the peer's largest window
  behind the last mark (``forced_push``). A later write that is appended to a buffer takes the mark away.
* What a full buffer makes sendable leaves while the write goes on.
* MSG_EOR ends a record: nothing is appended to a buffer beyond it.
* TCP_NOTSENT_LOWAT: no new buffer is begun while so many octets wait to be sent.
* Writing after silence is when an idle congestion window shrinks.
"""

from __future__ import annotations

from tutor.tcp import congestion, output
from tutor.tcp.events import Send
from tutor.tcp.options import effective_mss
from tutor.tcp.permit import moment_of
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Outgoing, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace
from tutor.tcp.writequeue import cuts_after


def write(turn: Turn, call: Send, octets: int) -> int:
    """Queue up to ``octets`` (more than none) of what the user writes; returns how many were taken."""
    if turn.tcb.cc.window:
        _begin_again(turn)
    out = turn.tcb.out
    if turn.profile.push_marks == "each-send":
        written = out.written + octets
        turn.out(written=written, pushes=(*out.pushes, written) if call.push else out.pushes)
    else:
        octets = _in_buffers(turn, call, octets)
    if call.ends_record and octets:
        out = turn.tcb.out
        turn.out(ends=(*out.ends, out.written))
    return octets


def may_begin_buffer(tcb: Tcb, profile: Profile) -> bool:
    """Is so little waiting to be sent that a new buffer may begin (``tcp_stream_memory_free``)?"""
    return tcb.out.unsent < (tcb.conf.notsent_lowat or profile.notsent_lowat)


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
        cc = replace(cc, limited_until=max(cc.delivered + len(queue), 1))
    if cc is not tcb.cc:
        turn.set(cc=cc)


def _goal(turn: Turn) -> int:
    """Octets of a full buffer: whole segments, half of the peer's largest window at most (``tcp_xmit_size_goal``)."""
    tcb, profile = turn.tcb, turn.profile
    size = effective_mss(tcb, profile)
    half = tcb.snd.max_wnd >> 1
    return max(1, min(profile.burst_octets, half or profile.burst_octets) // size) * size


def _in_buffers(turn: Turn, call: Send, octets: int) -> int:
    """Fill the last buffer, then new ones; what they make sendable leaves at once. Returns the octets taken."""
    half, left = turn.tcb.snd.max_wnd >> 1, octets
    goal = _goal(turn)
    while left:
        begin, filled = _last_buffer(turn.tcb.out, goal)
        if not filled and not may_begin_buffer(turn.tcb, turn.profile):
            output.transmit(turn, mode="flush")
            if not may_begin_buffer(turn.tcb, turn.profile):
                break
            continue
        part = min(goal - filled, left)
        turn.set(out=_appended(turn.tcb.out, begin, part, is_first=left == octets))
        left -= part
        if left and filled + part == goal:
            _push_full_buffer(turn, begin, half)
    out = turn.tcb.out
    taken = octets - left
    if taken and (left or (call.push and not call.more) or out.written - out.pushed > half):
        turn.set(out=_marked(out))
    return taken


def _last_buffer(out: Outgoing, goal: int) -> tuple[int, int]:
    """(where the buffer begins that takes the next octets, how many are in it); an empty one is a new one."""
    begin = max(out.tail, out.sent)
    filled = out.written - begin
    if 0 < filled < goal and not (out.ends and out.ends[-1] == out.written):
        return begin, filled
    return out.written, 0


def _appended(out: Outgoing, begin: int, octets: int, *, is_first: bool) -> Outgoing:
    """``octets`` more in the buffer that begins at ``begin``. Its mark moves on with its end, or is taken away."""
    marks, written = out.pushes, out.written + octets
    if marks and marks[-1] == out.written and begin < out.written:
        marks = marks[:-1] if is_first else (*marks[:-1], written)
    flushed = out.is_flushed and begin < out.written
    cuts = out.cuts if begin < out.written else cuts_after(out, begin)
    return replace(out, written=written, pushes=marks, tail=begin, cuts=cuts, is_flushed=flushed)


def _marked(out: Outgoing) -> Outgoing:
    """PSH at the end of the last buffer (``tcp_mark_push``)."""
    marks = out.pushes if out.pushes and out.pushes[-1] == out.written else (*out.pushes, out.written)
    return replace(out, pushes=marks, pushed=out.written)


def _push_full_buffer(turn: Turn, begin: int, half: int) -> None:
    """A buffer is full and the write goes on: send it if it is the only one, or all if PSH is due."""
    out = turn.tcb.out
    if out.written - out.pushed > half:
        turn.set(out=_marked(out))
        output.transmit(turn, mode="flush")
    elif begin == out.sent:
        output.transmit(turn, mode="one")
