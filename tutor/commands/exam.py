"""``tcp-tutor quiz --exam``: the exam in a terminal, as the window has it: forward once, one look over all, a result.

Rules
-----
* No verdict before it is handed in. An empty answer leaves a question open, ``f`` flags it, ``q`` leaves the exam: then
  it is gone, and so it is at the end of the input and after Ctrl+C.
* After the result the run that answers a wrong answer is drawn for whoever asks for it.
* A terminal waits for whole lines: what comes after the time is over is not taken, and that is said.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tutor.commands.console import Console
from tutor.commands.exam_replay import Replays
from tutor.commands.faults import DONE, BadFile
from tutor.commands.quiz import HOW, QUIT, Quiz
from tutor.commands.quiz_notes import Notes
from tutor.joining import fitted, listed, named
from tutor.teach import exam as exams
from tutor.teach.answered import EXAM
from tutor.teach.exam import Exam, time_left
from tutor.teach.generated import Posed
from tutor.teach.given import Unreadable, read_answer
from tutor.teach.glossary import concept_name
from tutor.teach.lesson import Lesson
from tutor.words import mark

FLAG, HAND_IN = "f", "h"


def sit(
    options: argparse.Namespace, questions: Sequence[Posed], title: str, seed: int, minutes: int, console: Console,
    notes: Notes, lesson: Lesson | None = None,
) -> int:  # fmt: skip
    """Hold the exam; write the table where it is wanted; then draw what is asked for."""
    sitting = Sitting(questions, title, seed, console, notes, minutes)
    done = sitting.sit()
    if done is not None and options.csv:
        _write(Path(options.csv), done, console)
    if done is not None:
        sitting.replay(lesson)
    return DONE


class Sitting(Quiz):
    """One exam in a terminal."""

    def __init__(
        self, questions: Sequence[Posed], title: str, seed: int, console: Console, notes: Notes, minutes: int
    ) -> None:
        super().__init__(questions, title, console, notes)
        self.minutes = minutes
        self.exam = exams.begin(questions, seed, _now(), minutes)

    def sit(self) -> Exam | None:
        """From the first question to the result; None if it was left before."""
        t, say = self.words.t, self.console.say
        say(self.title)
        say(t("{count} questions, {minutes} minutes. Forward once, then one look over all; nothing says what is right"
              " before you hand in.", count=len(self.questions), minutes=self.minutes))  # fmt: skip
        try:
            stays = self._first_pass() and self._second_pass()
        except KeyboardInterrupt:
            say()
            stays = False
        if not stays:
            say(t("The exam was left. Nothing of it is kept."))
            return None
        self._tell_result()
        return self.exam

    def _send(self, intent: exams.Intent) -> None:
        self.exam = exams.update(self.exam, intent, _now())

    def _first_pass(self) -> bool:
        """Every question once; False if it was left."""
        while self.exam.phase == exams.FIRST:
            if not self._at_question():
                return False
            self._send(exams.Next())
        return True

    def _second_pass(self) -> bool:
        """Any question, until it is handed in; False if it was left."""
        t, count = self.words.t, len(self.questions)
        while not self.exam.is_over:
            self.console.say()
            self.console.say(self._standing())
            line = self._line(t("A number from 1 to {count} shows that question again, h hands in:", count=count))
            if line is None or line in QUIT:
                return False
            if line == HAND_IN:
                self._send(exams.HandIn())
            elif line.isdecimal() and 1 <= int(line) <= count:
                self._send(exams.GoTo(int(line) - 1))
                if not self.exam.is_over and not self._at_question():
                    return False
            else:
                self._send(exams.Look())
        return True

    def _standing(self) -> str:
        """What is open and what is flagged."""
        t, words = self.words.t, self.words
        still_open = listed((str(place + 1) for place in self.exam.open_places), words) or "–"
        flagged = listed((str(place + 1) for place in sorted(self.exam.flagged)), words) or "–"
        return f"{named(t('Still open'), still_open, words)}   {named(t('Flagged'), flagged, words)}"

    def _at_question(self) -> bool:
        """Show the question of now and take an answer, or none; False: the exam is left."""
        question, place = self.exam.question, self.exam.place
        self._show(place + 1, question)
        how = self.words.t(HOW.get(question.kind, mark("a number from 1 to {count}, or the answer")),
                           count=len(question.ask.options))  # fmt: skip
        prompt = self.words.t("Answer ({how}; Enter leaves it as it is, f flags, q leaves the exam):", how=how)
        while not self.exam.is_over:
            line = self._line(prompt)
            if line is None or line in QUIT:
                return False
            if not line:
                break
            if line == FLAG:
                self._send(exams.Flag())
                is_on = place in self.exam.flagged
                self.console.say(self.words.t("flagged") if is_on else self.words.t("not flagged"))
                continue
            try:
                self._send(exams.Give(read_answer(question, line)))
            except Unreadable:
                self.console.say(self.words.t("That cannot be read: {how}.", how=how))
                self._send(exams.Look())
                continue
            break
        return True

    def replay(self, lesson: Lesson | None) -> None:
        """The runs of what was not right, as far as they are asked for."""
        try:
            Replays(self.exam, lesson, self.console).offer(lambda prompt: self._read(f"{prompt} "))
        except KeyboardInterrupt:
            self.console.say()

    def _line(self, prompt: str) -> str | None:
        """A line of the person's while the clock runs; None at the end of the input."""
        return self._read(f"[{time_left(self.exam, _now(), self.words)}] {prompt} ")

    def _read(self, shown: str) -> str | None:
        print(fitted(shown), end="", file=self.console.out, flush=True)
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if sys.stdin is not None and not sys.stdin.isatty():
            self.console.say(line.rstrip())
        return line.strip().casefold() if line else None

    # --- the result ---

    def _tell_result(self) -> None:
        t, say, found = self.words.t, self.console.say, exams.result(self.exam)
        say()
        if self.exam.handed_in == self.exam.ends:
            say(t("The time is over: it was handed in as it stood."))
        say(t("{right} of {count} right.", right=found.right, count=len(found.lines)))
        for concept, right, asked in found.concepts:
            share = t("{right} of {count}", right=right, count=asked)
            say(f"  {named(concept_name(concept, self.words), share, self.words)}")
        for line, question, given in zip(found.lines, self.exam.paper, self.exam.given, strict=True):
            if not line.is_open:
                self.notes.note(question, given, is_right=line.is_right, place=EXAM)
            if not line.is_right:
                self._tell_wrong(line)

    def _tell_wrong(self, line: exams.Line) -> None:
        t, lang, words = self.words.t, self.words.lang, self.words
        self.console.say()
        self._tell(line.prompt[lang], f"{line.place}. ")
        self._tell(named(t("Your answer"), line.given[lang] or t("left open"), words), "   ")
        self._tell(named(t("Right"), line.right[lang], words), "   ")
        for text in line.why:
            self._tell(text[lang], "   ")
        place = line.place - 1
        if not line.is_open:
            self._replays(self.exam.paper[place], self.exam.given[place], "   ")


def _now() -> datetime:
    return datetime.now(UTC)


def _write(path: Path, exam: Exam, console: Console) -> None:
    words = console.words
    try:
        path.write_bytes(exams.as_csv(exam, words).encode("utf-8-sig"))
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be written: {why}", path=path, why=fault)) from None
    console.warn(words.t("saved to {path}", path=path))
