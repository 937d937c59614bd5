"""The command as a process: pipes that close early, no display, another locale, and how fast it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor import doctor, resources
from tutor.cli import main

COMMAND = [sys.executable, "-m", "tutor"]
BARE = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "SYSTEMROOT", "PYTHONPATH")}

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")


def run(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command with hardly any environment."""
    surroundings = {**BARE, "XDG_STATE_HOME": str(home), "LANG": "C.UTF-8", **environment}
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=surroundings,
        cwd=resources.lessons_dir().parent,
        timeout=120,
        check=False,
    )


@pytest.mark.ci
@linux_only
def test_without_a_display_the_first_lesson_is_printed(tmp_path: Path) -> None:
    """Exit code 0: the ladder, what the window needs, and where to go on."""
    done = run(home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "SYN-RECEIVED" in done.stdout
    assert "The window needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set here." in done.stdout
    assert "tcp-tutor play 01 --narrate" in done.stdout


@pytest.mark.ci
@linux_only
def test_a_display_that_does_not_answer_counts_as_none(tmp_path: Path) -> None:
    """Qt would abort the process with rc 134; here the person gets the lesson."""
    done = run(home=tmp_path, DISPLAY=":4711", LANG="zh_CN.UTF-8")
    assert done.returncode == 0
    assert "DISPLAY=:4711 没有应答" in done.stdout


def test_a_missing_library_counts_as_no_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A desktop without libxcb-cursor0: the lesson, the library by name, and the line that installs it."""
    cursor = next(library for library in doctor.LIBRARIES if "cursor" in library.soname)
    verdict = doctor.Verdict(doctor.Display("xcb", "DISPLAY=:0"), (cursor,))
    monkeypatch.setattr(doctor, "examine", lambda _: verdict)
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "SYN-RECEIVED" in out
    assert f"The window needs system libraries that are missing: {cursor.soname}" in out
    assert "install" in out


@pytest.mark.ci
@pytest.mark.skipif(sys.platform == "win32", reason="pipes close differently there")
def test_a_reader_who_stops_reading_hears_nothing_more() -> None:
    """`tcp-tutor play 13 --json | head -1` prints one line, no complaint, and the process ends well."""
    process = subprocess.Popen(
        [*COMMAND, "play", "13", "--json", "--set", "link.loss=20%"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=resources.lessons_dir().parent,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b'{"t":')
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0
    process.stderr.close()


@pytest.mark.ci
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    """`tcp-tutor play 01 > file` on a full disk: exit code 1, no traceback, no report."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "play", "01"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**BARE, "XDG_STATE_HOME": str(tmp_path), "LANG": "C.UTF-8"},
            cwd=resources.lessons_dir().parent,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "the output cannot be written: No space left on device\n"
    assert not list(tmp_path.rglob("fault-*.txt"))


@pytest.mark.ci
def test_an_output_that_cannot_hold_chinese_does_not_fail(tmp_path: Path) -> None:
    """Characters that the encoding lacks become question marks."""
    done = subprocess.run(
        [*COMMAND, "play", "01", "--lang", "zh"],
        capture_output=True,
        env={**BARE, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "XDG_STATE_HOME": str(tmp_path)},
        cwd=resources.lessons_dir().parent,
        check=False,
    )
    assert done.returncode == 0
    assert b"SYN seq=0" in done.stdout
    assert done.stdout.isascii()


@pytest.mark.ci
def test_playing_a_lesson_needs_neither_qt_nor_the_slow_libraries(tmp_path: Path) -> None:
    """The text ladder works on a server; numpy, networkx and Qt are not even imported."""
    code = (
        "import sys; from tutor.cli import main; code = main(['play', '01', '--json']);"
        "print([m for m in ('PySide6', 'pyqtgraph', 'networkx', 'numpy') if m in sys.modules], file=sys.stderr);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**BARE, "XDG_STATE_HOME": str(tmp_path)},
        cwd=resources.lessons_dir().parent,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


@pytest.mark.ci
def test_the_lines_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """The same run on any machine and in any process."""
    outputs = {
        run("play", "13", "--json", "--set", "link.loss=20%", home=tmp_path, PYTHONHASHSEED=seed).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
