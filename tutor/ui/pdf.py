"""Pictures as PDF: fonts embedded, text that can be selected and searched, the run attached.

Rules
-----
* A page is as large as its picture; one px is 1/96 inch. Outlines know no resolution.
* Letters stay letters, Chinese as well: Qt embeds the part of each font that is used.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter

from tutor.exchange.embedded import ATTACHED, MIME
from tutor.ui import fonts
from tutor.ui.paint import paint_picture
from tutor.view.marks import Picture
from tutor.view.theme import Theme

DPI = 96
FINE = 10
"""Units of the page in a px: Qt rounds clips to whole units."""


def to_pdf(
    pictures: Sequence[Picture], theme: Theme, *, title: str = "", run: str = "", ground: str = "surface"
) -> bytes:
    """Each picture on a page of its own; ``run``: the text of a saved run to attach."""
    fonts.load()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI * FINE)
    writer.setTitle(title)
    writer.setCreator("tcp-tutor")
    attach_run(writer, run)
    _set_page(writer, pictures[0])
    painter = QPainter(writer)
    for place, picture in enumerate(pictures):
        if place:
            _set_page(writer, picture)
            writer.newPage()
        painter.save()
        painter.scale(FINE, FINE)
        if ground:
            painter.fillRect(QRectF(0, 0, picture.width + 1, picture.height + 1), QColor(theme.colour(ground)))
        with fonts.on_paper():
            paint_picture(painter, picture, theme)
        painter.restore()
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def attach_run(writer: QPdfWriter, run: str) -> None:
    """Attach the text of a saved run to a PDF, if there is one: who drops the PDF on the window plays it."""
    if run:
        writer.addFileAttachment(ATTACHED, run.encode(), MIME)


def _set_page(writer: QPdfWriter, picture: Picture) -> None:
    whole = QPageSize.SizeMatchPolicy.ExactMatch
    size = QPageSize(QSizeF(picture.width / DPI, picture.height / DPI), QPageSize.Unit.Inch, "picture", whole)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
