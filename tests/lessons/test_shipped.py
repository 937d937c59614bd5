"""Every shipped lesson, run and held against the engine, under every set of rules and in both languages."""

from __future__ import annotations

import pytest

from tutor.profiles import profile_names
from tutor.tcp.states import State
from tutor.teach import facts, sentences
from tutor.teach.check import check_all, check_lesson
from tutor.teach.facts import Scene
from tutor.teach.lesson import Lesson
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.road import Road, lay_road
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.records import Sent, StateChanged
from tutor.world.time import SECOND

LESSONS = lesson_ids()
LANGUAGES = ("en", "zh")
FIRST = ("01-three-way-handshake", "13-four-way-close")


def road_of(lesson_id: str, profile: str | None) -> tuple[Lesson, Road]:
    """A lesson and its run under a profile; None: its own."""
    lesson = load_lesson(lesson_id)
    return lesson, lay_road(lesson, scenario_of(lesson, profile))


def states(road: Road, host: str) -> list[State]:
    """The states a host goes through, in order."""
    return [r.target for _, r in road.trace.records() if isinstance(r, StateChanged) and r.host == host]


def test_the_first_two_lessons_are_shipped() -> None:
    """The opening and the close."""
    assert set(FIRST) <= set(LESSONS)


MODELS = (*FIRST, "04-syn-lost", "08-why-three")
"""Those that are held against the engine here; `tcp-tutor check` does it with every one in .ci/run."""


@pytest.mark.parametrize("lesson_id", MODELS)
def test_a_lesson_is_true_under_its_own_rules(lesson_id: str) -> None:
    """Cues fire, bets are what the engine computes: under its profile and all others that it names."""
    errors = check_lesson(lesson_id)
    assert errors == (), "\n".join(error.text(Words("en")) for error in errors)


@pytest.mark.sampled(3, longer=1)
@pytest.mark.parametrize("profile", profile_names())
@pytest.mark.parametrize("lesson_id", FIRST)
def test_the_first_lessons_are_true_under_every_rule_set(lesson_id: str, profile: str) -> None:
    """Opening and closing are TCP, not one kernel's habit: they hold whatever --profile is given."""
    errors = check_lesson(lesson_id, profile=profile)
    assert errors == (), "\n".join(error.text(Words("en")) for error in errors)


@pytest.mark.long
def test_checking_all_names_every_lesson() -> None:
    """Without a path the linter takes what is shipped; what it says is the same in Chinese: nothing."""
    assert check_all(lang="zh") == dict.fromkeys(LESSONS, ())


@pytest.mark.parametrize("lesson_id", LESSONS)
def test_a_lesson_is_whole(lesson_id: str) -> None:
    """Run, bets, words in both languages; and the misconceptions it removes are named."""
    lesson = load_lesson(lesson_id)
    asked = [beat.ask for beat in lesson.beats if beat.ask is not None] + [check.ask for check in lesson.checks]
    bets = [ask for ask in asked if ask.is_bet]
    assert lesson.id == lesson_id
    assert lesson.languages == LANGUAGES
    assert len(lesson.beats) >= 6
    assert len(bets) >= 3
    assert lesson.refutes
    assert lesson.out_of_scope
    assert all(prerequisite in LESSONS for prerequisite in lesson.prerequisites)


@pytest.mark.sampled(4, longer=1)
@pytest.mark.parametrize("lesson_id", LESSONS)
def test_no_hole_is_left_in_what_is_said(lesson_id: str) -> None:
    """Every placeholder of every beat is filled from the run, in both languages."""
    lesson, road = road_of(lesson_id, None)
    for beat, moment in zip(lesson.beats, road.moments, strict=True):
        assert moment is not None
        for lang in LANGUAGES:
            said = facts.fill(beat.words[lang], Scene(lesson, road.trace, moment, road.moments))
            assert list(sentences.holes(said)) == []
            assert "–" not in said


def test_the_handshake_is_three_segments_and_the_client_is_open_first() -> None:
    """What lesson 01 is about, in one run."""
    _, road = road_of("01-three-way-handshake", "linux-6.18")
    sent = [(r.host, r.flight.rel_seq, r.flight.rel_ack) for _, r in road.trace.records() if isinstance(r, Sent)]
    assert sent == [("client", 0, None), ("server", 0, 1), ("client", 1, 1)]
    assert states(road, "client") == [State.SYN_SENT, State.ESTABLISHED]
    assert states(road, "server") == [State.LISTEN, State.SYN_RECEIVED, State.ESTABLISHED]
    opened = [
        (r.at, r.host) for _, r in road.trace.records() if isinstance(r, StateChanged) and r.target is State.ESTABLISHED
    ]
    assert [host for _, host in sorted(opened)] == ["client", "server"]


@pytest.mark.parametrize(("profile", "wait"), [("rfc9293", 240 * SECOND), ("linux-6.18", 60 * SECOND)])
def test_the_close_is_four_segments_and_the_client_waits(profile: str, wait: int) -> None:
    """Lesson 13 goes on until TIME-WAIT is over: 2 MSL by the RFC (3.4.2: MSL is 2 minutes), 60 s on Linux."""
    _, road = road_of("13-four-way-close", profile)
    after_opening = states(road, "client")[2:], states(road, "server")[3:]
    assert after_opening == (
        [State.FIN_WAIT_1, State.FIN_WAIT_2, State.TIME_WAIT, State.CLOSED],
        [State.CLOSE_WAIT, State.LAST_ACK, State.CLOSED],
    )
    fin = next(r.at for _, r in road.trace.records() if isinstance(r, Sent) and r.flight.segment.fin)
    closing = [r.host for _, r in road.trace.records() if isinstance(r, Sent) and r.at >= fin]
    assert closing == ["client", "server", "server", "client"]
    entered = {(r.host, r.target): r.at for _, r in road.trace.records() if isinstance(r, StateChanged)}
    assert entered["client", State.CLOSED] - entered["client", State.TIME_WAIT] == wait
