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


def hold(trials: Iterable[Trial], at_least: int) -> None:
    """At least 99 in a hundred changes are found where they were made, and each of the others is listed."""
    tried = list(trials)
    assert len(tried) >= at_least
    strangers = [trial.told for trial in tried if not trial.is_found and not trial.is_listed]
    assert not strangers, "\n".join(("nobody noticed, and no list says why:", *strangers))
    cured = [trial.told for trial in tried if trial.is_found and trial.is_listed]
    assert not cured, "\n".join(("listed as never noticed, but they are:", *cured))
    survivors = sum(not trial.is_found for trial in tried)
    assert survivors <= max(1, len(tried) // 100), f"{survivors} of {len(tried)} were not noticed"
