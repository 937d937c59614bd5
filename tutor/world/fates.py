"""What became of each segment in the end.

Rules
-----
* A ``Flight`` says what the link promised when the segment left. An act can still lose, hold back or double it on the
  way; then a ``FlightChanged`` says what it is from there on.
* So whoever tells the whole story of a run asks here, with all of its steps before them.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.world.records import Flight, FlightChanged, Record, Sent


class Fates:
    """The promised and the final form of every flight in some records."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._promised: dict[int, Flight] = {}
        self._final: dict[int, Flight] = {}
        for record in records:
            if isinstance(record, Sent):
                self._promised[record.flight.id] = record.flight
            elif isinstance(record, FlightChanged):
                self._final[record.flight.id] = record.flight

    def of(self, flight: Flight) -> Flight:
        """The flight as it was in the end."""
        return self._final.get(flight.id) or self._promised.get(flight.id, flight)

    def was_doomed(self, flight: Flight) -> bool:
        """Was it already known to be lost when it left?"""
        return self._promised.get(flight.id, flight).arrives_at is None

    def last_arrival(self, flight: Flight) -> int:
        """When its last copy arrives, in microseconds; 0 if none does."""
        return max(self.of(flight).copies, default=0)
