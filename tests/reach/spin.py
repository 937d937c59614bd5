"""spin, where it is installed: runs ``handshake.pml`` breadth first, and says what it found."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

MODEL = Path(__file__).with_name("handshake.pml")
MISSING = "spin or gcc is not installed: the search is NOT compared with an independent model (apt install spin gcc)"


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


def check(*defines: str, level: str = "-O1") -> Found:
    """Search the model, breadth first, with these ``-D`` switches; ``level``: how the compiler optimises the search."""
    with tempfile.TemporaryDirectory() as folder:
        switches = [f"-D{each}" for each in defines]
        _run(folder, "spin", *switches, "-a", str(MODEL))
        _run(folder, "gcc", level, "-w", "-DBFS", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = _run(folder, "./pan", "-m100000", fails=True)
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
