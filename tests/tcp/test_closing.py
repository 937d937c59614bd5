"""The closing states (RFC 9293 sections 3.6 and 3.10.7.4, fifth and eighth)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    LINUX,
    MINUTE,
    RFC,
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
from tutor.tcp.events import Shutdown
from tutor.tcp.profile import Profile
from tutor.tcp.states import State

# --- the ways through ---


def test_the_peers_fin_half_closes() -> None:
    """ESTABLISHED -> CLOSE-WAIT: acknowledged at once, the user hears "connection closing"."""
    end = established()
    reply = end.gets("FIN,ACK", seq=301, ack=101)
    assert reply.crossed == ("established/rcv-fin",)
    assert reply.said == ("ACK 101:101(0) ack 302",)
    assert reply.told == ("peer-closed",)
    assert end.tcb.rcv.nxt == 302


def test_the_ack_of_our_fin_leads_to_fin_wait_2() -> None:
    """No timer waits there: the peer may take its time."""
    end = fin_wait_1()
    reply = end.gets("ACK", seq=301, ack=102)
    assert reply.crossed == ("fin-wait-1/rcv-ack",)
    assert reply.said == ()
    assert end.timers == {}


def test_an_ack_of_text_before_the_fin_is_not_the_ack_of_the_fin() -> None:
    """FIN-WAIT-1 stays until the FIN itself is acknowledged."""
    end = established()
    end.sends(10)
    end.closes()
    assert end.gets("ACK", seq=301, ack=111).crossed == ()
    assert end.state is State.FIN_WAIT_1
    assert end.gets("ACK", seq=301, ack=112).crossed == ("fin-wait-1/rcv-ack",)


def test_fin_with_the_ack_of_ours_skips_fin_wait_2() -> None:
    """FIN-WAIT-1 -> TIME-WAIT (figure 5, note 2)."""
    end = fin_wait_1()
    reply = end.gets("FIN,ACK", seq=301, ack=102)
    assert reply.crossed == ("fin-wait-1/rcv-fin-ack",)
    assert reply.said == ("ACK 102:102(0) ack 302",)
    assert end.timers == {"time-wait": 4 * MINUTE}


def test_text_and_fin_with_the_ack_of_ours_skip_it_too() -> None:
    """The last text, the FIN and the ACK in one segment."""
    end = fin_wait_1()
    reply = end.gets("FIN,PSH,ACK", seq=301, ack=102, text=10)
    assert reply.crossed == ("fin-wait-1/rcv-fin-ack",)
    assert reply.said == ("ACK 102:102(0) ack 312",)
    assert end.reads().value == 10


def test_fins_that_cross_lead_to_closing() -> None:
    """FIN-WAIT-1 -> CLOSING -> TIME-WAIT (figure 13)."""
    end = fin_wait_1()
    reply = end.gets("FIN,ACK", seq=301, ack=101)
    assert reply.crossed == ("fin-wait-1/rcv-fin",)
    assert reply.said == ("ACK 102:102(0) ack 302",)
    last = end.gets("ACK", seq=302, ack=102)
    assert last.crossed == ("closing/rcv-ack",)
    assert last.said == ()
    assert end.timers == {"time-wait": 4 * MINUTE}


def test_the_peers_fin_ends_fin_wait_2() -> None:
    """FIN-WAIT-2 -> TIME-WAIT: the active closer waits 2 MSL (MUST-13)."""
    end = fin_wait_2()
    reply = end.gets("FIN,ACK", seq=301, ack=102)
    assert reply.crossed == ("fin-wait-2/rcv-fin",)
    assert reply.said == ("ACK 102:102(0) ack 302",)
    assert end.timers == {"time-wait": RFC.time_wait_us}


def test_the_ack_of_our_fin_ends_last_ack() -> None:
    """LAST-ACK -> CLOSED: the passive closer does not wait."""
    end = last_ack()
    reply = end.gets("ACK", seq=302, ack=102)
    assert reply.crossed == ("last-ack/rcv-ack",)
    assert reply.told == ("closed",)
    assert reply.said == ()
    assert end.timers == {}


@pytest.mark.parametrize(("make", "edge"), [(closing, "closing/rcv-ack"), (last_ack, "last-ack/rcv-ack")])
def test_an_old_ack_does_not_end_it(make: Make, edge: str) -> None:
    """Only the ACK of the FIN does."""
    end = make()
    assert end.gets("ACK", seq=302, ack=101).is_nothing
    assert end.gets("ACK", seq=302, ack=102).crossed == (edge,)


# --- data in the half-closed connection ---


@pytest.mark.parametrize("make", [fin_wait_1, fin_wait_2])
def test_text_still_arrives_after_our_fin(make: Make) -> None:
    """The user who closed may go on receiving (3.6)."""
    end = make(rules(delayed_ack_us=0))
    ack = end.tcb.snd.una
    assert end.gets("PSH,ACK", seq=301, ack=ack, text=10).said == ("ACK 102:102(0) ack 311",)
    assert end.reads().value == 10


def test_text_still_leaves_after_the_peers_fin() -> None:
    """CLOSE-WAIT sends as ESTABLISHED does."""
    end = close_wait()
    assert end.sends(10).said == ("PSH,ACK 101:111(10) ack 302",)
    assert end.gets("ACK", seq=302, ack=111).told == ("writable",)


def test_text_that_was_queued_leaves_from_closing() -> None:
    """The window opens late; text and FIN go although the peer's FIN has come."""
    end = established(win=0)
    end.sends(10)
    end.closes()
    assert end.gets("FIN,ACK", seq=301, ack=101, win=0).crossed == ("fin-wait-1/rcv-fin",)
    reply = end.gets("ACK", seq=302, ack=101, win=1000)
    assert reply.said == ("FIN,PSH,ACK 101:112(10) ack 302",)
    assert end.gets("ACK", seq=302, ack=112).crossed == ("closing/rcv-ack",)


@pytest.mark.parametrize("make", [close_wait, closing, last_ack])
@pytest.mark.parametrize("profile", [RFC, LINUX])
def test_text_behind_the_peers_own_fin_is_ignored(make: Make, profile: Profile) -> None:
    """ "This should not occur": neither taken nor answered; its ACK still counts."""
    end = make(profile)
    reply = end.gets("PSH,ACK", seq=302, ack=101, text=10)
    assert reply.because == ("text-after-fin",)
    assert reply.is_nothing
    assert end.tcb.rcv.nxt == 302


def test_urgent_data_behind_the_fin_is_ignored() -> None:
    """The sixth check: "Ignore the URG"."""
    assert close_wait().gets("PSH,URG,ACK", seq=302, ack=101, text=1, urgent=1).told == ()


# --- what is repeated ---


@pytest.mark.parametrize("make", [close_wait, closing, last_ack])
def test_the_peers_fin_again_is_acknowledged_again(make: Make) -> None:
    """Our ACK was lost; the state stays."""
    end = make()
    state, number = end.state, end.tcb.snd.nxt
    for _ in range(2):
        assert end.gets("FIN,ACK", seq=301, ack=101).said == (f"ACK {number}:{number}(0) ack 302",)
    assert end.state is state


@pytest.mark.parametrize(("make", "ack"), [(fin_wait_1, 301), (closing, 302), (last_ack, 302)])
def test_our_fin_is_repeated_until_it_is_acknowledged(make: Make, ack: int) -> None:
    """All segments preceding and including FIN will be retransmitted until acknowledged (3.6)."""
    end = make()
    reply = end.expires("retransmission")
    assert reply.said == (f"FIN,ACK 101:102(0) ack {ack}",)
    assert reply.purposes == ("fin again",)


def test_after_a_partial_ack_only_what_is_missing_is_repeated() -> None:
    """Text and FIN went out in one segment; the peer had room for four octets only."""
    end = established()
    end.sends(1)
    end.sends(9)
    end.closes()
    end.gets("ACK", seq=301, ack=106)
    assert end.expires("retransmission").said == ("FIN,PSH,ACK 106:112(5) ack 301",)
    end.gets("ACK", seq=301, ack=111)
    assert end.expires("retransmission").said == ("FIN,ACK 111:112(0) ack 301",)
    assert end.gets("ACK", seq=301, ack=112).crossed == ("fin-wait-1/rcv-ack",)


def test_our_last_ack_was_lost_and_the_fin_finds_us_gone() -> None:
    """LAST-ACK -> CLOSED; a repeated FIN then meets no connection and draws a RST."""
    end = last_ack()
    end.gets("ACK", seq=302, ack=102)
    assert end.gets("FIN,ACK", seq=301, ack=101).said == ("RST 101:101(0)",)


# --- FINs out of order ---


def test_a_fin_that_comes_early_is_held() -> None:
    """The gap before it is filled first; then it counts, and one ACK covers both."""
    end = established()
    early = end.gets("FIN,ACK", seq=311, ack=101)
    assert early.because == ("arrived-early",)
    assert early.said == ("ACK 101:101(0) ack 301",)
    assert end.state is State.ESTABLISHED
    filled = end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert filled.crossed == ("established/rcv-fin",)
    assert filled.said == ("ACK 101:101(0) ack 312",)
    assert filled.told == ("readable", "peer-closed")


def test_the_segment_that_fills_the_gap_acknowledges_our_fin() -> None:
    """FIN-WAIT-1 -> FIN-WAIT-2 -> TIME-WAIT within one segment: the FIN was there before."""
    end = fin_wait_1()
    end.gets("FIN,ACK", seq=311, ack=101)
    reply = end.gets("PSH,ACK", seq=301, ack=102, text=10)
    assert reply.crossed == ("fin-wait-1/rcv-ack", "fin-wait-2/rcv-fin")
    assert reply.said == ("ACK 102:102(0) ack 312",)


def test_a_fin_out_of_reach_does_not_hide_the_ack_of_ours() -> None:
    """The peer's FIN is early, its ACK is good: FIN-WAIT-2, and the FIN waits for its turn."""
    end = fin_wait_1()
    assert end.gets("FIN,ACK", seq=311, ack=102).crossed == ("fin-wait-1/rcv-ack",)
    assert end.gets("PSH,ACK", seq=301, ack=102, text=10).crossed == ("fin-wait-2/rcv-fin",)


def test_a_fin_behind_the_window_does_not_hide_the_ack_of_ours() -> None:
    """Ten octets fill the window, the FIN has no place: FIN-WAIT-2 all the same."""
    end = established(rules(receive_buffer=10))
    end.closes()
    assert end.gets("FIN,PSH,ACK", seq=301, ack=102, text=10).crossed == ("fin-wait-1/rcv-ack",)
    end.reads()
    assert end.gets("FIN,ACK", seq=311, ack=102).crossed == ("fin-wait-2/rcv-fin",)


def test_a_second_fin_in_closing_means_nothing() -> None:
    """A forged FIN behind the peer's FIN, with the ACK of ours: TIME-WAIT once, and no repeated FIN there."""
    end = closing()
    assert end.gets("FIN,ACK", seq=302, ack=102).crossed == ("closing/rcv-ack",)
    assert end.state is State.TIME_WAIT


def test_entering_time_wait_turns_off_every_other_timer() -> None:
    """ "Start the time-wait timer, turn off the other timers"."""
    end = established()
    end.sets("keepalive", 1)
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert set(end.timers) == {"keepalive", "delayed-ack"}
    end.closes()
    assert set(end.timers) == {"keepalive", "retransmission", "user"}
    end.gets("FIN,ACK", seq=311, ack=102)
    assert end.timers == time_wait().timers


@pytest.mark.parametrize(("profile", "said"), [(LINUX, ("RST 102:102(0)",)), (RFC, ())])
def test_text_for_a_shut_reader_aborts_in_linux(profile: Profile, said: tuple[str, ...]) -> None:
    """Both halves are shut, though not closed: new text in FIN-WAIT-2 draws a RST. The RFC takes it in."""
    end = established(profile)
    end.does(Shutdown("both"))
    end.gets("ACK", seq=301, ack=102)
    reply = end.gets("ACK", seq=301, ack=102, text=10)
    assert reply.said == said
    assert end.state is (State.CLOSED if said else State.FIN_WAIT_2)
