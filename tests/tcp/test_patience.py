"""How long Linux tries: R2 and USER TIMEOUT asked at expiries, orphans, shut windows, soft errors told at the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tcp.builders import LINUX, MINUTE, MS, SECOND, End, established, rules, syn_sent
from tutor.tcp import patience
from tutor.tcp.profile import Profile
from tutor.tcp.states import State


def seconds_until_given_up(end: End) -> list[float]:
    """When something was sent again, and when it was given up, in seconds from now."""
    start, moments = end.now, []
    while end.state is not State.CLOSED:
        end.expires()
        moments.append((end.now - start) / SECOND)
    return moments


def measured(profile: Profile, round_trip_us: int) -> End:
    """An open connection as after a first measurement of this round trip."""
    end = established(profile)
    rtx = replace(end.tcb.rtx, srtt=round_trip_us, rttvar=round_trip_us // 2, rto=200 * MS + round_trip_us)
    end.tcb = replace(end.tcb, rtx=rtx)
    return end


# --- retransmission ---


def test_retries_are_a_time_counted_from_the_first_retransmission() -> None:
    """Three retries are 3.0 s; 8 ms of round trip bring the fourth expiry over it, less than 1 ms does not."""
    for round_trip, repetitions in ((8 * MS, 3), (MS // 2, 4)):
        end = measured(rules("linux-6.18", data_retries=3), round_trip)
        end.sends(10)
        assert len(seconds_until_given_up(end)) == repetitions + 1


@pytest.mark.parametrize(
    ("milliseconds", "repetitions"), [(100, 1), (300, 1), (900, 2), (1500, 3), (2500, 3), (3000, 3), (4500, 4)]
)
def test_the_user_timeout_of_linux_ends_the_last_wait_and_never_early(milliseconds: int, repetitions: int) -> None:
    """As 6.18.44 answered with an RTO of 212 to 220 ms: counted from the first retransmission, no timer of its own."""
    end = measured(LINUX, 12 * MS)
    end.sets("user_timeout_us", milliseconds * MS)
    end.sends(10)
    assert "user" not in end.timers
    first, *_, last = moments = seconds_until_given_up(end)
    assert len(moments) == repetitions + 1
    assert last - first == pytest.approx(milliseconds / 1000)


def test_a_smaller_largest_rto_makes_r2_shorter() -> None:
    """tcp_rto_max_ms = 1000: six retries come to 1.4 s and four more seconds."""
    profile = rules("linux-6.18", data_retries=6, rto_max_us=SECOND)
    assert patience.span(established(profile).tcb, profile) == 5400 * MS


def test_an_orphan_is_tried_less() -> None:
    """tcp_orphan_retries 0 means eight, 102.2 s; none at all when the RTO cannot grow any more."""
    end = established(LINUX)
    end.lets_go()
    assert patience.span(end.tcb, LINUX) == 102_200 * MS
    short = rules("linux-6.18", rto_max_us=SECOND)
    end = established(short)
    end.lets_go()
    assert seconds_until_given_up(end) == [0.2, 0.6, 1.4, 2.4]
    assert patience.span(end.tcb, rules("linux-6.18", orphan_retries=3)) == 3 * SECOND


def test_a_connect_is_bounded_by_the_user_timeout_instead_of_its_retries() -> None:
    """2500 ms: SYNs at 0, 1 and 2 s, and the end half a second later."""
    end = syn_sent(LINUX)
    end.sets("user_timeout_us", 2500 * MS)
    assert seconds_until_given_up(end) == [1, 2, 2.5]


# --- what the user is told ---


def test_a_soft_error_is_told_when_the_connection_is_given_up() -> None:
    """EHOSTUNREACH in place of ETIMEDOUT; an ACK in between would have made it old news."""
    for heard, told in ((False, "unreachable"), (True, "timed-out")):
        end = established(rules("linux-6.18", data_retries=1))
        end.sends(10)
        end.hears("soft", seq=101)
        if heard:
            end.gets("ACK", seq=301, ack=111)
            end.sends(10)
        reply = end.expires()
        while not reply.crossed:
            reply = end.expires()
        assert reply.told == (told,)


# --- shut windows ---


def test_a_window_shut_over_what_is_in_flight_has_it_sent_again_for_ever() -> None:
    """While the peer answers; silent for two largest RTOs, or for the user's timeout, he is given up."""
    end = established(LINUX)
    end.sends(10)
    end.gets("ACK", seq=301, ack=101, win=0)
    assert set(end.timers) == {"retransmission"}
    for _ in range(20):
        assert end.expires("retransmission").said == ("PSH,ACK 101:111(10) ack 301",)
        end.gets("ACK", seq=301, ack=101, win=0)
    heard = end.now
    while end.state is not State.CLOSED:
        end.expires("retransmission")
    assert 4 * MINUTE < end.now - heard <= 6 * MINUTE


def test_the_user_timeout_ends_probing_though_the_peer_answers() -> None:
    """TCP_USER_TIMEOUT counts from the first probe; the last wait ends with it."""
    end = established(LINUX, win=0)
    end.sets("user_timeout_us", 1500 * MS)
    end.sends(10)
    first = None
    while end.state is not State.CLOSED:
        reply = end.expires("persist")
        first = end.now if first is None else first
        if not reply.crossed:
            end.wait(8 * MS)
            end.gets("ACK", seq=301, ack=101, win=0)
    assert 1400 * MS < end.now - first <= 1500 * MS


def test_an_answer_starts_the_wait_for_the_next_probe_anew() -> None:
    """The interval is counted from what was heard last."""
    end = established(LINUX, win=0)
    end.sends(10)
    end.expires("persist")
    wait = end.timer("persist")
    end.wait(50 * MS)
    end.gets("ACK", seq=301, ack=101, win=0)
    assert end.timer("persist") == wait


def test_an_orphan_with_a_shut_window_is_given_up_unanswered_or_at_the_longest_wait() -> None:
    """Eight probes that nobody answers."""
    end = established(LINUX, win=0)
    end.sends(10)
    end.lets_go()
    probes = 0
    while not end.expires("persist").crossed:
        probes += 1
    assert probes == 8


# --- keep-alive ---


def test_the_user_timeout_takes_the_place_of_the_count_of_probes() -> None:
    """Idle 1 s, every 1 s, 2500 ms: probes at 1 and 2 s, over at 3 s; the count alone would have gone on to 10."""
    end = established(LINUX)
    for name, value in (
        ("keepalive", 1), ("keepalive_idle_us", SECOND), ("keepalive_interval_us", SECOND), ("keepalive_probes", 9),
        ("user_timeout_us", 2500 * MS),
    ):  # fmt: skip
        end.sets(name, value)
    assert seconds_until_given_up(end) == [1, 2, 3]


def test_a_new_idle_time_counts_from_when_the_peer_was_last_heard() -> None:
    """Ten seconds of silence count."""
    end = established(LINUX)
    end.sets("keepalive", 1)
    end.wait(10 * SECOND)
    end.sets("keepalive_idle_us", 15 * SECOND)
    assert end.timer("keepalive") == 5 * SECOND
    end.sets("keepalive_idle_us", 5 * SECOND)
    assert end.timer("keepalive") == 0
