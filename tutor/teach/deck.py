"""The deck: which cards a learner has, which are due and in what order, and what to note when one has been answered.

Rules
-----
* A card is made of answers (``schedule``). What it asks is made anew each time, from a seed that it has not had.
* First what is most likely forgotten. Cards of one lesson do not follow each other if others are due as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from tutor.teach.answered import MADE, REVIEW, Answered, moment, read_moment
from tutor.teach.schedule import Schedule, schedule


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to be asked again. ``last``: the answer that was given to it last."""

    id: str
    lesson: str
    kind: str
    concepts: tuple[str, ...]
    schedule: Schedule
    last: Answered

    @property
    def is_made(self) -> bool:
        """Was it a generated question that went wrong, and no lesson's?"""
        return self.id.startswith(MADE)

    @property
    def ask(self) -> str:
        """The id of the lesson's beat or check; of a generated question its subject."""
        return self.id.split("/", maxsplit=1)[1]

    @property
    def seed(self) -> int:
        """The seed with which it is to be asked next: one for each time that it counted."""
        return crc32(f"{self.id} {self.schedule.reviews}".encode())


def cards(answers: Iterable[Answered]) -> tuple[Card, ...]:
    """Every card that these answers (in their order) make, by when it is due."""
    by_card: dict[str, list[Answered]] = {}
    for answer in answers:
        by_card.setdefault(answer.card, []).append(answer)
    found = []
    for name, given in by_card.items():
        standing = schedule((read_moment(answer.at), answer.is_right) for answer in given)
        if standing is not None:
            last = given[-1]
            found.append(Card(name, last.lesson, last.kind, last.concepts, standing, last))
    return tuple(sorted(found, key=lambda card: (card.schedule.due, card.id)))


def due(found: Iterable[Card], now: datetime) -> tuple[Card, ...]:
    """The cards that may be asked now, in the order in which to ask them."""
    waiting = sorted(
        (card for card in found if card.schedule.is_due(now)),
        key=lambda card: (card.schedule.recall(now), card.schedule.due, card.id),
    )
    ordered: list[Card] = []
    while waiting:
        before = ordered[-1].lesson if ordered else None
        place = next((place for place, card in enumerate(waiting) if card.lesson != before), 0)
        ordered.append(waiting.pop(place))
    return tuple(ordered)


def next_due(found: Iterable[Card], now: datetime) -> datetime | None:
    """When the next card comes back that is not due yet; None: none will."""
    return min((card.schedule.due for card in found if not card.schedule.is_due(now)), default=None)


def reviewed(card: Card, given: str, at: datetime, name: str, *, is_right: bool) -> Answered:
    """What is to be noted when a card has been answered. ``name``: an id that no answer has yet."""
    return Answered(
        name, card.id, card.lesson, card.kind, given, is_right, moment(at), card.seed, card.concepts, REVIEW
    )  # fmt: skip
