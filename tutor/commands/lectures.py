"""From what a person named to a lecture: one by id, folder or file, or any lesson as a lecture of its own."""

from __future__ import annotations

import stat
from pathlib import Path

from tutor.commands.faults import BadFile
from tutor.commands.loading import find
from tutor.commands.parser import did_you_mean
from tutor.teach.errors import LessonErrors
from tutor.teach.lecture import Lecture
from tutor.teach.lecture_reading import LECTURE_FILE, is_lecture, lecture_ids, load_lecture, own_lecture_ids
from tutor.teach.reading import LESSON_FILE, find_lesson, lesson_ids, own_ids
from tutor.teach.show import lecture_of
from tutor.words import Words, mark

KINDS = (
    (stat.S_ISFIFO, mark("a pipe (FIFO)")),
    (stat.S_ISSOCK, mark("a socket")),
    (stat.S_ISCHR, mark("a device")),
    (stat.S_ISBLK, mark("a device")),
)
"""What a name may mean that is neither a file nor a folder."""


def refuse_odd(path: Path, words: Words) -> None:
    """A pipe, a device, or a folder without a lesson or lecture is nothing that can be read. Raises ``BadFile``."""
    t = words.t
    if path.is_dir() and not is_lecture(path):
        try:
            find_lesson(path)
        except FileNotFoundError:
            names = f"{LECTURE_FILE}, {LESSON_FILE}"
            said = t("{path} is a folder without a lesson or a lecture; allowed: {names}", path=path, names=names)
            raise BadFile(said) from None
    elif path.exists() and not path.is_dir() and not path.is_file():
        mode = path.stat().st_mode
        what = t(next((said for is_one, said in KINDS if is_one(mode)), KINDS[2][1]))
        raise BadFile(t("{path} is {what}, and no file: name a file, or a folder with one", path=path, what=what))


def find_lecture_or_lesson(name: str, words: Words) -> Lecture:
    """The lecture of this id, unique beginning of an id, or path; else the lesson, as a lecture. Raises ``BadFile``."""
    ids = (*lecture_ids(), *own_lecture_ids())
    matches = [known for known in ids if known == name] or [known for known in ids if known.startswith(name)]
    if not Path(name).exists() and len(matches) != 1:
        if any(known.startswith(name) for known in (*lesson_ids(), *own_ids())):
            return lecture_of(find(name, words))
        tail = did_you_mean(name, (*ids, *lesson_ids(), *own_ids()), words)
        raise BadFile(words.t("there is no lecture, no lesson and no file {name}", name=repr(name)) + tail)
    refuse_odd(Path(name), words)
    wanted = name if Path(name).exists() else matches[0]
    if not is_lecture(wanted):
        return lecture_of(find(name, words))
    try:
        return load_lecture(wanted, words.lang)
    except LessonErrors as fault:
        raise BadFile(str(fault)) from None
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be read: {why}", path=name, why=fault)) from None
