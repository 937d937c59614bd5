"""What stands on the lesson card between the words: a bet or question, what a detour changed, and the ways on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.choices import Choices
from tutor.ui.prose import Prose
from tutor.ui.rows import AskRow, Banner
from tutor.ui.style import Style

LEAST_FOLD = 40
"""A part that scrolls is never lower than this (px)."""


class Fold(QScrollArea):
    """A part of the card that is as high as it wishes, and scrolls where there is less room."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._wish = LEAST_FOLD
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        widget.setAutoFillBackground(False)

    def forget(self) -> None:
        """What is in it has changed: measure it anew now. Qt would do so later, by an event for each layer.

        Never in answer to such an event: this sends another one.
        """
        for inner in (*self.widget().findChildren(QLayout), self.widget().layout()):
            inner.invalidate()

    def need(self, width: int) -> int:
        """How high it must be to show all of itself in this width (px)."""
        layout = self.widget().layout()
        return max(layout.heightForWidth(min(width, self.widget().maximumWidth())), layout.minimumSize().height())

    def wish(self, height: int, *, is_whole: bool) -> None:
        """Be as high as this (px), no more; less where the card is lower still. ``is_whole``: nothing need scroll."""
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if is_whole else on)  # a bar takes width, and then is needed itself
        height = max(0, height)
        if height != self._wish:
            self._wish = height
            self.setMaximumHeight(max(0, height))
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(120, self._wish)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, min(LEAST_FOLD, self._wish))


class ButtonRow(QWidget):
    """Buttons beside each other; under each other where they do not fit."""

    def __init__(self, *buttons: Button) -> None:
        super().__init__()
        self._buttons = buttons
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        for button in buttons:
            self._line.addWidget(button)
        self._line.addStretch(1)

    def restyle(self, style: Style) -> None:
        """Take the distance between them from ``style``."""
        self._line.setSpacing(style.px(8))

    def fit(self, width: int) -> None:
        """Stand as it fits into this width (px)."""
        shown = [button for button in self._buttons if not button.isHidden()]
        needs = sum(button.sizeHint().width() + self._line.spacing() for button in shown)
        row, column = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self.setVisible(bool(shown))
        self._line.setDirection(row if needs <= width + self._line.spacing() else column)


class AskBox(QWidget):
    """A bet or a question: the prompt, the answers, what is said to the answer; ``check`` stands on the card's row."""

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
        column.addWidget(self.prompt)
        column.addWidget(self.choices)
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
        self.check.setVisible(ask is not None and ask.is_open)
        if ask is None:
            return
        self.prompt.say(ask.prompt)
        self.choices.show_choices(self._style, ask.choices, is_open=ask.is_open)
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
        self.ways = ButtonRow(self.back, self.explore)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.ways)

    def restyle(self, style: Style) -> None:
        """Take sizes and fonts from ``style``."""
        edge = style.px(10)
        self.layout().setContentsMargins(edge, edge, edge, edge)
        self.layout().setSpacing(style.px(8))
        self._style = style
        self.words.restyle(style)
        self.ways.restyle(style)
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

    def fit(self, width: int) -> None:
        """Stand as it fits into this width (px)."""
        edges = self.layout().contentsMargins()
        self.ways.fit(width - edges.left() - edges.right())
