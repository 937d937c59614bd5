"""Taking pictures along: to the clipboard, as text, onto paper. What an open bet hides is hidden there too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtWidgets import QApplication

from tutor.teach.session import Session
from tutor.ui import found_rows, pictures, saying
from tutor.ui.paint import paint_picture, to_image
from tutor.view.cells import plain
from tutor.view.listing import events_about
from tutor.view.marks import Picture
from tutor.view.stamp import stamped
from tutor.view.telling import Style, seconds
from tutor.view.text import WIDEST, text_ladder
from tutor.view.theme import theme
from tutor.words import Words

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from tutor.ui.conductor import Conductor

SIDE_BY_SIDE = ((1152, 1080), (768, 1080))
"""Diagram and timeline as they are copied: together 1920 by 1080 px."""
MOST_LINES = 200
"""Of a list of events so many are copied, the latest ones."""
PAPER = "light"
"""The theme of paper."""
MARGIN = 0.03
"""Of the page's width, between the pictures and round them."""


def ladder_text(session: Session, words: Words) -> str:
    """The timeline in characters; while a bet hides the rest of the run, a list of what has happened."""
    warning = saying.not_tcp_here(session, words)
    head = (warning, "") if warning else ()
    if session.horizon is None:
        lines = text_ladder(session.trace, words, Style(columns=WIDEST))
        return "\n".join((*head, *(plain(line) for line in lines)))
    here = session.trace.index_at(session.playhead)
    rows = events_about(session.trace, here, here, words, before=MOST_LINES, whose=found_rows.whose(session))
    return "\n".join((*head, *(f"{seconds(row.at)}  {row.text}" for row in rows)))


def both(session: Session, words: Words) -> tuple[Picture, Picture]:
    """Diagram and timeline at the playhead."""
    look = pictures.look_of(session, words)
    first, second = SIDE_BY_SIDE
    variant = session.world.variant
    return (
        stamped(lambda size: pictures.diagram_of(session, size, look), first, variant, look),
        stamped(lambda size: pictures.ladder_of(session, size, look), second, variant, look),
    )


def copy_text(conductor: Conductor) -> None:
    """The timeline as text into the clipboard."""
    QApplication.clipboard().setText(ladder_text(conductor.session, conductor.words))
    conductor.window.notice.say(conductor.words.t("The timeline is in the clipboard, as text."))


def copy_picture(conductor: Conductor) -> None:
    """Diagram and timeline side by side into the clipboard."""
    shown = theme(conductor.session.theme)
    parts = [to_image(picture, shown) for picture in both(conductor.session, conductor.words)]
    whole = QImage(sum(part.width() for part in parts), parts[0].height(), QImage.Format.Format_RGB32)
    painter = QPainter(whole)
    left = 0
    for part in parts:
        painter.drawImage(left, 0, part)
        left += part.width()
    painter.end()
    QApplication.clipboard().setImage(whole)
    conductor.window.notice.say(conductor.words.t("Diagram and timeline are in the clipboard, as a picture."))


def print_pictures(conductor: Conductor) -> None:
    """Ask for a printer, and print diagram and timeline on one page."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    printer.setDocName(conductor.session.lesson.title[conductor.session.lang])
    dialog = QPrintDialog(printer, conductor.window)
    session, words = conductor.session, conductor.words
    dialog.accepted.connect(lambda: paint_page(printer, both(session, words)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.setModal(True)
    dialog.show()


def paint_page(printer: QPrinter, shown: tuple[Picture, Picture]) -> None:
    """The pictures side by side on a page, as large as they fit, dark ink on white."""
    painter = QPainter(printer)
    page = QRectF(painter.viewport())
    gap = page.width() * MARGIN
    wide = sum(picture.width for picture in shown)
    scale = min((page.width() - 3 * gap) / wide, (page.height() - 2 * gap) / max(each.height for each in shown))
    left = gap
    for picture in shown:
        painter.save()
        painter.translate(left, gap)
        painter.scale(scale, scale)
        paint_picture(painter, picture, theme(PAPER))
        painter.restore()
        left += picture.width * scale + gap
    painter.end()
