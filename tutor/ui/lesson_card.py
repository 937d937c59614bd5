"""The lesson card: where we are, what to see, the bet, what a detour changed, the connection's variables.

Rules
-----
* Words, bet and banner scroll together when they are longer than the card; variables and reference stay in sight.
* A new step begins at its top. What happens to its bet (a tick, a verdict) is brought into sight; while the answers lie
  below the fold, a button leads there.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.choices import Choices
from tutor.ui.prose import Prose
from tutor.ui.rows import AskRow, Banner, LessonCardRows
from tutor.ui.style import Style
from tutor.ui.variables import VariablesTable

REVEALS_FOR = 150
"""Milliseconds in which the card follows a bet that opens or is graded, while its layout settles."""

FOOT_FROM, VARIABLES_FROM = 300, 460
"""The least heights (px) of a card that also shows the rule at its foot, and the variables."""

READABLE = 860
"""Lines of words are no longer than this (px)."""


class LessonCard(Card):
    """Shows ``LessonCardRows``."""

    chosen = Signal(int)
    check_wanted = Signal()
    go_on_wanted = Signal()
    back_wanted = Signal()
    explore_wanted = Signal()

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
        self.go_on = Button("primary")
        self.scroll = QScrollArea()
        self._build()
        self.ask.choices.chosen.connect(self.chosen)
        bar = self.scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._show_ask)
        bar.rangeChanged.connect(self._offer_more)
        bar.valueChanged.connect(self._offer_more)
        self.more.clicked.connect(self.reveal)
        self.ask.check.clicked.connect(self.check_wanted)
        self.go_on.clicked.connect(self.go_on_wanted)
        self.banner.back.clicked.connect(self.back_wanted)
        self.banner.explore.clicked.connect(self.explore_wanted)
        self.restyle(style)

    def _build(self) -> None:
        self.column = QWidget()
        inner = QVBoxLayout(self.column)
        inner.setContentsMargins(0, 0, 2, 0)
        for part in (self.banner, self.title, self.words, self.ask):
            inner.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.go_on)
        row.addStretch(1)
        inner.addLayout(row)
        inner.addStretch(1)
        self.scroll.setWidget(self.column)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.viewport().setAutoFillBackground(False)
        self.column.setAutoFillBackground(False)
        self.column.setObjectName("column")
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.more = Button("primary", parent=self.scroll)
        self.variables_head = QLabel()
        self.variables = VariablesTable(self.style_now)
        self.foot = Prose(self.style_now, 14)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.scroll, 1)
        self.body.addWidget(self.variables_head)
        self.body.addWidget(self.variables)
        self.body.addWidget(self.foot)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.progress.setFixedHeight(max(4, style.px(6)))
        self.column.layout().setSpacing(style.px(10))
        for part in (self.column, self.foot):
            part.setMaximumWidth(style.px(READABLE))
        self.variables.setMaximumWidth(style.px(READABLE // 2))
        self.variables_head.setFont(style.head_font())
        set_ink(self.variables_head, style, "ink2")
        for prose in (self.title, self.words, self.foot):
            prose.restyle(style)
        self.go_on.restyle(style, style.words.t("Continue"), key=style.words.t("Space"))
        self.more.restyle(style, style.words.t("To the bet"), key="↓")
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
            self._reveals = False
            self.scroll.verticalScrollBar().setValue(0)
        elif rows.ask != was.ask:
            self.reveal()
        self._offer_more()

    def reveal(self) -> None:
        """Bring the bet into sight; once it is graded, what is said and the way on as well."""
        self._reveals = True
        QTimer.singleShot(0, self._show_ask)
        QTimer.singleShot(REVEALS_FOR, self._stop_revealing)

    def reveal_open_bet(self) -> None:
        """Bring an open bet into sight: it is what the learner was just told of."""
        if self.rows is not None and self.rows.ask is not None and self.rows.ask.is_open:
            self.reveal()

    def _show_ask(self) -> None:
        if not self._reveals:
            return
        for part in (self.ask, self.go_on):
            if part.isVisible():
                self.scroll.ensureWidgetVisible(part, 0, 0)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._share_height()
        self._offer_more()

    def _share_height(self) -> None:
        """A low card is for the words and the bet: the variables, and then the rule, give way."""
        px = self.style_now.px
        self.foot.setVisible(self.height() >= px(FOOT_FROM) and bool(self.foot.markdown))
        for part in (self.variables_head, self.variables):
            part.setVisible(self.height() >= px(VARIABLES_FROM))

    def _offer_more(self) -> None:
        """While the answers of an open bet lie below the fold, a button over the fold leads there."""
        is_open = self.rows is not None and self.rows.ask is not None and self.rows.ask.is_open
        view = self.scroll.viewport()
        fold = self.scroll.verticalScrollBar().value() + view.height()
        answers = self.ask.y() + self.ask.choices.y() + self.ask.choices.height() // 2
        self.more.setVisible(is_open and answers > fold)
        self.more.adjustSize()
        self.more.move((view.width() - self.more.width()) // 2, view.height() - self.more.height() - 2)
        self.more.raise_()

    def _stop_revealing(self) -> None:
        self._reveals = False

    def _fill(self, rows: LessonCardRows) -> None:
        style = self.style_now
        self.say(rows.head)
        self.progress.setRange(0, max(1, rows.total))
        self.progress.setValue(rows.done)
        self.progress.setAccessibleName(rows.head)
        self.title.say(f"**{rows.title}**")
        self.words.say(rows.words)
        self.ask.show_ask(rows.ask)
        self.banner.show_banner(rows.banner)
        self.go_on.setVisible(rows.can_go_on)
        self.variables_head.setText(style.head(style.words.t("Connection variables")))
        self.variables.setAccessibleName(style.words.t("Connection variables"))
        self.variables.show_rows(style, rows.variables)
        self.foot.say(rows.foot, "ink2")
        self._share_height()


class AskBox(QWidget):
    """A bet or a question: the prompt, the answers, Check, what is said to the answer."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._ask: AskRow | None = None
        self.prompt = Prose(style, 16)
        self.choices = Choices(style)
        self.check = Button("primary")
        self.feedback = QFrame()
        self.feedback.setObjectName("feedback")
        self.said = Prose(style, 15)
        box = QVBoxLayout(self.feedback)
        box.addWidget(self.said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.check)
        row.addStretch(1)
        column.addWidget(self.prompt)
        column.addWidget(self.choices)
        column.addLayout(row)
        column.addWidget(self.feedback)

    def restyle(self, style: Style) -> None:
        """Take sizes and fonts from ``style``."""
        self._style = style
        self.layout().setSpacing(style.px(8))
        edge = style.px(10)
        self.feedback.layout().setContentsMargins(edge, edge, edge, edge)
        self.prompt.restyle(style)
        self.said.restyle(style)
        self.check.restyle(style, style.words.t("Check"), key=style.words.t("Enter"))
        self.show_ask(self._ask)

    def show_ask(self, ask: AskRow | None) -> None:
        """Show this bet or question, or nothing."""
        self._ask = ask
        self.setVisible(ask is not None)
        if ask is None:
            return
        self.prompt.say(ask.prompt)
        self.choices.show_choices(self._style, ask.choices, is_open=ask.is_open)
        self.check.setVisible(ask.is_open)
        self.check.setEnabled(any(choice.mark == "ticked" for choice in ask.choices))
        self.feedback.setVisible(bool(ask.feedback))
        if self.feedback.property("verdict") != ask.verdict:
            self.feedback.setProperty("verdict", ask.verdict)
            self.feedback.style().unpolish(self.feedback)
            self.feedback.style().polish(self.feedback)
        self.said.say(ask.feedback)


class BannerBox(QFrame):
    """What the learner's own act changed, and the two ways on."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._style = style
        self._banner: Banner | None = None
        self.words = Prose(style, 15)
        self.back = Button("primary")
        self.explore = Button("")
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.back)
        column.addWidget(self.explore)

    def restyle(self, style: Style) -> None:
        """Take sizes and fonts from ``style``."""
        edge = style.px(10)
        self.layout().setContentsMargins(edge, edge, edge, edge)
        self.layout().setSpacing(style.px(8))
        self._style = style
        self.words.restyle(style)
        self.explore.restyle(style, style.words.t("Go on exploring"), key="X")
        self.show_banner(self._banner)

    def show_banner(self, banner: Banner | None) -> None:
        """Show this detour, or nothing."""
        self._banner = banner
        self.setVisible(banner is not None)
        if banner is None:
            return
        self.words.say("\n\n".join([f"**{banner.title}**", *banner.lines]))
        self.back.restyle(self._style, banner.back or self._style.words.t("Back to the lesson"), key="⌫")
        self.explore.setVisible(banner.can_explore)
