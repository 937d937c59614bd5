"""What leaves and when: segments, PSH, Nagle, silly windows, urgent data (RFC 9293 sections 3.7, 3.8.5, 3.8.6.2.1)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import LINUX, MS, SECOND, End, established, rules
from tutor.tcp.permit import CONGESTION_WINDOW_FULL, Permit, what_may_i_send
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options, Payload
from tutor.tcp.values import replace

FULL = 1460
UNLIMITED = rules(congestion_control="off")

# --- cutting the stream into segments ---


def test_the_stream_is_cut_at_the_mss() -> None:
    """4000 octets: two full segments at once; the small rest waits for an ACK (Nagle)."""
    end = established()
    reply = end.sends(4000)
    assert reply.said == ("ACK 101:1561(1460) ack 301", "ACK 1561:3021(1460) ack 301")
    assert reply.because == ("nagle-waits",)
    assert end.gets("ACK", seq=301, ack=3021).said == ("PSH,ACK 3021:4101(1080) ack 301",)


def test_the_slices_of_the_stream_follow_one_another() -> None:
    """The octets are never copied: each segment names its part of the stream."""
    end = established()
    first, second = end.sends(2 * FULL).reaction.segments
    assert (first.payload, second.payload) == (Payload("ours", 0, FULL), Payload("ours", FULL, 2 * FULL))


def test_without_an_mss_option_the_peer_takes_536_octets() -> None:
    """MUST-15."""
    end = established(options=Options())
    assert end.sends(1072).said == ("ACK 101:637(536) ack 301", "PSH,ACK 637:1173(536) ack 301")


def test_the_smaller_of_both_mss_counts() -> None:
    """The peer would take 9000, but our own network does not carry that (MUST-16)."""
    assert established(options=Options(mss=9000)).sends(FULL + 1).said == ("ACK 101:1561(1460) ack 301",)
    assert established(options=Options(mss=500)).sends(501).said == ("ACK 101:601(500) ack 301",)


def test_options_take_their_room_from_the_text() -> None:
    """Timestamps are twelve octets of every segment: 1460 - 12 = 1448 (3.7.1)."""
    end = established(LINUX, options=Options(mss=1460, timestamp=(5000, 0)))
    assert end.sends(1500).said == ("ACK 101:1549(1448) ack 301", "PSH,ACK 1549:1601(52) ack 301")


def test_a_nonsensical_mss_still_lets_an_octet_through() -> None:
    """A peer that takes fewer octets than the options need gets one at a time."""
    end = established(rules(timestamps=True, delayed_ack_us=0), options=Options(mss=5, timestamp=(5000, 0)))
    assert end.sends(2).said == ("ACK 101:102(1) ack 301", "PSH,ACK 102:103(1) ack 301")


def test_a_stream_may_run_over_the_end_of_the_numbers() -> None:
    """ISS = 2^32 - 1000: the first full segment crosses zero; its ACK, small as it looks, is newer."""
    end = established(iss=2**32 - 1000)
    reply = end.sends(2 * FULL)
    assert reply.said == (
        f"ACK {2**32 - 999}:461(1460) ack 301",  # 2^32 - 999 + 1460 = 2^32 + 461
        "PSH,ACK 461:1921(1460) ack 301",
    )
    end.gets("ACK", seq=301, ack=461)
    assert [entry.seq for entry in end.tcb.out.queue] == [461]
    assert end.expires("retransmission").said == ("PSH,ACK 461:1921(1460) ack 301",)
    end.gets("ACK", seq=301, ack=1921)
    assert end.sends(10).segment.payload == Payload("ours", 2920, 2930)


# --- PSH ---


def test_push_marks_the_last_segment_of_a_send() -> None:
    """Not the segments before it (3.9.1.2)."""
    assert established().sends(2 * FULL).said == ("ACK 101:1561(1460) ack 301", "PSH,ACK 1561:3021(1460) ack 301")


def test_without_push_no_segment_is_marked() -> None:
    """The flag is the user's."""
    assert established().sends(100, push=False).said == ("ACK 101:201(100) ack 301",)


def test_linux_marks_what_a_window_smaller_than_a_segment_cuts_off_first() -> None:
    """The write's first buffer ends beyond half of the peer's largest window; the pieces after it bear no mark."""
    end = established(LINUX, win=500)
    assert end.sends(3000).said == ("PSH,ACK 101:601(500) ack 301",)
    assert end.gets("ACK", seq=301, ack=601, win=500).said == ("ACK 601:1101(500) ack 301",)
    assert established(win=500).sends(3000).said == ("ACK 101:601(500) ack 301",)


def test_pushes_that_meet_in_one_segment_are_one() -> None:
    """ "The transmitter SHOULD collapse successive bits" (SHLD-27)."""
    end = established()
    end.sends(100)
    end.sends(10)
    end.sends(10)
    end.sends(10, push=False)
    assert end.gets("ACK", seq=301, ack=201).said == ("PSH,ACK 201:231(30) ack 301",)
    assert end.tcb.out.pushes == ()


def test_a_repetition_keeps_its_push() -> None:
    """The same segment goes again."""
    end = established()
    end.sends(100)
    assert end.expires("retransmission").said == ("PSH,ACK 101:201(100) ack 301",)


# --- Nagle (3.7.4) ---


def test_a_first_small_segment_goes_at_once() -> None:
    """Nothing is unacknowledged."""
    assert established().sends(1).said == ("PSH,ACK 101:102(1) ack 301",)


def test_a_second_small_segment_waits_and_grows() -> None:
    """What is written meanwhile leaves as one segment with the ACK."""
    end = established()
    end.sends(1)
    for _ in range(5):
        assert end.sends(3).because == ("nagle-waits",)
    assert end.gets("ACK", seq=301, ack=102).said == ("PSH,ACK 102:117(15) ack 301",)


def test_a_full_segment_need_not_wait() -> None:
    """ "Or until the TCP endpoint can send a full-sized segment"."""
    end = established()
    end.sends(1)
    end.sends(FULL - 1)
    assert end.sends(1).said == (f"PSH,ACK 102:{102 + FULL}({FULL}) ack 301",)


def test_the_user_can_turn_nagle_off() -> None:
    """MUST-17: TCP_NODELAY."""
    end = established()
    end.sets("nodelay", 1)
    assert [end.sends(1).said for _ in range(2)] == [("PSH,ACK 101:102(1) ack 301",), ("PSH,ACK 102:103(1) ack 301",)]


# --- the window, and silly ones (3.8.6.2.1) ---


def test_no_more_leaves_than_the_window_takes() -> None:
    """Two segments fill a window of 2920; the third waits for room."""
    end = established(win=2 * FULL)
    assert len(end.sends(3 * FULL).said) == 2
    assert end.gets("ACK", seq=301, ack=1561, win=FULL).said == ()
    assert end.gets("ACK", seq=301, ack=1561, win=2 * FULL).said == ("PSH,ACK 3021:4481(1460) ack 301",)


def test_rule_2_everything_that_waits_fits() -> None:
    """D =< U: a small last piece goes although the window could take more."""
    assert established(win=10_000).sends(100).said == ("PSH,ACK 101:201(100) ack 301",)


def test_rule_3_half_of_the_largest_window_is_worth_a_segment() -> None:
    """A peer with room for 1000 at most: 500 are sent, 499 are silly."""
    for window, said in ((500, ("ACK 1101:1601(500) ack 301",)), (499, ())):
        end = established(win=1000)
        end.sends(1000)
        end.sends(1000)
        reply = end.gets("ACK", seq=301, ack=1101, win=window)
        assert reply.said == said
        assert ("silly-window" in reply.because) is not bool(said)


def test_rule_4_the_override_timer_ends_a_deadlock() -> None:
    """The estimate of the peer's buffer may be wrong: after an RTO what fits goes, silly or not."""
    end = established(UNLIMITED, win=10 * FULL)
    end.sends(10 * FULL)
    end.sends(1000)
    assert "silly-window" in end.gets("ACK", seq=301, ack=14_701, win=100).because
    assert end.timer("persist") == SECOND
    reply = end.expires("persist")
    assert reply.said == ("ACK 14701:14801(100) ack 301",)
    assert set(end.timers) == {"retransmission", "user"}


def test_even_without_nagle_a_silly_segment_waits() -> None:
    """TCP_NODELAY does not turn silly window avoidance off."""
    end = established(UNLIMITED, win=10_000)
    end.sets("nodelay", 1)
    end.sends(9_900)
    end.sends(1000)
    assert end.tcb.flight_size == 9_900
    assert end.tcb.out.unsent == 1000


def test_a_window_that_shrank_stops_new_text_only() -> None:
    """MUST-34: the usable window may be negative. What is in flight is repeated as always (SHLD-16)."""
    end = established(win=3 * FULL)
    end.sends(2 * FULL)
    end.gets("ACK", seq=301, ack=101, win=FULL)
    assert end.sends(FULL).because == ("window-closed",)
    assert end.expires("retransmission").said == ("ACK 101:1561(1460) ack 301",)


def test_an_ack_from_behind_a_shrunk_window_can_still_be_heard() -> None:
    """Its number is the edge of the window, not SND.NXT, which the peer would not accept."""
    end = established(rules(delayed_ack_us=0), win=3 * FULL)
    end.sends(2 * FULL)
    end.gets("ACK", seq=301, ack=101, win=FULL)
    assert end.gets("PSH,ACK", seq=301, ack=101, win=FULL, text=5).said == ("ACK 1561:1561(0) ack 306",)


def test_an_old_segment_does_not_set_the_window() -> None:
    """SND.WL1 and SND.WL2 remember which segment spoke last."""
    end = established()
    end.sends(10)
    end.gets("PSH,ACK", seq=301, ack=111, text=5, win=4000)
    assert end.tcb.snd.wnd == 4000
    end.gets("ACK", seq=301, ack=111, win=9000)
    assert end.tcb.snd.wnd == 4000
    end.gets("ACK", seq=306, ack=111, win=9000)
    assert end.tcb.snd.wnd == 9000


def test_a_segment_that_was_overtaken_does_not_set_the_window() -> None:
    """Acceptable, with the same ACK, but older than the one that set it."""
    end = established()
    end.gets("ACK", seq=311, ack=101, text=10, win=4000)
    end.gets("ACK", seq=301, ack=101, text=10, win=9000)
    assert end.tcb.snd.wnd == 4000


@pytest.mark.parametrize(
    ("congestion_window", "permit"),
    [(None, Permit(FULL)), (10_000, Permit(FULL)), (FULL, Permit(FULL)), (0, CONGESTION_WINDOW_FULL)],
)
def test_a_congestion_window_is_one_more_bound(congestion_window: int | None, permit: Permit) -> None:
    """The place is there; the algorithms come later."""
    end = established(win=0)
    end.sends(2 * FULL)
    open_window = replace(end.tcb, snd=replace(end.tcb.snd, wnd=65535))
    assert what_may_i_send(open_window, end.profile, congestion_window=congestion_window) == permit


# --- urgent data (3.8.5) ---


def test_the_urgent_pointer_names_the_octet_behind_the_urgent_data() -> None:
    """MUST-62: relative to the segment's number."""
    reply = established().sends(10, urgent=True)
    assert reply.said == ("PSH,ACK,URG 101:111(10) ack 301",)
    assert reply.segment.urgent == 10


def test_every_segment_before_the_pointer_says_so() -> None:
    """Urgent data of any length (MUST-31); what is written behind it is ordinary."""
    end = established()
    first, second = end.sends(2 * FULL, urgent=True).reaction.segments
    assert (first.urgent, second.urgent) == (2 * FULL, FULL)
    assert not end.sends(FULL).segment.urg


def test_a_pointer_too_far_away_points_as_far_as_it_can() -> None:
    """Sixteen bits."""
    end = established(rules(send_buffer=200_000, congestion_control="off"), win=65535)
    end.sends(100_000, urgent=True)
    assert end.tcb.snd.up == 100_101
    assert {entry.payload.stop for entry in end.tcb.out.queue if entry.payload} == {FULL * n for n in range(1, 45)}
    assert end.expires("retransmission").segment.urgent == 65535


def test_urgent_mode_ends_with_its_ack() -> None:
    """SND.UP is forgotten when everything before it is acknowledged."""
    end = established()
    end.sends(10, urgent=True)
    end.gets("ACK", seq=301, ack=111)
    assert end.tcb.snd.up is None


def test_urgent_data_written_during_the_handshake_is_urgent_when_it_leaves() -> None:
    """ "The urgent bit if requested in the command must be sent with the data segments"."""
    end = End()
    end.connects()
    end.sends(10, urgent=True)
    assert end.gets("SYN,ACK", seq=300, ack=101).said == ("PSH,ACK,URG 101:111(10) ack 301",)


@pytest.mark.parametrize("profile", [rules(), LINUX])
def test_what_was_acknowledged_makes_room_for_the_writer(profile: Profile) -> None:
    """The user hears that he may write again."""
    end = established(profile)
    end.sends(10)
    assert end.wait(20 * MS).gets("ACK", seq=301, ack=111).told == ("writable",)
