"""The window: its regions, and how they share the room.

Rules
-----
* From 1600 px of width on everything has its full size; below it is 0.84 of that; below 1100 px lesson, diagram and
  timeline become tabs. Never smaller than 960 by 600.
* Every splitter can be dragged, is remembered, and goes back to its rule on a double click.
* The window knows regions and sizes. What they show comes from the conductor.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QSplitter,
    QSplitterHandle,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from tutor.ui.canvas import Canvas
from tutor.ui.card import Card
from tutor.ui.commands import COMMANDS
from tutor.ui.details import Details
from tutor.ui.legend import Legend
from tutor.ui.lesson_card import LessonCard
from tutor.ui.overlay import KeysOverlay
from tutor.ui.rows import DetailRows, HostColumn
from tutor.ui.settings import Settings
from tutor.ui.style import NARROW_SCALE, Style, sheet
from tutor.ui.topbar import TopBar
from tutor.ui.transport import Transport

FULL_WIDTH, TABS_WIDTH = 1600, 1100
MINIMUM = QSize(960, 600)
FIRST_SIZE = QSize(1440, 900)
GAP = 10

WIDE, NARROW, TABS = "wide", "narrow", "tabs"
LESSON_WIDTH = {WIDE: 350, NARROW: 246}
"""At normal text size; larger text takes more, up to ``LESSON_SHARE`` of the room."""
LESSON_SHARE = 0.36
STRETCHES = {WIDE: (100, 64), NARROW: (100, 78)}


class Splitter(QSplitter):
    """A splitter whose handles go back to the rule on a double click."""

    reset_wanted = Signal()

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    def mouseDoubleClickEvent(self, _event) -> None:
        self.splitter().reset_wanted.emit()


class PictureCard(Card):
    """A card that holds a canvas, and what was clicked: under the canvas, or floating over its foot."""

    def __init__(self, style: Style, parent: QWidget | None = None, *, floats: bool = False) -> None:
        super().__init__(style, parent)
        self.canvas = Canvas(style)
        self.details = Details(style, self)
        self._floats = floats
        self.body.addWidget(self.canvas, 1)
        if not floats:
            self.body.addWidget(self.details)

    def show_details(self, rows: DetailRows | None) -> None:
        """Show what was clicked, or nothing."""
        self.details.show_rows(rows)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if not self._floats or self.details.rows is None:
            return
        at = self.canvas.geometry()
        height = self.details.heightForWidth(at.width())
        self.details.setGeometry(at.x(), at.bottom() - height + 1, at.width(), height)
        self.details.raise_()

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.canvas.restyle(style)
        self.details.restyle(style)


class Window(QWidget):
    """All regions. ``commanded`` names a command of the registry; ``reshaped``: the scale has changed; a file that is
    dropped anywhere is named by ``file_dropped``."""

    commanded = Signal(str)
    reshaped = Signal()
    closing = Signal()
    file_dropped = Signal(str)

    def __init__(self, style: Style, speeds: tuple[float, ...], settings: Settings | None = None) -> None:
        super().__init__()
        self.setObjectName("root")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(MINIMUM)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAcceptDrops(True)
        self.settings = settings or Settings()
        self.style_now = style
        self.mode = ""
        self.top = TopBar(style)
        self.lesson = LessonCard(style)
        self.diagram = PictureCard(style, floats=True)
        self.legend = Legend(style)
        self.diagram.top.addWidget(self.legend)
        self.timeline = PictureCard(style)
        self.transport = Transport(style, speeds)
        self.notice = Notice(self)
        self.overlay = KeysOverlay(style, self)
        self._build()
        self._wire()
        self.actions_by_id = self._make_actions()
        self.setFocus()

    # --- building ---

    def _build(self) -> None:
        self.splitter = Splitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GAP)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for _ in range(3):
            self.tabs.addTab("")
        self.stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, 6, GAP, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.top)
        column.addWidget(self.tabs)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.stack, 1)
        column.addWidget(self.transport)
        for card, width in ((self.lesson, 190), (self.diagram, 320), (self.timeline, 260)):
            card.setMinimumWidth(width)
            self.splitter.addWidget(card)

    def _wire(self) -> None:
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        self.splitter.splitterMoved.connect(self._keep_shares)
        self.splitter.reset_wanted.connect(self._reset_shares)
        self.top.wanted.connect(self.command)
        self.transport.wanted.connect(self.command)
        for details in (self.diagram.details, self.timeline.details):
            details.wanted.connect(self.command)
            details.closed.connect(lambda: self.command("deselect"))
        for signal, name in (
            (self.lesson.check_wanted, "check"), (self.lesson.go_on_wanted, "toggle-play"),
            (self.lesson.back_wanted, "back-to-lesson"), (self.lesson.explore_wanted, "explore"),
        ):  # fmt: skip
            signal.connect(lambda command=name: self.command(command))
        self.lesson.chosen.connect(lambda index: self.command(f"choose-{index + 1}"))

    def _make_actions(self) -> dict[str, QAction]:
        made = {}
        for row in COMMANDS:
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in row.keys])
            action.setAutoRepeat(row.repeats)
            action.triggered.connect(lambda _checked=False, name=row.id: self.command(name))
            self.addAction(action)
            made[row.id] = action
        return made

    # --- commands the window carries out itself ---

    def command(self, name: str) -> None:
        """Carry out a command: here if it is about the window, else tell the conductor."""
        if name == "help":
            self.overlay.toggle(self.style_now)
        elif name == "lesson-card":
            self._toggle_lesson()
        elif name == "full-screen":
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif name == "deselect" and self.overlay.isVisible():
            self.overlay.setVisible(False)
        else:
            self.commanded.emit(name)

    def _toggle_lesson(self) -> None:
        if self.mode == TABS:
            self.tabs.setCurrentIndex(0)
        else:
            self.lesson.setVisible(not self.lesson.isVisible())

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        has_new_scale = style.scale != self.style_now.scale
        self.style_now = style
        words = style.words
        self.setStyleSheet(sheet(style))
        for part in (self.top, self.lesson, self.diagram, self.timeline, self.transport):
            part.restyle(style)
        self.diagram.say(words.t("State diagram"))
        self.timeline.say(words.t("Segment timeline"))
        self.diagram.canvas.setAccessibleName(words.t("State diagram"))
        self.timeline.canvas.setAccessibleName(words.t("Segment timeline"))
        self.tabs.setFont(style.font(15, 600))
        for place, name in enumerate((words.t("Lesson"), words.t("State diagram"), words.t("Segment timeline"))):
            self.tabs.setTabText(place, name)
        self.notice.restyle(style)
        for row in COMMANDS:
            self.actions_by_id[row.id].setText(words.t(row.text))
        if self.overlay.isVisible():
            self.overlay.restyle(style)
        if has_new_scale and self.mode in LESSON_WIDTH:
            self._restore_shares()

    def show_hosts(self, hosts: tuple[HostColumn, ...]) -> None:
        """Show whose colour is whose."""
        self.legend.show_hosts(self.style_now, hosts)

    def show_details(self, rows: DetailRows | None) -> None:
        """Show what was clicked: beside the ladder, which gives room gladly; among tabs, where it was clicked."""
        on_diagram = self.mode == TABS and rows is not None and not rows.can_touch
        self.timeline.show_details(None if on_diagram else rows)
        self.diagram.show_details(rows if on_diagram else None)

    def take_size(self) -> None:
        """Be as large as last time, or as a first look needs, but not larger than the screen."""
        wish = self.settings.shares("size", 2) or [FIRST_SIZE.width(), FIRST_SIZE.height()]
        room = self.screen().availableSize()
        self.resize(min(round(wish[0]), room.width()), min(round(wish[1]), room.height()))

    def closeEvent(self, event) -> None:
        self.closing.emit()
        if not self.isFullScreen():
            self.settings.keep("size", [float(self.width()), float(self.height())])
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _first_file(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _first_file(event)
        if path:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def base_scale(self) -> float:
        """The scale of the layout before the learner's text size."""
        return 1.0 if self.width() >= FULL_WIDTH else NARROW_SCALE

    # --- layout rules ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width()
        mode = WIDE if width >= FULL_WIDTH else NARROW if width >= TABS_WIDTH else TABS
        if mode != self.mode:
            self._enter(mode)
        if self.overlay.isVisible():
            self.overlay.setGeometry(self.rect())
            self.overlay.place()
        self.notice.place()

    def _enter(self, mode: str) -> None:
        was, self.mode = self.mode, mode
        cards = (self.lesson, self.diagram, self.timeline)
        is_tabs = mode == TABS
        if is_tabs != (was == TABS) or not was:
            for place, card in enumerate(cards):
                if is_tabs:
                    self.stack.insertWidget(place, card)
                else:
                    self.splitter.insertWidget(place, card)
                    card.setVisible(True)
            self.stack.setCurrentIndex(max(0, self.tabs.currentIndex()))
        self.tabs.setVisible(is_tabs)
        self.stack.setVisible(is_tabs)
        self.splitter.setVisible(not is_tabs)
        if not is_tabs:
            self._restore_shares()
        self.reshaped.emit()

    def _restore_shares(self) -> None:
        for place, stretch in enumerate((0, *STRETCHES[self.mode])):
            self.splitter.setStretchFactor(place, stretch)
        self.splitter.setSizes(self._sizes(self.settings.shares(f"splitter-{self.mode}", 3)))

    def _sizes(self, shares: list[float] | None) -> list[int]:
        room = self.width() - 4 * GAP
        if shares is not None:
            return [round(room * share / sum(shares)) for share in shares]
        larger = self.style_now.scale / self.base_scale()
        lesson = round(min(LESSON_WIDTH[self.mode] * larger, room * LESSON_SHARE))
        diagram, timeline = STRETCHES[self.mode]
        rest = room - lesson
        first = round(rest * diagram / (diagram + timeline))
        return [lesson, first, rest - first]

    def _keep_shares(self, _place: int, _index: int) -> None:
        sizes = [float(size) for size in self.splitter.sizes()]
        if all(sizes):
            self.settings.keep(f"splitter-{self.mode}", sizes)

    def _reset_shares(self) -> None:
        self.settings.keep(f"splitter-{self.mode}", None)
        self.splitter.setSizes(self._sizes(None))


def _first_file(event: QDropEvent) -> str:
    """The path of the first file that is dragged; empty if none is."""
    paths = (url.toLocalFile() for url in event.mimeData().urls())
    return next((path for path in paths if path), "")


class Notice(QLabel):
    """One sentence over the foot of the window, for a few seconds: why something was not done."""

    STAYS_FOR = 4000

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def restyle(self, style: Style) -> None:
        """Take the font from ``style``."""
        self.setFont(style.font(16, 600))

    def say(self, text: str) -> None:
        """Show a sentence, or take it away."""
        self.setText(text)
        self.setVisible(bool(text))
        self.setAccessibleName(text)
        if text:
            self.place()
            self.raise_()
            self._timer.start(self.STAYS_FOR)

    def place(self) -> None:
        """Above the transport, in the middle."""
        parent = self.parentWidget()
        room = parent.width() - 8 * GAP
        self.setWordWrap(False)
        wish = self.sizeHint()
        self.setWordWrap(wish.width() > room)
        self.resize(min(wish.width(), room), self.heightForWidth(room) if self.wordWrap() else wish.height())
        foot = parent.height() - 2 * GAP - 66
        self.move(QPoint((parent.width() - self.width()) // 2, foot - self.height()))
