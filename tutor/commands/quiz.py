"""``tcp-tutor quiz``: questions in a terminal, or as a file for a course or for paper.

Rules
-----
* A seed gives the same questions everywhere, and is printed. Before the answer the ladder ends at the moment.
* An answer is a number or the answer itself; after each it is said why, and at the end how many were right, by subject.
* The end of the input and Ctrl+C are a farewell: what was answered so far is counted, and the exit code is 0.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

from tutor.commands import loading
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.narration import plain_paragraphs
from tutor.commands.parser import did_you_mean
from tutor.commands.quiz_notes import Notes
from tutor.joining import fitted, named
from tutor.teach import gift
from tutor.teach.generated import KINDS, Posed, plain_reason
from tutor.teach.given import Unreadable, is_right, read_answer, reasons, replays
from tutor.teach.glossary import concept_name, concept_names
from tutor.teach.paper import MOST, paper
from tutor.teach.quiz import Given
from tutor.teach.so_far import so_far
from tutor.view.cells import Line, Span, ansi, plain, wrap
from tutor.view.telling import BOX, Style
from tutor.view.text import PER_HOST, text_ladder
from tutor.words import Words, mark
from tutor.world.time import format_duration

FORMS = ("gift", "pdf", "json")
"""What a paper can be written as."""

LONGEST = 240
"""Minutes that an exam may last."""

QUIT = ("q", "quit", "exit")

HOW: dict[str, str] = {
    "many": mark("the numbers of all that are right, as 1 3"),
    "order": mark("all numbers in their order, as 3 1 2"),
    "time": mark("a number from 1 to {count}, or a time with its unit"),
}
"""Kind -> how it is answered, where a number or the answer itself is not all."""


@dataclass(slots=True)
class Score:
    """How many of how many were right, and the same for each concept that they were about."""

    total: int = 0
    hits: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)

    def note(self, about: Sequence[str], *, is_right: bool) -> None:
        """One more answer."""
        self.total, self.hits = self.total + 1, self.hits + is_right
        for concept in about:
            self.asked[concept] = self.asked.get(concept, 0) + 1
            self.right[concept] = self.right.get(concept, 0) + is_right


def run(options: argparse.Namespace, console: Console) -> int:
    """Ask, or write what would be asked."""
    words = console.words
    lesson = loading.find(options.lesson, words) if options.lesson else None
    seed = _number(options.seed, "--seed", 0, 2**63, words) if options.seed else SystemRandom().randrange(1, 1_000_000)
    count = _number(options.n, "--n", 1, MOST, words)
    if options.key and not options.export:
        raise BadUsage(words.t("{name} is for {other}", name="--key", other="--export"))
    minutes = _minutes(options, words)
    kinds = _kinds(options.kind, words)
    is_apart = bool(minutes or options.export or options.json)
    questions = paper(lesson, count, seed, kinds, is_apart=is_apart)
    if not questions:
        raise BadFile(words.t("there is nothing of this kind to ask"))
    title = words.t("Quiz {seed}", seed=seed)
    title = named(title, lesson.title[words.lang], words) if lesson is not None else title
    if options.export:
        _export(options, questions, title, console)
    elif options.json:
        for question in questions:
            console.say(json.dumps(gift.as_json(question, words.lang), ensure_ascii=False))
    else:
        notes = Notes(options.learner, lesson.id if lesson is not None else "", console)
        try:
            if minutes:
                from tutor.commands import exam

                return exam.sit(options, questions, title, seed, minutes, console, notes, lesson)
            Quiz(questions, title, console, notes, _again(options, seed)).run()
        finally:
            notes.close()
    return DONE


def _again(options: argparse.Namespace, seed: int) -> str:
    """The line that asks the same questions again."""
    given = vars(options)
    chosen = [
        part for name in ("lesson", "n", "kind", "lang") if given.get(name) for part in (f"--{name}", given[name])
    ]
    return shlex.join(("tcp-tutor", "quiz", *chosen, "--seed", str(seed)))


def _kinds(text: str | None, words: Words) -> tuple[str, ...]:
    kinds = tuple(kind.strip() for kind in text.split(",")) if text else ()
    for kind in kinds:
        if kind not in KINDS:
            raise BadUsage(words.t("unknown: {value}", value=kind) + did_you_mean(kind, KINDS, words))
    return kinds


def _minutes(options: argparse.Namespace, words: Words) -> int:
    """How long the exam lasts; 0: it is none."""
    if not options.exam:
        for name in ("minutes", "csv"):
            if getattr(options, name):
                raise BadUsage(words.t("{name} is for {other}", name=f"--{name}", other="--exam"))
        return 0
    for name in ("export", "json"):
        if getattr(options, name):
            raise BadUsage(words.t("{name} is not for {other}", name=f"--{name}", other="--exam"))
    return _number(options.minutes or "20", "--minutes", 1, LONGEST, words)


def _number(text: str, name: str, low: int, high: int, words: Words) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        told = words.t("a whole number from {low} to {high}", low=low, high=high)
        raise BadUsage(f"{name}: {words.t('{value} is not {allowed}', value=repr(text), allowed=told)}")
    return int(text)


# --- in a terminal ---


class Quiz:
    """Asks one question after the other."""

    def __init__(self, questions: Sequence[Posed], title: str, console: Console, notes: Notes, again: str = "") -> None:
        self.questions, self.title, self.console, self.notes, self.again = questions, title, console, notes, again
        self.words, self.score = console.words, Score()

    def run(self) -> None:
        """All of them, or as many as the person wants."""
        say = self.console.say
        say(self.title)
        count = len(self.questions)
        say(self.words.n("{count} question. The same again: {line}", "{count} questions. The same again: {line}", count,
                         line=self.again))  # fmt: skip
        try:
            for number, question in enumerate(self.questions, 1):
                self._show(number, question)
                given = self._answer(question)
                if given is None:
                    say()
                    break
                self._judge(question, given)
        except KeyboardInterrupt:
            say()
        self._farewell()

    def _show(self, number: int, question: Posed) -> None:
        t, lang = self.words.t, self.words.lang
        self.console.say()
        head = t("Question {number} of {count}", number=number, count=len(self.questions))
        about = concept_names(question.about, self.words)
        self.console.say(f"== {named(head, about, self.words)} ==")
        self._tell(question.setting[lang])
        if question.has_run:
            for line in self._ladder(question):
                self.console.say(line)
        self.console.say()
        self._tell(question.ask.prompt[lang])
        for place in range(len(question.ask.options)):
            self._option(place, question.label(place, lang))

    def _ladder(self, question: Posed) -> Iterator[str]:
        """The run up to the moment, and the moment."""
        console = self.console
        is_ascii = not console.can_print(BOX.life + BOX.cross + BOX.dots)
        paint = ansi if console.has_colour else plain
        yield ""
        yield from map(paint, _lines(question, self.words, Style(console.columns, ascii=is_ascii, most=MOST_LINES)))

    def _option(self, place: int, label: str) -> None:
        if not label.startswith("```"):
            self._tell(label, f"{place + 1}. ")
            return
        self.console.say(f"{place + 1}.")
        for line in label.strip("`\n").split("\n"):
            self.console.say(f"   {line}")

    def _tell(self, text: str, head: str = "") -> None:
        room = max(20, min(self.console.columns, 96) - len(head))
        for paragraph in plain_paragraphs(text):
            for place, line in enumerate(wrap(paragraph, room)):
                self.console.say((head if place == 0 else " " * len(head)) + line)

    def _answer(self, question: Posed) -> Given | None:
        """What the person answers; None when they want no more."""
        count = len(question.ask.options)
        how = self.words.t(HOW.get(question.kind, mark("a number from 1 to {count}, or the answer")), count=count)
        prompt = self.words.t("Answer ({how}; q ends):", how=how)
        while True:
            print(fitted(f"{prompt} "), end="", file=self.console.out, flush=True)
            line = sys.stdin.readline() if sys.stdin is not None else ""
            if sys.stdin is not None and not sys.stdin.isatty():
                self.console.say(line.rstrip())
            if not line or line.strip().casefold() in QUIT:
                return None
            try:
                return read_answer(question, line.strip())
            except Unreadable:
                self.console.say(self.words.t("That cannot be read: {how}.", how=how))

    def _judge(self, question: Posed, given: Given) -> None:
        t, lang = self.words.t, self.words.lang
        has_it = is_right(question, given)
        self.score.note(question.about, is_right=has_it)
        self.notes.note(question, given, is_right=has_it)
        self.console.say(t("Right.") if has_it else t("Not right."))
        for text in reasons(question, given):
            self._tell(text[lang])
        self._replays(question, given)
        if not has_it:
            self._right(question)

    def _replays(self, question: Posed, given: Given, head: str = "") -> None:
        """The lines that play why; they are not broken, so that they can be taken over whole."""
        for line in replays(question, given):
            self.console.say(f"{head}{line}")

    def _right(self, question: Posed) -> None:
        t, lang = self.words.t, self.words.lang
        numbers = " ".join(str(place + 1) for place in question.right)
        self.console.say(t("Right is: {answer}", answer=numbers))
        if question.kind not in ("many", "order"):
            why = question.ask.options[question.right[0]].feedback
            self._tell(plain_reason(why[lang]) if why is not None else question.label(question.right[0], lang))

    def _farewell(self) -> None:
        t, say, score = self.words.t, self.console.say, self.score
        if not score.total:
            say(t("Nothing was answered."))
            return
        say()
        say(t("{right} of {count} right.", right=score.hits, count=score.total))
        for concept, asked in sorted(score.asked.items(), key=lambda pair: score.right[pair[0]] / pair[1]):
            share = t("{right} of {count}", right=score.right[concept], count=asked)
            say(f"  {named(concept_name(concept, self.words), share, self.words)}")


def _lines(question: Posed, words: Words, style: Style) -> list[Line]:
    """The ladder up to the moment, and what time it is then, in place of when the run ends."""
    now = words.t("It is {time}.", time=format_duration(question.at) if question.at else "0 s")
    drawn = text_ladder(so_far(question.trace, question.index), words, style, tells_end=False)
    return [*drawn, (), (Span(now, "ink"),)]


# --- as a file ---

PRINTED = 92
"""How many columns a ladder has on paper, and in a course."""

MOST_LINES = 64
"""A ladder of so many lines can be read on a page; of a longer one the beginning and the end are shown."""


def _drawn(question: Posed, words: Words, columns: int = 0) -> str:
    """The ladder of a question as text, ``columns`` wide (0: as wide as its hosts want); "" for one without a run."""
    if not question.has_run:
        return ""
    return "\n".join(
        plain(line).rstrip() for line in _lines(question, words, Style(columns or _columns(question), most=MOST_LINES))
    )


def _columns(question: Posed) -> int:
    """How wide a ladder is that can be scrolled: each host beyond the second has a gap of its own."""
    return PRINTED + PER_HOST * max(0, len(question.trace.computed[0].world.hosts) - 2)


def _export(options: argparse.Namespace, questions: Sequence[Posed], title: str, console: Console) -> None:
    words = console.words
    if not options.out:
        raise BadUsage(words.t("{names} is missing", names="--out"))
    path = Path(options.out)
    try:
        if options.export == "pdf":
            from tutor.ui import sheet

            sheet.write(path, title, questions, words, lambda each: _drawn(each, words, PRINTED), with_key=options.key)
        else:
            path.write_text(_as_text(options.export, title, questions, words), encoding="utf-8")
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be written: {why}", path=path, why=fault)) from None
    console.warn(words.t("saved to {path}", path=path))


def _as_text(form: str, title: str, questions: Sequence[Posed], words: Words) -> str:
    if form == "gift":
        return gift.document(questions, title, words.lang, lambda each: _drawn(each, words))
    return json.dumps([gift.as_json(question, words.lang) for question in questions], ensure_ascii=False, indent=1)
