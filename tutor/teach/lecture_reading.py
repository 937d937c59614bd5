"""Files -> Lecture: ``load_lecture``, and the steps that ``check`` shares with it.

Rules
-----
* A lecture is a folder with ``lecture.yaml``, ``<lang>.yaml`` and saved runs beside it, or one file. Nothing of it is
  read from outside that folder but the lessons it names.
* A lesson is looked for beside the lecture first (``ID/lesson.yaml``), then among the shipped ones and one's own.
* Reading runs nothing. What a lecture points at must be there: lessons, beats, what they ask, runs.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor import resources
from tutor.teach import lecture_overlay, yamlio
from tutor.teach.errors import LessonErrors, Problems
from tutor.teach.lecture import Lecture
from tutor.teach.lecture_building import Lacking, built
from tutor.teach.lecture_schema import LectureModel, LectureOverlay
from tutor.teach.lesson import Lesson, Mark, Text
from tutor.teach.reading import LESSON_FILE, OTHER_LANGUAGES, lesson_ids, load_lesson, own_ids
from tutor.teach.shape import Shaped, shape
from tutor.words import Words

LECTURE_FILE = "lecture.yaml"

_FIRST = re.compile(r"^(?:lecture|items)[ \t]*:", re.MULTILINE)


def looks_like_lecture(text: str) -> bool:
    """Is this text meant to be a lecture (whatever may be wrong with it), and not a lesson?"""
    return _FIRST.search(text) is not None and not re.search(r"^(?:beats|hosts)[ \t]*:", text, re.MULTILINE)


def is_lecture(name: str | Path) -> bool:
    """Does this id, folder or file name a lecture? What cannot be read is none."""
    try:
        path = find_lecture(name)
        with path.open(encoding="utf-8", errors="replace") as file:
            return looks_like_lecture(file.read(yamlio.MAX_BYTES))
    except OSError:
        return False


def lectures_dir() -> Path:
    """The folder of the shipped lectures."""
    return resources.assets_dir() / "lectures"


def lecture_ids() -> tuple[str, ...]:
    """The shipped lectures in the order of their names."""
    return tuple(sorted(path.parent.name for path in lectures_dir().glob(f"*/{LECTURE_FILE}")))


def own_lecture_ids() -> tuple[str, ...]:
    """A person's own lectures, beside their own lessons, by name; none that is called like a shipped one."""
    found = sorted(path.parent.name for path in resources.own_lessons_dir().glob(f"*/{LECTURE_FILE}"))
    return tuple(name for name in found if name not in lecture_ids())


@dataclass(frozen=True, slots=True)
class Heading:
    """What a lecture is called and how long it is, read without its lessons.

    ``minutes`` is 0 and ``parts`` is 0 where the file does not say; the title is then its folder's name.
    """

    title: Text
    minutes: float
    parts: int


def heading(name: str) -> Heading:
    """The heading of the lecture of this id, in every language. Raises ``OSError`` where it cannot be read."""
    return _heading_in(find_lecture(name)) if name in own_lecture_ids() else _shipped_heading(name)


@cache
def _shipped_heading(name: str) -> Heading:
    return _heading_in(find_lecture(name))


def _heading_in(path: Path) -> Heading:
    node = yamlio.read(path.read_bytes(), str(path), Problems(Words("en")))
    others: list[tuple[str, str]] = []
    for lang in OTHER_LANGUAGES:
        beside = path.parent / f"{lang}.yaml"
        tree = yamlio.read(beside.read_bytes(), str(beside), Problems(Words("en"))) if beside.is_file() else None
        said = tree.at(("title", "text")).value if tree is not None else None
        others += [(lang, said)] if isinstance(said, str) else []
    parts = (node.child(key) if node is not None else None for key in ("title", "minutes", "items"))
    title, minutes, items = (part.value if part is not None else None for part in parts)
    return Heading(
        Text(title if isinstance(title, str) else path.parent.name, tuple(others)),
        minutes if isinstance(minutes, (int, float)) else 0,
        len(items) if isinstance(items, list) else 0,
    )


def find_lecture(name: str | Path) -> Path:
    """The file of a lecture given by id, folder or file. Raises ``FileNotFoundError`` with what there is."""
    path = Path(name)
    for candidate in (path, path / LECTURE_FILE):
        if candidate.is_file():
            return candidate
    if str(name) in lecture_ids():
        return lectures_dir() / name / LECTURE_FILE
    if str(name) in own_lecture_ids():
        return resources.own_lessons_dir() / name / LECTURE_FILE
    raise FileNotFoundError(f"no lecture {str(name)!r}; there are: {', '.join((*lecture_ids(), *own_lecture_ids()))}")


def load_lecture(name: str | Path, lang: str = "en") -> Lecture:
    """The lecture given by id or path, in all its languages, with its lessons.

    Raises ``LessonErrors`` with every fault, said in ``lang``; ``FileNotFoundError`` if there is no such lecture.
    """
    problems = Problems(Words(lang))
    reading = read_lecture(find_lecture(name), problems)
    problems.raise_if_any()
    assert reading.lecture is not None, "a lecture without faults has been built"
    return reading.lecture


@dataclass(frozen=True, slots=True)
class LectureReading:
    """A lecture as far as it could be read; ``overlays``: language -> its shaped translation."""

    lecture: Lecture | None
    shaped: Shaped[LectureModel] | None


def read_lecture(path: Path, problems: Problems) -> LectureReading:
    """Read a lecture file and the overlays beside it, noting every fault."""
    sources = _sources(path, problems)
    return read_lecture_sources(sources, path, problems) if path.name in sources else LectureReading(None, None)


def read_lecture_text(text: str, path: Path, problems: Problems) -> LectureReading:
    """As ``read_lecture``, of a text as it stands in an editor; ``path`` is where it is, or would be, kept."""
    beside = _sources(path, problems) if path.is_file() else {}
    return read_lecture_sources({**beside, path.name: text.encode("utf-8", "replace")}, path, problems)


def _sources(path: Path, problems: Problems) -> dict[str, bytes]:
    """Name -> bytes of the lecture and its overlays, none from outside the lecture's folder."""
    names = [path.name]
    if path.name == LECTURE_FILE:
        names += [f"{lang}.yaml" for lang in OTHER_LANGUAGES if (path.parent / f"{lang}.yaml").is_file()]
    sources: dict[str, bytes] = {}
    for name in names:
        place = path.parent / name
        if place.resolve().parent != path.parent.resolve():
            what = problems.words.t("this file is a link that leads out of the lecture's folder")
            problems.add(Mark(str(place), 1, 1), "", what)
            continue
        with place.open("rb") as file:
            sources[name] = file.read(yamlio.MAX_BYTES + 1)
    return sources


def read_lecture_sources(sources: Mapping[str, bytes], path: Path, problems: Problems) -> LectureReading:
    """As ``read_lecture``, from bytes in hand."""
    node = yamlio.read(sources[path.name], str(path), problems)
    if node is None:
        return LectureReading(None, None)
    source = shape(node, LectureModel, problems)
    overlays: dict[str, Shaped[LectureOverlay]] = {}
    for name, raw in sources.items():
        beside = yamlio.read(raw, str(path.parent / name), problems) if name != path.name else None
        if beside is not None:
            overlays[name.removesuffix(".yaml")] = shape(beside, LectureOverlay, problems)
    if source.model is None:
        return LectureReading(None, source)
    for lang, translated in overlays.items():
        lecture_overlay.compare(source, translated, lang, problems)
    lessons = _lessons(source, path, problems)
    return LectureReading(built(source, overlays, path, lessons, problems), source)


# --- lessons ---


def _lessons(source: Shaped[LectureModel], path: Path, problems: Problems) -> dict[str, Lesson | Lacking]:
    """Id -> lesson, of every lesson that the lecture names; why, for one that cannot be had."""
    assert source.model is not None, "only a shaped lecture names lessons"
    named = [item.lesson for item in source.model.items] + [each.lesson for each in source.model.situations]
    found: dict[str, Lesson | Lacking] = {}
    for lesson_id in filter(None, named):
        if lesson_id not in found:
            found[lesson_id] = _lesson(lesson_id, path, problems)
    return found


def _lesson(lesson_id: str, path: Path, problems: Problems) -> Lesson | Lacking:
    beside, t = path.parent / lesson_id / LESSON_FILE, problems.words.t
    own = beside if beside.is_file() else lesson_id
    try:
        found = load_lesson(own, problems.words.lang)
    except LessonErrors as errors:
        for error in errors.errors:
            problems.add(
                Mark(error.file, error.line, error.column), error.where, error.what,
                found=error.found, allowed=error.allowed, nearest=error.nearest, hint=error.hint,
            )  # fmt: skip
        line = f"tcp-tutor check {shlex.quote(str(own))}"
        return Lacking(
            t("this lesson is at fault itself"), hint=t("This names what is wrong with it: {line}", line=line)
        )
    except FileNotFoundError:
        return Lacking(t("there is no such lesson"), (*lesson_ids(), *own_ids()))
    except OSError as fault:
        return Lacking(t("{path} cannot be read: {why}", path=own, why=fault))
    is_so_called = found.id == lesson_id
    return (
        found
        if is_so_called
        else Lacking(t("a lesson is named by its whole id, and this one's is another"), (found.id,))
    )
