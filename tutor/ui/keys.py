"""Keys that belong to the widget in focus, though a command of one key would take them.

Rules
-----
* A list, a slider, a tab bar keeps the keys by which it is walked through; a field keeps what is typed into it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QTabBar, QWidget

_K = Qt.Key
_ARROWS = {_K.Key_Left, _K.Key_Right, _K.Key_Up, _K.Key_Down}
_PAGES = {_K.Key_Home, _K.Key_End, _K.Key_PageUp, _K.Key_PageDown}
_ENTERS = {_K.Key_Return, _K.Key_Enter, _K.Key_Space}

KEPT: tuple[tuple[type[QWidget], set[Qt.Key]], ...] = (
    (QAbstractSlider, _ARROWS | _PAGES),
    (QAbstractItemView, _ARROWS | _PAGES | _ENTERS),
    (QComboBox, _ARROWS | _PAGES | _ENTERS),
    (QAbstractSpinBox, _ARROWS | _PAGES | _ENTERS),
    (QTabBar, _ARROWS),
)


def keeps_navigation(focus: QWidget | None, event: QEvent) -> bool:
    """Does the widget in focus need this key itself?"""
    if not isinstance(event, QKeyEvent) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    return any(isinstance(focus, kind) and event.key() in keys for kind, keys in KEPT)
