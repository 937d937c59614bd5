"""When an ACK may wait, and how far the window opens: the receiver of Linux, number by number."""

from __future__ import annotations

import pytest

from tests.tcp.builders import End, established, listening, rules
from tutor.tcp import acking, room
from tutor.tcp.acking import Acking
from tutor.tcp.room import Room
from tutor.tcp.segment import Options
from tutor.tcp.states import State

MS = 1000
LEAST = 40 * MS


def heard(before: Acking, at: int, length: int = 100, *, push: bool = True) -> Acking:
    """``before`` after text that came at ``at`` milliseconds."""
    return acking.heard(
        before, at * MS, length, push=push, rto_us=200 * MS, largest=1460, most=16, least_us=LEAST
    )  # fmt: skip


def fresh(window: int = 64240) -> Acking:
    """A connection that has just opened."""
    return acking.opened(0, 1, 1460, window)


# --- when an ACK may wait ---


def test_the_first_text_is_acknowledged_at_once() -> None:
    """As many quick ACKs as the window has pairs of full segments, 16 at most."""
    assert acking.is_quick(heard(fresh(), 10))
    assert heard(fresh(), 10).quick == 16
    assert heard(fresh(5000), 10).quick == 4
    assert heard(fresh(100), 10).quick == 2


def test_the_wait_follows_the_peers_rhythm() -> None:
    """40 ms at first; half of that and 20 ms for quick segments; half and the gap for slower ones."""
    first = heard(fresh(), 10)
    assert first.wait_us == 40 * MS
    assert heard(first, 15).wait_us == 40 * MS
    assert heard(first, 40).wait_us == 50 * MS
    assert heard(heard(first, 40), 75).wait_us == 60 * MS


def test_a_long_silence_makes_it_quick_again() -> None:
    """Longer than the retransmission timeout: the peer has surely begun anew."""
    tired = Acking(quick=0, wait_us=40 * MS, heard_at=0, segment=536, window=64240)
    assert heard(tired, 150).quick == 0
    assert heard(tired, 250).quick == 16


def test_who_answers_is_in_conversation_until_it_was_in_vain() -> None:
    """Text of ours soon after theirs; an ACK that waited for nothing ends it."""
    talking = acking.answered(heard(fresh(), 10), 30 * MS)
    assert talking.in_conversation
    assert not acking.is_quick(talking)
    assert not acking.answered(heard(fresh(), 10), 60 * MS).in_conversation
    again = acking.in_vain(talking, 200 * MS, LEAST)
    assert (again.in_conversation, again.wait_us) == (False, LEAST)


def test_a_wait_in_vain_doubles_the_next() -> None:
    """Up to the retransmission timeout."""
    waiting = heard(fresh(), 10)
    assert acking.in_vain(waiting, 200 * MS, LEAST).wait_us == 80 * MS
    assert acking.in_vain(waiting, 60 * MS, LEAST).wait_us == 60 * MS


@pytest.mark.parametrize(
    ("ack", "srtt_us", "wait"),
    [
        (Acking(wait_us=0), None, 0),
        (Acking(wait_us=40 * MS), 5 * MS, 40 * MS),
        (Acking(wait_us=160 * MS), 5 * MS, 40 * MS),
        (Acking(wait_us=160 * MS), 100 * MS, 100 * MS),
        (Acking(wait_us=400 * MS), None, 200 * MS),
    ],
)
def test_no_wait_is_longer_than_a_round_trip_or_200_ms(ack: Acking, srtt_us: int | None, wait: int) -> None:
    """And before any text has come there is nothing to wait for."""
    assert acking.patience(ack, srtt_us, LEAST) == wait


def test_every_second_full_segment() -> None:
    """More than one full segment since the last ACK; what is full is learned from the peer."""
    first = heard(fresh(), 10, 1460, push=False)
    assert first.segment == 1460
    assert not acking.is_second(first, 1 + 1460)
    assert acking.is_second(first, 1 + 1461)
    assert heard(heard(fresh(), 10, 600), 11, 600).segment == 600


def test_the_last_quick_ack_begins_anew_with_the_wait() -> None:
    """Each ACK that leaves is one less; nothing pending, nothing less."""
    one = Acking(quick=1, wait_us=100 * MS, is_pending=True)
    assert (acking.sent(one, 5, 9, LEAST).quick, acking.sent(one, 5, 9, LEAST).wait_us) == (0, LEAST)
    assert acking.sent(Acking(quick=3), 5, 9, LEAST).quick == 3


def test_reading_everything_may_be_worth_an_ack() -> None:
    """A small segment read outside a conversation, two small ones always; nothing while something is unread."""
    small = Acking(told=1, is_pending=True, small=1)
    assert acking.owed_after_reading(small, 101, 0, 100)
    assert not acking.owed_after_reading(small, 101, 50, 50)
    talking = Acking(told=1, is_pending=True, small=1, in_conversation=True)
    assert not acking.owed_after_reading(talking, 101, 0, 100)
    assert acking.owed_after_reading(Acking(told=1, is_pending=True, small=2, in_conversation=True), 101, 0, 100)


def _served() -> End:
    end = listening(rules("linux-6.18", timestamps=False, window_scaling=False))
    end.gets("SYN", seq=300, options=Options(mss=1460), iss=100)
    end.gets("ACK", seq=301, ack=101)
    return end


def test_quickack_taken_away_and_given_back() -> None:
    """TCP_QUICKACK 0: the ACK waits 40 ms, then goes alone; the next is quick again. 1: what waits goes now."""
    end = _served()
    end.sets("quickack", 0)
    assert end.gets("PSH,ACK", seq=301, ack=101, text=100).said == ()
    assert end.timer("delayed-ack") == LEAST
    assert end.expires("delayed-ack").said == ("ACK 101:101(0) ack 401",)
    assert end.gets("PSH,ACK", seq=401, ack=101, text=100).said == ("ACK 101:101(0) ack 501",)
    end.sets("quickack", 0)
    assert end.gets("PSH,ACK", seq=501, ack=101, text=100).said == ()
    assert end.reads().said == ()
    assert end.sets("quickack", 1).said == ("ACK 101:101(0) ack 601",)


def test_the_ack_of_a_fin_behind_text_waits_for_ours() -> None:
    """After text the FIN makes it a conversation; a FIN alone is acknowledged at once."""
    end = _served()
    end.gets("PSH,ACK", seq=301, ack=101, text=100)
    assert end.gets("FIN,ACK", seq=401, ack=101).said == ()
    assert end.timer("delayed-ack") == LEAST
    assert _served().gets("FIN,ACK", seq=301, ack=101).said == ("ACK 101:101(0) ack 302",)


# --- how far the window opens ---


def test_one_segment_is_kept_back_at_first() -> None:
    """131072 octets of memory are 65536 of text; of those one segment is reserved."""
    begun = room.opened(131072, 64240, 1460, 0, is_scaled=False)
    assert (begun.limit, begun.clamp) == (64076, 64076)
    assert room.opened(131072, 64240, 1460, 7, is_scaled=True).clamp == 64076


def test_full_segments_teach_how_much_of_the_memory_is_text() -> None:
    """1460 octets take 2304 of memory: 162 of 256; the bound moves to 82944 and the threshold by two segments."""
    begun = room.opened(131072, 64240, 1460, 0, is_scaled=False)
    after = room.filled(begun, 131072, 64240, 1460, 1461, unit=1460, seen=536, largest=1460)
    assert (after.ratio, after.clamp, after.memory) == (162, 82944, 2304)
    assert after.limit == 64240 + 2920


def test_small_segments_share_a_packets_memory_and_open_nothing() -> None:
    """What fits behind the last packet costs nothing more; below 128 octets nothing grows."""
    begun = room.opened(131072, 64240, 1460, 0, is_scaled=False)
    after = room.filled(begun, 131072, 64240, 50, 51, unit=50, seen=536, largest=1460)
    more = room.filled(after, 131072, 64240, 20, 71, unit=20, seen=536, largest=1460)
    assert (after.memory, more.memory, more.limit) == (832, 832, begun.limit)


def test_what_is_read_gives_its_memory_back() -> None:
    """A packet that is partly read stays whole."""
    begun = room.opened(131072, 64240, 1460, 0, is_scaled=False)
    two = begun
    for end in (1461, 2921):
        two = room.filled(two, 131072, 64240, 1460, end, unit=1460, seen=1460, largest=1460)
    assert [room.read(two, number).memory for number in (700, 1461, 2000, 2921)] == [4608, 2304, 2304, 0]


@pytest.mark.parametrize(
    ("held", "window"),
    [(0, 8760), (3, 8760), (8, 2920), (9, 1460), (10, 0)],
)
def test_a_crowded_buffer_closes_its_window(held: int, window: int) -> None:
    """The threshold, then what is left of the memory, in whole segments; less than one is nothing."""
    packets = tuple((number, 2304) for number in range(held))
    full = Room(limit=10000, clamp=16000, ratio=128, packets=packets, memory=2304 * held)
    assert room.offered(full, 25000, 1460, 0, 0) == window


def test_text_beyond_the_window_is_taken_whole_by_who_has_nothing_to_read() -> None:
    """Linux cuts nothing: it takes the segment, or while something is unread it drops all of it."""
    end = established(rules("linux-6.18", receive_buffer=3000))
    edge = end.tcb.rcv.wnd
    end.gets("ACK", seq=301, ack=101, text=edge + 100)
    assert end.tcb.inc.unread == edge + 100
    other = established(rules("linux-6.18", receive_buffer=3000))
    other.gets("ACK", seq=301, ack=101, text=10)
    other.gets("ACK", seq=311, ack=101, text=edge + 100)
    assert other.tcb.inc.unread == 10


def test_text_that_comes_early_takes_memory_and_opens_the_window_with_sack_only() -> None:
    """It is charged once, however often it comes."""
    for sack in (True, False):
        end = established(rules("linux-6.18", sack=sack), options=Options(mss=1460, sack_permitted=True))
        before = end.tcb.room.limit
        for _ in range(2):
            end.gets("ACK", seq=3221, ack=101, text=1460)
        assert end.tcb.room.memory == 2304
        assert (end.tcb.room.limit > before) == sack


def test_a_bare_fin_is_taken_before_a_shut_window() -> None:
    """It needs no room; the letter of the RFC lets it wait for the window."""
    for name, taken in (("linux-6.18", True), ("rfc9293", False)):
        end = established(rules(name, receive_buffer=3000, delayed_ack_us=0))
        while end.tcb.rcv.wnd:
            end.gets("ACK", seq=end.tcb.rcv.nxt, ack=101, text=min(1460, end.tcb.rcv.wnd))
        nxt = end.tcb.rcv.nxt
        end.gets("FIN,ACK", seq=nxt, ack=101)
        assert (name, end.tcb.state is State.CLOSE_WAIT) == (name, taken)
