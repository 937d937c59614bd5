"""spin, where it is installed: runs ``handshake.pml`` breadth first, and says what it found."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

MODEL = Path(__file__).with_name("handshake.pml")
MISSING = "spin or gcc is not installed: the search is NOT compared with an independent model (apt install spin gcc)"

DEPTH = 100_000
"""Moves of a run: more than any of the model has."""


class Found(NamedTuple):
    """What spin says: moves of a shortest counterexample (0: none), states stored, transitions, seconds.

    The seconds are those of the processor, or what spin calls "elapsed" if that is less: it does not pay for others.
    """

    moves: int
    states: int
    transitions: int
    seconds: float


def is_here() -> bool:
    """Can it be run?"""
    return shutil.which("spin") is not None and shutil.which("gcc") is not None


@contextmanager
def made(*defines: str, level: str = "-O1") -> Iterator[Callable[..., Found]]:
    """A program that searches the model with these ``-D`` switches: each call runs it, and says what it found.

    ``level``: how the compiler optimises it. Of a call, ``depth``: the longest run that is looked at; of a longer one
    that is possible nothing is known, and the call raises ``AssertionError``.
    """
    with tempfile.TemporaryDirectory() as folder:
        switches = [f"-D{each}" for each in defines]
        _run(folder, "spin", *switches, "-a", str(MODEL))
        _run(folder, "gcc", level, "-w", "-DBFS", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c")
        yield partial(_searched, folder)


def check(*defines: str, level: str = "-O1", depth: int = DEPTH) -> Found:
    """Search the model once, breadth first; as ``made``."""
    with made(*defines, level=level) as search:
        return search(depth=depth)


def _searched(folder: str, depth: int = DEPTH) -> Found:
    """Run the program, and believe it only if it came to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = _run(folder, "./pan", f"-m{depth}", fails=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    states = re.search(r"(\d+) states, stored", told)
    matched = re.search(r"(\d+) states, matched", told)
    elapsed = re.search(r"elapsed time ([\d.]+)", told)
    broken = re.search(r"assertion violated .*\(at depth (\d+)\)", told)
    errors = re.search(r"errors: (\d+)", told)
    assert states is not None and errors is not None and "State-vector" in told, told
    assert "max search depth too small" not in told, told
    if broken is None:
        # "It holds" is what spin says itself, of a search that came to its end, and not what it does not say.
        assert errors[1] == "0" and "Full statespace search" in told and "not completed" not in told, told
    else:
        assert errors[1] == "1", told
    assert matched is not None, told
    seconds = min(took, float(elapsed[1]) or took) if elapsed else took
    return Found(int(broken[1]) + 1 if broken else 0, int(states[1]), int(states[1]) + int(matched[1]), seconds)


def _run(folder: str, *command: str, fails: bool = False) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=not fails, timeout=300)
    return done.stdout
