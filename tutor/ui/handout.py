"""A handout on A4: the beats of a lecture with their pictures and words, its questions, and the key to them.

Rules
-----
* Questions stand before the beats, the key behind all: each part begins a page, so that it can be handed out alone.
* A round of questions begins a page (``teach.handout``): no question's picture shows how an earlier one was answered.
* A picture ends at its moment. The runs are attached: the PDF dropped on the window plays them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QFontMetricsF, QTextBlockFormat, QTextCursor, QTextDocument

from tutor.joining import named
from tutor.teach.gift import key_of
from tutor.teach.handout import Leaf, Query, rounds
from tutor.ui import fonts, sheet
from tutor.ui.dressing import dressed
from tutor.ui.paging import Pages, Piece, beside, pages, picture_piece, stacked, words_piece
from tutor.ui.style import Style
from tutor.view.diagram import Rest, diagram
from tutor.view.ladder import ladder
from tutor.view.marks import Picture, Rect
from tutor.view.stamp import stamped
from tutor.view.theme import Look, theme
from tutor.words import Words
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

TEXT, HEAD, TITLE = 13, 17, 24
"""Heights of letters in px: words, the heading of a part, the title."""

LADDER, ASKED = (580.0, 400.0), (580.0, 260.0)
DIAGRAM, WHOLE = (1000.0, 670.0), (900.0, 940.0)
"""How large a picture is laid out (px) before it is scaled to its place.

``ASKED``: the ladder beside a question: only the last stretch, as what came long before may answer another question.
``WHOLE``: the ladder of a run by itself.
"""
SHARE = 0.62
"""How much of the page's width a ladder gets beside its words."""
ROW_LEAST, DIAGRAM_LEAST = 0.9, 0.6
"""How small a beat and a diagram may be made to end a page instead of leaving its rest empty."""
BETWEEN = 16.0
BELOW = 56.0
"""Room on a ladder below its moment: what is not known yet needs none."""
LETTERS = sheet.LETTERS
APART = "\u2003"
"""Between an answer's letter and its words: a space of one em, which Markdown keeps."""


@dataclass(frozen=True, slots=True)
class Handout:
    """What is to be printed. ``beats``, ``queries``: none of them, no such part. ``runs``: saved runs to attach."""

    title: str
    under: str
    beats: tuple[Leaf, ...]
    queries: tuple[Query, ...]
    has_key: bool
    runs: Mapping[str, str]


def write(path: Path, handout: Handout, words: Words, theme_name: str) -> None:
    """Write it. Raises ``OSError`` where the file cannot be written; then what was there is as it was."""
    with pages(path, handout.title, words, handout.runs) as page:
        page.notes = words.t("Room for notes")
        paper = _Paper(page, words, theme_name)
        paper.begin(handout)
        paper.questions(handout.queries)
        paper.beats(handout.beats, is_first=not handout.queries)
        if handout.has_key:
            paper.key(handout.queries)
        page.notes = page.notes if handout.beats and not handout.has_key else ""


class _Paper:
    """Puts the parts of a handout on pages."""

    def __init__(self, page: Pages, words: Words, theme_name: str) -> None:
        self.page, self.words, self.theme = page, words, theme(theme_name)
        self.style = Style("light", words.lang, 1.0, words)
        self.look = Look(words.lang, theme_name, 1.0, motion="reduced", words=words)
        self.wide = page.width * SHARE
        self.narrow = page.width - self.wide - BETWEEN

    # --- pieces ---

    def said(self, markdown: str, width: float, size: float = TEXT) -> Piece:
        return words_piece(dressed(markdown, self.style, size), width)

    def head(self, text: str, size: float = HEAD) -> Piece:
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(fonts.ui(size, 700))
        document.setPlainText(text)
        return words_piece(document, self.page.width)

    def ladder(self, trace: Trace, at: int, width: float, size: tuple[float, float] = LADDER) -> Piece:
        tempo = Tempo.of(trace, at)

        def make(room: tuple[float, float]) -> Picture:
            return ladder(trace, at, room, self.look, tempo=tempo, horizon=at)

        wide, high = size
        lower = _moment_on(make(size)) + BELOW
        if lower < high and _moment_on(make((wide, lower))) + BELOW <= lower + 1:
            high = lower
        return self.picture(make, (wide, high), trace, at, width)

    def diagram(self, trace: Trace, at: int) -> Piece:
        tempo = Tempo.of(trace, at)

        def make(size: tuple[float, float]) -> Picture:
            return diagram(trace, at, size, self.look, horizon=at, tempo=tempo, rest=Rest(at, math.inf))

        return self.picture(make, DIAGRAM, trace, at, self.page.width)

    def picture(self, make, size: tuple[float, float], trace: Trace, at: int, width: float) -> Piece:
        """A picture in its place; of a broken protocol it says so."""
        variant = trace.steps[trace.index_at(at)].world.variant
        made = stamped(make, size, variant, self.look)
        return picture_piece(made, self.theme, width, has_ground=self.theme.name != "light")

    # --- parts ---

    def begin(self, handout: Handout) -> None:
        """The title, and what it is about."""
        pieces = [self.head(handout.title, TITLE)]
        pieces += [self.said(handout.under, self.page.width)] if handout.under else []
        if handout.queries:
            blank = self.words.t("Name: ______________________    Date: ______________")
            pieces.append(self.said(blank, self.page.width))
        self.page.put_piece(stacked(pieces))

    def beats(self, leaves: Sequence[Leaf], *, is_first: bool) -> None:
        """Each beat: its words beside the ladder; at the end of a part the diagram of where it has led."""
        if leaves and not is_first:
            self.page.turn()
        for leaf in leaves:
            row = self.beat(leaf)
            self.page.put_piece(stacked([self.head(leaf.part), row], 12.0) if leaf.part else row, least=ROW_LEAST)
            if leaf.is_last:
                self.page.put_piece(self.diagram(leaf.trace, leaf.at), least=DIAGRAM_LEAST)

    def beat(self, leaf: Leaf) -> Piece:
        """The words of a beat beside its ladder; a run without words has the page to itself."""
        if not leaf.title:
            return self.ladder(leaf.trace, leaf.at, self.page.width, WHOLE)
        told = self.said(f"**{leaf.title}**\n\n{leaf.words}", self.narrow)
        return beside(told, self.ladder(leaf.trace, leaf.at, self.wide), BETWEEN)

    def questions(self, queries: Sequence[Query]) -> None:
        """Round by round, each on pages of its own."""
        number = 1
        every = list(rounds(queries))
        for place, group in enumerate(every):
            if place:
                self.page.turn()
            pieces = [self.head(self.words.t("Sheet of questions") if not place else self.words.t("And then"))]
            if place + 1 < len(every):
                hint = self.words.t("Answer this part before you turn the page: what comes there gives answers away.")
                pieces.append(self.said(hint, self.page.width))
            for query in group:
                pieces.append(self.question(number, query))
                self.page.put_piece(stacked(pieces, 12.0))
                pieces, number = [], number + 1

    def question(self, number: int, query: Query) -> Piece:
        """What to know, then what is asked beside the picture. Tables need the whole width."""
        posed = query.posed
        title = " › ".join(part for part in (query.about, query.title) if part)
        known = self.said(f"**{named(str(number), title, self.words)}**\n\n{query.words}", self.page.width)
        asking: list[sheet.Piece] = [(query.prompt, "bold")]
        options: list[sheet.Piece] = []
        labels = [] if posed is None else [posed.label(i, self.words.lang) for i in range(len(posed.ask.options))]
        for letter, label in zip(LETTERS, labels, strict=False):
            options += sheet.option(letter, label)
        if posed is None:
            options = [("\n".join(["_" * 30] * 8), "body")]
        elif posed.kind == "order":
            options.append((self.words.t("Order: {places}", places="__ → " * (len(posed.right) - 1) + "__"), "body"))
        is_table = any(how == "mono" for _, how in options)
        left = words_piece(sheet.text_of(asking if is_table else asking + options), self.narrow)
        rows = [known, beside(left, self.ladder(query.trace, query.at, self.wide, ASKED), BETWEEN)]
        if is_table:
            rows.append(words_piece(sheet.text_of(options), self.page.width))
        return stacked(rows, 10.0)

    def key(self, queries: Sequence[Query]) -> None:
        """The right answers, and why each option is right or wrong."""
        if not self.page.is_fresh:
            self.page.turn()
        self.page.notes = ""
        t = self.words.t
        heading = [
            self.head(t("Key")),
            self.said(t("Each run of which it says “play” has its line: type it in a terminal."), self.page.width),
        ]
        for number, query in enumerate(queries, 1):
            self.page.put_piece(stacked([*heading, words_piece(self.answer(number, query), self.page.width)], 12.0))
            heading = []

    def answer(self, number: int, query: Query) -> QTextDocument:
        posed, lang = query.posed, self.words.lang
        if posed is None:
            points = [f"- {point}" for point in query.points]
            said = [f"**{named(str(number), query.prompt, self.words)}**", "", *points]
            return dressed("\n".join(said), self.style, TEXT)
        lines = [f"**{named(str(number), key_of(posed, self.words), self.words)}**", ""]
        for letter, option in zip(LETTERS, posed.ask.options, strict=False):
            if option.feedback is None:
                continue
            lines += [f"**{letter}**{APART}{option.feedback[lang]}", ""]
            place = posed.ask.options.index(option)
            lines += [f"`{posed.replays[place]}`", ""] if option.plays is not None and posed.replays else []
        return _hung(dressed("\n".join(lines), self.style, TEXT), self.style)


def _hung(document: QTextDocument, style: Style) -> QTextDocument:
    """Everything but the first line hangs below the words of its answer, not below the letter."""
    by = QFontMetricsF(style.font(TEXT, 700)).horizontalAdvance("B") + QFontMetricsF(
        style.font(TEXT)
    ).horizontalAdvance(APART)
    block = document.begin().next()
    while block.isValid():
        shape = QTextBlockFormat()
        shape.setLeftMargin(by)
        shape.setTextIndent(-by if block.text()[1:2] == APART else 0)
        QTextCursor(block).mergeBlockFormat(shape)
        block = block.next()
    return document


def _moment_on(picture: Picture) -> float:
    """How far down a ladder its moment lies (px)."""
    marks = (mark for layer in picture.layers for mark in layer.marks)
    cursor = next((mark for mark in marks if isinstance(mark, Rect) and mark.id == "cursor"), None)
    return picture.height if cursor is None else cursor.y + cursor.h / 2
