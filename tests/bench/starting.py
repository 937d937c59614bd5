"""How soon a window is there: our first frame beside that of a bare PySide6 window, each in processes of its own.

Rules
-----
* The clock starts before the process does and stops when everything has been painted once: ours shows the real
  diagram, the bare one an empty widget of the same size. The two take turns, so that a busy machine spoils both.
* What is printed is the median, and the best of each: the best is what the machine can do when it is left alone.
* Processor time is printed beside: what else the machine does spoils it least.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: (print(time.monotonic()), sys.stdout.flush(), app.exit()))

app = QApplication([])
window = Window()
window.resize(1920, 1080)
window.show()
app.exec()
"""

OURS = """
import sys, time
from tutor.ui import starting

def told(start):
    print(time.monotonic())
    if "--modules" in sys.argv:
        print(" ".join(sorted(sys.modules)))
    sys.stdout.flush()
    import os
    os._exit(0)

starting.Start.furnish = told
from tutor.cli import main
main([])
"""
"""The program as it is started without arguments, and what says when its first frame has been painted."""

WHOLE = """
import sys, time
from tutor.ui import starting

def whole(start, furnish=starting.Start.furnish):
    from PySide6.QtCore import QTimer
    from tutor.ui import canvas

    def painted(widget, event, paint=canvas.Canvas.paintEvent):
        paint(widget, event)
        if any(mark.id == "state:ESTABLISHED" for mark in widget.picture.marks()):
            canvas.Canvas.paintEvent = paint
            QTimer.singleShot(0, told)

    canvas.Canvas.paintEvent = painted
    furnish(start)

def told():
    print(time.monotonic())
    sys.stdout.flush()
    import os
    os._exit(0)

starting.Start.furnish = whole
from tutor.cli import main
main([])
"""
"""The same until everything is there and has been painted."""

IMPORTS = {
    "import PySide6.QtWidgets": "from PySide6 import QtWidgets",
    "import the window": "import tutor.ui.app, tutor.ui.conductor",
    "import the engine": "import tutor.world.trace",
}


SCREEN = {"name": "bench", "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
"""A screen of our own: the offscreen platform's is 800 px wide."""


def environment(folder: str) -> dict[str, str]:
    """A user without settings, on a screen in memory; all that is imported has been compiled by an earlier start."""
    screens = Path(folder) / "screens.json"
    screens.write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"),
        "QT_QPA_PLATFORM": f"offscreen:configfile={screens}",
        "PYTHONPATH": str(ROOT),
        "HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "XDG_STATE_HOME": folder,
        "XDG_DATA_HOME": folder,
    }


class Start(NamedTuple):
    """One start: seconds until the first frame, processor seconds of the process, and what else it printed."""

    seconds: float
    busy: float
    lines: list[str]


def first_frame(program: str, folder: str, *arguments: str) -> Start:
    """Start ``program`` in a process of its own, until its first frame."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True, text=True, check=True, env=environment(folder), cwd=ROOT, timeout=120,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Start(float(lines[0]) - began, busy, lines[1:])


def modules_at_first_frame() -> frozenset[str]:
    """Names of the modules that are loaded when the first frame has been painted."""
    with tempfile.TemporaryDirectory() as folder:
        return frozenset(first_frame(OURS, folder, "--modules").lines[0].split())


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, figure) of everything about starting."""
    with tempfile.TemporaryDirectory() as folder:
        for program in (BARE, OURS, WHOLE):
            first_frame(program, folder)
        bare, ours, whole = [], [], []
        for _ in range(3 if quick else 20):
            bare.append(first_frame(BARE, folder))
            ours.append(first_frame(OURS, folder))
            whole.append(first_frame(WHOLE, folder))
        yield "first frame, bare PySide6 window", _told(bare)
        yield "first frame, ours with the real diagram", _told(ours)
        yield "ours / bare", f"{_ratio(ours, bare)} (aim: 1.30)"
        yield "everything loaded and painted", _told(whole)
        for name, statement in IMPORTS.items():
            program = f"import time; began = time.monotonic()\n{statement}\nprint(time.monotonic() - began)"
            spans = [_printed(program, folder) for _ in range(2 if quick else 7)]
            yield name, _figure(spans)


def _printed(program: str, folder: str) -> float:
    """The seconds that a program prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment(folder), cwd=ROOT
    )
    return float(done.stdout)


def _told(starts: list[Start]) -> str:
    busy = statistics.median(start.busy for start in starts)
    return f"{_figure([start.seconds for start in starts])}; processor {busy * 1e3:.0f} ms"


def _ratio(ours: list[Start], bare: list[Start]) -> str:
    """Of the medians, of the best, and of processor time."""

    def median(starts: list[Start], name: str) -> float:
        return statistics.median(getattr(start, name) for start in starts)

    best = min(start.seconds for start in ours) / min(start.seconds for start in bare)
    middle, busy = (median(ours, name) / median(bare, name) for name in ("seconds", "busy"))
    return f"{middle:.2f} of medians, {best:.2f} of the best, {busy:.2f} of processor time"


def _figure(spans: list[float]) -> str:
    return f"median {statistics.median(spans) * 1e3:.0f} ms, best {min(spans) * 1e3:.0f} ms"
