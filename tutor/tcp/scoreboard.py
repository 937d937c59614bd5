"""The sender's scoreboard: what is known of every segment in flight, kept as marks on the retransmission queue.

Rules
-----
* A segment has arrived when a block covers all of it (RFC 2018 section 5.1); the mark stays until it is acknowledged.
* A first block at or below the ACK, or inside the second, is a D-SACK: this arrived twice (RFC 2883 section 4).
* Blocks that tell of what was never sent, or lie before SND.UNA without being a D-SACK, are not believed.
* In flight is what was sent, less what has arrived or is lost, plus what has been repeated (RFC 6675: pipe).

Theory
------
Linux keeps four counters beside its queue; here they are counted when they are asked for, so that they cannot differ
from the marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tutor.tcp import rack, seq
from tutor.tcp.options import clock
from tutor.tcp.segment import SYN, Segment
from tutor.tcp.tcb import Recovery, Sent, Tcb
from tutor.tcp.values import replace


class Counts(NamedTuple):
    """Segments of the queue by their marks."""

    sacked: int = 0
    lost: int = 0
    repeated: int = 0


NOTHING_MARKED = Counts()


def counts(tcb: Tcb) -> Counts:
    """``sacked_out``, ``lost_out`` and ``retrans_out``; without SACK duplicate ACKs count as arrivals."""
    if not tcb.rec.is_marked:
        return NOTHING_MARKED
    sacked = lost = repeated = 0
    for entry in tcb.out.queue:
        sacked += entry.is_sacked
        lost += entry.is_lost
        repeated += entry.is_repeated
    return Counts(sacked + tcb.rec.dupacks, lost, repeated)


def in_flight(tcb: Tcb) -> int:
    """Segments in the network as far as we know (``tcp_packets_in_flight``; RFC 6675: pipe)."""
    marked = counts(tcb)
    return len(tcb.out.queue) - marked.sacked - marked.lost + marked.repeated


def highest_sacked(una: int, queue: Sequence[Sent]) -> int:
    """The number after the highest segment that has arrived; ``una`` if there is none (``tcp_highest_sack_seq``)."""
    return next((entry.end for entry in reversed(queue) if entry.is_sacked), una)


@dataclass(slots=True)
class News:
    """What one ACK tells, gathered while it is read: the notebook of ``tcp_ack``."""

    now: int
    was_una: int
    una: int
    advanced: bool
    echo: int | None = None
    """TSecr, where timestamps are used."""
    has_text: bool = False
    opens_window: bool = False
    text_acked: bool = False
    syn_acked: bool = False
    repeated_acked: bool = False
    newly_sacked: bool = False
    first_copy_arrived: bool = False
    """Something that was sent once, before the phase began, has arrived (``FLAG_ORIG_SACK_ACKED``)."""
    echoes: bool = False
    twice: bool = False
    probe_twice: bool = False
    """The D-SACK tells of the tail-loss probe."""
    repetition_lost: bool = False
    sets_timer: bool = False
    reneges: bool = False
    delivered: int = 0
    oldest_sent: int | None = None
    """When the oldest segment left that was acknowledged and sent once."""
    newest_sent: int | None = None
    sacked_oldest: int | None = None
    sacked_newest: int | None = None
    lowest: int | None = None
    """The lowest number that a block newly told of after higher ones: reordering."""
    lowest_acked: int | None = None
    """The lowest number acknowledged after higher ones had been told of."""
    delivered_before: int = 0
    arrived_sent_at: int = -1
    arrived_end: int = 0
    told_twice: bool = False
    told_twice_early: bool = False
    dupacks: int = 0
    acked: int = 0
    """Segments that left the queue."""

    @property
    def acks_something(self) -> bool:
        """FLAG_ACKED."""
        return self.text_acked or self.syn_acked

    @property
    def is_no_duplicate(self) -> bool:
        """It says more than a duplicate ACK does (``FLAG_NOT_DUP``)."""
        return self.has_text or self.opens_window or self.acks_something

    def note_low(self, number: int) -> None:
        """``number`` arrived late."""
        if self.lowest is None or seq.before(number, self.lowest):
            self.lowest = number

    def note_arrival(self, entry: Sent) -> None:
        """The newest transmission among what arrived tells how much was delivered a round trip ago."""
        if rack.sent_after(entry.sent_at, entry.end, self.arrived_sent_at, self.arrived_end):
            self.arrived_sent_at, self.arrived_end = entry.sent_at, entry.end
            self.delivered_before = entry.delivered


# --- blocks ---


class Reader:
    """Marks the queue with the blocks of one ACK (``tcp_sacktag_write_queue``)."""

    def __init__(self, tcb: Tcb, news: News, mss: int, min_rtt_us: int | None) -> None:
        self.news = news
        self.mss = mss
        self.min_rtt_us = min_rtt_us
        self.tcb = tcb
        self.rec: Recovery = tcb.rec
        self.queue = list(tcb.out.queue)
        self.fack = self.was_fack = highest_sacked(tcb.snd.una, tcb.out.queue)

    def read(self, segment: Segment) -> None:
        """Every block that can be believed, a D-SACK first."""
        blocks = segment.options.sack[:4]
        twice = self._is_twice(segment.ack, blocks)
        una, snd = self.news.was_una, self.tcb.snd
        if seq.before(segment.ack, seq.add(una, -snd.max_wnd)) or not self.queue:
            return
        believed: list[tuple[int, int, bool]] = []
        for place, (start, end) in enumerate(blocks):
            is_twice = twice and not place
            if self._is_valid(start, end, is_twice=is_twice) and seq.before(una, end):
                believed.append((start, end, is_twice))
        for start, end, is_twice in sorted(believed, key=lambda block: seq.distance(una, block[0])):
            self._mark(start, end, is_twice=is_twice)

    def _is_twice(self, ack: int, blocks: tuple[tuple[int, int], ...]) -> bool:
        """Is the first block a D-SACK (``tcp_check_dsack``), and one that may be true?"""
        (start, end), rest = blocks[0], blocks[1:]
        if seq.before(start, ack):
            self.news.told_twice = True
        elif rest and seq.before_or_at(rest[0][0], start) and seq.before_or_at(end, rest[0][1]):
            self.news.told_twice_early = True
        else:
            return False
        segments = self._segments_told_twice(start, end)
        if not segments:
            return False
        rec = self.rec
        is_old = (
            rec.undo_from is not None and seq.before(rec.undo_from, end) and seq.before_or_at(end, self.news.was_una)
        )
        if is_old and rec.undo_left > 0:
            self.rec = replace(rec, undo_left=max(0, rec.undo_left - segments))
        return True

    def _segments_told_twice(self, start: int, end: int) -> int:
        """How many segments a D-SACK tells of; none if we did not repeat so many (``tcp_dsack_seen``)."""
        rec, news, length = self.rec, self.news, seq.distance(start, end)
        if length <= 0 or length > self.tcb.snd.max_wnd:
            return 0
        segments = -(-length // self.mss) if length > self.mss else 1
        if length <= self.mss and rec.probe_end is not None and rec.probe_end == end:
            news.probe_twice = True
        told = rec.twice_told + segments
        self.rec = rec = replace(rec, twice_told=told)
        if told > rec.repetitions:
            return 0
        if rec.reorderings and not news.probe_twice:
            self.rec = replace(rec, rack=replace(rec.rack, came_twice=True))
        news.twice = True
        news.delivered += segments
        return segments

    def _is_valid(self, start: int, end: int, *, is_twice: bool) -> bool:
        """May the block be true (``tcp_is_sackblock_valid``)?"""
        snd, una, undo_from = self.tcb.snd, self.news.una, self.rec.undo_from
        if seq.before(snd.nxt, end) or not seq.before(start, end) or not seq.before(start, snd.nxt):
            return False
        if seq.before(una, start):
            return True
        if not is_twice or undo_from is None or seq.before(una, end):
            return False
        if seq.before_or_at(undo_from, start):
            return True
        return seq.before(undo_from, end) and seq.before_or_at(seq.add(end, -snd.max_wnd), start)

    def _mark(self, start: int, end: int, *, is_twice: bool) -> None:
        """Every segment that lies wholly in the block."""
        for place, entry in enumerate(self.queue):
            if not seq.before(entry.seq, end):
                break
            if seq.before_or_at(start, entry.seq) and seq.before_or_at(entry.end, end):
                self.queue[place] = self._marked(entry, is_twice=is_twice)

    def _marked(self, entry: Sent, *, is_twice: bool) -> Sent:
        """``entry`` has arrived, or arrived once more (``tcp_sacktag_one``)."""
        news, rec = self.news, self.rec
        if is_twice and entry.transmissions > 1:
            if rec.undo_from is not None and rec.undo_left > 0 and seq.before(rec.undo_from, entry.end):
                self.rec = rec = replace(rec, undo_left=max(0, rec.undo_left - 1))
            if entry.is_sacked:
                news.note_low(entry.seq)
        if seq.before_or_at(entry.end, news.una):
            return entry
        if not entry.is_sacked:
            entry = self._newly(entry)
        if is_twice and entry.is_repeated:
            entry = replace(entry, is_repeated=False)
        return entry

    def _newly(self, entry: Sent) -> Sent:
        news = self.news
        again = entry.transmissions > 1
        moved = rack.advanced(self.rec.rack, news.now, entry.sent_at, entry.end, self.min_rtt_us, sent_twice=again)
        self.rec = replace(self.rec, rack=moved)
        if not again:
            if seq.before(entry.seq, self.fack):
                news.note_low(entry.seq)
            if seq.before_or_at(entry.end, self.rec.high):
                news.first_copy_arrived = True
            if news.sacked_oldest is None:
                news.sacked_oldest = entry.sent_at
            news.sacked_newest = entry.sent_at
        news.note_arrival(entry)
        news.newly_sacked = True
        news.delivered += 1
        self.fack = seq.later(self.fack, entry.end)
        keeps_repetition = entry.is_repeated and not entry.is_lost
        return replace(entry, is_sacked=True, is_lost=False, is_repeated=keeps_repetition)

    # --- what the ACK itself takes off the queue ---

    def clean(self, acked: int, *, by_blocks: bool) -> None:
        """The first ``acked`` segments have left the queue (``tcp_clean_rtx_queue``); ``by_blocks``: SACK is used."""
        news = self.news
        news.acked = acked
        low: int | None = None
        for entry in self.queue[:acked]:
            if entry.transmissions > 1:
                news.repeated_acked = True
            elif not entry.is_sacked:
                news.newest_sent = entry.sent_at
                if news.oldest_sent is None:
                    news.oldest_sent = entry.sent_at
                if low is None:
                    low = entry.seq
                if seq.before_or_at(entry.end, self.rec.high):
                    news.first_copy_arrived = True
            if not entry.is_sacked and by_blocks:
                self._acknowledged(entry)
            if not entry.is_sacked:
                news.note_arrival(entry)
            if entry.flags & SYN:
                news.syn_acked = True
            else:
                news.text_acked = True
        self.queue = self.queue[acked:]
        news.reneges = bool(self.queue) and self.queue[0].is_sacked
        if not by_blocks and news.repeated_acked:
            news.first_copy_arrived = False
        if by_blocks and low is not None and seq.before(low, self.was_fack):
            news.lowest_acked = low

    def _acknowledged(self, entry: Sent) -> None:
        news = self.news
        news.delivered += 1
        again = entry.transmissions > 1
        is_first_copy = again and news.echo is not None and seq.before(news.echo, clock(entry.sent_at))
        if not is_first_copy:
            moved = rack.advanced(self.rec.rack, news.now, entry.sent_at, entry.end, self.min_rtt_us, sent_twice=again)
            self.rec = replace(self.rec, rack=moved)
