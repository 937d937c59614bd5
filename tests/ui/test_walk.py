"""The first five minutes, by keys alone, as the README tells them; and what a key in a field is for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QDoubleSpinBox

from tests.ui.stage import session
from tutor.teach import branching, intents
from tutor.ui.conductor import Conductor
from tutor.ui.parameter_rows import Head, Row, sheet
from tutor.ui.parameters import RowView
from tutor.words import Words
from tutor.world.records import CallReturned, Lost, Sent
from tutor.world.time import SECOND

EN = Words("en")


def keys(conductor: Conductor, *names: str) -> None:
    """Press keys where the focus is, as a person does."""
    for name in names:
        QApplication.processEvents()
        target = QApplication.focusWidget() or conductor.window
        QTest.keySequence(target, QKeySequence(name))


def typed(conductor: Conductor, text: str) -> None:
    """Type letters where the focus is."""
    for letter in text:
        QTest.keyClick(QApplication.focusWidget() or conductor.window, letter)
    QApplication.processEvents()


def tab_to(conductor: Conductor, kind: type) -> None:
    """Tab until a widget of that kind has the focus."""
    for _ in range(12):
        keys(conductor, "Tab")
        if isinstance(QApplication.focusWidget(), kind):
            return
    raise AssertionError(f"no {kind.__name__} was reached")


def laboratory(show, width: int = 1440, height: int = 900) -> Conductor:
    """A window in the laboratory, the focus on the stage."""
    conductor = show(session(), width, height)
    conductor.window.activateWindow()
    conductor.window.setFocus()
    keys(conductor, "N")
    return conductor


def test_the_first_five_minutes(show) -> None:
    """Lose a SYN, cut the cable, set tcp_syn_retries, read compare: there is a difference."""
    conductor = laboratory(show)
    keys(conductor, "Right", "Right", "Home", "D", "Right")
    assert any(isinstance(record, Lost) for _, record in conductor.session.trace.records())
    keys(conductor, "Home", "Shift+X")
    cut = conductor.session.branch
    keys(conductor, "P")
    panel = conductor.window.strip.panels["parameters"]
    assert QApplication.focusWidget() is panel.search
    typed(conductor, "tcp_syn_retries")
    assert conductor.session.branch == cut, "letters that are typed are no commands"
    assert panel.search.text() == "tcp_syn_retries"
    tab_to(conductor, QDoubleSpinBox)
    typed(conductor, "2")
    said = [note.text() for view in panel.views.values() for note in getattr(view, "notes", []) if note.isVisible()]
    assert any("7 s" in each and "ETIMEDOUT" in each for each in said)
    keys(conductor, "Return", "Esc")
    assert conductor.session.branch != cut
    keys(conductor, "C")
    now = conductor.session
    assert now.beside == cut
    title = conductor.window.timeline.canvas.picture.title("difference")
    assert title.startswith("First difference at 7 s")
    assert now.playhead == 7 * SECOND
    given_up = [record for _, record in now.trace.records() if isinstance(record, CallReturned) and record.error]
    assert given_up[0].at == 7 * SECOND
    sent = [record for _, record in now.timeline.branch(cut).trace.records() if isinstance(record, Sent)]
    assert max(record.at for record in sent) > 60 * SECOND
    keys(conductor, "Left")
    assert conductor.session.playhead < 7 * SECOND


def test_escape_leaves_a_value_and_then_the_arrows_mean_time(show) -> None:
    """A slider that was moved and left gives its value back; the next arrow steps."""
    conductor = laboratory(show, 1920, 1080)
    keys(conductor, "Right", "Right", "P")
    typed(conductor, "tcp_syn_retries")
    for kind in (QAbstractSlider, QDoubleSpinBox):
        tab_to(conductor, kind)
        branch, at = conductor.session.branch, conductor.session.playhead
        keys(conductor, "Down")
        assert conductor.session.weighed[1], "a value is weighed"
        keys(conductor, "Esc")
        assert not conductor.session.weighed[1]
        assert QApplication.focusWidget() is conductor.window
        keys(conductor, "Left")
        assert conductor.session.playhead < at
        assert conductor.session.branch == branch
        keys(conductor, "Right", "P")
    keys(conductor, "Esc")
    assert QApplication.focusWidget() is conductor.window, "the search is left as well"


def test_a_dragged_slider_leaves_the_arrows_to_time(show) -> None:
    """The mouse takes no focus to a slider: the next arrow steps, and nothing was set."""
    conductor = laboratory(show)
    keys(conductor, "Right", "Right", "P")
    typed(conductor, "tcp_syn_retries")
    keys(conductor, "Esc")
    panel = conductor.window.strip.panels["parameters"]
    slider = next(each for each in panel.findChildren(QAbstractSlider) if each.isVisible() and each.accessibleName())
    at = conductor.session.playhead
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton)
    keys(conductor, "Left")
    assert conductor.session.playhead < at


def test_where_nothing_differs_the_comparison_says_why(show) -> None:
    """One lost SYN never reaches the limit: the acts are named; another future that differs is compared first."""
    conductor = laboratory(show)
    first = conductor.session.branch
    keys(conductor, "D")
    lost = conductor.session.branch
    conductor.send(intents.SetParameter("client.tcp_syn_retries", "2"))
    keys(conductor, "C")
    assert conductor.session.beside == first, "where there is a difference goes first"
    conductor.command("compare-next")
    assert conductor.session.beside == lost
    title = conductor.window.timeline.canvas.picture.title("difference")
    assert title.startswith("Nothing differs: in this run nothing comes of it (tcp_syn_retries = 2")
    assert "Ctrl+Shift+↓" in title
    assert not branching.differs(conductor.session, lost)
    keys(conductor, "C")
    assert conductor.session.beside is None


def test_an_untouched_run_has_changed_nothing(show) -> None:
    """No group claims a change at the start or in the middle; once something is set its name stands on the head."""
    conductor = laboratory(show)
    for _ in range(6):
        sheet_now = sheet(conductor.session, EN, "", frozenset())
        assert not [line for line in sheet_now.lines if isinstance(line, Head) and line.changed]
        keys(conductor, "Right")
    conductor.send(intents.SetParameter("client.tcp_syn_retries", "2"))
    heads = [line for line in sheet(conductor.session, EN, "", frozenset()).lines if isinstance(line, Head)]
    assert {line.changed for line in heads if line.changed} == {("tcp_syn_retries",)}


def test_the_length_of_time_wait_is_what_a_search_for_it_finds_first(show) -> None:
    """By its name or by its title; names of the system are written as the system does."""
    conductor = laboratory(show)
    for needle in ("time_wait", "TIME-WAIT", "time wait"):
        rows = sheet(conductor.session, EN, needle, frozenset()).lines
        assert rows[0].name == "time_wait_us", needle
    rows = sheet(conductor.session, EN, "tcp_retries1", frozenset()).lines
    assert not any(isinstance(row, Row) and row.title.startswith("Tcp_") for row in rows)


def test_what_if_leads_into_the_field(show) -> None:
    """Press it and type: the number goes into the field, no command is set off."""
    conductor = laboratory(show)
    keys(conductor, "P")
    typed(conductor, "time_wait_us")
    panel = conductor.window.strip.panels["parameters"]
    view = next(view for view in panel.views.values() if isinstance(view, RowView))
    branch = conductor.session.branch
    QTest.mouseClick(view.cells[0].unlock, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert isinstance(QApplication.focusWidget(), QDoubleSpinBox)
    typed(conductor, "5")
    keys(conductor, "Return")
    assert conductor.session.branch != branch
    assert conductor.session.world.host("client").profile.time_wait_us == 5 * SECOND
