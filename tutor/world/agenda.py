"""Agenda: what is due next, as a persistent leftist heap.

Rules
-----
* Entries are ordered by (at, priority, insertion number). At one instant arrivals go before acts and programs,
  and those before timers; equals go in the order in which they were put in. So a run never depends on chance.
* Nothing is ever taken out of the middle. Whoever pops an entry asks whether it is still true (a timer that
  was restarted, a segment that was dropped) and throws it away if not.

Theory
------
A leftist heap is a tree whose right spine is short (at most log2 of its size), and merging walks right spines
only. Merging copies the nodes it passes and shares the rest: an older agenda stays as it was, and putting in or
popping costs O(log n) whatever the number of connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ARRIVALS, DEEDS, TIMERS = range(3)
"""Priorities at one instant: what comes from the network, what people and programs do, what runs out."""

Entry = tuple[int, int, int, Any]
"""(at, priority, insertion number, what). Compared by the first three: insertion numbers are unique."""


class _Node:
    """One entry with the two heaps below it; ``rank`` is the length of the right spine."""

    __slots__ = ("entry", "left", "rank", "right")

    rank: int

    def __init__(self, entry: Entry, left: _Node | None = None, right: _Node | None = None) -> None:
        if (right.rank if right else 0) > (left.rank if left else 0):
            left, right = right, left
        self.entry = entry
        self.left = left
        self.right = right
        self.rank = (right.rank if right else 0) + 1


def _merge(a: _Node | None, b: _Node | None) -> _Node | None:
    if a is None:
        return b
    if b is None:
        return a
    if b.entry[:3] < a.entry[:3]:
        a, b = b, a
    return _Node(a.entry, a.left, _merge(a.right, b))


@dataclass(frozen=True, slots=True, eq=False)
class Agenda:
    """All that is due, soonest first. A value: ``push`` and ``pop`` give new ones."""

    _root: _Node | None = None
    pushed: int = 0
    """Entries ever put in: the next insertion number."""

    def push(self, at: int, priority: int, what: Any) -> Agenda:
        """The agenda with ``what`` due at ``at`` (microseconds)."""
        return Agenda(_merge(self._root, _Node((at, priority, self.pushed, what))), self.pushed + 1)

    def first(self) -> Entry | None:
        """The soonest entry, or None."""
        return self._root.entry if self._root is not None else None

    def pop(self) -> Agenda:
        """The agenda without its soonest entry."""
        assert self._root is not None, "nothing to pop from an empty agenda"
        return Agenda(_merge(self._root.left, self._root.right), self.pushed)

    def changed(self, change: Callable[[Entry], Entry]) -> Agenda:
        """The agenda with every entry as ``change`` makes it (O(n log n): for a hand's act, not for steps)."""
        root: _Node | None = None
        for entry in self:
            root = _merge(root, _Node(change(entry)))
        return Agenda(root, self.pushed)

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, soonest first (O(n log n): for digests and tests, not for steps)."""
        heap, found = [self._root], []
        while heap:
            node = heap.pop()
            if node is not None:
                found.append(node.entry)
                heap += (node.left, node.right)
        return iter(sorted(found, key=lambda entry: entry[:3]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Agenda):
            return NotImplemented
        return self._root is other._root or list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self.first(), self.pushed))
