"""Waiting: does a call that is still open come to an end, if nothing is lost any more and nobody does anything?

Rules
-----
* Asked where nothing is under way. From there on the network is honest: what is sent arrives, in the order in which it
  was sent, and timers strike when they are due. So there is one future only, and it is gone through on the engine.
* Where both ends stand as they have stood before, and no long timer will change that, the call waits for ever.
* The same question is put by the search to its worlds and by the judges of any run to its blocks (``judging``): that
  nobody gives up, and all else that is held constant (``held``), is true of both.

Theory
------
"In bounded time" is a promise about what is to come, and no run that ends has broken it. But a future without choices
either gets somewhere or turns in a circle, and a circle can be seen.
"""

from __future__ import annotations

from tutor.explore.ends import End, Entry, Seat, arrives, expires
from tutor.explore.normal import aged, next_long, next_short, normal
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.values import replace

_S = State

ROUNDS = 64
"""Times that a timer strikes; a call that is still open then is not open in bounded time."""

SEGMENTS = 64
"""Segments between two timers: more are a storm, which is no waiting."""

NUMBER = 1 << 29
"""What a listener begins with: nobody who waits for it knows it, so that it makes no difference."""

Ends = tuple[End, End]
Seats = tuple[Seat, Seat]


def is_calling(tcb: Tcb | None) -> bool:
    """Has its program called, and is not told yet whether it is open?"""
    return tcb is not None and tcb.is_active and tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED)


def at_time_0(tcb: Tcb | None, now: int) -> End:
    """A block of a run as an end of a search: its deadlines counted from ``now`` (microseconds)."""
    return End() if tcb is None else End(normal(aged(tcb, now)))


def waits_for_ever(seats: Seats, ends: Ends, side: int) -> bool:
    """The call of ``side``, which nothing is on its way to: is it never answered?"""
    seen: set[tuple[Tcb | None, Tcb | None]] = set()
    for _ in range(ROUNDS):
        if not is_calling(ends[side].tcb):
            return False
        standing = _standing(ends[0].tcb), _standing(ends[1].tcb)
        struck = _strike(seats, ends, is_long=standing in seen)
        if struck is None:
            return True
        ends = struck
        seen.add(standing)
    return True


def _standing(tcb: Tcb | None) -> Tcb | None:
    """A block but for its long timers."""
    return None if tcb is None else replace(tcb, timers=replace(tcb.timers, fin_wait_2=None, time_wait=None))


def _strike(seats: Seats, ends: Ends, *, is_long: bool) -> Ends | None:
    """The next timer strikes, and all that comes of it arrives; None: no timer runs. ``is_long``: the next long one."""
    due = []
    for side in (0, 1):
        tcb = ends[side].tcb
        clocks = [] if tcb is None else [next_long(tcb)] if is_long else [next_short(tcb), next_long(tcb)]
        due += [(clock[0], side, clock[1]) for clock in clocks if clock is not None]
    if not due:
        return None
    at, side, timer = min(due)
    span = max(0, at)
    later = [_later(end, span) for end in ends]
    outcome = expires(seats[side], later[side], timer)
    later[side] = outcome.end
    return _delivered(seats, (later[0], later[1]), outcome.sent)


def _later(end: End, span: int) -> End:
    """An end some time later. What would have struck by then, were it not a circle, strikes at once."""
    if end.tcb is None:
        return end
    tcb = aged(end.tcb, span)
    left = {name.replace("-", "_"): max(0, at) for name, at in tcb.timers.running()}
    return end._replace(tcb=replace(tcb, timers=replace(tcb.timers, **left)) if left else tcb)


def _delivered(seats: Seats, ends: Ends, first: tuple[Entry, ...]) -> Ends:
    under_way, now = list(first), list(ends)
    for _ in range(SEGMENTS):
        if not under_way:
            break
        to, segment = under_way.pop(0)
        outcome = arrives(seats[to], now[to], segment, NUMBER, 0)
        now[to] = outcome.end
        under_way += outcome.sent
    return now[0], now[1]
