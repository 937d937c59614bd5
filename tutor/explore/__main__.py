"""``python -m tutor.explore [PROFILE …]``: prints every edge of a rule set with the fewest acts that cross it."""

from __future__ import annotations

import sys

from tutor.explore.recipes import Recipe, find_recipes
from tutor.profiles import ProfileError, load_profile, profile_names
from tutor.tcp.transitions import Edge, rule_set


def main(names: list[str]) -> int:
    """Print a report for each profile named, or for all; 0 if every edge was crossed, 1 if not, 2 for a wrong name."""
    missing = 0
    for name in names or profile_names():
        try:
            profile = load_profile(name)
        except ProfileError as error:
            print(error, file=sys.stderr)
            return 2
        report = find_recipes(profile)
        edges = rule_set(profile.rule_set)
        print(f"\n{profile.title}: {len(edges) - len(report.missing)} of {len(edges)} edges crossed")
        for edge in edges:
            print(_line(edge, report.recipes.get(edge.id)))
        done = report.statistics
        print(f"  {done.worlds:,} worlds, {done.moves:,} moves")
        missing += len(report.missing)
    return 1 if missing else 0


def _line(edge: Edge, recipe: Recipe | None) -> str:
    """One edge, its ends, and the acts that cross it."""
    ends = f"{edge.id:<32} {edge.source} → {edge.target}"
    if recipe is None:
        return f"  {ends:<64} NOT CROSSED within the bound"
    acts = "; ".join(f"{at / 1_000_000:.6f} {act}" for at, act in recipe.acts)
    return f"  {ends:<64} at the {recipe.host}: {acts}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
