"""Timeline: a tree of futures. Any act at any moment forks; the old future stays.

Rules
-----
* A ``Timeline`` is a value; ``fork`` gives a new one in which ``current`` is the new branch.
* A branch shares every step before its fork with its parent: the very same objects.
* ``compare`` finds the first record in which two lines of time differ; hands' acts themselves do not count, nor does
  what will become of a segment that is sent: that differs when it arrives or is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.tcp.values import replace
from tutor.world.acts import Act
from tutor.world.records import (
    Acted,
    Arrived,
    Called,
    CallReturned,
    FlightChanged,
    Lost,
    Record,
    Sent,
    StateChanged,
    TimerFired,
)
from tutor.world.scenario import Scenario
from tutor.world.trace import Trace

TOLD = (Sent, Arrived, Lost, StateChanged, TimerFired, Called, CallReturned)
"""Records that a reader is told of in a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One future. It left ``parent`` after step ``index`` of the shared line, at ``at``, by ``acts``."""

    id: int
    parent: int | None
    index: int
    at: int
    acts: tuple[Act, ...]
    trace: Trace


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference: at which record of each (``index``: the step of a), and what happened instead.

    ``a`` or ``b`` is None where one of the two has come to its end.
    """

    index: int
    a: Record | None
    b: Record | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """All futures of one scenario, by number, in the order in which they were made."""

    branches: tuple[Branch, ...]
    current: int = 0

    @staticmethod
    def of(scenario: Scenario) -> Timeline:
        """The timeline with one branch: the scenario left alone."""
        return Timeline((Branch(0, None, 0, 0, (), Trace.of(scenario)),))

    def has(self, branch: int) -> bool:
        """Is there a branch of this number?"""
        return 0 <= branch < len(self.branches)

    def branch(self, branch: int) -> Branch:
        """The branch of this number; ``IndexError`` if there is none."""
        if not self.has(branch):
            raise IndexError(f"no branch {branch}; there are {len(self.branches)}")
        return self.branches[branch]

    def lineage(self, branch: int) -> tuple[int, ...]:
        """The branch, its parent, and so on to the first."""
        found = [branch]
        while (parent := self.branch(found[-1]).parent) is not None:
            found.append(parent)
        return tuple(found)

    def descendants(self, branch: int) -> frozenset[int]:
        """The branch and all that grew from it."""
        found = {branch}
        for other in self.branches[branch + 1 :]:
            if other.parent in found:
                found.add(other.id)
        return frozenset(found)

    def in_order(self) -> tuple[int, ...]:
        """Every branch, each followed by all that grew from it, the earlier fork first."""
        children: dict[int | None, list[Branch]] = {}
        for branch in self.branches:
            children.setdefault(branch.parent, []).append(branch)
        found: list[int] = []
        waiting = list(children[None])
        while waiting:
            branch = waiting.pop()
            found.append(branch.id)
            waiting += sorted(children.get(branch.id, ()), key=lambda child: (child.at, child.id), reverse=True)
        return tuple(found)

    def fork(self, branch: int, at: int, *acts: Act, index: int | None = None) -> Timeline:
        """The timeline with another branch, in which ``acts`` are done at ``at`` on ``branch``, one after the other.

        After all that happens at that instant, or right after step ``index`` if one is given.
        """
        trace = self.branch(branch).trace
        after = trace.index_at(at) if index is None else index
        trace.step(after)
        new = Branch(len(self.branches), branch, after, at, acts, trace.fork(after, at, *acts))
        return Timeline((*self.branches, new), new.id)

    def on(self, branch: int) -> Timeline:
        """The timeline with another branch current."""
        return Timeline(self.branches, self.branch(branch).id)


def compare(a: Trace, b: Trace, *, is_told: bool = False) -> Difference | None:
    """The first record in which ``a`` and ``b`` differ, or None. Computes no further than needed.

    ``is_told``: of what can be told in a sentence; reasons, clocks that start and counters do not count, nor by which
    edge the same state is entered.
    """
    index = 0
    while True:
        left, right = a.step(index), b.step(index)
        if left is not right or left is None:
            break
        index += 1
    stream_a, stream_b = _records(a, index, is_told=is_told), _records(b, index, is_told=is_told)
    while True:
        found_a, found_b = next(stream_a, None), next(stream_b, None)
        if found_a is None and found_b is None:
            return None
        record_a = found_a[1] if found_a is not None else None
        record_b = found_b[1] if found_b is not None else None
        is_same = record_a == record_b or _is_same_sending(record_a, record_b)
        if not is_same and not (is_told and _is_same_state(record_a, record_b)):
            where = found_a or found_b
            assert where is not None, "one of the two has gone on"
            return Difference(where[0], record_a, record_b)


def _is_same_sending(a: Record | None, b: Record | None) -> bool:
    """Is it the same segment, sent alike, whatever its fate?"""
    if not isinstance(a, Sent) or not isinstance(b, Sent):
        return False
    ours, theirs = a.flight, b.flight
    return (a.at, a.host, a.connection) == (b.at, b.host, b.connection) and theirs == replace(
        ours,
        arrives_at=theirs.arrives_at,
        copies=theirs.copies,
        dies_at=theirs.dies_at,
        fate=theirs.fate,
        why=theirs.why,
    )


def _is_same_state(a: Record | None, b: Record | None) -> bool:
    """Is the same state entered, by whatever edge?"""
    if not isinstance(a, StateChanged) or not isinstance(b, StateChanged):
        return False
    return (a.at, a.host, a.connection, a.target) == (b.at, b.host, b.connection, b.target)


def _records(trace: Trace, start: int, *, is_told: bool) -> Iterator[tuple[int, Record]]:
    """(step, record) from step ``start`` on, without hands' acts. ``is_told``: those that can be told alone."""
    index = start
    while (found := trace.step(index)) is not None:
        for record in found.records:
            if isinstance(record, TOLD) if is_told else not isinstance(record, Acted | FlightChanged):
                yield index, record
        index += 1
