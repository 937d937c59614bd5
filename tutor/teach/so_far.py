"""A run so far: what somebody may see of it who is about to be asked what comes next.

Rules
-----
* Nothing after the moment is in it, and it ends there. What becomes of a segment that is still under way is not in it
  either: until it has happened, a segment that will be lost looks like any other.
"""

from __future__ import annotations

from tutor.tcp.values import replace
from tutor.world.records import Flight, FlightChanged, Record, Sent
from tutor.world.trace import Trace
from tutor.world.world import Step


def so_far(trace: Trace, index: int) -> Trace:
    """The run up to and with step ``index``, as one who does not know what follows has seen it."""
    at = trace.computed[index].at
    seen = Trace(trace.computed[0].world, at)
    seen.show([_step(step, at) for step in trace.computed[: index + 1]])
    return seen


def _step(step: Step, at: int) -> Step:
    records = tuple(_record(record, at) for record in step.records)
    same = all(a is b for a, b in zip(records, step.records, strict=True))
    return step if same else Step(step.index, step.at, step.cause, records, world=step.world)


def _record(record: Record, at: int) -> Record:
    if isinstance(record, Sent | FlightChanged):
        hidden = _hidden(record.flight, at)
        return record if hidden is record.flight else replace(record, flight=hidden)
    return record


def _hidden(flight: Flight, at: int) -> Flight:
    """A flight whose fate lies ahead, as one that is simply under way; another one as it is."""
    if flight.fate == "delivered" or (flight.dies_at is not None and flight.dies_at <= at):
        return flight
    arrived = tuple(copy for copy in flight.copies if copy <= at)
    if arrived:
        return flight
    return replace(flight, fate="delivered", why="", dies_at=None, arrives_at=at + 1, copies=(at + 1,))
