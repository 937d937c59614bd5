"""Index: the segments of a run in columns, in order of sending. What a ladder reads, however long the run.

Rules
-----
* One row a segment, one array a column (``COLUMNS``). What few rows have (several copies, SACK blocks, a fate that
  somebody changed on the way) stands in ``more``, whole.
* Whatever is asked per frame costs a bisect and what it returns, never a pass over all rows.
* A computed run has its index made from its trace (``index_of``); a recorded run *is* an index, and has no worlds.

Theory
------
A million segments as Python objects take a gigabyte and seconds to read; as columns they take 70 MB, and a file of
them can be mapped into memory and read at once. ``over_by`` is what makes a page cheap: by when every segment up to
here is over. It leaves out the few that take far longer than the rest (``slow``), or one late segment would make
every page after it begin where it left.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from tutor.tcp.segment import FIN, RST, SYN
from tutor.world.records import FATES, Flight, FlightChanged, Lost, Sent
from tutor.world.trace import Trace

NO_ACK = -(1 << 62)
"""In the column ``ack``: the segment has no ACK flag."""

ARRIVES, FORGED = 1, 2
"""Bits of the column ``traits``: a copy arrives; sent by no socket."""

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "q", "sent_at": "q", "ends_at": "q", "seq": "q", "ack": "q", "length": "I", "window": "I",
        "connection": "I", "flags": "H", "retransmission": "H", "sport": "H", "dport": "H",
        "sender": "B", "receiver": "B", "fate": "B", "traits": "B",
    }
)  # fmt: skip
"""Name -> type code as in ``array``. Times in microseconds; ``ends_at``: the first arrival, or the loss; ``seq`` and
``ack`` count from the initial numbers; ``sender``, ``receiver`` and ``connection`` are places in the tables of names,
``fate`` is one in ``records.FATES``; ``number`` rises."""

LARGE = 20_000
"""From so many rows on numpy is worth its import."""
SLOW = 8
"""A flight that takes so many times as long as the median one, and over a second, is slow."""


class Row(NamedTuple):
    """One segment as a picture needs it; ``copies`` and ``dies_at`` as in ``records.Flight``."""

    number: int
    sent_at: int
    sender: int
    receiver: int
    connection: int
    flags: int
    seq: int
    ack: int | None
    length: int
    window: int
    sport: int
    dport: int
    fate: str
    retransmission: int
    is_forged: bool
    copies: tuple[int, ...]
    dies_at: int | None
    sack: tuple[tuple[int, int], ...] = ()

    @property
    def seq_length(self) -> int:
        """Octets of sequence space, SYN and FIN included."""
        return self.length + bool(self.flags & SYN) + bool(self.flags & FIN)

    @property
    def over_at(self) -> int:
        """When the last copy has arrived, or the segment is lost."""
        return max((*self.copies, self.dies_at or self.sent_at))

    @property
    def ends_at(self) -> int:
        """The first arrival, or the loss."""
        if self.copies:
            return self.copies[0]
        return self.sent_at if self.dies_at is None else self.dies_at


class Version(NamedTuple):
    """A segment as it was known from ``at`` on: touching it on its way makes another version."""

    at: int
    row: Row


Column = Sequence[int]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Index:
    """All segments of a run. Two indexes are the same if they are one object."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]
    connections: tuple[str, ...]
    columns: Mapping[str, Column] = field(repr=False)
    over_by: Column = field(repr=False)
    """By when every segment up to this row is over, but for the slow ones; rising."""
    slow: Column = field(repr=False)
    """Places of the slow ones."""
    special: Column = field(repr=False)
    """Places of those that open, close, reset or repeat."""
    failed: Column = field(repr=False)
    """Places of those that do not arrive as they were sent."""
    more: Mapping[int, tuple[Version, ...]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.columns["sent_at"])

    @property
    def sent_at(self) -> Column:
        """When each left (microseconds); rising."""
        return self.columns["sent_at"]

    @property
    def end(self) -> int:
        """When the last segment is over (microseconds); 0 if there is none."""
        return max([self.over_by[-1], *(self.row(place).over_at for place in self.slow)]) if len(self) else 0

    def row(self, place: int, until: int | None = None) -> Row:
        """Segment number ``place`` as it is known at ``until`` (None: in the end)."""
        versions = self.more.get(place)
        if versions is None:
            return self._plain(place)
        known = versions[0].row
        for version in versions[1:]:
            if until is None or version.at <= until:
                known = version.row
        return known

    def _plain(self, place: int) -> Row:
        (number, sent_at, ends_at, seq, ack, length, window, connection, flags, repeated, sport, dport, sender,
         receiver, fate, traits) = [column[place] for column in self.columns.values()]  # fmt: skip
        arrives = bool(traits & ARRIVES)
        return Row(
            number, sent_at, sender, receiver, connection, flags, seq, None if ack == NO_ACK else ack, length, window,
            sport, dport, FATES[fate], repeated, bool(traits & FORGED),
            (ends_at,) if arrives else (), None if arrives and FATES[fate] != "corrupted" else ends_at,
        )  # fmt: skip

    def place(self, number: int) -> int | None:
        """Where the segment of this number stands; None if there is none."""
        numbers = self.columns["number"]
        found = bisect_left(numbers, number)
        return found if found < len(numbers) and numbers[found] == number else None

    def is_special(self, place: int) -> bool:
        """Does it open, close, reset or repeat?"""
        return bool(self.columns["retransmission"][place] or self.columns["flags"][place] & (SYN | FIN | RST))

    def span(self, first: int, last: int) -> range:
        """Places of what may be on its way between two moments, but for the slow ones."""
        start = bisect_left(self.over_by, first)
        return range(start, max(start, bisect_right(self.sent_at, last)))

    def sent_between(self, start: int, stop: int) -> range:
        """Places of what left at ``start`` or later, and before ``stop``."""
        first = bisect_left(self.sent_at, start)
        return range(first, max(first, bisect_left(self.sent_at, stop)))


def within(places: Column, span: range) -> Column:
    """Those of rising ``places`` that lie in ``span``."""
    return places[bisect_left(places, span.start) : bisect_left(places, span.stop)]


# --- making ---


def assemble(
    hosts: Sequence[str],
    addresses: Sequence[str],
    connections: Sequence[str],
    columns: Mapping[str, Column],
    more: Mapping[int, tuple[Version, ...]] = MappingProxyType({}),
) -> Index:
    """An index of these columns, which are in order of ``sent_at`` and of ``number``.

    Raises ``ValueError`` if a column is missing, too many, or not as long as the others.
    """
    if set(columns) != set(COLUMNS) or len({len(column) for column in columns.values()}) > 1:
        raise ValueError(f"an index has the columns {', '.join(COLUMNS)}, all of one length")
    ordered = {name: columns[name] for name in COLUMNS}
    derive = _derived if len(columns["sent_at"]) < LARGE else _derived_fast
    return Index(
        tuple(hosts), tuple(addresses), tuple(connections), MappingProxyType(ordered), *derive(ordered, more),
        MappingProxyType(dict(more)),
    )  # fmt: skip


def as_array(column: Column) -> Any:
    """A column as a numpy array that shares its memory."""
    import numpy as np

    return np.asarray(column)


def places_where(mask: Any) -> Column:
    """The places at which a numpy array of truths is true."""
    import numpy as np

    return memoryview(np.flatnonzero(mask).astype("u4"))  # type: ignore[arg-type]


Derived = tuple[Column, Column, Column, Column]


def _derived(columns: Mapping[str, Column], more: Mapping[int, tuple[Version, ...]]) -> Derived:
    """``over_by``, ``slow``, ``special`` and ``failed``, row by row."""
    sent_at = columns["sent_at"]
    over = array("q", columns["ends_at"])
    for place, versions in more.items():
        over[place] = max(version.row.over_at for version in versions)
    spans = sorted(stop - start for start, stop in zip(sent_at, over, strict=True))
    limit = max(1_000_000, SLOW * spans[len(spans) // 2]) if spans else 0
    slow = array("I", (place for place, start in enumerate(sent_at) if over[place] - start > limit))
    for place in slow:
        over[place] = sent_at[place]
    signs = zip(columns["flags"], columns["retransmission"], strict=True)
    special = array("I", (place for place, (bits, n) in enumerate(signs) if n or bits & (SYN | FIN | RST)))
    failed = array("I", (place for place, fate in enumerate(columns["fate"]) if fate not in _GOOD))
    return array("q", accumulate(over, max)), slow, special, failed


_GOOD = (FATES.index("delivered"), FATES.index("duplicated"))


def _derived_fast(columns: Mapping[str, Column], more: Mapping[int, tuple[Version, ...]]) -> Derived:
    """The same with numpy."""
    import numpy as np

    view = {name: as_array(column) for name, column in columns.items()}
    over = view["ends_at"].copy()
    for place, versions in more.items():
        over[place] = max(version.row.over_at for version in versions)
    spans = over - view["sent_at"]
    limit = max(1_000_000, SLOW * int(np.partition(spans, len(spans) // 2)[len(spans) // 2]))
    is_slow = spans > limit
    over[is_slow] = view["sent_at"][is_slow]
    is_special = (view["retransmission"] > 0) | (view["flags"] & (SYN | FIN | RST) > 0)
    failed = places_where(~np.isin(view["fate"], _GOOD))
    over_by: Any = np.maximum.accumulate(over)
    return memoryview(over_by), places_where(is_slow), places_where(is_special), failed


# --- from a trace ---


_KNOWN: WeakKeyDictionary[Trace, tuple[int, Index]] = WeakKeyDictionary()


def index_of(trace: Trace) -> Index:
    """The index of a whole computed run, made once for as many steps as it has."""
    steps = len(trace.steps)
    known = _KNOWN.get(trace)
    if known is None or known[0] != steps:
        known = steps, _read(trace)
        _KNOWN[trace] = known
    return known[1]


def _read(trace: Trace) -> Index:
    hosts = trace.steps[0].world.hosts
    names = {host.name: place for place, host in enumerate(hosts)}
    scripted = {host.name for host in hosts if host.is_scripted}
    connections: dict[str, int] = {}
    columns = {name: array(code) for name, code in COLUMNS.items()}
    more: dict[int, tuple[Version, ...]] = {}
    at: dict[int, int] = {}
    for _, record in trace.records():
        if not isinstance(record, Sent | FlightChanged | Lost):
            continue
        flight = record.flight
        connection = connections.setdefault(flight.connection, len(connections))
        row = _row(flight, names, connection, scripted)
        if isinstance(record, Sent):
            place = at[row.number] = len(at)
            _append(columns, row)
            if row.sack or len(row.copies) > 1:
                more[place] = (Version(record.at, row),)
        elif row != (versions := more.get(place := at[row.number], ()) or (_first(columns, place),))[-1].row:
            more[place] = (*versions, Version(record.at, row))
            _mend(columns, place, row)
    addresses = [host.address for host in hosts]
    return assemble(tuple(names), addresses, tuple(connections), columns, more)


def _row(flight: Flight, names: Mapping[str, int], connection: int, scripted: set[str]) -> Row:
    segment = flight.segment
    sender = names[flight.sender]
    receiver = names.get(flight.receiver, 0 if sender else len(names) - 1)
    return Row(
        flight.id, flight.sent_at, sender, receiver, connection, segment.flags,
        flight.rel_seq, flight.rel_ack, segment.length, segment.window, flight.source.port, flight.destination.port,
        flight.fate, flight.retransmission,
        # What a script says for its host is that host's own word.
        flight.is_forged and flight.sender not in scripted,
        flight.copies, flight.dies_at, flight.rel_sack,
    )  # fmt: skip


def _cells(row: Row) -> tuple[int, ...]:
    """A row's values in the order of ``COLUMNS``."""
    traits = (ARRIVES if row.copies else 0) | (FORGED if row.is_forged else 0)
    return (
        row.number, row.sent_at, row.ends_at, row.seq, NO_ACK if row.ack is None else row.ack, row.length, row.window,
        row.connection, row.flags, row.retransmission, row.sport, row.dport, row.sender, row.receiver,
        FATES.index(row.fate), traits,
    )  # fmt: skip


def _append(columns: Mapping[str, array[int]], row: Row) -> None:
    for column, cell in zip(columns.values(), _cells(row), strict=True):
        column.append(cell)


def _mend(columns: Mapping[str, array[int]], place: int, row: Row) -> None:
    for column, cell in zip(columns.values(), _cells(row), strict=True):
        column[place] = cell


def _first(columns: Mapping[str, array[int]], place: int) -> Version:
    """A row that is touched for the first time, as it stands in the columns."""
    short = Index((), (), (), columns, (), (), (), (), MappingProxyType({}))
    return Version(columns["sent_at"][place], short.row(place))
