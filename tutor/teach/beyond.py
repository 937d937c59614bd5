"""Beyond: by what a run has come to a pair of states to which the atlas that one looks at knows no way.

Rules
-----
* The atlas speaks of one protocol; and what it says of every run, it says of those in which no number coincides with
  that of an old segment, no SYN cookie opens a connection and nobody forges a segment (``explore.contradiction``). A
  run that stands at such a pair does otherwise, and what it did can be read from it.
* A forged segment counts as soon as it has been taken in; a number, when a host begins with it so near to an earlier
  one of its own that old segments may bear it. The last of either is what is named.
* Whoever was given other rules on the way follows other rules, also when it has its own again.
* Nothing after the playhead is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tutor.tcp import seq
from tutor.tcp.states import State
from tutor.tcp.transitions import LISTEN_RCV_COOKIE
from tutor.teach.atlas import Reading, rules_of
from tutor.world.records import Acted, Arrived, Record, Sent, StateChanged
from tutor.world.trace import Trace

PROTOCOL, FORGED, NUMBER, COOKIE, MORE = "protocol", "forged", "number", "cookie", "more"
"""It follows another protocol or other rules; a segment was forged; a number coincides; a SYN cookie opened a
connection; it does more than the bound."""

NEAR = 1 << 16
"""Octets: two initial numbers that lie no farther apart may be taken for each other."""

_UNBORN = frozenset({State.CLOSED, State.LISTEN, State.TIME_WAIT})
_BORN = frozenset({State.SYN_SENT, State.SYN_RECEIVED, State.ESTABLISHED})


class Beyond(NamedTuple):
    """What a run has done that the atlas does not allow: when (microseconds), and which host did or heard it."""

    kind: str
    at: int = 0
    host: str = ""


def beyond(trace: Trace, playhead: int, connection: str, reading: Reading) -> Beyond:
    """What the run has done up to ``playhead``, on the ports of ``connection`` ("": on any)."""
    hosts = trace.world_at(playhead).hosts
    is_other = any(
        (rules_of(host.profile), host.profile.variant.id) != (reading.profile, reading.variant) for host in hosts
    )
    if is_other or any(_changes_rules(record) for record in _records(trace, playhead, "")):
        return Beyond(PROTOCOL)
    found = [each for look in (_forged, _coinciding, _by_cookie) for each in look(trace, playhead, connection)]
    return max(found, key=lambda each: each.at, default=Beyond(MORE))


def _changes_rules(record: Record) -> bool:
    """Was another protocol, or other rules, given to the hosts while the run went on?"""
    if not isinstance(record, Acted):
        return False
    name, _, rest = record.text.partition(" ")
    return name in ("variant", "profile") or (name == "set" and ".profile." in rest)


def _records(trace: Trace, playhead: int, connection: str) -> Iterator[Record]:
    """What has happened up to the playhead between these ports, whichever life of theirs it was."""
    name = connection.partition("#")[0]
    names = {name, ">".join(reversed(name.split(">")))}
    for _, record in trace.records(0, trace.index_at(playhead) + 1):
        if not name or record.connection.partition("#")[0] in names:
            yield record


def _forged(trace: Trace, playhead: int, connection: str) -> Iterator[Beyond]:
    for record in _records(trace, playhead, connection):
        if isinstance(record, Arrived) and record.accepted and record.flight.is_forged:
            yield Beyond(FORGED, record.at, record.host)


def _by_cookie(trace: Trace, playhead: int, connection: str) -> Iterator[Beyond]:
    for record in _records(trace, playhead, connection):
        if isinstance(record, StateChanged) and record.edge == LISTEN_RCV_COOKIE.id:
            yield Beyond(COOKIE, record.at, record.host)


def _coinciding(trace: Trace, playhead: int, connection: str) -> Iterator[Beyond]:
    """Each new beginning with a number that lies near one of an earlier beginning of the same host."""
    known: dict[str, list[int]] = {}
    beginning: set[str] = set()
    for record in _records(trace, playhead, connection):
        if isinstance(record, StateChanged) and record.source in _UNBORN and record.target in _BORN:
            beginning.add(record.host)
        elif isinstance(record, Sent) and record.flight.segment.syn and record.host in beginning:
            beginning.remove(record.host)
            number, before = record.flight.segment.seq, known.setdefault(record.host, [])
            if any(abs(seq.distance(number, each)) < NEAR for each in before):
                yield Beyond(NUMBER, record.at, record.host)
            before.append(number)
