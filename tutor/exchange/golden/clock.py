"""When a kernel may have done what the simulated host did.

Rules
-----
* An answer comes within 20 ms of what it answers.
* A kernel's timer fires late, by at most 13 % and 30 ms of its own length, and never early except for 2 ms of rounding.
  A simulated timer is never late. So what a timer does is counted from the step that started it, and that step is put
  where the recording has it: lateness does not add up.
* A step of which the recording shows nothing may have been anywhere between its earliest and its latest time.

Theory
------
Every step gets a window of recorded time: from its cause's window, and from what the recording shows of the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tutor.exchange.golden.stage import ByCopy, ByItem, ByTimer, Log
from tutor.exchange.golden.trace import KernelSegment, Trace

MS = 1_000
EARLY = 2 * MS
"""Rounding."""
PROMPT = 20 * MS
"""An answer takes no longer; a sampler lags no more."""
LATE, SLACK = 0.13, 30 * MS
"""A timer is late by no more than this part of its length, and this besides."""


class Window(NamedTuple):
    """From ``earliest`` to ``latest``, in microseconds of the recording."""

    earliest: int
    latest: int

    def clamp(self, t: int) -> int:
        """``t``, or the nearest time within."""
        return min(max(t, self.earliest), self.latest)

    def holds(self, t: int, *, lag: int = 0) -> bool:
        """May something recorded at ``t`` have happened here, if it was seen up to ``lag`` later?"""
        return self.earliest <= t <= self.latest + lag


class Clock:
    """Windows of recorded time for every moment of a replay."""

    def __init__(self, trace: Trace, log: Log, matched: Mapping[tuple[str, int], KernelSegment]) -> None:
        items = {item.n: item.t for item in (*trace.script, *trace.calls)}
        self._items = items
        self._duration = trace.duration
        self._matched = matched
        self._shown: dict[int, list[int]] = {}
        done = {call.n: call.t_done for call in trace.calls if call.n_done is not None}
        for n, answer in log.answers.items():
            if n in done:
                self._shown.setdefault(answer.moment, []).append(done[n])
        sent = {(each.host, each.k): each.moment for own in log.segments.values() for each in own}
        by_segment: dict[int, list[int]] = {}
        for key, segment in matched.items():
            by_segment.setdefault(sent[key], []).append(segment.t)
        self._shown |= by_segment
        self._log = log
        self.allowed: list[Window] = []
        """Moment -> when it may have happened."""
        self._was: list[Window] = []
        """Moment -> when it did, as far as the recording shows."""
        for moment in range(len(log.origins)):
            allowed, otherwise = self._window(moment)
            shown = self._shown.get(moment)
            self.allowed.append(allowed)
            shown = [allowed.clamp(t) for t in shown] if shown is not None else None
            self._was.append(self._pinned(moment, otherwise, shown) if shown else otherwise)

    def was(self, moment: int) -> Window:
        """When it happened, as far as the recording shows."""
        return self._was[moment]

    def after(self, moment: int) -> Window:
        """When the consequences of a moment may have been seen."""
        allowed = self.allowed[moment]
        return Window(allowed.earliest, self._was[moment].latest + PROMPT if moment in self._shown else allowed.latest)

    def may_be_missed(self, moment: int) -> bool:
        """May the recording have ended before it happened?"""
        by_timer = isinstance(self._log.origins[moment], ByTimer)
        allowed = self.allowed[moment]
        return (allowed.latest if by_timer else allowed.earliest + EARLY) >= self._duration

    def _pinned(self, moment: int, otherwise: Window, shown: list[int]) -> Window:
        """A segment is seen after it was sent: an answer was given between its cause and that."""
        if isinstance(self._log.origins[moment], ByTimer):
            return Window(min(shown), max(shown))
        return Window(min(otherwise.earliest, *shown), max(shown))

    def _window(self, moment: int) -> tuple[Window, Window]:
        """(when it may have happened, what is taken for its time if the recording shows nothing)."""
        origin = self._log.origins[moment]
        match origin:
            case ByItem(n):
                t = self._items.get(n, 0)
                return Window(t - EARLY, t + PROMPT), Window(t, t)
            case ByTimer(since, length):
                start = self._was[since] if since < moment else Window(0, 0)
                latest = start.latest + round(length * (1 + LATE)) + SLACK
                window = Window(start.earliest + length - EARLY, latest)
                return window, Window(start.earliest + length, latest)
            case ByCopy():
                at = self._arrival(origin)
                return Window(at.earliest - EARLY, at.latest + PROMPT), at

    def _arrival(self, copy: ByCopy) -> Window:
        """When a copy of a segment arrived."""
        sent = self._log.segments[copy.host][copy.k]
        segment = self._matched.get((copy.host, copy.k))
        if segment is not None and segment.wire and copy.copy < len(segment.wire):
            at = self.allowed[sent.moment].clamp(segment.t) + segment.wire[copy.copy]
            return Window(at, at)
        was, flight = self._was[sent.moment], sent.flight
        delay = flight.copies[copy.copy] - flight.sent_at if copy.copy < len(flight.copies) else 0
        return Window(was.earliest + delay, was.latest + delay)
