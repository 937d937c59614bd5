"""How long to wait: what is measured of the round trip, and what follows from it (RFC 6298 sections 2 and 3)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from tests.tcp.builders import IRS, ISS, LINUX, MS, RFC, SECOND, End, established, rules, syn_sent
from tutor.tcp.profile import Profile
from tutor.tcp.rto import measured
from tutor.tcp.segment import Options
from tutor.tcp.tcb import Rtx, SendSpace

# --- the numbers (RFC 6298 section 2) ---

NO_MINIMUM = rules(rto_min_us=0)


def after(end: End, round_trip: int) -> End:
    """Ten octets go and are acknowledged ``round_trip`` later."""
    end.sends(10)
    end.wait(round_trip)
    end.gets("ACK", seq=301, ack=end.tcb.snd.nxt)
    return end


def test_2_2_the_first_measurement() -> None:
    """R = 100 ms: SRTT = 100, RTTVAR = R / 2 = 50, RTO = 100 + 4 * 50 = 300 ms."""
    end = syn_sent(NO_MINIMUM)
    end.wait(100 * MS)
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    assert (end.tcb.rtx.srtt, end.tcb.rtx.rttvar, end.tcb.rtx.rto) == (100 * MS, 50 * MS, 300 * MS)


def test_2_3_the_next_measurement() -> None:
    """R' = 200 ms: RTTVAR = 3/4 * 50 + 1/4 * |100 - 200| = 62.5, SRTT = 7/8 * 100 + 1/8 * 200 = 112.5."""
    end = syn_sent(NO_MINIMUM)
    end.wait(100 * MS)
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    after(end, 200 * MS)
    assert (end.tcb.rtx.srtt, end.tcb.rtx.rttvar) == (112_500, 62_500)
    assert end.tcb.rtx.rto == 112_500 + 4 * 62_500


def test_2_3_the_variation_never_counts_less_than_the_clock_shows() -> None:
    """A steady round trip of 10 ms: 4 * RTTVAR shrinks below G = 1 ms, and G takes its place."""
    rtx = Rtx()
    for _ in range(60):
        rtx = measured(rtx, 10 * MS, NO_MINIMUM, SendSpace())
    assert rtx.rto == 10 * MS + NO_MINIMUM.rto_granularity_us


@pytest.mark.parametrize(
    ("profile", "rto"),
    [
        (RFC, SECOND),  # 100 + 4 * 50 = 300 ms, rounded up to 1 s (2.4)
        (LINUX, 300 * MS),  # 100 + max(4 * 50, 200)
    ],
)
def test_2_4_where_the_lower_bound_applies(profile: Profile, rto: int) -> None:
    """The RFC bounds the sum, Linux the variation."""
    assert measured(Rtx(), 100 * MS, profile, SendSpace()).rto == rto


def test_2_4_linux_on_a_fast_network() -> None:
    """R = 8 ms: 8 + max(4 * 4, 200) = 208 ms."""
    assert measured(Rtx(), 8 * MS, LINUX, SendSpace()).rto == 208 * MS


def test_linux_holds_the_worst_variation_of_a_round_trip() -> None:
    """100, then 500 ms: the variation is 50 + (400 - 50) / 4; four times that holds, and falls by a quarter a round."""
    rtx = measured(Rtx(), 100 * MS, LINUX, SendSpace(nxt=1))
    rtx = measured(rtx, 500 * MS, LINUX, SendSpace(una=1, nxt=2))
    assert (rtx.srtt, rtx.rttvar, rtx.held, rtx.rto) == (150 * MS, 137_500, 550 * MS, 700 * MS)
    steady = measured(rtx, 150 * MS, LINUX, SendSpace(una=2, nxt=3))
    assert steady.held == 550 * MS, "this round trip saw it still"
    later = measured(steady, 150 * MS, LINUX, SendSpace(una=4, nxt=5))
    assert 200 * MS < later.held < steady.held


def test_linux_hardly_believes_a_shorter_round_trip() -> None:
    """From 400 to 100 ms the error is 300, 100 more than the variation; of that a thirty-second counts."""
    rtx = measured(measured(Rtx(), 400 * MS, LINUX, SendSpace()), 100 * MS, LINUX, SendSpace())
    assert rtx.rttvar == 200 * MS + 100 * MS // 32


def test_2_5_the_upper_bound() -> None:
    """A round trip of a minute: 60 + 4 * 30 = 180 s, cut to the bound of two minutes."""
    assert measured(Rtx(), 60 * SECOND, RFC, SendSpace()).rto == 120 * SECOND


@given(st.lists(st.integers(0, 10 * SECOND), min_size=1, max_size=40))
def test_the_integers_follow_the_fractions(round_trips: list[int]) -> None:
    """The formulas in exact arithmetic never drift more than a few microseconds away."""
    rtx = Rtx()
    srtt, rttvar = Fraction(round_trips[0]), Fraction(round_trips[0], 2)
    for number, round_trip in enumerate(round_trips):
        rtx = measured(rtx, round_trip, NO_MINIMUM, SendSpace())
        if number:
            rttvar = Fraction(3, 4) * rttvar + Fraction(1, 4) * abs(srtt - round_trip)
            srtt = Fraction(7, 8) * srtt + Fraction(1, 8) * round_trip
        assert rtx.srtt is not None
        assert abs(rtx.srtt - srtt) <= 8
        assert abs(rtx.rttvar - rttvar) <= 16


# --- Karn (RFC 6298 section 3) ---


def test_a_segment_sent_twice_is_not_measured() -> None:
    """Which copy was acknowledged? The RTO stays as it was backed off, until a new segment is measured."""
    end = established()
    end.sends(10)
    end.expires("retransmission")
    end.wait(50 * MS)
    reply = end.gets("ACK", seq=301, ack=111)
    assert reply.because[0] == "karn-no-measurement"
    assert end.tcb.rtx.rto == 2 * SECOND
    after(end, 50 * MS)
    assert end.tcb.rtx.rto == SECOND


def test_one_ack_for_a_repeated_and_a_fresh_segment_is_not_measured() -> None:
    """It may have waited for the repetition."""
    end = established()
    end.sends(2 * 1460)
    end.expires("retransmission")
    assert "karn-no-measurement" in end.gets("ACK", seq=301, ack=101 + 2 * 1460).because


def test_timestamps_tell_the_copies_apart() -> None:
    """The echo is that of the second copy: 50 ms, not 1.05 s (RFC 7323 section 4)."""
    end = established(rules(timestamps=True, rto_min_us=0), options=Options(mss=1460, timestamp=(5000, 0)))
    end.sends(10)
    again = end.expires("retransmission").segment
    assert again.options.timestamp is not None
    end.wait(50 * MS)
    echo = Options(timestamp=(5001, again.options.timestamp[0]))
    reply = end.gets("ACK", seq=301, ack=111, options=echo)
    assert reply.reaction.reasons[0].arguments[0] == ("rtt_us", 50 * MS)


def test_an_echo_from_the_future_is_not_believed() -> None:
    """A peer that echoes what we never sent cannot spoil the RTO."""
    end = established(rules(timestamps=True), options=Options(mss=1460, timestamp=(5000, 0)))
    end.sends(10)
    end.expires("retransmission")
    reply = end.gets("ACK", seq=301, ack=111, options=Options(timestamp=(5001, 900_000)))
    assert "karn-no-measurement" in reply.because


def test_the_oldest_of_several_acknowledged_segments_is_measured() -> None:
    """A delayed ACK covers two; the second went out 30 ms after the first, which has waited for 80 (``first_ackt``)."""
    end = established(NO_MINIMUM)
    end.sends(1460)
    end.wait(30 * MS)
    end.sends(1460)
    end.wait(50 * MS)
    reply = end.gets("ACK", seq=301, ack=101 + 2 * 1460)
    assert reply.reaction.reasons[0].arguments[0] == ("rtt_us", 80 * MS)
