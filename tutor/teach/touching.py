"""The learner's hand on the run: every touch forks it, and the lesson comes along as far as it can.

Rules
-----
* A touch never changes a branch. It makes a new one at the moment of the touch; the old future stays.
* A segment that is on its way at the playhead is touched there; any other at the moment it was sent. One that takes
  no time is touched right after the step in which it left, before it arrives.
* After a fork the rest of the lesson is laid on the new branch: beats whose cue still fires get their moment
  there, and what the lesson itself does at a beat is done there too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.tcp.reasons import Reason
from tutor.teach import intents, moving
from tutor.teach.notices import Notice
from tutor.teach.quiz import NOTHING_GIVEN
from tutor.teach.road import Road, find_moments, lay_rest
from tutor.world.acts import Act, ActError, parse_act
from tutor.world.records import Acted, Flight, Record, Sent
from tutor.world.timeline import Branch, Timeline, compare
from tutor.world.trace import Trace

if TYPE_CHECKING:
    from tutor.teach.session import Session


@dataclass(frozen=True, slots=True)
class Change:
    """The first difference between the road and the branch on screen; ``at`` in microseconds."""

    at: int
    on_road: Record | None
    here: Record | None


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after a touch or a change of branch; None for any other intent."""
    match intent:
        case intents.ActNow(act=act):
            return act_now(session, act)
        case intents.Drop(flight_id=flight_id):
            return touch_flight(session, flight_id, "drop #{id}")
        case intents.Delay(flight_id=flight_id, extra_us=extra):
            return touch_flight(session, flight_id, f"delay #{{id}} {extra}us")
        case intents.Duplicate(flight_id=flight_id):
            return touch_flight(session, flight_id, "duplicate #{id}")
        case intents.Corrupt(flight_id=flight_id):
            return touch_flight(session, flight_id, "corrupt #{id}")
        case intents.Swap(flight_id=flight_id):
            return swap_flight(session, flight_id)
        case intents.BackToLesson():
            return back_to_lesson(session)
        case intents.GoExploring():
            return go_exploring(session)
        case intents.SwitchBranch(branch=branch):
            return switch(session, branch)
        case _:
            return None


# --- forks ---


OPENS = frozenset({"connect"})
"""Calls that begin a connection: what a hand opens is looked at."""


def act_now(session: Session, act: Act | str) -> Session:
    """Fork at the playhead by an act, which may be a line of text that nobody has read yet."""
    try:
        parsed = parse_act(act, session.world.host_names) if isinstance(act, str) else act
    except ActError as error:
        return replace(session, notice=Notice("cannot-act", error))
    return act_at(session, parsed, session.playhead)


def act_at(session: Session, act: Act, at: int, index: int | None = None) -> Session:
    """Fork at ``at`` by ``act``, or right after step ``index``; the playhead goes there if it was beyond."""
    return acts_at(session, (act,), at, index)


def acts_at(session: Session, acts: tuple[Act, ...], at: int, index: int | None = None) -> Session:
    """Fork at ``at`` by ``acts``, or right after step ``index``; the playhead goes there if it was beyond."""
    timeline = session.timeline.fork(session.branch, at, *acts, index=index)
    branch = timeline.current
    forked = timeline.branch(branch)
    refused = _refused(forked)
    if refused is not None:
        return replace(session, notice=Notice("cannot-act", refused))
    laid = lay_rest(session.lesson, Road(timeline, branch, session.moments), forked.index + 1)
    bookmark = (session.playhead, session.beat) if session.branch == session.road else session.bookmark
    opens = any(act.name in OPENS for act in acts)
    moved = replace(
        session,
        sight=replace(session.sight, focus="") if opens else session.sight,
        timeline=laid.timeline,
        branch=laid.branch,
        laid={**session.laid, laid.branch: laid.moments},
        bookmark=bookmark,
        given=NOTHING_GIVEN,
        is_playing=False,
    )
    playhead = min(session.playhead, at)
    beat = session.beat if playhead == session.playhead else moving.beat_at(moved, playhead)
    return replace(moved, playhead=playhead, beat=beat)


def _refused(forked: Branch) -> Reason | None:
    """Why the world would not do an act that made this branch; None if it did them all."""
    for number in range(1, len(forked.acts) + 1):
        done = forked.trace.step(forked.index + number)
        for record in done.records if done is not None else ():
            if isinstance(record, Acted) and record.why_not is not None:
                return record.why_not
    return None


def touch_flight(session: Session, flight_id: int, form: str) -> Session:
    """Fork by an act on one segment given by its id."""
    flight = find_flight(session, flight_id)
    if flight is None:
        return replace(session, notice=Notice("no-such-segment"))
    ends = lands_at(flight)
    is_flying = flight.sent_at <= session.playhead < ends
    index = step_of_sending(session.trace, flight) if ends == flight.sent_at else None
    act = parse_act(form.format(id=flight_id))
    return act_at(session, act, session.playhead if is_flying else flight.sent_at, index)


def lands_at(flight: Flight) -> int:
    """When it arrives or is lost (microseconds)."""
    ends = flight.arrives_at if flight.arrives_at is not None else flight.dies_at
    assert ends is not None, "a segment arrives or is lost"
    return ends


def swap_flight(session: Session, flight_id: int) -> Session:
    """Fork by letting the next segment of the same sender overtake this one, as soon as both are in the air."""
    flight = find_flight(session, flight_id)
    following = _following(session, flight) if flight is not None else None
    if following is None or _is_after(session, flight_id, following):
        return touch_flight(session, flight_id, "swap #{id}")
    return act_at(session, parse_act(f"swap #{flight_id}"), session.trace.steps[following].at, following)


def _following(session: Session, flight: Flight) -> int | None:
    """The step that sends the next segment on the same way while ``flight`` is in the air, as far as may be known."""
    ends, trace = lands_at(flight), session.trace
    first, last = step_of_sending(trace, flight) + 1, trace.index_at(session.visible_end)
    for index, record in trace.records(first, last + 1):
        if record.at > ends:
            return None
        if isinstance(record, Sent) and (record.flight.sender, record.flight.receiver) == (
            flight.sender, flight.receiver,
        ):  # fmt: skip
            return index
    return None


def _is_after(session: Session, flight_id: int, index: int) -> bool:
    """Are both in the air at the playhead already?"""
    is_flying = any(flight.id == flight_id for flight in session.world.flights)
    return is_flying and session.trace.index_at(session.playhead) >= index


def step_of_sending(trace: Trace, flight: Flight) -> int:
    """The step in which a segment left that arrives at the same instant: only right after it is it on its way."""
    index = trace.index_at(flight.sent_at)
    while not any(isinstance(record, Sent) and record.flight.id == flight.id for record in trace.steps[index].records):
        index -= 1
    return index


def find_flight(session: Session, flight_id: int) -> Flight | None:
    """The flight with this id on the session's branch, as far as the horizon lets it be seen."""
    return session.trace.flight(flight_id, until=session.visible_end)


# --- branches ---


def back_to_lesson(session: Session) -> Session:
    """The lesson's own branch, where it was left."""
    if session.branch == session.road:
        return replace(session, notice=Notice("on-the-road"))
    on_road = _show(session, session.road)
    playhead, beat = session.bookmark
    return replace(on_road, playhead=playhead, beat=beat)


def go_exploring(session: Session) -> Session:
    """Bets stop nothing any more until the learner is back on the road."""
    if session.branch == session.road:
        return replace(session, notice=Notice("on-the-road"))
    return replace(session, is_exploring=True, given=NOTHING_GIVEN)


def switch(session: Session, branch: int) -> Session:
    """Another future, at the same time as far as it may be shown there."""
    if not session.timeline.has(branch) or branch in session.gone:
        return replace(session, notice=Notice("no-such-branch"))
    bookmark = (session.playhead, session.beat) if session.branch == session.road else session.bookmark
    shown = replace(_show(session, branch), bookmark=bookmark)
    return moving.seek(shown, session.playhead)


def _show(session: Session, branch: int) -> Session:
    moments = session.laid.get(branch) or find_moments(session.lesson, session.timeline.branch(branch).trace)
    return replace(
        session,
        branch=branch,
        laid={**session.laid, branch: moments},
        is_exploring=session.is_exploring and branch != session.road,
        given=NOTHING_GIVEN,
        is_playing=False,
        selection="",
    )


# --- what the touch changed ---


def change_since(timeline: Timeline, road: int, branch: int, *, until: int | None = None) -> Change | None:
    """The first difference between the two branches, the act itself not counted.

    ``until``: what happens after that (microseconds) is not known on either branch; a record of later is None.
    """
    found = _difference(timeline.branch(road).trace, timeline.branch(branch).trace)
    on_road, here = (
        record if record is not None and (until is None or record.at <= until) else None for record in found
    )
    times = [record.at for record in (on_road, here) if record is not None]
    return Change(min(times), on_road, here) if times else None


@lru_cache(maxsize=64)
def _difference(road: Trace, here: Trace) -> tuple[Record | None, Record | None]:
    found = compare(road, here)
    return (None, None) if found is None else (found.a, found.b)
