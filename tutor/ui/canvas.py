"""The widget that shows a Picture and says what was pointed at.

Rules
-----
* It knows marks, not what they stand for: ids go out as they came in.
* No information by hover only: whatever a tooltip says is said again when the mark is selected.
* Where ``zooms`` is set, Ctrl and the wheel zoom about the pointer, and the middle button moves the picture. The wheel
  alone is told in whole notches (a touchpad turns it in small parts), with Shift as pages; elsewhere it scrolls what
  the canvas lies in.
* Up and down walk through the marks that have a title, Enter selects, the menu key opens the menu.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from tutor.ui.paint import LayerCache
from tutor.ui.style import Style
from tutor.view.marks import Picture

EMPTY = Picture(1, 1, ())
MOST_ZOOM = 6.0
WHEEL = 1.15
"""One notch of the wheel makes a picture this much larger."""


class Canvas(QWidget):
    """Shows one picture. ``resized`` asks for a picture of the new size."""

    clicked = Signal(str)
    hovered = Signal(str)
    menu_wanted = Signal(str, QPoint)
    resized = Signal()
    wheeled = Signal(int, bool)
    pressed_at = Signal(float, float)
    moved_at = Signal(float, float)
    left = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None, *, zooms: bool = False) -> None:
        super().__init__(parent)
        self.picture = EMPTY
        self._zooms = zooms
        self.zoom = 1.0
        self.origin = QPointF(0, 0)
        self._held: QPointF | None = None
        self.frames = 0
        self.cache = LayerCache()
        self._style = style
        self._hover = ""
        self._walk = ""
        self._turned = 0.0
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 20)

    def restyle(self, style: Style) -> None:
        """Take the looks of ``style``."""
        self._style = style
        self.update()

    def show_picture(self, picture: Picture, spoken: str = "") -> None:
        """Show ``picture``; ``spoken`` is what a screen reader says of it."""
        if spoken != self.accessibleDescription():
            self.setAccessibleDescription(spoken)
        if picture != self.picture:
            self.picture = picture
            self.update()

    # --- painting ---

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._style.colour("surface"))
        painter.save()
        painter.translate(self.origin)
        painter.scale(self.zoom, self.zoom)
        self.cache.paint(painter, self.picture, self._style.theme, self.devicePixelRatioF() * self.zoom)
        painter.restore()
        if self.hasFocus() and self._shows_focus():
            painter.setPen(QPen(self._style.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()
        self.frames += 1

    def _shows_focus(self) -> bool:
        return self._came_by_key

    _came_by_key = False

    def focusInEvent(self, event) -> None:
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._came_by_key = event.reason() in keys
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._move_to(self.origin)
        self.resized.emit()

    # --- the pointer ---

    def id_at(self, where: QPointF) -> str:
        """The id of the topmost mark there, or ``""``."""
        there = self.in_picture(where)
        return self.picture.at(there.x(), there.y()) or ""

    def in_picture(self, where: QPointF) -> QPointF:
        """A point of the widget, in the picture's own pixels."""
        return (where - self.origin) / self.zoom

    # --- zoom ---

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Make the picture larger or smaller, 1 to ``MOST_ZOOM`` times; ``about`` stays where it is."""
        about = about or QPointF(self.width() / 2, self.height() / 2)
        fixed = self.in_picture(about)
        self.zoom = max(1.0, min(MOST_ZOOM, self.zoom * factor))
        self._move_to(about - fixed * self.zoom)

    def aim(self, zoom: float, centre: QPointF) -> None:
        """Show the picture ``zoom`` times as large; ``centre``, a point of the picture, in the middle if it can be."""
        self.zoom = max(1.0, min(MOST_ZOOM, zoom))
        self._move_to(QPointF(self.width() / 2, self.height() / 2) - centre * self.zoom)

    def fit(self) -> None:
        """The whole picture again."""
        self.zoom = 1.0
        self._move_to(QPointF(0, 0))

    def _move_to(self, origin: QPointF) -> None:
        """Move the picture, but never away from the widget."""
        low_x, low_y = self.width() * (1 - self.zoom), self.height() * (1 - self.zoom)
        self.origin = QPointF(min(0.0, max(low_x, origin.x())), min(0.0, max(low_y, origin.y())))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            where = event.position()
            self.pressed_at.emit(where.x(), where.y())
            self.clicked.emit(self.id_at(where))
        elif event.button() == Qt.MouseButton.MiddleButton and self._zooms:
            self._held = event.position() - self.origin

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.position()
        if self._held is not None:
            self._move_to(where - self._held)
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.pressed_at.emit(where.x(), where.y())
        else:
            self.moved_at.emit(where.x(), where.y())
        self._set_hover(self.id_at(where))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hover("")
        self.left.emit()

    def _set_hover(self, mark: str) -> None:
        if mark != self._hover:
            self._hover = mark
            self.setCursor(Qt.CursorShape.PointingHandCursor if mark else Qt.CursorShape.ArrowCursor)
            self.hovered.emit(mark)

    def wheelEvent(self, event) -> None:
        if self._zooms and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(WHEEL ** (event.angleDelta().y() / 120), event.position())
            event.accept()
            return
        event.setAccepted(self._zooms)
        delta, by_page = event.angleDelta(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._turned += (delta.y() or delta.x()) / 120
        notches = int(self._turned)
        if notches and self._zooms:
            self._turned -= notches
            self.wheeled.emit(notches, by_page)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        mark = self._walk if by_key else self.id_at(QPointF(event.pos()))
        self.menu_wanted.emit(mark, event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            title = self.picture.title(self.id_at(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), title, self) if title else QToolTip.hideText()
            return True
        return super().event(event)

    # --- the keyboard ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ids = [mark for mark, _ in self.picture.titles]
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if by is None or not ids:
            super().keyPressEvent(event)
            return
        place = ids.index(self._walk) + by if self._walk in ids else (0 if by > 0 else -1)
        self._walk = ids[place % len(ids)]
        self.clicked.emit(self._walk)


def popup(actions: list[QAction], at: QPoint, parent: QWidget) -> QMenu:
    """A context menu of these actions, open at a point of the screen."""
    menu = QMenu(parent)
    menu.addActions(actions)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)
    return menu
