"""Some cases for a developer, more of them for the longer run, all of them when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def some(cases: Iterable[object], every: int) -> list[object]:
    """Every so-manieth case, beginning with the first; the others wait for ``pytest -m ci``."""
    return [
        case if place % every == 0 else pytest.param(case, marks=pytest.mark.ci) for place, case in enumerate(cases)
    ]


def few(cases: Iterable[object], every: int) -> list[object]:
    """None for a developer, every so-manieth for ``pytest -m ci``, the others for ``pytest -m long``.

    A case that is a tuple stands for as many parameters.
    """
    found = []
    for place, case in enumerate(cases):
        marks = pytest.mark.ci if place % every == 0 else pytest.mark.long
        found.append(pytest.param(*case, marks=marks) if type(case) is tuple else pytest.param(case, marks=marks))
    return found
