"""Replay: what the search has found, as a run of the whole World that anyone can play.

Rules
-----
* Each move has its instant, ``SLOT`` after the one before it; a timer's move has the timer's. So the moves come in the
  order of the path.
* A plan of these instants is played (``player``) and mended until it comes out as it was planned; where timers of both
  ends would strike at once, one side is made a little slower.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.explore.ends import A, B
from tutor.explore.parts import Move, World as Searched
from tutor.explore.past import WRAPPED
from tutor.explore.player import Player, Replan, ReplayError
from tutor.explore.search import Answer
from tutor.explore.stage import SLOT
from tutor.world.scenario import Scenario
from tutor.world.time import MS

FIRST_MOVE = 1_000 * MS
"""When the first move is made; before it the earlier incarnation lives."""

PATIENCE = 60
"""How often the times of a path are laid out anew before it is given up."""


@dataclass(frozen=True, slots=True)
class Run:
    """A path as a run: the scenario, when each move is made, and how far one need look (microseconds).

    ``seen``: when each move can be seen. It is its time, but for what becomes of a segment that is under way: that is
    decided as soon as it has left.
    """

    scenario: Scenario
    times: tuple[int, ...]
    until: int
    seen: tuple[int, ...]


def replay(answer: Answer) -> Run:
    """The run of what was found. Raises ``ReplayError``."""
    if answer.model.play.beginning == WRAPPED:
        raise ReplayError("2^32 bytes cannot be sent for the sake of a run")
    path = _unnamed(answer)
    faults: list[str] = []
    for slow in (None, B, A):
        plan = _first_plan(path)
        try:
            for _ in range(PATIENCE):
                player = Player(answer, path, plan, slow)
                try:
                    player.play()
                except Replan as change:
                    shift = change.at - plan[change.place]
                    plan = [at + shift * (place >= change.place) for place, at in enumerate(plan)]
                    continue
                return Run(player.scenario(), tuple(plan[:-1]), plan[-1], player.seen())
        except ReplayError as fault:
            faults.append(str(fault))
    raise ReplayError(faults[0] if faults else "the times of the path do not settle")


def _unnamed(answer: Answer) -> tuple[tuple[Move, Searched], ...]:
    """The path with every number kept as it was chosen, instead of moved together: (move, world after it)."""
    model, world = answer.model, answer.worlds[0]
    found: list[tuple[Move, Searched]] = []
    model.keeps_names = True
    for wanted, target in zip(answer.path, answer.worlds[1:], strict=True):
        known = (wanted.kind, wanted.side, wanted.choice)
        move, world = next(
            (move, after)
            for move, after in model.successors(world)
            if (move.kind, move.side, move.choice) == known and model.moved_together(after) == target
        )
        found.append((move, world))
    model.keeps_names = False
    return tuple(found)


def _first_plan(path: tuple[tuple[Move, Searched], ...]) -> list[int]:
    """A time for every move, and for the end; timers will correct theirs."""
    plan = [FIRST_MOVE]
    for move, _ in path:
        plan.append(plan[-1] + SLOT)
        if move.kind == "tick":
            plan[-2:] = [plan[-2] + move.what, plan[-1] + move.what]
    return plan
