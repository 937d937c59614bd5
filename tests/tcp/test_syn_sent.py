"""RFC 9293 section 3.10.7.3: what answers our SYN. First ACK, second RST, fourth SYN, fifth anything else."""

from __future__ import annotations

import pytest

from tests.tcp.builders import IRS, ISS, LINUX, SECOND, End, established, rules, syn_sent
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options, Payload
from tutor.tcp.states import State

# --- the answer we hope for ---


def test_a_syn_ack_opens_the_connection() -> None:
    """SYN-SENT -> ESTABLISHED, and the third segment of the handshake goes out (figure 6)."""
    end = syn_sent()
    reply = end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    assert reply.crossed == ("syn-sent/rcv-syn-ack",)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert reply.told == ("connected",)
    assert reply.because == ("rtt-measured", "own-syn-acknowledged")
    assert (end.tcb.snd.una, end.tcb.rcv.nxt, end.tcb.rcv.irs) == (101, 301, 300)
    assert end.tcb.out.queue == ()
    assert end.timers == {}


def test_the_send_window_is_set_although_the_rfc_forgets_it() -> None:
    """NOTE(window-on-open): SND.WND, WL1 and WL2 come from the SYN,ACK; else nothing could be sent."""
    end = syn_sent()
    reply = end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, win=5000)
    snd = end.tcb.snd
    assert (snd.wnd, snd.wl1, snd.wl2, snd.max_wnd) == (5000, IRS, ISS + 1, 5000)
    assert "own-syn-acknowledged" in reply.because


def test_waiting_text_rides_on_the_ack() -> None:
    """ "Data or controls that were queued for transmission MAY be included"."""
    end = syn_sent()
    end.sends(10)
    assert end.gets("SYN,ACK", seq=IRS, ack=ISS + 1).said == ("PSH,ACK 101:111(10) ack 301",)


def test_text_on_the_syn_ack_is_taken() -> None:
    """Processing goes on at the sixth step; one ACK covers SYN and text."""
    end = syn_sent()
    reply = end.gets("SYN,ACK", seq=IRS, ack=ISS + 1, text=10)
    assert reply.said == ("ACK 101:101(0) ack 311",)
    assert reply.told == ("connected", "readable")
    assert end.tcb.inc.ready == (Payload("theirs", 0, 10),)


def test_a_fin_on_the_syn_ack_half_closes_at_once() -> None:
    """SYN-SENT -> ESTABLISHED -> CLOSE-WAIT in one step."""
    end = syn_sent()
    reply = end.gets("SYN,FIN,ACK", seq=IRS, ack=ISS + 1, text=10)
    assert reply.crossed == ("syn-sent/rcv-syn-ack", "established/rcv-fin")
    assert reply.said == ("ACK 101:101(0) ack 312",)
    assert reply.told == ("connected", "readable", "peer-closed")


def test_urgent_text_on_the_syn_ack_is_told_of() -> None:
    """The sixth step is not left out."""
    reply = syn_sent().gets("SYN,ACK,URG", seq=IRS, ack=ISS + 1, text=10, urgent=5)
    assert "urgent" in reply.told


# --- two SYNs cross ---


def test_a_syn_without_ack_has_crossed_ours() -> None:
    """SYN-SENT -> SYN-RECEIVED: SYN,ACK with the same ISS (figure 7)."""
    end = syn_sent()
    reply = end.gets("SYN", seq=IRS, win=5000)
    assert reply.crossed == ("syn-sent/rcv-syn",)
    assert reply.said == ("SYN,ACK 100:101(0) ack 301",)
    assert end.tcb.is_active
    assert (end.tcb.snd.una, end.tcb.snd.wnd, end.tcb.snd.wl1) == (100, 5000, 300)


def test_text_and_fin_on_a_crossing_syn_wait() -> None:
    """ "Queue them for processing after the ESTABLISHED state has been reached"."""
    end = syn_sent()
    end.gets("SYN,FIN", seq=IRS, text=10)
    assert end.reads().error == "nothing to read yet"
    reply = end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    assert reply.crossed == ("syn-received/rcv-ack", "established/rcv-fin")
    assert reply.said == ("ACK 101:101(0) ack 312",)


# --- first, the ACK ---


@pytest.mark.parametrize("ack", [ISS, ISS - 1, ISS + 2, ISS + 1000])
@pytest.mark.parametrize("flags", ["ACK", "SYN,ACK", "FIN,ACK"])
def test_first_an_ack_of_anything_but_our_syn_draws_a_rst(flags: str, ack: int) -> None:
    """SEG.ACK =< ISS or SEG.ACK > SND.NXT: ``<SEQ=SEG.ACK><CTL=RST>``; we go on calling (figures 8 and 9)."""
    end = syn_sent()
    before = end.tcb
    reply = end.gets(flags, seq=IRS, ack=ack)
    assert reply.said == (f"RST {ack}:{ack}(0)",)
    assert reply.because == ("ack-not-of-our-syn",)
    assert end.tcb is before


def test_first_comes_before_second_a_rst_with_a_wrong_ack_is_dropped() -> None:
    """ "Unless the RST bit is set, if so drop the segment": nobody is refused by a stranger."""
    end = syn_sent()
    before = end.tcb
    assert end.gets("RST,ACK", seq=0, ack=ISS + 2).is_nothing
    assert end.tcb is before


def test_a_host_may_call_again_at_once_after_a_stale_answer() -> None:
    """The rule of a profile: the stale ACK makes the SYN due in two ticks instead of a second."""
    end = syn_sent(rules(bad_ack_repeats_syn_us=8_000))
    end.wait(SECOND // 2)
    reply = end.gets("ACK", seq=IRS, ack=7)
    assert reply.said == ("RST 7:7(0)",)
    assert reply.because == ("ack-not-of-our-syn", "syn-again-at-once")
    assert end.timer("retransmission") == 8_000
    assert end.expires("retransmission").said == ("SYN 100:101(0)",)


# --- second, the RST ---


@pytest.mark.parametrize(("profile", "told"), [(rules(), "reset"), (LINUX, "refused")])
def test_second_a_rst_that_acknowledges_our_syn_refuses(profile: Profile, told: str) -> None:
    """SYN-SENT -> CLOSED. The RFC's word is "connection reset", Linux's ECONNREFUSED."""
    end = syn_sent(profile)
    reply = end.gets("RST,ACK", seq=0, ack=ISS + 1)
    assert reply.crossed == ("syn-sent/rcv-rst",)
    assert reply.told == (told,)
    assert reply.said == ()
    assert end.timers == {}


def test_the_number_of_a_rst_is_not_looked_at_yet() -> None:
    """NOTE(rst-in-syn-sent): there is no RCV.NXT that it could match; the ACK is the check."""
    assert syn_sent().gets("RST,ACK", seq=987654, ack=ISS + 1).crossed == ("syn-sent/rcv-rst",)


def test_a_rst_without_ack_proves_nothing() -> None:
    """Anyone could have sent it: dropped, also with a SYN beside it."""
    for flags in ("RST", "SYN,RST"):
        end = syn_sent()
        before = end.tcb
        reply = end.gets(flags, seq=IRS)
        assert reply.is_nothing
        assert reply.because == ("rst-without-ack",)
        assert end.tcb is before


# --- fifth, anything else ---


@pytest.mark.parametrize(("flags", "ack"), [("ACK", ISS + 1), ("PSH,ACK", ISS + 1), ("FIN,ACK", ISS + 1), ("FIN", 0)])
def test_fifth_neither_syn_nor_rst_is_dropped(flags: str, ack: int) -> None:
    """Even with the right ACK: without a SYN we would not know the peer's number. A FIN is never processed here."""
    end = syn_sent()
    before = end.tcb
    reply = end.gets(flags, seq=IRS, ack=ack, text=5)
    assert reply.is_nothing
    assert reply.because == ("neither-syn-nor-rst",)
    assert end.tcb is before


def test_an_answer_after_several_tries_is_as_good() -> None:
    """The SYN was lost twice; the third is answered."""
    end = syn_sent()
    end.expires("retransmission")
    end.expires("retransmission")
    assert end.now == 3 * SECOND
    end.gets("SYN,ACK", seq=IRS, ack=ISS + 1)
    assert end.state is State.ESTABLISHED
    assert end.tcb.snd == established().tcb.snd


@pytest.mark.parametrize("echo", [4_999, 6_001])
def test_an_answer_that_echoes_no_syn_of_ours_is_reset_in_linux(echo: int) -> None:
    """Older than the first SYN, or from the future; the SYN goes again when it would have gone. The RFC takes it."""
    for profile, said in ((LINUX, ("RST 101:101(0)",)), (rules(timestamps=True), ("ACK 101:101(0) ack 301",))):
        end = End(profile, now=5 * SECOND)
        end.connects()
        end.wait(SECOND // 2)
        waits = end.timer("retransmission")
        end.wait(SECOND // 2 - 1)
        reply = end.gets("SYN,ACK", seq=300, ack=101, options=Options(mss=1460, timestamp=(7, echo)))
        assert reply.said == said
        assert end.state is (State.SYN_SENT if profile is LINUX else State.ESTABLISHED)
        assert waits == SECOND // 2
