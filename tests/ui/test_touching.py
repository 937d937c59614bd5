"""A hand in the window: keys, menus and forms do everything, and say why when they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QMenu

from tests.ui.hand import acts, entries, flying, only
from tests.ui.stage import CLOSE, ids, place_of, press, session
from tutor.exchange import runfile
from tutor.teach import intents
from tutor.ui import filing
from tutor.ui.act_bar import ActBar
from tutor.ui.forms import CallForm, ForgeForm, Form
from tutor.world.records import Lost, Sent
from tutor.world.time import MS

# --- keys ---


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("key", "deed"), [("D", "drop"), ("R", "delay"), ("U", "duplicate"), ("Q", "corrupt")])
def test_a_key_touches_what_is_on_its_way(show, key: str, deed: str) -> None:
    """The segment sent last, as an act in the run."""
    conductor = flying(show)
    press(conductor, key)
    assert acts(conductor)[0].startswith(f"{deed} #")


def test_w_lets_the_next_segment_overtake(show) -> None:
    """The selected ACK, overtaken by the data; a segment that is alone says why not."""
    conductor = flying(show)
    first = conductor.session.world.flights[0].id
    conductor.send(intents.Select(f"flight:{first}"))
    press(conductor, "W")
    assert acts(conductor) == [f"swap #{first}"]
    conductor.send(intents.Select("flight:1"))
    before = conductor.session.branch
    press(conductor, "W")
    assert conductor.session.branch == before
    assert "overtak" in conductor.window.notice.text() or "behind" in conductor.window.notice.text()


def test_with_nothing_on_its_way_d_arms_and_the_window_says_so(show) -> None:
    """Until it bites, or until it is taken back by a click or a key."""
    conductor = flying(show)
    conductor.send(intents.Seek(0))
    while conductor.session.world.flights:
        press(conductor, "Right")
    press(conductor, "D")
    assert acts(conductor) == ["drop *:any"]
    armed = conductor.window.armed
    assert armed.isVisible()
    assert armed.accessibleName().startswith("Armed: the next segment is dropped")
    press(conductor, "Shift+D")
    assert not armed.isVisible()
    press(conductor, "Ctrl+Z")
    assert armed.isVisible()
    QTest.mouseClick(armed, Qt.MouseButton.LeftButton)
    assert not armed.isVisible()


def test_cable_and_machines_have_keys(show) -> None:
    """Cut and mended, crashed and restarted, each a fork at the playhead."""
    conductor = flying(show)
    for key, act in (
        ("Shift+X", "cut link"), ("Shift+X", "mend link"),
        ("Ctrl+1", "crash client"), ("Ctrl+1", "reboot client programs=yes"),
        ("Ctrl+2", "crash server"),
    ):  # fmt: skip
        press(conductor, key)
        assert acts(conductor) == [act]


# --- menus ---


def test_a_segment_has_a_menu_and_so_has_everything_else(show) -> None:
    """On the ladder: a segment, a host, a state, nothing; on the diagram a state; in the tree a future."""
    conductor = flying(show)
    canvas = conductor.window.timeline.canvas
    flight = next(mark for mark in sorted(ids(canvas)) if mark.startswith("flight:"))
    for mark, entry in (
        (flight, "Corrupt the segment"), ("host:client", "A call on client…"), ("", "Do anything"),
        ("state:ESTABLISHED", "client calls close"),
    ):  # fmt: skip
        menu = conductor.open_menu(mark, QPoint(10, 10))
        assert entry in entries(menu), mark
        menu.close()
    menu = conductor.open_menu(flight, QPoint(10, 10))
    entries(menu)["Drop the segment"].trigger()
    menu.close()
    assert acts(conductor) == [f"drop #{flight.partition(':')[2]}"]
    back = conductor.open_menu(f"branch:{conductor.session.road}", QPoint(10, 10))
    entries(back)["Compare with the one on screen"].trigger()
    back.close()
    assert conductor.session.beside == conductor.session.road


def test_the_menu_opens_where_one_points_and_by_key(show, qtbot) -> None:
    """A right click on the host's head; Shift+F10 for what is selected."""
    conductor = flying(show)
    canvas = conductor.window.timeline.canvas
    where = place_of(canvas, "host:client")
    with qtbot.waitSignal(canvas.menu_wanted):
        from PySide6.QtGui import QContextMenuEvent
        from PySide6.QtWidgets import QApplication

        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(canvas, QContextMenuEvent(reason, where, canvas.mapToGlobal(where)))
    menu = only(conductor, QMenu)
    assert "Crash client" in entries(menu)  # type: ignore[arg-type]
    menu.close()  # type: ignore[attr-defined]
    press(conductor, "Shift+F10")
    menu = only(conductor, QMenu)
    assert "Cut the cable" in entries(menu)  # type: ignore[arg-type]
    menu.close()  # type: ignore[attr-defined]


def test_a_line_of_a_program_is_edited_from_its_menu(show) -> None:
    """Swapped at once, or in the bar with the line filled in."""
    conductor = flying(show)
    lines = [str(line) for line in conductor.session.world.host("client").programs[0].program.lines]
    place = next(number for number, line in enumerate(lines, 1) if line.endswith("close"))
    menu = conductor.open_menu(f"line:client:1:{place}", QPoint(10, 10))
    entries(menu)["Forget this line"].trigger()
    menu.close()
    assert acts(conductor) == [f"program client {place} forget"]
    press(conductor, "Ctrl+Z")
    menu = conductor.open_menu(f"line:client:1:{place}", QPoint(10, 10))
    entries(menu)["Another line instead…"].trigger()
    menu.close()
    bar = only(conductor, ActBar)
    assert bar.field.text() == f"program client {place} replace {lines[place - 1]}"  # type: ignore[attr-defined]


# --- the bar ---


def test_any_act_can_be_typed_completed_and_done(show) -> None:
    """Tab takes the completion, Enter does it, the bar is gone and the keys work again."""
    conductor = flying(show)
    press(conductor, ":")
    bar = only(conductor, ActBar)
    QTest.keyClicks(bar.field, "cut ")  # type: ignore[attr-defined]
    QTest.keyClick(bar.field, Qt.Key.Key_Tab)  # type: ignore[attr-defined]
    assert bar.field.text() == "cut link "  # type: ignore[attr-defined]
    QTest.keyClick(bar.field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert acts(conductor) == ["cut link"]
    assert not [each for each in conductor.window.findChildren(ActBar) if each.isVisible()]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_cannot_be_read_stays_with_its_wrong_word_selected(show, lang: str) -> None:
    """The column in words, nothing done; what the world refuses stays as well; Esc closes."""
    conductor = flying(show)
    conductor.send(intents.SetLanguage(lang))
    press(conductor, ":")
    bar = only(conductor, ActBar)
    before = conductor.session.timeline
    bar.field.setText("client clsoe")  # type: ignore[attr-defined]
    QTest.keyClick(bar.field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert bar.field.selectedText() == "clsoe"  # type: ignore[attr-defined]
    assert ("column 8" if lang == "en" else "第 8 列") in bar.error.text()  # type: ignore[attr-defined]
    bar.field.setText("mend link")  # type: ignore[attr-defined]
    QTest.keyClick(bar.field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert bar.error.isVisible()  # type: ignore[attr-defined]
    assert conductor.session.timeline is before
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)  # type: ignore[attr-defined]
    assert not bar.isVisible()  # type: ignore[attr-defined]


# --- forms ---


def test_any_call_on_any_socket(show) -> None:
    """Chosen from lists, shown as an act, done; what is wrong is said in the form."""
    conductor = flying(show)
    press(conductor, "J")
    form = only(conductor, CallForm)
    assert isinstance(form, CallForm)
    form.host.setCurrentText("server")
    form.socket.setCurrentIndex(form.socket.count() - 1)
    form.call.setCurrentText("shutdown")
    form.arguments.setText("sideways")
    form.run()
    assert form.isVisible()
    assert "column 17" in form.error.text()
    form.arguments.setText("write")
    assert form.said.text() == "server shutdown write on=server:80"
    form.run()
    assert not form.isVisible()
    assert acts(conductor) == ["server shutdown write on=server:80"]


def test_a_forged_segment_with_the_numbers_suggested(show) -> None:
    """A RST at exactly RCV.NXT is told by its kind before, and ends the connection after."""
    conductor = flying(show)
    conductor.send(intents.Seek(280 * MS))
    press(conductor, "F")
    form = only(conductor, ForgeForm)
    assert isinstance(form, ForgeForm)
    assert "exactly RCV.NXT" in form.number.currentText()
    assert "exactly RCV.NXT" in form.kind.text()
    assert not form.ack.isEnabled()
    form.flags.setCurrentText("ACK")
    assert form.ack.isEnabled()
    form.flags.setCurrentText("RST")
    form.octets.setText("many")
    assert form.kind.text() == ""
    form.run()
    assert form.isVisible()
    form.octets.setText("0")
    form.run()
    assert acts(conductor)[0].startswith("inject server>client RST ")
    forged = [record for _, record in conductor.session.trace.records() if isinstance(record, Sent)]
    assert any(record.flight.is_forged for record in forged)


def test_without_a_connection_the_form_says_so(show) -> None:
    """Nothing to choose, nothing to press."""
    conductor = show(session(CLOSE))
    conductor.window.command("forge")
    form = only(conductor, ForgeForm)
    assert isinstance(form, ForgeForm)
    if not form.grounds:
        assert not form.do_button.isEnabled()
        assert "There is no connection yet" in form.said.text()


@pytest.mark.sampled(8)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", [CallForm, ForgeForm])
def test_every_field_of_a_form_has_a_name(show, lang: str, kind: type[Form]) -> None:
    """For a screen reader; at 200 % text everything fits its own size hint."""
    conductor = flying(show)
    conductor.send(intents.SetLanguage(lang))
    conductor.send(intents.SetTextScale(2.0))
    form = kind(conductor)
    form.show()
    for row in range(form.rows.rowCount()):
        item = form.rows.itemAt(row, form.rows.ItemRole.FieldRole)
        widget = item.widget() if item is not None else None
        if widget is not None and not isinstance(widget, QLabel):
            assert widget.accessibleName()
            assert widget.height() >= min(34, widget.sizeHint().height())
    form.close()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("key", ["J", "F"])
def test_a_form_begins_at_its_first_field(show, key: str) -> None:
    """Not at the button that closes it; Tab goes down the fields to the deed."""
    conductor = flying(show)
    press(conductor, key)
    form = only(conductor, CallForm if key == "J" else ForgeForm)
    assert isinstance(form, Form)
    first = form.rows.itemAt(0, QFormLayout.ItemRole.FieldRole).widget()
    assert form.focusWidget() is first
    passed = [first]
    while passed[-1] is not form.do_button:
        passed.append(passed[-1].nextInFocusChain())
        assert passed[-1] is not form.close_button
    form.close()


# --- futures ---


def test_two_futures_stand_side_by_side_at_their_first_difference(show) -> None:
    """C opens, the diagram makes room, the playhead is where they part; C closes."""
    conductor = flying(show)
    press(conductor, "D", "C")
    now = conductor.session
    assert now.beside == now.road
    assert conductor.window.diagram.isHidden()
    picture = conductor.window.timeline.canvas.picture
    assert picture.title("difference").startswith("First difference at")
    lost = next(record for _, record in now.trace.records() if isinstance(record, Lost))
    assert now.playhead == lost.at
    conductor.send(intents.Seek(0))
    conductor.click("difference")
    assert conductor.session.playhead == lost.at
    press(conductor, "C")
    assert conductor.session.beside is None
    assert not conductor.window.diagram.isHidden()


def test_one_walks_the_tree_and_deletes_from_it_by_keys(show, tmp_path: Path) -> None:
    """Ctrl+Down and Ctrl+Up walk; Delete takes the newest ghost, out of what is saved too, Ctrl+Z brings it back."""
    conductor = flying(show)
    press(conductor, "D")
    ghost = conductor.session.branch
    press(conductor, "Ctrl+Z", "Del")
    assert conductor.session.gone == {ghost}
    assert filing.write(conductor, str(tmp_path / "without.tcprun"))
    saved = runfile.loads((tmp_path / "without.tcprun").read_text(encoding="utf-8"))
    assert len(saved.branches) == len(conductor.session.timeline.branches) - 1
    press(conductor, "Ctrl+Z")
    assert conductor.session.gone == frozenset()
    press(conductor, "Ctrl+Down")
    assert conductor.session.branch == ghost
    press(conductor, "Ctrl+Up")
    assert conductor.session.branch != ghost
    conductor.window.show_panel("branches")
    panel = conductor.window.strip.panels["branches"]
    assert f"branch:{ghost}" in ids(panel.canvas)
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, pos=place_of(panel.canvas, f"branch:{ghost}"))
    assert conductor.session.branch == ghost


def test_a_long_sentence_of_what_is_armed_gives_way_to_its_end(show) -> None:
    """How many more there are, and the cross, stand in any width; the whole sentence is spoken."""
    conductor = show(session(), 1280, 720)
    conductor.send(intents.Home())
    for act in ("corrupt client:FIN,ACK:2", "delay client:FIN,ACK:3 350ms"):
        conductor.send(intents.ActNow(act))
    armed = conductor.window.armed
    for width in (1280, 900, 1280):
        conductor.window.resize(width, 720)
        QApplication.processEvents()
        needs = armed.fontMetrics().horizontalAdvance(armed.text())
        assert armed.text().endswith("+1   ✕")
        assert needs <= armed.width()
    assert armed.accessibleName().startswith("Armed: ")
    assert "…" not in armed.accessibleName()
