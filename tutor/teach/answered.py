"""A graded answer as it is remembered: what was asked, what was given, whether it was right, and when.

Rules
-----
* An answer has an id of its own that no other answer has: met twice, in two files, it is one.
* A *card* is what comes back: one bet or question of a lesson, or one subject of a kind of generated question. It does
  not depend on the numbers: these are new each time.
* Moments are ISO 8601 in UTC, all in one form, so that their texts are in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

LESSON, REVIEW, EXAM, DRILL = "lesson", "review", "exam", "drill"
PLACES = (LESSON, REVIEW, EXAM, DRILL)
"""Where one may be asked: in a lesson, when a card comes back, in an exam, among generated questions."""

MADE = "made:"
"""How the card of a generated question begins."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One graded answer. ``given`` as text; ``at`` the moment; ``seed`` of the run that was asked about."""

    id: str
    card: str
    lesson: str
    kind: str
    given: str
    is_right: bool
    at: str
    seed: int = 0
    concepts: tuple[str, ...] = ()
    place: str = LESSON


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a lesson has been gone: the furthest beat (counted from 1) of so many; when it was done, or None."""

    lesson: str
    furthest: int
    beats: int
    first_at: str
    last_at: str
    done_at: str | None = None

    @property
    def is_done(self) -> bool:
        """Has the last beat been reached and everything been answered, at some time?"""
        return self.done_at is not None


class Crossed(NamedTuple):
    """An edge that was crossed under a rule set: when first, when last, how often."""

    edge: str
    rule_set: str
    first_at: str
    last_at: str
    times: int


class Solved(NamedTuple):
    """A puzzle that was solved: in so many moves at best; par is None while it is not known.

    0 moves and no par: it cannot be done, and the proof has been seen.
    """

    puzzle: str
    moves: int
    par: int | None
    first_at: str
    last_at: str
    times: int


@dataclass(frozen=True, slots=True)
class Record:
    """All that one learner has shown."""

    edges: tuple[Crossed, ...] = ()
    puzzles: tuple[Solved, ...] = ()
    lessons: tuple[Walked, ...] = ()
    answers: tuple[Answered, ...] = ()
    """In the order in which they were given."""


def card_of(lesson: str, ask: str) -> str:
    """The card of a lesson's bet, question or check."""
    return f"{lesson}/{ask}"


def made_card(kind: str, subject: str) -> str:
    """The card of a generated question: its kind, and the story or the edge that it is about."""
    return f"{MADE}{kind}/{subject}"


def moment(at: datetime) -> str:
    """A moment as it is written everywhere here."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


YEARS = range(1969, 2301)
"""Years in which something may have been answered, by a clock that was never set, or one set wrong: a schedule of
decades still has a date."""


def read_moment(text: str) -> datetime:
    """The moment that was written. Raises ``ValueError``, also in a year that is none of ``YEARS``."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} does not say in which zone it is")
    if at.year not in YEARS:
        raise ValueError(f"{text!r} is in no year from {YEARS.start} to {YEARS.stop - 1}")
    return at.astimezone(UTC)
