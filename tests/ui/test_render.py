"""Pictures without a window: SVG needs no Qt, PNG shows what the window shows, a bet stays hidden."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor.ui.film import Camera, Cut
from tutor.ui.plotting import Plots
from tutor.ui.render import write
from tutor.ui.window import Window


@pytest.mark.parametrize("what", ["diagram", "ladder"])
def test_svg_is_well_formed_and_has_the_words(tmp_path: Path, what: str) -> None:
    """Every mark becomes an element, every word stays text."""
    out = tmp_path / "picture.svg"
    write(replace(session(CLOSE), playhead=100_000), out, what=what, size=(900, 700))
    root = ET.parse(out).getroot()
    assert (root.get("width"), root.get("height")) == ("900", "700")
    assert "ESTABLISHED" in {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("what", ["diagram", "ladder", "window"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_png_has_the_size_and_the_theme(tmp_path: Path, what: str, theme: str) -> None:
    """As many pixels as asked for; light is light."""
    out = tmp_path / "picture.png"
    write(session(HANDSHAKE, theme=theme, lang="zh"), out, what=what, size=(1200, 800))
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1200, 800)
    assert (image.pixelColor(3, 400).lightness() > 127) is (theme == "light")


@pytest.mark.ci
def test_the_window_is_drawn_when_its_plots_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture, and no first frame of a film, of a window that is still loading or reading the run."""
    seen: list[tuple[bool, bool]] = []

    def grab(window: Window) -> QPixmap:
        (plots,) = window.findChildren(Plots)
        seen.append((plots.isVisible(), bool(plots.panes) and plots.is_ready and not plots.message.isVisible()))
        return QWidget.grab(window)

    monkeypatch.setattr(Window, "grab", grab)
    write(session(HANDSHAKE), tmp_path / "a.png", what="window", size=(1920, 1080))
    Camera(Cut(session(HANDSHAKE), "window", 0, 50_000, (1920, 1080))).frame(0)
    assert seen == [(True, True)] * 2


def test_a_render_tells_no_more_than_the_window(tmp_path: Path) -> None:
    """Two runs that differ after an open bet give the same file."""
    files = [tmp_path / "one.svg", tmp_path / "two.svg"]
    runs = [session(CLOSE), session(CLOSE, acts=((320_000, "set link.delay 400ms"),))]
    for out, run in zip(files, runs, strict=True):
        write(replace(run, playhead=150_000), out, what="ladder", size=(700, 900))
    assert files[0].read_text() == files[1].read_text()


@pytest.mark.parametrize(("what", "name"), [("window", "a.svg"), ("diagram", "a.doc"), ("plot", "a.png")])
def test_what_cannot_be_written_is_refused(tmp_path: Path, what: str, name: str) -> None:
    """With the list of what can be."""
    with pytest.raises(ValueError, match=r"allowed: \.svg: diagram, ladder, header"):
        write(session(HANDSHAKE), tmp_path / name, what=what, size=(100, 100))
