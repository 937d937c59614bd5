"""The scoreboard: what is known of each segment in flight, and how many are in the network.

Rules
-----
* A segment that was sent and not acknowledged is *out*. It may be *sacked* (arrived out of order), *lost* (given up),
  and *resent* (repeated, and that copy is under way).
* In the network are: out - sacked - lost + resent (``tcp_packets_in_flight``). Without SACK the number of duplicate
  ACKs stands for what has been sacked (RFC 5681 section 3.2).
* A block is believed only between SND.UNA and SND.NXT. One below SND.UNA, or inside the next, is a D-SACK: a report of
  a duplicate (RFC 2883 section 4).

Source: RFC 6675 section 2, RFC 2883; Linux ``tcp_sacktag_write_queue``, ``tcp_check_dsack``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tutor.tcp import seq
from tutor.tcp.segment import FIN, SYN, Segment
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.values import replace


class Counts(NamedTuple):
    """How many of the segments that are out are what (``packets_out`` and its kin)."""

    out: int
    sacked: int
    lost: int
    resent: int

    @property
    def in_flight(self) -> int:
        """Segments in the network."""
        return self.out - self.sacked - self.lost + self.resent


def counts(tcb: Tcb) -> Counts:
    """The scoreboard in numbers."""
    queue = tcb.out.queue
    rec = tcb.rec
    if rec.is_clean:
        return Counts(len(queue), 0, 0, 0)
    sacked = sum(entry.is_sacked for entry in queue) if tcb.agreed.sack else min(rec.dupacks, max(len(queue) - 1, 0))
    lost = sum(entry.is_lost for entry in queue)
    resent = sum(entry.is_resent for entry in queue)
    return Counts(len(queue), sacked, lost, resent)


def end_of(entry: Sent) -> int:
    """The number after the last one that ``entry`` occupies."""
    return seq.add(entry.seq, entry.length + ((entry.flags & SYN) >> 1) + (entry.flags & FIN))


class Tagged(NamedTuple):
    """What the blocks of an ACK have told: the queue with its marks, the entries newly sacked, a duplicate reported."""

    queue: tuple[Sent, ...]
    newly: tuple[Sent, ...]
    duplicate: tuple[int, int] | None


def tagged(tcb: Tcb, segment: Segment) -> Tagged:
    """Mark what the SACK blocks of ``segment`` cover."""
    duplicate, believed = None, []
    for place, (left, right) in enumerate(segment.options.sack):
        if place == 0 and _is_duplicate(segment, left, right):
            duplicate = (left, right)
        elif seq.before_or_at(tcb.snd.una, left) and seq.before(left, right) and seq.before_or_at(right, tcb.snd.nxt):
            believed.append((left, right))
    if not believed:
        return Tagged(tcb.out.queue, (), duplicate)
    queue, newly = list(tcb.out.queue), []
    for number, entry in enumerate(queue):
        if entry.is_sacked or not _is_covered(entry, believed):
            continue
        newly.append(entry)
        queue[number] = replace(entry, is_sacked=True, is_lost=False, is_resent=False)
    return Tagged(tuple(queue), tuple(newly), duplicate)


def _is_covered(entry: Sent, believed: list[tuple[int, int]]) -> bool:
    end = end_of(entry)
    return any(seq.before_or_at(left, entry.seq) and seq.before_or_at(end, right) for left, right in believed)


def _is_duplicate(segment: Segment, left: int, right: int) -> bool:
    """The first block reports a duplicate if it lies below the ACK, or inside the second block."""
    if seq.before(left, segment.ack):
        return True
    rest = segment.options.sack[1:]
    return bool(rest) and seq.before_or_at(rest[0][0], left) and seq.before_or_at(right, rest[0][1])


def marked_lost(queue: tuple[Sent, ...], which: Iterator[int] | tuple[int, ...]) -> tuple[Sent, ...]:
    """``queue`` with the entries at these places given up; a copy that was under way is given up as well."""
    changed = list(queue)
    for place in which:
        changed[place] = replace(changed[place], is_lost=True, is_resent=False)
    return tuple(changed)


def next_to_resend(tcb: Tcb) -> int | None:
    """The place of the first segment that is lost and not under way again; None if there is none."""
    for place, entry in enumerate(tcb.out.queue):
        if entry.is_lost and not entry.is_resent and not entry.is_sacked:
            return place
    return None
