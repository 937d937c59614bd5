"""A lesson's question comes back alone, with other numbers, and the author's answer still holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.teach.conftest import CLOSE, HANDSHAKE, answered, do
from tutor.teach import intents, noting
from tutor.teach.betting import stop_here
from tutor.teach.coming_back import Back, bring_back, bring_made
from tutor.teach.lesson import Lesson
from tutor.teach.quiz import Given
from tutor.teach.session import Session, start
from tutor.teach.understood import asking

QUESTIONS = [(lesson, name) for lesson in (HANDSHAKE, CLOSE) for name, _, _ in asking(lesson)]


def at_question(back: Back) -> Session:
    """The session where the question is asked."""
    return do(start(back.lesson, back.scenario, back.road), *back.way)


@pytest.mark.parametrize(("lesson", "name"), QUESTIONS, ids=[f"{lesson.id}/{name}" for lesson, name in QUESTIONS])
def test_every_question_of_a_lesson_can_come_back(lesson: Lesson, name: str) -> None:
    """It is asked at once, nothing else is asked, and the author's answer is right there."""
    back = bring_back(lesson, name, 7)
    assert back is not None
    session = at_question(back)
    assert session.is_asking and session.lesson.beats[session.beat].id == name
    assert session.lesson.id == lesson.id
    if session.ask is not None and session.ask.kind not in ("many", "order", "fix", "attack", "explain"):
        assert answered(session).answers[-1].is_right


def test_the_numbers_are_other_ones_with_each_seed() -> None:
    """And the same ones with the same seed."""
    found = [bring_back(HANDSHAKE, "first-segment", seed) for seed in (1, 2, 1)]
    numbers = [tuple(host.isn for host in back.lesson.hosts) for back in found if back is not None]
    assert numbers[0] != numbers[1] and numbers[0] == numbers[2]
    assert tuple(host.isn for host in HANDSHAKE.hosts) not in numbers


def test_its_answers_stand_elsewhere_with_each_seed_and_are_the_same_answers() -> None:
    """Nobody learns a place by heart; what is right stays right, and numbers ascend."""
    orders = set()
    for seed in range(12):
        back = bring_back(HANDSHAKE, "first-segment", seed)
        assert back is not None
        ask = at_question(back).ask
        assert ask is not None
        orders.add(tuple(option.value for option in ask.options))
        assert answered(at_question(back)).answers[-1].is_right
    assert len(orders) > 3
    assert len({frozenset(order) for order in orders}) == 1
    there = at_question(back)
    assert there.ask is not None
    assert there.ask.answers == next(
        beat.ask.answers for beat in HANDSHAKE.beats if beat.id == "first-segment" and beat.ask
    )


def test_what_a_lesson_asks_no_more_does_not_come_back() -> None:
    """Lessons change; a card of what is gone is left out."""
    assert bring_back(HANDSHAKE, "nothing of the kind", 1) is None


def test_the_verdict_is_the_lessons_own() -> None:
    """Who answers wrongly there reads the author's feedback."""
    back = bring_back(HANDSHAKE, "first-segment", 3)
    assert back is not None
    there = at_question(back)
    assert there.ask is not None
    wrong = next(i for i, option in enumerate(there.ask.options) if option.value not in there.ask.answers)
    session = answered(there, wrong)
    assert not session.answers[-1].is_right
    assert not do(session, intents.CheckBet()).is_asking


@pytest.mark.parametrize("card", ["made:next-state/listen/rcv-syn", "made:time/syn-lost", "made:order/anything"])
def test_a_generated_question_comes_back_on_a_run_of_its_own(card: str) -> None:
    """The run stops at the question's moment and nowhere else; right is what the question says is right."""
    back = bring_made(card, 11)
    assert back is not None
    session = at_question(back)
    stop = stop_here(session)
    assert stop is not None and session.is_asking and session.horizon == stop.at == session.playhead
    right = replace(session, given=Given(stop.question.right))
    done = do(right, intents.CheckBet())
    (bet,) = done.betmode.bets
    assert bet.is_right and stop_here(done) is None
    found = noting.stopped(right, done)
    assert found is not None and found[0] == stop.question
    assert bring_made("made:nonsense/nothing", 1) is None
