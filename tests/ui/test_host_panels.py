"""The panels about the hosts in the window: what is clicked there is picked out everywhere."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, answered, ids, press, session
from tests.view.scenes import texts
from tutor.tcp.segment import ACK, SYN
from tutor.teach import intents
from tutor.ui.lensing import linked_here
from tutor.view.marks import Line
from tutor.world.records import Sent


def test_a_key_opens_each_panel(show) -> None:
    """M hosts ("machines"), V variables, Y queues, S sockets, A the applications' programs."""
    conductor = answered(show(session(CLOSE), 1280, 720))
    for key, name in {"M": "hosts", "V": "variables", "Y": "queues", "S": "sockets", "A": "program"}.items():
        press(conductor, key)
        assert conductor.window.strip.is_shown(name)


def test_a_variable_that_is_clicked_is_explained_and_its_numbers_can_be_told_otherwise(show) -> None:
    """A click selects it; the switch of numbers is the panel's own and selects nothing."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("variables")
    conductor.send(intents.Seek(120_000))
    panel = conductor.window.strip.panels["variables"]
    panel.canvas.clicked.emit("var:SND.NXT")
    QApplication.processEvents()
    assert conductor.session.selection == "var:SND.NXT"
    assert any("next number" in text for text in texts(panel.canvas.picture))
    relative = texts(panel.canvas.picture)
    panel.canvas.clicked.emit("numbers")
    QApplication.processEvents()
    assert conductor.session.selection == "var:SND.NXT"
    assert texts(panel.canvas.picture) != relative
    assert "Relative numbers" in texts(panel.canvas.picture)


def test_a_socket_that_is_clicked_comes_into_focus(show) -> None:
    """From the table of sockets: all pictures speak of that connection from now on. A listener is only selected."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("sockets")
    conductor.send(intents.Seek(120_000))
    canvas = conductor.window.strip.panels["sockets"].canvas
    names = {name for name in ids(canvas) if name.startswith("conn:")}
    connection = next(name for name in names if ">" in name)
    canvas.clicked.emit(connection)
    assert conductor.session.sight.focus == connection.removeprefix("conn:")
    canvas.clicked.emit(next(name for name in names if ">" not in name))
    assert conductor.session.sight.focus == connection.removeprefix("conn:")


def test_a_timer_is_the_same_thing_in_the_panel_and_in_the_ladder(show) -> None:
    """The running timer of the SYN has one id in both."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("hosts")
    conductor.send(intents.Seek(45_000))
    mine = {name for name in ids(conductor.window.strip.panels["hosts"].canvas) if name.startswith("timer:0")}
    theirs = {name for name in ids(conductor.window.timeline.canvas) if name.startswith("timer:0")}
    assert mine
    assert mine & theirs


# --- editing a program ---


def selected_line(show, line: str = "line:client:1:4", at: int = 120_000):
    """A window at a moment of the talk, with a line of a program clicked; and the panel."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("program")
    conductor.send(intents.Seek(at))
    panel = conductor.window.strip.panels["program"]
    panel.canvas.clicked.emit(line)
    QApplication.processEvents()
    return conductor, panel


def lines_of(conductor, host: str = "client") -> list[str]:
    """The program of a host as it stands now."""
    return [str(line) for line in conductor.session.world.host(host).programs[0].program.lines]


def test_a_line_that_is_clicked_can_be_replaced_by_what_is_offered(show) -> None:
    """Instead of close() the client shuts the writing half; undo brings the old line back."""
    conductor, panel = selected_line(show)
    before = lines_of(conductor)
    assert panel.bar.isVisible()
    assert before[3] == "after 100ms close"
    assert panel.field.currentText() == "after 100ms shutdown write"
    panel.replace.click()
    assert lines_of(conductor)[3] == "after 100ms shutdown write"
    press(conductor, "Ctrl+Z")
    assert lines_of(conductor) == before


def test_a_line_can_be_forgotten_and_linger_can_be_put_before_it(show) -> None:
    """Without close() the program has a line less; with SO_LINGER before it, a line more, and close() aborts."""
    conductor, panel = selected_line(show)
    before = lines_of(conductor)
    panel.linger.click()
    assert lines_of(conductor) == [*before[:3], "setsockopt SO_LINGER 0", before[3]]
    conductor.send(intents.Undo())
    panel.canvas.clicked.emit("line:client:1:4")
    panel.forget.click()
    assert lines_of(conductor) == before[:3]


def test_a_line_that_cannot_be_read_changes_nothing_and_says_why(show) -> None:
    """The engine's reader names the column; the program stays as it is."""
    conductor, panel = selected_line(show)
    before, branch = lines_of(conductor), conductor.session.branch
    panel.field.setCurrentText("after 100ms clse")
    panel.replace.click()
    assert panel.trouble.isVisible()
    assert "close" in panel.trouble.text()
    assert (lines_of(conductor), conductor.session.branch) == (before, branch)


@pytest.mark.ci
def test_without_a_line_there_is_nothing_to_edit(show) -> None:
    """The bar goes when something else is selected, and when the line is of a program that is not there."""
    conductor, panel = selected_line(show)
    for selection in ("var:SND.UNA", "line:client:1:99", "line:client:7:1", "line:nobody:1:1", "line:client"):
        conductor.send(intents.Select(selection))
        QApplication.processEvents()
        assert not panel.bar.isVisible(), selection


def test_what_a_tooltip_says_is_said_below_when_its_mark_is_clicked(show) -> None:
    """A timer, a stretch of a buffer, an entry of a queue: each in words, until something else is clicked."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("hosts")
    conductor.window.show_panel("queues")
    conductor.send(intents.Seek(45_000))
    for name, kind in (("hosts", "timer:"), ("hosts", "flight:"), ("hosts", "conn:"), ("queues", "conn:")):
        conductor.send(intents.Seek(60_000 if name == "queues" else 45_000))
        panel = conductor.window.strip.panels[name]
        mark = next(each for each in sorted(ids(panel.canvas)) if each.startswith(kind))
        panel.canvas.clicked.emit(mark)
        QApplication.processEvents()
        assert panel.note.isVisible()
        assert panel.note.text() == panel.canvas.picture.title(mark) != ""
    conductor.send(intents.Select(""))
    assert not conductor.window.strip.panels["queues"].note.isVisible()


@pytest.mark.ci
def test_what_is_selected_anywhere_lights_up_in_header_and_variables_and_back(show) -> None:
    """A segment on the ladder: its header, and the variables that it changed. A variable: its segment in both."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    for name in ("variables", "header"):
        conductor.window.show_panel(name)
    conductor.send(intents.Seek(120_000))
    panels, timeline = conductor.window.strip.panels, conductor.window.timeline.canvas
    syn_ack = next(record.flight.id for _, record in conductor.session.trace.records() if _is_syn_ack(record))
    timeline.clicked.emit(f"flight:{syn_ack}")
    QApplication.processEvents()
    assert {"SND.UNA", "State"} <= _picked(panels["variables"].canvas)
    assert panels["header"].canvas.picture.title("field:flags").startswith("Flags: SYN+ACK.")
    conductor.window.diagram.canvas.clicked.emit("edge:listen_synrcvd")
    QApplication.processEvents()
    assert "State" in _picked(panels["variables"].canvas)
    assert panels["header"].canvas.picture.title("field:flags").startswith("Flags: SYN.")
    panels["variables"].canvas.clicked.emit("var:SRTT")
    QApplication.processEvents()
    assert linked_here(conductor.session).flights >= {syn_ack}
    assert panels["header"].canvas.picture.title("field:flags").startswith("Flags: SYN+ACK.")
    assert any(isinstance(mark, Line) and mark.stroke.role == "accent" for mark in timeline.picture.marks())
    panels["header"].canvas.clicked.emit("field:seq")
    QApplication.processEvents()
    assert conductor.session.selection == f"flight:{syn_ack}"
    assert "SND.UNA" in _picked(panels["variables"].canvas)


def _is_syn_ack(record) -> bool:
    return isinstance(record, Sent) and record.flight.segment.flags == SYN | ACK


def _picked(canvas) -> set[str]:
    """The variables that are said to be changed by what is selected."""
    titles = canvas.picture.titles
    return {name.removeprefix("var:") for name, title in titles if title.endswith("What is selected has changed it.")}
