"""The atlas: which states the two ends of one 4-tuple can be in together, and the shortest way to each pair.

Rules
-----
* Eleven by eleven: the client's state, the server's state. LISTEN is a host that listens and has no connection yet;
  CLOSED, one that does neither.
* A pair is reached from two hosts that know nothing, by calls, losses, one abort or crash, and whatever order the
  network likes (``ONCE`` to ``EITHER``). Segments of an earlier connection (``HELD``) lead only where nothing else
  does: the run of every other pair begins with a call. A pair that no path reaches cannot be, within that budget; that
  TCP comes to it in no other run either is for ``contradiction`` to say.
* A copy of a segment (``COPIED``) is tried with the protocols that are not TCP, and it, too, leads only where nothing
  else does. What TCP does not come to is a contradiction, with a copy or without.
* Every stage is searched through, the last as far as its ``most`` moves. Where somebody called it off, ``Searched``
  says so, and then "cannot be" is said of that many moves only.
* A way is kept as the names of its moves (``label``). Walking it is much less work than finding it, and what comes of
  it is a run like any other (``replay``).

Theory
------
TCP is two machines, each of which guesses what the other is doing. Of 121 pairs only some can be, and which ones says
what a state really means: that the other end is *there*, or was, or may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tutor.explore.breadth import ENTER, SKIP, Statistics, breadth_first
from tutor.explore.model import Model
from tutor.explore.parts import Budget, Late, Move, Play, World
from tutor.explore.search import Answer
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.variant import TCP, Variant

Pair = tuple[State, State]
"""(the client's state, the server's)."""

ONCE = Budget(losses=1, interferences=1, writes=0, server_closes=True, gives_up=True)
"""One call, one loss, one abort or crash."""

TWICE = Budget(interferences=1, connects=2, writes=0, server_closes=True)
"""A second call, after an abort or a crash."""

UNHURT = Budget(interferences=1, writes=0, server_closes=True, gives_up=True)
"""One call, one abort or crash, no loss."""

EITHER = TWICE._replace(gives_up=True)
"""Two calls of each end, one abort or crash, and whoever calls may give it up."""

HELD = Budget(held=2, interferences=1, writes=0, server_closes=True, gives_up=True)
"""One call, two segments of an earlier connection, one abort or crash."""

COPIED = TWICE._replace(duplicates=1)
"""Two calls of one end, one copy, one abort or crash."""

FEW = 12
"""Moves of a run in which either end calls twice, or something old arrives: all of such runs are too many."""

MORE = 17
"""Moves of a run in which a segment is copied."""


class Stage(NamedTuple):
    """Who may call, who listens, and what may happen."""

    callers: tuple[bool, bool]
    listeners: tuple[bool, bool]
    budget: Budget = ONCE
    most: int | None = None
    """Moves of a run; None: as many as there are."""


STAGES: tuple[Stage, ...] = (
    Stage((True, False), (False, True)),
    Stage((True, True), (False, False)),
    Stage((False, True), (True, False)),
    Stage((False, False), (True, True)),
    Stage((True, False), (False, True), TWICE),
    Stage((False, True), (True, False), TWICE),
    Stage((True, False), (True, True), UNHURT),
    Stage((False, True), (True, True), UNHURT),
    Stage((True, True), (False, True)),
    Stage((True, True), (True, False)),
    Stage((True, True), (False, False), EITHER, FEW),
    Stage((True, False), (False, True), HELD, FEW),
    Stage((False, True), (True, False), HELD, FEW),
    Stage((True, False), (False, True), COPIED, MORE),
    Stage((False, True), (True, False), COPIED, MORE),
)
"""The client calls a listener, both call each other, the server calls, nobody does; a caller calls again; who calls
listens as well: one of two listeners calls, and both call, of whom one listens; both call twice, and nobody listens;
the client calls, or the server, as in an earlier connection of which segments are still under way; a caller calls
again, and a segment is copied."""


def stages_of(variant: Variant) -> tuple[Stage, ...]:
    """Those of ``STAGES``, in their places, on which this protocol is searched: for TCP the last need no search.

    Where a copy alone would lead, ``contradiction`` proves that TCP does not come.
    """
    return tuple(stage for stage in STAGES if not stage.budget.duplicates or variant != TCP)


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way to a pair: on which of ``STAGES``, and the labels of the moves."""

    stage: int
    moves: tuple[str, ...]


class Searched(NamedTuple):
    """How much of a stage was searched. ``depth``: every run of so many moves; all of the stage, if ``is_complete``."""

    worlds: int
    moves: int
    depth: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Atlas:
    """Every pair that can be, with a shortest way, and how much of each stage was searched to know it."""

    ways: Mapping[Pair, Way]
    searched: tuple[Searched, ...]

    @property
    def worlds(self) -> int:
        """Worlds of all stages together."""
        return sum(each.worlds for each in self.searched)

    @property
    def depth(self) -> int | None:
        """None: the whole bound was searched; else every run of so many moves."""
        return min((each.depth for each in self.searched if not each.is_complete), default=None)


Progress = Callable[[int], bool]
"""Told now and then how many worlds were seen; False calls it off."""


def make_atlas(
    profile: Profile, variant: Variant = TCP, progress: Progress | None = None, stages: int = len(STAGES)
) -> Atlas:
    """Every pair of states that can occur together under these rules, with a shortest way; on the first ``stages``."""
    found: dict[Pair, Way] = {}
    searched: list[Searched] = []
    for stage, (*_, budget, most) in enumerate(stages_of(variant)[:stages]):
        is_last_resort = bool(budget.held or budget.duplicates)
        before = sum(each.worlds for each in searched)

        def goes_on(worlds: int, before: int = before) -> bool:
            return progress is None or progress(before + worlds)

        pairs, how_much = explored(_model(profile, variant, stage), goes_on, most)
        searched.append(how_much)
        for pair, moves in pairs.items():
            known = found.get(pair)
            if known is None or (len(moves) < len(known.moves) and not is_last_resort):
                found[pair] = Way(stage, moves)
    return Atlas(found, tuple(searched))


def _model(profile: Profile, variant: Variant, stage: int) -> Model:
    callers, listeners, budget, _ = STAGES[stage]
    return Model(Play(profile, variant, budget, callers=callers, listeners=listeners))


def pair_of(model: Model, world: World) -> Pair:
    """The states of both ends."""
    a, b = (_state(model, world, side) for side in (0, 1))
    return a, b


def _state(model: Model, world: World, side: int) -> State:
    tcb = model.store.value(world[side]).tcb
    if tcb is not None:
        state: State = tcb.state
        return state
    return State.LISTEN if model.play.listeners[side] else State.CLOSED


def label(model: Model, move: Move) -> str:
    """A move by its kind, its side, and the segment or timer that it is about: ``deliver B SYN 5:6(0) win 16000``."""
    value = model.store.value(move.what) if isinstance(move.what, int) and move.kind != "tick" else move.what
    what = (
        f"{value.entry.segment} left {value.left} us" if isinstance(value, Late) else getattr(value, "segment", value)
    )
    return " ".join(str(part) for part in (move.kind, "AB"[move.side] if move.side >= 0 else "", what or "") if part)


def explored(model: Model, goes_on: Progress, most: int | None = None) -> tuple[dict[Pair, tuple[str, ...]], Searched]:
    """Pair -> the labels of a shortest way, through all runs of ``most`` moves or what was searched of them."""
    start = model.start()
    came_from: dict[World, tuple[World, Move]] = {}
    found: dict[Pair, World] = {pair_of(model, start): start}

    def visit(world: World, move: Move, after: World) -> int:
        if after == start or after in came_from:
            return SKIP
        came_from[after] = world, move
        found.setdefault(pair_of(model, after), after)
        return ENTER

    told = breadth_first(start, model.successors, visit, lambda so_far: goes_on(so_far.worlds), most=most)
    how_much = Searched(told.worlds, told.moves, told.depth, not told.is_cancelled)
    return {pair: _labels(model, world, came_from) for pair, world in found.items()}, how_much


def _labels(model: Model, world: World, came_from: Mapping[World, tuple[World, Move]]) -> tuple[str, ...]:
    labels: list[str] = []
    while world in came_from:
        world, move = came_from[world]
        labels.append(label(model, move))
    return tuple(reversed(labels))


def walk(profile: Profile, way: Way, variant: Variant = TCP) -> Answer:
    """The way as an answer of a search, to be told and played. Raises ``ValueError`` if it cannot be gone."""
    model = _model(profile, variant, way.stage)
    world = model.start()
    path: list[Move] = []
    worlds = [world]
    for wanted in way.moves:
        following = [(move, after) for move, after in model.successors(world) if label(model, move) == wanted]
        if not following:
            raise ValueError(f"nobody can {wanted!r} after {len(path)} moves: the atlas is of another engine")
        move, world = following[0]
        path.append(move)
        worlds.append(world)
    return Answer(model, _walked(len(path)), tuple(path), tuple(worlds))


def _walked(moves: int) -> Statistics:
    return Statistics(worlds=moves + 1, moves=moves, depth=moves)
