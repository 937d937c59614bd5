"""One plot on the screen, drawn by pyqtgraph: lines, bars, the cursor, and what a pointer or a key does there.

Rules
-----
* What belongs to the plot is drawn when the plot, the axis, the look or the size changes. A frame moves the cursor
  and the veil over what has not happened yet, and rewrites the legend.
* A host's colour and dash; a quantity's weight and marks; red with a glyph. The legend shows the same samples.
* A click or drag goes to that moment; a click on a bar selects its segment, one on a folded silence unfolds it.
  Left and right walk along the changes of this plot, up and down to another plot.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QToolTip, QVBoxLayout, QWidget

from tutor.joining import named
from tutor.teach import intents
from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card import set_ink
from tutor.ui.plotdrawing import Drawing
from tutor.ui.plotrows import PlotRow
from tutor.ui.style import Style
from tutor.view.marks import Picture
from tutor.view.plots import KINDS, SEQUENCE
from tutor.view.readings import column, entries, legend, nothing, sentence, title
from tutor.view.standing import host_name

NEAR = 6.0
"""How near (px) a pointer must come to a bar to mean it."""
WIDE, LOW = 1.2, 300
"""A plot so many times as wide as high, and no higher than this (px), has its legend beside it."""
LEAST = 96
"""Px that a plot takes in height at least."""


class PlotPane(QWidget):
    """Shows one ``PlotRow``. ``wanted`` carries an intent, ``menu_wanted`` asks for what can be chosen,
    ``kind_wanted`` names another plot."""

    wanted = Signal(object)
    menu_wanted = Signal()
    kind_wanted = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_now = style
        self.row: PlotRow | None = None
        self._room = (400, 200)
        self.drawing = Drawing()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw)
        """While a layout comes to rest there are many sizes: only the last is drawn for."""
        self.title = Button("plain")
        self.title.clicked.connect(self.menu_wanted)
        self.legend = Canvas(style)
        self.legend.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.graph = self.drawing.widget
        self.graph.installEventFilter(self)
        self.graph.viewport().installEventFilter(self)
        self.empty = QLabel(self.graph)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        top = QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        self.body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self.body.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.graph, 1)
        outer.addLayout(top)
        outer.addLayout(self.body, 1)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language."""
        self.style_now = style
        self.empty.setFont(style.font(15))
        set_ink(self.empty, style, "ink2")
        self.legend.restyle(style)
        self.legend.setAccessibleName(style.words.t("Legend"))
        self.graph.setMinimumHeight(max(LEAST, style.px(LEAST)))
        self.drawing.restyle(style)
        self.row = None

    # --- what is shown ---

    def show_row(self, row: PlotRow) -> None:
        """Show this plot at this moment."""
        was, self.row = self.row, row
        if was is None or (was.plot, was.axis, was.look, was.choice) != (row.plot, row.axis, row.look, row.choice):
            self._say_title(row)
            self._soon.start()
        self._say_now(row)

    def _say_title(self, row: PlotRow) -> None:
        words = row.look.words
        self.title.restyle(self.style_now, f"{title(row.plot, row.look)} ▾", title(row.plot, row.look))
        self.title.setAccessibleDescription(words.t("Choose what is plotted"))
        self.title.setToolTip(words.t("Choose what is plotted"))
        self.title.setFont(self.style_now.font(14, 700))
        self.graph.setAccessibleName(title(row.plot, row.look))
        self.empty.setText(nothing(row.plot, row.look) if row.plot.is_empty and row.share >= 1 else "")

    def _say_now(self, row: PlotRow) -> None:
        """What changes from frame to frame."""
        picture = self._legend(row)
        self.legend.setFixedSize(QSize(max(1, round(picture.width)), max(1, round(picture.height))))
        spoken = sentence(row.plot, row.now, row.look)
        self.legend.show_picture(picture, spoken)
        self.graph.setAccessibleDescription(spoken)
        self.drawing.show_now(row)

    def take_room(self, width: int, height: int) -> None:
        """There are so many px for this pane, whatever it asks for: the layout follows from that alone."""
        if self._room != (width, height):
            self._room = (width, height)
            if self.row is not None:
                self._say_now(self.row)

    def _legend(self, row: PlotRow) -> Picture:
        """Beside the plot where it is wide and low, else above it."""
        beside = column(row.plot, row.now, row.look)
        directions = QBoxLayout.Direction
        width, height = self._room
        if width - beside.width >= WIDE * height and height <= LOW * self.style_now.scale:
            self._lay(directions.RightToLeft, self.style_now.px(10))
            return beside
        self._lay(directions.TopToBottom, 2)
        return legend(row.plot, row.now, max(80, width), row.look)

    def _lay(self, direction: QBoxLayout.Direction, gap: int) -> None:
        """Set one beside the other; to say it again would cost a new layout."""
        if (self.body.direction(), self.body.spacing()) != (direction, gap):
            self.body.setDirection(direction)
            self.body.setSpacing(gap)

    def _draw(self) -> None:
        if self.row is not None:
            self.drawing.draw(self.row)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        row, self.row = self.row, None
        if row is not None:
            self.show_row(row)

    # --- what a person does ---

    def eventFilter(self, watched, event: QEvent) -> bool:
        kind = event.type()
        if watched is self.graph and isinstance(event, QKeyEvent):
            return self._key(event)
        if watched is self.graph and kind == QEvent.Type.Resize:
            self.empty.setGeometry(self.graph.rect())
            self._soon.start()
        if watched is not self.graph and self.row is not None:
            if isinstance(event, QMouseEvent) and kind in _POINTS:
                return self._point(event)
            if kind == QEvent.Type.Leave:
                self.drawing.show_hover(None)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """The arrows stay within the plot."""
        by = _ARROWS.get(Qt.Key(event.key()))
        if by is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self.row is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        along, across = by
        if across:
            place = KINDS.index(self.row.choice.kind) + across
            self.kind_wanted.emit(KINDS[place % len(KINDS)])
        else:
            self._walk(along)
        return True

    def _walk(self, along: int) -> None:
        """To the next or the last change in this plot."""
        assert self.row is not None, "a key has reached a plot"
        now, times = self.row.now, self.row.plot.changes()
        there = [time for time in times if (time > now if along > 0 else time < now)]
        if there:
            self.wanted.emit(intents.Seek(there[0] if along > 0 else there[-1]))

    def _point(self, event: QMouseEvent) -> bool:
        assert self.row is not None, "a pointer has reached a plot"
        time = self.drawing.time_at(event.position(), self.row)
        held = event.buttons() & Qt.MouseButton.LeftButton
        if time is None:
            self.drawing.show_hover(None)
            return bool(held)
        if event.type() == QEvent.Type.MouseMove and not held:
            self._hover(event, time)
        elif event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit(self._meant(event.position(), time))
        elif held:
            self.wanted.emit(intents.Seek(time))
        return True

    def _meant(self, where: QPointF, time: int) -> intents.Intent:
        """A bar, a folded silence, or a moment."""
        assert self.row is not None, "a pointer has reached a plot"
        place = self.row.axis.place(time)
        for hatch in self.row.axis.hatches():
            if hatch.start < place < hatch.stop:
                return intents.ToggleFold(hatch.id)
        flight = self.drawing.flight_at(where, self.row, NEAR) if self.row.choice.kind == SEQUENCE else None
        return intents.Seek(time) if flight is None else intents.Select(f"flight:{flight}")

    def _hover(self, event: QMouseEvent, time: int) -> None:
        """The values under the pointer; they can be read without one in the legend, at the cursor."""
        row = self.row
        assert row is not None, "a pointer has reached a plot"
        self.drawing.show_hover(row.axis.place(time))
        known = [entry for entry in entries(row.plot, time, row.look) if entry.host is not None]
        lines = [
            named(
                host_name(row.plot.hosts[entry.host or 0], row.look.words),
                f"{entry.name} {entry.value}",
                row.look.words,
            )
            for entry in known
        ]
        said = "\n".join((f"{time / 1_000_000:.3f} s", *lines))
        QToolTip.showText(event.globalPosition().toPoint(), said, self.graph)


_POINTS = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
