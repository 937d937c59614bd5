"""Pages of A4: pieces of words and pictures, one below the other, none torn, none clipped.

Rules
-----
* A piece that does not fit on the rest of a page is set smaller, as far as it may be (``least``), or begins the next
  one; one that is longer than a page is set smaller. What belongs together (a heading and what it heads) is one piece.
* What is left of a page is ruled for notes, where somebody may want to write (``notes``).
* Letters stay letters: fonts are embedded, Chinese as well. The file is there whole, or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen, QTextDocument

from tutor.exchange.embedded import MIME
from tutor.exchange.whole import write_whole
from tutor.joining import named
from tutor.ui import fonts
from tutor.ui.paint import paint_picture
from tutor.ui.pdf import as_written
from tutor.view.marks import Picture
from tutor.view.theme import Theme
from tutor.words import Words

DPI = 96
"""Layout is in pixels of this size; outlines know no resolution."""
FINE = 10
"""Units of the page in a pixel: Qt rounds clips to whole units."""

MARGIN = 48
GAP = 22
FOOT = 11
"""Height of the letters at the foot of a page."""
LINE, LEAST_NOTES = 34.0, 130.0
"""Px from one line for notes to the next, and the room that has any."""
PALE = "#8a8f98"
"""Colour of the lines for notes: print and photocopiers keep it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to put on a page: how wide and high it is (px), and how to paint it at the painter's origin."""

    width: float
    height: float
    paint: Callable[[QPainter], None]
    is_centred: bool = False
    """Does it stand in the middle where it has been made smaller?"""


def words_piece(document: QTextDocument, width: float) -> Piece:
    """Words, wrapped to ``width`` px."""
    document.setTextWidth(width)
    return Piece(width, document.size().height(), document.drawContents)


def picture_piece(picture: Picture, theme: Theme, width: float | None = None, *, has_ground: bool = False) -> Piece:
    """A picture, scaled to ``width`` px unless None; ``has_ground``: on the colour of its theme."""
    scale = 1.0 if width is None else width / picture.width

    def paint(painter: QPainter) -> None:
        painter.scale(scale, scale)
        if has_ground:
            painter.fillRect(QRectF(0, 0, picture.width, picture.height), QColor(theme.colour("surface")))
        paint_picture(painter, picture, theme)

    return Piece(picture.width * scale, picture.height * scale, paint, is_centred=True)


def stacked(pieces: Sequence[Piece], gap: float = 8.0) -> Piece:
    """Pieces that stay together, one below the other."""

    def paint(painter: QPainter) -> None:
        for piece in pieces:
            painter.save()
            piece.paint(painter)
            painter.restore()
            painter.translate(0, piece.height + gap)

    height = sum(piece.height for piece in pieces) + gap * (len(pieces) - 1)
    return Piece(max(piece.width for piece in pieces), height, paint)


def beside(left: Piece, right: Piece, gap: float) -> Piece:
    """Two pieces, one beside the other."""

    def paint(painter: QPainter) -> None:
        painter.save()
        left.paint(painter)
        painter.restore()
        painter.translate(left.width + gap, 0)
        right.paint(painter)

    return Piece(left.width + gap + right.width, max(left.height, right.height), paint)


@contextmanager
def pages(path: Path, title: str, words: Words, runs: Mapping[str, str] | None = None) -> Iterator[Pages]:
    """A file of A4 pages to put pieces on; ``runs``: name -> text of saved runs to attach.

    Raises ``OSError`` where it cannot be written.
    """
    offscreen()
    fonts.load()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI * FINE)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    writer.setTitle(title)
    writer.setCreator("tcp-tutor")
    for name, text in (runs or {}).items():
        writer.addFileAttachment(name, text.encode(), MIME)
    painter = QPainter(writer)
    try:
        with fonts.on_paper():
            made = Pages(writer, painter, title, words)
            yield made
            made.close()
    finally:
        painter.end()
    buffer.close()
    write_whole(path, as_written(bytes(buffer.data().data())))


class Pages:
    """Puts one piece below the other, and turns the page in time."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, title: str, words: Words) -> None:
        self.writer, self.painter, self.title, self.words = writer, painter, title, words
        area = writer.pageLayout().fullRectPixels(DPI)
        self.width, self.bottom = area.width() - 2 * MARGIN, area.height() - MARGIN - 24
        self.y, self.number = float(MARGIN), 1
        self.notes = ""
        """What heads the lines for notes; "": there are none."""

    def put(self, document: QTextDocument) -> None:
        """Words, as wide as the page."""
        self.put_piece(words_piece(document, self.width))

    def put_picture(self, picture: Picture, theme: Theme) -> None:
        """A picture as large as it is."""
        self.put_piece(picture_piece(picture, theme))

    def put_piece(self, piece: Piece, gap: float = GAP, least: float = 1.0) -> None:
        """The next piece, with so much room below it; ``least``: how small it may be made to end this page."""
        whole = min(1.0, (self.bottom - MARGIN) / piece.height)
        scale = min(whole, (self.bottom - self.y) / piece.height)
        if scale < min(whole, least) and self.y > MARGIN:
            self.turn()
            scale = whole
        with self._at(self.y):
            self.painter.translate((self.width - piece.width * scale) / 2 if piece.is_centred else 0, 0)
            self.painter.scale(scale, scale)
            piece.paint(self.painter)
        self.y += piece.height * scale + gap

    @contextmanager
    def _at(self, y: float) -> Iterator[None]:
        """The painter's origin at the left margin and ``y``, in pixels."""
        self.painter.save()
        self.painter.scale(FINE, FINE)
        self.painter.translate(MARGIN, y)
        yield
        self.painter.restore()

    @property
    def is_fresh(self) -> bool:
        """Is there nothing on this page yet?"""
        return self.y <= MARGIN

    def turn(self) -> None:
        """The next page."""
        self.close()
        self.writer.newPage()
        self.y, self.number = float(MARGIN), self.number + 1

    def close(self) -> None:
        """Write the number of the page."""
        self._rule()
        with self._at(self.bottom + 8):
            self.painter.setFont(fonts.ui(FOOT))
            foot = named(self.title, str(self.number), self.words)
            self.painter.drawText(QRectF(0, 0, self.width, 16), 0, foot)

    def _rule(self) -> None:
        """Lines for notes on what is left of the page, if that is worth while."""
        if not self.notes or self.is_fresh or self.bottom - self.y < LEAST_NOTES:
            return
        with self._at(self.y):
            self.painter.setFont(fonts.ui(FOOT))
            self.painter.setPen(QPen(QColor(PALE), 0))
            self.painter.drawText(QRectF(0, 0, self.width, 16), 0, self.notes)
            y = LINE
            while self.y + y <= self.bottom:
                self.painter.drawLine(QLineF(0, y, self.width, y))
                y += LINE


def offscreen() -> None:
    """Make the one application, without a display where there is none."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tutor.ui.app import application

    application()
