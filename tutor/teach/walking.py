"""From stop to stop: the session that a presentation shows, with every bet on the way answered and none remembered.

Rules
-----
* Nobody is asked: a bet that lies before a stop is answered by the engine, so that nothing holds the run. A bet that a
  stop puts to the room hides what comes after it until it is revealed.
* A run that is shown for itself, a saved one or a prepared situation, asks nothing and plays to its end (``whole``).
  Before that nothing of it is seen but its beginning (``unplayed``).
* A stop's session follows from the lesson alone: to go there twice, or from another side, shows the same.
* No way from one stop to the next takes longer than ``PATIENCE``, at any speed: a longer one is played as much faster,
  all of it by the same factor (``pace``), which is fixed where the play begins. No other play is ever hurried.
* Values in, values out. The sessions of a presentation have no keeper; what is answered here is never anybody's.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.teach import betting, intents
from tutor.teach.lecture import NOTHING
from tutor.teach.lesson import Ask, Beat
from tutor.teach.session import Session, update
from tutor.teach.show import PATIENCE, Stop
from tutor.world.query import Moment

LOOKS = ("lang", "theme", "text_scale", "motion", "speed", "sight")
"""What a presentation looks like, whichever run it shows."""


def dressed(session: Session, like: Session) -> Session:
    """The session with another one's looks."""
    changes = {name: getattr(like, name) for name in LOOKS}
    return replace(session, **changes)


def standing(base: Session, stop: Stop, *, is_revealed: bool) -> Session:
    """The session at a stop. ``base``: the beginning of its lesson, or of its saved run, which is shown ``whole``."""
    if stop.kind == "run":
        return base
    checks = [check.id for check in base.lesson.checks]
    if stop.ask and stop.ask in checks and not stop.beat:
        session = update(answered(base, len(base.lesson.beats)), intents.TakeCheck(checks.index(stop.ask)))
        return betting.revealed(session) if is_revealed else session
    index = place_of(base, stop.beat)
    if index is None:
        return base
    session = betting.at_beat(answered(base, index), index)
    return betting.revealed(session) if is_revealed else session


def whole(base: Session) -> Session:
    """The session of which all may be looked at: no beat asks anything, and none stops a run that plays."""
    beats = tuple(replace(beat, ask=None, is_pause=False) for beat in base.lesson.beats)
    return replace(base, lesson=replace(base.lesson, beats=beats))


def unplayed(base: Session) -> Session:
    """The beginning of a run that is shown for itself later: nothing of what comes is shown yet."""
    title = base.lesson.title
    first = Beat(base.lesson.id, "start", title, NOTHING, ask=Ask("choice", title))
    here = replace(base, lesson=replace(base.lesson, beats=(first,)), laid={base.branch: (Moment(0, 0),)})
    return update(here, intents.Home())


def place_of(session: Session, beat: str) -> int | None:
    """The place of a beat in the session's lesson; None if it has none of this id."""
    ids = [each.id for each in session.lesson.beats]
    return ids.index(beat) if beat in ids else None


def answered(session: Session, before: int) -> Session:
    """The session after every bet of the beats before this place was answered by the engine, back at its playhead."""
    done = betting.answered_before(session, before)
    return replace(done, playhead=session.playhead, beat=session.beat, notice=None) if done is not session else session


def leads(now: Session, target: Session) -> bool:
    """Can one play from the one to the other: is it a later moment of one and the same run?"""
    return now.trace is target.trace and now.lesson is target.lesson and now.playhead < target.playhead


def pace(begins: Session, target: Session) -> float:
    """So many times as fast as its own tempo is the way from the one to the other played; 1 where it takes no longer
    than ``PATIENCE``."""
    if not leads(begins, target):
        return 1.0
    tempo = target.tempo
    way_us = tempo.to_wall(target.playhead) - tempo.to_wall(begins.playhead)
    return max(1.0, way_us / (begins.speed * PATIENCE * 1e6))


def toward(now: Session, target: Session, wall_us: int, pace: float = 1.0) -> Session:
    """``wall_us`` of wall time later on the way to ``target``, which is itself once it is reached.

    ``pace``: so many times as fast as the way's own tempo.
    """
    tempo = target.tempo
    time = tempo.to_time(tempo.to_wall(now.playhead) + wall_us * now.speed * pace)
    if not leads(now, target) or time >= target.playhead:
        return target
    return replace(target, playhead=max(time, now.playhead), beat=now.beat, is_playing=True, told=-1)


def strayed(session: Session, stops: tuple[Stop, ...], at: int) -> int:
    """The stop that a run which was moved by hand has come to: the last of its part that it has passed, else the first.

    Where it still is at the beat of ``at``, that one.
    """
    part = [place for place, stop in enumerate(stops) if stop.item == stops[at].item]
    passed = [place for place in part if stops[place].kind == "beat" and _has_passed(session, stops[place])]
    if not passed:
        return at if stops[at].kind != "beat" else part[0]
    last = stops[passed[-1]]
    return at if (stops[at].beat, stops[at].lesson) == (last.beat, last.lesson) else passed[-1]


def _has_passed(session: Session, stop: Stop) -> bool:
    index = place_of(session, stop.beat)
    moment = session.moments[index] if index is not None else None
    if index is None or moment is None:
        return False
    return moment.at < session.playhead or (moment.at == session.playhead and index <= session.beat)
