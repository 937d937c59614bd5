"""Some cases for a developer, more of them for the longer run, all of them when they are asked for.

``.ci/run`` takes what is marked ``ci`` and not ``long``: of a test with several parameters that are each sampled, it
takes the cases in which none is left to ``pytest -m long``. A test that is marked ``sampled`` is sampled as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

FEW = 5
"""The longer run takes one of so many cases of what a developer does not wait for."""


def some(cases: Iterable[object], every: int) -> list[object]:
    """Every so-manieth case, beginning with the first; of the others a few wait for ``.ci/run``."""
    every_case = list(cases)
    others = iter(few(case for place, case in enumerate(every_case) if place % every))
    return [next(others) if place % every else case for place, case in enumerate(every_case)]


def quick(cases: Iterable[object], is_quick: Callable[[Any], bool]) -> list[object]:
    """The quick ones; of the others a few wait for ``.ci/run``."""
    every_case = list(cases)
    return [*filter(is_quick, every_case), *few(case for case in every_case if not is_quick(case))]


def few(cases: Iterable[object], every: int = FEW) -> list[object]:
    """None for a developer, every so-manieth for ``.ci/run``, the others for ``pytest -m long``."""
    return few_rows(((case,) for case in cases), every)


def few_rows(rows: Iterable[tuple[object, ...]], every: int = FEW) -> list[object]:
    """The same of cases that are rows of several parameters."""
    return [
        pytest.param(*row, marks=pytest.mark.long if place % every else pytest.mark.ci)
        for place, row in enumerate(rows)
    ]


def share_out(items: Iterable[pytest.Item]) -> None:
    """Say of each case of the tests that are ``sampled(every, longer=FEW)`` who waits for it.

    A developer waits for the first and every so-manieth after it; ``.ci/run`` for one in ``longer`` of the others; the
    rest is ``long``. Cases that are marked by themselves stay as they are.
    """
    seen: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for item in items:
        mark = item.get_closest_marker("sampled")
        if mark is None or item.get_closest_marker("ci") or item.get_closest_marker("long"):
            continue
        every, longer = _shares(*mark.args, **mark.kwargs)
        test = item.nodeid.partition("[")[0]
        if seen[test] % every:
            item.add_marker(pytest.mark.long if left[test] % longer else pytest.mark.ci)
            left[test] += 1
        seen[test] += 1


def _shares(every: int, longer: int = FEW) -> tuple[int, int]:
    return every, longer
