"""An answer's verdict is seen when the answer is kept; and who learns here can change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from tests.ui.stage import CLOSE, HANDSHAKE, session, solve
from tutor.teach import betting, intents, quiz
from tutor.teach.learners import FIRST, GUEST, Learners
from tutor.teach.progress import Progress
from tutor.ui import memory as module
from tutor.ui.conductor import Conductor
from tutor.ui.keeper import Keeper

Show = Callable[..., Conductor]


def until(done: Callable[[], bool]) -> None:
    """Let events be until something is so."""
    for _ in range(500):
        if done():
            return
        QTest.qWait(10)
    raise AssertionError("it never came to be")


@pytest.fixture
def kept(show: Show, tmp_path: Path) -> Iterator[Conductor]:
    """A window on lesson 01 at its first bet, whose learner is kept in a folder."""
    conductor = show(session(HANDSHAKE))
    conductor.memory.take(Keeper(parent=conductor, learners=Learners(tmp_path), learner=FIRST))
    conductor.keeper.start()
    conductor.send(intents.End())
    assert conductor.session.is_asking
    yield conductor
    conductor.keeper.stop()


def record_of(folder: Path, learner: str = FIRST):
    """What stands in a learner's file."""
    progress = Progress(Learners(folder).path(learner))
    record = progress.record()
    progress.close()
    return record


def has_verdict(conductor: Conductor) -> bool:
    """Does the card on screen say whether the answer was right?"""
    rows = conductor.window.lesson.rows
    return rows is not None and rows.ask is not None and bool(rows.ask.verdict)


def test_the_verdict_is_seen_only_when_the_answer_is_on_the_disk(kept: Conductor, tmp_path: Path, monkeypatch) -> None:
    """The writing thread is held up: the session has graded, the window still asks. Then it is written, and seen."""
    gate = threading.Event()
    plain = Progress.answer

    def slow(self: Progress, answered) -> bool:
        gate.wait(20)
        return plain(self, answered)

    monkeypatch.setattr(Progress, "answer", slow)
    solve(kept)
    QTest.qWait(100)
    assert kept.session.answers and kept.memory.is_waiting
    assert not has_verdict(kept)
    assert record_of(tmp_path).answers == ()
    gate.set()
    until(lambda: has_verdict(kept))
    (answer,) = record_of(tmp_path).answers
    assert answer.is_right and answer.lesson == HANDSHAKE


def test_a_disk_that_does_not_answer_is_told_and_the_lesson_goes_on(kept: Conductor, monkeypatch) -> None:
    """After a while the verdict is shown, with a sentence; nobody is stuck."""
    gate = threading.Event()
    monkeypatch.setattr(Progress, "answer", lambda *_: gate.wait(20))
    kept.memory._patience.setInterval(50)
    solve(kept)
    until(lambda: has_verdict(kept))
    assert kept.window.notice.text() == module.SLOW
    gate.set()


def test_a_verdict_waits_for_nobody_where_nothing_is_kept(show: Show) -> None:
    """A picture, a test, a guest without a folder: at once."""
    conductor = show(session(HANDSHAKE))
    conductor.send(intents.End())
    solve(conductor)
    assert not conductor.memory.is_waiting
    until(lambda: has_verdict(conductor))
    assert len(conductor.keeper.progress.answers()) == 1


def test_how_far_a_lesson_was_gone_is_kept(kept: Conductor, tmp_path: Path) -> None:
    """To the end, with everything answered: done."""
    lesson = kept.session.lesson
    for _ in range(100):
        if kept.session.notice is not None and kept.session.notice.id == "lesson-done":
            break
        ask, where = kept.session.ask, betting.scene(kept.session, kept.session.beat)
        if kept.session.is_asking and ask is not None and where is not None:
            right = quiz.answer(ask, where).right
            for pick in right if ask.kind in ("order", "many") else right[:1]:
                kept.send(intents.Choose(pick))
            kept.send(intents.CheckBet())
        else:
            kept.send(intents.NextBeat())
    kept.keeper.stop()
    (walked,) = record_of(tmp_path).lessons
    assert (walked.lesson, walked.furthest, walked.beats) == (HANDSHAKE, len(lesson.beats), len(lesson.beats))
    assert walked.is_done


def test_another_learner_has_crossed_nothing_and_gets_nothing(kept: Conductor, tmp_path: Path) -> None:
    """What was crossed belongs to who was there; the guest leaves no trace."""
    solve(kept)
    until(lambda: not kept.memory.is_waiting)
    assert kept.session.ever
    kept.keeper.switch(GUEST)
    until(lambda: not kept.session.ever)
    kept.send(intents.OpenLesson(session(CLOSE).lesson, session(CLOSE).scenario))
    kept.send(intents.End())
    solve(kept)
    until(lambda: not kept.memory.is_waiting)
    kept.keeper.switch(FIRST)
    until(lambda: bool(kept.session.ever))
    kept.keeper.stop()
    record = record_of(tmp_path)
    assert [each.lesson for each in record.answers] == [HANDSHAKE]
    assert [path.stem for path in (tmp_path / "learners").glob("*.sqlite3")] == [FIRST]


def test_a_file_that_only_bears_a_shipped_lessons_name_does_not_count(show: Show) -> None:
    """Whoever writes a lesson 01 with one bet has not made the learner know lesson 01."""
    from dataclasses import replace

    begun = session(HANDSHAKE)
    forged = replace(begun, lesson=replace(begun.lesson, source="something else"))
    conductor = show(forged)
    conductor.send(intents.End())
    solve(conductor)
    assert conductor.session.answers
    assert conductor.keeper.progress.answers() == ()


def test_the_learner_of_last_time_is_the_learner_again(tmp_path: Path) -> None:
    """By the id in the settings; who was deleted meanwhile is not made again."""
    learners = Learners(tmp_path)
    anna = learners.add("Anna")
    assert learners.present(anna.id) == anna.id
    learners.delete(anna.id)
    assert learners.present(anna.id) == FIRST
    ben = learners.add("Ben")
    assert learners.present(anna.id) == learners.present("") == ben.id
