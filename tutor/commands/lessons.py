"""``tcp-tutor lessons``: what there is to learn, and to lecture; one's own lessons packed, taken in, taken away."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tutor import resources
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadFile
from tutor.commands.loading import find
from tutor.commands.parser import did_you_mean
from tutor.joining import listed
from tutor.teach.errors import LessonErrors
from tutor.teach.lecture_reading import heading, lecture_ids, own_lecture_ids
from tutor.teach.own import SUFFIX, OwnLessonError, Shelf, packed
from tutor.teach.reading import lesson_ids, own_ids
from tutor.view.cells import pad, width, wrap


def run(options: argparse.Namespace, console: Console) -> int:
    """List the lessons, or do with one what is asked."""
    shelf = Shelf(resources.own_lessons_dir())
    try:
        if options.pack:
            _pack(options, console)
        elif options.add:
            taken = shelf.take(Path(options.add), console.words, replaces=options.replace)
            console.say(console.words.t("Nothing is wrong with it. It is now here: {path}", path=taken))
        elif options.remove:
            _remove(options.remove, shelf, console)
        else:
            _list(console)
    except OwnLessonError as error:
        raise BadFile(_hinted(error, console)) from None
    except LessonErrors as errors:
        raise BadFile(str(errors)) from None
    return DONE


def _hinted(error: OwnLessonError, console: Console) -> str:
    said = error.text(console.words)
    if error.id == "is-there":
        said += " " + console.words.t("Put --replace behind it to have this one instead.")
    return said


def _pack(options: argparse.Namespace, console: Console) -> None:
    lesson = find(options.pack, console.words)
    written = packed(lesson, Path(options.out or f"{lesson.id}{SUFFIX}"))
    console.say(console.words.t("written: {path}", path=written))


def _remove(name: str, shelf: Shelf, console: Console) -> None:
    words = console.words
    if name not in own_ids():
        tail = did_you_mean(name, own_ids(), words)
        raise BadFile(words.t("you have no lesson {name} of your own", name=repr(name)) + tail)
    shelf.forget(name)
    console.say(words.t("removed: {path}", path=shelf.path(name).parent))


def _list(console: Console) -> None:
    """Id, title and goal of every lesson, then the lectures with their length; the person's own last."""
    words, shipped, own = console.words, lesson_ids(), own_ids()
    lectures, own_lectures = lecture_ids(), own_lecture_ids()
    column = max(map(width, (*shipped, *own, *lectures, *own_lectures)), default=0) + 2
    _entries(shipped, column, console)
    console.say()
    console.say(words.t("Lectures, to present:"))
    _lectures(lectures, column, console)
    if own or own_lectures:
        console.say()
        console.say(words.t("Your own, in {path}:", path=resources.own_lessons_dir()))
        _entries(own, column, console)
        _lectures(own_lectures, column, console)
    console.say()
    console.say(words.t("See one: tcp-tutor play {lesson}", lesson=shipped[0] if shipped else ""))
    console.say(words.t("Present one: tcp-tutor present {lecture}", lecture=lectures[0] if lectures else ""))


def _lectures(ids: Sequence[str], column: int, console: Console) -> None:
    """Id, title, minutes and parts of each; none of its lessons is read."""
    words = console.words
    for name in ids:
        try:
            found = heading(name)
        except OSError:
            found = None
        if found is None or not found.parts:
            console.say(pad(name, column) + words.t("cannot be read: tcp-tutor check {lesson}", lesson=name))
            continue
        console.say(f"{pad(name, column)}{found.title[words.lang]}")
        parts = words.n("{count} part", "{count} parts", found.parts)
        minutes = words.t("{minutes} minutes", minutes=f"{found.minutes:g}")
        console.say(" " * column + listed([minutes, parts], words))


def _entries(ids: Sequence[str], column: int, console: Console) -> None:
    words = console.words
    for lesson_id in ids:
        try:
            lesson = find(lesson_id, words)
        except BadFile:
            console.say(pad(lesson_id, column) + words.t("cannot be read: tcp-tutor check {lesson}", lesson=lesson_id))
            continue
        console.say(f"{pad(lesson_id, column)}{lesson.title[words.lang]}")
        for line in wrap(lesson.goal[words.lang], max(30, console.columns - column)):
            console.say(" " * column + line)
