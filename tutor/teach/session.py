"""Session: the whole application state as one frozen value, and ``update``, the only way to the next one.

Rules
-----
* ``update(session, intent)`` is pure: no clock (wall time comes inside ``Tick``), no files, no chance.
* The learner's deed is never an exception. What cannot be done leaves the run as it is and says why in ``notice``.
* While a bet is open, ``horizon`` equals the playhead and nothing may go past it: not a step, not a seek, not play.
  Before the bet is reached the horizon already stands at its moment, or the future would give the answer away.
* Undo returns the session before the last step (``history``), but branches and graded bets stay: an undone future is a
  ghost until it is deleted by hand, and that can be undone as well.

Theory
------
The timeline is a tree of branches. One of them, ``road``, is the run the lesson's author wrote; ``branch`` is the
one on screen. Any touch forks, and every branch carries the lesson with it: ``moments[i]`` is where beat ``i``
fires *there*, or None where its cue cannot fire. So a beat does not care which road led to it, and a bet is asked
of, and graded by, the branch the learner is on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from tutor.teach import (
    betting,
    branching,
    byroad,
    coverage,
    history,
    intents,
    moving,
    programming,
    touching,
    tuning,
    visiting,
)
from tutor.teach.betmode import OFF, BetMode
from tutor.teach.lesson import Ask, Beat, Lesson
from tutor.teach.notices import Notice
from tutor.teach.quiz import NOTHING_GIVEN, Answer, Given
from tutor.teach.road import Road, find_moments, lay_road
from tutor.teach.sight import FIRST_SIGHT, NAMES, Sight
from tutor.teach.visiting import Aside
from tutor.words import LANGUAGES
from tutor.world.query import Moment
from tutor.world.scenario import Scenario
from tutor.world.tempo import Tempo
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace
from tutor.world.world import World

SPEEDS = moving.SPEEDS
"""Times wall time; ``[`` and ``]`` walk along these."""


@dataclass(frozen=True, slots=True)
class BeatMark:
    """One diamond of the scrubber, one row of the contents.

    ``status``: ``done``, ``current``, ``ahead`` or ``unreachable`` (its cue cannot fire on this branch).
    ``at`` is microseconds, None while an open bet hides it or where there is no such moment.
    """

    index: int
    id: str
    at: int | None
    status: str


@dataclass(frozen=True, slots=True)
class OffRoad:
    """The learner has left the lesson's road.

    ``acts``: what was done, in order, as one-line texts; ``left_at``: when (microseconds).
    ``change``: the first record that differs from the road, None if nothing differs or a bet hides it still.
    ``lost``: ids of the beats whose cue cannot fire any more.
    """

    left_at: int
    acts: tuple[str, ...]
    change: touching.Change | None
    lost: tuple[str, ...]
    is_exploring: bool


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """Everything on screen follows from this value. Times are simulated microseconds, ids as in the world.

    Two sessions are the same if they are one object.
    """

    lesson: Lesson
    scenario: Scenario = field(repr=False)
    timeline: Timeline = field(repr=False)
    road: int
    branch: int
    laid: Mapping[int, tuple[Moment | None, ...]] = field(repr=False)
    playhead: int = 0
    beat: int = 0
    is_playing: bool = False
    speed: float = 1.0
    given: Given = NOTHING_GIVEN
    """What the learner has picked or typed, and not handed in yet."""
    answers: tuple[Answer, ...] = ()
    is_exploring: bool = False
    explored: frozenset[int] = frozenset()
    """Branches that were on screen while the learner explored: nothing that comes there was hidden."""
    bookmark: tuple[int, int] = (0, 0)
    gone: frozenset[int] = frozenset()
    """Branches that were deleted by hand: they are gone but for undo, and nothing that is saved has them."""
    told: int = -1
    """The step that the why line tells of, if it lies at the playhead's instant; -1: the one that matters most."""
    selection: str = ""
    weighed: tuple[str, str] = ("", "")
    """The parameter under the learner's hand, and the value it might get ("": the one it has)."""
    sight: Sight = FIRST_SIGHT
    seen: Mapping[int, int] = field(default_factory=dict, repr=False)
    """Branch -> the last step that the playhead has passed there."""
    crossed: frozenset[str] = frozenset()
    """Edges that were crossed before the learner's eyes in this run, on any branch (``coverage``)."""
    ever: frozenset[str] = frozenset()
    """The same for every run there was."""
    news: tuple[coverage.Crossing, ...] = field(default=(), repr=False)
    """What was crossed before the learner's eyes just now, for the first time on this branch."""
    unfolded: frozenset[str] = frozenset()
    lang: str = "en"
    theme: str = "light"
    text_scale: float = 1.0
    motion: str = "full"
    notice: Notice | None = None
    panels: str = ""
    """How the window's panels were arranged last by hand; "": as the window has them."""
    betmode: BetMode = OFF
    """What any run stops for, to be bet on."""
    was_read: frozenset[int] = frozenset()
    """Which of what one may have read has been looked at (numbers from 0)."""
    aside: Aside | None = field(default=None, repr=False)
    """Where this run beside a lesson's own leads back to; None in a lesson itself."""
    undo: tuple[history.Past, ...] = field(default=(), repr=False)
    redo: tuple[history.Past, ...] = field(default=(), repr=False)

    # --- the run on screen ---

    @property
    def trace(self) -> Trace:
        """The trace of the branch on screen, computed to its end."""
        return self.timeline.branch(self.branch).trace

    @property
    def moments(self) -> tuple[Moment | None, ...]:
        """Where each beat of the lesson fires on the branch on screen; None where it cannot."""
        return self.laid[self.branch]

    @property
    def world(self) -> World:
        """The world at the playhead."""
        return self.trace.world_at(self.playhead)

    @property
    def beside(self) -> int | None:
        """The branch that is compared with the one on screen, if there is one."""
        wish = self.sight.beside
        is_there = wish is not None and self.timeline.has(wish) and wish not in self.gone
        return wish if is_there and wish != self.branch else None

    @property
    def end(self) -> int:
        """The end of the branch on screen."""
        return self.trace.end

    @property
    def horizon(self) -> int | None:
        """Nothing after this time may be shown: the moment of the first open bet on this branch; None if none is."""
        waiting, stop = betting.waiting_ask(self), betting.next_stop(self)
        times = [] if waiting is None else [betting.moment_of(self, waiting).at]
        return min((*times, stop.at)) if stop is not None else next(iter(times), None)

    @property
    def visible_end(self) -> int:
        """Where the shown part of the run ends: ``end``, or the horizon."""
        horizon = self.horizon
        return self.end if horizon is None else min(self.end, horizon)

    @property
    def tempo(self) -> Tempo:
        """Simulated time <-> wall time of this branch, with the silences that are unfolded."""
        return _tempo(self.trace, self.end, self.unfolded)

    # --- the lesson on it ---

    @property
    def current(self) -> Beat | None:
        """The beat on the card; None in a lesson without beats."""
        return self.lesson.beats[self.beat] if self.lesson.beats else None

    @property
    def ask(self) -> Ask | None:
        """The bet or question of the current beat, answered or not; where bet mode has stopped the run, its bet."""
        stop = betting.stop_here(self)
        if stop is not None:
            return stop.question.ask
        return self.current.ask if self.current is not None else None

    @property
    def verdict(self) -> Answer | None:
        """How the current beat's bet or question was graded on this branch; None while it was not."""
        return betting.answer_here(self, self.beat) if self.ask is not None else None

    @property
    def is_held(self) -> bool:
        """Is there a bet on the card, or a question nobody has tried to answer, that holds the run at the playhead?"""
        return self.is_asking and self.ask is not None and self.ask.hides and (self.ask.is_bet or self.verdict is None)

    @property
    def is_asking(self) -> bool:
        """Is there a bet or question on the card that can be answered now?"""
        return betting.is_asking(self)

    @property
    def beats(self) -> tuple[BeatMark, ...]:
        """Every beat with its time and status on this branch; what an open bet hides is None and ``ahead``."""
        return tuple(self._mark(index) for index in range(len(self.lesson.beats)))

    def _mark(self, index: int) -> BeatMark:
        moment, horizon = self.moments[index], self.horizon
        waiting = betting.waiting_ask(self)
        beat_id = self.lesson.beats[index].id
        if index == self.beat:
            return BeatMark(index, beat_id, moment.at if moment else None, "current")
        if waiting is not None and index > waiting:
            return BeatMark(index, beat_id, None, "ahead")
        if moment is None:
            return BeatMark(index, beat_id, None, "unreachable")
        hidden = horizon is not None and moment.at > horizon
        return BeatMark(index, beat_id, None if hidden else moment.at, "done" if index < self.beat else "ahead")

    @property
    def off_road(self) -> OffRoad | None:
        """What leaving the lesson's road has changed; None on the road."""
        if self.branch == self.road:
            return None
        horizon = betting.known_until(self, self.road)
        change = touching.change_since(self.timeline, self.road, self.branch, until=horizon)
        left_at, acts = byroad.departure(self.timeline, self.road, self.branch)
        lost = tuple(mark.id for mark in self.beats if mark.status == "unreachable")
        return OffRoad(left_at, acts, change, lost, self.is_exploring)


@lru_cache(maxsize=16)
def _tempo(trace: Trace, end: int, unfolded: frozenset[str]) -> Tempo:
    return Tempo.of(trace, end, unfolded)


def start(lesson: Lesson, scenario: Scenario, road: Road | None = None, home: int | None = None) -> Session:
    """The session that begins ``lesson`` on ``scenario`` (``stage.scenario_of(lesson)``), playhead at 0.

    ``road``: the run of this lesson on this scenario, if it has been computed already. ``home``: which branch of it is
    the lesson's own, if ``road.branch`` is another one.
    """
    road = road or lay_road(lesson, scenario)
    laid = {road.branch: road.moments}
    if home is None or home == road.branch:
        return Session(lesson, scenario, road.timeline, road.branch, road.branch, laid)
    laid[home] = find_moments(lesson, road.timeline.branch(home).trace)
    return Session(lesson, scenario, road.timeline, home, road.branch, laid)


# --- update ---


def update(session: Session, intent: intents.Intent) -> Session:
    """The session after ``intent``. Pure; returns ``session`` itself when nothing changes."""
    after = _after(session, intent)
    return session if after is session else coverage.looked(betting.remember_explored(after))


def _after(session: Session, intent: intents.Intent) -> Session:
    match intent:
        case intents.Undo():
            return history.undo(session)
        case intents.Redo():
            return history.redo(session)
        case intents.OpenLesson():
            after = _opened(session, intent)
        case intents.TakeMeThere(visit=None):
            return replace(session, notice=Notice("no-way-there"))
        case intents.TakeMeThere(visit=visit) if visit is not None:
            opened = _opened(session, intents.OpenLesson(visit.lesson, visit.scenario, visit.road))
            beat = moving.beat_at(opened, visit.playhead)
            after = replace(opened, playhead=visit.playhead, beat=beat, selection=visit.selection)
        case intents.Tick():
            return moving.tick(session, intent.wall_us)
        case _:
            after = _dispatch(replace(session, notice=None) if session.notice else session, intent)
    return history.stepped(session, after, intent)


def _dispatch(session: Session, intent: intents.Intent) -> Session:
    for part in (
        visiting.update, moving.update, touching.update, tuning.update,
        programming.update, branching.update, betting.update, _look,
    ):  # fmt: skip
        after = part(session, intent)
        if after is not None:
            return after
    raise AssertionError(f"no part of update knows {intent!r}")


def _look(session: Session, intent: intents.Intent) -> Session | None:
    match intent:
        case intents.Select(id=selection):
            return replace(session, selection=selection)
        case intents.See(name=name, value=value):
            assert name in NAMES, f"nobody can see {name!r}"
            chosen: dict[str, Any] = {name: value}
            return replace(session, sight=replace(session.sight, **chosen))
        case intents.Remember(edges=edges, anew=True):
            return replace(session, ever=edges)
        case intents.Remember(edges=edges):
            return session if session.ever >= edges else replace(session, ever=session.ever | edges)
        case intents.Arrange(now=panels):
            return replace(session, panels=panels)
        case intents.ToggleFold(id=fold):
            return replace(session, unfolded=session.unfolded ^ {fold})
        case intents.SetLanguage(lang=lang):
            return replace(session, lang=lang) if lang in LANGUAGES else session
        case intents.SetTheme(theme=theme):
            return replace(session, theme=theme)
        case intents.SetTextScale(scale=scale):
            return replace(session, text_scale=min(2.0, max(0.8, scale)))
        case intents.SetMotion(motion=motion):
            return replace(session, motion=motion)
        case _:
            return None


def _opened(session: Session, intent: intents.OpenLesson) -> Session:
    fresh = start(intent.lesson, intent.scenario, intent.road, intent.home)
    kept = {name: getattr(session, name) for name in visiting.LOOKS}
    return replace(fresh, sight=session.sight.of_another_run(), **kept)
