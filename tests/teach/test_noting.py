"""What of a session is remembered: each graded answer once, and how far the lesson was gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.teach.conftest import HANDSHAKE, answered, do
from tutor.teach import intents, noting
from tutor.teach.answered import DRILL, MADE, Answered, Record, Walked
from tutor.teach.generate import pose
from tutor.teach.paper import paper
from tutor.teach.reposing import repose
from tutor.teach.session import Session
from tutor.teach.understood import standing

NOON = "2026-01-01T12:00:00.000+00:00"


def at_bet(session: Session) -> Session:
    """The session at its next open bet."""
    while not session.is_asking:
        session = do(session, intents.NextBeat())
    return session


def test_a_graded_answer_is_fresh_once(handshake: Session) -> None:
    """In the step that graded it, and in no other; a tick is no answer."""
    bet = at_bet(handshake)
    chosen = do(bet, intents.Choose(0))
    graded = do(chosen, intents.CheckBet())
    assert noting.fresh(bet, chosen) == ()
    assert noting.fresh(chosen, graded) == graded.answers
    assert noting.fresh(graded, do(graded, intents.NextBeat())) == ()


def test_another_lesson_and_undo_bring_no_fresh_answers(handshake: Session, closing: Session) -> None:
    """What was answered in the one is not answered in the other; to take a step back answers nothing."""
    graded = answered(at_bet(handshake))
    assert noting.fresh(closing, graded) == ()
    assert noting.fresh(graded, do(graded, intents.Undo())) == ()
    assert noting.fresh(graded, replace(graded, answers=())) == ()


def test_an_answer_is_remembered_with_what_was_asked_and_given(handshake: Session) -> None:
    """Lesson, bet, kind, the value that was chosen, the seed and what it was about."""
    bet = at_bet(handshake)
    graded = answered(bet, 0)
    (answer,) = noting.fresh(bet, graded)
    lesson = graded.lesson
    assert noting.answered(graded, answer, NOON, "name") == Answered(
        "name", "01-three-way-handshake/first-segment", lesson.id, "next-state", "ESTABLISHED", is_right=False, at=NOON,
        seed=lesson.seed, concepts=("SYN", "SYN-RECEIVED"),
    )  # fmt: skip


def test_where_an_author_names_no_concept_all_count_the_answer_for_the_same_one(handshake: Session) -> None:
    """The first of the lesson: in what is remembered, in an exam, and on the page of what is understood."""
    beats = tuple(replace(each, ask=each.ask and replace(each.ask, concepts=())) for each in handshake.lesson.beats)
    own = replace(handshake.lesson, beats=beats, checks=())
    bet = at_bet(replace(handshake, lesson=own))
    graded = answered(bet, 0)
    (answer,) = noting.fresh(bet, graded)
    remembered = noting.answered(graded, answer, NOON, "name")
    posed = paper(own, 1, 7)[0]
    found = standing([own.id], {own.id: own}, Record(answers=(remembered,)), datetime(2026, 1, 2, tzinfo=UTC))
    assert remembered.concepts == posed.about == tuple(each.name for each in found.concepts) == ("connection",)
    assert noting.of_posed(posed, "x", NOON, "name", is_right=False).concepts == ("connection",)


def test_a_lesson_is_done_when_it_was_gone_to_its_end_with_everything_answered(handshake: Session) -> None:
    """Not before, and not by a leap to the end; where checks come after it, not before those."""
    checked, handshake = handshake, replace(handshake, lesson=replace(handshake.lesson, checks=()))
    session = handshake
    seen = [noting.walked(session, NOON)]
    while session.beat < len(session.lesson.beats) - 1 or session.is_asking:
        session = answered(session) if session.is_asking else do(session, intents.NextBeat())
        seen.append(noting.walked(session, NOON))
    beats = len(session.lesson.beats)
    assert seen[0] is None, "who has only opened it has not begun"
    assert seen[1] == Walked(session.lesson.id, 2, beats, NOON, NOON)
    assert seen[-1] == Walked(session.lesson.id, beats, beats, NOON, NOON, NOON)
    assert all(each is not None and not each.is_done for each in seen[1:-1])
    unchecked = noting.walked(replace(session, lesson=checked.lesson), NOON)
    assert checked.lesson.checks, "this lesson has some"
    assert unchecked is not None and not unchecked.is_done, "its checks are still to come"
    skipped = replace(handshake, beat=beats - 1)
    told = noting.walked(skipped, NOON)
    assert told is not None and not told.is_done, "who leaps to the end has not answered"


def test_a_run_that_asks_nothing_is_no_lesson(handshake: Session) -> None:
    """The laboratory is not on the way."""
    assert noting.walked(replace(handshake, lesson=replace(handshake.lesson, beats=())), NOON) is None


def test_a_generated_question_is_a_card_that_its_generator_asks_again() -> None:
    """By its edge where it has one; a lesson's question that was posed anew is the lesson's card."""
    made = pose("next-state@listen/rcv-syn", 3)
    noted = noting.of_posed(made, "SYN-RECEIVED", NOON, "one", is_right=False)
    assert noted.card.startswith(MADE) and noted.place == DRILL and noted.seed == 3
    assert noted.card == made.card and noted.lesson == ""
    again = repose(HANDSHAKE, "first-segment", 5)
    assert noting.of_posed(again, "LISTEN", NOON, "two", is_right=True).card == f"{HANDSHAKE.id}/first-segment"
