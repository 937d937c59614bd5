"""A run is saved, opened and copied as a command; a disk that refuses costs nothing."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from tests.ui.hand import flying, only
from tests.ui.stage import CLOSE, HANDSHAKE, answered, press, session
from tutor.cli import main
from tutor.exchange import whole
from tutor.exchange.jsonlines import dumps, trace_lines
from tutor.teach import intents
from tutor.ui import filing, opening
from tutor.world.time import MS


@pytest.mark.ci
def test_a_run_is_saved_with_its_futures_and_opens_as_it_was(show, tmp_path: Path) -> None:
    """Without what was deleted; the road is the road, the branch on screen is on screen."""
    conductor = flying(show)
    press(conductor, "D", "Ctrl+Z", "Del", "U")
    conductor.send(intents.ActNow("cut link"))
    made = conductor.session
    path = tmp_path / "mine.tcprun"
    assert filing.write(conductor, str(path))
    assert str(path) in conductor.window.notice.text()
    other = show(session(HANDSHAKE))
    other.open_file(str(path))
    opened = other.session
    assert len(opened.timeline.branches) == len(made.timeline.branches) - 1
    assert list(map(dumps, trace_lines(opened.trace))) == list(map(dumps, trace_lines(made.trace)))
    assert opened.branch != opened.road
    press(other, "Backspace")
    assert list(map(dumps, trace_lines(other.session.trace))) == list(
        map(dumps, trace_lines(made.timeline.branch(made.road).trace))
    )


def test_saved_again_it_goes_to_the_same_file(show, tmp_path: Path) -> None:
    """Ctrl+S asks once; a run that was opened from a file knows it."""
    conductor = flying(show)
    press(conductor, "Ctrl+S")
    dialog = only(conductor, filing.SaveDialog)
    path = tmp_path / "mine.tcprun"
    dialog.fileSelected.emit(str(path))  # type: ignore[attr-defined]
    dialog.close()  # type: ignore[attr-defined]
    assert path.is_file()
    first = path.read_text(encoding="utf-8")
    press(conductor, "D", "Ctrl+S")
    assert path.read_text(encoding="utf-8") != first
    assert [each.name for each in tmp_path.iterdir()] == ["mine.tcprun"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_is_full_costs_nothing(show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int) -> None:
    """A clear notice; the file that was there is whole, no rest is left, the run is still open."""
    conductor = flying(show)
    path = tmp_path / "mine.tcprun"
    path.write_text("before", encoding="utf-8")

    def refuse(_file: int) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(whole.os, "fsync", refuse)
    assert not filing.write(conductor, str(path))
    dialog = only(conductor, opening.TroubleDialog)
    assert isinstance(dialog, QDialog)
    assert os.strerror(fault) in dialog.said.accessibleName()  # type: ignore[attr-defined]
    dialog.close()
    assert path.read_text(encoding="utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["mine.tcprun"]


def test_a_folder_that_is_not_there_is_said_to_be(show, tmp_path: Path) -> None:
    """And nothing is made."""
    conductor = flying(show)
    assert not filing.write(conductor, str(tmp_path / "nowhere" / "mine.tcprun"))
    only(conductor, opening.TroubleDialog).close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_the_copied_command_plays_what_is_on_screen(show, capsys: pytest.CaptureFixture[str]) -> None:
    """Pasted into a shell it prints the run of the window."""
    conductor = flying(show)
    press(conductor, "D")
    conductor.send(intents.ActNow("delay server:any 200ms"))
    press(conductor, "Ctrl+Alt+C")
    program, *words = shlex.split(QGuiApplication.clipboard().text())
    assert program == "tcp-tutor"
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    assert capsys.readouterr().out == "".join(dumps(line) + "\n" for line in trace_lines(conductor.session.trace))


def test_the_command_of_a_file_names_the_file(show, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run whose lesson is nowhere else is played from where it was saved; unsaved, one is told to save it."""
    lesson = tmp_path / "mine.yaml"
    source = session(CLOSE).lesson.source.replace(f"id: {CLOSE}", "id: mine")
    lesson.write_text(source, encoding="utf-8")
    conductor = show(session(HANDSHAKE))
    conductor.open_file(str(lesson))
    conductor = answered(conductor)
    conductor.send(intents.Seek(120 * MS))
    press(conductor, "D", "Ctrl+Alt+C")
    words = shlex.split(QGuiApplication.clipboard().text())
    assert str(lesson) in words
    path = tmp_path / "mine.tcprun"
    assert filing.write(conductor, str(path))
    conductor.send(intents.ActNow("cut link"))
    press(conductor, "Ctrl+Alt+C")
    words = shlex.split(QGuiApplication.clipboard().text())[1:]
    assert str(path) in words
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    assert capsys.readouterr().out == "".join(dumps(line) + "\n" for line in trace_lines(conductor.session.trace))


def test_a_run_from_nowhere_is_saved_first_and_then_copied(show, tmp_path: Path) -> None:
    """Its command needs a file: one is asked for at once, and the command is in the clipboard when it is written."""
    conductor = show(session(HANDSHAKE))
    conductor.send(intents.Select("state:TIME-WAIT"))
    press(conductor, "Ctrl+G")
    assert conductor.session.lesson.id.startswith("there-")
    QGuiApplication.clipboard().clear()
    press(conductor, "Ctrl+Alt+C")
    assert "Save the run first" in conductor.window.notice.text()
    asking = only(conductor, filing.SaveDialog)
    path = tmp_path / "there.tcprun"
    asking.fileSelected.emit(str(path))  # type: ignore[attr-defined]
    asking.close()  # type: ignore[attr-defined]
    assert str(path) in shlex.split(QGuiApplication.clipboard().text())


def test_the_command_of_the_laboratory_needs_no_file(show, capsys: pytest.CaptureFixture[str]) -> None:
    """N, D, copy: the laboratories come with the program, and the line prints the run on screen."""
    conductor = show(session(HANDSHAKE))
    press(conductor, "N", "Right", "D", "Ctrl+Alt+C")
    words = shlex.split(QGuiApplication.clipboard().text())[1:]
    assert words[:2] == ["play", conductor.session.lesson.id]
    assert "--hand" in words
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    assert capsys.readouterr().out == "".join(dumps(line) + "\n" for line in trace_lines(conductor.session.trace))


@pytest.mark.ci
def test_a_file_belongs_to_the_run_that_came_from_it(show, tmp_path: Path) -> None:
    """Another run is never written over it: not one that began by "take me there", nor one that undo brought back."""
    conductor = flying(show)
    assert filing.write(conductor, str(tmp_path / "mine.tcprun"))
    conductor.send(intents.Select("state:TIME-WAIT"))
    press(conductor, "Ctrl+G")
    assert conductor.path == ""
    press(conductor, "Ctrl+Z")
    assert conductor.path == str(tmp_path / "mine.tcprun")
