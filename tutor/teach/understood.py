"""What a learner has understood and what not yet: lessons, concepts and edges, from what was shown.

Rules
-----
* Everything here is computed from the lessons and the record; nothing is stored.
* A lesson that has not been read yet, or cannot be read, is there by its id alone.
* A question counts for the concepts that its lesson names today, whatever it named when it was answered.
* What counts of a question is the first answer (what one knew) and the last one (what one knows).
* The order of teaching: each lesson after those that it needs, otherwise by the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tutor.teach.answered import Answered, Record, Walked, card_of
from tutor.teach.deck import Card, cards, due
from tutor.teach.lesson import Ask, Lesson


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a lesson asks. ``first`` and ``last``: was the answer right? None: none was given."""

    card: str
    is_bet: bool
    is_check: bool = False
    first: bool | None = None
    last: bool | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """How far a lesson has been gone, and what was answered in it. ``lesson`` None: it has not been read."""

    id: str
    lesson: Lesson | None
    walked: Walked | None
    asked: tuple[Asked, ...]

    @property
    def number(self) -> str:
        """What its id begins with: "01"."""
        return self.id.split("-", maxsplit=1)[0]

    @property
    def is_done(self) -> bool:
        """Has it been gone to its end, with everything answered?"""
        return self.walked is not None and self.walked.is_done

    @property
    def is_begun(self) -> bool:
        """Has somebody gone a step in it, and not come to its end?"""
        return self.walked is not None and not self.is_done


@dataclass(frozen=True, slots=True)
class ConceptStanding:
    """What is known of a concept: of the questions about it, how many were right at last, and how many wrong.

    ``lesson``: the one that teaches it first. ``open``: questions about it that were never answered. ``due``: when it
    is asked again, if it is.
    """

    name: str
    lesson: str
    right: int
    wrong: int
    open: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it. ``due``: cards that may be asked now, in their order; ``cards``: all there are."""

    lessons: tuple[LessonStanding, ...] = ()
    concepts: tuple[ConceptStanding, ...] = ()
    cards: tuple[Card, ...] = ()
    due: tuple[Card, ...] = ()

    def with_due(self, due: tuple[Card, ...]) -> Standing:
        """The same with these cards as those that may be asked now."""
        return replace(self, due=due)

    @property
    def next(self) -> LessonStanding | None:
        """The lesson to go on with: the one that was gone in last if it is not done, else the first that is not."""
        begun = [each for each in self.lessons if each.is_begun]
        if begun:
            return max(begun, key=lambda each: each.walked.last_at if each.walked is not None else "")
        return next((each for each in self.lessons if not each.is_done), None)


def in_order(ids: Sequence[str], lessons: Mapping[str, Lesson]) -> tuple[str, ...]:
    """The ids in the order of teaching. What is not read, and what is in a circle, stays where its number puts it."""
    placed: dict[str, None] = {}

    def place(name: str, above: frozenset[str]) -> None:
        if name in placed or name in above or name not in ids:
            return
        needs = lessons[name].prerequisites if name in lessons else ()
        for other in needs:
            place(other, above | {name})
        placed[name] = None

    for name in ids:
        place(name, frozenset())
    return tuple(placed)


def standing(ids: Sequence[str], lessons: Mapping[str, Lesson], record: Record, now: datetime) -> Standing:
    """How a learner stands. ``ids``: every lesson there is; ``lessons``: those that have been read."""
    deck = cards(record.answers)
    by_card = {card.id: card for card in deck}
    given: dict[str, list[Answered]] = {}
    for answer in record.answers:
        given.setdefault(answer.card, []).append(answer)
    walked = {each.lesson: each for each in record.lessons}
    rows = []
    for name in in_order(ids, lessons):
        lesson = lessons.get(name)
        asked = _asked(lesson, given, by_card) if lesson is not None else ()
        rows.append(LessonStanding(name, lesson, walked.get(name), asked))
    return Standing(tuple(rows), _concepts(rows, given, deck), deck, due(deck, now))


def _asked(lesson: Lesson, given: Mapping[str, list[Answered]], deck: Mapping[str, Card]) -> tuple[Asked, ...]:
    found = []
    for name, ask, is_check in asking(lesson):
        card = card_of(lesson.id, name)
        answers = given.get(card, ())
        first, last = (answers[0].is_right, answers[-1].is_right) if answers else (None, None)
        due_at = deck[card].schedule.due if card in deck else None
        found.append(Asked(card, ask.is_bet, is_check, first, last, due_at))
    return tuple(found)


def asking(lesson: Lesson) -> tuple[tuple[str, Ask, bool], ...]:
    """All that a lesson asks, in order: the id of the beat or check, the question, is it a check?"""
    beats = ((beat.id, beat.ask, False) for beat in lesson.beats if beat.ask is not None)
    return (*beats, *((check.id, check.ask, True) for check in lesson.checks))


def _concepts(
    rows: Iterable[LessonStanding], given: Mapping[str, list[Answered]], deck: Iterable[Card]
) -> tuple[ConceptStanding, ...]:
    """Every concept that something asks about, in the order of teaching; then those of lessons that are not here."""
    first: dict[str, str] = {}
    about: dict[str, tuple[str, ...]] = {}
    opened: dict[str, int] = {}
    for row in rows:
        if row.lesson is None:
            continue
        first |= {concept: row.id for concept in row.lesson.concepts if concept not in first}
        for (_, ask, _), asked in zip(asking(row.lesson), row.asked, strict=True):
            about[asked.card] = row.lesson.about(ask)
            for concept in about[asked.card]:
                first.setdefault(concept, row.id)
                opened[concept] = opened.get(concept, 0) + (asked.last is None)
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for card_id, answers in given.items():
        for concept in about.get(card_id, answers[-1].concepts):
            first.setdefault(concept, answers[-1].lesson)
            side = right if answers[-1].is_right else wrong
            side[concept] = side.get(concept, 0) + 1
    back: dict[str, datetime] = {}
    for card in deck:
        for concept in about.get(card.id, card.concepts):
            back[concept] = min(back.get(concept, card.schedule.due), card.schedule.due)
    return tuple(
        ConceptStanding(name, lesson, right.get(name, 0), wrong.get(name, 0), opened.get(name, 0), back.get(name))
        for name, lesson in first.items()
        if name in opened or name in right or name in wrong
    )


# --- the passport ---


def times_crossed(record: Record) -> dict[str, int]:
    """How often each edge was crossed, under whatever rules."""
    found: dict[str, int] = {}
    for each in record.edges:
        found[each.edge] = found.get(each.edge, 0) + each.times
    return found
