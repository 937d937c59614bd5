"""A quiz in a terminal, remembered: each answer goes into a learner's file, as one given in the window does.

Rules
-----
* Only whom ``--learner`` names is remembered, and only one who is there already: a slip of the keys makes nobody.
* A wrong answer becomes a card there. What cannot be written is told once, and the quiz goes on.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.faults import BadFile
from tutor.commands.parser import did_you_mean
from tutor.teach.answered import DRILL, Answered, moment
from tutor.teach.generated import Posed
from tutor.teach.learners import Learners
from tutor.teach.noting import NO_CONCEPTS
from tutor.teach.progress import Progress
from tutor.teach.quiz import Given


class Notes:
    """What is remembered of a quiz. Without a learner's name nothing is."""

    def __init__(self, name: str | None, lesson: str, console: Console) -> None:
        self.lesson, self.console = lesson, console
        self.progress = _open(name, console) if name is not None else None
        self.has_failed = False

    def note(self, question: Posed, given: Given, *, is_right: bool, place: str = DRILL) -> None:
        """One answer."""
        if self.progress is None:
            return
        made = answered(question, given, self.lesson, datetime.now(UTC), is_right=is_right, place=place)
        kept = self.progress.answer(made)
        if not kept and not self.has_failed:
            self.has_failed = True
            self.console.warn(self.console.words.t("The answers cannot be remembered: the file cannot be written."))

    def close(self) -> None:
        """Let go of the file."""
        if self.progress is not None:
            self.progress.close()


def answered(
    question: Posed, given: Given, lesson: str, at: datetime, *, is_right: bool, place: str = DRILL
) -> Answered:
    """An answer to be remembered. A question of an author's makes the card that the lesson itself would make."""
    text = given.text or " ".join(question.ask.options[pick].value for pick in given.picks)
    card = question.card if question.asks else question.generator
    concepts = tuple(concept for concept in question.about if concept not in NO_CONCEPTS)
    return Answered(
        secrets.token_hex(16), card, lesson, question.kind, text, is_right, moment(at), question.seed, concepts, place
    )


def _open(name: str, console: Console) -> Progress:
    words, learners = console.words, Learners(doctor.data_dir())
    there = {each.name or each.id: each.id for each in learners.all() if each.is_readable}
    found = next((id for shown, id in there.items() if shown.casefold() == name.casefold()), None)  # noqa: A001
    if found is None:
        raise BadFile(words.t("there is no learner {name}", name=repr(name)) + did_you_mean(name, there, words))
    return Progress(learners.path(found))
