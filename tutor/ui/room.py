"""How much room a new window has.

Rules
-----
* No widget is asked for its screen. PySide takes the screen to be a part of the widget that was asked: when Python's
  collector later frees that widget, the screen goes with it, and the next window that is made ends the program.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def fitting(widget: QWidget, width: int, height: int) -> QSize:
    """This size (px), or what the screen has room for where the widget's window is."""
    place = widget.window().geometry().center()
    screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
    return QSize(width, height).boundedTo(screen.availableSize())
