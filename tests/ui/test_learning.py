"""The pages of learning: what to do next, what has been understood, the passport, and who learns here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.stage import CLOSE, HANDSHAKE, press, right_answer, session
from tests.ui.test_memory import until
from tutor.teach import intents
from tutor.teach.answered import DRILL, REVIEW, Answered, Record, card_of, moment
from tutor.teach.betting import stop_here
from tutor.teach.learners import FIRST, GUEST, Learners
from tutor.teach.progress import Progress
from tutor.ui import keeper as clock, learning_desk, review
from tutor.ui.conductor import Conductor
from tutor.ui.keeper import Keeper
from tutor.ui.learner_dialogs import NameDialog, SureDialog
from tutor.ui.learning import beside, boxes
from tutor.ui.learning_desk import LearningDesk
from tutor.ui.learning_rows import CONCEPTS, LEARNERS, PASSPORT, PLACES, START, UNDERSTOOD
from tutor.view.marks import Text

Show = Callable[..., Conductor]
BET = card_of(HANDSHAKE, "first-segment")


@pytest.fixture
def kept(show: Show, tmp_path: Path) -> Iterator[Conductor]:
    """A window on lesson 01 whose learners live in a folder."""
    conductor = show(session(HANDSHAKE))
    conductor.memory.take(Keeper(parent=conductor, learners=Learners(tmp_path), learner=FIRST))
    conductor.keeper.start()
    yield conductor
    conductor.keeper.stop()


def settled(conductor: Conductor) -> None:
    """Wait until the keeper's thread has done all that was asked of it, and the window has heard of it."""
    done: list[bool] = []
    conductor.keeper.run(lambda: done.append(True))
    until(lambda: bool(done))
    QTest.qWait(20)


def desk_at(conductor: Conductor, place: str) -> LearningDesk:
    """The desk, open at a place, with everything read."""
    conductor.command(place)
    desk = next(each for each in conductor.findChildren(LearningDesk) if each.page is conductor.window.page)
    until(lambda: not desk._unread)
    settled(conductor)
    return desk


def answer(conductor: Conductor, *, is_right: bool, name: str = "one", ago: timedelta = timedelta(days=1)) -> None:
    """Note an answer to the first bet of lesson 01, some time ago."""
    lesson = session(HANDSHAKE).lesson
    at = moment(clock.now() - ago)
    conductor.keeper.keep(Answered(name, BET, HANDSHAKE, "next-state", "x", is_right, at, 1, lesson.concepts))
    settled(conductor)


def record_of(folder: Path, learner: str = FIRST) -> Record:
    """What stands in a learner's file."""
    progress = Progress(Learners(folder).path(learner))
    record = progress.record()
    progress.close()
    return record


@pytest.mark.ci
def test_the_start_page_says_how_far_each_lesson_is_and_what_comes_next(kept: Conductor) -> None:
    """Begun goes before not begun; the first that is not done is next."""
    desk = desk_at(kept, START)
    tiles = {tile.number: tile for tile in desk.rows.picture}
    assert tiles["00"].is_next and desk.page.side.head.text().startswith("00")
    assert [action.id for action in desk.rows.actions] == ["open", "laboratory"]
    press(kept, "Esc")
    assert kept.window.page is None
    kept.open_lesson(CLOSE)
    kept.send(intents.NextBeat())
    desk = desk_at(kept, START)
    tiles = {tile.number: tile for tile in desk.rows.picture}
    assert tiles["13"].is_next and not tiles["00"].is_next
    assert tiles["13"].steps[0] == 2 and tiles["13"].note.startswith("step 2 of")


def test_a_lesson_is_opened_from_the_start_page_by_keys(kept: Conductor) -> None:
    """Right to the next tile, Enter: the lesson is on the stage."""
    desk = desk_at(kept, START)
    canvas = desk.page.canvas
    first = desk.rows.chosen
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert desk.rows.chosen != first
    chosen = desk.rows.chosen.partition(":")[2]
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert kept.window.page is None and kept.session.lesson.id == chosen


@pytest.mark.ci
def test_a_wrong_answer_comes_back_with_other_numbers_and_moves_on_its_schedule(
    kept: Conductor, tmp_path: Path
) -> None:
    """Due on the start page; asked alone, with new first numbers; answered rightly it is due in days."""
    answer(kept, is_right=False)
    desk = desk_at(kept, START)
    assert "review due: 1" in desk.rows.summary
    press(kept, "Shift+R")
    until(lambda: kept.memory.reviewed is not None and kept.session.is_asking)
    assert kept.window.page is None
    now = kept.session
    assert now.lesson.id == HANDSHAKE and now.lesson.beats[now.beat].id == "first-segment"
    assert sum(beat.ask is not None for beat in now.lesson.beats) == 1
    assert [host.isn for host in now.lesson.hosts] != [host.isn for host in session(HANDSHAKE).lesson.hosts]
    kept.send(right_answer(now))
    kept.send(intents.CheckBet())
    until(lambda: not kept.memory.is_waiting)
    first, second = record_of(tmp_path).answers
    assert (second.card, second.place, second.is_right) == (BET, REVIEW, True)
    assert second.seed != first.seed
    assert record_of(tmp_path).lessons == (), "who reviews a card has not gone through the lesson"
    kept.command("review")
    until(lambda: kept.window.page is not None)
    desk = next(each for each in kept.findChildren(LearningDesk) if each.page is kept.window.page)
    settled(kept)
    assert "review due: 0" in desk.rows.summary
    (card,) = desk.desktop.standing.cards
    assert card.schedule.due > clock.now() + timedelta(days=1)


def test_of_several_tries_at_a_card_the_first_counts(kept: Conductor, tmp_path: Path) -> None:
    """After undo the feedback has been read: what is answered then shows nothing."""
    answer(kept, is_right=False)
    kept.command("review")
    until(lambda: kept.session.is_asking and kept.memory.reviewed is not None)
    begun = kept.session
    wrong = next(i for i in range(4) if intents.Choose(i) != right_answer(begun))
    kept.send(intents.Choose(wrong))
    kept.send(intents.CheckBet())
    until(lambda: not kept.memory.is_waiting)
    kept.session = replace(kept.session, answers=())
    kept.send(right_answer(kept.session))
    kept.send(intents.CheckBet())
    until(lambda: not kept.memory.is_waiting)
    settled(kept)
    assert [each.is_right for each in record_of(tmp_path).answers] == [False, False]


@pytest.mark.ci
def test_what_has_been_understood_is_a_picture(kept: Conductor) -> None:
    """A cell a question: wrong at first, right at last; and the concepts of that lesson with their shares."""
    answer(kept, is_right=False, ago=timedelta(days=2))
    answer(kept, is_right=True, name="two")
    desk = desk_at(kept, UNDERSTOOD)
    cells = desk.rows.picture.lessons[1].cells
    assert [(cell.first, cell.last) for cell in cells if cell.last is not None] == [(False, True)]
    QTest.keyClick(desk.page.canvas, Qt.Key.Key_Down)
    assert "1 rightly at last" in desk.page.said.text()
    desk = desk_at(kept, CONCEPTS)
    syn = next(each for each in desk.rows.picture.concepts if each.name == "SYN")
    assert (syn.right, syn.wrong) == (1, 0) and syn.open > 0 and syn.when


def test_the_passport_counts_what_was_crossed_and_leads_to_what_was_not(kept: Conductor) -> None:
    """A number on each crossed edge; Enter goes to the next missing one; the run to it is played."""
    kept.keeper.note([("closed/passive-open", "linux-6.18")] * 3)
    desk = desk_at(kept, PASSPORT)
    numbers = [mark.text for mark in desk.page.canvas.picture.marks() if isinstance(mark, Text)]
    assert "3" in numbers
    first = desk.rows.chosen
    desk.act("missing")
    assert desk.rows.chosen not in ("", first)
    while not any(action.id == "there" for action in desk.rows.actions):
        desk.act("missing")
    chosen = desk.rows.chosen
    press(kept, "Ctrl+G")
    assert kept.window.page is None and kept.session.selection == chosen


@pytest.mark.ci
def test_the_next_missing_edge_goes_round_once_through_all(kept: Conductor) -> None:
    """No edge is left out, and none comes twice."""
    desk = desk_at(kept, PASSPORT)
    seen = []
    while desk.rows.chosen not in seen:
        seen.append(desk.rows.chosen)
        desk.act("missing")
    assert len(seen) == int(desk.rows.summary.split()[2])


# --- learners ---


@pytest.mark.ci
def test_a_new_learner_begins_with_nothing_and_the_old_one_keeps_all(kept: Conductor, tmp_path: Path) -> None:
    """By a dialog that refuses a name which is taken; then back."""
    answer(kept, is_right=True)
    settled(kept)
    desk = desk_at(kept, LEARNERS)
    for name in ("Anna", "anna", "Ben"):
        desk.act("new")
        assert isinstance(desk.dialog, NameDialog)
        desk.dialog.field.setText(name)
        desk.dialog.take()
        if name == "anna":
            assert desk.dialog.error.text()
            desk.dialog.reject()
        settled(kept)
        settled(kept)
    assert [each.name for each in desk.learners] == ["", "Anna", "Ben"]
    assert kept.keeper.learner == next(each.id for each in desk.learners if each.name == "Ben")
    assert desk.record == Record()
    desk.choose(f"learner:{FIRST}")
    desk.act("use")
    settled(kept)
    settled(kept)
    assert kept.keeper.learner == FIRST and len(desk.record.answers) == 1


def test_reset_and_delete_ask_first_and_then_do_it(kept: Conductor, tmp_path: Path) -> None:
    """The way back has the focus; what was deleted is not on the disk any more."""
    kept.send(intents.StepForward())
    answer(kept, is_right=True)
    desk = desk_at(kept, LEARNERS)
    desk.act("reset")
    assert isinstance(desk.dialog, SureDialog) and desk.dialog.no.isDefault()
    desk.dialog.reject()
    settled(kept)
    assert len(record_of(tmp_path).answers) == 1
    desk.act("reset")
    desk.dialog.take()
    settled(kept)
    assert record_of(tmp_path) == Record()
    anna = Learners(tmp_path).add("Anna")
    desk.act("delete")
    desk.dialog.take()
    settled(kept)
    settled(kept)
    assert kept.keeper.learner == anna.id
    assert [path.stem for path in (tmp_path / "learners").glob("*.sqlite3")] == [anna.id]


@pytest.mark.ci
def test_progress_goes_into_a_file_and_comes_back(kept: Conductor, tmp_path: Path) -> None:
    """Written, forgotten, taken in, twice; a broken file changes nothing and is told."""
    kept.send(intents.StepForward())
    answer(kept, is_right=True)
    desk, file = desk_at(kept, LEARNERS), tmp_path / "anna.tcplearner.json"
    desk.roll.export(file, "Anna")
    settled(kept)
    assert json.loads(file.read_text(encoding="utf-8"))["learner"] == "Anna"
    before = record_of(tmp_path)
    desk.roll.reset()
    for _ in range(2):
        desk.roll.take_in(file)
        settled(kept)
        assert record_of(tmp_path) == before
    file.write_text('{"format": "holiday"}', encoding="utf-8")
    desk.roll.take_in(file)
    settled(kept)
    assert "lacks" in desk.dialog.said.text() and record_of(tmp_path) == before
    desk.dialog.accept()
    desk.roll.take_in(tmp_path / "nowhere.json")
    settled(kept)
    assert "cannot be read" in desk.dialog.said.text()
    desk.dialog.accept()
    desk.roll.export(tmp_path / "no" / "folder.json", "")
    settled(kept)
    assert "cannot be written" in desk.dialog.said.text()
    desk.dialog.accept()


def test_a_guest_is_told_that_nothing_is_kept(kept: Conductor, tmp_path: Path) -> None:
    """And nothing is; the settings do not remember the guest either."""
    desk = desk_at(kept, LEARNERS)
    desk.choose(f"learner:{GUEST}")
    assert "forgotten when this window closes" in desk.page.said.text()
    desk.act("use")
    settled(kept)
    settled(kept)
    answer(kept, is_right=True)
    assert kept.keeper.learner == GUEST
    assert record_of(tmp_path) == Record()
    assert kept.settings.texts("learner") != [GUEST]


# --- the page itself ---


@pytest.mark.sampled(4)
@pytest.mark.parametrize("place", PLACES)
def test_each_place_has_a_command_and_its_key_closes_it_again(show: Show, place: str) -> None:
    """From any other place too; also where nothing can be kept."""
    conductor = show(session(HANDSHAKE))
    conductor.command(START if place != START else LEARNERS)
    learning_desk.open_at(conductor, place)
    page = conductor.window.page
    assert page is not None and page.shown.place == place
    conductor.window.command(place)
    assert conductor.window.page is None


def test_arrows_lead_from_each_thing_to_its_neighbour(show: Show) -> None:
    """Right and back left; down and back up; at the edge one stays."""
    conductor = show(session(HANDSHAKE))
    desk = desk_at(conductor, CONCEPTS)
    picture = desk.page.canvas.picture
    names = list(boxes(picture))
    assert beside(picture, names[0], (1, 0)) == names[1]
    assert beside(picture, names[1], (-1, 0)) == names[0]
    below = beside(picture, names[0], (0, 1))
    assert beside(picture, below, (0, -1)) == names[0]
    assert beside(picture, names[0], (0, -1)) == names[0]
    assert beside(picture, "", (1, 0)) == names[0]


def test_a_generated_question_that_went_wrong_comes_back(kept: Conductor, tmp_path: Path, monkeypatch) -> None:
    """Bet mode stops a run, the answer is wrong: a card. Due, it is asked on a run of its own, noted as a review."""
    kept.open_lesson("lab-1-life")
    kept.send(intents.BetOn(frozenset({"segment"})))
    kept.send(intents.End())
    stop = stop_here(kept.session)
    assert stop is not None
    wrong = next(i for i in range(len(stop.question.ask.options)) if i not in stop.question.right)
    kept.send(intents.Choose(wrong))
    kept.send(intents.CheckBet())
    until(lambda: not kept.memory.is_waiting)
    (first,) = record_of(tmp_path).answers
    assert (first.card, first.place, first.is_right) == (stop.question.card, DRILL, False)
    tomorrow = clock.now() + timedelta(days=1)
    for place in (clock, review):
        monkeypatch.setattr(place, "now", lambda: tomorrow)
    kept.command("review")
    until(lambda: kept.memory.reviewed is not None and kept.session.is_asking)
    back = stop_here(kept.session)
    assert back is not None
    for pick in back.question.right:
        kept.send(intents.Choose(pick))
    kept.send(intents.CheckBet())
    until(lambda: not kept.memory.is_waiting)
    last = max(record_of(tmp_path).answers, key=lambda each: each.at)
    assert (last.card, last.place, last.is_right) == (first.card, REVIEW, True)


def test_a_page_that_is_open_before_the_file_is_shows_it_when_it_is(show: Show, tmp_path: Path) -> None:
    """The start page of a fresh start: the record comes from the thread, and then stands there."""
    progress = Progress(Learners(tmp_path).path(FIRST))
    at = moment(clock.now())
    progress.answer(Answered("one", BET, HANDSHAKE, "next-state", "x", is_right=True, at=at))
    progress.close()
    conductor = show(session(HANDSHAKE))
    conductor.memory.take(Keeper(parent=conductor, learners=Learners(tmp_path), learner=FIRST))
    conductor.command(START)
    desk = next(each for each in conductor.findChildren(LearningDesk) if each.page is conductor.window.page)
    assert desk.record == Record()
    conductor.keeper.start()
    until(lambda: len(desk.record.answers) == 1)
    conductor.keeper.stop()
