"""The why line under the stage: whole sentences, whoever's event it was, in the reader's language."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, HANDSHAKE, answered, session
from tutor.teach import intents
from tutor.ui import conductor as conducting
from tutor.ui.why import SIZE, WhyRow, why_row
from tutor.words import Words


def needed(line) -> int:
    """Px that the sentence takes in height at the width it has."""
    metrics = QFontMetrics(line.style_now.font(SIZE))
    return metrics.boundingRect(0, 0, line.said.width(), 10_000, Qt.TextFlag.TextWordWrap, line.said.text()).height()


@pytest.mark.sampled(25)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (960, 600)])
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_the_sentence_is_never_cut_off(show, size: tuple[int, int], scale: float) -> None:
    """In both languages, at every event of a run."""
    conductor = answered(show(session(CLOSE), *size))
    conductor.send(intents.SetTextScale(scale))
    line = conductor.window.why
    for lang in ("en", "zh"):
        conductor.send(intents.SetLanguage(lang))
        conductor.send(intents.Home())
        while conductor.session.playhead < conductor.session.end:
            conductor.send(intents.StepForward())
            QApplication.processEvents()
            assert line.said.text() == why_row(conductor.session, conductor.words).sentence != ""
            assert line.height() >= needed(line), line.said.text()


def test_the_stage_does_not_jump_while_the_run_plays(show) -> None:
    """A line that had to grow stays as it is until the window is reshaped."""
    line = show(session(), 1100, 700).window.why
    line.show_row(WhyRow("word " * 60))
    QApplication.processEvents()
    tall = line.height()
    line.show_row(WhyRow("Short."))
    QApplication.processEvents()
    assert line.height() == tall
    assert tall >= 2 * QFontMetrics(line.style_now.font(SIZE)).lineSpacing()


def test_a_count_that_would_crowd_the_sentence_out_is_left_with_its_numbers(show) -> None:
    """Where the letters are large, "1 of 2 at this moment" gives way to "1/2"; it is spoken and explained whole."""
    conductor = show(session(), 1280, 720)
    line = conductor.window.why
    line.show_row(WhyRow("What has happened.", place=1, count=2))
    assert line.more.text().startswith("1 of 2 at this moment")
    conductor.send(intents.SetTextScale(2.0))
    line.show_row(WhyRow("What has happened.", place=2, count=2))
    QApplication.processEvents()
    assert line.more.text().startswith("2/2 ")
    assert line.more.accessibleName() == "2 of 2 at this moment"
    assert line.more.toolTip().startswith("2 of 2 at this moment; ")
    assert line.said.width() > line.width() * 0.6
    conductor.send(intents.SetTextScale(1.0))
    QApplication.processEvents()
    assert "at this moment" in line.more.text()


def test_it_shows_whose_event_it_was_and_what_was_refused(show) -> None:
    """The host's sign beside the sentence, a word beside a refusal, what the clause says behind it."""
    run = session(HANDSHAKE, acts=((300_000, "inject client>server RST seq=500"),))
    conductor = answered(show(run, 1920, 1080))
    line = conductor.window.why
    while not line.row.is_refusal:
        assert conductor.session.playhead < conductor.session.end, "a challenge is a refusal"
        conductor.send(intents.StepForward())
    assert "challenge ACK" in line.said.text()
    assert line.refused.isVisible()
    assert line.said.toolTip() == Words("en").rule("rst-not-exact") == line.said.accessibleDescription()
    assert line.sign.isVisible()
    assert line.row.host == 1
    conductor.send(intents.Home())
    assert not line.refused.isVisible()


def test_what_is_shown_is_what_is_spoken(show, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen reader hears the same sentence, once an event."""
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", staticmethod(lambda: True))
    monkeypatch.setattr(conducting, "QAccessibleAnnouncementEvent", lambda _widget, said: heard.append(said))
    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(lambda _event: None))
    conductor = answered(show(session(CLOSE), 1280, 720))
    heard.clear()
    for _ in range(4):
        conductor.send(intents.StepForward())
        assert heard[-1] == conductor.window.why.said.text()
    assert len(heard) == 4
