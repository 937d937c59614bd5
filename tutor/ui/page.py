"""A page covers the window: a line at the top, cards below it, and everything of the stage behind it.

Rules
-----
* It shows rows and says what was wanted. What it covers goes on existing, and grows and shrinks with it.
* Tab goes round within the page.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from tutor.ui import focus
from tutor.ui.button import Button
from tutor.ui.style import Style
from tutor.ui.window import Window


class Page(QWidget):
    """One page. ``wanted`` carries an intent of what it shows, ``commanded`` a command's id.

    A kind of page names its ``topic`` in the manual and the commands that mean something on it alone (``own``); it
    lays itself out in ``share`` and draws its pictures in ``draw``.
    """

    wanted = Signal(object)
    commanded = Signal(str)
    topic = ""
    own: frozenset[str] = frozenset()

    def __init__(self, style: Style, window: Window) -> None:
        super().__init__(window)
        self.setObjectName("root")
        self.setProperty("topic", self.topic)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.style_now = style
        self.head, self.rule = QLabel(), QLabel()
        self.rule.setWordWrap(True)
        self.close_button = Button()
        self.close_button.clicked.connect(lambda: self.commanded.emit(self.topic))
        self.top, self.row = QHBoxLayout(), QHBoxLayout()
        self.top.addWidget(self.head)
        self.top.addWidget(self.rule, 1)

    def cover(self, *between: QWidget) -> None:
        """Cover the window: the line, what stands ``between``, the row of cards. Last, when all parts are there."""
        column = QVBoxLayout(self)
        column.addLayout(self.top)
        for part in between:
            column.addWidget(part)
        column.addLayout(self.row, 1)
        window = self.parentWidget()
        window.installEventFilter(self)
        self.setGeometry(window.rect())

    def set_gaps(self, *layouts: QBoxLayout) -> None:
        """The distances round the page, and between what is in its layouts and in these."""
        style = self.style_now
        self.layout().setContentsMargins(*(style.px(12),) * 4)
        for layout in (self.layout(), self.row, *layouts):
            layout.setSpacing(style.px(10))

    def lets_close(self) -> bool:
        """May the window be closed now? A page that says no asks whoever closes it, and closes it then."""
        return True

    def share(self) -> None:
        """Give each part its room."""

    def draw(self) -> None:
        """Draw the pictures for the room they have."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        return super().eventFilter(watched, event)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.share()
        self.layout().activate()
        self.draw()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return focus.around(self, is_forward=is_next)


def scrolling(inner: QWidget) -> QScrollArea:
    """A part of a page that scrolls, up and down only, where it has less room than it needs."""
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area
