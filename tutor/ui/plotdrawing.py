"""The drawing of one plot in pyqtgraph's scene: items for lines, bars, folds, the veil and the cursor.

Rules
-----
* pyqtgraph is imported when the first drawing is made, long after the first frame.
* The abscissa is a place from 0 to 1 (``TimeAxis``), the ordinate the plot's own unit from 0 to ``Plot.top``.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen, QTransform

from tutor.ui import curves, fonts
from tutor.ui.plotrows import PlotRow
from tutor.ui.style import Style
from tutor.view.metrics import text_width
from tutor.view.plots import EDGE, MAIN, STAIRS, Line, least_step, shown
from tutor.view.readings import WIDTHS
from tutor.view.theme import HOST_DASHES, HOST_ROLES
from tutor.view.timeaxis import TICK, value_ticks

APART = 26.0
"""Px between two marks on one line."""
VEIL = 150
"""How much the veil hides of what has not happened yet, of 255."""
BELOW = 0.03
"""How much of the picture lies under 0, so that a line at 0 is seen."""
LEAST_ROWS = 2.5
"""A plot that is lower than so many lines of text keeps all its room for the curves: the ladder tells the silences."""


class Drawing:
    """``widget`` shows it. ``draw`` makes everything anew, ``show_now`` moves cursor and veil."""

    def __init__(self) -> None:
        import pyqtgraph as pg

        self._pg: Any = pg
        self._style = Style()
        self.widget = pg.PlotWidget()
        self.plot = self.widget.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.layout.setContentsMargins(1, 1, 1, 6)
        self.box = self.plot.getViewBox()
        self.box.setMouseEnabled(x=False, y=False)
        self.box.setDefaultPadding(0)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.viewport().setMouseTracking(True)
        for side in ("left", "bottom", "right"):
            self.plot.showAxis(side)
            self.plot.getAxis(side).setStyle(hideOverlappingLabels=False, tickLength=-4, autoExpandTextSpace=False)
        self._items: list[Any] = []
        self._roof, self._tells_silences = 1.0, False
        self.caption = ""
        """What is written under the time axis."""
        self.veil = pg.LinearRegionItem((0, 1), movable=False)
        self.cursor = pg.InfiniteLine(0, angle=90, movable=False)
        self.hover = pg.InfiniteLine(0, angle=90, movable=False)
        for item, height in ((self.veil, 50), (self.hover, 60), (self.cursor, 70)):
            item.setZValue(height)
            self.plot.addItem(item, ignoreBounds=True)
        for line in self.veil.lines:
            line.setVisible(False)
        self.hover.setVisible(False)

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take the colours and sizes of ``style``."""
        self._style = style
        self.caption = ""
        pg = self._pg
        self.widget.setBackground(style.colour("surface"))
        ring = style.theme.colour("accent")
        self.widget.setStyleSheet(
            f"QGraphicsView {{ border: 2px solid transparent; border-radius: 6px; }}"
            f"QGraphicsView:focus {{ border: 2px solid {ring}; }}"
        )
        ground = style.colour("surface")
        ground.setAlpha(VEIL)
        self.veil.setBrush(QBrush(ground))
        self.cursor.setPen(pg.mkPen(style.colour("now"), width=2.4))
        self.hover.setPen(pg.mkPen(style.colour("ink2"), width=1.2, style=Qt.PenStyle.DotLine))
        for side in ("left", "bottom", "right"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(style.colour("border"), width=1))
            axis.setTextPen(pg.mkPen(style.colour("ink2")))
            axis.setStyle(tickFont=fonts.ui(self._tick_px()))

    def _tick_px(self) -> int:
        return self._style.text_px(TICK)

    def _pen(self, host: int, width: float) -> QPen:
        pen = QPen(self._style.colour(HOST_ROLES[host % 2]), width + self._style.theme.extra_width)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        dash = HOST_DASHES[host % len(HOST_DASHES)]
        if dash:
            pen.setDashPattern(list(dash))
        return pen

    # --- drawing ---

    def draw(self, row: PlotRow) -> None:
        """Everything that does not change from frame to frame."""
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        self._axes(row)
        width = self._width()
        self._scale(row)
        self._folds(row)
        if row.plot.bars:
            self._bars(row)
        for line in row.plot.lines:
            self._line(line, row, width)
        self._crosses(row)

    def _scale(self, row: PlotRow) -> None:
        """From a little below 0 to the top, and above it, if there is any, room for the lengths of what is folded."""
        self.plot.layout.activate()  # the axes may have just grown
        top, height = row.plot.top, float(self.box.height())
        words = self._silence_px() * 1.3 + 8
        self._tells_silences = bool(row.axis.hatches()) and height >= LEAST_ROWS * words
        self._roof = top * (1 + (1 + BELOW) * words / (height - words)) if self._tells_silences else top
        self.plot.setXRange(0.0, 1.0, padding=0)
        self.plot.setYRange(-BELOW * top, self._roof, padding=0)

    def _add(self, item: Any, height: float = 10) -> None:
        item.setZValue(height)
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def _width(self) -> float:
        return max(50.0, float(self.box.width()))

    def _axes(self, row: PlotRow) -> None:
        style, px = self._style, self._tick_px()
        left, right, bottom = (self.plot.getAxis(side) for side in ("left", "right", "bottom"))
        height = max(30.0, self.widget.height() - px * 3.4)
        values = value_ticks(row.plot.top, height, px / TICK, least=least_step(row.plot))
        words = [(value, shown(row.choice.kind, value)) for value in values]
        left.setTicks([words])
        left.setWidth(max(text_width(text, "ui", px) for _, text in words) + 12)
        left.setGrid(False)
        octets = row.plot.octets
        last = text_width("00.00", "ui", px) / 2 + 6  # half of the last moment's words lies beyond the end
        right.setTicks([[(value, str(round(value * octets))) for value in values]] if octets else [[]])
        right.setStyle(showValues=bool(octets))
        right.setWidth(max(text_width(str(round(values[-1] * octets)), "ui", px) + 12, 20) if octets else last)
        bottom.setHeight(px * 2.9)
        across = max(60.0, self.widget.width() - left.width() - right.width())
        bottom.setTicks([[(tick.place, tick.text) for tick in row.axis.ticks(across, _sized(row, px))]])
        grid = QPen(style.colour("grid"), 1)
        grid.setCosmetic(True)
        for value in values[1:]:
            self._add(self._pg.InfiniteLine(value, angle=0, pen=grid, movable=False), 1)

    def _folds(self, row: PlotRow) -> None:
        """Hatched bands; the true length where there is room for it."""
        style, px, free = self._style, self._silence_px(), 0.0
        brush = QBrush(style.colour("border"), Qt.BrushStyle.BDiagPattern)
        width = self._width()
        for hatch in row.axis.hatches():
            region = self._pg.LinearRegionItem((hatch.start, hatch.stop), movable=False, brush=brush)
            for line in region.lines:
                line.setPen(self._pg.mkPen(style.colour("border"), width=1, style=Qt.PenStyle.DashLine))
            self._add(region, 2)
            half = text_width(hatch.text, "ui", px) / 2 + 4
            if 2 * half > width or not self._tells_silences:
                continue
            middle = min(max((hatch.start + hatch.stop) / 2 * width, half), width - half)
            if middle - half >= free:
                free = middle + half
                self._words(hatch.text, middle / width, self._roof, px)

    def _silence_px(self) -> int:
        return max(12, self._tick_px() - 1)

    def _words(self, text: str, x: float, y: float, px: int) -> None:
        ground = QBrush(self._style.colour("surface"))
        label = self._pg.TextItem(text, color=self._style.colour("ink2"), anchor=(0.5, 0), fill=ground)
        label.setFont(fonts.ui(px))
        label.setPos(x, y)
        self._add(label, 40)

    def _line(self, line: Line, row: PlotRow, width: float) -> None:
        weight = line.quantity.weight
        x, y = curves.stairs(line, row.axis, width)
        pen = self._pen(line.host, WIDTHS[weight])
        curve = self._pg.PlotCurveItem(x, y, pen=pen, connect="finite", antialias=True, skipFiniteCheck=False)
        self._add(curve, 20 if weight == MAIN else 15)
        if weight in (MAIN, STAIRS):
            return
        at, values = curves.changes(line, row.axis, width, APART)
        colour = self._style.colour(HOST_ROLES[line.host % 2])
        hollow = QBrush(self._style.colour("surface")) if weight != EDGE else QBrush(colour)
        marks = self._pg.ScatterPlotItem(
            at, values, symbol="t" if weight == EDGE else "o", size=7, pen=self._pg.mkPen(colour, width=1.5),
            brush=hollow, antialias=True,
        )  # fmt: skip
        self._add(marks, 22)

    def _bars(self, row: PlotRow) -> None:
        """Segments as they left; what is sent again is red and has an R; the selected one has a halo."""
        for host in range(len(row.plot.hosts)):
            for again in (False, True):
                bars = [bar for bar in row.plot.bars if (bar.host, bar.is_repeated) == (host, again)]
                if bars:
                    x, y = curves.uprights(bars, row.axis)
                    pen = self._pen(host, 3.0)
                    if again:
                        pen.setColor(self._style.colour("err"))
                    self._add(self._pg.PlotCurveItem(x, y, pen=pen, connect="pairs"), 25 + again)
                    self._tops(host, bars, row, pen.color())
        chosen = [bar for bar in row.plot.bars if bar.flight == row.selected]
        if chosen:
            x, y = curves.uprights(chosen, row.axis)
            colour = self._style.colour("accent")
            colour.setAlpha(90)
            halo = QPen(colour, 14)
            halo.setCosmetic(True)
            halo.setCapStyle(Qt.PenCapStyle.RoundCap)
            self._add(self._pg.PlotCurveItem(x, y, pen=halo, connect="pairs", antialias=True), 24)

    def _tops(self, host: int, bars: list, row: PlotRow, colour: QColor) -> None:
        """The host's own sign on top of its bars; an R on those that are sent again."""
        shown_at, last = [], -APART
        width = self._width()
        for bar, place in zip(bars, curves.places([bar.at for bar in bars], row.axis).tolist(), strict=True):
            if place * width - last >= APART / 2:
                shown_at.append((place, bar.high))
                last = place * width
        symbol: Any = "o" if host % 2 == 0 else "s"
        size = 6
        if bars[0].is_repeated:
            symbol, size = _letter("R"), 12
            shown_at = [(place, high + row.plot.top * 0.07) for place, high in shown_at]
        self._add(
            self._pg.ScatterPlotItem(
                [x for x, _ in shown_at], [y for _, y in shown_at],
                symbol=symbol, size=size, pen=self._pg.mkPen(None), brush=QBrush(colour), antialias=True,
            ),
            30,
        )  # fmt: skip

    def _crosses(self, row: PlotRow) -> None:
        if not row.plot.crosses:
            return
        x = curves.places([cross.at for cross in row.plot.crosses], row.axis)
        y = [cross.value for cross in row.plot.crosses]
        pen = self._pg.mkPen(self._style.colour("err"), width=2.4)
        brush = self._pg.mkBrush(None)
        self._add(self._pg.ScatterPlotItem(x, y, symbol=_cross(), size=10, pen=pen, brush=brush, antialias=True), 31)

    # --- the moment ---

    def show_now(self, row: PlotRow) -> None:
        """Put the cursor at the playhead and the veil over what comes after it."""
        said = row.axis.caption(row.look)
        if row.share < 1:
            said = row.look.words.t("reading the run: {share} %", share=int(row.share * 100))
        if said != self.caption:
            self.caption = said
            ink = self._style.theme.colour("ink2")
            self.plot.getAxis("bottom").setLabel(said, **{"color": ink, "font-size": f"{self._tick_px()}px"})
        place = row.axis.place(row.now)
        self.cursor.setValue(place)
        self.cursor.setVisible(not row.plot.is_empty)  # it would only cross out the words that stand there instead
        self.veil.setRegion((place, 1.0))

    def show_hover(self, place: float | None) -> None:
        """Show the moment under the pointer, or none."""
        self.hover.setVisible(place is not None)
        if place is not None:
            self.hover.setValue(place)

    # --- where things are ---

    def time_at(self, where: QPointF, row: PlotRow) -> int | None:
        """The moment (microseconds) at a point of the viewport; None where no moment lies."""
        place = self.box.mapSceneToView(self.widget.mapToScene(where.toPoint())).x()
        return row.axis.time(place) if -0.02 <= place <= 1.02 else None

    def point_of(self, time: int, value: float, row: PlotRow) -> QPointF:
        """Where a value at a moment lies on the viewport."""
        scene = self.box.mapViewToScene(QPointF(row.axis.place(time), value))
        return QPointF(self.widget.mapFromScene(scene))

    def flight_at(self, where: QPointF, row: PlotRow, near: float) -> int | None:
        """The flight whose bar lies within ``near`` px of a point, the nearest one."""
        best, best_is = None, near
        for bar in row.plot.bars:
            top, foot = self.point_of(bar.at, bar.high, row), self.point_of(bar.at, bar.low, row)
            beside = abs(where.x() - top.x())
            above = max(0.0, top.y() - where.y(), where.y() - foot.y())
            if max(beside, above) <= best_is:
                best, best_is = bar.flight, max(beside, above)
        return best


def _sized(row: PlotRow, px: int):
    """The look with the text size that the ticks really have."""
    from dataclasses import replace

    return replace(row.look, text_scale=px / TICK)


def _letter(letter: str) -> QPainterPath:
    """A letter as a symbol: one unit high, about the origin."""
    path = QPainterPath()
    path.addText(0, 0, fonts.ui(40, 700), letter)
    box = path.boundingRect()
    scale = 1 / max(box.width(), box.height())
    return QTransform().scale(scale, scale).translate(-box.center().x(), -box.center().y()).map(path)


def _cross() -> QPainterPath:
    """✕, drawn: every font has another one."""
    path = QPainterPath()
    path.moveTo(-0.5, -0.5)
    path.lineTo(0.5, 0.5)
    path.moveTo(-0.5, 0.5)
    path.lineTo(0.5, -0.5)
    return path
