"""Some cases for a developer, all of them for the longer run."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def some(cases: Iterable[object], every: int) -> list[object]:
    """Every so-manieth case, beginning with the first; the others wait for ``pytest -m ci``."""
    return [
        case if place % every == 0 else pytest.param(case, marks=pytest.mark.ci) for place, case in enumerate(cases)
    ]
