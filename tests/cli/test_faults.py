"""When something is wrong: the file (1), or the tutor itself (3); never a traceback on the screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor import resources
from tutor.cli import main
from tutor.commands import lessons as lessons_command
from tutor.commands.faults import FILE_AT_FAULT, OUR_FAULT


@pytest.mark.parametrize("command", ["play", "check"])
def test_a_lesson_that_is_not_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message lists what there is, and what was perhaps meant."""
    assert main([command, "02-three-way-handshake"]) == FILE_AT_FAULT
    err = capsys.readouterr().err
    assert "there is no lesson and no file '02-three-way-handshake'" in err
    assert "did you mean 01-three-way-handshake?" in err


def test_a_lesson_file_with_a_mistake_says_line_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """FILE:LINE:COLUMN, as editors understand it, in the language asked for."""
    good = (resources.lessons_dir() / "01-three-way-handshake" / "lesson.yaml").read_text(encoding="utf-8")
    bad = tmp_path / "lesson.yaml"
    bad.write_text(good.replace("title:", "titel:", 1), encoding="utf-8")
    line = next(i for i, text in enumerate(bad.read_text(encoding="utf-8").splitlines(), 1) if "titel:" in text)
    assert main(["play", str(bad)]) == FILE_AT_FAULT
    assert f"{bad}:{line}:1:" in capsys.readouterr().err
    assert main(["play", str(bad), "--lang", "zh"]) == FILE_AT_FAULT
    assert "无法识别的键" in capsys.readouterr().err


def test_a_folder_without_a_lesson(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that exists and holds nothing is a fault of the path, in words."""
    assert main(["check", str(tmp_path)]) == FILE_AT_FAULT
    assert "there is no lesson in" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
@pytest.mark.parametrize("command", ["present", "check"])
def test_what_is_no_file_is_told_for_what_it_is(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe, a device, an empty folder; an empty file, one of other bytes, one that is no YAML: and what to do."""
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "device.yaml").symlink_to(os.devnull)
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "broken.yaml").write_text("lecture: [", encoding="utf-8")
    (tmp_path / "word.yaml").write_text("hello", encoding="utf-8")
    for name, said in (
        ("pipe", "is a pipe (FIFO), and no file"),
        ("device", "is a device, and no file"),
        ("folder", "folder.yaml"),
        ("empty", 'the file is empty\n    It has to begin with "format: 1"'),
        ("bytes", "this is not UTF-8 text\n    Save it as UTF-8"),
        ("broken", "YAML or JSON is wanted"),
        ("word", "must be a mapping of keys to values"),
    ):
        assert main([command, str(tmp_path / f"{name}.yaml")]) == FILE_AT_FAULT
        out, err = capsys.readouterr()
        assert said in out + err
        assert "00-connection" not in out + err, "no list of lessons: one was named"


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--save into a folder that does not exist."""
    assert main(["play", "01", "--save", str(tmp_path / "no" / "run.tcprun")]) == FILE_AT_FAULT
    assert "cannot be written" in capsys.readouterr().err


def test_a_fault_of_ours_becomes_a_report(
    own_surroundings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, one line on the screen, the traceback in a file of the state folder."""

    def broken(*_: object) -> int:
        raise RuntimeError("the flux capacitor is empty")

    monkeypatch.setattr(lessons_command, "run", broken)
    assert main(["lessons"]) == OUR_FAULT
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert "RuntimeError: the flux capacitor is empty" in err
    reports = list(own_surroundings.rglob("fault-*.txt"))
    assert len(reports) == 1
    assert str(reports[0]) in err
    report = reports[0].read_text(encoding="utf-8")
    assert "Traceback" in report
    assert "command: lessons" in report


def test_a_report_is_written_even_where_the_state_folder_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then the folder for temporary files takes it."""
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(lessons_command, "run", lambda *_: 1 // 0)
    assert main(["lessons"]) == OUR_FAULT
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert list(tmp_path.rglob("fault-*.txt"))


def test_control_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever interrupts knows what they did; 130 is what shells expect."""

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(lessons_command, "run", interrupted)
    assert main(["lessons"]) == 130
    assert capsys.readouterr() == ("", "")
