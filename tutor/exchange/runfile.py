"""A saved run: everything that is needed to see a run again, anywhere.

Rules
-----
* It embeds the lesson's own text (and its translations), the switches, the seed and the acts of every branch. It never
  depends on a lesson that is installed.
* It names the engine and the fingerprint of each branch's last world. A replay that ends in another fingerprint is not
  the same run, and whoever replays says so.
* A file comes from anywhere: its size and the number of its parts are limited, names are not paths, nothing in it runs.

Theory
------
JSON, so that it can be read, compared and mailed. Branch 0 is the run as the switches have it; a further branch is its
parent up to a step, then acts. Times are microseconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

FORMAT = "tcp-tutor run"
VERSION = 1
SUFFIX = ".tcprun"

MAX_CHARACTERS = 4_000_000
MAX_BRANCHES = 1_000
MAX_ACTS = 10_000
MAX_FILES = 50

PROBLEMS: dict[str, str] = {
    "json": "this is not JSON: {found}",
    "too-large": "the file is too large; at most {allowed} characters",
    "format": "this is not a saved run",
    "version": "this run is of version {found}; this program reads version {allowed}",
    "missing": "{where} is missing",
    "type": "{where} is {found}; allowed: {allowed}",
    "too-many": "{where} has too many parts; at most {allowed}",
    "name": "{where} is {found}, which is no plain file name",
    "parent": "{where} is {found}; a branch grows from an earlier one",
}
"""What can be wrong with a file, as messages with placeholders."""


class RunFileError(ValueError):
    """A file that is no saved run. ``problem`` is an id of ``PROBLEMS``; line and column count from 1."""

    def __init__(self, problem: str, *, line: int = 1, column: int = 1, **values: object) -> None:
        self.problem, self.line, self.column, self.values = problem, line, column, values
        super().__init__(PROBLEMS[problem].format(**values))


@dataclass(frozen=True, slots=True)
class SavedBranch:
    """One future: ``parent`` up to step ``index``, then ``acts`` at ``at``. Branch 0 has no parent and no acts."""

    parent: int | None
    index: int
    at: int
    acts: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run. ``files``: name -> text of the lesson and its translations; the first is the lesson itself.

    ``branch`` is the one that was on screen, ``road`` the lesson's own (the same one, where a file does not say).
    """

    engine: str
    files: Mapping[str, str]
    profiles: Mapping[str, str]
    acts: tuple[tuple[int, str], ...]
    until: int | None
    seed: int
    branches: tuple[SavedBranch, ...]
    branch: int = 0
    road: int | None = None


def dumps(run: SavedRun) -> str:
    """The run as the text of a file."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "engine": run.engine,
        "seed": run.seed,
        "profiles": dict(run.profiles),
        "acts": [{"at": at, "act": act} for at, act in run.acts],
        "until": run.until,
        "branch": run.branch,
        **({} if run.road is None else {"road": run.road}),
        "branches": [
            {
                "parent": branch.parent,
                "index": branch.index,
                "at": branch.at,
                "acts": list(branch.acts),
                "digest": branch.digest,
            }
            for branch in run.branches
        ],
        "files": dict(run.files),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def looks_like_run(text: str) -> bool:
    """Is this meant to be a saved run (whatever may be wrong with it), and not a lesson?"""
    return text.lstrip().startswith("{") and f'"{FORMAT}"' in text[:200]


def loads(text: str) -> SavedRun:
    """The run that a file's text holds. Raises ``RunFileError``."""
    if len(text) > MAX_CHARACTERS:
        raise RunFileError("too-large", allowed=MAX_CHARACTERS)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise RunFileError("json", line=error.lineno, column=error.colno, found=error.msg) from None
    except RecursionError:
        raise RunFileError("json", found="nested too deeply") from None
    except ValueError:  # Python reads no number of thousands of digits
        raise RunFileError("json", found="a number that is too long") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise RunFileError("format")
    reader = _Reader(text)
    version = reader.take(document, "version", int)
    if version != VERSION:
        reader.fail("version", "version", found=version, allowed=VERSION)
    return reader.run(document)


class _Reader:
    """Takes values out of the parsed document, each checked; knows the text to say where a fault stands."""

    def __init__(self, text: str) -> None:
        self.text = text

    def run(self, document: dict[str, Any]) -> SavedRun:
        branches = self.take(document, "branches", list, most=MAX_BRANCHES)
        files = self.take(document, "files", dict, most=MAX_FILES)
        for name in files:
            if name in ("", ".", "..") or set(name) & set("/\\:\0"):
                self.fail("name", "files", found=repr(name))
            self.take(files, name, str, where=f"files.{name}")
        if not files:
            self.fail("missing", "files")
        saved = tuple(self._branch(branch, i) for i, branch in enumerate(branches))
        if not saved:
            self.fail("missing", "branches")
        chosen = self.take(document, "branch", int)
        if not 0 <= chosen < len(saved):
            self.fail("type", "branch", found=chosen, allowed=f"0…{len(saved) - 1}")
        road = self.take(document, "road", int) if "road" in document else None
        if road is not None and not 0 <= road < len(saved):
            self.fail("type", "road", found=road, allowed=f"0…{len(saved) - 1}")
        profiles = self.take(document, "profiles", dict, most=MAX_FILES)
        return SavedRun(
            engine=self.take(document, "engine", str),
            files=files,
            profiles={name: self.take(profiles, name, str, where=f"profiles.{name}") for name in profiles},
            acts=tuple(self._timed(act, i) for i, act in enumerate(self.take(document, "acts", list, most=MAX_ACTS))),
            until=self.take(document, "until", int, or_null=True),
            seed=self.take(document, "seed", int),
            branches=saved,
            branch=chosen,
            road=road,
        )

    def _timed(self, act: Any, number: int) -> tuple[int, str]:
        where = f"acts[{number}]"
        self._is(act, dict, where)
        return self.take(act, "at", int, where=f"{where}.at"), self.take(act, "act", str, where=f"{where}.act")

    def _branch(self, branch: Any, number: int) -> SavedBranch:
        where = f"branches[{number}]"
        self._is(branch, dict, where)
        parent = self.take(branch, "parent", int, where=f"{where}.parent", or_null=True)
        if (parent is None) != (number == 0) or (parent is not None and not 0 <= parent < number):
            self.fail("parent", f"{where}.parent", found=parent)
        acts = self.take(branch, "acts", list, where=f"{where}.acts", most=MAX_ACTS)
        for i, act in enumerate(acts):
            self._is(act, str, f"{where}.acts[{i}]")
        return SavedBranch(
            parent,
            self.take(branch, "index", int, where=f"{where}.index"),
            self.take(branch, "at", int, where=f"{where}.at"),
            tuple(acts),
            self.take(branch, "digest", str, where=f"{where}.digest"),
        )

    def take(
        self, holder: dict[str, Any], key: str, kind: type, *, where: str = "", or_null: bool = False, most: int = 0
    ) -> Any:
        """``holder[key]`` if it is of this kind and not too long."""
        where = where or key
        if key not in holder:
            self.fail("missing", where)
        value = holder[key]
        if value is None and or_null:
            return None
        self._is(value, kind, where)
        if kind is int and value < 0 and key != "seed":
            self.fail("type", where, found=value, allowed="0…")
        if most and len(value) > most:
            self.fail("too-many", where, allowed=most)
        return value

    def _is(self, value: Any, kind: type, where: str) -> None:
        if not isinstance(value, kind) or isinstance(value, bool):
            self.fail("type", where, found=json.dumps(value, ensure_ascii=False)[:40], allowed=_KINDS[kind])

    def fail(self, problem: str, where: str, **values: object) -> NoReturn:
        """Raise, with the line on which the last name of ``where`` first stands."""
        key = where.rpartition(".")[2].partition("[")[0]
        at = max(0, self.text.find(f'"{key}"'))
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        raise RunFileError(problem, line=line, column=column, where=where, **values)


_KINDS = {int: "a whole number", str: "a text", list: "a list", dict: "an object"}
