"""Presenting: what the lecturer points at. Zoom, camera, pen and pointer mean the same place on both windows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from tests.ui.halls import arrive, presented, press
from tutor.teach import show_deeds
from tutor.ui.conductor import Conductor
from tutor.ui.present.camera import TRAVELS_US, active
from tutor.ui.present.show import Show
from tutor.view.marks import Polyline


@pytest.mark.ci
def test_the_small_picture_points_on_the_large_one(stage: Conductor, qtbot) -> None:
    """What is drawn on the console is drawn for the room, on the picture under the pointer."""
    show, _ = presented(stage)
    press(show.console, "P")
    show.show_small()
    QApplication.processEvents()
    small = show.console.small
    start, stop = QPoint(small.width() // 4, small.height() // 3), QPoint(small.width() // 4 + 30, small.height() // 3)
    qtbot.mousePress(small, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(small, stop)
    small.pointed.emit(0.3, 0.3, True)  # noqa: FBT003  a signal
    qtbot.mouseRelease(small, Qt.MouseButton.LeftButton, pos=stop)
    (stroke,) = show.here.shown_strokes
    assert stroke.where == "diagram"
    assert len(stroke.points) >= 2
    assert show.audience.over.marks
    press(show.console, "E")
    assert show.audience.over.marks == ()
    show.end()


@pytest.mark.ci
def test_z_makes_what_is_pointed_at_larger(stage: Conductor) -> None:
    """About the pointer, and whole again with the same key; a stroke stays on its place of the picture."""
    show, _ = presented(stage)
    show.send(show_deeds.Draw("ladder", (0.5, 0.5), is_new=True))
    show.send(show_deeds.PointAt((0.8, 0.3)))
    before = show.audience.over.marks
    press(show.audience, "Z")
    show.camera.travel(TRAVELS_US)
    assert show.audience.ladder.canvas.zoom == 2
    assert show.audience.diagram.canvas.zoom == 1
    assert show.audience.over.marks != before
    press(show.audience, "Z")
    show.camera.travel(TRAVELS_US)
    assert show.audience.ladder.canvas.zoom == 1
    assert show.audience.over.marks == before
    show.end()


@pytest.mark.ci
def test_the_camera_goes_where_something_happens(stage: Conductor) -> None:
    """Half as large again, with every host's state in sight."""
    show, _ = presented(stage, at=2)
    press(show.audience, "2", "Shift+Z")
    QApplication.processEvents()
    show.paint()
    show.camera.travel(TRAVELS_US)
    canvas = show.audience.diagram.canvas
    assert 1 < canvas.zoom <= 1.5
    box = active(canvas.picture, show.player.session)
    assert box is not None
    corners = [QPointF(x, y) * canvas.zoom + canvas.origin for x, y in ((box.left, box.top), (box.right, box.bottom))]
    assert all(canvas.rect().contains(corner.toPoint()) for corner in corners)
    show.end()


@pytest.mark.ci
def test_a_pointer_at_rest_is_hidden(stage: Conductor, qtbot) -> None:
    """And there again when it moves."""
    show, _ = presented(stage)
    show.audience.hide_pointer()
    assert show.audience.cursor().shape() == Qt.CursorShape.BlankCursor
    qtbot.mouseMove(show.audience, QPoint(40, 40))
    qtbot.mouseMove(show.audience, QPoint(44, 44))
    assert show.audience.cursor().shape() == Qt.CursorShape.ArrowCursor
    show.end()


def strokes(show: Show) -> int:
    """How many lines lie over the room's window."""
    return sum(isinstance(mark, Polyline) for mark in show.audience.over.marks)


def test_the_pen_draws_on_a_frozen_picture(stage: Conductor) -> None:
    """On what the room sees, while the lecturer is elsewhere; it goes with the frozen moment, and comes with it."""
    show, _ = presented(stage, at=1)
    press(show.console, "F", "P", "PgDown")
    arrive(show)
    for is_new, at in ((True, (0.4, 0.4)), (False, (0.5, 0.5))):
        show.audience.drawn.emit("diagram", at, is_new)
    assert strokes(show) > 0
    press(show.console, "F")
    assert strokes(show) == 0
    press(show.console, "PgUp")
    assert strokes(show) > 0
    show.end()


@pytest.mark.ci
def test_z_zooms_what_is_seen_or_says_that_nothing_is(stage: Conductor) -> None:
    """A question lies over one picture: the other becomes larger. Where it lies over all there is, no button lights."""
    show, _ = presented(stage)
    for place, stop in enumerate(show.here.stops):
        show.send(show_deeds.GoTo(place))
        QApplication.processEvents()
        if stop.kind == "question" and not show.asking.leaves("diagram"):
            break
    assert show.asking.is_on_board
    assert show.asking.leaves("ladder")
    press(show.console, "Z")
    show.camera.travel(TRAVELS_US)
    assert (show.audience.ladder.canvas.zoom, show.audience.diagram.canvas.zoom) == (2, 1)
    press(show.console, "Z")
    assert show.here.zoom is None
    show.asking.board.setGeometry(show.audience.rect())
    press(show.console, "Z")
    assert show.here.zoom is None
    assert not show.console.tools["show-zoom"].isChecked()
    assert "H takes it off" in show.console.notice.text()
    press(show.console, "Shift+Z")
    assert "once it is" in show.console.notice.text()
    show.end()
