"""Standing: where each host is in the diagram at a moment, which edges it has crossed, and which comes next.

Rules
-----
* A host stands where its connection in focus is; before there is one, where its listener is; else in CLOSED.
* A listener stays in LISTEN while its child moves on: then it keeps a hollow badge there.
* A host that a script speaks for has no TCP: it stands nowhere.
* Nothing after ``horizon`` is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from weakref import WeakKeyDictionary

from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, SEQUENCES
from tutor.view.theme import Speech
from tutor.world.host import Host
from tutor.world.records import StateChanged
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
class Standing:
    """One host in the diagram. ``moved_at``: when it crossed its last edge; ``last`` and ``next``: drawn edges.

    ``state`` is None for a host that a script speaks for.
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


def standings(trace: Trace, time: int, horizon: int | None = None, focus: str = "") -> tuple[Standing, ...]:
    """Every host of the run at ``time`` (microseconds), in their order. ``focus``: a connection's name."""
    hosts = trace.steps[0].world.hosts
    changes: dict[str, list[StateChanged]] = {host.name: [] for host in hosts}
    coming: dict[str, StateChanged] = {}
    for record in _changes(trace):
        if record.at <= time:
            changes[record.host].append(record)
        elif horizon is None:
            coming.setdefault(record.host, record)
        else:
            break
    return tuple(_standing(host, changes[host.name], coming.get(host.name), focus) for host in hosts)


_KNOWN: WeakKeyDictionary[Trace, tuple[int, tuple[StateChanged, ...]]] = WeakKeyDictionary()


def _changes(trace: Trace) -> tuple[StateChanged, ...]:
    """Every change of state of the run, in order; looked for once for as many steps as it has."""
    steps = len(trace.steps)
    known = _KNOWN.get(trace)
    if known is None or known[0] != steps:
        known = steps, tuple(record for _, record in trace.records() if isinstance(record, StateChanged))
        _KNOWN[trace] = known
    return known[1]


def _is_listener(record: StateChanged) -> bool:
    return ">" not in record.connection


def _standing(host: Host, changes: list[StateChanged], coming: StateChanged | None, focus: str) -> Standing:
    own = [change for change in changes if not _is_listener(change) and (not focus or change.connection == focus)]
    listening = [change for change in changes if _is_listener(change)]
    latest = (own or listening)[-1:]
    last = latest[0] if latest else None
    listens = bool(own and listening and listening[-1].target is State.LISTEN)
    return Standing(
        host.name,
        None if host.is_scripted else last.target if last else State.CLOSED,
        last.at if last else 0,
        last.source if last else State.CLOSED,
        EDGES[last.edge].drawn_as if last else None,
        tuple(dict.fromkeys(drawn_edges(changes))),
        EDGES[coming.edge].drawn_as if coming else None,
        coming.at if coming else None,
        listens,
    )


def drawn_edges(changes: list[StateChanged]) -> list[str]:
    """The drawn edges of ``changes`` in order; a sequence within one event counts as the edge that shows it, too."""
    drawn = [EDGES[change.edge].drawn_as for change in changes]
    for first, second in pairwise(changes):
        if first.at == second.at and (first.edge, second.edge) in _SEQUENCE_DRAWN:
            drawn.append(str(_SEQUENCE_DRAWN[first.edge, second.edge]))
    return drawn
