"""Renders every screen of ``tests/ui/screens.py`` into a folder, and one sheet of them all::

    python -m tests.tools.contact OUT_FOLDER             # all of them, sheet.html and sheet.png
    python -m tests.tools.contact OUT_FOLDER busy bet    # those whose names contain one of these words

Rules
-----
* Beside each picture stand its flaws, as the test's finder sees them.
* What is shown at scale factor 2 is rendered by a second process, for Qt reads the factor when it starts.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

THUMB = 480
"""Width (px) of a picture on the sheet."""

SHARP = ("middle", "busy", "bet-wrong", "segment")
"""The scenes that are shown at scale factor 2 as well."""


def render(out: Path, words: list[str], *, is_sharp: bool) -> list[dict[str, object]]:
    """Write the pictures; a row for each: file, name, flaws."""
    import pytest

    from tests.ui import pseudo
    from tests.ui.flaws import flaws_of, grab, on_screen
    from tests.ui.scenes import SCENES
    from tests.ui.screens import SCREENS, Look, Screen, close
    from tutor.ui.app import application

    application()
    rows: list[dict[str, object]] = []
    screens = SCREENS
    if is_sharp:
        screens = tuple(Screen(scene, Look(1920, 1080, "dark")) for scene in SCENES if scene.name in SHARP)
    with pytest.MonkeyPatch.context() as patch:
        pseudo.speak(patch)
        for screen in screens:
            if words and not any(word in screen.name for word in words):
                continue
            conductor = screen.show()
            file = f"{screen.name}{'@2' if is_sharp else ''}.png"
            front = screen.front(conductor)
            grab(front).save(str(out / file))
            flaws = [str(flaw) for each in on_screen(front) for flaw in flaws_of(each)]
            rows.append({"file": file, "name": file.removesuffix(".png"), "flaws": flaws})
            close(conductor)
    return rows


def sheet(out: Path, rows: list[dict[str, object]]) -> None:
    """Write ``sheet.html`` and ``sheet.png``."""
    cells = []
    for row in rows:
        flaws = "".join(f"<li>{html.escape(str(flaw))}</li>" for flaw in row["flaws"])  # type: ignore[attr-defined]
        file, name = html.escape(str(row["file"])), html.escape(str(row["name"]))
        cells.append(
            f'<figure><a href="{file}"><img src="{file}" width="{THUMB}"></a>'
            f"<figcaption>{name}<ul>{flaws}</ul></figcaption></figure>"
        )
    style = "body{font:14px sans-serif;display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;width:480px}li{color:#b00}"
    page = f'<!doctype html><meta charset="utf-8"><title>Screens</title><style>{style}</style>{"".join(cells)}'
    (out / "sheet.html").write_text(page, encoding="utf-8")
    mosaic(out, [str(row["file"]) for row in rows], out / "sheet.png", columns=6, box=(THUMB, THUMB * 9 // 16))


def mosaic(folder: Path, files: list[str], sheet: Path, *, columns: int, box: tuple[int, int]) -> None:
    """Write ``sheet``: the pictures ``files`` of ``folder`` side by side, each in a ``box`` (px)."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    wide, tall = box
    lines = -(-len(files) // columns)
    image = QImage(columns * (wide + 8), lines * (tall + 8), QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    painter = QPainter(image)
    for place, file in enumerate(files):
        small = QImage(str(folder / file)).scaled(
            wide, tall, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(place % columns * (wide + 8), place // columns * (tall + 8), small)
    painter.end()
    image.save(str(sheet))


def main() -> int:
    """Render, and print how many screens have how many flaws."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("words", nargs="*", help="only the screens whose names contain one of these")
    parser.add_argument("--sharp", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rows = render(options.out, options.words, is_sharp=options.sharp)
    if options.sharp:
        print(json.dumps(rows))
        return 0
    again = [sys.executable, "-m", "tests.tools.contact", "--sharp", str(options.out), *options.words]
    done = subprocess.run(again, env=os.environ | {"QT_SCALE_FACTOR": "2"}, capture_output=True, text=True, check=True)
    rows += json.loads(done.stdout.splitlines()[-1])
    sheet(options.out, rows)
    for row in rows:
        for flaw in row["flaws"]:  # type: ignore[attr-defined]
            print(f"{row['name']}: {flaw}")
    print(f"{len(rows)} screens in {options.out}, {sum(bool(row['flaws']) for row in rows)} with flaws")
    return 0


if __name__ == "__main__":
    sys.exit(main())
