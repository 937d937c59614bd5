"""Overtaking: two segments of one sender change places on the way.

Rules
-----
* The second arrives when it would have arrived; the first comes right behind it, at the same instant. So nothing
  travels faster than the link lets it, and nobody else's place changes.
* The next segment is the one that is due to arrive next, of those of the same sender to the same receiver that are
  in the air. What has not been sent yet overtakes nobody.
* Where one of the two is going to be lost there is nothing to trade; but a hand cannot know, and is not refused.

Theory
------
At one instant the agenda goes by insertion numbers. The two arrivals therefore trade numbers: a third segment that
arrives at the same instant stays behind both, and three in a burst become 2, 1, 3 and not 2, 3, 1 (which would be
enough duplicate ACKs to look like a loss).
"""

from __future__ import annotations

from tutor.tcp.values import replace
from tutor.world.agenda import ARRIVALS
from tutor.world.desk import Desk
from tutor.world.records import Flight, FlightChanged, SegmentArrives

Place = tuple[int, int, int]
"""When a segment arrives, and where it stands among what is due at that instant."""


def swap(desk: Desk, first: Flight) -> str:
    """Let the next segment overtake ``first``; returns why that cannot be done (``because.REFUSALS``), or ""."""
    places = _places(desk)
    ends = first.sender, first.receiver
    others = [other for other in desk.airborne.values() if (other.sender, other.receiver) == ends]
    place = places.get(first.id)
    behind = [(places[other.id], other.id) for other in others if place and places.get(other.id, place) > place]
    if behind:
        exchange(desk, first.id, min(behind)[1])
    elif any(other.id > first.id for other in others):
        desk.record(FlightChanged(desk.now, first.sender, first.connection, first))
    else:
        return "nothing-behind-it"
    return ""


def _places(desk: Desk) -> dict[int, Place]:
    """Flight -> the place of its next arrival, for everything in the air that will arrive."""
    found: dict[int, Place] = {}
    for at, priority, number, what in desk.agenda:
        flight = desk.airborne.get(what.flight) if isinstance(what, SegmentArrives) else None
        if flight is not None and what.copy == flight.landed and flight.copies[what.copy] == at:
            found.setdefault(flight.id, (at, priority, number))
    return found


def exchange(desk: Desk, first: int, second: int) -> None:
    """Flight ``first`` arrives right behind ``second``, unless it is there already or will never be."""
    places = _places(desk)
    if first not in places or second not in places or places[first] > places[second]:
        return
    ahead, other = desk.airborne[first], desk.airborne[second]
    at = places[second][0]
    copies = (*ahead.copies[: ahead.landed], *(max(at, each) for each in ahead.copies[ahead.landed :]))
    dies_at = copies[-1] if ahead.fate == "corrupted" else ahead.dies_at
    late = replace(ahead, copies=copies, arrives_at=copies[0], dies_at=dies_at, why="hand")
    arrivals = {
        places[first]: SegmentArrives(second, other.landed),
        places[second]: SegmentArrives(first, ahead.landed),
    }
    desk.agenda = desk.agenda.changed(
        lambda entry: (at, *entry[1:3], arrivals[entry[:3]]) if entry[:3] in arrivals else entry
    )
    for number in range(ahead.landed + 1, len(copies)):
        if copies[number] != ahead.copies[number]:
            desk.schedule(copies[number], ARRIVALS, SegmentArrives(first, number))
    desk.airborne = desk.airborne.insert(first, late)
    desk.record(FlightChanged(desk.now, ahead.sender, ahead.connection, late))
