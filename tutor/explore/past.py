"""The earlier incarnation: one honest connection on the same 4-tuple, of which the network may still hold copies.

Rules
-----
* It is run by the very rules that are searched: A calls, writes once, and B reads; or B calls, where A alone listens.
  Every segment of it may have a copy that is still under way; which ones are, the search decides when it delivers one
  (budget H).
* ``forgotten``: neither host remembers anything of it. ``open``: both are still in it, and the run will close it.
  ``wrapped``: both are still in it, and A has sent 2^32 octets since: its numbers are again what they were.
* No copy is older than MSL when it is delivered; all were sent at the moment from which time is counted.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.ends import FRESH, OLD, A, B, End, Entry, Seat, arrives, connects, facts_for, hears, writes
from tutor.explore.normal import number
from tutor.tcp.values import replace

FORGOTTEN, OPEN, WRAPPED = "forgotten", "open", "wrapped"
"""How a search begins."""


class Past(NamedTuple):
    """The earlier incarnation: both ends when it had opened and when A had written, and what was sent, in order."""

    opened: tuple[End, End]
    ends: tuple[End, End]
    sent: tuple[Entry, ...]

    @property
    def wrapped(self) -> tuple[End, End]:
        """Both ends with the numbers of the beginning again; what A writes now is no more what it wrote then."""
        a, b = self.opened
        assert a.tcb is not None, "the earlier incarnation is open"
        out = replace(a.tcb.out, stream=a.tcb.out.stream.replace("A0", "A00", 1))
        return a._replace(tcb=replace(a.tcb, out=out)), b


def earlier(seats: tuple[Seat, Seat]) -> Past:
    """Run the earlier incarnation until its caller has written once and the other end has read it."""
    caller = caller_of(tuple(seat.listens for seat in seats))
    ends = [End(), End()]
    ends[caller] = End(connects=1, writes=1, serial=-1)
    sent: list[Entry] = []
    outcome = connects(seats[caller], ends[caller], number(caller, 0))
    ends[caller] = outcome.end
    _deliver_all(seats, ends, outcome.sent, sent)
    opened = _old(ends)
    if ends[caller].writes:
        outcome = writes(seats[caller], ends[caller])
        ends[caller] = outcome.end
        _deliver_all(seats, ends, outcome.sent, sent)
    return Past(opened, _old(ends), tuple(dict.fromkeys(sent)))


def caller_of(listeners: tuple[bool, ...]) -> int:
    """Who called in the earlier incarnation, by who listens now."""
    return B if listeners == (True, False) else A


def _old(ends: list[End]) -> tuple[End, End]:
    return ends[A]._replace(ghost=OLD), ends[B]._replace(ghost=OLD)


def _deliver_all(seats: tuple[Seat, Seat], ends: list[End], first: tuple[Entry, ...], sent: list[Entry]) -> None:
    under_way = list(first)
    while under_way:
        entry = under_way.pop(0)
        sent.append(entry)
        to, segment = entry
        facts = facts_for(segment, number(to, 0), ends[1 - to]) | FRESH | OLD
        outcome = arrives(seats[to], ends[to], segment, number(to, 0), facts)
        ends[to] = outcome.end
        ends[1 - to] = hears(ends[1 - to], outcome.news)
        under_way += outcome.sent
