"""SYN-RECEIVED (RFC 9293 section 3.10.7.4): half of a handshake, come to from LISTEN or from SYN-SENT."""

from __future__ import annotations

import pytest

from tests.tcp.builders import (
    IRS,
    ISS,
    LINUX,
    SECOND,
    Make,
    at_rest,
    crossed,
    established,
    listening,
    rules,
    syn_received,
)
from tutor.tcp.segment import Payload
from tutor.tcp.states import State

# --- the ACK of our SYN ---


@pytest.mark.parametrize("make", [syn_received, crossed])
def test_the_ack_of_our_syn_opens_the_connection(make: Make) -> None:
    """SYN-RECEIVED -> ESTABLISHED; SND.WND, WL1 and WL2 are set from this segment."""
    end = make()
    reply = end.gets("ACK", seq=301, ack=101, win=7000)
    assert reply.crossed == ("syn-received/rcv-ack",)
    assert reply.told == ("connected",)
    assert reply.said == ()
    assert (end.tcb.snd.wnd, end.tcb.snd.wl1, end.tcb.snd.wl2) == (7000, 301, 101)
    assert end.tcb.out.queue == ()
    assert end.timers == {}


def test_text_with_the_ack_is_taken_at_once() -> None:
    """What repairs a lost third ACK: the first text carries the ACK too."""
    end = syn_received(LINUX)
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert reply.crossed == ("syn-received/rcv-ack",)
    assert reply.said == ("ACK 101:101(0) ack 311",)
    assert end.tcb.inc.ready == (Payload("theirs", 0, 10),)


def test_a_fin_with_the_ack_half_closes_at_once() -> None:
    """SYN-RECEIVED -> ESTABLISHED -> CLOSE-WAIT."""
    reply = syn_received().gets("FIN,ACK", seq=301, ack=101)
    assert reply.crossed == ("syn-received/rcv-ack", "established/rcv-fin")
    assert reply.said == ("ACK 101:101(0) ack 302",)
    assert reply.told == ("connected", "peer-closed")


def test_a_queued_close_meets_a_fin() -> None:
    """The CLOSE is done first, so that the FINs cross: FIN-WAIT-1, then CLOSING; text and FIN leave from there."""
    end = syn_received()
    end.sends(10)
    end.closes()
    reply = end.gets("FIN,ACK", seq=301, ack=101)
    assert reply.crossed == ("syn-received/rcv-ack", "established/close", "fin-wait-1/rcv-fin")
    assert reply.said == ("FIN,PSH,ACK 101:112(10) ack 302",)
    assert end.state is State.CLOSING
    assert end.gets("ACK", seq=302, ack=112).crossed == ("closing/rcv-ack",)


@pytest.mark.parametrize("ack", [ISS, ISS - 5, ISS + 2])
@pytest.mark.parametrize("make", [syn_received, crossed])
def test_any_other_ack_draws_a_rst(make: Make, ack: int) -> None:
    """``<SEQ=SEG.ACK><CTL=RST>``, and SYN-RECEIVED stays as it was."""
    end = make()
    before = end.tcb
    reply = end.gets("ACK", seq=301, ack=ack)
    assert reply.said == (f"RST {ack}:{ack}(0)",)
    assert reply.because == ("ack-not-of-our-syn",)
    assert end.tcb is before


# --- RST ---


def test_a_rst_returns_a_passive_opening_to_listen() -> None:
    """The listener is as if nobody had called: no queue, no timer, no peer's numbers (figure 8, note 1)."""
    end = syn_received()
    reply = end.gets("RST", seq=301)
    assert reply.crossed == ("syn-received/rcv-rst-passive",)
    assert reply.told == ()
    assert end.tcb == listening().tcb


@pytest.mark.parametrize(("profile", "told"), [("rfc9293", "refused"), ("linux-6.18", "reset")])
def test_a_rst_refuses_an_active_opening(profile: str, told: str) -> None:
    """MUST-11: who came from SYN-SENT goes to CLOSED; "connection refused" in the RFC, ECONNRESET in Linux."""
    end = crossed(rules(profile))
    reply = end.gets("RST", seq=301)
    assert reply.crossed == ("syn-received/rcv-rst-active",)
    assert reply.told == (told,)


@pytest.mark.parametrize("make", [syn_received, crossed])
def test_a_rst_in_the_window_but_not_exact_is_challenged(make: Make) -> None:
    """RFC 5961 section 3.2 holds here as well."""
    end = make()
    reply = end.gets("RST", seq=302)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert reply.purposes == ("challenge",)
    assert end.state is State.SYN_RECEIVED


def test_a_rst_outside_the_window_is_dropped() -> None:
    """An old one, for example the RST of an earlier call."""
    end = syn_received()
    assert end.gets("RST", seq=300).is_nothing
    assert end.gets("RST", seq=301 + 65535).is_nothing
    assert end.state is State.SYN_RECEIVED


def test_a_listener_that_was_reset_answers_the_next_call() -> None:
    """Figure 8 goes on: the true SYN arrives after the old duplicate was reset."""
    end = syn_received()
    end.gets("RST", seq=301)
    assert end.gets("SYN", seq=700, iss=400).said == ("SYN,ACK 400:401(0) ack 701",)
    assert end.gets("ACK", seq=701, ack=401, irs=700).crossed == ("syn-received/rcv-ack",)


# --- SYN ---


def test_the_same_syn_again_is_answered_by_the_letter_with_an_ack() -> None:
    """The first check: its number is one before the window."""
    end = syn_received()
    reply = end.gets("SYN", seq=IRS)
    assert reply.because == ("syn-again",)
    assert reply.said == ("ACK 101:101(0) ack 301",)


def test_the_same_syn_again_is_answered_in_practice_with_the_syn_ack() -> None:
    """Linux repeats the SYN,ACK, restarts its timer and uses up no retry; twice a second at most."""
    end = syn_received(LINUX)
    end.wait(SECOND * 3 // 5)
    reply = end.gets("SYN", seq=IRS)
    assert reply.said == ("SYN,ACK 100:101(0) ack 301",)
    assert reply.purposes == ("syn-ack again",)
    assert end.timer("retransmission") == SECOND
    assert end.tcb.rtx.count == 0
    assert end.wait(SECOND // 10).gets("SYN", seq=IRS).because == ("syn-again", "answered-too-recently")


def test_another_syn_in_the_window_returns_a_passive_opening_to_listen() -> None:
    """The fourth check: the first call is history."""
    end = syn_received()
    reply = end.gets("SYN", seq=350)
    assert reply.crossed == ("syn-received/rcv-syn-passive",)
    assert reply.said == ()
    assert end.tcb == listening().tcb


def test_linux_resets_the_caller_besides() -> None:
    """RST,ACK as to a SYN for nobody."""
    end = syn_received(LINUX)
    reply = end.gets("SYN", seq=350)
    assert reply.crossed == ("syn-received/rcv-syn-passive",)
    assert reply.said == ("RST,ACK 0:0(0) ack 351",)


def test_another_syn_in_the_window_is_challenged_by_an_active_opening() -> None:
    """ "Otherwise, handle per the directions for synchronized states"."""
    end = crossed()
    reply = end.gets("SYN", seq=350)
    assert reply.because == ("syn-in-connection",)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert end.state is State.SYN_RECEIVED


def test_another_syn_outside_the_window_gets_an_ack() -> None:
    """The first check, for both ways of opening; the first call goes on."""
    for end in (syn_received(), crossed()):
        assert end.gets("SYN", seq=200).said == ("ACK 101:101(0) ack 301",)
        assert end.state is State.SYN_RECEIVED


def test_linux_challenges_the_crossed_syn_that_comes_again() -> None:
    """An active opener is a full socket: an ACK, twice a second at most, and the SYN,ACK waits for its timer."""
    end = crossed(LINUX)
    due = end.timer("retransmission")
    reply = end.gets("SYN", seq=IRS)
    assert reply.because == ("syn-again",)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert reply.purposes == ("challenge",)
    assert end.timer("retransmission") == due
    assert end.gets("SYN", seq=IRS).is_nothing
    assert syn_received(LINUX).gets("SYN", seq=IRS).said == ("SYN,ACK 100:101(0) ack 301",)


# --- figure 7's SYN,ACK ---


@pytest.mark.parametrize(("profile", "said"), [("rfc9293", ()), ("linux-6.18", ("ACK 101:101(0) ack 301",))])
def test_the_crossed_syn_ack_opens_the_connection(profile: str, said: tuple[str, ...]) -> None:
    """NOTE(figure-7): one before the window, yet it opens, as the figure shows. Linux acknowledges it besides."""
    end = crossed(rules(profile))
    reply = end.gets("SYN,ACK", seq=IRS, ack=101, win=8000)
    assert reply.crossed == ("syn-received/rcv-ack",)
    assert "crossed-syn-ack" in reply.because
    assert reply.said == said
    assert end.tcb.snd.wnd == 8000


def test_waiting_text_leaves_when_the_crossed_syn_ack_comes() -> None:
    """It carries the ACK."""
    end = crossed()
    end.sends(10)
    assert end.gets("SYN,ACK", seq=IRS, ack=101).said == ("PSH,ACK 101:111(10) ack 301",)


def test_the_crossed_syn_ack_may_come_as_a_plain_ack() -> None:
    """The other end was already open when our SYN,ACK reached it."""
    end = crossed()
    end.gets("ACK", seq=301, ack=101)
    twin = crossed()
    twin.gets("SYN,ACK", seq=IRS, ack=101)
    assert at_rest(end).rcv == at_rest(twin).rcv
    assert end.state is twin.state is State.ESTABLISHED


def test_a_crossed_syn_ack_that_acknowledges_nothing_new_is_an_old_syn() -> None:
    """Not ours: it is answered as any repeated SYN."""
    end = crossed()
    reply = end.gets("SYN,ACK", seq=IRS, ack=ISS)
    assert reply.because == ("syn-again",)
    assert reply.said == ("ACK 101:101(0) ack 301",)


def test_a_passive_opening_knows_no_crossed_syn_ack() -> None:
    """A caller that gets our SYN,ACK answers with an ACK; a SYN,ACK is one number too old."""
    end = syn_received()
    reply = end.gets("SYN,ACK", seq=IRS, ack=101)
    assert reply.because == ("syn-again",)
    assert end.state is State.SYN_RECEIVED


def test_the_crossed_opening_is_not_measured() -> None:
    """The ISS went out twice, on the SYN and on the SYN,ACK: nobody knows which was acknowledged (Karn)."""
    end = crossed()
    end.wait(SECOND // 20)
    assert "karn-no-measurement" in end.gets("SYN,ACK", seq=IRS, ack=101).because
    assert end.tcb.rtx.srtt is None


# --- nothing else counts ---


def test_without_ack_nothing_happens() -> None:
    """Text without ACK before the handshake ends is dropped."""
    end = syn_received()
    before = end.tcb
    assert end.gets("PSH", seq=301, text=5).because == ("no-ack-bit",)
    assert end.tcb is before


def test_both_roads_lead_to_the_same_connection() -> None:
    """However the handshake went, the receive side of an open connection is the same."""
    passive = syn_received()
    passive.gets("ACK", seq=301, ack=101)
    simultaneous = crossed()
    simultaneous.gets("SYN,ACK", seq=IRS, ack=101)
    assert passive.tcb.rcv == simultaneous.tcb.rcv == established().tcb.rcv
