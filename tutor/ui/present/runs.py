"""The sessions that the stops of a lecture are seen in: each lesson is laid once, in the looks of now.

Rules
-----
* What a stop shows is computed from the lesson alone, never from what a learner has on screen.
* The lesson that comes next is laid before it is asked for: nobody waits for it in front of a room.
* A saved run and a prepared situation are shown for themselves: all of them may be looked at.
* A note after a question whose answer was shown stands where the play of the answer ended.
* A run that cannot be opened is a sentence, not the end of the lecture.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tutor.commands.faults import Fault
from tutor.teach import intents, polling
from tutor.teach.errors import LessonErrors
from tutor.teach.lecture import Lecture, Situation
from tutor.teach.session import Session, start, update
from tutor.teach.show import Stop
from tutor.teach.walking import dressed, standing, unplayed, whole
from tutor.ui.library import Library
from tutor.words import Words


class CannotShow(Exception):
    """A stop has no run to show; its text says why, in the reader's language."""


class Runs:
    """Sessions by stop. ``like``: the session whose looks they take."""

    def __init__(self, lecture: Lecture, stops: tuple[Stop, ...], library: Library, like: Session) -> None:
        self.lecture, self.stops, self.library, self.like = lecture, stops, library, like
        self._bases: dict[str, Session] = {}
        self._wholes: dict[str, Session] = {}
        self._made: dict[tuple[str, str, str, bool], Session] = {}
        self._revealed: dict[tuple[str, str, str, bool], Session] = {}
        self._told: dict[str, str] = {}

    def at(self, place: int, words: Words, *, is_revealed: bool) -> Session:
        """The session of a stop; a note is said over the stop before, or the end of its run, and where there is none
        over the beginning of the run that comes first. ``is_revealed``: was the answer shown, of the stop that is seen
        here (``seen_at``)? Raises ``CannotShow``."""
        stop = self._stop_with_run(place)
        if is_revealed and stop.kind == "question" and stop in self.stops[:place]:
            return self._answer(stop, words)
        session = self._of(stop, words, is_revealed=is_revealed)
        if stop is self.stops[place]:
            return session
        if stop not in self.stops[:place]:
            return unplayed(session) if stop.kind == "run" else update(session, intents.Home())
        return update(session, intents.End()) if stop.kind == "run" else session

    def seen_at(self, place: int) -> int:
        """The place of the stop whose run is seen at this one: itself, or for a note the nearest one that has a run,
        before it, else after it."""
        nearest = (*range(place, -1, -1), *range(place + 1, len(self.stops)))
        return next((each for each in nearest if self.stops[each].kind != "note"), place)

    def situation(self, situation: Situation, words: Words) -> Session:
        """The session of a prepared situation. Raises ``CannotShow``."""
        run = self.lecture.run_path(situation.run) if situation.run else ""
        kind = "run" if run else "beat"
        title = situation.title
        stop = Stop(0, kind, situation.lesson, situation.beat, "", title, title, 0.0, run)
        base = self._whole(situation.lesson, run, words)
        return dressed(standing(base, stop, is_revealed=False), self.like)

    @property
    def saved(self) -> tuple[str, ...]:
        """The paths of all saved runs that the lecture shows, each once."""
        keys = (self.lecture.run_path(each.run) for each in self.lecture.situations if each.run)
        return tuple(dict.fromkeys((*(stop.run for stop in self.stops if stop.run), *keys)))

    def told(self, path: str, words: Words) -> str:
        """What must be known of a saved run: that it is not what was saved, or cannot be shown; "" if nothing."""
        if not path:
            return ""
        try:
            self._base("", path, words)
        except CannotShow as fault:
            return str(fault)
        return self._told.get(path, "")

    def prepare(self, place: int, words: Words) -> None:
        """Lay what the stop after this one needs, if it can be laid."""
        if place + 1 < len(self.stops):
            try:
                self.at(place + 1, words, is_revealed=False)
            except CannotShow:
                return

    def laid(self, place: int) -> Session | None:
        """The session of a stop whose answer is hidden, where its run has been laid already; nothing is waited for."""
        if place >= len(self.stops):
            return None
        made = self._made.get(_key(self._stop_with_run(place), is_revealed=False))
        return dressed(made, self.like) if made is not None else None

    def _stop_with_run(self, place: int) -> Stop:
        return self.stops[self.seen_at(place)]

    def _answer(self, stop: Stop, words: Words) -> Session:
        """Where the play of a question's answer ends."""
        key = _key(stop, is_revealed=True)
        if key not in self._revealed:
            self._revealed[key] = polling.revealing(self._of(stop, words, is_revealed=False)).ends
        return dressed(self._revealed[key], self.like)

    def _of(self, stop: Stop, words: Words, *, is_revealed: bool) -> Session:
        key = _key(stop, is_revealed=is_revealed)
        if key not in self._made:
            base = self._whole if stop.kind == "run" else self._base
            self._made[key] = standing(base(stop.lesson, stop.run, words), stop, is_revealed=is_revealed)
        return dressed(self._made[key], self.like)

    def _whole(self, lesson: str, run: str, words: Words) -> Session:
        """The beginning of a run that is shown for itself."""
        key = lesson or run
        if key not in self._wholes:
            self._wholes[key] = whole(self._base(lesson, run, words))
        return self._wholes[key]

    def _base(self, lesson: str, run: str, words: Words) -> Session:
        key = lesson or run
        if key not in self._bases:
            self._bases[key] = self._lesson(lesson, words) if lesson else self._run(run, words)
        return self._bases[key]

    def _lesson(self, name: str, words: Words) -> Session:
        try:
            found = self.lecture.lesson(name)
        except KeyError:
            found = self._from_library(name, words)
        return replace(start(found, self.library.scenario(found)))

    def _from_library(self, name: str, words: Words):
        try:
            return self.library.lesson(name)
        except (LessonErrors, FileNotFoundError, OSError) as fault:
            raise CannotShow(words.t("The lesson {name} cannot be shown: {why}", name=name, why=fault)) from fault

    def _run(self, path: str, words: Words) -> Session:
        if not path:
            return self.like
        try:
            loaded = self.library.open(path, words)
        except Fault as fault:
            raise CannotShow(words.t("The run {name} cannot be shown: {why}", name=path, why=fault)) from fault
        self._told[path] = "".join(f"{Path(path).name}: {said}\n" for said in loaded.warnings).rstrip()
        return start(loaded.lesson, loaded.scenario, loaded.road, loaded.home)


def _key(stop: Stop, *, is_revealed: bool) -> tuple[str, str, str, bool]:
    return stop.lesson or stop.run, stop.beat, stop.ask, is_revealed
