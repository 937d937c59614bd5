"""Files -> Lesson: ``load_lesson``, and the steps that ``check`` shares with it.

Rules
-----
* A lesson is a folder with ``lesson.yaml`` and ``<lang>.yaml`` beside it, or one file. Nothing outside that folder is
  read, whatever a file says and wherever a link in it leads.
* Reading never runs anything. Faults of form and of vocabulary are found here; faults of truth by ``check.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tutor import resources
from tutor.teach import overlay, vocabulary, yamlio
from tutor.teach.building import built
from tutor.teach.errors import Problems
from tutor.teach.lesson import Lesson, Mark
from tutor.teach.schema import LessonModel, OverlayModel
from tutor.teach.shape import Shaped, shape
from tutor.words import LANGUAGES, Words

LESSON_FILE = "lesson.yaml"
OTHER_LANGUAGES = tuple(lang for lang in LANGUAGES if lang != "en")


def lesson_ids() -> tuple[str, ...]:
    """The shipped lessons in the order of their numbers."""
    return tuple(sorted(path.parent.name for path in resources.lessons_dir().glob(f"*/{LESSON_FILE}")))


def laboratory_ids() -> tuple[str, ...]:
    """The shipped runs to try anything on, in order; they are no lessons, and are found by the same commands."""
    return tuple(sorted(path.parent.name for path in laboratories_dir().glob(f"*/{LESSON_FILE}")))


def own_ids() -> tuple[str, ...]:
    """A person's own lessons, by name; none that is called like a shipped one."""
    found = sorted(path.parent.name for path in resources.own_lessons_dir().glob(f"*/{LESSON_FILE}"))
    shipped = {*lesson_ids(), *laboratory_ids()}
    return tuple(name for name in found if name not in shipped)


def laboratories_dir() -> Path:
    """The folder of the laboratories."""
    return resources.assets_dir() / "laboratory"


def find_lesson(name: str | Path) -> Path:
    """The file of a lesson or laboratory given by id, folder or file.

    Raises ``FileNotFoundError`` with what there is.
    """
    path = Path(name)
    for candidate in (path, path / LESSON_FILE):
        if candidate.is_file():
            return candidate
    if str(name) in laboratory_ids():
        return laboratories_dir() / name / LESSON_FILE
    if str(name) in own_ids():
        return resources.own_lessons_dir() / name / LESSON_FILE
    ids = lesson_ids()
    matching = [lesson_id for lesson_id in ids if lesson_id == str(name) or lesson_id.split("-", 1)[0] == str(name)]
    if len(matching) == 1:
        return resources.lessons_dir() / matching[0] / LESSON_FILE
    raise FileNotFoundError(f"no lesson {str(name)!r}; there are: {', '.join(ids)}")


def load_lesson(name: str | Path, lang: str = "en") -> Lesson:
    """The lesson given by id or path, in all its languages.

    Raises ``LessonErrors`` with every fault of form and vocabulary, said in ``lang``;
    ``FileNotFoundError`` if there is no such lesson.
    """
    problems = Problems(Words(lang))
    path = find_lesson(name)
    sources = _sources(path, problems)
    problems.raise_if_any()
    return _lesson(path, tuple(sources.items()), lang)


@lru_cache(maxsize=256)
def _lesson(path: Path, sources: tuple[tuple[str, bytes], ...], lang: str) -> Lesson:
    """The lesson in these files; one that has not changed is not read again."""
    problems = Problems(Words(lang))
    reading = read_sources(dict(sources), path, problems)
    problems.raise_if_any()
    assert reading.lesson is not None, "a lesson without faults has been built"
    return reading.lesson


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson as far as it could be read. ``can_run``: nothing that the run stands on is in doubt."""

    lesson: Lesson | None
    shaped: Shaped[LessonModel] | None
    can_run: bool


def read_lesson(path: Path, problems: Problems) -> Reading:
    """Read a lesson file and the overlays beside it, noting every fault of form and vocabulary."""
    sources = _sources(path, problems)
    if path.name not in sources:
        return Reading(None, None, can_run=False)
    return read_sources(sources, path, problems)


def _sources(path: Path, problems: Problems) -> dict[str, bytes]:
    """Name -> bytes of the lesson and its overlays, none from outside the lesson's folder."""
    folder = path.parent.resolve()
    names = [path.name]
    if path.name == LESSON_FILE:
        names += [f"{lang}.yaml" for lang in OTHER_LANGUAGES if (path.parent / f"{lang}.yaml").is_file()]
    sources: dict[str, bytes] = {}
    for name in names:
        place = path.parent / name
        if place.resolve().parent != folder:
            what = problems.words.t("this file is a link that leads out of the lesson's folder")
            problems.add(Mark(str(place), 1, 1), "", what)
            continue
        with place.open("rb") as file:
            sources[name] = file.read(yamlio.MAX_BYTES + 1)
    return sources


def sources_with(text: str, path: Path, problems: Problems) -> dict[str, bytes]:
    """``text`` as the lesson's file, and the translations beside ``path``, which need not exist."""
    beside = _sources(path, problems) if path.is_file() else {}
    return {
        path.name: text.encode("utf-8", "replace"),
        **{name: raw for name, raw in beside.items() if name != path.name},
    }


def read_sources(sources: Mapping[str, bytes], path: Path, problems: Problems) -> Reading:
    """As ``read_lesson``, from bytes in hand: a saved run brings its lesson along."""
    node = yamlio.read(sources[path.name], str(path), problems)
    if node is None:
        return Reading(None, None, can_run=False)
    source = shape(node, LessonModel, problems)
    overlays: dict[str, Shaped[OverlayModel]] = {}
    for name, raw in sources.items():
        if name != path.name:
            beside = yamlio.read(raw, str(path.parent / name), problems)
            if beside is not None:
                overlays[name.removesuffix(".yaml")] = shape(beside, OverlayModel, problems)
    for lang, translated in overlays.items():
        overlay.compare(source, translated, lang, problems)
    if source.model is None:
        return Reading(None, source, can_run=False)
    texts = {name: raw.decode("utf-8", "replace") for name, raw in sources.items()}
    lesson = built(source, overlays, path, texts, problems)
    lesson, can_run = vocabulary.settle(lesson, source, problems)
    is_sound = can_run and not any(loc[0] in ("hosts", "link", "until") for loc in source.given_up)
    return Reading(lesson, source, is_sound)
