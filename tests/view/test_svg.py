"""Pictures as SVG: well-formed, complete, and text that stays text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.view.scenes import BUSY, CALL_AND_CLOSE, look, tempo, texts, trace
from tutor.view.diagram import diagram
from tutor.view.ladder import ladder
from tutor.view.marks import Box, Group, Ink, Layer, Line, Picture, Text
from tutor.view.svg import to_svg
from tutor.view.theme import theme

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", [CALL_AND_CLOSE, BUSY], ids=["call", "busy"])
def test_what_is_drawn_is_well_formed_and_says_the_same(text: str, lang: str, name: str) -> None:
    """Every line of text of the picture stands in the document, in its order."""
    run, size = trace(text), (930.0, 720.0)
    for picture in (
        diagram(run, 160_000, size, look(lang, name)),
        ladder(run, 160_000, size, look(lang, name), tempo=tempo(run)),
    ):
        root = ET.fromstring(to_svg(picture, theme(name)))
        assert root.get("viewBox") == "0 0 930 720"
        assert ["".join(each.itertext()) for each in root.iter(f"{SVG}text")] == texts(picture)


def test_colours_are_the_themes() -> None:
    """No role's name reaches the document; another theme changes nothing but colours."""
    picture = diagram(trace(), 160_000, (930.0, 720.0), look())
    light, dark = (to_svg(picture, theme(name)) for name in ("light", "dark"))
    assert theme("light").colour("a") in light
    assert theme("light").colour("a") not in dark
    assert light.count("<") == dark.count("<")


def test_what_people_type_cannot_break_out() -> None:
    """Words and titles are escaped."""
    marks = (Line(0, 0, 9, 9, Ink("ink"), id='a"<b>'), Text(0, 9, '1 < 2 & "3"', Ink("ink")))
    picture = Picture(10, 10, (Layer("moving", None, marks),), (('a"<b>', "<script>&"),))
    root = ET.fromstring(to_svg(picture, theme("light")))
    assert [each.text for each in root.iter(f"{SVG}title")] == ["<script>&"]
    assert [each.text for each in root.iter(f"{SVG}text")] == ['1 < 2 & "3"']
    assert [each.get("class") for each in root.iter(f"{SVG}line")] == ['a"<b>']


def test_groups_keep_their_clip_and_their_opacity() -> None:
    """A dash counts in pen widths here and in px there."""
    group = Group((Line(0, 0, 9, 9, Ink("a", 0.5), 2.0, (3.0, 1.5)),), Box(1, 2, 5, 6), 0.25)
    root = ET.fromstring(to_svg(Picture(10, 10, (Layer("moving", None, (group,)),)), theme("light")))
    drawn = root.find(f"{SVG}g")
    assert drawn is not None
    assert (drawn.get("clip-path"), drawn.get("opacity")) == ("url(#clip0)", "0.25")
    line = drawn.find(f"{SVG}line")
    assert line is not None
    assert (line.get("stroke-dasharray"), line.get("stroke-opacity")) == ("6 3", "0.5")
