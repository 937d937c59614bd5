"""``tcp-tutor render``: one moment of a lesson or of a saved run as a file, without a display. Films: ``filming``.

Rules
-----
* The picture is what a learner would see who has answered every bet before that moment. A bet *at* the moment is
  open, and what it hides is hidden in the file too. Of two futures side by side, so it is in both.
* SVG, TikZ, Mermaid and text need no Qt. PNG, PDF and outlines need Qt's libraries but no display; a missing library is
  said before Qt could abort.
* A file that is there is not written over unless ``--force`` says so, and never halfway.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path

from tutor import doctor
from tutor.commands.console import Console
from tutor.commands.ending import unbroken
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.loading import Loaded, load, save
from tutor.commands.writing import cannot_write, refuse_existing
from tutor.exchange import embedded, runfile
from tutor.teach import betting, branching, intents
from tutor.teach.quiz import Answer
from tutor.teach.road import find_moments
from tutor.teach.session import Session, update
from tutor.words import Words
from tutor.world.time import parse_seconds

LARGEST = 8192
"""Pixels that one side of a picture may have."""

SMALLEST = 64
USUAL_SIZE = "1920x1080"

LEAST_SCALE, MOST_SCALE = 0.8, 4.0
"""How much smaller and larger letters may be."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the picture, or the film."""
    from tutor.commands import filming

    words, out = console.words, Path(options.out)
    if filming.is_film(options):
        _say_sides(options, console)
        return filming.run(options, console)
    size, scale = size_of(options.size or USUAL_SIZE, words), scale_of(options.scale, words)
    _refuse_form(options, words)
    refuse_existing(out, words, is_forced=options.force)
    loaded = load(options.lesson, options, words)
    for warning in loaded.warnings:
        console.warn(warning)
    moment = moment_of(options.at, "--at", words)
    session = session_at(loaded, moment, lang=words.lang, theme=options.theme)
    if moment is not None and moment > session.end:
        form = f"0 … {f'{session.end / 1e6:.6f}'.rstrip('0').rstrip('.')}"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch="--at", value=repr(options.at), form=form)
        )
    session = replace(as_asked(session, options.what), text_scale=scale)
    _write(session, out, options, words, size=size, run=embedded_run(loaded, options))
    return DONE


def _say_sides(options: argparse.Namespace, console: Console) -> None:
    """H.264 has no odd sides: the film gets a line more, and that is said."""
    if options.size is None or Path(options.out).suffix.lower() != ".mp4":
        return
    sides = size_of(options.size, console.words)
    even = "x".join(str(side + side % 2) for side in sides)
    if any(side % 2 for side in sides):
        console.warn(console.words.t("MP4 (H.264) needs even sides: the film becomes {size}", size=even))


def _refuse_form(options: argparse.Namespace, words: Words) -> None:
    """A form that there is not, or that cannot show what is asked for."""
    from tutor.commands.filming import ENDINGS
    from tutor.ui.stills import FORMS

    for switch, is_given in (
        ("--fps", options.fps is not None), ("--speed", options.speed != "1"), ("--captions", options.captions),
    ):  # fmt: skip
        if is_given:
            forms = ", ".join(ENDINGS)
            said = words.t(
                "{switch} goes with a film: add --span, or a name that ends in {forms}", switch=switch, forms=forms
            )
            raise BadUsage(said)
    form = Path(options.out).suffix.lower()
    if form not in FORMS:
        raise BadUsage(
            words.t(
                "--out: found {value}; the name must end in {forms}", value=repr(options.out), forms=", ".join(FORMS)
            )
        )
    if options.what not in FORMS[form]:
        forms = ", ".join(name for name, shown in FORMS.items() if options.what in shown)
        raise BadUsage(words.t("--what {what} can only be written as {forms}", what=options.what, forms=forms))
    if form in {".png", ".pdf"} or options.text == "outlines":
        insist_on_libraries(words)


def _write(
    session: Session, out: Path, options: argparse.Namespace, words: Words, *, size: tuple[int, int], run: str
) -> None:
    from tutor.ui import render

    refuse_alone(session, options.what, words)
    outlines = options.text == "outlines"
    try:
        with unbroken():
            render.write(session, out, what=options.what, size=size, outlines=outlines, run=run)
    except OSError as fault:
        raise cannot_write(out, fault, words) from None


def refuse_alone(session: Session, what: str, words: Words) -> None:
    """Two futures can only be compared where there are two. Raises ``BadUsage``."""
    from tutor.ui import stills

    if what == "compare" and stills.is_alone(session):
        raise BadUsage(words.t("--what compare needs two futures: a saved run that has them, or --hand"))


def embedded_run(loaded: Loaded, options: argparse.Namespace) -> str:
    """The saved run to embed; "" where the form holds none, or it is not wanted."""
    if options.no_run or Path(options.out).suffix.lower() not in embedded.SUFFIXES:
        return ""
    return runfile.dumps(save(loaded))


def size_of(text: str, words: Words) -> tuple[int, int]:
    """Width and height in pixels. Raises ``BadUsage``."""
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    if match is None or not all(SMALLEST <= int(side) <= LARGEST for side in match.groups()):
        form = f"{SMALLEST}x{SMALLEST} … {LARGEST}x{LARGEST}"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch="--size", value=repr(text), form=form)
        )
    return int(match[1]), int(match[2])


def scale_of(text: str, words: Words) -> float:
    """How many times as large letters are. Raises ``BadUsage``."""
    return number_of("--scale", text, (LEAST_SCALE, MOST_SCALE), words)


def number_of(switch: str, text: str, limits: tuple[float, float], words: Words) -> float:
    """A number between two others. Raises ``BadUsage``."""
    least, most = limits
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not least <= found <= most:
        form = f"{least:g} … {most:g}"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch=switch, value=repr(text), form=form)
        )
    return found


def moment_of(text: str | None, switch: str, words: Words) -> int | None:
    """A moment in microseconds; None: none was named. Raises ``BadUsage``."""
    if text is None:
        return None
    try:
        return parse_seconds(text)
    except ValueError:
        form = "0.5, 50ms, 1s, 2min"
        raise BadUsage(
            words.t("{switch}: found {value}; the form is {form}", switch=switch, value=repr(text), form=form)
        ) from None


def insist_on_libraries(words: Words) -> None:
    """Say which of Qt's libraries are missing, if any is. Raises ``BadFile``."""
    missing = doctor.missing_libraries("offscreen")
    if missing:
        names = ", ".join(library.soname for library in missing)
        lines = (
            words.t("PNG, PDF, outlines and films need system libraries that are missing: {names}", names=names),
            words.t("This line installs them: {line}", line=doctor.install_line(missing)),
            words.t("SVG, TikZ, Mermaid and text need none of them."),
        )
        raise BadFile("\n".join(lines))


def session_at(loaded: Loaded, time: int | None, *, lang: str, theme: str) -> Session:
    """The session at ``time`` (microseconds; None: the end), every bet and question before it answered rightly."""
    road = loaded.road
    session = Session(
        loaded.lesson, loaded.scenario, road.timeline, road.branch, road.branch, {road.branch: road.moments}
    )
    session = replace(session, lang=lang, theme=theme)
    return _at(session, session.end if time is None else min(time, session.end))


def as_asked(session: Session, what: str) -> Session:
    """The session of ``session_at`` as ``what`` shows it: of two futures, each up to the playhead."""
    if what == "compare":
        session = replace(session, answers=_answers_beside(session))
    # Whoever has answered every bet of this future may see all of the other.
    return replace(session, is_exploring=session.horizon is None)


def _answers_beside(session: Session) -> tuple[Answer, ...]:
    """The answers there are, and right ones to all that is asked before the playhead in the futures beside."""
    answers = session.answers
    for branch in branching.others(session):
        trace = session.timeline.branch(branch).trace
        laid = {**session.laid, branch: find_moments(session.lesson, trace)}
        there = replace(session, branch=branch, laid=laid, answers=answers, playhead=0, beat=0)
        answers = _at(there, min(session.playhead, trace.end)).answers
    return answers


def _at(session: Session, time: int) -> Session:
    """The session at ``time`` (microseconds), every bet and question of its branch before that answered rightly."""
    for _ in range(2 * len(session.lesson.beats) + 1):
        session = replace(update(session, intents.Seek(time)), notice=None)
        if not session.is_held or time <= session.playhead < session.end:
            break
        session = betting.revealed(session)
    return session
