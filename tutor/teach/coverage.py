"""Coverage: which edges have been crossed where the learner has looked, in this run and ever.

Rules
-----
* Only what the playhead has passed counts: a future that nobody has seen proves nothing. Every branch counts.
* What has been crossed stays crossed: undo, a deleted branch and another lesson take nothing back.
* Ids are rows of ``TRANSITIONS``; a sequence that is drawn as an edge of its own counts under that edge's id as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tutor.tcp.transitions import SEQUENCES
from tutor.world.records import StateChanged
from tutor.world.trace import Trace

if TYPE_CHECKING:
    from tutor.teach.session import Session

_DRAWN = {tuple(edge.id for edge in each.edges): each.drawn_as for each in SEQUENCES if each.drawn_as}


class Crossing(NamedTuple):
    """One edge (or drawn sequence) that was crossed before the learner's eyes, and under which rules."""

    edge: str
    rule_set: str


def looked(session: Session) -> Session:
    """The session with what its playhead has now passed; itself if that is nothing new."""
    here = session.trace.index_at(session.playhead)
    before = seen_until(session, session.branch)
    if session.branch in session.seen and before >= here:
        return replace(session, news=()) if session.news else session
    news = tuple(_between(session.trace, before, here))
    found = frozenset(each.edge for each in news)
    return replace(
        session,
        seen={**session.seen, session.branch: max(before, here)},
        crossed=session.crossed | found if found else session.crossed,
        ever=session.ever | found if found else session.ever,
        news=news,
    )


def seen_until(session: Session, branch: int) -> int:
    """The last step of a branch that the learner has seen, there or on the branch it left; -1: none."""
    known = session.seen.get(branch, -1)
    node = session.timeline.branch(branch)
    if node.parent is None:
        return known
    return max(known, min(node.index, seen_until(session, node.parent)))


def _between(trace: Trace, start: int, stop: int) -> Iterator[Crossing]:
    """What is crossed in the steps after ``start`` up to ``stop``."""
    for index in range(start + 1, stop + 1):
        step = trace.step(index)
        if step is None:
            return
        together: dict[tuple[str, str], list[str]] = {}
        for record in step.records:
            if isinstance(record, StateChanged):
                together.setdefault((record.host, record.connection), []).append(record.edge)
        for (host, _), edges in together.items():
            rule_set = step.world.host(host).profile.rule_set
            yield from (Crossing(edge, rule_set) for edge in edges)
            if drawn := _DRAWN.get(tuple(edges)):
                yield Crossing(drawn, rule_set)
