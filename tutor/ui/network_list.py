"""The list of puzzles: a line in bold for the protocol, below it what is to be broken, and what came of it so far.

Rules
-----
* It is changed in place: whoever scrolls it, or walks through it, is not thrown back by what is told meanwhile.
* A row for which there is not room enough is not begun: it comes into sight when one scrolls.
* The row that is played has a tint and a frame: the tint alone is not seen in a theme without tints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tutor.ui.network_rows import PuzzleRow
from tutor.ui.style import Style

ROW = Qt.ItemDataRole.UserRole
"""Where an item keeps its ``PuzzleRow``."""

Index = QModelIndex | QPersistentModelIndex

WRAPS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


BAR = 10
"""Px that a scroll bar takes: they are left free even where there is none, so that no line is broken anew."""


class _Line(NamedTuple):
    """One paragraph of a row."""

    text: str
    font: QFont
    role: str


class PuzzleList(QListWidget):
    """Shows ``PuzzleRow``s."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style_now = style
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerItem)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setItemDelegate(_Painter(self))

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        self.setFont(style.font(14))
        self.setAccessibleName(style.words.t("What to break"))
        self.scheduleDelayedItemsLayout()

    def show_rows(self, rows: tuple[PuzzleRow, ...]) -> None:
        """Show these; what has not changed is not touched, and the view moves only to a row that is newly current."""
        self.blockSignals(True)
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        while self.count() < len(rows):
            self.addItem(QListWidgetItem())
        for place, row in enumerate(rows):
            item, was = self.item(place), self.item(place).data(ROW)
            if row == was:
                continue
            item.setData(ROW, row)
            item.setText(row.text)
            if row.is_current:
                self.setCurrentItem(item)
                self.scrollToItem(item)
        self.blockSignals(False)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def is_cut(self, rect: QRect) -> bool:
        """Would a row there end below the view, though it is not higher than it?"""
        high = self.viewport().height()
        return rect.bottom() >= high >= rect.height()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row at a point of the view; what is not shown cannot be clicked."""
        found = super().indexAt(point)
        return QModelIndex() if found.isValid() and self.is_cut(self.visualRect(found)) else found


class _Painter(QStyledItemDelegate):
    """Writes the lines of a row, and knows how high it is: to the pixel, in the width that there is."""

    def __init__(self, view: PuzzleList) -> None:
        super().__init__(view)
        self.view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        view, edge = self.view, self._edge()
        room = view.width() - BAR - 2 * edge
        height = sum(self._height(line, room) for line in self._lines(index.data(ROW)))
        return QSize(room + 2 * edge, height + round(1.4 * edge))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, style, edge = index.data(ROW), self.view.style_now, self._edge()
        if not isinstance(row, PuzzleRow) or self.view.is_cut(option.rect):
            return
        is_here = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.is_current or is_here:
            width = style.line + style.theme.extra_width
            painter.setBrush(style.colour("accent_tint" if row.is_current else "surface2"))
            painter.setPen(QPen(style.colour("accent"), width))
            around = QRectF(option.rect).adjusted(width, width, -width - 2, -width)
            painter.drawRoundedRect(around, 6, 6)
        place = option.rect.adjusted(edge, round(0.7 * edge), 0, 0)
        place.setWidth(self.view.width() - BAR - 2 * edge)
        for line in self._lines(row):
            height = self._height(line, place.width())
            painter.setFont(line.font)
            painter.setPen(style.colour(line.role))
            painter.drawText(place.x(), place.y(), place.width(), height, WRAPS, line.text)
            place.translate(0, height)
        painter.restore()

    def _edge(self) -> int:
        return max(6, self.view.style_now.px(9))

    def _lines(self, row: PuzzleRow | None) -> Iterator[_Line]:
        style = self.view.style_now
        if row is None:
            return
        yield _Line(row.protocol, style.font(14, 600), "ink")
        for text, role in ((row.title, "ink2"), (row.differs, "ink2"), (row.result, "ok")):
            if text:
                yield _Line(text, style.font(14), role)

    def _height(self, line: _Line, room: int) -> int:
        return QFontMetrics(line.font).boundingRect(0, 0, room, 10_000, int(WRAPS), line.text).height()
