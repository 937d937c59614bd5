"""What is laid over the room's window: strokes on their pictures, a laser with its trail, a spotlight."""

from __future__ import annotations

from tutor.teach.lesson import Text
from tutor.teach.presenting import begin, update
from tutor.teach.show import Stop
from tutor.teach.show_deeds import Draw, Pass, Place, PointAt, Take
from tutor.ui.present.camera import WHOLE, Aim, between, on
from tutor.ui.present.marks import over
from tutor.view.marks import Box, Ellipse, Line, Path, Picture, Point, Polyline

SIZE = (1600.0, 900.0)


def find(where: str, place: Place) -> Point:
    """The diagram is the left half, the window is the window."""
    share = 0.5 if where == "diagram" else 1.0
    return place[0] * SIZE[0] * share, place[1] * SIZE[1]


def after(*deeds):
    """A presentation after these deeds."""
    here = begin((Stop(0, "beat", "l", "b", "", Text("A"), Text(""), 1.0),))
    for deed in deeds:
        here = update(here, deed)
    return here


def test_a_stroke_lies_on_its_picture() -> None:
    """Where its picture is now; with a pale rim, so that it is seen on every ground."""
    here = after(Draw("diagram", (0.5, 0.5), is_new=True), Draw("diagram", (1.0, 0.5)))
    rim, line = over(here, SIZE, find)
    assert isinstance(rim, Polyline)
    assert isinstance(line, Polyline)
    assert line.points == ((400.0, 450.0), (800.0, 450.0))
    assert rim.width > line.width
    assert line.stroke is not None
    assert line.stroke.role == "accent"


def test_a_touch_of_the_pen_is_a_dot() -> None:
    """A line needs two points."""
    (dot,) = over(after(Draw("", (0.5, 0.5), is_new=True)), SIZE, find)
    assert isinstance(dot, Ellipse)


def test_the_laser_has_a_trail_only_where_motion_is_wanted() -> None:
    """It fades towards its end; the dot is where the pointer is."""
    here = after(Take("laser"), PointAt((0.1, 0.5)), Pass(0.2), PointAt((0.2, 0.5)), Pass(0.2), PointAt((0.3, 0.5)))
    marks = over(here, SIZE, find)
    trail = [mark for mark in marks if isinstance(mark, Line)]
    assert len(trail) == 2
    assert trail[0].stroke.alpha < trail[1].stroke.alpha
    calm = over(here, SIZE, find, has_trail=False)
    assert not [mark for mark in calm if isinstance(mark, Line)]
    dot = calm[-1]
    assert isinstance(dot, Ellipse)
    assert (dot.cx, dot.cy) == (480.0, 450.0)


def test_the_spotlight_leaves_a_disc_and_darkens_the_rest() -> None:
    """On a bright ground as on a dark one."""
    here = after(Take("spot"), PointAt((0.5, 0.5)))
    for is_dark, role in ((False, "ink"), (True, "bg")):
        (veil,) = over(here, SIZE, find, is_dark=is_dark)
        assert isinstance(veil, Path)
        assert veil.fill is not None
        assert veil.fill.role == role
        assert veil.commands[0] == ("M", (0.0, 0.0))


def test_without_a_pointer_there_is_nothing() -> None:
    """It has left the window, or no tool is in the hand."""
    assert over(after(Take("spot")), SIZE, find) == ()
    assert over(after(PointAt((0.5, 0.5))), SIZE, find) == ()


# --- the camera ---


def test_the_camera_shows_the_whole_box() -> None:
    """Half as large again where that fits, less where the states stand far apart; never smaller than whole."""
    picture = Picture(1000, 1000, ())
    assert on(Box(450, 450, 550, 550), picture) == Aim(1.5, 0.5, 0.5)
    wide = on(Box(100, 450, 700, 550), picture)
    assert 1 < wide.factor < 1.5
    assert on(Box(0, 0, 1000, 1000), picture).factor == 1


def test_the_camera_travels_from_aim_to_aim() -> None:
    """It begins and ends exactly, and is half-way in the middle of its time."""
    aim = Aim(1.5, 0.2, 0.8)
    assert between(WHOLE, aim, 0) == WHOLE
    assert between(WHOLE, aim, 1) == aim
    assert between(WHOLE, aim, 7) == aim
    assert between(WHOLE, aim, 0.5).factor == 1.25
