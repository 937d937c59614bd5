"""The judges are judged: how many changed expectations were tried, and which of them nobody noticed."""

from __future__ import annotations

from collections.abc import Iterable

Trial = tuple[str, bool]
"""(what was changed where, and what the judge said; was it found at its place?)"""


def hold(trials: Iterable[Trial], at_least: int) -> None:
    """At least 99 in a hundred changes are found where they were made; the others are told."""
    told = list(trials)
    survivors = [what for what, is_found in told if not is_found]
    assert len(told) >= at_least
    assert len(survivors) <= len(told) // 100, "\n".join(survivors)
