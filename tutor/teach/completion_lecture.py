"""What may stand in a lecture under a key: lessons that there are, and the beats and questions of the item's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tutor.teach.errors import LessonErrors
from tutor.teach.lecture import asking_beats
from tutor.teach.lesson import Lesson
from tutor.teach.reading import lesson_ids, load_lesson, own_ids


def values(path: tuple[str, ...], keys: Mapping[str, str]) -> Iterator[str]:
    """Values that the last key of ``path`` may have, beside these other keys of its mapping."""
    key = path[-1]
    if key == "lesson":
        yield from (*lesson_ids(), *own_ids())
        return
    lesson = _lesson(keys.get("lesson", "")) if key in ("beats", "beat", "asks", "question") else None
    if lesson is None:
        return
    if key in ("beats", "beat"):
        yield from (beat.id for beat in lesson.beats)
    elif key == "asks":
        yield from asking_beats(lesson)
    else:
        yield from (check.id for check in lesson.checks)
        yield from asking_beats(lesson)


def _lesson(name: str) -> Lesson | None:
    if name not in (*lesson_ids(), *own_ids()):
        return None
    try:
        return load_lesson(name)
    except (LessonErrors, OSError):
        return None
