"""An author's bet comes back with other numbers, and still has the author's answer; a seed gives the same again."""

from __future__ import annotations

import dataclasses
from random import Random

import pytest

from tests.sampling import quick
from tutor.teach import quiz
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.reposing import asked, authored, renumbered, repose
from tutor.teach.road import lay_road
from tutor.teach.stage import scenario_of

CROWDED = "32-time-wait-pile-up"
"""Hundreds of connections, and as many events that a question could mean: it takes two minutes."""


@pytest.mark.parametrize(
    "name",
    [
        *quick((name for name in lesson_ids() if name != CROWDED), lambda name: name.startswith("08")),
        pytest.param(CROWDED, marks=pytest.mark.long),
    ],
)
def test_every_bet_of_every_lesson_comes_back_and_has_one_answer(name: str) -> None:
    """With its author's answer on the author's run, or as a generated question about the same matter."""
    lesson = load_lesson(name)
    for each in asked(lesson, lay_road(lesson, scenario_of(lesson))):
        question = repose(lesson, each.id, 7)
        assert question.right
        assert question == repose(lesson, each.id, 7)
        if question.generator == f"{lesson.id}/{each.id}":
            meant = [each.ask.options[place] for place in quiz.declared(each.ask)]
            given = [question.ask.options[place] for place in question.right]
            assert {option.mark for option in given} == {option.mark for option in meant}
            if question.kind == "order":
                assert [option.mark for option in given] == [option.mark for option in meant]


def test_the_numbers_are_other_numbers() -> None:
    """First numbers and the delay: so the time that was right is right no more."""
    lesson = load_lesson("01-three-way-handshake")
    found = {repose(lesson, "client-is-open", seed).ask.answers for seed in range(12)}
    assert len(found) >= 6
    isns = {host.isn for seed in range(5) for host in renumbered(lesson, Random(seed)).hosts}
    assert len(isns) == 10


def test_placeholders_are_filled_from_the_run_with_the_new_numbers() -> None:
    """What the author says about an answer speaks of this run."""
    lesson = load_lesson("13-four-way-close")
    for each in asked(lesson, lay_road(lesson, scenario_of(lesson))):
        question = repose(lesson, each.id, 3)
        for text in (question.ask.prompt, *(option.feedback for option in question.ask.options)):
            assert text is None or "{" not in text.en + text["zh"]


def test_an_author_s_answer_that_no_numbers_bear_out_gives_way_to_a_generated_question() -> None:
    """The lesson says ESTABLISHED where the engine says SYN-RECEIVED: it is not asked in that way."""
    lesson = load_lesson("01-three-way-handshake")
    beats = tuple(
        dataclasses.replace(beat, ask=dataclasses.replace(beat.ask, answers=("ESTABLISHED",)))
        if beat.id == "first-segment" and beat.ask is not None
        else beat
        for beat in lesson.beats
    )
    question = repose(dataclasses.replace(lesson, beats=beats), "first-segment", 5)
    assert question.generator == "next-state@01-three-way-handshake"
    assert question.subject == "handshake"


def test_a_lesson_without_stories_and_without_numbers_that_do_asks_as_it_was() -> None:
    """Better the same bet again than none."""
    lesson = dataclasses.replace(load_lesson("01-three-way-handshake"), id="ours-of-nothing")
    beats = tuple(
        dataclasses.replace(beat, ask=dataclasses.replace(beat.ask, answers=("LISTEN",)))
        if beat.id == "first-segment" and beat.ask is not None
        else beat
        for beat in lesson.beats
    )
    question = repose(dataclasses.replace(lesson, beats=beats), "first-segment", 5)
    assert question.generator == "ours-of-nothing/first-segment"
    assert question.label(question.right[0], "en") == "SYN-RECEIVED"


def test_where_nothing_is_asked_nothing_comes_back() -> None:
    """A beat without a bet has no card."""
    with pytest.raises(KeyError):
        repose(load_lesson("01-three-way-handshake"), "your-turn", 1)


def test_a_beat_that_does_not_happen_asks_nothing() -> None:
    """With every SYN lost nothing of the lesson is asked."""
    lesson = load_lesson("01-three-way-handshake")
    cut = dataclasses.replace(lesson, link=(*lesson.link, ("loss", "100%")))
    scenario = scenario_of(cut)
    made = {each.id: authored(cut, each) for each in asked(cut, lay_road(cut, scenario))}
    assert made["second-segment"] is None
    assert made["client-is-open"] is None
