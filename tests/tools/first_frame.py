"""Writes assets/first-frame.json: the state diagram of two hosts that have done nothing yet, in every language.

Run ``python tests/tools/first_frame.py`` after the diagram has been changed on purpose.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tutor.profiles import load_profile  # noqa: E402  the checkout is put on the path first
from tutor.view.diagram import diagram  # noqa: E402
from tutor.view.marks import Ellipse, Group, Ink, Line, Mark, Path as Curve, Polyline, Rect, Text  # noqa: E402
from tutor.view.theme import Look  # noqa: E402
from tutor.words import LANGUAGES, Words  # noqa: E402
from tutor.world.scenario import HostSpec, LinkSpec, Scenario  # noqa: E402
from tutor.world.trace import Trace  # noqa: E402

FILE = ROOT / "assets" / "first-frame.json"
SIZE = (820.0, 640.0)


def pictures() -> dict[str, Any]:
    """Language -> size and marks, as plain values."""
    rules = load_profile("linux-6.18")
    hosts = (HostSpec("client", "10.0.0.1", rules), HostSpec("server", "10.0.0.2", rules))
    quiet = Trace.of(Scenario(hosts, (LinkSpec("client", "server"),), until=1))
    made = {}
    for lang in LANGUAGES:
        picture = diagram(quiet, 0, SIZE, Look(lang=lang, words=Words(lang)))
        made[lang] = {"size": list(SIZE), "marks": [_plain(mark) for layer in picture.layers for mark in layer.marks]}
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]


def _ink(ink: Ink | None) -> list[Any] | None:
    return None if ink is None else [ink.role, round(ink.alpha, 3)]


def _flat(values: Any) -> list[float]:
    return [round(value, 2) for value in values]


def _plain(mark: Mark) -> list[Any]:
    match mark:
        case Line():
            ends = [["M", _flat((mark.x1, mark.y1))], ["L", _flat((mark.x2, mark.y2))]]
            return ["path", ends, _ink(mark.stroke), mark.width, None, list(mark.dash)]
        case Curve():
            steps = [[letter, _flat(numbers)] for letter, numbers in mark.commands]
            return ["path", steps, _ink(mark.stroke), mark.width, _ink(mark.fill), list(mark.dash)]
        case Polyline():
            points = [_flat(point) for point in mark.points]
            return ["polygon", points, _ink(mark.stroke), mark.width, _ink(mark.fill), list(mark.dash), mark.closed]
        case Rect():
            box = _flat((mark.x, mark.y, mark.w, mark.h))
            return ["rect", box, mark.radius, _ink(mark.fill), _ink(mark.stroke), mark.width, list(mark.dash)]
        case Ellipse():
            box = _flat((mark.cx, mark.cy, mark.rx, mark.ry))
            return ["ellipse", box, _ink(mark.fill), _ink(mark.stroke), mark.width, list(mark.dash)]
        case Text():
            return [
                "text", *_flat((mark.x, mark.y)), mark.text, _ink(mark.ink), round(mark.size, 2), mark.weight,
                mark.font, mark.anchor, mark.spacing,
            ]  # fmt: skip
        case Group():
            left, top, right, bottom = mark.clip or (0, 0, 0, 0)
            clip = None if mark.clip is None else _flat((left, top, right - left, bottom - top))
            return ["group", clip, mark.opacity, [_plain(inner) for inner in mark.marks]]
        case _:
            raise AssertionError(f"the first frame has no {type(mark).__name__}")


if __name__ == "__main__":
    FILE.write_text(json.dumps(pictures(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
