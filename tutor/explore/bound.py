"""Bound: what every run of a search has in common, so that "none" is said of nothing wider than what was searched.

Rules
-----
* The letters of a budget bound the network; this is what programs do, and what is left of the choice of numbers.
* Sentences are message ids.
"""

from __future__ import annotations

from tutor.explore.parts import Play

ORDER = (
    "each host's fresh initial numbers lie all above those that are in use, or all below: both ways are searched; that"
    " they lie now above and now below, or in between, is never tried"
)
"""The order decides: own bytes of ``two-way-rfc793`` hold with two old segments where the new number lies below."""

KEPT = (
    "of an earlier connection the network keeps its SYN, the answer, ACKs and text, but no FIN and no RST; of one that"
    " is still open it may hold back whatever is sent"
)
"""What ``past`` has sent."""

ORDERS_TOLD = {
    (False, False): (
        "each host's fresh initial numbers lie all above those that are in use (that they lie below, or in between, is"
        " not tried here)"
    ),
    (True, True): (
        "each host's fresh initial numbers lie all below those that are in use (that they lie above, or in between, is"
        " not tried here)"
    ),
}
"""``Play.below`` -> what is said where one order alone is searched."""

SENTENCES = (
    "the caller calls once",
    "the caller writes once",
    "nobody writes, but in the earlier connection",
    "the server never writes",
    "the server closes after the caller or not at all",
    "nobody closes while it still calls",
    "every program accepts and reads at once",
    KEPT,
    ORDER,
)
"""Every sentence that ``played`` may say of a search of every order."""


def played(play: Play, *, is_one_order: bool = False) -> tuple[str, ...]:
    """What the programs of ``play`` do, and how numbers are chosen; ``is_one_order``: by ``play.below`` alone."""
    budget = play.budget
    told = (
        budget.connects == 1 and play.callers == (True, False),
        budget.writes == 1,
        not budget.writes and not budget.server_writes,
        bool(budget.writes) and not budget.server_writes,
        not budget.server_closes,
        not budget.gives_up,
        True,
        bool(budget.held),
        not is_one_order,
    )
    said = tuple(text for is_so, text in zip(told, SENTENCES, strict=True) if is_so)
    return (*said, ORDERS_TOLD[play.below]) if is_one_order else said
