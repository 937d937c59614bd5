"""The review: cards that are due come back one after the other, each in the lesson that asks it, with new numbers.

Rules
-----
* One card at a time. When it has been answered, the command that began the review brings the next one; after the last
  one the start page says what comes when.
* The run that was on the stage before is not lost: undo leads back to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.teach import intents
from tutor.teach.coming_back import Back, bring_back, bring_made
from tutor.teach.deck import Card, cards, due
from tutor.teach.errors import LessonErrors
from tutor.ui.keeper import now

if TYPE_CHECKING:
    from tutor.teach.answered import Record
    from tutor.ui.conductor import Conductor
    from tutor.ui.library import Library


def can_come_back(card: Card, library: Library) -> bool:
    """Is there somebody who can ask it again?"""
    return card.is_made or card.lesson in library.ids()


def waiting(found: tuple[Card, ...], library: Library) -> tuple[Card, ...]:
    """Of these cards those that can be asked again."""
    return tuple(card for card in found if can_come_back(card, library))


def back_of(card: Card, library: Library) -> Back | None:
    """The card's question, to be opened; None: its lesson asks no such thing any more."""
    if card.is_made:
        return bring_made(card.id, card.seed)
    try:
        lesson = library.lesson(card.lesson)
    except (LessonErrors, FileNotFoundError):
        return None
    return bring_back(lesson, card.ask, card.seed)


def begin(conductor: Conductor, record: Record) -> bool:
    """Open the first card that is due; False: none is."""
    found = waiting(due(cards(record.answers), now()), conductor.library)
    for card in found:
        again = back_of(card, conductor.library)
        if again is not None:
            _open(conductor, card, again, len(found))
            return True
    return False


def _open(conductor: Conductor, card: Card, again: Back, count: int) -> None:
    conductor.memory.reviewed = card, again.lesson, False
    conductor.send(intents.OpenLesson(again.lesson, again.scenario, again.road))
    for intent in again.way:
        conductor.send(intent)
    words = conductor.words
    conductor.window.notice.say(
        words.n(
            "Review: {count} card is due, this is it. Shift+R leads on.",
            "Review: {count} cards are due, this is the first. Shift+R brings the next one.",
            count,
        )
    )


def go_on(conductor: Conductor) -> None:
    """The next card that is due; where none is, the start page."""
    from tutor.ui import learning_desk

    def told(record: object) -> None:
        conductor.keeper.told.disconnect(receive)
        if not begin(conductor, record):  # type: ignore[arg-type]
            conductor.window.notice.say(conductor.words.t("No card is due now."))
            learning_desk.open_at(conductor, learning_desk.START)

    receive = told
    conductor.keeper.told.connect(receive)
    conductor.keeper.ask()
