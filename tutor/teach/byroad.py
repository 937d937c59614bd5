"""Byroads: runs that leave the lesson's road to show something, computed by the same engine.

Rules
-----
* A byroad is the lesson's run up to an event, then the acts of its ``Play``, then left alone: what later beats of the
  lesson do is not done on it.
* Acts are done in the order of time; those of one instant as they are written. So none undoes one that waits longer.
* ``START`` is before any program has done anything, and after what the lesson itself sets there.
* ``seen`` is the first time that the watched cue fires after the run has left the road. What is ``said`` there needs
  nothing that happens later, so nothing later is computed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.tcp.reasons import Reason
from tutor.teach.doing import last_act_at, parse_doing
from tutor.teach.facts import NoSuchThing, Scene
from tutor.teach.lesson import START, Lesson, Play
from tutor.teach.road import Moments, find_moments
from tutor.world.acts import Act
from tutor.world.query import Moment, find, parse_cue
from tutor.world.records import Acted
from tutor.world.timeline import Branch, Timeline
from tutor.world.trace import Trace


@dataclass(frozen=True, slots=True)
class Byroad:
    """A run that left the road at ``left``. ``seen``: where its cue fires; ``breaks``: where what must not happen does.

    ``refused``: why the world would not do one of its acts; None if it did them all.
    """

    timeline: Timeline
    left: Moment
    seen: Moment | None
    breaks: Moment | None
    refused: Reason | None

    @property
    def trace(self) -> Trace:
        """The run itself."""
        return self.timeline.branch(self.timeline.current).trace

    def scene(self, lesson: Lesson) -> Scene | None:
        """Where something is said of what is seen; None if there is nothing to see."""
        return None if self.seen is None else Scene(lesson, self.trace, self.seen, find_moments(lesson, self.trace))

    def said(self, lesson: Lesson) -> Scene | None:
        """As ``scene``, for words only: no other run can leave it at a later beat, and nothing later is computed."""
        if self.seen is None:
            return None
        return Scene(lesson, self.trace, self.seen, find_moments(lesson, self.trace, self.seen.at))


def leaves_at(lesson: Lesson, at: str, trace: Trace, moments: Moments, here: Moment | None) -> Moment:
    """The moment at which a run leaves the road. ``here``: the moment of the beat that asks (``at`` is "").

    Raises ``NoSuchThing`` for a beat that does not fire.
    """
    if at == START:
        return Moment(last_act_at(trace, 0), 0)
    if not at:
        if here is None:
            raise NoSuchThing("there is no beat here to leave the road at")
        return here
    index = [beat.id for beat in lesson.beats].index(at)
    moment = moments[index]
    if moment is None:
        raise NoSuchThing(f"the beat {at} has not happened")
    return moment


def acted(timeline: Timeline, branch: int, left: Moment, acts: Sequence[str]) -> tuple[Timeline, Reason | None]:
    """``timeline`` with the future in which ``acts`` are done, and why one of them was refused."""
    refused: Reason | None = None
    for doing in sorted(map(parse_doing, acts), key=lambda each: -1 if each.after is None else each.after):
        timeline = doing.done(timeline, branch, left)
        branch = timeline.current
        refused = refused or _refused(timeline.branch(branch))
    return timeline, refused


def byroad(scene: Scene, play: Play) -> Byroad:
    """The run that ``play`` means, where it is shown at ``scene``. Raises ``NoSuchThing`` as ``leaves_at`` does."""
    road = Timeline((Branch(0, None, 0, 0, (), scene.trace),))
    return byroad_of(road, 0, scene, play)


def byroad_of(timeline: Timeline, branch: int, scene: Scene, play: Play) -> Byroad:
    """As ``byroad``, on the tree of futures to which the scene's run belongs."""
    left = leaves_at(scene.lesson, play.at, scene.trace, scene.moments, scene.moment)
    timeline, refused = acted(timeline.on(branch), branch, left, play.acts)
    trace = timeline.branch(timeline.current).trace
    seen = find(trace, parse_cue(play.watch), after_index=left.index)
    breaks = find(trace, parse_cue(play.never), after_index=left.index) if play.never else None
    return Byroad(timeline, left, seen, breaks, refused)


def _refused(branch: Branch) -> Reason | None:
    done = branch.trace.step(branch.index + 1)
    for record in done.records if done is not None else ():
        if isinstance(record, Acted) and record.why_not is not None:
            return record.why_not
    return None


# --- the learner's own ---


def departure(timeline: Timeline, road: int, branch: int) -> tuple[int, tuple[str, ...]]:
    """When ``branch`` left ``road`` and by which acts, first to last."""
    on_road = {road, *_ancestors(timeline, road)}
    acts: list[str] = []
    left_at = 0
    current: int | None = branch
    while current is not None and current not in on_road:
        node = timeline.branch(current)
        acts[:0] = [str(act) for act in node.acts]
        left_at = node.at
        current = node.parent
    return left_at, tuple(acts)


def by_hand(lesson: Lesson, timeline: Timeline, branch: int) -> tuple[tuple[Act, Trace], ...]:
    """What was done on ``branch`` that no beat does, first to last, each with the run it was done on."""
    own = {str(parse_doing(beat.act).act) for beat in lesson.beats if beat.act}
    line = [timeline.branch(each) for each in reversed([branch, *_ancestors(timeline, branch)])]
    return tuple((act, made.trace) for made in line for act in made.acts if str(act) not in own)


def _ancestors(timeline: Timeline, branch: int) -> list[int]:
    found: list[int] = []
    current = timeline.branch(branch).parent
    while current is not None:
        found.append(current)
        current = timeline.branch(current).parent
    return found
