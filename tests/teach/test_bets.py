"""Stories of bets: nothing gives them away, the engine grades them, and each is graded where it was made."""

from __future__ import annotations

from tutor.teach import noting
from tutor.teach.card import Card, card
from tutor.teach.intents import (
    ActNow,
    BackToLesson,
    CheckBet,
    Choose,
    Drop,
    End,
    GoExploring,
    NextBeat,
    Play,
    Seek,
    SetLanguage,
    StepForward,
    Undo,
)
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.world.time import MS, SECOND

from .conftest import answered, do


def shown(session: Session) -> Card:
    """The card of a lesson that has beats."""
    found = card(session)
    assert found is not None
    return found


def marks(session: Session) -> list[str]:
    """How the options on the card are marked."""
    asked = shown(session).ask
    assert asked is not None
    return [option.mark for option in asked.options]


def feedback(session: Session) -> str:
    """What is said to the answer."""
    asked = shown(session).ask
    assert asked is not None
    return asked.feedback


def at_first_bet(session: Session) -> Session:
    """The card that asks for the server's state when the SYN arrives."""
    return do(session, NextBeat())


# --- asking ---


def test_while_a_bet_is_open_nothing_after_the_playhead_may_be_seen(handshake: Session) -> None:
    """The horizon is the playhead; times and fates of the beats to come are not told either."""
    session = at_first_bet(handshake)
    assert session.is_held
    assert session.horizon == session.playhead == 0
    assert session.visible_end == 0
    assert [(mark.at, mark.status) for mark in session.beats[2:]] == [(None, "ahead")] * 5


def test_answering_moves_the_horizon_to_the_next_bet(handshake: Session) -> None:
    """What the next bet asks stays hidden, although nobody has reached it."""
    session = answered(at_first_bet(handshake))
    assert session.horizon == 50 * MS
    assert [mark.at for mark in session.beats] == [0, 0, 50 * MS, None, None, None, None]


def test_after_the_last_answer_everything_may_be_seen(handshake: Session) -> None:
    """There is nothing left to give away. The last question is about ideas, and hides what follows as well."""
    session = handshake
    while session.horizon is not None:
        session = answered(session) if session.is_held else do(session, NextBeat())
    assert session.visible_end == session.end
    now = session.beat
    assert [mark.status for mark in session.beats] == ["done"] * now + ["current"] + ["ahead"] * (6 - now)


# --- answering ---


def test_an_option_is_ticked_unticked_and_checked(handshake: Session) -> None:
    """Only checking commits."""
    session = at_first_bet(handshake)
    ticked = do(session, Choose(0))
    assert marks(ticked) == ["ticked", "", "", ""]
    assert marks(do(ticked, Choose(0))) == ["", "", "", ""]
    changed = do(ticked, Choose(1))
    assert marks(changed) == ["", "ticked", "", ""]
    assert changed.answers == ()


def test_checking_nothing_asks_for_a_choice(handshake: Session) -> None:
    """And an option that is not there is no choice."""
    session = at_first_bet(handshake)
    for refused, why in ((do(session, CheckBet()), "no-choice"), (do(session, Choose(9)), "no-question")):
        assert refused.notice is not None
        assert refused.notice.id == why
        assert refused.answers == ()


def test_a_right_answer_is_told_why(handshake: Session) -> None:
    """In the language of the session, also when that changes afterwards."""
    session = answered(at_first_bet(handshake))
    assert session.verdict is not None
    assert session.verdict.is_right
    assert session.verdict.found == "SYN-RECEIVED"
    assert marks(session) == ["", "right", "", ""]
    assert feedback(session).startswith("Yes. The server has received a SYN")
    assert feedback(do(session, SetLanguage("zh"))).startswith("对。服务器收到了 SYN")


def test_a_wrong_answer_is_told_why_and_the_right_one_is_shown(handshake: Session) -> None:
    """The bet is over; there is no second guess at something that is on screen now."""
    session = answered(at_first_bet(handshake), option=0)
    assert marks(session) == ["wrong", "right", "", ""]
    assert feedback(session).startswith("Too early.")
    again = do(session, Choose(1))
    assert again.notice is not None
    assert again.notice.id == "no-question"


def test_a_question_about_ideas_may_be_tried_again(handshake: Session) -> None:
    """A wrong answer says why and does not say which one is right."""
    session = handshake
    while session.ask is None or session.ask.is_bet or not session.is_asking:
        session = answered(session) if session.is_held else do(session, NextBeat())
    places = {option.value: place for place, option in enumerate(session.ask.options)}
    wrong = answered(session, option=places["both-ways"])
    assert marks(wrong).count("wrong") == 1
    assert "right" not in marks(wrong)
    assert feedback(wrong).startswith("True, but not the reason.")
    assert marks(answered(wrong))[places[session.ask.answers[0]]] == "right"


def test_while_a_question_about_ideas_is_open_nothing_later_is_shown() -> None:
    """How much will the program read? The run would tell: it goes on after the first answer, right or wrong."""
    lesson = load_lesson("20-time-wait-old-segments")
    session = start(lesson, scenario_of(lesson))
    while session.current is None or session.current.id != "decided":
        session = answered(session) if session.is_held else do(session, NextBeat())
    assert session.is_asking and session.ask is not None and not session.ask.is_bet
    assert session.visible_end == session.horizon == session.playhead < session.end
    for intent in (StepForward(), NextBeat(), Play(), End(), Seek(session.end)):
        held = do(session, intent)
        assert (held.playhead, held.is_playing) == (session.playhead, False)
        assert held.notice is not None and held.notice.id == "bet-open"
    values = [option.value for option in session.ask.options]
    wrong = answered(session, option=next(i for i, value in enumerate(values) if value not in session.ask.answers))
    assert do(wrong, StepForward()).playhead > session.playhead
    assert wrong.is_asking, "another try is allowed"


# --- on other branches ---


def test_a_bet_is_graded_on_the_branch_where_it_is_made(handshake: Session) -> None:
    """The learner drops the SYN,ACK before betting what the client sends next: it is the SYN again."""
    session = do(answered(at_first_bet(handshake)), StepForward())
    assert session.current is not None
    assert session.current.id == "second-segment"
    syn_ack = session.world.flights[0].id
    session = answered(do(session, Drop(syn_ack)))
    assert session.verdict is not None
    assert not session.verdict.is_right, "what is right on the lesson's road is wrong here"
    assert session.verdict.found == "SYN seq=0"
    assert feedback(session) == "On this branch it is: SYN seq=0."
    home = do(session, BackToLesson())
    assert home.is_held, "on the road this bet has not been made"
    assert home.verdict is None


def test_what_was_answered_before_a_fork_counts_after_it(handshake: Session) -> None:
    """The other branch shares that past."""
    session = do(answered(at_first_bet(handshake)), Seek(20 * MS))
    syn = session.world.flights[0].id
    forked = do(session, Drop(syn))
    assert forked.verdict is not None
    assert forked.verdict.is_right


def test_a_branch_that_left_earlier_is_asked_anew(handshake: Session) -> None:
    """Two bets are answered; then the learner goes back between them and takes another way."""
    session = answered(do(answered(at_first_bet(handshake)), StepForward()))
    forked = do(session, Seek(20 * MS), Drop(1))
    assert forked.horizon == 1_050 * MS, "the SYN is sent again after 1 s (RTO), and arrives after 50 ms more"
    asked = do(forked, End())
    assert asked.is_held
    assert asked.current is not None
    assert asked.current.id == "second-segment"


def test_a_fork_takes_the_tick_away(handshake: Session) -> None:
    """What was ticked was ticked for another future."""
    session = do(at_first_bet(handshake), Choose(1), Drop(1))
    assert session.given.picks == ()
    assert session.is_held


def test_exploring_means_that_no_bet_stops_the_run(handshake: Session) -> None:
    """The learner has asked for it; on the road the bets wait."""
    session = do(at_first_bet(handshake), Drop(1), GoExploring(), Seek(3 * SECOND))
    assert session.horizon is None
    assert session.playhead == min(3 * SECOND, session.end)
    assert do(session, BackToLesson()).is_held


def test_undo_does_not_take_an_answer_back(handshake: Session) -> None:
    """Progress is never undone: the answer has been seen."""
    session = answered(do(at_first_bet(handshake), Drop(1)))
    undone = do(session, Undo())
    assert len(undone.answers) == 1
    assert undone.verdict is None, "it was made on the other branch"


# --- who has seen the answer already ---

HARMLESS = ActNow("set server.tcp_keepalive_time 100")


def test_who_looked_ahead_is_led_on_and_told_that_it_does_not_count(handshake: Session) -> None:
    """A harmless change, a look at all that comes there, back to the lesson: there its bet is as open as before."""
    looked = do(at_first_bet(handshake), HARMLESS, GoExploring(), End(), BackToLesson())
    assert looked.is_held
    graded = answered(looked)
    assert graded.verdict is not None
    assert graded.verdict.is_right
    assert noting.fresh(looked, graded) == ()
    assert feedback(graded).endswith("You had seen this on another branch: the answer is not counted.")
    assert not graded.is_held


def test_undo_does_not_take_back_what_was_seen(handshake: Session) -> None:
    """The same, with undo as the way back."""
    looked = do(at_first_bet(handshake), HARMLESS, GoExploring(), End())
    while looked.branch != looked.road:
        looked = do(looked, Undo())
    looked = at_first_bet(do(looked, Seek(0)))
    assert noting.fresh(looked, answered(looked)) == ()


def test_who_explored_another_future_has_seen_nothing_of_this_one(handshake: Session) -> None:
    """With the cable cut no SYN arrives: what the lesson asks was not to be seen there. Nor by a mere change."""
    bet = at_first_bet(handshake)
    for way in ((ActNow("cut link"), GoExploring(), End()), (HARMLESS,)):
        looked = do(bet, *way, BackToLesson())
        assert len(noting.fresh(looked, answered(looked))) == 1


def test_the_same_bet_counts_on_one_branch_only(handshake: Session) -> None:
    """Answered where a harmless change was made, it is asked again in the lesson; the second answer proves nothing."""
    away = do(at_first_bet(handshake), HARMLESS, Seek(0))
    there = answered(away)
    assert len(noting.fresh(away, there)) == 1
    home = do(there, BackToLesson())
    assert home.is_held
    assert noting.fresh(home, answered(home)) == ()


def test_of_several_tries_the_first_counts(handshake: Session) -> None:
    """A question about ideas may be tried until it is right; by then its reasons have been on the card."""
    session = handshake
    while session.ask is None or session.ask.is_bet or not session.is_asking:
        session = answered(session) if session.is_held else do(session, NextBeat())
    tried = answered(session, next(i for i, each in enumerate(session.ask.options) if each.value == "both-ways"))
    again = answered(tried)
    assert again.verdict is not None
    assert again.verdict.is_right
    assert [len(noting.fresh(*step)) for step in ((session, tried), (tried, again))] == [1, 0]
    assert feedback(again).endswith("Your first answer is the one that counts.")
