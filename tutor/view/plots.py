"""Plots: what a connection's numbers were over time, as values. The pictures of them are made by ``ui.plotting``.

Rules
-----
* A line is a step function: a number holds until the next event changes it. Where there is no such number (no
  connection yet, no loss that set ssthresh, TIME-WAIT) the line has a gap; it is never drawn at 0 instead.
* Nothing after ``end`` is in a plot: not a point, not the scale of an axis.
* Colour and dash mean the host. Which quantity it is shows by weight, by marks on the line, and by its name.
* Loss and repetition are red and have a glyph besides: ✕ where a segment died, R above one that is sent again.

Theory
------
Sequence numbers over time are drawn as Stevens drew them (TCP/IP Illustrated, vol. 1, section 20.6): a bar from the
first to the last number of each segment at the moment it leaves, the staircase of what has been acknowledged to its
sender below, the edge of the offered window above. The slope is the throughput, the height between the staircases is
what is in flight, a bar below the others is a repetition.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tutor.view.samples import INFINITE, Column, Row, Samples, samples
from tutor.view.story import story
from tutor.words import mark
from tutor.world.records import Lost
from tutor.world.trace import Trace

MAIN, SECOND, STAIRS, EDGE = "main", "second", "stairs", "edge"
"""How a line is drawn: heavy; thin with circles; thin; thin and pointed. The scale takes account of an ``EDGE`` only
if it does not dwarf the rest."""

DWARFS = 3.0
"""An edge so many times as high as the rest is left to lie above the picture."""

HEADROOM = 1.08


class Quantity(NamedTuple):
    """One kind of line: its name (a message id), how it is drawn, and how it is read from a row."""

    name: str
    weight: str
    value: Callable[[Row], float | None]


def _in_segments(octets: int | None, row: Row) -> float | None:
    return None if octets is None or octets == INFINITE or not row.mss else octets / row.mss


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / 1_000_000


def _edge(row: Row) -> float | None:
    return None if row.una is None or row.wnd is None else row.una + row.wnd


WINDOW, TIMER, SEQUENCE, FLIGHT, QUEUES, BUFFERS = "window", "timer", "sequence", "flight", "queues", "buffers"

QUANTITIES: dict[str, tuple[Quantity, ...]] = {
    WINDOW: (
        Quantity("cwnd", MAIN, lambda row: _in_segments(row.cwnd, row)),
        Quantity("ssthresh", SECOND, lambda row: _in_segments(row.ssthresh, row)),
    ),
    TIMER: (
        Quantity("RTO", MAIN, lambda row: _seconds(row.rto)),
        Quantity("SRTT", SECOND, lambda row: _seconds(row.srtt)),
    ),
    SEQUENCE: (
        Quantity(mark("acknowledged"), STAIRS, lambda row: row.una),
        Quantity(mark("window's edge"), EDGE, _edge),
    ),
    FLIGHT: (
        Quantity(mark("in flight"), MAIN, lambda row: row.flight),
        Quantity("cwnd", SECOND, lambda row: row.cwnd),
        Quantity(mark("offered window"), EDGE, lambda row: row.wnd),
    ),
    QUEUES: (
        Quantity(mark("SYN queue"), MAIN, lambda row: row.syn_queue),
        Quantity(mark("accept queue"), SECOND, lambda row: row.accept_queue),
        Quantity(mark("limit of the SYN queue"), EDGE, lambda row: row.syn_limit),
        Quantity(mark("limit of the accept queue"), EDGE, lambda row: row.accept_limit),
    ),
    BUFFERS: (
        Quantity(mark("send buffer"), MAIN, lambda row: row.sending),
        Quantity(mark("unread"), SECOND, lambda row: row.unread),
        Quantity(mark("held for a gap"), EDGE, lambda row: row.held),
    ),
}
"""Plot -> its lines, for each host."""

SENT = Quantity(mark("sent"), MAIN, lambda row: row.nxt)
"""What the bars add up to."""

NONE = "—"
"""How a value that does not exist is written."""

KINDS = tuple(QUANTITIES)
"""The plots there are, in the order in which they are offered."""

TITLES: dict[str, tuple[str, str]] = {
    WINDOW: (mark("Congestion window"), mark("MSS")),
    TIMER: (mark("Retransmission timer"), mark("seconds")),
    SEQUENCE: (mark("Sequence numbers"), mark("octets")),
    FLIGHT: (mark("Bytes in flight and windows"), mark("octets")),
    QUEUES: (mark("Queues of the listener"), mark("connections")),
    BUFFERS: (mark("Send and receive buffers"), mark("octets")),
}
"""Plot -> (title, unit) as message ids."""


@dataclass(frozen=True, slots=True)
class Line:
    """A step function. ``values[i]`` holds from ``times[i]`` (microseconds) on; None is a gap."""

    quantity: Quantity
    host: int
    times: tuple[int, ...]
    values: tuple[float | None, ...]
    peak: float = 0.0
    """The highest value; 0 if there is none."""
    longest: str = ""
    """The value that takes most room when it is written, with 0 for each of its digits."""

    def at(self, time: int) -> float | None:
        """The value at ``time``."""
        place = bisect_right(self.times, time) - 1
        return self.values[place] if place >= 0 else None

    @property
    def has_values(self) -> bool:
        """Is any of it not a gap?"""
        return any(value is not None for value in self.values)


class Bar(NamedTuple):
    """A segment that left: its numbers from ``low`` to ``high``, at ``at``. ``flight``: its id."""

    at: int
    low: int
    high: int
    host: int
    is_repeated: bool
    flight: int


class Cross(NamedTuple):
    """A segment that died: when, and the middle of its numbers."""

    at: int
    value: float
    host: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything that one plot shows from 0 to ``end``. ``top``: the upper end of its scale, which begins at 0.

    ``octets`` is how many octets one unit of the scale is, where all lines agree on that; else None.
    """

    kind: str
    hosts: tuple[str, ...]
    connection: str
    end: int
    top: float
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    crosses: tuple[Cross, ...] = ()
    octets: int | None = None
    sent: tuple[Line, ...] = ()
    """Up to which number each host has sent, where there are bars."""

    @property
    def is_empty(self) -> bool:
        """Is there nothing to be drawn?"""
        return not self.bars and not any(line.has_values for line in self.lines)

    def is_above(self, line: Line) -> bool:
        """Does this line rise above the picture?"""
        return line.peak > self.top

    def changes(self) -> tuple[int, ...]:
        """Every moment at which something in the plot changes, ascending."""
        times = {time for line in self.lines for time in line.times} | {bar.at for bar in self.bars}
        return tuple(sorted(times | {cross.at for cross in self.crosses} | {0, self.end}))


def shown(kind: str, value: float | None) -> str:
    """A number as the plot ``kind`` writes it."""
    if value is None:
        return NONE
    if kind == TIMER:
        return f"{value:.3f}".rstrip("0").rstrip(".") if value < 100 else f"{value:.0f}"
    if kind == WINDOW:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.0f}"


def least_step(plot: Plot) -> float:
    """The smallest step of the plot's scale whose values ``shown`` can tell apart; of what is counted a whole one."""
    if plot.kind == TIMER and plot.top <= 5:
        return 0.001
    return 0.1 if plot.kind == WINDOW and plot.top <= 5 else 1.0


def _made(kind: str, quantity: Quantity, host: int, points: dict[int, float | None]) -> Line:
    """A line with what the legend asks of it every frame. ``points``: moment -> value, ascending."""
    times: list[int] = []
    values: list[float | None] = []
    for at, value in points.items():
        if not values or values[-1] != value:
            times.append(at)
            values.append(value)
    peak = max((value for value in values if value is not None), default=0.0)
    written = {"".join("0" if sign.isdigit() else sign for sign in shown(kind, value)) for value in values}
    longest = max(written, key=lambda text: (text.count("0"), len(text)), default=NONE)
    return Line(quantity, host, tuple(times), tuple(values), peak, longest)


def connection_at(read: Samples, time: int, end: int, focus: str = "") -> str:
    """The connection that the plots speak of: the one named, else the newest at ``time``, else the first to come."""
    known = read.connections(end)
    if focus and focus in read.begun[:known]:
        return focus
    return read.begun[max(0, read.connections(time) - 1)] if known else ""


def plot(trace: Trace, kind: str, connection: str, end: int, side: str = "") -> Plot:
    """The plot ``kind`` of a connection, from 0 to ``end`` (microseconds). ``side``: one host's numbers only."""
    read = samples(trace, 0)
    return _plot(trace, kind, connection, end, side, read.read)


@lru_cache(maxsize=32)
def _plot(trace: Trace, kind: str, connection: str, end: int, side: str, _read: int) -> Plot:
    """Remembered for as many steps as were read."""
    read = samples(trace, 0)
    hosts = tuple(host.name for host in trace.steps[0].world.hosts)
    sides = [place for place, name in enumerate(hosts) if side in ("", name)]
    lines = tuple(line for place in sides for line in _lines(read, hosts[place], place, kind, connection, end))
    bars: tuple[Bar, ...] = ()
    crosses: tuple[Cross, ...] = ()
    if kind == SEQUENCE:
        bars = tuple(bar for bar in _bars(trace, connection, end) if bar.host in sides)
        crosses = tuple(cross for cross in _crosses(trace, connection, end) if cross.host in sides)
        lines = tuple(line for line in lines if any(value is not None for value in line.values))
    octets = _octets(read, [hosts[place] for place in sides], connection, end) if kind == WINDOW else None
    sent = tuple(_sent(bars, place) for place in sides if any(bar.host == place for bar in bars))
    return Plot(kind, hosts, connection, end, _top(lines, bars), lines, bars, crosses, octets, sent)


def _lines(read: Samples, host: str, place: int, kind: str, connection: str, end: int) -> Iterator[Line]:
    column = _column(read, host, kind, connection)
    if column is None:
        return
    stop = bisect_right(column.times, end)
    made = [_line(kind, quantity, place, column, stop) for quantity in QUANTITIES[kind]]
    if any(line.has_values for line in made):
        yield from made


def _line(kind: str, quantity: Quantity, host: int, column: Column, stop: int) -> Line:
    """The first ``stop`` rows of a column as one line: a point where its value changes, the last of each moment."""
    rows = zip(column.times[:stop], column.rows, strict=False)
    return _made(kind, quantity, host, {at: quantity.value(row) for at, row in rows})


def _sent(bars: tuple[Bar, ...], host: int) -> Line:
    """Up to which number a host has sent, from its bars."""
    points: dict[int, float | None] = {}
    most = 0
    for bar in bars:
        if bar.host == host:
            most = max(most, bar.high)
            points[bar.at] = most
    return _made(SEQUENCE, SENT, host, points)


def _column(read: Samples, host: str, kind: str, connection: str) -> Column | None:
    """The numbers of the connection at this host, or of the listener it came to."""
    own = read.column(host, connection)
    if kind != QUEUES:
        return own
    if own is not None and own.listener:
        return read.column(host, own.listener)
    listeners = [column for (name, other), column in read.columns.items() if name == host and ">" not in other]
    return listeners[0] if listeners and own is None else None


def _octets(read: Samples, hosts: list[str], connection: str, end: int) -> int | None:
    """The MSS, if it is one and the same all along."""
    sizes: set[int] = set()
    for host in hosts:
        column = read.column(host, connection)
        if column is not None:
            stop = bisect_right(column.times, end)
            sizes |= {row.mss for row in column.rows[:stop] if row.mss and row.cwnd is not None}
    return sizes.pop() if len(sizes) == 1 else None


def _top(lines: tuple[Line, ...], bars: tuple[Bar, ...]) -> float:
    """The upper end of the scale: what matters, and the edges if they do not dwarf it."""
    highest = max(
        (*(line.peak for line in lines if line.quantity.weight != EDGE), *(bar.high for bar in bars)), default=0.0
    )
    edges = [line.peak for line in lines if line.quantity.weight == EDGE]
    near = [edge for edge in edges if not highest or edge <= highest * DWARFS]
    return (max([highest, *near]) or 1.0) * HEADROOM


def _bars(trace: Trace, connection: str, end: int) -> Iterator[Bar]:
    """Every segment of the connection that takes up numbers, when it left."""
    index = story(trace).index
    for place in index.sent_between(0, end + 1):
        row = index.row(place, end)
        if row.seq_length and index.connections[row.connection] == connection:
            stop = row.seq + row.seq_length
            yield Bar(row.sent_at, row.seq, stop, row.sender, row.retransmission > 0, row.number)


def _crosses(trace: Trace, connection: str, end: int) -> Iterator[Cross]:
    """Every segment of the connection that died, when it did."""
    hosts = story(trace).hosts
    for lost in _losses(trace, len(trace.steps)):
        if lost.at > end:
            return
        flight = lost.flight
        if flight.connection == connection and flight.segment.seq_length and flight.sender in hosts:
            middle = flight.rel_seq + flight.segment.seq_length / 2
            yield Cross(lost.at, middle, hosts.index(flight.sender))


@lru_cache(maxsize=8)
def _losses(trace: Trace, _steps: int) -> tuple[Lost, ...]:
    return tuple(record for _, record in trace.records() if isinstance(record, Lost))
