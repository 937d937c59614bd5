"""The table "Why three?", cell by cell: its budget breaks the property, by these moves, and no smaller budget does."""

from __future__ import annotations

from itertools import product

import pytest

from tests.sampling import few, few_rows, some
from tests.world.stage import scene
from tutor.explore.cells import CELLS, KEPT, MUTE, Cell
from tutor.explore.ends import B
from tutor.explore.exceptions import exception_for
from tutor.explore.judging import judge
from tutor.explore.parts import ABOVE, ORDERS, Budget, Play, cost
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.replay import replay
from tutor.explore.search import Answer, search, shortest
from tutor.explore.stage import SLOT
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile, profile_names
from tutor.tcp.segment import flags_text
from tutor.tcp.values import replace
from tutor.tcp.variant import TCP, variant_named
from tutor.world.records import Because
from tutor.world.sysctls import with_setting
from tutor.world.trace import Trace

BROKEN = [cell for cell in CELLS if cell.path]
HOLDING = [cell for cell in CELLS if not cell.path and not cell.is_large]
LARGE = [cell for cell in CELLS if not cell.path and cell.is_large]


def name_of(cell: Cell) -> str:
    """Property, variant, ACK rule and budget."""
    letters = zip("HLDCU", cell.budget[:5], strict=True)
    budget = "".join(f"{letter}{number}" for letter, number in letters if number) or "0"
    return f"{cell.prop}-{cell.variant or 'tcp'}{cell.ack_rule}-{budget}{'-open' * (cell.beginning == OPEN)}"


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


BEGINNINGS = (FORGOTTEN, OPEN)
"""Of every search, unless another one is asked for."""


def is_said(cell: Cell, budget: Budget, beginnings: tuple[str, ...] = BEGINNINGS) -> bool:
    """Does another cell say of the same protocol that ``budget``, or less of it, breaks the property?"""
    return any(
        (each.prop, each.variant, each.ack_rule) == (cell.prop, cell.variant, cell.ack_rule)
        and each.beginning in beginnings
        and each.budget[5:] == budget[5:]
        and all(needed <= given for needed, given in zip(each.budget[:5], budget[:5], strict=True))
        for each in BROKEN
        if each != cell
    )


def breaks_tcp(answer: Answer) -> bool:
    """Is TCP broken by the very same moves, so that they say nothing of the variant?"""
    return moves_of(search(answer.model.play._replace(variant=TCP))) == moves_of(answer)


@pytest.mark.parametrize("cell", BROKEN, ids=name_of)
def test_a_broken_property_is_broken_by_these_moves(cell: Cell) -> None:
    """The shortest way, move for move; the World goes it too, number for number, and is judged there once more."""
    answer = search(cell.play(load_profile("rfc9293")))
    assert moves_of(answer) == cell.path
    assert last_move_breaks(answer, cell.prop)


PLAYS = {
    "no-ghost-two-way-H1L1": "old SYN, lose SYN,ACK",
    "own-bytes-two-way-rfc793-H2": "old SYN, old data",
    "fresh-open-unchecked-ack-H2": "old SYN, old ACK",
    "own-bytes-unchecked-ack-H2": "old SYN, old data",
    "own-bytes-fixed-isn-H1": "connect, deliver SYN, old data",
}
"""Cell -> its play, as the table tells it: which segments, too."""


@pytest.mark.parametrize("cell", [cell for cell in BROKEN if name_of(cell) in PLAYS], ids=name_of)
def test_the_plays_of_the_table_are_of_these_segments(cell: Cell) -> None:
    """Two old segments may be any two: an old ACK opens, old data is read."""
    answer = search(cell.play(load_profile("rfc9293")))
    told = []
    for move in answer.path:
        entry = answer.model.store.value(move.what) if move.what is not None else None
        flags = "" if entry is None else "data" if entry.segment.payload else flags_text(entry.segment.flags)
        told.append(f"{move.kind} {flags}".strip())
    assert ", ".join(told) == PLAYS[name_of(cell)]


def test_every_play_of_the_table_is_of_a_cell() -> None:
    """None of them was renamed."""
    assert set(PLAYS) <= set(map(name_of, BROKEN))


@pytest.mark.sampled(20, longer=1)
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize(
    "cell",
    [
        *some([cell for cell in BROKEN if sum(cell.budget[:5]) < 3], 3),
        *few([cell for cell in BROKEN if sum(cell.budget[:5]) >= 3], 5),
    ],
    ids=name_of,
)
def test_no_smaller_budget_breaks_it(cell: Cell, beginning: str) -> None:
    """A cell names the least that is needed, wherever one begins; a longer way that needs less is a cell of its own."""
    for budget in smaller(cell.budget):
        if not is_said(cell, budget):
            answer = search(cell._replace(budget=budget, beginning=beginning).play(load_profile("rfc9293")))
            assert not answer.is_found, (budget, moves_of(answer))
            assert answer.statistics.is_complete


@pytest.mark.sampled(3, longer=1)
@pytest.mark.parametrize("cell", some(BROKEN, 3), ids=name_of)
def test_the_other_beginning_has_no_shorter_way_that_is_not_said(cell: Cell) -> None:
    """Or else TCP is broken by it as well: who has a crash for nothing needs no handshake of two."""
    other = next(each for each in BEGINNINGS if each != cell.beginning)
    answer = search(cell._replace(beginning=other).play(load_profile("rfc9293")), most=len(cell.path.split()) - 1)
    if answer.is_found:
        assert is_said(cell, cell.budget, (other,)) or breaks_tcp(answer), moves_of(answer)


@pytest.mark.sampled(25, longer=1)
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("cell", some(HOLDING, 2), ids=name_of)
def test_what_holds_within_the_bound_holds(cell: Cell, beginning: str) -> None:
    """No run within the budget breaks it, wherever it begins, and all were looked at."""
    answer = search(cell._replace(beginning=beginning).play(load_profile("rfc9293")))
    assert not answer.is_found, moves_of(answer)
    assert answer.statistics.is_complete


@pytest.mark.ci
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("cell", LARGE, ids=name_of)
def test_what_holds_within_a_large_bound_holds(cell: Cell, beginning: str) -> None:
    """The same, where it takes longer."""
    test_what_holds_within_the_bound_holds(cell, beginning)


@pytest.mark.parametrize("cell", some([cell for cell in BROKEN if not cell.variant], 3), ids=name_of)
def test_linux_is_broken_by_the_same_moves(cell: Cell) -> None:
    """The connection rules of a kernel differ, the reasons do not."""
    assert moves_of(search(cell.play(load_profile("linux-6.18")))) == cell.path


@pytest.mark.parametrize("profile", profile_names())
def test_the_ghost_is_a_run_under_whatever_rules(profile: str) -> None:
    """Also where who aborts waits: the host that has to forget the earlier connection is started anew."""
    cell = next(each for each in CELLS if (each.prop, each.variant) == ("no-ghost", "two-way"))
    answer = search(cell.play(load_profile(profile)))
    assert moves_of(answer) == cell.path
    assert last_move_breaks(answer, cell.prop)


# --- fresh numbers below the old ones ---

OTHER_ORDERS = [below for below in ORDERS if below != ABOVE]


def order_of(below: tuple[bool, bool]) -> str:
    """Whose fresh numbers lie below."""
    return "".join(name for name, is_below in zip("AB", below, strict=True) if is_below) + "-below"


def told(value: Cell | tuple[bool, bool] | str) -> str:
    """One parameter of a case."""
    return name_of(value) if isinstance(value, Cell) else value if isinstance(value, str) else order_of(value)


ANY_ORDER = [cell for cell in BROKEN if not cell.must_be_above]


@pytest.mark.sampled(15, longer=1)
@pytest.mark.parametrize(
    ("cell", "below"),
    [
        *product([cell for cell in BROKEN if cell.must_be_above], OTHER_ORDERS[:1]),
        *few_rows([*product([cell for cell in BROKEN if cell.must_be_above], OTHER_ORDERS[1:]),
              *product(ANY_ORDER, OTHER_ORDERS)], 5),
    ],
    ids=told,
)  # fmt: skip
def test_the_order_of_numbers_decides_only_where_it_is_said(cell: Cell, below: tuple[bool, bool]) -> None:
    """The same moves whichever way fresh numbers lie; but old text by RFC 793 acknowledges nothing that lies below."""
    answer = search(cell.play(load_profile("rfc9293"))._replace(below=below))
    if cell.must_be_above and below[B]:
        assert not answer.is_found, moves_of(answer)
        assert answer.statistics.is_complete
    else:
        assert moves_of(answer) == cell.path
        assert last_move_breaks(answer, cell.prop)


@pytest.mark.parametrize(
    ("cell", "below", "beginning"), few_rows(product(HOLDING, OTHER_ORDERS, BEGINNINGS), 5), ids=told
)
def test_what_holds_does_so_in_every_order_of_numbers(cell: Cell, below: tuple[bool, bool], beginning: str) -> None:
    """No run within the budget breaks it, whichever way fresh numbers lie and wherever it begins."""
    answer = search(cell._replace(beginning=beginning).play(load_profile("rfc9293"))._replace(below=below))
    assert not answer.is_found, moves_of(answer)
    assert answer.statistics.is_complete


@pytest.mark.parametrize(
    ("cell", "below", "beginning"), few_rows(product(BROKEN, OTHER_ORDERS, BEGINNINGS), 5), ids=told
)
def test_no_smaller_budget_breaks_it_in_any_order(cell: Cell, below: tuple[bool, bool], beginning: str) -> None:
    """What is not found where fresh numbers lie above the old ones is not found where they lie below."""
    for budget in smaller(cell.budget):
        if not is_said(cell, budget):
            play = cell._replace(budget=budget, beginning=beginning).play(load_profile("rfc9293"))
            answer = search(play._replace(below=below))
            assert not answer.is_found, (budget, moves_of(answer))
            assert answer.statistics.is_complete


def test_the_shortest_way_is_that_of_all_orders() -> None:
    """Where one order breaks nothing and another does, the latter is the answer."""
    play = next(cell for cell in CELLS if cell.must_be_above).play(load_profile("rfc9293"))
    answers = shortest(play._replace(below=below) for below in reversed(ORDERS))
    assert len(answers) == len(ORDERS)
    assert answers[-1].is_found and not answers[-1].model.play.below[B]


# --- what is held constant, or is no matter of a budget ---


NO_WAIT = "no-time-wait"
TWO_CALLS = Budget(connects=2, writes=0)


@pytest.mark.sampled(2, longer=1)
@pytest.mark.parametrize("profile", ["rfc9293", "linux-6.18"])
@pytest.mark.parametrize("prop", ["own-bytes", "exactly-once"])
def test_timestamps_refuse_the_old_text_that_the_search_has_delivered(prop: str, profile: str) -> None:
    """PAWS: with no TIME-WAIT and both numbers placed old text is read; with timestamps the same run reads none."""
    cell = next(each for each in CELLS if (each.prop, each.variant, each.budget.coincidences) == (prop, NO_WAIT, 2))
    run = replay(search(cell.play(load_profile(profile))))

    def told(value: str) -> Trace:
        hosts = tuple(
            replace(host, sysctls=(*host.sysctls, ("profile.timestamps", value))) for host in run.scenario.hosts
        )
        return Trace.of(replace(run.scenario, hosts=hosts))

    without, trace = told("no"), told("yes")
    assert judge(without)[prop].broken is not None
    assert all(verdict.broken is None for verdict in judge(trace).values())
    assert judge(trace)[prop].tried is not None
    reasons = [record.reason.id for step in trace.steps for record in step.records if isinstance(record, Because)]
    assert "timestamp-too-old" in reasons


@pytest.mark.parametrize(
    "cell", [cell for cell in BROKEN if cell.prop in ("orderly-close", "honest-open") and cell.budget == TWO_CALLS],
    ids=name_of,
)  # fmt: skip
def test_two_calls_alone_break_only_where_a_rst_ends_time_wait(cell: Cell) -> None:
    """Fixed numbers and budget 0: within 2 MSL nothing of the first call is left to meet the second."""
    answer = search(cell.play(with_setting(load_profile("rfc9293"), "profile.rst_kills_time_wait", "no")))
    assert not answer.is_found, moves_of(answer)
    assert answer.statistics.is_complete


@pytest.mark.ci
def test_text_is_read_twice_only_where_a_rst_ends_time_wait() -> None:
    """Fixed numbers and a copy: the text is written once and read in two connections; 2 MSL would outlast the copy."""
    cell = next(each for each in CELLS if each.prop == "exactly-once" and each.budget == Budget(0, 0, 1, connects=2))
    answer = search(cell.play(with_setting(load_profile("rfc9293"), "profile.rst_kills_time_wait", "no")))
    assert not answer.is_found, moves_of(answer)
    assert answer.statistics.is_complete


@pytest.mark.sampled(10, longer=1)
@pytest.mark.parametrize("prop", PROPERTIES)
def test_the_rst_from_closed_keeps_no_property_that_its_absence_breaks(prop: str) -> None:
    """By one letter of the budget: what breaks there breaks in TCP too, by the same moves."""
    profile, mute = load_profile("rfc9293"), variant_named("no-rst-from-closed")
    for letter in ("held", "losses", "duplicates", "coincidences", "interferences"):
        play = Play(profile, budget=Budget(writes=0)._replace(**{letter: 1}), watched=PROPERTIES[prop])
        assert moves_of(search(play._replace(variant=mute))) == moves_of(search(play)), letter


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize(
    "budget",
    [pytest.param(each, marks=pytest.mark.ci if each.losses and not each.held else pytest.mark.long) for each in KEPT],
    ids=lambda budget: "".join(f"{letter}{most}" for letter, most in zip("HLDCU", budget, strict=False) if most),
)
def test_a_mute_host_breaks_nothing_that_tcp_keeps(budget: Budget, beginning: str) -> None:
    """What ``--list`` says of it: all seven at once, but for the ghost that a crash leaves in TCP as well."""
    watched = sum(PROPERTIES.values()) - (PROPERTIES["no-ghost"] if budget.interferences else 0)
    answer = search(Play(load_profile("rfc9293"), variant_named(MUTE), budget, beginning, watched))
    assert not answer.is_found, moves_of(answer)
    assert answer.statistics.is_complete


def test_who_speaks_to_a_mute_host_is_not_told_that_it_has_crashed() -> None:
    """What the RST from CLOSED is for: the half-open end learns of it by the first segment that it sends."""
    states = {}
    for variant in ("", "no-rst-from-closed"):
        trace = Trace.of(replace(scene(HALF_OPEN), variant=variant))
        sockets = trace.steps[-1].world.host("client").all_sockets()
        states[variant] = [str(socket.state) for socket in sockets if str(socket.state) != "CLOSED"]
    assert states == {"": [], "no-rst-from-closed": ["ESTABLISHED"]}


HALF_OPEN = """
    host client 10.0.0.1 rfc9293
      at 0s connect server:80
      after 2s write 10
    host server 10.0.0.2 rfc9293
      at 0s listen 80
    link client server delay=10ms
    until 30s
    at 1s reboot server
"""


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


@pytest.mark.ci
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
