"""Editors of one value: number with slider and field, check box, choice, text; and the lock before a constant.

Rules
-----
* Moving tells what is ``weighed``; letting go of a slider, Enter, a tick or a choice says what is ``wanted``. Escape
  gives the value back, and the focus to the stage: then the arrows mean time again.
* A wheel scrolls the list. It turns a value only where the focus is.
* A constant shows its value and a button. Only who has pressed *what if* gets an editor.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QLineEdit, QSlider, QWidget

from tutor.teach.parameter import Control
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.parameter_rows import Cell
from tutor.ui.style import Style, wear
from tutor.ui.tick import Tick
from tutor.view.byhand import capitalised
from tutor.view.metrics import text_width

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
FINE = 400
"""Steps of a slider over a range that is not one of a few whole numbers."""

LARGEST = 1e12
WIDEST = "A→B"
"""All badges are as wide as this one, so that what stands behind them stands in columns."""


class Editor(QWidget):
    """One editor. ``weighed`` and ``wanted`` carry a value as an act takes it; "" weighs the one it has."""

    weighed = Signal(str)
    wanted = Signal(str)

    def __init__(self, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    @abstractmethod
    def show_cell(self, style: Style, cell: Cell) -> None:
        """Show this value."""

    def stops(self) -> list[QWidget]:
        """What Tab stops at, left to right."""
        parts = (self.row.itemAt(place).widget() for place in range(self.row.count()))
        return [part for part in parts if part is not None and not part.isHidden()]


def _keeps(event: QEvent) -> bool:
    """Accept the override of Enter and Escape: here they set a value, or leave it."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() not in (*_ENTERS, Qt.Key.Key_Escape):
        return False
    event.accept()
    return True


def back_to_stage(widget: QWidget) -> None:
    """Give the focus to the window itself, where every key is a command."""
    widget.window().setFocus(Qt.FocusReason.OtherFocusReason)


if TYPE_CHECKING:
    _Part = QWidget
else:
    _Part = object  # a class of Qt has one parent among them


class _Kept(_Part):
    """A part that Enter sets and Escape leaves; the wheel scrolls the list as long as it has no focus."""

    left_alone: Signal

    def event(self, event: QEvent) -> bool:
        return True if _keeps(event) else super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTERS:
            self.entered()
        elif event.key() == Qt.Key.Key_Escape:
            self.left_alone.emit()
        else:
            super().keyPressEvent(event)

    @abstractmethod
    def entered(self) -> None:
        """Enter was pressed."""


class _Slider(_Kept, QSlider):
    """A slider that leaves the wheel to the list, and is let go of with Enter."""

    let_go = Signal()
    left_alone = Signal()

    def entered(self) -> None:
        self.let_go.emit()


class _Spin(_Kept, QDoubleSpinBox):
    """A number field that is done with Enter, not by going elsewhere."""

    done = Signal()
    left_alone = Signal()

    def entered(self) -> None:
        self.interpretText()
        self.done.emit()

    def textFromValue(self, value: float) -> str:
        return f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".") if self.decimals() else f"{value:.0f}"


class NumberEditor(Editor):
    """A field, and a slider where there is a range for one."""

    def __init__(self, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(control, parent)
        self.slider = _Slider(Qt.Orientation.Horizontal, self)
        self.spin = _Spin(self)
        self.spin.setDecimals(0 if control.is_whole else 3)
        self.spin.setRange(control.least or 0, LARGEST if control.most is None else control.most)
        self.spin.setSuffix(f" {control.unit}" if control.unit else "")
        self.spin.setKeyboardTracking(False)
        self.spin.setObjectName("number")
        self.spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.has_slider = control.high > control.low
        self._steps = self._count()
        self.slider.setRange(0, self._steps)
        self.slider.setVisible(self.has_slider)
        self.slider.setPageStep(max(1, self._steps // 10))
        self.row.addWidget(self.slider, 1)
        self.row.addWidget(self.spin)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self._want)
        self.slider.let_go.connect(self._want)
        self.spin.valueChanged.connect(self._typed)
        self.spin.done.connect(self._want)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a drag the arrows go on meaning time
        self.slider.sliderPressed.connect(lambda: self._slid(0))
        for part in (self.slider, self.spin):
            part.left_alone.connect(self._leave)

    def _leave(self) -> None:
        self.weighed.emit("")
        back_to_stage(self)

    def _count(self) -> int:
        reach = self.control.high - self.control.low
        return int(reach) if self.control.is_whole and reach <= FINE else FINE

    def show_cell(self, style: Style, cell: Cell) -> None:
        """Show this value."""
        number = self.control.number(cell.text)
        for part in (self.slider, self.spin):
            part.blockSignals(True)
            part.setAccessibleName(cell.name)
        for part in (self.spin, self.spin.lineEdit()):
            part.setFont(style.mono(13, 600))
        self.spin.setFixedWidth(max(84, style.px(112)))
        if number is not None and number != self.spin.value():
            self.spin.setValue(number)
        if number is not None and not self.slider.isSliderDown():
            self.slider.setValue(self._place(number))
        for part in (self.slider, self.spin):
            part.blockSignals(False)

    def _place(self, number: float) -> int:
        low, high = self.control.low, self.control.high
        return round((min(max(number, low), high) - low) / (high - low) * self._steps) if self.has_slider else 0

    def _number(self) -> float:
        low, high = self.control.low, self.control.high
        number = low + (high - low) * self.slider.value() / self._steps
        return round(number) if self.control.is_whole or high - low >= 20 else round(number, 2)

    def _slid(self, _place: int) -> None:
        number = self._number()
        self.spin.blockSignals(True)
        self.spin.setValue(number)
        self.spin.blockSignals(False)
        self.weighed.emit(self.control.text(number))

    def _typed(self, number: float) -> None:
        self.weighed.emit(self.control.text(number))

    def _want(self) -> None:
        self.wanted.emit(self.control.text(self.spin.value()))


class SwitchEditor(Editor):
    """Off or on."""

    def __init__(self, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(control, parent)
        self.box = Tick(parent=self)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.box.clicked.connect(lambda is_on: self.wanted.emit(control.choices[1 if is_on else 0]))

    def show_cell(self, style: Style, cell: Cell) -> None:
        """Show this value."""
        self.box.setFont(style.mono(13, 600))
        self.box.restyle(style, cell.value)
        self.box.setAccessibleName(cell.name)
        self.box.setChecked(cell.value == self.control.choices[1])


class _Combo(QComboBox):
    """A choice that leaves the wheel to the list."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class ChoiceEditor(Editor):
    """One of some words."""

    def __init__(self, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(control, parent)
        self.box = _Combo(self)
        for choice in control.choices:
            self.box.addItem(choice, choice)
        self.row.addWidget(self.box, 1)
        self.box.highlighted.connect(self._point)
        self.box.activated.connect(lambda place: self.wanted.emit(self.box.itemData(place)))

    def show_cell(self, style: Style, cell: Cell) -> None:
        """Show this value."""
        self.box.setFont(style.font(13, 600))
        self.box.setAccessibleName(cell.name)
        for place, title in enumerate(self.control.titles):
            self.box.setItemText(place, capitalised(style.words.t(title)))
        if not self.box.view().isVisible():
            self.box.setCurrentIndex(self.box.findData(cell.value))

    def _point(self, place: int) -> None:
        """The list is open and points at something: what would that do?"""
        if self.box.view().isVisible():
            self.weighed.emit(self.box.itemData(place))


class _Line(_Kept, QLineEdit):
    left_alone = Signal()

    def entered(self) -> None:
        self.returnPressed.emit()


class TextEditor(Editor):
    """Whatever the act takes: ports, sizes, a rate, an address."""

    def __init__(self, control: Control, parent: QWidget | None = None) -> None:
        super().__init__(control, parent)
        self.line = _Line(self)
        self.row.addWidget(self.line, 1)
        self.line.textEdited.connect(self.weighed)
        self.line.returnPressed.connect(lambda: self.wanted.emit(self.line.text()))
        self.line.left_alone.connect(self._give_back)
        self._value = ""

    def show_cell(self, style: Style, cell: Cell) -> None:
        """Show this value."""
        self._value = cell.value
        self.line.setFont(style.mono(13, 600))
        self.line.setAccessibleName(cell.name)
        if self.line.text() != cell.text:
            self.line.setText(cell.text)
            self.line.setCursorPosition(0)

    def _give_back(self) -> None:
        self.line.setText(self._value)
        self.weighed.emit("")
        back_to_stage(self)


_EDITORS: dict[str, type[Editor]] = {
    "number": NumberEditor, "yes/no": SwitchEditor, "choice": ChoiceEditor, "text": TextEditor,
}  # fmt: skip


class CellView(QWidget):
    """One cell: whose it is, its editor or its lock, and the way back to the default."""

    weighed = Signal(str, str)
    wanted = Signal(str, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cell: Cell | None = None
        self.editor: Editor | None = None
        self.is_unlocked = False
        self.is_waiting = False
        """Was the lock taken off just now? The editor takes the focus as soon as it is there."""
        self.badge, self.shown = QLabel(self), QLabel(self)
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.unlock, self.reset = Button("plain", "lock", self), Button("plain", "reset", self)
        self.unlock.installEventFilter(self)
        self.unlock.clicked.connect(self._unlock)
        self.reset.clicked.connect(self._reset)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        for part, stretch in ((self.badge, 0), (self.shown, 1), (self.unlock, 0), (self.reset, 0)):
            self.line.addWidget(part, stretch)

    def show_cell(self, style: Style, cell: Cell) -> None:
        """Show this cell."""
        is_other = self.cell is None or (self.cell.control, self.cell.id) != (cell.control, cell.id)
        self.cell = cell
        words = style.words
        self.line.setSpacing(style.px(6))
        self._show_badge(style, cell)
        is_locked = cell.is_locked and not (self.is_unlocked or cell.is_changed)
        self.shown.setVisible(is_locked)
        self.shown.setText(cell.control.shown(cell.value))
        self.shown.setFont(style.mono(13, 600))
        self.unlock.setVisible(is_locked)
        if is_locked:
            self.unlock.restyle(
                style, words.t("What if"), words.t("What if this were another one? {name}", name=cell.name)
            )
            self.unlock.setFont(style.font(13, 600))
        self.reset.setVisible(cell.is_changed)
        if cell.is_changed:
            default = words.t(cell.control.title(cell.default))
            self.reset.restyle(
                style, name=words.t("Back to the default, {value}: {name}", value=default, name=cell.name)
            )
        if is_other and self.editor is not None:
            self.editor.deleteLater()
            self.editor = None
        if is_locked:
            if self.editor is not None:
                self.editor.hide()
            return
        if self.editor is None:
            self._make_editor(cell)
        self.editor.setVisible(True)
        self.editor.show_cell(style, cell)
        if self.is_waiting and self.editor.stops():
            self.is_waiting = False
            self.editor.stops()[-1].setFocus(Qt.FocusReason.TabFocusReason)

    def _show_badge(self, style: Style, cell: Cell) -> None:
        self.badge.setVisible(bool(cell.badge))
        self.badge.setText(cell.badge)
        self.badge.setFont(style.font(13, 700))
        self.badge.setMinimumWidth(round(text_width(WIDEST, "ui", style.text_px(13), 700)) + 12)
        if cell.role:
            ink, ground = style.theme.colour(cell.role), style.theme.colour(f"{cell.role}_tint")
            look = f"background: {ground}; color: {ink}; border: 1px solid {ink}; border-radius: 5px; padding: 0 4px;"
            wear(self.badge, look)

    def _make_editor(self, cell: Cell) -> None:
        self.editor = _EDITORS[cell.control.kind](cell.control, self)
        self.editor.weighed.connect(lambda value: self.weighed.emit(self.cell.id, value))
        self.editor.wanted.connect(lambda value: self.wanted.emit(self.cell.id, value, self.cell.is_locked))
        self.line.insertWidget(1, self.editor, 1)
        for stop in self.editor.stops():
            stop.installEventFilter(self)

    def eventFilter(self, watched, event: QEvent) -> bool:
        """Whoever comes here, by Tab or by hand, has this row in hand."""
        if event.type() == QEvent.Type.FocusIn and self.cell is not None and not self.cell.is_weighed:
            self.weighed.emit(self.cell.id, "")
        return super().eventFilter(watched, event)

    def stops(self) -> list[QWidget]:
        """What Tab stops at."""
        inner = self.editor.stops() if self.editor is not None and not self.editor.isHidden() else [self.unlock]
        return [*inner, *([self.reset] if not self.reset.isHidden() else [])]

    def _unlock(self) -> None:
        self.is_unlocked = self.is_waiting = True
        self.weighed.emit(self.cell.id, "")

    def _reset(self) -> None:
        self.wanted.emit(self.cell.id, self.cell.default, self.cell.is_locked)


def quiet(label: QLabel, style: Style, role: str = "ink2") -> None:
    """Write a label that wraps in the colour of a role."""
    label.setWordWrap(True)
    set_ink(label, style, role)
