"""Progress: what a learner has shown, kept in a small database. One of the few files that write files.

Rules
-----
* Nothing here forgets but ``reset``, which a learner asks for; undo does not come here.
* Several windows may write at once: every change is one short transaction that adds to what is there.
* An answer is kept when ``answer`` has said so: its transaction is on the disk then. Nobody is told earlier.
* A file that is no database, or a broken one, is set aside under another name and never thrown away; what this
  window knows is written into a new one. A folder that cannot be written, a full disk, a file from a newer version:
  then things go on in memory, and ``fault`` says so.
* A file that was deleted in another window is not made again: things go on in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tutor.teach import progress_file
from tutor.teach.answered import Answered, Crossed, Record, Solved, Walked
from tutor.teach.progress_file import TABLES, VERSION
from tutor.words import mark

FAULTS: dict[str, str] = {
    "set-aside": mark("Your progress could not be read. The file was kept as {path}, and a new one begun."),
    "newer": mark("Your progress was written by a newer version. This window remembers only until it closes: {path}"),
    "unwritable": mark("Your progress cannot be written. This window remembers only until it closes: {path}"),
    "deleted": mark("This learner was deleted in another window. This one remembers only until it closes: {path}"),
}
"""Id -> sentence."""

_ADD = """INSERT INTO edges (edge, rule_set, first_at, last_at, times) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (edge, rule_set) DO UPDATE SET
        times = {times},
        first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at)"""

_SOLVE = """INSERT INTO puzzles (puzzle, moves, par, first_at, last_at, times) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (puzzle) DO UPDATE SET
        times = {times},
        moves = min(moves, excluded.moves),
        par = coalesce(excluded.par, par),
        first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at)"""

_WALK = """INSERT INTO lessons (lesson, furthest, beats, first_at, last_at, done_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (lesson) DO UPDATE SET
        furthest = max(furthest, excluded.furthest),
        beats = max(excluded.beats, furthest, excluded.furthest),
        first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at),
        done_at = CASE WHEN done_at IS NULL OR excluded.done_at IS NULL THEN coalesce(done_at, excluded.done_at)
                  ELSE min(done_at, excluded.done_at) END"""

_ANSWER = "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

MORE, MOST = "times + excluded.times", "max(times, excluded.times)"
"""How often something happened, if it happened again; and if it is told twice."""

Score = tuple[int, int | None]
"""(moves of the best attempt, par). Par is None while it is not known; (0, None): it cannot be done, and the proof has
been seen."""

Key = tuple[str, str]
"""(edge, rule set)"""


class Progress:
    """The database of one learner. ``path`` None keeps everything in memory. Used from one thread.

    ``fault`` is an id of ``FAULTS`` or "", ``aside`` the file that it speaks of. Nothing here raises.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.fault = ""
        self.aside = path
        self._base: sqlite3.Connection | None = None
        self._forget()
        if path is not None:
            self._open(path)

    def _forget(self) -> None:
        """Nothing has been shown, as far as this window knows; nothing waits to be written."""
        self._known: Counter[Key] = Counter()
        self._pending: Counter[Key] = Counter()
        self._times: dict[Key, tuple[str, str]] = {}
        self._done: list[Solved] = []
        self._solved: list[Solved] = []
        self._given: list[Answered] = []
        self._unwritten: list[Answered] = []
        self._walked: dict[str, Walked] = {}
        self._unwalked: set[str] = set()
        self._exam = ""

    # --- what is asked of it ---

    def edges(self) -> Counter[Key]:
        """How often each edge has been crossed under each rule set: what the file says, and what waits for it."""
        if self._base is None:
            return self._known.copy()
        rows = self._rows("SELECT edge, rule_set, times FROM edges")
        if rows is None:
            return self._known.copy()
        found: Counter[Key] = Counter({(edge, rule_set): times for edge, rule_set, times in rows})
        return found + self._pending

    def puzzles(self) -> dict[str, Score]:
        """The best attempt at each puzzle, by its id: what the file says, and what waits for it."""
        rows = self._rows("SELECT puzzle, moves, par FROM puzzles") or ()
        found: dict[str, Score] = {puzzle: (moves, par) for puzzle, moves, par in rows}
        for puzzle, moves, par, *_ in self._done:
            best = found.get(puzzle, (moves, par))
            found[puzzle] = min(best[0], moves), par if par is not None else best[1]
        return found

    def answers(self) -> tuple[Answered, ...]:
        """Every answer, in the order in which they were given."""
        rows = self._rows("SELECT * FROM answers") or ()
        found = {row[0]: _answered(row) for row in rows} | {each.id: each for each in self._given}
        return tuple(sorted(found.values(), key=lambda answer: answer.at))

    def lessons(self) -> dict[str, Walked]:
        """How far each lesson has been gone, by its id."""
        rows = self._rows("SELECT lesson, furthest, beats, first_at, last_at, done_at FROM lessons") or ()
        found = {row[0]: Walked(*row) for row in rows}
        for walked in self._walked.values():
            found[walked.lesson] = farther(found.get(walked.lesson), walked)
        return found

    def exam(self) -> str:
        """The exam under way (``exam_kept``); "": there is none."""
        rows = self._rows("SELECT value FROM about WHERE key = 'exam'")
        return self._exam if rows is None else next((value for (value,) in rows), "")

    def record(self) -> Record:
        """All of it, as a value."""
        lessons = self.lessons()
        return Record(
            tuple(self._crossed()),
            tuple(self._best()),
            tuple(lessons[name] for name in sorted(lessons)),
            self.answers(),
        )

    def _crossed(self) -> list[Crossed]:
        rows = self._rows("SELECT edge, rule_set, first_at, last_at, times FROM edges")
        found = {(row[0], row[1]): Crossed(*row) for row in rows or ()}
        for key, times in (self._known if rows is None else self._pending).items():
            first, last = self._times[key]
            one = found.get(key, Crossed(*key, first, last, 0))
            found[key] = Crossed(*key, min(one.first_at, first), max(one.last_at, last), one.times + times)
        return [found[key] for key in sorted(found)]

    def _best(self) -> list[Solved]:
        rows = self._rows("SELECT puzzle, moves, par, first_at, last_at, times FROM puzzles")
        found: dict[str, Solved] = {}
        for each in (*map(Solved._make, rows or ()), *(self._done if rows is None else self._solved)):
            found[each.puzzle] = _better(found.get(each.puzzle), each)
        return [found[name] for name in sorted(found)]

    # --- what is noted ---

    def add(self, keys: Iterable[Key], at: str) -> None:
        """Note crossings at ``at`` (ISO 8601); ``flush`` writes them."""
        for key in keys:
            self._known[key] += 1
            self._pending[key] += 1
            first, last = self._times.get(key, (at, at))
            self._times[key] = min(first, at), max(last, at)

    def solve(self, puzzle: str, moves: int, par: int | None, at: str) -> None:
        """Note that a puzzle was solved at ``at`` (ISO 8601) in so many moves; ``flush`` writes it."""
        self._done.append(Solved(puzzle, moves, par, at, at, 1))
        self._solved.append(self._done[-1])

    def walk(self, walked: Walked) -> None:
        """Note how far a lesson was gone; ``flush`` writes it."""
        self._walked[walked.lesson] = farther(self._walked.get(walked.lesson), walked)
        self._unwalked.add(walked.lesson)

    def answer(self, answered: Answered) -> bool:
        """Keep an answer. True: it is on the disk; False: it is in memory, and waits to be written."""
        self._given.append(answered)
        self._unwritten.append(answered)
        return self.flush() and self._base is not None

    def keep_exam(self, text: str) -> None:
        """Keep the exam under way, on the disk where there is one; "": it is over."""
        self._exam = text
        if self._base is None or self._is_deleted():
            return
        try:
            with self._base:
                self._base.execute("INSERT OR REPLACE INTO about (key, value) VALUES ('exam', ?)", (text,))
        except sqlite3.OperationalError:
            self.fault = self.fault or "unwritable"
        except sqlite3.Error as error:
            self._broken(error)

    def flush(self) -> bool:
        """Write what has been noted, in one transaction. False: it waits on, because the file cannot be written now."""
        is_new = self._pending or self._solved or self._unwritten or self._unwalked
        if self._base is None or not is_new:
            return self._base is not None or self.path is None
        new = Record(
            tuple(Crossed(*key, *self._times[key], times) for key, times in self._pending.items()),
            tuple(self._solved),
            tuple(self._walked[lesson] for lesson in sorted(self._unwalked)),
            tuple(self._unwritten),
        )
        if not self._write(new, MORE):
            return False
        self._pending.clear()
        self._solved.clear()
        self._unwritten.clear()
        self._unwalked.clear()
        return True

    def merge(self, other: Record) -> bool:
        """Take in what another file says. Told twice, it changes nothing more. False: nothing of it was written."""
        if self._base is None:
            self._take_in(other)
            return self.path is None
        return self.flush() and self._write(other, MOST)

    def reset(self) -> bool:
        """Forget all that was shown, not who the learner is. False: it cannot be written, and nothing is forgotten."""
        if self._base is not None:
            try:
                with self._base:
                    self._base.execute("BEGIN IMMEDIATE")
                    for table in TABLES:
                        self._base.execute(f"DELETE FROM {table}")  # noqa: S608  a name of ours
                    self._base.execute("DELETE FROM about WHERE key = 'exam'")
                self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error:
                return False
        self._forget()
        return True

    def close(self) -> None:
        """Write what has been noted and let go of the file."""
        self.flush()
        self._let_go()

    # --- writing ---

    def _write(self, new: Record, times: str) -> bool:
        assert self._base is not None, "there is a file to write"
        if self._is_deleted():
            return False
        try:
            with self._base:
                self._base.execute("BEGIN IMMEDIATE")
                self._base.executemany(_ADD.format(times=times), new.edges)
                self._base.executemany(_SOLVE.format(times=times), new.puzzles)
                self._base.executemany(_WALK, [_walked_row(each) for each in new.lessons])
                self._base.executemany(_ANSWER, [_answered_row(each) for each in new.answers])
        except sqlite3.OperationalError:
            self.fault = self.fault or "unwritable"
            return False
        except sqlite3.Error as error:
            return self._broken(error)
        if self.fault == "unwritable":
            self.fault = ""
        return True

    def _take_in(self, other: Record) -> None:
        """As ``merge``, in memory."""
        for edge, rule_set, first, last, times in other.edges:
            key = edge, rule_set
            here = self._times.get(key, (first, last))
            self._known[key] = max(self._known[key], times)
            self._times[key] = min(here[0], first), max(here[1], last)
        self._done += (each for each in other.puzzles if each not in self._done)
        for walked in other.lessons:
            self._walked[walked.lesson] = farther(self._walked.get(walked.lesson), walked)
        known = {each.id for each in self._given}
        self._given += (each for each in other.answers if each.id not in known)

    def _rows(self, statement: str) -> list[Any] | None:
        """What a query finds; None: there is no file that could say."""
        if self._base is None:
            return None
        try:
            return self._base.execute(statement).fetchall()
        except sqlite3.Error as error:
            self._broken(error)
            return None

    # --- opening ---

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = progress_file.connect(path)
            version = progress_file.migrate(self._base)
        except sqlite3.OperationalError:
            self._give_up("unwritable")
        except sqlite3.Error as error:
            self._broken(error)
        except OSError:
            self._give_up("unwritable")
        else:
            if version > VERSION:
                self._give_up("newer")

    def _give_up(self, fault: str) -> None:
        self.fault = fault
        self._let_go()

    def _let_go(self) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None

    def _is_deleted(self) -> bool:
        """Has the file been taken away under us?"""
        assert self.path is not None, "only a file can be taken away"
        if self.path.exists():
            return False
        self._give_up("deleted")
        return True

    def _broken(self, _error: sqlite3.Error) -> bool:
        """Set the file aside and begin a new one with what this window knows."""
        self._let_go()
        assert self.path is not None, "only a file can be broken"
        try:
            self.aside = progress_file.set_aside(self.path)
            self._base = progress_file.connect(self.path)
            progress_file.migrate(self._base)
        except (sqlite3.Error, OSError):
            self._give_up("unwritable")
            return False
        self.fault = "set-aside"
        self._pending = self._known.copy()
        self._solved = self._done.copy()
        self._unwritten = self._given.copy()
        self._unwalked = set(self._walked)
        if self._exam:
            self.keep_exam(self._exam)
        return self.flush()


def farther(one: Walked | None, other: Walked) -> Walked:
    """What two tell of a lesson, together."""
    if one is None:
        return other
    furthest = max(one.furthest, other.furthest)
    done = [at for at in (one.done_at, other.done_at) if at is not None]
    return Walked(
        other.lesson,
        furthest,
        max(other.beats, furthest),
        min(one.first_at, other.first_at),
        max(one.last_at, other.last_at),
        min(done, default=None),
    )


def _better(one: Solved | None, other: Solved) -> Solved:
    """Two attempts at a puzzle as one."""
    if one is None:
        return other
    par = other.par if other.par is not None else one.par
    return Solved(
        other.puzzle, min(one.moves, other.moves), par, min(one.first_at, other.first_at),
        max(one.last_at, other.last_at), one.times + other.times,
    )  # fmt: skip


def _walked_row(each: Walked) -> tuple[object, ...]:
    return each.lesson, each.furthest, each.beats, each.first_at, each.last_at, each.done_at


def _answered_row(each: Answered) -> tuple[object, ...]:
    concepts = json.dumps(each.concepts, ensure_ascii=False)
    return (
        each.id, each.card, each.lesson, each.kind, each.given, int(each.is_right), each.at, each.seed, concepts,
        each.place,
    )  # fmt: skip


def _answered(row: tuple[Any, ...]) -> Answered:
    name, card, lesson, kind, given, is_right, at, seed, concepts, place = row
    told = tuple(json.loads(concepts))
    return Answered(name, card, lesson, kind, given, bool(is_right), at, seed, told, place)
