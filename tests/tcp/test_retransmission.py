"""When to send again and when to give up (RFC 6298; RFC 9293 sections 3.8.1, 3.8.3 and 3.10.8)."""

from __future__ import annotations

from itertools import accumulate

import pytest

from tests.tcp.builders import (
    IRS,
    ISS,
    LINUX,
    MS,
    SECOND,
    End,
    Make,
    close_wait,
    closing,
    established,
    fin_wait_1,
    fin_wait_2,
    last_ack,
    rules,
    syn_received,
    syn_sent,
)
from tutor.tcp.events import Expiry
from tutor.tcp.rto import backed_off
from tutor.tcp.segment import Options
from tutor.tcp.states import State
from tutor.tcp.tcb import Rtx


def sent_at(end: End) -> tuple[list[float], float]:
    """Let the timers run: (seconds at which the front went out, the first at 0; second at which it was over)."""
    times = [0.0]
    start = end.now
    while end.state is not State.CLOSED:
        reply = end.expires()
        if reply.said:
            times.append((end.now - start) / SECOND)
    return times, (end.now - start) / SECOND


# --- the schedules of an opening ---


def test_a_syn_of_the_rfc_is_repeated_for_three_minutes() -> None:
    """RTO 1 s, doubled each time (RFC 6298 5.5), until R2 = 3 min (MUST-23)."""
    waits = [1, 2, 4, 8, 16, 32, 64]
    assert sent_at(syn_sent()) == ([0, *accumulate(waits)], 180)


def test_a_syn_ack_of_the_rfc_follows_the_same_schedule() -> None:
    """It is a SYN as well."""
    assert sent_at(syn_received()) == ([0, 1, 3, 7, 15, 31, 63, 127], 180)


@pytest.mark.parametrize(
    ("retries", "linear", "times", "end"),
    [
        # waits of 1 s for the first 1 + linear timeouts, then 2, 4, 8 ... s; at each expiry it is over
        # if retries + linear repetitions were sent, or 2^(retries + 1) - 1 s have passed
        (1, 4, [0, 1, 2], 3),
        (2, 4, [0, 1, 2, 3, 4, 5], 7),
        (3, 4, [0, 1, 2, 3, 4, 5, 7, 11], 19),
        (4, 4, [0, 1, 2, 3, 4, 5, 7, 11, 19], 35),
        (5, 4, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35], 67),
        (6, 4, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131),
        (6, 0, [0, 1, 3, 7, 15, 31, 63], 127),
        (3, 0, [0, 1, 3, 7], 15),
    ],
)
def test_a_syn_of_linux_has_a_linear_beginning(retries: int, linear: int, times: list[int], end: int) -> None:
    """``tcp_syn_retries`` and ``tcp_syn_linear_timeouts``; whichever of the two limits strikes first."""
    profile = rules("linux-6.18", syn_retries=retries, syn_linear_timeouts=linear)
    assert sent_at(syn_sent(profile)) == (times, end)


def test_the_default_of_linux_is_eleven_syns_in_131_seconds() -> None:
    """The textbook's 1, 2, 4, 8 has not been true since 6.5."""
    assert sent_at(syn_sent(LINUX)) == ([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131)


def test_the_retries_of_one_connection_can_be_set() -> None:
    """TCP_SYNCNT: 2 retries are 6 SYNs here, and it is over at 7 s all the same."""
    end = End(LINUX)
    end.sets("syn_retries", 2)
    end.connects()
    assert sent_at(end) == ([0, 1, 2, 3, 4, 5], 7)


def test_a_syn_waits_no_longer_than_the_largest_rto() -> None:
    """``tcp_rto_max_ms`` = 1000 makes every wait a second."""
    profile = rules("linux-6.18", syn_retries=4, syn_linear_timeouts=0, rto_max_us=SECOND)
    assert sent_at(syn_sent(profile)) == ([0, 1, 2, 3, 4], 5)


def test_a_syn_ack_of_linux_has_no_linear_beginning() -> None:
    """``tcp_synack_retries`` 5: over at 2^6 - 1 = 63 s; with 2 at 2^3 - 1 = 7 s."""
    assert sent_at(syn_received(LINUX)) == ([0, 1, 3, 7, 15, 31], 63)
    assert sent_at(syn_received(rules("linux-6.18", synack_retries=2))) == ([0, 1, 3], 7)


def test_the_largest_rto_does_not_bind_a_syn_ack_of_linux() -> None:
    """``tcp_rto_max_ms`` = 1000: a request entry waits 1, 2, 4 s all the same. The RFC's bound binds every RTO."""
    assert sent_at(syn_received(rules("linux-6.18", synack_retries=2, rto_max_us=SECOND))) == ([0, 1, 3], 7)
    assert sent_at(syn_received(rules(rto_max_us=60 * SECOND)))[0] == [0, 1, 3, 7, 15, 31, 63, 123]


def test_an_entry_once_open_waits_no_longer_than_the_largest_rto() -> None:
    """The bound of the entry is over when the connection is there."""
    end = syn_received(rules("linux-6.18", rto_max_us=1_500 * MS))
    end.expires("retransmission")
    end.expires("retransmission")
    end.gets("ACK", seq=301, ack=101)
    end.sends(10)
    assert end.timer("retransmission") == 1_500 * MS


def test_the_user_may_lose_patience_sooner() -> None:
    """USER TIMEOUT 2.5 s: two repetitions, then it is over, without a word to the peer."""
    end = End(LINUX)
    end.sets("user_timeout_us", 2_500 * MS)
    end.connects()
    assert sent_at(end) == ([0, 1, 2], 2.5)


# --- text and FIN ---


def test_text_of_the_rfc_is_repeated_for_a_hundred_seconds() -> None:
    """RTO 1 s at least (2.4), doubled, until R2 = 100 s (SHLD-11)."""
    end = established()
    end.sends(10)
    assert sent_at(end) == ([0, 1, 3, 7, 15, 31, 63], 100)


def test_text_of_linux_is_repeated_for_a_quarter_of_an_hour() -> None:
    """An RTO just above 0.2 s doubling to 120 s, until T(15) = 924.6 s after the first repetition."""
    end = established(LINUX)
    end.sends(10)
    end.wait(10 * MS)
    end.gets("ACK", seq=IRS + 1, ack=ISS + 11)
    end.sends(10)
    rto = end.tcb.rtx.rto / SECOND
    times, over = sent_at(end)
    waits = [rto * 2**n for n in range(10)] + [120] * 6
    assert over == pytest.approx(sum(waits))
    assert times == pytest.approx([0, *accumulate(waits[:-1])])
    assert len(times) == 16


@pytest.mark.parametrize(
    ("make", "edge"),
    [
        (syn_sent, "syn-sent/timeout"),
        (syn_received, "syn-received/timeout"),
        (fin_wait_1, "fin-wait-1/timeout"),
        (closing, "closing/timeout"),
        (last_ack, "last-ack/timeout"),
    ],
)
def test_giving_up_is_silent_on_the_wire(make: Make, edge: str) -> None:
    """CLOSED, "connection aborted due to user timeout", and no RST."""
    end = make()
    reply = end.expires("retransmission")
    while not reply.crossed:
        reply = end.expires("retransmission")
    assert reply.crossed == (edge,)
    assert reply.said == ()
    assert reply.told == ("timed-out",)
    assert reply.because == ("gave-up-retransmitting", "gave-up")


@pytest.mark.parametrize(("make", "edge"), [(established, "established/timeout"), (close_wait, "close-wait/timeout")])
def test_undelivered_text_ends_the_connection_too(make: Make, edge: str) -> None:
    """R2 is the same for text."""
    end = make()
    end.sends(10)
    end.now += 100 * SECOND
    assert end.expires("retransmission").crossed == (edge,)


def test_r2_begins_anew_with_every_progress() -> None:
    """The first segment took 90 s; the second has a hundred of its own."""
    end = established()
    end.sends(1460)
    end.sends(1460)
    end.now += 90 * SECOND
    end.gets("ACK", seq=301, ack=1561)
    assert [entry.seq for entry in end.tcb.out.queue] == [1561]
    assert sent_at(end)[1] == 100


def test_the_user_timeout_is_of_no_progress() -> None:
    """Thirty seconds set; each ACK of something new begins them anew; then the connection ends in silence."""
    end = established()
    end.sets("user_timeout_us", 30 * SECOND)
    end.sends(1460)
    end.sends(1460)
    end.wait(20 * SECOND)
    end.gets("ACK", seq=301, ack=1561)
    assert end.timer("user") == 30 * SECOND
    while end.state is not State.CLOSED:
        reply = end.expires()
    assert end.now == 50 * SECOND
    assert reply.because == ("user-timeout", "gave-up")
    assert reply.told == ("timed-out",)
    assert reply.said == ()


def test_an_end_with_nothing_to_send_waits_for_ever() -> None:
    """No timer of its own: neither ESTABLISHED nor FIN-WAIT-2 nor CLOSE-WAIT ends by itself."""
    for make in (established, fin_wait_2, close_wait):
        assert make().timers == {}


def test_a_timer_that_does_not_run_cannot_expire() -> None:
    """The world asks for what is due; anything else is our fault."""
    with pytest.raises(AssertionError, match="the timer 'retransmission' does not run"):
        established().does(Expiry("retransmission"))


# --- what is sent again ---


def test_only_the_front_of_the_queue_is_sent_again() -> None:
    """ "Send the segment at the front of the retransmission queue again" (3.10.8)."""
    end = established()
    end.sends(3 * 1460)
    reply = end.expires("retransmission")
    assert reply.said == ("ACK 101:1561(1460) ack 301",)
    assert reply.purposes == ("data again",)
    assert [entry.transmissions for entry in end.tcb.out.queue] == [2, 1, 1]


def test_a_repetition_carries_the_newest_ack_and_window() -> None:
    """What has arrived meanwhile is acknowledged by it; a delayed ACK need not go."""
    end = established()
    end.sends(10)
    end.wait(900 * MS)
    end.gets("PSH,ACK", seq=301, ack=101, text=100)
    end.wait(100 * MS)
    reply = end.expires("retransmission")
    assert reply.said == ("PSH,ACK 101:111(10) ack 401",)
    assert reply.windows == (65435,)
    assert end.timer("delayed-ack") is None


def test_acks_are_never_sent_again() -> None:
    """They take no number; no timer waits for them."""
    end = established()
    end.gets("FIN,ACK", seq=301, ack=101)
    assert end.timers == {}


# --- the timer (RFC 6298 section 5) ---


def test_5_1_the_first_segment_starts_the_timer_and_the_next_does_not_restart_it() -> None:
    """ "If the timer is not running, start it"."""
    end = established()
    end.sends(1460)
    end.wait(400 * MS)
    end.sends(1460)
    assert end.timer("retransmission") == 600 * MS


def test_5_2_it_stops_when_everything_is_acknowledged() -> None:
    """Nothing in flight, nothing to wait for."""
    end = established()
    end.sends(10)
    end.gets("ACK", seq=301, ack=111)
    assert end.timers == {}


def test_5_3_it_starts_anew_when_something_new_is_acknowledged() -> None:
    """For RTO seconds from now, here 1 s; an ACK of nothing new does not touch it."""
    end = established()
    end.sends(2 * 1460)
    end.wait(600 * MS)
    end.gets("ACK", seq=301, ack=1561)
    assert end.timer("retransmission") == end.tcb.rtx.rto == SECOND
    end.wait(300 * MS)
    end.gets("ACK", seq=301, ack=1561)
    assert end.timer("retransmission") == 700 * MS


def test_5_5_each_expiry_doubles_the_rto_up_to_its_bound() -> None:
    """1, 2, 4 ... s; the bound is the profile's."""
    rtx = Rtx(rto=SECOND)
    for expected in (2, 4, 8, 10, 10):
        rtx = backed_off(rtx, 10 * SECOND)
        assert rtx.rto == expected * SECOND
    assert rtx.count == 5


def test_5_7_after_a_lost_syn_the_first_text_waits_three_seconds() -> None:
    """The round trip is not known, and the network is slow."""
    end = syn_sent()
    end.expires("retransmission")
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    end.sends(10)
    assert end.timer("retransmission") == 3 * SECOND


def test_not_even_these_three_seconds_exceed_the_largest_rto() -> None:
    """``tcp_rto_max_ms`` = 1200 binds the first text as well: 1.2 s, and again 1.2 s."""
    end = syn_sent(rules("linux-6.18", rto_max_us=1_200 * MS))
    end.expires("retransmission")
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    end.sends(10)
    for _ in range(3):
        assert end.timer("retransmission") == 1_200 * MS
        end.expires("retransmission")


def test_after_a_loss_probe_the_largest_rto_counts_from_now() -> None:
    """With SACK a probe goes after a second; the 3 s of the first text are then 1.2 s."""
    end = syn_sent(rules("linux-6.18", rto_max_us=1_200 * MS))
    end.expires("retransmission")
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, options=Options(mss=1460, sack_permitted=True))
    end.sends(10)
    end.expires("loss-probe")
    assert end.timer("retransmission") == 1_200 * MS
