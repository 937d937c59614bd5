"""The tree of futures: which of them are shown, from one to the next, and taking one out of sight.

Rules
-----
* A future that was left or undone stays until somebody deletes it by hand; then all that grew from it goes with it.
* The road, what leads to it, and what leads to the branch on screen cannot be deleted.
* A deleted future can be reached by undo alone: it keeps its number, which undo, redo and answers speak of, and
  nobody sees it. What is saved, or kept when the window closes, is without it.
* While a bet is open, a future that begins at the horizon or later is not shown: it would tell that something happens.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import betting, intents, touching
from tutor.teach.notices import Notice
from tutor.world.timeline import compare

NONE = -1
"""No branch has this number."""

if TYPE_CHECKING:
    from tutor.teach.session import Session


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after a walk through the tree, or after a branch was deleted; None for any other intent."""
    match intent:
        case intents.NextBranch():
            return _walk(session, 1)
        case intents.PreviousBranch():
            return _walk(session, -1)
        case intents.DeleteBranch(branch=branch):
            return delete(session, branch)
        case _:
            return None


def shown(session: Session) -> tuple[int, ...]:
    """Every branch that may be seen, a parent before its children, in the order of the tree."""
    horizon = session.horizon
    return tuple(
        branch
        for branch in session.timeline.in_order()
        if branch not in session.gone
        and (horizon is None or session.timeline.branch(branch).at < horizon or branch == 0)
    )


def standing_for(session: Session) -> int:
    """The row of the tree that is the branch on screen: itself, or while a bet hides where it began its parent."""
    seen = shown(session)
    return next(branch for branch in session.timeline.lineage(session.branch) if branch in seen)


def _walk(session: Session, by: int) -> Session:
    seen = shown(session)
    if len(seen) < 2:
        return replace(session, notice=Notice("no-other-branch"))
    place = seen.index(standing_for(session))
    return touching.switch(session, seen[(place + by) % len(seen)])


def delete(session: Session, branch: int) -> Session:
    """Take ``branch`` and what grew from it out of sight."""
    timeline = session.timeline
    if not timeline.has(branch) or branch in session.gone:
        return replace(session, notice=Notice("no-such-branch"))
    going = timeline.descendants(branch)
    if session.road in going or session.branch in going:
        return replace(session, notice=Notice("branch-in-use"))
    sight = replace(session.sight, beside=None) if session.sight.beside in going else session.sight
    return replace(session, gone=session.gone | going, sight=sight)


def other(session: Session) -> int:
    """The future to compare with: the one beside, else the first of ``others`` that differs; ``NONE`` if alone."""
    if session.beside is not None:
        return session.beside
    seen = others(session)
    return next((branch for branch in seen if differs(session, branch)), seen[0] if seen else NONE)


def others(session: Session) -> tuple[int, ...]:
    """Every other future that may be seen: those the one on screen came from, the nearest first, then the newest."""
    here = standing_for(session)
    seen = [branch for branch in shown(session) if branch != here]
    came_from = [branch for branch in session.timeline.lineage(session.branch) if branch in seen]
    return (*came_from, *sorted((branch for branch in seen if branch not in came_from), reverse=True))


def differs(session: Session, branch: int) -> bool:
    """Is there a difference to the future on screen, as far as it may be known?"""
    found = compare(session.trace, session.timeline.branch(branch).trace)
    horizon = betting.known_until(session, branch)
    records = () if found is None else (found.a, found.b)
    return any(record is not None and (horizon is None or record.at <= horizon) for record in records)


def next_other(session: Session) -> int:
    """The future to compare with after the one that is compared; ``NONE`` if alone."""
    seen = others(session)
    if session.beside not in seen:
        return other(session)
    return seen[(seen.index(session.beside) + 1) % len(seen)]


def between(session: Session, branch: int) -> tuple[int, ...]:
    """The branches whose acts tell this future from the one on screen, the oldest first."""
    timeline = session.timeline
    return tuple(sorted({*timeline.lineage(session.branch)} ^ {*timeline.lineage(branch)}))


def deletable(session: Session) -> int:
    """The future that a key deletes: the one beside, else the newest that can be deleted; ``NONE`` if there is none."""
    seen = [session.beside] if session.beside is not None else sorted(shown(session), reverse=True)
    in_use = {session.road, session.branch}
    return next((branch for branch in seen if not session.timeline.descendants(branch) & in_use), NONE)
