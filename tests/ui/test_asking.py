"""Asking the room: votes are counted, taken again, kept; the answer is played; nobody's progress knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.asked import asked, counts, on_board, questions
from tests.ui.halls import LAPTOP, arrive, display, presented, press
from tests.ui.stage import HANDSHAKE, session
from tutor.teach import lecture, polling, show_deeds
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.session import start
from tutor.teach.stage import scenario_of
from tutor.teach.votes import Votes
from tutor.ui.conductor import Conductor
from tutor.ui.present import asking_rows
from tutor.view import bars
from tutor.view.hall import FLOOR, too_small
from tutor.view.marks import Text
from tutor.words import Words

Opens = Callable[..., Conductor]
SMALL = display("projector", 1280, 0, 1280, 720)


@pytest.fixture
def stage(show: Opens) -> Conductor:
    """The main window, on the handshake."""
    return show(session(HANDSHAKE))


# --- the question ---


@pytest.mark.ci
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("projector", [SMALL, display("projector", 1280, 0, 1920, 1080)])
def test_the_question_is_large_enough_for_the_last_row_and_keeps_its_secret(show: Opens, lang: str, projector) -> None:
    """Every label on it is a fiftieth of the window or more; the picture where the answer will show stays in sight."""
    made = asked(show(session(HANDSHAKE, lang=lang)), 0, LAPTOP, projector)
    picture, height = made.asking.board.picture, made.audience.height()
    assert too_small(picture, height, floor=FLOOR) == ()
    assert made.asking.board.geometry().intersects(made.audience.ladder.geometry())
    assert not made.asking.board.geometry().intersects(made.audience.diagram.geometry())
    assert {"A", "B", "C"} <= set(on_board(made))
    made.send(show_deeds.GoTo(questions(made)[1]))
    assert made.asking.board.geometry().intersects(made.audience.diagram.geometry()), "a segment shows in the timeline"
    made.end()


@pytest.mark.ci
def test_the_room_is_told_when_the_rest_shows(stage: Conductor) -> None:
    """After the answer: nobody there has a bet of their own. And no key is named to it."""
    show = asked(stage)
    press(show.console, "H")
    QApplication.processEvents()
    said = {mark.text for mark in show.audience.ladder.canvas.picture.marks() if isinstance(mark, Text)}
    assert "The rest shows after the answer." in said
    assert not any("your bet" in text or "Shift+" in text for text in said)
    show.end()


def test_digits_vote_while_the_room_is_asked_and_lay_out_the_pictures_else(stage: Conductor) -> None:
    """Two hands for A, one for B, one taken back; after the answer 2 is the diagram alone again."""
    show = asked(stage)
    press(show.console, "1", "1", "2", "9", "Backspace")
    assert counts(show)[0][:2] == (2, 0)
    press(show.audience, "2")
    assert counts(show)[0][:2] == (2, 1)
    assert show.here.layout == "both"
    assert on_board(show).count("2") == 1
    press(show.console, "Return")
    arrive(show)
    press(show.console, "2")
    assert show.here.layout == "diagram"
    assert counts(show)[0][:2] == (2, 1)
    show.send(show_deeds.GoTo(0))
    press(show.console, "3", "V", "M", "Backspace")
    assert show.here.layout == "ladder"
    assert show.here.votes is None
    assert not show.asking.is_on_board
    show.end()


def test_the_layouts_have_keys_that_never_vote(stage: Conductor) -> None:
    """Ctrl+2 is the diagram alone whatever is asked, in the field of a count too; the buttons name what works now."""
    show = asked(stage)
    said = {name: show.console.tools[name] for name in ("show-both", "show-diagram", "show-ladder")}
    assert [tool.text().split()[-2:] for tool in said.values()] == [["Ctrl", key] for key in "123"]
    before = counts(show)
    press(show.console, "Ctrl+2")
    assert show.here.layout == "diagram"
    field = show.asking.panel.lines[0].count
    field.setFocus()
    press(field, "Ctrl+3")
    assert show.here.layout == "ladder"
    press(show.audience, "Ctrl+1")
    assert show.here.layout == "both"
    assert counts(show) == before
    press(show.console, "Return")
    arrive(show)
    assert [tool.text().split()[-2:] for tool in said.values()] == [["Both", "1"], ["Diagram", "2"], ["Timeline", "3"]]
    press(show.console, "Ctrl+2")
    assert show.here.layout == "diagram"
    show.end()


def test_counts_are_typed_and_the_clicker_still_works(stage: Conductor) -> None:
    """12, Enter, 20: Enter goes to the next count and reveals nothing; a full stop makes the screen black."""
    show = asked(stage)
    lines = show.asking.panel.lines
    lines[0].count.setFocus()
    QTest.keyClicks(lines[0].count, "12")
    QTest.keyClick(lines[0].count, "\r")
    assert lines[1].count.hasFocus()
    QTest.keyClicks(lines[1].count, "20")
    QTest.keyClicks(lines[1].count, "x")
    assert counts(show)[0][:2] == (12, 20)
    assert show.here.is_asking
    lines[1].more.click()
    lines[0].less.click()
    assert counts(show)[0][:2] == (11, 21)
    assert lines[0].count.text() == "11"
    lines[1].count.setFocus()
    press(lines[1].count, ".")
    assert show.here.blank == "black"
    press(lines[1].count, ".", "PgDown")
    assert not show.here.is_asking
    show.end()


@pytest.mark.ci
def test_they_vote_talk_and_vote_again(stage: Conductor) -> None:
    """Both votes stand beside each other on the board; the first cannot be changed any more; ⇧V takes it back."""
    show = asked(stage)
    press(show.console, "V")
    assert len(counts(show)) == 1, "nobody has voted"
    press(show.console, "1", "1", "1", "V", "2", "2")
    assert counts(show)[0][0] == 3
    assert counts(show)[1][:2] == (0, 2)
    assert [text for text in on_board(show) if "discussion" in text]
    press(show.console, "Shift+V", "Shift+V")
    assert counts(show) == ((3, 0, 0, 0)[: len(counts(show)[0])],)
    show.end()


# --- the answer ---


def test_the_answer_is_played_and_then_what_most_believed_is_refuted(stage: Conductor) -> None:
    """On: the run goes to the answer. On: another run shows why C is wrong. On: the next stop. Back works as well."""
    show = asked(stage)
    before = show.player.session
    wrong = next(i for i in range(4) if i not in show.asking.poll.right and show.asking.poll.plays[i])
    show.asking.panel.counted.emit(wrong, 20)
    press(show.console, "PgDown")
    assert show.player.is_moving, "it is played, not only said"
    arrive(show)
    answer = polling.answer(before)
    assert answer is not None
    assert show.player.session.playhead == answer.ends.playhead > before.playhead
    assert show.player.session.trace is before.trace
    following = show.console.next_words.plain()
    press(show.console, "PgDown")
    assert show.here.why == wrong
    assert show.console.next_words.plain() == following, "its numbers are not lost in another run"
    assert not show.asking.is_on_board, "the whole picture shows it"
    arrive(show)
    visit = show.player.session
    assert visit.aside is not None
    assert visit.trace is not before.trace
    assert show.audience.caption.row.sentence.startswith("ABCDEF"[wrong])
    press(show.console, "PgUp")
    assert show.here.why is None
    assert show.player.session.aside is None
    press(show.console, "PgDown", "PgDown")
    arrive(show)
    press(show.console, "PgDown")
    assert show.here.stop.kind == "beat"
    assert show.player.session.aside is None
    show.end()


@pytest.mark.ci
def test_where_nobody_erred_the_next_press_goes_on(stage: Conductor) -> None:
    """All for the right one, or nobody voted: there is nothing to refute."""
    show = asked(stage)
    here = show.here.at
    show.asking.panel.counted.emit(show.asking.poll.right[0], 9)
    press(show.console, "PgDown")
    arrive(show)
    press(show.console, "PgDown")
    assert show.here.at == here + 1
    show.end()


@pytest.mark.ci
def test_what_has_no_options_is_asked_without_votes(show: Opens) -> None:
    """Somebody owns the wire: the room is asked, nothing is counted, the panel says so; on leads on."""
    conductor = show(session("08-why-three"))
    made, _ = presented(conductor)
    lesson = made.lecture.lessons[0]
    kinds = {i: lecture.asked(lesson, made.here.stops[i].ask) for i in questions(made)}
    attacks = [i for i, ask in kinds.items() if ask is not None and ask.kind == "attack"]
    made.send(show_deeds.GoTo(attacks[0]))
    assert made.here.votes is None
    assert "without a vote" in made.asking.panel.said.text()
    press(made.console, "1")
    assert made.here.layout == "both"
    assert made.here.votes is None
    press(made.console, "PgDown")
    arrive(made)
    assert made.asking.poll is not None
    assert made.asking.poll.said in " ".join(on_board(made))
    assert made.player.session.lesson.id.startswith("wire-"), "its moves are played"
    assert made.player.session.playhead == made.player.session.end
    press(made.console, "PgDown")
    assert made.here.at == attacks[0] + 1
    assert made.player.session.lesson.id == lesson.id
    explained = next(i for i, ask in kinds.items() if ask is not None and ask.kind == "explain")
    made.send(show_deeds.GoTo(explained))
    press(made.console, "PgDown")
    arrive(made)
    press(made.console, "PgDown")
    assert made.here.why == 0, "the run of the first point"
    arrive(made)
    assert made.player.session.aside is not None
    press(made.console, "PgDown")
    assert made.here.why == 1
    made.end()


# --- the clock, and the hand ---


@pytest.mark.ci
def test_a_clock_runs_on_demand(stage: Conductor) -> None:
    """A minute, thirty seconds more, none; at the end it stands at 0:00 and nothing happens by itself."""
    show = asked(stage)
    press(show.console, "M")
    assert "1:00" in on_board(show)
    show.pass_time(15.0)
    assert "0:45" in on_board(show)
    press(show.console, "Shift+M")
    assert "1:15" in on_board(show)
    show.pass_time(500.0)
    assert "0:00" in on_board(show)
    assert show.here.is_asking
    press(show.console, "M")
    assert "0:00" not in on_board(show)
    press(show.console, "M", "PgDown")
    assert "1:00" not in on_board(show), "with the answer it is over"
    press(show.console, "M")
    assert "1:00" not in on_board(show)
    show.end()


@pytest.mark.ci
def test_the_question_can_be_taken_off_the_picture(stage: Conductor) -> None:
    """H; and a frozen window keeps what it shows, whatever is counted."""
    show = asked(stage)
    press(show.console, "H")
    assert not show.asking.is_on_board
    press(show.console, "H", "1")
    before = on_board(show)
    press(show.console, "F", "1", "1")
    assert on_board(show) == before
    press(show.console, "F")
    assert "3" in on_board(show)
    show.end()


def test_a_frozen_question_is_laid_out_anew_for_another_projector(show: Opens) -> None:
    """In its size and with the votes it had, though the lecturer has gone on; nothing of it is lost or cut off."""
    made, desk = presented(show(session(HANDSHAKE)))
    made.send(show_deeds.GoTo(questions(made)[0]))
    press(made.console, "1", "F")
    before, wide = set(" ".join(on_board(made)).split()), made.asking.board.geometry()
    press(made.console, "1", "PgDown")
    assert made.asking.board.geometry() == wide
    desk.plug(LAPTOP, display("projector", 1280, 0, 1024, 768))
    QApplication.processEvents()
    assert set(" ".join(on_board(made)).split()) == before
    board = made.asking.board.geometry()
    assert board != wide
    assert made.audience.rect().contains(board)
    assert board.intersects(made.audience.ladder.geometry()), "where the answer does not show"
    assert too_small(made.asking.board.picture, made.audience.height(), floor=FLOOR) == ()
    press(made.console, "F")
    assert "2" in on_board(made), "the room is where the lecturer is"
    made.end()


@pytest.mark.ci
def test_a_room_that_is_frozen_without_a_question_gets_none(stage: Conductor) -> None:
    """Whatever the lecturer comes to, and whatever the projector does."""
    made, desk = presented(stage)
    press(made.console, "F")
    made.send(show_deeds.GoTo(questions(made)[0]))
    desk.plug(LAPTOP, SMALL)
    QApplication.processEvents()
    assert not made.asking.is_on_board
    press(made.console, "F")
    assert made.asking.is_on_board
    made.end()


# --- the rows ---

PLACES = {"ladder": (736.0, 895.0), "diagram": (1110.0, 895.0)}
"""Px of the two pictures in a window of 1920 by 1080."""


@pytest.mark.ci
@pytest.mark.parametrize("name", lesson_ids())
def test_whatever_lessons_ask_has_room_over_one_picture(name: str) -> None:
    """In both languages, before and after both votes, with a clock: nothing is cut, nothing is below a fiftieth."""
    lesson = load_lesson(name)
    begun = start(lesson, scenario_of(lesson))
    for place, moment in enumerate(begun.moments):
        if lesson.beats[place].ask is None or moment is None:
            continue
        for lang in ("en", "zh"):
            poll = polling.poll_of(replace(begun, lang=lang, playhead=moment.at, beat=place))
            assert poll is not None
            size = PLACES[asking_rows.covered(poll)]
            for votes in (None, whole_votes(poll)) if poll.has_votes else (None,):
                for is_revealed in (False, True):
                    asked = asking_rows.board(poll, votes, is_revealed=is_revealed)
                    assert bars.fits(asked, size, 1080 * FLOOR, Words(lang)), poll.question


def whole_votes(poll: polling.Poll) -> Votes:
    """Two rounds in which everything was voted for."""
    rounds = tuple(tuple(90 + 7 * option for option in range(len(poll.options))) for _ in range(2))
    return replace(poll.votes("2026-11-22T09:00:00+01:00"), rounds=rounds)


POLL = polling.Poll("l/b", "order", "Put these in order.", "Which comes first?", ("a", "b", "c"), (1,), (2, 1, 3),
                    (True, False, True))  # fmt: skip


def test_the_board_of_an_order_tells_the_places_with_the_answer() -> None:
    """Letters while it is asked; then what comes when, and what most believed came first."""
    votes = replace(POLL.votes(""), rounds=((3, 9, 5),))
    asked, told = (asking_rows.board(POLL, votes, is_revealed=shown) for shown in (False, True))
    assert [(each.letter, each.place, each.verdict) for each in asked.choices] == [
        ("A", 0, ""), ("B", 0, ""), ("C", 0, ""),
    ]  # fmt: skip
    assert [(each.place, each.verdict) for each in told.choices] == [(2, ""), (1, "right"), (3, "wrong")]
    assert told.totals == (17,)
    assert asking_rows.board(POLL, POLL.votes(""), is_revealed=False).totals == ()


def test_the_panel_says_what_comes_of_the_votes() -> None:
    """Which wrong answer will be refuted by a run, which has none; that nobody erred; that there is no vote."""
    words = Words()
    voted = {counts: replace(POLL.votes(""), rounds=(counts,)) for counts in ((9, 1, 2), (0, 9, 0))}
    assert "A" in asking_rows.ballot(POLL, voted[9, 1, 2], None, words).said
    assert "shows why" in asking_rows.outcome(POLL, voted[9, 1, 2], words)
    silent = replace(POLL, plays=(False, False, False))
    assert "no run" in asking_rows.outcome(silent, voted[9, 1, 2], words)
    assert "Nobody" in asking_rows.outcome(POLL, voted[0, 9, 0], words)
    assert asking_rows.outcome(POLL, POLL.votes(""), words) == ""
    assert "without a vote" in asking_rows.ballot(replace(POLL, has_votes=False), None, 12.2, words).said
    assert asking_rows.clock(12.2) == "0:13"
    assert asking_rows.clock(None) == ""
    assert asking_rows.ballot(POLL, voted[9, 1, 2], None, words).can_again
