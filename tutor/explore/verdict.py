"""Verdict: what a search remembers to judge a run by the seven properties, and when one of them is broken.

Rules
-----
* The sentences are those of ``properties``; here they are put to single moves, so that a world carries no history but a
  few bits. What a search finds is played in the real World and judged there a second time.
* Only what is asked for is remembered: a search for one property is smaller than a search for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tutor.explore.ends import End
from tutor.explore.observing import is_ghost

FRESH_OPEN, AGREED_OPEN, NO_GHOST, OWN_BYTES, IN_ORDER, COMPLETE, HONEST = (1 << place for place in range(7))

PROPERTIES: dict[str, int] = {
    "fresh-open": FRESH_OPEN,
    "agreed-open": AGREED_OPEN,
    "no-ghost": NO_GHOST,
    "own-bytes": OWN_BYTES,
    "exactly-once": IN_ORDER,
    "orderly-close": COMPLETE,
    "honest-open": HONEST,
}
"""P1 to P7, by id, as the bits of a search."""


class Memory(NamedTuple):
    """What judging needs of the past."""

    broken: int = 0
    """Properties that are broken."""
    read: tuple[tuple[str, int], ...] = ()
    """Stream -> octets of it that were read, in order and once."""
    lost_more: bool = False
    """Something else than a bare ACK was lost since the last call."""
    losses: int = 0
    """Segments that were lost since the last call."""


def noted(memory: Memory, notes: Iterable[tuple[object, ...]], watched: int) -> Memory:
    """``memory`` after what a move had to tell."""
    for note in notes:
        memory = _NOTES[str(note[0])](memory, note, watched)
    return memory


def _broken(memory: Memory, which: int, watched: int) -> Memory:
    return memory._replace(broken=memory.broken | (which & watched))


def _accept(memory: Memory, note: tuple[object, ...], watched: int) -> Memory:
    _, is_fresh, is_agreed = note
    return _broken(memory, (0 if is_fresh else FRESH_OPEN) | (0 if is_agreed else AGREED_OPEN), watched)


def _read(memory: Memory, note: tuple[object, ...], watched: int) -> Memory:
    _, stream, start, stop, is_own = note
    memory = memory if is_own else _broken(memory, OWN_BYTES, watched)
    if not watched & (IN_ORDER | COMPLETE):
        return memory
    read = dict(memory.read)
    if read.get(str(stream), 0) != start:
        return _broken(memory, IN_ORDER, watched)
    read[str(stream)] = int(str(stop))
    return memory._replace(read=tuple(sorted(read.items())))


def _left(memory: Memory, note: tuple[object, ...], watched: int) -> Memory:
    _, stream, written, has_peer_finished = note
    has_all = dict(memory.read).get(str(stream), 0) >= int(str(written))
    return memory if has_all and has_peer_finished else _broken(memory, COMPLETE, watched)


def _told(memory: Memory, note: tuple[object, ...], watched: int) -> Memory:
    which = PROPERTIES.get(str(note[2]), 0)
    is_excused = which == COMPLETE and memory.lost_more
    return memory if is_excused else _broken(memory, which, watched)


def _lost(memory: Memory, note: tuple[object, ...], watched: int) -> Memory:
    _, is_bare_ack = note
    if watched & HONEST:
        memory = memory._replace(losses=memory.losses + 1)
    return memory._replace(lost_more=True) if watched & COMPLETE and not is_bare_ack else memory


def _called(memory: Memory, _note: tuple[object, ...], _watched: int) -> Memory:
    return memory._replace(lost_more=False, losses=0) if memory.lost_more or memory.losses else memory


def _gave_up(memory: Memory, note: tuple[object, ...], watched: int) -> Memory:
    _, tries = note
    return memory if memory.losses >= int(str(tries)) else _broken(memory, HONEST, watched)


def _discarded(memory: Memory, _note: tuple[object, ...], _watched: int) -> Memory:
    """It is the other end's excuse (``effects``), and nothing to remember here."""
    return memory


_NOTES = {
    "accept": _accept,
    "read": _read,
    "left": _left,
    "told": _told,
    "lost": _lost,
    "called": _called,
    "gave-up": _gave_up,
    "discarded": _discarded,
}


def has_ghost(ends: tuple[End, End]) -> bool:
    """At rest: is there a synchronised record whose peer has no record that matches it?"""
    return any(is_ghost(own.tcb, other.tcb) for own, other in (ends, ends[::-1]))
