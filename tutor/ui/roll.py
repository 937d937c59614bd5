"""The roll of learners: who there is; to add, rename, reset, delete one; progress written to a file and taken back.

Rules
-----
* Whatever touches a file is done in the keeper's thread; what came of it is told as an ``Outcome``, in the window's.
* What goes wrong changes nothing, and is said with the file and the reason.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from tutor.exchange.whole import write_whole
from tutor.teach import portable
from tutor.teach.learners import Learner
from tutor.teach.portable import Unreadable
from tutor.ui.keeper import Keeper, now
from tutor.words import Words, mark

SENTENCES: dict[str, str] = {
    "added": mark("{name} learns here now."),
    "exported": mark("The progress was written to {path}."),
    "imported": mark("Taken from {path}: answers {answers}, lessons {lessons}, edges {edges}. What was known stays."),
    "not-imported": mark("{path} was not taken in, and nothing has changed. {why}"),
    "not-written": mark("{path} cannot be written: {why}"),
    "not-read": mark("{path} cannot be read: {why}"),
    "reset": mark("All progress of this learner is forgotten."),
    "deleted": mark("{name} is deleted, with all progress."),
    "not-changed": mark("The learner's file cannot be changed: {why}"),
}
"""Outcome -> its sentence."""

GOOD = frozenset({"added", "exported", "imported", "reset", "deleted"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a deed: a key of ``SENTENCES``, what stands in its braces, and what was wrong with a file."""

    id: str
    values: tuple[tuple[str, object], ...] = ()
    fault: Unreadable | None = None

    @property
    def is_good(self) -> bool:
        """Was it done?"""
        return self.id in GOOD

    def sentence(self, words: Words) -> str:
        """It in words."""
        values = dict(self.values)
        if self.fault is not None:
            values["why"] = self.fault.sentence(words)
        return words.t(SENTENCES[self.id], **values)


class Roll(QObject):
    """``listed`` carries every learner there is, ``said`` an ``Outcome``."""

    listed = Signal(object)
    said = Signal(object)

    def __init__(self, keeper: Keeper, parent: QObject) -> None:
        super().__init__(parent)
        self.keeper = keeper

    @property
    def keeps(self) -> bool:
        """Is there a folder for learners?"""
        return self.keeper.learners is not None

    def ask(self) -> None:
        """Have ``listed`` told."""
        self.keeper.run(self._list)

    def add(self, name: str) -> None:
        """A new learner, who learns here from now on."""
        self.keeper.run(self._add, name)

    def rename(self, learner: str, name: str) -> None:
        """Call a learner otherwise."""
        self.keeper.run(self._rename, learner, name)

    def reset(self) -> None:
        """Forget what the learner of now has shown."""
        self.keeper.hand_over()
        self.keeper.run(self._reset)

    def delete(self, learner: Learner, name: str) -> None:
        """Delete a learner; if that is who learns now, the next one does."""
        self.keeper.hand_over()
        self.keeper.run(self._delete, learner, name)

    def export(self, path: Path, name: str) -> None:
        """Write the progress of the learner of now to a file."""
        self.keeper.hand_over()
        self.keeper.run(self._export, path, name)

    def take_in(self, path: Path) -> None:
        """Add what a file says to the progress of the learner of now."""
        self.keeper.hand_over()
        self.keeper.run(self._import, path)

    # --- in the thread ---

    def _say(self, outcome: str, fault: Unreadable | None = None, /, **values: object) -> None:
        self.said.emit(Outcome(outcome, tuple(values.items()), fault))

    def _list(self) -> None:
        learners = self.keeper.learners
        self.listed.emit(() if learners is None else learners.all())

    def _changed(self, change: Callable[[], None]) -> bool:
        """Do something to a learner's file; False: it could not be done, and that has been said."""
        try:
            change()
        except (OSError, sqlite3.Error) as fault:
            self._say("not-changed", why=fault)
            return False
        return True

    def _add(self, name: str) -> None:
        learners = self.keeper.learners
        assert learners is not None, "there is a folder for learners"
        made: list[Learner] = []
        if self._changed(lambda: made.append(learners.add(name))):
            self.keeper.open_other(made[0].id)
            self._say("added", name=made[0].name)
        self._list()

    def _rename(self, learner: str, name: str) -> None:
        learners = self.keeper.learners
        assert learners is not None, "there is a folder for learners"
        self._changed(lambda: learners.rename(learner, name))
        self._list()

    def _reset(self) -> None:
        if self.keeper.progress.reset():
            self.keeper.tell_anew()
            self._say("reset")
        else:
            self._say("not-changed", why=str(self.keeper.progress.path))

    def _delete(self, learner: Learner, name: str) -> None:
        learners, keeper = self.keeper.learners, self.keeper
        assert learners is not None, "there is a folder for learners"
        is_here = learner.id == keeper.learner
        if is_here:
            keeper.progress.close()
        is_done = self._changed(lambda: learners.delete(learner.id))
        if is_here:
            keeper.open_other(learners.present("") if is_done else learner.id)
        if is_done:
            self._say("deleted", name=name)
        self._list()

    def _export(self, path: Path, name: str) -> None:
        try:
            write_whole(path, portable.dumps(self.keeper.progress.record(), name, now()))
        except OSError as fault:
            self._say("not-written", path=path, why=fault)
        else:
            self._say("exported", path=path)

    def _import(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                _, record = portable.loads(file.read(portable.MOST_BYTES + 1))
        except OSError as fault:
            self._say("not-read", path=path, why=fault)
            return
        except Unreadable as fault:
            self._say("not-imported", fault, path=path)
            return
        if not self.keeper.progress.merge(record):
            self._say("not-changed", why=str(self.keeper.progress.path))
            return
        self.keeper.tell_anew()
        counts = {name: len(getattr(record, name)) for name in ("answers", "lessons", "edges")}
        self._say("imported", path=path, **counts)
