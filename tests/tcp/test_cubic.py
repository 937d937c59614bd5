"""CUBIC on its own: the curve, its plateau, and the two signs by which HyStart leaves slow start."""

from __future__ import annotations

import pytest

from tutor.tcp import cubic
from tutor.tcp.cubic import Cubic, Sample
from tutor.tcp.values import replace

TICK = 4_000
MS = 1_000
SECOND = 1_000_000


def grow(curve: Cubic, window: int, seconds: float, rtt_ms: int) -> list[int]:
    """The window at the end of each round trip while every segment of every window is acknowledged."""
    windows, credit, now = [], 0, 10 * SECOND
    curve = replace(curve, delay_min_us=rtt_ms * MS)
    while now < 10 * SECOND + seconds * SECOND:
        for _ in range(window):
            now += rtt_ms * MS // window
            curve = cubic.grown(curve, window, 1, now, TICK)
            credit += 1
            if credit >= curve.count:
                window, credit = window + 1, 0
        windows.append(window)
    return windows


def test_a_loss_leaves_seven_tenths() -> None:
    """beta = 717/1024; the plateau is where the loss struck."""
    curve, threshold = cubic.after_loss(cubic.NEW_CUBIC, 100)
    assert (threshold, curve.last_max, curve.epoch) == (70, 100, None)


def test_a_second_loss_below_the_plateau_lowers_it_further() -> None:
    """Fast convergence: who loses below the old plateau makes room, (1 + beta) / 2 of the window."""
    curve, _ = cubic.after_loss(cubic.NEW_CUBIC, 100)
    curve, threshold = cubic.after_loss(curve, 80)
    assert (threshold, curve.last_max) == (56, 68)


@pytest.mark.parametrize(("window", "threshold"), [(1, 2), (2, 2), (3, 2), (4, 2), (5, 3), (10, 7)])
def test_the_threshold_is_never_below_two(window: int, threshold: int) -> None:
    """Small windows are cut to two segments at the least."""
    assert cubic.after_loss(cubic.NEW_CUBIC, window)[1] == threshold


def test_the_window_comes_back_to_the_plateau_and_leaves_it_slowly() -> None:
    """From 700 back to 1000 in K = cbrt(300 / 0.4) = 9.1 s: steep, flat around 1000, steep again."""
    curve, window = cubic.after_loss(cubic.NEW_CUBIC, 1000)
    windows = grow(curve, window, 18, 100)
    at = {second: windows[second * 10 - 1] for second in (1, 3, 6, 9, 12, 15)}
    curve_at = {second: 1000 + 0.4 * (second - 9.086) ** 3 for second in at}
    for second, expected in curve_at.items():
        assert at[second] == pytest.approx(expected, abs=12), f"after {second} s"
    assert at[9] - at[6] < 20, "flat around the plateau"


def test_before_any_loss_one_segment_for_twenty() -> None:
    """Without a plateau the curve says nothing: at least 5 % a round trip (RFC 9438 names no number)."""
    curve = cubic.grown(cubic.NEW_CUBIC, 50, 1, SECOND, TICK)
    assert curve.count == 20


def test_on_a_short_path_it_is_reno_that_drives() -> None:
    """With a round trip of 10 ms the cube is slower than Reno; the estimate of Reno's window takes over."""
    curve, window = cubic.after_loss(cubic.NEW_CUBIC, 20)
    windows = grow(curve, window, 1, 10)
    alone = 20 - 0.4 * (2.466 - 1) ** 3
    assert windows[-1] > alone + 20, "the cube alone would not have reached its plateau within a second"


def test_the_curve_is_worked_out_once_a_while() -> None:
    """Same window and less than 1/32 s later: the count stands, whatever was acknowledged."""
    first = cubic.grown(cubic.NEW_CUBIC, 50, 1, SECOND, TICK)
    soon = cubic.grown(replace(first, count=7), 50, 1, SECOND + 28 * MS, TICK)
    late = cubic.grown(replace(first, count=7), 50, 1, SECOND + 32 * MS, TICK)
    assert (soon.count, late.count) == (7, 20)


def test_a_moved_window_is_looked_at_within_the_tick_for_reno_only() -> None:
    """Within one tick the curve is not worked out again; the comparison with Reno is."""
    first = cubic.grown(cubic.NEW_CUBIC, 50, 1, SECOND, TICK)
    again = cubic.grown(replace(first, count=7), 51, 1, SECOND + 1, TICK)
    assert (again.count, again.last_window) == (7, 50)


def test_idleness_does_not_count() -> None:
    """The epoch moves by the time nothing was sent, so that the curve goes on where it stood."""
    curve = cubic.grown(cubic.NEW_CUBIC, 50, 1, SECOND, TICK)
    moved = cubic.after_idle(curve, 2 * SECOND, 5 * SECOND, TICK)
    assert curve.epoch is not None
    assert moved.epoch == curve.epoch + 500
    assert cubic.after_idle(curve, 20 * SECOND, 5 * SECOND, TICK).epoch == 5 * SECOND // TICK, "never in the future"
    assert cubic.after_idle(cubic.NEW_CUBIC, SECOND, 5 * SECOND, TICK) == cubic.NEW_CUBIC


def rounds(samples: list[tuple[int, int]], window: int = 30, curve: Cubic | None = None) -> tuple[Cubic, str]:
    """CUBIC after ACKs at the given (time, round trip) in ms, all of one round; and why slow start ended."""
    curve = curve or replace(cubic.started(0, 1_000_000), delay_min_us=100 * MS)
    why = ""
    for at, rtt in samples:
        sample = Sample(rtt * MS, una=1, nxt=1_000_000, now=at * MS, cushion_us=0)
        curve, said = cubic.measured(curve, window, sample, TICK, in_slow_start=True)
        why = why or said
    return curve, why


def test_hystart_hears_a_growing_round_trip() -> None:
    """100 ms grows to 113 ms or more in all of a round's samples: the queue is filling. The ninth sample judges."""
    slow = [(100 + 10 * k, 113) for k in range(9)]
    assert rounds(slow[:8])[1] == ""
    curve, why = rounds(slow)
    assert (why, curve.found) == ("hystart-delay", True)
    assert rounds([(at, 112) for at, _ in slow])[1] == "", "12 % is not yet an eighth"


def test_one_quick_sample_in_the_round_is_enough_to_go_on() -> None:
    """The least of the round counts, also when the ninth sample is the quick one (fixed in Linux 5.8)."""
    slow = [(100 + 10 * k, 150) for k in range(8)]
    assert rounds([*slow, (190, 30)])[1] == ""


def test_hystart_hears_a_long_train_of_acks() -> None:
    """ACKs less than 2 ms apart for more than half a round trip: the pipe is full from end to end."""
    train = [(at, 100) for at in range(1, 52)]
    assert rounds(train[:-1])[1] == ""
    assert rounds(train)[1] == "hystart-train"
    gap = [(at, 100) for at in (*range(1, 20), *range(23, 60))]
    assert rounds(gap)[1] == "", "a gap of 4 ms ends the train for the rest of the round"


def test_small_windows_are_left_alone() -> None:
    """Below 16 segments HyStart does not look."""
    assert rounds([(at, 100) for at in range(1, 60)], window=15)[1] == ""


def test_a_round_ends_when_its_last_number_is_acknowledged() -> None:
    """The samples of the next round are counted from zero."""
    curve, _ = rounds([(100 + 10 * k, 113) for k in range(8)])
    sample = Sample(113 * MS, una=1_000_001, nxt=2_000_000, now=300 * MS, cushion_us=0)
    curve, why = cubic.measured(curve, 30, sample, TICK, in_slow_start=True)
    assert (why, curve.samples, curve.round_end) == ("", 1, 2_000_000)


def test_samples_just_after_a_loss_are_not_believed() -> None:
    """For a second after the epoch began, the queue is still what the loss left."""
    curve = replace(cubic.started(0, 0), epoch=0, delay_min_us=100 * MS)
    sample = Sample(50 * MS, una=1, nxt=1, now=900 * MS, cushion_us=0)
    assert cubic.measured(curve, 30, sample, TICK, in_slow_start=False)[0].delay_min_us == 100 * MS
    later = sample._replace(now=1100 * MS)
    assert cubic.measured(curve, 30, later, TICK, in_slow_start=False)[0].delay_min_us == 50 * MS
