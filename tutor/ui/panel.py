"""Panels: the tabs of the strip under the stage. Each shows one value, and says what a person wants.

Rules
-----
* A panel is asked for its rows only while it is on screen. Equal rows are not shown again.
* ``rows`` and ``picture`` are pure: they call a function that knows sessions and pictures, and no Qt.
* A panel emits intents and names of commands. It never talks to another panel.
"""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from tutor.joining import sentences
from tutor.teach.session import Session
from tutor.ui.canvas import Canvas
from tutor.ui.style import Style
from tutor.view.marks import Picture
from tutor.view.theme import Look


class Panel(QWidget):
    """One tab. ``wanted`` carries an intent, ``commanded`` the id of a command of the registry.

    ``stale``: the panel must be asked again, since its size has changed or something in it was chosen.
    """

    wanted = Signal(object)
    commanded = Signal(str)
    stale = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_now = style
        self._rows: object = None

    def take_focus(self) -> None:
        """A key has opened the panel: take the focus, if one is here to type."""

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``; the rows follow."""
        self.style_now = style
        self._rows = None

    def refresh(self, session: Session, look: Look) -> None:
        """Show what the session says now."""
        rows = self.rows(session, look)
        if self._rows is None or rows != self._rows:
            self._rows = rows
            self.show_rows(rows)

    @abstractmethod
    def rows(self, session: Session, look: Look) -> object:
        """What the panel shows: a value that tells whether anything is different. Nothing behind the horizon."""

    @abstractmethod
    def show_rows(self, rows) -> None:
        """Show this value."""


class ListPanel(Panel):
    """A panel that is one list. A click and Enter choose an item."""

    name = ""
    """What a screen reader calls the list: a message."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.list = QListWidget()
        self.list.viewport().setAutoFillBackground(False)
        self.list.itemActivated.connect(self.choose)
        self.list.itemClicked.connect(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.list.setFont(style.font(14))
        self.list.setAccessibleName(style.words.t(self.name))

    @abstractmethod
    def choose(self, item: QListWidgetItem) -> None:
        """An item was chosen: say what is wanted."""


class PicturePanel(Panel):
    """A panel that is one picture; where the picture is larger than the panel, it scrolls."""

    clicked = Signal(str)
    hovered = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.canvas = Canvas(style)
        self.canvas.clicked.connect(self.clicked)
        self.canvas.hovered.connect(self.hovered)
        self.canvas.menu_wanted.connect(self.menu_wanted)
        self.scroll = QScrollArea()
        self.scroll.setWidget(self.canvas)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.scroll.viewport().setAutoFillBackground(False)
        self.canvas.setAutoFillBackground(False)
        self.scroll.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.scroll)

    def eventFilter(self, watched, event: QEvent) -> bool:
        if watched is self.scroll.viewport() and event.type() == QEvent.Type.Resize:
            self.stale.emit()
        return super().eventFilter(watched, event)

    def take_focus(self) -> None:
        """A key has opened the panel: take the focus, if one is here to type."""

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.canvas.restyle(style)

    def rows(self, session: Session, look: Look) -> Picture:
        room = self.scroll.viewport().size()
        return self.picture(session, (max(80, room.width()), max(40, room.height())), look)

    def show_rows(self, rows: Picture) -> None:
        self.canvas.setFixedSize(round(rows.width), round(rows.height))
        self.canvas.show_picture(rows, self.spoken(rows))

    @abstractmethod
    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        """The picture for a panel of ``size`` px; it may be larger."""

    def spoken(self, picture: Picture) -> str:
        """What a screen reader says of the picture: the titles of its marks, one sentence each."""
        return sentences((title for _, title in picture.titles[:40]), self.style_now.words)
