"""RFC 9293 section 3.10.7.4: eight checks in order. What fails one is not judged by the next."""

from __future__ import annotations

import pytest

from tests.tcp.builders import LINUX, End, close_wait, established, fin_wait_1, rules, syn_received, time_wait
from tutor.tcp.segment import Options

OUTSIDE = 301 + 65535
"""The first number behind the receive window."""


def stamped() -> End:
    """ESTABLISHED with timestamps; TS.Recent is 5000."""
    return established(rules(timestamps=True, window_scaling=True), options=Options(mss=1460, timestamp=(5000, 0)))


def test_paws_comes_before_the_sequence_check() -> None:
    """Old by its timestamp and outside the window: the timestamp is the reason."""
    reply = stamped().gets("ACK", seq=OUTSIDE, ack=101, options=Options(timestamp=(4999, 0)))
    assert reply.because == ("timestamp-too-old",)
    assert reply.said == ("ACK 101:101(0) ack 301",)


def test_sequence_comes_before_rst() -> None:
    """A RST outside the window is dropped in silence."""
    end = established()
    before = end.tcb
    reply = end.gets("RST", seq=OUTSIDE)
    assert reply.because == ("rst-outside-window",)
    assert reply.is_nothing
    assert end.tcb is before


def test_sequence_comes_before_syn() -> None:
    """A SYN outside the window is first of all outside; its ACK is a challenge whatever its number (RFC 5961 4.2)."""
    reply = established().gets("SYN", seq=OUTSIDE)
    assert reply.because == ("outside-window", "syn-in-connection")
    assert reply.said == ("ACK 101:101(0) ack 301",)


def test_sequence_comes_before_ack() -> None:
    """The ACK of a segment outside the window does not count."""
    end = established()
    end.sends(10)
    reply = end.gets("ACK", seq=OUTSIDE, ack=111)
    assert reply.because == ("outside-window",)
    assert end.tcb.snd.una == 101


def test_sequence_comes_before_text_and_fin() -> None:
    """Nothing of a segment outside the window is taken."""
    end = established()
    reply = end.gets("FIN,PSH,ACK", seq=OUTSIDE, ack=101, text=10)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert end.tcb.inc.held == ()


@pytest.mark.parametrize("flags", ["SYN,RST", "RST,URG", "RST,FIN", "RST,ACK", "RST"])
def test_rst_comes_before_everything_after_it(flags: str) -> None:
    """An exact RST resets, whatever stands beside it: a SYN, a bad ACK, no ACK, text, a FIN (SHLD-2)."""
    end = established()
    reply = end.gets(flags, seq=301, ack=999, text=5)
    assert reply.crossed == ("established/rcv-rst",)
    assert reply.said == ()
    assert reply.told == ("reset",)


def test_a_rst_that_is_not_exact_ends_the_processing() -> None:
    """Its ACK, which would be good, is not looked at."""
    end = established()
    end.sends(10)
    reply = end.gets("RST,ACK", seq=302, ack=111)
    assert reply.because == ("rst-not-exact",)
    assert end.tcb.snd.una == 101


def test_syn_comes_before_ack() -> None:
    """A SYN in the window is challenged; the ACK beside it, or its absence, does not matter."""
    for flags in ("SYN", "SYN,ACK"):
        end = established()
        end.sends(10)
        reply = end.gets(flags, seq=301, ack=111, text=5)
        assert reply.because == ("syn-in-connection",)
        assert reply.said == ("ACK 111:111(0) ack 301",)
        assert reply.purposes == ("challenge",)
        assert end.tcb.snd.una == 101


def test_ack_comes_before_urg_text_and_fin() -> None:
    """No ACK, no processing: nobody is told, nothing is taken."""
    end = established()
    before = end.tcb
    reply = end.gets("FIN,PSH,URG", seq=301, text=5, urgent=5)
    assert reply.because == ("no-ack-bit",)
    assert reply.is_nothing
    assert end.tcb is before


@pytest.mark.parametrize("number", [301, 296, 70_000])
@pytest.mark.parametrize("flags", ["PSH", "FIN", "NONE"])
def test_linux_asks_for_the_ack_bit_before_all_else(flags: str, number: int) -> None:
    """Before the window, the text or the close wait: without ACK, RST or SYN nothing is answered."""
    for make in (established, close_wait):
        end = make(LINUX)
        before = end.tcb
        reply = end.gets(flags, seq=number, text=10)
        assert reply.because == ("no-ack-bit",)
        assert reply.is_nothing
        assert end.tcb is before


def test_the_rfc_looks_at_the_number_of_a_segment_without_ack_first() -> None:
    """First check before the fifth: what lies outside the window is answered, ACK bit or not."""
    assert established().gets("PSH", seq=70_000, text=10).said == ("ACK 101:101(0) ack 301",)


def test_a_request_entry_of_linux_asks_in_the_order_of_the_rfc() -> None:
    """A full socket has its own order; what a listener keeps for a caller answers text outside the window."""
    reply = syn_received(LINUX).gets("PSH", seq=70_000, text=10)
    assert reply.because[0] == "outside-window"
    assert reply.said != ()


@pytest.mark.parametrize(("ack", "reason"), [(102, "ack-of-unsent"), (101 - 65536, "ack-too-old")])
def test_a_bad_ack_takes_its_text_with_it(ack: int, reason: str) -> None:
    """What acknowledges something unsent, or is older than any window, is answered and dropped whole."""
    end = established()
    reply = end.gets("FIN,PSH,URG,ACK", seq=301, ack=ack, text=5, urgent=5)
    assert reply.because == (reason,)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert reply.told == ()
    assert end.tcb.rcv.nxt == 301


def test_a_bad_ack_in_syn_received_takes_its_text_with_it() -> None:
    """There the answer is a RST, and the block stays."""
    end = syn_received()
    before = end.tcb
    reply = end.gets("FIN,PSH,ACK", seq=301, ack=102, text=5)
    assert reply.said == ("RST 102:102(0)",)
    assert end.tcb is before


def test_urg_comes_before_text_and_text_before_fin() -> None:
    """The order in which the user hears of them."""
    reply = established().gets("FIN,PSH,URG,ACK", seq=301, ack=101, text=5, urgent=5)
    assert reply.told == ("urgent", "readable", "peer-closed")


def test_the_ack_counts_before_the_fin() -> None:
    """One segment acknowledges our FIN and brings the peer's: FIN-WAIT-2 is never entered (note 2)."""
    end = fin_wait_1()
    assert end.gets("FIN,ACK", seq=301, ack=102).crossed == ("fin-wait-1/rcv-fin-ack",)


def test_reopening_comes_before_every_check() -> None:
    """TIME-WAIT: a SYN far outside the window may still open a new connection (3.6.1)."""
    reply = time_wait().gets("SYN", seq=OUTSIDE + 10_000_000, iss=900)
    assert reply.crossed == ("time-wait/rcv-syn",)
