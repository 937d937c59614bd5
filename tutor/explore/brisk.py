"""Brisk: a way that a search has found, with no wait that it does not need.

Waiting costs nothing, so a search may come upon a way that waits where nobody has to, and whoever watches the run waits
with it. Each wait is left out if the same moves, made when they can be, still break the property.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.explore.model import Model
from tutor.explore.parts import COSTS_NOTHING, Move, World

Way = tuple[tuple[Move, ...], tuple[World, ...]]
"""The moves, and the worlds before the first and after each."""

Step = Move | int
"""A move that is no wait, or how long is waited at least (microseconds)."""

MOST = 100
"""So many waits for one move are not waited for."""


def brisk(model: Model, path: tuple[Move, ...], worlds: tuple[World, ...]) -> Way:
    """``path`` through ``worlds``, whose last breaks what is watched, without the waits that can be left out."""
    steps, broken = list(_steps(path)), model.broken(worlds[-1])
    for wait in [place for place, step in enumerate(steps) if isinstance(step, int)][::-1]:
        fewer = steps[:wait] + steps[wait + 1 :]
        walked = _walk(model, worlds[0], fewer)
        if walked is not None and model.broken(walked[1][-1]) == broken and _waited(walked[0]) < _waited(path):
            steps, (path, worlds) = fewer, walked
    return path, worlds


def _steps(path: tuple[Move, ...]) -> Iterator[Step]:
    """The moves, with waits that follow each other as one."""
    waited = 0
    for move in path:
        if move.kind in COSTS_NOTHING:
            waited += move.what
            continue
        if waited:
            yield waited
        waited = 0
        yield move
    if waited:
        yield waited


def _walk(model: Model, start: World, steps: list[Step]) -> Way | None:
    """``steps`` from ``start``, each act as soon as it can be made; None where one of them cannot."""
    path: list[Move] = []
    worlds = [start]
    for step in steps:
        waited = 0
        for _ in range(MOST):
            if isinstance(step, int) and waited >= step:
                break
            act, wait = _next(model, worlds[-1], step)
            done = act or wait
            if done is None:
                return None
            path.append(done[0])
            worlds.append(done[1])
            if act is not None:
                break
            waited += done[0].what
        else:
            return None
    return tuple(path), tuple(worlds)


def _next(model: Model, world: World, step: Step) -> tuple[tuple[Move, World] | None, tuple[Move, World] | None]:
    """(the act, if ``step`` is one and can be made here; a wait, if time can pass), each with the world after it."""
    act = wait = None
    for move, after in model.successors(world):
        if move.kind in COSTS_NOTHING:
            wait = move, after
        elif act is None and not isinstance(step, int) and _known(model, move) == _known(model, step):
            act = move, after
    return act, wait


def _known(model: Model, move: Move) -> tuple[object, ...]:
    """What makes it the same move at another time."""
    what = model.store.value(move.what).entry if move.kind == "late" else move.what
    return move.kind, move.side, what, move.choice


def _waited(path: tuple[Move, ...]) -> int:
    """How long is waited in all (microseconds)."""
    return sum(move.what for move in path if move.kind in COSTS_NOTHING)
