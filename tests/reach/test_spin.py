"""An independent model of the handshake, searched by spin: the same verdicts, and shortest ways equally long."""

from __future__ import annotations

import pytest

from tests.reach import spin
from tutor.explore.parts import Budget, Play
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.variant import variant_named

PROPS = {"fresh-open": "FRESH", "no-ghost": "GHOST"}
VARIANTS = {"": (), "two-way": ("TWO_WAY",), "unchecked-ack": ("UNCHECKED",)}

QUESTIONS = [
    (variant, prop, held, losses)
    for variant in VARIANTS
    for prop in PROPS
    for held, losses in ((0, 1), (1, 0), (1, 1), (2, 0), (2, 1))
]
AT_ONCE = [("", "fresh-open", 1, 1), ("two-way", "no-ghost", 1, 0), ("unchecked-ack", "fresh-open", 1, 0)]
"""Asked by default: one that holds, and what breaks the others."""


@pytest.mark.skipif(not spin.is_here(), reason=spin.MISSING)
@pytest.mark.parametrize(
    ("variant", "prop", "held", "losses"),
    [each if each in AT_ONCE else pytest.param(*each, marks=pytest.mark.ci) for each in QUESTIONS],
)
@pytest.mark.sampled(3, longer=1)
def test_spin_and_the_search_agree(variant: str, prop: str, held: int, losses: int) -> None:
    """Two programs that share no line come to the same answer, and to ways of the same length."""
    theirs = spin.check(*VARIANTS[variant], PROPS[prop], f"HELD={held}", f"LOSSES={losses}")
    budget = Budget(held=held, losses=losses, writes=0)
    ours = search(Play(load_profile("rfc9293"), variant_named(variant), budget, watched=PROPERTIES[prop]))
    assert len(ours.path) == theirs.moves
    assert ours.is_found or ours.statistics.is_complete, "nothing was found because not all was looked at"


@pytest.mark.skipif(not spin.is_here(), reason=spin.MISSING)
def test_a_search_of_spin_that_was_cut_short_is_not_taken_for_an_answer() -> None:
    """It says "errors: 0" all the same; only what it says besides tells that there are longer runs."""
    with pytest.raises(AssertionError, match="max search depth too small"):
        spin.check("GHOST", "HELD=1", "LOSSES=1", depth=3)


@pytest.mark.skipif(spin.is_here(), reason="spin is here, and is asked")
def test_the_absence_of_spin_is_said_aloud() -> None:
    """Nobody shall believe that a comparison took place which did not."""
    assert "NOT compared" in spin.MISSING
    assert "apt install spin gcc" in spin.MISSING
    pytest.skip(spin.MISSING)
