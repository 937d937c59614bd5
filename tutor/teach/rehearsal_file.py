"""Rehearsals that are kept: one JSON file beside the settings, the last few of each lecture.

Rules
-----
* A rehearsal is kept by the names of its stops, not by their places: a lecture that has been changed still knows how
  long the beats took that are in it.
* The file is written beside itself and put in its place in one move. One that makes no sense is put aside.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tutor.teach.lecture import Lecture
from tutor.teach.rehearsal import Rehearsal, seconds_of
from tutor.teach.show import Stop

FILE = "rehearsals.json"
MOST = 20
"""So many rehearsals of a lecture are kept."""


def name_of(lecture: Lecture, stop: Stop) -> str:
    """The name under which a stop's pace is kept: ``shake/first-segment?`` for the question at that beat."""
    item = lecture.items[stop.item].id
    return f"{item}/{stop.ask}?" if stop.kind == "question" else f"{item}/{stop.beat}" if stop.beat else item


def keep(path: Path, lecture: Lecture, stops: Sequence[Stop], rehearsal: Rehearsal) -> None:
    """Add a rehearsal to the file. Raises ``OSError`` where it cannot be written; the file is then what it was."""
    document = _read(path)
    entry = {
        "date": rehearsal.date,
        "seconds": {name_of(lecture, stops[place]): round(s, 1) for place, s in seconds_of(rehearsal).items()},
    }
    document[lecture.id] = [*_of(document, lecture.id), entry][-MOST:]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def last(path: Path, lecture: Lecture, stops: Sequence[Stop]) -> dict[int, float]:
    """Stop -> seconds that it took in the last rehearsal; nothing where there was none, or no file to be read."""
    try:
        kept = _of(_read(path), lecture.id)
    except OSError:
        return {}
    taken = kept[-1].get("seconds") if kept else None
    if not isinstance(taken, dict):
        return {}
    names = {name_of(lecture, stop): place for place, stop in enumerate(stops)}
    return {names[name]: float(s) for name, s in taken.items() if name in names and isinstance(s, int | float)}


def _of(document: dict[str, Any], lecture_id: str) -> list[dict[str, Any]]:
    kept = document.get(lecture_id)
    return [each for each in kept if isinstance(each, dict)] if isinstance(kept, list) else []


def _read(path: Path) -> dict[str, Any]:
    """What the file holds; one that is broken is put aside, and the next begins anew."""
    if not path.is_file():
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict):
        return document
    path.replace(path.with_name(f"{path.name}.broken"))
    return {}
