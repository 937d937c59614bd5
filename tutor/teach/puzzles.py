"""Puzzles: what somebody who owns nothing but the wire may try to break, and with how much.

Rules
-----
* A puzzle is a protocol, one of the seven properties, and a budget. Whether it can be done, and in how many moves,
  stands nowhere: the search says it.
* It begins where the way is shortest of all, so that whoever asks the search elsewhere hears of the same number.
* Some cannot be done, and nobody is told beforehand which. The same budget that breaks a variant leaves TCP whole: that
  is the lesson.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tutor.explore.onward import way_on
from tutor.explore.parts import Budget, Play, cost
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.properties import PROPERTIES
from tutor.explore.verdict import PROPERTIES as BITS
from tutor.profiles import DEFAULT, load_profile
from tutor.tcp.variant import variant_named
from tutor.teach.lesson import Lesson, Wire

RFC, LINUX = "rfc9293", "linux-6.18"


@dataclass(frozen=True, slots=True)
class Puzzle:
    """One puzzle. ``variant``: "" is TCP itself. ``breaks``: a property. ``ValueError`` for names that are none."""

    variant: str
    breaks: str
    budget: Budget
    profile: str = RFC
    beginning: str = FORGOTTEN

    def __post_init__(self) -> None:
        variant_named(self.variant)
        if self.breaks not in PROPERTIES:
            raise ValueError(f"{self.breaks!r} is no property; allowed: {', '.join(PROPERTIES)}")

    @property
    def id(self) -> str:
        """Its name among what a person has done: everything that it is made of."""
        spent = "".join(f"{letter}{most}" for letter, most in zip("HLDCU", self.budget, strict=False) if most)
        begins = "" if self.beginning == FORGOTTEN else f"/{self.beginning}"
        usual = Budget()._asdict()
        programs = "".join(
            f"/{name}={value}" for name, value in list(self.budget._asdict().items())[5:] if value != usual[name]
        )
        return f"{self.variant or 'tcp'}/{self.breaks}/{spent}/{self.profile}{begins}{programs}"

    @property
    def play(self) -> Play:
        """What is played and searched."""
        return _play(self)


@lru_cache(maxsize=64)
def _play(puzzle: Puzzle) -> Play:
    variant, watched = variant_named(puzzle.variant), BITS[puzzle.breaks]
    return Play(load_profile(puzzle.profile), variant, puzzle.budget, puzzle.beginning, watched)


MOST_WORLDS = 500_000
"""After so many a search for the par of a lesson's puzzle is given up: no reader would wait for it either."""


@lru_cache(maxsize=64)
def par_of(puzzle: Puzzle) -> int | None:
    """In how few moves it can be done; 0: not at all within its bound. None: that would be too long a search."""
    way = way_on(puzzle.play, (), lambda statistics: statistics.worlds < MOST_WORLDS)
    return cost(way.deeds) if way.is_found else 0 if way.is_complete else None


def puzzle_of(lesson: Lesson, wire: Wire) -> Puzzle:
    """The puzzle that a beat of ``lesson`` offers."""
    rules = wire.profile or lesson.profile or DEFAULT
    return Puzzle(wire.variant, wire.breaks, Budget(*wire.budget), rules, wire.begins)


PUZZLES: tuple[Puzzle, ...] = (
    Puzzle("two-way", "no-ghost", Budget(held=1, losses=1)),
    Puzzle("", "no-ghost", Budget(held=1, losses=1)),
    Puzzle("two-way-syn-data", "own-bytes", Budget(held=1)),
    Puzzle("two-way-rfc793", "own-bytes", Budget(held=2)),
    Puzzle("two-way-rfc5961", "own-bytes", Budget(held=2)),
    Puzzle("unchecked-ack", "fresh-open", Budget(held=2)),
    Puzzle("unchecked-ack", "own-bytes", Budget(held=2)),
    Puzzle("", "own-bytes", Budget(held=2)),
    Puzzle("fixed-isn", "own-bytes", Budget(held=1)),
    Puzzle("fixed-isn", "honest-open", Budget(held=1)),
    Puzzle("no-time-wait", "orderly-close", Budget(losses=1), beginning=OPEN),
    Puzzle("no-fin-retransmission", "no-ghost", Budget(losses=1), beginning=OPEN),
    Puzzle("two-way-syn-data", "exactly-once", Budget(duplicates=1)),
    Puzzle("no-time-wait", "honest-open", Budget(held=1, coincidences=1), beginning=OPEN),
    Puzzle("", "honest-open", Budget(held=1, coincidences=1), LINUX),
)
"""In the order in which they are offered; a broken protocol before the one that withstands the same."""
