"""The connection's variables: a column a host, a row a variable."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from tutor.joining import Speech, listed, named, sentences
from tutor.ui.rows import HostColumn, Variables
from tutor.ui.style import Style

EMPTY = Variables((), ())


class VariablesTable(QWidget):
    """A small table, painted: names on the left, one right-aligned column a host."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._rows = EMPTY
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> Variables:
        """What is shown."""
        return self._rows

    def show_rows(self, style: Style, rows: Variables) -> None:
        """Show these variables."""
        if (style, rows) == (self._style, self._rows):
            return
        is_taller = len(rows.rows) != len(self._rows.rows) or style != self._style
        self._style, self._rows = style, rows
        self.setAccessibleDescription(_spoken(rows, self._style.words))
        if is_taller:
            self.updateGeometry()
        self.update()

    def _row_height(self) -> int:
        return self._style.text_px(15) + self._style.px(7)

    def sizeHint(self) -> QSize:
        return QSize(120, self._row_height() * (len(self._rows.rows) + 1))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event) -> None:
        style, rows = self._style, self._rows
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges = self._edges()
        for host, edge in zip(rows.hosts, edges, strict=True):
            self._paint_host(painter, host, edge)
        for place, (name, values) in enumerate(rows.rows, start=1):
            line = QRectF(0, place * self._row_height(), self.width(), self._row_height())
            painter.setFont(style.font(15))
            painter.setPen(style.colour("ink2"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(style.colour("ink"))
            for value, edge in zip(values, edges, strict=True):
                painter.setFont(style.font(15, 700 if value else 400))
                place_of = QRectF(0, line.y(), edge, line.height())
                painter.drawText(place_of, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, value or "—")
        painter.end()

    def _edges(self) -> list[float]:
        """Right edges of the host columns: two of three parts of the width, shared by what they hold.

        What is left of the names' room is shared; where that is too little, the columns stand closer.
        """
        metrics, names = QFontMetricsF(self._style.font(15, 700)), QFontMetricsF(self._style.font(15))
        count, gap = len(self._rows.hosts), float(self._style.px(14))
        columns = [[values[i] or "—" for _, values in self._rows.rows] for i in range(count)]
        needs = [max((metrics.horizontalAdvance(text) for text in column), default=0.0) for column in columns]
        widths = [max(need, 30.0, self.width() * 0.56 / max(1, count) - gap) for need in needs]
        room = self.width() - max((names.horizontalAdvance(name) for name, _ in self._rows.rows), default=0.0)
        if sum(widths) + count * gap > room:
            widths, gap = needs, min(gap, max(4.0, (room - sum(needs)) / max(1, count)))
        right = float(self.width())
        edges = [0.0] * count
        for i in reversed(range(count)):
            edges[i] = right
            right -= widths[i] + gap
        return edges

    def _paint_host(self, painter: QPainter, host: HostColumn, edge: float) -> None:
        style = self._style
        font = style.font(15, 700)
        painter.setFont(font)
        width = QFontMetricsF(font).horizontalAdvance(host.letter)
        side = style.px(11)
        middle = self._row_height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(host.role))
        left = edge - width - style.px(5) - side
        if host.role == "a":
            painter.drawEllipse(QPointF(left + side / 2, middle), side / 2, side / 2)
        else:
            painter.drawRoundedRect(QRectF(left, middle - side / 2, side, side), 2, 2)
        painter.setPen(style.colour(host.role))
        line = QRectF(0, 0, edge, self._row_height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, host.letter)


def _spoken(rows: Variables, words: Speech) -> str:
    parts = []
    for column, host in enumerate(rows.hosts):
        said = listed((f"{name} {values[column] or '—'}" for name, values in rows.rows), words)
        parts.append(named(host.name, said, words))
    return sentences(parts, words)
