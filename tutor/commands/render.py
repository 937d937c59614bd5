"""``tcp-tutor render``: one moment of a lesson as an SVG or PNG, without a display.

Rules
-----
* The picture is what a learner would see who has answered every bet before that moment. A bet *at* the moment is
  open, and what it hides is hidden in the file too.
* SVG needs no Qt. PNG needs Qt's libraries but no display; a missing library is said before Qt could abort.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.loading import Loaded, load
from tutor.teach import betting, intents, quiz
from tutor.teach.session import Session, update
from tutor.words import Words
from tutor.world.time import parse_seconds

LARGEST = 8192
"""Pixels that one side of a picture may have."""

SMALLEST = 64


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the picture."""
    words, out = console.words, Path(options.out)
    kind = out.suffix.lower()
    if kind not in (".svg", ".png"):
        raise BadUsage(words.t("--out: found {value}; the name must end in .svg or .png", value=repr(options.out)))
    if options.what == "window" and kind != ".png":
        raise BadUsage(words.t("--what window can only be written as PNG"))
    size = _size(options.size, words)
    loaded = load(options.lesson, options, words)
    for warning in loaded.warnings:
        console.warn(warning)
    session = session_at(loaded, _moment(options.at, words), lang=words.lang, theme=options.theme)
    if kind == ".png":
        _insist_on_libraries(words)
    from tutor.ui import render

    try:
        render.write(session, out, what=options.what, size=size)
    except OSError as fault:
        raise BadFile(words.t("{path} cannot be written: {why}", path=out, why=fault.strerror or fault)) from None
    return DONE


def _size(text: str, words: Words) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    if match is None or not all(SMALLEST <= int(side) <= LARGEST for side in match.groups()):
        form = f"{SMALLEST}x{SMALLEST} … {LARGEST}x{LARGEST}"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch="--size", value=repr(text), form=form)
        )
    return int(match[1]), int(match[2])


def _moment(text: str | None, words: Words) -> int | None:
    if text is None:
        return None
    try:
        return parse_seconds(text)
    except ValueError:
        form = "0.5, 50ms, 1s, 2min"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch="--at", value=repr(text), form=form)
        ) from None


def _insist_on_libraries(words: Words) -> None:
    missing = doctor.missing_libraries("offscreen")
    if missing:
        names = ", ".join(library.soname for library in missing)
        lines = (
            words.t("PNG needs system libraries that are missing: {names}", names=names),
            words.t("This line installs them: {line}", line=doctor.install_line(missing)),
            words.t("SVG of a diagram or a ladder needs none of them."),
        )
        raise BadFile("\n".join(lines))


def session_at(loaded: Loaded, time: int | None, *, lang: str, theme: str) -> Session:
    """The session at ``time`` (microseconds; None: the end), every bet before it answered rightly."""
    road = loaded.road
    session = Session(
        loaded.lesson, loaded.scenario, road.timeline, road.branch, road.branch, {road.branch: road.moments}
    )
    session = replace(session, lang=lang, theme=theme)
    time = session.end if time is None else min(time, session.end)
    for _ in range(2 * len(loaded.lesson.beats) + 1):
        session = replace(update(session, intents.Seek(time)), notice=None)
        if session.playhead >= time or not session.is_bet_open:
            break
        session = _answered(session)
    return session


def _answered(session: Session) -> Session:
    """The session after the open bet was answered with what the run will answer."""
    waiting = betting.waiting_bet(session)
    assert waiting is not None, "an open bet waits"
    session = replace(session, beat=waiting)
    scene = betting.scene(session, waiting)
    assert session.ask is not None and scene is not None, "an open bet is asked somewhere"
    right = quiz.right_given(session.ask, quiz.answer(session.ask, scene))
    return betting.hand_in(session, right)
