"""check, of lectures: what is planned must be there, must run, and must fit into its minutes.

Rules
-----
* Saved runs open, and their replay ends in the fingerprints that they name.
* The minutes of the items add up to the lecture's, and each item is given at least the time to play and read its beats
  and to answer what it asks.
* Every placeholder of notes has a value at the beats where they are shown.
* No two keys lead to the same place.
* Nothing from outside the lecture's folder is opened but the lessons that it names.

The faults of form, names and translation come from ``lecture_reading.py``; one run reports all of them together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.teach import facts, sentences
from tutor.teach.errors import LessonError, Problems
from tutor.teach.facts import NoSuchThing, Scene, UnknownFact
from tutor.teach.lecture import Item, Lecture, Situation, asked
from tutor.teach.lecture_building import is_beside
from tutor.teach.lecture_reading import LectureReading, find_lecture, read_lecture, read_lecture_text
from tutor.teach.lesson import Lesson, Mark, Text
from tutor.teach.rehearsal import clock
from tutor.teach.road import Road, lay_road
from tutor.teach.show import PATIENCE, ask_seconds, beat_seconds
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.tempo import Tempo

TOLERANCE = 0.01
"""Minutes by which the items may miss what the lecture says: thirds of a minute have no end."""

Replayed = Callable[[Path, Words], tuple[str, ...]]
"""Opens a saved run: what is wrong with it and, on a line below, what to do; nothing if it is the run that was saved.
``commands`` knows how."""


def check_lecture(name: str | Path, lang: str = "en", replayed: Replayed | None = None) -> tuple[LessonError, ...]:
    """Every fault of one lecture, in ``lang``, by file, line and column; empty if it is sound.

    ``replayed`` opens its saved runs; without it they are only read. Raises ``FileNotFoundError``.
    """
    problems = Problems(Words(lang))
    path = find_lecture(name)
    _held(read_lecture(path, problems), problems, replayed)
    return problems.errors


def check_lecture_text(
    text: str, path: Path, lang: str = "en", replayed: Replayed | None = None
) -> tuple[LessonError, ...]:
    """As ``check_lecture``, of a text as it stands in an editor; ``path`` is where it is, or would be, kept."""
    problems = Problems(Words(lang))
    _held(read_lecture_text(text, path, problems), problems, replayed)
    return problems.errors


def _held(reading: LectureReading, problems: Problems, replayed: Replayed | None) -> None:
    if reading.lecture is not None and reading.shaped is not None:
        _Linter(reading.lecture, reading, problems, replayed).run()


@dataclass(frozen=True, slots=True)
class Laid:
    """A lesson on its run, and how long its beats take to play to (seconds of the wall at speed 1)."""

    road: Road
    tempo: Tempo

    def play_seconds(self, lesson: Lesson, beat_id: str) -> float:
        """From the beat before to this one; never more than ``PATIENCE``: a longer way is played faster."""
        place = [beat.id for beat in lesson.beats].index(beat_id)
        moment = self.road.moments[place]
        before = next((each for each in reversed(self.road.moments[:place]) if each is not None), None)
        if moment is None:
            return 0.0
        start = before.at if before is not None else 0
        return min(PATIENCE, max(0.0, self.tempo.to_wall(moment.at) - self.tempo.to_wall(start)) / 1e6)


def laid(lesson: Lesson) -> Laid:
    """The lesson's own run. Raises ``ValueError`` where it cannot begin."""
    road = lay_road(lesson, scenario_of(lesson))
    return Laid(road, Tempo.of(road.trace, road.trace.until))


class _Linter:
    """One lecture, held against its lessons' runs and its own clock."""

    def __init__(
        self, lecture: Lecture, reading: LectureReading, problems: Problems, replayed: Replayed | None
    ) -> None:
        assert reading.shaped is not None, "a lecture that was built was shaped"
        assert reading.shaped.node is not None, "a shaped lecture comes from a tree"
        self.lecture, self.node, self.problems, self.words = lecture, reading.shaped.node, problems, problems.words
        self.shaped, self.replayed = reading.shaped, replayed
        self._laid: dict[str, Laid | None] = {}

    def run(self) -> None:
        """Everything."""
        self.minutes()
        for item in self.lecture.items:
            made = self.laid(item) if item.kind in ("lesson", "question") else None
            if made is not None:
                self.notes(item, made)
                self.time(item, made)
        self.runs()
        self.situations()

    def laid(self, item: Item) -> Laid | None:
        """The run of the item's lesson; None, and told once, where it cannot begin."""
        if item.lesson not in self._laid:
            try:
                self._laid[item.lesson] = laid(self.lecture.lesson(item.lesson))
            except ValueError as error:
                self._laid[item.lesson] = None
                what = self.words.t("the run cannot begin: {reason}", reason=str(error))
                self.problems.add(self.mark(item, "lesson"), f"items › {item.id} › lesson", what)
        return self._laid[item.lesson]

    def mark(self, item: Item, key: str) -> Mark:
        """Where this key of an item stands."""
        model = self.shaped.model
        assert model is not None, "a lecture that was built has a model"
        place = next(place for place, each in enumerate(model.items) if each.id == item.id)
        return self.node.at(("items", place, key)).mark

    # --- time ---

    def minutes(self) -> None:
        """The parts make up the whole."""
        whole = sum(item.minutes for item in self.lecture.items)
        model = self.shaped.model
        is_whole = model is not None and len(model.items) == len(self.lecture.items)
        if is_whole and not self.shaped.touches("items") and abs(whole - self.lecture.minutes) > TOLERANCE:
            what = self.words.t("the minutes of the items make another sum")
            mark = self.node.at(("minutes",)).mark
            over = whole - self.lecture.minutes
            said = (
                self.words.t(
                    "Write {sum} here, or give the items {count} minutes more in all.",
                    sum=f"{whole:g}",
                    count=f"{-over:g}",
                )
                if over < 0
                else self.words.t(
                    "Write {sum} here, or give the items {count} minutes less in all.",
                    sum=f"{whole:g}",
                    count=f"{over:g}",
                )
            )
            self.problems.add(mark, "minutes", what, found=f"{self.lecture.minutes:g}", allowed=f"{whole:g}", hint=said)

    def time(self, item: Item, made: Laid) -> None:
        """An item is given at least what playing, reading and answering take."""
        lesson = self.lecture.lesson(item.lesson)
        least = sum(_least(lesson, item, made))
        if item.minutes * 60 >= least:
            return
        what = self.words.t("playing, reading and answering this takes longer: {time}", time=clock(least))
        hint = self.words.t(
            "Show less of it, ask less, or give it {count} minutes.", count=f"{math.ceil(least / 30) / 2:g}"
        )
        self.problems.add(self.mark(item, "minutes"), f"items › {item.id}", what, found=f"{item.minutes:g}", hint=hint)

    # --- notes ---

    def notes(self, item: Item, made: Laid) -> None:
        """Every placeholder has a value wherever its notes are shown."""
        lesson = self.lecture.lesson(item.lesson)
        own = {beat for beat, _ in (*item.beat_notes, *item.ask_notes)}
        where = f"items › {item.id}"
        for beat in item.beats:
            if beat not in own:
                self.text(item.notes, lesson, beat, made.road, f"{where} › notes")
        for part, notes in (("at", item.beat_notes), ("asking", item.ask_notes)):
            for beat, said in notes:
                self.text(said, lesson, beat, made.road, f"{where} › {part} › {beat}")

    def text(self, text: Text, lesson: Lesson, beat_id: str, road: Road, where: str) -> None:
        moment = road.moments[[beat.id for beat in lesson.beats].index(beat_id)]
        if moment is None:
            return
        scene = Scene(lesson, road.trace, moment, road.moments)
        versions = ((text.en, text.mark), *zip((said for _, said in text.others), text.marks, strict=True))
        for said, mark in versions:
            for hole in sentences.holes(said):
                try:
                    facts.fact(hole.name, scene)
                except UnknownFact:
                    continue
                except NoSuchThing:
                    what = self.words.t("this placeholder has no value at this moment of the run")
                    self.problems.add(mark, where, what, found=hole.name)

    # --- runs and keys ---

    def runs(self) -> None:
        """Every saved run opens, and is the one that was saved; told once, where it is named first."""
        named = [(item.run, self.mark(item, "run"), f"items › {item.id} › run") for item in self.lecture.items]
        named += [
            (each.run, self.node.at(("situations", self.place(each), "run")).mark, f"{self.where(each)} › run")
            for each in self.lecture.situations
        ]
        seen = {Path(error.file) for error in self.problems.errors}
        for run, mark, where in named:
            path = Path(self.lecture.run_path(run))
            is_new = bool(run) and path not in seen and is_beside(run, path.parent) and path.is_file()
            if self.replayed is None or not is_new:
                continue
            seen.add(path)
            for said in self.replayed(path, self.words):
                what, _, hint = said.partition("\n")
                self.problems.add(mark, where, what, found=run, hint=hint)

    def situations(self) -> None:
        """No two keys lead to the same place; a key that is none, or that two have, was told already."""
        seen: dict[tuple[str, str, str], int] = {}
        for each in self.lecture.situations:
            place = (each.lesson, each.beat, each.run)
            if self.shaped.touches("situations", self.place(each), "key"):
                continue
            if seen.get(place, each.key) != each.key:
                what = self.words.t("Alt+{key} leads to the same place", key=seen[place])
                hint = self.words.t("Leave one of the two out, or let it lead elsewhere.")
                self.problems.add(each.mark, self.where(each), what, hint=hint)
            seen.setdefault(place, each.key)

    def where(self, each: Situation) -> str:
        """The path of a situation, as all messages write it: counted from 1."""
        return f"situations › {self.place(each) + 1}"

    def place(self, each: Situation) -> int:
        """Which one it is in the file; those that are at fault are not in the lecture."""
        listed = self.node.at(("situations",)).value
        return next(place for place, node in enumerate(listed) if node.mark == each.mark)


def _least(lesson: Lesson, item: Item, made: Laid) -> Iterator[float]:
    """Seconds that each beat and each question takes at least."""
    for beat_id in item.beats:
        yield made.play_seconds(lesson, beat_id) + beat_seconds(lesson.beat(beat_id))
    for ask_id in (*item.asks, item.ask):
        ask = asked(lesson, ask_id)
        if ask is not None:
            yield ask_seconds(ask)
