"""Parts of the exam's page: an answer to be picked, all answers, and the run up to the moment."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from tutor.joining import listed
from tutor.teach.generated import Posed
from tutor.ui.answer_button import AnswerButton
from tutor.ui.canvas import Canvas
from tutor.ui.paint import paint_picture
from tutor.ui.style import Style
from tutor.view import exam as pictures
from tutor.view.exam import OptionRow
from tutor.view.ladder import ladder, turned
from tutor.view.lens import Lens
from tutor.view.marks import Picture
from tutor.view.theme import Look
from tutor.words import Words, mark
from tutor.world.tempo import Tempo

LADDER = 340
"""Px that a ladder needs at text scale 1."""

END = mark("The question is asked at this moment.")
"""What stands where the run goes on."""


def look_of(style: Style) -> Look:
    """The look of the page's pictures."""
    words = style.words if isinstance(style.words, Words) else Words(style.lang)
    return Look(style.lang, style.theme_name, max(style.scale, style.text_scale), words=words)


class OptionButton(AnswerButton):
    """One answer: a picture that can be pressed, and its words for a screen reader."""

    narrowest = 120

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(style, parent)
        self.row = OptionRow(0, "")
        self._pictures: dict[int, Picture] = {}
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_row(self, style: Style, row: OptionRow) -> None:
        """Show this answer."""
        self._style, self.row = style, row
        self._pictures.clear()
        self.setText(row.plain)
        self.setAccessibleName(f"{row.number}. {' '.join(row.plain.split())}")
        t = style.words.t
        place = t("place {place}", place=row.place) if row.place else ""
        said = listed(filter(None, (t("chosen") if row.is_picked else "", place)), style.words)
        self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    def _picture(self, width: int) -> Picture:
        if width not in self._pictures:
            self._pictures[width] = pictures.option(self.row, float(max(120, width)), look_of(self._style))
        return self._pictures[width]

    def heightForWidth(self, width: int) -> int:
        return round(self._picture(width).height + 0.5)

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        paint_picture(painter, self._picture(self.width()), self._style.theme)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(self._style.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = self._style.px(8)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), edge, edge)
        painter.end()


class Options(QWidget):
    """All answers of a question. ``picked`` says which was pressed, from 0."""

    picked = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.buttons: list[OptionButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_rows(self, style: Style, rows: tuple[OptionRow, ...]) -> None:
        """Show these answers, in their order."""
        self._column.setSpacing(style.px(7))
        while len(self.buttons) < len(rows):
            button = OptionButton(style, self)
            place = len(self.buttons)
            button.clicked.connect(lambda _checked=False, index=place: self.picked.emit(index))
            self.buttons.append(button)
            self._column.addWidget(button)
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(rows))
            if place < len(rows):
                button.show_row(style, rows[place])


class RunSoFar(Canvas):
    """The ladder of a question up to its moment, no further. The wheel and PgUp, PgDn turn back to its beginning."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, zooms=True)
        self.posed: Posed | None = None
        self._time = 0
        self.resized.connect(self.draw)
        self.wheeled.connect(lambda notches, _by_page: self.turn(-notches / 3))

    def show_run(self, style: Style, posed: Posed) -> None:
        """Show this question's run."""
        self.restyle(style)
        if posed is not self.posed:
            self.posed, self._time = posed, posed.at
            self.fit()
        self.draw()

    def draw(self) -> None:
        """Draw it in the room that there is."""
        if self.posed is None or not self.posed.has_run:
            return
        at = self.posed.at
        picture = ladder(
            self.posed.trace, self._time, (self.width(), self.height()), self._look(),
            tempo=Tempo.of(self.posed.trace, at), horizon=at, lens=Lens(rest=END),
        )  # fmt: skip
        spoken = "\n".join(said for _, said in picture.titles)
        self.setAccessibleName(self._style.words.t("The run up to the question"))
        self.show_picture(picture, spoken)

    def _look(self) -> Look:
        """As large as there is room for: where a ladder would be cut, its letters are smaller than the page's."""
        look = look_of(self._style)
        return replace(look, text_scale=min(look.text_scale, max(0.8, self.width() / LADDER)))

    def turn(self, pages: float) -> None:
        """Turn so many pages on (back, if negative), never beyond the moment."""
        if self.posed is None:
            return
        size, trace = (self.width(), self.height()), self.posed.trace
        there = turned(
            trace, self._time, size, self._look(), tempo=Tempo.of(trace, self.posed.at), pages=pages,
        )  # fmt: skip
        self._time = max(0, min(self.posed.at, there))
        self.draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.turn(by)
