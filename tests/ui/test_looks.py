"""Looks that can be measured: nothing is cut, nothing overlaps, at every size, in every theme and language."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.ui.stage import CLOSE, HANDSHAKE, session, solve
from tutor.teach import intents
from tutor.ui.conductor import Conductor
from tutor.ui.prose import Prose
from tutor.view.marks import Text

SIZES = [(1920, 1080), (1600, 900), (1280, 720), (1100, 700), (960, 600)]


def _texts(window: QWidget) -> list[QWidget]:
    """Every visible widget that writes something."""
    return [
        widget
        for kind in (QLabel, QAbstractButton, Prose)
        for widget in window.findChildren(kind)
        if widget.isVisible() and widget.visibleRegion().boundingRect().isValid()
    ]


def _is_cut(widget: QWidget) -> str:
    """Why the text of a widget does not fit into it, or ``""``."""
    if isinstance(widget, Prose):
        need = widget.heightForWidth(widget.width())
        return "" if need <= widget.height() + 1 else f"needs {need} px of height, has {widget.height()}"
    if isinstance(widget, QLabel) and not widget.text():
        return ""
    hint = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.sizeHint().height()
    if hint > widget.height() + 1:
        return f"needs {hint} px of height, has {widget.height()}"
    if not widget.hasHeightForWidth() and widget.minimumSizeHint().width() > widget.width() + 1:
        return f"needs {widget.minimumSizeHint().width()} px of width, has {widget.width()}"
    return ""


def _check(conductor: Conductor) -> None:
    for _ in range(6):  # layouts inside layouts inside a scroll area settle in a few rounds
        QApplication.processEvents()
    window = conductor.window
    texts = _texts(window)
    assert len(texts) > 8
    for widget in texts:
        said = _is_cut(widget)
        assert not said, f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r} {said}"
    scroll = window.lesson.scroll
    assert window.lesson.column.width() <= scroll.viewport().width(), "the card's words are cut at the right"
    tops = [part for part in texts if part.parent() in (window.top, window.transport)]
    for one, other in itertools.combinations(tops, 2):
        if one.parent() is other.parent():
            assert not QRect(one.geometry()).intersects(other.geometry()), f"{one} lies on {other}"


@pytest.mark.sampled(15)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_word_of_the_window_is_cut_or_covered(show, size: tuple[int, int], lang: str) -> None:
    """At the start, at a bet, after it, off the road, with a segment picked: every word has its room."""
    conductor = show(session(CLOSE, lang=lang), *size)
    _check(conductor)
    conductor.send(intents.End())
    _check(conductor)
    solve(conductor)
    _check(conductor)
    conductor.send(intents.Seek(20_000))
    conductor.send(intents.Select("flight:1"))
    _check(conductor)
    conductor.window.command("drop")
    _check(conductor)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("scale", [0.8, 1.5, 2.0])
def test_larger_text_still_fits(show, scale: float) -> None:
    """From 80 to 200 percent: the card scrolls, the bars stay whole."""
    conductor = show(session(HANDSHAKE, text_scale=scale), 1920, 1080)
    _check(conductor)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_of_keys_fits_into_the_smallest_window(show, lang: str) -> None:
    """The overlay shows all its rows at 960 by 600."""
    conductor = show(session(HANDSHAKE, lang=lang), 960, 600)
    conductor.window.command("help")
    frame = conductor.window.overlay.frame
    assert frame.sizeHint().height() <= conductor.window.height()
    assert frame.sizeHint().width() <= conductor.window.width()


def test_targets_are_large_enough_to_hit(show) -> None:
    """No button of the bars is smaller than 34 px."""
    window = show(session(), 1280, 720).window
    for bar in (window.top, window.transport):
        for button in bar.findChildren(QAbstractButton):
            if button.isVisible():
                assert min(button.width(), button.height()) >= 34, button.accessibleName()


@pytest.mark.ci
def test_everything_grows_with_a_large_window(show) -> None:
    """At 3840 by 2160 pixels without a scale factor chrome, ladder and diagram are twice as large as at 1080 lines."""
    small, large = (show(session(HANDSHAKE), *size) for size in ((1920, 1080), (3840, 2160)))
    sizes = []
    for conductor in (small, large):
        conductor.send(intents.StepForward())
        window = conductor.window
        chips = [mark.size for mark in window.timeline.canvas.picture.marks() if isinstance(mark, Text)]
        nodes = [mark.size for mark in window.diagram.canvas.picture.marks() if isinstance(mark, Text)]
        sizes.append((window.top.name.font().pixelSize(), max(chips), max(nodes), window.lesson.width()))
    for one, other in zip(*sizes, strict=True):
        assert 1.7 <= other / one <= 2.4, sizes


@pytest.mark.ci
def test_a_window_that_is_made_larger_is_laid_out_in_steps(show) -> None:
    """Each step lays out once; between two steps nothing is laid out anew, and back is as it was."""
    conductor = show(session(HANDSHAKE), 1920, 1080)
    told = []
    conductor.window.reshaped.connect(lambda: told.append(conductor.window.base_scale()))
    before = conductor.window.top.name.font().pixelSize()
    for width in range(1920, 2880, 40):
        conductor.window.resize(width, width * 9 // 16)
    assert told == sorted(set(told))
    assert told[-1] > 1.3
    conductor.window.resize(1920, 1080)
    assert conductor.window.top.name.font().pixelSize() == before
