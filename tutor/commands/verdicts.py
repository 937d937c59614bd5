"""Verdicts counted by a column of a manifest, and the reasons that a list gives for disagreements.

Rules
-----
* A list of reasons is TOML: the script's name is a table with ``verdict`` (pass never stands in it), ``decides``
  (for whom the standard decides) and ``reason``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping

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


def read_reasons(text: str) -> dict[str, str]:
    """Script -> "ours: why". Raises ``ValueError`` that names the entry at fault."""
    entries = tomllib.loads(text)
    told = {}
    for name, entry in entries.items():
        if not isinstance(entry, dict) or entry.get("decides") not in DECIDES or not entry.get("reason"):
            raise ValueError(f"{name}: a table with decides ({', '.join(DECIDES)}) and reason is needed")
        told[name] = f"the standard decides for {entry['decides']}: {entry['reason']}"
    return told
