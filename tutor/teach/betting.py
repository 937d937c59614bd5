"""Bets on a branch: which one waits, what is ticked, how it is graded.

Rules
-----
* A bet is graded on the branch where it was made. Its answer counts on that branch and on every branch that
  left it later; a branch that left *before* the bet's moment is asked anew.
* A fork clears what was picked: it was picked for another future.
* A bet is answered once. A question about ideas may be tried again until it is right; the first answer is what counts.
* Who explores sees what comes, who answered on another branch has seen it there, who reads the lesson's file anywhere.
  Where that is what is asked here, the answer leads on and is not counted.
* An open bet hides what comes after it wherever its branch is shown: as a ghost, beside another, in the tree.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.teach import betmode, intents, mending, quiz
from tutor.teach.betmode import Stop
from tutor.teach.byroad import departure
from tutor.teach.facts import Scene
from tutor.teach.lesson import Ask
from tutor.teach.notices import Notice
from tutor.teach.quiz import NOTHING_GIVEN, Answer, Found, Given
from tutor.teach.road import find_moments
from tutor.world.query import Moment

if TYPE_CHECKING:
    from tutor.teach.session import Session


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after something was given or is to be graded; None for any other intent."""
    match intent:
        case intents.Choose(index=index):
            return choose(session, index)
        case intents.Write(text=text, is_told=is_told):
            return write(session, text, is_told=is_told)
        case intents.Solved(moves=moves):
            return solve(session, moves)
        case intents.CheckBet():
            return check(session)
        case intents.LookUp():
            return look_up(session)
        case intents.ShowAnswer(beat=beat, given=given):
            return show_answer(session, beat, given)
        case intents.BetOn(events=events):
            here = session.trace.index_at(session.playhead)
            mode = replace(session.betmode, seed=session.scenario.seed).switched(events, here)
            return replace(session, betmode=mode, is_playing=False)
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
    if moment is None:
        return None
    if session.aside is not None:
        return Scene(session.aside.lesson, session.trace, moment, session.aside.moments)
    return Scene(session.lesson, session.trace, moment, session.moments)


def lineage(session: Session) -> dict[int, int | None]:
    """The branch on screen and those it grew from -> the last step that it shares with each; None: all of it."""
    reach: dict[int, int | None] = {}
    branch_id: int | None = session.branch
    limit: int | None = None
    while branch_id is not None:
        reach[branch_id] = limit
        branch = session.timeline.branch(branch_id)
        limit = branch.index if limit is None else min(limit, branch.index)
        branch_id = branch.parent
    return reach


def next_stop(session: Session) -> Stop | None:
    """Where bet mode stops this run next, answered or not met yet; None if it does not."""
    return betmode.waiting(session.betmode, session.trace, tuple(lineage(session).items()))


def stop_here(session: Session) -> Stop | None:
    """The stop of bet mode at the playhead, once the lesson's own bet there is answered."""
    stop = next_stop(session)
    if stop is None or stop.at != session.playhead:
        return None
    waiting = waiting_ask(session)
    is_lessons = waiting is not None and moment_of(session, waiting).at == session.playhead
    return None if is_lessons else stop


def answered_stop(session: Session) -> tuple[Stop, betmode.Bet] | None:
    """The stop at the playhead that was answered last, and the answer, while the run has not gone on."""
    mode, here = session.betmode, session.trace.index_at(session.playhead)
    reach = lineage(session)
    for bet in reversed(mode.bets):
        if bet.index == here and bet.branch in reach:
            for stop in betmode.stops(session.trace, mode.since, mode.events, mode.seed):
                if (stop.index, stop.event) == (bet.index, bet.event):
                    return stop, bet
                if stop.index > bet.index:
                    break
    return None


def answer_here(session: Session, beat: int) -> Answer | None:
    """The last answer to this beat that counts on the session's branch."""
    beat_id = session.lesson.beats[beat].id
    reach = lineage(session)
    for answer in reversed(session.answers):
        if answer.beat == beat_id and answer.branch in reach:
            last = reach[answer.branch]
            if last is None or answer.index <= last:
                return answer
    return None


def waiting_ask(session: Session) -> int | None:
    """The first beat whose bet or question fires on this branch and is not answered; None while exploring."""
    if session.is_exploring:
        return None
    for index, beat in enumerate(session.lesson.beats):
        hides = beat.ask is not None and beat.ask.hides
        if hides and session.moments[index] is not None and answer_here(session, index) is None:
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
    if stop_here(session) is not None:
        return True
    ask = session.ask
    moment = session.moments[session.beat] if session.moments else None
    if ask is None or moment is None or session.playhead < moment.at:
        return False
    if ask.is_bet:
        return waiting_ask(session) == session.beat and session.playhead == moment.at
    answer = answer_here(session, session.beat)
    return answer is None or not (answer.is_right or ask.kind == "explain")


def choose(session: Session, index: int) -> Session:
    """Pick an option; picking it again takes it back. Several can be picked where several are asked for."""
    ask, given = session.ask, session.given
    if ask is None or not is_asking(session) or not 0 <= index < len(ask.options):
        return replace(session, notice=Notice("no-question"))
    if ask.kind == "explain" and not given.is_told:
        return replace(session, notice=Notice("explain-first"))
    if index in given.picks:
        picks = tuple(pick for pick in given.picks if pick != index)
    else:
        picks = (*given.picks, index) if ask.kind in quiz.SEVERAL else (index,)
    if ask.kind in quiz.UNORDERED:
        picks = tuple(sorted(picks))
    return replace(session, given=replace(given, picks=picks))


def write(session: Session, text: str, *, is_told: bool) -> Session:
    """Type a time; or the words of an explanation, which ``is_told`` ends."""
    ask = session.ask
    if ask is None or not is_asking(session) or not (ask.is_typed or ask.kind == "explain"):
        return replace(session, notice=Notice("no-question"))
    return replace(session, given=replace(session.given, text=text, is_told=is_told or session.given.is_told))


def check(session: Session) -> Session:
    """Grade what was given on the branch on screen."""
    ask = session.ask
    if ask is None or not is_asking(session):
        return replace(session, notice=Notice("no-question"))
    given = _by_hand(session, ask) if ask.kind == "fix" and not session.given.picks else session.given
    lacks = _lacks(ask, given)
    if lacks == "no-choice" and ask.kind == "fix" and session.branch != session.road:
        lacks = "no-change"
    if lacks:
        return replace(session, notice=Notice(lacks))
    stop = stop_here(session)
    if stop is not None:
        mode = betmode.answered(session.betmode, stop, session.branch, given)
        return replace(session, betmode=mode, given=NOTHING_GIVEN)
    return _graded(session, ask, given)


def hand_in(session: Session, given: Given) -> Session:
    """Grade ``given`` as the answer to what the card asks now."""
    return check(replace(session, given=given))


def revealed(session: Session) -> Session:
    """The session after the engine answered what the card asks; the same one if nothing is asked.

    On a run that hands have changed it may be that no choice is right; then the first is given, which opens the rest.
    """
    ask, here = session.ask, scene(session, session.beat)
    if ask is None or here is None or not is_asking(session):
        return session
    right = quiz.right_given(ask, quiz.answer(ask, here))
    done = hand_in(session, right)
    if done.is_held:
        done = hand_in(session, replace(right, picks=(0,)))
    return replace(done, notice=None)


def solve(session: Session, moves: str) -> Session:
    """An attack was carried out on the network's page, by these moves."""
    ask = session.ask
    if ask is None or ask.kind != "attack" or not is_asking(session):
        return session
    return _graded(session, ask, Given(text=moves))


def _graded(session: Session, ask: Ask, given: Given) -> Session:
    moment, where = moment_of(session, session.beat), scene(session, session.beat)
    assert where is not None, "what is asked has a moment"
    found = quiz.answer(ask, where)
    is_by_hand = bool(given.act)
    if is_by_hand:
        done = _left_at(session), session.trace
        is_right = bool(found.right) and mending.mends(ask, where, found.right[0], given.act, done)
    else:
        is_right = quiz.grade(ask, found, given)
    answer = Answer(
        beat=session.lesson.beats[session.beat].id,
        branch=session.branch,
        index=moment.index,
        given=given,
        is_right=is_right,
        found=found.shown,
        right=found.right,
        on_road=session.branch == session.road,
        standing=_standing(session, ask, found),
    )
    return replace(session, answers=(*session.answers, answer), given=NOTHING_GIVEN)


def _standing(session: Session, ask: Ask, found: Found) -> str:
    """What an answer that is given now is worth."""
    if not ask.hides:
        return quiz.COUNTED
    if session.verdict is not None:
        return quiz.AGAIN
    return quiz.SEEN if _has_been_seen(session, ask, found) else quiz.COUNTED


def show_answer(session: Session, beat: int, given: Given) -> Session:
    """The session at a beat whose question has been answered elsewhere, by ``given`` (nothing whole: by the engine).

    What is asked before it the engine answers; none of these answers counts here.
    """
    there = at_beat(answered_before(session, beat), beat)
    done = hand_in(there, given)
    done = done if done.answers != there.answers else revealed(there)
    shown = tuple(replace(answer, standing=quiz.SHOWN) for answer in done.answers[len(session.answers) :])
    return replace(done, answers=(*session.answers, *shown))


def answered_before(session: Session, beat: int) -> Session:
    """The session after the engine answered all that is asked before a beat; where the last of it was asked."""
    while (waiting := waiting_ask(session)) is not None and waiting < beat:
        session = revealed(at_beat(session, waiting))
        if waiting_ask(session) == waiting:
            break
    return session


def at_beat(session: Session, beat: int) -> Session:
    """At a beat's own moment, of several at one instant at its card; as it was where the beat does not fire."""
    moment = session.moments[beat]
    if moment is None:
        return session
    return replace(session, playhead=moment.at, beat=beat, is_playing=False, told=-1, notice=None)


def remember_explored(session: Session) -> Session:
    """The session that knows of the branch on screen that its future was open to see, if it is."""
    if not session.is_exploring or session.branch in session.explored:
        return session
    return replace(session, explored=session.explored | {session.branch})


def look_up(session: Session) -> Session:
    """The session of somebody who has read the lesson's file: what is open there is open no more."""
    aside = session.aside
    home = replace(aside, home=look_up(aside.home)) if aside is not None else None
    return replace(session, explored=session.explored | {session.road}, aside=home)


def has_open_ask(session: Session) -> bool:
    """Is there anything in the lesson that was not answered yet, and whose answer was not looked up?"""
    home, given = session, {answer.beat for answer in session.answers}
    while home.aside is not None:
        home = home.aside.home
        given |= {answer.beat for answer in home.answers}
    if home.road in home.explored:
        return False
    asks = [beat.id for beat in home.lesson.beats if beat.ask is not None]
    return not given.issuperset((*asks, *(check.id for check in home.lesson.checks)))


def _has_been_seen(session: Session, ask: Ask, found: Found) -> bool:
    """Could the learner see this answer where they explored, or on another branch where the same was answered?"""
    beat_id = session.lesson.beats[session.beat].id
    answered = {answer.branch for answer in session.answers if answer.beat == beat_id} - lineage(session).keys()
    return any(_is_found_on(session, ask, branch, found) for branch in session.explored | answered)


def _is_found_on(session: Session, ask: Ask, branch: int, found: Found) -> bool:
    """Is the answer to the question on the card the same on another branch?"""
    trace = session.timeline.branch(branch).trace
    moments = session.laid.get(branch) or find_moments(session.lesson, trace)
    moment = moments[session.beat]
    if moment is None:
        return False
    there = quiz.answer(ask, Scene(session.lesson, trace, moment, moments))
    return (there.value, there.right) == (found.value, found.right)


def _lacks(ask: Ask, given: Given) -> str:
    """What is missing before it can be graded, as a notice; "": nothing."""
    if ask.kind == "attack":
        return "" if given.text else "attack-first"
    if ask.kind == "time" and ask.is_typed:
        return "" if quiz.typed(given.text) is not None else "not-a-time"
    if ask.kind == "explain":
        return "" if given.is_told else "explain-first"
    if ask.kind == "order" and len(given.picks) < len(ask.options):
        return "order-all"
    return "" if given.picks or given.act else "no-choice"


def _by_hand(session: Session, ask: Ask) -> Given:
    """The one change that was made by hand since the run left the lesson's; nothing if it was more, or no change."""
    _, acts = departure(session.timeline, session.road, session.branch)
    return Given(act=acts[0]) if len(acts) == 1 and mending.is_change(ask, acts[0]) else NOTHING_GIVEN


def _left_at(session: Session) -> int:
    """The step after which the branch on screen left the road."""
    branch = session.timeline.branch(session.branch)
    return branch.index
