"""Variables and segments, linked both ways: what a segment changed, and which segment changed a variable last.

Rules
-----
* A segment has changed what differs after the step in which it was sent, at its sender, and after the step in which it
  arrived, at its receiver. A call and the segment that it sent are one event.
* Where one segment answers another in the same step, the numbers of what was sent are the answer's (``OF_SENDING``),
  all else is the doing of the one that came.
* Nothing after the playhead counts, and no connection but the one that is looked at.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from tutor.view.hosts.known import Values, values_of
from tutor.view.hosts.moment import Moment
from tutor.view.linking import flights_of, linked
from tutor.view.panels import socket_in_focus
from tutor.world.records import SegmentArrives, Sent
from tutor.world.trace import Trace
from tutor.world.world import Step

Changed = frozenset[tuple[int, str]]
"""(place of the host, name of the variable)."""


def changed_by(moment: Moment, selection: str) -> Changed:
    """What the selected segment has changed; of a selected edge or state, the segments that belong to it."""
    kind, _, name = selection.partition(":")
    if kind == "flight" and name.isdecimal():
        flights = frozenset({int(name)})
    elif kind in ("edge", "state"):
        flights = linked(moment.trace, selection, moment.time).flights
    else:
        return frozenset()
    last = moment.trace.index_at(moment.time)
    steps = sorted({index for flight in flights for index in _steps_of(moment.trace).get(flight, ()) if index <= last})
    names = _connections(moment.trace, moment.time, moment.focus)
    return frozenset(
        (place, variable)
        for index in steps
        for place, connection in enumerate(names)
        for variable in _changed(moment.trace, index, place, connection)
        if not flights.isdisjoint(_doers(moment.trace.computed[index], variable))
    )


def changer(trace: Trace, variable: str, time: int, focus: str = "") -> int | None:
    """The number of the segment that changed a variable last at or before ``time`` (microseconds); None if none did."""
    last = trace.index_at(time)
    found: list[int] = []
    for place, connection in enumerate(_connections(trace, time, focus)):
        found += _changes(trace, place, connection, last).get(variable, ())
    for index in sorted(found, reverse=True):
        doers = _doers(trace.computed[index], variable) if index <= last else ()
        if doers:
            return doers[-1]
    return None


OF_SENDING = frozenset({"SND.NXT", "ISS", "Last.ACK.sent"})
"""What only a segment that leaves can change."""


def _doers(step: Step, variable: str) -> tuple[int, ...]:
    """Numbers of the segments that changed a variable in this step; () if it was a timer or a call alone."""
    sent = tuple(record.flight.id for record in step.records if isinstance(record, Sent))
    return sent if sent and variable in OF_SENDING else flights_of(step)


def _connections(trace: Trace, time: int, focus: str) -> tuple[str, ...]:
    """By host: the connection that is looked at now; "" for none."""
    sockets = (socket_in_focus(host, focus) for host in trace.world_at(time).hosts)
    return tuple("" if socket is None else socket.id for socket in sockets)


# --- what a step changed ---


def _changed(trace: Trace, index: int, place: int, connection: str) -> frozenset[str]:
    """The variables of a connection that are not what they were before the step."""
    if index == 0:
        return frozenset()
    was, now = trace.computed[index - 1], trace.computed[index]
    before, after = was.world.hosts[place].connection(connection), now.world.hosts[place].connection(connection)
    if after is None or (before is not None and before.tcb is after.tcb):
        return frozenset()
    known = _values(was, place, connection) if before is not None else {}
    found = _values(now, place, connection)
    return frozenset(name for name in known.keys() | found.keys() if known.get(name) != found.get(name))


def _values(step: Step, place: int, connection: str) -> Values:
    host = step.world.hosts[place]
    socket = host.connection(connection)
    return values_of(None if socket is None else socket.tcb, host.profile, step.at)


Changes = dict[str, list[int]]
"""Variable -> the steps that changed it, in order."""

_CHANGES: WeakKeyDictionary[Trace, dict[tuple[int, str], tuple[int, Changes]]] = WeakKeyDictionary()
_STEPS: WeakKeyDictionary[Trace, tuple[int, dict[int, list[int]]]] = WeakKeyDictionary()


def _changes(trace: Trace, place: int, connection: str, last: int) -> Changes:
    """What is known of the steps up to ``last`` at least; each is looked at but once."""
    seen = _CHANGES.setdefault(trace, {})
    known, changes = seen.get((place, connection), (0, {}))
    for index in range(known, last + 1):
        for name in _changed(trace, index, place, connection):
            changes.setdefault(name, []).append(index)
    seen[place, connection] = (max(known, last + 1), changes)
    return changes


def _steps_of(trace: Trace) -> dict[int, list[int]]:
    """Flight -> the steps in which it was sent or arrived, of all that is computed."""
    known, found = _STEPS.get(trace, (0, {}))
    for step in trace.computed[known:]:
        sent = (record.flight.id for record in step.records if isinstance(record, Sent))
        came = (step.cause.flight,) if isinstance(step.cause, SegmentArrives) else ()
        for flight in (*sent, *came):
            found.setdefault(flight, []).append(step.index)
    _STEPS[trace] = (len(trace.computed), found)
    return found
