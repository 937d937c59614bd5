"""Films that come to nothing: an encoder dies, a disk is full, somebody cancels. It is told, and nothing is left."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.reels import cut
from tests.ui.stage import HANDSHAKE
from tutor import resources
from tutor.cli import INTERRUPTED, main
from tutor.commands.ending import Ending
from tutor.commands.faults import FILE_AT_FAULT
from tutor.ui import encoders, encoders_video, film
from tutor.ui.encoders import EncoderError
from tutor.ui.filming import make_film


def stand_in(folder: Path, does: str) -> None:
    """An ffmpeg that has libx264 and, when it is given a film, does this."""
    script = folder / "ffmpeg"
    script.write_text(f'#!/bin/sh\ncase "$*" in *-encoders*) echo " V libx264 x"; exit 0;; esac\n{does}\n')
    script.chmod(0o755)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("head -c 1000 >/dev/null; kill -9 $$", "signal 9"),
        ("exit 3", "ended with 3"),
        ("cat >/dev/null", "a film that is not whole"),
        (
            """for film; do :; done; cat >/dev/null; echo "[mp4 @ 0x55d] Error opening $film: Odd" >&2; exit 1""",
            "Error opening the film: Odd",
        ),
        ("echo 'Unknown encoder' >&2; exit 1", "Unknown encoder"),
    ],
)
def test_an_encoder_that_dies_is_told(
    does: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed, gone at once, or complaining at the end: a sentence, no file, no part of one, and the old file stays."""
    programs, films = tmp_path / "bin", tmp_path / "films"
    programs.mkdir()
    films.mkdir()
    stand_in(programs, does)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    out = films / "a.mp4"
    out.write_text("before")
    line = ["render", "13", "--span", "0", "0.1", "--size", "320x180", "--force", "--out", str(out)]
    assert main(line) == FILE_AT_FAULT
    said = capsys.readouterr().err
    assert "the film could not be made" in said and says in said
    assert "Traceback" not in said and ".part" not in said and "@ 0x" not in said
    assert out.read_text() == "before"
    assert [path.name for path in films.iterdir()] == ["a.mp4"]


@pytest.mark.ci
def test_killing_the_real_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL in the middle of a film: it is told, and no process and no part is left."""
    if encoders.mp4_by() != "ffmpeg":
        warnings.warn("NO ENCODER WAS KILLED: there is no ffmpeg here", stacklevel=1)
        pytest.skip("no ffmpeg")
    begun: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def noted(*arguments, **named):
        begun.append(popen(*arguments, **named))
        return begun[-1]

    monkeypatch.setattr(encoders_video.subprocess, "Popen", noted)

    def report(done: int, _total: int) -> None:
        if done == 10:
            begun[-1].send_signal(signal.SIGKILL)

    with pytest.raises(EncoderError, match="signal 9"):
        make_film(cut(fps=30, stop=600_000, size=(640, 360)), tmp_path / "a.mp4", ".mp4", report)
    assert begun[-1].poll() is not None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", [".gif", ".apng", ".webp"])
def test_cancelled_nothing_is_left(form: str, tmp_path: Path) -> None:
    """Ctrl+C between two frames."""

    def report(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_film(cut(), tmp_path / f"a{form}", form, report)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_midst_of_a_frame_waits_for_its_end(number: int, tmp_path: Path, monkeypatch) -> None:
    """Qt does not bear an exception in the midst of its calls. Afterwards signals are what they were."""
    plain, whole = film.Camera.frame, []
    before = signal.getsignal(number)

    def asked(self: film.Camera, place: int):
        if place == 2:
            signal.raise_signal(number)
        image = plain(self, place)
        whole.append(place)
        return image

    monkeypatch.setattr(film.Camera, "frame", asked)
    with pytest.raises(KeyboardInterrupt), Ending() as ending:
        make_film(cut(), tmp_path / "a.apng", ".apng", shield=ending.shield)
    assert whole[-1] == 2
    assert signal.getsignal(number) is before
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt), Ending():
        signal.raise_signal(number)


@pytest.mark.ci
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("form", [".gif", ".mp4"])
def test_a_signal_cancels_the_command(number: int, form: str, tmp_path: Path) -> None:
    """Progress with the time left is told meanwhile; then a word, an exit code, and nothing else."""
    if form == ".mp4" and not encoders.mp4_by():
        pytest.skip("no encoder")
    out = tmp_path / f"a{form}"
    line = [sys.executable, "-m", "tutor", "render", "13", "--speed", "0.05", "--size", "640x360", "--lang", "en"]
    command = subprocess.Popen(
        [*line, "--out", str(out)], cwd=resources.lessons_dir().parent, stderr=subprocess.PIPE, text=True
    )
    assert command.stderr is not None
    told = command.stderr.readline()
    assert "a second" in told and "s left" in told
    assert any(tmp_path.iterdir()), "it is written beside"
    command.send_signal(number)
    rest = command.stderr.read()
    command.stderr.close()
    assert command.wait(60) == INTERRUPTED
    assert "cancelled; nothing was written" in rest
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte that is nearly full; says loudly where none can be made."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    line = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if mount is None or os.geteuid() != 0 or subprocess.run(line, capture_output=True, check=False).returncode:
        warnings.warn("NO DISK WAS FILLED: only root may mount a small one", stacklevel=1)
        pytest.skip("cannot mount")
    (place / "filler").write_bytes(b"x" * 1_036_000)
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(
    "name",
    [
        "a.gif",
        "a.svg",
        *(pytest.param(f"a.{form}", marks=pytest.mark.ci) for form in ("apng", "webp", "png", "pdf", "mp4")),
    ],
)
def test_a_full_disk_leaves_nothing_behind(name: str, small_disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The system's own words, no part of a file, no traceback; what else is there stays."""
    if name == "a.mp4" and not encoders.mp4_by():
        pytest.skip("no encoder")
    out = small_disk / name
    line = ["render", "13", "--out", str(out)]
    if name in {"a.gif", "a.apng", "a.webp", "a.mp4"}:
        line += ["--span", "0", "0.3", "--size", "640x360", "--what", "diagram", "--fps", "10"]
    assert main(line) == FILE_AT_FAULT
    said = capsys.readouterr().err
    assert said.strip().splitlines()[-1] == f"{out} cannot be written: {os.strerror(errno.ENOSPC)}"
    assert "Traceback" not in said and ".part" not in said
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_a_folder_without_rights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file system that cannot be written, for whoever is root; else a folder that may not be."""
    place = tmp_path / "locked"
    place.mkdir()
    is_mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)], capture_output=True, check=False
        ).returncode
    )
    place.chmod(0o500) if not is_mounted else None
    try:
        if not is_mounted and os.geteuid() == 0:
            warnings.warn("NO FOLDER WAS LOCKED: root may write everywhere, and cannot mount here", stacklevel=1)
            pytest.skip("root")
        for name, *more in (("a.svg",), ("a.gif", "--speed", "9")):
            line = ["render", "13", "--out", str(place / name), "--size", "64x64", *more]
            assert main(line) == FILE_AT_FAULT
            assert "cannot be written" in capsys.readouterr().err
    finally:
        if is_mounted:
            subprocess.run(["umount", str(place)], check=True)
        else:
            place.chmod(0o700)


def test_a_film_does_not_take_the_place_of_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless that is asked for; it is said before anything is painted."""
    out = tmp_path / "a.gif"
    out.write_text("mine")
    begun = time.monotonic()
    assert main(["render", HANDSHAKE, "--out", str(out)]) == FILE_AT_FAULT
    assert "--force" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert time.monotonic() - begun < 60
