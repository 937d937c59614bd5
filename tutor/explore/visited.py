"""Visited: the worlds that were seen, each one integer, in the order in which they were found. Exact.

Theory
------
A table with open addresses, asked for thousands at a time: all look at their own cell; who finds somebody else there
looks at the next, until each has found itself or an empty cell. Equal ones look at the same cells in the same steps, so
that the first of them is entered, and all others find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

FACTOR = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: the upper bits of a product are well mixed."""


class Visited:
    """A growing sequence of distinct integers of 63 bits; at most 32 octets for each."""

    def __init__(self) -> None:
        import numpy as np

        self._size = 0
        self._keys: Array = np.zeros(1 << 12, np.int64)
        self._cells: Array = np.full(1 << 13, -1, np.int32)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, which: slice) -> Array:
        found: Array = self._keys[: self._size][which]
        return found

    def enter(self, keys: Array) -> Array:
        """Enter those of ``keys`` that are not here yet; returns where they stand in ``keys``, in order."""
        import numpy as np

        first, stop = self._size, self._size + len(keys)
        self._make_room(stop)
        self._keys[first:stop] = keys
        numbers, cells = self._place(np.arange(first, stop, dtype=np.int32))
        order = np.argsort(numbers)
        places = numbers[order] - first
        self._size += len(places)
        self._cells[cells[order]] = np.arange(first, self._size)
        self._keys[first : self._size] = keys[places]
        return places

    def _place(self, looking: Array) -> tuple[Array, Array]:
        """Look for cells for the keys with the numbers ``looking``: those that were not there, and their cells."""
        import numpy as np

        keys, cells = self._keys, self._cells
        cell = self._first_cell(keys[looking])
        placed = [(looking[:0], cell[:0])]
        while len(looking):
            there = cells.take(cell)
            empty = np.flatnonzero(there < 0)
            if len(empty):
                found, who = cell.take(empty), looking.take(empty)
                cells[found[::-1]] = who[::-1]
                there[empty] = now = cells.take(found)
                placed.append((who[now == who], found[now == who]))
            others = np.flatnonzero(keys.take(there) != keys.take(looking))
            looking, cell = looking.take(others), (cell.take(others) + 1) & (len(cells) - 1)
        numbers, chosen = zip(*placed, strict=True)
        return np.concatenate(numbers), np.concatenate(chosen)

    def find(self, keys: Array) -> Array:
        """The number of each of ``keys`` in the order in which they were entered; -1: it is not here."""
        import numpy as np

        found = np.full(len(keys), -1, np.int32)
        looking, cell = np.arange(len(keys)), self._first_cell(keys)
        while len(looking):
            there = self._cells.take(cell)
            is_same = self._keys.take(there) == keys.take(looking)
            found[looking[is_same]] = there[is_same]
            others = np.flatnonzero((there >= 0) & ~is_same)
            looking, cell = looking.take(others), (cell.take(others) + 1) & (len(self._cells) - 1)
        return found

    def _first_cell(self, keys: Array) -> Array:
        """Where to look first."""
        import numpy as np

        bits = np.uint64(64 - (len(self._cells) - 1).bit_length())
        return (keys.view(np.uint64) * np.uint64(FACTOR) >> bits).astype(np.intp)

    def _make_room(self, size: int) -> None:
        """Let there be room for ``size`` keys, with half of the cells empty."""
        import numpy as np

        if size > len(self._keys):
            self._keys = np.resize(self._keys, max(size, 3 * len(self._keys) // 2))
        if 2 * size > len(self._cells):
            self._cells = np.full(1 << (2 * size - 1).bit_length(), -1, np.int32)
            self._place(np.arange(self._size, dtype=np.int32))
