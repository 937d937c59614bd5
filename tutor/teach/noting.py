"""What of a session is worth remembering: the answers that were graded just now, and how far the lesson was gone.

Rules
-----
* Nothing here knows a clock or a file: the moment comes in, values go out.
* A lesson is done when its last beat has been reached and everything in it that asks has been answered, on any branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.teach.answered import DRILL, Answered, Walked, card_of
from tutor.teach.betmode import Bet
from tutor.teach.betting import next_stop
from tutor.teach.generate import ANY_RUN
from tutor.teach.generated import Posed
from tutor.teach.lesson import Ask, Beat, Lesson
from tutor.teach.quiz import SHOWN, Answer, Given
from tutor.teach.reposing import LESSON

if TYPE_CHECKING:
    from tutor.teach.session import Session

NO_CONCEPTS = frozenset({ANY_RUN, LESSON})
"""What a generated question says that it is about, where it does not know."""


def fresh(was: Session, now: Session) -> tuple[Answer, ...]:
    """The answers that were graded in the step from one session to the next and count, in order."""
    if now.answers is was.answers or now.lesson is not was.lesson:
        return ()
    before = len(was.answers)
    given = now.answers[before:] if now.answers[:before] == was.answers else ()
    return tuple(answer for answer in given if answer.is_counted)


def stopped(was: Session, now: Session) -> tuple[Posed, Bet] | None:
    """The bet of bet mode that was made in the step from one session to the next, and its question; None: none was."""
    before, bets = was.betmode.bets, now.betmode.bets
    stop = next_stop(was) if len(bets) == len(before) + 1 and now.lesson is was.lesson else None
    return (stop.question, bets[-1]) if stop is not None else None


def bet_text(question: Posed, given: Given) -> str:
    """What was given to a generated question, as text."""
    return given.text or ", ".join(question.ask.options[pick].value for pick in given.picks)


def answered(session: Session, answer: Answer, at: str, name: str) -> Answered:
    """An answer to be remembered. ``name``: an id that no other answer has."""
    lesson = session.lesson
    beat = _beat(lesson, answer.beat)
    ask = beat.ask
    assert ask is not None, "what was answered was asked"
    return Answered(
        name, card_of(lesson.id, beat.id), lesson.id, ask.kind, given_text(ask, answer), answer.is_right, at,
        lesson.seed, lesson.about(ask),
    )  # fmt: skip


def of_posed(question: Posed, given: str, at: str, name: str, *, is_right: bool, place: str = DRILL) -> Answered:
    """An answer to a generated question, or to a lesson's that was posed anew. ``given`` as text."""
    is_lessons = "/" in question.generator.partition("@")[0]
    card, lesson = (question.generator, question.generator.partition("/")[0]) if is_lessons else (question.card, "")
    concepts = tuple(concept for concept in question.about if concept not in NO_CONCEPTS)
    return Answered(name, card, lesson, question.kind, given, is_right, at, question.seed, concepts, place)


def given_text(ask: Ask, answer: Answer) -> str:
    """What was answered, as text: the values of what was picked, or what was typed or done."""
    given = answer.given
    return given.text or given.act or ", ".join(ask.options[pick].value for pick in given.picks)


def walked(session: Session, at: str) -> Walked | None:
    """How far the lesson has been gone; None where nothing is asked, nobody has gone a step, or it was only shown."""
    beats = _beats(session.lesson)
    if any(answer.standing == SHOWN for answer in session.answers):
        return None
    is_begun = session.beat > 0 or session.answers
    if session.aside is not None or not is_begun or not any(beat.ask is not None for beat in beats):
        return None
    given = {answer.beat for answer in session.answers}
    asked = {beat.id for beat in beats if beat.ask is not None} | {check.id for check in session.lesson.checks}
    is_done = session.beat == len(beats) - 1 and asked <= given
    return Walked(session.lesson.id, session.beat + 1, len(beats), at, at, at if is_done else None)


def _beats(lesson: Lesson) -> tuple[Beat, ...]:
    """Everything that a learner goes through, in order."""
    return lesson.beats


def _beat(lesson: Lesson, name: str) -> Beat:
    return next(beat for beat in _beats(lesson) if beat.id == name)
