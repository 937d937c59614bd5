"""spin, where it is installed: runs ``handshake.pml`` breadth first, and says what it found."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

MODEL = Path(__file__).with_name("handshake.pml")
MISSING = "spin or gcc is not installed: the search is NOT compared with an independent model (apt install spin gcc)"


class Found(NamedTuple):
    """What spin says: moves of a shortest counterexample (0: none), states stored, seconds."""

    moves: int
    states: int
    seconds: float


def is_here() -> bool:
    """Can it be run?"""
    return shutil.which("spin") is not None and shutil.which("gcc") is not None


def check(*defines: str) -> Found:
    """Search the model, breadth first, with these ``-D`` switches."""
    with tempfile.TemporaryDirectory() as folder:
        switches = [f"-D{each}" for each in defines]
        _run(folder, "spin", *switches, "-a", str(MODEL))
        _run(folder, "gcc", "-O1", "-w", "-DBFS", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c")
        told = _run(folder, "./pan", "-m100000", fails=True)
        states = re.search(r"(\d+) states, stored", told)
        took = re.search(r"elapsed time ([\d.]+)", told)
        broken = re.search(r"assertion violated .*\(at depth (\d+)\)", told)
        assert states is not None, told
        return Found(int(broken[1]) + 1 if broken else 0, int(states[1]), float(took[1]) if took else 0.0)


def _run(folder: str, *command: str, fails: bool = False) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=not fails, timeout=300)
    return done.stdout
