"""A new window fits on the screen, and the screen outlives it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tests.ui.stage import HANDSHAKE, session
from tutor import resources
from tutor.teach import intents
from tutor.ui.conductor import Conductor
from tutor.ui.room import fitting

FREED = """
import gc
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from tests.ui.stage import HANDSHAKE, session
from tutor.ui.app import application
from tutor.ui.conductor import Conductor
from tutor.ui.first import Frame
application()
gc.disable()
screen = QGuiApplication.primaryScreen()
frame = Frame("light", "en", QSize(1200, 800))
frame.itself = frame
del screen, frame
gc.collect()
conductor = Conductor(session(HANDSHAKE))
conductor.open()
conductor.window.close()
print("whole")
"""
"""A first frame that only the collector ends; the screen's wrapper is older, so the collector comes to it first."""


@pytest.mark.ci
def test_a_window_that_the_collector_frees_leaves_the_screen_to_the_next_one() -> None:
    """In a process of its own: where the screen is gone, the next window ends the process."""
    root = resources.lessons_dir().parent
    done = subprocess.run([sys.executable, "-c", FREED], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr


def test_a_new_window_is_no_larger_than_its_screen(qtbot) -> None:
    """A small one keeps its size; a large one takes what there is."""
    window = QWidget()
    qtbot.addWidget(window)
    there = QGuiApplication.primaryScreen().availableSize()
    assert fitting(window, 300, 200) == QSize(300, 200)
    assert fitting(window, 99_999, 200) == QSize(there.width(), 200)
    assert fitting(window, 99_999, 99_999) == there


def test_a_window_off_every_screen_is_measured_by_the_first(qtbot) -> None:
    """Its screen was unplugged since."""
    window = QWidget()
    qtbot.addWidget(window)
    window.move(-50_000, -50_000)
    assert fitting(window, 99_999, 99_999) == QGuiApplication.primaryScreen().availableSize()


def test_the_editor_leaves_room_for_its_title(show) -> None:
    """It is never higher than the screen without a title bar."""
    conductor: Conductor = show(session(HANDSHAKE))
    conductor.send(intents.LookUp())
    conductor.window.command("edit-lesson")
    there = QGuiApplication.primaryScreen().availableSize()
    editor = conductor.beside[0]
    assert editor.width() <= there.width()
    assert editor.height() <= there.height() - 40
