"""Renders every stop of every lesson in both languages into a folder, and sheets of its cards::

python -m tests.tools.lesson_sheet OUT_FOLDER               # all of them
python -m tests.tools.lesson_sheet OUT_FOLDER 04 08 --zh    # these, in Chinese
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CARD = (300, 560)
"""The room of a card on a sheet (px)."""
ON_A_SHEET = 12


def main() -> int:
    """Render, print the flaws, and say how many stops there are."""
    from tests.tools.contact import mosaic
    from tests.ui.lesson_stops import flaws, stops
    from tutor.teach.reading import lesson_ids
    from tutor.ui.app import application

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("lessons", nargs="*", help="the first letters of lessons")
    parser.add_argument("--en", action="store_const", const=("en",), dest="langs", default=("en", "zh"))
    parser.add_argument("--zh", action="store_const", const=("zh",), dest="langs")
    options = parser.parse_args()
    application()
    count = 0
    for name in lesson_ids():
        if options.lessons and not name.startswith(tuple(options.lessons)):
            continue
        for lang in options.langs:
            folder = options.out / f"{name}-{lang}"
            folder.mkdir(parents=True, exist_ok=True)
            cards = []
            for stop, conductor in stops(name, lang):
                conductor.window.grab().save(str(folder / f"{stop}.png"))
                cards.append(f"card-{stop}.png")
                conductor.window.lesson.grab().save(str(folder / cards[-1]))
                for flaw in flaws(conductor):
                    print(f"{name} {stop}: {flaw}", flush=True)
            for first in range(0, len(cards), ON_A_SHEET):
                sheet = options.out / f"{name}-{lang}-{first // ON_A_SHEET + 1}.png"
                mosaic(folder, cards[first : first + ON_A_SHEET], sheet, columns=6, box=CARD)
            count += len(cards)
    print(f"{count} stops in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
