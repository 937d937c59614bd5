"""kill -9 at a random moment while questions are answered: no answer that was acknowledged is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")


def nursery(path: Path, seed: int, kills: int, *more: str) -> tuple[int, int]:
    """(answers acknowledged, answers lost) when so many children were killed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.teach.killed", str(path), str(seed), str(kills), *more],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()[-1].split()
    print(done.stdout)
    return int(words[3]), int(words[5])


@pytest.mark.parametrize(
    ("seed", "kills"),
    [
        (1, 20),
        pytest.param(2, 200, marks=pytest.mark.ci),
        pytest.param(3, 1000, marks=pytest.mark.long),
    ],
)
def test_no_acknowledged_answer_is_lost(tmp_path: Path, seed: int, kills: int) -> None:
    """Twenty kills; two hundred in the longer run, a thousand in the longest. All into one file, which stays sound."""
    acknowledged, lost = nursery(tmp_path / "learner.sqlite3", seed, kills)
    assert acknowledged >= kills, "the children answered"
    assert lost == 0


@pytest.mark.ci
def test_acknowledging_too_early_is_found_out(tmp_path: Path) -> None:
    """A child that says "kept" before it keeps: some of what it said is not in the file. So the test above bites."""
    _, lost = nursery(tmp_path / "learner.sqlite3", 4, 40, "early")
    assert lost > 0
