"""Polling: what a lesson asks is put to a room; the answer is played, and what most believed is refuted by a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sampling import few
from tutor.teach import betting, polling, votes
from tutor.teach.intents import Choose, TakeCheck
from tutor.teach.lesson import Lesson
from tutor.teach.polling import Poll, Showing
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of


def asked_at(lesson: Lesson, beat: str, lang: str = "en") -> Session:
    """The session at a beat that asks; what was asked before it is answered."""
    return next(session for session in asking(lesson, lang) if session.lesson.beats[session.beat].id == beat)


def asking(lesson: Lesson, lang: str = "en") -> Iterator[Session]:
    """The session at every beat that asks, in order."""
    session = replace(start(lesson, scenario_of(lesson)), lang=lang)
    for place, beat in enumerate(lesson.beats):
        moment = session.moments[place]
        if beat.ask is not None and moment is not None:
            session = replace(session, playhead=moment.at, beat=place)
            yield session
            session = betting.revealed(session)


def poll(session: Session) -> Poll:
    """What is asked there."""
    found = polling.poll_of(session)
    assert found is not None, "something is asked"
    return found


HANDSHAKE = load_lesson("01-three-way-handshake")


def test_a_bet_is_put_to_the_room_with_its_options_and_the_engines_answer() -> None:
    """In both languages: prompt and options as text, the right one known, and hands are counted."""
    for lang in ("en", "zh"):
        session = next(asking(HANDSHAKE, lang))
        found = poll(session)
        assert found.has_votes
        assert found.question.startswith("01-three-way-handshake/")
        assert len(found.options) >= 3
        assert len(found.right) == 1
        assert "**" not in found.prompt + "".join(found.options)
        empty = found.votes("2026-11-22T09:00:00+01:00")
        assert empty.is_empty
        assert empty.right == found.right
    assert poll(next(asking(HANDSHAKE, "zh"))).prompt != poll(next(asking(HANDSHAKE))).prompt


def test_where_nothing_is_asked_there_is_no_poll() -> None:
    """At the start, and before the moment of a beat that will ask."""
    session = start(HANDSHAKE, scenario_of(HANDSHAKE))
    assert polling.poll_of(session) is None
    later = next(asking(HANDSHAKE))
    assert polling.poll_of(replace(later, playhead=later.playhead - 1)) is None


def test_the_run_goes_on_to_the_answer_and_not_beyond() -> None:
    """Both ends are one run; at its end the answer has just happened, and the next bet is still hidden."""
    for session in asking(HANDSHAKE):
        shown = polling.answer(session)
        assert shown is not None
        assert shown.begins.trace is shown.ends.trace
        assert not shown.begins.is_held
        if shown.ends.aside is None:
            assert shown.begins.playhead == session.playhead < shown.ends.playhead
            assert shown.ends.playhead <= shown.ends.visible_end


def test_what_most_chose_in_error_is_refuted_by_its_own_run() -> None:
    """The wrong option's run begins where it leaves the lesson and ends where there is something to see."""
    session = next(asking(HANDSHAKE))
    found = poll(session)
    wrong = next(i for i in range(len(found.options)) if i not in found.right and found.plays[i])
    counted = votes.counted(found.votes(""), wrong, 20)
    assert votes.most_chosen_wrong(counted) == wrong
    shown = polling.run_of(betting.revealed(session), wrong)
    assert shown is not None
    assert shown.begins.trace is shown.ends.trace
    assert shown.begins.trace is not session.trace
    assert shown.ends.current is not None
    feedback = HANDSHAKE.beats[session.beat].ask.options[wrong].feedback  # type: ignore[union-attr]
    assert feedback is not None
    assert shown.ends.current.words.en[:20] == feedback.en[:20]
    still = polling.run_of(replace(betting.revealed(session), motion="reduced"), wrong)
    assert still is not None
    assert still.begins.playhead == shown.begins.playhead, "where it begins does not depend on motion"


def test_before_it_is_answered_no_option_shows_its_run() -> None:
    """Nobody can look the answer up by playing an option of an open bet, nor an option that is not there."""
    session = next(asking(HANDSHAKE))
    assert polling.run_of(session, 0) is None
    assert polling.run_of(betting.revealed(session), 99) is None


def test_nobody_picked_what_the_engine_answers() -> None:
    """What somebody has ticked on the card plays no part, and nothing is left ticked."""
    session = update(next(asking(HANDSHAKE)), Choose(2))
    done = betting.revealed(session)
    assert done.verdict is not None
    assert done.verdict.is_right
    assert done.given.picks == ()
    assert betting.revealed(done) is done


def test_a_check_is_asked_of_its_own_run() -> None:
    """A check is a run beside the lesson; the poll is named after it."""
    lesson = next(each for each in map(load_lesson, lesson_ids()[1:]) if each.checks)
    session = update(start(lesson, scenario_of(lesson)), TakeCheck(0))
    found = poll(session)
    assert found.question == f"{lesson.id}/{lesson.checks[0].id}"
    assert found.right


KINDS = {
    "many": ("06-third-ack-lost", True),
    "order": ("23-two-queues", True),
    "explain": ("26-syn-flood", False),
    "attack": ("08-why-three", False),
    "fix": ("10-simultaneous-open", True),
}


def of_kind(kind: str) -> Session:
    """The first session that asks so in a lesson that does."""
    for name in (KINDS[kind][0], *lesson_ids()):
        lesson = load_lesson(name)
        if any(beat.ask is not None and beat.ask.kind == kind for beat in lesson.beats):
            beat = next(each for each in lesson.beats if each.ask is not None and each.ask.kind == kind)
            return asked_at(lesson, beat.id)
    raise AssertionError(f"no lesson asks {kind}")


@pytest.mark.parametrize(
    "kind", ["many", "attack", "fix", *(pytest.param(slow, marks=pytest.mark.ci) for slow in ("order", "explain"))]
)
def test_what_is_not_one_raised_hand_says_how_it_is_answered(kind: str) -> None:
    """Several votes, what comes first, no vote at all: the room reads it in one line."""
    session = of_kind(kind)
    found = poll(session)
    assert found.has_votes is KINDS[kind][1]
    assert bool(found.how) is (kind != "fix")
    assert bool(found.right) is found.has_votes
    if kind == "order":
        assert len(found.right) == 1
        assert sorted(found.places) == list(range(1, len(found.options) + 1))
        assert found.places[found.right[0]] == 1
    if kind == "explain":
        assert found.seconds > 0
        assert found.options, "the points are shown with the answer"
    if kind == "attack":
        assert found.said == "It can be done: an old SYN of the client arrives; SYN+ACK of the server is lost."
    zh = poll(replace(session, lang="zh"))
    assert zh.how != found.how or not found.how


def test_what_mends_a_run_is_played_though_nobody_wrote_a_run_for_it() -> None:
    """The right option of a "fix" is done, and the run goes to where what was wanted happens."""
    shown = polling.answer(of_kind("fix"))
    assert isinstance(shown, Showing)
    assert shown.ends.aside is not None
    assert shown.ends.aside.plays.acts


def test_an_attack_is_played_as_it_succeeds() -> None:
    """The author's moves on the stage, in both languages: what was to be broken is broken at the end of that run."""
    session = of_kind("attack")
    shown = polling.answer(session)
    assert shown is not None and session.ask is not None and session.ask.wire is not None
    assert shown.begins.playhead == 0 < shown.ends.playhead == shown.begins.end
    assert shown.begins.lesson.variant == session.ask.wire.variant
    assert shown.begins.lesson.title["zh"] != shown.begins.lesson.title["en"]
    assert shown.begins.lesson.beats[-1].words["en"]


@pytest.mark.parametrize("name", few(lesson_ids()))
def test_everything_that_lessons_ask_can_be_asked_of_a_room(name: str) -> None:
    """A right option or words that say it; a run that ends no earlier than it begins; runs for all that promise one."""
    for session in asking(load_lesson(name)):
        found, shown = poll(session), polling.answer(session)
        assert found.right or found.said
        assert shown is None or shown.begins.playhead <= shown.ends.playhead
        done = betting.revealed(session)
        for option, plays in enumerate(found.plays):
            assert (polling.run_of(done, option) is not None) is plays
