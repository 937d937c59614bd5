"""Tables: functions of small numbers as arrays, so that many are looked up at once; and lists of lists.

Rules
-----
* A table is filled as it is asked: the function is called once for each pair of numbers, in the order of the question.
* numpy is imported when the first table is made: most searches are over before that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tutor.explore.visited import Visited

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]


class Column:
    """Numbers under numbers, 0, 1, 2, …: grows at its end."""

    __slots__ = ("_cells", "_new", "_size", "append")

    def __init__(self) -> None:
        import numpy as np

        self._cells: Array = np.zeros(64, np.int64)
        self._size = 0
        self._new: list[int] = []
        self.append = self._new.append
        """One more."""

    def __len__(self) -> int:
        return self._size + len(self._new)

    def __getitem__(self, at: Array) -> Array:
        if self._new:
            self._keep()
        taken: Array = self._cells.take(at)
        return taken

    def _keep(self) -> None:
        """What was appended since anybody looked."""
        import numpy as np

        size = len(self)
        if size > len(self._cells):
            self._cells = np.resize(self._cells, 3 * size // 2)
        self._cells[self._size : size] = self._new
        self._size = size
        self._new.clear()


class Numbers:
    """Distinct things under numbers, 0, 1, 2, …, each with some facts, a column a fact."""

    def __init__(self, describe: Callable[[Any], Sequence[int]] | None = None, facts: int = 0) -> None:
        self.items: list[Any] = []
        self.facts = tuple(Column() for _ in range(facts))
        self._numbers: dict[Hashable, int] = {}
        self._describe = describe

    def __len__(self) -> int:
        return len(self.items)

    def __call__(self, item: Hashable) -> int:
        """The number of ``item``."""
        number = self._numbers.get(item)
        if number is None:
            if self._describe is not None:
                for column, fact in zip(self.facts, self._describe(item), strict=True):
                    column.append(fact)
            number = self._numbers[item] = len(self.items)
            self.items.append(item)
        return number


class Lists:
    """Short lists of numbers, under numbers."""

    def __init__(self) -> None:
        self._starts, self._counts, self._items = Column(), Column(), Column()

    def add(self, items: Iterable[int]) -> int:
        """The number of one more list."""
        start = len(self._items)
        for item in items:
            self._items.append(item)
        self._starts.append(start)
        self._counts.append(len(self._items) - start)
        return len(self._starts) - 1

    def spread(self, *chosen: Array) -> tuple[Array, Array]:
        """(row, item): in each row the items of its first list, then those of its second, and so on."""
        import numpy as np

        counts = [self._counts[lists] for lists in chosen]
        total: Array = sum(counts[1:], counts[0])
        row = np.repeat(np.arange(len(total)), total)
        items = np.empty(len(row), np.int64)
        begin = np.cumsum(total) - total
        for lists, count in zip(chosen, counts, strict=True):
            steps = np.arange(int(count.sum()))
            before = np.cumsum(count) - count
            found = self._items[np.repeat(self._starts[lists] - before, count) + steps]
            if len(chosen) == 1:
                return row, found
            items[np.repeat(begin - before, count) + steps] = found
            begin += count
        return row, items


class Table:
    """``function(x, y)`` of numbers below ``len(rows)`` and ``len(columns)``.

    ``keeps``: column 0 is "nothing is done", and answers x.
    """

    def __init__(
        self, function: Callable[[int, int], int], rows: Sequence[Any] | Numbers, columns: Sequence[Any] | Numbers,
        *, keeps: bool = False,
    ) -> None:  # fmt: skip
        import numpy as np

        self._function, self._rows, self._columns, self._keeps = function, rows, columns, keeps
        self._cells: Array = np.empty((0, 0), np.int32)

    def __call__(self, xs: Array, ys: Array) -> Array:
        """The function of every pair."""
        import numpy as np

        if len(self._rows) > self._cells.shape[0] or len(self._columns) > self._cells.shape[1]:
            self._grow()
        codes = np.multiply(xs, self._cells.shape[1], dtype=np.intp)
        codes += ys
        found: Array = self._cells.ravel().take(codes)
        if len(found) and found.min() < 0:
            self._fill(codes[found < 0].tolist())
            found = self._cells.ravel().take(codes)
        return found

    def _fill(self, codes: list[int]) -> None:
        cells, width = self._cells.ravel(), self._cells.shape[1]
        for code in dict.fromkeys(codes):
            cells[code] = self._function(*divmod(code, width))

    def _grow(self) -> None:
        import numpy as np

        height, width = self._cells.shape
        needs = len(self._rows), len(self._columns)
        shape = tuple(
            has if need <= has else max(16, 3 * need // 2) for need, has in zip(needs, (height, width), strict=True)
        )
        cells = np.full(shape, -1, np.int32)
        cells[:height, :width] = self._cells
        if self._keeps:
            cells[:, 0] = np.arange(shape[0])
        self._cells = cells


class Sparse:
    """As ``Table``, for a function that is asked for few of very many pairs: it needs room for those only."""

    def __init__(self, function: Callable[[int, int], int], *, keeps: bool = False) -> None:
        self._function, self._keeps = function, keeps
        self._pairs, self._values = Visited(), Column()

    def __call__(self, xs: Array, ys: Array) -> Array:
        """The function of every pair."""
        import numpy as np

        rows = np.flatnonzero(ys) if self._keeps else np.arange(len(ys))
        codes = xs[rows].astype(np.int64) << 31 | ys[rows]
        found = self._pairs.find(codes)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            self._fill(list(dict.fromkeys(codes[missing].tolist())))
            found[missing] = self._pairs.find(codes[missing])
        answer = xs.astype(np.int64)
        answer[rows] = self._values[found]
        return answer

    def _fill(self, codes: list[int]) -> None:
        import numpy as np

        for code in codes:
            self._values.append(self._function(code >> 31, code & (1 << 31) - 1))
        self._pairs.enter(np.array(codes, np.int64))
