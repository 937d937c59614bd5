"""The playhead: play, step, seek, and the stops on the way.

Rules
-----
* Nothing moves the playhead past the horizon. Asked to, it goes as far as the bet and says so; there already,
  it stays and says why.
* Playing stops at a beat that pauses and at a bet. Stepping and seeking stop only at a bet. The first card is up before
  its moment comes, as that of a run beside the lesson is: that moment is a stop like any other.
* Several beats may share one instant: going forward visits their cards one by one, time standing still.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import betting, intents
from tutor.teach.notices import Notice
from tutor.teach.quiz import NOTHING_GIVEN

if TYPE_CHECKING:
    from tutor.teach.session import Session

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Times wall time; ``[`` and ``]`` walk along these."""


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after an intent of time or speed; None for any other intent."""
    match intent:
        case intents.Play():
            return play(session)
        case intents.Pause():
            return replace(session, is_playing=False)
        case intents.TogglePlay():
            return replace(session, is_playing=False) if session.is_playing else play(session)
        case intents.StepForward():
            return step_forward(session)
        case intents.StepBack():
            return step_back(session)
        case intents.Seek(time=time, step=step) if time == session.playhead and step >= 0:
            return replace(session, told=step)
        case intents.Seek(time=time, step=step):
            moved = seek(session, time)
            return replace(moved, told=step if moved.playhead == time else -1)
        case intents.Home():
            return replace(_at(session, 0), beat=0)
        case intents.End():
            return seek(session, session.end)
        case intents.NextBeat():
            return next_beat(session)
        case intents.PreviousBeat():
            return previous_beat(session)
        case _:
            return _change_speed(session, intent)


def _change_speed(session: Session, intent: intents.Intent) -> Session | None:
    place = SPEEDS.index(session.speed)
    match intent:
        case intents.SetSpeed(speed=speed):
            return replace(session, speed=min(SPEEDS, key=lambda each: abs(each - speed)))
        case intents.Faster():
            return replace(session, speed=SPEEDS[min(place + 1, len(SPEEDS) - 1)])
        case intents.Slower():
            return replace(session, speed=SPEEDS[max(place - 1, 0)])
        case intents.NormalSpeed():
            return replace(session, speed=1.0)
        case _:
            return None


# --- where beats lie ---


def beat_at(session: Session, time: int) -> int:
    """The beat whose card belongs to ``time``: the first of those at that instant, else the last before it."""
    here = [i for i, moment in enumerate(session.moments) if moment is not None and moment.at == time]
    before = [i for i, moment in enumerate(session.moments) if moment is not None and moment.at < time]
    return here[0] if here else before[-1] if before else 0


def _beats_between(session: Session, after: int, until: int) -> list[int]:
    """Beats after beat ``after`` whose moment lies between the playhead and ``until``, both included."""
    return [
        i
        for i, moment in enumerate(session.moments)
        if i > after and moment is not None and session.playhead <= moment.at <= until
    ]


def _at(session: Session, time: int, beat: int | None = None) -> Session:
    beat = beat_at(session, time) if beat is None else beat
    given = session.given if beat == session.beat else NOTHING_GIVEN
    return replace(session, playhead=time, beat=beat, given=given, is_playing=False, told=-1)


def _held(session: Session) -> Session:
    """The session that stays where it is because a bet is open. Its card comes up; if it is up already, we say why."""
    waiting = betting.waiting_ask(session)
    if waiting is None or betting.moment_of(session, waiting).at > session.playhead:
        return replace(session, is_playing=False, notice=Notice("bet-open"))
    held = _at(session, session.playhead, waiting)
    return replace(held, notice=Notice("bet-open")) if session.beat == waiting else held


# --- the moves ---


def seek(session: Session, time: int) -> Session:
    """The playhead at ``time``, or at the first open bet before it."""
    time = max(0, min(time, session.end))
    horizon = session.horizon
    if horizon is None or time < horizon:
        return _at(session, time)
    if session.playhead == horizon and time > horizon:
        return _held(session)
    waiting = betting.waiting_ask(session)
    is_lessons = waiting is not None and betting.moment_of(session, waiting).at == horizon
    stopped = _at(session, horizon, waiting if is_lessons else None)
    return replace(stopped, notice=Notice("stopped-at-bet")) if time > horizon else stopped


def step_forward(session: Session) -> Session:
    """To the next card of this instant, or to the next instant at which something happens."""
    same_instant = _beats_between(session, session.beat, session.playhead)
    if same_instant:
        return _at(session, session.playhead, same_instant[0])
    following = session.trace.next_instant(session.playhead)
    if following is None:
        return replace(session, is_playing=False, notice=Notice("at-the-end"))
    return seek(session, following)


def step_back(session: Session) -> Session:
    """To the last instant before the playhead at which something happened."""
    earlier = session.trace.previous_instant(session.playhead)
    if earlier is None:
        return replace(_at(session, 0, 0), notice=Notice("at-the-start") if session.playhead == 0 else None)
    return _at(session, earlier)


def next_beat(session: Session) -> Session:
    """To the next beat that fires on this branch, an open bet permitting."""
    horizon = session.horizon
    ahead = [i for i in range(session.beat + 1, len(session.moments)) if session.moments[i] is not None]
    if not ahead:
        return replace(session, is_playing=False, notice=Notice("last-beat"))
    time = betting.moment_of(session, ahead[0]).at
    if horizon is not None and time > horizon:
        return _held(session) if session.playhead == horizon else seek(session, time)
    waiting = betting.waiting_ask(session)
    if waiting is not None and ahead[0] > waiting:
        return _held(session)
    return _at(session, time, ahead[0])


def previous_beat(session: Session) -> Session:
    """To the beat before; from the middle of a beat, to its own moment."""
    moment = session.moments[session.beat] if session.moments else None
    if moment is not None and session.playhead > moment.at:
        return _at(session, moment.at, session.beat)
    behind = [i for i in range(session.beat) if session.moments[i] is not None]
    if not behind:
        return replace(_at(session, 0, 0), notice=Notice("at-the-start"))
    return _at(session, betting.moment_of(session, behind[-1]).at, behind[-1])


def play(session: Session) -> Session:
    """Let the clock run, unless a bet is open or the run is over; a beat that waits at the end is shown before."""
    if session.playhead == session.horizon:
        return _held(session)
    if session.playhead >= session.end:
        if waiting := _beats_between(session, session.beat, session.end):
            return _at(session, session.playhead, waiting[0])
        return replace(session, is_playing=False, notice=Notice("at-the-end"))
    return replace(session, is_playing=True)


def tick(session: Session, wall_us: int) -> Session:
    """``wall_us`` of wall time later. Wall time = Tempo(simulated time) / speed."""
    if not session.is_playing or wall_us <= 0:
        return session
    tempo = session.tempo
    wall = tempo.to_wall(session.playhead) + wall_us * session.speed
    time = max(session.playhead, min(tempo.to_time(wall), session.end))
    stop = betting.next_stop(session)
    time = time if stop is None else min(time, stop.at)
    here = session.moments[session.beat] if session.moments else None
    if here is not None and session.playhead < here.at <= time and session.lesson.beats[session.beat].is_pause:
        return _at(session, here.at, session.beat)
    for index in _beats_between(session, session.beat, time):
        if session.lesson.beats[index].is_pause or index == betting.waiting_ask(session):
            return _at(session, betting.moment_of(session, index).at, index)
    passed = _beats_between(session, session.beat, time)
    beat = passed[-1] if passed else session.beat
    given = session.given if beat == session.beat else NOTHING_GIVEN
    is_over = time >= session.end or (stop is not None and time == stop.at)
    return replace(session, playhead=time, beat=beat, given=given, is_playing=not is_over)
