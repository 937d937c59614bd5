"""Who learns here: one file a learner in one folder. One of the few files that write files.

Rules
-----
* A learner is a file. Its name stands in it, for a name may have letters that a file's name must not have. To delete a
  learner is to take the file away, with what lies beside it; nothing of it stays elsewhere.
* The guest has no file: what a guest shows is forgotten when the window closes.
* The file of the days when there was one learner is taken over whole: it is copied, and then taken away.
* Nothing here raises but ``OSError`` and ``sqlite3.Error``, which whoever asks tells the learner.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tutor.teach import progress_file
from tutor.teach.progress_file import ABOUT, FILE, SUFFIX, VERSION
from tutor.words import mark

FOLDER = "learners"
"""Below the folder of a person's data."""
GUEST, FIRST = "guest", "first"
"""Ids: of nobody in particular, and of the learner whom nobody has named."""
LONGEST = 40
"""Characters of a name."""

REFUSALS: dict[str, str] = {
    "empty": mark("A learner needs a name."),
    "long": mark("The name may have {most} characters at most."),
    "taken": mark("There is a learner of this name already."),
}
"""Why a name cannot be had."""


@dataclass(frozen=True, slots=True)
class Learner:
    """One who learns. ``name`` "": nobody has given one yet. ``is_readable``: the file says who it is."""

    id: str
    name: str = ""
    is_readable: bool = True

    @property
    def is_guest(self) -> bool:
        """Is nothing kept of what is shown?"""
        return self.id == GUEST


def refusal(name: str, there: tuple[Learner, ...], own: str = "") -> str:
    """Why a learner cannot be called so: a key of ``REFUSALS``; "": it can. ``own``: the id of who is renamed."""
    name = tidy(name)
    if not name:
        return "empty"
    if len(name) > LONGEST:
        return "long"
    taken = {each.name.casefold() for each in there if each.id != own}
    return "taken" if name.casefold() in taken else ""


def tidy(name: str) -> str:
    """A name without what cannot be seen in it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


class Learners:
    """The folder of all learners. Used from one thread; another window may use the folder at the same time."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = data / FOLDER

    def path(self, learner: str) -> Path | None:
        """Where the file of a learner is, or would be; None: the guest has none."""
        return None if learner == GUEST else self.folder / f"{learner}{SUFFIX}"

    def all(self) -> tuple[Learner, ...]:
        """Everybody whose file is here, by name; whoever has none comes first."""
        files = self.folder.glob(f"*{SUFFIX}")
        found = [_read(path) for path in files if ".broken-" not in path.name]
        return tuple(sorted(found, key=lambda learner: (learner.name.casefold(), learner.id)))

    def present(self, learner: str) -> str:
        """The learner of this id, if there is one; else the first one there is, or would be."""
        path = self.path(learner) if learner else None
        if path is not None and path.exists():
            return learner
        return next((each.id for each in self.all() if each.is_readable), FIRST)

    def add(self, name: str) -> Learner:
        """A new learner who is called so. Raises ``OSError`` or ``sqlite3.Error``."""
        learner = Learner(secrets.token_hex(6), tidy(name))
        self.rename(learner.id, learner.name)
        return learner

    def rename(self, learner: str, name: str) -> None:
        """Write down what a learner is called. Raises ``OSError`` or ``sqlite3.Error``."""
        path = self.path(learner)
        assert path is not None, "the guest has no name"
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(progress_file.connect(path)) as base:
            if progress_file.migrate(base) > VERSION:
                raise sqlite3.DatabaseError("written by a newer version")
            base.execute("INSERT OR REPLACE INTO about (key, value) VALUES ('name', ?)", (tidy(name),))

    def delete(self, learner: str) -> None:
        """Forget a learner wholly. Raises ``OSError``."""
        path = self.path(learner)
        assert path is not None, "nothing is kept of the guest"
        progress_file.erase(path)

    def adopt(self) -> Path | None:
        """Take over the file of the days when there was one learner. None, or where it was set aside, being broken."""
        old = self.data / FILE
        new = self.path(FIRST)
        assert new is not None, "the first learner has a file"
        if not old.is_file() or new.exists():
            return None
        fresh = new.with_name(f"{new.name}.new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with closing(progress_file.connect(old)) as source, closing(sqlite3.connect(fresh)) as target:
                source.backup(target)
            fresh.replace(new)
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            return progress_file.set_aside(old)
        except OSError:
            return None
        with suppress(OSError):
            for each in progress_file.with_tails(old)[::-1]:
                each.unlink(missing_ok=True)
        return None


def _read(path: Path) -> Learner:
    """Who this file is of."""
    learner = path.name.removesuffix(SUFFIX)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.5)) as base:
            if progress_file.version_of(base) < ABOUT:
                return Learner(learner)
            found = base.execute("SELECT value FROM about WHERE key = 'name'").fetchone()
    except sqlite3.Error:
        return Learner(learner, is_readable=False)
    return Learner(learner, tidy(str(found[0]))[:LONGEST] if found else "")
