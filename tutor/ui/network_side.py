"""The right side of the network's page: what is to be broken, how far one is, a hint, and what can be done.

Rules
-----
* No button is made anew under a finger or a focus: the moves that are offered are built only when they change.
* A hint, and the button that it speaks of, are brought into sight; if both do not fit, the button is.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from tutor.joining import aside
from tutor.teach import network
from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.card_parts import ButtonRow
from tutor.ui.network_rows import DeedGroup, NetworkRows, entered
from tutor.ui.page import scrolling
from tutor.ui.style import Style

SAID: dict[str, tuple[int, int, str]] = {
    "verdict": (17, 700, "ok"), "meaning": (15, 400, "ink"), "who": (14, 600, "ink2"),
    "goal": (16, 700, "ink"), "exact": (14, 400, "ink2"), "begins": (14, 400, "ink2"),
    "par": (15, 700, "ink"), "budget": (14, 600, "ink2"), "proof": (14, 400, "ink"), "yours": (14, 400, "ink2"),
}  # fmt: skip
"""What is told, in order: size, weight, colour."""

BAR = 10
"""Px that a scroll bar takes."""


class NetworkSide(Card):
    """Shows ``NetworkRows``. ``wanted`` carries an intent of ``teach.network``; ``run_wanted``: open what was made."""

    wanted = Signal(object)
    run_wanted = Signal()
    emptied = Signal()
    """The button that had the focus is gone."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.shown: NetworkRows | None = None
        self.said = {name: QLabel() for name in SAID}
        self.yours_head, self.hint = QLabel(), QLabel()
        self.deeds = QWidget()
        self.buttons: list[tuple[Button, object]] = []
        """The moves that can be made now: (button, ``Deed``)."""
        self.offered: object = None
        """Which moves stand there, and how they look."""
        self.advised: Button | None = None
        """The one that a hint speaks of."""
        self.hint_button, self.undo, self.redo, self.again = Button(), Button(), Button(), Button()
        self.run = Button("primary")
        self.later = QTimer(self)
        self.later.setSingleShot(True)
        self._build()
        self._wire()

    # --- building ---

    def _build(self) -> None:
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
            self.said["exact"], self.said["begins"], self.said["par"], self.said["budget"], self.hint, self.deeds,
            self.said["proof"], self.yours_head, self.said["yours"],
        ):  # fmt: skip
            words.addWidget(part)
        words.addStretch(1)
        self.words_layout = words
        self.around = scrolling(inner)
        self.back = ButtonRow(self.undo, self.redo, self.again)
        self.head.setWordWrap(True)
        self.body.addWidget(self.around, 1)
        self.body.addWidget(self.hint_button)
        self.body.addWidget(self.back)

    def _wire(self) -> None:
        for button, intent in (
            (self.hint_button, network.Hint()), (self.undo, network.Undo()), (self.redo, network.Redo()),
            (self.again, network.Again()),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, intent=intent: self.wanted.emit(intent))
        self.run.clicked.connect(self.run_wanted)
        self.later.timeout.connect(self._reveal)

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        super().restyle(style)
        t = style.words.t
        self.words_layout.setSpacing(style.px(10))
        for name, (size, weight, role) in SAID.items():
            self.said[name].setFont(style.font(size, weight))
            set_ink(self.said[name], style, role)
        self.yours_head.setFont(style.font(14, 700))
        self.yours_head.setText(style.head(t("What is yours")))
        set_ink(self.yours_head, style, "ink2")
        self.hint.setFont(style.font(15))
        self.hint.setMargin(style.px(8))
        set_ink(self.hint, style, "ink")
        self.back.restyle(style)
        self.undo.restyle(style, t("Undo"), hint=aside(t("Undo"), "Ctrl+Z", style.words))
        self.redo.restyle(style, t("Redo"), hint=aside(t("Redo"), "Ctrl+Shift+Z", style.words))
        self.again.restyle(style, t("Again"), hint=t("From the beginning"))
        self.run.restyle(style, t("Watch this run on the stage"))

    def fit(self) -> None:
        """Lay out for the width that there is; the words of a move are read whole, also beside a scroll bar."""
        beside = self._beside()
        self.back.fit(beside - 2)
        edges = self.words_layout.contentsMargins()
        for button, _ in self.buttons:
            button.wrap(beside - edges.left() - edges.right() - BAR - 2)

    def _beside(self) -> int:
        """The px between the edges of the card."""
        edges = self.body.contentsMargins()
        return self.width() - edges.left() - edges.right()

    # --- rows ---

    def show_rows(self, rows: NetworkRows) -> None:
        """Show a game."""
        style, self.shown = self.style_now, rows
        self.say(rows.title)
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
        self._stress(self.hint_button, is_advised=rows.goes_back)
        self.redo.setEnabled(rows.can_redo)
        self.again.setEnabled(rows.can_undo)
        if (rows.groups, style) != self.offered:
            self.offered = (rows.groups, style)
            self._offer(rows.groups)

    def _stress(self, button: Button, *, is_advised: bool) -> None:
        """Have a button look as the one that a hint speaks of, or as any other."""
        kind = "primary" if is_advised else ""
        if button.property("kind") != kind:
            button.setProperty("kind", kind)
            button.style().unpolish(button)
            button.style().polish(button)

    def _offer(self, groups: tuple[DeedGroup, ...]) -> None:
        """The buttons of what can be done."""
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
        self.fit()
        self.deeds.show()
        if had_focus:
            self.emptied.emit()

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

    def _reveal(self) -> None:
        for part in (self.hint, self.advised):
            if part is not None and part.isVisible():
                self.around.ensureWidgetVisible(part, 0, self.style_now.px(8))
