"""What sockets add to the six calls: shutdown, letting go, linger, options (RFC 9293 section 3.6.1, RFC 2525 2.17)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    LINUX,
    MINUTE,
    SECOND,
    Make,
    close_wait,
    closing,
    crossed,
    established,
    fin_wait_1,
    fin_wait_2,
    last_ack,
    listening,
    no_connection,
    rules,
    syn_received,
    syn_sent,
    time_wait,
)
from tutor.tcp.profile import Profile
from tutor.tcp.states import State

# --- shutdown ---


def test_shutting_the_writing_half_is_a_close() -> None:
    """The FIN goes out, reading goes on: the connection is half closed (3.6.1)."""
    end = established()
    answer = end.shuts_down("write")
    assert answer.crossed == ("established/close",)
    assert answer.said == ("FIN,ACK 101:102(0) ack 301",)
    end.gets("PSH,ACK", seq=301, ack=102, text=10)
    assert end.reads().value == 10


def test_shutting_the_reading_half_is_nobodys_business_but_ours() -> None:
    """Nothing on the wire; RECEIVE reports the end; later text is still acknowledged and can be read."""
    end = established(rules(delayed_ack_us=0))
    answer = end.shuts_down("read")
    assert answer.said == answer.crossed == ()
    assert answer.told == ("readable",)
    assert end.reads().value == 0
    assert end.gets("PSH,ACK", seq=301, ack=101, text=5).said == ("ACK 101:101(0) ack 306",)
    assert end.reads().value == 5


def test_shutting_both_halves_does_both() -> None:
    """A FIN, and the end of file for the reader."""
    end = close_wait()
    answer = end.shuts_down("both")
    assert answer.crossed == ("close-wait/close",)
    assert answer.told == ("readable",)


@pytest.mark.parametrize("how", ["read", "write", "both"])
def test_nothing_can_be_shut_without_a_connection(how: str) -> None:
    """ "error: connection does not exist"."""
    answer = no_connection().shuts_down(how)
    assert answer.error == "connection does not exist"
    assert answer.told == ()


# --- letting go of the socket ---


@pytest.mark.parametrize(
    ("make", "edge"),
    [
        (listening, "listen/close"),
        (syn_sent, "syn-sent/close"),
        (syn_received, "syn-received/close"),
        (established, "established/close"),
        (close_wait, "close-wait/close"),
    ],
)
def test_letting_go_is_a_close_and_leaves_an_orphan(make: Make, edge: str) -> None:
    """The FIN is on its way and no program is left."""
    end = make()
    assert end.lets_go().crossed == (edge,)
    assert end.tcb.is_orphan


@pytest.mark.parametrize("make", [fin_wait_1, fin_wait_2, closing, last_ack, time_wait])
def test_letting_go_after_shutdown_is_no_error(make: Make) -> None:
    """``close()`` after ``shutdown(SHUT_WR)`` succeeds, sends nothing and makes an orphan."""
    end = make()
    answer = end.lets_go()
    assert answer.value is None
    assert answer.is_nothing
    assert end.tcb.is_orphan


@pytest.mark.parametrize("make", [established, fin_wait_1, fin_wait_2, close_wait])
def test_letting_go_with_text_unread_aborts(make: Make) -> None:
    """SHLD-3: a RST shows the peer that its text was lost."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    if make is close_wait:
        end.gets("FIN,ACK", seq=311, ack=101)
    elif make is not established:
        end.shuts_down("write")
        end.gets("ACK", seq=311, ack=102 if make is fin_wait_2 else 101)
    number = end.tcb.snd.nxt
    answer = end.lets_go()
    assert answer.because[0] == "unread-text"
    assert answer.said == (f"RST {number}:{number}(0)",)
    assert end.state is State.CLOSED


def test_a_full_duplex_close_keeps_the_unread_text() -> None:
    """Without SHLD-3 the FIN goes out and the text stays where it is."""
    end = established(rules(half_duplex_close=False))
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert end.lets_go().said == ("FIN,ACK 101:102(0) ack 311",)


def test_everything_read_means_an_orderly_close() -> None:
    """Nothing was lost, so nothing needs to be told."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.reads()
    assert end.lets_go().said == ("FIN,ACK 101:102(0) ack 311",)


@pytest.mark.parametrize("make", [fin_wait_1, fin_wait_2])
@pytest.mark.parametrize("profile", [rules(), LINUX])
def test_text_for_an_orphan_is_answered_with_a_rst(make: Make, profile: Profile) -> None:
    """SHLD-3 again: new text after the close; the RST takes its number from the ACK."""
    end = make(profile)
    end.lets_go()
    number = end.tcb.snd.una
    answer = end.gets("PSH,ACK", seq=301, ack=number, text=10)
    assert answer.crossed == (f"{make.__name__.replace('_', '-')}/rcv-text-orphan",)
    assert answer.said == (f"RST {number}:{number}(0)",)


def test_text_for_an_orphan_may_bring_the_ack_of_its_fin() -> None:
    """FIN-WAIT-1 -> FIN-WAIT-2 -> CLOSED within one segment."""
    end = established()
    end.lets_go()
    answer = end.gets("PSH,ACK", seq=301, ack=102, text=10)
    assert answer.crossed == ("fin-wait-1/rcv-ack", "fin-wait-2/rcv-text-orphan")
    assert answer.said == ("RST 102:102(0)",)


def test_an_orphan_that_waited_for_its_handshake_is_reset_by_text_too() -> None:
    """SYN-RECEIVED with a queued CLOSE: the segment that opens the connection brings text nobody will read."""
    end = crossed()
    end.sends(10)
    end.lets_go()
    answer = end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert answer.crossed == ("syn-received/rcv-ack", "established/close", "fin-wait-1/rcv-text-orphan")


def test_old_text_does_not_reset_an_orphan() -> None:
    """Text that was read before the close comes once more: an ACK, nothing lost."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.reads()
    end.lets_go()
    assert end.gets("PSH,ACK", seq=301, ack=101, text=10).said == ("ACK 102:102(0) ack 311",)
    assert end.state is State.FIN_WAIT_1


def test_a_full_duplex_orphan_takes_text() -> None:
    """Without SHLD-3 text for an orphan is acknowledged and lost silently."""
    end = established(rules(half_duplex_close=False, delayed_ack_us=0))
    end.lets_go()
    assert end.gets("PSH,ACK", seq=301, ack=102, text=10).said == ("ACK 102:102(0) ack 311",)


# --- linger ---


@pytest.mark.parametrize("make", [syn_sent, syn_received, established, fin_wait_1, fin_wait_2, close_wait, closing])
def test_linger_zero_aborts(make: Make) -> None:
    """SO_LINGER on with time 0: ABORT instead of CLOSE, so no TIME-WAIT."""
    end = make()
    edge = f"{make.__name__.replace('_', '-')}/abort"
    assert end.lets_go(linger_us=0).crossed == (edge,)


def test_linger_for_a_while_is_an_ordinary_close() -> None:
    """Waiting for the FIN's ACK is the world's business; nothing aborts here."""
    assert established().lets_go(linger_us=2 * SECOND).said == ("FIN,ACK 101:102(0) ack 301",)


def test_linger_zero_does_not_disturb_a_listener_or_time_wait() -> None:
    """There is nobody to reset."""
    assert listening().lets_go(linger_us=0).crossed == ("listen/close",)
    end = time_wait()
    assert end.lets_go(linger_us=0).is_nothing
    assert end.state is State.TIME_WAIT


# --- options ---


def test_an_option_takes_effect_at_once() -> None:
    """TCP_NODELAY sends what Nagle holds back."""
    end = established()
    end.sends(10)
    end.sends(10)
    answer = end.sets("nodelay", 1)
    assert answer.value is None
    assert answer.said == ("PSH,ACK 111:121(10) ack 301",)


def test_a_new_user_timeout_holds_for_what_is_in_flight() -> None:
    """ "The current user timeout for this connection is changed to the new one" (3.9.1.2)."""
    end = established()
    end.sends(10)
    assert end.timer("user") == 5 * MINUTE
    end.wait(10 * SECOND)
    end.sets("user_timeout_us", 20 * SECOND)
    assert end.timer("user") == 20 * SECOND
    end.sets("user_timeout_us", 0)
    assert end.timer("user") is None


def test_a_user_timeout_without_anything_in_flight_starts_no_timer() -> None:
    """There is nothing that could fail to be delivered."""
    end = established()
    end.sets("user_timeout_us", 20 * SECOND)
    assert end.timers == {}


def test_a_larger_receive_buffer_opens_a_shut_window() -> None:
    """SO_RCVBUF raised: the peer, which waits, is told."""
    end = established(rules(receive_buffer=1000, delayed_ack_us=0))
    end.gets("PSH,ACK", seq=301, ack=101, text=1000)
    assert end.tcb.rcv.wnd == 0
    answer = end.sets("receive_buffer", 5000)
    assert answer.because == ("window-update",)
    assert answer.windows == (4000,)


def test_a_smaller_receive_buffer_does_not_take_back_what_was_offered() -> None:
    """SHLD-14: the right edge of the window never moves left."""
    end = established(rules(delayed_ack_us=0))
    end.sets("receive_buffer", 1000)
    assert end.gets("PSH,ACK", seq=301, ack=101, text=100).windows == (65535 - 100,)


def test_an_unknown_option_is_our_fault() -> None:
    """The world checks names before it asks."""
    with pytest.raises(
        AssertionError, match="'colour' is no connection option; allowed: congestion, cork, defer_accept_us, keepalive"
    ):
        established().sets("colour", 1)
