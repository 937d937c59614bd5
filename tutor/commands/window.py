"""``tcp-tutor`` without a command: the window, or, where none can open, the lesson as text.

Rules
-----
* Whether a window can open is known before Qt is imported (``tutor.doctor``): Qt does not fail, it aborts.
* Without a window the person still gets the lesson, and is told what the window needs. That is no error.
* A file that is named is read before the window opens: what is wrong with it is said where it was named.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tutor import doctor
from tutor.commands.ending import unbroken
from tutor.commands.faults import DONE

if TYPE_CHECKING:
    import argparse

    from tutor.commands.console import Console
    from tutor.commands.loading import Loaded


def run(options: argparse.Namespace, console: Console) -> int:
    """Open the window and stay until it is closed; else print the lesson."""
    name = getattr(options, "lesson", None)
    if name and name.endswith((".yaml", ".yml")) and _is_lecture(name):
        return _present(name, options, console)
    loaded = _loaded(name, console) if name else None
    verdict = doctor.examine(console.environment)
    if not verdict.can_open:
        return _text_instead(loaded, verdict, console)
    return _open(verdict, loaded, getattr(options, "lang", None), is_fresh=getattr(options, "fresh", False))


def _is_lecture(name: str) -> bool:
    from tutor.teach.lecture_reading import is_lecture

    return is_lecture(name)


def _present(name: str, options: argparse.Namespace, console: Console) -> int:
    from argparse import Namespace

    from tutor.commands import present

    return present.run(Namespace(**vars(options), lecture=name, screen=None, rehearse=False), console)


def open_at_once() -> int | None:
    """Open the window on the first lesson, nothing said and nothing asked; None where no window can open."""
    verdict = doctor.examine(os.environ)
    return _open(verdict) if verdict.can_open else None


def _open(
    verdict: doctor.Verdict, loaded: Loaded | None = None, lang: str | None = None, *, is_fresh: bool = False
) -> int:
    assert verdict.display.platform is not None, "a window opens on a platform"
    os.environ.setdefault("QT_QPA_PLATFORM", verdict.display.platform)
    with unbroken():
        from tutor.ui import starting

    return starting.run(loaded, lang=lang, is_fresh=is_fresh)


def _loaded(name: str, console: Console) -> Loaded:
    from tutor.commands.loading import load
    from tutor.commands.switches import no_switches

    loaded = load(name, no_switches(), console.words)
    for warning in loaded.warnings:
        console.warn(warning)
    return loaded


def _text_instead(loaded: Loaded | None, verdict: doctor.Verdict, console: Console) -> int:
    from tutor.commands.play import print_ladder
    from tutor.teach.reading import lesson_ids

    print_ladder(loaded or _loaded(lesson_ids()[0], console), console)
    console.say()
    for line in doctor.what_a_window_needs(verdict, console.words):
        console.say(line)
    console.say(console.words.t("More in this terminal: tcp-tutor lessons, tcp-tutor play 01 --narrate"))
    return DONE
