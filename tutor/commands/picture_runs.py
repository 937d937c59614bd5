"""Runs inside pictures and handouts: which there are, and which of them a name means.

Rules
-----
* ``closing.pdf`` means the first run in the file; ``handout.pdf#3`` its third, ``handout.pdf#19`` the one whose name
  begins so. A file whose own name has a ``#`` in it is that file.
* Whoever opens a file with several runs is told so, and how to get at the others.
"""

from __future__ import annotations

from pathlib import Path

from tutor.commands.faults import BadFile
from tutor.commands.parser import did_you_mean
from tutor.exchange import embedded
from tutor.words import Words

MARK = "#"


def split(name: str) -> tuple[Path, str] | None:
    """The picture that ``name`` means, and which of its runs ("": the first); None if there is no such picture."""
    path, part = Path(name), ""
    if not path.is_file():
        front, _, part = name.rpartition(MARK)
        path = Path(front)
    is_one = bool(path.name) and path.suffix.lower() in embedded.SUFFIXES and path.is_file()
    return (path, part) if is_one else None


def runs_in(path: Path, words: Words) -> dict[str, str]:
    """Name -> text of every run in a picture, the first one first; at least one. Raises ``BadFile``."""
    try:
        with path.open("rb") as file:
            return embedded.runs(file.read(embedded.MAX_FILE + 1), path.suffix.lower())
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=path, why=fault)) from None
    except embedded.EmbeddedError as fault:
        raise BadFile(f"{path}: " + words.t(embedded.PROBLEMS[fault.problem], **fault.values)) from None


def taken_out(path: Path, part: str, words: Words) -> tuple[str, tuple[str, ...]]:
    """The text of the run that is meant, and what a person should be told of the others. Raises ``BadFile``."""
    found = runs_in(path, words)
    names = list(found)
    if part:
        return found[_named(path, part, names, words)], ()
    if len(names) == 1:
        return found[names[0]], ()
    others = ", ".join(f"{MARK}{place} {name}" for place, name in enumerate(names[1:], 2))
    said = words.t(
        "This file holds {count} runs. This is the first, {name}; the others: {others}. One of them: {example}",
        count=len(names), name=names[0], others=others, example=f"{path.name}{MARK}2",
    )  # fmt: skip
    return found[names[0]], (said,)


def _named(path: Path, part: str, names: list[str], words: Words) -> str:
    """The name that a number or a beginning means."""
    if part.isdecimal() and part[0] != "0" and int(part) <= len(names):
        return names[int(part) - 1]
    begun = [name for name in names if name == part] or [name for name in names if name.startswith(part)]
    if len(begun) == 1:
        return begun[0]
    tail = did_you_mean(part, begun or names, words)
    raise BadFile(words.t("{path} holds no run {name}", path=path, name=repr(part)) + tail)
