"""The list of keys: all of it is seen at once where there is room, and nothing is lost where there is none."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.stage import HANDSHAKE, press, session
from tutor.ui.commands import ASK, COMMANDS, PRESENT


@pytest.mark.sampled(12)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1440, 900)])
def test_all_keys_are_seen_at_once(show, size: tuple[int, int], lang: str) -> None:
    """No scrolling in any usual size; text is never under 12 px."""
    conductor = show(session(HANDSHAKE, lang=lang), *size)
    press(conductor, "?")
    QApplication.processEvents()
    overlay = conductor.window.overlay
    assert not overlay.scroll.verticalScrollBar().isVisible()
    assert not overlay.scroll.horizontalScrollBar().isVisible()
    assert overlay.rect().contains(overlay.frame.geometry())
    labels = overlay.scroll.widget().findChildren(QLabel)
    assert all(label.font().pixelSize() >= 12 for label in labels)
    said = {label.text() for label in labels}
    assert {conductor.words.t(row.text) for row in COMMANDS if row.keys and row.group not in (PRESENT, ASK)} <= said


@pytest.mark.ci
def test_it_is_laid_out_anew_when_the_window_is_resized(show) -> None:
    """Open, then smaller: the rows move together, and all are still there."""
    conductor = show(session(HANDSHAKE), 1920, 1080)
    press(conductor, "?")
    wide = conductor.window.overlay.frame.height()
    conductor.window.resize(1280, 720)
    QApplication.processEvents()
    overlay = conductor.window.overlay
    assert overlay.frame.height() < wide
    assert not overlay.scroll.verticalScrollBar().isVisible()


def test_where_it_cannot_fit_it_scrolls(show) -> None:
    """At the least size with text twice as large."""
    conductor = show(session(HANDSHAKE, text_scale=2.0), 960, 600)
    press(conductor, "?")
    QApplication.processEvents()
    assert conductor.window.overlay.scroll.verticalScrollBar().isVisible()
