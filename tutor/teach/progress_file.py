"""The file of one learner: its tables, how it is opened, brought up to date, and set aside when it is broken.

Rules
-----
* The version of the tables is SQLite's ``user_version``; ``MIGRATIONS[n]`` leads from version n to n + 1. A migration
  adds; none takes anything away.
* A broken file keeps all it holds under the next free name that says so.

Theory
------
Write-ahead logging: readers never wait for a writer, and a process that is killed leaves a whole database behind.
``synchronous=FULL``: a transaction that was committed outlives a power failure as well. So a commit that has returned
may be told to a learner as kept.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

SUFFIX = ".sqlite3"
FILE = f"progress{SUFFIX}"
"""The file of the days when there was one learner, in the folder of a person's data."""

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
    (
        """CREATE TABLE about (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE answers (
            id TEXT NOT NULL PRIMARY KEY,
            card TEXT NOT NULL,
            lesson TEXT NOT NULL,
            kind TEXT NOT NULL,
            given TEXT NOT NULL,
            is_right INTEGER NOT NULL CHECK (is_right IN (0, 1)),
            at TEXT NOT NULL,
            seed INTEGER NOT NULL,
            concepts TEXT NOT NULL,
            place TEXT NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX answers_by_time ON answers (at)",
        """CREATE TABLE lessons (
            lesson TEXT NOT NULL PRIMARY KEY,
            furthest INTEGER NOT NULL CHECK (furthest >= 0),
            beats INTEGER NOT NULL CHECK (beats >= furthest),
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            done_at TEXT
        ) WITHOUT ROWID""",
    ),
)
"""Statements by the version they start from. Rows are added at the end; none is ever changed."""

VERSION = len(MIGRATIONS)
ABOUT = 3
"""From this version on a file knows its learner's name."""
TABLES = ("edges", "puzzles", "answers", "lessons")
"""What a learner has shown, without who it is."""

PATIENCE = 2.0
"""Seconds to wait for another window that is writing."""


def connect(path: Path) -> sqlite3.Connection:
    """The database in ``path``, sound and ready to write. Raises ``sqlite3.Error``."""
    base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        base.execute("PRAGMA trusted_schema=OFF")
        base.execute("PRAGMA secure_delete=ON")
        found = base.execute("PRAGMA quick_check(1)").fetchone()
        if found is None or found[0] != "ok":
            raise sqlite3.DatabaseError(found)
    except sqlite3.Error:
        base.close()
        raise
    return base


def migrate(base: sqlite3.Connection) -> int:
    """Bring the tables up to date; returns the version that the file then has (a newer one is left alone)."""
    with base:
        base.execute("BEGIN IMMEDIATE")
        version = version_of(base)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                base.execute(statement)
        if version < VERSION:
            base.execute(f"PRAGMA user_version={VERSION}")
    return max(version, VERSION)


def version_of(base: sqlite3.Connection) -> int:
    """Which version's tables a file has."""
    return int(base.execute("PRAGMA user_version").fetchone()[0])


def with_tails(path: Path) -> tuple[Path, ...]:
    """The file and what SQLite may have laid beside it."""
    return path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def set_aside(path: Path) -> Path:
    """Give a broken file, and what belongs to it, the next free name."""
    number = 1
    while (target := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists():
        number += 1
    for beside, there in list(zip(with_tails(path), with_tails(target), strict=True))[1:]:
        if beside.exists():
            beside.replace(there)
    path.replace(target)
    return target


def copies_aside(path: Path) -> tuple[Path, ...]:
    """What was set aside of this file, all of it."""
    return tuple(sorted(path.parent.glob(f"{path.stem}.broken-*")))


def erase(path: Path) -> None:
    """Take a file away, with what belongs to it and what was set aside of it. Raises ``OSError``.

    What stands in it is overwritten first, so that a window that has it still open finds nothing either.
    """
    with suppress(sqlite3.Error), closing(connect(path)) as base:
        base.execute("BEGIN IMMEDIATE")
        for table in (*TABLES, "about"):
            with suppress(sqlite3.OperationalError):
                base.execute(f"DELETE FROM {table}")  # noqa: S608  a name of ours
        base.execute("COMMIT")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for each in (*with_tails(path)[::-1], *copies_aside(path)):
        each.unlink(missing_ok=True)
