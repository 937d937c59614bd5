"""The exam: a paper from a seed, a clock, two passes, and a result that says what is understood.

Rules
-----
* ``Exam`` is a value, ``update`` is pure: the moment comes in with each intent. When the time is over the exam is
  handed in as it stands, whatever was wanted.
* The first pass goes forward, question by question; one may leave a question open, and flag it. Then comes one look
  over all of it, in any order; then it is handed in. Nothing can be changed afterwards.
* Until it is handed in nothing says what is right: no hint, no verdict, no other future.
* The same seed gives the same paper, on every machine.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from tutor.teach import given as answers
from tutor.teach.generated import Posed, plain
from tutor.teach.glossary import concept_names
from tutor.teach.lesson import Text
from tutor.teach.quiz import NOTHING_GIVEN, SEVERAL, UNORDERED, Given, typed
from tutor.words import Words, mark
from tutor.world.time import format_duration

FIRST, SECOND, DONE = "first", "second", "done"
"""The passes."""


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam that has begun. ``given`` and ``flagged`` go by the place of a question, from 0."""

    paper: tuple[Posed, ...]
    seed: int
    begun: datetime
    lasts: timedelta
    place: int = 0
    given: tuple[Given, ...] = ()
    flagged: frozenset[int] = frozenset()
    phase: str = FIRST
    handed_in: datetime | None = None

    @property
    def ends(self) -> datetime:
        """When it is handed in at the latest."""
        return self.begun + self.lasts

    @property
    def question(self) -> Posed:
        """The question on the page."""
        return self.paper[self.place]

    @property
    def here(self) -> Given:
        """What was given to it so far."""
        return self.given[self.place]

    @property
    def is_over(self) -> bool:
        """Is it handed in?"""
        return self.phase == DONE

    @property
    def open_places(self) -> tuple[int, ...]:
        """Questions that have no answer yet."""
        return tuple(place for place, given in enumerate(self.given) if not _is_whole(self.paper[place], given))

    def left(self, now: datetime) -> timedelta:
        """How much time there is."""
        return max(timedelta(0), self.ends - now)


def time_left(exam: Exam, now: datetime, words: Words) -> str:
    """How much time there is, in words: whole minutes, and in the last one seconds. It changes no oftener than that."""
    remaining = exam.left(now)
    if remaining > timedelta(minutes=1):
        return words.n("{count} minute left", "{count} minutes left", ceil(remaining / timedelta(minutes=1)))
    return words.n("{count} second left", "{count} seconds left", ceil(remaining / timedelta(seconds=1)))


# --- intents ---


@dataclass(frozen=True, slots=True)
class Pick:
    """Pick option ``index`` (from 0) of the question on the page, or take it back."""

    index: int


@dataclass(frozen=True, slots=True)
class Give:
    """Answer the question on the page with all of this at once, as one does who types; nothing takes it back."""

    given: Given


@dataclass(frozen=True, slots=True)
class Flag:
    """Flag the question on the page, or take the flag away."""


@dataclass(frozen=True, slots=True)
class Next:
    """To the next question; from the last one of the first pass to the look over all."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """To the question at ``place``: in the second pass only."""

    place: int


@dataclass(frozen=True, slots=True)
class HandIn:
    """Hand it in: in the second pass only."""


@dataclass(frozen=True, slots=True)
class Look:
    """Nothing but that time has passed."""


Intent = Pick | Give | Flag | Next | GoTo | HandIn | Look


def begin(paper: Sequence[Posed], seed: int, now: datetime, minutes: int) -> Exam:
    """An exam of at least one question that lasts ``minutes``. ``ValueError`` otherwise."""
    if not paper or minutes < 1:
        raise ValueError("an exam has a question, and lasts a minute at least")
    return Exam(tuple(paper), seed, now, timedelta(minutes=minutes), given=(NOTHING_GIVEN,) * len(paper))


def update(exam: Exam, intent: Intent, now: datetime) -> Exam:
    """The exam after an intent at ``now``."""
    if exam.is_over:
        return exam
    if now >= exam.ends:
        return _handed_in(exam, exam.ends)
    match intent:
        case Pick(index=index):
            return _picked(exam, index)
        case Give(given=given):
            return _given(exam, given)
        case Flag():
            return replace(exam, flagged=exam.flagged ^ {exam.place})
        case Next() if exam.place + 1 < len(exam.paper):
            return replace(exam, place=exam.place + 1)
        case Next() if exam.phase == FIRST:
            return replace(exam, phase=SECOND, place=_first_doubt(exam))
        case GoTo(place=place) if exam.phase == SECOND and 0 <= place < len(exam.paper):
            return replace(exam, place=place)
        case HandIn() if exam.phase == SECOND:
            return _handed_in(exam, now)
        case _:
            return exam


def _first_doubt(exam: Exam) -> int:
    """Where the look over all begins: at the first question that is flagged or open, else at the first."""
    return min({*exam.flagged, *exam.open_places}, default=0)


def _handed_in(exam: Exam, at: datetime) -> Exam:
    return replace(exam, phase=DONE, handed_in=at)


def _picked(exam: Exam, index: int) -> Exam:
    ask, picks = exam.question.ask, exam.here.picks
    if not 0 <= index < len(ask.options):
        return exam
    if index in picks:
        picks = tuple(pick for pick in picks if pick != index)
    else:
        picks = (*picks, index) if ask.kind in SEVERAL else (index,)
    picks = tuple(sorted(picks)) if ask.kind in UNORDERED else picks
    return _given(exam, Given(picks))


def _given(exam: Exam, given: Given) -> Exam:
    return replace(exam, given=(*exam.given[: exam.place], given, *exam.given[exam.place + 1 :]))


def _is_whole(question: Posed, given: Given) -> bool:
    """Is there an answer that can be graded? Of an order, all of it."""
    if question.kind == "order":
        return len(given.picks) == len(question.ask.options)
    return bool(given.picks) or bool(given.text)


# --- the result ---


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the result: its place (from 1), what was given and what is right, in words; why, if it is wrong.

    ``about``: the concepts that it is about.
    """

    place: int
    prompt: Text
    given: Text
    right: Text
    why: tuple[Text, ...]
    about: tuple[str, ...]
    is_right: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an exam. ``concepts``: (concept, right, asked), the weakest first.

    A question about several concepts counts for each of them.
    """

    lines: tuple[Line, ...]
    concepts: tuple[tuple[str, int, int], ...]

    @property
    def right(self) -> int:
        """How many questions were answered rightly."""
        return sum(line.is_right for line in self.lines)


def result(exam: Exam) -> Result:
    """What came of an exam that is over."""
    assert exam.is_over, "an exam that is not handed in has no result"
    lines = tuple(_line(exam, place) for place in range(len(exam.paper)))
    counts: dict[str, list[int]] = {}
    for line in lines:
        for concept in line.about:
            count = counts.setdefault(concept, [0, 0])
            count[0] += line.is_right
            count[1] += 1
    concepts = sorted(((name, right, asked) for name, (right, asked) in counts.items()), key=_strength)
    return Result(lines, tuple(concepts))


def _strength(row: tuple[str, int, int]) -> tuple[float, str]:
    name, right, asked = row
    return right / asked, name


def _line(exam: Exam, place: int) -> Line:
    question, given = exam.paper[place], exam.given[place]
    is_open = not _is_whole(question, given)
    is_right = not is_open and answers.is_right(question, given)
    return Line(
        place + 1,
        question.ask.prompt,
        plain(format_duration(typed(given.text) or 0)) if given.text else _said(question, given.picks),
        _said(question, question.right),
        () if is_right or is_open else answers.reasons(question, given),
        question.about,
        is_right,
        is_open,
    )


def _said(question: Posed, picks: tuple[int, ...]) -> Text:
    """Options as one text; several parted by a stroke, those of an order by an arrow."""
    joint = " → " if question.kind == "order" else " / "
    first = question.ask.prompt
    langs = [lang for lang in first.languages if lang != "en"]
    made = {
        lang: joint.join(in_a_line(question.label(pick, lang)).rstrip(".。") for pick in picks)
        for lang in ("en", *langs)
    }
    return Text(made["en"], tuple((lang, made[lang]) for lang in langs))


def in_a_line(label: str) -> str:
    """An option in one line: of what ``ss`` prints the rows without their head, single-spaced."""
    if not label.startswith("```"):
        return label
    head, *rows = label.strip("`").strip("\n").split("\n")
    return "; ".join(" ".join(row.split()) for row in rows or [head])


COLUMNS = (
    mark("number"), mark("question"), mark("concept"), mark("answer given"), mark("right answer"), mark("points"),
)  # fmt: skip
"""The columns of the table."""


def as_csv(exam: Exam, words: Words) -> str:
    """The result as comma-separated values (RFC 4180), one question a line, in the words' language.

    What a table might take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(words.t(column) for column in COLUMNS)
    for line in result(exam).lines:
        about = concept_names(line.about, words)
        texts = (line.prompt[words.lang], about, line.given[words.lang], line.right[words.lang])
        writer.writerow((line.place, *map(_harmless, texts), int(line.is_right)))
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
