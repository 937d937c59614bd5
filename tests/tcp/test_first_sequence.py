"""RFC 9293 section 3.10.7.4, first: is any part of the segment in the window?"""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tests.tcp.builders import LINUX, RFC, SECOND, End, established, rules, segment
from tutor.tcp import seq as sequence
from tutor.tcp.acceptability import is_acceptable
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, Payload, Segment
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def receiver(window: int) -> End:
    """ESTABLISHED, RCV.NXT 301, with a receive window of ``window`` octets and ACKs that do not wait."""
    end = established(rules(delayed_ack_us=0))
    end.tcb = replace(end.tcb, rcv=replace(end.tcb.rcv, wnd=window), conf=replace(end.tcb.conf, receive_buffer=window))
    return end


# --- table 6 ---


@pytest.mark.parametrize(
    ("window", "number", "length", "acceptable"),
    [
        # length 0, window 0: only RCV.NXT
        (0, 301, 0, True),
        (0, 300, 0, False),
        (0, 302, 0, False),
        # length 0, window > 0: RCV.NXT =< SEG.SEQ < RCV.NXT + RCV.WND
        (10, 301, 0, True),
        (10, 310, 0, True),
        (10, 311, 0, False),
        (10, 300, 0, False),
        # length > 0, window 0: never
        (0, 301, 1, False),
        (0, 300, 2, False),
        # length > 0, window > 0: the first or the last octet in the window
        (10, 301, 10, True),
        (10, 310, 5, True),
        (10, 311, 1, False),
        (10, 296, 6, True),
        (10, 296, 5, False),
        (10, 291, 20, True),
        (10, 291, 21, False),
    ],
)
def test_the_four_cases_of_table_6(window: int, number: int, length: int, acceptable: bool) -> None:
    """Also when the window lies across the end of the number space."""
    for shift in (0, 2**32 - 305):
        end = receiver(window)
        tcb = replace(end.tcb, rcv=replace(end.tcb.rcv, nxt=sequence.add(301, shift)))
        text = Payload("theirs", 0, length) if length else None
        arriving = Segment(sequence.add(number, shift), flags=ACK, payload=text)
        assert is_acceptable(Turn(tcb, 0, end.profile), arriving) is acceptable


@given(st.integers(0, 2**32 - 1), st.integers(0, 100), st.integers(-200, 200), st.integers(0, 100))
def test_table_6_asks_for_an_edge_of_the_segment_in_the_window(nxt: int, wnd: int, offset: int, length: int) -> None:
    """Written once more with plain integers, where RCV.NXT is 0 and nothing wraps."""
    first, last = offset, offset + length - 1
    if length == 0:
        expected = first == 0 if wnd == 0 else 0 <= first < wnd
    else:
        expected = wnd > 0 and (0 <= first < wnd or 0 <= last < wnd)
    end = receiver(wnd)
    tcb = replace(end.tcb, rcv=replace(end.tcb.rcv, nxt=nxt))
    text = Payload("theirs", 0, length) if length else None
    arriving = Segment(sequence.add(nxt, offset), flags=ACK, payload=text)
    assert is_acceptable(Turn(tcb, 0, end.profile), arriving) is expected


# --- what an unacceptable segment gets ---


def test_text_outside_the_window_is_answered_with_where_we_are() -> None:
    """``<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>``, and the segment is dropped."""
    end = established()
    reply = end.gets("PSH,ACK", seq=301 + 65535, ack=101, text=10)
    assert reply.because == ("outside-window",)
    assert reply.said == ("ACK 101:101(0) ack 301",)


def test_old_text_is_acknowledged_again() -> None:
    """The peer repeats what has been read: our ACK was lost."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert end.gets("PSH,ACK", seq=301, ack=101, text=10).said == ("ACK 101:101(0) ack 311",)


def test_of_a_segment_across_the_left_edge_only_the_new_part_counts() -> None:
    """ "If a segment's contents straddle the boundary between old and new, only the new parts are processed"."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.gets("PSH,ACK", seq=306, ack=101, text=10)
    assert end.tcb.rcv.nxt == 316
    assert end.tcb.inc.ready == (Payload("theirs", 0, 15),)


def test_of_a_segment_across_the_right_edge_only_the_part_inside_counts() -> None:
    """Text and FIN beyond the window are trimmed off."""
    end = receiver(10)
    reply = end.gets("FIN,PSH,ACK", seq=301, ack=101, text=15)
    assert reply.said == ("ACK 101:101(0) ack 311",)
    assert end.tcb.inc.unread == 10
    assert reply.crossed == ()


def test_a_fin_just_outside_the_window_has_to_come_again() -> None:
    """Ten octets fill a window of ten; the FIN behind them has no place."""
    end = receiver(10)
    reply = end.gets("FIN,PSH,ACK", seq=301, ack=101, text=10)
    assert reply.crossed == ()
    assert end.reads(10).said == ("ACK 101:101(0) ack 311",)
    assert end.gets("FIN,ACK", seq=311, ack=101).crossed == ("established/rcv-fin",)


# --- a shut window ---


def test_a_shut_window_takes_no_text_but_its_ack() -> None:
    """ "Special allowance should be made to accept valid ACKs, URGs, and RSTs"."""
    end = receiver(0)
    end.sends(10)
    reply = end.gets("PSH,ACK", seq=301, ack=111, text=1)
    assert reply.because[0] == "window-is-shut"
    assert reply.said == ("ACK 111:111(0) ack 301",)
    assert reply.windows == (0,)
    assert end.tcb.snd.una == 111
    assert end.tcb.inc.unread == 0


def test_a_shut_window_hears_of_urgent_data() -> None:
    """MUST-66: the URG of every segment is processed, even when the window is zero."""
    assert receiver(0).gets("PSH,URG,ACK", seq=301, ack=101, text=1, urgent=100).told == ("urgent",)


def test_a_shut_window_is_still_reset() -> None:
    """MUST-66 again, with and without text on the RST."""
    for text in (0, 5):
        assert receiver(0).gets("RST", seq=301, text=text).crossed == ("established/rcv-rst",)


def test_a_shut_window_takes_no_fin() -> None:
    """A FIN takes a number, and there is no room for any; a bare ACK is no trouble."""
    end = receiver(0)
    reply = end.gets("FIN,ACK", seq=301, ack=101)
    assert reply.crossed == ()
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert end.gets("ACK", seq=301, ack=101).is_nothing


def test_an_ack_from_beyond_a_shut_window_is_not_for_us() -> None:
    """By table 6 only SEG.SEQ = RCV.NXT: why a prober's ACKs carry the edge (see the next file)."""
    reply = receiver(0).gets("ACK", seq=302, ack=101)
    assert reply.because == ("outside-window",)


# --- not too often ---


def test_bare_strays_are_answered_twice_a_second_at_most() -> None:
    """RFC 5961 section 7: half a second after an answer the next one may go."""
    end = established()
    assert end.gets("ACK", seq=300, ack=101).said == ("ACK 101:101(0) ack 301",)
    silent = end.wait(SECOND // 2 - 1).gets("ACK", seq=300, ack=101)
    assert silent.said == ()
    assert silent.because == ("outside-window", "answered-too-recently")
    assert end.wait(1).gets("ACK", seq=300, ack=101).said == ("ACK 101:101(0) ack 301",)


def test_text_and_fin_are_always_answered() -> None:
    """They are repeated until they are acknowledged, so their number is bounded anyway."""
    end = established()
    end.gets("ACK", seq=300, ack=101)
    for _ in range(3):
        assert end.gets("PSH,ACK", seq=300, ack=101, text=1).said == ("ACK 101:101(0) ack 301",)
        assert end.gets("FIN,ACK", seq=300, ack=101).said == ("ACK 101:101(0) ack 301",)


def test_without_a_limit_every_stray_is_answered() -> None:
    """The limit is a number of the profile; 0 takes it away."""
    end = established(rules(invalid_ack_interval_us=0))
    for _ in range(3):
        assert end.gets("ACK", seq=300, ack=101).said == ("ACK 101:101(0) ack 301",)


def test_two_ends_that_lost_each_other_fall_silent() -> None:
    """Desynchronised ends answer each other's ACKs; the limit ends that after one answer each."""
    ours, theirs = established(), established(iss=5_000_000, irs=9_000_000)
    stray = segment("ACK", seq=4_000_000, ack=101)
    first = ours.takes(stray)
    assert first.said == ("ACK 101:101(0) ack 301",)
    second = theirs.wait(20_000).takes(first.segment)
    assert second.said == ("ACK 5000001:5000001(0) ack 9000001",)
    assert ours.wait(40_000).takes(second.segment).said == ()


# --- what Linux takes besides ---


@pytest.mark.parametrize(("profile", "una"), [(LINUX, 201), (RFC, 101)])
def test_a_repetition_brings_its_ack_number_in_linux(profile: Profile, una: int) -> None:
    """It ends exactly where the last ACK pointed: nothing of it is new but what it acknowledges."""
    end = established(profile)
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.sends(100)
    reply = end.gets("PSH,ACK", seq=301, ack=201, text=10)
    assert reply.said == ("ACK 201:201(0) ack 311",)
    assert end.tcb.snd.una == una


def test_a_repetition_of_the_first_half_does_not() -> None:
    """It ends before: dropped, with an ACK."""
    end = established(LINUX)
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.sends(100)
    reply = end.gets("PSH,ACK", seq=301, ack=201, text=5)
    assert reply.said == ("ACK 201:201(0) ack 311",)
    assert end.tcb.snd.una == 101


@pytest.mark.parametrize(("beyond", "una"), [(0, 201), (1, 101)])
def test_a_bare_ack_at_the_right_edge_counts_in_linux(beyond: int, una: int) -> None:
    """One behind it does not."""
    end = established(LINUX)
    end.sends(100)
    end.gets("ACK", seq=end.tcb.rcv.nxt + end.tcb.rcv.wnd + beyond, ack=201)
    assert end.tcb.snd.una == una
