"""Standing: where each host is in the diagram at a moment, which edges it has crossed, and which comes next.

Rules
-----
* One connection is in focus, the same at every host: the one that was asked for, else the newest that lives, else the
  newest. A host stands where it is; before there is one, where its listener is; else in CLOSED.
* A listener stays in LISTEN while its child moves on: then it keeps a hollow badge there.
* Every other connection is counted at its state.
* A name that is used again begins a new life: the trail is that of the last one.
* A host that a script speaks for has no TCP: it stands nowhere.
* Nothing after ``horizon`` is looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from weakref import WeakKeyDictionary

from tutor.joining import Speech
from tutor.tcp.states import State
from tutor.tcp.transitions import SEQUENCES
from tutor.tcp.variant import ROWS
from tutor.world.host import Host
from tutor.world.records import StateChanged, Vanished
from tutor.world.trace import Trace

SCREEN_NAMES = {State.SYN_RECEIVED: "SYN-RCVD"}
"""States that the figure abbreviates, and so does the screen."""


def host_name(name: str, words: Speech) -> str:
    """A host's name as the screen prints it: the two that every lesson has, and the two of a script, are translated."""
    names = {"client": words.t("Client"), "server": words.t("Server"), "host": words.t("Host"), "peer": words.t("Peer")}
    return names.get(name, name)


_SEQUENCE_DRAWN = {
    tuple(edge.id for edge in sequence.edges): sequence.drawn_as for sequence in SEQUENCES if sequence.drawn_as
}


@dataclass(frozen=True, slots=True)
class Others:
    """Connections of a host that are not in focus and stand in one state; ``connection`` is the newest of them."""

    state: State
    count: int
    connection: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One host at one moment.

    ``last`` and ``next`` are drawn edges: the last one crossed and, where it may be known, the one that comes next,
    at ``next_at``. ``trail`` is every drawn edge crossed so far, first first. ``moved_at`` is when ``last`` was
    crossed (microseconds), ``listens`` whether a listener stays behind in LISTEN. ``connection`` is whose state this
    is: the connection's, or the listener's; "" if the host has neither. ``state`` is None for a host that a script
    speaks for.
    """

    host: str
    state: State | None
    moved_at: int
    came_from: State
    last: str | None
    trail: tuple[str, ...]
    next: str | None
    next_at: int | None
    listens: bool
    connection: str = ""
    others: tuple[Others, ...] = ()


Change = StateChanged | Vanished


@dataclass(slots=True)
class _Line:
    """What one connection (or listener) of one host went through, in order."""

    name: str
    times: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_listener(self) -> bool:
        return ">" not in self.name

    def until(self, time: int) -> int:
        """How many changes there are up to ``time``."""
        return bisect_right(self.times, time)

    def state(self, time: int) -> State:
        """The state at ``time``."""
        count = self.until(time)
        if not count:
            return State.CLOSED
        last = self.changes[count - 1]
        return last.target if isinstance(last, StateChanged) else State.CLOSED

    def life(self, time: int) -> list[StateChanged]:
        """The changes of the life that it leads at ``time``, or led last; [] before the first."""
        count = self.until(time)
        past = [change for change in self.changes[:count] if isinstance(change, StateChanged)]
        births = [place for place, change in enumerate(past) if change.source in BIRTHS]
        return past[births[-1] if births else 0 :]

    def next(self, time: int) -> StateChanged | None:
        """The first change after ``time``."""
        return next((change for change in self.changes[self.until(time) :] if isinstance(change, StateChanged)), None)


BIRTHS = frozenset({State.CLOSED, State.LISTEN})
"""A life begins with an edge out of one of these."""

_Lines = dict[str, dict[str, _Line]]


def standings(trace: Trace, time: int, horizon: int | None = None, focus: str = "") -> tuple[Standing, ...]:
    """Every host of the run at ``time`` (microseconds), in their order. ``focus``: a connection's name."""
    lines = _lines(trace)
    key = (len(trace.steps), trace.index_at(time), horizon is None, focus)
    last = _LAST.get(trace)
    if last is None or last[0] != key:
        name = focus or newest(trace, time)
        hosts = trace.steps[0].world.hosts
        last = key, tuple(_standing(host, lines.get(host.name, {}), name, time, horizon is None) for host in hosts)
        _LAST[trace] = last
    return last[1]


_LAST: WeakKeyDictionary[Trace, tuple[tuple[object, ...], tuple[Standing, ...]]] = WeakKeyDictionary()
"""What was asked last of each run: between two steps every frame asks the same."""


def newest(trace: Trace, time: int) -> str:
    """The connection that began last of those that live at ``time``, or of all that have been; "" if none has."""
    best: tuple[bool, int] = (False, -1)
    found = ""
    for own in _lines(trace).values():
        for line in own.values():
            if line.is_listener or not line.until(time):
                continue
            rank = (line.state(time) is not State.CLOSED, line.life(time)[0].at if line.life(time) else 0)
            if rank > best:
                best, found = rank, line.name
    return found


def connections(trace: Trace, time: int) -> tuple[str, ...]:
    """Every connection that any host has had up to ``time``, in the order in which they began."""
    born: dict[str, int] = {}
    for own in _lines(trace).values():
        for line in own.values():
            if not line.is_listener and line.until(time):
                born[line.name] = min(line.times[0], born.get(line.name, line.times[0]))
    return tuple(sorted(born, key=lambda name: (born[name], name)))


_KNOWN: WeakKeyDictionary[Trace, tuple[int, _Lines]] = WeakKeyDictionary()


def _lines(trace: Trace) -> _Lines:
    """Every change of state of the run by host and connection; looked for once for as many steps as it has."""
    steps = len(trace.steps)
    known = _KNOWN.get(trace)
    if known is None or known[0] != steps:
        found: _Lines = {}
        for _, record in trace.records():
            if isinstance(record, StateChanged | Vanished):
                own = found.setdefault(record.host, {})
                line = own.setdefault(record.connection, _Line(record.connection))
                line.times.append(record.at)
                line.changes.append(record)
        known = steps, found
        _KNOWN[trace] = known
    return known[1]


def _standing(host: Host, lines: dict[str, _Line], name: str, time: int, may_look: bool) -> Standing:
    listeners = [line for line in lines.values() if line.is_listener and line.until(time)]
    listener = _listener_of(listeners, name, time)
    own = lines.get(name)
    has_own = own is not None and own.until(time) > 0
    line = own if has_own else listener
    last = line.life(time)[-1] if line is not None and line.life(time) else None
    state = line.state(time) if line is not None else State.CLOSED
    listens = has_own and listener is not None and listener.state(time) is State.LISTEN
    crossed = (listener.life(time) if listener is not None else []) + (own.life(time) if own is not None else [])
    coming = _coming(lines, own, time) if may_look else None
    aside = {name} | ({listener.name} if listener is not None else set())
    return Standing(
        host.name,
        None if host.is_scripted else state,
        last.at if last else 0,
        last.source if last else State.CLOSED,
        ROWS[last.edge].drawn_as if last and last.target is state else None,
        tuple(dict.fromkeys(drawn_edges(crossed))),
        ROWS[coming.edge].drawn_as if coming else None,
        coming.at if coming else None,
        listens,
        line.name if line is not None else "",
        _others(lines, aside, time),
    )


def _listener_of(listeners: list[_Line], name: str, time: int) -> _Line | None:
    """The listener whose port a connection's name ends with; else the one that began last."""
    port = name.rpartition(":")[2]
    fits = [line for line in listeners if line.name.rpartition(":")[2].partition("#")[0] == port]
    alive = [line for line in fits or listeners if line.state(time) is State.LISTEN]
    candidates = alive or fits or listeners
    return candidates[-1] if candidates else None


def _coming(lines: dict[str, _Line], own: _Line | None, time: int) -> StateChanged | None:
    """The next edge: of the connection in focus, or of any where that one has come to its end."""
    coming = own.next(time) if own is not None else None
    if coming is not None:
        return coming
    others = [change for line in lines.values() if (change := line.next(time)) is not None]
    return min(others, key=lambda change: change.at, default=None)


def _others(lines: dict[str, _Line], aside: set[str], time: int) -> tuple[Others, ...]:
    counts: Counter[State] = Counter()
    names: dict[State, str] = {}
    for line in lines.values():
        state = line.state(time)
        if line.name not in aside and state is not State.CLOSED:
            counts[state] += 1
            names[state] = line.name
    return tuple(Others(state, counts[state], names[state]) for state in State if state in counts)


def drawn_edges(changes: list[StateChanged]) -> list[str]:
    """The drawn edges of ``changes`` in order; a sequence within one event counts as the edge that shows it, too."""
    drawn = [ROWS[change.edge].drawn_as for change in changes]
    for first, second in pairwise(changes):
        if first.at == second.at and (first.edge, second.edge) in _SEQUENCE_DRAWN:
            drawn.append(str(_SEQUENCE_DRAWN[first.edge, second.edge]))
    return drawn
