"""The timers that run: how much is left of each, what set it off, and what will happen when it runs out.

Rules
-----
* Since when and why: the step that started it, as the run has it.
* What will happen is what the engine does if nothing comes before: the timer's expiry, put to this very block. That is
  a rule applied to now, not a look at what comes.
* While a bet waits nothing of that is computed, nor how much is left: a deadline lies ahead. Only the rule is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.joining import Speech, aside, sentences
from tutor.tcp.endpoint import react
from tutor.tcp.events import Emit, Expiry, Reaction
from tutor.tcp.segment import Segment, flags_text
from tutor.view.hosts.meanings import TIMERS
from tutor.view.hosts.moment import Moment
from tutor.view.hosts.sheet import Place, Sheet, clock, span_text
from tutor.view.marks import Ink, Rect
from tutor.view.panels import HIDDEN, TIMER_NAMES
from tutor.view.standing import SCREEN_NAMES
from tutor.view.theme import host_ink
from tutor.words import ALL_REASONS, TIMERS as LONG_NAMES, shown_value
from tutor.world.host import REQUEST, Host, Socket
from tutor.world.queues import tries_now
from tutor.world.records import Arrived, Called, Record, Sent, StateChanged, TimerFired, TimerStarted
from tutor.world.trace import Trace


class Running(NamedTuple):
    """A timer that runs. Times in microseconds; ``started_at`` is None where the run does not tell.

    ``cause``: since when and why; ``rule``: what happens when such a timer runs out; ``outcome``: what the engine
    does then about this very block, "" while a bet waits.
    """

    name: str
    deadline: int
    started_at: int | None
    cause: str
    rule: str
    outcome: str

    def left(self, now: int) -> float:
        """How much of it is left, 0 to 1."""
        if self.started_at is None or self.deadline <= self.started_at:
            return 0.0
        return max(0.0, min(1.0, (self.deadline - now) / (self.deadline - self.started_at)))


def running(moment: Moment, host: Host, socket: Socket | None, words: Speech) -> tuple[Running, ...]:
    """Every timer of a socket that runs now, the nearest first; while a bet waits, in the engine's order."""
    if socket is None:
        return ()
    found = list(socket.tcb.deadlines())
    if moment.may_foretell:
        found.sort(key=lambda timer: timer[1])
    return tuple(_running(moment, host, socket, timer, words) for timer in found)


def _running(moment: Moment, host: Host, socket: Socket, timer: tuple[str, int], words: Speech) -> Running:
    name, deadline = timer
    rule, source = TIMERS[name]
    began = _start_of(moment, host.name, socket.id, name)
    cause = ""
    if began is not None:
        step = moment.trace.computed[began]
        cause = _cause(name, step.at, (each for each in step.records if _is_about(each, host, socket)), words)
    outcome = _outcome(host, socket, name, deadline, words) if moment.may_foretell else ""
    started = moment.trace.computed[began].at if began is not None else None
    return Running(name, deadline, started, cause, aside(words.t(rule), source, words), outcome)


# --- since when, and why ---

Key = tuple[str, str, str]
"""(host, connection, timer)."""

_STARTS: WeakKeyDictionary[Trace, tuple[int, dict[Key, list[int]]]] = WeakKeyDictionary()


def _start_of(moment: Moment, host: str, connection: str, timer: str) -> int | None:
    """The step in which the timer was last started, at or before now."""
    trace, last = moment.trace, moment.world.index
    last = trace.index_at(moment.time)
    known, starts = _STARTS.get(trace, (0, {}))
    if known <= last:
        for index, record in trace.records(known, last + 1):
            if isinstance(record, TimerStarted):
                starts.setdefault((record.host, record.connection, record.timer), []).append(index)
        _STARTS[trace] = (last + 1, starts)
    found = starts.get((host, connection, timer), ())
    return next((index for index in reversed(found) if index <= last), None)


def _is_about(record: Record, host: Host, socket: Socket) -> bool:
    return record.host == host.name and record.connection == socket.id


ARRIVING = frozenset({"delayed-ack", "sack-compression", "time-wait", "fin-wait-2"})
"""Timers that what arrives starts; the others are started by what leaves."""


def _cause(timer: str, at: int, records: Iterable[Record], words: Speech) -> str:
    """What started it, from the records of that step."""
    mine = list(records)
    if timer in ("time-wait", "fin-wait-2"):
        for record in mine:
            if isinstance(record, StateChanged):
                state = SCREEN_NAMES.get(record.target, str(record.target))
                return words.t("since it entered {state}, {at}", state=state, at=clock(at))
    kinds = (Arrived, Sent) if timer in ARRIVING else (Sent, Arrived)
    for kind in kinds:
        newest = [record for record in mine if isinstance(record, kind)]
        if newest:
            segment = _segment(newest[-1].flight.segment)
            if kind is Sent:
                return words.t("since {segment} left, {at}", segment=segment, at=clock(at))
            return words.t("since {segment} came, {at}", segment=segment, at=clock(at))
    for record in mine:
        if isinstance(record, Called):
            return words.t("since {call}, {at}", call=f"{record.call}()", at=clock(at))
        if isinstance(record, TimerFired):
            return words.t("since the {timer} ran out, {at}", timer=words.t(LONG_NAMES[record.timer]), at=clock(at))
    return words.t("since {at}", at=clock(at))


# --- what will happen ---


def expiry(host: Host, socket: Socket, timer: str, deadline: int) -> Reaction:
    """What the engine does about ``socket`` if nothing comes before this timer runs out."""
    listener = host.connection(socket.listener) if socket.kind == REQUEST else None
    tries = tries_now(host, listener) if listener is not None else None
    return react(socket.tcb, Expiry(timer, tries), now=deadline, profile=host.profile)


def _outcome(host: Host, socket: Socket, timer: str, deadline: int, words: Speech) -> str:
    """The same in few words: what leaves, or why nothing does; the next state; the next wait."""
    done = expiry(host, socket, timer, deadline)
    said = []
    for effect in done.effects:
        if isinstance(effect, Emit):
            segment, is_again = _segment(effect.segment), effect.is_retransmission
            leaves = (
                words.t("{segment} again", segment=segment)
                if is_again
                else words.t("{segment} leaves", segment=segment)
            )
            said += [leaves] if leaves not in said else []
    if not said and done.reasons:
        reason = done.reasons[-1]
        values = {name: shown_value(name, value) for name, value in reason.arguments}
        said.append(words.t(ALL_REASONS[reason.id].sentence, **values))
    if done.tcb.state is not socket.tcb.state:
        said.append("→ " + SCREEN_NAMES.get(done.tcb.state, str(done.tcb.state)))
    after = dict(done.tcb.deadlines()).get(timer)
    if after is not None:
        said.append(words.t("next time after {span}", span=span_text(after - deadline)))
    return words.t(", ").join(said)


def _segment(segment: Segment) -> str:
    """Flags, and how much text: ``ACK len 1460``."""
    flags = flags_text(segment.flags, "+")
    return f"{flags} len {segment.length}" if segment.length else flags


# --- the picture ---


def timer_id(place: int, timer: Running) -> str:
    """The id under which the ladder draws the same timer."""
    return f"timer:{place}:{timer.started_at if timer.started_at is not None else timer.deadline}"


def timer_marks(sheet: Sheet, moment: Moment, place: int, timer: Running, box: Place) -> float:
    """One timer in two lines: a ring with what is left, since when; what then. The y below it is returned."""
    x, top, wide = box
    identity = timer_id(place, timer)
    sheet.selected(x - 3, top, wide + 6, 2 * sheet.row, identity)
    radius = sheet.em * 0.78
    sheet.ring(place, x + radius + 1, top + sheet.row, radius, left_part(moment, timer), identity)
    left = x + 2 * radius + sheet.em * 0.7
    room = x + wide - left
    name = sheet.t(TIMER_NAMES[timer.name])
    end = left + sheet.text(left, top, name, host_ink(place), room=room, weight=700)
    end += sheet.em * 0.5
    left_of_it = left_text(moment, timer.deadline)
    end += sheet.text(end, top, left_of_it, Ink("ink"), room=x + wide - end, weight=700, mono=True, is_live=True)
    due = sheet.t("until {at}", at=clock(timer.deadline)) if moment.may_foretell else ""
    said = sheet.t(", ").join(part for part in (due, timer.cause) if part)
    end += sheet.em * 0.7
    sheet.text(end, top, said, Ink("ink2"), room=x + wide - end)
    then = timer.outcome or timer.rule
    sheet.text(left, top + sheet.row, sheet.t("Then: {what}", what=then), Ink("ink2"), room=room)
    sheet.title(identity, _title(timer, moment, sheet.look.words))
    return top + 2 * sheet.row + sheet.em * 0.2


def left_text(moment: Moment, deadline: int) -> str:
    """What is left until ``deadline``, to be read at a glance; three dots while a bet waits."""
    return span_text(deadline - moment.time) if moment.may_foretell else HIDDEN


def left_part(moment: Moment, timer: Running) -> float:
    """How much of a ring is drawn; while a bet waits all of it."""
    return timer.left(moment.time) if moment.may_foretell else 1.0


def timer_in_head(sheet: Sheet, moment: Moment, place: int, timer: Running, box: Place) -> float:
    """A timer in few words at the right of a line: its ring, its name, what is left; the width is returned."""
    x, top, wide = box
    identity = timer_id(place, timer)
    name, left = sheet.t(TIMER_NAMES[timer.name]), left_text(moment, timer.deadline)
    radius = sheet.em * 0.5
    room = sheet.wide(f"{name} ", weight=700) + sheet.wide("0.000 s", weight=700, mono=True) + 2.6 * radius
    start = x + wide - room
    sheet.add(Rect(start, top, room, sheet.row, 4, Ink("surface", 0.0), id=identity))
    sheet.ring(place, start + radius, top + sheet.row / 2, radius, left_part(moment, timer), identity)
    end = start + 2.6 * radius
    end += sheet.text(end, top, f"{name} ", host_ink(place), weight=700)
    sheet.text(end, top, left, Ink("ink"), weight=700, mono=True, room=x + wide - end, is_live=True)
    sheet.title(identity, _title(timer, moment, sheet.look.words))
    return room + sheet.em


def _title(timer: Running, moment: Moment, words: Speech) -> str:
    left = name = words.t(LONG_NAMES[timer.name])
    if moment.may_foretell:
        span, at = span_text(timer.deadline - moment.time), clock(timer.deadline)
        left = words.t("{timer}: {left} left, until {at}", timer=name, left=span, at=at)
    then = words.t("When it runs out: {rule}.", rule=timer.rule)
    exact = words.t("If nothing comes before: {what}.", what=timer.outcome) if timer.outcome else ""
    return sentences((left, timer.cause, then, exact), words)
