"""Stories of the playhead: it plays, steps and seeks, and a bet stops it."""

from __future__ import annotations

import pytest

from tutor.teach.intents import (
    End,
    Faster,
    Home,
    NextBeat,
    NormalSpeed,
    Pause,
    Play,
    PreviousBeat,
    Seek,
    SetSpeed,
    Slower,
    StepBack,
    StepForward,
    Tick,
    TogglePlay,
)
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.world.time import MS, SECOND

from .conftest import answered, at_ms, do


def through(session: Session) -> Session:
    """The session after every bet of the lesson was answered, at the end of the run."""
    while session.horizon is not None:
        session = answered(session) if session.is_held else do(session, NextBeat())
    return do(session, End())


def test_a_lesson_begins_at_the_start_with_its_first_card(handshake: Session) -> None:
    """Nothing runs, nothing is chosen, and nothing after the first bet may be seen."""
    assert (handshake.playhead, handshake.beat, handshake.is_playing) == (0, 0, False)
    assert handshake.horizon == 0
    assert handshake.off_road is None


def test_cards_of_one_instant_are_visited_one_by_one(handshake: Session) -> None:
    """The server listens and the client's SYN leaves at the same instant: time stands still between the two cards."""
    second = do(handshake, StepForward())
    assert (second.playhead, second.beat) == (0, 1)
    assert do(second, PreviousBeat()).beat == 0


def test_steps_go_from_instant_to_instant_and_back(handshake: Session) -> None:
    """The SYN leaves at 0, arrives after 50 ms; its answer arrives after 100 ms."""
    session = through(handshake)
    session = do(session, Home(), StepForward())
    times = []
    for _ in range(3):
        session = do(session, StepForward())
        times.append(at_ms(session))
    assert times == [50, 100, 150]
    back = do(session, StepBack(), StepBack())
    assert at_ms(back) == 50
    assert back.beat == 2


def test_the_ends_say_that_they_are_ends(handshake: Session) -> None:
    """A step beyond changes nothing and says why."""
    session = through(handshake)
    beyond = do(session, StepForward(), StepForward(), StepForward(), StepForward())
    assert beyond.notice is not None
    assert beyond.notice.id == "at-the-end"
    before = do(session, Home(), StepBack())
    assert before.notice is not None
    assert before.notice.id == "at-the-start"


@pytest.mark.parametrize("intent", [StepForward(), Play(), TogglePlay(), NextBeat(), Seek(SECOND), End()])
def test_an_open_bet_stops_every_way_forward(handshake: Session, intent: object) -> None:
    """Not a step, not a seek, not play, not the remote: the run is held and the session says why."""
    asked = do(handshake, NextBeat())
    held = update(asked, intent)  # type: ignore[arg-type]
    assert (held.playhead, held.beat, held.is_playing) == (0, 1, False)
    assert held.notice is not None
    assert held.notice.id == "bet-open"
    assert held.horizon == held.playhead


def test_the_first_way_forward_brings_the_bets_card_up(handshake: Session) -> None:
    """On the card before, at the same instant, the bet is not visible yet: it is shown before anybody is scolded."""
    session = do(handshake, Play())
    assert (session.beat, session.notice) == (1, None)


def test_a_seek_goes_as_far_as_the_next_bet(handshake: Session) -> None:
    """And says that it stopped there."""
    session = do(answered(do(handshake, NextBeat())), Seek(10 * SECOND))
    assert (at_ms(session), session.beat) == (50, 2)
    assert session.notice is not None
    assert session.notice.id == "stopped-at-bet"


def test_the_past_of_a_bet_may_be_looked_at(handshake: Session) -> None:
    """Going back is allowed; the horizon stays where the bet is."""
    session = answered(do(handshake, NextBeat()))
    session = do(session, Seek(50 * MS), Seek(20 * MS))
    assert at_ms(session) == 20
    assert session.horizon == 50 * MS
    assert session.visible_end == 50 * MS


def test_playing_is_tempo_times_speed(handshake: Session) -> None:
    """Wall time = Tempo(simulated time) / speed: twice as fast is there in half the ticks."""
    session = answered(do(handshake, NextBeat()))
    ticks = {}
    for speed in (1.0, 2.0):
        playing = do(session, SetSpeed(speed), Play())
        count = 0
        while playing.is_playing:
            playing = do(playing, Tick(10_000))
            count += 1
        assert (at_ms(playing), playing.beat) == (50, 2), "the next bet stops it"
        ticks[speed] = count
    expected = session.tempo.to_wall(50 * MS) / 10_000
    assert abs(ticks[1.0] - expected) <= 1
    assert abs(ticks[2.0] - expected / 2) <= 1


def test_a_tick_while_nothing_plays_changes_nothing(handshake: Session) -> None:
    """The very same value comes back, so nothing is painted again."""
    assert update(handshake, Tick(16_000)) is handshake


def test_playing_stops_where_a_beat_pauses(closing: Session) -> None:
    """The beat about the FIN pauses and bets; the short talk before it does not, and is passed."""
    session = do(closing, Play(), *([Tick(20_000)] * 400))
    assert session.current is not None
    assert (session.current.id, session.is_playing) == ("first-fin", False)


def test_playing_ends_at_the_end(handshake: Session) -> None:
    """The clock does not run on into nothing."""
    session = do(through(handshake), Seek(120 * MS), Play(), *([Tick(1_000_000)] * 3), Play(), *([Tick(1_000_000)] * 9))
    assert session.playhead == session.end
    assert not session.is_playing


def test_pausing_and_speeds(handshake: Session) -> None:
    """Speeds walk along a list and stop at its ends; 1x is one key away."""
    session = answered(do(handshake, NextBeat()))
    assert not do(session, Play(), Pause()).is_playing
    assert do(session, Faster()).speed == 2.0
    assert do(session, *([Faster()] * 9)).speed == 8.0
    assert do(session, *([Slower()] * 9)).speed == 0.1
    assert do(session, Slower(), NormalSpeed()).speed == 1.0
    assert do(session, SetSpeed(3.4)).speed == 4.0


def test_the_remote_goes_from_beat_to_beat(closing: Session) -> None:
    """Page Down through the whole lesson: every beat once, in order, answering on the way."""
    session, seen = closing, [0]
    while session.beat < len(closing.lesson.beats) - 1:
        session = answered(session) if session.is_held else do(session, NextBeat())
        if session.beat != seen[-1]:
            seen.append(session.beat)
    assert seen == list(range(len(closing.lesson.beats)))
    after = do(session, NextBeat())
    assert after.aside is not None, "what one may have read comes after the last beat"
    asides: list[tuple[str, int]] = []
    while after.aside is not None:
        if (after.aside.kind, after.aside.place) not in asides:
            asides.append((after.aside.kind, after.aside.place))
        after = answered(after) if after.is_held else do(after, NextBeat())
    lesson = closing.lesson
    read = [("read", place) for place in range(len(lesson.refutes))]
    checks = [("check", place) for place in range(len(lesson.checks))]
    assert asides == [*read, *checks, ("closing", 0)], "and at the end a look back"


def test_page_up_first_returns_to_the_beats_own_moment(handshake: Session) -> None:
    """From the middle of a beat one press shows where it began; the next press goes to the beat before."""
    session = do(answered(do(handshake, NextBeat())), Seek(20 * MS))
    once = do(session, PreviousBeat())
    assert (once.playhead, once.beat) == (0, 1)
    assert do(once, PreviousBeat()).beat == 0


def test_playing_stops_at_the_first_beat_although_its_card_is_up_already() -> None:
    """Lesson 12 begins before its first event; there it is to be looked at, and not on the way to the second."""
    lesson = load_lesson("12-half-open")
    session = do(start(lesson, scenario_of(lesson)), Play())
    first = session.moments[0]
    assert first is not None
    assert (session.beat, session.playhead) == (0, 0)
    assert first.at > 0
    while session.is_playing:
        session = do(session, Tick(300_000))
    assert (session.beat, session.playhead) == (0, first.at)
    assert do(session, Play(), Tick(50_000)).playhead > first.at
