"""The two buffers of an end as strips of sequence numbers: what is where, and the numbers where one part ends.

Rules
-----
* Parts are in the order of their numbers and leave no gap. Their width grows with the logarithm of their length: one
  octet and sixty thousand are to be seen on one strip. The numbers at the edges are exact.
* Sending: acknowledged, in flight (segment by segment, as the retransmission queue has them), to be sent at once, not
  to be sent before the window moves. Receiving: read, ready for the program, holes and what came early, room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from tutor.tcp import seq
from tutor.tcp.states import HAS_RECEIVED_FIN, State
from tutor.tcp.tcb import Sent, Tcb
from tutor.words import mark

MOST_CELLS = 24
"""Segments in flight that are drawn one by one at most; of more than these, equal neighbours are drawn as one."""


class Part(NamedTuple):
    """Numbers ``start`` to ``stop`` (relative, the last not included) and what they are; ``is_open``: all beyond."""

    kind: str
    start: int
    stop: int
    is_open: bool = False

    @property
    def length(self) -> int:
        """How many numbers."""
        return self.stop - self.start


KINDS: dict[str, str] = {
    "acked": mark("acknowledged"),
    "flight": mark("in flight"),
    "sacked": mark("held by the peer (SACK)"),
    "lost": mark("thought lost"),
    "again": mark("sent again"),
    "ready-to-go": mark("fits the window"),
    "free": mark("window"),
    "fin": mark("FIN"),
    "shut": mark("must wait for the window"),
    "beyond": mark("beyond the window"),
    "read": mark("read"),
    "unread": mark("ready to be read"),
    "hole": mark("missing"),
    "held": mark("came early"),
    "room": mark("window"),
}
"""Kind of a part -> its name."""


class Edge(NamedTuple):
    """A number that the strip is marked with, and the variable it is the value of."""

    name: str
    value: int


class Strip(NamedTuple):
    """A buffer at one moment. ``queued`` is what ``ss`` tells of it, ``size`` what it can hold at most (octets)."""

    parts: tuple[Part, ...]
    edges: tuple[Edge, ...]
    base: int
    """The initial number: what relative numbers are counted from."""


# --- sending ---


def sending(tcb: Tcb) -> Strip | None:
    """The send buffer; None while nothing was ever sent."""
    if tcb.state in (State.CLOSED, State.LISTEN):
        return None
    iss = tcb.snd.iss
    una, nxt = seq.distance(iss, tcb.snd.una), seq.distance(iss, tcb.snd.nxt)
    knows_window = tcb.state is not State.SYN_SENT
    edge = una + tcb.snd.wnd if knows_window else nxt
    parts = [Part("acked", 0, una)] if una else []
    parts += _flight(tcb, una, nxt)
    end = nxt
    for octets, kind in ((tcb.out.unsent, ""), (int(tcb.out.is_closed and tcb.out.fin_seq is None), "fin")):
        parts += [part for part in _unsent(end, octets, edge, kind) if part.length]
        end += octets
    if knows_window:
        if edge > end:
            parts.append(Part("free", end, edge))
        parts.append(Part("beyond", max(end, edge), max(end, edge), is_open=True))
    edges = [Edge("SND.UNA", una), Edge("SND.NXT", nxt)]
    if knows_window and not tcb.is_small:
        edges.append(Edge("SND.UNA+SND.WND", edge))
    return Strip(tuple(parts), tuple(edges), iss)


def _flight(tcb: Tcb, una: int, nxt: int) -> list[Part]:
    """What was sent and is not acknowledged: the queue's segments, and what no segment of it covers any more."""
    iss, end, cells = tcb.snd.iss, una, []
    for entry in tcb.out.queue:
        start, stop = max(una, seq.distance(iss, entry.seq)), min(nxt, seq.distance(iss, entry.end))
        if start > end:
            cells.append(Part("flight", end, start))
        if stop > start:
            cells.append(Part(_kind(entry), start, stop))
            end = stop
    if end < nxt:
        cells.append(Part("flight", end, nxt))
    return list(_joined(cells)) if len(cells) > MOST_CELLS else cells


def _joined(cells: list[Part]) -> Iterator[Part]:
    """Equal neighbours as one; what is still too many is one part at the end."""
    runs = [list(run) for _, run in groupby(cells, key=lambda part: part.kind)]
    for run in runs[:MOST_CELLS]:
        yield Part(run[0].kind, run[0].start, run[-1].stop)
    if len(runs) > MOST_CELLS:
        yield Part("flight", runs[MOST_CELLS][0].start, runs[-1][-1].stop)


def _kind(entry: Sent) -> str:
    if entry.is_sacked:
        return "sacked"
    if entry.is_repeated or (entry.transmissions > 1 and not entry.is_lost):
        return "again"
    return "lost" if entry.is_lost else "flight"


def _unsent(start: int, octets: int, edge: int, kind: str) -> tuple[Part, ...]:
    """What is written and not sent: as much as the window takes, and the rest."""
    inside = max(0, min(octets, edge - start))
    return Part(kind or "ready-to-go", start, start + inside), Part(kind or "shut", start + inside, start + octets)


# --- receiving ---


def receiving(tcb: Tcb) -> Strip | None:
    """The receive buffer; None while the peer's numbers are not known."""
    if tcb.state in (State.CLOSED, State.LISTEN, State.SYN_SENT):
        return None
    irs = tcb.rcv.irs
    nxt = seq.distance(irs, tcb.rcv.nxt)
    fin = 1 if tcb.state in HAS_RECEIVED_FIN and nxt > 1 else 0
    text_end = nxt - fin
    unread = min(tcb.inc.unread, max(0, text_end - 1))
    parts = [Part("read", 1, text_end - unread)] if text_end - unread > 1 else []
    if unread:
        parts.append(Part("unread", text_end - unread, text_end))
    if fin:
        parts.append(Part("fin", text_end, nxt))
    end, edge = nxt, nxt + tcb.rcv.wnd
    for held in tcb.inc.held:
        start = seq.distance(irs, held.seq)
        stop = start + held.length + held.fin
        if start > end:
            parts.append(Part("hole", end, start))
        parts.append(Part("held", max(start, end), max(stop, end)))
        end = max(stop, end)
    if not fin and edge > end:
        parts.append(Part("room", end, edge))
    if not fin:
        parts.append(Part("beyond", max(end, edge), max(end, edge), is_open=True))
    edges = [Edge("RCV.NXT", nxt)]
    if not fin:
        edges.append(Edge("RCV.NXT+RCV.WND", edge))
    return Strip(_few(parts), tuple(edges), irs)


def _few(parts: list[Part]) -> tuple[Part, ...]:
    """At most ``MOST_CELLS``: more holes than these are one part from the first to the last."""
    if len(parts) <= MOST_CELLS:
        return tuple(parts)
    early = [part for part in parts if part.kind in ("hole", "held")]
    first = parts.index(early[0])
    kept = parts[: first + MOST_CELLS - 8]
    rest = [part for part in parts[first + MOST_CELLS - 8 :] if part.kind not in ("hole", "held")]
    return (*kept, Part("held", kept[-1].stop, early[-1].stop), *rest)


# --- on the page ---


def places(parts: tuple[Part, ...], wide: float, least: float) -> tuple[tuple[float, float], ...]:
    """Left edge and width of every part on a strip ``wide`` px long; none is narrower than ``least`` if they fit."""
    least = min(least, wide / max(1, len(parts)))
    weights = [0.0 if part.is_open else math.log2(1 + part.length) for part in parts]
    spare = max(0.0, wide - least * len(parts))
    weights = weights if any(weights) else [1.0] * len(parts)
    total = sum(weights)
    found, x = [], 0.0
    for weight in weights:
        width = least + spare * weight / total
        found.append((x, width))
        x += width
    return tuple(found)


def x_of(value: int, parts: tuple[Part, ...], at: tuple[tuple[float, float], ...]) -> float:
    """Where a number lies on the strip."""
    for part, (left, width) in zip(parts, at, strict=True):
        if value <= part.start:
            return left
        if value < part.stop:
            return left + width * (value - part.start) / part.length
    left, width = at[-1] if at else (0.0, 0.0)
    return left if parts and parts[-1].is_open else left + width
