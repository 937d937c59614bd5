"""The lesson card: where we are, what to see, the bet, what a detour changed, the connection's variables.

Rules
-----
* The bet, what is said to the answer, and the way on are always in sight, under the words. Where all of it is longer
  than the card, the variables give way first, then the rule at the foot, then the words scroll; a bet scrolls only
  where hardly any words are left.
* A new step begins at its top. A verdict is brought into sight.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.card_parts import AskBox, BannerBox, ButtonRow, Fold
from tutor.ui.prose import Prose
from tutor.ui.rows import LessonCardRows
from tutor.ui.style import Style
from tutor.ui.variables import VariablesTable

REVEALS_FOR = 150
"""Milliseconds in which the card follows a bet that opens or is graded, while its layout settles."""

LOW = 150
"""A card below this height (px before scaling) has neither head nor progress: its tab says what it is."""
LEAST_WORDS = 84
"""So much of the words (px) stays in sight, however long a bet is."""

READABLE = 860
"""Lines of words are no longer than this (px)."""


class LessonCard(Card):
    """Shows ``LessonCardRows``."""

    chosen = Signal(int)
    check_wanted = Signal()
    go_on_wanted = Signal()
    back_wanted = Signal()
    explore_wanted = Signal()
    network_wanted = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.rows: LessonCardRows | None = None
        self._reveals = False
        self.head.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.title = Prose(style, 24)
        self.words = Prose(style)
        self.ask = AskBox(style)
        self.banner = BannerBox(style)
        self.go_on, self.network = Button("primary"), Button("primary")
        self.column, self.asked = QWidget(), QWidget()
        self._build()
        self.ask.choices.chosen.connect(self.chosen)
        self.asks.verticalScrollBar().rangeChanged.connect(self._show_verdict)
        self.ask.check.clicked.connect(self.check_wanted)
        self.go_on.clicked.connect(self.go_on_wanted)
        self.network.clicked.connect(self.network_wanted)
        self.banner.back.clicked.connect(self.back_wanted)
        self.banner.explore.clicked.connect(self.explore_wanted)
        self.restyle(style)

    def _build(self) -> None:
        for column, parts in ((self.column, (self.banner, self.title, self.words)), (self.asked, (self.ask,))):
            inner = QVBoxLayout(column)
            inner.setContentsMargins(0, 0, 2, 0)
            for part in parts:
                inner.addWidget(part)
            column.setObjectName("column")
            column.installEventFilter(self)
        self.column.layout().addStretch(1)
        self.scroll, self.asks = Fold(self.column), Fold(self.asked)
        self.ways = ButtonRow(self.ask.check, self.go_on, self.network)
        self.variables_head = QLabel()
        self.variables = VariablesTable(self.style_now)
        self.foot = Prose(self.style_now, 14)
        for part in (self.progress, self.scroll, self.asks, self.ways):
            self.body.addWidget(part)
        self.body.addStretch(1)
        for part in (self.variables_head, self.variables, self.foot):
            self.body.addWidget(part)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.progress.setFixedHeight(max(4, style.px(6)))
        self.column.layout().setSpacing(style.px(10))
        for part in (self.column, self.asked, self.foot):
            part.setMaximumWidth(style.px(READABLE))
        self.variables.setMaximumWidth(style.px(READABLE // 2))
        self.variables_head.setFont(style.head_font())
        set_ink(self.variables_head, style, "ink2")
        for prose in (self.title, self.words, self.foot):
            prose.restyle(style)
        self.go_on.restyle(style, style.words.t("Continue"), key=style.words.t("Space"))
        self.network.restyle(style, style.words.t("Be the network"))
        self.ways.restyle(style)
        self.ask.restyle(style)
        self.banner.restyle(style)
        if self.rows is not None:
            self._fill(self.rows)

    def show_rows(self, rows: LessonCardRows) -> None:
        """Show this step of the lesson."""
        was, self.rows = self.rows, rows
        if rows == was:
            return
        self._fill(rows)
        if was is None or rows.done != was.done or rows.banner != was.banner:
            self.scroll.verticalScrollBar().setValue(0)
        if was is None or rows.ask != was.ask:
            self.reveal()

    def reveal(self) -> None:
        """Bring the bet into sight; once it is graded, what is said to it."""
        self._reveals = True
        QTimer.singleShot(0, self._show_verdict)
        QTimer.singleShot(REVEALS_FOR, self._stop_revealing)

    def _show_verdict(self) -> None:
        """Where a bet is higher than its room: the prompt while it is open, then the verdict and what follows it."""
        if not self._reveals or self.rows is None or self.rows.ask is None:
            return
        bar, said = self.asks.verticalScrollBar(), self.ask.feedback
        ticked = next((row for row in self.ask.choices.rows if row.choice.mark == "ticked"), None)
        if said.isHidden():
            bar.setValue(0)
            if ticked is not None:
                self.asks.ensureWidgetVisible(ticked, 0, 0)
            return
        top = said.mapTo(self.asked, said.rect().topLeft()).y()
        bar.setValue(min(top, bar.maximum()))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._share_height()

    def eventFilter(self, watched, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # something in it has another height than was thought
            self._share_height()
        return super().eventFilter(watched, event)

    def _share_height(self) -> None:
        """First the words and the bet, then the rule, then the variables; what has no room gives way."""
        if self.rows is None:
            return
        is_low = self.height() < self.style_now.px(LOW)
        self.head.setVisible(not is_low)
        self.progress.setVisible(self.rows.total > 1 and not is_low)
        edges, gap = self.body.contentsMargins(), self.body.spacing()
        width = max(60, self.width() - edges.left() - edges.right() - 2 * self.frameWidth())
        bar = self.scroll.verticalScrollBar().sizeHint().width() + 2
        self.banner.fit(min(width - bar, self.column.maximumWidth()))
        self.ways.fit(width)
        room = self.height() - edges.top() - edges.bottom() - 2 * self.frameWidth()
        for part in (self.head, self.progress, self.ways):
            if not part.isHidden():
                tall = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
                room -= min(tall, part.maximumHeight()) + gap
        has_ask = self.rows.ask is not None
        words, asked = self.scroll.need(width), self.asks.need(width) if has_ask else 0
        room -= gap if has_ask else 0
        self.asks.setVisible(has_ask)
        is_whole = words + asked <= room
        if not is_whole:
            words, asked = self.scroll.need(width - bar), self.asks.need(width - bar) if has_ask else 0
        asks = max(min(asked, room - min(words, self.style_now.px(LEAST_WORDS))), 0)
        self.asks.wish(asks, is_whole=asks >= asked)
        self.scroll.wish(min(words, room - asks), is_whole=is_whole)
        words, asked = min(words, room - asks), asks
        self._share_rest(width, room - words - asked, gap)

    def _share_rest(self, width: int, rest: int, gap: int) -> None:
        """What words and bet leave: the rule at the foot, then the variables."""
        tall = self.foot.heightForWidth(min(width, self.foot.maximumWidth())) + gap
        has_foot = bool(self.foot.markdown) and tall <= rest
        rest -= tall if has_foot else 0
        table = self.variables_head.sizeHint().height() + self.variables.sizeHint().height() + 2 * gap
        has_variables = bool(self.variables.rows.rows) and table <= rest
        self.foot.setVisible(has_foot)
        for part in (self.variables_head, self.variables):
            part.setVisible(has_variables)

    def _stop_revealing(self) -> None:
        self._reveals = False

    def _fill(self, rows: LessonCardRows) -> None:
        style = self.style_now
        self.say(rows.head)
        self.progress.setUpdatesEnabled(False)  # else each value paints the whole window at once
        self.progress.setRange(0, max(1, rows.total))
        self.progress.setValue(rows.done)
        self.progress.setUpdatesEnabled(True)
        self.progress.setAccessibleName(rows.head)
        self.title.say(f"**{rows.title}**")
        self.words.say(rows.words)
        self.ask.show_ask(rows.ask)
        self.banner.show_banner(rows.banner)
        self.go_on.setVisible(rows.can_go_on)
        self.network.setVisible(rows.has_network)
        self.variables_head.setText(style.head(style.words.t("Connection variables")))
        self.variables.setAccessibleName(style.words.t("Connection variables"))
        self.variables.show_rows(style, rows.variables)
        self.foot.say(rows.foot, "ink2")
        for part in (self.scroll, self.asks):
            part.forget()
        self._share_height()
