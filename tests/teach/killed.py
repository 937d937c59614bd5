"""Children that answer questions and are killed: what was acknowledged must be in the file.

Rules
-----
* A child is a process of its own: it opens lesson 01, chooses and has its choices graded through ``update``, keeps each
  answer through ``Progress``, and only then prints the answer's id. It goes on until it is killed, with SIGKILL, at a
  random moment.
* ``python -m tests.teach.killed FILE SEED KILLS`` is the nursery: it has read the lesson once and forks the children,
  so that a thousand of them take a minute. It prints a line a child: how many were acknowledged, how many were lost.
* ``EARLY``: children that acknowledge before they keep. With them answers are lost: so the test can fail.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import sys
import time
from pathlib import Path

from tutor.teach import intents, noting
from tutor.teach.progress import Progress
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of

NOON = "2026-01-01T12:00:00.000+00:00"
LONGEST_LIFE = 0.06
"""Seconds that a child lives at most once it has begun to answer."""


def answer_for_ever(begun: Session, path: Path, number: int, out: int, *, is_early: bool = False) -> None:
    """A child: answers the first bet of the lesson again and again, and acknowledges what is kept."""
    progress = Progress(path)
    bet = begun
    while not bet.is_asking:
        bet = update(bet, intents.NextBeat())
    os.write(out, b"ready\n")
    count = 0
    while True:
        assert bet.ask is not None
        chosen = update(bet, intents.Choose(count % len(bet.ask.options)))
        graded = update(chosen, intents.CheckBet())
        (answer,) = noting.fresh(chosen, graded)
        name = f"{number}-{count}"
        if is_early:
            os.write(out, f"{name}\n".encode())
        if progress.answer(noting.answered(graded, answer, NOON, name)) and not is_early:
            os.write(out, f"{name}\n".encode())
        count += 1


def one(begun: Session, path: Path, number: int, life: float, *, is_early: bool = False) -> tuple[int, list[str]]:
    """Let one child live so long; how many answers it acknowledged, and which of these are not in the file."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reads)
            answer_for_ever(begun, path, number, writes, is_early=is_early)
        finally:
            os._exit(1)
    os.close(writes)
    told = b""
    while b"ready\n" not in told:
        told += os.read(reads, 4096)
    time.sleep(life)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"
    while select.select([reads], [], [], 0)[0] and (more := os.read(reads, 65536)):
        told += more
    os.close(reads)
    names = told.decode().split()[1:]
    with sqlite3.connect(path) as base:
        kept = {row[0] for row in base.execute("SELECT id FROM answers WHERE id LIKE ?", (f"{number}-%",))}
        assert base.execute("PRAGMA quick_check").fetchone() == ("ok",)
    base.close()
    return len(names), [name for name in names if name not in kept]


def main(path: str, seed: str, kills: str, early: str = "") -> int:
    """The nursery."""
    chance = random.Random(int(seed))
    lesson = load_lesson("01-three-way-handshake")
    begun = start(lesson, scenario_of(lesson))
    acknowledged = lost = 0
    for number in range(int(kills)):
        life = chance.uniform(0.0, LONGEST_LIFE)
        count, missing = one(begun, Path(path), number, life, is_early=bool(early))
        acknowledged += count
        lost += len(missing)
        for name in missing:
            print("lost", name)
    print("kills", kills, "acknowledged", acknowledged, "lost", lost)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
