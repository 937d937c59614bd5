"""Going on: what one key means at each place of a lesson, from its first beat to the look back.

Rules
-----
* As long as there is something to see, the run plays; then comes the next thing: what one may have read, the checks,
  the look back, the lesson again.
* Nothing beside the lesson can be begun before every bet of its road is answered: its run would be the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.teach import intents
from tutor.teach.visiting import READ, WHY, home_of

if TYPE_CHECKING:
    from tutor.teach.session import Session


def is_there_more(session: Session) -> bool:
    """Does something follow the lesson's last beat?"""
    return bool(session.aside is not None or session.lesson.refutes or session.lesson.checks)


def leads_on(session: Session) -> bool:
    """Has everything here been seen, so that the next thing comes?"""
    if session.is_playing or session.is_held or session.branch != session.road or not is_there_more(session):
        return False
    seen = session.moments[0] if session.moments else None
    if session.aside is not None and session.aside.kind in (WHY, READ):
        return seen is None or session.playhead >= seen.at
    if session.aside is not None and session.verdict is not None and not _is_bet(session):
        return True
    ahead = any(moment is not None for moment in session.moments[session.beat + 1 :])
    return session.playhead >= session.end and not ahead


def _is_bet(session: Session) -> bool:
    return session.ask is not None and session.ask.is_bet


def go_on(session: Session) -> intents.Intent:
    """Play or pause; where everything has been seen, the next thing."""
    return intents.NextBeat() if leads_on(session) else intents.TogglePlay()


def can_visit(session: Session) -> bool:
    """May one look beside the lesson now?"""
    home = home_of(session)
    return home.horizon is None or home.is_exploring
