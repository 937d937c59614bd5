"""The editor of lessons: from a run to a text, checked while it is typed, shown in the window, and never lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from tests.ui.flaws import flaws_of
from tests.ui.stage import CLOSE, HANDSHAKE, answered, press, session
from tutor import resources
from tutor.teach import intents
from tutor.teach.check import check_lesson
from tutor.ui import editor_files
from tutor.ui.editor import Editor
from tutor.ui.learner_dialogs import SureDialog
from tutor.ui.manual import Manual
from tutor.ui.opening import TroubleDialog
from tutor.ui.present.show import Show
from tutor.words import Words

Open = Callable[..., tuple[object, Editor]]


@pytest.fixture
def edit(show, qtbot) -> Iterator[Open]:
    """Opens the editor by a command on a lesson; afterwards it is closed, whatever was typed."""
    made: list[Editor] = []

    def make(command: str = "edit-lesson", lesson: str = CLOSE, **changes: object) -> tuple[object, Editor]:
        conductor = answered(show(session(lesson, **changes)))
        conductor.send(intents.LookUp())
        conductor.command(command)
        editor = next(each for each in conductor.beside if isinstance(each, Editor))
        made.append(editor)
        settle(editor, qtbot)
        return conductor, editor

    yield make
    for editor in made:
        editor.check.stop()
        editor.show_saved()
        editor.close()
        editor.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle(editor: Editor, qtbot) -> None:
    """Wait until the linter has spoken of what stands there now."""
    qtbot.waitUntil(lambda: editor.heard == editor.check.newest, timeout=10_000)


def dialogs(editor: Editor, kind: type[QDialog] = TroubleDialog) -> list[QDialog]:
    """The dialogs of this kind over the editor."""
    return [each for each in editor.findChildren(kind) if each.isVisible()]


def listed(editor: Editor) -> list[str]:
    """The mistakes as they are listed."""
    return [editor.faults.item(row).text() for row in range(editor.faults.count())]


# --- from the run to the text ---


def test_a_run_is_recorded_checked_and_shown_again_by_keys_alone(show, qtbot) -> None:
    """Drop a segment, record, preview: the window plays the new lesson, in which the segment is dropped."""
    conductor = answered(show(session(CLOSE)))
    conductor.send(intents.Seek(120_000))
    press(conductor, "D", "Ctrl+Shift+R")
    editor = next(each for each in conductor.beside if isinstance(each, Editor))
    settle(editor, qtbot)
    assert editor.errors == ()
    assert "drop #" in editor.text()
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert conductor.session.lesson.id == "recorded-13-four-way-close"
    assert any(beat.act for beat in conductor.session.lesson.beats)
    editor.show_saved()
    editor.close()


def test_from_the_preview_the_same_key_leads_back_to_what_was_typed(edit: Open) -> None:
    """Nothing is asked and nothing is read anew: it is the lesson that is being written."""
    conductor, editor = edit("record", HANDSHAKE)
    editor.preview()
    editor.code.insertPlainText("# more\n")
    conductor.command("edit-lesson")
    assert editor.text().startswith("# more\n")
    assert not editor.question_buttons


def test_what_cannot_be_recorded_is_said_and_no_editor_opens(show) -> None:
    """The learner's act is never an exception."""
    conductor = answered(show(session(CLOSE, acts=tuple((1000 * n, "wait 1ms") for n in range(120)))))
    conductor.command("record")
    assert not conductor.beside
    assert "a lesson has room for 99" in conductor.window.notice.text()


def test_a_lesson_that_came_with_the_program_is_edited_as_a_copy(edit: Open) -> None:
    """It has no file of its own to be saved to."""
    _, editor = edit()
    assert editor.path is None
    assert editor.text().startswith("# yaml-language-server")
    assert not editor.is_changed()
    assert editor.errors == ()


# --- the check while typing ---


@pytest.mark.ci
def test_mistakes_are_listed_as_the_command_line_says_them_and_a_click_jumps(edit: Open, qtbot, tmp_path: Path) -> None:
    """Line and column first; the cursor goes there, F8 goes on to the next."""
    _, editor = edit()
    text = (
        editor.text()
        .replace("cue: server enters CLOSE-WAIT", "cue: server entres CLOSE-WAIT", 1)
        .replace("seed:", "sed:")
    )
    editor.code.setPlainText(text)
    settle(editor, qtbot)
    path = tmp_path / "lesson.yaml"
    path.write_text(text, encoding="utf-8")
    wanted = [error.text(Words()).removeprefix(f"{path}:") for error in check_lesson(path)]
    assert listed(editor) == wanted
    assert len(wanted) == 2
    editor.faults.itemClicked.emit(editor.faults.item(0))
    assert editor.code.textCursor().blockNumber() + 1 == editor.errors[0].line
    QTest.keyClick(editor.code, Qt.Key.Key_F8)
    assert editor.code.textCursor().blockNumber() + 1 == editor.errors[1].line


@pytest.mark.ci
def test_a_translation_beside_the_file_is_checked_with_it(edit: Open, qtbot, tmp_path: Path) -> None:
    """A sentence that was changed makes its translation stale: said at once, with the other file's name."""
    folder = tmp_path / HANDSHAKE
    shutil.copytree(resources.lessons_dir() / HANDSHAKE, folder)
    _, editor = edit()
    editor.open_file(str(folder / "lesson.yaml"))
    settle(editor, qtbot)
    assert editor.errors == ()
    editor.code.setPlainText(editor.text().replace("title: The client is open", "title: The client is ready"))
    settle(editor, qtbot)
    assert [Path(error.file).name for error in editor.errors] == ["zh.yaml"]
    assert listed(editor)[0].startswith(str(folder / "zh.yaml"))
    editor.next_fault()


@pytest.mark.ci
def test_a_text_that_is_no_yaml_at_all_is_told_too(edit: Open, qtbot) -> None:
    """Whatever is typed: the check answers, the window stays."""
    _, editor = edit()
    for text in ("{", "", "\x00", "a: [", "&a [*a]", "- " * 2000):
        editor.code.setPlainText(text)
        settle(editor, qtbot)
        assert editor.errors, repr(text)


def test_the_language_of_the_window_is_the_language_of_the_mistakes(edit: Open, qtbot) -> None:
    """Switched live: buttons, status and sentences."""
    conductor, editor = edit()
    editor.code.setPlainText("format: 2\n")
    conductor.send(intents.SetLanguage("zh"))
    settle(editor, qtbot)
    assert editor.save_button.text() == "保存"
    assert any("缺少" in said for said in listed(editor))


# --- typing ---


def test_keys_are_completed_from_the_schema(edit: Open) -> None:
    """Two letters, Enter: the key stands there with its colon."""
    _, editor = edit()
    editor.code.moveCursor(QTextCursor.MoveOperation.End)
    editor.code.insertPlainText("\n  - id: more\n    ")
    QTest.keyClicks(editor.code, "cu")
    popup = editor.code.completer.popup()
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.text().endswith("    cue: ")
    assert not popup.isVisible()


def test_enter_and_tab_know_indentation(edit: Open) -> None:
    """Below a key two further in; Tab goes in, Backspace and Shift+Tab come back."""
    _, editor = edit()
    editor.code.setPlainText("")
    QTest.keyClicks(editor.code, "hosts:")
    editor.code.completer.popup().hide()
    QTest.keyClick(editor.code, Qt.Key.Key_Return)
    QTest.keyClicks(editor.code, "a: 1")
    assert editor.text() == "hosts:\n  a: 1"
    QTest.keyClick(editor.code, Qt.Key.Key_Backtab)
    assert editor.text() == "hosts:\na: 1"
    QTest.keyClick(editor.code, Qt.Key.Key_Return)
    QTest.keyClick(editor.code, Qt.Key.Key_Tab)
    assert editor.text().endswith("\n  ")
    QTest.keyClick(editor.code, Qt.Key.Key_Backspace)
    assert editor.text().endswith("\n")


def test_nobody_is_caught_in_the_text(edit: Open) -> None:
    """Escape and then Tab leaves it."""
    _, editor = edit()
    editor.activateWindow()
    editor.code.setFocus()
    QApplication.processEvents()
    before = editor.text()
    QTest.keyClick(editor.code, Qt.Key.Key_Escape)
    QTest.keyClick(editor.code, Qt.Key.Key_Tab)
    assert editor.text() == before
    assert QApplication.focusWidget() is not editor.code


def test_a_no_break_space_survives(edit: Open, tmp_path: Path) -> None:
    """Qt's plain text would turn it into a space; the file keeps it."""
    _, editor = edit()
    editor.code.setPlainText("title: a\u00a0b\n")
    assert editor.save_to(str(tmp_path / "a.yaml"))
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == "title: a\u00a0b\n"


# --- preview ---


def test_a_text_with_mistakes_is_not_shown_and_says_why(edit: Open) -> None:
    """The window keeps its run."""
    conductor, editor = edit()
    before = conductor.session.lesson
    editor.code.setPlainText("format: 1\n")
    editor.preview()
    assert conductor.session.lesson is before
    assert dialogs(editor)
    dialogs(editor)[0].close()


# --- looks ---


def test_f1_opens_the_page_about_writing(edit: Open) -> None:
    """In the reader's language, over the editor."""
    _, editor = edit(lang="zh")
    QTest.keyClick(editor, Qt.Key.Key_F1)
    manual = dialogs(editor, Manual)[0]
    assert "录制" in manual.pages.toPlainText()
    manual.close()


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("lang", "theme", "scale"), [("en", "light", 1.0), ("zh", "dark", 2.0), ("en", "contrast-light", 2.0)]
)
def test_no_words_are_cut_and_nothing_lies_on_anything(edit: Open, qtbot, lang: str, theme: str, scale: float) -> None:
    """The finder of flaws finds none, with mistakes listed and without."""
    _, editor = edit(lang=lang, theme=theme, text_scale=scale)
    editor.resize(1280, 720)
    QApplication.processEvents()
    assert flaws_of(editor) == []
    editor.code.setPlainText("format: 2\n" + editor.text())
    settle(editor, qtbot)
    QApplication.processEvents()
    assert flaws_of(editor) == []


# --- files ---


def test_a_lesson_is_saved_and_opened_again(edit: Open, tmp_path: Path) -> None:
    """Saved it is no longer changed; the next change says so in the title."""
    _, editor = edit("record", HANDSHAKE)
    assert editor.is_changed()
    path = tmp_path / "mine.yaml"
    assert editor.save_to(str(path))
    assert not editor.is_changed()
    assert path.read_text(encoding="utf-8") == editor.text()
    editor.code.insertPlainText("# more\n")
    assert editor.windowTitle().startswith("•")
    assert editor.save()
    assert path.read_text(encoding="utf-8").startswith("# more\n")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine.yaml"]


def test_what_cannot_be_written_is_said_and_stays_unsaved(edit: Open, tmp_path: Path) -> None:
    """A folder that is not there, and a folder in the file's place."""
    _, editor = edit("record", HANDSHAKE)
    for place in (tmp_path / "no" / "lesson.yaml", tmp_path):
        assert not editor.save_to(str(place))
        assert editor.is_changed()
        assert str(place) in dialogs(editor)[0].said.accessibleName()
        dialogs(editor)[0].close()


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written beside, moved into place: half a lesson never is in it, and no litter beside it."""
    path = tmp_path / "lesson.yaml"
    path.write_text("old\n", encoding="utf-8")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(editor_files.os, "fsync", full)
    with pytest.raises(editor_files.FileTrouble, match="No space left"):
        editor_files.write(path, "new\n", Words())
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["lesson.yaml"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("raw", "said"), [(b"\xff\xfe\x00", "no UTF-8 text"), (b"x" * 300_000, "too large")])
def test_files_that_are_no_lessons_are_refused(edit: Open, tmp_path: Path, raw: bytes, said: str) -> None:
    """Nothing is opened and nothing is lost."""
    _, editor = edit()
    before = editor.text()
    path = tmp_path / "odd.yaml"
    path.write_bytes(raw)
    editor.open_file(str(path))
    assert said in dialogs(editor)[0].said.accessibleName()
    dialogs(editor)[0].close()
    assert editor.text() == before


def test_closing_with_changes_asks_first(edit: Open, tmp_path: Path) -> None:
    """Go on editing keeps the window; throwing away closes it; saving writes and closes."""
    conductor, editor = edit("record", HANDSHAKE)
    editor.save_to(str(tmp_path / "a.yaml"))
    editor.code.insertPlainText("# changed\n")
    editor.close()
    assert editor.isVisible()
    editor.question_buttons[2].click()
    assert editor.isVisible()
    editor.close()
    editor.question_buttons[0].click()
    assert not editor.isVisible()
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8").startswith("# changed\n")
    conductor.command("edit-lesson")
    editor.code.insertPlainText("# lost\n")
    editor.close()
    editor.question_buttons[1].click()
    assert not editor.isVisible()


def test_the_editor_goes_with_its_window_unless_something_is_not_saved(edit: Open) -> None:
    """Then it stays, and asks."""
    conductor, editor = edit()
    editor.code.insertPlainText("# mine\n")
    conductor.window.close()
    assert editor.isVisible()
    editor.question_buttons[2].click()
    editor.show_saved()
    conductor.window.show()
    conductor.window.close()
    assert not editor.isVisible()


def test_another_text_does_not_push_out_an_unsaved_one(edit: Open) -> None:
    """Recording again while something is unsaved asks first."""
    conductor, editor = edit()
    editor.code.insertPlainText("# mine\n")
    conductor.command("record")
    assert editor.text().startswith("# mine\n")
    editor.question_buttons[1].click()
    assert editor.text().startswith("# Recorded")


@pytest.mark.sampled(6)
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_at_1280_by_720_every_button_is_whole(edit: Open, lang: str, scale: float) -> None:
    """At 200 % text, too: no button is narrower than its words, and the text keeps half of the height."""
    _, editor = edit(lang=lang, text_scale=scale)
    editor.resize(1280, 720)
    QApplication.processEvents()
    for button in (editor.open_button, editor.save_button, editor.save_as_button, editor.preview_button):
        assert button.width() >= button.sizeHint().width()
        assert button.geometry().right() <= editor.width()
    assert editor.code.height() > 300


# --- lectures ---


@pytest.mark.ci
def test_a_lecture_is_checked_and_presented_from_the_editor(edit: Open, qtbot, tmp_path: Path) -> None:
    """Its faults are the linter's; without any, the preview presents it. It is saved as a lecture."""
    conductor, editor = edit()
    text = "format: 1\nlecture: mine\ntitle: Mine\nminutes: 1\nitems:\n  - {id: a, title: A, minutes: 9}\n"
    editor.show_saved()
    editor.show_text(text, tmp_path / "lecture.yaml", is_saved=False)
    qtbot.waitUntil(lambda: editor.heard == editor.check.newest)
    assert "the minutes of the items make another sum" in editor.faults.item(0).text()
    editor.code.setPlainText(text.replace("minutes: 1", "minutes: 9"))
    qtbot.waitUntil(lambda: editor.heard == editor.check.newest)
    assert "it fits into its minutes" in editor.status.text()
    assert editor._plain_name() == "lecture.yaml"
    editor.preview()
    show = conductor.findChild(Show)
    assert show is not None
    assert show.lecture.id == "mine"
    show.end()
    editor.show_saved()


def test_who_looks_the_answers_up_is_asked_first_and_then_they_do_not_count(show) -> None:
    """The file of a shipped lesson holds them. Nothing is asked a second time, nor where all has been answered."""
    conductor = show(session(CLOSE))
    conductor.command("edit-lesson")
    assert not any(isinstance(each, Editor) and each.isVisible() for each in conductor.beside)
    dialog = next(each for each in conductor.window.findChildren(SureDialog) if each.isVisible())
    assert dialog.no.isDefault()
    dialog.take()
    editor = next(each for each in conductor.beside if isinstance(each, Editor))
    assert editor.isVisible() and "answer:" in editor.text()
    bet = answered(conductor).session
    assert bet.answers and not any(answer.is_counted for answer in bet.answers)
    editor.show_saved()
    editor.close()
    conductor.command("edit-lesson")
    assert editor.isVisible()
    editor.show_saved()
    editor.close()
