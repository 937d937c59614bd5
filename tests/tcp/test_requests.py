"""Request entries and SYN cookies: TCP_DEFER_ACCEPT, crowded queues, and answers that leave no trace."""

from __future__ import annotations

import pytest

from tests.tcp.builders import IRS, MS, SECOND, End, listening, no_connection, rules, segment, syn_received
from tutor.tcp.events import Arrival, Expiry
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options
from tutor.tcp.states import State

KERNEL = rules("linux-6.18")


def put_off(seconds: int) -> End:
    """A request entry of a listener with TCP_DEFER_ACCEPT whose third ACK has come."""
    end = listening(KERNEL)
    end.sets("defer_accept_us", seconds * SECOND)
    end.gets("SYN", seq=IRS, iss=100)
    assert end.gets("ACK", seq=301, ack=101).because == ("ack-put-off",)
    assert end.state is State.SYN_RECEIVED
    return end


# --- the echo of a timestamp ---


def timed(profile: Profile = KERNEL) -> End:
    """A request entry that agreed on timestamps: its SYN,ACK left at 5 s, when our clock showed 5000."""
    end = listening(profile)
    end.now = 5 * SECOND
    end.gets("SYN", seq=IRS, iss=100, options=Options(mss=1460, timestamp=(7000, 0)))
    end.wait(100 * MS)
    return end


def echo(time: int) -> Options:
    """The peer's clock goes on; it echoes ``time``."""
    return Options(timestamp=(7100, time))


@pytest.mark.parametrize("time", [4999, 5001, 5100])
def test_a_third_ack_that_echoes_no_syn_ack_is_answered_and_dropped(time: int) -> None:
    """It may come from somebody who guesses (``TcpExtTSEcrRejected``)."""
    end = timed()
    reply = end.gets("ACK", seq=301, ack=101, options=echo(time))
    assert reply.because == ("echo-of-no-syn-ack",)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert end.state is State.SYN_RECEIVED


def test_the_second_one_is_dropped_in_silence() -> None:
    """Half a second has to pass between two answers to the invalid."""
    end = timed()
    end.gets("ACK", seq=301, ack=101, options=echo(5100))
    reply = end.gets("ACK", seq=301, ack=101, options=echo(5100))
    assert reply.because == ("echo-of-no-syn-ack", "answered-too-recently")
    assert reply.is_nothing


@pytest.mark.parametrize("time", [5000, 5500, 6000])
def test_an_echo_of_any_syn_ack_opens(time: int) -> None:
    """The SYN,ACK went again at 6 s: whichever copy arrived, or anything between."""
    end = timed()
    end.expires("retransmission")
    assert end.gets("ACK", seq=301, ack=101, options=echo(time)).told == ("connected",)


@pytest.mark.parametrize("options", [echo(0), Options()])
def test_without_an_echo_nothing_is_asked(options: Options) -> None:
    """A zero is no echo."""
    assert timed().gets("ACK", seq=301, ack=101, options=options).told == ("connected",)


def test_a_rst_with_a_wrong_echo_is_dropped_without_a_word() -> None:
    """Nobody answers a RST."""
    end = timed()
    reply = end.gets("RST", seq=301, options=echo(5100))
    assert reply.because == ("echo-of-no-syn-ack",)
    assert reply.is_nothing


def test_the_caller_s_syn_again_and_an_ack_of_nothing_have_their_own_answers() -> None:
    """SYN,ACK again; a RST."""
    syn = timed().gets("SYN", seq=IRS, options=echo(5100))
    assert syn.said == ("SYN,ACK 100:101(0) ack 301",)
    assert timed().gets("ACK", seq=301, ack=999, options=echo(5100)).said == ("RST 999:999(0)",)


@pytest.mark.parametrize("name", ["rfc9293", "linux-4.19"])
def test_elsewhere_an_echo_only_measures(name: str) -> None:
    """RFC 7323 refuses nothing for it, nor did Linux before 6.15."""
    end = timed(rules(name, timestamps=True))
    assert end.gets("ACK", seq=301, ack=101, options=echo(5100)).told == ("connected",)


# --- TCP_DEFER_ACCEPT ---


def test_a_bare_ack_is_put_off_and_text_completes() -> None:
    """The server is not woken before there is something to serve."""
    end = put_off(3)
    assert end.gets("PSH,ACK", seq=301, ack=101, text=10).told == ("connected", "readable")
    assert end.state is State.ESTABLISHED


def test_before_the_last_wait_the_syn_ack_goes_again_and_any_ack_completes() -> None:
    """Three seconds are two timeouts: the first is silent, the second repeats the SYN,ACK."""
    end = put_off(3)
    assert end.timer("retransmission") == SECOND
    assert end.expires().said == ()
    assert end.expires().said == ("SYN,ACK 100:101(0) ack 301",)
    assert end.gets("ACK", seq=301, ack=101).told == ("connected",)


@pytest.mark.parametrize(("seconds", "timeouts"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4)])
def test_the_time_is_rounded_up_to_timeouts_of_the_syn_ack(seconds: int, timeouts: int) -> None:
    """1 s, 3 s, 7 s, 15 s: what a doubling timer can tell apart."""
    end = put_off(seconds)
    for _ in range(timeouts - 1):
        assert end.expires().said == ()
    assert end.expires().said == ("SYN,ACK 100:101(0) ack 301",)


def test_without_the_ack_the_entry_repeats_its_syn_ack_as_ever() -> None:
    """What was never acknowledged cannot be put off."""
    end = listening(KERNEL)
    end.sets("defer_accept_us", 3 * SECOND)
    end.gets("SYN", seq=IRS, iss=100)
    assert end.expires().said == ("SYN,ACK 100:101(0) ack 301",)


def test_a_long_deferral_outlives_the_tries_of_the_syn_ack() -> None:
    """An entry that is deferred is dropped only when both are over."""
    end = put_off(60)
    end.sets("syn_retries", 1)
    silent = 0
    while end.state is State.SYN_RECEIVED:
        silent += not end.expires().said
    assert silent == 6  # five waits in silence, and the last one that ends it


def test_a_crowded_queue_leaves_fewer_tries() -> None:
    """The host says how many (``Expiry.tries``)."""
    end = syn_received(KERNEL)
    for _ in range(2):
        assert end.expires().said
    end.now += 4 * SECOND
    answer = end.does(Expiry("retransmission", tries=2))
    assert answer.crossed == ("syn-received/timeout",)
    assert answer.said == ()


def test_tcp_syncnt_on_the_listener_bounds_its_syn_acks() -> None:
    """The option of the listener goes before tcp_synack_retries."""
    end = listening(KERNEL)
    end.sets("syn_retries", 1)
    end.gets("SYN", seq=IRS, iss=100)
    assert end.expires().said
    assert end.expires().crossed == ("syn-received/timeout",)
    assert end.now == 3 * SECOND


# --- SYN cookies ---


def cookie_for(options: Options, at: int = 5 * SECOND) -> Options:
    """The options of the SYN,ACK with a cookie that answers a SYN with ``options``."""
    end = listening(KERNEL)
    end.now = at
    answer = end.does(Arrival(segment("SYN", seq=IRS, options=options), iss=777, is_cookie=True))
    assert answer.said == ("SYN,ACK 777:778(0) ack 301",)
    assert answer.purposes == ("cookie",)
    assert end.state is State.LISTEN, "nothing is kept"
    assert not end.timers
    return answer.segment.options


def test_without_timestamps_only_the_mss_survives() -> None:
    """So the SYN,ACK does not offer what could not be remembered."""
    assert cookie_for(Options(1400, 7, sack_permitted=True)) == Options(mss=KERNEL.mss)


@pytest.mark.parametrize(("scale", "sack"), [(7, True), (14, False), (0, True), (None, False)])
def test_with_timestamps_the_options_come_back_in_the_low_bits(scale: int | None, sack: bool) -> None:
    """The peer echoes them without knowing."""
    offered = cookie_for(Options(1400, scale, sack, (1000, 0)))
    assert offered.timestamp is not None and offered.timestamp[1] == 1000
    assert 5000 - 64 < offered.timestamp[0] <= 5000, "at most one step of the bits behind the clock"
    end = listening(KERNEL)
    end.now = 5_100_000
    back = Options(timestamp=(1100, offered.timestamp[0]))
    end.gets("ACK", seq=301, ack=778, cookie_mss=1300, win=100, options=back)
    agreed = end.tcb.agreed
    assert end.state is State.ESTABLISHED
    assert (agreed.window_scaling, agreed.sack, agreed.timestamps) == (scale is not None, sack, True)
    assert agreed.snd_scale == (scale or 0)
    assert agreed.mss == 1300
    assert end.tcb.snd.wnd == 100 << (scale or 0)
    assert end.tcb.rtx.srtt is not None and end.tcb.rtx.srtt < 200_000


def test_text_that_comes_with_the_cookie_is_taken_at_once() -> None:
    """The third ACK was lost, and nobody repeats a cookie: the first text connects."""
    end = listening(KERNEL)
    answer = end.gets("PSH,ACK", seq=301, ack=778, text=50, cookie_mss=1460)
    assert answer.crossed == ("listen/rcv-cookie",)
    assert answer.told == ("connected", "readable")
    assert answer.said == ("ACK 778:778(0) ack 351",)


def test_an_ack_without_a_cookie_is_reset() -> None:
    """A listener has sent nothing that could be acknowledged."""
    assert listening(KERNEL).gets("ACK", seq=301, ack=778).said == ("RST 778:778(0)",)


# --- the caller's side of TCP_DEFER_ACCEPT ---


def test_the_third_ack_of_a_caller_rides_on_its_request() -> None:
    """Who knows that he speaks first saves an ACK; 200 ms is all that it waits."""
    end = no_connection(KERNEL)
    end.sets("defer_accept_us", SECOND)
    end.connects()
    assert end.gets("SYN,ACK", seq=IRS, ack=101).said == ()
    assert end.state is State.ESTABLISHED
    assert end.timer("delayed-ack") == SECOND // 5
    assert end.wait(50_000).sends(10).said == ("PSH,ACK 101:111(10) ack 301",)
    assert end.timer("delayed-ack") is None


def test_without_a_request_the_third_ack_goes_alone() -> None:
    """The listener must not wait for ever."""
    end = no_connection(KERNEL)
    end.sets("defer_accept_us", SECOND)
    end.connects()
    end.gets("SYN,ACK", seq=IRS, ack=101)
    assert end.expires("delayed-ack").said == ("ACK 101:101(0) ack 301",)
