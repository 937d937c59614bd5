"""What is wrong with a lesson, told to its author.

    LessonErrors (exception)   everything that is wrong with one lesson, in order of file, line and column
    └── LessonError (value)    one fault: where it stands, what was found, what is allowed, what was perhaps meant

Rules
-----
* One run tells everything. Faults are collected; only a file that is not YAML at all, or too large, ends the reading.
* One mistake, one error. What follows from a fault that was reported is not reported again.
* A message says where, what was found, what is allowed, and what to do; in the reader's language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.teach.lesson import Mark
from tutor.words import Words


@dataclass(frozen=True, slots=True, order=True)
class LessonError:
    """One fault of a lesson. ``what`` is the sentence; the fields after it may be empty."""

    file: str
    line: int
    column: int
    where: str
    what: str
    found: str = ""
    allowed: str = ""
    nearest: str = ""
    hint: str = ""

    def text(self, words: Words) -> str:
        """The error as it is printed: one line that editors can jump to, and indented lines that help."""
        where = f"{self.where}: " if self.where else ""
        lines = [f"{self.file}:{self.line}:{self.column}: {where}{self.what}"]
        if self.found:
            lines.append(words.t("found: {value}", value=self.found))
        if self.allowed:
            lines.append(words.t("allowed: {value}", value=self.allowed))
        if self.nearest:
            lines.append(words.t("did you mean {value}?", value=self.nearest))
        if self.hint:
            lines.append(self.hint)
        return "\n    ".join(lines)


class LessonErrors(Exception):
    """A lesson that cannot be used, with every reason why."""

    def __init__(self, errors: Iterable[LessonError], words: Words) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(error.text(words) for error in self.errors))


class Problems:
    """Collects the faults of one lesson, in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._found: dict[LessonError, None] = {}

    def add(
        self,
        mark: Mark,
        where: str,
        what: str,
        *,
        found: str = "",
        allowed: str | Iterable[str] = "",
        nearest: str = "",
        hint: str = "",
    ) -> None:
        """Note one fault at ``mark``. ``allowed`` may be the list itself."""
        listed = allowed if isinstance(allowed, str) else ", ".join(allowed)
        self._found.setdefault(LessonError(*mark, where, what, found, listed, nearest, hint))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> tuple[LessonError, ...]:
        """All faults by file, line and column."""
        return tuple(sorted(self._found))

    def raise_if_any(self) -> None:
        """Raise ``LessonErrors`` if anything was noted."""
        if self._found:
            raise LessonErrors(self._found, self.words)


def nearest(found: str, allowed: Iterable[str]) -> str:
    """The allowed word that ``found`` was perhaps meant to be; ``""`` if none is near."""
    folded = {word.casefold(): word for word in allowed}
    matches = difflib.get_close_matches(found.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else ""


def shortened(text: str, limit: int = 60) -> str:
    """``text`` in one line of at most ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
