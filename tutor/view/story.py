"""Story: a trace read once, so that a frame costs what it shows and not what the run holds.

Rules
-----
* Everything is sorted by time; a picture takes its slice with a bisect.
* A story is made from a whole trace and remembered for it; what may be shown of it is the picture's business.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.tcp.segment import FIN, RST, SYN
from tutor.tcp.states import State
from tutor.world.records import Flight, FlightChanged, Lost, Sent, StateChanged, TimerFired, TimerStarted, TimerStopped
from tutor.world.trace import Trace


class Cut(NamedTuple):
    """From ``at`` on the host is in ``state``."""

    at: int
    state: State


class Run(NamedTuple):
    """A timer that ran from ``start`` to ``stop``; ``fired``: it ran out. ``host`` is the host's place."""

    start: int
    stop: int
    host: int
    timer: str
    fired: bool
    deadline: int


class Version(NamedTuple):
    """A flight as it was known from ``at`` on: touching it on its way makes another version."""

    at: int
    flight: Flight


@dataclass(frozen=True, slots=True)
class Story:
    """What a ladder draws, in order of time."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]
    sent_at: tuple[int, ...]
    flights: tuple[tuple[Version, ...], ...]
    """Every segment in order of sending, each with its versions."""
    over_by: tuple[int, ...]
    """By when all of the flights up to this one are over, arrived or lost; rising."""
    is_notable: tuple[bool, ...]
    """Does the flight open, close, reset or repeat? Such are drawn in any crowd."""
    cuts: tuple[tuple[Cut, ...], ...]
    """By host."""
    runs: tuple[Run, ...]

    def known(self, index: int, until: int | None) -> Flight:
        """Flight number ``index`` as it is known at ``until`` (None: in the end)."""
        versions = self.flights[index]
        known = versions[0].flight
        for version in versions[1:]:
            if until is None or version.at <= until:
                known = version.flight
        return known

    def state(self, host: int, time: int) -> int:
        """The place in ``cuts[host]`` of the state at ``time``."""
        return bisect_right([cut.at for cut in self.cuts[host]], time) - 1


_TOLD: WeakKeyDictionary[Trace, tuple[int, Story]] = WeakKeyDictionary()


def story(trace: Trace) -> Story:
    """The story of the whole trace, made once for as many steps as it has."""
    steps = len(trace.steps)
    told = _TOLD.get(trace)
    if told is None or told[0] != steps:
        told = (steps, _tell(trace))
        _TOLD[trace] = told
    return told[1]


def _tell(trace: Trace) -> Story:
    hosts = trace.steps[0].world.hosts
    names = {host.name: place for place, host in enumerate(hosts)}
    scripted = {host.name for host in hosts if host.is_scripted}
    flights: dict[int, list[Version]] = {}
    listening: list[list[Cut]] = [[Cut(0, State.CLOSED)] for _ in hosts]
    own: list[list[Cut]] = [[] for _ in hosts]
    runs: list[Run] = []
    running: dict[tuple[str, str, str], TimerStarted] = {}
    for _, record in trace.records():
        match record:
            case Sent():
                flights[record.flight.id] = [Version(record.at, _honest(record.flight, scripted))]
            case FlightChanged() | Lost():
                flights[record.flight.id].append(Version(record.at, _honest(record.flight, scripted)))
            case StateChanged():
                place = names[record.host]
                lists = listening if ">" not in record.connection else own
                lists[place].append(Cut(record.at, record.target))
            case TimerStarted():
                _stop(runs, running, names, record, fired=False)
                running[record.host, record.connection, record.timer] = record
            case TimerFired() | TimerStopped():
                _stop(runs, running, names, record, fired=isinstance(record, TimerFired))
            case _:
                pass
    end = trace.end
    runs += (Run(it.at, end, names[it.host], it.timer, fired=False, deadline=it.deadline) for it in running.values())
    versions = tuple(tuple(each) for each in flights.values())
    return Story(
        tuple(names),
        tuple(host.address for host in hosts),
        tuple(each[0].at for each in versions),
        versions,
        tuple(accumulate((max(_over(version.flight) for version in each) for each in versions), max)),
        tuple(_is_notable(each[0].flight) for each in versions),
        tuple(_joined(listening[place], own[place]) for place in range(len(hosts))),
        tuple(sorted(runs)),
    )


def _honest(flight: Flight, scripted: set[str]) -> Flight:
    """What a script says for its host is that host's own word."""
    return replace(flight, is_forged=False) if flight.sender in scripted else flight


def _over(flight: Flight) -> int:
    """When the last copy has arrived, or the segment is lost."""
    return max((*flight.copies, flight.dies_at or flight.sent_at))


def _is_notable(flight: Flight) -> bool:
    return bool(flight.retransmission or flight.segment.flags & (SYN | FIN | RST))


def _stop(
    runs: list[Run],
    running: dict[tuple[str, str, str], TimerStarted],
    names: dict[str, int],
    record: TimerStarted | TimerFired | TimerStopped,
    *,
    fired: bool,
) -> None:
    """A timer ends here, if it was running."""
    started = running.pop((record.host, record.connection, record.timer), None)
    if started is not None:
        runs.append(Run(started.at, record.at, names[record.host], record.timer, fired, started.deadline))


def _joined(listening: list[Cut], own: list[Cut]) -> tuple[Cut, ...]:
    """A host's states: its listener's until it has a connection, then the connection's. Of equal moments the last."""
    first = own[0].at if own else None
    cuts = [cut for cut in listening if first is None or cut.at < first] + own
    return tuple(cut for cut, after in zip(cuts, [*cuts[1:], None], strict=True) if after is None or after.at > cut.at)
