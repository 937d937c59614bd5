"""Known exceptions of the real protocol: each is found by the search itself, within its budget, and nothing else is."""

from __future__ import annotations

import re
from itertools import product

import pytest

from tests.reach.test_why_three import last_move_breaks, moves_of
from tests.sampling import few_rows, some
from tutor.explore.bound import played
from tutor.explore.ends import A, B
from tutor.explore.exceptions import EXCEPTIONS, EXCLUSIONS, Known, exception_for, excluded
from tutor.explore.parts import Budget, Play
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.explore.player import ReplayError
from tutor.explore.replay import replay
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.variant import TCP
from tutor.world.sysctls import with_setting

EVERYTHING = sum(PROPERTIES.values())

PROFILES = {"rfc9293": "rfc9293", "linux": "linux-6.18"}

OLDER = {"linux-2.6": ("linux-2.6", ()), "rfc9293-acks-793": ("rfc9293", (("profile.old_ack_check", "no"),))}
"""Rules older than RFC 5961: a profile, and settings of it."""

FOUND = [
    (known, rules, prop)
    for known in EXCEPTIONS
    for rules in sorted(known.rule_sets)
    for prop in sorted(known.properties)
]


def name_of(value: object) -> str:
    """An exception by its id."""
    return value.id if isinstance(value, Known) else str(value)


@pytest.mark.sampled(25, longer=1)
@pytest.mark.parametrize(("known", "rules", "prop"), FOUND, ids=name_of)
def test_an_exception_is_found_by_the_search(known: Known, rules: str, prop: str) -> None:
    """Fewer exceptions than are known would be a failure of the search, not a success of TCP."""
    answer = search(known.play(load_profile(PROFILES[rules]), PROPERTIES[prop]))
    assert answer.is_found, f"{known.id} is not found within {known.budget}"
    assert exception_for(prop, answer) is known, moves_of(answer)
    assert known.clause
    if known.beginning == WRAPPED:
        with pytest.raises(ReplayError, match="2\\^32"):
            replay(answer)
    else:
        assert last_move_breaks(answer, prop)


def test_an_exception_is_known_by_its_path() -> None:
    """What was allowed names nothing: here nobody gives up, nothing is lost, and no old copy meets its connection."""
    profile, honest = load_profile("rfc9293"), PROPERTIES["honest-open"]
    for retries, beginning in ((9, FORGOTTEN), (0, WRAPPED)):
        budget = Budget(held=1, coincidences=1)
        answer = search(Play(profile, budget=budget, beginning=beginning, watched=honest, retries=retries))
        known = exception_for("honest-open", answer)
        assert known is not None and known.id == "caller-number-repeats", moves_of(answer)
    assert exception_for("no-ghost", search(Play(profile))) is None


@pytest.mark.ci
def test_an_old_kernel_is_broken_as_rfc_793_is_and_that_is_known() -> None:
    """Before RFC 5961 any SYN in the window resets; newer rules answer it by a challenge."""
    barred = ((A, 1), (A, 2), (A, 3), (B, 1))
    play = Play(load_profile("linux-2.6"), budget=Budget(held=1, coincidences=1), barred=barred)
    old = search(play._replace(watched=PROPERTIES["orderly-close"]))
    known = exception_for("orderly-close", old)
    assert known is not None and known.id == "old-reset-in-window"
    assert not search(play._replace(profile=load_profile("linux-6.18"), watched=EVERYTHING)).is_found


ONE_SIDE = {
    "server": ((A, 1), (A, 2), (A, 3)),
    "caller": ((B, 1), (B, 2), (B, 3)),
    "server-near": ((A, 1), (A, 2), (A, 3), (B, 1)),
}
"""Whose number the adversary may place, by where it may not; the shortest way of all hides the others."""


@pytest.mark.parametrize(("prop", "side", "rules"), few_rows(product(PROPERTIES, ONE_SIDE, sorted(PROFILES))))
def test_what_breaks_behind_the_shortest_way_is_known_too(prop: str, side: str, rules: str) -> None:
    """One number of one side is placed, an old segment comes, one is lost: from both beginnings."""
    budget = Budget(held=1, losses=1, coincidences=1, writes=0)
    for beginning in (FORGOTTEN, OPEN):
        play = Play(load_profile(PROFILES[rules]), TCP, budget, beginning, PROPERTIES[prop], barred=ONE_SIDE[side])
        answer = search(play, lambda statistics: statistics.worlds < 300_000)
        assert not answer.is_found or exception_for(prop, answer) is not None, moves_of(answer)


@pytest.mark.sampled(4, longer=1)
@pytest.mark.parametrize("prop", ["no-ghost", "orderly-close"])
def test_an_orphan_is_forgotten_by_every_linux_and_by_no_rfc(prop: str) -> None:
    """close() and a peer who closes a minute later: nothing is lost, held back or copied. FIN-WAIT-2 has no timer."""
    budget = Budget(writes=0, orphans=True)
    for rules, beginning in product(("linux-6.18", "linux-4.19", "linux-2.6"), (FORGOTTEN, OPEN)):
        play = Play(load_profile(rules), TCP, budget, beginning, PROPERTIES[prop])
        answer = search(play)
        known = exception_for(prop, answer)
        assert known is not None and known.id == "orphan-forgotten", moves_of(answer)
        assert last_move_breaks(answer, prop)
        assert not search(play._replace(budget=budget._replace(orphans=False))).is_found
    for rules, beginning in product(("rfc9293", "rfc9293-note3"), (FORGOTTEN, OPEN)):
        answer = search(Play(load_profile(rules), TCP, budget._replace(writes=1), beginning, PROPERTIES[prop]))
        assert not answer.is_found and answer.statistics.is_complete


@pytest.mark.parametrize("rules", sorted(PROFILES))
def test_text_for_an_orphan_is_reset_by_right(rules: str) -> None:
    """RFC 9293 3.6.1: who called close() reads no more, and the RST says so; lamps and search judge it alike."""
    budget = Budget(writes=0, server_writes=1, orphans=True)
    answer = search(Play(load_profile(PROFILES[rules]), TCP, budget, OPEN, PROPERTIES["orderly-close"]))
    known = exception_for("orderly-close", answer) if answer.is_found else None
    assert (known.id if known else "") == {"linux": "orphan-forgotten", "rfc9293": ""}[rules], moves_of(answer)
    assert "the server never writes" in played(Play(load_profile(PROFILES[rules]))), "nobody can ask for it"


@pytest.mark.ci
@pytest.mark.parametrize("rules", sorted(PROFILES))
@pytest.mark.parametrize("letter", range(5))
def test_what_orphans_break_besides_is_known_too(letter: int, rules: str) -> None:
    """Every letter of the budget once, and a second call."""
    spent = [int(place == letter) for place in range(5)]
    for connects, beginning in product((1, 2), (FORGOTTEN, OPEN)):
        assert not unnamed(rules, Budget(*spent, connects=connects, orphans=True), beginning, 0, 8_000)


def test_every_exclusion_is_said_in_a_sentence() -> None:
    """The screen prints them with "holds"; what a search lets in is none."""
    names = ["coincidences", "interferences", "retries", "wrapped", "overdue", "no_room", "assassination", "orphans"]
    assert [what for what, _ in EXCLUSIONS] == names
    profile = load_profile("rfc9293")
    assert len(excluded(Play(profile))) == len(names) - 1, "a RST may end TIME-WAIT, and the search has it do so"
    kept = with_setting(profile, "profile.rst_kills_time_wait", "no")
    assert len(excluded(Play(kept))) == len(names)
    for known in EXCEPTIONS:
        assert len(excluded(known.play(kept, 0))) < len(names), known.id
        assert known.excluded_by and not set(known.excluded_by) & set(excluded(known.play(profile, 0))), known.id


def unnamed(rules: str, budget: Budget, beginning: str, retries: int, most: int) -> list[str]:
    """What breaks a property of the real protocol, within so many worlds, and is not known."""
    found = []
    name, settings = OLDER.get(rules) or (PROFILES[rules], ())
    profile = load_profile(name)
    for setting in settings:
        profile = with_setting(profile, *setting)
    for prop, bit in PROPERTIES.items():
        play = Play(profile, TCP, budget, beginning, bit, retries)
        answer = search(play, lambda statistics: statistics.worlds < most)
        if answer.is_found and exception_for(prop, answer) is None:
            found.append(f"{prop}: {moves_of(answer)}")
    return found


@pytest.mark.parametrize("rules", some(sorted(PROFILES), 2))
@pytest.mark.parametrize(
    ("budget", "beginning", "retries"),
    [
        (Budget(coincidences=1), OPEN, 0),
        pytest.param(Budget(losses=1, coincidences=1), OPEN, 0, marks=pytest.mark.ci),
        pytest.param(Budget(held=1, coincidences=1), WRAPPED, 0, marks=pytest.mark.ci),
        pytest.param(Budget(losses=2), OPEN, 1, marks=pytest.mark.ci),
    ],
)
def test_whatever_breaks_the_real_protocol_is_known(budget: Budget, beginning: str, retries: int, rules: str) -> None:
    """What is found within a budget that can be asked for has a name, a clause and a run; else it is a fault."""
    assert not unnamed(rules, budget, beginning, retries, 10_000)


LETTERS = [Budget(*each) for each in product(range(2), range(3), range(2), range(3), range(2)) if sum(each) <= 2]


@pytest.mark.parametrize("rules", sorted(PROFILES))
@pytest.mark.parametrize(
    "budget",
    [pytest.param(each, marks=pytest.mark.long if sum(each[:5]) > 1 and place % 12 else pytest.mark.ci)
     for place, each in enumerate(LETTERS)],
    ids=lambda each: "".join(map(str, each[:5])),
)  # fmt: skip
def test_whatever_breaks_the_real_protocol_in_any_small_budget_is_known(budget: Budget, rules: str) -> None:
    """Every beginning, with and without giving up; of the wider budgets the longer run tries every twelfth."""
    for beginning, retries in product((FORGOTTEN, OPEN, WRAPPED), (0, 1)):
        assert not unnamed(rules, budget, beginning, retries, 50_000)


@pytest.mark.parametrize("rules", sorted(OLDER))
@pytest.mark.parametrize("writes", [0, pytest.param(1, marks=pytest.mark.ci)])
def test_whatever_breaks_older_rules_is_known(writes: int, rules: str) -> None:
    """An old segment and a number: what RFC 5961 has cured since has a name as well."""
    assert not unnamed(rules, Budget(held=1, coincidences=1, writes=writes), FORGOTTEN, 0, 50_000)


@pytest.mark.parametrize(
    ("rules", "writes", "beginning"), few_rows(product(sorted(PROFILES), [1, 2], [FORGOTTEN, OPEN]))
)
def test_an_abort_an_old_segment_and_a_number_break_nothing_unnamed(rules: str, writes: int, beginning: str) -> None:
    """Three letters at once, and a client that writes twice: what it writes goes to a peer that was left half open."""
    budget = Budget(held=1, coincidences=1, interferences=1, writes=writes)
    assert not unnamed(rules, budget, beginning, 0, 100_000)


@pytest.mark.sampled(8, longer=1)
@pytest.mark.parametrize("rules", sorted(PROFILES))
@pytest.mark.parametrize("prop", ["fresh-open", "agreed-open", "own-bytes", "exactly-once"])
def test_giving_up_alone_brings_no_byte_where_it_does_not_belong(prop: str, rules: str) -> None:
    """Who gives up after a repetition leaves a ghost, or is told "reset"; what is read is right all the same."""
    for beginning in ("forgotten", OPEN):
        play = Play(load_profile(PROFILES[rules]), budget=Budget(losses=2), beginning=beginning, retries=1)
        answer = search(play._replace(watched=PROPERTIES[prop]))
        assert not answer.is_found, moves_of(answer)
        assert answer.statistics.is_complete


LARGE = 200_000


@pytest.mark.sampled(2, longer=1)
@pytest.mark.parametrize("rules", sorted(PROFILES))
@pytest.mark.parametrize("beginning", ["forgotten", OPEN])
def test_the_real_protocol_breaks_nothing_in_a_small_bound(rules: str, beginning: str) -> None:
    """All seven at once, a fiftieth of the wide search."""
    budget = Budget(held=1) if beginning != OPEN else Budget(losses=1, duplicates=0, writes=0)
    answer = search(Play(load_profile(PROFILES[rules]), budget=budget, beginning=beginning, watched=EVERYTHING))
    assert not answer.is_found, (answer.broken, moves_of(answer))
    assert answer.statistics.is_complete
    assert beginning == OPEN or answer.statistics.worlds >= LARGE // 50


@pytest.mark.long
@pytest.mark.parametrize("rules", sorted(PROFILES))
def test_the_real_protocol_breaks_nothing_in_200_000_worlds(rules: str) -> None:
    """All seven at once, with two old segments and a loss."""
    budget = Budget(held=2, losses=1)
    answer = search(Play(load_profile(PROFILES[rules]), budget=budget, watched=EVERYTHING))
    assert not answer.is_found, (answer.broken, moves_of(answer))
    assert answer.statistics.is_complete
    assert answer.statistics.worlds >= LARGE


SECTIONS = {
    "3.3.2": "State Machine Overview", "3.4.1": "Initial Sequence Number Selection",
    "3.4.2": "Knowing When to Keep Quiet", "3.4.3": "The TCP Quiet Time Concept",
    "3.5.1": "Half-Open Connections and Other Anomalies", "3.5.2": "Reset Generation",
    "3.6.1": "Half-Closed Connections", "3.8.3": "TCP Connection Failures", "3.8.4": "TCP Keep-Alives",
    "3.10.7.1": "CLOSED STATE", "3.10.7.2": "LISTEN STATE", "3.10.7.4": "Other States", "3.10.8": "Timeouts",
}  # fmt: skip
"""Sections of RFC 9293 that admit something, with their titles."""


@pytest.mark.parametrize("known", EXCEPTIONS, ids=name_of)
def test_the_clause_of_an_exception_can_be_looked_up(known: Known) -> None:
    """It names documents, and of RFC 9293 sections that there are."""
    assert re.search(r"RFC \d{3,4}|ip-sysctl", known.clause)
    for text in re.findall(r"RFC 9293 ([^;]*)", known.clause):
        sections = re.findall(r"\d+(?:\.\d+)+", text)
        assert sections and set(sections) <= set(SECTIONS), text
