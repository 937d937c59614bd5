"""RACK on its own: how long a segment may be overdue before it counts as lost (RFC 8985)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import MS
from tutor.tcp import rack
from tutor.tcp.rack import NO_RACK, RECOVERIES_KEPT, Rack

RTT = 100 * MS


def arrived(at: int, end: int, *, rtt: int = RTT, before: Rack = NO_RACK) -> Rack:
    """What left at ``at`` and ends at ``end`` is known to have arrived after ``rtt``."""
    return rack.advanced(before, at + rtt, at, end, RTT, sent_twice=False)


def test_the_newest_transmission_counts() -> None:
    """An ACK of what left earlier tells a round trip, but moves nothing back."""
    newest = arrived(5 * MS, 3000)
    older = arrived(2 * MS, 9000, rtt=140 * MS, before=newest)
    assert (older.at, older.end, older.rtt_us) == (5 * MS, 3000, 140 * MS)


def test_of_one_burst_the_higher_number_left_later() -> None:
    """Two segments of the same microsecond are told apart by their numbers, across the wrap of 2**32 too."""
    assert rack.sent_after(7, 2000, 7, 1000)
    assert not rack.sent_after(7, 1000, 7, 2000)
    assert rack.sent_after(7, 500, 7, 2**32 - 500)


def test_the_ack_of_a_repetition_that_comes_too_soon_is_of_the_first_copy() -> None:
    """Less than the shortest round trip ever seen: nothing is learnt (RFC 8985 section 6.2, step 2)."""
    early = rack.advanced(NO_RACK, 60 * MS, 0, 1000, RTT, sent_twice=True)
    assert early is NO_RACK
    assert rack.advanced(NO_RACK, RTT, 0, 1000, RTT, sent_twice=True).is_new


def test_a_segment_is_overdue_after_a_round_trip_and_the_reordering_window() -> None:
    """Sent 3 ms before the one that arrived: it has 22 ms left of the quarter round trip, then none."""
    record = arrived(3 * MS, 2000)
    window = rack.window_us(record, RTT, RTT, impatient=False)
    assert window == RTT // 4
    assert rack.is_overtaken(record, 0, 1000)
    assert not rack.is_overtaken(record, 4 * MS, 3000)
    assert rack.patience_us(record, 103 * MS, 0, window) == 22 * MS
    assert rack.patience_us(record, 125 * MS, 0, window) == 0


@pytest.mark.parametrize(
    ("steps", "min_rtt", "srtt", "impatient", "window"),
    [
        (1, RTT, 2 * RTT, False, RTT // 4),
        (3, RTT, 2 * RTT, False, 3 * RTT // 4),
        (9, RTT, 2 * RTT, False, 2 * RTT),
        (1, None, 2 * RTT, False, 2 * RTT),
        (9, RTT, 2 * RTT, True, 0),
    ],
)
def test_the_reordering_window(steps: int, min_rtt: int | None, srtt: int, impatient: bool, window: int) -> None:
    """Quarters of the shortest round trip, never more than a smoothed one; none where loss is beyond doubt."""
    assert rack.window_us(Rack(steps=steps), min_rtt, srtt, impatient=impatient) == window


def test_a_needless_repetition_widens_the_window_once_a_round() -> None:
    """The second D-SACK tells of what was sent before the first had an effect, and is passed over."""
    told = Rack(came_twice=True)
    wider = rack.reconsidered(told, delivered_before=10, delivered=20)
    assert (wider.steps, wider.persists, wider.widened_at) == (2, RECOVERIES_KEPT, 20)
    again = rack.reconsidered(Rack(steps=2, persists=16, came_twice=True, widened_at=20), 15, 25)
    assert again.steps == 2
    assert rack.reconsidered(Rack(steps=2, persists=16, came_twice=True, widened_at=20), 21, 40).steps == 3


def test_the_window_narrows_when_it_has_not_been_needed_for_long() -> None:
    """As long as recoveries are left for which it is kept, it stays; then it is a quarter again."""
    kept = Rack(steps=3, persists=1)
    assert rack.reconsidered(kept, 10, 20) is kept
    assert rack.reconsidered(Rack(steps=3, persists=0), 10, 20).steps == 1


def test_an_ack_that_delivers_nothing_changes_nothing() -> None:
    """A bare window update says nothing about reordering."""
    told = Rack(came_twice=True)
    assert rack.reconsidered(told, 0, 20) is told
