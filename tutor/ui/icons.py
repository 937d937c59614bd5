"""The few small pictures on buttons, drawn in a 24 by 24 square in the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

NAMES = (
    "start",
    "back",
    "play",
    "pause",
    "step",
    "moon",
    "sun",
    "drop",
    "help",
    "lessons",
    "close",
    "menu",
    "search",
    "panels",
)


@lru_cache(maxsize=256)
def icon(name: str, colour: str, px: int, ratio: float = 2.0) -> QIcon:
    """The icon ``name`` (one of ``NAMES``) in ``colour`` (``#RRGGBB``), ``px`` logical pixels high."""
    pixmap = QPixmap(round(px * ratio), round(px * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(px * ratio / 24, px * ratio / 24)
    _DRAW[name](painter, QColor(colour))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return QIcon(pixmap)


def _solid(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour)


def _stroked(painter: QPainter, colour: QColor, width: float = 2.0) -> None:
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _triangle(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _start(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    painter.drawPolygon(_triangle((12, 6), (12, 18), (4, 12)))
    painter.drawPolygon(_triangle((20, 6), (20, 18), (12, 12)))


def _back(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    painter.drawPolygon(_triangle((18, 6), (18, 18), (9, 12)))
    painter.drawRect(QRectF(5.5, 6, 1.2, 12))


def _step(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    painter.drawPolygon(_triangle((6, 6), (6, 18), (15, 12)))
    painter.drawRect(QRectF(17.3, 6, 1.2, 12))


def _play(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    painter.drawPolygon(_triangle((8, 5), (8, 19), (19, 12)))


def _pause(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    painter.drawRoundedRect(QRectF(6.5, 5, 3, 14), 1, 1)
    painter.drawRoundedRect(QRectF(14.5, 5, 3, 14), 1, 1)


def _moon(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    disc, bite = QPainterPath(), QPainterPath()
    disc.addEllipse(QPointF(12, 12), 8, 8)
    bite.addEllipse(QPointF(16, 9), 7, 7)
    painter.drawPath(disc.subtracted(bite))


def _sun(painter: QPainter, colour: QColor) -> None:
    _solid(painter, colour)
    painter.drawEllipse(QPointF(12, 12), 3.6, 3.6)
    _stroked(painter, colour)
    for dx, dy in ((0, -1), (0, 1), (1, 0), (-1, 0), (0.71, 0.71), (-0.71, 0.71), (0.71, -0.71), (-0.71, -0.71)):
        painter.drawLine(QPointF(12 + 7 * dx, 12 + 7 * dy), QPointF(12 + 9.4 * dx, 12 + 9.4 * dy))


def _drop(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour, 2.4)
    painter.drawLine(QPointF(6, 6), QPointF(18, 18))
    painter.drawLine(QPointF(18, 6), QPointF(6, 18))


def _help(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour, 2.2)
    path = QPainterPath(QPointF(8.5, 9))
    path.cubicTo(8.5, 4.5, 16, 4.5, 16, 9)
    path.cubicTo(16, 12, 12.2, 12, 12.2, 15)
    painter.drawPath(path)
    _solid(painter, colour)
    painter.drawEllipse(QPointF(12.2, 19), 0.7, 0.7)


def _lessons(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour)
    painter.drawPolyline(_triangle((7, 10), (12, 15), (17, 10)))


def _menu(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour, 2.2)
    for y in (7, 12, 17):
        painter.drawLine(QPointF(4, y), QPointF(20, y))


def _search(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour, 2.2)
    painter.drawEllipse(QPointF(10.5, 10.5), 6, 6)
    painter.drawLine(QPointF(15, 15), QPointF(20, 20))


def _panels(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour)
    painter.drawRoundedRect(QRectF(4, 5, 16, 14), 2, 2)
    painter.setBrush(colour)
    painter.drawRect(QRectF(4, 13.5, 16, 5.5))


def _lock(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour, 2.0)
    painter.drawArc(QRectF(8, 4, 8, 11), 0, 180 * 16)
    _solid(painter, colour)
    painter.drawRoundedRect(QRectF(6, 10.5, 12, 9), 2, 2)


def _reset(painter: QPainter, colour: QColor) -> None:
    _stroked(painter, colour, 2.0)
    painter.drawArc(QRectF(5, 5, 14, 14), -150 * 16, 270 * 16)
    _solid(painter, colour)
    painter.drawPolygon(_triangle((2.6, 12), (9.2, 12.4), (5.6, 17.4)))


_DRAW = {
    "start": _start, "back": _back, "play": _play, "pause": _pause, "step": _step, "moon": _moon, "sun": _sun,
    "drop": _drop, "help": _help, "lessons": _lessons, "close": _drop,
    "lock": _lock, "reset": _reset,
    "menu": _menu, "search": _search, "panels": _panels,
}  # fmt: skip
