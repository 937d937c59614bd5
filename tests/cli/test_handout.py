"""``tcp-tutor handout``: a PDF that an independent reader reads, in both languages; and what goes wrong."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT, WRONG_USAGE

LECTURE = """\
format: 1
lecture: half-an-hour
title: Half an hour
minutes: 10
items:
  - {id: hello, title: Good morning, minutes: 1, notes: Say who you are.}
  - id: shake
    lesson: 01-three-way-handshake
    beats: [two-records, first-segment, second-segment]
    title: Birth
    minutes: 9
    notes: Nobody prints this.
"""


def _pages(path: Path) -> list[str]:
    from pypdf import PdfReader

    return [page.extract_text().replace("\t", " ").replace("\n", " ") for page in PdfReader(path).pages]


@pytest.fixture
def lecture(tmp_path: Path) -> Path:
    """A short lecture of one's own."""
    path = tmp_path / "lecture.yaml"
    path.write_text(LECTURE, encoding="utf-8")
    return path


@pytest.mark.ci
def test_a_lecture_on_paper(lecture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Questions first, each before the page that answers it; then beats with their heading; the key behind all."""
    out = tmp_path / "out.pdf"
    assert main(["handout", str(lecture), "--out", str(out), "--questions", "--key"]) == DONE
    first, second, third, *_, last = _pages(out)
    assert "Answer this part before you turn the page" in first
    assert "SYN-RECEIVED" in first
    assert "What does the client send?" not in first
    assert "What does the client send?" in second
    assert third.startswith("Birth A connection is two records")
    assert "Nobody prints this" not in "".join(_pages(out))
    assert last.startswith("Key")
    assert f"saved to {out}" in capsys.readouterr().err


def test_the_key_says_how_to_play_what_it_tells_to_play(
    lecture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On paper nothing can be pressed: below such an answer stands the line, and the line works."""
    out = tmp_path / "out.pdf"
    assert main(["handout", str(lecture), "--out", str(out), "--questions", "--key", "--no-beats"]) == DONE
    key = _pages(out)[-1]
    assert "type it in a terminal" in key
    lines = re.findall(r"tcp-tutor (play \S+ --why \S+:\d)", key)
    assert len(lines) >= key.count("Play ") > 0
    assert main(lines[0].split()) == DONE


def test_the_run_is_in_it(lecture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The PDF is played like any saved run; Chinese letters can be copied out of it."""
    out = tmp_path / "out.pdf"
    assert main(["handout", str(lecture), "--out", str(out), "--lang", "zh", "--theme", "print"]) == DONE
    assert "连接是两份记录" in "".join(_pages(out)).replace(" ", "")
    capsys.readouterr()
    assert main(["play", str(out), "--json"]) == DONE
    assert json.loads(capsys.readouterr().out.splitlines()[0])


def test_letters_are_embedded(lecture: Path, tmp_path: Path) -> None:
    """Every font brings its outlines along."""
    from pypdf import PdfReader

    out = tmp_path / "out.pdf"
    main(["handout", str(lecture), "--out", str(out), "--lang", "zh"])
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in PdfReader(io.BytesIO(out.read_bytes())).pages
        for font in page["/Resources"]["/Font"].get_object().values()
    ]
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_what_is_there_is_left_alone(lecture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that exists, a folder without rights, another ending, a key to nothing: said, and nothing is written."""
    out = tmp_path / "out.pdf"
    out.write_bytes(b"mine")
    assert main(["handout", str(lecture), "--out", str(out)]) == FILE_AT_FAULT
    assert "--force writes over it" in capsys.readouterr().err
    assert main(["handout", str(lecture), "--out", str(tmp_path / "no" / "x.pdf")]) == FILE_AT_FAULT
    assert "cannot be written" in capsys.readouterr().err
    assert main(["handout", str(lecture), "--out", str(tmp_path / "x.doc")]) == WRONG_USAGE
    assert main(["handout", str(lecture), "--out", str(tmp_path / "x.pdf"), "--key"]) == WRONG_USAGE
    assert main(["handout", "birth-and-deth", "--out", str(tmp_path / "x.pdf")]) == FILE_AT_FAULT
    assert "birth-and-death-45" in capsys.readouterr().err
    assert out.read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lecture.yaml", "out.pdf"]


TWO = (
    LECTURE
    + """\
  - {id: close, lesson: 13-four-way-close, beats: [ready], title: Death, minutes: 2}
  - {id: again, lesson: 01-three-way-handshake, beats: [the-answer], asks: [], minutes: 1}
  - {id: bad, run: bad-day.tcprun, title: A bad day, minutes: 2}
""".replace("minutes: 10", "minutes: 15")
)


@pytest.fixture
def two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The handout of a lecture of two lessons and a saved run."""
    from tutor.teach.reading import load_lesson

    path, out = tmp_path / "lecture.yaml", tmp_path / "out.pdf"
    first = load_lesson("13").beats[0].id
    path.write_text(TWO.replace("[ready]", f"[{first}]").replace("minutes: 10", "minutes: 15"), encoding="utf-8")
    assert main(["play", "01", "--drop", "client:SYN", "--save", str(tmp_path / "bad-day.tcprun")]) == DONE
    assert main(["handout", str(path), "--out", str(out), "--no-beats", "--questions"]) == DONE
    capsys.readouterr()
    return out


def test_a_run_that_was_changed_is_told_of(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed as it is computed now, and said once on the error stream."""
    saved = two.parent / "bad-day.tcprun"
    saved.write_text(
        saved.read_text(encoding="utf-8").replace("drop client:SYN", "drop server:SYN,ACK"), encoding="utf-8"
    )
    assert main(["handout", str(two.parent / "lecture.yaml"), "--out", str(two), "--force", "--no-beats"]) == DONE
    assert capsys.readouterr().err.count("bad-day.tcprun: This file was changed after it was saved") == 1


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("part", "same"),
    [
        ("", ["01"]),
        ("#1", ["01"]),
        ("#2", ["13"]),
        ("#13", ["13"]),
        ("#01", ["01"]),
        ("#3", ["01", "--drop", "client:SYN"]),
        ("#bad", ["01", "--drop", "client:SYN"]),
    ],
)
def test_every_run_of_a_lecture_can_be_played(
    part: str, same: list[str], two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its place or by the beginning of its name, as the lesson itself; without either the first, and it is said."""
    assert main(["play", f"{two}{part}"]) == DONE
    told, err = capsys.readouterr()
    assert ("This file holds 3 runs" in err) == (not part)
    assert part or "#2 13-four-way-close, #3 bad-day" in err
    assert main(["play", *same]) == DONE
    assert capsys.readouterr().out == told


def test_a_run_that_is_not_in_it(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What there is is said; a reader of PDF lists them in the lecture's order."""
    from pypdf import PdfReader

    for part in ("#4", "#14", "#x"):
        assert main(["play", f"{two}{part}"]) == FILE_AT_FAULT
        assert "13-four-way-close" in capsys.readouterr().err
    names = [each.name for each in PdfReader(two).attachment_list]
    assert sorted(names) == ["1_01-three-way-handshake.tcprun", "2_13-four-way-close.tcprun", "3_bad-day.tcprun"]


@pytest.mark.ci
def test_all_of_a_long_handout_is_found_in_chinese(tmp_path: Path) -> None:
    """Nothing on it reads as a radical."""
    out = tmp_path / "a.pdf"
    asked = ["--lang", "zh", "handout", "birth-and-death-45", "--questions", "--key"]
    assert main([*asked, "--out", str(out)]) == DONE
    read = "".join(_pages(out))
    assert "客户端" in read
    assert not re.findall("[\u2e80-\u2fdf\uf900-\ufaff]", read)
