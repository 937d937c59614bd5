"""The page on which one is the network: the puzzles, the table of cards, and beside it what can be done.

Rules
-----
* It shows rows and says what was wanted; it knows no game. What it covers goes on existing behind it.
* Everything on it can be reached with Tab and pressed; up and down walk through the cards.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QListWidgetItem

from tutor.teach import network
from tutor.teach.network_words import ANOTHER
from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.network_list import ROW, PuzzleList
from tutor.ui.network_rows import NetworkRows, entered, news
from tutor.ui.network_side import NetworkSide
from tutor.ui.network_table import NetworkTable
from tutor.ui.page import Page
from tutor.ui.style import Style
from tutor.ui.topbar import Banner
from tutor.ui.window import Window
from tutor.words import mark

RULE = mark("You are the wire. Choose a segment and say what becomes of it; what you do not touch waits.")

LIST, SIDE = 290, 400
"""Widths (px of the 1920-px layout) of the list of puzzles and of what is said and done."""

SHARES = (0.235, 0.34)
"""Of the window's width they take at most so much."""

ROOMY = 1.2
"""In a window that is not narrow the page's letters are so much larger."""


class NetworkPage(Page):
    """Covers the window. ``wanted`` carries an intent of ``teach.network``, ``commanded`` a command's id."""

    run_wanted = Signal()
    topic = "network"
    own = frozenset({"network-hint", "undo", "redo"})

    def __init__(self, style: Style, window: Window) -> None:
        super().__init__(style, window)
        self.shown: NetworkRows | None = None
        self.list_card, self.table, self.side = Card(style), NetworkTable(style), NetworkSide(style)
        self.canvas = self.table.canvas
        self.banner = Banner()
        self.puzzles, self.other = PuzzleList(style), Button()
        self._build()
        self._wire()

    def _build(self) -> None:
        self.top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.list_card.head.setWordWrap(True)
        self.list_card.body.addWidget(self.puzzles, 1)
        self.list_card.body.addWidget(self.other)
        self.row.addWidget(self.list_card)
        self.row.addWidget(self.table, 1)
        self.row.addWidget(self.side)
        self.cover(self.banner)

    def _wire(self) -> None:
        self.puzzles.itemClicked.connect(self._pick)
        self.puzzles.itemActivated.connect(self._pick)
        self.canvas.clicked.connect(lambda mark: self.wanted.emit(network.Choose(mark)) if mark else None)
        self.canvas.entered.connect(self._enter)
        self.side.wanted.connect(self.wanted)
        self.side.run_wanted.connect(self.run_wanted)
        self.side.emptied.connect(self.canvas.setFocus)
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
        self.set_gaps()
        for card in (self.list_card, self.table, self.side):
            card.restyle(style)
        self.list_card.say(t("What to break"))
        self.head.setFont(style.font(22, 700))
        self.rule.setFont(style.font(15))
        set_ink(self.rule, style, "ink2")
        self.head.setText(t("Be the network"))
        self.rule.setText(t(RULE))
        self.close_button.restyle(style, t("Back to the stage"), key=t("Esc"))
        self.puzzles.restyle(style)
        self.banner.restyle(style)
        self.other.restyle(style, t(ANOTHER), hint=t("Any protocol, any promise, any small budget"))
        self.share()
        if self.shown is not None:
            self._say(self.shown)

    def share(self) -> None:
        """Who gets how much of the width."""
        for card, wish, share in ((self.list_card, LIST, SHARES[0]), (self.side, SIDE, SHARES[1])):
            card.setFixedWidth(min(self.style_now.px(wish), round(self.width() * share)))
        taken = self.head.sizeHint().width() + self.close_button.sizeHint().width() + 6 * self.style_now.px(10)
        needs = self.rule.fontMetrics().horizontalAdvance(self.rule.text())
        self.rule.setVisible(self.width() - taken > needs)
        self.side.fit()

    def draw(self) -> None:
        """Draw the pictures for the room they have."""
        self.table.draw()

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
        self.banner.say(rows.not_tcp)
        self.puzzles.show_rows(rows.puzzles)
        self.side.show_rows(rows)
        self.table.show_rows(rows)

    # --- what was wanted ---

    def _enter(self) -> None:
        deed = entered(self.shown) if self.shown is not None else None
        if deed is not None:
            self.wanted.emit(network.Do(deed))

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
