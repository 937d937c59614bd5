"""Progress as a file to carry: JSON that another machine, or another program, can read.

Rules
-----
* The form is documented (``assets/help/learning.md``) and has a version. A file of a newer version, a broken one, one
  that is something else is refused with a sentence that says where and what; then nothing has been changed.
* All that is checked is checked before anything is taken in, and taken in by one transaction.
* What is told twice counts once: answers by their ids, of all else the furthest, the best, the most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from tutor.teach.answered import PLACES, Answered, Crossed, Record, Solved, Walked, moment, read_moment
from tutor.words import Words, mark

FORMAT, VERSION = "tcp-tutor progress", 1
ENDING = ".tcplearner.json"
"""How the name of such a file ends."""
MOST_BYTES = 64_000_000
MOST_TEXT = 4000
"""Characters of one text in it."""
BIGGEST = 2**63 - 1

SENTENCES: dict[str, str] = {
    "json": mark("This is no JSON file: line {line}, column {column}."),
    "text": mark("This is no text in UTF-8."),
    "large": mark("This file is too large: {most} MB at most."),
    "foreign": mark('This file holds no progress of TCP Tutor: it lacks "format": "{format}".'),
    "newer": mark("This file was written by a newer version of TCP Tutor (form {found}; this one reads {known})."),
    "missing": mark("{place} is missing."),
    "kind": mark("{place} must be {wanted}, not {found}."),
    "value": mark("{place}: {found} is not possible."),
}
"""Why a file cannot be read: id -> sentence."""

KINDS: dict[str, str] = {
    "text": mark("a text"),
    "number": mark("a whole number"),
    "flag": mark("true or false"),
    "list": mark("a list"),
    "object": mark("an object"),
    "moment": mark("a moment as 2026-01-01T12:00:00+00:00"),
}


class Unreadable(ValueError):
    """A file that cannot be taken in: an id of ``SENTENCES`` and what stands in its braces."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(why, values)
        self.why, self.values_of = why, values

    def sentence(self, words: Words) -> str:
        """What is wrong, in words."""
        values = {
            name: words.t(KINDS[value]) if name == "wanted" and value in KINDS else value
            for name, value in self.values_of.items()
        }
        return words.t(SENTENCES[self.why], **values)


def dumps(record: Record, name: str, at: datetime) -> str:
    """A learner's progress as text."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "learner": name,
        "written_at": moment(at),
        "edges": [each._asdict() for each in record.edges],
        "puzzles": [each._asdict() for each in record.puzzles],
        "lessons": [asdict(each) for each in record.lessons],
        "answers": [asdict(each) for each in record.answers],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def loads(raw: bytes) -> tuple[str, Record]:
    """(the learner's name, the progress) of a file. Raises ``Unreadable``."""
    told = _document(raw)
    edges = tuple(_made(Crossed, each, place, EDGE) for place, each in _list(told, "edges"))
    puzzles = tuple(_made(Solved, each, place, PUZZLE) for place, each in _list(told, "puzzles"))
    lessons = tuple(_made(Walked, each, place, LESSON) for place, each in _list(told, "lessons"))
    answers = tuple(_made(Answered, each, place, ANSWER) for place, each in _list(told, "answers"))
    for number, puzzle in enumerate(puzzles):
        if puzzle.par is not None and puzzle.par > puzzle.moves:
            raise Unreadable("value", place=f"puzzles[{number}].par", found=puzzle.par)
    for number, lesson in enumerate(lessons):
        if lesson.furthest > lesson.beats:
            raise Unreadable("value", place=f"lessons[{number}].furthest", found=lesson.furthest)
    name = _text(told.get("learner", ""), "learner")
    return name, Record(edges, puzzles, lessons, tuple(sorted(answers, key=lambda answer: answer.at)))


def _document(raw: bytes) -> dict[str, Any]:
    """The outermost object, ours and of a version that we know."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("large", most=MOST_BYTES // 1_000_000)
    try:
        told = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("text") from None
    except json.JSONDecodeError as error:
        raise Unreadable("json", line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError):
        raise Unreadable("json", line=1, column=1) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Unreadable("foreign", format=FORMAT)
    version = _number(told.get("version"), "version", least=1)
    if version > VERSION:
        raise Unreadable("newer", found=version, known=VERSION)
    return told


def _list(told: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    if name not in told:
        raise Unreadable("missing", place=name)
    if not isinstance(told[name], list):
        raise _kind(name, "list", told[name])
    for number, each in enumerate(told[name]):
        yield f"{name}[{number}]", each


# --- the parts ---

Check = Callable[[Any, str], object]
T = TypeVar("T")


def _kind(place: str, wanted: str, found: object) -> Unreadable:
    shown = json.dumps(found, ensure_ascii=False, default=str)
    return Unreadable("kind", place=place, wanted=wanted, found=shown if len(shown) < 60 else f"{shown[:59]}…")


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise _kind(place, "text", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unreadable("value", place=place, found=ascii(value)) from None
    return value


def _id(value: Any, place: str) -> str:
    if not _text(value, place):
        raise Unreadable("value", place=place, found='""')
    return str(value)


def _number(value: Any, place: str, *, least: int = 0) -> int:
    if type(value) is not int:
        raise _kind(place, "number", value)
    if not least <= value <= BIGGEST:
        raise Unreadable("value", place=place, found=value)
    return value


def _count(value: Any, place: str) -> int:
    return _number(value, place, least=1)


def _seed(value: Any, place: str) -> int:
    return _number(value, place, least=-BIGGEST)


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _kind(place, "flag", value)
    return value


def _moment(value: Any, place: str) -> str:
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\dT", value):
        raise _kind(place, "moment", value)
    try:
        at = read_moment(value)
    except (ValueError, OverflowError):
        raise _kind(place, "moment", value) from None
    return moment(at) if at.microsecond else at.isoformat(timespec="seconds")


def _answer_moment(value: Any, place: str) -> str:
    return moment(read_moment(_moment(value, place)))


def _or_none(check: Check) -> Check:
    return lambda value, place: None if value is None else check(value, place)


def _concepts(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _kind(place, "list", value)
    return tuple(_text(each, f"{place}[{number}]") for number, each in enumerate(value))


def _place(value: Any, place: str) -> str:
    if value not in PLACES:
        raise Unreadable("value", place=place, found=json.dumps(value, default=str))
    return str(value)


_TIMES: dict[str, Check] = {"first_at": _moment, "last_at": _moment}
EDGE: dict[str, Check] = {"edge": _id, "rule_set": _id, **_TIMES, "times": _count}
PUZZLE: dict[str, Check] = {"puzzle": _id, "moves": _number, "par": _or_none(_number), **_TIMES, "times": _count}
LESSON: dict[str, Check] = {
    "lesson": _id, "furthest": _number, "beats": _number, **_TIMES, "done_at": _or_none(_moment),
}  # fmt: skip
ANSWER: dict[str, Check] = {
    "id": _id, "card": _id, "lesson": _text, "kind": _id, "given": _text, "is_right": _flag, "at": _answer_moment,
    "seed": _seed, "concepts": _concepts, "place": _place,
}  # fmt: skip


def _made(kind: type[T], told: Any, place: str, checks: dict[str, Check]) -> T:
    """A value of ``kind`` from an object. What the object says besides is left to whoever wrote it."""
    if not isinstance(told, dict):
        raise _kind(place, "object", told)
    values = {}
    for name, check in checks.items():
        if name not in told:
            raise Unreadable("missing", place=f"{place}.{name}")
        values[name] = check(told[name], f"{place}.{name}")
    return kind(**values)
