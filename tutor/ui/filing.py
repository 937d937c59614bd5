"""Saving a run, and taking it along as a command.

Rules
-----
* A file is written beside its place and then put there: whatever goes wrong, what was there stays whole.
* A folder that cannot be written and a disk that is full are told in words; nothing is lost, the run is still open.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from tutor.commands import picture_runs
from tutor.exchange import runfile
from tutor.exchange.whole import write_whole
from tutor.ui import opening

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


class SaveDialog(QFileDialog):
    """Asks where to save; asks again before it takes the place of another file. ``then``: what follows the saving."""

    def __init__(self, conductor: Conductor, then: Callable[[Conductor], None] | None = None) -> None:
        t = conductor.words.t
        super().__init__(conductor.window, t("Save the run"), opening.FileDialog.folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setDefaultSuffix(runfile.SUFFIX.removeprefix("."))
        self.setNameFilters([t("Saved runs ({patterns})", patterns=f"*{runfile.SUFFIX}")])
        self.selectFile(f"{conductor.session.lesson.id}{runfile.SUFFIX}")
        self._conductor, self._then = conductor, then
        self.fileSelected.connect(self._write)

    def _write(self, path: str) -> None:
        if write(self._conductor, path) and self._then is not None:
            self._then(self._conductor)


def save(conductor: Conductor) -> None:
    """Save to the file that the run came from or was saved to; ask where if there is none."""
    if conductor.path.endswith(runfile.SUFFIX):
        write(conductor, conductor.path)
    else:
        save_as(conductor)


def save_as(conductor: Conductor) -> None:
    """Ask where, and save there."""
    SaveDialog(conductor).open()


def write(conductor: Conductor, path: str) -> bool:
    """Save the run to ``path``; was it written?"""
    from tutor.commands.loading import save_run

    conductor.pause()
    session, t = conductor.session, conductor.words.t
    saved = save_run(
        session.lesson, session.scenario, session.timeline, session.branch, home=session.road, without=session.gone
    )
    try:
        write_whole(Path(path), runfile.dumps(saved))
    except OSError as fault:
        said = t("{path} cannot be written: {why}", path=path, why=fault)
        opening.TroubleDialog(conductor.style, said, conductor.window, t("This file cannot be saved")).open()
        return False
    conductor.path = path
    opening.FileDialog.folder = str(Path(path).parent)
    conductor.window.notice.say(t("saved to {path}", path=path))
    return True


def copy_command(conductor: Conductor) -> None:
    """The command that plays the run on screen, into the clipboard. A run from nowhere is saved first."""
    from tutor.commands.reproducing import command_line

    session, library, t = conductor.session, conductor.library, conductor.words.t
    is_shipped = library.is_shipped(session.lesson)
    name = session.lesson.id if is_shipped else conductor.path
    if not name:
        conductor.window.notice.say(t("Save the run first: its command needs a file to play."))
        SaveDialog(conductor, copy_command).open()
        return
    is_file = name.endswith(runfile.SUFFIX) or picture_runs.split(name) is not None
    base = session.scenario if is_file else library.scenario(session.lesson)
    road = -1 if is_file else session.road
    line = command_line(name, base, session.scenario, session.timeline, session.branch, road)
    QGuiApplication.clipboard().setText(line)
    conductor.window.notice.say(t("Copied: {line}", line=line))
