"""What the receiver tells beyond the ACK: blocks that are held, and what came twice (RFC 2018, RFC 2883)."""

from __future__ import annotations

import pytest

from tests.tcp.builders import End, established, rules
from tutor.tcp.sack import joined, overlaps, touch, with_newest
from tutor.tcp.segment import Options, Payload
from tutor.tcp.tcb import Held

BARE = Options(mss=1460, sack_permitted=True)
STAMPED = Options(mss=1460, sack_permitted=True, timestamp=(1, 0))


def told(end: End, seq: int, text: int = 100, options: Options = BARE) -> tuple[tuple[int, int], ...]:
    """The blocks of the ACK that answers ``text`` octets at ``seq``."""
    stamp = Options(timestamp=(2, 0)) if options.timestamp else Options()
    return end.gets("ACK", seq=seq, ack=101, text=text, options=stamp).reaction.segments[-1].options.sack


def opened(options: Options = BARE) -> End:
    """A connection that agreed on SACK, and gathers no ACKs: each segment shows its blocks."""
    return established(rules("linux-6.18", gathered_acks=0), options=options)


def test_the_newest_block_stands_first() -> None:
    """RFC 2018 section 4: even if a packet of ACKs is lost, the sender hears of each block several times."""
    end = opened()
    assert told(end, 501) == ((501, 601),)
    assert told(end, 901) == ((901, 1001), (501, 601))
    assert told(end, 601) == ((501, 701), (901, 1001))


def test_a_piece_between_two_blocks_makes_them_one() -> None:
    """What adjoins on both sides joins them."""
    end = opened()
    told(end, 501)
    told(end, 701)
    assert told(end, 601) == ((501, 801),)


@pytest.mark.parametrize(("options", "count"), [(BARE, 4), (STAMPED, 3)])
def test_as_many_blocks_as_fit(options: Options, count: int) -> None:
    """Forty octets of options hold four blocks, beside timestamps three."""
    end = opened(options)
    for place in range(6):
        blocks = told(end, 501 + 200 * place, options=options)
    assert blocks == tuple((1501 - 200 * n, 1601 - 200 * n) for n in range(count))


def test_blocks_end_with_the_gap() -> None:
    """What RCV.NXT has reached is acknowledged; what lies behind the next gap is still told."""
    end = opened()
    told(end, 401)
    told(end, 601)
    reply = end.gets("ACK", seq=301, ack=101, text=100)
    assert reply.said == ("ACK 101:101(0) ack 501",)
    assert reply.reaction.segments[0].options.sack == ((601, 701),)
    assert told(end, 501) == ()


def test_old_text_is_told_as_a_duplicate_once() -> None:
    """RFC 2883 section 4: the sender learns that its repetition was needless; the next ACK says no more of it."""
    end = opened()
    end.gets("ACK", seq=301, ack=101, text=100)
    assert told(end, 301) == ((301, 401),)
    assert told(end, 401) == ()


def test_a_duplicate_stands_before_the_blocks() -> None:
    """RFC 2883 section 4.1.2: a piece that is held already comes again, and its block follows."""
    end = opened()
    told(end, 501, 300)
    assert told(end, 601) == ((601, 701), (501, 801))


def test_a_part_that_came_before_is_a_duplicate_too() -> None:
    """The new part is taken, the old one told."""
    end = opened()
    end.gets("ACK", seq=301, ack=101, text=100)
    reply = end.gets("ACK", seq=351, ack=101, text=100)
    assert reply.reaction.segments[-1].options.sack == ((351, 401),)
    assert end.tcb.rcv.nxt == 451


def test_text_in_order_that_reaches_into_what_is_held() -> None:
    """The overlap has arrived twice, and the gap is closed."""
    end = opened()
    told(end, 401)
    reply = end.gets("ACK", seq=301, ack=101, text=150)
    assert reply.reaction.segments[-1].options.sack == ((401, 451),)
    assert end.tcb.rcv.nxt == 501


def test_without_d_sack_duplicates_are_only_acknowledged() -> None:
    """tcp_dsack = 0."""
    end = established(rules("linux-6.18", dsack=False), options=BARE)
    end.gets("ACK", seq=301, ack=101, text=100)
    assert told(end, 301) == ()


def test_who_did_not_agree_hears_of_no_blocks() -> None:
    """The option only goes to a peer that offered to read it (RFC 2018 section 2)."""
    end = opened(Options(mss=1460))
    assert told(end, 501) == ()


def test_blocks_make_room_for_themselves_in_segments_of_text() -> None:
    """A full segment is shorter by the octets of the option."""
    end = opened()
    told(end, 501)
    reply = end.sends(3000)
    assert reply.reaction.segments[0].length == 1460 - 12
    assert reply.reaction.segments[0].options.sack == ((501, 601),)


def test_a_fin_counts_in_its_block() -> None:
    """It occupies a number of its own."""
    end = opened()
    reply = end.gets("FIN,ACK", seq=501, ack=101, text=100)
    assert reply.reaction.segments[-1].options.sack == ((501, 602),)


# --- the arithmetic ---


def test_blocks_that_adjoin_touch_and_join_across_the_wrap() -> None:
    """Sequence numbers begin again at zero."""
    low, high = (0xFFFFFF00, 0xFFFFFFF0), (0xFFFFFFF0, 0x10)
    assert touch(low, high)
    assert joined(high, low) == (0xFFFFFF00, 0x10)
    assert not touch((1, 5), (6, 9))


def test_only_so_many_blocks_are_remembered() -> None:
    """The oldest is forgotten."""
    blocks: tuple[tuple[int, int], ...] = ()
    for start in range(0, 100, 20):
        blocks = with_newest(blocks, (start, start + 10))
    assert blocks == ((80, 90), (60, 70), (40, 50), (20, 30))


def test_overlaps_are_the_parts_held() -> None:
    """Pieces that adjoin are one part; what is not held is none."""
    held = (Held(10, Payload("x", 0, 10)), Held(20, Payload("x", 10, 15)), Held(40, None, fin=True))
    assert overlaps(held, 15, 50) == ((15, 25), (40, 41))
    assert overlaps(held, 25, 40) == ()
