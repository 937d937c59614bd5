"""Painting: what the marks say reaches the pixels, expensive things happen once, and PySide keeps its references."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPixmap

from tutor.ui import fonts, paint
from tutor.view.marks import Box, Ellipse, Group, Ink, Layer, Line, Path, Picture, Polyline, Rect, Text
from tutor.view.theme import DARK, LIGHT, Theme


def _painted(*marks: object, theme: Theme = LIGHT, ratio: float = 1.0) -> QImage:
    return paint.to_image(Picture(100, 60, (Layer("moving", 0, marks),)), theme, ratio)  # type: ignore[arg-type]


def _colour(image: QImage, x: int, y: int) -> str:
    return image.pixelColor(x, y).name().upper()


def test_twenty_thousand_void_calls_leave_none_alone(qapp: object) -> None:
    """PySide 6.12 lost a reference to None in every void call on CPython 3.11, and died after some 5,000 of them."""
    pixmap = QPixmap(8, 8)
    painter = QPainter(pixmap)
    before = sys.getrefcount(None)
    for _ in range(100):
        for _ in range(200):
            painter.translate(0.0, 0.0)
        lost = before - sys.getrefcount(None)
        assert lost < 100, f"{lost} references to None are gone: this PySide6 aborts, see pyproject.toml"
    painter.end()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_role_becomes_the_colour_of_the_theme(theme: Theme) -> None:
    """The same picture is light or dark: only the theme knows colours."""
    image = _painted(Rect(10, 10, 30, 20, fill=Ink("a")), theme=theme)
    assert _colour(image, 20, 20) == theme.colour("a")
    assert _colour(image, 60, 40) == theme.colour("surface")


def test_every_kind_of_mark_leaves_its_ink() -> None:
    """Line, polyline, path, rectangle, ellipse, group: each is seen where it says it is."""
    ink = Ink("err")
    places = {
        Line(0, 10, 100, 10, ink, 4): (50, 10),
        Polyline(((0, 20), (50, 20), (100, 20)), ink, 4): (75, 20),
        Path((("M", (0, 30)), ("C", (30, 30, 60, 30, 100, 30))), ink, 4): (50, 30),
        Rect(40, 40, 10, 10, fill=ink): (45, 45),
        Ellipse(80, 45, 6, 6, fill=ink): (80, 45),
        Group((Rect(0, 50, 20, 8, fill=ink),)): (10, 54),
    }
    image = _painted(*places)
    for mark, (x, y) in places.items():
        assert _colour(image, x, y) == LIGHT.colour("err"), f"{type(mark).__name__} is not at ({x}, {y})"


def test_a_group_cuts_off_and_fades() -> None:
    """Outside its clip a group leaves nothing; inside it is as pale as it says."""
    image = _painted(Group((Rect(0, 0, 100, 60, fill=Ink("ink")),), clip=Box(0, 0, 50, 60), opacity=0.5))
    assert _colour(image, 80, 30) == LIGHT.colour("surface")
    half = QColor(_colour(image, 20, 30)).lightness()
    assert QColor(LIGHT.colour("ink")).lightness() < half < QColor(LIGHT.colour("surface")).lightness()


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_text_of_a_broken_size_is_as_wide_as_it_should_be(anchor: str) -> None:
    """Qt's pixel sizes are whole; a text of 12.6 px is painted as an integer font, scaled."""
    x = {"start": 5.0, "middle": 50.0, "end": 95.0}[anchor]
    image = _painted(Text(x, 30, "SYN+ACK", Ink("ink"), 12.6, 700, anchor=anchor))  # type: ignore[arg-type]
    inked = [c for c in range(100) if any(_colour(image, c, y) != LIGHT.colour("surface") for y in range(15, 40))]
    width = QFontMetricsF(fonts.picture("ui", 126, 700, 0.0)).horizontalAdvance("SYN+ACK") / 10
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    assert abs(inked[0] - left) <= 2
    assert abs(inked[-1] - (left + width)) <= 2


@pytest.mark.parametrize("weight", [400, 600, 700])
def test_weights_are_true(weight: int) -> None:
    """Set on the font's own axis: heavier letters are wider, and Chinese keeps one em."""
    metrics = QFontMetricsF(fonts.picture("ui", 100, weight, 0.0))
    thin = QFontMetricsF(fonts.picture("ui", 100, 300, 0.0))
    assert metrics.horizontalAdvance("ESTABLISHED") > thin.horizontalAdvance("ESTABLISHED")
    assert metrics.horizontalAdvance("状态") == pytest.approx(200, abs=0.5)


def test_a_text_splits_where_the_script_changes() -> None:
    """So that plain Chinese can be set lighter on a dark ground, where it would look bold."""
    assert fonts.runs("收到 SYN，发送 ACK") == (("收到", True), (" SYN", False), ("，发送", True), (" ACK", False))
    assert fonts.runs("SYN") == (("SYN", False),)


def test_a_static_layer_is_painted_once_per_key_theme_and_pixel_ratio() -> None:
    """A frame costs what moves, not what stands."""
    cache = paint.LayerCache(room=4)
    canvas = QPixmap(100, 60)
    canvas.fill(Qt.GlobalColor.white)
    painter = QPainter(canvas)
    still = (Rect(0, 0, 10, 10, fill=Ink("a")),)
    for frame in range(50):
        moving = Layer("moving", frame, (Rect(frame, 30, 5, 5, fill=Ink("b")),))
        cache.paint(painter, Picture(100, 60, (Layer("static", "s", still), moving)), LIGHT, 1.0)
    assert cache.painted == 1
    cache.paint(painter, Picture(100, 60, (Layer("static", "s", still),)), DARK, 1.0)
    cache.paint(painter, Picture(100, 60, (Layer("static", "s", still),)), DARK, 2.0)
    cache.paint(painter, Picture(90, 60, (Layer("static", "s", still),)), DARK, 2.0)
    cache.paint(painter, Picture(90, 60, (Layer("static", "other", still),)), DARK, 2.0)
    painter.end()
    assert cache.painted == 5


def test_a_path_is_computed_once() -> None:
    """The same commands give the same QPainterPath: computing it anew in every frame costs a hundred times more."""
    commands = (("M", (0.0, 0.0)), ("L", (5.0, 5.0)), ("Z", ()))
    assert paint.painter_path(commands) is paint.painter_path(tuple(commands))  # type: ignore[arg-type]
