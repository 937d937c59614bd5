"""Bets on a branch: which one waits, what is ticked, how it is graded.

Rules
-----
* A bet is graded on the branch where it was made. Its answer counts on that branch and on every branch that
  left it later; a branch that left *before* the bet's moment is asked anew.
* A fork clears the tick: what was chosen was chosen for another future.
* A bet is answered once. A question about ideas may be tried again until it is right.
* An open bet hides what comes after it wherever its branch is shown: as a ghost, beside another, in the tree.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import intents, quiz
from tutor.teach.facts import Scene
from tutor.teach.notices import Notice
from tutor.teach.quiz import Answer
from tutor.teach.road import find_moments
from tutor.world.query import Moment

if TYPE_CHECKING:
    from tutor.teach.session import Session


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after Choose or CheckBet; None for any other intent."""
    match intent:
        case intents.Choose(index=index):
            return choose(session, index)
        case intents.CheckBet():
            return check(session)
        case _:
            return None


def moment_of(session: Session, beat: int) -> Moment:
    """The moment of a beat that is known to fire on the session's branch."""
    moment = session.moments[beat]
    assert moment is not None, "this beat does not fire on this branch"
    return moment


def scene(session: Session, beat: int) -> Scene | None:
    """Where the sentences of this beat are said on the session's branch; None if it does not fire there."""
    moment = session.moments[beat] if session.moments else None
    return Scene(session.lesson, session.trace, moment, session.moments) if moment is not None else None


def answer_here(session: Session, beat: int) -> Answer | None:
    """The last answer to this beat that counts on the session's branch."""
    beat_id = session.lesson.beats[beat].id
    reach: dict[int, int | None] = {}
    branch_id: int | None = session.branch
    limit: int | None = None
    while branch_id is not None:
        reach[branch_id] = limit
        branch = session.timeline.branch(branch_id)
        limit = branch.index if limit is None else min(limit, branch.index)
        branch_id = branch.parent
    for answer in reversed(session.answers):
        if answer.beat == beat_id and answer.branch in reach:
            last = reach[answer.branch]
            if last is None or answer.index <= last:
                return answer
    return None


def waiting_bet(session: Session) -> int | None:
    """The first beat whose bet fires on this branch and is not answered; None while exploring."""
    if session.is_exploring:
        return None
    for index, beat in enumerate(session.lesson.beats):
        is_bet = beat.ask is not None and beat.ask.is_bet
        if is_bet and session.moments[index] is not None and answer_here(session, index) is None:
            return index
    return None


def horizon_on(session: Session, branch: int) -> int | None:
    """Nothing of ``branch`` after this time (microseconds) may be shown: the moment of its first open bet, or None.

    Whoever explores has left every bet but those of the road.
    """
    if branch == session.branch:
        return session.horizon
    moments = session.laid.get(branch) or find_moments(session.lesson, session.timeline.branch(branch).trace)
    is_exploring = session.is_exploring and branch != session.road
    there = replace(session, branch=branch, laid={**session.laid, branch: moments}, is_exploring=is_exploring)
    return there.horizon


def known_until(session: Session, branch: int) -> int | None:
    """How far ``branch`` may be shown beside the one on screen (microseconds): no further than either; None: whole."""
    horizons = (session.horizon, horizon_on(session, branch))
    return min((horizon for horizon in horizons if horizon is not None), default=None)


def is_asking(session: Session) -> bool:
    """Is there something to choose on the card now?"""
    ask = session.ask
    moment = session.moments[session.beat] if session.moments else None
    if ask is None or moment is None or session.playhead < moment.at:
        return False
    if ask.is_bet:
        return waiting_bet(session) == session.beat and session.playhead == moment.at
    answer = answer_here(session, session.beat)
    return answer is None or not answer.is_right


def choose(session: Session, index: int) -> Session:
    """Tick an option; ticking the ticked one again takes it back."""
    ask = session.ask
    if ask is None or not is_asking(session) or not 0 <= index < len(ask.options):
        return replace(session, notice=Notice("no-question"))
    return replace(session, choice=None if session.choice == index else index)


def check(session: Session) -> Session:
    """Grade what is ticked on the branch on screen."""
    ask = session.ask
    if ask is None or not is_asking(session):
        return replace(session, notice=Notice("no-question"))
    if session.choice is None:
        return replace(session, notice=Notice("no-choice"))
    moment = moment_of(session, session.beat)
    found = quiz.answer(ask, Scene(session.lesson, session.trace, moment, session.moments))
    answer = Answer(
        beat=session.lesson.beats[session.beat].id,
        branch=session.branch,
        index=moment.index,
        option=session.choice,
        is_right=session.choice in found.right,
        found=found.shown,
        right=found.right,
        on_road=session.branch == session.road,
    )
    return replace(session, answers=(*session.answers, answer), choice=None)
