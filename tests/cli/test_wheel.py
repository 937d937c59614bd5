"""What a stranger installs: a wheel that brings its lessons, fonts' tables, profiles and catalogues along."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.ci
def test_a_wheel_in_a_fresh_environment_plays_a_lesson(tmp_path: Path) -> None:
    """Built from this checkout, installed far away from it, run from an empty folder."""
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT], check=True)
    wheel = next(tmp_path.glob("tcp_tutor-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("tutor/lessons/01-three-way-handshake/zh.yaml", "tutor/assets/i18n/zh_CN/LC_MESSAGES/tutor.mo"):
        assert wanted in names
    assert not [name for name in names if name.startswith("tests/")]
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([scripts / "pip", "install", "-q", wheel], check=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments in (["play", "01", "--lang", "zh"], ["check"], ["lessons"], ["doctor"]):
        done = subprocess.run([scripts / "tcp-tutor", *arguments], cwd=empty, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
