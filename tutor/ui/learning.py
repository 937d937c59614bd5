"""The pages of learning: tabs above, a picture that fills the page, and beside it what is known of what is chosen.

Rules
-----
* It shows rows and says what was wanted: ``acted`` carries an action's id, ``chose`` a mark, ``turned`` a place.
* Arrows walk over the picture, Enter does the first action, a click chooses, a second one on the same thing acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from tutor.profiles import load_profile
from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card import Card, set_ink
from tutor.ui.learning_rows import PLACES, Action, LearningRows
from tutor.ui.page import Page, scrolling
from tutor.ui.style import Style
from tutor.ui.understood_rows import PassportRows
from tutor.ui.window import Window
from tutor.view.aspect import Aspect
from tutor.view.diagram import diagram
from tutor.view.marks import Box, Ellipse, Picture, Rect
from tutor.view.theme import Look
from tutor.view.tiles import tiles
from tutor.view.understood import ConceptsRows, LessonsRows, concepts, lessons
from tutor.words import Words
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.trace import Trace

SIDE, SHARE = 380, 0.31
"""Px of the 1920-px layout that the right side takes, and of the window's width at most so much."""

GROWN = (1.5, 1.35, 1.2)
"""How much larger everything is where there is room."""

WAYS = {
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
}  # fmt: skip


class ChoiceCanvas(Canvas):
    """A canvas over whose marks one walks in four directions; Enter does what can be done."""

    entered = Signal()

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.chosen = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key in WAYS and self.picture.titles:
            there = beside(self.picture, self.chosen, WAYS[key])
            if there and there != self.chosen:
                self.clicked.emit(there)
        else:
            super().keyPressEvent(event)


def boxes(picture: Picture) -> dict[str, Box]:
    """Where each thing that can be chosen lies: its first box."""
    known = {mark for mark, _ in picture.titles}
    found: dict[str, Box] = {}
    for mark in picture.marks():
        if mark.id not in known or mark.id in found:
            continue
        if isinstance(mark, Rect):
            found[mark.id] = Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h)
        elif isinstance(mark, Ellipse):
            found[mark.id] = Box(mark.cx - mark.rx, mark.cy - mark.ry, mark.cx + mark.rx, mark.cy + mark.ry)
    return found


def beside(picture: Picture, chosen: str, way: tuple[int, int]) -> str:
    """The thing that lies next to the chosen one in a direction; where nothing is chosen, the first there is."""
    there = boxes(picture)
    if chosen not in there:
        return next(iter(there), "")
    here = there[chosen]
    x, y = (here.left + here.right) / 2, (here.top + here.bottom) / 2
    found, nearest = chosen, float("inf")
    for name, box in there.items():
        dx, dy = (box.left + box.right) / 2 - x, (box.top + box.bottom) / 2 - y
        along, across = (dx * way[0], dy) if way[0] else (dy * way[1], dx)
        if name != chosen and along > 1 and along + 3 * abs(across) < nearest:
            found, nearest = name, along + 3 * abs(across)
    return found


def draw(rows: object, size: tuple[float, float], look: Look) -> Picture:
    """The picture of a page."""
    if isinstance(rows, LessonsRows):
        return _as_large(lessons, rows, size, look)
    if isinstance(rows, ConceptsRows):
        return _as_large(concepts, rows, size, look)
    if isinstance(rows, PassportRows):
        crossed = frozenset(edge for edge, times in rows.times if times)
        aspect = Aspect(has_transients=True, coverage="ever", crossed=crossed, times=rows.times, has_hosts=False)
        return diagram(_quiet(rows.profile), 0, size, replace(look, selection=rows.selection), aspect=aspect)
    assert isinstance(rows, tuple), "what else is there are tiles"
    return _as_large(tiles, rows, size, look)


def _as_large(make: Callable[..., Picture], rows: object, size: tuple[float, float], look: Look) -> Picture:
    """The picture as large as it can be without having to be scrolled."""
    for grown in GROWN:
        picture = make(rows, size, replace(look, text_scale=look.text_scale * grown))
        if picture.height <= size[1] + 1:
            return picture
    return make(rows, size, look)


@lru_cache(maxsize=4)
def _quiet(profile: str) -> Trace:
    """Two hosts that have done nothing yet."""
    rules = load_profile(profile)
    hosts = (HostSpec("client", "10.0.0.1", rules), HostSpec("server", "10.0.0.2", rules))
    return Trace.of(Scenario(hosts, (LinkSpec("client", "server"),), until=1))


class LearningPage(Page):
    """Covers the window."""

    acted = Signal(str)
    chose = Signal(str)
    turned = Signal(str)
    topic = "learning"
    own = frozenset({*PLACES, "review", "take-me-there", "laboratory"})

    def __init__(self, style: Style, window: Window) -> None:
        super().__init__(style, window)
        self.shown: LearningRows | None = None
        self.tabs, self.summary = QTabBar(), QLabel()
        self.main, self.side = Card(style), Card(style)
        self.canvas = ChoiceCanvas(style)
        self.said = QLabel()
        self.buttons: dict[str, Button] = {}
        self._build()
        self._wire()

    # --- building ---

    def _build(self) -> None:
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for _ in PLACES:
            self.tabs.addTab("")
        self.rule.hide()
        self.top.addWidget(self.tabs)
        self.top.addStretch(1)
        self.top.addWidget(self.close_button)
        self.close_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.room = scrolling(self.canvas)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.main.top.addWidget(self.summary, 1)
        self.main.body.addWidget(self.room, 1)
        inner = QWidget()
        self.words_layout = QVBoxLayout(inner)
        self.words_layout.setContentsMargins(0, 0, 8, 0)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words_layout.addWidget(self.said)
        self.words_layout.addStretch(1)
        self.side.head.setWordWrap(True)
        self.side.head.setTextFormat(Qt.TextFormat.PlainText)
        self.side.body.addWidget(scrolling(inner), 1)
        self.deeds = QVBoxLayout()
        self.side.body.addLayout(self.deeds)
        self.row.addWidget(self.main, 1)
        self.row.addWidget(self.side)
        self.cover()

    def _wire(self) -> None:
        self.tabs.tabBarClicked.connect(self._turn)
        self.tabs.currentChanged.connect(self._turn)
        self.canvas.clicked.connect(self._click)
        self.canvas.entered.connect(self._enter)
        self.canvas.resized.connect(self.draw)

    def _turn(self, number: int) -> None:
        place = tuple(PLACES)[number] if 0 <= number < len(PLACES) else ""
        if place and (self.shown is None or place != self.shown.place):
            self.turned.emit(place)

    def takes(self, name: str) -> bool:
        """Carry out a command that means something here; False: it is the window's."""
        if name in PLACES:
            if self.shown is not None and name == self.shown.place:
                self.acted.emit("close")
            else:
                self.turned.emit(name)
        elif name == "deselect":
            self.acted.emit("close")
        elif name == "take-me-there":
            self.acted.emit("there")
        elif name in ("review", "laboratory"):
            self.acted.emit(name)
        else:
            return False
        return True

    def _click(self, mark: str) -> None:
        if self.shown is None or not mark or mark not in dict(self.canvas.picture.titles):
            return
        if mark == self.shown.chosen and not self.canvas.hasFocus():
            self.canvas.setFocus()
        if mark == self.shown.chosen:
            self._enter()
        else:
            self.chose.emit(mark)

    def _enter(self) -> None:
        """The first action of what is chosen."""
        if self.shown is not None and self.shown.actions:
            self.acted.emit(self.shown.actions[0].id)

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        t = style.words.t
        self.set_gaps(self.words_layout, self.deeds)
        for card in (self.main, self.side):
            card.restyle(style)
        self.side.head.setFont(style.font(18, 700))
        set_ink(self.side.head, style, "ink")
        for label, font, role in (
            (self.head, style.font(22, 700), "ink"), (self.summary, style.font(15, 600), "ink"),
            (self.said, style.font(15), "ink"),
        ):  # fmt: skip
            label.setFont(font)
            set_ink(label, style, role)
        self.head.setText(t("Learning"))
        self.tabs.setFont(style.font(15, 600))
        self.tabs.setAccessibleName(t("Learning"))
        self.tabs.blockSignals(True)
        for number, name in enumerate(PLACES.values()):
            self.tabs.setTabText(number, t(name))
        self.tabs.blockSignals(False)
        self.close_button.restyle(style, t("Back to the stage"), key=t("Esc"))
        self.canvas.restyle(style)
        for button in self.buttons.values():
            button.deleteLater()
        self.buttons = {}
        self.share()

    # --- rows ---

    def show_rows(self, rows: LearningRows) -> None:
        """Show a page."""
        was, self.shown = self.shown, rows
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(tuple(PLACES).index(rows.place))
        self.tabs.blockSignals(False)
        self.main.say(rows.head)
        self.summary.setText(rows.summary)
        self.side.head.setText(rows.title)
        self.side.setAccessibleName(rows.title)
        self.said.setText("\n\n".join(rows.lines))
        self.canvas.setAccessibleName(rows.name)
        self._offer(rows.actions)
        self.draw()
        if was is None or was.place != rows.place or was.chosen != rows.chosen:
            self._bring_into_sight()

    def _offer(self, actions: tuple[Action, ...]) -> None:
        """Buttons for what can be done; one that is there already stays under its finger."""
        style = self.style_now
        for name in [name for name in self.buttons if name not in {action.id for action in actions}]:
            self.buttons.pop(name).deleteLater()
        for place, action in enumerate(actions):
            button = self.buttons.get(action.id)
            if button is None or button.property("kind") != (action.kind or ""):
                if button is not None:
                    button.deleteLater()
                button = Button(action.kind)
                button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                button.clicked.connect(lambda _checked=False, name=action.id: self.acted.emit(name))
                self.buttons[action.id] = button
            self.deeds.removeWidget(button)
            self.deeds.insertWidget(place, button)
            button.restyle(style, action.text, key=action.key)
            if button.sizeHint().width() > self.side.width() - 2 * style.px(16):
                button.restyle(style, action.text, hint=action.text)
            button.show()

    def draw(self) -> None:
        if self.shown is None:
            return
        style = self.style_now
        words = style.words if isinstance(style.words, Words) else Words(style.lang)
        look = Look(style.lang, style.theme_name, max(style.scale, style.text_scale), words=words)
        room = float(self.room.viewport().width()), float(self.room.viewport().height())
        picture = draw(self.shown.picture, room, look)
        self.canvas.chosen = self.shown.chosen
        self.canvas.setMinimumHeight(int(picture.height) if picture.height > room[1] + 1 else 0)
        self.canvas.show_picture(picture, self.shown.spoken)

    def _bring_into_sight(self) -> None:
        box = boxes(self.canvas.picture).get(self.shown.chosen) if self.shown is not None else None
        if box is not None:
            middle = round((box.left + box.right) / 2), round((box.top + box.bottom) / 2)
            self.room.ensureVisible(*middle, 0, round(box.bottom - box.top))

    def share(self) -> None:
        """The right side's part of the width."""
        self.side.setFixedWidth(min(self.style_now.px(SIDE), round(self.width() * SHARE)))
