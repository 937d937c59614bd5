"""RACK: what was sent long enough before something that has arrived is lost (RFC 8985).

Rules
-----
* Remembered is the newest transmission known to have arrived: when it left and how long it was under way.
* A segment is lost if it left before that one, and more than that round trip and the reordering window have passed
  since it left (RFC 8985 section 6.2, step 5). What still has time left is looked at again by a timer.
* Once three segments have arrived out of order and no reordering was ever seen, nothing is waited for; else a quarter
  of the shortest round trip, and another quarter with each round in which a D-SACK tells of a needless repetition, up
  to one round trip (step 4).
* A segment sent twice whose ACK comes in less than the shortest round trip tells nothing: the first copy is meant.

Theory
------
Counting duplicate ACKs asks "how many were overtaken?". Time asks "how long is it overdue?", and that question has an
answer for the last segment of a flight and for a repetition, too.

Everything here takes a ``Rack`` and gives the next one; nothing here knows a connection.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp import seq
from tutor.tcp.values import replace

RECOVERIES_KEPT = 16
"""Recoveries for which a widened window is kept (``TCP_RACK_RECOVERY_THRESH``)."""
MOST_STEPS = 255


@dataclass(frozen=True, slots=True)
class Rack:
    """The newest transmission known to have arrived, and how much reordering to wait for."""

    at: int = -1
    """When it left, in microseconds; -1 before any."""
    end: int = 0
    """The number after it."""
    rtt_us: int = 0
    """How long the last one that arrived was under way."""
    is_new: bool = False
    """Something has arrived since losses were last looked for."""
    steps: int = 1
    """The reordering window in quarters of the shortest round trip."""
    persists: int = 0
    """Recoveries for which a widened window is still kept."""
    came_twice: bool = False
    """A D-SACK has come that reordering may explain."""
    widened_at: int = 0
    """Segments delivered when the window was last widened."""


NO_RACK = Rack()


def sent_after(at: int, end: int, other_at: int, other_end: int) -> bool:
    """Did the transmission (``at``, ``end``) leave after the other one (``tcp_skb_sent_after``)?"""
    return at > other_at or (at == other_at and seq.before(other_end, end))


def advanced(rack: Rack, now: int, sent_at: int, end: int, min_rtt_us: int | None, *, sent_twice: bool) -> Rack:
    """A segment that left at ``sent_at`` and ends at ``end`` has arrived (``tcp_rack_advance``)."""
    rtt = now - sent_at
    if sent_twice and (min_rtt_us is None or rtt < min_rtt_us):
        return rack
    if sent_after(sent_at, end, rack.at, rack.end):
        return replace(rack, rtt_us=rtt, is_new=True, at=sent_at, end=end)
    return replace(rack, rtt_us=rtt, is_new=True)


def window_us(rack: Rack, min_rtt_us: int | None, srtt_us: int, *, impatient: bool) -> int:
    """The reordering window (``tcp_rack_reo_wnd``). ``impatient``: losses are beyond doubt already."""
    if impatient:
        return 0
    if min_rtt_us is None:
        return srtt_us
    return min((min_rtt_us >> 2) * rack.steps, srtt_us)


def patience_us(rack: Rack, now: int, sent_at: int, window: int) -> int:
    """How much longer a segment that left at ``sent_at`` may take; not positive: it is lost."""
    return rack.rtt_us + window - (now - sent_at)


def is_overtaken(rack: Rack, sent_at: int, end: int) -> bool:
    """Has something arrived that left after this segment?"""
    return sent_after(rack.at, rack.end, sent_at, end)


def reconsidered(rack: Rack, delivered_before: int, delivered: int) -> Rack:
    """Widen the reordering window after a D-SACK, once a round; narrow it when it has not been needed for long.

    ``delivered_before``: segments delivered when what just arrived was sent; 0 if nothing arrived.
    """
    if not delivered_before:
        return rack
    came_twice = rack.came_twice and delivered_before >= rack.widened_at
    if came_twice:
        steps = min(MOST_STEPS, rack.steps + 1)
        return replace(rack, steps=steps, came_twice=False, widened_at=delivered, persists=RECOVERIES_KEPT)
    if rack.persists and came_twice == rack.came_twice:
        return rack
    return replace(rack, came_twice=came_twice, steps=rack.steps if rack.persists else 1)
