"""A handout as values: whose words are in it, and that no question of a page gives another one away."""

from __future__ import annotations

import pytest

from tutor.teach.handout import leaves, queries, rounds
from tutor.teach.lecture import Lecture
from tutor.teach.lecture_reading import load_lecture
from tutor.teach.reading import load_lesson
from tutor.teach.show import lecture_of
from tutor.world.trace import Trace


@pytest.fixture(scope="module")
def lecture() -> Lecture:
    """The shorter of the two that come with the program."""
    return load_lecture("birth-and-death-45")


def _none(path: str) -> Trace:
    raise AssertionError(path)


def test_the_room_gets_the_words_of_the_lesson_and_none_of_the_lecturers(lecture: Lecture) -> None:
    """Every beat that is shown, in order, each part begun once, every number filled in."""
    found = leaves(lecture, "en", _none)
    shown = [beat for item in lecture.items for beat in item.beats]
    assert len(found) == len(shown)
    assert [leaf.part for leaf in found if leaf.part] == [
        item.title.en for item in lecture.items if item.kind == "lesson"
    ]
    text = "\n".join(leaf.words for leaf in found)
    assert "They think" not in text
    assert "{" not in text
    assert "I count my bytes from 1000" in text


def test_a_picture_ends_at_its_beat(lecture: Lecture) -> None:
    """The last leaf of a part is where its diagram stands."""
    found = leaves(lecture, "zh", _none)
    assert sum(leaf.is_last for leaf in found) == sum(bool(leaf.part) for leaf in found)
    assert all(0 <= leaf.at <= leaf.trace.until for leaf in found)


def test_no_question_of_a_round_shows_how_another_one_went_on(lecture: Lecture) -> None:
    """Of one run a round asks once, later rounds look later; no answer has been drawn before its page is turned."""
    asked = queries(lecture, "en")
    assert len(asked) == 9
    for group in rounds(asked):
        runs = [id(query.trace) for query in group]
        assert len(set(runs)) == len(runs)
    for query in asked:
        before = [other for other in asked if other is not query and other.round <= query.round]
        assert all(other.at <= query.at for other in before if other.trace is query.trace)
        assert not [other.title for other in before if query.hidden and query.hidden in other.shown]
    assert {query.hidden for query in asked} >= {"SYN-RECEIVED", "CLOSE-WAIT", "TIME-WAIT"}


def test_a_lesson_asks_its_beats_one_by_one_and_its_checks_together() -> None:
    """Checks have runs of their own, and come behind whatever they could give away."""
    lesson = load_lesson("01")
    asked = queries(lecture_of(lesson), "zh")
    beats = sum(beat.ask is not None for beat in lesson.beats)
    assert [query.round for query in asked] == [*range(beats), *[beats] * len(lesson.checks)]
    assert all(query.posed is not None and query.posed.right for query in asked)


def test_what_is_explained_has_points_and_what_needs_the_wire_is_left_out() -> None:
    """Lesson 08 has both."""
    asked = queries(lecture_of(load_lesson("08")), "en")
    told = [query for query in asked if query.posed is None]
    assert len(told) == 1
    assert len(told[0].points) == 8
    assert not any("Make it stay" in query.prompt for query in asked)
