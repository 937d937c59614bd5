"""The keeper: writes what a learner has shown, away from the frame.

Rules
-----
* One thread of its own holds the database; the window never waits for a disk, nor for another window.
* What is new is gathered and handed over once a second, and when the window closes.
* What is wrong with the file is said once, as a sentence; the window goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from tutor.teach.progress import FAULTS, Key, Progress
from tutor.words import Words

EVERY_MS = 1000
LAST_WAIT_S = 5.0
"""How long a closing window waits for the last rows."""


class Keeper(QObject):
    """``recalled`` brings the edges of earlier runs (a frozenset of ids), ``trouble`` a fault's id and its file.

    ``scored``: the best attempt at each puzzle, by its id.
    """

    recalled = Signal(object)
    trouble = Signal(str, str)
    scored = Signal(object)
    _broken = Signal(object)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._waiting: list[Key] = []
        self._told = ""
        self._progress: Progress | None = None
        self._unkept = Progress()
        self._worker: ThreadPoolExecutor | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.hand_over)
        self._broken.connect(self._raise)

    def start(self) -> None:
        """Open the database, beside the window."""
        if self._path is None or self._worker is not None:
            return
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress")
        self._submit(self._open, self._path)
        self._timer.start()

    def note(self, keys: Iterable[Key]) -> None:
        """These edges have been crossed before the learner's eyes."""
        if self._worker is not None:
            self._waiting += keys

    def solve(self, puzzle: str, moves: int, par: int | None) -> None:
        """A puzzle has been solved. Where nothing is kept, it is known until the window closes."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        if self._worker is not None:
            self._submit(self._solve, puzzle, moves, par, at)
        else:
            self._unkept.solve(puzzle, moves, par, at)
            self.scored.emit(self._unkept.puzzles())

    def ask_scores(self) -> None:
        """Have ``scored`` told."""
        if self._worker is not None:
            self._submit(self._score)
        else:
            self.scored.emit(self._unkept.puzzles())

    def hand_over(self) -> None:
        """Give what is new to the thread that writes."""
        if self._worker is not None and (self._waiting or self._told):
            keys, self._waiting = self._waiting, []
            self._submit(self._write, keys, datetime.now(UTC).isoformat(timespec="seconds"))

    def stop(self) -> None:
        """Write the last rows and close the file."""
        self._timer.stop()
        if self._worker is None:
            return
        self.hand_over()
        worker, self._worker = self._worker, None
        done = worker.submit(self._close)
        with suppress(TimeoutError):
            done.result(LAST_WAIT_S)
        worker.shutdown(wait=False)

    def sentence(self, fault: str, path: str, words: Words) -> str:
        """A fault in words."""
        return words.t(FAULTS[fault], path=path)

    def _submit(self, work: Callable[..., None], *arguments: object) -> None:
        """Let the thread do this. A fault of ours there is one of the window's: its report is shown."""
        assert self._worker is not None, "the thread has been started"
        self._worker.submit(work, *arguments).add_done_callback(self._heed)

    @Slot(object)
    def _raise(self, fault: BaseException) -> None:
        raise fault

    # --- in the thread ---

    def _heed(self, done: Future[None]) -> None:
        fault = None if done.cancelled() else done.exception()
        if fault is not None:
            self._broken.emit(fault)

    def _open(self, path: Path) -> None:
        self._progress = Progress(path)
        self.recalled.emit(frozenset(edge for edge, _ in self._progress.edges()))
        self._tell()

    def _write(self, keys: list[Key], at: str) -> None:
        assert self._progress is not None, "the file is opened before anything is written"
        self._progress.add(keys, at)
        self._progress.flush()
        self._tell()

    def _solve(self, puzzle: str, moves: int, par: int | None, at: str) -> None:
        assert self._progress is not None, "the file is opened before anything is written"
        self._progress.solve(puzzle, moves, par, at)
        self._progress.flush()
        self._score()
        self._tell()

    def _score(self) -> None:
        assert self._progress is not None, "the file is opened before anything is asked"
        self.scored.emit(self._progress.puzzles())

    def _close(self) -> None:
        if self._progress is not None:
            self._progress.close()

    def _tell(self) -> None:
        assert self._progress is not None, "there is a file to speak of"
        fault = self._progress.fault
        if fault != self._told:
            self._told = fault
            if fault:
                self.trouble.emit(fault, str(self._progress.aside))
