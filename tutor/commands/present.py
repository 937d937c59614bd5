"""``tcp-tutor present``: a lecture or a lesson, on a window for the room and one for whoever speaks.

Rules
-----
* What is wrong with the lecture is said before a window opens.
* Leaving the presentation leaves the window: nobody stands before a room with nothing on the wall. F5 goes on there.
* A rehearsal is told when the presentation is left, and kept beside the settings.
"""

from __future__ import annotations

import argparse
import os
from functools import partial

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.ending import unbroken
from tutor.commands.faults import BadFile, BadUsage
from tutor.commands.lectures import find_lecture_or_lesson
from tutor.words import Words


def run(options: argparse.Namespace, console: Console) -> int:
    """Open both windows, and stay until the program is closed."""
    words = console.words
    screen = _screen(options.screen, words)
    lecture = find_lecture_or_lesson(options.lecture, words)
    verdict = doctor.examine(console.environment)
    if not verdict.can_open:
        raise BadFile("\n".join(doctor.what_a_window_needs(verdict, words)))
    assert verdict.display.platform is not None, "a window opens on a platform"
    os.environ.setdefault("QT_QPA_PLATFORM", verdict.display.platform)
    with unbroken():
        from tutor.ui import starting
    from tutor.ui.lecturing import begin

    told = partial(_tell, console)
    then = partial(begin, lecture=lecture, screen=screen, is_rehearsed=options.rehearse, told=told)
    return starting.run(None, lang=getattr(options, "lang", None), then=then)


def _tell(console: Console, lines: tuple[str, ...]) -> None:
    for line in lines:
        console.say(line)
    console.flush()


def _screen(text: str | None, words: Words) -> int | None:
    """The number of a display, from 1; None if none was named."""
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 99:
        form = "1, 2, …"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch="--screen", value=repr(text), form=form)
        )
    return int(text)
