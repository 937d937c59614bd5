"""What a beat does: an act, at the beat's moment or some time after it.

Rules
-----
* ``ACT`` is done right after the event on which the beat hangs, and after what an earlier beat did there.
* ``after SPAN ACT`` waits, and then lets everything happen that belongs to that instant: so a hand's act between two
  events can be told.
* A line that cannot be read is an ``ActError`` whose column counts in the whole line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from tutor.world.acts import Act, ActError, parse_act
from tutor.world.lines import read_span
from tutor.world.query import Moment
from tutor.world.records import HandActs
from tutor.world.time import format_duration
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace

_AFTER = re.compile(r"\s*after\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Doing:
    """An act of a beat. ``after`` (microseconds) is None where it follows the event at once."""

    act: Act
    after: int | None = None

    def __str__(self) -> str:
        if self.after is None:
            return str(self.act)
        return f"after {format_duration(self.after).replace(' ', '')} {self.act}"

    def at(self, moment: Moment) -> int:
        """When it is done (microseconds) if its beat fires at ``moment``."""
        return moment.at + (self.after or 0)

    def done(self, timeline: Timeline, branch: int, moment: Moment) -> Timeline:
        """The timeline with another branch, in which it is done on ``branch``."""
        index = last_act_at(timeline.branch(branch).trace, moment.index) if self.after is None else None
        return timeline.fork(branch, self.at(moment), self.act, index=index)


def last_act_at(trace: Trace, index: int) -> int:
    """Step ``index``, or the last of the hand's acts that follow it at once: two beats may act on one event."""
    steps = trace.computed
    while index + 1 < len(steps) and isinstance(steps[index + 1].cause, HandActs):
        if steps[index + 1].at != steps[index].at:
            break
        index += 1
    return index


def parse_doing(text: str, hosts: Collection[str] | None = None) -> Doing:
    """The act of a beat that ``text`` describes. Raises ``ActError``; with ``hosts`` their names are checked too."""
    after, offset = _after(text)
    rest = text[offset:]
    try:
        return Doing(parse_act(rest, hosts, offset=offset), after)
    except ActError as error:
        raise ActError(text, error.column, error.found, error.allowed, error.nearest) from None


@lru_cache(maxsize=256)
def _after(text: str) -> tuple[int | None, int]:
    """The span that the act waits, and where the act itself begins."""
    match = _AFTER.match(text)
    if match is None:
        return None, 0
    span, offset = read_span(text, match.end())
    return span, offset + len(text[offset:]) - len(text[offset:].lstrip())
