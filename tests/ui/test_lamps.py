"""What is not TCP says so on the screen and in every picture; the seven lamps lead to where a property broke."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import HANDSHAKE, press, session
from tutor.explore.exceptions import EXCEPTIONS
from tutor.explore.replay import replay
from tutor.explore.search import search
from tutor.explore.verdict import PROPERTIES as BITS
from tutor.profiles import load_profile
from tutor.teach import intents
from tutor.teach.retelling import lesson_of
from tutor.teach.session import start
from tutor.ui import render, taking
from tutor.ui.lamps import MARKS
from tutor.words import Words

TWO_WAY = ((0, "variant two-way"),)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1000, 640)])
@pytest.mark.parametrize(("lang", "words"), [("en", "NOT TCP"), ("zh", "这不是 TCP")])
def test_a_band_says_that_this_is_not_tcp(show, size: tuple[int, int], lang: str, words: str) -> None:
    """As wide as the window, in both languages; and it goes when the protocol is TCP again."""
    conductor = show(session(acts=TWO_WAY, lang=lang, is_exploring=True), *size)
    banner = conductor.window.top.banner
    assert banner.isVisible() and banner.text().startswith(words)
    assert banner.width() > 0.9 * size[0]
    conductor.send(intents.SetParameter("variant", "none"))
    QApplication.processEvents()
    assert not banner.isVisible()


def test_the_band_is_whole_with_large_text_and_the_title_says_it_too(show) -> None:
    """At 200 % it takes a second line; nothing is left out. The window's frame names the protocol."""
    conductor = show(session(acts=TWO_WAY, is_exploring=True), 1280, 720)
    conductor.send(intents.SetTextScale(2.0))
    QApplication.processEvents()
    banner = conductor.window.top.banner
    assert banner.text().endswith("is checked.") and banner.height() > 1.8 * banner.fontMetrics().lineSpacing()
    assert "NOT TCP (two-way handshake)" in conductor.window.windowTitle()


@pytest.mark.ci
def test_the_band_is_as_high_as_its_lines_however_the_window_came_to_its_size(show) -> None:
    """Opened there, or with larger text before: one line has the height of one line, and the diagram all the rest."""
    conductor = show(session(acts=TWO_WAY, is_exploring=True), 1920, 1080)
    banner, canvas = conductor.window.top.banner, conductor.window.diagram.canvas
    opened = banner.height(), canvas.size(), canvas.picture
    assert banner.height() < 1.8 * banner.fontMetrics().lineSpacing()
    conductor.send(intents.SetTextScale(2.0))
    conductor.window.resize(1280, 720)
    QApplication.processEvents()
    assert banner.height() > opened[0] * 1.5, "here it has two lines"
    conductor.send(intents.SetTextScale(1.0))
    conductor.window.resize(1920, 1080)
    for _ in range(3):
        QApplication.processEvents()
    assert (banner.height(), canvas.size(), canvas.picture) == opened


def test_beside_tcp_the_band_says_which_future_is_not(show) -> None:
    """Each of two futures has its side: the band names it, from wherever one looks."""
    conductor = show(session("lab-1-life"), 1280, 720)
    conductor.send(intents.SetParameter("variant", "two-way"))
    press(conductor, "C")
    banner = conductor.window.top.banner
    assert conductor.session.beside is not None
    assert banner.text().startswith("NOT TCP on the left — two-way handshake")
    conductor.send(intents.SwitchBranch(conductor.session.beside))
    press(conductor, "C")
    assert conductor.session.beside is not None
    assert banner.text().startswith("NOT TCP on the right — two-way handshake")


def test_tcp_has_no_band(show) -> None:
    """Nothing is said where there is nothing to say."""
    assert not show(session(HANDSHAKE), 1280, 720).window.top.banner.isVisible()


@pytest.mark.parametrize("what", ["diagram", "ladder"])
def test_an_exported_picture_is_stamped(what: str, tmp_path: Path) -> None:
    """Whoever gets the file alone must not take it for TCP; of TCP nothing is said."""
    for acts, is_stamped in ((TWO_WAY, True), ((), False)):
        out = tmp_path / f"{what}.svg"
        render.write(session(acts=acts), out, what=what, size=(800, 600))
        text = out.read_text(encoding="utf-8")
        assert ("NOT TCP" in text) is is_stamped
        assert 'height="600"' in text


def test_what_goes_to_the_clipboard_is_stamped_too() -> None:
    """Diagram and timeline, each with its band, as large as ever."""
    plain = taking.both(session(), Words("en"))
    marked = taking.both(session(acts=TWO_WAY), Words("en"))
    assert [(each.width, each.height) for each in plain] == [(each.width, each.height) for each in marked]
    assert all(each.title("stamp").startswith("NOT TCP") for each in marked)
    assert all(not each.title("stamp") for each in plain)


def test_the_timeline_as_text_says_it_first() -> None:
    """Whoever pastes the text pastes the warning with it."""
    assert taking.ladder_text(session(acts=TWO_WAY, is_exploring=True), Words("en")).startswith("NOT TCP")
    assert "NOT TCP" not in taking.ladder_text(session(is_exploring=True), Words("en"))


def test_a_lamp_that_is_out_leads_to_where_it_went_out(show) -> None:
    """P2 breaks for a two-way handshake; a click on it goes to that moment. Lamps that burn lead nowhere."""
    conductor = show(session(acts=TWO_WAY, is_exploring=True), 1920, 1080)
    press(conductor, "Shift+L")
    conductor.send(intents.End())
    QApplication.processEvents()
    panel = conductor.window.strip.panels["properties"]
    lines = [panel.list.item(place).text() for place in range(panel.list.count())]
    assert len(lines) == 7
    assert lines[1].startswith(f"{MARKS['broken']}  P2") and lines[0].startswith(MARKS["holds"])
    here = conductor.session.playhead
    panel.list.itemClicked.emit(panel.list.item(0))
    assert conductor.session.playhead == here
    panel.list.itemActivated.emit(panel.list.item(1))
    assert conductor.session.playhead < here
    panel.list.setFocus()
    panel.list.setCurrentRow(0)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert panel.told.text().startswith("P2: agreed open") and "ESTABLISHED only on two numbers" in panel.told.text()
    assert panel.list.item(1).data(Qt.ItemDataRole.AccessibleDescriptionRole) == panel.told.text()
    assert "event" in lines[1]


def test_a_lamp_speaks_of_the_event_that_the_transport_counts(show) -> None:
    """The number beside a broken property is the one that stands below when one has gone there."""
    conductor = show(session(acts=TWO_WAY, is_exploring=True), 1920, 1080)
    press(conductor, "Shift+L")
    conductor.send(intents.End())
    QApplication.processEvents()
    panel = conductor.window.strip.panels["properties"]
    number = panel.list.item(1).text().rpartition("event ")[2]
    panel.list.itemActivated.emit(panel.list.item(1))
    QApplication.processEvents()
    counted = conductor.window.transport.counter.text().removeprefix("Event ").split(" / ")[0]
    first, _, last = counted.partition("–")
    assert int(first) <= int(number) <= int(last or first)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(1280, 720), (1000, 640)])
def test_all_seven_lamps_are_in_sight(show, size: tuple[int, int], lang: str) -> None:
    """A lamp below the edge is none; where large text leaves no room for all, the list shows that it scrolls."""
    conductor = show(session(acts=TWO_WAY, is_exploring=True, lang=lang), *size)
    press(conductor, "Shift+L")
    conductor.send(intents.End())
    for _ in range(3):
        QApplication.processEvents()
    lamps = conductor.window.strip.panels["properties"].list
    room = lamps.viewport().rect()
    rows = [lamps.visualItemRect(lamps.item(place)) for place in range(lamps.count())]
    assert len(rows) == 7 and all(room.contains(row) for row in rows)
    assert all(row.height() >= QFontMetrics(lamps.item(place).font()).height() for place, row in enumerate(rows))
    conductor.send(intents.SetTextScale(2.0))
    conductor.window.show_strip(is_open=True)
    for _ in range(3):
        QApplication.processEvents()
    assert lamps.viewport().rect().intersects(lamps.visualItemRect(lamps.item(1)))
    is_whole = lamps.viewport().rect().contains(lamps.visualItemRect(lamps.item(6)))
    assert lamps.verticalScrollBar().isVisible() is not is_whole


def test_a_lamp_says_that_its_break_is_a_known_exception(show) -> None:
    """In a run that the search has found of TCP: below its name, and whole beside the lamps. All are in sight."""
    known = next(each for each in EXCEPTIONS if each.id == "orphan-forgotten")
    answer = search(known.play(load_profile("linux-6.18"), BITS["orderly-close"]))
    lesson, scenario = lesson_of(answer, replay(answer), "found-it", {"en": "TCP", "zh": "TCP"})
    conductor = show(start(lesson, scenario), 1280, 720)
    press(conductor, "Shift+L")
    conductor.send(intents.End())
    QApplication.processEvents()
    panel = conductor.window.strip.panels["properties"]
    lines = [panel.list.item(place).text() for place in range(panel.list.count())]
    assert [place for place, line in enumerate(lines) if "a known exception of TCP itself" in line] == [5]
    panel.list.setCurrentRow(5)
    assert known.id in panel.told.text() and "tcp_fin_timeout" in panel.told.text()
    assert not panel.list.verticalScrollBar().maximum()
