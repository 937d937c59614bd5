"""Progress: what a learner has shown, kept in a small database. One of the few files that write files.

Rules
-----
* A table never loses a row: nothing here deletes, and undo does not come here.
* Several windows may write at once: every change is one short transaction that adds to what is there.
* A file that is no database, or a broken one, is set aside under another name and never thrown away; what this
  window knows is written into a new one. A folder that cannot be written, a full disk, a file from a newer version:
  then things go on in memory, and ``fault`` says so.
* The version of the tables is SQLite's ``user_version``; ``MIGRATIONS[n]`` leads from version n to n + 1.

Theory
------
Write-ahead logging: readers never wait for a writer, and a process that is killed leaves a whole database behind.
``synchronous=NORMAL`` may lose the last transactions when the power fails, never an earlier one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tutor.words import mark

FILE = "progress.sqlite3"
"""The file's name in the folder of a person's data."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE edges (
            edge TEXT NOT NULL,
            rule_set TEXT NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            times INTEGER NOT NULL CHECK (times > 0),
            PRIMARY KEY (edge, rule_set)
        ) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE puzzles (
            puzzle TEXT NOT NULL PRIMARY KEY,
            moves INTEGER NOT NULL CHECK (moves >= 0),
            par INTEGER CHECK (par IS NULL OR par <= moves),
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            times INTEGER NOT NULL CHECK (times > 0)
        ) WITHOUT ROWID""",
    ),
)
"""Statements by the version they start from. Rows are added at the end; none is ever changed."""

VERSION = len(MIGRATIONS)

FAULTS: dict[str, str] = {
    "set-aside": mark("Your progress could not be read. The file was kept as {path}, and a new one begun."),
    "newer": mark("Your progress was written by a newer version. This window remembers only until it closes: {path}"),
    "unwritable": mark("Your progress cannot be written. This window remembers only until it closes: {path}"),
}
"""Id -> sentence."""

PATIENCE = 2.0
"""Seconds to wait for another window that is writing."""

_ADD = """INSERT INTO edges (edge, rule_set, first_at, last_at, times) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (edge, rule_set) DO UPDATE SET
        times = times + excluded.times,
        first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at)"""

_SOLVE = """INSERT INTO puzzles (puzzle, moves, par, first_at, last_at, times) VALUES (?, ?, ?, ?, ?, 1)
    ON CONFLICT (puzzle) DO UPDATE SET
        times = times + 1,
        moves = min(moves, excluded.moves),
        par = coalesce(excluded.par, par),
        first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at)"""

Score = tuple[int, int | None]
"""(moves of the best attempt, par). Par is None while it is not known; (0, None): it cannot be done, and the proof has
been seen."""

_Solved = tuple[str, int, int | None, str, str]
"""(puzzle, moves, par, first time, last time)."""

Key = tuple[str, str]
"""(edge, rule set)"""


class Progress:
    """The database of one person. ``path`` None keeps everything in memory. Used from one thread.

    ``fault`` is an id of ``FAULTS`` or "", ``aside`` the file that it speaks of. Nothing here raises.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.fault = ""
        self.aside = path
        self._known: Counter[Key] = Counter()
        self._pending: Counter[Key] = Counter()
        self._times: dict[Key, tuple[str, str]] = {}
        self._done: list[_Solved] = []
        self._solved: list[_Solved] = []
        """What was solved since the window opened, and what of it waits to be written."""
        self._base: sqlite3.Connection | None = None
        if path is not None:
            self._open(path)

    # --- what is asked of it ---

    def edges(self) -> Counter[Key]:
        """How often each edge has been crossed under each rule set: what the file says, and what waits for it."""
        found: Counter[Key] = Counter()
        if self._base is None:
            return self._known.copy()
        try:
            for edge, rule_set, times in self._base.execute("SELECT edge, rule_set, times FROM edges"):
                found[edge, rule_set] = times
        except sqlite3.Error as error:
            self._broken(error)
            return self._known.copy()
        return found + self._pending

    def add(self, keys: Iterable[Key], at: str) -> None:
        """Note crossings at ``at`` (ISO 8601); ``flush`` writes them."""
        for key in keys:
            self._known[key] += 1
            self._pending[key] += 1
            first, last = self._times.get(key, (at, at))
            self._times[key] = min(first, at), max(last, at)

    def puzzles(self) -> dict[str, Score]:
        """The best attempt at each puzzle, by its id: what the file says, and what waits for it."""
        found: dict[str, Score] = {}
        if self._base is not None:
            try:
                for puzzle, moves, par in self._base.execute("SELECT puzzle, moves, par FROM puzzles"):
                    found[puzzle] = moves, par
            except sqlite3.Error as error:
                self._broken(error)
        for puzzle, moves, par, _, _ in self._done:
            best = found.get(puzzle, (moves, par))
            found[puzzle] = min(best[0], moves), par if par is not None else best[1]
        return found

    def solve(self, puzzle: str, moves: int, par: int | None, at: str) -> None:
        """Note that a puzzle was solved at ``at`` (ISO 8601) in so many moves; ``flush`` writes it."""
        self._done.append((puzzle, moves, par, at, at))
        self._solved.append(self._done[-1])

    def flush(self) -> bool:
        """Write what has been noted, in one transaction. False: it waits on, because the file cannot be written now."""
        if self._base is None or not (self._pending or self._solved):
            return self._base is not None or self.path is None
        rows = [(*key, *self._times[key], times) for key, times in self._pending.items()]
        try:
            with self._base:
                self._base.execute("BEGIN IMMEDIATE")
                self._base.executemany(_ADD, rows)
                self._base.executemany(_SOLVE, self._solved)
        except sqlite3.OperationalError:
            self.fault = self.fault or "unwritable"
            return False
        except sqlite3.Error as error:
            return self._broken(error)
        if self.fault == "unwritable":
            self.fault = ""
        self._pending.clear()
        self._solved.clear()
        return True

    def close(self) -> None:
        """Write what has been noted and let go of the file."""
        self.flush()
        if self._base is not None:
            self._base.close()
            self._base = None

    # --- opening ---

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = _connect(path)
            version = _migrate(self._base)
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

    def _broken(self, _error: sqlite3.Error) -> bool:
        """Set the file aside and begin a new one with what this window knows."""
        self._let_go()
        assert self.path is not None, "only a file can be broken"
        try:
            self.aside = _set_aside(self.path)
            self._base = _connect(self.path)
            _migrate(self._base)
        except (sqlite3.Error, OSError):
            self._give_up("unwritable")
            return False
        self.fault = "set-aside"
        self._pending = self._known.copy()
        self._solved = self._done.copy()
        return self.flush()


def _connect(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=NORMAL")
        base.execute("PRAGMA trusted_schema=OFF")
        found = base.execute("PRAGMA quick_check(1)").fetchone()
        if found is None or found[0] != "ok":
            raise sqlite3.DatabaseError(found)
    except sqlite3.Error:
        base.close()
        raise
    return base


def _migrate(base: sqlite3.Connection) -> int:
    """Bring the tables up to date; returns the version that the file then has (a newer one is left alone)."""
    with base:
        base.execute("BEGIN IMMEDIATE")
        version = int(base.execute("PRAGMA user_version").fetchone()[0])
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                base.execute(statement)
        if version < VERSION:
            base.execute(f"PRAGMA user_version={VERSION}")
    return max(version, VERSION)


def _set_aside(path: Path) -> Path:
    """Give a broken file, and what belongs to it, the next free name."""
    number = 1
    while (target := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists():
        number += 1
    for tail in ("-wal", "-shm"):
        beside = path.with_name(path.name + tail)
        if beside.exists():
            beside.replace(target.with_name(target.name + tail))
    path.replace(target)
    return target
