"""An exam under way as a text, so that it can go on after the machine has stopped.

Rules
-----
* The paper itself is not in it: lessons, number and seed make it again. A fingerprint tells whether it is the same one;
  on another paper the answers would stand beside questions that nobody has asked.
* The clock does not wait: the exam ends when it would have ended.
* What cannot be read is no exam: nothing here raises.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tutor.teach.exam import FIRST, SECOND, Exam
from tutor.teach.generated import Posed
from tutor.teach.quiz import Given


@dataclass(frozen=True, slots=True)
class Kept:
    """What makes the paper again (``lessons`` by their ids, ``count``, ``seed``), and how far the exam had come.

    ``minutes``: how long it lasts. ``paper``: the fingerprint of its questions.
    """

    lessons: tuple[str, ...]
    count: int
    seed: int
    minutes: int
    begun: datetime
    place: int
    phase: str
    given: tuple[Given, ...]
    flagged: frozenset[int]
    paper: str


def dumps(exam: Exam, lessons: Sequence[str], count: int) -> str:
    """The exam under way. ``lessons``, ``count``: what its paper was made of (``paper.exam_paper``)."""
    return json.dumps(
        {
            "lessons": list(lessons),
            "count": count,
            "seed": exam.seed,
            "minutes": exam.lasts // timedelta(minutes=1),
            "begun": exam.begun.isoformat(),
            "place": exam.place,
            "phase": exam.phase,
            "given": [{"picks": list(given.picks), "text": given.text} for given in exam.given],
            "flagged": sorted(exam.flagged),
            "paper": fingerprint(exam.paper),
        },
        ensure_ascii=False,
    )


def loads(text: str) -> Kept | None:
    """What ``dumps`` has written; None if it cannot be read."""
    try:
        return _read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None


def _read(told: dict[str, Any]) -> Kept:
    given = tuple(Given(tuple(map(_whole, each["picks"])), str(each["text"])) for each in told["given"])
    kept = Kept(
        tuple(map(str, told["lessons"])), _whole(told["count"]), _whole(told["seed"]), _whole(told["minutes"]),
        datetime.fromisoformat(told["begun"]), _whole(told["place"]), told["phase"], given,
        frozenset(map(_whole, told["flagged"])), str(told["paper"]),
    )  # fmt: skip
    if kept.phase not in (FIRST, SECOND) or kept.place >= len(given) or kept.begun.tzinfo is None or not kept.minutes:
        raise ValueError(told)
    return kept


def _whole(value: object) -> int:
    """A whole number from 0 on. Raises ``ValueError``."""
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value


def taken_up(kept: Kept, paper: Sequence[Posed]) -> Exam | None:
    """The exam as it stood, on the paper that was made again; None if that is not the same paper."""
    if len(paper) != len(kept.given) or fingerprint(paper) != kept.paper:
        return None
    lasts = timedelta(minutes=kept.minutes)
    return Exam(tuple(paper), kept.seed, kept.begun, lasts, kept.place, kept.given, kept.flagged, kept.phase)


def fingerprint(paper: Sequence[Posed]) -> str:
    """What tells one paper from another: its questions, their options and which of them are right."""
    told = [
        (each.setting.en, each.ask.prompt.en, [option.value for option in each.ask.options], each.right)
        for each in paper
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def answer_name(exam: Exam, place: int) -> str:
    """The id of the answer to a question: the same each time, so that an exam handed in twice counts once."""
    told = f"{fingerprint(exam.paper)}|{exam.begun.isoformat()}|{place}"
    return sha256(told.encode()).hexdigest()[:32]
