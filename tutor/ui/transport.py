"""The transport: start, back, play, step; the time, the scrubber, the speed, the count of events."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.reading import Reading
from tutor.ui.rows import TransportRows
from tutor.ui.style import Style, disc_px


class Transport(QFrame):
    """Shows ``TransportRows`` and the scrubber's picture. ``wanted`` names a command of the registry."""

    wanted = Signal(str)
    speed_wanted = Signal(float)

    def __init__(self, style: Style, speeds: tuple[float, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._style = style
        self._speeds = speeds
        self.rows: TransportRows | None = None
        self.home = Button("icon", "start")
        self.back = Button("icon", "back")
        self.play = Button("disc", "play")
        self.step = Button("icon", "step")
        self.now = Reading()
        self.scrubber = Canvas(style)
        self.end = Reading(to_right=True)
        self.speed = Button()
        self.counter = Reading(to_right=True)
        self.panels = Button("icon", "panels")
        self._row = QHBoxLayout(self)
        for part in (self.home, self.back, self.play, self.step, self.now):
            self._row.addWidget(part)
        self._row.addWidget(self.scrubber, 1)
        for part in (self.end, self.speed, self.counter, self.panels):
            self._row.addWidget(part)
        for button, command in (
            (self.home, "home"), (self.back, "step-back"), (self.play, "toggle-play"), (self.step, "step-forward"),
            (self.panels, "strip"),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, name=command: self.wanted.emit(name))
        self.speed.clicked.connect(self._open_speeds)
        self.restyle(style)

    def restyle(self, style: Style) -> None:
        """Take sizes, fonts and words from ``style``; the rows follow."""
        self._style, self.rows = style, None
        words = style.words
        self.setFixedHeight(style.px(62) if style.px(62) >= disc_px(style) + 8 else disc_px(style) + 8)
        self._row.setContentsMargins(style.px(14), 0, style.px(18), 0)
        self._row.setSpacing(style.px(10))
        self.home.restyle(style, name=words.t("To the start"), key=words.t("Home"))
        self.back.restyle(style, name=words.t("One moment back"), key="←")
        self.step.restyle(style, name=words.t("One moment forward"), key="→")
        self.panels.restyle(style, name=words.t("Show or hide the panels"), key="I")
        side = disc_px(style)
        self.play.setFixedSize(QSize(side, side))
        self.speed.restyle(style, name=words.t("Speed"), hint=words.t("Speed of play"), key="[ ]")
        self.speed.setFixedHeight(max(34, style.px(40)))
        for label, weight, role in ((self.now, 700, "ink"), (self.end, 400, "ink2"), (self.counter, 400, "ink2")):
            label.restyle(style, style.font(15, weight), role)
        self.scrubber.restyle(style)
        self.scrubber.setAccessibleName(words.t("Scrubber"))

    def show_rows(self, rows: TransportRows) -> None:
        """Show where the clock stands."""
        was, self.rows = self.rows, rows
        if was is None or (rows.is_playing, rows.speed) != (was.is_playing, was.speed):
            self._fill(rows)
        elif rows != was:
            self._read(rows)

    def _fill(self, rows: TransportRows) -> None:
        words = self._style.words
        name = words.t("Pause") if rows.is_playing else words.t("Play")
        self.play.restyle(self._style, name=name, key=words.t("Space"))
        self.play.show_icon(self._style, "pause" if rows.is_playing else "play")
        self.speed.setText(f"{rows.speed:g}×")
        self.speed.setMinimumWidth(QFontMetrics(self.speed.font()).horizontalAdvance("0.25×") + self._style.px(28))
        self._read(rows)

    def _read(self, rows: TransportRows) -> None:
        self.now.say(rows.now, room_for=rows.end)
        self.end.say(rows.end)
        self.counter.say(rows.counter, room_for=rows.widest)

    def _open_speeds(self) -> None:
        menu = QMenu(self)
        menu.setFont(self._style.font(15))
        for speed in self._speeds:
            entry = menu.addAction(f"{speed:g}×")
            entry.setCheckable(True)
            entry.setChecked(self.rows is not None and self.rows.speed == speed)
            entry.triggered.connect(lambda _checked=False, value=speed: self.speed_wanted.emit(value))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.speed.mapToGlobal(self.speed.rect().topLeft())
        menu.popup(corner - self._drop_of(menu))

    def _drop_of(self, menu: QMenu):
        size = menu.sizeHint()
        return self.speed.rect().topLeft() + type(self.speed.pos())(0, size.height() + 4)
