"""Limits: under what a search says that something cannot be broken, or can: printed by the command and by the page.

Rules
-----
* One list for both. Each is said of a ``Play``, and of how many orders of numbers were searched.
* What is held constant is told with its reason; giving up is not, where it is counted.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore import held
from tutor.explore.bound import played
from tutor.explore.exceptions import excluded, let_in
from tutor.explore.parts import Play
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.words import Words, mark

SHORTLY = {
    FORGOTTEN: mark("both hosts have forgotten the earlier connection"),
    OPEN: mark("the earlier connection is open"),
    WRAPPED: mark("in the earlier connection, 2^32 bytes later"),
}
"""Beginning -> how it is told in the middle of a sentence."""

TO_HOLD = mark("What has to be excluded for TCP to hold:")
EXCLUDED = mark("What was excluded:")
IN_EVERY_RUN = mark("In every run:")
CONSTANT = mark("Held constant:")
"""Heads of the lists."""

NEVER_GIVES_UP = next(each.why for each in held.HELD if each.field == "synack_retries")
ON_TIME = mark("who gives up does so on time, and nobody has set a user timeout")


class Limits(NamedTuple):
    """What was excluded, what every run has in common, and what was held constant: (why, fields) each."""

    excluded: tuple[str, ...]
    in_every_run: tuple[str, ...]
    constant: tuple[tuple[str, tuple[str, ...]], ...]


def limits(play: Play, words: Words, *, is_one_order: bool = False) -> Limits:
    """The limits of a search of ``play``; ``is_one_order``: with fresh numbers as the play has them and no others."""
    return Limits(
        tuple(words.t(text) for text in excluded(play)),
        tuple(words.t(text) for text in played(play, is_one_order=is_one_order)),
        tuple((words.t(why), fields) for why, fields in constant(play)),
    )


def constant(play: Play) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(why, a message id; fields) of what is held constant in a search of ``play``."""
    freed, told = held.giving_up(play.retries), []
    for why, fields in held.reasons():
        left = tuple(each for each in fields if each.split(" ")[0] not in freed)
        if left or not fields:
            told.append((ON_TIME if freed and why == NEVER_GIVES_UP else why, left))
    return tuple(told)


def to_hold(play: Play, words: Words) -> tuple[str, ...]:
    """All that has to be excluded for TCP to hold, what ``play`` has let in first."""
    return tuple(words.t(text) for text in (*let_in(play), *excluded(play)))
