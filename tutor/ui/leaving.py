"""The session that the window begins with, and what it leaves: the run with all its futures and the place in it.

Rules
-----
* Two files in the state folder, each written beside its place and put there: the run as any saved run, and the place.
* Whatever is wrong with them is no fault: then the window starts as it would have started without them, and the
  broken file stays where it is under another name.
* A run that another engine computes otherwise is not the one that was left: it is not taken up.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.commands.faults import Fault
from tutor.exchange import runfile
from tutor.teach import moving
from tutor.teach.quiz import Answer
from tutor.teach.session import SPEEDS, Session, start
from tutor.teach.sight import NAMES, Sight
from tutor.ui.filing import write_whole
from tutor.ui.library import TOUR, Library
from tutor.view.theme import themes
from tutor.words import LANGUAGES, Words

if TYPE_CHECKING:
    from tutor.commands.loading import Loaded
    from tutor.ui.settings import Settings

RUN, PLACE = "left.tcprun", "left.json"
BROKEN = ".broken"
"""What is put behind the name of a file that cannot be read."""


def leave(session: Session, folder: Path) -> bool:
    """Keep the session in ``folder``. False if it cannot be written."""
    from tutor.commands.loading import save_run

    saved = save_run(session.lesson, session.scenario, session.timeline, session.branch, home=session.road)
    place = {
        "playhead": session.playhead,
        "beat": session.beat,
        "speed": session.speed,
        "is_exploring": session.is_exploring,
        "gone": sorted(session.gone),
        "sight": asdict(session.sight),
        "answers": [asdict(answer) for answer in session.answers],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / RUN, runfile.dumps(saved))
        write_whole(folder / PLACE, json.dumps(place, ensure_ascii=False, indent=1))
    except OSError:
        return False
    return True


def come_back(folder: Path, library: Library, words: Words) -> Session | None:
    """The session that was left in ``folder``; None if there is none, or none that can be taken up."""
    run, place = folder / RUN, folder / PLACE
    if not run.is_file() or not place.is_file():
        return None
    try:
        loaded = library.open(str(run), words)
        told = json.loads(place.read_text(encoding="utf-8"))
        if loaded.warnings:
            return None
        fresh = start(loaded.lesson, loaded.scenario, loaded.road, loaded.home)
        return _placed(fresh, told)
    except (Fault, OSError, ValueError, TypeError, KeyError):
        for path in (run, place):
            _set_aside(path)
        return None


def _placed(session: Session, told: dict[str, Any]) -> Session:
    """The fresh session where the old one stood. Raises ``ValueError``, ``TypeError`` or ``KeyError``."""
    beats, branches = len(session.lesson.beats), len(session.timeline.branches)
    answers = tuple(Answer(**{**answer, "right": tuple(answer["right"])}) for answer in told["answers"])
    if any(not 0 <= answer.branch < branches for answer in answers):
        raise ValueError("an answer on a branch that does not exist")
    if told["speed"] not in SPEEDS or not 0 <= told["beat"] < max(1, beats):
        raise ValueError("a speed or a beat that does not exist")
    sight = Sight(**{name: told["sight"][name] for name in NAMES})
    whole = replace(
        session,
        answers=answers,
        speed=told["speed"],
        is_exploring=bool(told["is_exploring"]),
        gone=frozenset(int(each) for each in told["gone"]),
        sight=sight,
    )
    there = moving.seek(whole, int(told["playhead"]))
    return replace(there, beat=told["beat"], notice=None) if there.playhead == told["playhead"] else there


def _set_aside(path: Path) -> None:
    """Keep a file that cannot be read, under another name."""
    try:
        path.replace(path.with_name(path.name + BROKEN))
    except OSError:
        return


# --- files opened lately ---

RECENT = 8
"""So many files are offered again."""


def recently(path: str, before: list[str]) -> list[str]:
    """The files opened lately, ``path`` first; a run from no file changes nothing."""
    return [path, *(each for each in before if each != path)][:RECENT] if path else before


# --- the beginning ---

THEMES = tuple(themes())
MOTIONS = ("full", "reduced")


def first_session(
    loaded: Loaded | None,
    *,
    lang: str | None,
    theme: str | None,
    settings: Settings,
    library: Library,
    folder: Path | None = None,
) -> Session:
    """The session that the window starts with.

    What was loaded; else what was left in ``folder``; else for a newcomer the tour, for others the first lesson.
    Raises ``LessonErrors``.
    """
    lang = lang or settings.text("lang", tuple(LANGUAGES)) or library.preferred_language()
    left = come_back(folder, library, Words(lang)) if folder is not None and loaded is None else None
    if loaded is not None:
        library.keep(loaded)
        opened = start(loaded.lesson, loaded.scenario, loaded.road, loaded.home)
    elif left is not None:
        opened = left
    else:
        is_newcomer = settings.is_kept and not settings.flag("has-toured", default=False)
        first = library.lesson(TOUR if is_newcomer else library.first())
        opened = start(first, library.scenario(first))
        settings.keep("has-toured", value=True)
    return replace(
        opened,
        lang=lang,
        theme=theme or settings.text("theme", THEMES) or THEMES[0],
        text_scale=settings.number("text_scale", 0.8, 2.0) or 1.0,
        motion=settings.text("motion", MOTIONS) or MOTIONS[0],
    )
