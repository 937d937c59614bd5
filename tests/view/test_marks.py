"""Marks, and what lies under a point."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tutor.view.marks import Box, Ellipse, Group, Ink, Layer, Line, Path, Picture, Polyline, Rect, Text, outline

INK = Ink("ink")


def picture(*marks: object) -> Picture:
    """A picture of one moving layer."""
    return Picture(100, 100, (Layer("moving", None, marks),), (("a", "the first"),))  # type: ignore[arg-type]


def test_the_topmost_mark_is_hit() -> None:
    """Later marks lie on top, and later layers on those."""
    below, above = Rect(0, 0, 50, 50, fill=INK, id="a"), Rect(25, 25, 50, 50, fill=INK, id="b")
    both = picture(below, above)
    assert [both.at(*point) for point in ((10, 10), (30, 30), (60, 60), (90, 90))] == ["a", "b", "b", None]
    layers = Picture(100, 100, (Layer("static", 1, (above,)), Layer("moving", None, (below,))))
    assert layers.at(30, 30) == "a"


@pytest.mark.parametrize(
    "mark",
    [
        Line(10, 10, 90, 10, INK, id="a"),
        Polyline(((10, 10), (90, 10)), INK, id="a"),
        Polyline(((10, 0), (90, 0), (90, 20), (10, 20)), fill=INK, closed=True, id="a"),
        Path((("M", (10.0, 10.0)), ("C", (30.0, 10.0, 60.0, 10.0, 90.0, 10.0))), INK, id="a"),
        Ellipse(50, 10, 6, 6, INK, id="a"),
        Rect(40, 5, 20, 10, fill=INK, id="a"),
    ],
)
def test_every_kind_of_mark_can_be_hit(mark: object) -> None:
    """On it and near it, but not far from it."""
    assert picture(mark).at(50, 11) == "a"
    assert picture(mark).at(50, 40) is None


def test_what_is_cut_off_cannot_be_hit() -> None:
    """A group's clip holds for the pointer too."""
    clipped = Group((Rect(0, 0, 100, 100, fill=INK, id="a"),), Box(0, 0, 10, 10))
    assert picture(clipped).at(5, 5) == "a"
    assert picture(clipped).at(50, 50) is None


def test_a_mark_without_an_id_lets_the_pointer_through() -> None:
    """So does a text: its ground is what is hit."""
    marks = (Rect(0, 0, 50, 50, fill=INK, id="a"), Rect(0, 0, 50, 50, fill=INK), Text(5, 20, "words", INK, id="b"))
    assert picture(*marks).at(10, 18) == "a"
    assert picture(*marks).title("a") == "the first"
    assert picture(*marks).title("b") == ""


@given(st.lists(st.floats(-50, 50), min_size=8, max_size=8))
def test_a_curve_begins_and_ends_where_it_says(numbers: list[float]) -> None:
    """Its chords pass through both ends and stay within the hull of its points."""
    x0, y0, *rest = numbers
    points = outline((("M", (x0, y0)), ("C", tuple(rest))))
    assert points[0] == pytest.approx((x0, y0))
    assert points[-1] == pytest.approx(tuple(rest[-2:]))
    assert all(min(numbers[::2]) - 1e-6 <= x <= max(numbers[::2]) + 1e-6 for x, _ in points)
