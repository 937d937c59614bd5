"""``tcp-tutor`` without a command: the window, or, where none can open, the first lesson as text.

Rules
-----
* Whether a window can open is known before Qt is imported (``tutor.doctor``): Qt does not fail, it aborts.
* Without a window the person still gets the lesson, and is told what the window needs. That is no error.
"""

from __future__ import annotations

import argparse
import os

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.faults import DONE


def run(options: argparse.Namespace, console: Console) -> int:
    """Open the window and stay until it is closed; else print the first lesson."""
    verdict = doctor.examine(console.environment)
    if not verdict.can_open:
        return _text_instead(verdict, console)
    assert verdict.display.platform is not None, "a window opens on a platform"
    os.environ.setdefault("QT_QPA_PLATFORM", verdict.display.platform)
    from tutor.ui import app

    return app.run(lang=getattr(options, "lang", None))


def _text_instead(verdict: doctor.Verdict, console: Console) -> int:
    from tutor.commands.loading import load
    from tutor.commands.play import print_ladder
    from tutor.commands.switches import no_switches
    from tutor.teach.reading import lesson_ids

    print_ladder(load(lesson_ids()[0], no_switches(), console.words), console)
    console.say()
    for line in doctor.what_a_window_needs(verdict, console.words):
        console.say(line)
    console.say(console.words.t("More in this terminal: tcp-tutor lessons, tcp-tutor play 01 --narrate"))
    return DONE
