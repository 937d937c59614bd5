"""A question of an exam that is over, on the stage: its run at its moment, with what was right and why.

Rules
-----
* A generated question comes on a run of its own; what a lesson's author asks, in that lesson, answered as it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import intents
from tutor.teach.errors import LessonErrors
from tutor.teach.exam import Exam, Line, result
from tutor.teach.generated import Posed
from tutor.teach.lesson import Ask, Text
from tutor.teach.quiz import NOTHING_GIVEN, UNORDERED, Given
from tutor.teach.road import lay_road
from tutor.teach.stage import AT_REST
from tutor.teach.there import CONCEPT
from tutor.teach.written import Writing, WrittenBeat, written
from tutor.words import LANGUAGES, Words, mark

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

TITLE = mark("Question {number} of the exam")
RIGHT = mark("Right: {answer}")


def play(conductor: Conductor, exam: Exam, place: int) -> bool:
    """Bring the question's run to the stage, at its moment. False: its lesson is not there any more."""
    question, line = exam.paper[place], result(exam).lines[place]
    if question.scenario is not None:
        return _play_made(conductor, question, line)
    return _play_lesson(conductor, question, exam.given[place])


def _play_made(conductor: Conductor, question: Posed, line: Line) -> bool:
    assert question.scenario is not None, "a generated question can make its run anew"
    title = {lang: Words(lang).t(TITLE, number=line.place) for lang in LANGUAGES}
    said = {lang: _said(question, line, lang) for lang in LANGUAGES}
    beat = WrittenBeat("begin", "start", title, said)
    lesson = written(Writing("card", title, title, CONCEPT, (beat,), AT_REST), question.scenario)
    conductor.send(intents.OpenLesson(lesson, question.scenario, lay_road(lesson, question.scenario)))
    conductor.send(intents.Seek(question.at))
    return True


def _said(question: Posed, line: Line, lang: str) -> str:
    """What was asked, what is right, and why."""
    words = Words(lang)
    right = words.t(RIGHT, answer=line.right[lang])
    why: tuple[Text, ...] = line.why or tuple(
        option.feedback for place in question.right[:1] if (option := question.ask.options[place]).feedback is not None
    )
    return "\n\n".join([line.prompt[lang], right, *(text[lang] for text in why)])


def _play_lesson(conductor: Conductor, question: Posed, given: Given) -> bool:
    """The lesson at the question, with what was given to it in the exam, what is right, and why."""
    name, _, ask = question.generator.partition("/")
    try:
        lesson = conductor.library.lesson(name)
    except (LessonErrors, FileNotFoundError):
        return False
    conductor.open_lesson(name)
    checks, beats = ([each.id for each in part] for part in (lesson.checks, lesson.beats))
    if ask in checks:
        conductor.send(intents.TakeCheck(checks.index(ask)))
    beat = 0 if ask in checks else beats.index(ask)
    conductor.send(intents.ShowAnswer(beat, as_in_lesson(question, given, conductor.session.lesson.beats[beat].ask)))
    return True


def as_in_lesson(question: Posed, given: Given, ask: Ask | None) -> Given:
    """What was given to a question whose answers stood in another order, as an answer to the lesson's own."""
    places = {option.mark: place for place, option in enumerate(ask.options)} if ask is not None else {}
    marks = [question.ask.options[pick].mark for pick in given.picks]
    if any(mark not in places for mark in marks):
        return NOTHING_GIVEN
    picks = tuple(places[mark] for mark in marks)
    return replace(given, picks=tuple(sorted(picks)) if question.kind in UNORDERED else picks)
