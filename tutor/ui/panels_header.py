"""The panel of the header: the selected segment, or the one that was sent last.

Rules
-----
* The field that is picked is the panel's own business: the session's selection stays on the segment.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.teach import aiming
from tutor.teach.session import Session
from tutor.ui.panel import PicturePanel
from tutor.ui.style import Style
from tutor.view.fields import Specimen, newest, specimen
from tutor.view.header import PREFIX, header
from tutor.view.marks import Picture
from tutor.view.theme import Look


def specimen_of(session: Session) -> Specimen | None:
    """The segment to show: the selected one, else the last one sent at or before the playhead."""
    number = aiming.selected_flight(session)
    if number is None:
        number = newest(session.trace, session.playhead)
    if number is None:
        return None
    return specimen(session.trace, number, session.playhead, session.visible_end)


class HeaderPanel(PicturePanel):
    """Shows a segment; a click picks a field, Esc or a click beside it lets it go."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.field = ""
        self._under = ""
        self.canvas.clicked.disconnect(self.clicked)
        self.canvas.hovered.disconnect(self.hovered)
        self.canvas.clicked.connect(self._pick)
        self.canvas.hovered.connect(self._point)

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return header(specimen_of(session), size, replace(look, hover=self._under), field=self.field)

    def _pick(self, mark: str) -> None:
        self.field = mark if mark.startswith(PREFIX) and mark != self.field else ""
        self.stale.emit()

    def _point(self, mark: str) -> None:
        self._under = mark if mark.startswith(PREFIX) else ""
        self.stale.emit()
