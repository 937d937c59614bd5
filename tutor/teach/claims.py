"""Claims that people read about TCP connections, and which lessons answer them (``assets/claims.toml``).

Rules
-----
* A claim is wrong, outdated, or true only under conditions that are not told. Each needs a lesson that plays the run
  which shows what is so; ``uncovered`` lists those that no lesson answers yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tutor import resources
from tutor.teach.lesson import Lesson, Refuted, Text

VERDICTS = ("wrong", "outdated", "depends")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as one reads it. ``until``: what made it untrue, where it was true once ("": it never was)."""

    id: str
    verdict: str
    says: Text
    until: str = ""


@lru_cache(maxsize=1)
def claims() -> dict[str, Claim]:
    """Every claim by its id."""
    found = tomllib.loads(resources.asset_text("claims.toml"))
    return {
        name: Claim(name, row["verdict"], Text(row["says"], (("zh", row["zh"]),)), row.get("until", ""))
        for name, row in found.items()
    }


def uncovered(lessons: Iterable[Lesson]) -> tuple[Claim, ...]:
    """The claims that none of the lessons answers."""
    answered = {name for lesson in lessons for refuted in lesson.refutes for name in refuted.claims}
    return tuple(claim for name, claim in claims().items() if name not in answered)


def once_true(refuted: Refuted) -> str:
    """Up to when what is refuted was true; "" if it never was, or that is not known."""
    found = (claims()[name].until for name in refuted.claims if name in claims())
    return next(filter(None, found), "")
