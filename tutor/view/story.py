"""Story: a run read once, so that a frame costs what it shows and not what the run holds.

Rules
-----
* Everything is sorted by time; a picture takes its slice with a bisect.
* A story is made from a whole trace and remembered for it, or from a recorded index, which knows segments only; what
  may be shown of it is the picture's business.
* A host's lifeline shows one connection: the one in focus, or at each moment the one that began last.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.tcp.states import State
from tutor.world.index import LARGE, Index, as_array, index_of
from tutor.world.records import StateChanged, TimerFired, TimerStarted, TimerStopped, Vanished
from tutor.world.trace import Trace

UNSEEN = frozenset({"user", "delayed-ack", "sack-compression", "keepalive"})
"""Timers that are too short, too long or too common to be drawn; a story does not tell them."""


class Cut(NamedTuple):
    """From ``at`` on the host is in ``state``; None: nobody knows its state."""

    at: int
    state: State | None
    connection: str = ""


class Run(NamedTuple):
    """A timer that ran from ``start`` to ``stop``; ``fired``: it ran out. ``host`` is the host's place."""

    start: int
    stop: int
    host: int
    timer: str
    fired: bool
    deadline: int
    connection: str = ""


class Birth(NamedTuple):
    """The connection at this place of the index sent its first segment ``at``."""

    at: int
    connection: int


Cuts = tuple[Cut, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Story:
    """What a ladder draws, in order of time."""

    index: Index
    is_scripted: bool
    """Does a script speak for the last host?"""
    end: int
    listening: tuple[Cuts, ...]
    """By host: the states of its listeners."""
    own: tuple[Mapping[str, Cuts], ...]
    """By host and connection."""
    newest: tuple[Cuts, ...]
    """By host: at each moment the states of the connection that began last."""
    runs: tuple[Run, ...]
    runs_over: tuple[int, ...]
    """By when every timer up to this one has stopped; rising."""
    births: tuple[Birth, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts' names, in their order."""
        return self.index.hosts

    def cuts(self, host: int, focus: str) -> Cuts:
        """The states that a host's lifeline shows: before the connection in focus is there, its listener's."""
        if not focus:
            return self.newest[host]
        return _joined(self.listening[host], self.own[host].get(focus, ()))

    def runs_between(self, first: int, last: int) -> tuple[Run, ...]:
        """Timers that may run between two moments."""
        return self.runs[bisect_left(self.runs_over, first) : bisect_right(self.runs, last, key=lambda run: run.start)]

    def newest_at(self, time: int) -> str:
        """The connection that began last at or before ``time``; the first one before there is any; "" for none."""
        if not self.births:
            return ""
        place = max(0, bisect_right(self.births, time, key=lambda birth: birth.at) - 1)
        return self.index.connections[self.births[place].connection]

    def is_in_focus(self, connection: str, at: int, focus: str) -> bool:
        """Does what happens to ``connection`` at ``at`` belong to what is looked at? What has none always does."""
        return ">" not in connection or connection == (focus or self.newest_at(at))


_TOLD: WeakKeyDictionary[Trace, tuple[int, Story]] = WeakKeyDictionary()
_RECORDED: WeakKeyDictionary[Index, Story] = WeakKeyDictionary()


def story(run: Trace | Index) -> Story:
    """The story of a whole run, made once for as many steps as it has."""
    if isinstance(run, Index):
        if run not in _RECORDED:
            _RECORDED[run] = _recorded(run)
        return _RECORDED[run]
    steps = len(run.steps)
    told = _TOLD.get(run)
    if told is None or told[0] != steps:
        told = (steps, _tell(run))
        _TOLD[run] = told
    return told[1]


def _recorded(index: Index) -> Story:
    """Segments are known, states and timers are not."""
    unknown = tuple((Cut(0, None),) for _ in index.hosts)
    own: tuple[Mapping[str, Cuts], ...] = tuple({} for _ in index.hosts)
    return Story(index, False, index.end, unknown, own, unknown, (), (), _births(index))  # noqa: FBT003


def _births(index: Index) -> tuple[Birth, ...]:
    """When each connection began, in order."""
    connections = index.columns["connection"]
    first: dict[int, int] = {}
    if len(index) < LARGE:
        for place, connection in enumerate(connections):
            first.setdefault(connection, place)
    else:
        import numpy as np

        names, places = np.unique(as_array(connections), return_index=True)
        first = dict(zip(names.tolist(), places.tolist(), strict=True))
    kept = {name: place for name, place in first.items() if ">" in index.connections[name]}
    return tuple(sorted(Birth(index.sent_at[place], name) for name, place in kept.items()))


def _tell(trace: Trace) -> Story:
    index = index_of(trace)
    hosts = trace.steps[0].world.hosts
    names = {host.name: place for place, host in enumerate(hosts)}
    listening: list[list[Cut]] = [[Cut(0, State.CLOSED)] for _ in hosts]
    changes: list[list[Cut]] = [[] for _ in hosts]
    runs: list[Run] = []
    running: dict[tuple[str, str, str], TimerStarted] = {}
    for _, record in trace.records():
        match record:
            case StateChanged():
                lists = changes if ">" in record.connection else listening
                lists[names[record.host]].append(Cut(record.at, record.target, record.connection))
            case Vanished():
                lists = changes if ">" in record.connection else listening
                lists[names[record.host]].append(Cut(record.at, State.CLOSED, record.connection))
            case TimerStarted() if record.timer not in UNSEEN:
                _stop(runs, running, names, record, fired=False)
                running[record.host, record.connection, record.timer] = record
            case TimerFired() | TimerStopped():
                _stop(runs, running, names, record, fired=isinstance(record, TimerFired))
            case _:
                pass
    end = trace.end
    left = [(it, names[it.host]) for it in running.values()]
    runs += (Run(it.at, end, host, it.timer, False, it.deadline, it.connection) for it, host in left)  # noqa: FBT003
    runs.sort()
    return Story(
        index,
        hosts[-1].is_scripted,
        end,
        tuple(tuple(cuts) for cuts in listening),
        tuple(_by_connection(cuts) for cuts in changes),
        tuple(_joined(listening[place], _newest(changes[place])) for place in range(len(hosts))),
        tuple(runs),
        tuple(accumulate((run.stop for run in runs), max)),
        _births(index),
    )


def _stop(
    runs: list[Run],
    running: dict[tuple[str, str, str], TimerStarted],
    names: dict[str, int],
    record: TimerStarted | TimerFired | TimerStopped,
    *,
    fired: bool,
) -> None:
    """A timer ends here, if it was running."""
    was = running.pop((record.host, record.connection, record.timer), None)
    if was is not None:
        runs.append(
            Run(was.at, record.at, names[record.host], record.timer, fired, was.deadline, record.connection)
        )  # fmt: skip


def _by_connection(cuts: list[Cut]) -> Mapping[str, Cuts]:
    found: dict[str, list[Cut]] = {}
    for cut in cuts:
        found.setdefault(cut.connection, []).append(cut)
    return {connection: tuple(cuts) for connection, cuts in found.items()}


def _newest(cuts: list[Cut]) -> list[Cut]:
    """Of the changes of a host those of the connection that began last by then."""
    seen: set[str] = set()
    kept, newest = [], ""
    for cut in cuts:
        if cut.connection not in seen:
            seen.add(cut.connection)
            newest = cut.connection
        if cut.connection == newest:
            kept.append(cut)
    return kept


def _joined(listening: Sequence[Cut], own: Sequence[Cut]) -> Cuts:
    """A host's states: its listener's until it has a connection, then the connection's. Of equal moments the last."""
    first = own[0].at if own else None
    cuts = [cut for cut in listening if first is None or cut.at < first] + list(own)
    return tuple(cut for cut, after in zip(cuts, [*cuts[1:], None], strict=True) if after is None or after.at > cut.at)
