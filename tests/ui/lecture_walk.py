"""Walks through a lecture with a clicker's keys alone, and tells what was on the room's window.

Run in a process of its own, whose Qt has two screens: ``python -m tests.ui.lecture_walk LECTURE [FOLDER FIRST LAST]``.
With a folder, the room's window and the console are kept as pictures, of these presses. Prints one JSON object a stop.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.ui.halls import arrive, press
from tests.ui.stage import CLOSE, opened, session
from tutor.commands.lectures import find_lecture_or_lesson
from tutor.ui import lecturing
from tutor.ui.app import application
from tutor.ui.present.show import Show
from tutor.view.hall import too_small

MOST = 400
"""A lecture has fewer presses."""


def told(show: Show) -> dict[str, object]:
    """What is on the room's window: the stop, the sentence, and how small its smallest labels are."""
    audience, here = show.audience, show.here
    small = {
        short.text: round(short.share * 50, 2)
        for part in (audience.diagram, audience.ladder)
        if part.isVisibleTo(audience)
        for short in too_small(part.canvas.picture, audience.height(), zoom=part.canvas.zoom)
    }
    return {
        "at": here.at,
        "kind": here.stop.kind,
        "beat": here.stop.beat,
        "ask": here.stop.ask,
        "revealed": here.at in here.revealed,
        "said": audience.caption.row.sentence,
        "warning": show.warning,
        "small": dict(sorted(small.items(), key=lambda each: each[1])[:4]),
    }


def main(name: str, folder: str = "", first: str = "0", last: str = "0", lang: str = "en") -> None:
    """Press PageDown until the lecture is over."""
    application()
    conductor = opened(session(CLOSE, lang=lang))
    show = lecturing.begin(conductor, lecture=find_lecture_or_lesson(name, conductor.words))
    show.player.take_clock()
    show.take_clock()
    presses = 0
    while not show.here.is_over and presses < MOST:
        press(show.audience if presses % 2 else show.console, "PgDown")
        arrive(show)
        presses += 1
        print(json.dumps({"press": presses, **told(show)}, ensure_ascii=False))
        if folder and int(first) <= presses <= int(last):
            QApplication.processEvents()
            show.audience.grab().save(str(Path(folder) / f"{presses:03d}-room.png"))
            show.console.grab().save(str(Path(folder) / f"{presses:03d}-console.png"))
    is_over = show.here.is_over
    for situation in show.lecture.situations:
        press(show.console, f"Alt+{situation.key}")
        arrive(show)
        print(json.dumps({"key": show.here.situation, "warning": show.warning, "playhead": show.here.playhead}))
    press(show.audience, "Esc")
    QApplication.processEvents()
    print(json.dumps({"over": is_over, "left": not conductor.beside}))
    conductor.window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
