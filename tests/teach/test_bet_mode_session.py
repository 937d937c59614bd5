"""Bet mode in a session: any run stops before what comes next, hides it, asks, and goes on."""

from __future__ import annotations

import pytest

from tests.teach.conftest import do
from tutor.teach import betting, card
from tutor.teach.intents import BetOn, CheckBet, Choose, Drop, End, Home, Play, StepForward, Tick, Undo
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of

STATES = BetOn(frozenset({"state"}))


@pytest.fixture(scope="module")
def life() -> Session:
    """The laboratory's plain run: nothing is asked in it."""
    lesson = load_lesson("lab-1-life")
    return start(lesson, scenario_of(lesson))


def right(session: Session) -> tuple[int, ...]:
    """The right option of the stop at the playhead."""
    stop = betting.stop_here(session)
    assert stop is not None
    return stop.question.right


def test_a_run_stops_before_each_change_of_state(life: Session) -> None:
    """Playing stops by itself, nothing later is shown, and after the answer it goes on to the next one."""
    session = do(life, STATES, End())
    moments = []
    while betting.stop_here(session) is not None:
        moments.append(session.playhead)
        assert session.visible_end == session.playhead
        assert do(session, StepForward()).playhead == session.playhead, "an open bet holds the run"
        session = do(session, Choose(right(session)[0]), CheckBet())
        assert card.card(session).ask.verdict == "right"
        session = do(session, End())
    assert session.playhead == session.end
    assert len(moments) >= 5
    assert moments == sorted(moments)


def test_playing_stops_there_too(life: Session) -> None:
    """The clock does not run past it, however long a frame was."""
    session = do(life, STATES, Play(), Tick(60_000_000))
    stop = betting.stop_here(session)
    assert stop is not None
    assert not session.is_playing
    assert card.card(session).part == card.STOP


def test_a_wrong_bet_is_answered_with_its_reason(life: Session) -> None:
    """What was picked is marked wrong, what is right is shown, and why is said; then the run may go on."""
    session = do(life, STATES, End())
    wrong = next(i for i in range(len(session.ask.options)) if i not in right(session))
    session = do(session, Choose(wrong), CheckBet())
    view = card.card(session).ask
    assert (view.verdict, view.is_open) == ("wrong", False)
    assert view.options[wrong].mark == "wrong"
    assert view.feedback
    assert do(session, End()).playhead > session.playhead


def test_switched_off_nothing_stops(life: Session) -> None:
    """And switched on again, what was answered is not asked once more."""
    session = do(life, STATES, End())
    answered = do(session, Choose(right(session)[0]), CheckBet())
    off = do(answered, BetOn(frozenset()), End())
    assert off.playhead == off.end
    again = do(answered, Home(), End())
    assert again.playhead > answered.playhead


def test_a_fork_is_asked_anew_behind_it(life: Session) -> None:
    """What both futures share was answered; what is new is not."""
    session = do(life, STATES, End())
    session = do(session, Choose(right(session)[0]), CheckBet(), End())
    dropped = do(session, Drop(1))
    assert dropped.branch != session.branch
    assert betting.next_stop(dropped) is not None
    assert do(dropped, Undo()).betmode.bets == session.betmode.bets


def test_a_lessons_own_bet_goes_first(handshake: Session) -> None:
    """Two bets at one moment: the author's, then the mode's."""
    session = do(handshake, BetOn(frozenset({"state", "segment"})), End())
    seen = set()
    for _ in range(12):
        stop = betting.stop_here(session)
        seen.add("stop" if stop is not None else "lesson" if session.is_held else "free")
        if stop is not None:
            session = do(session, Choose(right(session)[0]), CheckBet(), End())
        elif session.is_held:
            session = do(session, Choose(0), CheckBet(), End())
        else:
            break
    assert {"stop", "lesson"} <= seen
