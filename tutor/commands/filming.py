"""``tcp-tutor render --span A B``: a stretch of a run as a film.

Rules
-----
* Progress goes to the error stream: one line that is written over at a terminal, a line now and then elsewhere.
* Ctrl+C, or a request to end, leaves nothing behind: no process, no half of a file.
* What was wrong is told in a sentence; the run itself is in no danger.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.commands import render
from tutor.commands.console import Console
from tutor.commands.ending import Ending, unbroken
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.loading import load
from tutor.commands.writing import cannot_write, refuse_existing
from tutor.words import Words

if TYPE_CHECKING:
    from tutor.ui.film import Cut

ENDINGS = (".gif", ".apng", ".webp", ".mp4")
"""Endings that are a film's in any case; ``.png`` is one where there is a span."""
SIZES = {".mp4": (1920, 1080)}
USUAL_SIZE = (1280, 720)
USUAL_FPS, GIF_USUAL_FPS = 30.0, 20.0
MOST_FRAMES = 200_000
LEAST_SPEED, MOST_SPEED = 0.05, 100.0
LINE_EVERY = 1.0
"""Seconds from one line of progress to the next, where nobody sees a line written over."""


def is_film(options: argparse.Namespace) -> bool:
    """Is a film asked for?"""
    return options.span is not None or Path(options.out).suffix.lower() in ENDINGS


def run(options: argparse.Namespace, console: Console) -> int:
    """Film it."""
    words, out = console.words, Path(options.out)
    form = out.suffix.lower()
    _refuse(options, form, words)
    refuse_existing(out, words, is_forced=options.force)
    render.insist_on_libraries(words)
    loaded = load(options.lesson, options, words)
    for warning in loaded.warnings:
        console.warn(warning)
    start, stop = _span(options.span, words)
    session = render.session_at(loaded, stop, lang=words.lang, theme=options.theme)
    session = replace(render.as_asked(session, options.what), text_scale=render.scale_of(options.scale, words))
    render.refuse_alone(session, options.what, words)
    cut = _cut(session, start, options, form, words)
    _make(cut, out, form, console)
    return DONE


def _refuse(options: argparse.Namespace, form: str, words: Words) -> None:
    """What no film can be. Raises ``BadUsage``."""
    if form not in (*ENDINGS, ".png"):
        forms = ", ".join((*ENDINGS, ".png"))
        raise BadUsage(
            words.t("--span: found {value}; a film's name ends in {forms}", value=repr(options.out), forms=forms)
        )
    if options.at is not None:
        raise BadUsage(words.t("{name} and {other} exclude each other", name="--at", other="--span"))


def _span(texts: list[str] | None, words: Words) -> tuple[int, int | None]:
    """From when to when (microseconds); None: to the end."""
    if texts is None:
        return 0, None
    start, stop = (render.moment_of(text, "--span", words) for text in texts)
    assert start is not None and stop is not None, "both were given"
    if stop <= start:
        raise BadUsage(words.t("--span: the second moment has to be later than the first"))
    return start, stop


def _cut(session, start: int, options: argparse.Namespace, form: str, words: Words) -> Cut:  # type: ignore[no-untyped-def]
    with unbroken():
        from tutor.ui.encoders import most_fps
        from tutor.ui.film import Cut

    size = SIZES.get(form, USUAL_SIZE) if options.size is None else render.size_of(options.size, words)
    usual = GIF_USUAL_FPS if form == ".gif" else USUAL_FPS
    fps = usual if options.fps is None else render.number_of("--fps", options.fps, (1, most_fps(form)), words)
    speed = render.number_of("--speed", options.speed, (LEAST_SPEED, MOST_SPEED), words)
    start = min(start, session.playhead)
    cut = Cut(session, options.what, start, session.playhead, size, fps, speed, has_captions=options.captions)
    if len(cut) > MOST_FRAMES:
        raise BadUsage(
            words.t("the film would have {count} frames, at most {most}: take a shorter --span, or a greater --speed",
                    count=len(cut), most=MOST_FRAMES)
        )  # fmt: skip
    return cut


def _make(cut: Cut, out: Path, form: str, console: Console) -> None:
    from tutor.ui import encoders
    from tutor.ui.app import application
    from tutor.ui.filming import make_film
    from tutor.ui.render import offscreen

    words, progress = console.words, Progress(console)
    try:
        with Ending() as ending:
            with ending.shield():
                offscreen()
                application()
            make_film(cut, out, form, progress, ending.shield)
    except KeyboardInterrupt:
        progress.clear()
        console.warn(words.t("cancelled; nothing was written"))
        raise
    except encoders.EncoderError as fault:
        progress.clear()
        if str(fault) == encoders.NO_ENCODER:
            raise BadFile(words.t(encoders.NO_ENCODER)) from None
        raise BadFile(words.t("{path}: the film could not be made: {why}", path=out, why=fault)) from None
    except OSError as fault:
        progress.clear()
        raise cannot_write(out, fault, words) from None
    progress.clear()
    console.warn(words.t("{path}: {count} frames", path=out, count=len(cut)))


class Progress:
    """Tells how far a film is, how fast it goes, and how long it will take."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.begun = self._last = time.monotonic()
        self._is_shown = False

    def __call__(self, done: int, total: int) -> None:
        """So many frames are done."""
        now = time.monotonic()
        is_terminal = self.console.err.isatty()
        if now - self._last < (0.1 if is_terminal else LINE_EVERY):
            return
        self._last = now
        line = self.line(done, total, now - self.begun)
        if is_terminal:
            self.console.err.write(f"\r\x1b[K{line}")
            self.console.err.flush()
            self._is_shown = True
        else:
            self.console.warn(line)
            self.console.err.flush()

    def line(self, done: int, total: int, spent: float) -> str:
        """``120/300 frames (40 %), 61 a second, 3 s left``."""
        rate = done / spent if spent > 0 else 0.0
        left = round((total - done) / rate) if rate else 0
        return self.console.words.t(
            "{done}/{total} frames ({share} %), {rate} a second, {left} s left",
            done=done,
            total=total,
            share=100 * done // total,
            rate=round(rate),
            left=left,
        )

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self.console.err.write("\r\x1b[K")
            self._is_shown = False
