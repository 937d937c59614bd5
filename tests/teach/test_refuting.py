"""The run that shows why an answer is right or wrong: found by name, wherever its answer stands."""

from __future__ import annotations

import shlex

import pytest

from tutor.teach.byroad import byroad
from tutor.teach.generated import Posed
from tutor.teach.lesson import Lesson, Option
from tutor.teach.reading import load_lesson
from tutor.teach.refuting import NotShown, called, names_of, shown, spelled, written
from tutor.teach.reposing import Asked, asked, authored
from tutor.teach.road import Road, lay_road
from tutor.teach.stage import scenario_of
from tutor.world.digest import digest
from tutor.world.trace import Trace

PIZZA = "08-why-three"


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """Lesson 08: bets, checks, and many refuting runs."""
    return load_lesson(PIZZA)


@pytest.fixture(scope="module")
def road(lesson: Lesson) -> Road:
    """Its own run."""
    return lay_road(lesson, scenario_of(lesson))


def end(trace: Trace) -> str:
    """What tells one run from another."""
    return digest(trace.steps[-1].world)


def questions(lesson: Lesson, road: Road) -> list[tuple[Asked, Posed]]:
    """What is asked, and the same posed elsewhere."""
    made = [(each, authored(lesson, each, 5)) for each in asked(lesson, road)]
    return [(what, question) for what, question in made if question is not None]


def test_the_line_of_an_answer_plays_the_run_of_that_answer(lesson: Lesson, road: Road) -> None:
    """However the answers were mixed: what the line names is what their author plays there."""
    played = 0
    for what, question in questions(lesson, road):
        assert what.scene is not None
        for place, option in enumerate(question.ask.options):
            line = question.replays[place]
            if option.plays is None:
                assert line == ("" if not what.ask.is_bet else f"tcp-tutor play {PIZZA} --why {what.id}")
                continue
            *_, switch, name = shlex.split(line)
            assert switch == "--why"
            run, meant = shown(lesson, road, name), byroad(what.scene, option.plays)
            assert end(run.trace) == end(meant.trace)
            assert meant.seen is not None
            assert run.until == meant.seen.at
            played += 1
    assert played > 12


def test_a_question_s_own_run_is_the_lesson_s_or_the_check_s(lesson: Lesson, road: Road) -> None:
    """What is seen there is what was asked about."""
    for what, _ in questions(lesson, road):
        assert what.scene is not None
        assert end(shown(lesson, road, what.id).trace) == end(what.scene.trace)


def test_the_number_is_that_of_the_file(lesson: Lesson) -> None:
    """Who reads the lesson finds the answer by counting."""
    ask = names_of(lesson)["rule-broken"]
    assert [option.value for option in written(ask)] == ["SYN-SENT", "ESTABLISHED", "CLOSED"]


def test_what_is_not_there_is_told_with_what_is(lesson: Lesson, road: Road) -> None:
    """A question, or an answer of one, that the lesson has not."""
    with pytest.raises(NotShown) as fault:
        shown(lesson, road, "nonsense")
    assert "rule-broken" in fault.value.allowed
    for name in ("rule-broken:4", "rule-broken:0", "rule-broken:x", "rule-broken:"):
        with pytest.raises(NotShown) as fault:
            shown(lesson, road, name)
        assert fault.value.allowed == ("rule-broken", "rule-broken:1", "rule-broken:2", "rule-broken:3")


def test_a_lesson_that_is_nowhere_listed_is_called_by_its_file(lesson: Lesson) -> None:
    """The line has to work where it is read."""
    assert called(lesson) == PIZZA
    other = load_lesson("tests/teach/data/every_kind.yaml")
    assert called(other) == "tests/teach/data/every_kind.yaml"


def test_two_answers_that_read_alike_are_two(lesson: Lesson, road: Road) -> None:
    """An answer is found by where it is written, not by what it says."""
    what, question = questions(lesson, road)[0]
    names = {spelled(question, place) for place in range(len(question.ask.options))}
    plays: list[Option] = [option for option in what.ask.options if option.plays is not None]
    assert len(names) == len(plays) + (len(plays) < len(what.ask.options))
