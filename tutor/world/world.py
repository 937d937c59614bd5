"""World: ``step`` and ``act``, the only two ways from one World to the next.

Rules
-----
* ``step(world)`` does what is due next and returns the Step, or None when nothing is due any more (rest).
* ``act(world, act)`` does something by hand, now or at a given later instant before anything else that is due then.
* Both are pure: the world they are given stays as it was. The same world and act always give the same Step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.world import deeds, hands, reception, waiting, wire
from tutor.world.acts import Act, parse_act
from tutor.world.desk import Desk, Watch, World
from tutor.world.kernel import timer_expires
from tutor.world.records import (
    Cause,
    HandActs,
    IcmpArrives,
    ProgramGoesOn,
    Record,
    SegmentArrives,
    SegmentDies,
    TimerExpires,
    WaitEnds,
)

__all__ = ("Step", "World", "act", "again", "next_at", "step")

IDLE_LIMIT = 10_000
"""Agenda entries without any effect that one step passes over before it counts as a step (a program's empty loop)."""


class Step:
    """One thing that happened: number, time, cause, records, and the World after it.

    A trace that is short of memory lets go of the World and computes it again when it is asked for.
    """

    __slots__ = ("_source", "_world", "at", "cause", "index", "records")

    def __init__(
        self,
        index: int,
        at: int,
        cause: Cause,
        records: tuple[Record, ...],
        *,
        world: World | None,
        source: Callable[[int], World] | None = None,
    ) -> None:
        self.index = index
        self.at = at
        self.cause = cause
        self.records = records
        self._world = world
        self._source = source

    @property
    def world(self) -> World:
        """The World after this step."""
        if self._world is not None:
            return self._world
        assert self._source is not None, "a step without its world knows where to get it"
        return self._source(self.index)

    @property
    def has_world(self) -> bool:
        """Is the World kept here (and not computed again)?"""
        return self._world is not None

    def thinned(self, source: Callable[[int], World]) -> Step:
        """The same step without its World; ``source`` computes it."""
        return Step(self.index, self.at, self.cause, self.records, world=None, source=source)

    def __repr__(self) -> str:
        return f"Step({self.index}, at={self.at}, {self.cause}, {len(self.records)} records)"


def step(world: World, watch: Watch | None = None) -> Step | None:
    """The next thing that happens, or None when the world is at rest. ``watch`` sees what the protocol does."""
    desk: Desk | None = None
    agenda = world.agenda
    for _ in range(IDLE_LIMIT):
        first = agenda.first()
        if first is None:
            return None
        at, _priority, _number, what = first
        if desk is None:
            desk = Desk(world, at, watch)
        desk.now = at
        desk.agenda = agenda.pop()
        if _HANDLERS[type(what)](desk, what) and desk.records:
            break
        agenda = desk.agenda
    assert desk is not None, "the loop has looked at least once"
    return Step(world.index + 1, desk.now, what, tuple(desk.records), world=desk.world())


def act(world: World, deed: Act, *, at: int | None = None, watch: Watch | None = None) -> Step:
    """Do ``deed`` by hand, at ``at`` (microseconds, not before ``world.now``; now unless given)."""
    now = world.now if at is None else max(at, world.now)
    desk = Desk(world, now, watch)
    hands.perform(desk, deed)
    return Step(world.index + 1, now, HandActs(str(deed), is_fork=True), tuple(desk.records), world=desk.world())


def again(world: World, known: Step, watch: Watch | None = None) -> Step:
    """``known``, which followed ``world``, once more; ``watch`` sees what the protocol does in it."""
    if isinstance(known.cause, HandActs) and known.cause.is_fork:
        return act(world, parse_act(known.cause.act), at=known.at, watch=watch)
    found = step(world, watch)
    assert found is not None, "a step that happened once happens again"
    return found


def next_at(world: World) -> int | None:
    """When something may happen next (microseconds), or None at rest. Never later than the next step."""
    first = world.agenda.first()
    return first[0] if first is not None else None


# --- what may be due ---


def _segment_arrives(desk: Desk, what: SegmentArrives) -> bool:
    flight = wire.landed(desk, what.flight, what.copy)
    if flight is None:
        return False
    reception.segment_arrives(desk.kernel(flight.receiver), flight, what.copy)
    return True


def _segment_dies(desk: Desk, what: SegmentDies) -> bool:
    return wire.died(desk, what.flight)


def _icmp_arrives(desk: Desk, what: IcmpArrives) -> bool:
    return reception.icmp_arrives(desk.kernel(what.host), what)


def _timer_expires(desk: Desk, what: TimerExpires) -> bool:
    return timer_expires(desk.kernel(what.host), what.socket)


def _program_goes_on(desk: Desk, what: ProgramGoesOn) -> bool:
    return deeds.goes_on(desk.kernel(what.host), what.program, what.ticket)


def _wait_ends(desk: Desk, what: WaitEnds) -> bool:
    return waiting.wait_ends(desk.kernel(what.host), what.socket)


def _hand_acts(desk: Desk, what: HandActs) -> bool:
    hands.perform(desk, parse_act(what.act))
    return True


_HANDLERS: dict[type, Callable[[Desk, Any], bool]] = {
    SegmentArrives: _segment_arrives,
    SegmentDies: _segment_dies,
    IcmpArrives: _icmp_arrives,
    TimerExpires: _timer_expires,
    ProgramGoesOn: _program_goes_on,
    WaitEnds: _wait_ends,
    HandActs: _hand_acts,
}
