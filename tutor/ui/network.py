"""The page on which one is the network: the puzzles, the table of cards, and what can be done.

Rules
-----
* It shows rows and says what was wanted; it knows no game. What it covers goes on existing behind it.
* Everything on it can be reached with Tab and pressed; up and down walk through the cards.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tutor.joining import aside
from tutor.teach import network
from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card import Card, set_ink
from tutor.ui.card_parts import ButtonRow
from tutor.ui.network_list import ROW, PuzzleList
from tutor.ui.network_reading import Reading
from tutor.ui.network_rows import DeedGroup, NetworkRows, entered, news
from tutor.ui.page import Page, scrolling
from tutor.ui.style import Style
from tutor.ui.topbar import Banner
from tutor.ui.window import Window
from tutor.view.marks import Rect
from tutor.view.moves import moves, numbered
from tutor.view.theme import Look
from tutor.view.wire import wire
from tutor.words import Words, mark

RULE = mark("You are the wire. Choose a segment and say what becomes of it; what you do not touch waits.")

SAID: dict[str, tuple[int, int, str]] = {
    "verdict": (17, 700, "ok"), "meaning": (15, 400, "ink"), "who": (14, 600, "ink2"),
    "goal": (16, 700, "ink"), "exact": (14, 400, "ink2"),
    "par": (15, 700, "ink"), "budget": (14, 600, "ink2"), "proof": (14, 400, "ink"), "yours": (14, 400, "ink2"),
}  # fmt: skip
"""What is told beside the table, in order: size, weight, colour."""

LIST, SIDE = 290, 400
"""Widths (px of the 1920-px layout) of the list of puzzles and of what is said and done."""

SHARES = (0.235, 0.34)
"""Of the window's width they take at most so much."""

ROOMY = 1.2
"""In a window that is not narrow the page's letters are so much larger."""

SPARE = 4
"""Px that are left free below the moves: a head may be a little higher than it says."""

UNBOUNDED = (1 << 24) - 1
"""A widget may be as high as it likes (Qt's QWIDGETSIZE_MAX)."""

TABLE, LEAST, BAR = 0.78, 120, 10
"""Of its card the table takes so much at most, the rest is for the moves, but never less than so many px; and the width
of a scroll bar (px)."""


class TableCanvas(Canvas):
    """A canvas on which Enter does what can be done."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class NetworkPage(Page):
    """Covers the window. ``wanted`` carries an intent of ``teach.network``, ``commanded`` a command's id."""

    run_wanted = Signal()
    topic = "network"
    own = frozenset({"network-hint", "undo", "redo"})

    def __init__(self, style: Style, window: Window) -> None:
        super().__init__(style, window)
        self.shown: NetworkRows | None = None
        self.list_card, self.table, self.side = Card(style), Card(style), Card(style)
        self.banner = Banner()
        self.puzzles, self.other = PuzzleList(style), Button()
        self.canvas = TableCanvas(style)
        self.moves_head, self.moves = QLabel(), Canvas(style)
        self.reading = Reading()
        self.said = {name: QLabel() for name in SAID}
        self.yours_head, self.hint = QLabel(), QLabel()
        self.later = QTimer(self)
        self.later.setSingleShot(True)
        self.later.timeout.connect(self._reveal)
        self.fitting = QTimer(self)
        self.fitting.setSingleShot(True)
        self.fitting.timeout.connect(self._fit_told)
        self.deeds = QWidget()
        self.buttons: list[tuple[Button, object]] = []
        """The moves that can be made now: (button, ``Deed``)."""
        self.offered: object = None
        """Which moves stand there, and how they look: no button is made anew under a finger or a focus."""
        self.advised: Button | None = None
        """The one that a hint speaks of."""
        self.hint_button, self.undo, self.redo, self.again = Button(), Button(), Button(), Button()
        self.run = Button("primary")
        self._build()
        self._wire()

    # --- building ---

    def _build(self) -> None:
        self.top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        for card in (self.list_card, self.table, self.side):
            card.head.setWordWrap(True)
        self.list_card.body.addWidget(self.puzzles, 1)
        self.list_card.body.addWidget(self.other)
        self.room = scrolling(self.canvas)
        self.told = scrolling(self._build_told())
        self.told.setFrameShape(QFrame.Shape.NoFrame)
        self.table.body.addWidget(self.room)
        self.table.body.addWidget(self.moves_head)
        self.table.body.addWidget(self.told, 1)
        self.table.body.addStretch()
        self._build_side()
        self.row.addWidget(self.list_card)
        self.row.addWidget(self.table, 1)
        self.row.addWidget(self.side)
        self.cover(self.banner)

    def _build_told(self) -> QWidget:
        """Below the table: the moves, and then how the cards are read."""
        inner = QWidget()
        self.told_layout = QVBoxLayout(inner)
        self.told_layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.moves, self.reading):
            self.told_layout.addWidget(part)
        self.told_layout.addStretch(1)
        return inner

    def _build_side(self) -> None:
        inner = QWidget()
        words = QVBoxLayout(inner)
        words.setContentsMargins(0, 0, 8, 0)
        for label in (*self.said.values(), self.hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hint.setObjectName("banner")
        for part in (
            self.said["verdict"], self.said["meaning"], self.run, self.said["who"], self.said["goal"],
            self.said["exact"], self.said["par"], self.said["budget"], self.hint,
        ):  # fmt: skip
            words.addWidget(part)
        words.addWidget(self.deeds)
        for part in (self.said["proof"], self.yours_head, self.said["yours"]):
            words.addWidget(part)
        words.addStretch(1)
        self.words_layout = words
        self.around = scrolling(inner)
        self.side.body.addWidget(self.around, 1)
        self.back = ButtonRow(self.undo, self.redo, self.again)
        self.side.body.addWidget(self.hint_button)
        self.side.body.addWidget(self.back)

    def _wire(self) -> None:
        self.puzzles.itemClicked.connect(self._pick)
        self.puzzles.itemActivated.connect(self._pick)
        self.canvas.clicked.connect(lambda mark: self.wanted.emit(network.Choose(mark)) if mark else None)
        self.canvas.entered.connect(self._enter)
        self.canvas.resized.connect(self.draw)
        for button, intent in (
            (self.hint_button, network.Hint()), (self.undo, network.Undo()), (self.redo, network.Redo()),
            (self.again, network.Again()),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, intent=intent: self.wanted.emit(intent))
        self.run.clicked.connect(self.run_wanted)
        self.other.clicked.connect(self._ask_for_other)

    def takes(self, name: str) -> bool:
        """Carry out a command that means something here; False: it is the window's."""
        intent = {"undo": network.Undo(), "redo": network.Redo(), "network-hint": network.Hint()}.get(name)
        if intent is not None:
            self.wanted.emit(intent)
        elif name == "deselect":
            self.commanded.emit(self.topic)
        return intent is not None or name == "deselect"

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        if style.scale >= style.text_scale:
            style = replace(style, scale=style.scale * ROOMY)
        self.style_now = style
        t = style.words.t
        self.set_gaps(self.words_layout, self.told_layout)
        for card in (self.list_card, self.table, self.side):
            card.restyle(style)
        self.list_card.say(t("What to break"))
        self.table.say(t("The wire"))
        self.head.setFont(style.font(22, 700))
        self.rule.setFont(style.font(15))
        set_ink(self.rule, style, "ink2")
        self.head.setText(t("Be the network"))
        self.rule.setText(t(RULE))
        self.close_button.restyle(style, t("Back to the stage"), key=t("Esc"))
        self.canvas.restyle(style)
        self.canvas.setAccessibleName(t("The wire"))
        self.puzzles.restyle(style)
        self.banner.restyle(style)
        self.moves_head.setFont(style.head_font())
        set_ink(self.moves_head, style, "ink2")
        self.share()
        for name, (size, weight, role) in SAID.items():
            self.said[name].setFont(style.font(size, weight))
            set_ink(self.said[name], style, role)
        self.yours_head.setFont(style.font(14, 700))
        self.yours_head.setText(style.head(t("What is yours")))
        set_ink(self.yours_head, style, "ink2")
        self.hint.setFont(style.font(15))
        self.hint.setMargin(style.px(8))
        set_ink(self.hint, style, "ink")
        self.reading.restyle(style)
        self.moves.restyle(style)
        self.moves.setAccessibleName(t("Your moves"))
        self.back.restyle(style)
        self.undo.restyle(style, t("Undo"), hint=aside(t("Undo"), "Ctrl+Z", style.words))
        self.redo.restyle(style, t("Redo"), hint=aside(t("Redo"), "Ctrl+Shift+Z", style.words))
        self.again.restyle(style, t("Again"), hint=t("From the beginning"))
        self.other.restyle(style, t("Another puzzle"), hint=t("Any protocol, any promise, any small budget"))
        self.run.restyle(style, t("Watch this run on the stage"))
        if self.shown is not None:
            self._say(self.shown)

    # --- rows ---

    def show_rows(self, rows: NetworkRows) -> None:
        """Show a game."""
        if rows == self.shown:
            return
        said, self.shown = news(self.shown, rows), rows
        self._say(rows)
        if said and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.canvas, said))

    def _say(self, rows: NetworkRows) -> None:
        style = self.style_now
        self.reading.show_states(rows.states)
        self.side.say(rows.title)
        self.banner.say(rows.not_tcp)
        self.puzzles.show_rows(rows.puzzles)
        texts = {name: getattr(rows, name) for name in SAID if name != "proof"}
        texts["proof"] = "\n\n".join(rows.proof)
        for name, text in texts.items():
            self.said[name].setText(text)
            self.said[name].setVisible(bool(text))
        self.said["budget"].setVisible(not rows.is_won)
        if rows.is_won:
            self.around.verticalScrollBar().setValue(0)
        if rows.hint != self.hint.text():
            self.later.start(0)
        self.hint.setText(rows.hint)
        self.hint.setVisible(bool(rows.hint))
        self.run.setVisible(rows.is_won)
        self.hint_button.restyle(style, rows.hint_button, key="Shift+H")
        self.hint_button.setEnabled(rows.can_hint)
        self.undo.setEnabled(rows.can_undo)
        self._stress(self.undo, is_advised=rows.goes_back)
        self.redo.setEnabled(rows.can_redo)
        self.again.setEnabled(rows.can_undo)
        if (rows.groups, style) != self.offered:
            self.offered = (rows.groups, style)
            self._offer(rows.groups)
        head = style.words.t("Your moves") if rows.history else style.words.t("No move has been made yet.")
        self.moves_head.setText(style.head(head) if rows.history else head)
        self.draw()

    def _stress(self, button: Button, *, is_advised: bool) -> None:
        """Have a button look as the one that a hint speaks of, or as any other."""
        kind = "primary" if is_advised else ""
        if button.property("kind") != kind:
            button.setProperty("kind", kind)
            button.style().unpolish(button)
            button.style().polish(button)

    def _offer(self, groups: tuple[DeedGroup, ...]) -> None:
        """The buttons of what can be done; whoever had one of them in focus goes on at the table."""
        had_focus = self.deeds.isAncestorOf(self.focusWidget() or self)
        place = self.words_layout.indexOf(self.deeds)
        self.deeds.hide()
        self.deeds.deleteLater()
        self.deeds, self.buttons, self.advised = QWidget(), [], None
        column = QVBoxLayout(self.deeds)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.style_now.px(6))
        for group in groups:
            self._group(group, column)
        self.words_layout.insertWidget(place, self.deeds)
        self._wrap()
        self.deeds.show()
        if had_focus:
            self.canvas.setFocus()

    def _group(self, group: DeedGroup, column: QVBoxLayout) -> None:
        style = self.style_now
        if not group.deeds and not group.empty:
            return
        if column.count():
            column.addSpacing(style.px(8))
        column.addWidget(self._label(style.head(group.head), 14, 700, "ink2"))
        if not group.deeds:
            column.addWidget(self._label(group.empty, 14, 400, "ink3"))
        for text, deed in group.deeds:
            button = Button("primary" if deed == group.advised else "")
            is_entered = bool(self.shown and deed == entered(self.shown))
            button.restyle(style, text, key=style.words.t("Enter") if is_entered else "")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, deed=deed: self.wanted.emit(network.Do(deed)))
            column.addWidget(button)
            self.buttons.append((button, deed))
            if deed == group.advised:
                self.advised = button
        if group.note:
            column.addWidget(self._label(group.note, 14, 400, "ink2"))

    def _label(self, text: str, size: int, weight: int, role: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(self.style_now.font(size, weight))
        set_ink(label, self.style_now, role)
        return label

    def draw(self) -> None:
        if self.shown is None:
            return
        style = self.style_now
        words = style.words if isinstance(style.words, Words) else Words(style.lang)
        look = Look(style.lang, style.theme_name, max(style.scale, style.text_scale), words=words)
        most = max(LEAST, round((self.table.height() - self._heads()) * TABLE))
        picture = wire(self.shown.wire, (float(self.room.width() - BAR), float(most)), look)
        height = round(picture.height)
        self.canvas.setMinimumHeight(height)
        self.room.setFixedHeight(min(height, most))
        self.canvas.show_picture(picture, self.shown.spoken)
        self._draw_moves(look)
        self.fitting.start(0)
        marked = {card.id for lane in self.shown.wire.lanes for card in lane.cards if card.is_hinted or card.is_chosen}
        box = next((each for each in picture.marks() if isinstance(each, Rect) and each.id and each.id in marked), None)
        if box is not None:
            self.room.ensureVisible(round(box.x + box.w / 2), round(box.y + box.h / 2), 0, round(box.h * 0.6))

    def _draw_moves(self, look: Look) -> None:
        """The moves so far; the newest is in sight."""
        rows = self.shown.history if self.shown is not None else ()
        picture = moves(rows, float(self.told.width() - BAR), look)
        if picture.height != self.moves.minimumHeight():
            self.later.start(0)
        self.moves.setFixedHeight(round(picture.height))
        self.moves.setVisible(bool(rows))
        told = "\n".join(f"{number} {row.text}".strip() for number, row in zip(numbered(rows), rows, strict=True))
        self.moves.show_picture(picture, told)

    def _fit_told(self) -> None:
        """Below the table no line is cut in half; when nothing can be played, cards are explained if that fits."""
        if self.shown is None:
            return
        room = self.table.height() - self._heads() - self.room.height()
        moves_high = self.moves.height() + self.told_layout.spacing() if self.moves.isVisible() else 0
        whole = moves_high + self.reading.heightForWidth(self.told.viewport().width())
        self.reading.setVisible(whole <= room or not self.shown.is_won)
        ends = [self.moves.height()] * bool(moves_high) + [moves_high + end for end in self.reading.ends()]
        fitting = max((end for end in ends if end <= room - SPARE), default=room)
        self.told.setMaximumHeight(max(1, fitting) if whole > room else UNBOUNDED)

    def _heads(self) -> int:
        """What the two heads of the table's card take of its height."""
        edges, heads = self.table.body.contentsMargins(), (self.table.head, self.moves_head)
        gaps = edges.top() + edges.bottom() + 3 * self.table.body.spacing()
        return gaps + sum(head.sizeHint().height() for head in heads)

    def _enter(self) -> None:
        deed = entered(self.shown) if self.shown is not None else None
        if deed is not None:
            self.wanted.emit(network.Do(deed))

    def _reveal(self) -> None:
        """What a hint says, and the button that it speaks of, are in sight; if both do not fit, the button is."""
        for part in (self.hint, self.advised):
            if part is not None and part.isVisible():
                self.around.ensureWidgetVisible(part, 0, self.style_now.px(8))
        self.told.ensureVisible(0, self.moves.height() if self.moves.isVisible() else 0, 0, 0)

    def _pick(self, item: QListWidgetItem) -> None:
        self.wanted.emit(network.Pick(item.data(ROW).puzzle))

    def _ask_for_other(self) -> None:
        from tutor.ui.network_choice import PuzzleDialog

        now = next(row.puzzle for row in self.shown.puzzles if row.is_current) if self.shown is not None else None
        if now is None:
            return
        dialog = PuzzleDialog(self.style_now, now, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(lambda puzzle: self.wanted.emit(network.Pick(puzzle)))
        dialog.open()

    def share(self) -> None:
        """Who gets how much of the width."""
        for card, wish, share in ((self.list_card, LIST, SHARES[0]), (self.side, SIDE, SHARES[1])):
            card.setFixedWidth(min(self.style_now.px(wish), round(self.width() * share)))
        taken = self.head.sizeHint().width() + self.close_button.sizeHint().width() + 6 * self.style_now.px(10)
        needs = self.rule.fontMetrics().horizontalAdvance(self.rule.text())
        self.rule.setVisible(self.width() - taken > needs)
        self.back.fit(self._beside() - 2)
        self._wrap()

    def _beside(self) -> int:
        """The px between the edges of the card of what is said and done."""
        edges = self.side.body.contentsMargins()
        return self.side.width() - edges.left() - edges.right()

    def _wrap(self) -> None:
        """The words of a move are read whole, also beside a scroll bar."""
        edges = self.words_layout.contentsMargins()
        for button, _ in self.buttons:
            button.wrap(self._beside() - edges.left() - edges.right() - BAR - 2)
