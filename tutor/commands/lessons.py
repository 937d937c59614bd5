"""``tcp-tutor lessons``: what there is to learn."""

from __future__ import annotations

import argparse

from tutor.commands.console import Console
from tutor.commands.faults import DONE
from tutor.commands.loading import find
from tutor.teach.reading import lesson_ids
from tutor.view.cells import pad, width, wrap


def run(options: argparse.Namespace, console: Console) -> int:
    """Print id, title and goal of every lesson."""
    del options
    words, ids = console.words, lesson_ids()
    column = max(map(width, ids), default=0) + 2
    for lesson_id in ids:
        lesson = find(lesson_id, words)
        console.say(f"{pad(lesson_id, column)}{lesson.title[words.lang]}")
        for line in wrap(lesson.goal[words.lang], max(30, console.columns - column)):
            console.say(" " * column + line)
    console.say()
    console.say(words.t("See one: tcp-tutor play {lesson}", lesson=ids[0] if ids else ""))
    return DONE
