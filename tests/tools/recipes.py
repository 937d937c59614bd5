"""Writes assets/recipes.json: for every edge of every rule set, the fewest acts that cross it.

Run ``python tests/tools/recipes.py`` after the engine, the search or the table of edges has changed (about half a
minute). "Take me there" plays these recipes; a test holds that they are what the search finds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.explore.recipes import Recipe, Report, find_recipes  # noqa: E402  the checkout is put on the path first
from tutor.profiles import load_profile  # noqa: E402
from tutor.tcp.transitions import EVERYWHERE, rule_set  # noqa: E402

PATH = ROOT / "assets" / "recipes.json"


def table(report: Report) -> dict[str, object]:
    """The recipes of one rule set as they stand in the file."""
    order = [edge.id for edge in rule_set(report.rule_set) if edge.id in report.recipes]
    rows = {edge: _row(report.recipes[edge]) for edge in order}
    return rows | {drawn: _row(recipe) for drawn, recipe in sorted(report.sequences.items())}


def _row(recipe: Recipe) -> dict[str, object]:
    return {"host": recipe.host, "at": recipe.at, "acts": [[at, str(act)] for at, act in recipe.acts]}


if __name__ == "__main__":
    tables = {name: table(find_recipes(load_profile(name))) for name in sorted(EVERYWHERE)}
    lines = []
    for name, rows in tables.items():
        inner = ",\n".join(f"  {json.dumps(edge)}: {json.dumps(row)}" for edge, row in rows.items())
        lines.append(f" {json.dumps(name)}: {{\n{inner}\n }}")
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
