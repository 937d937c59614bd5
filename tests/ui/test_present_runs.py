"""Presenting: saved runs and prepared situations are shown for themselves, to their end; nobody is asked in them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.halls import arrive, presented, press
from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor.teach import show_deeds
from tutor.teach.lecture import Item, Situation
from tutor.teach.lecture_reading import load_lecture
from tutor.teach.lesson import Text
from tutor.teach.show import PATIENCE, Stop, lecture_of
from tutor.ui.conductor import Conductor
from tutor.ui.present.painting import REST
from tutor.ui.present.show import Show
from tutor.view import marks
from tutor.words import Words

SHORTER, LONGER = "birth-and-death-45", "birth-and-death-90"


def on_timeline(made: Show) -> set[str]:
    """What is written on the room's timeline."""
    QApplication.processEvents()
    return {mark.text for mark in made.audience.ladder.canvas.picture.marks() if isinstance(mark, marks.Text)}


def is_at_its_end(made: Show) -> bool:
    """Has the run on screen been shown whole, with nothing hidden and nothing said to be?"""
    run = made.player.session
    return run.playhead == run.end and run.horizon is None and REST not in on_timeline(made)


@pytest.mark.ci
def test_a_run_of_ones_own_plays_to_its_end_by_itself(stage: Conductor) -> None:
    """The worst day has a bet for which no choice is right any more, and beats that pause: nothing holds it."""
    path = load_lecture(LONGER).run_path("worst-day.tcprun")
    lecture = lecture_of(stage.session.lesson)
    note = Item("said", "note", Text("Well"), 1)
    items = (*lecture.items[:1], Item("own", "run", Text("A day"), 1, run=path), note)
    made, _ = presented(stage, replace(lecture, items=items, situations=(Situation(9, Text("A day"), run=path),)))
    last = len(made.here.stops) - 2
    made.send(show_deeds.GoTo(last - 1))
    made.send(show_deeds.Reveal())
    made.player.jump(made.player.target or made.player.session)
    press(made.console, "PgDown")
    assert made.here.at == last
    assert made.player.session.is_playing
    arrive(made)
    assert is_at_its_end(made)
    press(made.console, "PgDown")
    assert made.here.stop.kind == "note"
    assert is_at_its_end(made), "what is said of it is said over its end"
    press(made.console, "Alt+9")
    arrive(made)
    assert is_at_its_end(made)
    made.end()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", ["run", "lesson"])
def test_what_is_said_before_a_run_is_said_over_its_beginning(stage: Conductor, kind: str) -> None:
    """A word of welcome gives nothing away; then the run is played from there, and going back shows its beginning."""
    path = load_lecture(LONGER).run_path("worst-day.tcprun")
    lecture = lecture_of(stage.session.lesson)
    later = replace(lecture.items[0], beats=lecture.items[0].beats[2:])
    own = Item("own", "run", Text("A day"), 1, run=path) if kind == "run" else later
    made, _ = presented(stage, replace(lecture, items=(Item("hi", "note", Text("Welcome"), 1), own)))
    assert made.player.session.playhead == 0
    assert made.audience.caption.row.sentence == "Welcome"
    if kind == "run":
        before = on_timeline(made)
        assert not any("skipped" in text or "FIN" in text or "RST" in text for text in before), "nothing of it is seen"
        assert REST not in before
        press(made.console, "Space", "Right", "End", "Return")
        assert made.player.session.playhead == 0, "nor by hand"
    press(made.console, "PgDown")
    assert made.player.is_moving
    assert made.player.session.playhead == 0
    arrive(made)
    assert made.player.session.playhead > 0
    press(made.console, "PgUp")
    assert made.player.session.playhead == 0
    assert not made.player.is_moving
    made.end()


def test_a_situation_goes_on_to_the_end_of_its_run(stage: Conductor) -> None:
    """It arrives at its beat; Enter, Space and End lead on from there, past bets and pauses."""
    beat = stage.session.lesson.beats[1].id
    lecture = replace(lecture_of(stage.session.lesson), situations=(Situation(3, Text("Early"), CLOSE, beat),))
    made, _ = presented(stage, lecture)
    for key in ("Return", "Space", "End"):
        press(made.console, "Alt+3")
        arrive(made)
        session_there = made.player.session
        assert session_there.current is not None
        assert session_there.current.id == beat
        assert session_there.playhead < session_there.end
        press(made.console, key)
        arrive(made)
        assert is_at_its_end(made), key
    press(made.console, "PgDown")
    assert (made.here.situation, made.here.at) == (None, 0)
    made.end()


def test_the_room_is_told_of_a_rest_only_while_it_is_asked(show) -> None:
    """A beat with a bet shows nothing later and says nothing of it; its question says when the rest shows."""
    made, _ = presented(show(session(HANDSHAKE)))
    question = next(place for place, stop in enumerate(made.here.stops) if stop.kind == "question" and stop.beat)
    made.send(show_deeds.GoTo(question - 1))
    assert made.player.session.horizon == made.player.session.playhead
    before = on_timeline(made)
    assert REST not in before
    assert not any("after your answer" in text for text in before)
    made.send(show_deeds.GoTo(question))
    press(made.console, "H")
    assert REST in on_timeline(made)
    made.end()


def test_a_run_that_was_changed_is_told_of_to_the_lecturer(stage: Conductor, tmp_path: Path) -> None:
    """At the beginning, and at the run itself; nowhere else, and the room is told nothing."""
    source = Path(load_lecture(LONGER).run_path("worst-day.tcprun")).read_text(encoding="utf-8")
    whole = json.loads(source)
    for branch in whole["branches"]:
        branch["digest"] = "0" * 64
    (tmp_path / "mine.tcprun").write_text(json.dumps(whole), encoding="utf-8")
    lecture = lecture_of(stage.session.lesson)
    note, own = Item("hi", "note", Text("Welcome"), 1), Item("own", "run", Text("A day"), 1, run="mine.tcprun")
    key = Situation(3, Text("A day"), run="mine.tcprun")
    mine = replace(lecture, items=(note, own, note), situations=(key,), path=str(tmp_path / "lecture.yaml"))
    made, _ = presented(stage, mine)
    said = "mine.tcprun: This file was changed after it was saved"
    for keys, is_told in (((), True), (("PgDown",), True), (("PgDown",), False), (("Alt+3",), True)):
        press(made.console, *keys)
        arrive(made)
        QApplication.processEvents()
        assert (said in made.console.warning.text()) == is_told, keys
        assert made.console.warning.isVisibleTo(made.console) == is_told or not is_told
        assert "changed" not in made.audience.caption.row.sentence
    made.end()


@pytest.mark.ci
@pytest.mark.parametrize("name", [SHORTER, LONGER])
def test_every_situation_and_run_of_a_lecture_reaches_its_end(stage: Conductor, name: str) -> None:
    """By the keys that a lecturer has; none is warned of."""
    made, _ = presented(stage, load_lecture(name))
    for situation in made.lecture.situations:
        press(made.console, f"Alt+{situation.key}")
        arrive(made)
        press(made.console, "Return")
        arrive(made)
        assert is_at_its_end(made), (situation.key, made.player.session.playhead)
        assert not made.warning
    for place, stop in enumerate(made.here.stops):
        if stop.kind == "run":
            made.send(show_deeds.GoTo(place))
            arrive(made)
            assert is_at_its_end(made), stop.run
    made.end()


@pytest.mark.ci
def test_a_press_is_never_followed_by_more_than_a_rooms_patience(stage: Conductor) -> None:
    """Duplicates are under way for minutes: the way to where the last one is gone is played faster, and evenly."""
    made, _ = presented(stage, load_lecture(SHORTER))
    later = next(at for at, stop in enumerate(made.here.stops) if stop.beat == "asks-back")
    made.send(show_deeds.GoTo(later - 1))
    press(made.console, "PgDown")
    target = made.player.target
    assert target is not None
    begin = made.player.session.playhead
    way_us = target.tempo.to_wall(target.playhead) - target.tempo.to_wall(begin)
    assert way_us > 2e6 * PATIENCE, "by itself it would take longer"
    for _ in range(round(PATIENCE) - 1):
        made.player.tick(1_000_000)
    assert made.player.target is target
    assert target.tempo.to_wall(made.player.session.playhead) > target.tempo.to_wall(begin) + 0.9 * way_us
    made.player.tick(1_010_000)
    assert made.player.target is None
    assert made.player.session.playhead == target.playhead
    made.end()


@pytest.mark.ci
def test_a_note_stands_where_the_play_of_the_answer_ended(stage: Conductor) -> None:
    """The room is not put back before the answer it has just seen."""
    made, _ = presented(stage)
    question = next(at for at, stop in enumerate(made.here.stops) if stop.kind == "question" and stop.beat)
    made.end()
    lecture = lecture_of(stage.session.lesson)
    first = replace(lecture.items[0], beats=lecture.items[0].beats[:question], asks=lecture.items[0].asks[:1])
    made, _ = presented(stage, replace(lecture, items=(first, Item("said", "note", Text("Well"), 1))))
    made.send(show_deeds.GoTo(len(made.here.stops) - 2))
    before = made.player.session.playhead
    press(made.console, "PgDown")
    arrive(made)
    ended = made.player.session.playhead
    assert ended > before, "the answer is played"
    press(made.console, "PgDown")
    assert made.here.stop.kind == "note"
    arrive(made)
    assert made.player.session.playhead == ended
    made.end()


def test_a_note_after_a_question_hides_nothing_that_was_shown(stage: Conductor) -> None:
    """Before the answer was shown it tells nothing of it; afterwards what was seen stays seen."""
    lesson = lecture_of(stage.session.lesson)
    show, _ = presented(stage, replace(lesson, items=(*lesson.items[:1], Item("said", "note", Text("Well"), 1))))
    question = next(place for place, stop in enumerate(show.runs.stops) if stop.kind == "question")
    note = Stop(1, "note", "", "", "", Text("Well"), Text("Well"), 0.0)
    show.runs.stops = (*show.runs.stops[: question + 1], note, *show.runs.stops[question + 1 :])
    hidden, shown = (show.runs.at(question + 1, Words("en"), is_revealed=is_revealed) for is_revealed in (False, True))
    assert show.runs.seen_at(question + 1) == question
    assert hidden.horizon == hidden.playhead
    assert shown.horizon is None or shown.horizon > hidden.horizon
    show.end()
