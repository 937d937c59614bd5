"""RST and SYN in synchronised states (RFC 9293 section 3.10.7.4, second and fourth; RFC 5961)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    BY_STATE,
    LINUX,
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
    time_wait,
)
from tutor.tcp.states import SYNCHRONISED, State

STATES = sorted(SYNCHRONISED)


@pytest.fixture(params=STATES)
def end(request: pytest.FixtureRequest) -> End:
    """An end in each of the synchronised states."""
    return BY_STATE[request.param]()


# --- RST ---


def test_an_exact_rst_ends_it(end: End) -> None:
    """SEG.SEQ = RCV.NXT: CLOSED, never TIME-WAIT, nothing sent, every timer off."""
    state = end.state
    reply = end.gets("RST", seq=end.tcb.rcv.nxt)
    assert reply.crossed == (f"{state.lower()}/rcv-rst",)
    assert reply.said == ()
    assert end.timers == {}


def test_the_user_is_told_unless_there_is_nothing_left_to_tell(end: End) -> None:
    """MUST-12: the program learns whether the connection was closed or aborted; in TIME-WAIT it was closed."""
    was_waiting = end.state is State.TIME_WAIT
    reply = end.gets("RST", seq=end.tcb.rcv.nxt)
    assert reply.told == (() if was_waiting else ("reset",))


def test_a_rst_in_the_window_but_not_exact_is_challenged(end: End) -> None:
    """One octet off: ``<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>``, so that an honest peer sends an exact one."""
    before, nxt = end.tcb, end.tcb.rcv.nxt
    reply = end.gets("RST", seq=nxt + 1)
    number = before.snd.nxt
    assert reply.said == (f"ACK {number}:{number}(0) ack {nxt}",)
    assert reply.purposes == ("challenge",)
    assert reply.because == ("rst-not-exact",)
    assert end.state is before.state


@pytest.mark.parametrize("offset", [-1, -1000, 65535])
def test_a_rst_outside_the_window_is_dropped_in_silence(end: End, offset: int) -> None:
    """No answer: it could go on for ever."""
    before = end.tcb
    reply = end.gets("RST", seq=before.rcv.nxt + offset)
    assert reply.is_nothing
    assert end.tcb is before


def test_without_rfc_5961_any_rst_in_the_window_resets() -> None:
    """The original rule, which a guesser can use."""
    end = established(rules(reset_must_be_exact=False))
    reply = end.gets("RST", seq=301 + 60000)
    assert reply.crossed == ("established/rcv-rst",)
    assert reply.because == ("rst-in-window", "reset-by-peer"), "nobody is told that it is exact"
    assert established(rules(reset_must_be_exact=False)).gets("RST", seq=301).because == ("reset-by-peer",)


def test_linux_does_not_challenge_in_time_wait() -> None:
    """An inexact RST in the window is met with silence there."""
    end = time_wait(LINUX)
    assert end.gets("RST", seq=303).is_nothing
    assert end.state is State.TIME_WAIT


# --- SYN ---


def test_a_syn_in_the_window_is_challenged(end: End) -> None:
    """RFC 5961 section 4.2: whatever its number; the connection stays."""
    before = end.tcb
    number, nxt = before.snd.nxt, before.rcv.nxt
    reply = end.gets("SYN", seq=nxt)
    assert reply.said == (f"ACK {number}:{number}(0) ack {nxt}",)
    assert reply.because == ("syn-in-connection",)
    assert reply.purposes == ("challenge",)
    assert end.state is before.state


@pytest.mark.parametrize("make", [established, fin_wait_1, fin_wait_2, close_wait, closing, last_ack])
def test_a_syn_outside_the_window_gets_the_same_ack(make: Make) -> None:
    """By the first check. A rebooted caller answers it with the RST that frees us (figure 9)."""
    end = make()
    number, nxt = end.tcb.snd.nxt, end.tcb.rcv.nxt
    assert end.gets("SYN", seq=nxt + 1_000_000).said == (f"ACK {number}:{number}(0) ack {nxt}",)


def test_the_syn_ack_of_the_handshake_again_is_acknowledged_again() -> None:
    """Our third segment was lost."""
    assert established().gets("SYN,ACK", seq=300, ack=101).said == ("ACK 101:101(0) ack 301",)


# --- the limit ---


def test_challenges_are_limited_to_two_a_second() -> None:
    """Half a second after the first the next may go; what kind of nonsense it was does not matter."""
    end = established()
    assert end.gets("SYN", seq=301).said
    assert end.wait(SECOND // 4).gets("RST", seq=302).said == ()
    assert end.wait(SECOND // 4).gets("ACK", seq=301, ack=999).said == ("ACK 101:101(0) ack 301",)
    assert end.gets("SYN", seq=301).because == ("syn-in-connection", "answered-too-recently")


def test_the_limit_is_of_one_connection() -> None:
    """Another connection of the same host challenges at its own pace (RFC 5961, errata 4772)."""
    one, other = established(), established()
    one.gets("SYN", seq=301)
    assert other.gets("SYN", seq=301).said == ("ACK 101:101(0) ack 301",)


# --- fifth: which ACKs are acceptable ---


@pytest.mark.parametrize(
    ("ack", "reason"),
    [
        (102, ("ack-of-unsent",)),
        (101 + 2**31 - 2, ("ack-of-unsent",)),
        (101, ()),
        (100, ()),
        (101 - 65535, ()),
        (101 - 65536, ("ack-too-old",)),
    ],
)
def test_an_ack_is_acceptable_from_one_largest_window_back(ack: int, reason: tuple[str, ...]) -> None:
    """SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT (RFC 5961 section 5); else an ACK goes back."""
    reply = established().gets("ACK", seq=301, ack=ack)
    assert reply.because == reason
    assert reply.said == (("ACK 101:101(0) ack 301",) if reason else ())


def test_without_the_check_an_old_ack_is_simply_a_duplicate() -> None:
    """SEG.ACK =< SND.UNA "can be ignored"."""
    end = established(rules(old_ack_check=False))
    assert end.gets("ACK", seq=301, ack=101 - 65536).is_nothing


def test_text_with_an_old_but_acceptable_ack_is_taken() -> None:
    """A duplicate ACK does not spoil its text."""
    end = established()
    end.sends(100)
    end.gets("ACK", seq=301, ack=201)
    end.gets("PSH,ACK", seq=301, ack=150, text=5)
    assert end.tcb.inc.unread == 5
    assert end.tcb.snd.una == 201


def test_an_ack_of_octets_never_sent_is_too_old_in_linux() -> None:
    """Nothing has been acknowledged but the SYN: the number below is no number of ours, text with it is discarded."""
    old = rules("linux-6.18", old_ack_of_sent=False)
    reply = established(LINUX).gets("ACK", seq=301, ack=90, text=10)
    assert reply.because[0] == "ack-too-old"
    assert established(old).gets("ACK", seq=301, ack=90, text=10).said[-1].endswith("ack 311")
