"""Trace: one line of time, computed as far as somebody has looked.

Rules
-----
* Append-only. Step 0 is the world at time 0; step i is what happened i-th. A step never changes.
* Steps are computed when they are needed: ``world_at(t)`` computes to t, ``steps`` and ``end`` to ``until``.
* Up to ``KEPT`` Worlds are kept; a longer trace keeps every k-th and computes those between again, at most k steps.
* ``LIMIT`` steps bound a run, whatever its programs do; ``is_cut_short`` says so.

Theory
------
Worlds share what did not change, so keeping one costs about as much as what its step changed. Seeking is a
bisect over times. A fork shares the steps before it: it copies pointers, not worlds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from tutor.world.acts import Act
from tutor.world.beginning import begin
from tutor.world.records import Began, Flight, FlightChanged, Lost, Record, Sent
from tutor.world.scenario import Scenario
from tutor.world.world import Step, World, act, again, step

KEPT = 8192
"""How many Worlds a trace keeps at most."""

LIMIT = 100_000
"""How many steps a trace has at most."""


class Trace:
    """All steps of one line of time, from time 0 to ``until`` (microseconds)."""

    def __init__(self, start: World, until: int, *, kept: int = KEPT, limit: int = LIMIT) -> None:
        self.until = until
        self._steps: list[Step] = [Step(start.index, start.now, Began(), (), world=start)]
        self._times: list[int] = [start.now]
        self._next: Step | None = None
        self._is_over = False
        self._kept = kept
        self._limit = limit
        self._stride = 1
        self._recent: dict[int, World] = {}
        self._sent: dict[int, int] = {}
        self._touched: dict[int, list[int]] = {}
        self._known = 1

    @classmethod
    def of(cls, scenario: Scenario) -> Trace:
        """The run of ``scenario``, nothing of it computed yet."""
        return cls(begin(scenario), scenario.until)

    # --- computing ---

    def extend(self, until: int | None = None, *, steps: int | None = None) -> None:
        """Compute what happens up to ``until`` (not beyond the trace's own), or ``steps`` more steps of it."""
        until = self.until if until is None else min(until, self.until)
        budget = self._limit if steps is None else steps
        while not self._is_over and budget > 0:
            if self._next is None:
                self._next = step(self._steps[-1].world)
            if self._next is None or self._next.at > self.until or len(self._steps) >= self._limit:
                self._is_over = True
            elif self._next.at > until:
                return
            else:
                self._append(self._next)
                self._next = None
                budget -= 1

    def _append(self, new: Step) -> None:
        self._steps.append(new)
        self._times.append(new.at)
        if len(self._steps) > self._kept * self._stride:
            self._stride *= 2
            self._thin(1)
        elif self._stride > 1:
            self._thin(len(self._steps) - 2)

    def _thin(self, first: int) -> None:
        """Let go of Worlds from step ``first`` on, except every k-th and the last."""
        for index in range(max(first, 1), len(self._steps) - 1):
            if index % self._stride and self._steps[index].has_world:
                self._steps[index] = self._steps[index].thinned(self._again)

    def _again(self, index: int) -> World:
        """The World after step ``index``, computed again from the last one kept before it."""
        if index in self._recent:
            return self._recent[index]
        anchor = index - 1
        while not self._steps[anchor].has_world and anchor not in self._recent:
            anchor -= 1
        if anchor not in self._recent:
            self._recent = {anchor: self._steps[anchor].world}
        world = self._recent[anchor]
        for number in range(anchor + 1, index + 1):
            world = again(world, self._steps[number]).world
            self._recent[number] = world
        return world

    def show(self, steps: list[Step]) -> None:
        """Hold these steps and no others: a run as somebody else tells it."""
        self._steps = list(steps)
        self._times = [step.at for step in steps]
        self._is_over = True

    # --- looking ---

    @property
    def steps(self) -> list[Step]:
        """Every step to the end of the run. Not to be changed."""
        self.extend()
        return self._steps

    @property
    def computed(self) -> list[Step]:
        """The steps computed so far. Not to be changed."""
        return self._steps

    @property
    def end(self) -> int:
        """When the last thing happens (microseconds)."""
        self.extend()
        return self._times[-1]

    @property
    def is_cut_short(self) -> bool:
        """Did the run exceed ``limit`` steps?"""
        self.extend()
        return len(self._steps) >= self._limit

    def index_at(self, time: int) -> int:
        """The last step at or before ``time`` (microseconds)."""
        self.extend(time)
        return bisect_right(self._times, time) - 1

    def world_at(self, time: int) -> World:
        """The World at ``time``: after the last step at or before it."""
        return self._steps[self.index_at(time)].world

    def next_instant(self, time: int) -> int | None:
        """The next instant after ``time`` at which something happens, or None."""
        index = bisect_right(self._times, time)
        while index >= len(self._steps) and not self._is_over:
            self.extend(steps=1)
            index = bisect_right(self._times, time)
        return self._times[index] if index < len(self._steps) else None

    def previous_instant(self, time: int) -> int | None:
        """The last instant before ``time`` at which something happened, or None. Time 0 always counts."""
        self.extend(time)
        index = bisect_left(self._times, time) - 1
        return self._times[index] if index >= 0 else None

    def records(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Record]]:
        """(step, record) of every record of steps ``start`` (inclusive) to ``stop`` (exclusive; None: the end)."""
        if stop is None:
            self.extend()
        else:
            self._extend_to_index(stop - 1)
        for passed in self._steps[start:stop]:
            for record in passed.records:
                yield passed.index, record

    def _extend_to_index(self, index: int) -> None:
        if index >= len(self._steps):
            self.extend(steps=index - len(self._steps) + 1)

    def step(self, index: int) -> Step | None:
        """Step ``index``, computed if need be, or None after the end."""
        self._extend_to_index(index)
        return self._steps[index] if index < len(self._steps) else None

    def upto(self, index: int) -> list[Step]:
        """The steps up to and with step ``index``, computed if need be; nothing after it is."""
        self._extend_to_index(index)
        return self._steps[: index + 1]

    def flight(self, number: int, until: int | None = None) -> Flight | None:
        """The flight ``number`` as it is known at ``until`` (the end unless given); None if it was not sent by then."""
        last = len(self.steps) - 1 if until is None else self.index_at(until)
        self._learn(last)
        sent = self._sent.get(number)
        if sent is None or sent > last:
            return None
        found: Flight | None = None
        for index in (sent, *self._touched.get(number, ())):
            if index > last:
                break
            for record in self._steps[index].records:
                if isinstance(record, Sent | FlightChanged | Lost) and record.flight.id == number:
                    found = record.flight
        return found

    def _learn(self, last: int) -> None:
        """Know where each flight was sent and touched, up to step ``last``."""
        for index in range(self._known, last + 1):
            for record in self._steps[index].records:
                if isinstance(record, Sent):
                    self._sent[record.flight.id] = index
                elif isinstance(record, FlightChanged | Lost):
                    self._touched.setdefault(record.flight.id, []).append(index)
        self._known = max(self._known, last + 1)

    # --- forking ---

    def fork(self, index: int, at: int, *deeds: Act) -> Trace:
        """The other line of time in which ``deeds`` are done at ``at``, one after the other, after step ``index``."""
        other = Trace(self._steps[0].world, self.until, kept=self._kept, limit=self._limit)
        other._steps = self._steps[: index + 1]
        other._times = self._times[: index + 1]
        other._stride = self._stride
        for deed in deeds:
            other._append(act(other._steps[-1].world, deed, at=at))
        return other
