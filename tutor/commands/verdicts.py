"""Verdicts counted by a column of a manifest, and the reasons that a list gives for disagreements.

Rules
-----
* A list of reasons is TOML: each ``[[reason]]`` has its ``text``, ``decides`` (for whom the standard decides), the
  ``verdict`` and the ``scripts`` that get it for this reason. A script may have
  more than one.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import NamedTuple

from tutor.exchange.packetdrill.judge import FAIL, PASS, UNSUPPORTED
from tutor.words import Words

KINDS = (PASS, FAIL, UNSUPPORTED)

DECIDES = ("ours", "script", "neither")
"""For whom the standard decides: our host, the script, or it leaves the matter open."""


class Table:
    """How many scripts of each value of ``column`` got which verdict."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.counts: dict[str, dict[str, int]] = {}

    def count(self, row: Mapping[str, str], kind: str) -> None:
        """One more verdict on the script of ``row``."""
        counts = self.counts.setdefault(row.get(self.column, ""), dict.fromkeys(KINDS, 0))
        counts[kind] += 1

    def text(self, words: Words) -> str:
        """The table in columns, sorted by value; scripts of which the manifest says nothing first."""
        rows = [(value or words.t("(none)"), *map(str, self.counts[value].values())) for value in sorted(self.counts)]
        rows = [(self.column, *KINDS), *rows]
        width = max(len(row[0]) for row in rows)
        told = [f"{row[0]:<{width}}" + "".join(f"  {cell:>11}" for cell in row[1:]) for row in rows]
        return "\n".join(["", *told, ""])

    def as_json(self) -> str:
        """The table as an object."""
        return json.dumps({"table": self.column, "rows": self.counts}, ensure_ascii=False)


class Reason(NamedTuple):
    """Why a script and a host disagree."""

    verdict: str
    decides: str
    text: str

    def __str__(self) -> str:
        return f"the standard decides for {self.decides}: {self.text}"


def read_reasons(text: str, *, is_complete: bool = True) -> dict[str, tuple[Reason, ...]]:
    """Script -> why. Raises ``ValueError`` that names what is at fault; a list to be completed may lack texts."""
    told: dict[str, tuple[Reason, ...]] = {}
    for number, entry in enumerate(tomllib.loads(text).get("reason", []), 1):
        reason = Reason(*(entry.get(key, "") for key in Reason._fields))
        if is_complete and (reason.decides not in DECIDES or not reason.text):
            raise ValueError(f"reason {number}: a text and decides ({', '.join(DECIDES)}) are needed")
        for name in entry.get("scripts", []):
            told[name] = (*told.get(name, ()), reason)
    return told
