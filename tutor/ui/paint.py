"""A ``Picture`` on a ``QPainter``.

Rules
-----
* What the marks say is painted, nothing else; a colour is looked up in the theme here and nowhere else.
* A ``QPainterPath`` is computed once per list of commands; a static layer is painted once per key, theme, size and
  device pixel ratio, into a pixmap (``LayerCache``).
* Text of any size is exact: an integer font is scaled, because Qt's pixel sizes are whole numbers.

Theory
------
Painting 40 marks takes less than a millisecond; computing their paths anew takes a hundred. So all that is
expensive hangs on values that compare by content, and is remembered.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from tutor.ui import fonts
from tutor.view.marks import Command, Ellipse, Group, Ink, Layer, Line, Mark, Path, Picture, Polyline, Rect, Text
from tutor.view.theme import Theme

_CAPS = {"butt": Qt.PenCapStyle.FlatCap, "round": Qt.PenCapStyle.RoundCap}


def paint_picture(painter: QPainter, picture: Picture, theme: Theme) -> None:
    """Paint every layer directly (files, tests). The painter's origin is the picture's."""
    for layer in picture.layers:
        paint_marks(painter, layer.marks, theme)


def paint_marks(painter: QPainter, marks: tuple[Mark, ...], theme: Theme) -> None:
    """Paint marks from the lowest to the topmost."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    for mark in marks:
        _PAINT[type(mark)](painter, mark, theme)


# --- pens and brushes ---


@lru_cache(maxsize=512)
def _colour(theme_name: str, value: str, alpha: float) -> QColor:  # noqa: ARG001  (the name keeps themes apart)
    colour = QColor(value)
    colour.setAlphaF(alpha)
    return colour


def _ink(ink: Ink, theme: Theme) -> QColor:
    return _colour(theme.name, theme.colour(ink.role), ink.alpha)


Stroke = tuple[float, tuple[float, ...], str]
"""Width in px, dash in pen widths, cap."""


@lru_cache(maxsize=512)
def _pen(theme_name: str, value: str, alpha: float, shape: Stroke) -> QPen:
    width, dash, cap = shape
    pen = QPen(_colour(theme_name, value, alpha), width)
    pen.setCapStyle(_CAPS[cap])
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        pen.setDashPattern(list(dash))
    return pen


def _set_pen(painter: QPainter, theme: Theme, stroke: Ink | None, shape: Stroke) -> None:
    if stroke is None or shape[0] <= 0:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        shape = (shape[0] + theme.extra_width, *shape[1:])
        painter.setPen(_pen(theme.name, theme.colour(stroke.role), stroke.alpha, shape))


def _set_brush(painter: QPainter, fill: Ink | None, theme: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else QBrush(_ink(fill, theme)))


# --- one function a mark ---


def _paint_line(painter: QPainter, mark: Line, theme: Theme) -> None:
    _set_pen(painter, theme, mark.stroke, (mark.width, mark.dash, mark.cap))
    painter.drawLine(QLineF(mark.x1, mark.y1, mark.x2, mark.y2))


def _paint_polyline(painter: QPainter, mark: Polyline, theme: Theme) -> None:
    _set_pen(painter, theme, mark.stroke, (mark.width, mark.dash, mark.cap))
    _set_brush(painter, mark.fill, theme)
    points = QPolygonF([QPointF(x, y) for x, y in mark.points])
    if mark.closed:
        painter.drawPolygon(points)
    else:
        painter.drawPolyline(points)


@lru_cache(maxsize=1024)
def painter_path(commands: tuple[Command, ...]) -> QPainterPath:
    """The Qt path of a list of commands, computed once."""
    path = QPainterPath()
    for letter, numbers in commands:
        if letter == "M":
            path.moveTo(*numbers)
        elif letter == "L":
            path.lineTo(*numbers)
        elif letter == "C":
            path.cubicTo(*numbers)
        else:
            path.closeSubpath()
    return path


def _paint_path(painter: QPainter, mark: Path, theme: Theme) -> None:
    _set_pen(painter, theme, mark.stroke, (mark.width, mark.dash, mark.cap))
    _set_brush(painter, mark.fill, theme)
    painter.drawPath(painter_path(mark.commands))


def _paint_rect(painter: QPainter, mark: Rect, theme: Theme) -> None:
    _set_pen(painter, theme, mark.stroke, (mark.width, mark.dash, "butt"))
    _set_brush(painter, mark.fill, theme)
    box = QRectF(mark.x, mark.y, mark.w, mark.h)
    if mark.radius:
        painter.drawRoundedRect(box, mark.radius, mark.radius)
    else:
        painter.drawRect(box)


def _paint_ellipse(painter: QPainter, mark: Ellipse, theme: Theme) -> None:
    _set_pen(painter, theme, mark.stroke, (mark.width, mark.dash, "butt"))
    _set_brush(painter, mark.fill, theme)
    painter.drawEllipse(QPointF(mark.cx, mark.cy), mark.rx, mark.ry)


Face = tuple[str, int, int, float]
"""Role ("ui", "mono"), whole px, weight, px between letters: what ``fonts.picture`` takes."""


@lru_cache(maxsize=4096)
def _advance(text: str, face: Face) -> float:
    return QFontMetricsF(fonts.picture(*face)).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def _pieces(text: str, face: Face, on_dark: bool) -> tuple[tuple[tuple[str, Face, float], ...], float]:
    """The text by script: (piece, its face, where it begins), and the whole width."""
    font, px, weight, spacing = face
    placed, x = [], 0.0
    for piece, is_chinese in fonts.runs(text):
        heft = fonts.cjk_weight(weight, on_dark=on_dark) if is_chinese else weight
        placed.append((piece, (font, px, heft, spacing), x))
        x += _advance(piece, placed[-1][1])
    return tuple(placed), x - spacing


Placed = tuple[tuple[QFont, str, float], ...]
"""Font, piece of a text, where it begins."""


@lru_cache(maxsize=4096)
def placed_text(text: str, font: str, size: float, weight: int, spacing: float, anchor: str, on_dark: bool):
    """(scale of whole-px fonts, px that the text lies to the left of its place, its pieces)."""
    px = max(1, math.ceil(size - 0.01))
    scale = size / px
    pieces, width = _pieces(text, (font, px, weight, spacing / scale), on_dark)
    left = {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    placed: Placed = tuple((fonts.picture(*face), piece, x) for piece, face, x in pieces)
    return (1.0 if abs(scale - 1) < 1e-3 else scale), left * scale, placed


def _paint_text(painter: QPainter, mark: Text, theme: Theme) -> None:
    scale, left, placed = placed_text(
        mark.text, mark.font, mark.size, mark.weight, mark.spacing, mark.anchor, theme.is_dark
    )
    painter.setPen(_ink(mark.ink, theme))
    if scale == 1:
        for font, piece, x in placed:
            painter.setFont(font)
            painter.drawText(QPointF(mark.x - left + x, mark.y), piece)
        return
    painter.save()
    painter.translate(mark.x - left, mark.y)
    painter.scale(scale, scale)
    for font, piece, x in placed:
        painter.setFont(font)
        painter.drawText(QPointF(x, 0), piece)
    painter.restore()


def _paint_group(painter: QPainter, mark: Group, theme: Theme) -> None:
    painter.save()
    if mark.clip is not None:
        left, top, right, bottom = mark.clip
        painter.setClipRect(QRectF(left, top, right - left, bottom - top), Qt.ClipOperation.IntersectClip)
    if mark.opacity < 1:
        painter.setOpacity(painter.opacity() * mark.opacity)
    for inner in mark.marks:
        _PAINT[type(inner)](painter, inner, theme)
    painter.restore()


_PAINT = {
    Line: _paint_line,
    Polyline: _paint_polyline,
    Path: _paint_path,
    Rect: _paint_rect,
    Ellipse: _paint_ellipse,
    Text: _paint_text,
    Group: _paint_group,
}


# --- layers that stay ---


class LayerCache:
    """Pixmaps of static layers. Forgets the longest unused beyond ``room``."""

    def __init__(self, room: int = 6) -> None:
        self._pixmaps: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._room = room
        self.painted = 0
        """How many layers were really painted: tests count on it."""

    def pixmap(self, picture: Picture, layer: Layer, theme: Theme, ratio: float) -> QPixmap:
        """The layer as pixels, painted now unless its key, theme, size and pixel ratio were seen before."""
        size = (math.ceil(picture.width * ratio), math.ceil(picture.height * ratio))
        key = (layer.key, theme.name, size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._painted(layer, theme, size, ratio)
            while len(self._pixmaps) > self._room:
                self._pixmaps.popitem(last=False)
        self._pixmaps.move_to_end(key)
        return found

    def _painted(self, layer: Layer, theme: Theme, size: tuple[int, int], ratio: float) -> QPixmap:
        self.painted += 1
        pixmap = QPixmap(max(1, size[0]), max(1, size[1]))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_marks(painter, layer.marks, theme)
        painter.end()
        return pixmap

    def paint(self, painter: QPainter, picture: Picture, theme: Theme, ratio: float) -> None:
        """Paint the picture, static layers from the cache."""
        for layer in picture.layers:
            if layer.name == "static":
                painter.drawPixmap(QPointF(0, 0), self.pixmap(picture, layer, theme, ratio))
            else:
                paint_marks(painter, layer.marks, theme)


def to_image(picture: Picture, theme: Theme, ratio: float = 1.0, ground: str = "surface") -> QImage:
    """The picture as an image on a ground of the role ``ground``."""
    size = (math.ceil(picture.width * ratio), math.ceil(picture.height * ratio))
    image = QImage(max(1, size[0]), max(1, size[1]), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.colour(ground)))
    painter = QPainter(image)
    paint_picture(painter, picture, theme)
    painter.end()
    return image
