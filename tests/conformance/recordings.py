"""Recordings of a kernel in a folder, and the list of those that the simulated one does not follow yet.

Rules
-----
* ``not_yet.txt`` has a name and a reason on each line. A name that is followed now must come off the list.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from tutor.exchange.golden.judge import PASS, judge
from tutor.profiles import load_profile

HERE = Path(__file__).parent
LINUX = load_profile("linux-6.18")


def recordings(folder: str) -> list[Path]:
    """Every recording of a folder."""
    return sorted((HERE / folder).glob("*.json"))


@lru_cache(maxsize=8)
def not_yet(folder: str) -> dict[str, str]:
    """Recording -> why it is not followed yet."""
    lines = (HERE / folder / "not_yet.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if line.strip() and not line.startswith("#"))
    return {name: reason.strip() for name, _, reason in pairs}


def hold(path: Path) -> None:
    """The simulated kernel follows the recording; one on the list fails, and its first difference is told."""
    verdict = judge(path.read_text(encoding="utf-8"), LINUX)
    if path.stem not in not_yet(path.parent.name):
        assert verdict.kind == PASS, str(verdict)
        return
    assert verdict.kind != PASS, f"{path.stem} is followed now: take it off the list"
    pytest.xfail(str(verdict))
