"""Onward: a run that is made move by move by somebody, and what a search finds from where it stands.

Rules
-----
* The moves are those of ``model``, on the real engine; nothing here knows what a segment does.
* A ``Deed`` is a move that means the same in every store: it holds the segment itself, not its key. So a list of deeds
  is a run, can be kept and undone, and can be searched on by another thread that shares nothing with this one.
* Numbers keep their names while somebody plays (``keeps_names``); a search moves them together as it always does.

Theory
------
A hint is the first move of a shortest way from here to a broken property. Since the search is breadth first and the
worlds are the same ones, "from here" needs no second method: the search only begins elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tutor.explore.breadth import Statistics
from tutor.explore.ends import End, Entry
from tutor.explore.model import Model
from tutor.explore.parts import Move, Play, Rest, World
from tutor.explore.replay import Run, replay
from tutor.explore.search import Answer, Progress, search_from
from tutor.explore.verdict import PROPERTIES

SEGMENT_MOVES = frozenset({"deliver", "lose", "duplicate", "hold", "old", "late"})
"""Kinds of moves that are about a segment."""


class Deed(NamedTuple):
    """A move. ``what``: the segment (``Entry``), the timer, or the span (microseconds); ``choice`` as in ``Move``."""

    kind: str
    side: int = -1
    what: Entry | str | int | None = None
    choice: int = 0


class Position(NamedTuple):
    """Where a run stands: both ends, what is under way, what is left of the budget, and what can be done."""

    ends: tuple[End, End]
    prompt: tuple[Entry, ...]
    """Sent now, and under way."""
    late: tuple[Entry, ...]
    """Copies, and what was held back: they may come at any time, or never."""
    old: tuple[Entry, ...]
    """The earlier incarnation's, of which the network may have kept a copy."""
    rest: Rest
    deeds: tuple[Deed, ...]
    broken: tuple[str, ...]
    """Watched properties that are broken."""


class Way(NamedTuple):
    """What a search found from a position: the deeds of a shortest way, or none."""

    deeds: tuple[Deed, ...]
    is_found: bool
    worlds: int
    moves: int
    is_complete: bool
    """The whole bound was searched, so that "none" is a statement."""


class NotPossible(ValueError):
    """A deed that cannot be done where it stands in the run."""


def position(play: Play, deeds: Iterable[Deed] = ()) -> Position:
    """Where ``deeds`` lead. Raises ``NotPossible``."""
    model = _named(play)
    world = _walk(model, deeds)[-1][1]
    value = model.store.value
    bits = model.broken(world)
    return Position(
        (value(world[0]), value(world[1])),
        tuple(value(each) for each in value(world[2])),
        tuple(value(each)[0] for each in value(world[3])),
        tuple(model.past.sent),
        value(world[4]),
        tuple(_deed(model, move) for move, _ in model.successors(world)),
        tuple(name for name, bit in PROPERTIES.items() if bits & bit),
    )


def way_on(play: Play, deeds: Iterable[Deed] = (), progress: Progress | None = None) -> Way:
    """A shortest way from where ``deeds`` lead to a broken property. Raises ``NotPossible``."""
    named = _named(play)
    world = _walk(named, deeds)[-1][1]
    model = Model(play, named.store)
    answer = search_from(model, named.moved_together(world), progress)
    found = []
    for wanted, target in zip(answer.path, answer.worlds[1:], strict=True):
        move, world = _same(named, world, wanted, target)
        found.append(_deed(named, move))
    figures = answer.statistics
    return Way(tuple(found), answer.is_found, figures.worlds, figures.moves, figures.is_complete)


def answer_of(play: Play, deeds: Iterable[Deed]) -> Answer:
    """A run that somebody made, as if a search had found it. Raises ``NotPossible``."""
    model = _named(play)
    walked = _walk(model, deeds)
    worlds = tuple(model.moved_together(world) for _, world in walked)
    bits = model.broken(worlds[-1])
    broken = tuple(name for name, bit in PROPERTIES.items() if bits & bit)
    model.keeps_names = False
    path = tuple(move for move, _ in walked if move is not None)
    return Answer(model, Statistics(), path, worlds, broken)


def run_of(play: Play, deeds: Iterable[Deed]) -> tuple[Answer, Run]:
    """The run that somebody made, on the whole World. Raises ``NotPossible`` or ``ReplayError``."""
    answer = answer_of(play, deeds)
    return answer, replay(answer)


# --- walking ---


def _named(play: Play) -> Model:
    model = Model(play)
    model.keeps_names = True
    return model


def _walk(model: Model, deeds: Iterable[Deed]) -> list[tuple[Move | None, World]]:
    """(move, world after it) from the start on; the start has no move."""
    walked: list[tuple[Move | None, World]] = [(None, model.start())]
    for deed in deeds:
        here = walked[-1][1]
        found = next(((move, after) for move, after in model.successors(here) if _deed(model, move) == deed), None)
        if found is None:
            raise NotPossible(deed)
        walked.append(found)
    return walked


def _same(model: Model, world: World, wanted: Move, target: World) -> tuple[Move, World]:
    """The move of a model that keeps names which leads where ``wanted`` has led in one that does not."""
    known = (wanted.kind, wanted.side, wanted.choice)
    return next(
        (move, after)
        for move, after in model.successors(world)
        if (move.kind, move.side, move.choice) == known and model.moved_together(after) == target
    )


def _deed(model: Model, move: Move) -> Deed:
    if move.kind not in SEGMENT_MOVES:
        return Deed(*move)
    value = model.store.value(move.what)
    return Deed(move.kind, move.side, value[0] if move.kind == "late" else value, move.choice)
