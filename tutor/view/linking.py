"""Linking: what belongs together across the views. Which segments brought a host into a state, which edges a segment
caused, and so what lights up in one view when something is selected in another.

Rules
-----
* Cause is what set the step off: the segment that arrived. Where a call or a timer did it, what was sent in that step
  stands for it: the close() and its FIN are one event.
* Nothing after ``until`` counts: what is selected while a bet is open lights up nothing that is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.tcp.variant import ROWS
from tutor.world.records import SegmentArrives, Sent, StateChanged
from tutor.world.trace import Trace
from tutor.world.world import Step


class Crossing(NamedTuple):
    """``host`` crossed ``edge`` ``at``; ``flights``: the segment that made it, or what was sent with it."""

    at: int
    host: str
    connection: str
    edge: str
    state: str
    flights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """What a selection lights up elsewhere: numbers of flights, (host, since) of states, drawn edges."""

    flights: frozenset[int] = frozenset()
    stretches: frozenset[tuple[str, int]] = frozenset()
    edges: frozenset[str] = frozenset()


NOTHING = Linked()

_KNOWN: WeakKeyDictionary[Trace, tuple[int, tuple[Crossing, ...]]] = WeakKeyDictionary()


def crossings(trace: Trace) -> tuple[Crossing, ...]:
    """Every change of state of the run with its cause, in order; looked for once for as many steps as it has."""
    steps = len(trace.steps)
    known = _KNOWN.get(trace)
    if known is None or known[0] != steps:
        known = steps, tuple(crossing for step in trace.steps for crossing in _crossings(step))
        _KNOWN[trace] = known
    return known[1]


def flights_of(step: Step) -> tuple[int, ...]:
    """The segment whose arrival set a step off; else what was sent in it."""
    if isinstance(step.cause, SegmentArrives):
        return (step.cause.flight,)
    return tuple(record.flight.id for record in step.records if isinstance(record, Sent))


def _crossings(step: Step) -> list[Crossing]:
    changes = [record for record in step.records if isinstance(record, StateChanged)]
    flights = flights_of(step) if changes else ()
    return [
        Crossing(change.at, change.host, change.connection, change.edge, str(change.target), flights)
        for change in changes
    ]


def _until(trace: Trace, until: int | None) -> list[Crossing]:
    return [crossing for crossing in crossings(trace) if until is None or crossing.at <= until]


def whole_state(selection: str) -> str:
    """Of a stretch of a lifeline (``state:client:LISTEN:0``) the state (``state:LISTEN``)."""
    kind, *parts = selection.split(":")
    return f"state:{parts[1]}" if kind == "state" and len(parts) == 3 else selection


def of_flight(trace: Trace, flight: int, until: int | None = None) -> Linked:
    """A segment itself, and what it lights up."""
    found = linked(trace, f"flight:{flight}", until)
    return replace(found, flights=found.flights | {flight})


def linked(trace: Trace, selection: str, until: int | None = None, *, now: int = 0, focus: str = "") -> Linked:
    """What the selected mark lights up: ``flight:3``, ``edge:…``, ``state:LISTEN``, ``state:client:LISTEN:0``.

    A variable (``var:SND.NXT``) lights up the segment that changed it last at or before ``now``, in the connection
    that is looked at (``focus``).
    """
    kind, _, name = selection.partition(":")
    parts = name.split(":")
    if kind == "var":
        from tutor.view.hosts.changing import changer  # what it is told from is not needed for the first picture

        flight = changer(trace, name, now, focus)
        return NOTHING if flight is None else of_flight(trace, flight, until)
    if kind == "flight" and name.isdecimal():
        chosen = [crossing for crossing in _until(trace, until) if int(name) in crossing.flights]
    elif kind == "edge":
        chosen = [crossing for crossing in _until(trace, until) if ROWS[crossing.edge].drawn_as == name]
    elif kind == "state" and len(parts) == 3:
        host, state, since = parts
        found = _until(trace, until)
        chosen = [each for each in found if (each.host, each.state, str(each.at)) == (host, state, since)]
    elif kind == "state":
        chosen = [crossing for crossing in _until(trace, until) if crossing.state == name]
    else:
        return NOTHING
    return Linked(
        frozenset(flight for crossing in chosen for flight in crossing.flights),
        frozenset((crossing.host, crossing.at) for crossing in chosen),
        frozenset(ROWS[crossing.edge].drawn_as for crossing in chosen),
    )
