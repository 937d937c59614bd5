"""What stands on the lesson card between the words: a bet or question, what a detour changed, and the ways on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from tutor.ui.answering import ExplainBox, TimeField
from tutor.ui.button import Button
from tutor.ui.choices import Choices
from tutor.ui.prose import Prose
from tutor.ui.rows import AskRow, Banner, TouchRow
from tutor.ui.style import Style

LEAST_FOLD = 40
"""A part that scrolls is never lower than this (px)."""


class Shade(QWidget):
    """Over an edge behind which there is more: the line that the edge would cut in two fades into the card."""

    def __init__(self, fold: QWidget, *, is_top: bool) -> None:
        super().__init__(fold)
        self._is_top = is_top
        self.ground = QColor()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        clear = QColor(self.ground)
        clear.setAlpha(0)
        fading = QLinearGradient(0, 0, 0, self.height())
        ends = (self.ground, clear) if self._is_top else (clear, self.ground)
        for place, colour in zip((0.0, 1.0), ends, strict=True):
            fading.setColorAt(place, colour)
        fading.setColorAt(0.25 if self._is_top else 0.75, self.ground)
        painter = QPainter(self)
        painter.fillRect(self.rect(), fading)
        painter.end()


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
        self._shades = (Shade(self, is_top=True), Shade(self, is_top=False))
        self.verticalScrollBar().valueChanged.connect(self._lay_shades)
        self.verticalScrollBar().rangeChanged.connect(self._lay_shades)

    def restyle(self, style: Style) -> None:
        """Let what is behind the edges fade into the card."""
        for shade in self._shades:
            shade.ground = style.colour("surface")
            shade.resize(shade.width(), style.px(24))
            shade.update()
        self._lay_shades()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_shades()

    def _lay_shades(self) -> None:
        bar, there = self.verticalScrollBar(), self.viewport().geometry()
        more = (bar.value() > bar.minimum(), bar.value() < bar.maximum())
        for shade, is_more in zip(self._shades, more, strict=True):
            shade.setVisible(is_more and there.height() > 3 * shade.height())
        top, bottom = self._shades
        top.setGeometry(there.left(), there.top(), there.width(), top.height())
        bottom.setGeometry(there.left(), there.bottom() + 1 - bottom.height(), there.width(), bottom.height())

    def forget(self) -> None:
        """What is in it has changed: measure it anew now. Qt would do so later, by an event for each layer.

        Never in answer to such an event: this sends another one.
        """
        for inner in (*self.widget().findChildren(QLayout), self.widget().layout()):
            inner.invalidate()

    def leaf(self, pages: float) -> None:
        """Scroll by so many times what is seen of it; back, if negative."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + round(pages * self.viewport().height()))

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
        for button in shown:
            button.fit(width)
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
        self.how = Prose(style, 14)
        self.choices = Choices(style)
        self.field, self.explain = TimeField(), ExplainBox(style)
        self.check, self.why = Button("primary"), Button("", "play")
        self.feedback = QFrame()
        self.feedback.setObjectName("feedback")
        self.said = Prose(style, 15)
        box = QVBoxLayout(self.feedback)
        box.addWidget(self.said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.prompt)
        for part in (self.how, self.field, self.explain, self.choices, self.feedback):
            column.addWidget(part)

    def restyle(self, style: Style) -> None:
        """Take sizes and fonts from ``style``."""
        self._style = style
        self.layout().setSpacing(style.px(8))
        edge = style.px(10)
        self.feedback.layout().setContentsMargins(edge, edge, edge, edge)
        self.prompt.restyle(style)
        for part in (self.said, self.how, self.field, self.explain):
            part.restyle(style)
        self.why.restyle(style, style.words.t("Watch why"), key="Z")
        self.check.restyle(style, style.words.t("Check"), key=style.words.t("Enter"))
        self.show_ask(self._ask)

    def show_ask(self, ask: AskRow | None) -> None:
        """Show this bet or question, or nothing."""
        self._ask = ask
        self.check.setVisible(ask is not None and ask.is_open and ask.is_checked)
        self.why.setVisible(ask is not None and ask.why is not None)
        if ask is None:
            return
        self.prompt.say(ask.prompt)
        self.choices.show_choices(self._style, ask.choices, is_open=ask.is_open)
        self.how.say(ask.how, "ink2")
        self.how.setVisible(bool(ask.how))
        self._show_field(ask)
        self.check.setEnabled(ask.can_check)
        self.feedback.setVisible(bool(ask.feedback))
        if self.feedback.property("verdict") != ask.verdict:
            self.feedback.setProperty("verdict", ask.verdict)
            self.feedback.style().unpolish(self.feedback)
            self.feedback.style().polish(self.feedback)
        self.said.say(ask.feedback)

    def _show_field(self, ask: AskRow) -> None:
        """The field of a time, or the sheet of an explanation, if it has one."""
        is_told = ask.seconds > 0
        had_focus = self.field.hasFocus() or self.explain.sheet.hasFocus()
        self.field.setVisible(ask.typed is not None and not is_told)
        self.explain.setVisible(is_told)
        self.explain.show_task(ask.seconds, ask.typed or "" if is_told else "")
        if not is_told:
            self.field.show_text(ask.typed or "")
        if had_focus and (self.field.isHidden() and self.explain.isHidden()):
            self.window().setFocus()


def _around(box: QFrame) -> int:
    """What the frame of a box and the margins in it take of its width (px)."""
    edges = box.layout().contentsMargins()
    return box.width() - box.contentsRect().width() + edges.left() + edges.right()


class TouchBox(QFrame):
    """Something to do by hand: what, and what can be pressed."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("touch")
        self._style = style
        self.words = Prose(style, 16)
        self.show_it, self.compare = Button(), Button("primary")
        self.ways = ButtonRow(self.compare, self.show_it)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.ways)

    def restyle(self, style: Style) -> None:
        """Take sizes and fonts from ``style``."""
        edge = style.px(10)
        self._style = style
        self.layout().setContentsMargins(edge, edge, edge, edge)
        self.layout().setSpacing(style.px(8))
        self.words.restyle(style)
        self.ways.restyle(style)

    def show_touch(self, touch: TouchRow | None) -> None:
        """Show this task, or nothing."""
        self.setVisible(touch is not None)
        if touch is None:
            return
        self.words.say(touch.words)
        self.show_it.restyle(self._style, touch.show)
        self.compare.restyle(self._style, touch.compare, key="C" if touch.compare else "")
        self.show_it.setVisible(bool(touch.show))
        self.compare.setVisible(bool(touch.compare))

    def fit(self, width: int) -> None:
        """Stand as it fits into this width (px)."""
        self.ways.fit(width - _around(self))


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
        self.back.setVisible(banner.has_ways)
        self.explore.setVisible(banner.can_explore and banner.has_ways)

    def fit(self, width: int) -> None:
        """Stand as it fits into this width (px)."""
        self.ways.fit(width - _around(self))
