"""The lessons there are, read once each, and the files that were opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tutor.teach.errors import LessonErrors
from tutor.teach.lesson import Lesson
from tutor.teach.reading import laboratory_ids, lesson_ids, load_lesson, own_ids
from tutor.teach.stage import scenario_of
from tutor.words import Words, preferred_language
from tutor.world.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.commands.loading import Loaded

TOUR, LIFE = "lab-0-tour", "lab-1-life"
"""What a newcomer sees first, and the laboratory's plain run."""


class Library:
    """Reads lessons by id, first letters or path; keeps what it has read."""

    def __init__(self) -> None:
        self._read: dict[str, Lesson] = {}
        self._opened: dict[str, Loaded] = {}

    def scenario(self, lesson: Lesson) -> Scenario:
        """What the lesson's run starts from."""
        opened = self._opened.get(lesson.id)
        return opened.scenario if opened is not None else scenario_of(lesson)

    def source(self, lesson: Lesson) -> str:
        """The path of the file that the lesson came from; "" for a shipped one."""
        opened = self._opened.get(lesson.id)
        return opened.source if opened is not None and opened.lesson is lesson else ""

    def is_shipped(self, lesson: Lesson) -> bool:
        """Does the lesson's id alone lead to this very lesson?"""
        return _is_known(lesson.id) and self.lesson(lesson.id).source == lesson.source

    def open(self, path: str, words: Words) -> Loaded:
        """The run of a file: a lesson, a saved run or a packetdrill script. Raises ``Fault`` in the words' language."""
        from tutor.commands.loading import load
        from tutor.commands.switches import no_switches

        return self.keep(load(path, no_switches(), words))

    def open_text(self, text: str, path: Path, words: Words) -> Loaded:
        """The run of a lesson that is being written. Raises ``Fault`` in the words' language."""
        from tutor.commands.loading import load_text

        return self.keep(load_text(text, path, words))

    def keep(self, loaded: Loaded) -> Loaded:
        """Offer what was loaded from a file among the lessons; under the id of a shipped one that one stays."""
        if not _is_known(loaded.lesson.id):
            self._opened[loaded.lesson.id] = loaded
            self._read[loaded.lesson.id] = loaded.lesson
        return loaded

    def first(self) -> str:
        """The lesson to begin with."""
        return lesson_ids()[0]

    def lesson(self, name: str) -> Lesson:
        """One lesson. Raises ``LessonErrors`` or ``FileNotFoundError``."""
        if name not in self._read:
            self._read[name] = load_lesson(name)
        return self._read[name]

    @staticmethod
    def ids() -> tuple[str, ...]:
        """Every shipped lesson's id, in order; reads no lesson."""
        return lesson_ids()

    def lessons(self) -> tuple[Lesson, ...]:
        """Every shipped lesson that can be read, in order, then the person's own, then what was opened.

        Takes a moment: call it when somebody wants to choose.
        """
        found = []
        for lesson_id in dict.fromkeys((*lesson_ids(), *own_ids(), *self._opened)):
            try:
                found.append(self.lesson(lesson_id))
            except LessonErrors:
                continue
        return tuple(found)

    def laboratories(self) -> tuple[Lesson, ...]:
        """Runs to try anything on: hosts with programs, and nothing is asked."""
        return tuple(self.lesson(name) for name in laboratory_ids())

    @staticmethod
    def preferred_language() -> str:
        """The language of the person's locale."""
        return preferred_language(os.environ)


def _is_known(lesson_id: str) -> bool:
    """Is a shipped lesson or laboratory called so?"""
    return lesson_id in lesson_ids() or lesson_id in laboratory_ids()
