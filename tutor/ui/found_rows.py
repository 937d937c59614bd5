"""A run that a search has found, on the stage: what its card is headed, and whose its acts are."""

from __future__ import annotations

from functools import lru_cache

from tutor.explore.replay import FIRST_MOVE
from tutor.explore.stage import SLOT
from tutor.joining import named
from tutor.teach import found
from tutor.teach.session import Session
from tutor.view.whose import Whose
from tutor.words import Words
from tutor.world.records import Acted, HandActs
from tutor.world.trace import Trace


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
    if found.is_last(here):
        return words.t("what comes of it")
    if here.startswith(found.MOVE):
        return words.t("move {place} of {total}", place=here.removeprefix(found.MOVE), total=total)
    if here == found.BEFORE:
        return words.n("{count} move follows", "{count} moves follow", total) if total else words.t("no move is needed")
    return words.t("time passes")


def whose(session: Session) -> Whose:
    """Which acts the run came with: a lesson's own, a search's; and which belong to the earlier connection."""
    return _whose(session.timeline.branch(session.road).trace, FIRST_MOVE - SLOT if is_found(session) else 0)


@lru_cache(maxsize=16)
def _whose(road: Trace, since: int) -> Whose:
    """All that was done on a road came with it."""
    acted = (step for step in road.computed if isinstance(step.cause, HandActs))
    records = (record for step in acted for record in step.records if isinstance(record, Acted))
    return Whose(frozenset((record.at, record.text) for record in records), since)
