"""A lecture as a value: lessons, beats, questions, own runs and notes in the order of an hour, with their minutes.

Rules
-----
* Frozen values only. Nothing here knows YAML; nothing here has run a lesson (``lecture_check`` does).
* An item is kept by its id: translations and recorded paces belong to it wherever it is moved.
* Whatever has no title of its own is called as its lesson is.

Theory
------
An ``Item`` is what a lecturer plans: "these beats of that lesson, twelve minutes". A ``Stop`` (``show``) is what one
press of the clicker leads to; an item has one or many. A ``Situation`` stands outside the order, on a key of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tutor.teach.lesson import NOWHERE, Ask, Lesson, Mark, Text

NOTHING = Text("")
"""No words in any language."""

ITEM_KINDS = ("lesson", "question", "run", "note")


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a lecture.

    ``kind``: ``lesson`` (``beats`` of ``lesson``, of which ``asks`` put their bet or question to the room),
    ``question`` (``ask``: the id of a check of ``lesson``, or of a beat that asks), ``run`` (the name of a saved run
    beside the lecture) or ``note`` (nothing but a title for the room and ``notes`` for the lecturer).
    ``minutes``: what it is meant to take, more than 0. ``beat_notes`` and ``ask_notes``: (beat, notes) that are
    shown at this beat, or at its question, in place of ``notes``.
    """

    id: str
    kind: str
    title: Text
    minutes: float
    lesson: str = ""
    beats: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    ask: str = ""
    run: str = ""
    notes: Text = NOTHING
    beat_notes: tuple[tuple[str, Text], ...] = ()
    ask_notes: tuple[tuple[str, Text], ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Situation:
    """What one key (Alt+0 … Alt+9) leads to at any time: a beat of a lesson, or a saved run beside the lecture."""

    key: int
    title: Text
    lesson: str = ""
    beat: str = ""
    run: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lecture:
    """One lecture, format 1. ``minutes``: how long it is to last. ``lessons``: every lesson it takes something from.

    ``path``: its file, "" for one that was made of a lesson.
    """

    id: str
    title: Text
    minutes: float
    items: tuple[Item, ...]
    situations: tuple[Situation, ...] = ()
    lessons: tuple[Lesson, ...] = field(default=(), repr=False)
    languages: tuple[str, ...] = ("en",)
    path: str = ""

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson of this id; ``KeyError`` if the lecture takes nothing from it."""
        for lesson in self.lessons:
            if lesson.id == lesson_id:
                return lesson
        raise KeyError(lesson_id)

    def run_path(self, run: str) -> str:
        """Where the saved run of this name lies: beside the lecture's own file."""
        return str(Path(self.path).parent / run)

    def situation(self, key: int) -> Situation | None:
        """What is on this key (0 to 9); None if nothing is."""
        return next((each for each in self.situations if each.key == key), None)


def asked(lesson: Lesson, ask_id: str) -> Ask | None:
    """What the beat or check of this id asks; None if there is none, or it asks nothing."""
    of_beats = ((beat.id, beat.ask) for beat in lesson.beats)
    of_checks = ((check.id, check.ask) for check in lesson.checks)
    return next((ask for name, ask in (*of_beats, *of_checks) if name == ask_id), None)


def asking_beats(lesson: Lesson) -> tuple[str, ...]:
    """The beats that ask something, in order."""
    return tuple(beat.id for beat in lesson.beats if beat.ask is not None)
