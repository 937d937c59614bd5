"""Search: every world that can be reached within a budget, level by level.

Rules
-----
* Breadth first, in a fixed order: the first path found to anything is one of the shortest, and always the same.
* A world whose situation was seen with no smaller budget left is not looked at again.
* A path is a list of (time, act). Between acts the world takes its own steps: to the next thing that happens,
  or on and on until an edge is crossed ("sleep").

Theory
------
The engine is pure, so a world can be continued in every direction without undoing anything. The search is
therefore a queue and a set; all knowledge of TCP is in the engine, all knowledge of people in ``moves``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tutor.explore.moves import KINDS, Budget, moves
from tutor.explore.situation import Situation, situation
from tutor.world.acts import Act
from tutor.world.records import StateChanged
from tutor.world.world import Step, World, act, step

SLEEP = 120
"""Steps that a sleep takes at most."""

Timed = tuple[int, Act]


@dataclass(frozen=True, slots=True)
class Node:
    """A world, the acts that led to it, the steps since the node before, and what is left of the budget."""

    world: World
    acts: tuple[Timed, ...]
    steps: tuple[Step, ...]
    left: tuple[int, ...]
    depth: int


@dataclass(slots=True)
class Statistics:
    """How much was searched."""

    worlds: int = 0
    moves: int = 0
    is_complete: bool = False
    """The whole bound was searched: what was not found does not exist within it."""
    seen: set[tuple[Situation, tuple[int, ...]]] = field(default_factory=set, repr=False)


def search(start: World, budget: Budget, wanted: Callable[[Node], bool], statistics: Statistics) -> None:
    """Make every move within ``budget``, nearest first; ``wanted`` sees what each led to and ends the search with True."""
    kinds = tuple(getattr(budget, kind) for kind in KINDS)
    root = Node(start, (), (), kinds, 0)
    statistics.seen.add((situation(start), kinds))
    queue = deque([root])
    while queue:
        node = queue.popleft()
        statistics.worlds += 1
        if node.depth == budget.moves:
            continue
        for following in _followers(node):
            statistics.moves += 1
            if wanted(following):
                return
            key = (situation(following.world), following.left)
            if key not in statistics.seen:
                statistics.seen.add(key)
                queue.append(following)
    statistics.is_complete = True


def _followers(node: Node) -> Iterator[Node]:
    """Let something happen, sleep, or act."""
    following = step(node.world)
    if following is not None:
        yield Node(following.world, node.acts, (following,), node.left, node.depth + 1)
        steps = _sleep(following)
        if len(steps) > 1:
            yield Node(steps[-1].world, node.acts, steps, node.left, node.depth + 1)
    awake = replace(node.world, now=node.world.now + 1)
    if following is not None and following.at <= awake.now:
        return
    for kind, deed in moves(node.world):
        index = KINDS.index(kind)
        if node.left[index]:
            done = act(awake, deed)
            left = (*node.left[:index], node.left[index] - 1, *node.left[index + 1 :])
            yield Node(done.world, (*node.acts, (awake.now, deed)), (done,), left, node.depth + 1)


def _sleep(first: Step) -> tuple[Step, ...]:
    """The steps from ``first`` until an edge is crossed or nothing happens any more."""
    steps = [first]
    while len(steps) < SLEEP and not any(isinstance(record, StateChanged) for record in steps[-1].records):
        following = step(steps[-1].world)
        if following is None:
            break
        steps.append(following)
    return tuple(steps)
