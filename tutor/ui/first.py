"""The first frame: the window's frame with the state diagram in it, painted before anything else of ours is loaded.

Rules
-----
* Nothing here imports what the first frame does not need: no engine, no lesson, no catalogue, no words.
* The diagram is the real one. ``tests/tools/first_frame.py`` writes its marks to ``assets/first-frame.json``, for each
  language, and a test holds that they are what ``view.diagram`` draws of two hosts that have done nothing yet.
* Qt's namespace of enumerations (``Qt``) is not touched: making it takes as long as painting.
* Colours are roles here too; the theme's file says what they are.

Theory
------
Loading the engine, the schema of lessons and the words takes several times as long as a bare window. A window that
shows at once what the program is about, and is whole half a second later, is felt to be there at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from tutor import resources
from tutor.ui import fonts
from tutor.ui.room import fitting

GAP = 10
SIZE = QSize(1440, 900)
"""As large as the window is when it opens for the first time."""
LEAST = QSize(960, 600)
FULL, TABS = 1600, 1100
"""From this width on everything is full size; below that one region is shown at a time."""

Op = list[Any]


class Frame(QWidget):
    """The top-level window. ``painted`` comes after the first frame; ``furnish`` puts the real window into it."""

    painted = Signal()

    def __init__(self, theme: str, lang: str, size: QSize) -> None:
        super().__init__()
        self._colours: Mapping[str, str] = colours(theme)
        self._is_dark = bool(_themes()[theme].get("is_dark"))
        self._lang = lang
        self._inside: QWidget | None = None
        self._is_told = False
        self.setWindowTitle("TCP Tutor")
        self.setMinimumSize(LEAST)
        self.resize(fitting(self, size.width(), size.height()))

    # --- the real window ---

    def furnish(self, window: QWidget) -> None:
        """Show ``window`` instead of the first frame. It is closed with this one, and gives it its title."""
        from PySide6.QtWidgets import QVBoxLayout

        self._inside = window
        window.resize(self.size())
        self.setMinimumSize(0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(window)
        self.setFocusProxy(window)
        window.windowTitleChanged.connect(self.setWindowTitle)
        self.setWindowTitle(window.windowTitle() or self.windowTitle())

    def closeEvent(self, event) -> None:
        event.setAccepted(self._inside is None or self._inside.close())

    # --- painting ---

    def paintEvent(self, _event) -> None:
        if self._inside is not None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.rect(), self._colour("bg"))
        for card in self._cards():
            painter.setPen(QPen(self._colour("border"), 1))
            painter.setBrush(self._colour("surface"))
            painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        self._diagram(painter, self._cards()[1])
        painter.end()
        if not self._is_told:
            self._is_told = True
            QTimer.singleShot(0, self._tell)

    def _tell(self) -> None:
        self.painted.emit()

    def _cards(self) -> list[QRectF]:
        """Lesson, diagram, timeline and transport, about where they will be."""
        width, height = float(self.width()), float(self.height())
        top, bottom = 54.0, height - 72.0
        low = bottom - (0.27 * (height - 150) + GAP if width >= FULL else 0.0)
        transport = QRectF(GAP, bottom, width - 2 * GAP, 62)
        if width < TABS:
            whole = QRectF(GAP, top + 44, width - 2 * GAP, low - top - 54)
            return [whole, whole, transport]
        lesson = 350.0 if width >= FULL else 246.0
        rest = width - 4 * GAP - lesson
        share = 100 / (164 if width >= FULL else 178)
        tall = low - top - GAP
        return [
            QRectF(GAP, top, lesson, tall),
            QRectF(2 * GAP + lesson, top, rest * share, tall),
            QRectF(3 * GAP + lesson + rest * share, top, rest * (1 - share), tall),
            transport,
        ]

    def _diagram(self, painter: QPainter, card: QRectF) -> None:
        picture = pictures()[self._lang]
        wide, high = picture["size"]
        room = card.adjusted(14, 40, -14, -10)
        scale = min(room.width() / wide, room.height() / high)
        painter.save()
        painter.translate(room.center().x() - wide * scale / 2, room.center().y() - high * scale / 2)
        painter.scale(scale, scale)
        self._marks(painter, picture["marks"])
        painter.restore()

    def _marks(self, painter: QPainter, marks: list[Op]) -> None:
        paint = {
            "path": self._path, "rect": self._rect, "ellipse": self._ellipse, "polygon": self._polygon,
            "text": self._text, "group": self._group,
        }  # fmt: skip
        for name, *rest in marks:
            paint[name](painter, *rest)

    def _group(self, painter: QPainter, clip: list[float] | None, opacity: float, marks: list[Op]) -> None:
        painter.save()
        if clip is not None:
            painter.setClipRect(QRectF(*clip))
        painter.setOpacity(painter.opacity() * opacity)
        self._marks(painter, marks)
        painter.restore()

    def _colour(self, role: str, alpha: float = 1.0) -> QColor:
        colour = QColor(self._colours[role])
        colour.setAlphaF(alpha)
        return colour

    def _pen(self, painter: QPainter, ink: Op | None, width: float, dash: list[float]) -> None:
        if ink is None or width <= 0:
            painter.setPen(QColor(0, 0, 0, 0))
            return
        pen = QPen(self._colour(*ink), width)
        if dash:
            pen.setDashPattern(dash)
        painter.setPen(pen)

    def _fill(self, painter: QPainter, ink: Op | None) -> None:
        painter.setBrush(QBrush() if ink is None else QBrush(self._colour(*ink)))

    def _path(
        self, painter: QPainter, steps: list[Op], ink: Op | None, width: float, fill: Op | None, dash: list[float]
    ) -> None:
        path = QPainterPath()
        for letter, numbers in steps:
            _STEPS[letter](path, *numbers)
        self._pen(painter, ink, width, dash)
        self._fill(painter, fill)
        painter.drawPath(path)

    def _rect(
        self, painter: QPainter, box: list[float], radius: float, fill: Op | None, ink: Op | None, width: float,
        dash: list[float],
    ) -> None:  # fmt: skip
        self._pen(painter, ink, width, dash)
        self._fill(painter, fill)
        painter.drawRoundedRect(QRectF(*box), radius, radius)

    def _ellipse(
        self, painter: QPainter, box: list[float], fill: Op | None, ink: Op | None, width: float, dash: list[float]
    ) -> None:
        self._pen(painter, ink, width, dash)
        self._fill(painter, fill)
        painter.drawEllipse(QPointF(box[0], box[1]), box[2], box[3])

    def _polygon(
        self, painter: QPainter, points: list[list[float]], ink: Op | None, width: float, fill: Op | None,
        dash: list[float], closed: bool,
    ) -> None:  # fmt: skip
        self._pen(painter, ink, width, dash)
        self._fill(painter, fill)
        shape = QPolygonF([QPointF(x, y) for x, y in points])
        (painter.drawPolygon if closed else painter.drawPolyline)(shape)

    def _text(
        self, painter: QPainter, x: float, y: float, text: str, ink: Op, size: float, weight: int, font: str,
        anchor: str, spacing: float,
    ) -> None:  # fmt: skip
        painter.setPen(self._colour(*ink))
        pieces, wide = [], 0.0
        for piece, is_chinese in fonts.runs(text):
            heft = fonts.cjk_weight(weight, on_dark=self._is_dark) if is_chinese else weight
            painter.setFont(fonts.picture(font, max(1, round(size)), heft, spacing))
            pieces.append((piece, painter.font(), wide))
            wide += painter.fontMetrics().horizontalAdvance(piece)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        for piece, face, at in pieces:
            painter.setFont(face)
            painter.drawText(QPointF(left + at, y), piece)


_STEPS: dict[str, Callable[..., None]] = {
    "M": QPainterPath.moveTo, "L": QPainterPath.lineTo, "C": QPainterPath.cubicTo, "Z": QPainterPath.closeSubpath,
}  # fmt: skip


@cache
def pictures() -> Mapping[str, Any]:
    """Language -> the diagram's size and marks."""
    return json.loads(resources.asset_text("first-frame.json"))  # type: ignore[no-any-return]


@cache
def _themes() -> Mapping[str, Any]:
    return json.loads(resources.asset_text("tokens.json"))  # type: ignore[no-any-return]


def colours(theme: str) -> Mapping[str, str]:
    """Role -> colour of a theme by its name; an unknown name is our mistake."""
    return _themes()[theme]["colours"]  # type: ignore[no-any-return]


def theme_names() -> tuple[str, ...]:
    """Every theme there is."""
    return tuple(_themes())
