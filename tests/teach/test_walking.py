"""From stop to stop: what a presentation shows follows from the lesson alone, and nobody is asked on the way."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tutor.teach import betting
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.show import PATIENCE, Stop, lecture_of, stops
from tutor.teach.stage import scenario_of
from tutor.teach.walking import answered, leads, pace, standing, strayed, toward

CLOSE = "13-four-way-close"


@cache
def base() -> Session:
    """The lesson as nobody has begun it."""
    lesson = load_lesson(CLOSE)
    return start(lesson, scenario_of(lesson))


@cache
def walk() -> tuple[Stop, ...]:
    """Its stops."""
    return stops(lecture_of(base().lesson))


def place(beat: str, kind: str = "beat") -> int:
    """The stop of this kind at this beat."""
    return next(at for at, stop in enumerate(walk()) if stop.beat == beat and stop.kind == kind)


def test_every_stop_stands_at_its_beat_with_every_bet_before_it_answered() -> None:
    """No stop is held by a bet of an earlier one; its own hides what comes until it is revealed."""
    for stop in walk():
        there = standing(base(), stop, is_revealed=False)
        waiting = betting.waiting_ask(there)
        if stop.beat:
            assert there.current is not None
            assert there.current.id == stop.beat
            assert waiting is None or waiting >= there.beat
        if stop.kind == "question":
            assert there.is_asking, stop
            shown = standing(base(), stop, is_revealed=True)
            assert not shown.is_asking
            assert shown.verdict is not None
            assert shown.verdict.is_right
            if there.ask is not None and there.ask.is_bet:
                assert there.horizon == there.playhead
                assert shown.horizon is None or shown.horizon > there.playhead


def test_a_stop_is_the_same_from_wherever_one_comes() -> None:
    """Its answers are those of the beats before it and of no other."""
    stop = walk()[place("first-ack")]
    once, again = (standing(base(), stop, is_revealed=False) for _ in range(2))
    assert once.answers == again.answers
    assert {answer.beat for answer in once.answers} == {"first-fin"}


def test_what_was_answered_leaves_the_run_where_it_was() -> None:
    """Only the answers are more; without any bet before it, the very same session."""
    assert answered(base(), 0) is base()
    later = answered(base(), len(base().lesson.beats))
    assert (later.playhead, later.beat) == (0, 0)
    assert later.horizon is None


def test_one_plays_on_to_the_next_stop_and_ends_there_exactly() -> None:
    """In small frames, never past it, with the clock of the run."""
    now, target = (standing(base(), walk()[place(name)], is_revealed=False) for name in ("a-short-talk", "first-fin"))
    assert leads(now, target)
    times = [now.playhead]
    for _ in range(10_000):
        now = toward(now, target, 16_000)
        times.append(now.playhead)
        if now is target:
            break
    assert now is target
    assert times == sorted(times)
    assert len(times) > 10


def test_a_long_way_takes_as_long_as_a_room_has_patience() -> None:
    """At any speed, and evenly; a way that is short enough keeps its tempo."""
    begins = replace(standing(base(), walk()[0], is_revealed=False), speed=0.1)
    end = standing(base(), walk()[place("half-closed")], is_revealed=False)
    target = replace(end, speed=begins.speed)
    times = pace(begins, target)
    walls = [target.tempo.to_wall(each.playhead) for each in (begins, target)]
    assert times > 1
    assert (walls[1] - walls[0]) / (begins.speed * times) == pytest.approx(PATIENCE * 1e6)
    halfway = toward(begins, target, round(PATIENCE * 5e5), times)
    assert target.tempo.to_wall(halfway.playhead) == pytest.approx(sum(walls) / 2, abs=1e4)
    assert toward(begins, target, round(PATIENCE * 1e6) + 1, times) is target
    assert pace(replace(begins, speed=8.0), target) == 1
    assert pace(target, begins) == 1, "nobody plays backwards"


def test_nobody_plays_backwards_or_into_another_run() -> None:
    """There one is at once."""
    first, second = (standing(base(), walk()[place(name)], is_revealed=False) for name in ("a-short-talk", "first-fin"))
    check = next(stop for stop in walk() if stop.kind == "question" and not stop.beat)
    other = standing(base(), check, is_revealed=False)
    assert not leads(second, first)
    assert toward(second, first, 1) is first
    assert toward(first, other, 1) is other


def test_a_run_moved_by_hand_is_at_the_stop_that_it_has_passed() -> None:
    """Forward and back, within one part of the lecture."""
    here, there = place("a-short-talk"), place("half-closed")
    at = standing(base(), walk()[there], is_revealed=False)
    assert strayed(at, walk(), here) == there
    assert strayed(standing(base(), walk()[here], is_revealed=False), walk(), there) == here
    question = place("half-closed", "question")
    assert strayed(at, walk(), question) == question


@pytest.mark.parametrize("beat", ["no-such-beat", ""])
def test_a_stop_whose_beat_is_not_there_shows_the_lesson_from_its_start(beat: str) -> None:
    """A lecture that is older than its lesson must not end in front of the room."""
    lost = Stop(0, "beat", CLOSE, beat, "", walk()[0].title, walk()[0].notes, 1.0)
    assert standing(base(), lost, is_revealed=False) is base()
