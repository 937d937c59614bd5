"""The congestion window on its own: how it begins, when it may grow, what silence and loss do to it."""

from __future__ import annotations

import pytest

from tests.tcp.builders import MS, SECOND, rules
from tutor.tcp import congestion
from tutor.tcp.congestion import INFINITE, Congestion, Moment
from tutor.tcp.profile import Profile
from tutor.tcp.values import replace

RENO = rules("linux-6.18", congestion_control="reno")
CUBIC = rules("linux-6.18", congestion_control="cubic")
RFC = rules("rfc9293", congestion_control="reno")


def moment(now: int = 0, una: int = 1, nxt: int = 1, out: int = 0, mss: int = 1000, rto: int = 300 * MS) -> Moment:
    """A connection with a round trip of 100 ms."""
    return Moment(now, una, nxt, mss, out, 100 * MS, rto)


def opened(profile: Profile, *, timeouts: int = 0, mss: int = 1000) -> Congestion:
    """A fresh connection."""
    return congestion.opened(Congestion(), profile, moment(mss=mss), handshake_timeouts=timeouts)


def sends(record: Congestion, profile: Profile, segments: int, now: int = 0, una: int = 1) -> Congestion:
    """So many segments are outstanding now, and the window was full if they fill it."""
    nxt = una + 1000 * segments
    return congestion.validated(record, profile, moment(now, una, nxt, segments), limited=segments >= record.window)


@pytest.mark.parametrize(("mss", "segments"), [(2191, 2), (2190, 3), (1460, 3), (1096, 3), (1095, 4), (536, 4)])
def test_the_initial_window_of_rfc_5681(mss: int, segments: int) -> None:
    """Two to four segments, about 4380 octets."""
    assert opened(RFC, mss=mss).window == segments * mss


def test_ten_segments_in_linux() -> None:
    """RFC 6928, whatever the MSS; no threshold is known."""
    record = opened(CUBIC)
    assert (record.window, record.threshold, record.in_slow_start) == (10, INFINITE, True)


def test_a_lost_syn_costs_the_initial_window() -> None:
    """RFC 5681: one loss in the handshake leaves one segment. Linux forgives the first timeout."""
    assert opened(RFC, timeouts=1).window == 1000
    assert [opened(CUBIC, timeouts=count).window for count in (0, 1, 2, 3)] == [10, 10, 1, 1]


def test_nothing_happens_with_congestion_control_off() -> None:
    """Window 0 bounds nothing, and nobody counts."""
    assert opened(rules("rfc9293", congestion_control="off")) == Congestion()


def test_slow_start_doubles_in_a_round_trip() -> None:
    """One segment more for each one acknowledged: 10, 12, 14, ... 20."""
    record = sends(opened(CUBIC), CUBIC, 10)
    windows = []
    for _ in range(5):
        record = congestion.acknowledged(record, CUBIC, moment(), 2, 2000)
        windows.append(record.window)
    assert windows == [12, 14, 16, 18, 20]


def test_slow_start_of_rfc_5681_counts_acks() -> None:
    """By at most SMSS for each ACK, however much it covers (section 3.1)."""
    record = opened(RFC)
    assert record.window == 4000
    record = congestion.acknowledged(record, RFC, moment(), 2, 2000)
    assert record.window == 5000
    record = congestion.acknowledged(record, RFC, moment(), 1, 300)
    assert record.window == 5300


def test_a_window_nobody_fills_does_not_grow() -> None:
    """One segment in flight of ten allowed: its ACK says nothing about the network."""
    record = sends(opened(CUBIC), CUBIC, 1)
    assert congestion.acknowledged(record, CUBIC, moment(), 1, 1000).window == 10


def test_in_slow_start_nine_of_ten_are_enough_for_eighteen() -> None:
    """Slow start may grow up to twice what was used (google-tcp, slow-start-app-limited-9-packets-out)."""
    record = sends(opened(CUBIC), CUBIC, 9)
    windows = []
    for acked in (2, 2, 2, 2, 1):
        record = congestion.acknowledged(record, CUBIC, moment(), acked, acked * 1000)
        windows.append(record.window)
    assert windows == [12, 14, 16, 18, 18]


def test_beyond_the_threshold_reno_grows_by_one_in_a_round_trip() -> None:
    """The ACK that crosses the threshold spends its rest in congestion avoidance."""
    record = replace(sends(opened(RENO), RENO, 10), threshold=11)
    record = congestion.acknowledged(record, RENO, moment(), 3, 3000)
    assert (record.window, record.credit) == (11, 2)
    for _ in range(9):
        record = congestion.acknowledged(record, RENO, moment(), 1, 1000)
    assert (record.window, record.credit) == (12, 0)


def test_beyond_the_threshold_rfc_5681_adds_a_part_for_each_ack() -> None:
    """SMSS * SMSS / cwnd, equation (3), and one octet if that is nothing."""
    record = replace(opened(RFC), threshold=4000)
    assert congestion.acknowledged(record, RFC, moment(), 1, 1000).window == 4250
    wide = replace(record, window=2_000_000)
    assert congestion.acknowledged(wide, RFC, moment(), 1, 1000).window == 2_000_001


def test_a_loss_halves_reno_and_leaves_cubic_seven_tenths() -> None:
    """The threshold alone moves: how the window follows it is the recovery's business."""
    record = replace(opened(RENO), window=20)
    assert congestion.reduced(record, RENO, moment()).threshold == 10
    assert congestion.reduced(record, CUBIC, moment()).threshold == 14
    assert congestion.reduced(replace(record, window=3), RENO, moment()).threshold == 2


def test_rfc_5681_halves_what_is_in_flight() -> None:
    """Equation (4): half the flight, not half the window, and at least two segments."""
    record = replace(opened(RFC), window=50_000)
    assert congestion.reduced(record, RFC, moment(), flight=30_000).threshold == 15_000
    assert congestion.reduced(record, RFC, moment(), flight=3_000).threshold == 2_000


def test_a_timeout_leaves_one_segment() -> None:
    """All that was in flight counts as lost: one segment, and slow start up to the threshold."""
    record = congestion.reduced(replace(opened(CUBIC), window=20), CUBIC, moment())
    record = congestion.timed_out(record, CUBIC, moment(now=SECOND), in_flight=0)
    assert (record.window, record.threshold, record.in_slow_start) == (1, 14, True)
    assert congestion.timed_out(replace(opened(RFC), window=20_000), RFC, moment(), in_flight=0).window == 1000


def test_a_false_alarm_is_undone() -> None:
    """The window and the threshold are again what they were, or more if they have grown since."""
    record = congestion.remembered(replace(opened(CUBIC), window=20))
    record = congestion.timed_out(congestion.reduced(record, CUBIC, moment()), CUBIC, moment(), in_flight=0)
    record = congestion.undone(record)
    assert (record.window, record.threshold) == (20, INFINITE)
    assert congestion.undone(opened(CUBIC)) == opened(CUBIC), "nothing to undo"


@pytest.mark.parametrize(("idle_ms", "window"), [(300, 80), (301, 40), (600, 40), (601, 20), (901, 10), (60_000, 10)])
def test_silence_halves_the_window_for_every_rto(idle_ms: int, window: int) -> None:
    """80 segments, an RTO of 300 ms: halved for every RTO begun beyond the first, but ten remain."""
    record = replace(opened(CUBIC), window=80)
    assert congestion.after_idle(record, CUBIC, moment(now=idle_ms * MS)).window == window


def test_silence_is_remembered_in_the_threshold() -> None:
    """Slow start may come back to three quarters of where it was."""
    record = replace(opened(CUBIC), window=36, threshold=20)
    assert congestion.after_idle(record, CUBIC, moment(now=2 * SECOND)).threshold == 27


def test_silence_and_rfc_5681() -> None:
    """More than one RTO without sending: the restart window at once, and no more than there was."""
    record = replace(opened(RFC), window=36_000)
    assert congestion.after_idle(record, RFC, moment(now=300 * MS)).window == 36_000
    assert congestion.after_idle(record, RFC, moment(now=301 * MS)).window == 4_000
    assert congestion.after_idle(replace(record, window=1_000), RFC, moment(now=SECOND)).window == 1_000


def test_silence_can_be_forgiven() -> None:
    """tcp_slow_start_after_idle = 0."""
    lax = rules("linux-6.18", congestion_control="cubic", slow_start_after_idle=False)
    record = replace(opened(lax), window=36)
    assert congestion.after_idle(record, lax, moment(now=60 * SECOND)) == record


def test_half_of_what_is_not_used_goes() -> None:
    """For an RTO only four of 40 segments were in flight: (40 + 10) / 2 are left, the threshold remembers 30."""
    record = replace(opened(CUBIC), window=40, threshold=20)
    record = sends(record, CUBIC, 4, now=100 * MS)
    assert record.window == 40
    record = sends(record, CUBIC, 4, now=300 * MS, una=4001)
    assert (record.window, record.threshold) == (25, 30)


def test_a_full_window_is_never_taken_away() -> None:
    """Whoever fills the window keeps it."""
    record = sends(replace(opened(CUBIC), window=40), CUBIC, 40, now=10 * SECOND)
    assert record.window == 40
    assert congestion.is_limited(record)


def test_hystart_sets_the_threshold_where_it_stands() -> None:
    """Slow start ends without a loss."""
    record = replace(sends(opened(CUBIC), CUBIC, 10), window=40)
    why = ""
    for ms in range(1, 60):
        record, said = congestion.measured(record, CUBIC, moment(100 * MS + ms * MS, 2, 90_000), 100 * MS)
        why = why or said
    assert why == "hystart-train"
    assert record.threshold == 40
    assert congestion.measured(record, RENO, moment(), 100 * MS) == (record, ""), "Reno has no such ears"


def test_the_pacing_rate_is_twice_the_window_in_slow_start() -> None:
    """Ten segments of 1000 octets in 100 ms are 100 kB/s; twice that below half the threshold, 1.2 above."""
    record = opened(CUBIC)
    assert congestion.pacing_rate(record, CUBIC, moment()) == 200_000
    assert congestion.pacing_rate(replace(record, threshold=12), CUBIC, moment()) == 120_000
    assert congestion.pacing_rate(record, CUBIC, moment()._replace(srtt_us=0)) is None
