"""The answers on offer: numbered rows that wrap, ticked with a click or their number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.joining import listed
from tutor.ui import fonts
from tutor.ui.answer_button import AnswerButton
from tutor.ui.button import Button
from tutor.ui.rows import Choice
from tutor.ui.style import Style

_GLYPHS = {"right": "✓", "wrong": "✗", "missed": "○"}
LINE_END = "\u2028"
"""What ends a line within one text for Qt."""

TABLE_TEXT = 14.5
"""Size of what a program printed."""

_GROUNDS = {"": "surface2", "ticked": "accent_tint", "right": "ok_tint", "wrong": "err_tint", "missed": "surface2"}
_BORDERS = {"": "border", "ticked": "accent", "right": "ok", "wrong": "err", "missed": "ok"}


class ChoiceRow(AnswerButton):
    """One answer: its number, its words, and after grading a glyph."""

    def __init__(self, style: Style, number: int, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._number = number
        self._choice = Choice("")
        self._layout: QTextLayout | None = None
        self._laid_for = -1
        self._heights: dict[int, int] = {}
        """How high it is in each width that was asked for (px): layouts ask many times."""

    def show_choice(self, style: Style, choice: Choice, *, is_open: bool) -> None:
        """Show this answer."""
        self._style, self._choice = style, choice
        self._laid_for = -1
        self._heights.clear()
        self.setEnabled(is_open)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_open else Qt.CursorShape.ArrowCursor)
        self.setText(choice.text)
        words = style.words
        spoken = {
            "": "", "ticked": words.t("chosen"), "right": words.t("right"), "wrong": words.t("wrong"),
            "missed": words.t("missed"),
        }[choice.mark]  # fmt: skip
        if choice.place:
            spoken = listed((words.t("place {place}", place=choice.place), spoken), words)
        self.setAccessibleName(f"{self._number}. {choice.text}")
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    @property
    def choice(self) -> Choice:
        """What is shown."""
        return self._choice

    # --- geometry ---

    def _text_left(self) -> int:
        return self._style.px(40)

    def _laid(self, width: int) -> QTextLayout:
        if self._layout is None or self._laid_for != width:
            weight = 600 if self._choice.mark and not self._choice.is_table else 400
            text = self._choice.text.replace("\n", LINE_END)
            layout = QTextLayout(text, self._font(weight))
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.setFormats(self._formats(weight))
            layout.beginLayout()
            y = 0.0
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(20, width - self._text_left() - self._style.px(30)))
                line.setPosition(QPointF(0, y))
                y += line.height()
            layout.endLayout()
            self._layout, self._laid_for = layout, width
        return self._layout

    def _font(self, weight: int) -> QFont:
        return self._style.mono(TABLE_TEXT, weight) if self._choice.is_table else self._style.font(16, weight)

    def wish(self) -> int:
        """How wide it must be for its table to stand in columns (px); 0 for words, which wrap."""
        if not self._choice.is_table:
            return 0
        widths = [QFontMetrics(self._font(400)).horizontalAdvance(line) for line in self._choice.text.split("\n")]
        return max(widths) + self._text_left() + self._style.px(32)

    def _formats(self, weight: int) -> list[QTextLayout.FormatRange]:
        """Chinese in the weight that looks like the rest."""
        made: list[QTextLayout.FormatRange] = []
        start = 0
        if self._choice.is_table:
            return made
        for piece, is_chinese in fonts.runs(self._choice.text):
            span = QTextLayout.FormatRange()
            span.start, span.length = start, len(piece)
            heft = fonts.cjk_weight(weight, on_dark=self._style.theme.is_dark) if is_chinese else weight
            span.format.setFont(self._style.font(16, heft))
            made.append(span)
            start += len(piece)
        return made

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            text = self._laid(width).boundingRect().height()
            self._heights[width] = max(self._style.px(42), 34, round(text) + self._style.px(18))
        return self._heights[width]

    # --- looks ---

    def paintEvent(self, _event) -> None:
        style, mark = self._style, self._choice.mark
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hot = self.isEnabled() and (self.underMouse() or self.hasFocus())
        border = "accent" if is_hot and not mark else _BORDERS[mark]
        width = 2 if mark or self.hasFocus() else 1
        painter.setPen(QPen(style.colour(border), width))
        painter.setBrush(style.colour(_GROUNDS[mark]))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, style.px(8), style.px(8))
        layout = self._laid(self.width())
        top = (self.height() - layout.boundingRect().height()) / 2
        painter.setPen(style.colour("ink" if self.isEnabled() or mark else "ink2"))
        self._paint_number(painter)
        layout.draw(painter, QPointF(self._text_left(), top))
        if mark in _GLYPHS:
            painter.setPen(style.colour(_BORDERS[mark]))
            painter.setFont(style.font(18, 700))
            edge = QRectF(self.width() - style.px(30), 0, style.px(22), self.height())
            painter.drawText(edge, Qt.AlignmentFlag.AlignCenter, _GLYPHS[mark])
        painter.end()

    def _paint_number(self, painter: QPainter) -> None:
        """Its number; in an order its place, on a disc."""
        style, place = self._style, self._choice.place
        painter.setFont(style.font(16, 600 if self._choice.mark else 400))
        if not place:
            number = QRectF(style.px(16), 0, style.px(24), self.height())
            painter.drawText(number, Qt.AlignmentFlag.AlignVCenter, str(self._number))
            return
        side = style.px(26)
        disc = QRectF(style.px(8), (self.height() - side) / 2, side, side)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour({"right": "ok", "wrong": "err"}.get(self._choice.mark, "accent")))
        painter.drawEllipse(disc)
        painter.setPen(style.colour("on"))
        painter.setFont(style.font(15, 700))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(place))
        painter.restore()


class Choices(QWidget):
    """All answers of one bet or question. ``chosen``: the one that was clicked (from 0); ``played``: to be shown."""

    chosen = Signal(int)
    played = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.rows: list[ChoiceRow] = []
        self.plays: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_choices(self, style: Style, choices: tuple[Choice, ...], *, is_open: bool) -> None:
        """Show these answers, in their order."""
        self._column.setSpacing(style.px(7))
        while len(self.rows) < len(choices):
            place = len(self.rows)
            row = ChoiceRow(style, place + 1, self)
            row.clicked.connect(lambda _checked=False, index=place: self.chosen.emit(index))
            play = Button("icon", "play")
            play.clicked.connect(lambda _checked=False, index=place: self.played.emit(index))
            self.rows.append(row)
            self.plays.append(play)
            line = QHBoxLayout()
            line.setSpacing(4)
            line.addWidget(row, 1)
            line.addWidget(play, 0)
            self._column.addLayout(line)
        for number, (row, play, choice) in enumerate(zip(self.rows, self.plays, choices, strict=False), 1):
            row.show_choice(style, choice, is_open=is_open)
            name = style.words.t("Play the run that shows answer {number}", number=number)
            play.restyle(style, name=name)
            play.setVisible(choice.can_play)
        for index, (row, play) in enumerate(zip(self.rows, self.plays, strict=True)):
            row.setVisible(index < len(choices))
            play.setVisible(index < len(choices) and choices[index].can_play)

    def wish(self) -> int:
        """How wide it must be for every table to stand in columns (px), also once its run can be played."""
        tables = max((row.wish() for row in self.rows if not row.isHidden()), default=0)
        return tables + 4 + self.plays[0].minimumWidth() if tables else 0
