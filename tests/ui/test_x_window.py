"""The real window on a real X server, driven by keys and the mouse from outside: what no offscreen test can see.

Xvfb keeps its screen in a file; a picture is read out of that. Keys come from xdotool, as from a keyboard.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tutor import doctor

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool")
PATIENCE = 90
"""Seconds in which a slow machine may open a window or draw a frame."""

pytestmark = [
    pytest.mark.ci,
    pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason="needs Xvfb and xdotool"),
]


@dataclass
class Screen:
    """An X server without a monitor, and the program on it."""

    frame: Path
    surroundings: dict[str, str]
    program: subprocess.Popen[bytes]
    errors: Path
    window: str = ""

    def tell(self, *words: str) -> str:
        """Run xdotool; what it prints."""
        done = subprocess.run(
            ["xdotool", *words], env=self.surroundings, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout.strip()

    def find(self) -> str:
        """The number of the program's visible window, or ``""``."""
        return self.tell("search", "--onlyvisible", "--pid", str(self.program.pid), "--name", "TCP")

    def title(self) -> str:
        """What stands in the window's title bar."""
        return self.tell("getwindowname", self.window)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        self.tell("windowfocus", "--sync", self.window)
        self.tell("key", "--delay", "60", *keys)

    def pixels(self) -> bytes:
        """The screen as it is now: four bytes a pixel, from an XWD file."""
        data = self.frame.read_bytes()
        header, colours = struct.unpack(">I", data[:4])[0], struct.unpack(">I", data[76:80])[0]
        return data[header + 12 * colours :]

    def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        for _ in range(PATIENCE * 10):
            if is_so():
                return
            assert self.program.poll() is None, f"the program ended: {self.errors.read_text(encoding='utf-8')}"
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {PATIENCE} s")

    def calm(self) -> bytes:
        """The screen when it has stopped changing."""
        last = [b""]

        def is_calm() -> bool:
            before, last[0] = last[0], self.pixels()
            time.sleep(0.3)
            return before == last[0]

        self.until(is_calm, "the screen does not come to rest")
        return last[0]

    def changes(self, what: str, *keys: str) -> bytes:
        """Press keys: the screen must look different then, and is not blank."""
        before = self.calm()
        self.press(*keys)
        self.until(lambda: self.pixels() != before, f"{what} changes nothing on the screen")
        after = self.calm()
        assert len({after[at : at + 4] for at in range(0, len(after), 4 * 997)}) > 8, f"{what} leaves a blank screen"
        return after


def _started(size: tuple[int, int], factor: int, folder: Path) -> Iterator[Screen]:
    reader, writer = os.pipe()
    screen = f"{size[0]}x{size[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", screen, "-nolisten", "tcp", "-fbdir", str(folder)],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as answer:
        display = f":{answer.readline().strip()}"
    surroundings = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    surroundings |= {"DISPLAY": display, "XDG_RUNTIME_DIR": str(folder), "QT_SCALE_FACTOR": str(factor)}
    errors = folder / "stderr"
    (doctor.config_dir()).mkdir(parents=True, exist_ok=True)
    wish = [size[0] / factor, size[1] / factor]
    (doctor.config_dir() / "window.json").write_text(json.dumps({"size": wish}), encoding="utf-8")
    with errors.open("wb") as stream:
        program = subprocess.Popen(
            [sys.executable, "-m", "tutor", "window", "01-three-way-handshake"],
            env=surroundings,
            cwd=ROOT,
            stderr=stream,
        )
    try:
        yield Screen(folder / "Xvfb_screen0", surroundings, program, errors)
    finally:
        if program.poll() is None:
            program.kill()
        program.wait(timeout=30)
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(params=[((1920, 1080), 1), ((3840, 2160), 2)], ids=["1080p", "2160p at scale 2"])
def screen(request: pytest.FixtureRequest, tmp_path: Path, own_surroundings: Path) -> Iterator[Screen]:
    """The program, started as a person starts it."""
    yield from _started(*request.param, tmp_path)


def _settings() -> dict[str, object]:
    found: dict[str, object] = json.loads((doctor.config_dir() / "window.json").read_text(encoding="utf-8"))
    return found


def test_the_window_on_a_display_is_driven_by_keys(screen: Screen, own_surroundings: Path) -> None:
    """Play, step, drop, the panels, the language, the theme, all keys, and the end: each is seen on the screen."""
    screen.until(screen.find, "no window opens")
    screen.window = screen.find().splitlines()[0]
    blank = len(set(screen.calm()))
    assert blank > 8, "the window shows nothing"
    english = screen.title()
    screen.changes("Space", "space")
    screen.changes("stepping", "Home", "Right", "Right")
    screen.changes("D", "d")
    screen.changes("the arrow back", "Left")
    screen.changes("the strip of panels", "i")
    screen.changes("all keys", "question")
    screen.changes("Esc", "Escape")
    screen.changes("the palette", "ctrl+k")
    screen.changes("Esc", "Escape")
    light = screen.changes("the language", "ctrl+l")
    screen.until(lambda: screen.title() != english, "the title stays English")
    dark = screen.changes("the theme", "t")
    assert sum(dark[::4001]) < sum(light[::4001]) / 2, "the dark theme is not dark"
    assert (_settings()["lang"], _settings()["theme"]) == ("zh", "dark")
    screen.program.send_signal(signal.SIGINT)  # there is no window manager to close a window
    assert screen.program.wait(timeout=PATIENCE) == 0
    assert screen.errors.read_text(encoding="utf-8") == ""
    assert not list(own_surroundings.rglob("fault-*.txt"))
