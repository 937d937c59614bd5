"""The window: its regions, and how they share the room.

Rules
-----
* From 1600 px of width on everything has its full size, above 1920 px it grows with the window; below it is 0.84 of
  that; below 1100 px lesson, diagram and timeline become tabs. Never smaller than 960 by 600. Larger text
  counts as a narrower window.
* Every splitter can be dragged, is remembered, and goes back to its rule on a double click.
* Under the stage lies the strip of panels: beside one another in a full-size window, else a drawer.
* The window knows regions and sizes. What they show comes from the conductor.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from tutor.ui import focus
from tutor.ui.armed import Armed
from tutor.ui.commands import COMMANDS, ON_PAGE
from tutor.ui.dropping import TakesFiles
from tutor.ui.filter_box import FilterBox
from tutor.ui.keys import keeps_navigation
from tutor.ui.legend import Legend
from tutor.ui.lesson_card import LessonCard
from tutor.ui.notice import Notice
from tutor.ui.overlay import KeysOverlay
from tutor.ui.picture_card import PictureCard
from tutor.ui.rows import DetailRows, HostColumn
from tutor.ui.settings import Settings
from tutor.ui.splitter import Splitter
from tutor.ui.strip import Strip
from tutor.ui.style import NARROW_SCALE, Style, sheet, wear
from tutor.ui.topbar import TopBar
from tutor.ui.transport import Transport
from tutor.ui.why import WhyLine

FULL_WIDTH, TABS_WIDTH = 1600, 1100
FULL = QSize(1920, 1080)
GROWS_BY = 0.125
"""In a window larger than ``FULL`` everything grows with it, in steps: a drag of its edge makes few layouts."""
MINIMUM = QSize(960, 600)
GAP = 10

WIDE, NARROW, TABS = "wide", "narrow", "tabs"
TIMELINE = 2
"""Place of the timeline among the cards and tabs."""
ACROSS_SHARE = 0.4
"""Of the stage's height, where the timeline lies under the other cards."""
LESSON_WIDTH = {WIDE: 350, NARROW: 246}
"""At normal text size; larger text takes more, up to ``LESSON_SHARE`` of the room."""
LESSON_SHARE = 0.36
LEAST_LESSON, PICTURES_LEAST, PICTURES_NEED = 190, (320, 260), 830
"""Below these widths (px) no card is read any more."""
STRETCHES = {WIDE: (100, 64), NARROW: (100, 78)}
STRIP_SHARE = {WIDE: 0.25, NARROW: 0.34, TABS: 0.4}
"""How much of the height the strip takes when it is open."""


class Window(TakesFiles):
    """All regions. ``commanded`` names a command of the registry; ``reshaped``: the scale has changed; ``arranged``: a
    hand has opened, closed or changed panels."""

    commanded = Signal(str)
    reshaped = Signal()
    closing = Signal()
    arranged = Signal()

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
        self.why = WhyLine(style)
        self.filter = FilterBox(style, self.timeline)
        self.timeline.top.setStretch(0, 0)
        self.timeline.top.addWidget(self.filter, 1)
        self.armed = Armed()
        self.timeline.body.insertWidget(self.timeline.body.indexOf(self.timeline.canvas), self.armed)
        self.strip = Strip(style)
        self.transport = Transport(style, speeds)
        for part, topic in (
            (self.lesson, "start"), (self.diagram, "diagram"), (self.timeline, "ladder"), (self.strip, "panels"),
        ):  # fmt: skip
            part.setProperty("topic", topic)
        self.notice = Notice(self, self.why)
        self.overlay = KeysOverlay(style, self)
        self._build()
        self._wire()
        self.actions_by_id = self._make_actions()
        self.opened_panel, self.focus_at_opening = "", None
        """The panel that was opened last by a command, and what had the focus then."""
        self.page: QWidget | None = None
        """What covers the window, if something does; it ``takes`` commands."""
        self._is_across, self._scale_told = False, 0.0
        self._active: frozenset[str] = frozenset(self.actions_by_id)
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
        self.stage = QWidget()
        stage = QVBoxLayout(self.stage)
        stage.setContentsMargins(0, 0, 0, 0)
        stage.addWidget(self.splitter, 1)
        stage.addWidget(self.stack, 1)
        stage.addWidget(self.why)
        self.halves = Splitter(Qt.Orientation.Vertical)
        self.halves.setChildrenCollapsible(False)
        self.halves.setHandleWidth(GAP)
        self.halves.addWidget(self.stage)
        self.halves.addWidget(self.strip)
        self.stage.setMinimumHeight(220)
        column.addWidget(self.halves, 1)
        column.addWidget(self.transport)
        least = (LEAST_LESSON, *PICTURES_LEAST)
        for card, width in zip((self.lesson, self.diagram, self.timeline), least, strict=True):
            card.setMinimumWidth(width)
            self.splitter.addWidget(card)

    def _wire(self) -> None:
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        self.splitter.splitterMoved.connect(self._keep_shares)
        self.splitter.reset_wanted.connect(self._reset_shares)
        self.halves.splitterMoved.connect(self._keep_strip)
        self.halves.reset_wanted.connect(self._reset_strip)
        self.filter.left.connect(self.timeline.canvas.setFocus)
        self.filter.entered.connect(lambda: self.command("next-match"))
        self.strip.closed.connect(lambda: self.show_strip(is_open=False))
        self.strip.commanded.connect(self.command)
        self.strip.chosen.connect(self.arranged)
        self.why.next_wanted.connect(lambda: self.command("tell-next"))
        self.armed.clicked.connect(lambda: self.command("disarm"))
        self.top.wanted.connect(self.command)
        self.transport.wanted.connect(self.command)
        for details in (self.diagram.details, self.timeline.details):
            details.wanted.connect(self.command)
            details.closed.connect(lambda: self.command("deselect"))
        self.lesson.commanded.connect(self.command)
        self.lesson.width_wanted.connect(self._give_width)
        self.lesson.chosen.connect(lambda index: self.command(f"choose-{index + 1}"))

    def _give_width(self, wish: int) -> None:
        """A table on the lesson card has the width that it needs, as far as the pictures can spare it."""
        least = max(LEAST_LESSON, min(wish, self.width() - PICTURES_NEED))
        if least != self.lesson.minimumWidth():
            self.lesson.setMinimumWidth(least)
            if self.mode in LESSON_WIDTH:
                self._restore_shares()

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

    def set_active(self, active: frozenset[str]) -> None:
        """Let only these commands answer to their keys; while a page covers the window, only those that mean it."""
        active = active if self.page is None else ON_PAGE | self.page.own
        if active != self._active:
            self._active = active
            for name, action in self.actions_by_id.items():
                action.setEnabled(name in active)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and keeps_navigation(self.focusWidget(), event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return focus.move(self, is_forward=is_next)

    # --- commands the window carries out itself ---

    def command(self, name: str) -> None:
        """Carry out a command: here if it is about the window, else tell the conductor."""
        if name == "help":
            self.overlay.toggle(self.style_now)
        elif name == "lesson-card":
            self._toggle_lesson()
        elif name == "full-screen":
            frame = self.window()
            frame.setWindowState(frame.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif name == "deselect" and self.overlay.isVisible():
            self.overlay.setVisible(False)
        elif self.page is not None and self.page.takes(name):
            pass
        elif name == "deselect" and self.strip.isAncestorOf(self.focusWidget() or self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.commanded.emit(name)

    def _toggle_lesson(self) -> None:
        if self.mode == TABS:
            self.tabs.setCurrentIndex(0)
        else:
            self.lesson.setVisible(not self.lesson.isVisible())
            self.arranged.emit()

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        has_new_scale = style.scale != self.style_now.scale
        self.style_now = style
        words = style.words
        wear(self, sheet(style))
        cards = (self.lesson, self.diagram, self.timeline)
        for part in (self.top, *cards, self.filter, self.why, self.strip, self.transport):
            part.restyle(style)
        self.diagram.say(words.t("State diagram"))
        self.timeline.say(words.t("Segment timeline"))
        self.diagram.canvas.setAccessibleName(words.t("State diagram"))
        self.timeline.canvas.setAccessibleName(words.t("Segment timeline"))
        self.tabs.setFont(style.font(15, 600))
        self.tabs.setAccessibleName(words.t("Cards"))
        for place, name in enumerate((words.t("Lesson"), words.t("State diagram"), words.t("Segment timeline"))):
            self.tabs.setTabText(place, name)
        self.notice.restyle(style)
        for row in COMMANDS:
            self.actions_by_id[row.id].setText(words.t(row.text))
        if self.overlay.isVisible():
            self.overlay.restyle(style)
        if has_new_scale and self.mode in LESSON_WIDTH:
            self._restore_shares()
        if self.mode:
            self.take_mode()

    def show_hosts(self, hosts: tuple[HostColumn, ...]) -> None:
        """Show whose colour is whose."""
        self.legend.show_hosts(self.style_now, hosts)

    def show_comparison(self, *, is_on: bool) -> None:
        """While two futures stand side by side the timeline has the diagram's room as well."""
        if self.mode != TABS and self.diagram.isHidden() != is_on:
            self.diagram.setHidden(is_on)

    def show_details(self, rows: DetailRows | None) -> None:
        """Show what was clicked: beside the ladder, which gives room gladly; among tabs, where it was clicked."""
        on_diagram = self._is_across or (self.mode == TABS and rows is not None and not rows.can_touch)
        self.timeline.show_details(None if on_diagram else rows)
        self.diagram.show_details(rows if on_diagram else None)

    def closeEvent(self, event) -> None:
        if self.page is not None and not self.page.lets_close():
            event.ignore()
            return
        self.closing.emit()
        if not self.window().isFullScreen():
            self.settings.keep("size", [float(self.width()), float(self.height())])
        super().closeEvent(event)

    def base_scale(self) -> float:
        """The scale of the layout before the learner's text size."""
        if self.width() < FULL_WIDTH:
            return NARROW_SCALE
        room = min(self.width() / FULL.width(), self.height() / FULL.height())
        return max(1.0, math.floor(room / GROWS_BY) * GROWS_BY)

    # --- layout rules ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.take_mode()
        if self.overlay.isVisible():
            self.overlay.setGeometry(self.rect())
            self.overlay.place()
        self.notice.place()

    def take_mode(self) -> None:
        """Lay out for the size that it has: larger text leaves less room, and counts as a narrower window.

        ``reshaped`` comes where that changes the layout, or the sizes of everything.
        """
        room = self.width() / max(1.0, self.style_now.text_scale)
        mode = WIDE if room >= FULL_WIDTH else NARROW if room >= TABS_WIDTH else TABS
        was, self._scale_told = self._scale_told, self.base_scale()
        if mode != self.mode:
            self._enter(mode)
        elif self._scale_told != was:
            self.reshaped.emit()

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
        if self._is_across:
            self._seat_timeline()
        self.strip.lay_out(is_drawer=mode != WIDE)
        self.show_strip(is_open=self.settings.flag(f"strip-{mode}", default=mode == WIDE), is_choice=False)
        self.reshaped.emit()

    # --- zoom ---

    def zoom(self, factor: float) -> None:
        """Make the picture in focus larger or smaller; the diagram, if neither is."""
        (self.timeline if self.timeline.canvas.hasFocus() else self.diagram).canvas.zoom_by(factor)

    def fit(self) -> None:
        """Both pictures whole again."""
        for card in (self.diagram, self.timeline):
            card.canvas.fit()

    # --- the strip ---

    def show_strip(self, *, is_open: bool, is_choice: bool = True) -> None:
        """Open or close the strip; ``is_choice``: somebody wanted that, and it is remembered."""
        self.strip.setVisible(is_open)
        if is_choice:
            self.settings.keep(f"strip-{self.mode}", is_open)
        if is_open:
            self._size_strip(self.settings.shares(f"halves-{self.mode}", 2))
            self.strip.stale.emit()
        if is_choice:
            self.arranged.emit()

    def open_filter(self) -> None:
        """Let the learner type a filter; among tabs, show the timeline first."""
        self.tabs.setCurrentIndex(TIMELINE)
        self.filter.open()

    def show_across(self, *, is_across: bool) -> None:
        """Time to the right: the timeline lies under lesson and diagram, as wide as the window; else beside them."""
        if is_across == self._is_across:
            return
        self._is_across = is_across
        self._seat_timeline()
        if self.mode == WIDE:
            is_open = not is_across and self.settings.flag(f"strip-{WIDE}", default=True)
            self.show_strip(is_open=is_open, is_choice=False)
            self._size_strip(self.settings.shares(f"halves-{WIDE}", 2))

    def _seat_timeline(self) -> None:
        if self.mode == TABS or not self.mode:
            return
        if self._is_across:
            self.halves.insertWidget(1, self.timeline)
            self._size_strip(self.settings.shares(f"halves-{self.mode}", 2))
        else:
            self.splitter.insertWidget(TIMELINE, self.timeline)
            self._restore_shares()
        self.timeline.show()

    def show_panel(self, name: str) -> None:
        """Show this panel; if it is on screen already in a drawer, close the drawer."""
        if self.strip.is_drawer and self.strip.is_shown(name):
            self.show_strip(is_open=False)
            return
        self.strip.open(name)
        if not self.strip.isVisible():
            self.show_strip(is_open=True)
        self.opened_panel, self.focus_at_opening = name, QApplication.focusWidget()
        self.arranged.emit()

    def _size_strip(self, shares: list[float] | None) -> None:
        height = max(self.height() - 150, 1)
        share = shares[1] / sum(shares) if shares else min(STRIP_SHARE[self.mode], self._most_strip() / height)
        rest = height * (1 - share) if self.strip.isVisible() or not self._is_across else height
        across = [rest * ACROSS_SHARE] if self.halves.count() > 2 else []
        self.halves.setSizes([round(size) for size in (rest - sum(across), *across, height * share)])

    def _most_strip(self) -> float:
        """How high the strip may be (px), so that a card above it has room for a line and a button."""
        parts = [self.top, self.why, self.transport, *([self.tabs] if self.mode == TABS else [])]
        taken = sum(part.sizeHint().height() for part in parts) + 5 * GAP
        return max(120.0, self.height() - taken - self.style_now.px(84))

    def _keep_strip(self, _place: int, _index: int) -> None:
        sizes = [float(size) for size in self.halves.sizes()]
        if all(sizes):
            self.settings.keep(f"halves-{self.mode}", [sum(sizes[:-1]), sizes[-1]])

    def _reset_strip(self) -> None:
        self.settings.keep(f"halves-{self.mode}", None)
        self._size_strip(None)

    def _restore_shares(self) -> None:
        for place, stretch in enumerate((0, *STRETCHES[self.mode])):
            self.splitter.setStretchFactor(place, stretch)
        self.splitter.setSizes(self._sizes(self.settings.shares(f"splitter-{self.mode}", 3)))

    def _sizes(self, shares: list[float] | None) -> list[int]:
        room = self.width() - 4 * GAP
        if shares is not None:
            return [round(room * share / sum(shares)) for share in shares]
        larger = self.style_now.scale / self.base_scale()
        lesson = round(min(LESSON_WIDTH[self.mode] * larger * max(1.0, self.base_scale()), room * LESSON_SHARE))
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
