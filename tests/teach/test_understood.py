"""What has been understood follows from lessons and answers; and so does what to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.teach.conftest import CLOSE, HANDSHAKE
from tutor.teach.answered import Answered, Crossed, Record, Walked, card_of, moment
from tutor.teach.lesson import Lesson
from tutor.teach.understood import asking, in_order, standing, times_crossed

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
IDS = (HANDSHAKE.id, CLOSE.id)
BOTH = {HANDSHAKE.id: HANDSHAKE, CLOSE.id: CLOSE}


def answer(name: str, hours: float, *, is_right: bool, lesson: Lesson = HANDSHAKE) -> Answered:
    """An answer to a question of a lesson, so many hours after noon."""
    at, card = moment(NOON + timedelta(hours=hours)), card_of(lesson.id, name)
    return Answered(f"{name}{hours}", card, lesson.id, "next-state", "x", is_right, at, 1, lesson.concepts)


def needing(name: str, *needs: str) -> Lesson:
    """A lesson of that id that needs others."""
    return replace(HANDSHAKE, id=name, prerequisites=needs)


def test_a_lesson_comes_after_what_it_needs() -> None:
    """Otherwise by the numbers: 41 after 02 because 03 needs it."""
    made = [needing("01"), needing("02", "01"), needing("03", "41"), needing("04", "03"), needing("41", "02")]
    ids = tuple(sorted(each.id for each in made))
    assert in_order(ids, {each.id: each for each in made}) == ("01", "02", "41", "03", "04")


def test_a_circle_and_what_is_not_there_break_nothing() -> None:
    """The linter finds them; the page shows every lesson once."""
    made = {each.id: each for each in (needing("01", "02"), needing("02", "01"), needing("03", "99"))}
    assert sorted(in_order(("01", "02", "03", "04"), made)) == ["01", "02", "03", "04"]


def test_what_counts_is_the_first_answer_and_the_last() -> None:
    """Wrong, right, wrong: wrong at first and at last; what was never answered is neither."""
    names = [name for name, _, _ in asking(HANDSHAKE)]
    given = [answer(names[0], hours, is_right=right) for hours, right in ((0, False), (1, True), (2, False))]
    lesson = standing(IDS, BOTH, Record(answers=tuple(given)), NOON + timedelta(hours=3)).lessons[0]
    assert [(each.first, each.last) for each in lesson.asked] == [(False, False), *[(None, None)] * (len(names) - 1)]
    assert lesson.asked[0].due is not None


def test_checks_after_a_lesson_are_asked_as_well() -> None:
    """They stand behind the beats' questions."""
    flags = [is_check for _, _, is_check in asking(HANDSHAKE)]
    assert flags == sorted(flags) and sum(flags) == len(HANDSHAKE.checks)


def test_a_concept_knows_its_shares_its_lesson_and_its_day() -> None:
    """Of two questions about it one is right at last; the rest is open. What nothing asks about is not there."""
    names = [name for name, ask, _ in asking(HANDSHAKE) if "SYN-RECEIVED" in ask.concepts]
    given = (answer(names[0], 0, is_right=False), answer(names[1], 1, is_right=True))
    found = standing(IDS, BOTH, Record(answers=given), NOON + timedelta(days=1))
    standings = {each.name: each for each in found.concepts}
    concept = standings["SYN-RECEIVED"]
    assert concept.lesson == HANDSHAKE.id
    assert (concept.right, concept.wrong, concept.open) == (1, 1, len(names) - 2)
    assert "connection" in HANDSHAKE.concepts and "connection" not in standings
    assert concept.due is not None and concept.due <= NOON + timedelta(days=1)
    assert [card.ask for card in found.due] == [names[0]]


def test_concepts_of_a_lesson_that_is_not_here_are_not_lost() -> None:
    """Somebody else's lesson was answered: its concepts stand at the end."""
    strange = replace(HANDSHAKE, id="99-own", concepts=("a thing of my own",))
    found = standing(IDS, BOTH, Record(answers=(answer("q", 0, is_right=True, lesson=strange),)), NOON)
    assert found.concepts[-1].name == "a thing of my own"


def test_what_comes_next_is_what_was_begun_last_else_the_first_that_is_not_done() -> None:
    """All done: nothing."""
    at = [moment(NOON + timedelta(hours=hours)) for hours in range(3)]
    one = Walked(HANDSHAKE.id, 2, 6, at[0], at[0])
    other = Walked(CLOSE.id, 2, 6, at[0], at[1])

    def following(*lessons: Walked) -> str:
        found = standing(IDS, BOTH, Record(lessons=lessons), NOON).next
        return found.id if found is not None else ""

    assert following() == HANDSHAKE.id
    assert following(one, other) == CLOSE.id
    assert following(one, replace(other, done_at=at[2])) == HANDSHAKE.id
    assert following(replace(one, done_at=at[2])) == CLOSE.id
    assert following(replace(one, done_at=at[2]), replace(other, done_at=at[2])) == ""


def test_lessons_that_have_not_been_read_are_there_all_the_same() -> None:
    """By their ids, with how far they were gone."""
    walked = Walked(CLOSE.id, 2, 6, moment(NOON), moment(NOON))
    found = standing(IDS, {}, Record(lessons=(walked,)), NOON)
    assert [each.id for each in found.lessons] == list(IDS)
    assert found.lessons[1].walked == walked and found.lessons[1].is_begun


def test_an_edge_counts_under_any_rules() -> None:
    """The passport is one."""
    rows = tuple(Crossed("a", rules, "x", "x", times) for rules, times in (("rfc9293", 2), ("linux-6.18", 3)))
    assert times_crossed(Record(edges=rows)) == {"a": 5}
