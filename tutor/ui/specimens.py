"""Which segment the header shows: a question of the session. No Qt."""

from __future__ import annotations

from tutor.teach import aiming
from tutor.teach.session import Session
from tutor.ui.lensing import linked_here
from tutor.view.fields import Specimen, newest, specimen


def specimen_of(session: Session) -> Specimen | None:
    """The segment to show: the selected one, or the last that belongs to what is selected; else the newest."""
    number = aiming.selected_flight(session)
    if number is None:
        number = _belonging(session)
    if number is None:
        number = newest(session.trace, session.playhead)
    if number is None:
        return None
    return specimen(session.trace, number, session.playhead, session.visible_end)


def _belonging(session: Session) -> int | None:
    """Of the segments that belong to a selected edge, state or variable the last one at or before the playhead."""
    if not session.selection.startswith(("edge:", "state:", "var:")):
        return None
    flights = (session.trace.flight(number, until=session.playhead) for number in linked_here(session).flights)
    found = [(flight.sent_at, flight.id) for flight in flights if flight is not None]
    return max(found)[1] if found else None
