"""Everything by keyboard alone, and one can see where one is. (That all has a name is seen with the flaws.)"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.flaws import is_control, visible
from tests.ui.scenes import settle
from tests.ui.stage import CLOSE, answered, press, session
from tutor.teach import intents
from tutor.ui import commands
from tutor.ui.canvas import Canvas
from tutor.ui.conductor import Conductor
from tutor.ui.menu import open_menu
from tutor.ui.panels import PANELS


def _controls(root: QWidget) -> list[QWidget]:
    """The controls on screen."""
    return [widget for widget in visible(root) if is_control(widget)]


# --- Tab ---


def _tabbed(conductor: Conductor) -> list[QWidget]:
    """Where Tab leads, once around."""
    window = conductor.window
    window.setFocus()
    found: list[QWidget] = []
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        here = window.focusWidget()
        assert here is not None
        if here in found:
            return found
        found.append(here)
    raise AssertionError("Tab never comes around")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_tab_goes_through_the_window_in_the_order_of_work(show, size: tuple[int, int]) -> None:
    """Lesson, its answers, diagram, timeline, panels, transport, and the bar at the top last; and around again."""
    conductor = show(session(CLOSE), *size)
    conductor.send(intents.End())
    conductor.window.show_strip(is_open=True)
    for row in PANELS:
        conductor.window.command(f"panel-{row.id}")
    settle()
    window = conductor.window
    regions = [window.lesson, window.diagram, window.timeline, window.strip, window.transport, window.top]
    stops = _tabbed(conductor)
    places = [next(n for n, region in enumerate(regions) if region.isAncestorOf(stop)) for stop in stops]
    assert places == sorted(places)
    assert set(places) == set(range(len(regions)))
    assert window.lesson.ask.choices.rows[0] in stops
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
    assert window.focusWidget() in (stops[-1], stops[-2])


@pytest.mark.sampled(25)
@pytest.mark.parametrize("panel", ["", *(row.id for row in PANELS)])
def test_tab_reaches_every_control(show, panel: str) -> None:
    """Nothing on screen is for the mouse only. (A picture without a focus is a legend: nothing in it answers.)"""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.Seek(475_000))
    conductor.send(intents.Select("flight:2"))
    if panel:
        conductor.window.command(f"panel-{panel}")
    settle()
    stops = set(_tabbed(conductor))
    missed = [
        widget.accessibleName() or type(widget).__name__
        for widget in _controls(conductor.window)
        if widget not in stops and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert not missed
    asleep = [
        widget.accessibleName() or type(widget).__name__
        for widget in _controls(conductor.window)
        if widget.isEnabled() and widget.focusPolicy() == Qt.FocusPolicy.NoFocus and not isinstance(widget, Canvas)
    ]
    assert not asleep, "these can only be clicked"


@pytest.mark.ci
def test_one_can_see_where_the_focus_is(show) -> None:
    """Each stop of Tab looks different with the focus than without, and not only by a caret."""
    conductor = show(session(CLOSE), 1920, 1080)
    conductor.send(intents.End())
    window = conductor.window
    for stop in _tabbed(conductor):
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        ringed = stop.grab().toImage()
        window.setFocus()
        QApplication.processEvents()
        assert stop.grab().toImage() != ringed, f"{stop.accessibleName()} shows no focus"


# --- commands ---


def test_every_command_is_reached_by_a_key_or_the_menu(show) -> None:
    """F10 opens the menu, arrows walk it: what has no key stands there, and every key's entry names it."""
    conductor = show(session(CLOSE))
    menu = open_menu(conductor)
    entries = [action.text() for part in menu.findChildren(QMenu) for action in part.actions()]
    for row in commands.COMMANDS:
        stands = any(entry.partition("\t")[0] == conductor.words.t(row.text) for entry in entries)
        assert row.keys or stands, f"{row.id} is for the mouse only"
    menu.close()


def test_menus_and_marks_are_walked_by_keys(show) -> None:
    """F10 and the arrows lead to a command; in a picture the arrows walk from mark to mark, Enter's details open."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.Seek(475_000))
    press(conductor, "F10")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    canvas = conductor.window.diagram.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert conductor.session.selection
    settle()
    details = conductor.window.timeline.details
    assert details.isVisible()


# --- motion ---


def test_with_reduced_motion_nothing_goes_on_moving(show) -> None:
    """The command is in the menu; then a step puts tokens into their seats at once."""
    conductor = answered(show(session(CLOSE)))
    conductor.window.command("step-forward")
    conductor.window.command("step-forward")
    assert conductor._settling.isActive()
    conductor.window.command("motion")
    assert conductor.session.motion == "reduced"
    conductor.window.command("step-forward")
    assert not conductor._settling.isActive()
    conductor.window.command("motion")
    assert conductor.session.motion == "full"
