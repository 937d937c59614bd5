"""A run that a search has found, on the stage: what its card is headed, and whose its acts are."""

from __future__ import annotations

from tutor.explore.replay import FIRST_MOVE, SLOT
from tutor.joining import named
from tutor.teach import found
from tutor.teach.session import Session
from tutor.view.whose import Whose
from tutor.words import Words


def is_found(session: Session) -> bool:
    """Has a search found this run?"""
    return found.CONCEPT in session.lesson.concepts


def head(session: Session, words: Words) -> str:
    """``Found by the search: move 2 of 4``: which part of such a run the card is about."""
    return named(words.t("Found by the search"), _part(session, words), words)


def _part(session: Session, words: Words) -> str:
    beats = [beat.id for beat in session.lesson.beats]
    here = session.current.id if session.current is not None else found.BEFORE
    total = sum(each.startswith(found.MOVE) for each in beats)
    if here == found.AFTER:
        return words.t("what comes of it")
    if here.startswith(found.MOVE):
        return words.t("move {place} of {total}", place=here.removeprefix(found.MOVE), total=total)
    if here == found.BEFORE:
        return words.n("{count} move follows", "{count} moves follow", total) if total else words.t("no move is needed")
    return words.t("time passes")


def whose(session: Session) -> Whose:
    """Which acts the run came with: a lesson's own, a search's; and which belong to the earlier connection."""
    came = {(at, str(act)) for at, act in session.scenario.acts_at}
    if is_found(session):
        return Whose(frozenset(came), FIRST_MOVE - SLOT)
    line = (session.timeline.branch(each) for each in session.timeline.lineage(session.road))
    return Whose(frozenset(came | {(branch.at, str(act)) for branch in line for act in branch.acts}))
