"""The other commands: lessons, check, doctor, and saved runs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.stories import play, text
from tutor import resources
from tutor.cli import main
from tutor.commands.faults import DONE, FILE_AT_FAULT
from tutor.teach.lecture_reading import lecture_ids, lectures_dir
from tutor.teach.reading import lesson_ids


@pytest.mark.ci
@pytest.mark.parametrize(("lang", "title"), [("en", "The three-way handshake"), ("zh", "三次握手")])
def test_lessons_lists_what_there_is(lang: str, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every id with its title in the person's language."""
    assert main(["lessons", "--lang", lang]) == DONE
    out = capsys.readouterr().out
    assert all(lesson_id in out for lesson_id in lesson_ids())
    assert title in out


@pytest.mark.ci
def test_lessons_lists_lectures_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shipped ones and one's own, with their minutes; one at fault is named, and the others still are."""
    monkeypatch.setattr(resources, "own_lessons_dir", lambda: tmp_path)
    for name, said in (("my-hour", "title: Mine\nminutes: 5\nitems:\n  - {id: a}\n"), ("torn", "title: [")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lecture.yaml").write_text(said, encoding="utf-8")
    assert main(["lessons"]) == DONE
    out = capsys.readouterr().out
    assert all(name in out for name in lecture_ids())
    assert "45 minutes, 8 parts" in " ".join(out.split())
    own = out.split("Your own, in")[1]
    assert "Mine" in own and "5 minutes, 1 part\n" in own
    assert "tcp-tutor check torn" in own
    assert main(["check", "my-hour"]) == FILE_AT_FAULT, "it is found by its name"


def test_check_takes_files_folders_and_folders_of_lessons(capsys: pytest.CaptureFixture[str]) -> None:
    """The same lesson, named in four ways."""
    folder = resources.lessons_dir() / "01-three-way-handshake"
    for name in (str(folder), str(folder / "lesson.yaml"), "01", "01-three-way-handshake"):
        assert main(["check", name]) == DONE
        assert "1 lesson checked" in capsys.readouterr().out


def test_check_takes_a_folder_of_lessons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All that are in it."""
    for name in ("01-three-way-handshake", "13-four-way-close"):
        shutil.copytree(resources.lessons_dir() / name, tmp_path / name)
    assert main(["check", str(tmp_path)]) == DONE
    assert "2 lessons checked" in capsys.readouterr().out


def test_check_names_every_mistake_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two mistakes, two errors, one run; the count at the end, on the error stream."""
    good = (resources.lessons_dir() / "01-three-way-handshake" / "lesson.yaml").read_text(encoding="utf-8")
    bad = tmp_path / "lesson.yaml"
    bad.write_text(good.replace("title:", "titel:", 1).replace("goal:", "gaol:", 1), encoding="utf-8")
    assert main(["check", str(bad)]) == FILE_AT_FAULT
    out, err = capsys.readouterr()
    assert "titel" in out
    assert "gaol" in out
    assert "1 lesson checked, " in err


@pytest.mark.ci
def test_a_mistake_in_one_lesson_hides_nothing_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the house asks of its own lessons is asked of those that are sound, also of one that is named alone."""
    for name in ("01-three-way-handshake", "02-sequence-numbers", "04-syn-lost"):
        shutil.copytree(resources.lessons_dir() / name, tmp_path / name)
    monkeypatch.setattr(resources, "lessons_dir", lambda: tmp_path)
    first, second = (tmp_path / name / "lesson.yaml" for name in ("01-three-way-handshake", "02-sequence-numbers"))
    first.write_text(first.read_text(encoding="utf-8").replace("title:", "titel:", 1), encoding="utf-8")
    text = second.read_text(encoding="utf-8")
    second.write_text(re.sub(r"prerequisites: .*", "prerequisites: [nowhere]", text), encoding="utf-8")
    for names in (("01", "02", "04"), ("02",)):
        assert main(["check", *names]) == FILE_AT_FAULT
        out = capsys.readouterr().out
        assert ("titel" in out) == ("01" in names)
        assert "prerequisites: there is no such lesson" in out


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_doctor_tells_versions_display_libraries_and_folders(
    lang: str, own_surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a person pastes into a report of a fault."""
    assert main(["doctor", "--lang", lang]) == DONE
    out = capsys.readouterr().out
    for word in ("tcp-tutor", "Python", "PySide6-Essentials", "numpy", str(resources.lessons_dir())):
        assert word in out
    assert str(own_surroundings) in out


def test_a_saved_run_replays_to_the_same_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file embeds the lesson: what is installed later does not matter."""
    arguments = ("13-four-way-close", "--drop", "client:SYN", "--act", "5 client abort", "--profile", "rfc9293")
    saved = tmp_path / "run.tcprun"
    assert main(["play", *arguments, "--save", str(saved)]) == DONE
    capsys.readouterr()
    assert play(capsys, str(saved)) == play(capsys, *arguments)
    document = json.loads(saved.read_text(encoding="utf-8"))
    assert set(document["files"]) == {"lesson.yaml", "zh.yaml"}
    assert {at["act"] for at in document["acts"]} == {"drop client:SYN", "client abort"}


def test_a_saved_run_of_another_engine_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is still shown, as it is computed now, with a warning on the error stream."""
    saved = tmp_path / "run.tcprun"
    assert main(["play", "01", "--save", str(saved)]) == DONE
    document = json.loads(saved.read_text(encoding="utf-8"))
    document["engine"] = "0"
    document["branches"][0]["digest"] = "0" * 64
    saved.write_text(json.dumps(document), encoding="utf-8")
    capsys.readouterr()
    assert main(["play", str(saved)]) == DONE
    out, err = capsys.readouterr()
    assert "SYN-RECEIVED" in out
    assert "This run was saved by engine 0" in err


def test_a_saved_run_that_was_changed_says_so_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same engine, another act: nobody is told of engines. A picture of it warns; `check` tells it once, with what
    to do, wherever a lecture names it."""
    saved = tmp_path / "run.tcprun"
    assert main(["play", "01", "--drop", "client:SYN", "--save", str(saved)]) == DONE
    saved.write_text(
        saved.read_text(encoding="utf-8").replace("drop client:SYN", "drop server:SYN,ACK"), encoding="utf-8"
    )
    (tmp_path / "lecture.yaml").write_text(
        "format: 1\nlecture: mine\ntitle: Mine\nminutes: 4\nitems:\n"
        "  - {id: a, title: Day, run: run.tcprun, minutes: 2}\n  - {id: b, title: Again, run: run.tcprun, minutes: 2}\n"
        "situations:\n  - {key: 7, title: Day, run: run.tcprun}\n",
        encoding="utf-8",
    )
    capsys.readouterr()
    assert main(["render", str(saved), "--out", str(tmp_path / "run.svg")]) == DONE
    err = capsys.readouterr().err
    assert "This file was changed after it was saved" in err
    assert "save it anew" in err
    assert "engine" not in err
    assert main(["check", str(tmp_path)]) == FILE_AT_FAULT
    out, err = capsys.readouterr()
    assert out.count("changed after it was saved") == out.count("save it anew") == 1
    assert "1 mistake" in err
    saved.write_text("{", encoding="utf-8")
    assert main(["check", str(tmp_path)]) == FILE_AT_FAULT
    assert capsys.readouterr().out.count("this is not JSON") == 1


def test_check_plays_a_saved_run_once_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a search has written is no lesson, and checked all the same; one that was changed is a mistake."""
    found = tmp_path / "ghost.tcprun"
    assert main(["search", "--variant", "two-way", "--property", "no-ghost", "--out", str(found)]) == DONE
    capsys.readouterr()
    assert main(["check", str(found), "13"]) == DONE
    assert "1 lesson, 1 saved run checked, nothing is wrong" in capsys.readouterr().out
    found.write_text(found.read_text(encoding="utf-8").replace("duplicate ", "duplicat "), encoding="utf-8")
    assert main(["check", str(found)]) == FILE_AT_FAULT
    told = capsys.readouterr()
    assert str(found) in told.out and "duplicate" in told.out and "1 saved run checked, 1 mistake" in told.err


def test_a_malformed_run_is_the_files_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line, column and what is wrong, in the person's language."""
    saved = tmp_path / "run.tcprun"
    saved.write_text('{"format": "tcp-tutor run",\n "version": 1,\n "seed": "x"}', encoding="utf-8")
    assert main(["play", str(saved)]) == FILE_AT_FAULT
    assert f"{saved}:1:1: branches is missing" in capsys.readouterr().err
    assert main(["play", str(saved), "--lang", "zh"]) == FILE_AT_FAULT
    assert "缺少 branches" in capsys.readouterr().err


def test_an_act_in_a_saved_run_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The act, the column in it, and the nearest match."""
    saved = tmp_path / "run.tcprun"
    assert main(["play", "01", "--drop", "client:SYN", "--save", str(saved)]) == DONE
    saved.write_text(saved.read_text(encoding="utf-8").replace("drop client:SYN", "dorp client:SYN"), encoding="utf-8")
    capsys.readouterr()
    assert main(["play", str(saved)]) == FILE_AT_FAULT
    assert "did you mean drop?" in capsys.readouterr().err


def test_a_lesson_file_anywhere_can_be_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path, a folder, an id or its beginning name the same run."""
    source = resources.lessons_dir() / "01-three-way-handshake"
    copy = tmp_path / "mine"
    copy.mkdir()
    for file in source.glob("*.yaml"):
        (copy / file.name).write_bytes(file.read_bytes())
    shipped = text(capsys, "01-three-way-handshake")
    assert text(capsys, str(copy)) == text(capsys, str(copy / "lesson.yaml")) == text(capsys, "01") == shipped


@pytest.mark.ci
def test_a_lesson_of_ones_own_goes_from_hand_to_hand(
    own_surroundings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Packed, taken in, listed apart, played by its name, not taken in twice unasked, taken away."""
    folder = tmp_path / "mine"
    folder.mkdir()
    text = (resources.lessons_dir() / "13-four-way-close" / "lesson.yaml").read_text(encoding="utf-8")
    (folder / "lesson.yaml").write_text(text.replace("id: 13-four-way-close", "id: my-close"), encoding="utf-8")
    packed = tmp_path / "my-close.zip"
    assert main(["lessons", "--pack", str(folder), "--out", str(packed)]) == DONE
    assert main(["lessons", "--add", str(packed)]) == DONE
    capsys.readouterr()
    assert main(["lessons"]) == DONE
    out = capsys.readouterr().out
    assert out.index("13-four-way-close") < out.index("Your own, in") < out.index("my-close")
    assert main(["play", "my-close"]) == DONE
    assert main(["check", "my-close"]) == DONE
    assert main(["lessons", "--add", str(packed)]) == FILE_AT_FAULT
    assert "--replace" in capsys.readouterr().err
    assert main(["play", str(packed)]) == DONE, "the same lesson again: the one that is there is meant"
    assert main(["lessons", "--add", str(packed), "--replace"]) == DONE
    assert main(["lessons", "--remove", "my-close"]) == DONE
    assert main(["play", "my-close"]) == FILE_AT_FAULT
    assert own_surroundings


# --- lectures ---


@pytest.mark.ci
def test_the_shipped_lectures_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    """They fit into their minutes, their run is the one that was saved, and both languages say the same."""
    assert main(["check", *lecture_ids()]) == DONE
    assert "2 lectures checked, nothing is wrong" in capsys.readouterr().out


def test_a_run_that_is_another_one_now_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lecture that shows a saved run stands on its fingerprint; it is told with the line that names it."""
    saved = json.loads((lectures_dir() / "birth-and-death-90" / "worst-day.tcprun").read_text(encoding="utf-8"))
    saved["branches"][0]["digest"] = "0" * len(saved["branches"][0]["digest"])
    (tmp_path / "own.tcprun").write_text(json.dumps(saved), encoding="utf-8")
    lecture = (
        "format: 1\nlecture: x\ntitle: X\nminutes: 1\nitems:\n  - {id: a, title: A, run: own.tcprun, minutes: 1}\n"
    )
    (tmp_path / "lecture.yaml").write_text(lecture, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == FILE_AT_FAULT
    out, err = capsys.readouterr()
    assert "lecture.yaml:6:28: items › a › run: " in out
    assert "This file was changed after it was saved" in out
    assert "1 lecture checked, " in err


def test_prerequisites_of_ones_own_lessons_are_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lesson that is nowhere, and two that each want the other first; one that wants a shipped one is well."""
    for name, wanted in (("01-three-way-handshake", "04-syn-lost"), ("04-syn-lost", "01-three-way-handshake, 99-nope")):
        (tmp_path / name).mkdir()
        text = (resources.lessons_dir() / name / "lesson.yaml").read_text(encoding="utf-8")
        lines = [
            line if not line.startswith("prerequisites:") else f"prerequisites: [{wanted}]" for line in text.split("\n")
        ]
        (tmp_path / name / "lesson.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert main(["check", str(tmp_path)]) == FILE_AT_FAULT
    out = capsys.readouterr().out
    assert out.count("these lead in a circle, back to this lesson") == 2
    assert "there is no such lesson\n    found: 99-nope" in out
    assert main(["check", "04"]) == DONE
