"""The session that the window begins with, and what it leaves: the run with all its futures and the place in it.

Rules
-----
* Two files in the state folder, each written beside its place and put there: the run as any saved run, and the place.
  A second window that is open at the same time has two of its own (``seat``).
* Each place belongs to one run. Where the two do not fit, because the machine died between them, the run counts.
* Whatever is wrong with them is no fault: then the window starts as it would have started without them, and the
  broken file stays where it is under another name.
* A run that another engine computes otherwise is not the one that was left: it is not taken up, but put aside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from tutor.commands.faults import Fault
from tutor.exchange import runfile
from tutor.exchange.whole import write_whole
from tutor.teach import moving
from tutor.teach.quiz import Answer, Given
from tutor.teach.session import SPEEDS, Session, start
from tutor.teach.sight import COVERAGES, FIGURES, NAMES, Sight
from tutor.ui.library import TOUR, Library
from tutor.view.theme import themes
from tutor.words import LANGUAGES, Words

if TYPE_CHECKING:
    from tutor.commands.loading import Loaded
    from tutor.ui.seat import Seat
    from tutor.ui.settings import Settings

RUN, PLACE = "left.tcprun", "left.json"
BROKEN = ".broken"
"""What is put behind the name of a file that cannot be read."""


def files(folder: Path, number: int = 1) -> tuple[Path, Path]:
    """The run and the place of the window on seat ``number``."""
    run, place = folder / RUN, folder / PLACE
    if number == 1:
        return run, place
    return run.with_stem(f"{run.stem}-{number}"), place.with_stem(f"{place.stem}-{number}")


def leave(session: Session, folder: Path, number: int = 1) -> bool:
    """Keep the session in ``folder``, for seat ``number``. False if it cannot be written."""
    from tutor.commands.loading import renumbered, save_run

    without = session.gone
    saved = save_run(
        session.lesson, session.scenario, session.timeline, session.branch, home=session.road, without=without
    )
    kept = renumbered(session.timeline, without)
    sight = replace(session.sight, beside=None if session.beside is None else kept[session.beside])
    answers = [replace(each, branch=kept[each.branch]) for each in session.answers if each.branch in kept]
    run, there = files(folder, number)
    text = runfile.dumps(saved)
    place = {
        "run": _mark(text),
        "playhead": session.playhead,
        "beat": session.beat,
        "speed": session.speed,
        "is_exploring": session.is_exploring,
        "explored": sorted(kept[branch] for branch in session.explored if branch in kept),
        "sight": asdict(sight),
        "answers": [asdict(answer) for answer in answers],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(run, text)
        write_whole(there, json.dumps(place, ensure_ascii=False, indent=1))
    except OSError:
        return False
    return True


def _mark(text: str) -> str:
    """What tells one run's text from another's."""
    return sha256(text.encode()).hexdigest()[:16]


def come_back(folder: Path, library: Library, words: Words, number: int = 1) -> Session | None:
    """The session that was left in ``folder`` on this seat; None if there is none, or none that can be taken up."""
    run, place = files(folder, number)
    if not run.is_file() or not place.is_file():
        return None
    try:
        loaded = library.open(str(run), words)
        told = json.loads(place.read_text(encoding="utf-8"))
        if loaded.warnings:
            _set_aside(run)
            return None
        fresh = start(loaded.lesson, loaded.scenario, loaded.road, loaded.home)
        belongs = told["run"] == _mark(run.read_text(encoding="utf-8"))
        return _placed(fresh, told) if belongs else fresh
    except (Fault, OSError, ValueError, TypeError, KeyError, RecursionError):
        for path in (run, place):
            _set_aside(path)
        return None


def _placed(session: Session, told: dict[str, Any]) -> Session:
    """The fresh session where the old one stood. Raises ``ValueError``, ``TypeError`` or ``KeyError``."""
    beats, branches = len(session.lesson.beats), len(session.timeline.branches)
    answers = tuple(_answer(answer) for answer in told["answers"])
    playhead, beat = _whole(told["playhead"]), _whole(told["beat"])
    if any(not 0 <= answer.branch < branches for answer in answers):
        raise ValueError("an answer on a branch that does not exist")
    if told["speed"] not in SPEEDS or not 0 <= beat < max(1, beats):
        raise ValueError("a speed or a beat that does not exist")
    sight = _typed(Sight, {name: told["sight"][name] for name in NAMES if name != "plots" or name in told["sight"]})
    if sight.figure not in FIGURES or sight.coverage not in COVERAGES:
        raise ValueError("a sight that does not exist")
    whole = replace(
        session,
        answers=answers,
        speed=told["speed"],
        is_exploring=bool(told["is_exploring"]),
        explored=frozenset(map(_whole, told.get("explored", ()))),
        sight=sight,
    )
    there = moving.seek(whole, playhead)
    return replace(there, beat=beat, notice=None) if there.playhead == playhead else there


def _answer(told: dict[str, Any]) -> Answer:
    given = _typed(Given, {**told["given"], "picks": tuple(map(_whole, told["given"]["picks"]))})
    return _typed(Answer, {**told, "given": given, "right": tuple(map(_whole, told["right"]))})


def _whole(value: object) -> int:
    """A whole number, and nothing like it. Raises ``TypeError``."""
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value


T = TypeVar("T")


def _typed(kind: type[T], values: dict[str, Any]) -> T:
    """A value of a dataclass, each field of the type it is declared with. Raises ``TypeError``."""
    types = get_type_hints(kind)
    for name, value in values.items():
        if type(value) not in (get_args(types[name]) or (types[name],)) and get_origin(types[name]) is not tuple:
            raise TypeError(f"{name} is {value!r}")
    return kind(**values)


def _set_aside(path: Path) -> None:
    """Keep a file that cannot be read, under another name."""
    try:
        path.replace(next(name for name in _names_aside(path) if not name.exists()))
    except OSError:
        return


def _names_aside(path: Path) -> Iterator[Path]:
    return (path.with_name(f"{path.name}{BROKEN}{number or ''}") for number in count())


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
    seat: Seat | None = None,
) -> Session:
    """The session that the window starts with.

    What was loaded; else what was left on ``seat``; else for a newcomer the tour, for others the first lesson.
    Raises ``LessonErrors``.
    """
    lang = lang or settings.text("lang", tuple(LANGUAGES)) or library.preferred_language()
    is_back = seat is not None and loaded is None
    left = come_back(seat.folder, library, Words(lang), seat.number) if seat is not None and is_back else None
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
