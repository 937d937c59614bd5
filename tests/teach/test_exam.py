"""The exam: forward once, one look over all, a clock that hands it in, and a result."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.sampling import some
from tutor.teach.exam import (
    DONE,
    FIRST,
    SECOND,
    Exam,
    Flag,
    GoTo,
    HandIn,
    Look,
    Next,
    Pick,
    as_csv,
    begin,
    result,
    update,
)
from tutor.teach.generated import Posed
from tutor.teach.paper import exam_paper, paper
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.words import Words
from tutor.world.records import StateChanged

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SOON = NOON + timedelta(minutes=1)


@pytest.fixture(scope="module")
def started() -> Exam:
    """Eight questions, ten minutes."""
    return begin(paper(None, 8, 7), 7, NOON, 10)


def answered(exam: Exam, *, wrong: frozenset[int] = frozenset()) -> Exam:
    """Every question of the first pass answered; rightly, but for the places in ``wrong``."""
    for place, question in enumerate(exam.paper):
        picks = question.right
        if place in wrong:
            others = [i for i in range(len(question.ask.options)) if i not in question.right]
            picks = tuple(reversed(question.right)) if question.kind == "order" else tuple(others[:1])
        for pick in picks:
            exam = update(exam, Pick(pick), SOON)
        exam = update(exam, Next(), SOON)
    return exam


def test_the_first_pass_goes_forward_only(started: Exam) -> None:
    """No way back, no handing in, before all has been seen once."""
    second = update(started, Next(), SOON)
    assert (second.place, second.phase) == (1, FIRST)
    assert update(second, GoTo(0), SOON) == second
    assert update(second, HandIn(), SOON) == second


def test_then_one_looks_over_all_of_it(started: Exam) -> None:
    """It begins where there is doubt: at what was flagged or left open; there, one may go anywhere and change all."""
    exam = update(started, Pick(0), SOON)
    exam = update(exam, Next(), SOON)
    exam = update(update(exam, Flag(), SOON), Pick(1), SOON)
    for _ in range(7):
        exam = update(exam, Next(), SOON)
    assert exam.phase == SECOND
    assert exam.place == 1
    assert 1 not in exam.open_places
    assert 2 in exam.open_places
    changed = update(update(exam, GoTo(0), SOON), Pick(2), SOON)
    assert changed.given[0].picks == (2,)
    assert update(changed, Flag(), SOON).flagged == {0, 1}


def test_handed_in_it_is_over(started: Exam) -> None:
    """Nothing changes any more, and there is a result."""
    done = update(answered(started), HandIn(), SOON)
    assert (done.phase, done.handed_in) == (DONE, SOON)
    assert update(done, Pick(0), SOON) == done
    assert result(done).right == 8
    assert all(right == asked for _, right, asked in result(done).concepts)


@pytest.mark.parametrize("intent", [Pick(0), Flag(), Next(), GoTo(1), HandIn(), Look()])
def test_when_the_time_is_over_it_is_handed_in_as_it_stands(started: Exam, intent: object) -> None:
    """Whatever was wanted came too late; the moment is the end, not when somebody noticed."""
    exam = update(started, Pick(0), SOON)
    late = update(exam, intent, NOON + timedelta(minutes=11))  # type: ignore[arg-type]
    assert late.is_over
    assert late.handed_in == NOON + timedelta(minutes=10)
    assert late.given == exam.given
    assert late.left(NOON + timedelta(hours=1)) == timedelta(0)


def test_the_result_says_what_was_wrong_and_why(started: Exam) -> None:
    """Each wrong answer has its reason in both languages; what was left open is no answer; concepts are counted."""
    exam = answered(started, wrong=frozenset({1, 4}))
    exam = update(replace(exam, given=(*exam.given[:7], replace(exam.given[7], picks=()))), HandIn(), SOON)
    found = result(exam)
    assert [line.place for line in found.lines if not line.is_right] == [2, 5, 8]
    for line in found.lines:
        assert bool(line.why) == (line.place in (2, 5))
        assert all(text["zh"] != text["en"] for text in line.why)
        assert line.right.en
    assert found.lines[7].is_open
    assert sum(asked for _, _, asked in found.concepts) == 8
    shares = [right / asked for _, right, asked in found.concepts]
    assert shares == sorted(shares), "the weakest first"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_can_be_read_back(started: Exam, lang: str) -> None:
    """Commas, quotes and line breaks of the questions do no harm, and nothing is taken for a formula."""
    exam = update(answered(started, wrong=frozenset({0})), HandIn(), SOON)
    rows = list(csv.reader(io.StringIO(as_csv(exam, Words(lang)))))
    assert len(rows) == 9
    assert {len(row) for row in rows} == {6}
    assert [row[5] for row in rows[1:]] == ["0", *["1"] * 7]
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)


def test_the_same_seed_is_the_same_paper(started: Exam) -> None:
    """On every machine; and an exam without questions or time is none."""
    assert [question.id for question in paper(None, 8, 7)] == [question.id for question in started.paper]
    with pytest.raises(ValueError, match="has a question"):
        begin((), 7, NOON, 10)


def test_a_lesson_s_questions_count_for_what_they_are_about() -> None:
    """Each for all the concepts that its author names, else for the first of its lesson; never for "the lesson"."""
    lesson = load_lesson("01-three-way-handshake")
    other: dict[str, tuple[str, ...]] = {"client-is-open": ("RST", "half-open"), "second-segment": ()}
    beats = (
        replace(beat, ask=replace(beat.ask, concepts=other.get(beat.id, beat.ask.concepts))) if beat.ask else beat
        for beat in lesson.beats
    )
    named = replace(lesson, beats=tuple(beats))
    exam = begin(paper(named, 4, 7), 7, NOON, 10)
    done = update(answered(exam), HandIn(), SOON)
    about = {line.about for line in result(done).lines}
    own = {beat.ask.concepts for beat in lesson.beats if beat.ask and beat.id not in other}
    assert about == {(lesson.concepts[0],), ("RST", "half-open"), *own}
    assert {(lesson.concepts[0], 1, 1), ("RST", 1, 1), ("half-open", 1, 1)} < set(result(done).concepts)
    rows = list(csv.reader(io.StringIO(as_csv(done, Words("zh")), newline="")))
    assert "复位，半打开" in [row[2] for row in rows]


def is_same_run(page: Posed, question: Posed) -> bool:
    """Has the same happened on both, as far as the question's own page goes?"""
    ours, theirs = ([step.records for step in each.trace.steps[: question.index + 1]] for each in (page, question))
    return ours == theirs


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lesson", some(lesson_ids(), 22))
def test_no_page_of_an_exam_tells_the_answer_to_another(lesson: str) -> None:
    """An answer may be changed when all pages have been read: the state that is asked for is entered on none of them.

    Whoever learns in a terminal is told at once what was right, and there the author's order stands.
    """
    made = exam_paper([load_lesson(lesson)], 20, 7)
    asked = [question for question in made if question.ask.kind == "next-state"]
    for question in asked:
        entered = next(
            record for _, record in question.trace.records(question.index + 1)
            if isinstance(record, StateChanged) and record.host == question.ask.host
        )  # fmt: skip
        for page in made:
            if page is not question and page.has_run and is_same_run(page, question):
                told = [record for step in page.trace.steps[: page.index + 1] for record in step.records]
                assert entered not in told, f"{page.id} tells {question.id}"
    learned = paper(load_lesson(lesson), 20, 7)
    assert sum(each.scenario is None for each in learned) >= sum(each.scenario is None for each in made) > 0
