"""Search: the shortest run that breaks a property, or the statement that there is none within a bound.

Rules
-----
* Every world that the moves of ``model`` reach from the beginning is looked at once. The first that breaks a watched
  property ends the search, and the way to it is a shortest one: by moves, waiting not counted (``parts.cost``). It
  waits no more than it must (``brisk``).
* "None" is said only of a search that came to its end; one that was called off says how far it got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tutor.explore.breadth import ENTER, SKIP, STOP, Statistics, breadth_first
from tutor.explore.brisk import brisk
from tutor.explore.model import Model
from tutor.explore.parts import Move, Play, World, cost
from tutor.explore.store import Store
from tutor.explore.verdict import PROPERTIES
from tutor.explore.wide import Wide

Progress = Callable[[Statistics], bool]
"""Told now and then how far a search is; False calls it off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search has found. ``path``: the moves of a shortest run that breaks ``broken``; empty if none does."""

    model: Model
    statistics: Statistics
    path: tuple[Move, ...] = ()
    worlds: tuple[World, ...] = ()
    """The world before the first move, and after each."""
    broken: tuple[str, ...] = ()

    @property
    def is_found(self) -> bool:
        """Is there a counterexample?"""
        return bool(self.broken)


def search(play: Play, progress: Progress | None = None, store: Store | None = None, most: int | None = None) -> Answer:
    """Look for the shortest run, of ``most`` moves, that breaks one of the properties that ``play`` watches."""
    model = Model(play, store)
    return search_from(model, model.start(), progress, most)


def shortest(plays: Iterable[Play], progress: Progress | None = None) -> tuple[Answer, ...]:
    """Look for the shortest run of all ``plays``: the answers so far, the last of which is the one that counts.

    Once a run is found, the others are searched for shorter ones only.
    """
    answers: list[Answer] = []
    best: Answer | None = None
    for play in plays:
        answer = search(play, progress, most=None if best is None else cost(best.path) - 1)
        answers.append(answer)
        best = answer if answer.is_found else best
        if answer.statistics.is_cancelled:
            break
    if best is not None:
        answers.remove(best)
        answers.append(best)
    return tuple(answers)


def search_from(model: Model, start: World, progress: Progress | None = None, most: int | None = None) -> Answer:
    """As ``search``, beginning with ``start``, which is a world of ``model``; the way is counted from there."""
    came_from: dict[World, tuple[World, Move] | None] = {start: None}
    last: list[World] = []
    broken = model.broken

    def visit(world: World, move: Move, after: World) -> int:
        if after in came_from:
            return SKIP
        came_from[after] = world, move
        if broken(after):
            last.append(after)
            return STOP
        return ENTER

    wide: list[Wide] = []

    def widen(width: int, statistics: Statistics) -> None:
        wide.append(Wide(model, list(came_from)))
        wide[0].go_on(width, statistics, progress, most)

    statistics = breadth_first(start, model.successors, visit, progress, model.waits, most, widen)
    path: tuple[Move, ...] = ()
    worlds: tuple[World, ...] = tuple(last)
    if wide and wide[0].found is not None:
        path, worlds = wide[0].way_to(wide[0].found)
    if not worlds:
        return Answer(model, statistics)
    first, before = way_to(worlds[0], came_from)
    path, worlds = brisk(model, (*first, *path), (*before, *worlds[1:]))
    bits = broken(worlds[-1])
    return Answer(model, statistics, path, worlds, tuple(name for name, bit in PROPERTIES.items() if bits & bit))


def way_to(
    world: World, came_from: dict[World, tuple[World, Move] | None]
) -> tuple[tuple[Move, ...], tuple[World, ...]]:
    """The moves that led to ``world``, and the worlds on the way."""
    path: list[Move] = []
    worlds = [world]
    step = came_from[world]
    while step is not None:
        world, move = step
        path.append(move)
        worlds.append(world)
        step = came_from[world]
    return tuple(reversed(path)), tuple(reversed(worlds))
