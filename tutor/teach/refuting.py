"""The run that shows why an answer to a lesson's question is right or wrong, for whoever is not in the lesson.

Rules
-----
* A question is named by its beat's or check's id, an answer of it by its number in the lesson's file: that one does not
  change where answers are mixed. ``rule-broken:2`` is the second answer, ``rule-broken`` the question's own run.
* An answer whose author shows no run for it is shown by the question's own.
* The futures of the lesson stay in the timeline, so that what is shown can be saved and played on.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach.byroad import byroad_of
from tutor.teach.facts import NoSuchThing, Scene
from tutor.teach.generated import Posed
from tutor.teach.lesson import Ask, Lesson, Option, Play
from tutor.teach.reading import laboratory_ids, lesson_ids, own_ids
from tutor.teach.road import Road, find_moments
from tutor.world.query import Moment
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace


class NotShown(ValueError):
    """There is nothing to show: ``found`` is no question, or no answer, of the ``allowed`` ones."""

    def __init__(self, found: str, allowed: tuple[str, ...]) -> None:
        super().__init__(found)
        self.found, self.allowed = found, allowed


@dataclass(frozen=True, slots=True)
class Shown:
    """A run that shows something: a branch of a timeline. ``until``: when it is seen (microseconds); None: the end."""

    timeline: Timeline
    branch: int
    until: int | None = None

    @property
    def trace(self) -> Trace:
        """The run."""
        return self.timeline.branch(self.branch).trace

    def road(self, lesson: Lesson) -> Road:
        """The run as a road, with where the lesson's beats fire on it."""
        return Road(self.timeline, self.branch, find_moments(lesson, self.trace))


def written(ask: Ask) -> tuple[Option, ...]:
    """The answers in the order of the lesson's file."""
    return tuple(sorted(ask.options, key=lambda option: option.mark))


def names_of(lesson: Lesson) -> dict[str, Ask]:
    """What a lesson asks, by id: of beats, then of checks."""
    beats = {beat.id: beat.ask for beat in lesson.beats if beat.ask is not None}
    return {**beats, **{check.id: check.ask for check in lesson.checks}}


def shown(lesson: Lesson, road: Road, name: str) -> Shown:
    """The run that ``ask`` or ``ask:number`` names. Raises ``NotShown``."""
    asks = names_of(lesson)
    ask_id, _, number = name.partition(":")
    if ask_id not in asks:
        raise NotShown(name, tuple(asks))
    options = written(asks[ask_id])
    allowed = (ask_id, *(f"{ask_id}:{place}" for place in range(1, len(options) + 1)))
    if name not in allowed:
        raise NotShown(name, allowed)
    try:
        own, scene = _own(lesson, road, ask_id)
    except NoSuchThing:
        raise NotShown(name, tuple(each for each in asks if each != ask_id)) from None
    plays = options[int(number) - 1].plays if number else None
    if plays is None:
        return own
    there = byroad_of(own.timeline, own.branch, scene, plays)
    return Shown(there.timeline, there.timeline.current, there.seen.at if there.seen is not None else None)


def _own(lesson: Lesson, road: Road, ask_id: str) -> tuple[Shown, Scene]:
    """The run of a question itself, and where it is asked. Raises ``NoSuchThing`` where it does not come to that."""
    for beat, moment in zip(lesson.beats, road.moments, strict=True):
        if beat.id == ask_id:
            if moment is None:
                raise NoSuchThing(ask_id)
            return Shown(road.timeline, road.branch), Scene(lesson, road.trace, moment, road.moments)
    check = next(check for check in lesson.checks if check.id == ask_id)
    last = road.trace.steps[-1]
    end = Scene(lesson, road.trace, Moment(last.index, last.at), road.moments)
    there = byroad_of(road.timeline, road.branch, end, Play(check.at, check.acts, check.cue))
    scene = there.scene(lesson)
    if scene is None:
        raise NoSuchThing(ask_id)
    return Shown(there.timeline, there.timeline.current), scene


# --- as a line to type ---


def spelled(question: Posed, option: int) -> str:
    """The name under which ``shown`` finds the run of an answer to a lesson's question."""
    ask_id = question.generator.partition("/")[2]
    chosen = question.ask.options[option]
    return f"{ask_id}:{written(question.ask).index(chosen) + 1}" if chosen.plays is not None else ask_id


def called(lesson: Lesson) -> str:
    """What a person types to name a lesson: its id, or where its file is."""
    return lesson.id if lesson.id in (*lesson_ids(), *laboratory_ids(), *own_ids()) else lesson.path
