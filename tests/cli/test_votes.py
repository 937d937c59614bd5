"""``tcp-tutor votes``: what a room has voted is printed, written as a table, and put away for the next class."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tutor import doctor
from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT, WRONG_USAGE
from tutor.teach.votes import Votes, again, counted
from tutor.teach.votes_file import FILE, VotesFile

ASKED = Votes(
    "01-three-way-handshake/syn", "2026-11-22T09:15:00+01:00", ("SYN", "SYN+ACK", "RST"), (1,), "What does it send?"
)
VOTED = counted(again(counted(counted(ASKED, 0, 12), 1, 3)), 1, 14)


@pytest.fixture
def file() -> VotesFile:
    """A lecture was given: its votes are in the person's folder."""
    made = VotesFile(doctor.data_dir() / FILE)
    made.keep(VOTED)
    return made


def rows(path: Path) -> list[list[str]]:
    """The table in a file."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "a spreadsheet is told that it is UTF-8"
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.parametrize(("lang", "after"), [("en", "after discussion"), ("zh", "讨论之后")])
def test_the_votes_of_this_class_are_printed(
    lang: str, after: str, file: VotesFile, capsys: pytest.CaptureFixture[str]
) -> None:
    """Date, question, both votes with bars, and what was right."""
    assert file.of_class() == (VOTED,)
    assert main(["votes", "--lang", lang]) == DONE
    out = capsys.readouterr().out
    assert "2026-11-22 09:15  01-three-way-handshake/syn" in out
    assert after in out
    lines = [line.split() for line in out.splitlines() if line.strip().startswith("A ")]
    assert [line[1] for line in lines] == ["12", "0"]
    assert lines[0][2] == "#" * 30


def test_nobody_has_voted_yet(capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence, and no file is made for it; cleaning nothing says so."""
    assert main(["votes"]) == DONE
    assert "Nobody has voted" in capsys.readouterr().out
    assert main(["votes", "--clean"]) == DONE
    assert "Clean already" in capsys.readouterr().out
    assert not (doctor.data_dir() / FILE).exists()


def test_clean_for_the_next_class_is_one_command(
    file: VotesFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The votes are written and put away at once; the next class begins with none, and no vote is lost."""
    table = tmp_path / "monday.csv"
    assert main(["votes", "--csv", str(table), "--clean"]) == DONE
    assert [row[8] for row in rows(table)[1:]] == ["12", "3", "0", "0", "14", "0"]
    assert "put away" in capsys.readouterr().out
    assert main(["votes"]) == DONE
    assert "Nobody has voted" in capsys.readouterr().out
    file.keep(counted(Votes(ASKED.question, "2026-11-23T09:15:00+01:00", ASKED.options, (1,)), 2, 1))
    assert main(["votes", "--csv", str(table)]) == FILE_AT_FAULT
    assert "--force" in capsys.readouterr().err
    assert len(rows(table)) == 1 + 6
    assert main(["votes", "--csv", str(table), "--force"]) == DONE
    assert len(rows(table)) == 1 + 3
    assert main(["votes", "--csv", str(table), "--all", "--force"]) == DONE
    assert len(rows(table)) == 1 + 9


def test_what_cannot_be_written_or_read_is_said_and_nothing_is_torn(
    file: VotesFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is not there, a folder in the file's place; no half table stays behind."""
    assert main(["votes", "--csv", str(tmp_path / "no" / "x.csv")]) == FILE_AT_FAULT
    assert "cannot be written" in capsys.readouterr().err
    (tmp_path / "x.csv").mkdir()
    assert main(["votes", "--csv", str(tmp_path / "x.csv"), "--clean"]) == FILE_AT_FAULT
    assert [each.name for each in tmp_path.iterdir()] == ["x.csv"]
    assert file.of_class() == (VOTED,), "what could not be written is not put away"
    file.path.unlink()
    file.path.mkdir()
    capsys.readouterr()
    assert main(["votes"]) == FILE_AT_FAULT
    assert "cannot be read" in capsys.readouterr().err


def test_what_contradicts_itself_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """To put away every class there ever was means nothing."""
    assert main(["votes", "--all", "--clean"]) == WRONG_USAGE
    assert "--clean" in capsys.readouterr().err
