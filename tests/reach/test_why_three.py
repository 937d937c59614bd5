"""The table "Why three?", cell by cell: its budget breaks the property, by these moves, and no smaller budget does."""

from __future__ import annotations

import pytest

from tutor.explore.cells import CELLS, Cell
from tutor.explore.ends import B
from tutor.explore.exceptions import exception_for
from tutor.explore.judging import judge
from tutor.explore.parts import Budget, Play, cost
from tutor.explore.past import OPEN
from tutor.explore.replay import SLOT, replay
from tutor.explore.search import Answer, search
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.variant import variant_named
from tutor.world.sysctls import with_setting
from tutor.world.trace import Trace

BROKEN = [cell for cell in CELLS if cell.path]
HOLDING = [cell for cell in CELLS if not cell.path and not cell.is_large]
LARGE = [cell for cell in CELLS if not cell.path and cell.is_large]

OTHER_WAYS = frozenset({("fresh-open", "fixed-isn", 2)})
"""(property, variant, held): a smaller budget breaks it too, by a longer way that is a cell of its own."""


def name_of(cell: Cell) -> str:
    """Property, variant, ACK rule and budget."""
    letters = zip("HLDCU", cell.budget[:5], strict=True)
    budget = "".join(f"{letter}{number}" for letter, number in letters if number) or "0"
    return f"{cell.prop}-{cell.variant or 'tcp'}{cell.ack_rule}-{budget}"


def moves_of(answer: Answer) -> str:
    """The path as a cell writes it."""
    return " ".join(f"{move.kind}{'AB'[move.side]}{move.choice or ''}" for move in answer.path)


def last_move_breaks(answer: Answer, prop: str) -> bool:
    """Played in the World, does ``prop`` break with the last move and not before, by the judges of any run?"""
    run = replay(answer)
    trace = Trace.of(run.scenario)
    broken = judge(trace)[prop].broken
    return broken is not None and run.times[-1] - SLOT < trace.steps[broken].at < run.until


def smaller(budget: Budget) -> list[Budget]:
    """Every budget that has one less of one thing, while the rest is the same."""
    return [
        budget._replace(**{field: number - 1})
        for field, number in zip(budget._fields[:5], budget, strict=False)
        if number
    ]


@pytest.mark.parametrize("cell", BROKEN, ids=name_of)
def test_a_broken_property_is_broken_by_these_moves(cell: Cell) -> None:
    """The shortest way, move for move; the World goes it too, number for number, and is judged there once more."""
    answer = search(cell.play(load_profile("rfc9293")))
    assert moves_of(answer) == cell.path
    assert last_move_breaks(answer, cell.prop)


@pytest.mark.parametrize("cell", [cell for cell in BROKEN if sum(cell.budget[:5]) < 3], ids=name_of)
def test_no_smaller_budget_breaks_it(cell: Cell) -> None:
    """A cell names the least that is needed."""
    if (cell.prop, cell.variant, cell.budget.held) in OTHER_WAYS:
        pytest.skip("a longer way needs less; it is a cell of its own")
    for budget in smaller(cell.budget):
        answer = search(cell._replace(budget=budget).play(load_profile("rfc9293")))
        assert not answer.is_found, (budget, moves_of(answer))
        assert answer.statistics.is_complete


@pytest.mark.parametrize("cell", HOLDING, ids=name_of)
def test_what_holds_within_the_bound_holds(cell: Cell) -> None:
    """No run within the budget breaks it, and all were looked at."""
    answer = search(cell.play(load_profile("rfc9293")))
    assert not answer.is_found, moves_of(answer)
    assert answer.statistics.is_complete


@pytest.mark.ci
@pytest.mark.parametrize("cell", LARGE, ids=name_of)
def test_what_holds_within_a_large_bound_holds(cell: Cell) -> None:
    """The same, where it takes longer."""
    test_what_holds_within_the_bound_holds(cell)


@pytest.mark.parametrize("cell", [cell for cell in BROKEN if not cell.variant], ids=name_of)
def test_linux_is_broken_by_the_same_moves(cell: Cell) -> None:
    """The connection rules of a kernel differ, the reasons do not."""
    assert moves_of(search(cell.play(load_profile("linux-6.18")))) == cell.path


def test_what_died_of_age_arrives_no_more() -> None:
    """A segment was held back until it was older than MSL; were it delivered after all, there would be no ghost."""
    profile, variant = load_profile("rfc9293"), variant_named("no-fin-retransmission")
    answer = search(Play(profile, variant, Budget(held=1), OPEN, PROPERTIES["no-ghost"]))
    assert "hold" in moves_of(answer) and "late" not in moves_of(answer)
    assert last_move_breaks(answer, "no-ghost")


ONE_MSL = 16
"""Moves by which TIME-WAIT of 1 MSL is broken, waiting not counted."""


def one_msl(variant: str) -> Play:
    """From an open connection, against hosts that RFC 1337 protects; the server's number never repeats."""
    profile = with_setting(load_profile("rfc9293"), "profile.rst_kills_time_wait", "no")
    budget = Budget(held=2, coincidences=1, writes=0)
    watched = PROPERTIES["honest-open"]
    return Play(profile, variant_named(variant), budget, OPEN, watched, barred=((B, 1),))


def test_one_msl_is_not_enough() -> None:
    """A segment that was drawn just before the end of 1 MSL lives on, and meets the next incarnation."""
    answer = search(one_msl("time-wait-1msl"))
    assert cost(answer.path) == ONE_MSL
    kinds = [move.kind for move in answer.path]
    assert kinds.index("hold") < kinds.index("connect") < kinds.index("late")
    assert last_move_breaks(answer, "honest-open")


def test_two_msl_withstand_as_many_moves() -> None:
    """The very same play, with TCP's own TIME-WAIT: nothing within as many moves. More than that is not claimed."""
    answer = search(one_msl(""), most=ONE_MSL)
    assert not answer.is_found
    assert answer.statistics.depth == ONE_MSL
    assert not answer.statistics.is_complete


def test_two_msl_do_not_outlast_what_is_repeated() -> None:
    """An old SYN draws a SYN+ACK, which is repeated; the answer to the last one is younger than MSL after 2 MSL."""
    answer = search(one_msl("")._replace(retries=1))
    assert cost(answer.path) == ONE_MSL + 2
    known = exception_for("honest-open", answer)
    assert known is not None and known.id == "caller-number-repeats"


def test_one_msl_and_one_old_segment_are_too_little() -> None:
    """The table of old said H1 and C1: nothing is found by as many moves."""
    play = one_msl("time-wait-1msl")
    assert not search(play._replace(budget=play.budget._replace(held=1)), most=ONE_MSL).is_found
