"""Lectures in the window: opened from a file, begun from the command line, rehearsed, and gone on with.

Rules
-----
* A file that is a lecture is presented wherever it is opened: dropped, chosen, or picked from the palette.
* A rehearsal is the lecture itself, with one line more on the console; the pace is kept beside the settings.
* What cannot be kept or shown is said, and the show goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QScreen

from tutor import doctor
from tutor.commands.faults import Fault
from tutor.commands.lectures import find_lecture_or_lesson
from tutor.joining import aside, listed
from tutor.teach import rehearsal, rehearsal_file
from tutor.teach.errors import LessonErrors, Problems
from tutor.teach.lecture import Lecture
from tutor.teach.lecture_reading import read_lecture_text
from tutor.ui import opening
from tutor.ui.present.screens import Screens
from tutor.ui.present.show import Show, present
from tutor.words import Words

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

LOOKS_MS = 2_000
"""How often it is seen whether the time runs out."""

_LEFT: WeakKeyDictionary[Conductor, tuple[Lecture, int, str]] = WeakKeyDictionary()
"""Of each window: the lecture that was left there, at which stop, and the lesson that was on screen then."""

Told = Callable[[tuple[str, ...]], None]
"""Hears what is to be said of a rehearsal."""


def open_lecture(conductor: Conductor, name: str) -> Show | None:
    """Present a lecture by id or path. What is wrong with it is said, and everything stays as it was."""
    try:
        lecture = find_lecture_or_lesson(name, conductor.words)
    except Fault as fault:
        opening.TroubleDialog(conductor.style, str(fault), conductor.window).open()
        return None
    return begin(conductor, lecture=lecture)


def open_text(conductor: Conductor, text: str, path: Path) -> str:
    """Present a lecture as it stands in an editor; what is wrong with it, or ""."""
    problems = Problems(conductor.words)
    reading = read_lecture_text(text, path, problems)
    if len(problems) or reading.lecture is None:
        return str(LessonErrors(problems.errors, conductor.words))
    begin(conductor, lecture=reading.lecture)
    return ""


def begin(
    conductor: Conductor,
    *,
    lecture: Lecture,
    at: int = 0,
    screen: int | None = None,
    is_rehearsed: bool = False,
    told: Told | None = None,
) -> Show:
    """Present a lecture from a stop on; ``screen``: the display for the room, from 1. F5 goes on where it was left."""
    screens = Screens(conductor)
    displays = QGuiApplication.screens()
    is_there = screen is None or screen <= len(displays)
    if screen is not None and is_there:
        screens.wanted = displays[screen - 1].name()
    show = present(conductor, lecture, at, screens)
    screens.setParent(show)
    show.ended.connect(lambda: _left(conductor, show))
    if not is_there:
        sentence = _no_display(screen or 0, displays, conductor.words)
        show.warn(sentence)
        if told is not None:
            told((sentence,))
    if is_rehearsed:
        Rehearser(show, told)
    return show


def _no_display(number: int, displays: Sequence[QScreen], words: Words) -> str:
    """Which displays there are, where one was asked for that is not."""
    told = [(each.name(), f"{each.size().width()} × {each.size().height()}") for each in displays]
    found = [aside(f"{place}", listed(filter(None, what), words), words) for place, what in enumerate(told, 1)]
    return words.t("There is no display {number}. There are: {displays}.", number=number, displays=listed(found, words))


def _left(conductor: Conductor, show: Show) -> None:
    """Remember where it was left; a lecture that came to its end begins anew."""
    at = 0 if show.here.is_over else show.here.at
    _LEFT[conductor] = (show.lecture, at, conductor.session.lesson.id)


def left_here(conductor: Conductor) -> tuple[Lecture, int] | None:
    """The lecture that was left in this window, and where, unless another lesson has been opened since."""
    left = _LEFT.get(conductor)
    if left is None or left[2] != conductor.session.lesson.id or not left[0].path:
        return None
    return left[:2]


class Rehearser(QObject):
    """Watches the pace of one presentation, warns on its console, and keeps what it took."""

    def __init__(self, show: Show, told: Told | None = None) -> None:
        super().__init__(show)
        self.show, self.told = show, told
        self.date = datetime.now(UTC).isoformat(timespec="seconds")
        self.path: Path = doctor.config_dir() / rehearsal_file.FILE
        self.before = rehearsal_file.last(self.path, show.lecture, show.here.stops)
        self.said = ""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        show.ended.connect(self.end)

    def look(self) -> None:
        """Warn if the time runs out, once for each thing that is to be said."""
        here, show = self.show.here, self.show
        taken = rehearsal.of_spent(show.lecture.id, self.date, here.spent)
        said = rehearsal.warning(show.lecture, here.stops, taken, here.elapsed, here.at, show.words, self.before)
        if said != self.said and show.warning in ("", self.said):
            show.warn(said)
        self.said = said

    def end(self) -> None:
        """Keep the pace, and say what came of it."""
        show, words = self.show, self.show.words
        here = show.here
        taken = rehearsal.of_spent(show.lecture.id, self.date, here.spent)
        lines = rehearsal.report(show.lecture, here.stops, taken, words) if taken.visits else ()
        try:
            if taken.visits:
                rehearsal_file.keep(self.path, show.lecture, here.stops, taken)
                lines = (*lines, words.t("The pace is kept in {path}", path=self.path))
        except OSError as fault:
            lines = (*lines, words.t("{path} cannot be written: {why}", path=self.path, why=fault))
        if self.told is not None:
            self.told(lines)
        self._timer.stop()
