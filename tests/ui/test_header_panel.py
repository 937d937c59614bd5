"""The header's panel: what is selected on the ladder is shown, and a field that is picked keeps it selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, answered, place_of, press, session
from tutor.teach import intents
from tutor.ui.panels_header import HeaderPanel, specimen_of
from tutor.view.marks import Rect, Text
from tutor.world.records import Sent


def _panel(conductor) -> HeaderPanel:
    press(conductor, "H")
    QApplication.processEvents()
    panel = conductor.window.strip.panels["header"]
    assert isinstance(panel, HeaderPanel)
    return panel


def test_h_shows_the_segment_that_was_sent_last_until_one_is_selected(show) -> None:
    """At the playhead it is the newest; a click on the ladder shows another one."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.End())
    panel = _panel(conductor)
    newest = specimen_of(conductor.session)
    assert newest is not None
    first = next(record.flight for _, record in conductor.session.trace.records() if isinstance(record, Sent))
    conductor.send(intents.Select(f"flight:{first.id}"))
    selected = specimen_of(conductor.session)
    assert selected is not None
    assert selected.flight.id == first.id != newest.flight.id
    assert panel.canvas.picture.title("field:flags").startswith("Flags: SYN.")


def test_a_click_on_a_field_explains_it_and_leaves_the_segment_selected(show) -> None:
    """The ladder's selection and the field are two things; a second click lets the field go."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.End())
    first = next(record.flight for _, record in conductor.session.trace.records() if isinstance(record, Sent))
    conductor.send(intents.Select(f"flight:{first.id}"))
    panel = _panel(conductor)
    where = place_of(panel.canvas, "field:seq")
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert panel.field == "field:seq"
    assert conductor.session.selection == f"flight:{first.id}"
    QTest.mouseClick(panel.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert panel.field == ""


def test_the_pointer_tints_the_octets_of_the_field_below_it(show) -> None:
    """Moving over a field is enough; leaving it takes the tint away."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.End())
    panel = _panel(conductor)
    plain = panel.canvas.picture
    panel.canvas.hovered.emit("field:window")
    assert panel.canvas.picture != plain
    panel.canvas.hovered.emit("")
    assert panel.canvas.picture == plain


def test_the_fields_can_be_walked_by_keyboard(show) -> None:
    """Down goes to the first field, then to the next."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.send(intents.End())
    panel = _panel(conductor)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Down)
    assert panel.field == "field:sport"
    QTest.keyClick(panel.canvas, Qt.Key.Key_Down)
    assert panel.field == "field:dport"


def test_before_the_first_segment_the_panel_says_so(show) -> None:
    """An empty panel is a sentence, in the reader's language."""
    conductor = show(session(CLOSE, playhead=0), 1920, 1080)
    panel = _panel(conductor)
    if specimen_of(conductor.session) is None:
        assert panel.canvas.picture.titles == ()
    conductor.send(intents.SetLanguage("zh"))
    assert panel.canvas.picture.width > 0


def test_a_field_picked_by_key_scrolls_into_view_and_its_explanation_goes_along(show) -> None:
    """In a drawer too low for the grid: the checksum's cell is seen, and so is what it means."""
    conductor = answered(show(session(CLOSE), 1280, 720))
    conductor.send(intents.End())
    panel = _panel(conductor)
    for _ in range(40):
        QTest.keyClick(panel.canvas, Qt.Key.Key_Down)
        QApplication.processEvents()
        if panel.field == "field:checksum":
            break
    seen = panel.canvas.visibleRegion().boundingRect()
    boxes = [mark for mark in panel.canvas.picture.marks() if isinstance(mark, Rect) and mark.id == "field:checksum"]
    assert seen.contains(round(boxes[0].x + 2), round(boxes[0].y + 2))
    told = [mark for mark in panel.canvas.picture.marks() if isinstance(mark, Text) and mark.text == "Checksum"]
    assert any(seen.contains(round(mark.x), round(mark.y)) and mark.weight == 700 for mark in told)
