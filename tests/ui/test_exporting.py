"""Export from the window: what can be had is offered; stills come at once, films beside the window, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from PySide6.QtCore import QProcess
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from tests.ui.stage import CLOSE, HANDSHAKE, press, session
from tutor.commands.loading import load
from tutor.commands.switches import no_switches
from tutor.ui import exporting, stills
from tutor.ui.exporting import FILMS, STILLS, ExportDialog
from tutor.world.digest import digest


def until(done: Callable[[], bool], seconds: float) -> None:
    """Let events be until something is so."""
    for _ in range(round(seconds * 50)):
        if done():
            return
        QTest.qWait(20)
    raise AssertionError("it never came to be")


def opened(show, name: str = HANDSHAKE, **changes: object) -> SimpleNamespace:
    """A window with the dialog open by its key."""
    conductor = show(session(name, **changes))
    press(conductor, "Ctrl+E")
    (dialog,) = conductor.window.findChildren(ExportDialog)
    return SimpleNamespace(conductor=conductor, dialog=dialog)


def choose(dialog: ExportDialog, what: str, form: str, size: str = "320x180") -> None:
    """Set the fields."""
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    dialog.form.setCurrentIndex(dialog.form.findData(form))
    dialog.pixels.setCurrentText(size)


def test_only_what_can_be_had_is_offered(show) -> None:
    """Every form of every picture, and no other; a future that is alone is not compared."""
    dialog = opened(show).dialog
    assert dialog.what.findData("compare") < 0
    for place in range(dialog.what.count()):
        dialog.what.setCurrentIndex(place)
        forms = {dialog.form.itemData(number) for number in range(dialog.form.count())}
        wanted = {form for form in STILLS if dialog.what.currentData() in stills.FORMS[form]}
        assert forms == wanted | set(FILMS)
    choose(dialog, "ladder", ".mmd")
    assert not dialog.rows.isRowVisible(dialog.pixels)
    choose(dialog, "ladder", ".gif")
    assert dialog.rows.isRowVisible(dialog.span)
    assert not dialog.rows.isRowVisible(dialog.outlines)


def test_a_still_is_written_at_once(show, tmp_path: Path) -> None:
    """The picture of the moment, with the run in it; the dialog is done."""
    stage = opened(show, CLOSE)
    choose(stage.dialog, "diagram", ".svg", "640x400")
    stage.dialog.ask.click()
    (files,) = stage.dialog.findChildren(QFileDialog)
    assert files.selectedFiles()[0].endswith(f"{CLOSE}-diagram.svg")
    out = tmp_path / "a.svg"
    files.fileSelected.emit(str(out))
    files.close()
    drawn = load(str(out), no_switches(), stage.conductor.words)
    here = stage.conductor.session
    assert digest(drawn.trace.steps[-1].world) == digest(here.trace.steps[-1].world)
    assert str(out) in stage.conductor.window.notice.text()
    assert not stage.dialog.isVisible()


def test_what_is_wrong_is_said_in_the_dialog(show, tmp_path: Path) -> None:
    """A size that cannot be, a folder that is not there; the dialog stays."""
    dialog = opened(show).dialog
    choose(dialog, "ladder", ".png", "wide")
    dialog.take(str(tmp_path / "a.png"))
    assert "'wide'" in dialog.error.text()
    choose(dialog, "ladder", ".png")
    dialog.take(str(tmp_path / "no" / "a.png"))
    assert "cannot be written" in dialog.error.text()
    choose(dialog, "ladder", ".gif")
    dialog.speed.setText("0")
    dialog.take(str(tmp_path / "a.gif"))
    assert dialog.work is None
    assert "'0'" in dialog.error.text()
    dialog.speed.setText("1")
    dialog.take(str(tmp_path / "a.gif"))
    assert "an open question hides" in dialog.error.text(), "its bet is at the beginning"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.ci
def test_a_film_is_made_beside_the_window(show, tmp_path: Path) -> None:
    """Progress, then the film; no further than an open bet. Meanwhile the window answers."""
    stage = opened(show, CLOSE)
    choose(stage.dialog, "diagram", ".gif")
    told: list[int] = []
    out = tmp_path / "a.gif"
    stage.dialog.take(str(out))
    stage.dialog.work.told.connect(lambda done, _total, _line: told.append(done))
    stage.conductor.window.command("step-forward")
    until(lambda: not isValid(stage.dialog) or not stage.dialog.isVisible(), 60)
    with Image.open(out) as film:
        assert film.size == (320, 180)
        assert film.n_frames > 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


@pytest.mark.ci
@pytest.mark.parametrize("way", ["cancel", "close"])
def test_a_film_that_is_called_off_leaves_nothing(show, tmp_path: Path, way: str) -> None:
    """With the button, or with the window."""
    stage = opened(show, CLOSE)
    choose(stage.dialog, "diagram", ".gif", "1280x720")
    stage.dialog.speed.setText("0.05")
    stage.dialog.take(str(tmp_path / "a.gif"))
    work = stage.dialog.work
    assert work is not None
    until(lambda: stage.dialog.bar.maximum() > 0, 60)
    assert list(tmp_path.iterdir()), "it is written beside"
    if way == "cancel":
        stage.dialog.stop.click()
        until(lambda: stage.dialog.work is None, 60)
        assert stage.dialog.isVisible()
        assert not stage.dialog.error.isVisible()
    else:
        stage.conductor.window.close()
        assert work.process.state() == QProcess.ProcessState.NotRunning
    assert list(tmp_path.iterdir()) == []


@pytest.mark.ci
def test_a_film_that_fails_says_why(show, tmp_path: Path) -> None:
    """The sentence of the command line, in the dialog."""
    stage = opened(show, CLOSE, lang="zh")
    choose(stage.dialog, "ladder", ".gif")
    stage.dialog.take(str(tmp_path / "no" / "a.gif"))
    until(lambda: stage.dialog.work is None, 60)
    assert "无法写入" in stage.dialog.error.text()


def test_a_process_that_cannot_begin_is_told(show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Python where it should be."""
    monkeypatch.setattr("tutor.ui.film_work.sys.executable", str(tmp_path / "no-python"))
    dialog = opened(show, CLOSE).dialog
    choose(dialog, "ladder", ".gif")
    dialog.take(str(tmp_path / "a.gif"))
    until(lambda: dialog.work is None, 20)
    assert dialog.error.text()
    assert exporting.WHAT
    assert list(tmp_path.iterdir()) == []
