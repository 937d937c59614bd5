"""Buttons that leave the one-key commands alone.

Rules
-----
* A click never takes the focus, so Space goes on meaning play. Reached with Tab, a button answers Space and Enter
  itself: then it is the button that was meant.
* Every button has an accessible name, and names its key where it has one.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from tutor.joining import aside
from tutor.ui.icons import icon
from tutor.ui.style import Style

_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def keeps_key(button: QAbstractButton, event: QEvent) -> bool:
    """Accept the override of a key that presses a focused button; True if it was one."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() not in _PRESSES or not button.hasFocus():
        return False
    event.accept()
    return True


class HeedsEnter:
    """A button pressed by Enter as by Space, and by either before the one-key commands of the window. Goes first."""

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press."""
        return True if keeps_key(self, event) else super().event(event)  # type: ignore[arg-type,misc]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()  # type: ignore[attr-defined]
        else:
            super().keyPressEvent(event)  # type: ignore[misc]


class Button(HeedsEnter, QPushButton):
    """A push button of the window. ``kind``: "" (outlined), primary, plain, icon or disc."""

    def __init__(self, kind: str = "", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self._kind = kind
        self.icon_name = icon_name
        self._whole, self._needs = "", 0

    def restyle(self, style: Style, text: str = "", name: str = "", hint: str = "", key: str = "") -> None:
        """Take the looks of ``style``; ``text`` is written, ``name`` spoken, ``hint`` explained, ``key`` named."""
        self._whole = f"{text}   {key}" if text and key else text
        self.setText(self._whole)
        self.setFont(style.font(15, 600))
        self.setAccessibleName(name or text)
        explained = hint or name
        self.setAccessibleDescription(aside(explained, key, style.words) if key and explained else explained)
        self.setToolTip(self.accessibleDescription())
        self.show_icon(style)
        if self._kind == "icon":
            side = max(34, style.px(40))
            self.setFixedSize(QSize(side if not text else max(side, self.sizeHint().width()), side))
        self._needs = self.sizeHint().width()

    @property
    def needs(self) -> int:
        """The px that it needs to write its whole text."""
        return self._needs

    def fit(self, width: int) -> None:
        """Write no more than fits into ``width`` (px): the end of a long title gives way. It is still spoken whole."""
        metrics, over = self.fontMetrics(), self._needs - width
        room = metrics.horizontalAdvance(self._whole) - max(over, 0)
        written = metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, room) if over > 0 else self._whole
        if written != self.text():
            self.setText(written)
            self.setToolTip(self.accessibleDescription() or (self._whole if over > 0 else ""))

    def wrap(self, width: int) -> None:
        """Write the whole text within ``width`` (px), in as many lines as that takes."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        around = self.sizeHint().width() - max(metrics.horizontalAdvance(line) for line in self.text().split("\n"))
        room = width - around
        is_one = metrics.horizontalAdvance(self._whole) <= room
        written = self._whole if is_one else "\n".join(_lines(self._whole, self.font(), room))
        if written != self.text():
            self.setText(written)

    def show_icon(self, style: Style, name: str = "") -> None:
        """Draw the icon in the colour of the text."""
        self.icon_name = name or self.icon_name
        if not self.icon_name:
            return
        role = {"disc": "on", "primary": "on"}.get(self._kind, "err" if self.icon_name == "drop" else "ink")
        px = max(16, style.px(26 if self._kind == "disc" else 20))
        self.setIcon(icon(self.icon_name, style.theme.colour(role), px))
        self.setIconSize(QSize(px, px))


def _lines(text: str, font: QFont, room: int) -> list[str]:
    """``text`` in lines of at most ``room`` px, broken as its language breaks lines."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(room, 1))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return lines
