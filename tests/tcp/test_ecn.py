"""Explicit congestion notification: asked for and granted, marked, echoed, answered (RFC 3168; asked of Linux 6.18)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import MS, Answer, End, listening, no_connection, rules, segment, syn_sent
from tutor.tcp.events import Arrival
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ECT_0, MARKED, Options

ON, ASKED, OFF = (rules("linux-6.18", ecn=word, timestamps=False) for word in ("on", "asked", "off"))
SMALL = Options(mss=1000)


def marks(answer: Answer) -> tuple[int, ...]:
    """The codepoints of the segments that left."""
    return tuple(one.mark for one in answer.reaction.segments)


def served(profile: Profile = ASKED) -> End:
    """A server whose client asked for ECN, with a round trip of 10 ms."""
    end = listening(profile)
    end.gets("SYN,ECE,CWR", seq=300, options=SMALL, iss=100)
    end.wait(10 * MS).gets("ACK", seq=301, ack=101)
    return end


# --- asking and granting ---


@pytest.mark.parametrize(
    ("profile", "flags", "mark", "answer"),
    [
        (OFF, "SYN,ECE,CWR", 0, "SYN,ACK"),
        (ASKED, "SYN,ECE,CWR", 0, "SYN,ACK,ECE"),
        (ON, "SYN,ECE,CWR", 0, "SYN,ACK,ECE"),
        (ON, "SYN", 0, "SYN,ACK"),
        (ON, "SYN,ECE", 0, "SYN,ACK"),
        (ASKED, "SYN,ECE,CWR", ECT_0, "SYN,ACK"),
    ],
)
def test_what_a_listener_grants(profile: Profile, flags: str, mark: int, answer: str) -> None:
    """Only who asks with both bits, on a SYN without a codepoint, and only if tcp_ecn is not 0."""
    end = listening(profile)
    assert end.gets(flags, seq=300, iss=100, mark=mark).said == (f"{answer} 100:101(0) ack 301",)


def test_a_repeated_syn_ack_grants_again() -> None:
    """The first may have been lost."""
    end = listening(ASKED)
    end.gets("SYN,ECE,CWR", seq=300, iss=100)
    assert end.expires("retransmission").said == ("SYN,ACK,ECE 100:101(0) ack 301",)


@pytest.mark.parametrize(("profile", "flags"), [(ON, "SYN,ECE,CWR"), (ASKED, "SYN"), (OFF, "SYN")])
def test_who_asks(profile: Profile, flags: str) -> None:
    """Only with tcp_ecn = 1."""
    assert no_connection(profile).connects().said == (f"{flags} 100:101(0)",)


def test_a_repeated_syn_asks_no_more() -> None:
    """Perhaps a box on the way drops what it does not know (tcp_ecn_fallback)."""
    assert syn_sent(ON).expires("retransmission").said == ("SYN 100:101(0)",)
    firm = rules("linux-6.18", ecn="on", ecn_fallback=False, timestamps=False)
    assert syn_sent(firm).expires("retransmission").said == ("SYN,ECE,CWR 100:101(0)",)


@pytest.mark.parametrize(("flags", "granted"), [("SYN,ACK,ECE", True), ("SYN,ACK", False), ("SYN,ACK,ECE,CWR", False)])
def test_what_counts_as_granted(flags: str, granted: bool) -> None:
    """ECE alone: both bits are only what a careless peer reflects (RFC 3168 section 6.1.1)."""
    end = syn_sent(ON)
    end.gets(flags, seq=300, ack=101, options=SMALL)
    assert end.tcb.agreed.ecn is granted
    assert marks(end.sends(1000)) == (ECT_0 if granted else 0,)


@pytest.mark.parametrize(("times", "flags"), [(0, "ACK"), (1, "ACK,CWR")])
def test_after_a_crossed_syn_ack_went_again_the_first_text_says_cwr(times: int, flags: str) -> None:
    """Who calls takes the timeout for a loss."""
    end = syn_sent(ON)
    end.gets("SYN,ECE,CWR", seq=300, options=SMALL)
    for _ in range(times):
        assert end.expires("retransmission").said == ("SYN,ACK,ECE 100:101(0) ack 301",)
    end.gets("ACK", seq=301, ack=101)
    assert end.sends(1000, push=False).said == (f"{flags} 101:1101(1000) ack 301",)
    assert end.sends(1000, push=False).said == ("ACK 1101:2101(1000) ack 301",)


def test_a_server_whose_syn_ack_went_again_owes_no_cwr() -> None:
    """A request entry has no window that could be cut."""
    end = listening(ON)
    end.gets("SYN,ECE,CWR", seq=300, options=SMALL, iss=100)
    end.expires("retransmission")
    end.gets("ACK", seq=301, ack=101)
    assert end.sends(1000, push=False).said == ("ACK 101:1101(1000) ack 301",)


# --- what carries a codepoint ---


def test_new_text_can_be_marked_and_nothing_else() -> None:
    """Not ACKs, not a FIN alone, not a repetition."""
    end = served()
    assert marks(end.sends(2000)) == (ECT_0, ECT_0)
    assert marks(end.expires("retransmission")) == (0,)
    other = served()
    assert marks(other.gets("ACK", seq=301, ack=101, text=2000)) == (0,)
    assert marks(other.closes()) == (0,)


# --- a mark on what we receive ---


def test_a_mark_is_echoed_until_it_is_answered() -> None:
    """ECE on every ACK, on text too, until CWR comes; the mark itself is acknowledged at once."""
    end = served()
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=100, mark=MARKED)
    assert (reply.said, reply.because[0]) == (("ACK,ECE 101:101(0) ack 401",), "congestion-marked")
    assert end.gets("PSH,ACK", seq=401, ack=101, text=100, mark=ECT_0).said == ("ACK,ECE 101:101(0) ack 501",)
    assert end.sends(100).said == ("PSH,ACK,ECE 101:201(100) ack 501",)
    reply = end.gets("PSH,ACK,CWR", seq=501, ack=101, text=100, mark=ECT_0)
    assert (reply.said, reply.because[0]) == (("ACK 201:201(0) ack 601",), "echo-answered")


def test_without_an_agreement_marks_mean_nothing() -> None:
    """Nobody asked for them."""
    end = listening(OFF)
    end.gets("SYN,ECE,CWR", seq=300, options=SMALL, iss=100)
    end.gets("ACK", seq=301, ack=101)
    assert end.gets("PSH,ACK", seq=301, ack=101, text=100, mark=MARKED).said == ("ACK 101:101(0) ack 401",)
    assert end.sends(100).said == ("PSH,ACK 101:201(100) ack 401",)
    end.gets("ACK,ECE", seq=401, ack=201)
    assert end.tcb.cc.threshold > 1000


# --- an echo of what we sent ---


def test_an_echo_cuts_the_window_once() -> None:
    """Ten segments become seven; with nothing left in flight only what was delivered and one more may leave at first.

    So the kernel answered: 3 segments acknowledged with ECE, and 4 of the next 12 leave, the first with CWR.
    """
    end = served()
    end.sends(3000)
    end.wait(30 * MS).gets("ACK,ECE", seq=301, ack=3101)
    assert (end.tcb.cc.window, end.tcb.cc.threshold) == (4, 7)
    assert end.sends(12_000).said == (
        "ACK,CWR 3101:4101(1000) ack 301",
        "PSH,ACK 4101:5101(1000) ack 301",
        "ACK 5101:6101(1000) ack 301",
        "PSH,ACK 6101:7101(1000) ack 301",
    )


def test_further_echoes_of_the_same_window_change_nothing() -> None:
    """Only one reduction in a window of text; beyond it the next counts."""
    end = served()
    end.sends(6000)
    end.gets("ACK,ECE", seq=301, ack=1101)
    assert end.tcb.cc.threshold == 7
    end.gets("ACK,ECE", seq=301, ack=3101)
    assert end.tcb.cc.threshold == 7
    end.gets("ACK", seq=301, ack=6101)
    assert end.tcb.cc.cut_until is not None, "what ends it must lie beyond"
    end.sends(2000)
    end.gets("ACK,ECE", seq=301, ack=8101)
    assert end.tcb.cc.threshold == 4, "7 * 0.7"


def test_the_window_ends_at_the_threshold() -> None:
    """When the window of text is acknowledged, what may be in flight is what the threshold says."""
    end = served()
    end.sends(10_000)
    end.gets("ACK,ECE", seq=301, ack=1101)
    end.sends(20_000)
    for number in range(2, 13):
        end.gets("ACK", seq=301, ack=101 + 1000 * number)
    assert end.tcb.cc.cut_until is None
    assert end.tcb.cc.window == 7


def test_in_rfc_5681_the_window_is_the_threshold_at_once() -> None:
    """Half of what is in flight."""
    plain = rules("rfc9293", ecn="asked")
    end = served(plain)
    end.sends(4000)
    end.does(Arrival(segment("ACK,ECE", seq=301, ack=1101, win=65535)))
    assert end.tcb.cc.window == end.tcb.cc.threshold == 2000
