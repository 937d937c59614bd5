"""A projector is unplugged in the middle of a lecture: a real X server takes a monitor away and gives it back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.monitors import Server, usable
from tutor import resources

pytestmark = [
    pytest.mark.ci,
    pytest.mark.skipif(shutil.which("Xvfb") is None or not usable(), reason="needs Xvfb and libXrandr"),
]

UNPLUGGED = """
import os
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.halls import arrive, press
from tests.ui.monitors import Server
from tests.ui.stage import CLOSE, opened, session
from tutor.ui.app import application
from tutor.ui.present.show import Show

def settle(is_so, what):
    for _ in range(200):
        QTest.qWait(50)
        if is_so():
            return
    raise SystemExit(f"{what}: {show.audience.geometry()} {[s.geometry() for s in QGuiApplication.screens()]}")

server = Server(os.environ["DISPLAY"])
application()
conductor = opened(session(CLOSE), 1000, 650)
conductor.window.move(20, 20)
QApplication.processEvents()
conductor.window.command("present")
show = conductor.findChild(Show)
show.player.take_clock()
audience, console = show.audience, show.console
settle(lambda: audience.geometry().getRect() == (1280, 0, 1280, 720), "the room's window covers the projector")
press(console, "PgDown")
arrive(show)
press(console, "PgDown")
arrive(show)
before = show.here.at, show.player.session.playhead
assert before[0] == 2
server.unplug("projector")
settle(lambda: audience.geometry().right() < 1280 and audience.isVisible(), "it comes to the screen that is left")
settle(lambda: console.isVisible() and console.geometry().getRect() == (0, 0, 1280, 720), "under the console")
assert (show.here.at, show.player.session.playhead) == before
press(audience, "PgDown")
arrive(show)
assert show.here.at == 3
server.plug("projector", (1280, 0, 1920, 1080))
settle(lambda: audience.geometry().getRect() == (1280, 0, 1920, 1080), "plugged in again, and larger, it is covered")
assert show.here.at == 3
server.unplug("projector")
settle(lambda: audience.geometry().right() < 1280, "away once more")
press(console, "C")
settle(lambda: not console.isVisible() and audience.geometry().getRect() == (0, 0, 1280, 720), "C brings it to front")
server.plug("projector", (1280, 0, 1024, 768))
settle(lambda: audience.geometry().getRect() == (1280, 0, 1024, 768), "another resolution")
assert audience.caption.row.sentence
press(audience, "Esc")
QApplication.processEvents()
assert not conductor.beside
conductor.window.close()
print("whole")
"""


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """An X server with two monitors."""
    reader, writer = os.pipe()
    words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "3200x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        name = f":{answer.readline().strip()}"
    monitors = Server(name)
    monitors.plug("laptop", (0, 0, 1280, 720), is_first=True)
    monitors.plug("projector", (1280, 0, 1280, 720))
    yield name
    server.terminate()
    server.wait(timeout=20)


def test_an_unplugged_projector_takes_nothing_with_it(display: str, tmp_path: Path) -> None:
    """The stop, the moment and both windows are there; and the projector is covered again when it comes back."""
    around = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", UNPLUGGED],
        cwd=resources.lessons_dir().parent,
        env={**around, "DISPLAY": display, "XDG_RUNTIME_DIR": str(tmp_path), "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr
