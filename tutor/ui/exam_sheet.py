"""The result of an exam on paper: the score, by concept as bars, and every answer that was not right.

Rules
-----
* It says what paper it was (seed, number of questions, time), so that the same can be set again.
* Letters stay letters: fonts are embedded, Chinese as well.
"""

from __future__ import annotations

from pathlib import Path

from tutor.joining import named
from tutor.teach.exam import Exam, Line, result
from tutor.teach.glossary import concept_names
from tutor.ui import sheet
from tutor.ui.exam_rows import score_rows
from tutor.ui.paging import GAP, Pages, pages, picture_piece
from tutor.view.exam import ScoreRow, score
from tutor.view.theme import Look, theme
from tutor.words import Words


def write(path: Path, exam: Exam, words: Words) -> None:
    """Write the result of an exam that is handed in. Raises ``OSError`` where the file cannot be written."""
    t, found = words.t, result(exam)
    with pages(path, title(exam, words), words) as page:
        page.put(sheet.text_of(_heading(exam, words, found.right)))
        _score(page, score_rows(found, words), words)
        wrong = [line for line in found.lines if not line.is_right]
        page.put(sheet.text_of([(t("What was not right") if wrong else t("Nothing was wrong."), "head")]))
        for line in wrong:
            page.put(sheet.text_of(_line(line, words)))


def _score(page: Pages, rows: tuple[ScoreRow, ...], words: Words) -> None:
    """The bars, each by itself: of many some go over the page."""
    look, light = Look(words.lang, "light", 0.9, words=words), theme("light")
    for row in rows:
        piece = picture_piece(score((row,), (page.width, 10.0), look), light)
        page.put_piece(piece, GAP if row is rows[-1] else 0.0)


def title(exam: Exam, words: Words) -> str:
    """What the sheet is called."""
    return words.t("Exam {seed}", seed=exam.seed)


def _heading(exam: Exam, words: Words, right: int) -> list[sheet.Piece]:
    t, count = words.t, len(exam.paper)
    assert exam.handed_in is not None, "a sheet is one of an exam that is handed in"
    minutes = round((exam.handed_in - exam.begun).total_seconds() / 60)
    return [
        (title(exam, words), "head"),
        (t("Name: ______________________    Date: ______________"), "body"),
        (t("{right} of {count} right", right=right, count=count), "bold"),
        (
            t("Handed in after {minutes} of {all} minutes, {open} questions left open.",
              minutes=minutes, all=round(exam.lasts.total_seconds() / 60), open=len(exam.open_places)),
            "body",
        ),
    ]  # fmt: skip


def _line(line: Line, words: Words) -> list[sheet.Piece]:
    t, lang = words.t, words.lang
    given = line.given[lang] or t("left open")
    return [
        (named(str(line.place), concept_names(line.about, words), words), "bold"),
        (line.prompt[lang], "body"),
        (named(t("Your answer"), given, words), "item"),
        (named(t("Right"), line.right[lang], words), "item"),
        *((text[lang], "item") for text in line.why),
    ]
