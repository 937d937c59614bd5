"""``tcp-tutor quiz --exam``: forward once, one look over all, no verdict before the end, a table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.test_quiz import keys
from tutor import doctor
from tutor.cli import main
from tutor.commands import exam
from tutor.teach.answered import EXAM
from tutor.teach.learners import Learners
from tutor.teach.progress import Progress
from tutor.teach.reading import load_lesson

OPTIONS = ("--exam", "--n", "4", "--seed", "7", "--lang", "en")


def sat(capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, answers: str, *arguments: str) -> str:
    """What it prints to somebody who types these lines."""
    patch.setattr("sys.stdin", io.StringIO(answers))
    assert main(["quiz", *OPTIONS, *arguments]) == 0
    return capsys.readouterr().out


def test_who_knows_everything_hands_in_and_has_all_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No verdict on the way; the score at the end."""
    out = sat(capsys, monkeypatch, "\n".join([*keys(4, 7), "h"]) + "\n")
    before, _, after = out.partition("Still open: –")
    assert "Right." not in before and "Not right." not in before
    assert "4 of 4 right." in after


def test_one_look_over_all_may_change_anything(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left open and flagged is listed, shown again by its number, and answered."""
    first, *rest = keys(4, 7)
    out = sat(capsys, monkeypatch, "\n".join(["f", "", *rest, "1", first, "h"]) + "\n")
    assert "Still open: 1   Flagged: 1" in out
    assert out.count("Question 1 of 4") == 2
    assert "4 of 4 right." in out


def test_the_result_is_a_table_and_says_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was left open has no points; each line has what is right."""
    _, *rest = keys(4, 7)
    out = sat(capsys, monkeypatch, "\n".join(["", *rest, "h"]) + "\n", "--csv", str(tmp_path / "a.csv"))
    assert "3 of 4 right." in out and "Your answer: left open" in out
    raw = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline="")))
    assert [row[-1] for row in rows[1:]] == ["0", "1", "1", "1"]


def test_the_score_of_a_lesson_s_exam_is_by_concept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In what is printed, and in the table: what the lesson teaches, not that it is a lesson."""
    table = tmp_path / "a.csv"
    out = sat(capsys, monkeypatch, "\n\n\n\nh\n", "--lesson", "01", "--csv", str(table))
    assert "the lesson" not in out
    concept = load_lesson("01-three-way-handshake").concepts[0]
    assert f"  {concept}: 0 of 4" in out
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline="")))
    assert [row[2] for row in rows[1:]] == [concept] * 4


@pytest.mark.parametrize("typed", ["1\nq\n", "1\n", ""])
def test_whoever_leaves_leaves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str
) -> None:
    """With q, or at the end of the input: no result and no table."""
    out = sat(capsys, monkeypatch, typed, "--csv", str(tmp_path / "a.csv"))
    assert "Nothing of it is kept." in out and "right." not in out.partition("The exam was left")[2]
    assert not (tmp_path / "a.csv").exists()


def test_what_comes_too_late_is_not_taken(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer comes after the end: the exam was handed in with the first."""
    begun = exam._now()
    looks = iter([begun, begun, begun, begun, begun])
    monkeypatch.setattr(exam, "_now", lambda: next(looks, begun + timedelta(minutes=9)))
    first, second, *_ = keys(4, 7)
    out = sat(capsys, monkeypatch, f"{first}\n{second}\n", "--minutes", "5")
    assert "The time is over: it was handed in as it stood." in out
    assert "1 of 4 right." in out


def test_a_learner_remembers_it_as_an_exam(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only what was answered, and only after it is handed in."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    anna = Learners(doctor.data_dir()).add("Anna")
    sat(capsys, monkeypatch, "\n".join([*keys(4, 7)[:3], "", "h"]) + "\n", "--learner", "Anna")
    progress = Progress(Learners(doctor.data_dir()).path(anna.id))
    answers = progress.record().answers
    progress.close()
    assert [(each.place, each.is_right) for each in answers] == [(EXAM, True)] * 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--minutes", "5"], "--minutes is for --exam"),
        (["--csv", "a.csv"], "--csv is for --exam"),
        (["--exam", "--json"], "--json is not for --exam"),
        (["--exam", "--export", "pdf"], "--export is not for --exam"),
        (["--exam", "--minutes", "0"], "--minutes"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """With one sentence, before anything is asked."""
    assert main(["quiz", "--lang", "en", *arguments]) == 2
    assert told in capsys.readouterr().err
