"""Which segment a hand means when it does not point at one.

Rules
-----
* The selected one, if it can be seen; else the one sent last of those on their way; else the next to be sent, as far
  as the horizon lets it be known; else none.
"""

from __future__ import annotations

from tutor.teach.session import Session
from tutor.teach.touching import find_flight
from tutor.world.records import Sent

NOBODY = -1
"""No flight has this id: aimed at nothing."""

PREFIX = "flight:"
"""How the mark of a flight is named."""


def selected_flight(session: Session) -> int | None:
    """The id of the flight whose mark is selected and may be shown; None if there is none."""
    kind, _, number = session.selection.partition(":")
    if f"{kind}:" != PREFIX or not number.isdecimal():
        return None
    found = find_flight(session, int(number))
    return None if found is None else found.id


def target(session: Session) -> int:
    """The id of the flight that D, R and U mean; ``NOBODY`` if there is none."""
    selected = selected_flight(session)
    if selected is not None:
        return selected
    flying = session.world.flights
    if flying:
        return max(flying, key=lambda flight: (flight.sent_at, flight.id)).id
    trace = session.trace
    after = trace.index_at(session.playhead) + 1
    for _, record in trace.records(after, trace.index_at(session.visible_end) + 1):
        if isinstance(record, Sent):
            return record.flight.id
    return NOBODY
