"""Known exceptions of the real protocol: each is found by the search itself, within its budget, and nothing else is."""

from __future__ import annotations

import pytest

from tests.reach.test_why_three import last_move_breaks, moves_of
from tutor.explore.exceptions import EXCEPTIONS, EXCLUSIONS, Known, exception_for
from tutor.explore.parts import Budget, Play
from tutor.explore.past import OPEN, WRAPPED
from tutor.explore.replay import ReplayError, replay
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile

EVERYTHING = sum(PROPERTIES.values())

PROFILES = {"rfc9293": "rfc9293", "linux": "linux-6.18"}

FOUND = [
    (known, rules, prop)
    for known in EXCEPTIONS
    for rules in sorted(known.rule_sets)
    for prop in sorted(known.properties)
]


def name_of(value: object) -> str:
    """An exception by its id."""
    return value.id if isinstance(value, Known) else str(value)


@pytest.mark.parametrize(("known", "rules", "prop"), FOUND, ids=name_of)
def test_an_exception_is_found_by_the_search(known: Known, rules: str, prop: str) -> None:
    """Fewer exceptions than are known would be a failure of the search, not a success of TCP."""
    answer = search(known.play(load_profile(PROFILES[rules]), PROPERTIES[prop]))
    assert answer.is_found, f"{known.id} is not found within {known.budget}"
    named = exception_for(prop, answer.path, rules, beginning=known.beginning, retries=known.retries)
    assert named is not None, moves_of(answer)
    assert known.clause
    if known.beginning == WRAPPED:
        with pytest.raises(ReplayError, match="2\\^32"):
            replay(answer)
    else:
        assert last_move_breaks(answer, prop)


def test_an_exception_is_known_by_its_path() -> None:
    """What an adversary did tells which one it is; what nobody did anything to bring about is a fault."""
    for known in EXCEPTIONS:
        rules = max(known.rule_sets)
        prop = min(known.properties)
        answer = search(known.play(load_profile(PROFILES[rules]), PROPERTIES[prop]))
        named = exception_for(prop, answer.path, rules, beginning=known.beginning, retries=known.retries)
        assert named is known
    assert exception_for("no-ghost", (), "rfc9293") is None


def test_every_exclusion_is_said_in_a_sentence() -> None:
    """The screen prints them with "holds": coincidence, interference, giving up, wrapping, lifetimes."""
    assert [what for what, _ in EXCLUSIONS] == ["coincidences", "interferences", "retries", "wrapped", "lifetime"]


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
