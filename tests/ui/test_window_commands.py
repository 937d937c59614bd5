"""Every command has a key and a place, what can be pressed a name; what is folded or drawn can be asked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication

from tests.ui.stage import CLOSE, HANDSHAKE, answered, ids, place_of, press, session
from tutor.teach import intents
from tutor.ui import commands
from tutor.ui.library import TOUR

# --- commands ---


def test_no_key_stands_in_two_rows() -> None:
    """An ambiguous shortcut would do nothing at all, silently; what is inner goes before what is outer."""
    for context in commands.CONTEXTS:
        rows = [command for command in commands.COMMANDS if command.context == context]
        keys = [QKeySequence(key).toString() for command in rows for key in command.keys]
        assert len(keys) == len(set(keys))
        assert all(keys)
    for asked in (commands.TYPED, commands.EXPLAIN):
        found = commands.active((asked, commands.QUESTION, commands.LABORATORY))
        keys = [key for name in found for key in commands.BY_ID[name].keys]
        assert len(keys) == len(set(keys))


@pytest.mark.ci
def test_the_question_mark_lists_every_command(show) -> None:
    """What has a key here stands in the overlay, in the reader's language; Esc closes it."""
    conductor = show(session())
    window = conductor.window
    press(conductor, "?")
    assert window.overlay.isVisible()
    shown = {label.text() for label in window.overlay.frame.findChildren(type(window.lesson.head))}
    assert {
        conductor.words.t(command.text)
        for command in commands.COMMANDS
        if command.keys and command.group not in (commands.PRESENT, commands.ASK)
    } <= shown
    press(conductor, "Ctrl+L")
    assert "全部按键" not in shown
    press(conductor, "Esc")
    assert not window.overlay.isVisible()


@pytest.mark.ci
def test_every_command_is_carried_out(show) -> None:
    """No row of the registry ends in nothing, whatever the session stands at."""
    conductor = show(session(CLOSE))
    for command in commands.COMMANDS:
        conductor.window.command(command.id)
        QApplication.processEvents()
    assert conductor.session.lesson.id == TOUR


def test_another_lesson_is_a_click_away(show) -> None:
    """The menu of lessons opens the other lesson from its start; language and theme stay."""
    conductor = show(session(HANDSHAKE, lang="zh", theme="dark"))
    conductor.window.top.lesson_wanted.emit(CLOSE)
    assert conductor.session.lesson.id == CLOSE
    assert (conductor.session.lang, conductor.session.theme) == ("zh", "dark")
    assert conductor.window.lesson.title.plain()


# --- for those who do not see ---


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_that_can_be_pressed_has_a_name(show, lang: str) -> None:
    """A screen reader can name every button and picture, and say where both hosts stand."""
    window = show(session(CLOSE, lang=lang)).window
    for button in window.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName(), f"{button} has no name"
    for canvas in (window.diagram.canvas, window.timeline.canvas):
        assert canvas.accessibleName()
        assert "SYN-SENT" in canvas.accessibleDescription()


def test_a_click_on_a_fold_shows_the_silence_at_its_length(show, qtbot) -> None:
    """TIME-WAIT is folded; a click unfolds it, another folds it again."""
    conductor = answered(show(session(CLOSE)))
    conductor.send(intents.End())
    canvas = conductor.window.timeline.canvas
    fold = next(mark for mark in ids(canvas) if mark.startswith("fold:"))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, fold))
    assert conductor.session.unfolded == {fold}
    conductor.click(fold)
    assert conductor.session.unfolded == frozenset()


def test_a_click_on_a_state_tells_what_it_waits_for(show, qtbot) -> None:
    """Its meaning and its ways out stand beside the ladder; the diagram keeps its size."""
    conductor = show(session(CLOSE))
    canvas = conductor.window.diagram.canvas
    before = canvas.size()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, "state:LISTEN"))
    QApplication.processEvents()
    details = conductor.window.timeline.details
    assert details.isVisible()
    assert details.title.text() == "LISTEN"
    assert "SYN-RCVD" in details.accessibleDescription()
    assert canvas.size() == before
