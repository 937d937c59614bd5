"""A film that is made beside the window: by the command line, in a process of its own.

Rules
-----
* The window stays as quick as it was, and nothing that happens to the encoder can happen to it.
* The run goes there as a saved run; what comes back is how far it is, and at the end a word. Called off, or left when
  the window closes, it leaves nothing behind.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

import tutor
from tutor.exchange.runfile import SUFFIX
from tutor.exchange.whole import PART

PROGRESS = re.compile(r"(\d+)/(\d+) ")
PATIENCE_MS = 4000
"""How long a process has to put its things away before it is ended."""


class FilmWork(QObject):
    """``told``: frames done, frames in all, and a line for people; ``ended``: "" for a whole film, else what is wrong.

    Nothing comes after ``call_off`` but ``ended`` with ``is_off`` true.
    """

    told = Signal(int, int, str)
    ended = Signal(str)

    def __init__(self, run: str, out: Path, switches: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.out, self.is_off = out, False
        self._said: list[str] = []
        self._rest = ""
        self._folder = tempfile.TemporaryDirectory(prefix="tcp-tutor-film-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / f"run{SUFFIX}"
        path.write_text(run, encoding="utf-8")
        self.process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        paths = (str(Path(tutor.__file__).parent.parent), environment.value("PYTHONPATH"))
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, paths)))
        environment.insert("PYTHONUTF8", "1")
        self.process.setProcessEnvironment(environment)
        self.process.setProgram(sys.executable)
        self.process.setArguments(["-m", "tutor", "render", str(path), "--out", str(out), "--force", *switches])
        self.process.readyReadStandardError.connect(self._read)
        self.process.finished.connect(self._end)
        self.process.errorOccurred.connect(self._fail)
        self._number = 0

    def begin(self) -> None:
        """Send it."""
        self.process.start()
        self._number = self.process.processId()

    def call_off(self) -> None:
        """Nobody wants it any more."""
        if self.is_off or self.process.state() == QProcess.ProcessState.NotRunning:
            return
        self.is_off = True
        if sys.platform == "win32":
            self.process.kill()
        else:
            self.process.terminate()
            QTimer.singleShot(PATIENCE_MS, self, self.process.kill)

    def leave(self) -> None:
        """The window closes: call it off, and wait until it is over."""
        self.call_off()
        if not self.process.waitForFinished(PATIENCE_MS):
            self.process.kill()
            self.process.waitForFinished(PATIENCE_MS)

    # --- what comes back ---

    def _read(self) -> None:
        text = self._rest + bytes(self.process.readAllStandardError().data()).decode(errors="replace")
        *lines, self._rest = text.split("\n")
        for line in lines:
            found = PROGRESS.match(line)
            if found is not None:
                self.told.emit(int(found[1]), int(found[2]), line.strip())
            elif line.strip():
                self._said.append(line.strip())

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._put_away()
            self.ended.emit(self.process.errorString())

    def _end(self, code: int, _status: object) -> None:
        self._read()
        self._put_away()
        said = "\n".join([*self._said, self._rest.strip()]).strip()
        is_whole = code == 0 and not self.is_off
        self.ended.emit("" if is_whole else said or f"render: {code}")

    def _put_away(self) -> None:
        """What a process that was killed could not take away itself."""
        self._folder.cleanup()
        for part in self.out.parent.glob(f".*.{self._number}-*{PART}*") if self._number else ():
            with suppress(OSError):
                part.unlink()
