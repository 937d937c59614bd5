"""The write queue: text that waits in the buffers in which it was written.

Rules
-----
* A segment, or a burst, is cut from one buffer and does not reach beyond its end: what was cut when it was written
  stays cut when the peer's window has opened meanwhile.
* Where the profile says so, the first buffer is filled up from the second, as far as both may leave as one burst
  (``tcp_grow_skb``, Linux since 6.10). This is done whenever sending is tried, even if then nothing leaves.
  A mark of PSH stays at the end of its buffer.
* Nothing is moved across the end of a record (MSG_EOR).
"""

from __future__ import annotations

from tutor.tcp.tcb import Outgoing
from tutor.tcp.values import replace


def first_end(out: Outgoing) -> int:
    """Offset where the first buffer that waits ends."""
    end = out.cuts[0] if out.cuts else out.written
    return min(end, out.ends[0]) if out.ends else end


def cuts_after(out: Outgoing, begin: int) -> tuple[int, ...]:
    """The cuts once another buffer has been begun at ``begin``."""
    return (*out.cuts, begin) if begin > out.sent else out.cuts


def cuts_left(out: Outgoing, sent: int) -> tuple[int, ...]:
    """The cuts that lie behind what was sent."""
    cuts = out.cuts
    while cuts and cuts[0] <= sent:
        cuts = cuts[1:]
    return cuts


def filled_up(out: Outgoing, octets: int) -> Outgoing:
    """The first buffer takes up to ``octets`` in all, from the second."""
    end = out.cuts[0]
    most = min(out.sent + octets, out.cuts[1] if len(out.cuts) > 1 else out.written)
    if most <= end or (out.ends and out.ends[0] <= end):
        return out
    if end in out.pushes:
        out = replace(out, pushes=tuple(sorted({*out.pushes, most} - {end})))
    if len(out.cuts) > 1:
        return replace(out, cuts=out.cuts[1:] if most == out.cuts[1] else (most, *out.cuts[1:]))
    if most == out.written:
        return replace(out, cuts=(), tail=out.sent)
    return replace(out, cuts=(most,), tail=most)
