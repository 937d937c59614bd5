"""Rows: a run as a list of things worth one line each, in order of time. What the text ladder draws.

Rules
-----
* A row belongs to one step of the trace and shows one thing: a segment that leaves, arrives or dies, a call, a timer
  that expires, an act, a reason, or words of the lesson.
* A change of state stands on the row of what brought it, as far as there is one for that host.
* A segment leaves with what the link promises then; if an act loses it later, that is a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tutor.tcp.reasons import Reason
from tutor.tcp.states import State
from tutor.world.fates import Fates
from tutor.world.records import (
    Acted,
    Arrived,
    Because,
    Called,
    CallReturned,
    Flight,
    IcmpArrived,
    Lost,
    Record,
    Sent,
    StateChanged,
    TimerFired,
    Vanished,
)
from tutor.world.trace import Trace

QUIET_CALLS = frozenset({"accept", "read", "write", "setsockopt", "status"})
"""Calls that change no state: told only when narrating, or when they fail."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line to be. ``at`` in microseconds; ``states`` are those entered on this row, by host."""

    at: int
    host: str = ""
    kind: str = "state"
    """leave, arrive, die, call, return, timer, icmp, act, gone, why, say or state."""
    flight: Flight | None = None
    text: str = ""
    detail: str = ""
    reason: Reason | None = None
    is_last: bool = True
    """Of an arrival: does no further copy follow?"""
    connection: str = ""
    states: Mapping[str, State] = field(default_factory=dict)


def rows_of(
    trace: Trace,
    *,
    narration: Mapping[int, Sequence[str]] | None = None,
    with_reasons: bool = False,
) -> list[Row]:
    """The rows of a whole trace. ``narration``: index of a step -> texts to say there."""
    fates = Fates(record for step in trace.steps for record in step.records)
    scripted = tuple(f"inject {host.name}>" for host in trace.steps[0].world.hosts if host.is_scripted)
    rows: list[Row] = []
    for step in trace.steps:
        made = list(_of_step(step.records, fates, with_reasons))
        made = [row for row in made if row.kind != "act" or row.detail or not row.text.startswith(scripted)]
        made = _with_states(made, step.records)
        rows += _ordered(made)
        rows += [Row(step.at, kind="say", text=text) for text in (narration or {}).get(step.index, ())]
    return rows


def _of_step(records: Sequence[Record], fates: Fates, with_reasons: bool) -> Iterator[Row]:
    for record in records:
        match record:
            case Sent():
                yield Row(record.at, record.host, "leave", record.flight, connection=record.connection)
            case Arrived():
                yield _arrival(record, fates)
            case Lost() if not fates.was_doomed(record.flight):
                yield Row(record.at, record.host, "die", fates.of(record.flight))
            case Called() if with_reasons or record.error or record.call not in QUIET_CALLS:
                yield _call(record)
            case CallReturned() if with_reasons or record.error:
                yield replace(_call(record), kind="return")
            case TimerFired():
                yield Row(record.at, record.host, "timer", text=record.timer, connection=record.connection)
            case IcmpArrived():
                mtu = "" if record.mtu is None else str(record.mtu)
                yield Row(record.at, record.host, "icmp", text=record.kind, detail=mtu, connection=record.connection)
            case Vanished():
                yield Row(record.at, record.host, "gone", connection=record.connection)
            case Acted():
                yield Row(record.at, record.host, "act", text=record.text, detail=record.refused)
            case Because() if with_reasons:
                yield Row(record.at, record.host, "why", reason=record.reason, connection=record.connection)


def _arrival(record: Arrived, fates: Fates) -> Row:
    """A copy that arrives; ``text`` is why it was not taken, if it was not."""
    flight = fates.of(record.flight)
    why_not = "corrupted" if flight.fate == "corrupted" else "refused"
    return Row(
        record.at,
        record.host,
        "arrive",
        flight,
        text="" if record.accepted else why_not,
        is_last=record.at >= fates.last_arrival(flight),
        connection=record.connection,
    )


def _call(record: Called | CallReturned) -> Row:
    arguments = ", ".join(str(argument) for argument in record.args)
    answer = record.error or ("" if record.result in (None, 0, "") else str(record.result))
    return Row(
        record.at,
        record.host,
        "call",
        text=f"{record.call}({arguments})",
        detail=answer,
        connection=record.connection,
    )


def _with_states(rows: list[Row], records: Sequence[Record]) -> list[Row]:
    """The rows with every change of state on them, one a row and host; what finds no row gets its own."""
    for record in records:
        if not isinstance(record, StateChanged):
            continue
        place = next((i for i, row in enumerate(rows) if _may_carry(row, record)), None)
        if place is None:
            rows.append(_state_row(record))
        else:
            rows[place] = replace(
                rows[place], connection=record.connection, states={**rows[place].states, record.host: record.target}
            )
    return rows


def _may_carry(row: Row, record: StateChanged) -> bool:
    return row.host == record.host and record.host not in row.states and row.kind not in ("why", "act", "say", "gone")


def _state_row(record: StateChanged) -> Row:
    return Row(record.at, record.host, "state", connection=record.connection, states={record.host: record.target})


def _ordered(rows: list[Row]) -> list[Row]:
    """What happened first, then the reasons for it."""
    return [row for row in rows if row.kind != "why"] + [row for row in rows if row.kind == "why"]
