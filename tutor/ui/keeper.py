"""The keeper: writes what a learner has shown, away from the frame.

Rules
-----
* One thread of its own holds the database; the window never waits for a disk, nor for another window.
* What is new is gathered and handed over once a second, and when the window closes. An answer is handed over at once,
  and ``acknowledged`` comes when it is on the disk, or when ``trouble`` has said that it cannot be.
* What is wrong with the file is said once, as a sentence; the window goes on.
* Without a folder or file there is no thread: everything is in memory, as for a guest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from tutor.teach.answered import Answered, Walked, moment
from tutor.teach.learners import GUEST, Learners
from tutor.teach.progress import FAULTS, Key, Progress
from tutor.words import Words

EVERY_MS = 1000
LAST_WAIT_S = 5.0
"""How long a closing window waits for the last rows."""

LATE: list[Keeper] = []
"""Those whose disk did not answer in that time: their threads hold them, and must not be the last (``errand``)."""


def now() -> datetime:
    """This moment: the one clock of what is remembered."""
    return datetime.now(UTC)


class Keeper(QObject):
    """``recalled`` brings the edges of earlier runs (a frozenset of ids), ``trouble`` a fault's id and its file.

    ``scored``: the best attempt at each puzzle, by its id. ``told``: a whole ``Record``. ``acknowledged``: the id of an
    answer. ``switched``: the id of the learner whose file is open now, and the edges of that learner's earlier runs.
    ``under_way``: the exam that was not handed in, as ``exam_kept`` writes it; "": there is none.
    """

    recalled = Signal(object)
    trouble = Signal(str, str)
    scored = Signal(object)
    told = Signal(object)
    acknowledged = Signal(str)
    switched = Signal(str, object)
    under_way = Signal(str)
    _broken = Signal(object)

    def __init__(
        self, path: Path | None = None, parent: QObject | None = None, *, learners: Learners | None = None,
        learner: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._path = path
        self.learners = learners
        self.learner = learner if learners is not None else GUEST
        """Whose answers these are."""
        self._waiting: list[Key] = []
        self._walks: list[Walked] = []
        self._faults = ""
        self.progress = Progress()
        """Used in the thread alone, where there is one."""
        self._worker: ThreadPoolExecutor | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.hand_over)
        self._broken.connect(self._raise)

    def start(self) -> None:
        """Open the database, beside the window."""
        if (self._path is None and self.learners is None) or self._worker is not None:
            return
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress")
        self.run(self._open)
        self._timer.start()

    # --- what is new ---

    def note(self, keys: Iterable[Key]) -> None:
        """These edges have been crossed before the learner's eyes."""
        self._waiting += keys

    def walk(self, walked: Walked) -> None:
        """A lesson has been gone so far."""
        self._walks.append(walked)

    def keep(self, answered: Answered) -> None:
        """An answer was graded: ``acknowledged`` will say that it is kept."""
        self.run(self._keep, answered)

    def keep_exam(self, text: str) -> None:
        """The exam under way, as ``exam_kept`` writes it; "": it is over."""
        self.run(self._keep_exam, text)

    def solve(self, puzzle: str, moves: int, par: int | None) -> None:
        """A puzzle has been solved."""
        self.run(self._solve, puzzle, moves, par, now().isoformat(timespec="seconds"))

    def hand_over(self) -> None:
        """Give what is new to the thread that writes."""
        if self._waiting or self._walks or self._faults:
            keys, self._waiting = self._waiting, []
            walks, self._walks = self._walks, []
            self.run(self._write, keys, walks, now().isoformat(timespec="seconds"))

    # --- what is asked ---

    def ask_scores(self) -> None:
        """Have ``scored`` told."""
        self.run(self._score)

    def ask_exam(self) -> None:
        """Have ``under_way`` told."""
        self.run(self._tell_exam)

    def ask(self) -> None:
        """Have ``told`` told, with all that is new."""
        self.hand_over()
        self.run(self._tell_all)

    def switch(self, learner: str) -> None:
        """From now on somebody else learns here."""
        self.hand_over()
        self.run(self._switch, learner)

    def stop(self) -> None:
        """Write the last rows and close the file."""
        self._timer.stop()
        if self._worker is None:
            return
        self.hand_over()
        worker, self._worker = self._worker, None
        done = worker.submit(self._close)
        is_late = False
        try:
            done.result(LAST_WAIT_S)
        except TimeoutError:
            is_late = True
            LATE.append(self)
        worker.shutdown(wait=not is_late)

    def sentence(self, fault: str, path: str, words: Words) -> str:
        """A fault in words."""
        return words.t(FAULTS[fault], path=path)

    def run(self, work: Callable[..., None], *arguments: object) -> None:
        """Let the thread do this. A fault of ours there is one of the window's: its report is shown."""
        if self._worker is None:
            work(*arguments)
        else:
            self._worker.submit(work, *arguments).add_done_callback(self._heed)

    @Slot(object)
    def _raise(self, fault: BaseException) -> None:
        raise fault

    # --- in the thread ---

    def _heed(self, done: Future[None]) -> None:
        fault = None if done.cancelled() else done.exception()
        if fault is not None:
            self._broken.emit(fault)

    def _open(self) -> None:
        aside = None
        if self.learners is not None:
            aside = self.learners.adopt()
            self.learner = self.learners.present(self.learner)
            self._path = self.learners.path(self.learner)
        self.progress = Progress(self._path)
        if aside is not None and not self.progress.fault:
            self.progress.fault, self.progress.aside = "set-aside", aside
        self.recalled.emit(self._edges())
        self._tell_exam()
        self.tell()

    def _switch(self, learner: str) -> None:
        self.progress.close()
        self.open_other(learner)

    def open_other(self, learner: str) -> None:
        """In the thread: open the file of this learner; the one before is closed, or gone."""
        self.learner = learner
        self._faults = ""
        self._path = None if self.learners is None else self.learners.path(learner)
        self.progress = Progress(self._path)
        self.tell_anew()

    def tell_anew(self) -> None:
        """In the thread: what was shown before is something else now."""
        self.switched.emit(self.learner, self._edges())
        self._tell_exam()
        self.tell()

    def _edges(self) -> frozenset[str]:
        return frozenset(edge for edge, _ in self.progress.edges())

    def _write(self, keys: list[Key], walks: list[Walked], at: str) -> None:
        self.progress.add(keys, at)
        for walked in walks:
            self.progress.walk(walked)
        self.progress.flush()
        self.tell()

    def _keep(self, answered: Answered) -> None:
        self.progress.answer(answered)
        self.tell()
        self.acknowledged.emit(answered.id)

    def _solve(self, puzzle: str, moves: int, par: int | None, at: str) -> None:
        self.progress.solve(puzzle, moves, par, at)
        self.progress.flush()
        self._score()
        self.tell()

    def _keep_exam(self, text: str) -> None:
        self.progress.keep_exam(text)
        self.tell()

    def _tell_exam(self) -> None:
        self.under_way.emit(self.progress.exam())

    def _score(self) -> None:
        self.scored.emit(self.progress.puzzles())

    def _tell_all(self) -> None:
        self.told.emit(self.progress.record())
        self.tell()

    def _close(self) -> None:
        self.progress.close()

    def tell(self) -> None:
        """Say what is wrong with the file, once."""
        fault = self.progress.fault
        if fault != self._faults:
            self._faults = fault
            if fault:
                self.trouble.emit(fault, str(self.progress.aside))


def stamp() -> str:
    """This moment as an answer bears it."""
    return moment(now())
