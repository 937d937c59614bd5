"""The legend: which colour, dash and shape is which host."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tutor.joining import listed, named
from tutor.ui.rows import HostColumn
from tutor.ui.style import Style
from tutor.view.theme import host_dash


class Legend(QWidget):
    """A stroke and a name for every host, painted."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._hosts: tuple[HostColumn, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_hosts(self, style: Style, hosts: tuple[HostColumn, ...]) -> None:
        """Show these hosts."""
        self._style, self._hosts = style, hosts
        self.setAccessibleName(listed((named(host.letter, host.name, style.words) for host in hosts), style.words))
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        metrics = QFontMetricsF(self._style.font(15, 600))
        return [metrics.horizontalAdvance(self._text(host)) for host in self._hosts]

    @staticmethod
    def _text(host: HostColumn) -> str:
        return f"{host.letter}  {host.name}"

    def sizeHint(self) -> QSize:
        stroke, gap = self._style.px(28), self._style.px(18)
        return QSize(round(sum(self._widths()) + len(self._hosts) * (stroke + gap)), self._style.text_px(15) + 6)

    def paintEvent(self, _event) -> None:
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(style.font(15, 600))
        x, middle = float(style.px(18)), self.height() / 2
        for place, (host, width) in enumerate(zip(self._hosts, self._widths(), strict=True)):
            pen = QPen(style.colour(host.role), 3)
            if host_dash(place):
                pen.setDashPattern(list(host_dash(place)))
            painter.setPen(pen)
            painter.drawLine(QLineF(x, middle, x + style.px(22), middle))
            x += style.px(28)
            painter.drawText(
                round(x), 0, round(width) + 2, self.height(), Qt.AlignmentFlag.AlignVCenter, self._text(host)
            )
            x += width + style.px(18)
        painter.end()
