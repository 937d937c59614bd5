"""A Session as pictures: which trace, which time, which look. Values in, values out; no Qt.

Rules
-----
* Whatever a picture is computed from ends at the horizon: even a scale must not depend on what a bet hides.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

from tutor.tcp.variant import ROWS
from tutor.teach import aiming, betting, branching, byroad
from tutor.teach.session import Session
from tutor.ui import saying
from tutor.ui.lensing import lens_of, linked_here
from tutor.ui.rows import Variables
from tutor.view import panels, scrubber
from tutor.view.aspect import Aspect
from tutor.view.beside import compare_ladders, tempo_beside
from tutor.view.branches import FIRST_RUN, ROAD, Tree, branches, label
from tutor.view.diagram import Rest, diagram
from tutor.view.ladder import ladder, turned
from tutor.view.linking import whole_state
from tutor.view.marks import Picture
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

Size = tuple[int, int]


def look_of(session: Session, words: Words, hover: str = "") -> Look:
    """Language, theme, text size, motion and what is picked out."""
    return Look(
        lang=session.lang,
        theme_name=session.theme,
        text_scale=session.text_scale,
        motion="reduced" if session.motion == "reduced" else "full",
        selection=session.selection,
        hover=hover,
        words=words,
    )


def tempo_of(session: Session) -> Tempo:
    """The tempo of what may be shown."""
    return _tempo(session.trace, session.visible_end, session.unfolded)


@lru_cache(maxsize=32)
def _tempo(trace: Trace, end: int, unfolded: frozenset[str]) -> Tempo:
    return Tempo.of(trace, end, unfolded)


def ladder_tempo(session: Session) -> Tempo:
    """The ladder's tempo, which scrubber and plots share: where another future is drawn, there is room for it."""
    ghost, _, known = ghost_of(session)
    own, end = tempo_of(session), session.visible_end
    if session.beside is not None:
        both, _ = tempo_beside(
            session.trace,
            session.timeline.branch(session.beside).trace,
            session.playhead,
            horizon=session.horizon,
            known=betting.known_until(session, session.beside),
            unfolded=session.unfolded,
        )
        return both.until(end)
    if ghost is None:
        return own
    seen = min(end, ghost.end if known is None else min(known, ghost.end))
    return _shared(own, _tempo(ghost, seen, session.unfolded), end)


@lru_cache(maxsize=32)
def _shared(own: Tempo, other: Tempo, end: int) -> Tempo:
    return Tempo.across((own, other), end)


def diagram_of(session: Session, size: Size, look: Look, rest: Rest | None = None) -> Picture:
    """The state diagram at the playhead; ``rest``: for how long the run has stood still there."""
    rest = rest or Rest(session.playhead, math.inf)
    tempo = tempo_of(session)
    return diagram(
        session.trace,
        session.playhead,
        size,
        replace(look, selection=whole_state(look.selection)),
        horizon=session.horizon,
        tempo=tempo,
        focus=session.sight.focus,
        rest=rest,
        aspect=aspect_of(session),
    )


def aspect_of(session: Session) -> Aspect:
    """What is drawn besides the run: the variant of the figure, and what is laid over it."""
    sight = session.sight
    crossed = session.ever if sight.coverage == "ever" else session.crossed if sight.coverage else frozenset()
    drawn = frozenset(ROWS[edge].drawn_as if edge in ROWS else edge for edge in crossed)
    is_linked = session.selection.startswith((aiming.PREFIX, "var:"))
    lit = linked_here(session).edges if is_linked else frozenset()
    return Aspect(sight.figure, sight.has_transients, sight.has_paths, sight.coverage, drawn, lit)


def ladder_of(session: Session, size: Size, look: Look, rest: str | None = None) -> Picture:
    """The segment timeline about the playhead, the other future as a ghost; or beside it, if that is wanted.

    ``rest``: for a room, the sentence (a message) for what nobody may see yet, "": none; no key is named there.
    """
    if session.beside is not None:
        return comparison_of(session, session.beside, size, look)
    ghost, since, known = ghost_of(session)
    return ladder(
        session.trace,
        session.playhead,
        size,
        look,
        tempo=ladder_tempo(session),
        horizon=session.horizon,
        ghost=ghost,
        since=since,
        known=known,
        lens=replace(lens_of(session), rest=rest, key="") if rest is not None else lens_of(session),
    )


def pages_away(session: Session, size: Size, pages: int) -> int:
    """The moment so many pages of the ladder after the playhead (before it, if negative)."""
    look, tempo = Look(text_scale=session.text_scale), ladder_tempo(session)
    return turned(session.trace, session.playhead, size, look, tempo=tempo, lens=lens_of(session), pages=pages)


def ghost_of(session: Session) -> tuple[Trace | None, int, int | None]:
    """The future that was left, when, and how far it may be shown; on the road, the one that was undone last."""
    timeline = session.timeline
    here = timeline.branch(session.branch)
    if here.parent is not None:
        return timeline.branch(here.parent).trace, here.at, betting.known_until(session, here.parent)
    others = [
        branch for branch in timeline.branches if branch.parent == session.branch and branch.id not in session.gone
    ]
    if not others:
        return None, 0, None
    last = others[-1]
    return last.trace, last.at, betting.known_until(session, last.id)


def tree_of(session: Session) -> Tree:
    """What of the tree of futures may be seen."""
    rows, here = branching.shown(session), branching.standing_for(session)
    shown_as = session.branch if here != session.branch else None
    known = {branch: until for branch in rows if (until := betting.known_until(session, branch)) is not None}
    name = ROAD if saying.is_lesson(session) else FIRST_RUN
    by_hand = byroad.by_hand(session.lesson, session.timeline, session.road)
    return Tree(session.timeline, rows, session.road, here, session.beside, shown_as, known, name, by_hand)


def branches_of(session: Session, size: Size, look: Look) -> Picture:
    """The tree of futures."""
    return branches(tree_of(session), session.playhead, size, look, horizon=session.horizon)


def comparison_of(session: Session, beside: int, size: Size, look: Look) -> Picture:
    """The branch on screen and another, side by side."""
    tree, timeline = tree_of(session), session.timeline
    return compare_ladders(
        session.trace,
        timeline.branch(beside).trace,
        session.playhead,
        size,
        look,
        horizon=session.horizon,
        known=betting.known_until(session, beside),
        unfolded=session.unfolded,
        names=(label(tree, tree.here, look), label(tree, beside, look)),
        idle=tuple(label(tree, branch, look) for branch in branching.between(session, beside)),
        has_more=len(branching.others(session)) > 1,
    )


def scrubber_of(session: Session, size: Size, look: Look) -> Picture:
    """The whole run on one line, as far as it may be shown."""
    beats = tuple((beat.at, beat.status) for beat in session.beats if beat.at is not None)
    return scrubber.scrubber(
        session.trace,
        session.playhead,
        size,
        look,
        tempo=ladder_tempo(session),
        horizon=session.horizon,
        beats=beats,
    )


def time_at(session: Session, x: float, width: float) -> int:
    """The moment under ``x`` of a scrubber ``width`` px wide."""
    return scrubber.time_at(x, width, ladder_tempo(session), session.horizon)


BRIEF = ("SND.UNA", "SND.NXT", "RCV.NXT")
"""The variables that a low window shows, besides the timer."""


def variables(session: Session, look: Look, *, is_brief: bool = False) -> Variables:
    """The connection's variables at the playhead; brief: without what diagram and ladder say as well."""
    rows = panels.variables(session.trace, session.playhead, look, session.sight.focus, horizon=session.horizon)
    if is_brief:
        rows = (*(row for row in rows if row[0] in BRIEF), rows[-1])
    return Variables(saying.host_columns(session, look.words), rows)
