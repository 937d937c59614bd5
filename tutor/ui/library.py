"""The lessons there are, read once each."""

from __future__ import annotations

import os

from tutor.teach.errors import LessonErrors
from tutor.teach.lesson import Lesson
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.stage import scenario_of
from tutor.words import preferred_language
from tutor.world.scenario import Scenario


class Library:
    """Reads lessons by id, first letters or path; keeps what it has read."""

    def __init__(self) -> None:
        self._read: dict[str, Lesson] = {}

    @staticmethod
    def scenario(lesson: Lesson) -> Scenario:
        """What the lesson's run starts from."""
        return scenario_of(lesson)

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
        """Every shipped lesson that can be read, in order. Takes a moment: call it when somebody wants to choose."""
        found = []
        for lesson_id in lesson_ids():
            try:
                found.append(self.lesson(lesson_id))
            except LessonErrors:
                continue
        return tuple(found)

    @staticmethod
    def preferred_language() -> str:
        """The language of the person's locale."""
        return preferred_language(os.environ)
