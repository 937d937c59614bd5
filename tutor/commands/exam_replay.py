"""After an exam in a terminal: the run that shows why an answer was not right, drawn for whoever wants to see it.

Rules
-----
* Of a lesson's question it is the run with which its author answers what was given; else the question's own, up to
  where its answer shows.
* It is asked for by the question's number. Enter, ``q``, the end of the input and Ctrl+C end it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from tutor.commands.console import Console
from tutor.joining import listed, named
from tutor.teach.exam import Exam, result
from tutor.teach.generated import Posed, heard
from tutor.teach.lesson import Lesson
from tutor.teach.quiz import Given, typed
from tutor.teach.refuting import NotShown, Shown, shown, spelled
from tutor.teach.road import Road, lay_road
from tutor.teach.stage import scenario_of
from tutor.view.cells import ansi, plain
from tutor.view.telling import BOX, Style
from tutor.view.text import text_ladder
from tutor.world.timeline import Branch, Timeline

LINES = 150
"""Of a longer ladder the middle is left out: the line of the answer plays all of it."""

Ask = Callable[[str], str | None]
"""A prompt -> the line that the person types; None at the end of the input."""


class Replays:
    """The runs of what was not right in an exam that is over. ``lesson``: whose questions its authored ones are."""

    def __init__(self, exam: Exam, lesson: Lesson | None, console: Console) -> None:
        self.exam, self.lesson, self.console, self.words = exam, lesson, console, console.words
        self.wrong = [
            line.place for line in result(exam).lines if not line.is_right and exam.paper[line.place - 1].has_run
        ]

    def offer(self, ask: Ask) -> None:
        """Draw whatever is asked for."""
        t = self.words.t
        numbers = listed(map(str, self.wrong), self.words)
        prompt = t("A number shows the run that answers it ({numbers}), Enter ends:", numbers=numbers)
        while self.wrong:
            self.console.say()
            line = ask(prompt)
            if not line or line in ("q", "quit", "exit"):
                return
            if not line.isdecimal() or int(line) not in self.wrong:
                self.console.say(t("That cannot be read: {how}.", how=numbers))
                continue
            for drawn in self.drawn(int(line)):
                self.console.say(drawn)

    def drawn(self, place: int) -> Iterator[str]:
        """The ladder of a question's replay (``place`` from 1), line by line."""
        question, given = self.exam.paper[place - 1], self.exam.given[place - 1]
        console, run = self.console, self._run(question, given)
        is_ascii = not console.can_print(BOX.life + BOX.cross + BOX.dots)
        paint = ansi if console.has_colour else plain
        yield named(self.words.t("Replay the run of question {number}", number=place), question.id, self.words)
        yield ""
        style = Style(console.columns, ascii=is_ascii, most=LINES)
        yield from map(paint, text_ladder(run.trace, self.words, style, until=run.until))

    def _run(self, question: Posed, given: Given) -> Shown:
        """The author's answer to what was given, where there is one; else the question's own run."""
        spoken = heard(question, given.picks, typed(given.text)) if given.picks or given.text else ()
        playing = next((i for i in spoken if question.ask.options[i].plays is not None), None)
        if playing is not None and self.lesson is not None:
            try:
                return shown(self.lesson, self._road, spelled(question, playing))
            except NotShown:
                pass
        timeline = Timeline((Branch(0, None, 0, 0, (), question.trace),))
        return Shown(timeline, 0, max(question.seen))

    @cached_property
    def _road(self) -> Road:
        assert self.lesson is not None, "only a lesson has a road"
        return lay_road(self.lesson, scenario_of(self.lesson))
