"""Lessons of one's own: a folder beside one's progress, and one zip file to hand to somebody. Reads and writes files.

Rules
-----
* A lesson of one's own lies in ``FOLDER/ID/lesson.yaml``, its translations beside it, as the shipped ones do.
* A zip comes from somebody we do not know. Of its names only ``lesson.yaml`` and ``LANG.yaml`` are read, in one folder
  at most; nothing is written under a name that it chose but the lesson's id, which is a plain word.
* Nothing is put into the folder before the linter has found nothing wrong with it, and nothing there is overwritten
  unless that is asked for. It is written beside its place and put there in one move.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tutor.teach.check import check_lesson
from tutor.teach.errors import LessonErrors, Problems
from tutor.teach.lesson import Lesson
from tutor.teach.reading import LESSON_FILE, OTHER_LANGUAGES, laboratory_ids, lesson_ids, read_sources
from tutor.teach.yamlio import MAX_BYTES
from tutor.words import Words, mark

SUFFIX = ".zip"
NAMES = (LESSON_FILE, *(f"{lang}.yaml" for lang in OTHER_LANGUAGES))
"""What a lesson is made of."""

MOST_FILES = 200
"""More than these in a zip, and it is no lesson."""

FAULTS: dict[str, str] = {
    "no-zip": mark("{name} is no zip file, or it is damaged."),
    "locked": mark("{name} is locked with a password. A lesson is open to everybody."),
    "no-lesson": mark("There is no lesson.yaml in {name}."),
    "two-lessons": mark("There are several lessons in {name}: pack each by itself."),
    "too-large": mark("{file} in {name} is too large for a lesson."),
    "too-many": mark("{name} holds {count} files; a lesson has {allowed} at most."),
    "shipped": mark("A lesson that came with the program is called {id}: give yours another id."),
    "is-there": mark("You have a lesson {id} already. It was left as it is."),
    "unreadable": mark("{name} cannot be read: {why}"),
    "unwritable": mark("{name} cannot be written: {why}"),
}
"""Id -> sentence."""


class OwnLessonError(ValueError):
    """A lesson that cannot be packed or taken in. ``id`` is one of ``FAULTS``, ``values`` fill it in."""

    def __init__(self, fault: str, **values: object) -> None:
        self.id, self.values = fault, values
        super().__init__(FAULTS[fault].format(**values))

    def text(self, words: Words) -> str:
        """The sentence in the language of ``words``."""
        return words.t(FAULTS[self.id], **self.values)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of one's own lessons. It need not exist."""

    folder: Path

    def path(self, lesson_id: str) -> Path:
        """Where a lesson lies, or would lie."""
        return self.folder / lesson_id / LESSON_FILE

    def has(self, files: Mapping[str, bytes], lesson_id: str) -> bool:
        """Does this very lesson lie there already, byte for byte?"""
        folder = self.path(lesson_id).parent
        return all((folder / name).is_file() and (folder / name).read_bytes() == raw for name, raw in files.items())

    def take(self, packed: Path, words: Words, *, replaces: bool = False) -> Path:
        """Put the lesson of a zip file into the folder; its path there.

        Raises ``OwnLessonError``, or ``LessonErrors`` with every mistake that the linter finds in it.
        """
        return self.put(unpacked(packed), words, replaces=replaces)

    def put(self, files: Mapping[str, bytes], words: Words, *, replaces: bool = False) -> Path:
        """Put a lesson into the folder, as ``take`` does; name -> bytes."""
        lesson = _read(files, words)
        if lesson.id in (*lesson_ids(), *laboratory_ids()):
            raise OwnLessonError("shipped", id=lesson.id)
        target = self.path(lesson.id)
        if target.exists() and not replaces:
            raise OwnLessonError("is-there", id=lesson.id)
        try:
            self._place(files, target.parent, words)
        except OSError as fault:
            raise OwnLessonError("unwritable", name=target.parent, why=fault) from None
        return target

    def _place(self, files: Mapping[str, bytes], target: Path, words: Words) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=self.folder) as made:
            beside = Path(made) / target.name
            beside.mkdir()
            for name, raw in files.items():
                (beside / name).write_bytes(raw)
            errors = check_lesson(beside, words.lang)
            if errors:
                raise LessonErrors(errors, words)
            if target.exists():
                target.rename(Path(made) / "before")
            beside.rename(target)

    def forget(self, lesson_id: str) -> None:
        """Take a lesson out of the folder. Nothing happens if it is not there."""
        if self.path(lesson_id).is_file():
            shutil.rmtree(self.path(lesson_id).parent, ignore_errors=True)


def _read(files: Mapping[str, bytes], words: Words) -> Lesson:
    problems = Problems(words)
    lesson = read_sources(files, Path(LESSON_FILE), problems).lesson
    problems.raise_if_any()
    assert lesson is not None, "what has no mistake has been read"
    return lesson


# --- zip ---


def packed(lesson: Lesson, target: Path) -> Path:
    """Write a lesson and its translations into one zip file: the same lesson gives the same bytes."""
    texts = {LESSON_FILE: lesson.source, **{f"{lang}.yaml": text for lang, text in lesson.overlays}}
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in sorted(texts.items()):
                entry = zipfile.ZipInfo(f"{lesson.id}/{name}")
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, text.encode())
    except OSError as fault:
        raise OwnLessonError("unwritable", name=target, why=fault) from None
    return target


def unpacked(path: Path) -> dict[str, bytes]:
    """Name -> bytes of the lesson in a zip file. Raises ``OwnLessonError``."""
    name = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                raise OwnLessonError("too-many", name=name, count=len(entries), allowed=MOST_FILES)
            return dict(_contents(archive, entries, name))
    except OSError as fault:
        raise OwnLessonError("unreadable", name=name, why=fault) from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, zlib.error) as fault:
        if isinstance(fault, OwnLessonError):
            raise
        raise OwnLessonError("no-zip", name=name) from None


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> Iterator[tuple[str, bytes]]:
    wanted = [entry for entry in entries if entry.filename.rpartition("/")[2] in NAMES and not entry.is_dir()]
    folders = {entry.filename.rpartition("/")[0] for entry in wanted if entry.filename.endswith(LESSON_FILE)}
    if not folders:
        raise OwnLessonError("no-lesson", name=name)
    if len(folders) > 1:
        raise OwnLessonError("two-lessons", name=name)
    for entry in wanted:
        folder, _, file = entry.filename.rpartition("/")
        if folder not in folders:
            continue
        if entry.flag_bits & 1:
            raise OwnLessonError("locked", name=name)
        with archive.open(entry) as stream:
            raw = stream.read(MAX_BYTES + 1)  # what the entry says of its size is not believed
        if len(raw) > MAX_BYTES:
            raise OwnLessonError("too-large", name=name, file=file)
        yield file, raw
