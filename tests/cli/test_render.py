"""``render``: one moment as a file, without a display, hiding what an open bet hides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from tutor import resources
from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT, WRONG_USAGE
from tutor.commands.loading import load
from tutor.commands.render import as_asked, session_at
from tutor.commands.switches import no_switches
from tutor.teach import betting, branching
from tutor.words import Words

SVG = "{http://www.w3.org/2000/svg}"


def _texts(path: Path) -> list[str]:
    return ["".join(text.itertext()) for text in parse(path).getroot().iter(f"{SVG}text")]


@pytest.mark.parametrize("what", ["diagram", "ladder"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_moment_as_svg(what: str, lang: str, tmp_path: Path) -> None:
    """Well-formed, of the size asked for, with the states' names on it in either language."""
    out = tmp_path / "picture.svg"
    arguments = ["render", "13", "--at", "0.4", "--what", what, "--size", "800x700", "--lang", lang, "--out", str(out)]
    assert main(arguments) == DONE
    root = parse(out).getroot()
    assert (float(root.get("width", "")), float(root.get("height", ""))) == (800, 700)
    assert any("CLOSE-WAIT" in text for text in _texts(out))


@pytest.mark.ci
def test_an_svg_needs_no_qt(tmp_path: Path) -> None:
    """It can be written on a server that has none of Qt's libraries."""
    out = tmp_path / "picture.svg"
    code = (
        "import sys; from tutor.cli import main;"
        f"code = main(['render', '01', '--what', 'diagram', '--out', {str(out)!r}]);"
        "print('PySide6' in sys.modules); sys.exit(code)"
    )
    root = resources.lessons_dir().parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "False")
    assert out.stat().st_size > 1000


@pytest.mark.sampled(12)
@pytest.mark.qt
@pytest.mark.parametrize("what", ["diagram", "ladder", "window"])
def test_a_moment_as_png(what: str, tmp_path: Path) -> None:
    """In a process of its own, without DISPLAY: the signature, and the size asked for, are there."""
    out = tmp_path / "picture.png"
    command = [
        "render",
        "01",
        "--at",
        "0.05",
        "--what",
        what,
        "--size",
        "1280x720",
        "--theme",
        "dark",
        "--out",
        str(out),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tutor", *command],
        cwd=resources.lessons_dir().parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    head = out.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert [int.from_bytes(head[at : at + 4], "big") for at in (16, 20)] == [1280, 720]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "x.doc"], "the name must end in .svg, .pdf, .png, .tex, .mmd, .txt"),
        (["--out", "x.svg", "--what", "window"], "can only be written as .png"),
        (["--out", "x.mmd", "--what", "plots"], "can only be written as .svg, .pdf"),
        (["--out", "x.svg", "--scale", "9"], "--scale: found '9'; the form is 0.8 … 4"),
        (["--out", "x.svg", "--size", "wide"], "the form is 64x64"),
        (["--out", "x.svg", "--size", "10x10"], "the form is 64x64"),
        (["--out", "x.svg", "--at", "noon"], "--at: found 'noon'"),
        (["--out", "x.svg", "--at", "-1"], "--at: found '-1'"),
        (["--out", "x.svg", "--at", "9999"], "--at: found '9999'; the form is 0 … "),
        (["--out", "x.svg", "--fps", "10"], "--fps goes with a film: add --span"),
        (["--out", "x.svg", "--captions"], "--captions goes with a film"),
    ],
)
def test_a_picture_that_cannot_be(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused before anything is computed."""
    assert main(["render", "01", *arguments]) == WRONG_USAGE
    assert says in capsys.readouterr().err


def test_the_last_moment_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is told as the end of what is allowed is allowed."""
    assert main(["render", "01", "--at", "9999", "--out", str(tmp_path / "x.txt"), "--what", "ladder"]) == WRONG_USAGE
    last = capsys.readouterr().err.strip().rsplit(" ", 1)[-1]
    assert main(["render", "01", "--at", last, "--out", str(tmp_path / "x.txt"), "--what", "ladder"]) == DONE


@pytest.mark.parametrize(("size", "says"), [("641x361", "the film becomes 642x362"), ("640x360", "")])
def test_a_film_whose_sides_are_odd_says_what_it_becomes(
    size: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is filmed; an even one is as large as was asked."""
    there = tmp_path / "x.mp4"
    there.touch()
    assert main(["render", "01", "--size", size, "--out", str(there)]) != DONE
    err = capsys.readouterr().err
    assert says in err
    assert ("H.264" in err) == bool(says)


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The path is at fault, in words."""
    assert main(["render", "01", "--what", "diagram", "--out", str(tmp_path / "no" / "x.svg")]) == FILE_AT_FAULT
    assert "cannot be written" in capsys.readouterr().err


def test_bets_before_the_moment_are_answered_and_one_at_it_is_open() -> None:
    """The picture of 50 ms shows what a learner sees there: the first bet won, the second one waiting."""
    loaded = load("01", no_switches(), Words())
    moments = [
        moment.at
        for beat, moment in zip(loaded.lesson.beats, loaded.road.moments, strict=True)
        if beat.ask is not None and beat.ask.is_bet and moment is not None
    ]
    session = session_at(loaded, moments[1], lang="en", theme="light")
    assert session.playhead == session.horizon == moments[1]
    assert [answer.is_right for answer in session.answers] == [True]
    at_end = session_at(loaded, None, lang="en", theme="light")
    assert at_end.playhead == at_end.end
    assert at_end.horizon is None
    assert all(answer.is_right for answer in at_end.answers)


@pytest.mark.parametrize(
    ("act", "label"),
    [("20ms drop server:SYN,ACK", "Next SYN+ACK dropped"), ("60ms drop client:ACK", "Next ACK dropped")],
)
def test_a_run_that_hands_have_changed_is_no_lessons_road(act: str, label: str, tmp_path: Path) -> None:
    """Two futures: what was done, and the run left alone, both to their ends: no bet stays open."""
    out = tmp_path / "a.svg"
    assert main(["render", "01", "--hand", act, "--what", "compare", "--out", str(out)]) == DONE
    texts = _texts(out)
    assert label in texts and "The run left alone" in texts
    assert "The lesson's road" not in texts
    assert any(text.startswith("First difference at") for text in texts)
    assert not any("after your bet" in text for text in texts)


def test_two_futures_stand_at_the_same_time(tmp_path: Path) -> None:
    """Before the last bet of lesson 04 too: what the other future's bets ask is answered as far as the picture goes."""
    out = tmp_path / "a.svg"
    assert main(["render", "04", "--what", "compare", "--at", "4", "--out", str(out)]) == DONE
    texts = _texts(out)
    assert any(text.startswith("First difference at") for text in texts)
    assert not any("Nothing differs yet" in text or "after your" in text for text in texts)


@pytest.mark.parametrize("number", ["02", "04", "07", "09", "19", "27"])
def test_both_futures_are_known_to_the_moment_and_not_to_the_end(number: str) -> None:
    """At any moment of a lesson that has two futures; the bets that are to come stay open."""
    loaded = load(number, no_switches(), Words())
    for time in (1_000_000, 4_000_000, None):
        plain = session_at(loaded, time, lang="en", theme="light")
        session = as_asked(plain, "compare")
        beside = branching.other(session)
        known = betting.known_until(session, beside)
        assert known is None or known >= session.playhead
        assert known is not None or time is None, "a bet is to come in one of them"
        assert (session.playhead, session.horizon) == (plain.playhead, plain.horizon)
        assert as_asked(plain, "ladder").answers == plain.answers
