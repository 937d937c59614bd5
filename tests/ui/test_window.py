"""The window as a person uses it: keys, clicks, scrubbing, a bet, a dropped segment. Offscreen, no clock asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.stage import CLOSE, HANDSHAKE, answered, grab, ids, place_of, press, session
from tutor.teach import intents
from tutor.teach.reading import lesson_ids
from tutor.ui import pictures
from tutor.ui.conductor import Conductor
from tutor.ui.settings import Settings
from tutor.ui.window import NARROW, TABS, WIDE, Window
from tutor.view.theme import DARK, LIGHT

# --- start ---


def test_the_window_opens_with_everything_in_it(show) -> None:
    """Diagram, ladder, card and transport are there at once, and say which lesson this is."""
    window = show(session(CLOSE)).window
    assert "state:ESTABLISHED" in ids(window.diagram.canvas)
    assert any(mark.startswith("flight:") for mark in ids(window.timeline.canvas))
    assert window.lesson.title.plain()
    assert window.lesson.words.plain()
    assert window.transport.now.text() == "0.000 s"
    assert str(1 + lesson_ids().index(CLOSE)) in window.top.lesson.text()
    assert all(canvas.frames for canvas in (window.diagram.canvas, window.timeline.canvas, window.transport.scrubber))


# --- time by keys ---


def test_arrow_keys_step_from_event_to_event(show) -> None:
    """Right goes to the next instant at which something happens, left back to the one before."""
    conductor = answered(show(session(CLOSE)))
    instants = sorted({step.at for step in conductor.session.trace.steps})
    seen = [conductor.session.playhead]
    for _ in range(40):
        press(conductor, "Right")
        if conductor.session.playhead != seen[-1]:
            seen.append(conductor.session.playhead)
    assert seen == instants
    press(conductor, "Left", ",")
    assert conductor.session.playhead == instants[-3]


def test_home_end_and_pages_move_about(show) -> None:
    """Home and End go to the ends of the run, the page keys from step to step of the lesson."""
    conductor = answered(show(session(CLOSE)))
    press(conductor, "End")
    assert conductor.session.playhead == conductor.session.end
    press(conductor, "Home", "PgDown", "PgDown")
    assert conductor.session.beat == 2
    press(conductor, "PgUp")
    assert conductor.session.beat == 1


def test_brackets_change_the_speed(show) -> None:
    """[ slower, ] faster, backslash once; the button says it."""
    conductor = show(session())
    press(conductor, "[", "[")
    assert conductor.session.speed == 0.25
    assert conductor.window.transport.speed.text() == "0.25×"
    press(conductor, "]", "]", "]", "]", "]")
    assert conductor.session.speed == 8
    press(conductor, "\\")
    assert conductor.session.speed == 1


@pytest.mark.ci
def test_space_plays_and_ticks_move_the_playhead(show) -> None:
    """Playing is nothing but ticks of wall time; it stops by itself where the lesson pauses."""
    conductor = answered(show(session(CLOSE)))
    press(conductor, "Space")
    assert conductor.session.is_playing
    for _ in range(20_000):
        if not conductor.session.is_playing:
            break
        conductor.send(intents.Tick(16_000))
    assert conductor.session.playhead == conductor.session.moments[conductor.session.beat].at
    assert conductor.session.beat > 0
    assert conductor.window.transport.play.icon_name == "play"


def test_the_clock_runs_while_the_session_plays_and_only_then(show, qtbot) -> None:
    """The frame clock sends ticks; paused, it sends nothing."""
    conductor = answered(show(session(CLOSE)))
    assert not conductor._clock.isActive()
    press(conductor, "K")
    qtbot.waitUntil(lambda: conductor.ticks > 2, timeout=20_000)
    press(conductor, "K")
    assert not conductor._clock.isActive()
    assert conductor.session.playhead > 0


def test_the_scrubber_seeks_where_it_is_pressed_and_dragged(show, qtbot) -> None:
    """Pressing the middle of the track goes to the middle of the run's tempo; the right end to its end."""
    conductor = answered(show(session(CLOSE)))
    scrubber = conductor.window.transport.scrubber
    middle = QPoint(scrubber.width() // 2, scrubber.height() // 2)
    qtbot.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=middle)
    assert conductor.session.playhead == pictures.time_at(conductor.session, middle.x(), scrubber.width()) > 0
    conductor._scrub(scrubber.width() - 1, 0)
    assert conductor.session.playhead == conductor.session.end


def test_buttons_of_the_transport_do_what_their_keys_do(show, qtbot) -> None:
    """Step, back, start, play: a click is the same command."""
    conductor = answered(show(session(CLOSE)))
    transport = conductor.window.transport
    qtbot.mouseClick(transport.step, Qt.MouseButton.LeftButton)
    first = conductor.session.playhead, conductor.session.beat
    assert first != (0, 0)
    conductor.send(intents.End())
    qtbot.mouseClick(transport.back, Qt.MouseButton.LeftButton)
    assert conductor.session.playhead < conductor.session.end
    qtbot.mouseClick(transport.home, Qt.MouseButton.LeftButton)
    assert conductor.session.playhead == 0
    qtbot.mouseClick(transport.play, Qt.MouseButton.LeftButton)
    assert conductor.session.is_playing


# --- a bet ---


def test_a_bet_is_answered_by_keys(show) -> None:
    """The run stops at the bet; a number ticks, Enter checks, and the future is shown again."""
    conductor = show(session(CLOSE))
    press(conductor, "End")
    card = conductor.window.lesson
    at_bet = conductor.session.playhead
    assert conductor.session.is_held
    assert card.ask.isVisible()
    assert not card.ask.check.isEnabled()
    press(conductor, "Right")
    assert conductor.session.playhead == at_bet
    assert conductor.window.notice.isVisible()
    press(conductor, "2")
    assert card.ask.choices.rows[1].choice.mark == "ticked"
    beat = conductor.session.beat
    press(conductor, "Return")
    assert [answer.beat for answer in conductor.session.answers] == [conductor.session.lesson.beats[beat].id]
    assert card.ask.feedback.isVisible()
    assert card.ask.feedback.property("verdict") in ("right", "wrong")
    press(conductor, "Right")
    assert conductor.session.playhead > at_bet


def test_a_bet_is_answered_by_mouse(show, qtbot) -> None:
    """Click an answer, click Check."""
    conductor = show(session(CLOSE))
    conductor.send(intents.End())
    box = conductor.window.lesson.ask
    qtbot.mouseClick(box.choices.rows[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(box.check, Qt.MouseButton.LeftButton)
    assert [answer.given.picks for answer in conductor.session.answers] == [(0,)]


@pytest.mark.sampled(15)
@pytest.mark.parametrize("time", [0, 150_000, 300_000])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_while_a_bet_is_open_the_window_does_not_know_the_future(show, time: int, size: tuple[int, int]) -> None:
    """Two runs that differ only after the bet look the same to the last pixel, until the bet is answered."""
    one = show(session(CLOSE), *size)
    other = show(session(CLOSE, acts=((320_000, "set link.delay 400ms"), (500_000, "server abort"))), *size)
    assert [s.at for s in one.session.trace.steps] != [s.at for s in other.session.trace.steps]
    for conductor in (one, other):
        conductor.send(intents.Seek(time))
        conductor.window.setFocus()
    assert one.session.horizon == other.session.horizon == 300_000
    assert grab(one) == grab(other)


# --- the learner's hand ---


def _first_flight(conductor: Conductor) -> str:
    return min(
        (mark for mark in ids(conductor.window.timeline.canvas) if mark.startswith("flight:")),
        key=lambda mark: int(mark.split(":")[1]),
    )


def test_a_click_on_a_segment_shows_what_it_is(show, qtbot) -> None:
    """Flags, numbers, times and why; Esc closes it again."""
    conductor = answered(show(session(HANDSHAKE)))
    conductor.send(intents.Seek(60_000))
    canvas = conductor.window.timeline.canvas
    mark = _first_flight(conductor)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, mark))
    details = conductor.window.timeline.details
    assert conductor.session.selection == mark
    assert details.isVisible()
    assert "SYN" in details.title.text()
    press(conductor, "Esc")
    assert not details.isVisible()


def test_dropping_by_right_click_forks_and_the_old_future_stays(show) -> None:
    """The menu on a segment drops it; the run goes another way, and the way it went stays as a ghost."""
    conductor = answered(show(session(HANDSHAKE)))
    conductor.send(intents.Seek(20_000))
    canvas = conductor.window.timeline.canvas
    was, road = conductor.session.trace, conductor.session.road
    where = place_of(canvas, _first_flight(conductor))
    QApplication.sendEvent(canvas, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, canvas.mapToGlobal(where)))
    menu = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMenu) and widget.isVisible())
    assert [action.text() for action in menu.actions()[:3]] == [
        "Drop the segment\tD", "Delay the segment\tR", "Duplicate the segment\tU",
    ]  # fmt: skip
    menu.actions()[0].trigger()
    menu.close()
    assert conductor.session.branch != road
    assert conductor.session.trace is not was
    assert pictures.ghost_of(conductor.session)[0] is was
    assert conductor.window.lesson.banner.isVisible()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("key", "act", "said"),
    [
        ("D", "drop #1", "The SYN of the client is dropped."),
        ("R", "delay #1", "The SYN of the client is delayed by"),
        ("U", "duplicate #1", "The SYN of the client is duplicated."),
    ],
)
def test_one_key_drops_delays_or_duplicates(show, key: str, act: str, said: str) -> None:
    """Without pointing, the key means the segment that is on its way; the banner says what was done."""
    conductor = answered(show(session(HANDSHAKE)))
    conductor.send(intents.Seek(20_000))
    press(conductor, key)
    away = conductor.session.off_road
    assert away is not None
    assert away.acts[0].startswith(act)
    assert said in conductor.window.lesson.banner.words.plain()


def test_one_key_leads_back_to_the_lesson_and_undo_takes_it_back(show) -> None:
    """Backspace: the lesson's road. Ctrl+Z: the session as it was before the last deed."""
    conductor = answered(show(session(HANDSHAKE)))
    conductor.send(intents.Seek(20_000))
    press(conductor, "D")
    detour = conductor.session.branch
    press(conductor, "Backspace")
    assert conductor.session.branch == conductor.session.road
    assert not conductor.window.lesson.banner.isVisible()
    press(conductor, "Ctrl+Z")
    assert conductor.session.branch == detour
    press(conductor, "Ctrl+Z")
    assert conductor.session.off_road is None
    press(conductor, "Ctrl+Shift+Z")
    assert conductor.session.branch == detour


def test_going_on_exploring_is_the_other_way(show) -> None:
    """X keeps the new road; bets stop nothing there."""
    conductor = answered(show(session(HANDSHAKE)))
    conductor.send(intents.Seek(20_000))
    press(conductor, "D", "X")
    assert conductor.session.is_exploring
    assert not conductor.window.lesson.banner.explore.isVisible()
    press(conductor, "End")
    assert conductor.session.playhead == conductor.session.end


# --- looks ---


def test_the_language_changes_at_once_and_everywhere(show) -> None:
    """Heads, buttons, words of the lesson, labels of the diagram: one key, and back."""
    conductor = show(session())
    window = conductor.window
    english = (window.diagram.head.text(), window.lesson.title.plain(), window.top.help.text(), window.tabs.tabText(0))
    press(conductor, "Ctrl+L")
    chinese = (window.diagram.head.text(), window.lesson.title.plain(), window.top.help.text(), window.tabs.tabText(0))
    assert all(a != b for a, b in zip(english, chinese, strict=True))
    assert window.top.language.text() == "English"
    press(conductor, "Ctrl+L")
    assert window.diagram.head.text() == english[0]


def test_the_theme_changes_at_once(show) -> None:
    """T: the ground is dark; T again: light."""
    conductor = show(session())
    corner = (2, 300)
    assert grab(conductor).pixelColor(*corner).name().upper() == LIGHT.colour("bg")
    press(conductor, "T")
    assert grab(conductor).pixelColor(*corner).name().upper() == DARK.colour("bg")
    assert conductor.window.diagram.canvas._style.theme_name == "dark"
    press(conductor, "T")
    assert grab(conductor).pixelColor(*corner).name().upper() == LIGHT.colour("bg")


def test_text_can_be_made_larger(show) -> None:
    """Ctrl + makes words and pictures larger, Ctrl 0 as they were."""
    conductor = show(session())
    before = conductor.window.lesson.head.font().pixelSize()
    press(conductor, "Ctrl++", "Ctrl++", "Ctrl++")
    assert conductor.window.lesson.head.font().pixelSize() > before
    press(conductor, "Ctrl+0")
    assert conductor.window.lesson.head.font().pixelSize() == before


# --- layout ---


@pytest.mark.ci
def test_a_narrow_window_has_tabs(show) -> None:
    """Below 1100 px lesson, diagram and timeline share the room, one at a time; wider they stand side by side."""
    conductor = show(session(CLOSE), 1000, 640)
    window = conductor.window
    assert window.mode == TABS
    assert window.tabs.isVisible()
    assert [card.isVisible() for card in (window.lesson, window.diagram, window.timeline)] == [True, False, False]
    window.tabs.setCurrentIndex(2)
    QApplication.processEvents()
    assert window.timeline.isVisible()
    assert any(mark.startswith("flight:") for mark in ids(window.timeline.canvas))
    for width, mode in ((1280, NARROW), (1700, WIDE), (1000, TABS), (1920, WIDE)):
        window.resize(width, 720)
        QApplication.processEvents()
        assert window.mode == mode
        assert window.tabs.isVisible() is (mode == TABS)
    assert all(card.isVisible() for card in (window.lesson, window.diagram, window.timeline))


def test_the_window_is_never_smaller_than_it_can_be_used(show) -> None:
    """960 by 600, no less."""
    window = show(session(), 300, 200).window
    assert (window.width(), window.height()) == (960, 600)


def test_splitters_are_remembered_and_forgotten(show, tmp_path: Path) -> None:
    """A dragged splitter stands there again at the next start; a double click puts it back to its rule."""
    settings = Settings(tmp_path / "window.json")
    first = Window(show(session()).style, (1.0,), settings)
    first.resize(1280, 720)
    first.show()
    rule = first.splitter.sizes()
    first.splitter.setSizes([400, 500, 340])
    first.splitter.splitterMoved.emit(400, 1)
    first.close()
    second = Window(first.style_now, (1.0,), Settings(tmp_path / "window.json"))
    second.resize(1280, 720)
    second.show()
    assert abs(second.splitter.sizes()[0] - 400) < 12
    second.splitter.reset_wanted.emit()
    assert second.splitter.sizes() == rule
    second.close()
    assert Settings(tmp_path / "window.json").shares("splitter-narrow", 3) is None


def test_broken_settings_are_no_fault(tmp_path: Path) -> None:
    """A file that is not ours, or cannot be written, is as good as none."""
    path = tmp_path / "window.json"
    path.write_text("[1, 2", encoding="utf-8")
    settings = Settings(path)
    assert settings.text("theme", ("light", "dark")) is None
    settings.keep("theme", "dark")
    assert Settings(path).text("theme", ("light", "dark")) == "dark"
    Settings(tmp_path / "window.json" / "below").keep("theme", "dark")


def test_the_lesson_card_can_be_hidden(show) -> None:
    """L: more room for the pictures; L again: the words are back."""
    window = show(session()).window
    before = window.diagram.canvas.width()
    QTest.keyClick(window, Qt.Key.Key_L)
    QApplication.processEvents()
    assert not window.lesson.isVisible()
    assert window.diagram.canvas.width() > before
    QTest.keyClick(window, Qt.Key.Key_L)
    assert window.lesson.isVisible()


def test_with_the_drawer_open_at_720_px_what_is_clicked_leaves_rows_of_the_timeline(show) -> None:
    """On a low card the buttons stand beside the title and the rest scrolls; on a high one they stand below."""
    conductor = show(session(HANDSHAKE))
    answered(conductor).send(intents.Seek(80_000))
    conductor.send(intents.Select("flight:2"))
    QApplication.processEvents()
    card = conductor.window.timeline
    details = card.details
    assert details.top.indexOf(details.hands) < 0 and details.duplicate.isVisible()
    conductor.window.command("strip")
    for _ in range(4):
        QApplication.processEvents()
    assert details.top.indexOf(details.hands) >= 0 and details.drop.isVisible()
    assert card.canvas.height() > details.height()
    assert details.geometry().bottom() < card.height()
    conductor.window.command("strip")
    for _ in range(4):
        QApplication.processEvents()
    assert details.top.indexOf(details.hands) < 0 and details.duplicate.isVisible()
