"""The timeline's own controls: its filter, the connection in focus, and which way time runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, answered, press, session
from tutor.teach import intents
from tutor.ui import lensing
from tutor.ui.conductor import Conductor
from tutor.ui.details_rows import details
from tutor.ui.pictures import ladder_of, time_at
from tutor.ui.plotrows import Choice, plot_rows
from tutor.ui.why import why_row
from tutor.view.heads import NEXT_CONNECTION
from tutor.view.marks import Line, Text
from tutor.view.plots import TIMER
from tutor.view.theme import Look
from tutor.world.tempo import Tempo


def type_filter(conductor: Conductor, text: str) -> None:
    """Open the box by its key and type."""
    press(conductor, "Ctrl+F")
    QTest.keyClicks(conductor.window.filter.line, text)


def thick(conductor: Conductor) -> set[str]:
    """Segments that are drawn in full."""
    marks = conductor.window.timeline.canvas.picture.marks()
    return {mark.id for mark in marks if isinstance(mark, Line) and mark.id.startswith("flight:") and mark.width >= 2}


def test_what_is_typed_is_tried_at_once(show) -> None:
    """Ctrl+F, a filter: the count, and the rest pale but there; letters in the box are no commands."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    before = conductor.session.playhead, len(conductor.session.timeline.branches)
    everything = {mark for mark, _ in conductor.window.timeline.canvas.picture.titles}
    type_filter(conductor, "tcp.flags.fin==1 and host==server")
    assert conductor.session.sight.filter == "tcp.flags.fin==1 and host==server"
    assert conductor.window.filter.count.text() == "1 of 11 shown · F3"
    assert {mark for mark, _ in conductor.window.timeline.canvas.picture.titles} == everything
    assert not thick(conductor) & {"flight:1", "flight:2", "flight:3"}
    assert (conductor.session.playhead, len(conductor.session.timeline.branches)) == before


@pytest.mark.ci
def test_esc_clears_the_filter_and_gives_the_keyboard_back(show) -> None:
    """Then the picture is whole again, and one-key commands work."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    type_filter(conductor, "lost")
    assert conductor.window.filter.count.text() == "0 of 11 shown"
    QTest.keyClick(conductor.window.filter.line, Qt.Key.Key_Escape)
    assert (conductor.session.sight.filter, conductor.window.filter.count.text()) == ("", "")
    assert not conductor.window.filter.line.hasFocus()
    press(conductor, "Right")
    assert conductor.session.playhead > 0


def test_a_fault_is_told_in_words_under_the_box(show) -> None:
    """Where and what, in the language of the window; everything stays visible, and nothing moves."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    where = conductor.window.timeline.canvas.geometry()
    full = thick(conductor)
    type_filter(conductor, "tcp.flags.fun==1")
    error = conductor.window.filter.error
    assert error.isVisible()
    assert error.text() == "Column 1: there is no field tcp.flags.fun. Did you mean tcp.flags.fin?"
    assert conductor.window.timeline.canvas.geometry() == where
    assert thick(conductor) == full
    conductor.send(intents.SetLanguage("zh"))
    QApplication.processEvents()
    assert "没有字段" in error.text()
    conductor.send(intents.See("filter", ""))
    assert not error.isVisible()


def test_time_may_run_right_and_back(show) -> None:
    """O lays the timeline across the window; the same marks are there, and a click selects as before."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    down = {mark for mark, _ in conductor.window.timeline.canvas.picture.titles}
    press(conductor, "O")
    QApplication.processEvents()
    timeline = conductor.window.timeline
    assert timeline.width() > conductor.window.width() * 0.9
    assert timeline.y() > 0
    across = {mark for mark, _ in timeline.canvas.picture.titles}
    assert across >= down & across != set()
    conductor.click("flight:1")
    assert conductor.session.selection == "flight:1"
    press(conductor, "O")
    QApplication.processEvents()
    assert timeline.width() < conductor.window.width() * 0.5


@pytest.mark.ci
def test_across_survives_every_width(show) -> None:
    """Tabs and back: the timeline is on its tab, then under the stage again."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    press(conductor, "O")
    for width in (1000, 1300, 1920):
        conductor.window.resize(width, 800)
        QApplication.processEvents()
        conductor.window.tabs.setCurrentIndex(2)
        QApplication.processEvents()
        assert conductor.window.timeline.isVisible(), width
        assert conductor.window.timeline.canvas.picture.titles


TWO_CALLS = ((100_000, "client connect server:80"),)


def test_a_click_on_another_connection_brings_it_into_focus(show) -> None:
    """Of two connections the newer is looked at; a click on a segment of the other turns the look."""
    conductor = answered(show(session(CLOSE, acts=TWO_CALLS), 1920, 1080))
    conductor.send(intents.Seek(250_000))
    others = {
        mark: other
        for mark, _ in conductor.window.timeline.canvas.picture.titles
        if (other := lensing.focus_clicked(conductor.session, mark)) is not None
    }
    assert others
    first = next(iter(others))
    assert first not in thick(conductor)
    conductor.click(first)
    assert conductor.session.sight.focus == others[first]
    assert first in thick(conductor)


def test_a_focus_that_is_not_in_the_run_is_the_newest(show) -> None:
    """As after a change of branch."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.See("focus", "nobody>nobody"))
    assert lensing.lens_of(conductor.session).focus == "client:40000>server:80"
    assert "flight:1" in thick(conductor)


def _words(conductor: Conductor) -> list[str]:
    return [mark.text for mark in conductor.window.timeline.canvas.picture.marks() if isinstance(mark, Text)]


def _states(conductor: Conductor) -> list[str]:
    """The names beside the lifelines."""
    shown = [mark.text for mark in conductor.window.timeline.canvas.picture.marks() if isinstance(mark, Text)]
    return [text for text in shown if text in {"SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "SYN-RCVD", "LISTEN"}]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_which_connection_is_looked_at_is_said(show, size) -> None:
    """A line with its place among all and the key that leads on, the ports over the hosts, its states alone."""
    conductor = answered(show(session(CLOSE, acts=TWO_CALLS), *size))
    conductor.send(intents.Seek(250_000))
    assert "Connection 2 of 2" in _words(conductor)
    assert "Shift+F" in _words(conductor)
    assert _states(conductor).count("SYN-SENT") == 1
    if size[0] > 1800:
        assert any(text.endswith(":40002") for text in _words(conductor))
    press(conductor, "Shift+F")
    assert "Connection 1 of 2" in _words(conductor)
    if size[0] > 1800:
        assert any(text.endswith(":40000") for text in _words(conductor))
    press(conductor, "Shift+F")
    assert "Connection 2 of 2" in _words(conductor), "no press is without effect"


def test_a_click_on_that_line_leads_to_the_next_connection(show) -> None:
    """As its key does; with one connection there is no such line."""
    conductor = answered(show(session(CLOSE, acts=TWO_CALLS), 1920, 1080))
    conductor.send(intents.Seek(50_000))
    assert not any(text.startswith("Connection 1") for text in _words(conductor))
    conductor.send(intents.Seek(250_000))
    conductor.click(NEXT_CONNECTION)
    assert "Connection 1 of 2" in _words(conductor)
    assert conductor.session.selection == ""


def test_what_a_hand_opens_comes_into_focus(show) -> None:
    """Even where another connection was asked for before."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.Seek(150_000))
    conductor.send(intents.See("focus", "client:40000>server:80"))
    conductor.send(intents.ActNow("client connect server:80"))
    assert lensing.focus_of(conductor.session) == "client:40002>server:80"


@pytest.mark.ci
def test_of_one_instant_the_connection_in_focus_is_told(show) -> None:
    """Two SYNs arrive at once: told is the one looked at. What happens to another alone is told with its name."""
    at_once = session("lab-1-life", acts=((0, "client connect server:80"),))
    conductor = show(at_once, 1920, 1080)
    conductor.send(intents.Seek(50_000))
    for name in ("client:40000>server:80", "client:40002>server:80"):
        conductor.send(intents.See("focus", name))
        assert why_row(conductor.session, conductor.words).sentence.startswith("The server receives a SYN")
    conductor = show(session("lab-1-life", acts=((70_000, "client connect server:80"),)), 1920, 1080)
    conductor.send(intents.Seek(120_000))
    conductor.send(intents.See("focus", "client:40000>server:80"))
    told = why_row(conductor.session, conductor.words).sentence
    assert told.startswith("client:40002>server:80: The server receives a SYN")


def _ghosts(conductor: Conductor) -> list[Line]:
    marks = conductor.window.timeline.canvas.picture.marks()
    return [mark for mark in marks if isinstance(mark, Line) and mark.id.startswith("ghost:")]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("is_across", [False, True], ids=["down", "across"])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_the_future_that_was_left_has_room(show, size, is_across: bool) -> None:
    """A SYN is lost and a second of silence follows; where the handshake would have been, it can be seen as one."""
    conductor = show(session("lab-1-life"), *size)
    conductor.send(intents.See("is_across", is_across))
    conductor.send(intents.Seek(20_000))
    conductor.send(intents.Drop(1))
    lines = _ghosts(conductor)
    lengths = [abs(line.x2 - line.x1) if is_across else abs(line.y2 - line.y1) for line in lines]
    assert len(lines) >= 3
    assert max(lengths) > 40, "a flight of what was left takes as much room as one that is there"
    words = [m for m in conductor.window.timeline.canvas.picture.marks() if isinstance(m, Text)]
    assert any(mark.text == "SYN+ACK" and mark.id.startswith("ghost:") for mark in words)


def test_ladder_scrubber_and_plots_fold_the_same_silences(show) -> None:
    """Where the ladder draws the future that was left, there is no silence to fold: not beside it either."""
    conductor = show(session("lab-1-life"), 1920, 1080)
    conductor.send(intents.Seek(20_000))
    conductor.send(intents.Drop(1))
    for beside in (None, 0):
        here = replace(conductor.session, sight=replace(conductor.session.sight, beside=beside))
        drawn = {mark.id for mark in ladder_of(here, (900, 100_000), Look()).marks() if mark.id.startswith("fold:")}
        axis = plot_rows(here, (Choice(TIMER),), Look())[0].axis
        assert {hatch.id for hatch in axis.hatches()} == drawn
        own = Tempo.of(here.trace, here.visible_end)
        assert {fold.id for fold in own.folds} - drawn, "alone, this run has one silence more"
        middle = time_at(here, 500, 1000)
        assert middle < own.to_time(own.length / 2), "and the scrubber gives it no more room than that"


def test_a_click_on_what_was_left_tells_of_it(show) -> None:
    """Selected it says what it was; no hand reaches it."""
    conductor = show(session("lab-1-life"), 1920, 1080)
    conductor.send(intents.Seek(20_000))
    conductor.send(intents.Drop(1))
    mark = _ghosts(conductor)[1].id
    conductor.click(mark)
    assert conductor.session.selection == mark
    rows = details(conductor.session, conductor.words)
    assert rows is not None
    assert "SYN+ACK" in rows.title
    assert not rows.can_touch
    assert details(replace(conductor.session, selection="ghost:999"), conductor.words) is None


@pytest.mark.sampled(3)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_enter_leads_to_what_the_filter_shows(show, size) -> None:
    """At the end nothing of the handshake is on the page: Enter goes to the first SYN, F3 to the next, then round."""
    conductor = show(session("lab-1-life"), *size)
    press(conductor, "End", "Ctrl+F")
    QTest.keyClicks(conductor.window.filter.line, "tcp.flags.syn==1")
    assert conductor.window.filter.count.text().endswith("F3")
    assert not thick(conductor)
    QTest.keyClick(conductor.window.filter.line, Qt.Key.Key_Return)
    assert conductor.session.playhead == 0
    press(conductor, "F3")
    assert conductor.session.playhead == 50_000
    assert thick(conductor)
    press(conductor, "F3")
    assert conductor.session.playhead == 0


def test_while_a_bet_is_open_no_match_lies_behind_it(show) -> None:
    """F3 stays before what is hidden; without a filter it does nothing."""
    conductor = show(session(CLOSE), 1920, 1080)
    press(conductor, "F3")
    before = conductor.session.playhead
    conductor.send(intents.See("filter", "tcp.flags.fin==1"))
    for _ in range(4):
        press(conductor, "F3")
        end = conductor.session.horizon
        assert end is None or conductor.session.playhead <= end
    assert before == 0
