"""The judges are judged: how many changed expectations were tried, and which of them nobody noticed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Trial(NamedTuple):
    """One change."""

    told: str
    """What was changed where, and what the judge said."""
    is_found: bool
    """The judge failed at its place, and named it."""
    is_listed: bool
    """It is listed, with its reason, as one that nobody can tell apart."""


def complaints(trials: Iterable[Trial], at_least: int) -> list[str]:
    """What is wrong with a judge: nothing, if it was tried ``at_least`` so often, found 99 in a hundred changes where
    they were made, and each of the others is listed."""
    tried = list(trials)
    strangers = [f"unnoticed, not listed: {each.told}" for each in tried if not (each.is_found or each.is_listed)]
    cured = [f"listed, but noticed: {each.told}" for each in tried if each.is_found and each.is_listed]
    survivors = sum(not trial.is_found for trial in tried)
    too_many = [f"{survivors} of {len(tried)} were not noticed"] if survivors > max(1, len(tried) // 100) else []
    too_few = [f"only {len(tried)} were tried"] if len(tried) < at_least else []
    return [*strangers, *cured, *too_many, *too_few]
