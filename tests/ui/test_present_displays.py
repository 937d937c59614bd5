"""Presenting on displays that come, go and change: nothing is lost, and nothing on either window is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.flaws import flaws_of
from tests.ui.halls import LAPTOP, PROJECTOR, arrive, display, on_two, presented, press
from tests.ui.stage import CLOSE, session
from tutor.teach import show_deeds
from tutor.ui.conductor import Conductor
from tutor.view.hall import too_small

LEAST_THUMB = 440
"""Px of the small picture's width on a laptop."""


@pytest.mark.ci
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


@pytest.mark.ci
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
    """The console has the laptop, whole and with nothing cut; C shows what the room sees, large enough to be read.
    At the same stop, with what was drawn; plugged in, the room's window goes back."""
    show, desk = presented(stage)
    press(show.console, "PgDown")
    arrive(show)
    press(show.console, "P", "3")
    for is_new, at in ((True, (0.4, 0.4)), (False, (0.5, 0.5))):
        show.audience.drawn.emit("ladder", at, is_new)
    assert len(show.here.shown_strokes) == 1
    before = show.here
    desk.plug(LAPTOP)
    QApplication.processEvents()
    assert show.here == before
    assert "C" in show.console.notice.text()
    assert not show.warning
    assert flaws_of(show.console) == []
    assert (show.console.width(), show.console.height()) == LAPTOP.area[2:]
    assert show.console.small.width() >= LEAST_THUMB
    press(show.console, "C")
    assert not show.console.isVisible()
    assert (show.audience.width(), show.audience.height()) == LAPTOP.area[2:]
    for canvas in show.audience.canvases.values():
        if canvas.isVisible():
            assert too_small(canvas.picture, LAPTOP.area.height) == ()
    assert show.audience.caption.said.font().pixelSize() >= LAPTOP.area.height / 50
    desk.plug(LAPTOP)
    QApplication.processEvents()
    assert not show.console.isVisible(), "what the lecturer has put away does not come by itself"
    press(show.audience, "C", "PgDown")
    assert show.console.isVisible()
    assert show.here.at == before.at + 1
    desk.plug(LAPTOP, PROJECTOR)
    assert show.audience.property("display") == "projector"
    assert (show.audience.width(), show.audience.height()) == PROJECTOR.area[2:]
    assert not show.console.notice.text()
    show.end()


@pytest.mark.ci
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (1920, 1080)])
def test_nothing_on_the_console_is_cut(show, size: tuple[int, int], lang: str) -> None:
    """Wherever it is put, whatever stop it tells of, with a warning and a notice."""
    laptop = display("laptop", 0, 0, *size, is_primary=True)
    made, _ = presented(show(session(CLOSE, lang=lang)), None, laptop, PROJECTOR)
    for at in range(len(made.here.stops)):
        made.send(show_deeds.GoTo(at))
        made.warn(made.words.t("Nobody has voted in this class."))
        made.notify(made.words.t("Nobody has voted in this class."))
        QApplication.processEvents()
        assert flaws_of(made.console) == [], at
    made.end()


@pytest.mark.ci
def test_a_small_display_is_told_of_with_what_helps(stage: Conductor) -> None:
    """800×600 cuts labels: the console says so, and which keys help; it names none that would be a vote."""
    small = display("projector", 1280, 0, 800, 600)
    made, desk = presented(stage, None, LAPTOP, small)

    def told() -> str:
        QApplication.processEvents()
        return made.console.warning.text()

    assert "(800×600): labels may be cut. Show one picture alone (2 or 3)" in told()
    press(made.console, "3")
    assert "A larger resolution helps." in told()
    assert "alone" not in told()
    press(made.console, "1")
    question = next(at for at, stop in enumerate(made.here.stops) if stop.kind == "question")
    made.send(show_deeds.GoTo(question))
    assert "alone (Ctrl+2 or Ctrl+3)" in told()
    for size in ((1024, 768), (1280, 720), (768, 1024)):
        desk.plug(LAPTOP, display("projector", 1280, 0, *size))
        assert "is small" not in told(), size
    desk.plug(LAPTOP, display("projector", 1280, 0, 1080, 1920))
    assert "upright (1080×1920): beside each other the pictures may be cut" in told()
    press(made.console, "Ctrl+2")
    assert "upright" not in told()
    made.end()


ON_TWO = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from tests.ui.halls import arrive, press
from tests.ui.stage import CLOSE, opened, session
from tutor.ui.app import application
from tutor.ui.present.show import Show
from tutor.view.hall import too_small
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


@pytest.mark.ci
def test_a_lesson_is_walked_on_two_virtual_displays(tmp_path: Path) -> None:
    """In a process of its own, whose Qt has two screens."""
    assert on_two(tmp_path, "-c", ON_TWO).startswith("whole")


@pytest.mark.ci
def test_another_resolution_keeps_everything(stage: Conductor) -> None:
    """The room's window has the new size at once, frozen or not, and its text follows."""
    show, desk = presented(stage)
    press(show.console, "PgDown", "PgDown", "F")
    frozen = show.audience.caption.row
    desk.plug(LAPTOP, display("projector", 1280, 0, 1024, 768))
    QApplication.processEvents()
    assert (show.audience.width(), show.audience.height()) == (1024, 768)
    canvas = show.audience.diagram.canvas
    assert (canvas.picture.width, canvas.picture.height) == (canvas.width(), canvas.height())
    assert show.audience.caption.row == frozen
    show.end()


@pytest.mark.ci
def test_every_display_may_be_gone_for_a_moment(stage: Conductor) -> None:
    """Between two plugs there is none; then there is one again."""
    show, desk = presented(stage)
    desk.plug()
    desk.plug(PROJECTOR)
    assert show.audience.isVisible()
    press(show.audience, "PgDown")
    assert show.here.at == 1
    show.end()
