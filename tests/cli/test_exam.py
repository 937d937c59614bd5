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
from tutor.teach.paper import exam_paper, paper
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
    about = [question.about for question in exam_paper([load_lesson("01-three-way-handshake")], 4, 7)]
    for concept in {concept for each in about for concept in each}:
        assert f"  {concept}: 0 of {sum(concept in each for each in about)}" in out
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline="")))
    assert [row[2] for row in rows[1:]] == [", ".join(each) for each in about]


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


# --- replays ---


def sat_lesson(capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, answers: str, *more: str) -> str:
    """What an exam about lesson 34 prints, three questions of three hosts."""
    patch.setattr("sys.stdin", io.StringIO(answers))
    assert main(["quiz", "--exam", "--lesson", "34", "--n", "3", "--seed", "3", "--lang", "en", *more]) == 0
    return capsys.readouterr().out


@pytest.mark.ci
def test_the_run_that_answers_a_wrong_answer_is_drawn_for_whoever_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its number, after the result; a number of no wrong answer is told; and the line that plays it is there."""
    first, second, third = paper(load_lesson("34-tw-reuse-recycle"), 3, 3, is_apart=True)
    wrong = next(i for i, option in enumerate(first.ask.options) if option.plays is not None)
    good = [str(question.right[0] + 1) for question in (second, third)]
    out = sat_lesson(capsys, monkeypatch, "\n".join([str(wrong + 1), *good, "h", "2", "1", ""]) + "\n")
    _, result, after = out.partition("2 of 3 right.")
    assert result
    assert f"   {first.replays[wrong]}" in after
    told, asked, drawn = after.partition("(1), Enter ends: 2")
    assert asked and "│" not in told
    assert "That cannot be read: 1." in drawn
    assert f"Replay the run of question 1: {first.id}" in drawn
    acts = first.ask.options[wrong].plays.acts
    assert all(f"* {act}" in drawn for act in acts if not act.startswith("after ")), "the author's own answer is drawn"


def test_what_was_left_open_is_shown_by_its_own_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as its answer shows; and the end of the input ends it."""
    out = sat_lesson(capsys, monkeypatch, "\n\n\nh\n1\n")
    drawn = out.partition("Replay the run of question 1")[2]
    assert "0.940" in drawn and "[TIME-WAIT timer expires]" in drawn
    assert "2.000" not in drawn.partition("(1) ")[0]


def test_who_has_all_right_is_asked_nothing_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to show."""
    assert "A number shows the run" not in sat(capsys, monkeypatch, "\n".join([*keys(4, 7), "h"]) + "\n")


def test_a_generated_question_has_a_replay_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On its own run, up to where its answer shows."""
    places = [str(n) for n, question in enumerate(paper(None, 4, 7), 1) if question.has_run]
    out = sat(capsys, monkeypatch, "\n\n\n\nh\n" + places[0] + "\nq\n")
    assert f"Replay the run of question {places[0]}" in out


def test_the_table_is_written_before_anything_is_drawn(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who looks at replays and leaves with Ctrl+C has the table all the same."""
    table = tmp_path / "a.csv"
    lines = iter(["\n", "\n", "\n", "h\n"])

    class Interrupted(io.StringIO):
        """Somebody hands in and then presses Ctrl+C."""

        def readline(self, *_: object) -> str:
            try:
                return next(lines)
            except StopIteration:
                assert table.exists()
                raise KeyboardInterrupt from None

    monkeypatch.setattr("sys.stdin", Interrupted())
    assert main(["quiz", "--exam", "--lesson", "01", "--n", "3", "--seed", "3", "--csv", str(table)]) == 0
    assert capsys.readouterr().err.count("a.csv") == 1


# --- tcp-tutor play --why ---


def test_the_line_of_an_answer_can_be_typed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It plays the run, saves it, and refuses what there is not."""
    assert main(["play", "08", "--why", "rule-broken:2", "--lang", "en", "--save", str(tmp_path / "a.run")]) == 0
    first = capsys.readouterr().out
    assert "* variant none" in first
    assert main(["play", str(tmp_path / "a.run"), "--lang", "en"]) == 0
    assert capsys.readouterr().out == first, "a saved run is the same run"
    assert main(["play", "08", "--why", "rule-brocken", "--lang", "en"]) == 2
    assert "did you mean rule-broken?" in capsys.readouterr().err
    assert main(["play", str(tmp_path / "a.run"), "--why", "rule-broken", "--lang", "en"]) == 2
    assert "--why is for a lesson" in capsys.readouterr().err
