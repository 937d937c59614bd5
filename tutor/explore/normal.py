"""Normal form: two situations that differ only in names and in clock time are one and the same value.

Rules
-----
* A reaction is always asked for at time 0: deadlines in a block are what is left until they strike. What a block
  remembers of the past (when something was sent, round trips, repetitions) is held constant (``held``).
* Initial sequence numbers are drawn from *families*: number k of a side is ``BASE[side] + k * STEP``. Family 0 is the
  earlier incarnation's. A fresh number is of the first family above all that are still in use anywhere (or, where a
  ``Play`` says so, below them: then k is negative), and whenever a family dies the ones beyond it move up to its place.
  So only the order of the numbers is left, and how far they lie within one.
* Everything at or above ``FIRST`` in a block or a segment is a sequence number; everything below is none.

Theory
------
The engine looks at sequence numbers in two ways only: how far apart two of them are, and which one comes first. What is
farther apart than a window is simply "elsewhere", before or after. Moving whole families, in order, therefore changes
no decision: the renaming is a symmetry of the protocol, and searching one of all the equal situations is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from tutor.explore.held import RTO
from tutor.tcp.acking import Acking
from tutor.tcp.congestion import NO_CONGESTION
from tutor.tcp.segment import Payload
from tutor.tcp.tcb import NO_RECOVERY, Rtx, Sent, Tcb, Timers
from tutor.tcp.values import replace

STEP = 1 << 20
"""Numbers from one family to the next: more than any window."""

FIRST = 1 << 29
"""No time and no count is as large as this (microseconds of nine minutes)."""

BASE = (1 << 30, 1 << 31)
"""Number of family 0 of either side."""

LONG = frozenset({"time-wait", "fin-wait-2"})
"""Timers that run for whole lifetimes of segments; all others are short."""

_STEADY = Rtx(rto=RTO)


def normal(tcb: Tcb, *, keeps_count: bool = False) -> Tcb:
    """``tcb`` after a reaction at time 0, without what is held constant.

    ``keeps_count``: repetitions are counted, and it is known since when what is at the head of the queue is tried.
    """
    out, inc, agreed = tcb.out, tcb.inc, tcb.agreed
    is_counted = keeps_count and bool(out.queue)
    rtx = replace(_STEADY, count=tcb.rtx.count, started_at=tcb.rtx.started_at) if is_counted else _STEADY
    return replace(
        tcb,
        rtx=rtx,
        out=replace(out, queue=tuple(_plain(sent) for sent in out.queue)),
        inc=replace(inc, delivered=0, quick_acks=0, unacked_segments=0),
        agreed=replace(agreed, ts_recent=0, ts_recent_at=0, last_ack_sent=0),
        cc=NO_CONGESTION,
        ack=Acking(told=tcb.ack.told, window=tcb.ack.window),
        rec=NO_RECOVERY,
        heard_at=0,
        probes=0,
        soft_error="",
        challenged_at=None,
    )


def _plain(sent: Sent) -> Sent:
    return replace(sent, sent_at=0, transmissions=1, delivered=0)


# --- time ---


def aged(tcb: Tcb, span: int, *, keeps_count: bool = False) -> Tcb:
    """``tcb`` after ``span`` microseconds in which nothing happened to it."""
    left = {name.replace("-", "_"): at - span for name, at in tcb.timers.running()}
    tcb = replace(tcb, timers=Timers(**left)) if left else tcb
    if keeps_count and tcb.out.queue:
        tcb = replace(tcb, rtx=replace(tcb.rtx, started_at=tcb.rtx.started_at - span))
    return tcb


def next_short(tcb: Tcb) -> tuple[int, str] | None:
    """(what is left, timer) of the short timer that strikes next, or None."""
    return min(((at, name) for name, at in tcb.timers.running() if name not in LONG), default=None)


def next_long(tcb: Tcb) -> tuple[int, str] | None:
    """The same of the long timers."""
    return min(((at, name) for name, at in tcb.timers.running() if name in LONG), default=None)


# --- numbers ---


def number(side: int, family: int, offset: int = 0) -> int:
    """A number of ``side`` that lies ``offset`` above the beginning of its family."""
    return BASE[side] + family * STEP + offset


def family_of(value: int) -> tuple[int, int]:
    """(side, family) of a sequence number. What lies a little below a family's beginning still belongs to it."""
    side = value >= (BASE[0] + BASE[1]) // 2
    return side, (value - BASE[side] + STEP // 2) // STEP


def families(value: Any) -> int:
    """The families that occur in ``value``, as bits: side 0 from bit 0, side 1 from bit 16.

    Those of a side are all above family 0 or all below it, so that how far they are from it names them.
    """
    bits = 0
    for each in numbers_in(value):
        side, family = family_of(each)
        bits |= 1 << (16 * side + abs(family))
    return bits


def numbers_in(value: Any) -> Iterator[int]:
    """Every sequence number in a block, a segment, or a tuple of such things."""
    if isinstance(value, int):
        if value >= FIRST:
            yield value
    elif isinstance(value, str):
        yield from _tagged(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from numbers_in(each)
    elif is_dataclass(value):
        for name in _names(type(value)):
            yield from numbers_in(getattr(value, name))


def renumbered(value: Any, change: Callable[[int], int]) -> Any:
    """``value`` with every sequence number as ``change`` makes it."""
    if isinstance(value, int):
        return change(value) if value >= FIRST else value
    if isinstance(value, str):
        return _retagged(value, change)
    if isinstance(value, tuple):
        changed = tuple(renumbered(each, change) for each in value)
        return type(value)(*changed) if hasattr(value, "_fields") else changed
    if is_dataclass(value):
        return _rebuilt(value, change)
    return value


def _rebuilt(value: Any, change: Callable[[int], int]) -> Any:
    changes = {}
    for name in _names(type(value)):
        old = getattr(value, name)
        new = renumbered(old, change)
        if new is not old and new != old:
            changes[name] = new
    return replace(value, **changes) if changes else value


_NAMES: dict[Any, tuple[str, ...]] = {}


def _names(cls: Any) -> tuple[str, ...]:
    """The fields of a record, looked up once."""
    if cls not in _NAMES:
        _NAMES[cls] = tuple(field.name for field in fields(cls))
    return _NAMES[cls]


# --- whose octets ---


def tagged(payload: Payload, iss: int, irs: int | None) -> Payload:
    """``payload`` with the connection's two numbers as its writer knows them now; None: not yet."""
    name = payload.stream.partition("@")[0]
    return Payload(f"{name}@{iss}/{irs or ''}", payload.start, payload.stop)


def writer(stream: str) -> tuple[str, int | None, int | None]:
    """(stream as it was named, ISS of its writer, IRS of its writer) of a tagged stream; None for what is not known."""
    name, _, tag = stream.partition("@")
    iss, _, irs = tag.partition("/")
    return name, int(iss) if iss else None, int(irs) if irs else None


def _tagged(stream: str) -> Iterator[int]:
    _, iss, irs = writer(stream)
    yield from (each for each in (iss, irs) if each is not None)


def _retagged(stream: str, change: Callable[[int], int]) -> str:
    name, iss, irs = writer(stream)
    if iss is None:
        return stream
    return f"{name}@{change(iss)}/{change(irs) if irs is not None else ''}"
