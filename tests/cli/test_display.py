"""The window on a real X server: it opens, it has its title, and it stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool")


@pytest.mark.ci
@pytest.mark.qt
@pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason="needs Xvfb and xdotool")
def test_the_window_opens_on_a_display(tmp_path: Path, own_surroundings: Path) -> None:
    """`tcp-tutor` under Xvfb: a visible window of the tutor's within a minute, and no word on the error stream."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as answer:
        display = f":{answer.readline().strip()}"
    surroundings = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    surroundings |= {"DISPLAY": display, "XDG_RUNTIME_DIR": str(tmp_path)}
    said = tmp_path / "stderr"
    try:
        with said.open("wb") as errors:
            window = subprocess.Popen([sys.executable, "-m", "tutor"], env=surroundings, cwd=ROOT, stderr=errors)
        found = _window_of(window, surroundings)
        assert window.poll() is None, f"the process ended: {said.read_text(encoding='utf-8')}"
        assert found
        window.terminate()
        window.wait(timeout=30)
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert said.read_text(encoding="utf-8") == ""
    assert not list(own_surroundings.rglob("fault-*.txt"))


def _window_of(process: subprocess.Popen[bytes], surroundings: dict[str, str]) -> str:
    """The number of the first visible window of a process; empty if none shows within a minute."""
    for _ in range(120):
        search = ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid), "--name", "TCP"]
        done = subprocess.run(search, env=surroundings, capture_output=True, text=True, check=False)
        if done.stdout.strip() or process.poll() is not None:
            return done.stdout.strip()
        time.sleep(0.5)
    return ""
