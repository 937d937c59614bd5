"""``tcp-tutor check``: runs lessons and names every mistake in them, with file, line and column."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tutor.commands.console import Console
from tutor.commands.faults import DONE, FILE_AT_FAULT, BadFile
from tutor.commands.parser import did_you_mean
from tutor.teach.check import check_lesson
from tutor.teach.reading import LESSON_FILE, lesson_ids
from tutor.words import Words


def run(options: argparse.Namespace, console: Console) -> int:
    """Print every mistake of every lesson asked for; exit code 1 if there is one."""
    words = console.words
    names = [name for path in options.paths for name in _lessons(path, words)] or list(lesson_ids())
    count = 0
    for name in names:
        try:
            errors = check_lesson(name, words.lang)
        except OSError as fault:
            raise BadFile(words.t("{path} cannot be read: {why}", path=name, why=fault.strerror or fault)) from None
        for error in errors:
            console.say(error.text(words))
        count += len(errors)
    lessons = words.n("{count} lesson", "{count} lessons", len(names))
    if not count:
        console.say(words.t("{lessons} checked, nothing is wrong", lessons=lessons))
        return DONE
    mistakes = words.n("{count} mistake", "{count} mistakes", count)
    console.warn(words.t("{lessons} checked, {mistakes}", lessons=lessons, mistakes=mistakes))
    return FILE_AT_FAULT


def _lessons(name: str, words: Words) -> Iterator[str | Path]:
    """What one argument names: a lesson's file or folder, a folder of lessons, or a shipped lesson."""
    path = Path(name)
    if path.is_file() or (path / LESSON_FILE).is_file():
        yield path
    elif path.is_dir():
        found = sorted(path.glob(f"*/{LESSON_FILE}"))
        if not found:
            raise BadFile(words.t("there is no lesson in {path}", path=name))
        yield from found
    else:
        matches = [known for known in lesson_ids() if known.startswith(name)]
        if len(matches) != 1:
            tail = did_you_mean(name, matches or lesson_ids(), words)
            raise BadFile(words.t("there is no lesson and no file {name}", name=repr(name)) + tail)
        yield from matches
