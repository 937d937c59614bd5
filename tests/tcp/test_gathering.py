"""ACKs of text out of order: three at once, then one for many (Linux's SACK compression)."""

from __future__ import annotations

from collections.abc import Sequence

from tests.tcp.builders import LINUX, End, accepted, established, rules
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Options

BARE = Options(mss=1460, sack_permitted=True)
STAMPED = Options(mss=1460, sack_permitted=True, timestamp=(1, 0))
SLACK = 100
PACE = 5_000
"""Microseconds between two segments of a calm peer."""


def burst(end: End, starts: Sequence[int], text: int = 100) -> list[tuple[str, ...]]:
    """What each of the segments at ``starts`` draws at once; they all arrive now."""
    return [end.gets("ACK", seq=start, ack=101, text=text).said for start in starts]


def blocks(end: End) -> tuple[tuple[int, int], ...]:
    """The blocks of the ACK that the timer lets go."""
    return end.expires("sack-compression").segment.options.sack


def opened(profile: Profile = LINUX, options: Options = BARE) -> End:
    """A connection that agreed on SACK."""
    return established(profile, options=options)


def test_three_go_at_once_and_the_rest_in_one() -> None:
    """The peer may count to three before it repeats; what comes after adds little, and waits a moment."""
    end = opened()
    said = burst(end, range(501, 1301, 100))
    assert [len(each) for each in said] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert end.timer("sack-compression") == SLACK
    assert blocks(end) == ((501, 1301),)
    assert end.timer("sack-compression") is None


def test_the_ack_says_how_many_it_stands_for() -> None:
    """Waiting is a decision, and so is the end of it."""
    end = opened()
    burst(end, (501, 601, 701))
    assert "ack-gathered" in end.gets("ACK", seq=801, ack=101, text=100).because
    burst(end, (901,))
    reaction = end.expires("sack-compression").reaction
    assert [(reason.id, dict(reason.arguments)) for reason in reaction.reasons] == [
        ("gathered-acks-told", {"count": 2})
    ]


def test_the_three_are_counted_anew_for_each_number() -> None:
    """A gap is filled and another is left: the ACK of that is the first of its number, and two more go at once."""
    end = opened()
    burst(end, (351, 451), 50)
    end.sets("quickack", 0)
    assert burst(end, (301,), 50) == [("ACK 101:101(0) ack 401",)]
    assert [len(each) for each in burst(end, (551, 651, 751), 50)] == [1, 1, 0]


def test_the_filled_gap_ends_the_wait() -> None:
    """Whoever waits for the repetition hears of it at once, and the timer has nothing left to tell."""
    end = opened()
    burst(end, (501, 601, 701, 801))
    assert end.timer("sack-compression") is not None
    assert burst(end, (301,), 200) == [("ACK 101:101(0) ack 901",)]
    assert end.timers == {}


def test_our_own_text_carries_the_gathered_ack() -> None:
    """Any segment with an ACK tells the blocks."""
    end = opened()
    burst(end, (501, 601, 701, 801))
    assert end.sends(50).reaction.segments[0].options.sack == ((501, 901),)
    assert end.timer("sack-compression") is None


def test_no_ack_stands_for_more_than_the_setting_allows() -> None:
    """tcp_comp_sack_nr 2: the third does not wait; 0: none does."""
    two = opened(rules("linux-6.18", gathered_acks=2))
    assert [len(each) for each in burst(two, range(501, 1401, 100))] == [1, 1, 1, 0, 0, 1, 0, 0, 1]
    none = opened(rules("linux-6.18", gathered_acks=0))
    assert [len(each) for each in burst(none, range(501, 1101, 100))] == [1] * 6
    assert none.timers == {}


def test_a_third_block_does_not_push_an_untold_one_back() -> None:
    """The block that waits is told before a new one takes its place, and that ACK settles the new one, too."""
    end = opened()
    burst(end, (501, 701, 901, 1101))
    early = end.gets("ACK", seq=1301, ack=101, text=100)
    assert early.segment.options.sack[0] == (1101, 1201)
    assert end.timer("sack-compression") is None
    assert burst(end, (1501,)) == [()]
    assert blocks(end)[:2] == ((1501, 1601), (1301, 1401))


def test_before_5_8_the_blocks_may_be_pushed_back() -> None:
    """4.19 gathers, but keeps nothing for the blocks, and its timer has no slack."""
    end = opened(rules("linux-4.19"))
    assert [len(each) for each in burst(end, range(501, 1701, 200))] == [1, 1, 1, 0, 0, 0]
    assert end.timer("sack-compression") == 0


def test_older_kernels_and_the_standard_acknowledge_each() -> None:
    """RFC 5681 section 4.2: text out of order SHOULD be acknowledged immediately."""
    for name in ("rfc9293", "linux-2.6"):
        end = opened(rules(name, sack=True))
        assert [len(each) for each in burst(end, range(501, 1101, 100))] == [1] * 6


def test_without_sack_every_duplicate_ack_counts() -> None:
    """Their number is all that the sender hears."""
    end = established(LINUX)
    assert [len(each) for each in burst(end, range(501, 1101, 100))] == [1] * 6


def test_the_wait_is_a_twentieth_of_the_round_trip_but_a_millisecond_at_most() -> None:
    """The peer's full segment echoes a time of ours: so long ago we spoke. The shorter of both round trips counts."""
    for trip_ms, wait in ((8, 400), (40, 1000)):
        end = accepted(LINUX, options=STAMPED)
        end.wait(trip_ms * 1000)
        end.gets("ACK", seq=301, ack=101, text=1000, options=Options(timestamp=(2, 0)))
        end.sets("quickack", 0)
        spoken = end.now // 1000
        end.wait(PACE)
        for start in range(1401, 2001, 100):
            end.gets("ACK", seq=start, ack=101, text=100, options=Options(timestamp=(3, spoken)))
        assert end.tcb.rtx.srtt is not None
        assert end.tcb.ack.gathered.trip_eighths == 8000 * trip_ms
        shorter = min(trip_ms * 1000, end.tcb.rtx.srtt or trip_ms * 1000)
        assert end.timer("sack-compression") == min(shorter // 20, wait) + SLACK
