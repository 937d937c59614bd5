"""Presenting: two windows and a clicker. The lecturer is told all of it, and nothing is written of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.halls import LAPTOP, arrive, display, presented, press
from tests.ui.stage import session
from tutor.teach import intents, show_deeds
from tutor.teach.lecture import Item, Situation
from tutor.teach.lesson import Text
from tutor.teach.show import lecture_of
from tutor.ui.commands import COMMANDS, PRESENTER, while_presenting
from tutor.ui.conductor import Conductor
from tutor.ui.present.show import Show

# --- what is not TCP ---


@pytest.mark.sampled(4)
@pytest.mark.parametrize("size", [(1920, 1080), (800, 800)])
def test_the_room_is_told_that_a_run_is_not_tcp(show, size: tuple[int, int]) -> None:
    """A band over the pictures, large enough for the last row, and a small one for the lecturer; no question hides it,
    a blank does."""
    made, _ = presented(show(session("40-break-the-protocol")), None, LAPTOP, display("projector", 1280, 0, *size))
    band = made.audience.banner
    assert band.isVisible() and band.text().startswith("NOT TCP — no TIME-WAIT: whoever closes first")
    assert band.font().pixelSize() >= size[1] / 50 and band.width() > 0.9 * size[0]
    assert made.console.banner.text() == "NOT TCP — no TIME-WAIT"
    question = next(at for at, stop in enumerate(made.here.stops) if stop.kind == "question" and stop.beat)
    made.send(show_deeds.GoTo(question))
    QApplication.processEvents()
    assert made.asking.is_on_board and not made.asking.board.geometry().intersects(band.geometry())
    press(made.console, "B")
    QApplication.processEvents()
    assert made.audience.blank.isVisible() and made.audience.blank.geometry().contains(band.geometry())
    made.end()


def test_the_band_comes_and_goes_with_what_the_room_sees(show) -> None:
    """A frozen window keeps it while the lecturer is with TCP already; then the pictures have its room back."""
    made, _ = presented(show(session("08-why-three")))
    band, stage = made.audience.banner, made.audience.stage
    assert band.isVisible() and made.console.banner.isVisible()
    press(made.console, "F")
    tcp = next(at for at, stop in enumerate(made.here.stops) if stop.beat == "asks-back")
    made.send(show_deeds.GoTo(tcp))
    QApplication.processEvents()
    assert band.isVisible() and not made.console.banner.isVisible()
    high = stage.geometry().height()
    press(made.console, "F")
    QApplication.processEvents()
    assert not band.isVisible() and stage.geometry().height() > high
    made.end()


# --- walking ---


def test_f5_presents_the_lesson_and_esc_leaves(stage: Conductor) -> None:
    """Both windows open and go; the window it was begun in is as it was."""
    before = stage.session
    stage.window.command("present")
    made = stage.findChild(Show)
    assert made is not None
    QApplication.processEvents()
    assert made.audience.isFullScreen()
    press(made.audience, "Esc")
    QApplication.processEvents()
    assert stage.beside == []
    assert stage.session is before


@pytest.mark.ci
def test_a_clicker_walks_through_the_whole_lesson(stage: Conductor) -> None:
    """PageDown alone, to the end: every stop once, every answer shown, the run never past what may be seen."""
    show, _ = presented(stage)
    stops = show.here.stops
    seen = [0]
    for _ in range(3 * len(stops)):
        press(show.audience, "PgDown")
        arrive(show)
        now = show.player.session
        assert now.horizon is None or now.playhead <= now.horizon
        if show.here.at != seen[-1]:
            seen.append(show.here.at)
        assert show.audience.caption.row.sentence
        assert not show.warning
        if show.here.is_over:
            break
    assert seen == list(range(len(stops)))
    assert show.here.revealed == {at for at, stop in enumerate(stops) if stop.kind == "question"}
    press(show.audience, "PgUp", "PgUp")
    assert show.here.at == len(stops) - 2
    show.end()


@pytest.mark.ci
def test_shift_f5_begins_where_the_learner_is(stage: Conductor) -> None:
    """At the step that is on the card."""
    stage.send(intents.NextBeat())
    stage.window.command("present-here")
    made = stage.findChild(Show)
    assert made is not None
    current = stage.session.current
    assert current is not None
    assert made.here.stop.beat == current.id
    made.end()


@pytest.mark.ci
def test_on_the_way_a_second_press_is_there_at_once(stage: Conductor) -> None:
    """A lecturer in a hurry does not wait for a segment."""
    show, _ = presented(stage)
    press(show.console, "PgDown")
    assert show.player.is_moving
    press(show.console, "PgDown")
    assert not show.player.is_moving
    assert show.here.at == 1
    show.end()


@pytest.mark.ci
def test_less_motion_jumps(stage: Conductor) -> None:
    """Nothing travels: neither the run nor the camera."""
    stage.send(intents.SetMotion("reduced"))
    show, _ = presented(stage)
    press(show.console, "PgDown", "Shift+Z")
    assert not show.player.is_moving
    assert show.player.session.playhead > 0
    assert show.audience.diagram.canvas.zoom == 1
    show.end()


def test_nothing_is_written_to_the_learners_progress(stage: Conductor) -> None:
    """Neither an answer nor an edge: whoever presents is asked nothing."""
    noted: list[object] = []
    stage.keeper.note = noted.append  # type: ignore[method-assign]
    show, _ = presented(stage)
    for _ in range(5):
        press(show.console, "PgDown")
        arrive(show)
    assert show.player.session.answers
    assert stage.session.answers == ()
    assert noted == []
    show.end()


# --- what the room sees ---


def test_a_frozen_room_sees_what_it_saw(stage: Conductor) -> None:
    """The lecturer goes on alone; unfrozen, the room is where the lecturer is."""
    show, _ = presented(stage)
    press(show.console, "PgDown", "F")
    picture, row = show.audience.ladder.canvas.picture, show.audience.caption.row
    press(show.console, "PgDown", "PgDown", "3")
    assert show.audience.ladder.canvas.picture == picture
    assert show.audience.caption.row == row
    assert show.audience.diagram.isVisible()
    assert show.console.title.plain() != row.sentence
    press(show.console, "F")
    assert show.audience.caption.row != row
    assert not show.audience.diagram.isVisible()
    show.end()


def colours(show: Show) -> set[str]:
    """Every colour that the room sees."""
    seen = show.audience.grab().toImage().scaled(64, 36)
    return {seen.pixelColor(x, y).name() for x in range(seen.width()) for y in range(seen.height())}


@pytest.mark.ci
def test_b_and_the_full_stop_of_a_clicker_make_it_black(stage: Conductor) -> None:
    """The same key shows the picture again; W is white. Nothing that dresses the window anew changes it."""
    show, desk = presented(stage)
    for key, colour in (("B", "#000000"), (".", "#000000"), ("W", "#ffffff")):
        press(show.audience, key)
        assert colours(show) == {colour}
        press(show.audience, key)
        assert len(colours(show)) > 1
    press(show.audience, "B", "T")
    assert colours(show) == {"#000000"}, "another theme"
    desk.plug(LAPTOP, display("projector", 1280, 0, 1024, 768))
    QApplication.processEvents()
    assert colours(show) == {"#000000"}, "another resolution"
    press(show.audience, "Shift+C")
    QApplication.processEvents()
    assert colours(show) == {"#000000"}, "swapped displays"
    desk.plug(LAPTOP)
    QApplication.processEvents()
    assert colours(show) == {"#000000"}, "an unplugged projector"
    show.end()


@pytest.mark.ci
def test_the_layouts_are_on_one_two_three(stage: Conductor) -> None:
    """Both, the diagram, the timeline; each picture has the room that it has then."""
    show, _ = presented(stage)
    for key, seen in (("2", (True, False)), ("3", (False, True)), ("1", (True, True))):
        press(show.audience, key)
        QApplication.processEvents()
        assert (show.audience.diagram.isVisible(), show.audience.ladder.isVisible()) == seen
        for canvas in show.audience.canvases.values():
            if canvas.isVisible():
                assert canvas.picture.width == canvas.width()
    show.end()


@pytest.mark.ci
def test_the_room_keeps_its_own_theme(stage: Conductor) -> None:
    """T is the room's there: a bright one or a dark one. The learner's window does not change, and it is remembered."""
    show, _ = presented(stage)
    assert show.audience.style_now.theme_name == "bright-room"
    press(show.audience, "T")
    assert show.audience.style_now.theme_name == "dark-room"
    assert (stage.session.theme, show.console.style_now.theme_name) == ("light", "light")
    show.end()
    again, _ = presented(stage)
    assert again.theme == "dark-room"
    again.end()


@pytest.mark.ci
def test_another_language_is_everywhere_at_once(stage: Conductor) -> None:
    """In the caption, the pictures and on the console."""
    show, _ = presented(stage)
    press(show.console, "PgDown", "PgDown", "Ctrl+L")
    assert show.words.lang == "zh"
    assert any("\u4e00" <= sign <= "\u9fff" for sign in show.audience.caption.row.sentence)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in show.console.title.plain())
    show.end()


# --- stops of other kinds ---


@pytest.mark.ci
def test_a_prepared_situation_is_one_key_away(stage: Conductor) -> None:
    """Alt and a digit; the clicker leads back to where it was left. An empty key says so to the lecturer alone."""
    lecture = replace(
        lecture_of(stage.session.lesson),
        situations=(Situation(3, Text("The last word"), "13-four-way-close", "last-ack"),),
    )
    show, _ = presented(stage, lecture)
    press(show.console, "PgDown")
    arrive(show)
    left = show.player.session.playhead
    press(show.console, "Alt+3")
    assert show.here.situation == 3
    assert show.player.session.current is not None
    assert show.player.session.current.id == "last-ack"
    assert show.player.session.horizon is None or show.player.session.horizon > show.player.session.playhead
    press(show.console, "PgDown")
    assert (show.here.situation, show.here.at, show.player.session.playhead) == (None, 1, left)
    press(show.console, "Alt+4")
    assert "Alt+4" in show.console.notice.text()
    assert not show.warning
    assert show.here.at == 1
    show.end()


def test_a_note_and_a_run_that_is_not_there_do_not_end_the_lecture(stage: Conductor, tmp_path: Path) -> None:
    """A note is said over the picture before; what is wrong with a run is said to the lecturer, and one goes on."""
    lesson = lecture_of(stage.session.lesson)
    items = (
        Item("note", "note", Text("Why we are here"), 1, notes=Text("Say hello")),
        Item("gone", "run", Text("A run"), 1, run="gone.tcprun"),
        lesson.items[0],
    )
    show, _ = presented(stage, replace(lesson, items=items, path=str(tmp_path / "lecture.yaml")))
    assert show.audience.caption.row.sentence == "Why we are here"
    assert show.console.notes.plain() == "Say hello"
    press(show.console, "PgDown")
    assert "gone.tcprun" in show.warning
    assert show.console.warning.isVisibleTo(show.console)
    press(show.console, "PgDown")
    assert show.here.stop.kind == "beat"
    assert not show.warning
    show.end()


@pytest.mark.ci
def test_a_run_that_is_moved_by_hand_takes_the_stop_along(stage: Conductor) -> None:
    """Play, steps and the ends work as in the window, and the next press goes on from there."""
    show, _ = presented(stage)
    press(show.console, "End")
    assert show.player.session.playhead > 0
    press(show.console, "Home", "Right", "Space")
    assert show.player.session.is_playing
    arrive(show)
    assert show.here.at > 0
    press(show.console, "PgDown")
    assert show.here.at > 1 or show.here.revealed
    show.end()


# --- the lecturer ---


@pytest.mark.ci
def test_the_console_tells_the_answer_and_the_room_does_not(stage: Conductor) -> None:
    """Until it is shown; neither caption nor pictures know it."""
    show, _ = presented(stage, at=3)
    assert show.here.is_asking
    assert show.console.answer.plain()
    told = show.console.answer.plain().split("\n")[0]
    assert told not in show.audience.caption.row.sentence
    assert show.console.reveal.isVisibleTo(show.console)
    press(show.console, "Return")
    assert show.here.revealed == {3}
    assert not show.console.reveal.isVisibleTo(show.console)
    show.end()


@pytest.mark.ci
def test_clock_and_pace_are_told(stage: Conductor) -> None:
    """By the second; behind the plan it warns, and the clock begins anew when it is asked to."""
    show, _ = presented(stage)
    show.pass_time(61.0)
    assert show.console.clock.text() == "1:01"
    show.pass_time(600.0)
    assert "behind" in show.console.pace.text()
    press(show.console, "Ctrl+R")
    show.pass_time(1.0)
    assert show.console.clock.text() == "0:01"
    show.end()


@pytest.mark.ci
def test_a_click_in_the_list_leads_there(stage: Conductor) -> None:
    """Each stop stands in it once; the current one is marked."""
    show, _ = presented(stage)
    items = [show.console.stops.item(at) for at in range(show.console.stops.count())]
    places = [item.data(Qt.ItemDataRole.UserRole) for item in items]
    assert [place for place in places if place is not None] == list(range(len(show.here.stops)))
    show.console.stops.itemClicked.emit(items[places.index(4)])
    assert show.here.at == 4
    assert show.console.stops.currentItem() is items[places.index(4)]
    show.end()


@pytest.mark.ci
def test_the_keys_of_presenting_are_listed(stage: Conductor) -> None:
    """The question mark shows them over the console, and Esc closes the list before it leaves."""
    show, _ = presented(stage)
    press(show.console, "?")
    assert show.keys.isVisible()
    said = {label.text() for label in show.keys.frame.findChildren(QLabel)}
    rows = [row for row in COMMANDS if row.context == PRESENTER and row.keys]
    assert {show.words.t(row.text) for row in rows} <= said
    assert {"B  .", "→"} <= said, "the full stop of a clicker is black, and nothing else"
    assert "→  ." not in said
    press(show.console, "Esc")
    assert not show.keys.isVisible()
    assert stage.beside == [show]
    press(show.console, "Esc")
    assert stage.beside == []


def test_long_notes_are_read_by_keys(stage: Conductor) -> None:
    """Shift and the arrows scroll what does not fit on the console, from either window; the next stop begins at its
    top."""
    lecture = lecture_of(stage.session.lesson)
    notes = Text("\n\n".join(f"Say the sentence {number} of many." for number in range(80)))
    show, _ = presented(stage, replace(lecture, items=(replace(lecture.items[0], notes=notes),)))
    bar = show.console.fold.verticalScrollBar()
    QApplication.processEvents()
    assert bar.maximum() > 200
    press(show.console, "Shift+Down")
    once = bar.value()
    assert once > 0
    press(show.audience, "Shift+Down")
    assert bar.value() > once
    press(show.console, "Shift+Up")
    assert bar.value() == once
    assert show.here.at == 0
    show.pass_time(2)
    show.notify("Something is said.")
    assert bar.value() == once, "only another stop begins anew"
    press(show.console, "PgDown")
    assert show.here.at == 1
    assert bar.value() == 0
    show.end()


def test_no_hand_touches_a_run_in_front_of_a_room() -> None:
    """Drop, delay and the like have no key there; every key has one meaning."""
    found = while_presenting()
    assert not {"drop", "delay", "duplicate", "undo", "do", "forge", "palette"} & set(found)
    keys = [key for name, each in found.items() if not name.startswith("vote-") for key in each]
    assert len(keys) == len(set(keys))


@pytest.mark.ci
def test_the_lecture_ends_with_its_window(stage: Conductor) -> None:
    """Whoever closes the room's window, or the one it was begun in, leaves; sleep is let in again."""
    show, _ = presented(stage)
    show.awake.by = "nobody"
    show.audience.close()
    assert stage.beside == []
    assert show.awake.by == ""
    again, _ = presented(stage)
    stage.window.close()
    assert stage.beside == []
    assert not again.console.isVisible()
