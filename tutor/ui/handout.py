"""A handout on A4: the beats of a lecture with their pictures and words, its questions, and the key to them.

Rules
-----
* Questions stand before the beats, the key behind all: each part begins a page, so that it can be handed out alone.
* A round of questions begins a page (``teach.handout``): no question's picture shows how an earlier one was answered.
* A picture ends at its moment. The run of a lesson is attached: the PDF dropped on the window plays it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QTextDocument

from tutor.joining import listed, named
from tutor.teach.gift import key_of
from tutor.teach.handout import Leaf, Query, rounds
from tutor.ui import fonts, sheet
from tutor.ui.dressing import dressed
from tutor.ui.paging import Pages, Piece, beside, pages, picture_piece, stacked, words_piece
from tutor.ui.style import Style
from tutor.view.diagram import Rest, diagram
from tutor.view.ladder import ladder
from tutor.view.marks import Picture
from tutor.view.stamp import stamped
from tutor.view.theme import Look, theme
from tutor.words import Words
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

TEXT, HEAD, TITLE = 13, 17, 24
"""Heights of letters in px: words, the heading of a part, the title."""

LADDER, DIAGRAM = (580.0, 400.0), (1000.0, 590.0)
"""How large a picture is laid out (px) before it is scaled to its place."""
SHARE = 0.62
"""How much of the page's width a ladder gets beside its words."""
BETWEEN = 16.0
LETTERS = sheet.LETTERS


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
        paper = _Paper(page, words, theme_name)
        paper.begin(handout)
        paper.questions(handout.queries)
        paper.beats(handout.beats)
        if handout.has_key:
            paper.key(handout.queries)


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

    def ladder(self, trace: Trace, at: int, width: float) -> Piece:
        tempo = Tempo.of(trace, at)

        def make(size: tuple[float, float]) -> Picture:
            return ladder(trace, at, size, self.look, tempo=tempo, horizon=at)

        return self.picture(make, LADDER, trace, at, width)

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

    def beats(self, leaves: Sequence[Leaf]) -> None:
        """Each beat: its words beside the ladder; at the end of a part the diagram of where it has led."""
        if leaves and leaves[0].part and self.page.number > 1 and not self.page.is_fresh:
            self.page.turn()
        for leaf in leaves:
            row = beside(self.told(leaf.title, leaf.words), self.ladder(leaf.trace, leaf.at, self.wide), BETWEEN)
            self.page.put_piece(stacked([self.head(leaf.part), row], 12.0) if leaf.part else row)
            if leaf.is_last:
                self.page.put_piece(self.diagram(leaf.trace, leaf.at))

    def told(self, title: str, markdown: str) -> Piece:
        said = f"**{title}**\n\n{markdown}" if title else markdown
        return self.said(said, self.narrow)

    def questions(self, queries: Sequence[Query]) -> None:
        """Round by round, each on pages of its own."""
        number = 1
        every = list(rounds(queries))
        for place, group in enumerate(every):
            if place:
                self.page.turn()
            pieces = [self.head(self.words.t("Questions") if not place else self.words.t("And then"))]
            if place + 1 < len(every):
                hint = self.words.t("Answer this part before you turn the page: what comes there gives answers away.")
                pieces.append(self.said(hint, self.page.width))
            for query in group:
                pieces.append(self.question(number, query))
                self.page.put_piece(stacked(pieces, 12.0))
                pieces, number = [], number + 1
        if queries:
            self.page.turn()

    def question(self, number: int, query: Query) -> Piece:
        """What to know, then what is asked beside the picture. Tables need the whole width."""
        posed = query.posed
        title = listed([part for part in (query.about, query.title) if part], self.words)
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
        rows = [known, beside(left, self.ladder(query.trace, query.at, self.wide), BETWEEN)]
        if is_table:
            rows.append(words_piece(sheet.text_of(options), self.page.width))
        return stacked(rows, 10.0)

    def key(self, queries: Sequence[Query]) -> None:
        """The right answers, and why each option is right or wrong."""
        if not self.page.is_fresh:
            self.page.turn()
        heading = [self.head(self.words.t("Key"))]
        for number, query in enumerate(queries, 1):
            self.page.put_piece(stacked([*heading, words_piece(self.answer(number, query), self.page.width)], 12.0))
            heading = []

    def answer(self, number: int, query: Query) -> QTextDocument:
        posed, lang = query.posed, self.words.lang
        if posed is None:
            return dressed(
                "\n".join([f"**{named(str(number), query.prompt, self.words)}**", "", *(f"- {p}" for p in query.points)]),
                self.style, TEXT,
            )  # fmt: skip
        lines = [f"**{named(str(number), key_of(posed, self.words), self.words)}**", ""]
        for letter, option in zip(LETTERS, posed.ask.options, strict=False):
            if option.feedback is not None:
                lines += [f"**{letter}**  {option.feedback[lang]}", ""]
        return dressed("\n".join(lines), self.style, TEXT)
