"""The moment a picture speaks of: the world at the playhead, and the world before the last thing happened.

Rules
-----
* All that happens at one instant is one step to whoever watches: what changed is told against the world before it.
* Nothing after ``time`` is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.view.panels import socket_in_focus
from tutor.world.desk import World
from tutor.world.host import Host, Socket
from tutor.world.records import Record
from tutor.world.trace import Trace


@dataclass(frozen=True, slots=True)
class Moment:
    """``time``: the playhead (microseconds); ``at``: when the last thing happened, with its ``records``.

    ``before`` is None at the very beginning. ``focus``: the connection that is looked at ("" is each host's newest).
    ``may_foretell`` is False while a bet waits: then not even a rule is applied to what is not there yet.
    """

    trace: Trace
    time: int
    world: World
    before: World | None
    at: int
    records: tuple[Record, ...]
    focus: str = ""
    may_foretell: bool = True

    @property
    def hosts(self) -> tuple[Host, ...]:
        """Every host as it is now."""
        return self.world.hosts

    def was(self, host: Host) -> Host | None:
        """The host before the last thing happened; None at the very beginning."""
        return None if self.before is None else self.before.table.get(host.name)

    def socket(self, host: Host) -> Socket | None:
        """The host's socket that is looked at."""
        return socket_in_focus(host, self.focus)

    def socket_was(self, host: Host) -> Socket | None:
        """The same socket before the last thing happened, if there was one."""
        now, was = self.socket(host), self.was(host)
        return was.connection(now.id) if now is not None and was is not None else None


def moment_of(trace: Trace, time: int, focus: str = "", *, horizon: int | None = None) -> Moment:
    """The moment ``time`` of a run (microseconds); with a ``horizon`` a bet waits."""
    last = trace.index_at(time)
    steps = trace.computed
    first = last
    while first > 1 and steps[first - 1].at == steps[last].at:
        first -= 1
    records = tuple(record for step in steps[first : last + 1] for record in step.records)
    before = steps[first - 1].world if first > 0 else None
    return Moment(trace, time, steps[last].world, before, steps[last].at, records, focus, horizon is None)
