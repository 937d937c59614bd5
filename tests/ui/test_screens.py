"""Displays as values: where both windows go with one, two, mirrored and missing ones; and Qt's signals, told once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.halls import LAPTOP, PROJECTOR, display
from tutor.ui.present.screens import Display, Screens, distinct, placed

HOME = (600, 400)
MIRROR = display("mirror", 0, 0, 1920, 1080)
CORNER = display("corner", 200, 100, 800, 600)


def test_the_room_has_the_display_where_the_program_is_not() -> None:
    """All of it; the console has what taskbars leave of its own. Swapped, it is the other way round."""
    there = placed((LAPTOP, PROJECTOR), HOME, is_swapped=False, had_two=True)
    assert (there.audience, there.audience_on, there.is_alone) == (PROJECTOR.area, "projector", False)
    assert (there.console, there.console_on, there.has_console) == (LAPTOP.free, "laptop", True)
    swapped = placed((LAPTOP, PROJECTOR), HOME, is_swapped=True, had_two=True)
    assert (swapped.audience_on, swapped.console_on) == ("laptop", "projector")
    moved = placed((LAPTOP, PROJECTOR), (1500, 400), is_swapped=False, had_two=True)
    assert (moved.audience_on, moved.console_on) == ("laptop", "projector")


def test_of_three_displays_the_room_has_the_largest_of_the_others() -> None:
    """The wall, not the lecturer's second screen."""
    wall = display("wall", 1280, 0, 3840, 2160)
    aside = display("aside", -1024, 0, 1024, 768)
    assert placed((LAPTOP, aside, wall), HOME, is_swapped=False, had_two=True).audience_on == "wall"


@pytest.mark.parametrize("twin", [MIRROR, CORNER, display("same", 0, 0, 1280, 720)])
def test_a_mirrored_display_is_the_same_one(twin: Display) -> None:
    """The room's window covers it, and the console comes by a key."""
    assert distinct((LAPTOP, twin)) == (LAPTOP,)
    there = placed((LAPTOP, twin), HOME, is_swapped=False, had_two=False)
    assert (there.is_alone, there.has_console) == (True, False)


def test_the_first_display_is_the_primary_one() -> None:
    """Whichever is named first."""
    assert distinct((MIRROR, LAPTOP)) == (LAPTOP,)


@pytest.mark.parametrize("size", [(1280, 720), (1024, 600), (1920, 1080), (3840, 2160), (960, 600)])
def test_where_the_projector_went_away_both_windows_are_seen_whole(size: tuple[int, int]) -> None:
    """One over the other, each as large as the screen: halves of it nobody could read."""
    one = display("one", 10, 20, *size)
    there = placed((one,), HOME, is_swapped=False, had_two=True)
    assert there.has_console
    assert there.is_alone
    assert there.audience == one.area
    assert there.console == one.free


def test_a_window_off_every_screen_counts_as_on_the_first() -> None:
    """Its screen is gone since; and without any screen nothing fails."""
    assert placed((LAPTOP, PROJECTOR), (-9000, 0), is_swapped=False, had_two=True).console_on == "laptop"
    assert placed((), HOME, is_swapped=False, had_two=False).is_alone


def test_qt_tells_of_a_display_and_it_is_answered_once(qtbot) -> None:
    """One that is plugged in says so several times: added, resized, made the first one."""
    screens = Screens()
    heard: list[int] = []
    screens.changed.connect(lambda: heard.append(1))
    (screen, *_) = QGuiApplication.screens()
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    with qtbot.waitSignal(screens.changed, timeout=5000):
        app.screenAdded.emit(screen)
        app.screenRemoved.emit(screen)
        screen.geometryChanged.emit(screen.geometry())
        app.primaryScreenChanged.emit(screen)
    assert heard == [1]
    (found,) = screens.displays()
    assert found.area.width == screen.geometry().width()
