"""What goes again, when, and how far the window falls: one end, and a peer that tells of gaps.

Segments carry 1000 octets, a round trip takes 100 ms. The times and windows of each story were compared with
recordings of Linux 6.18; here the stories stand alone, one rule each.
"""

from __future__ import annotations

import pytest

from tests.tcp.builders import IRS, LINUX, MS, RFC, Answer, End, syn_sent
from tutor.tcp.congestion import INFINITE
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options

SACK = Options(mss=1000, sack_permitted=True)
BARE = Options(mss=1000)


def opened(profile: Profile = LINUX, options: Options = SACK) -> End:
    """A connection whose handshake took 100 ms."""
    end = syn_sent(profile).wait(100 * MS)
    end.gets("SYN,ACK", seq=IRS, ack=101, options=options)
    return end


def flight(segments: int, profile: Profile = LINUX, options: Options = SACK) -> End:
    """So many segments are in flight, and a round trip has passed."""
    end = opened(profile, options)
    end.sends(1000 * segments)
    return end.wait(100 * MS)


def acked(end: End, number: int, *blocks: tuple[int, int]) -> Answer:
    """The peer acknowledges ``number`` and holds ``blocks``."""
    return end.gets("ACK", seq=301, ack=number, options=Options(sack=blocks))


def first_numbers(answer: Answer) -> list[int]:
    """SEG.SEQ of what was sent."""
    return [segment.seq for segment in answer.reaction.segments]


# --- with SACK ---


def test_the_third_segment_overtaking_starts_the_repair_at_once() -> None:
    """Two leave room for reordering; at the third the hole goes again, and cubic's window falls to seven tenths."""
    end = flight(10)
    assert acked(end, 101, (1101, 2101)).is_nothing
    assert acked(end, 101, (1101, 3101)).is_nothing
    repair = acked(end, 101, (1101, 4101))
    assert repair.said == ("ACK 101:1101(1000) ack 301",)
    assert "recovery-begins" in repair.because
    assert (end.tcb.rec.phase, end.tcb.cc.threshold) == ("recovery", 7)


def test_one_block_and_a_quarter_of_a_round_trip_are_enough() -> None:
    """Surprise to readers of RFC 5681: nobody counts to three, the clock does."""
    end = flight(10)
    acked(end, 101, (1101, 2101))
    began = end.now
    repair = end.expires("reordering")
    assert first_numbers(repair) == [101]
    assert 25 * MS <= end.now - began <= 35 * MS


def test_recovery_ends_where_it_began() -> None:
    """SND.NXT of its beginning is acknowledged: the phase is open again, and the window what the cut left."""
    end = flight(10)
    acked(end, 101, (1101, 4101))
    assert end.tcb.rec.high == 10101
    assert "recovery-ends" in acked(end.wait(100 * MS), 10101).because
    assert end.tcb.rec.phase == "open"
    assert end.tcb.cc.threshold == 7


def test_two_holes_go_again_from_the_lower_to_the_higher() -> None:
    """Every hole below what arrived is lost; the window in proportion says how many go at once."""
    end = flight(10)
    repair = acked(end, 1101, (2101, 3101), (4101, 10101))
    assert first_numbers(repair) == [1101, 3101]


def test_a_lost_repetition_is_found_by_what_left_after_it() -> None:
    """Without a timeout: new text that was sent behind the repetition has arrived, the repetition has not."""
    end = flight(10)
    end.sends(3000)
    sent = [first_numbers(acked(end, 101, (1101, top))) for top in (5101, 6101, 7101)]
    assert sent == [[101, 10101], [11101], [12101]], "new text follows the repetition"
    again = acked(end.wait(100 * MS), 101, (1101, 11101))
    answer = again if again.said else end.expires("reordering")
    assert first_numbers(answer)[0] == 101
    assert "repetition-lost" in answer.because


def test_a_d_sack_takes_the_cut_back() -> None:
    """The first copy was late and not lost: the window is what it was (RFC 2883, ``tcp_try_undo_dsack``)."""
    end = flight(10)
    acked(end, 101, (1101, 4101))
    acked(end.wait(50 * MS), 10101)
    assert end.tcb.cc.threshold == 7
    undone = acked(end.wait(50 * MS), 10101, (101, 1101))
    assert "undone-by-d-sack" in undone.because
    assert (end.tcb.cc.window, end.tcb.cc.threshold) == (10, INFINITE)


# --- the end of a flight ---


def test_the_last_segment_is_sent_again_as_a_probe() -> None:
    """Two round trips of silence: the *last* one goes, then the timeout takes the first (RFC 8985 section 7)."""
    end = opened()
    end.sends(2000)
    probe = end.expires("loss-probe")
    assert first_numbers(probe) == [1101]
    assert set(end.timers) == {"retransmission"}
    assert first_numbers(end.expires("retransmission")) == [101]


def test_a_probe_takes_new_text_if_there_is_some() -> None:
    """Held back by the congestion window, eleven to thirteen wait: the probe may go beyond it."""
    end = opened()
    end.sends(13000)
    assert first_numbers(end.expires("loss-probe")) == [10101]


def test_a_repair_that_nobody_saw_still_cuts_the_window() -> None:
    """The ACK goes beyond the probe, and no D-SACK came: the first copy was lost (``tcp_process_tlp_ack``)."""
    end = flight(2)
    acked(end, 1101)
    end.expires("loss-probe")
    acked(end.wait(100 * MS), 2101)
    end.sends(1000)
    assert "loss-probe-repaired" in acked(end.wait(100 * MS), 3101).because
    assert end.tcb.cc.threshold == 7


def test_without_a_second_copy_seen_a_probe_costs_nothing() -> None:
    """The D-SACK of the probe says that both copies arrived."""
    end = flight(2)
    acked(end, 1101)
    end.expires("loss-probe")
    acked(end, 2101)
    acked(end.wait(100 * MS), 2101, (1101, 2101))
    end.sends(1000)
    acked(end.wait(100 * MS), 3101)
    assert end.tcb.cc.threshold == INFINITE


# --- after a timeout ---


def test_after_a_timeout_the_window_begins_with_one_segment() -> None:
    """The oldest goes again, the rest when its ACK comes (RFC 5681 section 3.1)."""
    end = flight(10)
    end.expires("loss-probe")
    assert first_numbers(end.expires("retransmission")) == [101]
    assert (end.tcb.rec.phase, end.tcb.cc.window, end.tcb.cc.threshold) == ("loss", 1, 7)


def test_a_spurious_timeout_is_taken_back() -> None:
    """F-RTO: new text goes first, and ACKs of what was sent once prove that nothing was lost (RFC 5682)."""
    end = flight(10)
    end.expires("loss-probe")
    end.expires("retransmission")
    end.sends(5000)
    assert first_numbers(acked(end, 1101)) == [10101, 11101]
    undone = acked(end, 2101)
    assert "timeout-was-spurious" in undone.because
    assert (end.tcb.rec.phase, end.tcb.cc.threshold) == ("open", INFINITE)


def test_a_peer_that_throws_away_what_it_held_is_found_out() -> None:
    """SACK is advice: what was told and then lies before the ACK is sent again after half a round trip (RFC 2018)."""
    end = flight(4)
    acked(end, 101, (1101, 4101))
    reneged = acked(end.wait(100 * MS), 1101)
    assert "peer-reneges" in reneged.because
    assert end.timer("retransmission") == 50 * MS
    assert first_numbers(end.expires("retransmission")) == [1101]


# --- without SACK ---


@pytest.mark.parametrize("profile", [LINUX, RFC], ids=["linux-6.18", "rfc9293"])
def test_the_third_duplicate_ack_is_the_signal(profile: Profile) -> None:
    """RFC 5681 section 3.2: one and two are let pass, at the third the oldest goes again."""
    end = opened(profile, BARE)
    end.sends(5000)
    acked(end.wait(100 * MS), 1101)
    assert acked(end, 1101).purposes in ((), ("data",)), "at most limited transmit"
    assert acked(end, 1101).purposes in ((), ("data",))
    assert acked(end, 1101).said == ("ACK 1101:2101(1000) ack 301",)


def test_a_duplicate_that_carries_text_or_moves_the_window_does_not_count() -> None:
    """RFC 5681 section 2 says exactly what a duplicate ACK is."""
    end = flight(4, LINUX, BARE)
    acked(end, 1101)
    for place, window in enumerate((60000, 60001, 60002)):
        end.gets("ACK", seq=301, ack=1101, win=window)
        end.gets("ACK", seq=301 + 5 * place, ack=1101, win=window, text=5)
    assert end.tcb.rec.phase in ("open", "disorder")
    assert end.tcb.out.queue[0].transmissions == 1


def test_a_partial_ack_names_the_next_hole() -> None:
    """RFC 6582: one repetition a round trip, without waiting for three more duplicates."""
    end = flight(10, LINUX, BARE)
    for _ in range(4):
        acked(end, 101)
    assert first_numbers(acked(end.wait(100 * MS), 3101)) == [3101]
    acked(end.wait(100 * MS), 10101)
    assert end.tcb.rec.phase == "recovery", "held until more than its end is acknowledged"


def test_limited_transmit_by_the_letter_of_rfc_3042() -> None:
    """Each of the first two duplicates lets one new segment out beyond the window."""
    end = opened(RFC, BARE)
    end.sends(3000)
    end.sends(9000)
    end.wait(100 * MS)
    assert first_numbers(acked(end, 101)) == [4101]
    assert first_numbers(acked(end, 101)) == [5101]
    assert first_numbers(acked(end, 101)) == [101]


def test_a_fast_retransmit_of_the_rfc_halves_the_flight() -> None:
    """Threshold: half of what is in flight; window: that and the three that have left the network (RFC 5681)."""
    end = opened(RFC, BARE)
    end.sends(12000)
    end.wait(100 * MS)
    for _ in range(3):
        acked(end, 101)
    assert end.tcb.cc.threshold == 2000
    assert end.tcb.cc.window == 5000
