"""The verdict on a script: pass, fail with the first difference, or unsupported with the feature by its name.

Rules
-----
* A script that cannot be read fails, with line and column. One that needs what is not modelled is unsupported: never a
  pass, and never a fail.
* A manifest (CSV: ``file``, ``run_as``, ``prelude``) says in which form a script is asked, under which settings.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tutor.exchange.packetdrill.neutral import FULL, NEUTRAL
from tutor.exchange.packetdrill.parser import parse
from tutor.exchange.packetdrill.reading import ScriptError
from tutor.exchange.packetdrill.runner import Failure, Run
from tutor.exchange.packetdrill.script import Script
from tutor.exchange.packetdrill.settings import Setting, read_settings
from tutor.exchange.packetdrill.sockets import NotModelled
from tutor.exchange.packetdrill.stage import TooLong
from tutor.tcp.profile import Profile

PASS, FAIL, UNSUPPORTED = "pass", "fail", "unsupported"

STANDARD = frozenset({"STANDARD"})
"""What a script says for its own system is left out; what it says for the standard is asked, but in neutral form."""

LENIENT = 30_000
"""Microseconds of tolerance where a manifest says so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a script. ``line`` 0: no line in particular."""

    kind: str
    line: int = 0
    what: str = ""
    expected: str = ""
    actual: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        told = f"{self.kind} {where}{self.what}".rstrip()
        return f"{told}\n    expected: {self.expected}\n    actual:   {self.actual}" if self.expected else told

    def as_json(self) -> dict[str, object]:
        """The verdict for machines; what it has nothing of is left out."""
        told = {"verdict": self.kind, "line": self.line, "what": self.what}
        return {key: value for key, value in told.items() if value} | (
            {"expected": self.expected, "actual": self.actual} if self.expected else {}
        )


@dataclass(frozen=True, slots=True)
class Manner:
    """How a script is asked."""

    is_neutral: bool = False
    tolerance: int | None = None
    prelude: str = ""
    row: Mapping[str, str] = field(default_factory=dict)


def read_manifest(text: str) -> dict[str, Manner]:
    """File (as the manifest writes it) -> how it is asked. Raises ``ValueError`` if a column is missing."""
    rows = list(csv.DictReader(text.splitlines()))
    if rows and not {"file", "run_as"} <= set(rows[0]):
        raise ValueError(f"columns {', '.join(rows[0])}; needed: file, run_as (and prelude)")
    return {
        row["file"]: Manner(
            row["run_as"].startswith("neutral"),
            LENIENT if "30 ms" in row["run_as"] else None,
            row.get("prelude") or "",
            row,
        )
        for row in rows
    }


Beside = Callable[[str], str | None]
"""Path of a file beside the scripts -> its text, or None if there is none."""


def settings_beside(beside: Beside, path: str) -> tuple[Setting, ...] | None:
    """The list of settings at ``path``, or None if there is none."""
    found = beside(path)
    return read_settings(found) if found is not None else None


def judge(text: str, profile: Profile, manner: Manner, beside: Beside = lambda _path: None) -> Verdict:
    """Play the script that ``text`` is under ``profile``; ``beside`` gives the settings that lie with the scripts."""
    try:
        script = parse(text, frozenset() if manner.is_neutral else STANDARD)
    except ScriptError as error:
        return Verdict(FAIL, error.line, f"column {error.column}: found {error.found}; allowed: {error.allowed}")
    return judge_script(script, profile, manner, beside)


def judge_script(script: Script, profile: Profile, manner: Manner, beside: Beside = lambda _path: None) -> Verdict:
    """The verdict on a script that has been read."""
    prelude = settings_beside(beside, manner.prelude) if manner.prelude else ()
    if prelude is None:
        return Verdict(UNSUPPORTED, 0, f"the settings of {manner.prelude}, which is not there")
    scope = NEUTRAL if manner.is_neutral else FULL
    try:
        Run(
            script, profile, prelude=prelude, defaults=lambda name: settings_beside(beside, f"common/{name}.settings"),
            scope=scope, tolerance=manner.tolerance,
        ).play()  # fmt: skip
    except Failure as failure:
        return Verdict(FAIL, failure.line, failure.what, failure.expected, failure.actual)
    except (NotModelled, TooLong) as missing:
        return Verdict(UNSUPPORTED, 0, str(missing))
    return Verdict(PASS)
