"""The file of votes: one line of JSON for every count, appended. Reads and writes a file; no progress is in it.

Rules
-----
* Only lines are added. A count that changes is another line; of one question that was asked at one moment the last
  line counts. So a process that is killed loses the line it was writing at most, and a full disk none that is there.
* A line that makes no sense is left out and left there; what is torn at the end is ended before the next line.
* "Clean for the next class" is a line too: what stands before it belongs to a class that is over, and is not shown
  any more. It stays in the file with its dates, and in the table of all classes.
* Nothing here raises but ``OSError``, which whoever asks tells the lecturer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tutor.joining import Speech
from tutor.teach.votes import Votes, as_csv

FILE = "votes.jsonl"
"""In the folder of a person's data."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class VotesFile:
    """A file of votes. It need not exist."""

    path: Path

    def keep(self, votes: Votes) -> None:
        """Add these votes, and come back when they are on the disk. Raises ``OSError``."""
        self._add({"votes": asdict(votes)})

    def clean(self, at: str) -> None:
        """Begin the next class at that moment (ISO 8601). Nothing happens where the class has no votes."""
        if self.of_class():
            self._add({"clean": at})

    def of_class(self) -> tuple[Votes, ...]:
        """The votes of the class that is on, in the order in which they were asked. Raises ``OSError``."""
        classes = self.classes()
        return classes[-1] if classes else ()

    def all(self) -> tuple[Votes, ...]:
        """The votes of every class there was, the oldest first. Raises ``OSError``."""
        return tuple(votes for one in self.classes() for votes in one)

    def classes(self) -> tuple[tuple[Votes, ...], ...]:
        """The votes class by class; of the last one, which may have none, too. Raises ``OSError``."""
        found: list[dict[tuple[str, str], Votes]] = [{}]
        for entry in self._entries():
            if "clean" in entry:
                found.append({})
            votes = _votes(entry.get("votes"))
            if votes is not None:
                found[-1][votes.question, votes.at] = votes
        return tuple(tuple(votes for votes in one.values() if not votes.is_empty) for one in found)

    def _entries(self) -> Iterator[dict[str, Any]]:
        try:
            raw = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return
        for line in raw.split(b"\n"):
            with suppress(ValueError, RecursionError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    yield entry

    def _add(self, entry: dict[str, object]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"version": VERSION, **entry}, ensure_ascii=False).encode() + b"\n"
        with self.path.open("a+b") as file:
            before = file.seek(0, os.SEEK_END)
            if before:
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    file.truncate(before)
                raise


def write_csv(path: Path, votes: Iterable[Votes], words: Speech) -> None:
    """The table of votes as spreadsheets read it (UTF-8 that says so), written beside its place and put there whole.

    Raises ``OSError``, and then leaves what was there.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(as_csv(votes, words).encode("utf-8-sig"))
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _votes(found: object) -> Votes | None:
    """The votes of a line, or None if it has none that make sense."""
    if not isinstance(found, dict):
        return None
    try:
        votes = Votes(
            question=str(found["question"]),
            at=str(found["at"]),
            options=tuple(map(str, found["options"])),
            right=tuple(map(int, found.get("right", ()))),
            prompt=str(found.get("prompt", "")),
            kind=str(found.get("kind", "choice")),
            rounds=tuple(tuple(map(int, counts)) for counts in found.get("rounds", ())),
        )
    except (KeyError, TypeError, ValueError):
        return None
    return votes
