"""The panels about the hosts: both ends from inside, their variables, queues, sockets and counters.

Rules
-----
* All of them show the moment at the playhead. What is drawn is decided in ``view.hosts``; here is only which picture.
* No information by hover only: what a tooltip says stands below the picture when its mark is clicked.
* Which numbers the variables are told in is the panel's own: it changes nothing but how they read.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tutor.teach.session import Session
from tutor.ui.card import set_ink
from tutor.ui.panel import PicturePanel
from tutor.ui.style import Style
from tutor.view.hosts.ends import ends_picture
from tutor.view.hosts.moment import Moment, moment_of
from tutor.view.hosts.shelves import shelves_picture
from tutor.view.hosts.tables import tables_picture
from tutor.view.hosts.variables import variables_picture
from tutor.view.marks import Picture
from tutor.view.theme import Look


def moment_at(session: Session) -> Moment:
    """The moment at the playhead, as far as it may be known."""
    return moment_of(session.trace, session.playhead, session.sight.focus, horizon=session.horizon)


class NotedPanel(PicturePanel):
    """A picture with a line below it, which says of the mark that was clicked what its tooltip says.

    ``notes``: the kinds of marks (what stands before the colon of an id) that do not say so themselves.
    """

    notes: frozenset[str] = frozenset()

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.layout().addWidget(self.note)
        self.note.hide()

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.note.setFont(style.font(14))
        set_ink(self.note, style, "ink")

    def refresh(self, session: Session, look: Look) -> None:
        super().refresh(session, look)
        kind = look.selection.partition(":")[0]
        said = self.canvas.picture.title(look.selection) if kind in self.notes else ""
        if said != self.note.text():
            self.note.setText(said)
            self.note.setVisible(bool(said))


class Ends(NotedPanel):
    """State, buffers and timers of both ends."""

    notes = frozenset({"timer", "bytes", "flight", "conn"})

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return ends_picture(moment_at(session), size, look)


class VariablesPanel(PicturePanel):
    """Every connection variable of both ends."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.is_absolute = False
        self.canvas.clicked.disconnect(self.clicked)
        self.canvas.clicked.connect(self._click)

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return variables_picture(moment_at(session), size, look, is_absolute=self.is_absolute)

    def _click(self, mark: str) -> None:
        if mark == "numbers":
            self.is_absolute = not self.is_absolute
            self.stale.emit()
        else:
            self.clicked.emit(mark)


class Queues(NotedPanel):
    """SYN queues, accept queues and TIME-WAIT entries as shelves."""

    notes = frozenset({"conn"})

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return shelves_picture(moment_at(session), size, look)


class Sockets(PicturePanel):
    """What ``ss`` and ``nstat`` would print on each host."""

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return tables_picture(moment_at(session), size, look)
