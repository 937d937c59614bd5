"""Which display has which window: one, two or mirrored ones, and one that comes, goes or changes.

Rules
-----
* The room's window covers a display of its own where there is one: the console stays where the program was.
* Displays that show the same part of the desktop are one: that is what mirrored means.
* With one display the room's window covers it from the start, and the console comes over it by a key. If the second
  display goes away meanwhile, the console has all of the one that is left, with the room's window under it, which comes
  by the same key: both are whole, and nobody's notes vanish under a picture.
* No widget is asked for its screen (see ``ui/room.py``): screens come from the application, and their signals.

Theory
------
``placed`` is pure: displays in, places out. ``Screens`` only listens to Qt, and can be stood in for in a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

SETTLES_MS = 60
"""A display that is plugged in or out is told by several signals; they are answered once."""


class Area(NamedTuple):
    """A rectangle of the desktop (logical px)."""

    x: int
    y: int
    width: int
    height: int

    def contains(self, x: int, y: int) -> bool:
        """Does the point lie in it?"""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Display:
    """One display: the system's name for it, all of its area, and what taskbars leave of it."""

    name: str
    area: Area
    free: Area
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where the windows go: the room's covers its display. ``has_console``: it can be seen. ``is_alone``: both have
    the same display, and one of them is in front."""

    audience: Area
    audience_on: str
    console: Area
    console_on: str
    has_console: bool
    is_alone: bool = False


def distinct(displays: tuple[Display, ...]) -> tuple[Display, ...]:
    """The displays without those that mirror an earlier one: that begin at the same point, or lie within it."""
    found: list[Display] = []
    for display in sorted(displays, key=lambda each: not each.is_primary):
        if not any(_mirrors(display, other) for other in found):
            found.append(display)
    return tuple(found)


def _mirrors(one: Display, other: Display) -> bool:
    a, b = one.area, other.area
    corner = other.area.contains(a.x, a.y) and other.area.contains(a.x + a.width - 1, a.y + a.height - 1)
    return (a.x, a.y) == (b.x, b.y) or corner


def placed(
    displays: tuple[Display, ...], home: tuple[int, int], *, is_swapped: bool, had_two: bool, wanted: str = ""
) -> Places:
    """Where both windows go. ``home``: a point of the window from which it is presented; ``is_swapped``: the other way
    round; ``had_two``: there was a display more when it began; ``wanted``: the display for the room, if it is there.
    """
    there = distinct(displays) or (NO_DISPLAY,)
    near = next((each for each in there if each.area.contains(*home)), there[0])
    others = [each for each in there if each is not near]
    if not others:
        return Places(near.area, near.name, near.free, near.name, had_two, is_alone=True)
    other = max(others, key=lambda each: each.area.width * each.area.height)
    chosen = next((each for each in there if each.name == wanted), other)
    beside = near if chosen is not near else other
    room, own = (beside, chosen) if is_swapped else (chosen, beside)
    return Places(room.area, room.name, own.free, own.name, has_console=True)


class Screens(QObject):
    """The displays of now. ``changed``: one has come, gone, moved or got another size."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLES_MS)
        self._settling.timeout.connect(self.changed)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication), "there is an application before there are windows"
        app.screenAdded.connect(self._listen)
        app.screenRemoved.connect(self._soon)
        app.primaryScreenChanged.connect(self._soon)
        self._known: set[str] = set()
        for screen in QGuiApplication.screens():
            self._listen(screen, is_new=False)

    def _listen(self, screen: QScreen, is_new: bool = True) -> None:
        screen.geometryChanged.connect(self._soon)
        screen.availableGeometryChanged.connect(self._soon)
        if is_new:
            self._soon()

    def _soon(self, *_: object) -> None:
        self._settling.start()

    wanted = ""
    """The name of the display that the lecturer wants for the room; "" for any."""

    def displays(self) -> tuple[Display, ...]:
        """Every display there is; one at least, also between an unplugging and the next plugging in."""
        primary = QGuiApplication.primaryScreen()
        found = tuple(
            Display(screen.name(), _area(screen.geometry()), _area(screen.availableGeometry()), screen is primary)
            for screen in QGuiApplication.screens()
        )
        return found or (NO_DISPLAY,)

    def put(self, window: QWidget, area: Area, name: str, *, is_full: bool) -> None:
        """Show a window on a part of a display: as a window, or over all of it."""
        screen = next((each for each in QGuiApplication.screens() if each.name() == name), None)
        if screen is not None:
            window.setScreen(screen)
        if window.isFullScreen() and not is_full:
            window.showNormal()
        window.setGeometry(QRect(*area))
        if is_full:
            window.showFullScreen()
            window.setGeometry(QRect(*area))  # where no window manager does it
        else:
            window.show()


NO_DISPLAY = Display("", Area(0, 0, 1280, 720), Area(0, 0, 1280, 720), is_primary=True)
"""What is reckoned with while every display is unplugged."""


def _area(rect: QRect) -> Area:
    return Area(rect.x(), rect.y(), rect.width(), rect.height())
