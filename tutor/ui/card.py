"""The frame round a region of the window: a head, room for a legend or a button, and the region."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tutor.ui.style import Style


class Card(QFrame):
    """A rounded frame with a section head."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.style_now = style
        self.head = QLabel()
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.top = QHBoxLayout()
        self.top.addWidget(self.head, 1)
        self.body = QVBoxLayout(self)
        self.body.addLayout(self.top)

    def restyle(self, style: Style) -> None:
        """Take sizes and fonts from ``style``."""
        self.style_now = style
        self.head.setFont(style.head_font())
        set_ink(self.head, style, "ink2")
        self.body.setContentsMargins(style.px(14), style.px(10), style.px(14), style.px(10))
        self.body.setSpacing(style.px(8))

    def say(self, head: str) -> None:
        """Set the section head."""
        self.head.setText(self.style_now.head(head))
        self.setAccessibleName(head)


def set_ink(widget: QWidget, style: Style, role: str) -> None:
    """Write the text of a label in the colour of a role."""
    palette = widget.palette()
    palette.setColor(widget.foregroundRole(), style.colour(role))
    widget.setPalette(palette)
