"""The panel of the header: the selected segment, or the one that was sent last.

Rules
-----
* The field that is picked is the panel's own business; with it its segment is selected, if another thing was or none.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF

from tutor.teach import aiming
from tutor.teach.session import Session
from tutor.ui.panel import PicturePanel
from tutor.ui.specimens import specimen_of
from tutor.ui.style import Style
from tutor.view.header import PREFIX, header
from tutor.view.marks import Picture, Rect
from tutor.view.theme import Look


class HeaderPanel(PicturePanel):
    """Shows a segment; a click picks a field, Esc or a click beside it lets it go."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.field = ""
        self._under = self._segment = ""
        self.canvas.clicked.disconnect(self.clicked)
        self.canvas.hovered.disconnect(self.hovered)
        self.canvas.clicked.connect(self._pick)
        self.canvas.hovered.connect(self._point)
        self._revealed = ""
        self.scroll.verticalScrollBar().valueChanged.connect(lambda _value: self.stale.emit())

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        scrolled = float(self.scroll.verticalScrollBar().value())
        under = replace(look, hover=self._under)
        shown = specimen_of(session)
        self._segment = "" if shown is None else f"{aiming.PREFIX}{shown.flight.id}"
        return header(shown, size, under, field=self.field, scrolled=scrolled)

    def show_rows(self, rows: Picture) -> None:
        super().show_rows(rows)
        if self.field != self._revealed:
            self._revealed = self.field
            self._reveal(rows)

    def _reveal(self, picture: Picture) -> None:
        """Scroll to the field that is picked, unless it can be seen already: it may have been picked by a key."""
        boxes = [mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id == self.field]
        seen = QRectF(self.canvas.visibleRegion().boundingRect())
        if boxes and not any(seen.contains(QRectF(box.x, box.y, box.w, box.h)) for box in boxes):
            first = boxes[0]
            middle = (round(first.x + first.w / 2), round(first.y + first.h / 2))
            self.scroll.ensureVisible(*middle, 40, round(first.h / 2) + 8)

    def _pick(self, mark: str) -> None:
        self.field = mark if mark.startswith(PREFIX) and mark != self.field else ""
        if self.field and self._segment:
            self.clicked.emit(self._segment)
        self.stale.emit()

    def _point(self, mark: str) -> None:
        self._under = mark if mark.startswith(PREFIX) else ""
        self.stale.emit()
