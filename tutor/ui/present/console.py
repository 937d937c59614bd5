"""What the lecturer sees: clock and pace, this stop and the next, notes, the hidden answer, the room's window, small.

Rules
-----
* It shows rows and emits ids of commands and places; it knows no session. Every button names its key.
* Nothing that stands here is on the room's window, and the answer least of all.
* The pointer on the small picture is the pointer on the room's window.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from tutor.teach.presenting import Presenting
from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.card_parts import Fold
from tutor.ui.present.rows import KINDS, ClockRows, ConsoleRows, StopRow
from tutor.ui.prose import Prose
from tutor.ui.reading import Reading
from tutor.ui.style import NARROW_SCALE, Style, sheet, wear
from tutor.ui.topbar import Banner
from tutor.words import mark

WIDE = 1600
LEAST = QSize(760, 480)
TOOLS: tuple[tuple[str, str, str], ...] = (
    ("show-both", mark("Both"), "1"),
    ("show-diagram", mark("Diagram"), "2"),
    ("show-ladder", mark("Timeline"), "3"),
    ("show-freeze", mark("Freeze"), "F"),
    ("show-black", mark("Black"), "B"),
    ("show-white", mark("White"), "W"),
    ("show-zoom", mark("Zoom"), "Z"),
    ("show-follow", mark("Camera"), "⇧Z"),
    ("show-spot", mark("Spotlight"), "S"),
    ("show-laser", mark("Laser"), "X"),
    ("show-pen", mark("Pen"), "P"),
    ("show-wipe", mark("Wipe"), "E"),
)
"""Command -> what its button says, and its key."""
WITH_CTRL = "Ctrl {key}"
"""The key of a layout while digits are votes."""
COLUMNS = (4, 3)
"""Of the tools: as many as there is room for."""
SHARES = (44, 40, 22)
"""How the width is shared by what the room sees, what is now, and the list of stops."""


class Small(QWidget):
    """The room's window, small. ``pointed``: the pointer is there, in shares of it, and is its button down."""

    pointed = Signal(float, float, bool)
    pressed = Signal(float, float)
    released = Signal()
    left = Signal()

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._pixmap = QPixmap()
        self.setMouseTracking(True)
        self.setMinimumHeight(120)

    def restyle(self, style: Style) -> None:
        """Take the looks of ``style``."""
        self._style = style
        self.setAccessibleName(style.words.t("What the room sees"))

    def show_pixmap(self, pixmap: QPixmap) -> None:
        """Show this."""
        self._pixmap = pixmap
        self.update()

    def _box(self) -> QRectF:
        size = self._pixmap.deviceIndependentSize()
        share = min(self.width() / max(1.0, size.width()), self.height() / max(1.0, size.height()))
        wide, high = size.width() * share, size.height() * share
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def paintEvent(self, _event) -> None:
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self._box(), self._pixmap, QRectF(self._pixmap.rect()))
        painter.setPen(self._style.colour("border"))
        painter.drawRect(self._box().adjusted(0, 0, -1, -1))
        painter.end()

    def _share(self, at: QPointF) -> tuple[float, float] | None:
        box = self._box()
        if not box.contains(at) or box.isEmpty():
            return None
        return (at.x() - box.x()) / box.width(), (at.y() - box.y()) / box.height()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = self._share(event.position())
        if share is None:
            self.left.emit()
        else:
            self.pointed.emit(*share, bool(event.buttons() & Qt.MouseButton.LeftButton))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        share = self._share(event.position())
        if share is not None and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(*share)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.released.emit()

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self.left.emit()


class Console(QWidget):
    """The lecturer's window. ``commanded``: the id of a command; ``chosen``: the place of a stop."""

    commanded = Signal(str)
    chosen = Signal(int)
    reshaped = Signal()
    closing = Signal()

    def __init__(self, style: Style) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("root")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(LEAST)
        self.style_now = style
        self.clock, self.pace, self.left = Reading(), QLabel(), Reading(to_right=True)
        self.restart, self.leave = Button("plain"), Button()
        self.head, self.room, self.now, self.list = (Card(style) for _ in range(4))
        self.small, self.banner = Small(style), Banner()
        self.tools = {name: Button() for name, _, _ in TOOLS}
        self.title = Prose(style, 24)
        self.words, self.notes, self.answer = Prose(style), Prose(style, 18), Prose(style)
        self.notes_head, self.answer_head, self.warning, self.notice = (QLabel() for _ in range(4))
        self.reveal = Button("primary")
        self.next_head, self.following, self.next_words = QLabel(), Prose(style, 17), Prose(style, 15)
        self.back, self.on = Button("icon", "back"), Button("icon", "step")
        self.stops = QListWidget()
        self._rows: ConsoleRows | None = None
        self._has_digits = True
        self._build()
        self._wire()

    def _build(self) -> None:
        self.head.head.hide()
        top = QHBoxLayout()
        top.addWidget(self.clock)
        top.addWidget(self.pace)
        top.addStretch(1)
        for part in (self.left, self.restart, self.leave):
            top.addWidget(part)
        self.head.body.addLayout(top)
        self.grid = QGridLayout()
        for name, tool in self.tools.items():
            tool.setCheckable(name != "show-wipe")
        coming = QWidget()
        self.coming = QVBoxLayout(coming)
        self.coming.setContentsMargins(0, 0, 0, 0)
        for part in (self.next_head, self.following, self.next_words):
            self.coming.addWidget(part)
        self.coming.addStretch(1)
        self.ahead = Fold(coming)
        self.room.body.addWidget(self.small)
        self.room.body.addLayout(self.grid)
        self.room.body.addWidget(self.ahead, 1)
        told = QWidget()
        self.told = QVBoxLayout(told)
        self.told.setContentsMargins(0, 0, 0, 0)
        self.asking = QVBoxLayout()
        """Where a question's own panel is put."""
        self.told.addWidget(self.title)
        self.told.addLayout(self.asking)
        self.told.addWidget(self.answer_head)
        self.told.addWidget(self.answer)
        self.told.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self.notes_head, self.notes, self.words):
            self.told.addWidget(part)
        self.told.addStretch(1)
        self.fold = Fold(told)
        for label in (self.notes_head, self.answer_head):
            label.setWordWrap(True)
        self.now.body.addWidget(self.banner)
        for label in (self.warning, self.notice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.now.body.addWidget(label)
        self.now.body.addWidget(self.fold, 1)
        steps = QHBoxLayout()
        steps.addStretch(1)
        for part in (self.back, self.on):
            steps.addWidget(part)
        self.now.body.addLayout(steps)
        self.list.body.addWidget(self.stops, 1)
        self.columns = QHBoxLayout()
        for card, stretch in zip((self.room, self.now, self.list), SHARES, strict=True):
            self.columns.addWidget(card, stretch)
        column = QVBoxLayout(self)
        column.addWidget(self.head)
        column.addLayout(self.columns, 1)

    def _wire(self) -> None:
        self.stops.setWordWrap(True)
        self.stops.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.stops.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stops.itemClicked.connect(self._choose)
        self.stops.itemActivated.connect(self._choose)
        buttons = {
            "show-restart": self.restart, "show-end": self.leave, "show-answer": self.reveal, "show-back": self.back,
            "show-next": self.on, **self.tools,
        }  # fmt: skip
        for name, button in buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.commanded.emit(name))

    def _choose(self, item: QListWidgetItem) -> None:
        place = item.data(Qt.ItemDataRole.UserRole)
        if place is not None:
            self.chosen.emit(place)

    # --- looks ---

    def base_scale(self) -> float:
        """The scale of its layout before the lecturer's text size."""
        return NARROW_SCALE if self.width() < WIDE else 1.0

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``; the rows follow."""
        self.style_now = style
        words, gap = style.words, style.px(10)
        wear(self, sheet(style))
        for part in (self.head, self.room, self.now, self.list, self.small, self.banner, self.fold, self.ahead,
                     self.title, self.words, self.notes, self.answer, self.following, self.next_words):  # fmt: skip
            part.restyle(style)
        self.layout().setContentsMargins(gap, gap, gap, gap)
        self.layout().setSpacing(gap)
        self.columns.setSpacing(gap)
        self.told.setSpacing(gap)
        self.grid.setSpacing(style.px(6))
        self.room.say(words.t("What the room sees"))
        self.now.say(words.t("Now"))
        self.list.say(words.t("Stops"))
        self.stops.setAccessibleName(words.t("Stops"))
        self.clock.restyle(style, style.font(34, 700), "ink")
        self.left.restyle(style, style.font(17, 600), "ink2")
        self.pace.setFont(style.font(17, 600))
        for label, ink in ((self.warning, "err"), (self.notice, "ink")):
            label.setFont(style.font(15, 600))
            set_ink(label, style, ink)
        for label, text in (
            (self.notes_head, words.t("Notes")),
            (self.next_head, words.t("Next")),
            (self.answer_head, words.t("The answer, which the room does not see")),
        ):
            label.setFont(style.head_font())
            set_ink(label, style, "ink2")
            label.setText(style.head(text))
        self._say_tools()
        self.restart.restyle(style, words.t("Clock from 0"), key="Ctrl R")
        self.leave.restyle(style, words.t("Leave"), key=words.t("Esc"))
        self.reveal.restyle(style, words.t("Show the answer"), key=words.t("Enter"))
        self.back.restyle(style, name=words.t("To the stop before"), key="PgUp")
        self.on.restyle(style, name=words.t("On: to the answer, or to the next stop"), key="PgDn")
        self.stops.setFont(style.font(15))
        self._lay_tools()
        self._size_small()
        rows, self._rows = self._rows, None
        if rows is not None:
            self.show_rows(rows)

    def show_keys(self, *, has_digits: bool) -> None:
        """Name the keys that work now: a digit, or while digits are votes the same with Ctrl."""
        if has_digits != self._has_digits:
            self._has_digits = has_digits
            self._say_tools()
            self._lay_tools()

    def _say_tools(self) -> None:
        style = self.style_now
        for name, text, key in TOOLS:
            is_vote = key.isdigit() and not self._has_digits
            self.tools[name].restyle(style, style.words.t(text), key=WITH_CTRL.format(key=key) if is_vote else key)

    # --- rows ---

    def show_rows(self, rows: ConsoleRows) -> None:
        """Show this stop, the next one, and where they are among all."""
        was, self._rows = self._rows, rows
        if rows == was:
            return
        words = self.style_now.words
        self.title.say(f"**{rows.title}**")
        self.words.say(rows.words, "ink2")
        self.notes.say(rows.notes)
        self.answer.say(rows.answer)
        for part, is_there in (
            (self.words, rows.words), (self.notes, rows.notes), (self.notes_head, rows.notes),
            (self.answer, rows.answer), (self.answer_head, rows.answer and not rows.is_revealed),
            (self.reveal, rows.answer and not rows.is_revealed), (self.warning, rows.warning),
            (self.notice, rows.notice),
        ):  # fmt: skip
            part.setVisible(bool(is_there))
        self.warning.setText(rows.warning)
        self.notice.setText(rows.notice)
        self.banner.say(rows.not_tcp)
        self.following.say(rows.following or words.t("This is the last stop."))
        self.next_words.say(rows.following_words, "ink2")
        if was is None or (was.title, was.stops) != (rows.title, rows.stops):
            self.fold.verticalScrollBar().setValue(0)
        if was is None or was.stops != rows.stops:
            self._list(rows.stops, was.stops if was is not None else ())

    def _list(self, rows: tuple[StopRow, ...], was: tuple[StopRow, ...]) -> None:
        blocker = QSignalBlocker(self.stops)
        if [(row.title, row.heads) for row in rows] != [(row.title, row.heads) for row in was]:
            self.stops.clear()
            for place, row in enumerate(rows):
                if row.heads:
                    head = QListWidgetItem(row.heads)
                    head.setFlags(Qt.ItemFlag.NoItemFlags)
                    head.setFont(self.style_now.font(13, 700))
                    self.stops.addItem(head)
                item = QListWidgetItem(KINDS.get(row.kind, "") + row.title)
                item.setData(Qt.ItemDataRole.UserRole, place)
                self.stops.addItem(item)
        for at in range(self.stops.count()):
            item = self.stops.item(at)
            place = item.data(Qt.ItemDataRole.UserRole)
            if place is None:
                item.setForeground(self.style_now.colour("ink2"))
                continue
            row = rows[place]
            item.setForeground(self.style_now.colour("ink3" if row.status == "done" else "ink"))
            if row.status == "current":
                self.stops.setCurrentItem(item)
                self.stops.scrollToItem(item)
        blocker.unblock()

    def show_state(self, here: Presenting) -> None:
        """Show which tools are in use."""
        on = {
            f"show-{here.layout}", f"show-{here.blank}", f"show-{here.tool}", "show-freeze" if here.is_frozen else "",
            "show-zoom" if here.zoom is not None else "", "show-follow" if here.is_following else "",
        }  # fmt: skip
        for name, button in self.tools.items():
            button.setChecked(name in on)

    def show_clock(self, rows: ClockRows) -> None:
        """Show the time."""
        style = self.style_now
        self.clock.say(rows.elapsed, room_for="0:00:00")
        self.left.say(
            style.words.t("{time} left", time=rows.left), room_for=style.words.t("{time} left", time="0:00:00")
        )
        if self.pace.text() != rows.pace:
            self.pace.setText(rows.pace)
            set_ink(self.pace, style, "err" if rows.is_late else "ink2")

    def _lay_tools(self) -> None:
        """In as many columns as the card's share of the width holds, so that they do not take the others' room."""
        gap, width = self.grid.spacing(), self.style_now.px(28)
        share = self.width() * SHARES[0] / sum(SHARES) - 2 * self.style_now.px(10) - width
        each = max(tool.sizeHint().width() for tool in self.tools.values()) + gap
        columns = next((number for number in COLUMNS if number * each <= share), COLUMNS[-1])
        for place, tool in enumerate(self.tools.values()):
            self.grid.addWidget(tool, place // columns, place % columns)

    def _size_small(self) -> None:
        """As wide as its card, in the shape of a screen, but no more than half as high as the window."""
        wide = self.room.width() - 2 * self.style_now.px(14)
        self.small.setFixedHeight(max(120, min(wide * 9 // 16, self.height() // 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.reshaped.emit()
        self._lay_tools()
        self._size_small()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closing.emit()
