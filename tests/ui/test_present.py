"""Presenting: two windows, a clicker, and displays that come and go. Nothing is lost, and nothing is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.halls import LAPTOP, PROJECTOR, arrive, display, presented, press
from tests.ui.stage import CLOSE, session
from tutor import resources
from tutor.teach import intents
from tutor.ui.conductor import Conductor
from tutor.ui.present.show import Show


@pytest.fixture
def stage(show) -> Conductor:
    """The main window, on a lesson."""
    return show(session(CLOSE))


# --- walking ---


def test_f5_presents_the_lesson_and_esc_leaves(stage: Conductor) -> None:
    """Both windows open and go; the window it was begun in is as it was."""
    before = stage.session
    stage.window.command("present")
    made = stage.findChild(Show)
    assert made is not None
    QApplication.processEvents()
    assert made.audience.isFullScreen()
    press(made.audience, "Esc")
    QApplication.processEvents()
    assert stage.beside == []
    assert stage.session is before


def test_a_clicker_walks_through_the_whole_lesson(stage: Conductor) -> None:
    """PageDown alone, to the end: every stop once, every answer shown, the run never past what may be seen."""
    show, _ = presented(stage)
    stops = show.here.stops
    seen = [0]
    for _ in range(3 * len(stops)):
        press(show.audience, "PgDown")
        arrive(show)
        now = show.player.session
        assert now.horizon is None or now.playhead <= now.horizon
        if show.here.at != seen[-1]:
            seen.append(show.here.at)
        assert show.audience.caption.row.sentence
        assert not show.warning
        if show.here.is_over:
            break
    assert seen == list(range(len(stops)))
    assert show.here.revealed == {at for at, stop in enumerate(stops) if stop.kind == "question"}
    press(show.audience, "PgUp", "PgUp")
    assert show.here.at == len(stops) - 2
    show.end()


def test_shift_f5_begins_where_the_learner_is(stage: Conductor) -> None:
    """At the step that is on the card."""
    stage.send(intents.NextBeat())
    stage.window.command("present-here")
    made = stage.findChild(Show)
    assert made is not None
    current = stage.session.current
    assert current is not None
    assert made.here.stop.beat == current.id
    made.end()


def test_on_the_way_a_second_press_is_there_at_once(stage: Conductor) -> None:
    """A lecturer in a hurry does not wait for a segment."""
    show, _ = presented(stage)
    press(show.console, "PgDown")
    assert show.player.is_moving
    press(show.console, "PgDown")
    assert not show.player.is_moving
    assert show.here.at == 1
    show.end()


def test_less_motion_jumps(stage: Conductor) -> None:
    """Nothing travels: neither the run nor the camera."""
    stage.send(intents.SetMotion("reduced"))
    show, _ = presented(stage)
    press(show.console, "PgDown", "Shift+Z")
    assert not show.player.is_moving
    assert show.player.session.playhead > 0
    assert show.audience.diagram.canvas.zoom == 1
    show.end()


def test_nothing_is_written_to_the_learners_progress(stage: Conductor) -> None:
    """Neither an answer nor an edge: whoever presents is asked nothing."""
    noted: list[object] = []
    stage.keeper.note = noted.append  # type: ignore[method-assign]
    show, _ = presented(stage)
    for _ in range(5):
        press(show.console, "PgDown")
        arrive(show)
    assert show.player.session.answers
    assert stage.session.answers == ()
    assert noted == []
    show.end()


# --- the displays ---


def test_two_displays_have_a_window_each(stage: Conductor) -> None:
    """The room's covers the projector, the lecturer's stays where the program was."""
    show, _ = presented(stage)
    assert show.audience.property("display") == "projector"
    assert show.audience.property("is_full")
    assert show.console.property("display") == "laptop"
    press(show.console, "Shift+C")
    assert show.audience.property("display") == "laptop"
    assert show.console.property("display") == "projector"
    show.end()


def test_with_one_display_the_console_comes_by_a_key(stage: Conductor) -> None:
    """And goes by the same; a mirrored one counts as one."""
    mirror = display("mirror", 0, 0, 1920, 1080)
    for displays in ((LAPTOP,), (LAPTOP, mirror)):
        show, _ = presented(stage, None, *displays)
        assert show.audience.property("is_full")
        assert not show.console.isVisible()
        press(show.audience, "C")
        assert show.console.isVisible()
        press(show.console, "C")
        assert not show.console.isVisible()
        show.end()


def test_an_unplugged_projector_loses_nothing(stage: Conductor) -> None:
    """The room's window comes beside the console, at the same stop, with what was drawn; plugged in, it goes back."""
    show, desk = presented(stage)
    press(show.console, "PgDown")
    arrive(show)
    press(show.console, "P", "3")
    for is_new, at in ((True, (0.4, 0.4)), (False, (0.5, 0.5))):
        show.audience.drawn.emit("ladder", at, is_new)
    assert len(show.here.shown_strokes) == 1
    before = show.here
    desk.plug(LAPTOP)
    assert show.here == before
    assert show.audience.isVisible()
    assert not show.audience.property("is_full")
    assert show.console.isVisible()
    assert not show.audience.geometry().intersects(show.console.geometry())
    press(show.console, "PgDown")
    assert show.here.at == before.at + 1
    desk.plug(LAPTOP, PROJECTOR)
    assert show.audience.property("display") == "projector"
    assert show.audience.property("is_full")
    show.end()


ON_TWO = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from tests.ui.halls import arrive, press
from tests.ui.stage import CLOSE, opened, session
from tutor.ui.app import application
from tutor.ui.present.show import Show
application()
conductor = opened(session(CLOSE))
conductor.window.command("present")
show = conductor.findChild(Show)
show.player.take_clock()
areas = [screen.geometry() for screen in QGuiApplication.screens()]
assert show.audience.geometry() == areas[1], show.audience.geometry()
assert areas[0].contains(show.console.geometry().center())
presses = 0
while not show.here.is_over:
    press(show.audience if presses % 2 else show.console, "PgDown")
    arrive(show)
    presses += 1
press(show.audience, "Esc")
QApplication.processEvents()
assert not conductor.beside
conductor.window.close()
print("whole", presses)
"""
TWO = """{"synchronousWindowSystemEvents": true, "windowFrameMargins": true, "screens": [
  {"name": "one", "x": 0, "y": 0, "width": 1280, "height": 720, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
  {"name": "two", "x": 1280, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
]}"""


@pytest.mark.ci
def test_a_lesson_is_walked_on_two_virtual_displays(tmp_path: Path) -> None:
    """In a process of its own, whose Qt has two screens."""
    screens = tmp_path / "two.json"
    screens.write_text(TWO, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ON_TWO],
        cwd=resources.lessons_dir().parent,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screens}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("whole")
