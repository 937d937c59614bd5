"""Several learners: each has a file; deleted is deleted; the file of the first days is taken over."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tutor.teach.answered import Answered, Record
from tutor.teach.learners import FIRST, FOLDER, GUEST, LONGEST, Learner, Learners, refusal, tidy
from tutor.teach.progress import Progress
from tutor.teach.progress_file import FILE, MIGRATIONS, VERSION

NOON = "2026-01-01T12:00:00+00:00"
EDGE = ("syn-sent/rcv-rst", "linux-6.18")


def write(learners: Learners, learner: str, name: str) -> None:
    """Let a learner answer something."""
    progress = Progress(learners.path(learner))
    assert progress.answer(Answered(name, "01/bet", "01", "choice", "x", is_right=False, at=NOON))
    progress.close()


def test_each_learner_has_a_file_and_a_name(tmp_path: Path) -> None:
    """By name, in any letters; what one answers is nobody else's."""
    learners = Learners(tmp_path)
    assert learners.all() == ()
    ben, anna, li = learners.add("Ben"), learners.add("  anna\n of house 3 "), learners.add("李雷")
    assert [each.name for each in learners.all()] == ["anna of house 3", "Ben", "李雷"]
    write(learners, anna.id, "one")
    assert Progress(learners.path(ben.id)).record() == Record()
    learners.rename(ben.id, "Benjamin")
    assert Learner(ben.id, "Benjamin") in learners.all()
    assert len({ben.id, anna.id, li.id}) == 3


def test_deleted_is_deleted(tmp_path: Path) -> None:
    """No file of hers is left, and nothing of what stood in it; the others stay."""
    learners = Learners(tmp_path)
    anna, ben = learners.add("Anna"), learners.add("Ben")
    write(learners, anna.id, "the secret of Anna")
    learners.delete(anna.id)
    assert learners.all() == (ben,)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left and all(anna.id not in path.name for path in left)
    assert all(b"secret of Anna" not in path.read_bytes() for path in left)


def test_a_guest_has_no_file(tmp_path: Path) -> None:
    """So there is nothing to keep, and nothing to delete."""
    learners = Learners(tmp_path)
    assert learners.path(GUEST) is None and Learner(GUEST).is_guest
    progress = Progress(learners.path(GUEST))
    progress.add([EDGE], NOON)
    progress.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_the_file_of_the_first_days_is_taken_over(tmp_path: Path, version: int) -> None:
    """Of whatever version: its rows are the first learner's, and the old file is gone."""
    with sqlite3.connect(tmp_path / FILE, isolation_level=None) as base:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                base.execute(statement)
        base.execute("INSERT INTO edges VALUES (?, ?, ?, ?, 7)", (*EDGE, NOON, NOON))
        base.execute(f"PRAGMA user_version={version}")
    base.close()
    learners = Learners(tmp_path)
    assert learners.adopt() is None
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]
    assert learners.all() == (Learner(FIRST),)
    progress = Progress(learners.path(FIRST))
    assert progress.edges() == {EDGE: 7} and not progress.fault
    progress.close()
    assert learners.adopt() is None
    assert len(learners.all()) == 1


def test_what_is_still_in_the_log_of_the_old_file_is_taken_over_too(tmp_path: Path) -> None:
    """The process that wrote it was killed: its last rows are in the log beside the file."""
    old = Progress(tmp_path / FILE)
    old.add([EDGE], NOON)
    assert old.flush()
    assert (tmp_path / f"{FILE}-wal").stat().st_size > 0
    learners = Learners(tmp_path)
    learners.adopt()
    progress = Progress(learners.path(FIRST))
    assert progress.edges() == {EDGE: 1}
    progress.close()
    old._base = None


def test_a_broken_old_file_is_set_aside(tmp_path: Path) -> None:
    """It is kept beside, and the first learner begins anew."""
    (tmp_path / FILE).write_text("no database" * 1000, encoding="utf-8")
    learners = Learners(tmp_path)
    aside = learners.adopt()
    assert aside is not None and "no database" in aside.read_text(encoding="utf-8")
    assert learners.all() == ()


def test_an_old_file_beside_a_first_learner_is_left_alone(tmp_path: Path) -> None:
    """Somebody put it there: nobody's rows are overwritten by it."""
    learners = Learners(tmp_path)
    write(learners, FIRST, "mine")
    Progress(tmp_path / FILE).close()
    learners.adopt()
    assert (tmp_path / FILE).exists()
    assert [each.id for each in Progress(learners.path(FIRST)).answers()] == ["mine"]


def test_a_file_that_cannot_be_read_is_listed_as_such(tmp_path: Path) -> None:
    """It may be deleted; nobody is told that it is empty."""
    learners = Learners(tmp_path)
    learners.add("Anna")
    (tmp_path / FOLDER / "ab12.sqlite3").write_text("broken" * 1000, encoding="utf-8")
    assert Learner("ab12", is_readable=False) in learners.all()
    learners.delete("ab12")
    assert [each.name for each in learners.all()] == ["Anna"]


def test_a_name_is_there_once_and_can_be_read() -> None:
    """Empty, too long, taken in other letters' size: each is refused; one may keep one's own."""
    there = (Learner("1", "Anna"),)
    assert refusal(" \n\u200b", there) == "empty"
    assert refusal("x" * (LONGEST + 1), there) == "long"
    assert refusal("ANNA", there) == "taken"
    assert refusal("ANNA", there, own="1") == ""
    assert refusal("Ann", there) == ""
    assert tidy("\tA\x00nna  B ") == "A nna B"
