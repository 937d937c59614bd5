"""The receiver's half of selective acknowledgment: which octets have arrived beyond RCV.NXT, and which came twice.

Rules
-----
* Each ACK names the blocks that are held, the one that changed last first (RFC 2018 section 4). Four are remembered;
  as many are told as fit into 40 octets of options: four, or three beside timestamps.
* What came twice is told once, as the first block of the next segment, whichever it is (D-SACK, RFC 2883 section 4).
* Blocks that RCV.NXT has reached are forgotten.

Theory
------
A cumulative ACK says "up to here"; it cannot say "and also from there to there". With blocks the sender knows every
hole, and repeats nothing else. A D-SACK tells it afterwards which of its repetitions were needless.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.segment import Options, Segment
from tutor.tcp.tcb import Held, Incoming, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

Block = tuple[int, int]
"""Left edge and right edge: the number after the last one."""

REMEMBERED = 4
"""Blocks that a receiver remembers (``TCP_NUM_SACKS``)."""
OPTION_SPACE = 40
"""Octets of options that a header has room for (RFC 9293 section 3.1)."""


def add_blocks(tcb: Tcb, options: Options) -> Options:
    """``options`` with the blocks that fit, a D-SACK first."""
    inc = tcb.inc
    blocks = (inc.twice, *inc.blocks) if inc.twice is not None else inc.blocks
    if not blocks:
        return options
    room = (OPTION_SPACE - options.size - 4) // 8
    return replace(options, sack=blocks[:room])


def octets(tcb: Tcb) -> int:
    """Header octets that the blocks would take on the next segment."""
    inc = tcb.inc
    count = len(inc.blocks) + (inc.twice is not None)
    most = 3 if tcb.agreed.timestamps else 4
    return 4 + 8 * min(count, most) if count else 0


def note_early(turn: Turn, start: int, end: int) -> None:
    """``start`` to ``end`` arrived ahead of RCV.NXT: its block is the newest (``tcp_sack_new_ofo_skb``)."""
    if not turn.tcb.agreed.sack:
        return
    turn.inc(blocks=with_newest(turn.tcb.inc.blocks, (start, end)))


def with_newest(blocks: tuple[Block, ...], new: Block) -> tuple[Block, ...]:
    """``blocks`` with ``new`` merged into what it touches, and the result in front."""
    for place, block in enumerate(blocks):
        if touch(block, new):
            merged = joined(block, new)
            others = [*blocks[:place], *blocks[place + 1 :]]
            rest = []
            for other in others:
                if touch(other, merged):
                    merged = joined(other, merged)
                else:
                    rest.append(other)
            return (merged, *rest)
    return (new, *blocks)[:REMEMBERED]


def touch(a: Block, b: Block) -> bool:
    """Do two blocks overlap or adjoin?"""
    return seq.before_or_at(b[0], a[1]) and seq.before_or_at(a[0], b[1])


def joined(a: Block, b: Block) -> Block:
    """The block that covers both."""
    return (a[0] if seq.before(a[0], b[0]) else b[0], seq.later(a[1], b[1]))


def note_twice(turn: Turn, start: int, end: int) -> None:
    """``start`` to ``end`` had arrived before (``tcp_dsack_extend``)."""
    tcb = turn.tcb
    if not tcb.agreed.sack or not turn.profile.dsack or start == end:
        return
    old, new = tcb.inc.twice, (start, end)
    turn.inc(twice=joined(old, new) if old is not None and touch(old, new) else old or new)
    if seq.before(start, tcb.rcv.nxt):
        turn.because("arrived-twice", seq=start)
    else:
        turn.because("arrived-twice-early", seq=start)


def note_old(turn: Turn, segment: Segment) -> None:
    """What lies before RCV.NXT has come before: the ACK will say so, and the next ones will not wait.

    A SYN is none of it: it is challenged (``tcp_send_dupack``).
    """
    nxt = turn.tcb.rcv.nxt
    if segment.syn or not segment.seq_length or not seq.before(segment.seq, nxt):
        return
    note_twice(turn, segment.seq, nxt if seq.before(nxt, segment.end) else segment.end)
    if turn.tcb.inc.quick_acks < turn.profile.quick_acks:
        turn.inc(quick_acks=turn.profile.quick_acks)


def note_text(turn: Turn, start: int, number: int, length: int) -> None:
    """Text that is not simply the next (``tcp_data_queue``, ``tcp_data_queue_ofo``): what is early, what came twice.

    The segment began at ``start``; ``length`` numbers from ``number`` on are in the window, a FIN among them.
    """
    end = seq.add(number, length)
    if start != number:
        note_twice(turn, start, number)
    for left, right in overlaps(turn.tcb.inc.held, number, end):
        note_twice(turn, left, right)
    if number != turn.tcb.rcv.nxt:
        note_early(turn, number, end)


def told(inc: Incoming) -> Incoming:
    """The D-SACK has left on a segment: it is not told again."""
    return replace(inc, twice=None)


def forget_reached(inc: Incoming, nxt: int) -> Incoming:
    """Blocks that RCV.NXT has reached are no longer told (``tcp_sack_remove``)."""
    blocks = tuple(block for block in inc.blocks if seq.before(nxt, block[0])) if inc.held else ()
    return inc if blocks == inc.blocks else replace(inc, blocks=blocks)


def overlaps(held: tuple[Held, ...], start: int, end: int) -> tuple[Block, ...]:
    """The parts of ``start`` to ``end`` that are held already, in order."""
    found: list[Block] = []
    for piece in held:
        last = seq.add(piece.seq, piece.length + piece.fin)
        left, right = seq.later(start, piece.seq), last if seq.before(last, end) else end
        if seq.before(left, right):
            if found and found[-1][1] == left:
                found[-1] = (found[-1][0], right)
            else:
                found.append((left, right))
    return tuple(found)
