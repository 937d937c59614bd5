"""The exam's page: one goes forward, looks over all once, hands in; the clock does it otherwise; the result stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from tests.ui.stage import HANDSHAKE, place_of, press, session
from tests.ui.test_memory import until
from tests.ui.test_sheet import pages, unpacked
from tutor.teach import card, intents
from tutor.teach.answered import EXAM
from tutor.teach.exam import DONE, FIRST, SECOND, time_left
from tutor.teach.generated import Posed
from tutor.ui import exam_replay, exam_sheet, keeper, paging
from tutor.ui.conductor import Conductor
from tutor.ui.exam_begin import Wish
from tutor.ui.exam_desk import ExamDesk
from tutor.ui.exam_rows import QUESTION, QuestionRows
from tutor.view.exam import ScoreRow, option
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.records import Sent

Show = Callable[..., Conductor]


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at = keeper.now()
        patch.setattr(keeper, "now", lambda: self.at)

    def go(self, **by: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The exam's clock stands still."""
    return Clock(monkeypatch)


def desk_of(conductor: Conductor) -> ExamDesk:
    """The desk whose page is open."""
    return next(each for each in conductor.findChildren(ExamDesk) if each.page is conductor.window.page)


def begun(conductor: Conductor, count: int = 6, minutes: int = 10, seed: int = 7) -> ExamDesk:
    """An exam that has begun."""
    conductor.command("exam")
    desk = desk_of(conductor)
    desk.prepare(Wish((), count, minutes, seed))
    until(lambda: desk.exam is not None)
    return desk


def wrong_pick(question: Posed) -> int:
    """An answer that is not right by itself."""
    return next(i for i in range(len(question.ask.options)) if (i,) != question.right)


def answer(conductor: Conductor, desk: ExamDesk, *, is_right: bool = True) -> None:
    """Answer the question on the page with the number keys."""
    assert desk.exam is not None
    question = desk.exam.question
    for pick in question.right if is_right else (wrong_pick(question),):
        press(conductor, str(pick + 1))


def finished(conductor: Conductor, desk: ExamDesk, *, wrong: tuple[int, ...] = ()) -> ExamDesk:
    """Every question answered by keys, and handed in."""
    assert desk.exam is not None
    for place in range(len(desk.exam.paper)):
        answer(conductor, desk, is_right=place not in wrong)
        press(conductor, "Return")
    press(conductor, "Ctrl+Return")
    if isinstance(desk.dialog, QDialog):
        desk.dialog.take()
    assert desk.exam.phase == DONE
    return desk


def test_an_exam_is_gone_through_by_keys_alone(show: Show, clock: Clock) -> None:
    """Forward once, a flag, one look over all, hand in; all right."""
    conductor = show(session(HANDSHAKE))
    press(conductor, "Shift+T")
    desk = desk_of(conductor)
    desk.page.begin.count.setValue(4)
    desk.page.begin.seed.setText("7")
    press(conductor, "Ctrl+Return")
    until(lambda: desk.exam is not None)
    assert desk.exam.seed == 7 and len(desk.exam.paper) == 4
    press(conductor, "Ctrl+Return")
    assert desk.exam.phase == FIRST, "nothing is handed in before all has been seen"
    press(conductor, "F")
    for _ in range(4):
        answer(conductor, desk)
        press(conductor, "Return")
    assert desk.exam.phase == SECOND and desk.exam.place == 0 and desk.exam.flagged == {0}
    press(conductor, "Ctrl+Return")
    assert desk.exam.phase == DONE
    assert "4 of 4 right" in desk.page.result.said.text()


def test_a_question_ends_at_its_moment_and_says_nothing_of_what_is_right(show: Show, clock: Clock) -> None:
    """No verdict in any row, and a ladder in which what is under way has not arrived."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor, count=12)
    for _ in range(12):
        rows = desk.page.shown
        assert isinstance(rows, QuestionRows)
        assert not any(row.verdict for row in (*rows.options, *rows.numbers))
        canvas = desk.page.question.canvas
        if rows.posed.has_run:
            later = [step for step in rows.posed.trace.computed if step.at > rows.posed.at]
            shown = {mark.partition(":")[2] for mark, _ in canvas.picture.titles if mark.startswith("flight:")}
            sent = [record for step in later for record in step.records if isinstance(record, Sent)]
            assert not shown & {str(record.flight.id) for record in sent}
        press(conductor, "Return")


def test_the_clock_is_calm_and_hands_in_by_itself(show: Show, clock: Clock) -> None:
    """Minutes, in the last one seconds; then the result says so, also under a question that is open."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor, minutes=2)
    assert desk.page.clock.text() == "2 minutes left"
    clock.go(seconds=30)
    desk._clock.timeout.emit()
    assert desk.page.clock.text() == "2 minutes left"
    clock.go(seconds=61)
    desk._clock.timeout.emit()
    assert desk.page.clock.text() == "29 seconds left"
    answer(conductor, desk)
    press(conductor, "Esc")
    assert desk.dialog is not None
    clock.go(seconds=40)
    desk._clock.timeout.emit()
    assert desk.exam is not None and desk.exam.is_over and desk.dialog is None
    assert "The time is over" in desk.page.result.said.text()
    assert not desk._clock.isActive()


def test_time_is_told_in_whole_minutes_then_in_seconds(clock: Clock, show: Show) -> None:
    """Whatever the moment, in both languages."""
    desk = begun(show(session(HANDSHAKE)), minutes=3)
    assert desk.exam is not None
    start = desk.exam.begun
    told = {0: "3 minutes", 59: "3 minutes", 60: "2 minutes", 120: "60 seconds", 179: "1 second", 400: "0 seconds"}
    for seconds, said in told.items():
        assert time_left(desk.exam, start + timedelta(seconds=seconds), Words("en")) == f"{said} left"
    assert time_left(desk.exam, start, Words("zh")) != "3 minutes left"


def test_whoever_leaves_is_asked_and_nothing_is_kept(show: Show, clock: Clock) -> None:
    """Esc and closing the window ask; to stay changes nothing, to leave forgets all."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor)
    press(conductor, "Esc")
    assert desk.dialog is not None and desk.dialog.no.isDefault()
    desk.dialog.reject()
    assert conductor.window.page is desk.page
    assert not conductor.window.close() and conductor.window.isVisible()
    desk.dialog.reject()
    press(conductor, "Esc")
    desk.dialog.take()
    assert conductor.window.page is None
    assert conductor.keeper.progress.record().answers == ()
    conductor.command("exam")
    assert desk_of(conductor).exam is None


def test_closing_the_window_goes_on_when_one_is_sure(show: Show, clock: Clock) -> None:
    """Then it is closed, without a second question."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor)
    conductor.window.close()
    desk.dialog.take()
    assert not conductor.window.isVisible()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", ["network", "atlas", "manual", "glossary", "exam"])
def test_there_is_no_way_round_while_it_goes_on(show: Show, clock: Clock, name: str) -> None:
    """Neither another page nor the manual; the exam stays as it was."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor)
    was = desk.exam
    conductor.window.command(name)
    assert conductor.window.page is desk.page and desk.exam is was
    assert "Not while an exam goes on" in conductor.window.notice.text()
    assert not [each for each in conductor.window.findChildren(QDialog) if each.isVisible()]


def test_the_look_over_all_is_a_row_of_numbers(show: Show, clock: Clock) -> None:
    """One click leads to a question; what is open and flagged is said in words."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor, count=5)
    for place in range(5):
        if place == 3:
            press(conductor, "F")
        press(conductor, "Return")
    canvas = desk.page.question.numbers
    assert not canvas.isHidden()
    assert ("question:3", "question 4, open, flagged") in canvas.picture.titles
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place_of(canvas, f"{QUESTION}2"))
    assert desk.exam is not None and desk.exam.place == 2
    press(conductor, "Ctrl+Return")
    assert desk.dialog is not None and "5 questions are open" in desk.dialog.said.text()
    desk.dialog.reject()
    assert desk.exam.phase == SECOND


def test_an_order_is_picked_one_after_the_other(show: Show, clock: Clock) -> None:
    """By clicks; each says its place, and one that is taken back leaves the rest in order."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor, count=10)
    while desk.exam is not None and desk.exam.question.kind != "order":
        press(conductor, "Return")
    buttons = desk.page.question.options.buttons
    for index in (2, 0, 1):
        buttons[index].click()
    assert [button.row.place for button in buttons[:3]] == [2, 3, 1]
    assert "place 1" in buttons[2].accessibleDescription()
    buttons[2].click()
    assert [button.row.place for button in buttons[:3]] == [1, 2, 0]


def test_what_was_answered_is_remembered_as_an_exams(show: Show, clock: Clock) -> None:
    """Each answer that was given, none that was left open."""
    conductor = show(session(HANDSHAKE))
    desk = begun(conductor, count=5)
    for place in range(4):
        answer(conductor, desk, is_right=place != 1)
        press(conductor, "Return")
    press(conductor, "Return", "Ctrl+Return")
    desk.dialog.take()
    answers = conductor.keeper.progress.record().answers
    assert [each.is_right for each in answers] == [True, False, True, True]
    assert {each.place for each in answers} == {EXAM}


def test_a_wrong_answer_is_replayed_and_the_result_is_still_there(show: Show, clock: Clock) -> None:
    """Its run stands at its moment, with what is right and why; the exam's key leads back."""
    conductor = show(session(HANDSHAKE))
    desk = finished(conductor, begun(conductor), wrong=(0,))
    assert len(desk.page.result.replays) == 1
    question = desk.exam.paper[0]
    desk.page.result.replays[0].click()
    assert conductor.window.page is None
    assert conductor.session.playhead == question.at
    assert conductor.session.trace.world_at(question.at) == question.trace.world_at(question.at)
    assert question.ask.prompt.en.replace("`", "") in conductor.window.lesson.words.plain()
    press(conductor, "Shift+T")
    assert "5 of 6 right" in desk_of(conductor).page.result.said.text()
    desk_of(conductor).act("anew")
    assert desk_of(conductor).exam is None
    for _ in range(2):
        conductor.send(intents.Undo())
    assert conductor.session.lesson.id == HANDSHAKE


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_result_goes_onto_paper_and_into_a_table(show: Show, clock: Clock, tmp_path: Path, lang: str) -> None:
    """The sheet has its fonts in it; the table opens in a spreadsheet in the window's language."""
    conductor = show(session(HANDSHAKE, lang=lang))
    desk = finished(conductor, begun(conductor), wrong=(0, 2))
    desk.save(tmp_path / "a.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    assert pages(data) >= 1 and data.count(b"/FontFile") >= 1
    assert (b"7684" in unpacked(data)) == (lang == "zh"), "的 is among the letters"
    desk.save(tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(rows) == 7 and raw.startswith(b"\xef\xbb\xbf") and b"\r\r" not in raw
    assert exam_sheet.title(desk.exam, conductor.words) in conductor.words.t("Exam {seed}", seed=7)


def test_of_many_concepts_some_go_over_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their bars are as large as those of a few: nothing is made smaller to fit."""
    put, pieces = paging.Pages.put_piece, list[paging.Piece]()
    monkeypatch.setattr(
        paging.Pages, "put_piece", lambda page, piece, *gap: (pieces.append(piece), put(page, piece, *gap))
    )
    rows = tuple(ScoreRow(f"{n}", f"concept {n}", 1, 2, "", "1 of 2") for n in range(60))
    with paging.pages(tmp_path / "many.pdf", "", Words("en")) as page:
        exam_sheet._score(page, rows, Words("en"))
        room = page.bottom - paging.MARGIN
    assert sum(piece.height for piece in pieces) > room > max(piece.height for piece in pieces)
    assert pages((tmp_path / "many.pdf").read_bytes()) > 1


def test_a_file_that_cannot_be_written_is_told(show: Show, clock: Clock, tmp_path: Path) -> None:
    """The result is still there."""
    conductor = show(session(HANDSHAKE))
    desk = finished(conductor, begun(conductor))
    for name in ("a.pdf", "a.csv"):
        desk.save(tmp_path / "nowhere" / name)
        dialog = next(each for each in conductor.window.findChildren(QDialog) if each.isVisible())
        assert "cannot be written" in dialog.said.text()
        dialog.accept()


@pytest.mark.ci
def test_what_it_is_about_can_be_chosen(show: Show, clock: Clock) -> None:
    """A lesson unticks everything, and the paper is of that lesson; a seed is a number."""
    conductor = show(session(HANDSHAKE))
    conductor.command("exam")
    desk = desk_of(conductor)
    until(lambda: not desk._unread)
    begin = desk.page.begin
    item = next(item for item in begin._items() if item.data(Qt.ItemDataRole.UserRole) == HANDSHAKE)
    item.setCheckState(Qt.CheckState.Checked)
    assert begin.wish.lessons == (HANDSHAKE,) and begin.list.item(0).checkState() == Qt.CheckState.Unchecked
    begin.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert begin.wish.lessons == ()
    item.setCheckState(Qt.CheckState.Checked)
    begin.count.setValue(3)
    begin.begin.click()
    until(lambda: desk.exam is not None)
    assert len(desk.exam.paper) == 3
    assert any(question.generator.startswith(f"{HANDSHAKE}/") for question in desk.exam.paper)
    finished(conductor, desk, wrong=(0,))
    desk.replay(0)
    assert conductor.session.lesson.id == HANDSHAKE


def test_digits_go_into_the_seed(show: Show, clock: Clock) -> None:
    """Before an exam the number keys pick nothing; Enter in the field begins."""
    conductor = show(session(HANDSHAKE))
    conductor.command("exam")
    desk = desk_of(conductor)
    seed = desk.page.begin.seed
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "12x3")
    assert seed.text() == "123"
    QTest.keyClick(seed, Qt.Key.Key_Return)
    until(lambda: desk.exam is not None)
    assert desk.exam.seed == 123


def test_what_ss_prints_stands_in_columns_where_there_is_room() -> None:
    """No line is broken at the width of the card, and none is lost where it is narrow."""
    from tutor.view.exam import OptionRow
    from tutor.view.marks import Text

    head = "State    Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess"
    table = f"```\n{head}\nESTAB    0      0           10.0.0.1:56196     10.0.0.2:5432\n```"
    for width, lines in ((620.0, 2), (330.0, 4)):
        picture = option(OptionRow(1, table), width, Look())
        texts = [mark for mark in picture.marks() if isinstance(mark, Text) and mark.font == "mono"]
        assert len(texts) == lines
        assert "".join(text.text for text in texts) == "".join(table.strip("`").strip("\n").split("\n"))


@pytest.mark.parametrize("is_left_open", [False, pytest.param(True, marks=pytest.mark.ci)])
def test_a_lesson_s_question_is_replayed_in_its_lesson(show: Show, clock: Clock, is_left_open: bool) -> None:
    """At its own moment, whatever the lesson asks before it; with what was given, what is right, and why."""
    conductor = show(session(HANDSHAKE))
    conductor.command("exam")
    desk = desk_of(conductor)
    desk.prepare(Wish(("13-four-way-close",), 6, 10, 7))
    until(lambda: desk.exam is not None)
    for _ in desk.exam.paper:
        if not is_left_open:
            answer(conductor, desk, is_right=False)
        press(conductor, "Return")
    press(conductor, "Ctrl+Return")
    if desk.dialog is not None:
        desk.dialog.take()
    paper, result = desk.exam.paper, desk.exam
    authored = [place for place, question in enumerate(paper) if question.scenario is None]
    assert len(authored) > 2
    for place in authored:
        assert exam_replay.play(conductor, result, place)
        now, question = conductor.session, paper[place]
        assert now.playhead == question.at
        assert now.trace.world_at(now.playhead) == question.trace.world_at(question.at)
        rows = card.card(now)
        assert rows.ask is not None and rows.ask.feedback
        is_whole = not is_left_open and question.kind != "order"
        assert rows.ask.verdict == ("wrong" if is_whole else "right")
    conductor.window.page and desk.close()
    assert conductor.keeper.progress.lessons() == {}
