"""The machine stops in the middle of an exam: afterwards it goes on where it stood, and its clock has run on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from tests.ui.stage import HANDSHAKE, press, session
from tests.ui.test_exam import Clock, answer, begun, clock, desk_of
from tests.ui.test_memory import record_of, until
from tutor.teach.exam import DONE, SECOND
from tutor.teach.learners import FIRST, Learners
from tutor.teach.progress import Progress
from tutor.ui.conductor import Conductor
from tutor.ui.keeper import Keeper

Start = Callable[[], Conductor]

__all__ = ["clock"]


@pytest.fixture
def start(show: Callable[..., Conductor], tmp_path: Path) -> Start:
    """Opens one window after the other on one learner's file; nothing tells the earlier one that it ends."""

    def make() -> Conductor:
        conductor = show(session(HANDSHAKE))
        conductor.memory.take(Keeper(parent=conductor, learners=Learners(tmp_path), learner=FIRST))
        conductor.keeper.start()
        return conductor

    return make


def kept(folder: Path) -> str:
    """What stands in the learner's file of an exam under way."""
    progress = Progress(Learners(folder).path(FIRST))
    text = progress.exam()
    progress.close()
    return text


def again(start: Start):
    """The window of after the stop, its exam taken up again."""
    conductor = start()
    until(lambda: "Shift+T" in conductor.window.notice.text())
    conductor.command("exam")
    desk = desk_of(conductor)
    until(lambda: desk.exam is not None)
    return conductor, desk


@pytest.mark.ci
def test_it_goes_on_where_it_stood(start: Start, clock: Clock, tmp_path: Path) -> None:
    """Answers, flag and place are as they were; four of its ten minutes are gone. Each answer counts once."""
    before = begun(first := start())
    answer(first, before)
    press(first, "Return")
    press(first, "f")
    answer(first, before, is_right=False)
    until(lambda: '"place": 1' in kept(tmp_path) and '"flagged": [1]' in kept(tmp_path))
    clock.go(minutes=4)
    second, desk = again(start)
    assert desk.exam == before.exam
    assert desk.page.clock.text() == "6 minutes left"
    for _ in range(5):
        press(second, "Return")
    assert desk.exam.phase == SECOND
    press(second, "Ctrl+Return")
    desk.dialog.take()
    until(lambda: len(record_of(tmp_path).answers) == 2)
    until(lambda: not kept(tmp_path))
    assert sorted(each.is_right for each in record_of(tmp_path).answers) == [False, True]


@pytest.mark.ci
def test_when_the_time_was_over_meanwhile_it_is_handed_in_as_it_stood(
    start: Start, clock: Clock, tmp_path: Path
) -> None:
    """At the moment at which it would have ended."""
    before = begun(first := start())
    answer(first, before)
    until(lambda: '"picks": [' in kept(tmp_path) and before.exam.here.picks != ())
    until(lambda: f'"picks": {list(before.exam.here.picks)}' in kept(tmp_path))
    before._clock.stop()
    clock.go(hours=1)
    _, desk = again(start)
    assert desk.exam.phase == DONE
    assert desk.exam.handed_in == before.exam.ends
    until(lambda: len(record_of(tmp_path).answers) == 1)


def test_who_leaves_it_gives_it_up(start: Start, clock: Clock, tmp_path: Path) -> None:
    """Then nothing of it is kept."""
    desk = begun(conductor := start())
    until(lambda: bool(kept(tmp_path)))
    press(conductor, "Esc")
    desk.dialog.take()
    until(lambda: not kept(tmp_path))
    conductor.command("exam")
    QTest.qWait(100)
    assert desk_of(conductor).exam is None


@pytest.mark.ci
@pytest.mark.parametrize("change", [lambda text: text.replace('"paper": "', '"paper": "0'), lambda _: "{}"])
def test_another_paper_is_not_gone_on_with(start: Start, clock: Clock, tmp_path: Path, change) -> None:
    """Its questions have changed with the program, or what was kept cannot be read: that is said, and it is over."""
    begun(start())
    until(lambda: bool(kept(tmp_path)))
    progress = Progress(Learners(tmp_path).path(FIRST))
    progress.keep_exam(change(progress.exam()))
    progress.close()
    conductor = start()
    until(lambda: "Shift+T" in conductor.window.notice.text())
    conductor.command("exam")
    until(lambda: "cannot go on" in conductor.window.notice.text())
    assert desk_of(conductor).exam is None
    until(lambda: not kept(tmp_path))
