"""The trace as JSON lines: one object a line, in order of time.

Rules
-----
* Six kinds: ``send``, ``arrive``, ``state``, ``timer``, ``call``, ``reason``; after them, if asked for, ``property``.
  Every object carries ``t`` (seconds), ``kind``, ``host``, ``connection`` and ``v``, the version of the format.
* ``seq`` and ``ack`` count from the initial sequence numbers; ``seq_abs`` and ``ack_abs`` are as on the wire.
* ``fate`` and ``arrives`` of a ``send`` are what became of the segment in the end, also where an act interfered later.
* Names are the canonical ones: states as RFC 9293 prints them, flags as ``SYN,ACK``.

The schema is ``assets/schema/trace-1.json``. A key may be added within a version; none changes its meaning or goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tutor.tcp.clauses import CLAUSES, Clause
from tutor.tcp.reasons import REASONS
from tutor.tcp.segment import Options, flags_text
from tutor.tcp.variant import ROWS
from tutor.world.because import HOST_CLAUSES, HOST_REASONS
from tutor.world.fates import Fates
from tutor.world.records import (
    Arrived,
    Because,
    Called,
    CallReturned,
    Flight,
    Record,
    Sent,
    StateChanged,
    TimerFired,
    TimerStarted,
    TimerStopped,
)
from tutor.world.time import SECOND, format_duration
from tutor.world.trace import Trace

VERSION = 1
"""Of the format; the number in the schema's file name."""

Json = dict[str, Any]


def trace_lines(trace: Trace) -> Iterator[Json]:
    """Every line of the trace as far as it has been computed, as objects ready for ``json.dumps``."""
    records = [record for step in trace.steps for record in step.records]
    fates = Fates(records)
    for record in records:
        line = _line(record, fates)
        if line is not None:
            yield {
                "t": seconds(record.at),
                "kind": line.pop("kind"),
                "host": record.host,
                "connection": record.connection,
                **line,
                "v": VERSION,
            }


def dumps(line: Json) -> str:
    """One line of text, without its line break."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def seconds(micros: int | None) -> float | None:
    """Microseconds as seconds; JSON prints all six decimals and no more."""
    return None if micros is None else micros / SECOND


def _line(record: Record, fates: Fates) -> Json | None:
    match record:
        case Sent():
            flight = fates.of(record.flight)
            return {
                "kind": "send",
                **_segment(flight),
                "retransmission": flight.retransmission > 0,
                "arrives": seconds(flight.arrives_at),
                "fate": flight.fate,
            }
        case Arrived():
            copy = {"accepted": record.accepted, "copy": record.copy}
            return {"kind": "arrive", **_segment(record.flight), **copy}
        case StateChanged():
            return {"kind": "state", "from": str(record.source), "to": str(record.target), "edge": record.edge}
        case TimerStarted() | TimerStopped() | TimerFired():
            return {
                "kind": "timer",
                "timer": record.timer,
                "event": type(record).__name__.removeprefix("Timer").lower(),
                "deadline": seconds(record.deadline),
            }
        case Called() | CallReturned():
            return _call(record)
        case Because():
            return _reason(record)
    return None


def _segment(flight: Flight) -> Json:
    segment = flight.segment
    has_ack = segment.has_ack
    return {
        "id": flight.id,
        "flags": flags_text(segment.flags),
        "seq": flight.rel_seq,
        "ack": flight.rel_ack if has_ack else None,
        "seq_abs": segment.seq,
        "ack_abs": segment.ack if has_ack else None,
        "len": segment.length,
        "win": segment.window,
        "options": _options(segment.options),
    }


def _options(options: Options) -> Json:
    """The options that are there, under the names of ``Options``."""
    shown: Json = {}
    if options.mss is not None:
        shown["mss"] = options.mss
    if options.window_scale is not None:
        shown["window_scale"] = options.window_scale
    if options.sack_permitted:
        shown["sack_permitted"] = True
    if options.timestamp is not None:
        shown["timestamp"] = list(options.timestamp)
    if options.sack:
        shown["sack"] = [list(block) for block in options.sack]
    return shown


def _call(record: Called | CallReturned) -> Json:
    called_at = record.at if isinstance(record, Called) else record.called_at
    is_done = isinstance(record, CallReturned) or record.completed_at is not None
    return {
        "kind": "call",
        "call": record.call,
        "args": list(record.args),
        "called": seconds(called_at),
        "returned": is_done,
        "result": record.result if isinstance(record.result, int | str) else None,
        "error": record.error,
    }


def _reason(record: Because) -> Json:
    text = (REASONS | HOST_REASONS)[record.reason.id]
    edge = ROWS.get(record.edge or "")
    clause = (CLAUSES | HOST_CLAUSES)[edge.clause if edge else text.clause]
    arguments = {name: value for name, value in record.reason.arguments if name != "edge"}
    return {
        "kind": "reason",
        "reason": record.reason.id,
        "args": arguments,
        "text": text.sentence.format(**{name: _shown(name, value) for name, value in arguments.items()}),
        "clause": _clause(clause),
        "edge": record.edge,
    }


def _shown(name: str, value: int | str) -> int | str:
    return format_duration(value) if name.endswith("_us") and isinstance(value, int) else value


def _clause(clause: Clause) -> str:
    return str(clause) if clause.document.startswith("RFC") else f"{clause.document}: {clause.section}"
