"""Small entries: what a Linux host keeps in TIME-WAIT, and of an orphan in FIN-WAIT-2."""

from __future__ import annotations

import pytest

from tests.tcp.builders import IRS, LINUX, MS, SECOND, End, established, rules, time_wait
from tutor.tcp.segment import Options
from tutor.tcp.states import State

ANSWER = "ACK 102:102(0) ack 302"
EARLIER = "ACK 102:102(0) ack 301"


def orphan() -> End:
    """FIN-WAIT-2 of a connection that its program has closed: a small entry."""
    end = established(LINUX)
    end.lets_go()
    end.gets("ACK", seq=301, ack=102)
    assert end.state is State.FIN_WAIT_2
    assert end.tcb.is_small
    return end


# --- FIN-WAIT-2 ---


@pytest.mark.parametrize("number", [301, 302, 301 + 60_000])
def test_any_rst_in_the_window_ends_an_orphan(number: int) -> None:
    """No challenge: who has closed has nothing to lose."""
    end = orphan()
    assert end.gets("RST", seq=number).crossed == ("fin-wait-2/rcv-rst",)


def test_a_syn_in_the_window_is_reset_and_ends_an_orphan() -> None:
    """And so does text that nobody will read."""
    end = orphan()
    reply = end.gets("SYN", seq=301)
    assert (reply.crossed, reply.said) == (("fin-wait-2/rcv-syn",), ("RST,ACK 0:0(0) ack 302",))
    end = orphan()
    reply = end.gets("PSH,ACK", seq=301, ack=102, text=10)
    assert (reply.crossed, reply.said) == (("fin-wait-2/rcv-text-orphan",), ("RST 102:102(0)",))


def test_what_brings_nothing_new_is_not_heard() -> None:
    """A bare ACK, even of what was never sent, and old text: silence, and the timer is not touched."""
    end = orphan()
    before = end.tcb
    end.wait(SECOND)
    assert end.gets("ACK", seq=301, ack=102).is_nothing
    assert end.gets("ACK", seq=301, ack=9999).is_nothing
    assert end.gets("ACK", seq=302, ack=102).is_nothing, "the FIN before it is still under way"
    assert end.tcb.timers == before.timers


def test_the_fin_in_order_opens_a_full_time_wait_with_the_old_window() -> None:
    """Late within the time: the window of the answer is the one the entry was made with, FIN or not."""
    end = orphan()
    window = end.tcb.rcv.wnd
    end.wait(59 * SECOND)
    reply = end.gets("FIN,ACK", seq=301, ack=102)
    assert reply.crossed == ("fin-wait-2/rcv-fin",)
    assert reply.said == (ANSWER,)
    assert reply.windows == (window,)
    assert end.timer("time-wait") == 60 * SECOND


def test_a_fin_beyond_a_hole_is_reset() -> None:
    """There is nowhere to hold it."""
    end = orphan()
    assert end.gets("FIN,ACK", seq=401, ack=102).crossed == ("fin-wait-2/rcv-text-orphan",)


def test_what_lies_outside_the_window_draws_the_old_ack_once_in_a_while() -> None:
    """A SYN below the window, twice; text is always answered."""
    end = orphan()
    assert end.gets("SYN", seq=200).said == (EARLIER,)
    assert end.gets("SYN", seq=200).said == ()
    assert end.gets("PSH,ACK", seq=291, ack=102, text=5).said == (EARLIER,)


# --- TIME-WAIT ---


def test_a_bare_ack_in_order_starts_the_time_anew_in_silence() -> None:
    """Whatever it acknowledges."""
    end = time_wait(LINUX)
    end.wait(30 * SECOND)
    assert end.gets("ACK", seq=302, ack=102).is_nothing
    assert end.timer("time-wait") == 60 * SECOND


def test_text_is_answered_even_in_the_window_and_starts_the_time_anew() -> None:
    """Before the window, at its beginning and within: it is not even looked at what it acknowledges."""
    for number in (291, 302, 400):
        end = time_wait(LINUX)
        end.wait(30 * SECOND)
        assert end.gets("PSH,ACK", seq=number, ack=60, text=5).said == (ANSWER,)
        assert end.timer("time-wait") == 60 * SECOND


def test_a_syn_that_is_not_newer_draws_the_old_ack_and_no_new_time() -> None:
    """It may be a caller with a lower number: after his RST the name is free."""
    end = time_wait(LINUX)
    end.wait(30 * SECOND)
    assert end.gets("SYN", seq=IRS - 50, iss=7).said == (ANSWER,)
    assert end.timer("time-wait") == 30 * SECOND
    assert end.gets("RST", seq=302).crossed == ("time-wait/rcv-rst",)


def test_a_newer_syn_that_nobody_listens_for_is_answered_at_once() -> None:
    """The old ACK, as often as it is asked for."""
    end = time_wait(LINUX)
    for _ in range(2):
        assert end.gets("SYN", seq=9999).said == (ANSWER,)


def test_a_rst_is_exact_or_nothing() -> None:
    """No challenge ACK; and with tcp_rfc1337 not even the exact one counts."""
    end = time_wait(LINUX)
    assert end.gets("RST", seq=303).is_nothing
    assert end.gets("RST", seq=302).crossed == ("time-wait/rcv-rst",)
    end = time_wait(rules("linux-6.18", rst_kills_time_wait=False))
    reply = end.gets("RST", seq=302)
    assert reply.is_nothing
    assert reply.because == ("rst-in-time-wait-ignored",)


def test_an_old_timestamp_is_answered_and_starts_the_time_anew() -> None:
    """PAWS comes first, for a SYN with a higher number as well; a RST only while TS.Recent is fresh."""
    end = established(LINUX, options=Options(mss=1460, timestamp=(5000, 0)))
    end.closes()
    end.gets("FIN,ACK", seq=301, ack=102, options=Options(timestamp=(5010, 0)))
    assert end.state is State.TIME_WAIT
    end.wait(500 * MS)
    old = Options(timestamp=(4000, 0))
    assert end.gets("SYN", seq=9999, iss=7, options=old).said == (ANSWER,)
    assert end.timer("time-wait") == 60 * SECOND
    assert end.gets("RST", seq=302, options=old).is_nothing
    end.wait(59 * SECOND)
    end.gets("ACK", seq=290, ack=102, options=old)
    end.wait(2 * SECOND)
    assert end.gets("RST", seq=302, options=old).crossed == ("time-wait/rcv-rst",)


# --- becoming one ---


def test_a_fin_beyond_a_hole_with_the_ack_of_our_fin_resets_an_orphan() -> None:
    """What lies before it was never read and never will be."""
    end = established(LINUX)
    end.lets_go()
    reply = end.gets("FIN,ACK", seq=311, ack=102)
    assert reply.said == ("RST 102:102(0)",)
    assert end.state is State.CLOSED


def test_a_negative_linger2_answers_the_ack_of_our_fin_with_a_reset() -> None:
    """In the form of an answer; on close() in FIN-WAIT-2 in the form of an abort."""
    end = established(LINUX)
    end.sets("linger2_us", -1)
    end.lets_go()
    assert end.gets("ACK", seq=301, ack=102).said == ("RST 102:102(0)",)
    end = established(LINUX)
    end.sets("linger2_us", -1)
    end.closes()
    end.gets("ACK", seq=301, ack=102)
    assert end.lets_go().said == ("RST,ACK 102:102(0) ack 301",)
