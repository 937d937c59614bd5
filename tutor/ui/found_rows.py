"""A run that a search has found, on the stage: what its card is headed, whose its acts are, what is held constant.

Rules
-----
* Its hosts have what the search holds constant as their settings. That is no rule that anybody has changed: it is said
  once, as a limit of the search; by name only what a hand has set since.
"""

from __future__ import annotations

from functools import lru_cache

from tutor.explore import held
from tutor.explore.replay import FIRST_MOVE
from tutor.explore.stage import SLOT
from tutor.joining import named
from tutor.teach import found
from tutor.teach.limits import CONSTANT, NEVER_GIVES_UP
from tutor.teach.session import Session
from tutor.view.whose import Whose
from tutor.words import Words
from tutor.world.host import Host
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


# --- what the search holds constant ---


def kept(session: Session, host: Host) -> frozenset[str]:
    """The fields of a host's rules that are as the search has held them; of another run none."""
    if not is_found(session):
        return frozenset()
    began = session.trace.steps[0].world.host(host.name).profile
    return frozenset(each for each in held.FIELDS if getattr(began, each) == getattr(host.profile, each))


def constant(session: Session, words: Words) -> tuple[str, str]:
    """That the rules are those of the search, and what it holds constant of them, a line each; of another run ""."""
    if not is_found(session):
        return "", ""
    hosts = session.trace.steps[0].world.hosts
    gives_up = any(host.profile.synack_retries for host in hosts)
    told = [why for why, fields in held.reasons() if fields and not (gives_up and why == NEVER_GIVES_UP)]
    lines = (words.t(CONSTANT), *(f"• {words.t(why)}" for why in told))
    return words.t("Timers, windows and options are as the search holds them."), "\n".join(lines)
