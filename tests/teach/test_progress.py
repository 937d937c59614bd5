"""The learner's database: nothing is lost, whatever happens to the file; and it never stops the window."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tutor.teach import progress_file
from tutor.teach.answered import Answered, Crossed, Record, Solved, Walked
from tutor.teach.progress import FAULTS, Progress
from tutor.teach.progress_file import FILE, MIGRATIONS, VERSION

A, B = ("syn-sent/rcv-rst", "linux-6.18"), ("closed/active-open", "rfc9293")
NOON, LATER = "2026-01-01T12:00:00+00:00", "2026-01-02T12:00:00+00:00"


def rows(path: Path) -> list[tuple[object, ...]]:
    """What stands in the file."""
    with sqlite3.connect(path) as base:
        return base.execute("SELECT * FROM edges ORDER BY edge").fetchall()


def test_what_was_crossed_is_there_the_next_time(tmp_path: Path) -> None:
    """Counted, with the first time and the last."""
    path = tmp_path / "new" / FILE
    first = Progress(path)
    first.add([A, A, B], NOON)
    assert first.edges() == {A: 2, B: 1}, "what waits to be written counts already"
    first.close()
    second = Progress(path)
    second.add([A], LATER)
    assert second.flush()
    assert second.edges() == {A: 3, B: 1}
    second.close()
    assert rows(path) == [(*B, NOON, NOON, 1), (*A, NOON, LATER, 3)]
    assert not second.fault


def test_two_windows_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each adds to what is there, and sees what the other wrote."""
    one, two = Progress(tmp_path / FILE), Progress(tmp_path / FILE)
    for _ in range(20):
        one.add([A], NOON)
        two.add([A, B], NOON)
        assert one.flush() and two.flush()
    assert one.edges() == two.edges() == {A: 40, B: 20}
    one.close()
    two.close()


def test_what_cannot_be_written_now_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another window holds the file: nothing is lost, and it is written once the file is free."""
    monkeypatch.setattr("tutor.teach.progress_file.PATIENCE", 0.01)
    mine = Progress(tmp_path / FILE)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    mine.add([A], NOON)
    assert not mine.flush()
    assert mine.fault == "unwritable" and mine.edges() == {A: 1}
    other.execute("ROLLBACK")
    other.close()
    assert mine.flush() and not mine.fault
    mine.close()
    assert rows(tmp_path / FILE) == [(*A, NOON, NOON, 1)]


def test_a_file_that_is_no_database_is_kept_beside(tmp_path: Path) -> None:
    """Whatever it was, it is still there, under a name that says so; a second one gets the next name."""
    path = tmp_path / FILE
    for number in (1, 2):
        path.write_text("these are my holiday pictures" * 100, encoding="utf-8")
        progress = Progress(path)
        assert progress.fault == "set-aside"
        assert progress.aside == tmp_path / f"progress.broken-{number}.sqlite3"
        assert "holiday" in progress.aside.read_text(encoding="utf-8")
        progress.add([A], NOON)
        assert progress.flush() and progress.edges() == {A: 1}
        progress.close()


def test_a_file_that_breaks_while_the_window_is_open_is_written_anew(tmp_path: Path) -> None:
    """What this window knows is in the new file, the broken one beside it."""
    path = tmp_path / FILE
    progress = Progress(path)
    keys = [(f"edge-{number}", "rfc9293") for number in range(3000)]
    progress.add(keys, NOON)
    assert progress.flush() and progress._base is not None
    progress._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    progress._base.execute("PRAGMA shrink_memory")
    whole = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"x" * (whole - 100))
    progress.add([A], NOON)
    assert progress.flush()
    assert progress.fault == "set-aside"
    assert progress.aside is not None and progress.aside.stat().st_size == whole
    assert progress.edges() == dict.fromkeys([*keys, A], 1)
    progress.close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """The window goes on in memory, and says so."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    progress = Progress(locked / FILE)
    assert progress.fault == "unwritable"


def test_a_folder_that_cannot_exist(tmp_path: Path) -> None:
    """A file stands where the folder should be: things go on in memory, and the window says so."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    progress = Progress(tmp_path / "file" / FILE)
    assert progress.fault == "unwritable"
    progress.add([A], NOON)
    progress.flush()
    assert progress.edges() == {A: 1}
    progress.close()


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """SQLite says that the disk is full: it goes on in memory, and writes when there is room again."""
    progress = Progress(tmp_path / FILE)
    assert progress._base is not None
    pages = progress._base.execute("PRAGMA page_count").fetchone()[0]
    progress._base.execute(f"PRAGMA max_page_count={pages}")
    progress.add([(f"edge-{number}", "rfc9293") for number in range(3000)], NOON)
    assert not progress.flush()
    assert progress.fault == "unwritable"
    assert len(progress.edges()) == 3000
    progress._base.execute("PRAGMA max_page_count=100000")
    assert progress.flush()
    assert not progress.fault and len(rows(tmp_path / FILE)) == 3000
    progress.close()


def test_a_file_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """We do not know what stands in it, so we do not touch it."""
    path = tmp_path / FILE
    Progress(path).close()
    with sqlite3.connect(path) as base:
        base.execute(f"PRAGMA user_version={VERSION + 1}")
    before = path.read_bytes()
    progress = Progress(path)
    assert progress.fault == "newer"
    progress.add([A], NOON)
    progress.flush()
    progress.close()
    assert progress.edges() == {A: 1}
    assert path.read_bytes() == before


def test_a_process_that_is_killed_leaves_a_whole_database(tmp_path: Path) -> None:
    """kill -9 in the middle of writing: what was flushed before is there, and the file is sound."""
    path = tmp_path / FILE
    script = textwrap.dedent(
        f"""
        from pathlib import Path
        from tutor.teach.progress import Progress
        progress = Progress(Path({str(path)!r}))
        number = 0
        while True:
            progress.add([(f"edge-{{number}}", "rfc9293")], {NOON!r})
            assert progress.flush()
            number += 1
            if number == 50:
                print("ready", flush=True)
        """
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path.cwd())
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"ready"
    child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    child.wait()
    child.stdout.close()
    progress = Progress(path)
    assert not progress.fault
    assert len(progress.edges()) >= 50
    progress.close()


def test_without_a_path_everything_stays_in_memory() -> None:
    """Tests and pictures leave no trace."""
    progress = Progress()
    progress.add([A], NOON)
    assert progress.flush() and progress.edges() == {A: 1}
    progress.close()


def test_every_version_can_be_reached_from_nothing() -> None:
    """The migrations, one after the other, are SQL that SQLite takes."""
    with sqlite3.connect(":memory:") as base:
        for statements in MIGRATIONS:
            for statement in statements:
                base.execute(statement)
    assert set(FAULTS) == {"set-aside", "newer", "unwritable", "deleted"}


def test_the_best_attempt_at_a_puzzle_is_there_the_next_time(tmp_path: Path) -> None:
    """Fewest moves win; par and a proof are remembered; an older file gets the table and loses nothing."""
    path = tmp_path / FILE
    with sqlite3.connect(path, isolation_level=None) as base:
        for statement in (*MIGRATIONS[0], "PRAGMA user_version=1"):
            base.execute(statement)
    first = Progress(path)
    first.add([A], NOON)
    for moves, par in ((5, None), (3, 2), (4, 2)):
        first.solve("two-way/no-ghost/H1L1/rfc9293", moves, par, NOON)
    first.solve("tcp/no-ghost/H1L1/rfc9293", 0, None, NOON)
    wanted = {"two-way/no-ghost/H1L1/rfc9293": (3, 2), "tcp/no-ghost/H1L1/rfc9293": (0, None)}
    assert first.puzzles() == wanted, "what waits to be written counts already"
    first.close()
    second = Progress(path)
    assert second.puzzles() == wanted and second.edges() == {A: 1}
    second.solve("two-way/no-ghost/H1L1/rfc9293", 2, 2, LATER)
    second.close()
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT moves, par, times, last_at FROM puzzles WHERE par = 2").fetchall() == [
            (2, 2, 4, LATER)
        ]
    assert Progress().puzzles() == {}


def test_puzzles_outlive_a_file_that_breaks(tmp_path: Path) -> None:
    """What this window has solved is written into the new file."""
    path = tmp_path / FILE
    progress = Progress(path)
    progress.solve("p", 2, 2, NOON)
    assert progress.flush()
    progress._broken(sqlite3.DatabaseError("no database any more"))
    assert progress.fault == "set-aside" and progress.puzzles() == {"p": (2, 2)}
    progress.close()
    assert Progress(path).puzzles() == {"p": (2, 2)}


# --- answers and lessons ---


def given(name: str, card: str = "01/bet", *, is_right: bool = False, at: str = NOON) -> Answered:
    """An answer."""
    return Answered(name, card, "01", "next-state", "LISTEN", is_right, at, 1, ("SYN", "握手"))


def test_an_answer_is_there_the_next_time_in_the_order_in_which_it_was_given(tmp_path: Path) -> None:
    """Whole, with its concepts; and what waits counts already."""
    first = Progress(tmp_path / FILE)
    assert first.answer(given("later", at=LATER))
    assert first.answer(given("earlier", is_right=True))
    first.close()
    second = Progress(tmp_path / FILE)
    assert second.answers() == (given("earlier", is_right=True), given("later", at=LATER))
    second.close()


def test_what_acknowledges_writes_through_to_the_disk(tmp_path: Path) -> None:
    """SQLite is told to wait for the disk at each commit: FULL is 2."""
    progress = Progress(tmp_path / FILE)
    assert progress._base is not None
    assert progress._base.execute("PRAGMA synchronous").fetchone() == (2,)
    assert progress._base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    progress.close()


def test_an_answer_that_cannot_be_written_is_not_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another window holds the file: False, and the answer is written with the next one that can be."""
    monkeypatch.setattr("tutor.teach.progress_file.PATIENCE", 0.01)
    mine = Progress(tmp_path / FILE)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not mine.answer(given("one"))
    assert mine.fault == "unwritable" and mine.answers() == (given("one"),)
    other.execute("ROLLBACK")
    other.close()
    assert mine.answer(given("two", at=LATER))
    mine.close()
    again = Progress(tmp_path / FILE)
    assert [each.id for each in again.answers()] == ["one", "two"]
    again.close()


def test_a_guest_is_never_told_that_anything_is_kept() -> None:
    """What is only in memory is not on the disk."""
    guest = Progress()
    assert not guest.answer(given("one"))
    assert guest.answers() == (given("one"),)


def test_a_lesson_is_as_far_as_it_ever_was(tmp_path: Path) -> None:
    """Begun again it goes not back; done once it stays done, since the first time."""
    progress = Progress(tmp_path / FILE)
    progress.walk(Walked("01", 5, 6, NOON, NOON))
    progress.walk(Walked("01", 6, 6, LATER, LATER, LATER))
    assert progress.lessons() == {"01": Walked("01", 6, 6, NOON, LATER, LATER)}
    progress.flush()
    progress.walk(Walked("01", 2, 6, LATER, LATER))
    progress.close()
    again = Progress(tmp_path / FILE)
    assert again.lessons() == {"01": Walked("01", 6, 6, NOON, LATER, LATER)}
    again.walk(Walked("01", 6, 7, NOON, NOON, NOON))
    again.flush()
    assert again.lessons()["01"].done_at == NOON
    again.close()


def test_reset_forgets_all_but_who_it_is(tmp_path: Path) -> None:
    """On the disk as in memory; and goes on from nothing."""
    progress = Progress(tmp_path / FILE)
    assert progress._base is not None
    progress._base.execute("INSERT INTO about VALUES ('name', 'Anna')")
    progress.add([A], NOON)
    progress.solve("p", 2, 2, NOON)
    progress.answer(given("one"))
    progress.walk(Walked("01", 2, 6, NOON, NOON))
    assert progress.reset()
    assert progress.record() == Record()
    progress.close()
    again = Progress(tmp_path / FILE)
    assert again.record() == Record() and again._base is not None
    assert again._base.execute("SELECT value FROM about").fetchone() == ("Anna",)
    again.close()


def test_a_file_that_was_deleted_in_another_window_is_not_made_again(tmp_path: Path) -> None:
    """Who deletes a learner wants it gone: this window goes on in memory, and says so."""
    progress = Progress(tmp_path / FILE)
    progress.add([A], NOON)
    progress_file.erase(tmp_path / FILE)
    assert not progress.flush() and progress.fault == "deleted"
    assert progress.edges() == {A: 1}
    progress.close()
    assert list(tmp_path.iterdir()) == []


def test_erasing_takes_what_was_set_aside_as_well(tmp_path: Path) -> None:
    """A broken copy is that learner's data, too; another learner's file stays."""
    path = tmp_path / "anna.sqlite3"
    path.write_text("broken" * 500, encoding="utf-8")
    Progress(path).close()
    Progress(tmp_path / "ben.sqlite3").close()
    assert len(list(tmp_path.glob("anna*"))) == 2
    progress_file.erase(path)
    assert {each.name for each in tmp_path.iterdir()} == {"ben.sqlite3"}


def test_a_merged_record_counts_once(tmp_path: Path) -> None:
    """Told twice, by the same file or through another one, it is the same."""
    one, other = Progress(tmp_path / "one.sqlite3"), Progress(tmp_path / "other.sqlite3")
    for progress, at in ((one, NOON), (other, LATER)):
        progress.add([A, A], at)
        progress.solve("p", 3 if progress is one else 2, None, at)
        progress.walk(Walked("01", 2 if progress is one else 4, 6, at, at))
        progress.answer(given(at, at=at))
    assert one.merge(other.record())
    merged = one.record()
    assert [each.id for each in merged.answers] == [NOON, LATER]
    assert merged.edges == (Crossed(*A, NOON, LATER, 2),)
    assert merged.puzzles == (Solved("p", 2, None, NOON, LATER, 1),)
    assert merged.lessons == (Walked("01", 4, 6, NOON, LATER),)
    for _ in range(2):
        assert one.merge(other.record()) and one.merge(merged)
        assert one.record() == merged
    guest = Progress()
    for _ in range(2):
        assert guest.merge(merged)
        assert guest.record() == merged
    one.close()
    other.close()
