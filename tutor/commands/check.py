"""``tcp-tutor check``: runs lessons and names every mistake in them, with file, line and column.

A saved run is played once more: whether it can be opened, and is still the run that was saved.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tutor import resources
from tutor.commands.console import Console
from tutor.commands.faults import DONE, FILE_AT_FAULT, BadFile
from tutor.commands.lectures import refuse_odd
from tutor.commands.loading import load
from tutor.commands.parser import did_you_mean
from tutor.commands.switches import no_switches
from tutor.exchange.runfile import looks_like_run
from tutor.joining import listed
from tutor.teach.check import check_lesson
from tutor.teach.errors import LessonError, LessonErrors
from tutor.teach.lecture_check import check_lecture
from tutor.teach.lecture_reading import LECTURE_FILE, is_lecture, lecture_ids, own_lecture_ids
from tutor.teach.lesson import Lesson
from tutor.teach.reading import LESSON_FILE, lesson_ids, load_lesson, own_ids
from tutor.teach.road import lay_road
from tutor.teach.shelf import inspect, out_of_order
from tutor.teach.stage import scenario_of
from tutor.words import Words

HEAD = 1000
"""Characters of a file by which a saved run is known."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Print every mistake of every lesson asked for; exit code 1 if there is one."""
    words = console.words
    names = [name for path in options.paths for name in _named(path, words)] or [*lesson_ids(), *lecture_ids()]
    runs = [name for name in names if isinstance(name, Path) and _is_run(name)]
    names = [name for name in names if name not in runs]
    count, sound = _replays(runs, console), []
    for name in names:
        try:
            errors = _checked(name, words)
        except OSError as fault:
            raise BadFile(words.t("{path} cannot be read: {why}", path=name, why=fault)) from None
        for error in errors:
            console.say(error.text(words))
        count += len(errors)
        sound += [] if errors else [name]
    count += _shelf(sound, console)
    count += _own_order([name for name in names if _shipped(name) is None], console)
    lessons = _counted(names, runs, words)
    if not count:
        console.say(words.t("{lessons} checked, nothing is wrong", lessons=lessons))
        return DONE
    mistakes = words.n("{count} mistake", "{count} mistakes", count)
    console.warn(words.t("{lessons} checked, {mistakes}", lessons=lessons, mistakes=mistakes))
    return FILE_AT_FAULT


def _is_run(path: Path) -> bool:
    """Is this file a saved run?"""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return looks_like_run(file.read(HEAD))
    except OSError:
        return False


def _replays(runs: list[Path], console: Console) -> int:
    """What is wrong with saved runs; how much it is."""
    count = 0
    for path in runs:
        for fault in replayed(path, console.words):
            console.say(fault if fault.startswith(str(path)) else f"{path}: {fault}")
            count += 1
    return count


def _own_order(names: list[str | Path], console: Console) -> int:
    """What is wrong with the prerequisites of the lessons named, among themselves and all that are listed."""
    mine = {lesson.id: lesson for name in names if not is_lecture(name) and (lesson := _read(name)) is not None}
    lessons = _with_prerequisites(mine)
    found = [error for each in mine.values() for error in out_of_order(each, lessons, console.words.lang)]
    for error in found:
        console.say(error.text(console.words))
    return len(found)


def _with_prerequisites(mine: Mapping[str, Lesson]) -> dict[str, Lesson]:
    """These lessons (by id), and all that come before them, as far as they are listed and can be read."""
    lessons, waiting = dict(mine), [each for lesson in mine.values() for each in lesson.prerequisites]
    listed_ids = {*lesson_ids(), *own_ids()}
    while waiting:
        name = waiting.pop()
        if name not in lessons and name in listed_ids and (lesson := _read(name)) is not None:
            lessons[name] = lesson
            waiting += lesson.prerequisites
    return lessons


def _read(name: str | Path) -> Lesson | None:
    """A lesson; None if it cannot be read, which is told elsewhere."""
    try:
        return load_lesson(name)
    except (LessonErrors, OSError):
        return None


def _shipped(name: str | Path) -> str | None:
    """The id of the shipped lesson that is meant; None if it is another."""
    if isinstance(name, str):
        return name if name in lesson_ids() else None
    folder = name.resolve().parent
    is_one = folder.parent == resources.lessons_dir().resolve() and folder.name in lesson_ids()
    return folder.name if is_one else None


def _shelf(sound: Iterable[str | Path], console: Console) -> int:
    """What the house asks of these lessons, as far as they are shipped; how much is wrong with them.

    What no lesson crosses or answers is told when all of them are there, and sound.
    """
    words = console.words
    mine = dict.fromkeys(each for name in sound if not is_lecture(name) and (each := _shipped(name)) is not None)
    if not mine:
        return 0
    lessons = {name: load_lesson(name) for name in mine}
    roads = [(lesson, lay_road(lesson, scenario_of(lesson))) for lesson in lessons.values()]
    known, is_all = _with_prerequisites(lessons), len(mine) == len(lesson_ids())
    found = inspect(roads, words.lang, lessons=tuple(known.values()), is_all=is_all)
    for error in found.errors:
        console.say(error.text(words))
    if found.uncrossed:
        console.say(words.t("no lesson crosses these edges: {edges}", edges=", ".join(found.uncrossed)))
    if found.unanswered:
        said = (f"\n    {claim.id}: {claim.says[words.lang]}" for claim in found.unanswered)
        console.say(words.t("no lesson answers these claims: {claims}", claims="".join(said)))
    if found.unproven:
        names = "".join(f"\n    {name}" for name in found.unproven)
        console.say(
            words.t("nothing in a run bears out that these answers are right, or wrong (holds): {names}", names=names)
        )
    return len(found.errors) + len(found.uncrossed) + len(found.unanswered) + len(found.unproven)


def _checked(name: str | Path, words: Words) -> tuple[LessonError, ...]:
    """What is wrong with one lesson or lecture."""
    if is_lecture(name):
        return check_lecture(name, words.lang, replayed)
    return check_lesson(name, words.lang)


def replayed(path: Path, words: Words) -> tuple[str, ...]:
    """What is wrong with a saved run: it cannot be opened, or its replay is another run. Nothing, if nothing is.

    What is to be done, if there is something, stands on a line of its own.
    """
    try:
        return load(str(path), no_switches(), words).warnings
    except BadFile as fault:
        return (str(fault),)


def _counted(names: list[str | Path], runs: list[Path], words: Words) -> str:
    lectures = sum(is_lecture(name) for name in names)
    lessons = len(names) - lectures
    said = [words.n("{count} lesson", "{count} lessons", lessons)] if lessons or not (lectures or runs) else []
    said += [words.n("{count} lecture", "{count} lectures", lectures)] if lectures else []
    said += [words.n("{count} saved run", "{count} saved runs", len(runs))] if runs else []
    return listed(said, words)


def _named(name: str, words: Words) -> Iterator[str | Path]:
    """What one argument names: a file or folder of a lesson or lecture, a folder of them, or a shipped one."""
    path = Path(name)
    if path.is_file():
        yield path
    elif (path / LESSON_FILE).is_file() or (path / LECTURE_FILE).is_file():
        yield from (path / each for each in (LESSON_FILE, LECTURE_FILE) if (path / each).is_file())
    elif path.is_dir():
        found = sorted([*path.glob(f"*/{LESSON_FILE}"), *path.glob(f"*/{LECTURE_FILE}")])
        if not found:
            raise BadFile(words.t("there is no lesson in {path}", path=name))
        yield from found
    else:
        refuse_odd(path, words)
        ids = (*lesson_ids(), *own_ids(), *lecture_ids(), *own_lecture_ids())
        matches = [known for known in ids if known == name] or [known for known in ids if known.startswith(name)]
        if len(matches) != 1:
            tail = did_you_mean(name, matches or ids, words)
            raise BadFile(words.t("there is no lesson and no file {name}", name=repr(name)) + tail)
        yield from matches
