"""The earlier incarnation: one honest connection on the same 4-tuple, of which the network may still hold copies.

Rules
-----
* It is run by the very rules that are searched: A calls, writes once, and B reads. Every segment of it may have a copy
  that is still under way; which ones are, the search decides when it delivers one (budget H).
* ``forgotten``: neither host remembers anything of it. ``open``: both are still in it, and the run will close it.
* No copy is older than MSL when it is delivered; all were sent at the moment from which time is counted.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.ends import FRESH, OCTETS, OLD, A, B, End, Entry, Seat, arrives, connects, facts_for, hears, writes
from tutor.explore.normal import number, tagged
from tutor.tcp.segment import Payload
from tutor.tcp.values import replace

FORGOTTEN, OPEN = "forgotten", "open"


class Past(NamedTuple):
    """Both ends of the earlier incarnation, and what was sent in it, in order."""

    ends: tuple[End, End]
    sent: tuple[Entry, ...]


def earlier(seats: tuple[Seat, Seat], *, text_on_syn: bool = False) -> Past:
    """Run the earlier incarnation until A has written once and B has read it."""
    ends = [End(connects=1, writes=1, serial=-1), End()]
    sent: list[Entry] = []
    outcome = connects(seats[A], ends[A], number(A, 0))
    ends[A] = outcome.end
    _deliver_all(seats, ends, outcome.sent, sent)
    outcome = writes(seats[A], ends[A])
    ends[A] = outcome.end
    _deliver_all(seats, ends, outcome.sent, sent)
    if text_on_syn:
        sent[0] = _with_text(sent[0])
    return Past((ends[A]._replace(ghost=OLD), ends[B]._replace(ghost=OLD)), tuple(dict.fromkeys(sent)))


def _with_text(syn: Entry) -> Entry:
    """The SYN of a caller who puts his text on it at once (RFC 7413)."""
    text = tagged(Payload("A0", 0, OCTETS), syn.segment.seq, None)
    return syn._replace(segment=replace(syn.segment, payload=text))


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
