"""What the exam's page shows, as values: before it, one question of it, and what came of it.

Rules
-----
* A question that is not handed in carries no verdict, and nothing of the run after its moment is named.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.joining import listed, named, sentences
from tutor.teach.exam import SECOND, Exam, Line, Result, result
from tutor.teach.generated import Posed
from tutor.teach.glossary import concept_name, concept_names
from tutor.view.exam import NumberRow, OptionRow, ScoreRow
from tutor.words import Words, mark

QUESTION = "question:"
"""How the mark of a question's number begins."""

HOW: dict[str, str] = {
    "many": mark("Tick all that are right."),
    "order": mark("Pick them in their order, the first one first."),
}
"""Kind -> how it is answered, where one does not pick one."""

RULES = (
    mark("First you go through all questions once, forward. You may leave one open, and flag it."),
    mark("Then you may look over all of them once more, in any order, and change what you like."),
    mark("When the time is over, the exam is handed in as it stands. Nothing says what is right before that."),
    mark("An exam that you leave is gone. If the machine stops instead, it goes on where it stood; the clock runs on."),
)
"""What whoever begins should know."""


@dataclass(frozen=True, slots=True)
class BeginRows:
    """Before it begins: what it can be about (id, title), and whether the paper is being made."""

    lessons: tuple[tuple[str, str], ...]
    is_making: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRows:
    """One question. ``posed`` is for its ladder only, which ends at its moment."""

    posed: Posed
    head: str
    rule: str
    setting: str
    prompt: str
    how: str
    options: tuple[OptionRow, ...]
    numbers: tuple[NumberRow, ...]
    is_flagged: bool
    is_second: bool
    next: str
    """What the way on is called; "": there is none."""


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A question of the result that was not right. ``said`` in Markdown."""

    place: int
    said: str
    replay: str


@dataclass(frozen=True, slots=True)
class ResultRows:
    """What came of it."""

    head: str
    rule: str
    said: str
    scores: tuple[ScoreRow, ...]
    wrong: tuple[WrongRow, ...]
    none: str
    """What stands there when nothing was wrong."""


# --- a question ---


def question_rows(exam: Exam, words: Words) -> QuestionRows:
    """The question on the page."""
    t, lang, question = words.t, words.lang, exam.question
    is_second = exam.phase == SECOND
    count, number = len(exam.paper), exam.place + 1
    if is_second:
        rule = t("Look over all of it: {open} open, {flagged} flagged. Then hand it in.",
                 open=len(exam.open_places), flagged=len(exam.flagged))  # fmt: skip
    else:
        rule = t("First pass, forward only. A question may stay open.")
    is_last = number == count
    return QuestionRows(
        question,
        t("Question {number} of {count}", number=number, count=count),
        rule,
        question.setting[lang],
        question.ask.prompt[lang],
        t(HOW[question.kind]) if question.kind in HOW else "",
        _options(exam, lang),
        _numbers(exam, words) if is_second else (),
        exam.place in exam.flagged,
        is_second,
        "" if is_second and is_last else t("Look over all") if is_last else t("Next question"),
    )


def _options(exam: Exam, lang: str) -> tuple[OptionRow, ...]:
    question, picks = exam.question, exam.here.picks
    is_order = question.kind == "order"
    return tuple(
        OptionRow(
            index + 1, question.label(index, lang), index in picks,
            picks.index(index) + 1 if is_order and index in picks else 0,
        )
        for index in range(len(question.ask.options))
    )  # fmt: skip


def _numbers(exam: Exam, words: Words) -> tuple[NumberRow, ...]:
    t, still_open = words.t, set(exam.open_places)
    rows = []
    for place in range(len(exam.paper)):
        parts = [
            t("question {number}", number=place + 1),
            t("open") if place in still_open else t("answered"),
            t("flagged") if place in exam.flagged else "",
        ]
        rows.append(
            NumberRow(
                f"{QUESTION}{place}", place + 1, listed(filter(None, parts), words),
                place not in still_open, place in exam.flagged, place == exam.place,
            )
        )  # fmt: skip
    return tuple(rows)


# --- the result ---


def result_rows(exam: Exam, words: Words) -> ResultRows:
    """What came of an exam that is handed in."""
    t, found = words.t, result(exam)
    was_late = exam.handed_in is not None and exam.handed_in >= exam.ends
    said = [t("{right} of {count} right", right=found.right, count=len(found.lines))]
    if was_late:
        said.append(t("The time is over: it was handed in as it stood"))
    wrong = tuple(_wrong(line, words) for line in found.lines if not line.is_right)
    return ResultRows(
        t("What came of the exam"),
        named(t("seed"), str(exam.seed), words),
        sentences(said, words),
        score_rows(found, words),
        wrong,
        "" if wrong else t("Nothing was wrong."),
    )


def score_rows(found: Result, words: Words) -> tuple[ScoreRow, ...]:
    """The concepts of a result, the weakest first."""
    rows = []
    for name, right, asked in found.concepts:
        share = words.t("{right} of {count}", right=right, count=asked)
        called = concept_name(name, words)
        rows.append(ScoreRow(f"concept:{name}", called, right, asked, named(called, share, words), share))
    return tuple(rows)


def _wrong(line: Line, words: Words) -> WrongRow:
    t, lang = words.t, words.lang
    given = t("left open") if line.is_open and not line.given[lang] else line.given[lang]
    about = named(str(line.place), concept_names(line.about, words), words)
    parts = [
        f"**{about}**",
        line.prompt[lang],
        named(t("Your answer"), given, words),
        named(t("Right"), line.right[lang], words),
        *(text[lang] for text in line.why),
    ]
    return WrongRow(line.place - 1, "\n\n".join(parts), t("Replay the run of question {number}", number=line.place))
