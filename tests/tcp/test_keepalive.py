"""Keep-alive: is a silent peer still there? (RFC 9293 section 3.8.4)"""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    HOUR,
    LINUX,
    MINUTE,
    RFC,
    SECOND,
    End,
    Make,
    close_wait,
    established,
    fin_wait_2,
    listening,
    syn_received,
    syn_sent,
)
from tutor.tcp.profile import Profile
from tutor.tcp.states import State


def kept_alive(make: Make = established, profile: Profile = RFC) -> End:
    """An end with SO_KEEPALIVE set."""
    end = make(profile)
    end.sets("keepalive", 1)
    return end


def test_it_is_off_unless_asked_for() -> None:
    """MUST-25: an idle connection runs no timer."""
    assert established().timers == {}


def test_the_first_probe_goes_after_two_hours_of_silence() -> None:
    """MUST-28; SEG.SEQ = SND.NXT - 1 and no text (SHLD-12), so that the peer must answer."""
    end = kept_alive()
    reply = end.expires("keepalive")
    assert end.now == 2 * HOUR
    assert reply.said == ("ACK 100:100(0) ack 301",)
    assert reply.purposes == ("keepalive",)
    assert reply.because == ("keepalive-probe",)


def test_the_peers_answer_starts_the_silence_anew() -> None:
    """It lives."""
    end = kept_alive()
    for _ in range(3):
        end.expires("keepalive")
        end.wait(SECOND)
        end.gets("ACK", seq=301, ack=101)
        assert end.timer("keepalive") == 2 * HOUR
        assert end.tcb.probes == 0


def test_linux_lets_the_timer_run_and_looks_when_it_expires() -> None:
    """Idle 10 s, probes every 25 s: the answer is noted, and 25 s after the first probe the next one goes."""
    end = kept_alive(profile=LINUX)
    end.sets("keepalive_interval_us", 25 * SECOND)
    end.sets("keepalive_idle_us", 10 * SECOND)
    end.expires("keepalive")
    end.wait(SECOND)
    end.gets("ACK", seq=301, ack=101)
    assert end.timer("keepalive") == 24 * SECOND
    assert end.tcb.probes == 0
    assert end.expires("keepalive").because == ("keepalive-probe",)


def test_linux_gives_a_peer_heard_of_late_the_rest_of_its_idle_time() -> None:
    """Idle 2 h, text after 1 h: the timer expires after 2 h, sends nothing and comes again after the third."""
    end = kept_alive(profile=LINUX)
    end.wait(HOUR)
    end.gets("PSH,ACK", seq=301, ack=101, text=5)
    early = end.expires("keepalive")
    assert end.now == 2 * HOUR
    assert early.said == ()
    assert end.timer("keepalive") == HOUR
    assert end.expires("keepalive").because == ("keepalive-probe",)


def test_one_unanswered_probe_proves_nothing() -> None:
    """MUST-29: nine of them, 75 s apart, before the connection is given up after 7875 s."""
    end = kept_alive()
    probes = 0
    while end.state is not State.CLOSED:
        reply = end.expires("keepalive")
        probes += len(reply.said)
    assert probes == 9
    assert end.now == 2 * HOUR + 9 * 75 * SECOND == 7875 * SECOND
    assert reply.crossed == ("established/timeout",)
    assert reply.told == ("timed-out",)
    assert reply.because == ("keepalive-unanswered", "gave-up")


def test_linux_says_goodbye_with_a_rst() -> None:
    """RST,ACK with SND.NXT; the RFC asks for no segment."""
    end = kept_alive(profile=LINUX)
    while end.state is not State.CLOSED:
        reply = end.expires("keepalive")
    assert reply.said == ("RST,ACK 101:101(0) ack 301",)


def test_any_segment_of_the_peer_counts_as_life() -> None:
    """Text as well as ACKs (MUST-26)."""
    end = kept_alive()
    end.wait(HOUR)
    end.gets("PSH,ACK", seq=301, ack=101, text=5)
    assert end.timer("keepalive") == 2 * HOUR


def test_while_something_is_in_flight_there_is_nothing_to_ask() -> None:
    """MUST-26: no probe when sent data is outstanding; the retransmission timer knows better."""
    end = kept_alive()
    end.wait(2 * HOUR - SECOND // 2)
    end.sends(10)
    reply = end.expires("keepalive")
    assert reply.said == ()
    assert end.timer("keepalive") == 2 * HOUR
    assert end.tcb.probes == 0


def test_nor_while_a_shut_window_is_probed() -> None:
    """Persist probes already; an answer is an answer."""
    end = established(win=0)
    end.sets("keepalive", 1)
    end.closes()
    assert end.timer("persist") == SECOND
    while end.now < 3 * HOUR:
        reply = end.expires()
        assert "keepalive" not in reply.purposes
        end.gets("ACK", seq=301, ack=101, win=0)
    assert end.state is State.FIN_WAIT_1


@pytest.mark.parametrize(
    ("option", "value", "first", "over"),
    [
        ("keepalive_idle_us", MINUTE, 60, 60 + 9 * 75),
        ("keepalive_interval_us", 10 * SECOND, 7200, 7200 + 9 * 10),
        ("keepalive_probes", 2, 7200, 7200 + 2 * 75),
    ],
)
def test_every_number_can_be_set_for_one_connection(option: str, value: int, first: int, over: int) -> None:
    """MUST-27: TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, also while it runs."""
    end = kept_alive()
    end.sets(option, value)
    assert end.timer("keepalive") == first * SECOND
    while end.state is not State.CLOSED:
        end.expires("keepalive")
    assert end.now == over * SECOND


def test_it_can_be_turned_off_again() -> None:
    """MUST-24."""
    end = kept_alive()
    end.sets("keepalive", 0)
    assert end.timers == {}


@pytest.mark.parametrize(("make", "edge"), [(fin_wait_2, "fin-wait-2/timeout"), (close_wait, "close-wait/timeout")])
def test_it_ends_the_states_that_no_other_timer_ends(make: Make, edge: str) -> None:
    """A peer that died in the middle of closing."""
    end = kept_alive(make)
    while end.state is not State.CLOSED:
        reply = end.expires("keepalive")
    assert reply.crossed == (edge,)


@pytest.mark.parametrize("make", [listening, syn_sent])
def test_set_before_the_connection_is_open_it_starts_when_it_opens(make: Make) -> None:
    """There is nobody to ask yet."""
    end = kept_alive(make)
    assert end.timer("keepalive") is None
    if make is listening:
        end.gets("SYN", seq=300, iss=100)
        end.gets("ACK", seq=301, ack=101)
    else:
        end.gets("SYN,ACK", seq=300, ack=101)
    assert end.timers == {"keepalive": 2 * HOUR}


def test_a_half_open_peer_is_found_out() -> None:
    """It has rebooted: its RST to our probe ends the connection (3.5.1)."""
    end = kept_alive()
    probe = end.expires("keepalive").segment
    reset = End().takes(probe)
    assert reset.said == ("RST 301:301(0)",)
    assert end.takes(reset.segment).crossed == ("established/rcv-rst",)


def test_a_handshake_in_progress_is_not_disturbed() -> None:
    """SYN-RECEIVED has its own timer."""
    end = kept_alive(syn_received)
    assert end.expires("retransmission").said == ("SYN,ACK 100:101(0) ack 301",)
