"""What is taken in: order, overlaps, ACKs that wait, the window (RFC 9293 3.10.7.4 seventh, 3.8.6.2.2, 3.8.6.3)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tests.tcp.builders import LINUX, MS, End, Make, established, fin_wait_2, listening, rules
from tutor.tcp import seq as sequence, window
from tutor.tcp.reassembly import hold, release
from tutor.tcp.segment import Options, Payload
from tutor.tcp.states import State
from tutor.tcp.tcb import Held

FULL = 1460
AT_ONCE = rules(delayed_ack_us=0)

# --- order ---


def test_text_in_order_is_ready_at_once() -> None:
    """RCV.NXT moves over it, RCV.WND shrinks by it, the user is told."""
    end = established()
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert reply.told == ("readable",)
    assert (end.tcb.rcv.nxt, end.tcb.rcv.wnd) == (311, 65525)
    assert end.tcb.inc.ready == (Payload("theirs", 0, 10),)


def test_text_that_comes_early_is_held_and_answered_at_once() -> None:
    """SHLD-31; the ACK repeats what is missing (RFC 5681 section 4.2)."""
    end = established()
    reply = end.gets("PSH,ACK", seq=401, ack=101, text=100)
    assert reply.because == ("arrived-early",)
    assert reply.said == ("ACK 101:101(0) ack 301",)
    assert reply.told == ()
    assert end.tcb.inc.held == (Held(401, Payload("theirs", 100, 200)),)


def test_the_missing_piece_delivers_everything() -> None:
    """And is acknowledged at once: the sender waits for it."""
    end = established()
    end.gets("PSH,ACK", seq=401, ack=101, text=100)
    end.gets("PSH,ACK", seq=501, ack=101, text=100)
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=100)
    assert reply.said == ("ACK 101:101(0) ack 601",)
    assert end.tcb.inc.ready == (Payload("theirs", 0, 300),)
    assert end.tcb.inc.held == ()


def test_of_two_gaps_the_first_is_filled_first() -> None:
    """What lies behind the second gap stays held."""
    end = established(AT_ONCE)
    end.gets("PSH,ACK", seq=311, ack=101, text=10)
    end.gets("PSH,ACK", seq=331, ack=101, text=10)
    assert end.gets("PSH,ACK", seq=301, ack=101, text=10).said == ("ACK 101:101(0) ack 321",)
    assert end.tcb.inc.held == (Held(331, Payload("theirs", 30, 40)),)


def test_duplicates_are_taken_once() -> None:
    """The same octets twice, in order and early."""
    end = established(AT_ONCE)
    for _ in range(2):
        end.gets("PSH,ACK", seq=401, ack=101, text=100)
    for _ in range(2):
        end.gets("PSH,ACK", seq=301, ack=101, text=100)
    assert end.reads().value == 200


def test_a_stream_may_run_over_the_end_of_the_numbers() -> None:
    """IRS = 2^32 - 5, pieces in the wrong order across zero."""
    irs = 2**32 - 5
    end = established(AT_ONCE, irs=irs)
    end.gets("PSH,ACK", seq=6, ack=101, text=10, irs=irs)
    end.gets("PSH,ACK", seq=2**32 - 4, ack=101, text=10, irs=irs)
    assert end.tcb.rcv.nxt == 16
    assert end.tcb.inc.ready == (Payload("theirs", 0, 20),)


# --- overlaps: what came first stays ---


def told_apart(ready: tuple[Payload, ...]) -> str:
    """Every octet as the first letter of its stream."""
    return "".join(text.stream[0] * len(text) for text in ready)


def test_what_arrived_first_wins() -> None:
    """A later segment that claims other octets for the same numbers only fills the gaps."""
    end = established()
    end.gets("ACK", seq=303, ack=101, text=2, stream="first")
    end.gets("ACK", seq=307, ack=101, text=2, stream="second")
    end.gets("ACK", seq=301, ack=101, text=10, stream="third")
    assert told_apart(end.tcb.inc.ready) == "ttfftt" + "sstt"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_reassembly_agrees_with_a_dictionary(pieces: list[tuple[int, int]], nxt: int) -> None:
    """number -> who brought it first; contiguous from RCV.NXT is what comes out; anywhere on the circle."""
    held: tuple[Held, ...] = ()
    first: dict[int, str] = {}
    for who, (start, length) in enumerate(pieces):
        name = chr(ord("a") + who)
        held = hold(held, nxt, sequence.add(nxt, start), Payload(name, 0, length), fin=False)
        for number in range(start, start + length):
            first.setdefault(number, name)
    expected = ""
    while len(expected) in first:
        expected += first[len(expected)]
    texts, left = release(held, nxt)
    assert told_apart(texts) == expected
    assert sum(piece.length for piece in left) == len(first) - len(expected)


def test_nothing_lies_behind_a_held_fin() -> None:
    """The stream ends there: text that claims to follow is cut off, and a second FIN is none."""
    end = established()
    end.gets("FIN,ACK", seq=311, ack=101)
    end.gets("FIN,ACK", seq=306, ack=101, text=10)
    assert [(piece.seq, piece.length, piece.fin) for piece in end.tcb.inc.held] == [(306, 5, False), (311, 0, True)]
    end.gets("ACK", seq=301, ack=101, text=5)
    assert end.state is State.CLOSE_WAIT
    assert end.tcb.inc.unread == 10


def test_a_fin_before_held_text_is_a_lie() -> None:
    """What arrived first wins here too: the stream goes on, and no piece is stuck for ever."""
    end = established(AT_ONCE)
    end.gets("ACK", seq=306, ack=101, text=10)
    end.gets("FIN,ACK", seq=310, ack=101)
    assert end.gets("ACK", seq=301, ack=101, text=5).said == ("ACK 101:101(0) ack 316",)
    assert end.state is State.ESTABLISHED
    assert end.tcb.inc.held == ()


# --- ACKs that wait (3.8.6.3) ---


def test_an_ack_waits_for_something_to_ride_on() -> None:
    """Less than half a second (MUST-40): 200 ms here, then it goes alone."""
    end = established()
    reply = end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert reply.said == ()
    assert reply.because == ("ack-delayed",)
    assert end.timers == {"delayed-ack": 200 * MS}
    late = end.expires("delayed-ack")
    assert late.said == ("ACK 101:101(0) ack 311",)
    assert late.because == ("ack-delay-over",)


def test_it_rides_on_the_answer() -> None:
    """The text that answers carries it; the timer stops."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert end.sends(5).said == ("PSH,ACK 101:106(5) ack 311",)
    assert end.timer("delayed-ack") is None


def test_every_second_full_segment_is_acknowledged_at_once() -> None:
    """SHLD-19."""
    end = established()
    assert end.gets("ACK", seq=301, ack=101, text=FULL).said == ()
    second = end.gets("ACK", seq=301 + FULL, ack=101, text=FULL)
    assert second.said == (f"ACK 101:101(0) ack {301 + 2 * FULL}",)
    assert second.because == ("every-second-segment",)
    assert end.gets("ACK", seq=301 + 2 * FULL, ack=101, text=FULL).said == ()


def test_reading_between_does_not_spoil_that() -> None:
    """The window is far from closed: no ACK goes out for the room that reading made."""
    end = established()
    end.gets("ACK", seq=301, ack=101, text=FULL)
    assert end.reads().said == ()
    assert end.gets("ACK", seq=301 + FULL, ack=101, text=FULL).said == (f"ACK 101:101(0) ack {301 + 2 * FULL}",)
    assert end.reads().said == ()


def test_small_segments_wait_for_the_timer() -> None:
    """Typing: one ACK for all that came within the delay, counted from the first."""
    end = established()
    for number in range(3):
        assert end.gets("PSH,ACK", seq=301 + number, ack=101, text=1).said == ()
        end.wait(50 * MS)
    assert end.timer("delayed-ack") == 50 * MS
    assert end.expires("delayed-ack").said == ("ACK 101:101(0) ack 304",)


def test_a_fresh_connection_of_linux_does_not_wait() -> None:
    """The first sixteen ACKs go at once; then 40 ms."""
    end = established(LINUX)
    for number in range(16):
        assert end.gets("PSH,ACK", seq=301 + number, ack=101, text=1).said == (f"ACK 101:101(0) ack {302 + number}",)
    end.gets("PSH,ACK", seq=317, ack=101, text=1)
    assert end.timers == {"delayed-ack": 40 * MS}


def test_a_fin_is_acknowledged_at_once_with_all_before_it() -> None:
    """Nothing more will come that the ACK could wait for."""
    end = established()
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    assert end.gets("FIN,ACK", seq=311, ack=101).said == ("ACK 101:101(0) ack 312",)
    assert end.timers == {}


# --- the window (3.8.6.2.2) ---


def test_the_right_edge_stays_while_the_user_does_not_read() -> None:
    """Every octet unread takes one from the window: RCV.NXT + RCV.WND is constant, down to zero."""
    end = established(rules(delayed_ack_us=0, receive_buffer=3000))
    windows = [end.gets("ACK", seq=301 + 1000 * n, ack=101, text=1000).windows for n in range(3)]
    assert windows == [(2000,), (1000,), (0,)]


def test_reading_opens_a_shut_window() -> None:
    """The peer waits, so it is told at once (a window update)."""
    end = established(rules(delayed_ack_us=0, receive_buffer=3000))
    end.gets("ACK", seq=301, ack=101, text=3000)
    reply = end.reads(2000)
    assert reply.because == ("window-update",)
    assert reply.said == ("ACK 101:101(0) ack 3301",)
    assert reply.windows == (2000,)


def test_a_little_room_is_not_worth_telling() -> None:
    """Silly window avoidance: at least a segment or half the buffer, here min(1500, 1460)."""
    end = established(rules(delayed_ack_us=0, receive_buffer=3000))
    end.gets("ACK", seq=301, ack=101, text=3000)
    assert end.reads(1459).said == ()
    assert end.tcb.rcv.wnd == 0
    assert end.reads(1).windows == (1460,)


def test_a_window_that_doubles_is_told() -> None:
    """Half of the buffer was offered, and now all of it is free."""
    end = established(rules(delayed_ack_us=0, receive_buffer=4000))
    end.gets("ACK", seq=301, ack=101, text=2000)
    assert end.reads().windows == (4000,)


def test_a_peer_that_is_not_waiting_is_not_told() -> None:
    """The window is more than half open: the next ACK will say it."""
    end = established(rules(delayed_ack_us=0, receive_buffer=6000))
    end.gets("ACK", seq=301, ack=101, text=2000)
    assert end.reads().said == ()
    assert end.tcb.rcv.wnd == 4000
    assert end.gets("ACK", seq=2301, ack=101, text=10).windows == (5990,)


def test_a_reader_without_any_buffer_tells_nothing() -> None:
    """Room for nothing is no room to tell of."""
    end = established(rules(delayed_ack_us=0, receive_buffer=10))
    end.sets("receive_buffer", 0)
    end.gets("ACK", seq=301, ack=101, text=10)
    assert end.reads().said == ()


def test_text_behind_the_edge_is_not_taken() -> None:
    """A peer that overruns the window is acknowledged up to the edge."""
    end = established(rules(delayed_ack_us=0, receive_buffer=100))
    assert end.gets("ACK", seq=301, ack=101, text=150).said == ("ACK 101:101(0) ack 401",)


def test_with_scaling_the_field_counts_units() -> None:
    """RFC 7323: 64240 octets are 63 units of 1024, rounded up as far as the buffer goes."""
    end = established(LINUX, options=Options(mss=1460, window_scale=7))
    assert end.tcb.agreed.rcv_scale == 10
    assert end.gets("ACK", seq=301, ack=101, text=10).windows == (63,)
    assert end.tcb.rcv.wnd == 63 * 1024


def test_a_full_segment_opens_the_window_by_two() -> None:
    """The window was 64240 and its bound 64076; a well packed full segment lets it open by two of its kind."""
    end = established(LINUX, options=Options(mss=1460, window_scale=7))
    end.gets("ACK", seq=301, ack=101, text=1460)
    end.reads()
    assert end.gets("ACK", seq=1761, ack=101, text=1).windows == (66,)
    assert end.tcb.rcv.wnd == 66 * 1024


@given(st.lists(st.tuples(st.integers(1, 1460), st.booleans()), min_size=1, max_size=80))
def test_the_edge_never_moves_left_and_never_runs_away(arrivals: list[tuple[int, bool]]) -> None:
    """SHLD-14; and rounding units up lets the peer overrun the memory by less than one of them, however it goes."""
    end = established(LINUX, options=Options(mss=1460, window_scale=7))
    edge = end.tcb.rcv.nxt + end.tcb.rcv.wnd
    for octets, reads in arrivals:
        taken = min(octets, end.tcb.rcv.wnd)
        if not taken:
            end.reads()
            continue
        end.gets("ACK", seq=end.tcb.rcv.nxt, ack=101, text=taken)
        if reads:
            end.reads(taken // 2)
        now = end.tcb.rcv.nxt + end.tcb.rcv.wnd
        assert now >= edge
        assert end.tcb.inc.unread + end.tcb.rcv.wnd < window.memory(end.tcb, LINUX) + 1024
        edge = now


@pytest.mark.parametrize("make", [established, fin_wait_2])
def test_both_open_directions_read_alike(make: Make) -> None:
    """A half-closed connection keeps its window."""
    end = make(rules(delayed_ack_us=0, receive_buffer=3000))
    ack = end.tcb.snd.nxt
    end.gets("ACK", seq=301, ack=ack, text=3000)
    assert end.reads().windows == (3000,)


def test_after_the_peers_fin_nobody_needs_a_window_update() -> None:
    """Nothing more will come."""
    end = established(rules(delayed_ack_us=0, receive_buffer=3001))
    end.gets("FIN,ACK", seq=301, ack=101, text=3000)
    assert end.reads().said == ()


# --- urgent data ---


def test_urgent_data_is_told_of_once() -> None:
    """Until it is read; a pointer that moves on is invisible in urgent mode (3.8.5)."""
    end = established()
    assert "urgent" in end.gets("PSH,URG,ACK", seq=301, ack=101, text=5, urgent=5).told
    assert "urgent" not in end.gets("PSH,URG,ACK", seq=306, ack=101, text=5, urgent=5).told
    end.reads(5)
    assert end.tcb.rcv.up == 311
    end.reads(5)
    assert end.tcb.rcv.up is None
    assert "urgent" in end.gets("PSH,URG,ACK", seq=311, ack=101, text=5, urgent=5).told


def test_urgent_data_may_be_announced_before_it_comes() -> None:
    """The pointer runs ahead of RCV.NXT."""
    end = established()
    assert end.gets("URG,ACK", seq=301, ack=101, urgent=1000).told == ("urgent",)
    assert end.tcb.rcv.up == 1301


def test_a_pointer_to_what_has_been_read_says_nothing() -> None:
    """An old segment with the URG of old times."""
    end = established(AT_ONCE)
    end.gets("PSH,ACK", seq=301, ack=101, text=10)
    end.reads()
    assert end.gets("PSH,URG,ACK", seq=306, ack=101, text=10, urgent=5).told == ("readable",)
    assert end.tcb.rcv.up is None


def test_the_reader_of_an_empty_stream_waits() -> None:
    """An end that has received nothing has nothing ready."""
    end = End()
    end.listens()
    assert end.tcb.inc.ready == ()


# --- the window Linux keeps (asked of 6.18) ---

KEPT = rules("linux-6.18", timestamps=False, window_scaling=False)


def _served(mss: int) -> End:
    """A server of Linux whose client takes and sends segments of ``mss`` octets."""
    end = listening(KEPT)
    end.gets("SYN", seq=300, options=Options(mss=mss), iss=100)
    end.gets("ACK", seq=301, ack=101)
    return end


def test_a_peer_with_short_segments_opens_no_window() -> None:
    """There is more room than was told, but steps are measured by what we may receive, not by what we may send."""
    reply = _served(1000).sends(10)
    assert reply.windows == (64240,)


def test_small_requests_leave_the_window_where_it_was_told_last() -> None:
    """Each is read at once: the window falls to 64040, within one guessed segment of the room, and stays there."""
    end = _served(1460)
    windows = []
    for turn in range(4):
        end.gets("PSH,ACK", seq=301 + 100 * turn, ack=end.tcb.snd.nxt, text=100)
        end.reads()
        windows += end.sends(10).windows
    assert windows == [64140, 64040, 64040, 64040]


def test_full_segments_open_the_window_beyond_what_the_field_can_tell() -> None:
    """Without scaling: the kernel told 65535 after two full segments, and takes more than that."""
    end = _served(1460)
    end.gets("ACK", seq=301, ack=101, text=1460)
    assert end.gets("ACK", seq=1761, ack=101, text=1460).windows == (65535,)
    assert end.tcb.rcv.wnd == 70080
