"""The road: a lesson laid out on a run, beat by beat.

Rules
-----
* Beats fire in the order in which they are written: each is looked for from the step of the one before it on.
  Two beats may share a step.
* What a beat does (its ``act``) forks the run right after the step at which it fires; the branch without the act
  stays, as a ghost of what would have happened.
* A beat whose cue does not fire has the moment None, and the next one is looked for from where the search stood.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach.lesson import Lesson
from tutor.world.acts import parse_act
from tutor.world.beginning import begin
from tutor.world.query import Moment, find, parse_cue
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
    for place, beat in enumerate(lesson.beats):
        known = moments[place]
        if known is not None and known.index < from_index:
            searched = known.index
            continue
        trace = timeline.branch(branch).trace
        moment = find(trace, parse_cue(beat.cue), after_index=searched - 1)
        moments[place] = moment
        if moment is None:
            continue
        searched = moment.index
        if beat.act:
            timeline = timeline.fork(branch, moment.at, parse_act(beat.act), index=moment.index)
            branch = timeline.current
    return Road(timeline, branch, tuple(moments))


def find_moments(lesson: Lesson, trace: Trace) -> Moments:
    """Where each beat fires on a run as it is: nothing is done at any beat."""
    found: list[Moment | None] = []
    searched = 0
    for beat in lesson.beats:
        moment = find(trace, parse_cue(beat.cue), after_index=searched - 1)
        found.append(moment)
        searched = moment.index if moment is not None else searched
    return tuple(found)
