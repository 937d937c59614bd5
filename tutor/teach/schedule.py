"""When a card comes back: the FSRS schedule, computed from the answers alone.

Rules
-----
* The first wrong answer makes a card; before that there is nothing to remember. A wrong answer always counts.
* A right answer counts if the card was due: one that is given straight after the feedback shows no memory.
* No clock and no chance: moments come in, and intervals are not blurred. So a schedule is never stored: it follows from
  the answers, and two files that are merged need no agreement about it.

Theory
------
FSRS keeps two numbers a card: its *stability*, after how many days one in ten answers would be wrong, and its
*difficulty*. A right answer after a long time makes the stability grow much; a wrong one cuts it down. The next day of
asking is the one at which the chance of a right answer falls to ``RETENTION``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsrs import Scheduler

RETENTION = 0.9
"""The chance of a right answer at which a card comes back."""
SOON = timedelta(minutes=10)
"""After a wrong answer a card comes back so soon."""
LONGEST = 365
"""Days; no card stays away for longer."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a card stands. ``stability`` in days; ``lapses``: how often wrong; ``reviews``: how often it counted."""

    due: datetime
    last: datetime
    stability: float
    difficulty: float
    lapses: int
    reviews: int

    def is_due(self, now: datetime) -> bool:
        """May it be asked now?"""
        return now >= self.due

    def recall(self, now: datetime) -> float:
        """The chance (0 to 1) that it would be answered rightly now."""
        from fsrs import Card, State

        card = Card(0, State.Review, None, self.stability, self.difficulty, self.due, self.last)
        return float(_scheduler().get_card_retrievability(card, now))


def schedule(answers: Iterable[tuple[datetime, bool]]) -> Schedule | None:
    """The schedule of one card from its answers in their order: (moment in UTC, was it right). None: never wrong."""
    from fsrs import Card, Rating

    card: Card | None = None
    lapses = reviews = 0
    for at, is_right in answers:
        if is_right and (card is None or at < card.due):
            continue
        card = card or Card(0, due=at)
        card, _ = _scheduler().review_card(card, Rating.Good if is_right else Rating.Again, at)
        lapses += not is_right
        reviews += 1
    if card is None:
        return None
    assert card.stability is not None, "a card that was reviewed has a stability"
    assert card.difficulty is not None, "and a difficulty"
    assert card.last_review is not None, "and a day"
    return Schedule(card.due, card.last_review, card.stability, card.difficulty, lapses, reviews)


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(SOON,),
        relearning_steps=(SOON,),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )
