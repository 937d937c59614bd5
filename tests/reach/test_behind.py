"""Behind the shortest run that breaks TCP lie others: whoever plays comes upon them, and each is named rightly."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tutor.explore.breadth import Statistics
from tutor.explore.exceptions import exception_for
from tutor.explore.model import Model
from tutor.explore.parts import ABOVE, Budget, Move, Play, World
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.search import Answer
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.profile import Profile
from tutor.world.sysctls import with_setting

LINUX, RFC = load_profile("linux-6.18"), load_profile("rfc9293")
OLD_ACKS: Profile = with_setting(RFC, "profile.old_ack_check", "no")


class Behind(NamedTuple):
    """A run that breaks a property: what is played, its moves (``connectA2``: kind, side, place), and its exception."""

    play: Play
    breaks: str
    moves: str
    known: str


RUNS = {
    "Linux believes a RST one below where a FIN was received; that is no rule older than RFC 5961": Behind(
        Play(LINUX, budget=Budget(held=1, coincidences=1, writes=0, server_closes=True), beginning=OPEN),
        "orderly-close",
        "closeA deliverB closeB deliverA deliverA deliverB deliverB deliverA oldA connectA1 deliverB deliverA closeA "
        "deliverB closeB deliverB",
        "caller-number-repeats",
    ),
    "two calls of now have the same number, which is not the old one": Behind(
        Play(OLD_ACKS, budget=Budget(duplicates=1, coincidences=2, connects=2, writes=0), retries=1, is_overdue=True),
        "honest-open",
        "connectA2 deliverB duplicateA deliverA closeA deliverB closeB deliverA deliverA deliverB deliverB deliverB "
        "deliverA connectA2 lateA deliverA",
        "caller-number-repeats",
    ),
    "the small record of an orphan believes a RST that is not exact": Behind(
        Play(LINUX, budget=Budget(held=1, coincidences=1, writes=0, orphans=True), beginning=FORGOTTEN),
        "no-ghost",
        "oldB connectA deliverB3 deliverA deliverB releaseA deliverB deliverA deliverA",
        "old-reset-in-window",
    ),
}

Here = tuple[World, int]
"""A world, and how many moves have been made."""


@pytest.mark.parametrize("told", RUNS)
def test_a_run_behind_the_shortest_is_named_rightly(told: str) -> None:
    """By what was done on it, not by the first that it resembles."""
    run = RUNS[told]
    names = {known.id if (known := exception_for(run.breaks, answer)) else "" for answer in walked(run)}
    assert names == {run.known}


def walked(run: Behind) -> list[Answer]:
    """What a search would have answered that had found this run, with whatever waits it takes; one for each end."""
    model, moves = Model(run.play._replace(watched=PROPERTIES[run.breaks])), run.moves.split()
    start: Here = (model.start(), 0)
    came_from: dict[Here, tuple[Here, Move] | None] = {start: None}
    ways, found = [start], []
    for here in ways:
        world, made = here
        if made == len(moves):
            if model.broken(world):
                found.append(_answer(model, here, came_from, run.breaks))
            continue
        steps = [(move, (after, made)) for move, after in model.waits(world)]
        steps += [(move, (after, made + 1)) for move, after in model.successors(world) if _name(move) == moves[made]]
        for move, there in steps:
            if there not in came_from:
                came_from[there] = here, move
                ways.append(there)
    assert found, f"{run.moves} breaks nothing"
    return found


def _name(move: Move) -> str:
    return f"{move.kind}{'AB'[move.side]}{move.choice or ''}"


def _answer(model: Model, last: Here, came_from: dict[Here, tuple[Here, Move] | None], breaks: str) -> Answer:
    path: list[Move] = []
    worlds, step = [last[0]], came_from[last]
    while step is not None:
        (world, made), move = step
        path.insert(0, move)
        worlds.insert(0, world)
        step = came_from[world, made]
    return Answer(model, Statistics(), tuple(path), tuple(worlds), (breaks,))


def test_where_nothing_is_broken_no_run_is_made_up() -> None:
    """The helper above says so."""
    run = Behind(Play(RFC, below=ABOVE), "no-ghost", "connectA deliverB", "")
    with pytest.raises(AssertionError, match="breaks nothing"):
        walked(run)
