"""A paper to print: questions on A4, with or without the key behind them.

Rules
-----
* No question is torn (``paging``). The key stands on pages of its own, so that it can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextCursor, QTextDocument

from tutor.joining import named
from tutor.teach.generated import Posed
from tutor.teach.gift import Ladder, key_of
from tutor.teach.glossary import concept_names
from tutor.ui import fonts
from tutor.ui.paging import pages
from tutor.view.cells import width
from tutor.words import Words

LETTERS = "ABCDEFGH"

BODY, SMALL, HEAD = 13, 11, 20
"""Heights of letters, in pixels."""


def write(path: Path, title: str, questions: Sequence[Posed], words: Words, ladder: Ladder, *, with_key: bool) -> None:
    """Write the paper. Raises ``OSError`` where the file cannot be written."""
    with pages(path, title, words) as page:
        page.put(_heading(title, words))
        for number, question in enumerate(questions, 1):
            page.put(_question(number, question, words, ladder))
        if with_key:
            page.turn()
            page.put(text_of([(words.t("Key"), "head")]))
            for number, question in enumerate(questions, 1):
                page.put(_key(number, question, words))


# --- the pieces ---

Piece = tuple[str, str]
"""(text, how it is set: head, body, bold, mono, item)."""


def _heading(title: str, words: Words) -> QTextDocument:
    return text_of([(title, "head"), (words.t("Name: ______________________    Date: ______________"), "body")])


def _question(number: int, question: Posed, words: Words, ladder: Ladder) -> QTextDocument:
    lang = words.lang
    pieces: list[Piece] = [(named(str(number), concept_names(question.about, words), words), "bold")]
    pieces += [(part, "body") for part in question.setting[lang].split("\n\n")]
    drawn = ladder(question)
    pieces += [(drawn, "mono")] if drawn else []
    pieces.append((question.ask.prompt[lang], "bold"))
    for i in range(len(question.ask.options)):
        pieces += option(LETTERS[i], question.label(i, lang))
    if question.kind == "order":
        pieces.append((words.t("Order: {places}", places="____ → " * (len(question.right) - 1) + "____"), "body"))
    return text_of(pieces)


def option(letter: str, label: str) -> Iterator[Piece]:
    """An answer on offer, with its box; a table line by line."""
    if label.startswith("```"):
        yield f"☐ {letter}", "item"
        yield label.strip("`").strip("\n"), "mono"
    else:
        yield f"☐ {letter}   {label}", "item"


def _key(number: int, question: Posed, words: Words) -> QTextDocument:
    pieces: list[Piece] = [(named(str(number), key_of(question, words), words), "bold")]
    for i, option in enumerate(question.ask.options):
        if option.feedback is not None:
            pieces.append((f"{LETTERS[i]}   {option.feedback[words.lang]}", "item"))
            pieces += [(f"`{question.replays[i]}`", "item")] if question.replays and question.replays[i] else []
    return text_of(pieces)


def text_of(pieces: Sequence[Piece]) -> QTextDocument:
    """A piece of a page: its paragraphs, each set in its way."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(fonts.ui(BODY))
    cursor = QTextCursor(document)
    for place, (text, how) in enumerate(pieces):
        if place:
            cursor.insertBlock()
        block = cursor.blockFormat()
        block.setBottomMargin(5 if how != "mono" else 8)
        hang = _hang(text) if how == "item" else 0.0
        block.setLeftMargin((14 if how in ("item", "mono") else 0) + hang)
        block.setTextIndent(-hang)
        block.setNonBreakableLines(how == "mono")
        cursor.setBlockFormat(block)
        _put(cursor, text, how)
    return document


def _hang(text: str) -> float:
    """How far the further lines of an answer hang in (px): they begin below its words, not below its letter."""
    letter = _LETTER.match(text)
    return QFontMetricsF(fonts.ui(BODY)).horizontalAdvance(letter[0]) if letter is not None else 0.0


_LETTER = re.compile(rf"(?:☐ )?[{LETTERS}]   ")


def _put(cursor: QTextCursor, text: str, how: str) -> None:
    """A text with code in its own letters; a picture of characters line by line."""
    if how == "mono":
        for piece, spacing in _in_cells(text.replace("\n", "\u2028")):
            font = fonts.mono(SMALL)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
            cursor.insertText(piece, _format(font))
        return
    weight, px = (650, BODY) if how == "bold" else (700, HEAD) if how == "head" else (400, BODY)
    for place, piece in enumerate(text.split("`")):
        said = piece if place % 2 else _STRESS.sub("", piece)
        cursor.insertText(said, _format(fonts.mono(px - 1) if place % 2 else fonts.ui(px, weight)))


_STRESS = re.compile(r"(?<!\s)\*+|\*+(?!\s)")
"""The stars around stressed words; one with room on both sides is a star."""


def _in_cells(text: str) -> Iterator[tuple[str, float]]:
    """The text in pieces, and the room behind each of their letters that makes it one cell wide, or two."""
    metrics = QFontMetricsF(fonts.mono(SMALL))
    cell = metrics.horizontalAdvance("0")

    def missing(letter: str) -> float:
        return 0.0 if letter == "\u2028" else round(width(letter) * cell - metrics.horizontalAdvance(letter), 2)

    for spacing, letters in groupby(text, missing):
        yield "".join(letters), spacing


def _format(font: QFont) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(font)
    return made
