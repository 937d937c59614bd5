"""The road: a lesson laid out on a run, beat by beat.

Rules
-----
* Beats fire in the order in which they are written: each is looked for from the step of the one before it on.
  Two beats may share a step.
* What a beat does (its ``act``) forks the run right after the step at which it fires, or some time ``after``; the
  branch without the act stays, as a ghost of what would have happened.
* An act that waits is not lost when a later beat acts before it: it is done on that beat's branch anew.
* A beat whose cue does not fire has the moment None, and the next one is looked for from where the search stood.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach.doing import Doing, parse_doing
from tutor.teach.lesson import Lesson
from tutor.world.beginning import begin
from tutor.world.query import Moment, find, parse_cue
from tutor.world.records import HandActs
from tutor.world.scenario import Scenario
from tutor.world.timeline import Branch, Timeline
from tutor.world.trace import Trace

MAX_STEPS = 20_000
"""No lesson runs further than so many events: lessons come from people we do not know."""

Moments = tuple[Moment | None, ...]


@dataclass(frozen=True, slots=True)
class Road:
    """Where each beat fires on one branch of a timeline."""

    timeline: Timeline
    branch: int
    moments: Moments

    @property
    def trace(self) -> Trace:
        """The run of this branch."""
        return self.timeline.branch(self.branch).trace


def lay_road(lesson: Lesson, scenario: Scenario) -> Road:
    """The run that the lesson's author means: from the start, with the acts of all beats done."""
    trace = Trace(begin(scenario), scenario.until, limit=MAX_STEPS)
    timeline = Timeline((Branch(0, None, 0, 0, (), trace),))
    return lay_rest(lesson, Road(timeline, timeline.current, (None,) * len(lesson.beats)), 0)


def lay_rest(lesson: Lesson, road: Road, from_index: int) -> Road:
    """``road`` with every beat laid anew that did not fire before step ``from_index``.

    Acts of those beats are done where they fire, each on a branch of its own; the last branch is the road's.
    """
    moments = list(road.moments)
    timeline, branch, searched = road.timeline, road.branch, 0
    waiting: list[tuple[Doing, Moment]] = []
    for place, beat in enumerate(lesson.beats):
        known = moments[place]
        is_past = known is not None and known.index < from_index
        trace = timeline.branch(branch).trace
        moment = known if is_past else find(trace, parse_cue(beat.cue), after_index=searched - 1)
        moments[place] = moment
        if moment is None:
            continue
        searched = moment.index
        if not beat.act:
            continue
        doing = parse_doing(beat.act)
        is_done = is_past and _was_done(doing, moment, trace, from_index)
        if not is_done and doing.at(moment) <= trace.until:
            waiting = [each for each in waiting if each[0].at(each[1]) > doing.at(moment)]
            for late, at in ((doing, moment), *waiting):
                timeline = late.done(timeline, branch, at)
                branch = timeline.current
            waiting = sorted([*waiting, (doing, moment)], key=lambda each: each[0].at(each[1]))
    return Road(timeline, branch, tuple(moments))


def _was_done(doing: Doing, moment: Moment, trace: Trace, from_index: int) -> bool:
    """Was the act of a beat that fired before step ``from_index`` done before it, too? One that waits may lie ahead."""
    if doing.after is None:
        return True
    at, text = doing.at(moment), str(doing.act)
    return any(
        step.at == at and isinstance(step.cause, HandActs) and step.cause.act == text
        for step in trace.computed[moment.index : from_index]
    )


def find_moments(lesson: Lesson, trace: Trace, until: int | None = None) -> Moments:
    """Where each beat fires on a run as it is, not after ``until`` (microseconds): nothing is done at any beat."""
    found: list[Moment | None] = []
    searched = 0
    for beat in lesson.beats:
        moment = find(trace, parse_cue(beat.cue), after_index=searched - 1, until=until)
        found.append(moment)
        searched = moment.index if moment is not None else searched
    return tuple(found)
