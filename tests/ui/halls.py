"""Helpers of the tests of presenting: a presentation with displays that a test plugs in and out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tutor import resources
from tutor.teach.lecture import Lecture
from tutor.ui.conductor import Conductor
from tutor.ui.present.screens import Area, Display, Screens
from tutor.ui.present.show import Show, present

FRAME_US = 400_000
"""A slow machine's frame: what is between is not looked at."""
MOST_FRAMES = 4000


def display(name: str, x: int, y: int, width: int, height: int, *, is_primary: bool = False) -> Display:
    """A display without a taskbar."""
    area = Area(x, y, width, height)
    return Display(name, area, area, is_primary)


LAPTOP = display("laptop", 0, 0, 1280, 720, is_primary=True)
PROJECTOR = display("projector", 1280, 0, 1920, 1080)


class Desk(Screens):
    """Displays as a test says."""

    def __init__(self, *displays: Display) -> None:
        super().__init__()
        self.there = displays

    def displays(self) -> tuple[Display, ...]:
        """What there is."""
        return self.there

    def plug(self, *displays: Display) -> None:
        """From now on there are these."""
        self.there = displays
        self.changed.emit()

    def put(self, window: QWidget, area: Area, name: str, *, is_full: bool) -> None:
        """The one display of the tests stands for all: a window has its size there."""
        super().put(window, area, name, is_full=False)
        window.setProperty("is_full", is_full)
        window.setProperty("display", name)
        window.setGeometry(QRect(*area))


def presented(
    conductor: Conductor, lecture: Lecture | None = None, *displays: Display, at: int = 0
) -> tuple[Show, Desk]:
    """A presentation on these displays (laptop and projector if none are named), whose clock is the test's."""
    desk = Desk(*(displays or (LAPTOP, PROJECTOR)))
    show = present(conductor, lecture, at, desk)
    desk.setParent(show)
    show.player.take_clock()
    show.take_clock()
    QApplication.processEvents()
    return show, desk


def press(window: QWidget, *keys: str) -> None:
    """Press keys on one of the windows, spelled as Qt spells them."""
    for key in keys:
        QTest.keySequence(window, QKeySequence(key))


def arrive(show: Show) -> int:
    """Let the run go on until it stands; in how many frames it did."""
    frames = 0
    while show.player.is_moving and frames < MOST_FRAMES:
        show.player.tick(FRAME_US)
        frames += 1
    assert frames < MOST_FRAMES, "the run does not come to rest"
    return frames


TWO = """{"synchronousWindowSystemEvents": true, "windowFrameMargins": true, "screens": [
  {"name": "one", "x": 0, "y": 0, "width": 1280, "height": 720, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
  {"name": "two", "x": 1280, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
]}"""
"""A laptop and a projector, as Qt's offscreen platform reads them."""


def on_two(folder: Path, *arguments: str) -> str:
    """What Python prints that is started with ``arguments`` where Qt has the two virtual displays of ``TWO``."""
    screens = folder / "two.json"
    screens.write_text(TWO, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=resources.lessons_dir().parent,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screens}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
