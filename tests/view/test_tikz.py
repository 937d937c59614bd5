"""Pictures as TikZ: the same marks and words, nothing that breaks out; LaTeX sets them where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from tests.view.scenes import BUSY, look, tempo, texts, trace
from tutor.view.diagram import diagram
from tutor.view.ladder import ladder
from tutor.view.marks import Box, Ellipse, Group, Ink, Layer, Line, Path as Way, Picture, Polyline, Rect, Text
from tutor.view.theme import theme
from tutor.view.tikz import BEGIN, END, SIGNS, escaped, to_tikz

EVERY = (
    Line(0, 0, 9, 9, Ink("a", 0.5), 2.0, (3.0, 1.5), "round"),
    Polyline(((0, 0), (5, 5), (0, 5)), Ink("ink"), 1.0, Ink("a_tint"), closed=True),
    Way((("M", (0, 0)), ("L", (5, 0)), ("C", (1, 2, 3, 4, 5, 6)), ("Z", ())), Ink("b"), 1.0),
    Rect(1, 1, 8, 8, 9, Ink("surface"), Ink("border")),
    Ellipse(5, 5, 2, 3, Ink("err", 0.25)),
    Group((Text(1, 9, "x", Ink("ink"), 15, 700, "mono", "end"),), Box(0, 0, 5, 5), 0.5),
)
"""One mark of each kind."""


def drawn(*marks: object) -> str:
    """What is between the two marked lines of a picture of these marks."""
    document = to_tikz(Picture(10, 10, (Layer("moving", None, marks),)), theme("light"))  # type: ignore[arg-type]
    return document.partition(BEGIN)[2].partition(END)[0]


def test_every_kind_of_mark_is_drawn() -> None:
    """Ways, dashes in points, faded inks, clips, and letters in the face and on the side that they are set."""
    said = drawn(*EVERY)
    assert r"\path[draw=tcpa,line width=1.5bp,draw opacity=0.5,dash pattern=on 4.5bp off 2.25bp,line cap=round]" in said
    assert "(0,0) -- (5,5) -- (0,5) -- cycle" in said
    assert "(0,0) -- (5,0) .. controls (1,2) and (3,4) .. (5,6) -- cycle" in said
    assert "(1,1) rectangle (9,9)" in said
    assert "rounded corners=3bp" in said, "a corner is no rounder than half of its side"
    assert "ellipse [x radius=2,y radius=3]" in said
    assert r"\begin{scope}[opacity=0.5,transparency group]" in said
    assert r"\clip (0,0) rectangle (5,5);" in said
    assert r"anchor=base east,font=\fontsize{11.25bp}{11.25bp}\selectfont\ttfamily\bfseries" in said


def test_nothing_that_is_typed_reaches_tex() -> None:
    r"""``\input{/etc/passwd}`` is a text like any other."""
    nasty = r"\input{x} 50% $a_1$ #1 & ~ ^ {"
    said = drawn(Text(0, 9, nasty, Ink("ink")))
    inside = said.partition("at (0,9) {")[2].partition("};")[0]
    assert inside == escaped(nasty)
    for sign in SIGNS:
        assert sign not in re.sub(r"\\[a-zA-Z]+\{?\}?|\\[{}$&#%_]|\$[^$]*\$|\{''\}|``|''|`|---?|~", "", escaped(sign))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_words_of_a_picture_are_there(lang: str) -> None:
    """In their order; Chinese asks for the package that sets it."""
    picture = diagram(trace(), 160_000, (930.0, 720.0), look(lang))
    document = to_tikz(picture, theme("light"))
    nodes = re.findall(r"at \([^)]*\) \{(.*)\};", document)
    assert nodes == [escaped(text) for text in texts(picture)]
    assert ("{ctex}" in document) == (lang == "zh")


@pytest.mark.ci
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_latex_sets_it(lang: str, tmp_path: Path) -> None:
    """The file alone is enough: a page as large as the picture, with its words on it."""
    engine = shutil.which("xelatex" if lang == "zh" else "pdflatex")
    if engine is None or shutil.which("pdftotext") is None:
        warnings.warn(
            "TikZ WAS NOT COMPILED: there is no LaTeX (or no pdftotext) here", stacklevel=1
        )  # pragma: no cover
        pytest.skip("no LaTeX")
    run, size = trace(BUSY), (930.0, 720.0)
    states = diagram(run, 160_000, size, look(lang))
    for name, picture in (("d", states), ("l", ladder(run, 160_000, size, look(lang), tempo=tempo(run)))):
        path = tmp_path / f"{name}.tex"
        path.write_text(to_tikz(picture, theme("print")), encoding="utf-8")
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", path.name],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        if b"ctex.sty' not found" in done.stdout:
            pytest.skip("TikZ WITH CHINESE WAS NOT COMPILED: ctex is not installed")
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    told = subprocess.run(["pdftotext", "d.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "ESTABLISHED" in told
    assert ("发送" in told) == (lang == "zh")
    sizes = subprocess.run(["pdfinfo", "d.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    page = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", sizes)
    assert page is not None
    assert (float(page[1]), float(page[2])) == pytest.approx((930 * 0.75, 720 * 0.75), abs=2)
