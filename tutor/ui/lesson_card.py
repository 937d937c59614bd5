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
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.card_parts import AskBox, BannerBox, ButtonRow, Fold, TouchBox
from tutor.ui.prose import Prose
from tutor.ui.rail import Rail
from tutor.ui.rows import Banner, LessonCardRows
from tutor.ui.style import Style
from tutor.ui.variables import VariablesTable

REVEALS_FOR = 400
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
    commanded = Signal(str)
    """The id of a command of the registry."""
    written = Signal(str, bool)
    played = Signal(int)
    late = Signal()
    step_wanted = Signal(int)
    width_wanted = Signal(int)
    """So wide it must be (px) for all of it to be read well; 0: as wide as it is."""
    term_wanted = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.rows: LessonCardRows | None = None
        self._reveals, self._revealing = False, QTimer(self)
        self._revealing.setSingleShot(True)
        self._revealing.setInterval(REVEALS_FOR)
        self._revealing.timeout.connect(self._stop_revealing)
        self.head.setWordWrap(True)
        self.rail = Rail(style)
        self.title = Prose(style, 24)
        self.words = Prose(style, has_terms=True)
        self.ask = AskBox(style)
        self.banner, self.touch = BannerBox(style), TouchBox(style)
        self.go_on, self.network, self.following = Button("primary"), Button("primary"), Button("primary")
        self.back = Button("")
        self._wished = 0
        self.column, self.asked = QWidget(), QWidget()
        self._build()
        self.words.term_wanted.connect(self.term_wanted)
        self.ask.choices.chosen.connect(self.chosen)
        self.asks.verticalScrollBar().rangeChanged.connect(self._show_verdict)
        self.ask.choices.played.connect(self.played)
        self.ask.field.written.connect(lambda text: self.written.emit(text, False))
        self.ask.explain.written.connect(lambda text: self.written.emit(text, False))
        self.ask.explain.told.connect(self._tell)
        self.rail.wanted.connect(self.step_wanted)
        self._name_commands()
        self.restyle(style)

    def _name_commands(self) -> None:
        """What each button asks for."""
        for button, name in (
            (self.ask.check, "check"), (self.ask.why, "why"), (self.go_on, "toggle-play"), (self.network, "network"),
            (self.following, "next-lesson"), (self.back, "back-to-lesson"), (self.banner.back, "back-to-lesson"),
            (self.banner.explore, "explore"), (self.touch.show_it, "show-me"), (self.touch.compare, "compare"),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, name=name: self.commanded.emit(name))

    def _build(self) -> None:
        said = (self.title, self.words, self.touch, self.banner)
        for column, parts in ((self.column, said), (self.asked, (self.ask,))):
            inner = QVBoxLayout(column)
            inner.setContentsMargins(0, 0, 2, 0)
            for part in parts:
                inner.addWidget(part)
            column.setObjectName("column")
            column.installEventFilter(self)
        self.column.layout().addStretch(1)
        self.scroll, self.asks = Fold(self.column), Fold(self.asked)
        self.ways = ButtonRow(self.ask.check, self.ask.why, self.network, self.go_on, self.following, self.back)
        self.variables_head = QLabel()
        self.variables = VariablesTable(self.style_now)
        self.foot = Prose(self.style_now, 14)
        for part in (self.rail, self.scroll, self.asks, self.ways):
            self.body.addWidget(part)
        self.body.addStretch(1)
        for part in (self.variables_head, self.variables, self.foot):
            self.body.addWidget(part)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.rail.restyle(style)
        self.touch.restyle(style)
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
        for fold in (self.scroll, self.asks):
            fold.restyle(style)
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
        if was is None or (rows.head, rows.title, rows.banner) != (was.head, was.title, was.banner):
            self.scroll.verticalScrollBar().setValue(0)
        if was is None or rows.ask != was.ask:
            self.reveal()

    def reveal(self) -> None:
        """Bring the bet into sight; once it is graded, what is said to it."""
        self._reveals = True
        QTimer.singleShot(0, self._show_verdict)
        self._revealing.start()

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
        self.rail.setVisible(bool(self.rows.rail) and not is_low)
        edges, gap = self.body.contentsMargins(), self.body.spacing()
        width = max(60, self.width() - edges.left() - edges.right() - 2 * self.frameWidth())
        bar = self.scroll.verticalScrollBar().sizeHint().width() + 2
        for part in (self.banner, self.touch):
            part.fit(min(width - bar, self.column.maximumWidth()))
        self.ways.fit(width)
        room = self.height() - edges.top() - edges.bottom() - 2 * self.frameWidth()
        for part in (self.head, self.rail, self.ways):
            if not part.isHidden():
                tall = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
                room -= min(tall, part.maximumHeight()) + gap
        has_ask = self.rows.ask is not None
        words, asked = self.scroll.need(width), self.asks.need(width) if has_ask else 0
        room -= gap if has_ask else 0
        self.asks.setVisible(has_ask)
        is_whole = words + asked <= room
        if not is_whole:
            words = self.scroll.need(width - bar)
        most = max(0, room - min(words, self.style_now.px(LEAST_WORDS)))
        if asked > most:
            asked = self.asks.need(width - bar)
        asks = min(asked, most)
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
        self.rail.show_steps(rows.rail, rows.head)
        self.title.say(f"**{rows.title}**" if rows.title else "")  # else four stars, which are a line across
        self.title.setVisible(bool(rows.title))
        self._arrange(rows.banner)
        self.words.say(rows.words)
        self.words.setVisible(bool(rows.words))
        self.ask.show_ask(rows.ask)
        self.banner.show_banner(rows.banner)
        self.touch.show_touch(rows.touch)
        self.go_on.setVisible(rows.can_go_on and not rows.next_lesson)
        self.following.restyle(style, rows.next_lesson)
        self.back.restyle(style, rows.back, key="⌫" if rows.back else "")
        self.back.setVisible(bool(rows.back))
        self.following.setVisible(bool(rows.next_lesson))
        self.network.setVisible(rows.has_network)
        self.variables_head.setText(style.head(style.words.t("Connection variables")))
        self.variables.setAccessibleName(style.words.t("Connection variables"))
        self.variables.show_rows(style, rows.variables)
        self.foot.say(rows.foot, "ink2")
        for part in (self.scroll, self.asks):
            part.forget()
        self._share_height()
        self._ask_for_width()

    def _arrange(self, banner: Banner | None) -> None:
        """What is to be done follows the words; off the road it goes before them, after what was done by hand. What
        another run does for the words to be seen stands behind them."""
        if banner is None or not banner.has_ways:
            order = (self.title, self.words, self.touch, self.banner)
        else:
            order = (self.banner, self.touch, self.title, self.words)
        column = self.column.layout()
        for place, part in enumerate(order):
            if column.indexOf(part) != place:
                column.removeWidget(part)
                column.insertWidget(place, part)

    def _ask_for_width(self) -> None:
        """A table stands in columns only where it has the width."""
        tables = self.ask.choices.wish() if self.rows is not None and self.rows.ask is not None else 0
        edges = self.body.contentsMargins()
        wish = tables + edges.left() + edges.right() + 2 * self.frameWidth() + 14 if tables else 0
        if wish != self._wished:
            self._wished = wish
            self.width_wanted.emit(wish)

    def _tell(self, text: str, is_late: bool) -> None:
        self.written.emit(text, True)
        if is_late:
            self.late.emit()
