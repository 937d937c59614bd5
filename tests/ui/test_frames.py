"""Many frames and the first one: nothing leaks, nothing slow is loaded before a learner sees the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, lesson, session, solve
from tutor.teach import intents
from tutor.teach.session import start
from tutor.teach.stage import scenario_of
from tutor.ui.turns import RESTS_AFTER_MS
from tutor.ui.why import why_row

ROOT = Path(__file__).resolve().parents[2]

FRAMES = 5_400

SLOW = ("numpy", "networkx", "pyqtgraph", "scipy", "PIL", "PySide6.QtSvg", "PySide6.QtOpenGL")

FIRST_FRAME = """
import json, sys
from tutor.ui.app import application
app = application()
from tutor.ui.conductor import Conductor
from tutor.ui.leaving import first_session
from tutor.ui.library import Library
from tutor.ui.settings import Settings
session = first_session(None, lang=None, theme=None, settings=Settings(), library=Library())
conductor = Conductor(session)
conductor.window.resize(1280, 720)
conductor.open()
while not conductor.window.timeline.canvas.frames:
    app.processEvents()
print(json.dumps(sorted(sys.modules)))
"""


def solve_all(conductor) -> None:
    """Answer every bet, so that the whole run may be seen."""
    while conductor.session.horizon is not None:
        conductor.send(intents.End())
        solve(conductor)


@pytest.mark.ci
def test_well_over_five_thousand_painted_frames(show) -> None:
    """PySide once died after some 5,000 void calls. Play, scrub, fork: frame after frame, and None is still there."""
    conductor = show(session(CLOSE), 960, 600)
    solve_all(conductor)
    window = conductor.window
    canvases = (window.diagram.canvas, window.timeline.canvas, window.transport.scrubber)
    before = sys.getrefcount(None)
    for tab, canvas in ((1, window.diagram.canvas), (2, window.timeline.canvas)):
        window.tabs.setCurrentIndex(tab)
        QApplication.processEvents()
        for frame in range(FRAMES // 12):
            conductor.send(intents.Seek((frame * 1_433) % 700_000))
            for part in (canvas, canvas, *[window.transport.scrubber] * 4):
                part.repaint()
    painted = sum(canvas.frames for canvas in canvases)
    assert painted >= FRAMES
    # A fault that loses one reference a call would lose hundreds of thousands; pictures come and go with some.
    assert before - sys.getrefcount(None) < 20_000
    assert conductor.session.playhead == ((FRAMES // 12 - 1) * 1_433) % 700_000


def test_what_stands_still_is_not_painted_again(show) -> None:
    """Between two events only the ladder moves: the diagram's canvas is left alone."""
    conductor = show(session(CLOSE), 1280, 720)
    conductor.send(intents.Seek(210_000))
    QApplication.processEvents()
    diagram, ladder = conductor.window.diagram.canvas, conductor.window.timeline.canvas
    before = diagram.frames, ladder.frames
    for step in range(10):
        conductor.send(intents.Seek(211_000 + step * 1_000))
        QApplication.processEvents()
    assert diagram.frames - before[0] <= 1
    assert ladder.frames - before[1] == 10


def test_while_a_hand_scrubs_what_lies_beside_waits_for_its_turn(show) -> None:
    """Every frame has the stage; the card is not asked in each. At rest everything says the same moment."""
    conductor = show(start(replace(lesson(CLOSE), beats=()), scenario_of(lesson(CLOSE))), 1280, 720)
    window = conductor.window
    filled: list[object] = []
    window.lesson.variables.show_rows = lambda _style, rows: filled.append(rows)
    canvas = window.timeline.canvas
    pictures = []
    for step in range(12):
        window.transport.scrubber.pressed_at.emit(100.0 + step * 20, 0.0)
        pictures.append(canvas.picture)
    assert all(was != now for was, now in pairwise(pictures)), "a frame left the ladder as it was"
    assert len(filled) == 3, "of four views beside the stage the card is one"
    QTest.qWait(RESTS_AFTER_MS * 3)
    assert window.why.row == why_row(conductor.session, conductor.words)
    assert filled[-1] == conductor.shown_variables()


@pytest.mark.ci
def test_the_first_frame_waits_for_no_slow_library(tmp_path: Path) -> None:
    """numpy, networkx and pyqtgraph take longer to import than the window takes to appear."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout.splitlines()[-1])
    found = [name for name in loaded if name in SLOW or name.split(".")[0] in SLOW]
    assert not found, f"loaded before the first frame: {found}"
    assert "PySide6.QtWidgets" in loaded
