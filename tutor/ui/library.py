"""The lessons there are, read once each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

from tutor.profiles import load_profile, profile_names
from tutor.tcp.profile import Profile
from tutor.teach.errors import LessonErrors
from tutor.teach.lesson import Lesson
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.words import preferred_language


class Library:
    """Reads lessons by id, first letters or path; keeps what it has read."""

    def __init__(self) -> None:
        self._read: dict[str, Lesson] = {}

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """Every profile by its name."""
        return {name: load_profile(name) for name in profile_names()}

    def first(self) -> str:
        """The lesson to begin with."""
        return lesson_ids()[0]

    def lesson(self, name: str) -> Lesson:
        """One lesson. Raises ``LessonErrors`` or ``FileNotFoundError``."""
        if name not in self._read:
            self._read[name] = load_lesson(name)
        return self._read[name]

    def lessons(self) -> tuple[Lesson, ...]:
        """Every shipped lesson that can be read, in order."""
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
