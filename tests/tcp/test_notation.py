"""How segments, flags and states are spelled: one canonical way out, every usual way in."""

from __future__ import annotations

import pytest

from tests.tcp.builders import LINUX, NOTE_3, RFC
from tutor.tcp import states
from tutor.tcp.clauses import CLAUSES
from tutor.tcp.profile import RULES, STATUSES
from tutor.tcp.reasons import Reason
from tutor.tcp.segment import ACK, FIN, PSH, RST, SYN, Options, Payload, Segment, flags_text, parse_flags
from tutor.tcp.states import State
from tutor.tcp.tcb import Address


@pytest.mark.parametrize("text", ["SYN,ACK", "syn+ack", "ACK,SYN", "S.", "SA", "AS", "syn|ack", " SYN , ACK "])
def test_flags_are_read_in_every_usual_spelling(text: str) -> None:
    """The RFC's, a textbook's, tcpdump's."""
    assert parse_flags(text) == SYN | ACK


def test_flags_are_printed_in_one_order() -> None:
    """SYN, FIN, RST, PSH, ACK, URG, ECE, CWR, whatever the order of the bits."""
    assert flags_text(0xFF) == "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR"
    assert flags_text(SYN | ACK, "+") == "SYN+ACK"
    assert flags_text(0) == "none"
    assert parse_flags("none") == 0


def test_an_unknown_flag_is_named_with_what_is_allowed() -> None:
    """The error says what was found and what would do."""
    with pytest.raises(ValueError, match=r"'SIN' is not a TCP flag; allowed: SYN, FIN"):
        parse_flags("ACK,SIN")


def test_a_segment_prints_as_flags_numbers_and_ack() -> None:
    """First number, number after the last, octets of text; ACK only if its bit is set."""
    text = Payload("ours", 0, 5)
    assert str(Segment(100, flags=SYN, window=65535)) == "SYN 100:101(0) win 65535"
    assert str(Segment(101, 301, FIN | PSH | ACK, 1000, payload=text)) == "FIN,PSH,ACK 101:107(5) ack 301 win 1000"
    assert str(Segment(2**32 - 2, 1, ACK, payload=text)) == "ACK 4294967294:3(5) ack 1 win 0"


def test_addresses_clauses_and_reasons_print_as_people_write_them() -> None:
    """10.0.0.1:80; document and section; id and arguments."""
    assert str(Address("10.0.0.1", 80)) == "10.0.0.1:80"
    assert str(CLAUSES["paws"]) == "RFC 7323 section 5.3"
    assert str(Reason("ack-of-unsent", (("ack", 102),))) == "ack-of-unsent ack=102"


def test_every_number_of_a_profile_says_where_it_comes_from() -> None:
    """A source and how sure we are of it."""
    for profile in (RFC, LINUX, NOTE_3):
        for rule in RULES:
            assert profile.source(rule.name).status in STATUSES
            assert profile.source(rule.name).text
    assert RFC.source("initial_rto_us") == ("RFC 6298 2.1", "documented")


def test_each_control_bit_can_be_asked_for() -> None:
    """Six questions, each true of one bit alone."""
    for bit, (name, flag) in enumerate(
        [("fin", FIN), ("syn", SYN), ("rst", RST), ("psh", PSH), ("has_ack", ACK), ("urg", 32)]
    ):
        assert flag == 1 << bit
        asked = {
            question: getattr(Segment(0, flags=flag), question)
            for question in ("fin", "syn", "rst", "psh", "has_ack", "urg")
        }
        assert [question for question, answer in asked.items() if answer] == [name]


@pytest.mark.parametrize(("flags", "length"), [(ACK, 5), (SYN, 6), (FIN | ACK, 6), (SYN | FIN, 7), (RST, 5)])
def test_syn_and_fin_take_a_number_each(flags: int, length: int) -> None:
    """SEG.LEN counts the text and the two controls that can be repeated (3.4)."""
    assert Segment(0, flags=flags, payload=Payload("ours", 10, 15)).seq_length == length


def test_a_slice_is_cut_without_touching_its_octets() -> None:
    """Skip, keep; nothing left is None."""
    text = Payload("ours", 10, 20)
    assert text.cut(3, 4) == Payload("ours", 13, 17)
    assert text.cut(3, 100) == Payload("ours", 13, 20)
    assert text.cut(10, 5) is None
    assert text.cut(0, 0) is None
    assert len(text) == 10


@pytest.mark.parametrize(
    ("options", "octets"),
    [
        (Options(), 0),
        (Options(mss=1460), 4),
        (Options(mss=1460, window_scale=7), 8),
        (Options(sack_permitted=True), 4),
        (Options(timestamp=(1, 2)), 12),
        (Options(mss=1460, window_scale=10, sack_permitted=True, timestamp=(1, 0)), 20),
        (Options(timestamp=(1, 2), sack=((1, 2), (3, 4), (5, 6))), 40),
    ],
)
def test_options_are_padded_to_words(options: Options, octets: int) -> None:
    """The header is a whole number of 32-bit words."""
    assert options.size == octets


@pytest.mark.parametrize("state", list(State))
def test_every_spelling_of_a_state_is_read(state: State) -> None:
    """RFC prose, RFC figure, Linux source and ``ss`` lead to the same state."""
    for name in states.NAMES[state]:
        assert states.parse(name) is state
        assert states.parse(name.lower()) is state


def test_spellings_of_other_systems_and_an_unknown_one() -> None:
    """LISTENING is Windows'; nonsense is answered with the eleven names."""
    assert states.parse("LISTENING") is State.LISTEN
    assert states.parse("SYN_RCVD") is State.SYN_RECEIVED
    with pytest.raises(ValueError, match=r"'HALF-OPEN' is not a TCP state; allowed: CLOSED, LISTEN, SYN-SENT"):
        states.parse("HALF-OPEN")


def test_every_state_says_what_it_means() -> None:
    """The meaning is the lesson's first sentence about a state."""
    assert len({state.meaning for state in State}) == 11
