"""Where Tab leads: from region to region in the order in which one works, whatever was made first.

Rules
-----
* Regions come in the order of ``REGIONS``; within one, Qt's own order, which is that of making.
* What lies over the window (the palette, a list of keys) keeps the focus to itself.
* What is scrolled away comes into sight when the focus comes to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

REGIONS = ("tabs", "lesson", "diagram", "timeline", "strip", "transport", "top")
"""What the window calls its regions, in the order in which Tab visits them."""


def chain(window: QWidget, regions: Sequence[QWidget]) -> list[QWidget]:
    """Every widget that Tab reaches, in its order; what is in no region comes last."""
    return sorted(_ring(window), key=lambda widget: _region(widget, regions))


def _ring(window: QWidget) -> list[QWidget]:
    """Every widget that Tab reaches, in the order of making."""
    found: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        if _takes_tab(widget, window):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def _takes_tab(widget: QWidget, window: QWidget) -> bool:
    if widget.window() is not window or not widget.isVisible() or not widget.isEnabled():
        return False
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _region(widget: QWidget, regions: Sequence[QWidget]) -> int:
    for place, region in enumerate(regions):
        if region is widget or region.isAncestorOf(widget):
            return place
    return len(regions)


def move(window: QWidget, *, is_forward: bool) -> bool:
    """Give the focus to the next widget, or the one before; False if there is none."""
    return _step(window, chain(window, [getattr(window, name) for name in REGIONS]), is_forward=is_forward)


def around(page: QWidget, *, is_forward: bool) -> bool:
    """The same within a page that covers the window: the focus stays on it."""
    window = page.window()
    ring = [widget for widget in _ring(window) if page.isAncestorOf(widget)]
    return _step(window, ring, is_forward=is_forward)


def _step(window: QWidget, widgets: Sequence[QWidget], *, is_forward: bool) -> bool:
    """From whoever has the focus to the next of ``widgets``, which stand in a ring."""
    if not widgets:
        return False
    here = window.focusWidget()
    place = widgets.index(here) if here in widgets else (-1 if is_forward else 0)
    target = widgets[(place + (1 if is_forward else -1)) % len(widgets)]
    target.setFocus(Qt.FocusReason.TabFocusReason if is_forward else Qt.FocusReason.BacktabFocusReason)
    reveal(target)
    return True


def reveal(widget: QWidget) -> None:
    """Scroll whatever holds the widget until it is in sight."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def give_back(before: QWidget | None, window: QWidget) -> None:
    """Give the focus to who had it before, if that is still there; else to the window.

    A part that Qt itself made (the field inside a box) may be gone without Python being told.
    """
    alive = (widget for widget in window.findChildren(QWidget) if widget is before)
    next(alive, window).setFocus()
