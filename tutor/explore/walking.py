"""Walking: every World that programs can reach within a budget, level by level, and what a probe does to each.

Rules
-----
* Breadth first, in a fixed order: the first path found to anything is one of the shortest, and always the same.
* A world whose situation was seen with at least as many calls left is not looked at again.
* A path is a list of (time, act). Between acts the world takes its own steps: to the next thing that happens,
  or on and on until an edge is crossed ("sleep").

Theory
------
The engine is pure, so a world can be continued in every direction without undoing anything. The search itself is
``breadth``; all knowledge of TCP is in the engine, all knowledge of people in ``moves``. It walks through the whole
World, timers, queues and all; ``model`` searches two ends and the network between them, ten times as fast and exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from tutor.explore.breadth import ENTER, SKIP, STOP, Statistics, breadth_first
from tutor.explore.moves import Probe, calls, probes
from tutor.explore.situation import situation
from tutor.world.acts import Act
from tutor.world.records import StateChanged
from tutor.world.world import Step, World, act, next_at, step

SLEEP = 120
"""Steps that a sleep, or the watch after a probe, takes at most."""

TRIES = 4
"""Worlds in which probes of equal keys are tried: a key is a coarse thing."""

Timed = tuple[int, Act]


@dataclass(frozen=True, slots=True)
class Budget:
    """What bounds a search: moves of a path (calls and steps), and calls among them."""

    moves: int = 10
    calls: int = 4


@dataclass(frozen=True, slots=True)
class Node:
    """A world, the acts that led to it, the steps since the node before, and what is left of the budget."""

    world: World
    acts: tuple[Timed, ...]
    steps: tuple[Step, ...]
    moves: int
    calls: int


def walk(start: World, budget: Budget, found: Callable[[Node], bool]) -> Statistics:
    """Make every move within ``budget``, nearest first; ``found`` sees what each led to; True ends the search."""
    seen: dict[Hashable, int] = {situation(start): budget.calls}
    tried: Counter[Hashable] = Counter()

    def successors(node: Node) -> Iterator[tuple[str, Node]]:
        for probe in probes(node.world) if _is_awake(node.world) else ():
            if tried[probe.key] < TRIES:
                tried[probe.key] += 1
                yield "probe", _probed(node, probe)
        for following in _followers(node) if node.moves else ():
            yield "move", following

    def visit(_node: Node, kind: str, after: Node) -> int:
        if found(after):
            return STOP
        if kind == "probe":
            return SKIP
        key = situation(after.world)
        if after.calls <= seen.get(key, -1):
            return SKIP
        seen[key] = after.calls
        return ENTER

    return breadth_first(Node(start, (), (), budget.moves, budget.calls), successors, visit)


def _followers(node: Node) -> Iterator[Node]:
    """Let something happen, sleep, or make a call."""
    following = step(node.world)
    if following is not None:
        yield Node(following.world, node.acts, (following,), node.moves - 1, node.calls)
        steps = _until(following, stops_at_edge=True)
        if len(steps) > 1:
            yield Node(steps[-1].world, node.acts, steps, node.moves - 1, node.calls)
    if node.calls and _is_awake(node.world):
        for deed in calls(node.world):
            yield _done(node, deed, node.calls - 1)


def _is_awake(world: World) -> bool:
    """Is there a microsecond before anything else is due? Acts need a moment of their own, or a replay would differ."""
    due = next_at(world)
    return due is None or due > world.now + 1


def _done(node: Node, deed: Act, left: int) -> Node:
    """``deed`` done one microsecond later."""
    at = node.world.now + 1
    following = act(node.world, deed, at=at)
    return Node(following.world, (*node.acts, (at, deed)), (following,), node.moves - 1, left)


def _probed(node: Node, probe: Probe) -> Node:
    """The probe's acts done, and what came of them until the world is at rest."""
    steps: tuple[Step, ...] = ()
    for deed in probe.acts:
        node = _done(node, deed, 0)
        steps += node.steps
    following = step(node.world)
    if following is not None:
        steps += _until(following, stops_at_edge=False)
    return Node(steps[-1].world, node.acts, steps, 0, 0)


def _until(first: Step, *, stops_at_edge: bool) -> tuple[Step, ...]:
    """The steps from ``first`` until an edge is crossed (if it should stop there) or nothing happens any more."""
    steps = [first]
    while len(steps) < SLEEP:
        if stops_at_edge and any(isinstance(record, StateChanged) for record in steps[-1].records):
            break
        following = step(steps[-1].world)
        if following is None:
            break
        steps.append(following)
    return tuple(steps)
