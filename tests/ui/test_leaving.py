"""What was open when the window closed is there when it opens again; broken files cost nothing but the memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from tests.ui.stage import CLOSE, answered, session
from tutor.explore.onward import run_of, way_on
from tutor.teach import intents
from tutor.teach.puzzles import PUZZLES
from tutor.teach.retelling import lesson_of
from tutor.teach.session import Session, start, update
from tutor.ui import leaving
from tutor.ui.interrupts import ended_by_interrupt
from tutor.ui.library import Library
from tutor.ui.plotrows import FIRST_CHOICES, Choice, choices_of
from tutor.ui.seat import SEATS, Seat
from tutor.words import Words

EN = Words("en")

WRITES = next(each for each in PUZZLES if (each.variant, each.breaks) == ("unchecked-ack", "own-bytes"))
"""A puzzle whose shortest way has something written."""


def _busy() -> Session:
    """A session in the middle of something: a lost FIN, a bet answered, another speed, time running to the right."""
    now = session(CLOSE)
    for intent in (
        intents.NextBeat(), intents.NextBeat(), intents.SetSpeed(0.25), intents.See("is_across", value=True),
        intents.See("filter", "tcp.flags.fin==1"), intents.Choose(1), intents.CheckBet(),
        intents.ActNow("drop server:any"),
    ):  # fmt: skip
        now = update(now, intent)
    return now


def test_one_comes_back_to_where_one_left(tmp_path: Path) -> None:
    """The same run on the same branch, at the same moment, with the same bets answered and the same sight."""
    before = _busy()
    assert leaving.leave(before, tmp_path)
    after = leaving.come_back(tmp_path, Library(), EN)
    assert after is not None
    assert (after.branch, after.road, len(after.timeline.branches)) == (
        before.branch, before.road, len(before.timeline.branches),
    )  # fmt: skip
    assert (after.playhead, after.beat, after.speed) == (before.playhead, before.beat, before.speed)
    assert after.answers == before.answers
    assert after.sight == before.sight
    assert after.horizon == before.horizon


def test_a_run_that_was_found_is_come_back_to(tmp_path: Path) -> None:
    """It was set aside as broken: its words say how much is written."""
    answer, run = run_of(WRITES.play, way_on(WRITES.play).deeds)
    titles = {"en": "Bytes of another connection", "zh": "别的连接的字节"}
    before = start(*lesson_of(answer, run, "wire-it", titles))
    for _ in before.lesson.beats:
        before = update(before, intents.NextBeat())
    assert leaving.leave(before, tmp_path)
    after = leaving.come_back(tmp_path, Library(), EN)
    assert after is not None
    assert (after.playhead, after.beat) == (before.playhead, before.beat)
    assert after.lesson.beats == before.lesson.beats
    assert not list(tmp_path.rglob("*.broken"))


def test_a_deleted_future_does_not_come_back(tmp_path: Path) -> None:
    """It is in no file; the futures after it get its number, and the bets that were answered there go with them."""
    before = _busy()
    first = before.branch
    for intent in (
        intents.SwitchBranch(before.road), intents.ActNow("drop client:any"), intents.DeleteBranch(first),
        intents.See("beside", before.road),
    ):  # fmt: skip
        before = update(before, intent)
    assert before.gone == {first}
    assert leaving.leave(before, tmp_path)
    after = leaving.come_back(tmp_path, Library(), EN)
    assert after is not None
    assert len(after.timeline.branches) == len(before.timeline.branches) - 1
    assert not after.gone
    assert after.timeline.branch(after.branch).acts == before.timeline.branch(before.branch).acts
    assert after.playhead == before.playhead
    assert (after.road, after.beside) == (before.road, before.road)
    assert {answer.branch for answer in after.answers} <= set(range(len(after.timeline.branches)))


@pytest.mark.ci
def test_what_is_plotted_is_remembered(show, tmp_path: Path) -> None:
    """Chosen in the panel, it is there after the next start; a place from before there was such a choice will do."""
    conductor = answered(show(session(CLOSE), 1920, 1080))
    conductor.window.show_panel("plots")
    panel = conductor.window.strip.panels["plots"]
    panel.load()
    panel.choose(0, "sequence")
    panel.set_choice(1, replace(panel.choices[1], side="client", to_scale=True))
    leaving.leave(conductor.session, tmp_path)
    after = leaving.come_back(tmp_path, Library(), EN)
    assert after is not None
    again = show(after, 1920, 1080)
    again.window.show_panel("plots")
    later = again.window.strip.panels["plots"]
    later.load()
    QApplication.processEvents()
    assert later.choices == panel.choices == (Choice("sequence"), Choice("timer", "client", to_scale=True))
    place = tmp_path / leaving.PLACE
    told = json.loads(place.read_text(encoding="utf-8"))
    del told["sight"]["plots"]
    place.write_text(json.dumps(told), encoding="utf-8")
    old = leaving.come_back(tmp_path, Library(), EN)
    assert old is not None
    assert old.sight.plots == ""


@pytest.mark.parametrize("text", ["", "window", "window window", "window moon", "a:b:c:d e", ": :"])
def test_plots_that_nobody_knows_are_those_one_begins_with(text: str) -> None:
    """Whatever is in the file."""
    assert choices_of(text) == FIRST_CHOICES


def test_nothing_left_is_nothing_to_come_back_to(tmp_path: Path) -> None:
    """The first start finds no files and makes none."""
    assert leaving.come_back(tmp_path, Library(), EN) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", [leaving.RUN, leaving.PLACE])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"playhead": "now"}', "\x00\x01"])
def test_a_broken_file_is_set_aside(tmp_path: Path, name: str, content: str) -> None:
    """The window opens as if nothing had been left, and what was in the file is still there."""
    leaving.leave(_busy(), tmp_path)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert leaving.come_back(tmp_path, Library(), EN) is None
    assert (tmp_path / (name + leaving.BROKEN)).read_text(encoding="utf-8") == content
    assert leaving.come_back(tmp_path, Library(), EN) is None


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "change",
    [
        '"speed": 3', '"beat": 99', '"beat": 1.5', '"beat": true', '"answers": [{"beat": "x"}]', '"sight": {}',
        '"playhead": 1e999', '"playhead": "now"', '"playhead": ' + "9" * 5000, '"playhead": ' + "[" * 100_000,
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_set_aside(tmp_path: Path, change: str) -> None:
    """Well-formed nonsense is nonsense too."""
    leaving.leave(_busy(), tmp_path)
    place = tmp_path / leaving.PLACE
    place.write_text(place.read_text(encoding="utf-8").rstrip().removesuffix("}") + f", {change}}}", encoding="utf-8")
    assert leaving.come_back(tmp_path, Library(), EN) is None
    assert place.with_name(leaving.PLACE + leaving.BROKEN).is_file()


@pytest.mark.parametrize(
    "change", [{"filter": 5}, {"focus": 5}, {"beside": "x"}, {"figure": "none"}, {"is_across": "yes"}, {"coverage": 0}]
)
def test_a_sight_that_cannot_be_is_set_aside(tmp_path: Path, change: dict) -> None:
    """A word where a number belongs would stop the first frame of every start."""
    leaving.leave(_busy(), tmp_path)
    place = tmp_path / leaving.PLACE
    told = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps({**told, "sight": {**told["sight"], **change}}), encoding="utf-8")
    assert leaving.come_back(tmp_path, Library(), EN) is None


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """The window closes all the same."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert not leaving.leave(_busy(), tmp_path / "file" / "below")


def test_a_window_that_closes_leaves_its_session(show, tmp_path: Path) -> None:
    """Closing keeps the run; the next window starts on it."""
    conductor = answered(show(session(CLOSE)))
    conductor.saver.seat = Seat.claim(tmp_path)
    conductor.send(intents.End())
    conductor.window.close()
    back = leaving.come_back(tmp_path, Library(), EN)
    assert back is not None
    assert back.playhead == conductor.session.playhead == back.end


# --- two windows at a time, and ends that nobody announced ---


def test_two_windows_keep_two_runs(show, tmp_path: Path) -> None:
    """Whoever closes last does not write over what the other one did."""
    first, second = show(session(CLOSE)), show(session())
    first.saver.seat, second.saver.seat = Seat.claim(tmp_path), Seat.claim(tmp_path)
    assert (first.saver.seat.number, second.saver.seat.number) == (1, 2)
    answered(first).send(intents.End())
    first.window.close()
    second.window.close()
    again = leaving.come_back(tmp_path, Library(), EN)
    assert again is not None
    assert (again.lesson.id, again.playhead) == (CLOSE, first.session.end)
    beside = leaving.come_back(tmp_path, Library(), EN, 2)
    assert beside is not None
    assert beside.lesson.id == second.session.lesson.id
    assert Seat.claim(tmp_path).number == 1, "a closed window gives its seat back"


@pytest.mark.ci
def test_the_lock_of_a_dead_process_is_nobodys(tmp_path: Path) -> None:
    """A window that was killed never keeps the next one from its run."""
    killed = "import os, sys, pathlib; from tutor.ui.seat import Seat; s = Seat.claim(pathlib.Path(sys.argv[1]))\n"
    killed += "print(s.number, flush=True); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "1", done.stderr
    assert (tmp_path / "left.lock").exists()
    assert Seat.claim(tmp_path).number == 1


def test_one_window_too_many_keeps_nothing(tmp_path: Path) -> None:
    """Twenty windows have their files; the next one writes over none of them."""
    taken = [Seat.claim(tmp_path) for _ in range(SEATS)]
    assert [seat.number for seat in taken] == list(range(1, SEATS + 1))
    assert Seat.claim(tmp_path).number == 0


def test_a_folder_that_cannot_be_made_quarrels_with_nobody(show, tmp_path: Path) -> None:
    """Nothing can be kept there: the window opens, and says so when it has something to keep, once."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    conductor = show(session(CLOSE))
    conductor.saver.seat = Seat.claim(tmp_path / "file" / "below")
    conductor.send(intents.StepForward())
    assert not conductor.saver.keep()
    assert "left.tcprun" in conductor.window.notice.text()
    conductor.window.notice.say("")
    assert not conductor.saver.keep()
    assert conductor.window.notice.text() == ""


def test_a_second_window_is_told(show, tmp_path: Path) -> None:
    """It says that another window is open, and where its own run is; that run is among the recent files."""
    from tutor.ui import app

    other = Seat.claim(tmp_path)
    conductor = show(session(CLOSE))
    app._tell_of_neighbours(conductor, other)
    assert conductor.window.notice.text() == ""
    seat = Seat.claim(tmp_path)
    app._tell_of_neighbours(conductor, seat)
    assert str(seat.run) in conductor.window.notice.text()
    assert conductor.settings.texts("recent") == [str(seat.run)]


@pytest.fixture
def heeded(request: pytest.FixtureRequest) -> Iterator[int]:
    """A signal that whoever started the tests has not told us to ignore (as nohup does)."""
    number = getattr(signal, request.param)
    before = signal.signal(number, signal.SIG_DFL)
    yield number
    signal.signal(number, before)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("heeded", ["SIGINT", "SIGTERM", "SIGHUP"], indirect=True)
def test_a_signal_loses_nothing(show, tmp_path: Path, heeded: int) -> None:
    """Ctrl+C, the end of the session and a terminal that goes away: the window closes, and the run is there again."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    conductor = answered(show(session(CLOSE)))
    conductor.saver.seat = Seat.claim(tmp_path)
    conductor.send(intents.End())
    QTimer.singleShot(0, lambda: os.kill(os.getpid(), heeded))
    patience = QTimer(singleShot=True, interval=5000)
    patience.timeout.connect(app.quit)
    patience.start()
    with ended_by_interrupt(app):
        app.exec()
    QCoreApplication.removePostedEvents(app, QEvent.Type.Quit)  # a second end would be the next test's
    assert patience.isActive(), "the signal has ended the loop"
    assert not conductor.window.isVisible()
    back = leaving.come_back(tmp_path, Library(), EN)
    assert back is not None
    assert back.playhead == back.end


def test_what_was_done_is_kept_before_any_end(show, qtbot, tmp_path: Path) -> None:
    """A machine that dies takes the last seconds with it and no more; a run that only plays is written once."""
    conductor = answered(show(session(CLOSE)))
    conductor.saver.seat = Seat.claim(tmp_path)
    conductor.send(intents.ActNow("drop server:any"))
    conductor.saver._timer.setInterval(1)
    conductor.saver._timer.start()
    qtbot.waitUntil((tmp_path / leaving.PLACE).exists, timeout=5000)
    back = leaving.come_back(tmp_path, Library(), EN)
    assert back is not None
    assert len(back.timeline.branches) == len(conductor.session.timeline.branches)


def test_a_place_of_another_run_costs_the_place_only(tmp_path: Path) -> None:
    """The machine died between the two files: the run is taken up at its beginning."""
    before = _busy()
    leaving.leave(before, tmp_path)
    stale = (tmp_path / leaving.PLACE).read_text(encoding="utf-8")
    leaving.leave(update(before, intents.ActNow("drop client:any")), tmp_path)
    (tmp_path / leaving.PLACE).write_text(stale, encoding="utf-8")
    back = leaving.come_back(tmp_path, Library(), EN)
    assert back is not None
    assert len(back.timeline.branches) == len(before.timeline.branches) + 1


def test_a_text_that_nobody_could_save_is_kept_as_a_draft(show, tmp_path: Path, monkeypatch) -> None:
    """An editor asks before it loses text; where the program must end without an answer, a draft is left."""
    from tutor import doctor
    from tutor.ui import editing

    monkeypatch.setattr(doctor, "state_dir", lambda: tmp_path)
    conductor = show(session(CLOSE))
    conductor.send(intents.LookUp())
    editing.edit_lesson(conductor)
    editor = next(each for each in conductor.beside)
    assert editing.keep_draft(conductor, editor) is None
    editor.code.setPlainText("id: mine")
    draft = editing.keep_draft(conductor, editor)
    assert draft is not None
    assert draft.read_text(encoding="utf-8") == "id: mine"
    assert conductor.settings.texts("recent") == [str(draft)]
    editor.show_text("", is_saved=True)
    editor.close()
