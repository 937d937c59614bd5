"""Several things at one instant: the one that matters is told first, and each of them can be reached."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.stage import press, session
from tutor.teach import intents
from tutor.teach.session import start
from tutor.ui.library import Library
from tutor.ui.why import why_row
from tutor.view.whyline import instant, why
from tutor.words import Words
from tutor.world.records import Arrived, Because, Called
from tutor.world.time import MS

EN = Words("en")


def laboratory(name: str):
    """A run of the laboratory."""
    library = Library()
    lesson = library.lesson(name)
    return start(lesson, library.scenario(lesson))


def test_what_the_full_accept_queue_refuses_is_told_first() -> None:
    """In the run about that queue each refusal is told, for its own connection before what became of the others."""
    trace = laboratory("lab-3-queue").trace
    refusals = [
        (step.at, arrived.connection)
        for step in trace.steps
        for arrived in step.records
        if isinstance(arrived, Arrived)
        and any(isinstance(each, Because) and each.reason.id.startswith("accept-queue-full") for each in step.records)
    ]
    assert len(refusals) >= 2
    for at, connection in refusals:
        said = why(trace, at, EN, connection)
        assert said.is_refusal, said.sentence
        assert "accept queue" in said.sentence
        assert connection not in said.sentence, "it is the one that is looked at"


@pytest.mark.parametrize("name", ["lab-1-life", "lab-3-queue"])
def test_every_event_has_a_sentence(name: str) -> None:
    """Whatever a call or a segment sets off is told at its instant, each once, and the best of them first."""
    trace = laboratory(name).trace
    for step_number, step in enumerate(trace.steps):
        if any(isinstance(record, Called | Arrived) for record in step.records):
            told = instant(trace, step.at, EN)
            assert step_number in [each.step for each in told]
            assert [each.place for each in told] == list(range(1, len(told) + 1))
            assert why(trace, step.at, EN, told=step_number).step == step_number


def test_the_why_line_walks_through_an_instant(show) -> None:
    """It says how many there are; the button and Shift+Right lead from one to the next, and round."""
    conductor = show(session())
    conductor.command("laboratory")
    while why_row(conductor.session, EN).count < 3 or not conductor.session.playhead:
        press(conductor, "Right")
    now, beat = conductor.session.playhead, conductor.session.beat
    line = conductor.window.why
    assert line.more.isVisible()
    count = line.row.count
    assert f"{line.row.place} of {count}" in line.more.text()
    seen = {line.said.text()}
    for _ in range(count - 1):
        press(conductor, "Shift+Right")
        seen.add(line.said.text())
    QTest.mouseClick(line.more, Qt.MouseButton.LeftButton)
    assert len(seen) == count
    press(conductor, "Shift+Left")
    assert (conductor.session.playhead, conductor.session.beat) == (now, beat)
    press(conductor, "Left")
    assert conductor.session.playhead < now
    assert conductor.session.told == -1


def test_a_row_of_the_list_changes_the_sentence(show) -> None:
    """Up and Down in the list of events tell of each row, though the time stays where it is."""
    conductor = show(session())
    conductor.command("laboratory")
    conductor.send(intents.Seek(150 * MS))
    press(conductor, "E")
    events = conductor.window.strip.panels["events"].list
    events.setFocus()
    rows = [row for row in range(events.count()) if events.item(row).text().startswith("0.150 s")]
    assert len(rows) >= 3
    events.setCurrentRow(rows[-1])
    told = {conductor.window.why.said.text()}
    for _ in rows[1:]:
        QTest.keyClick(events, Qt.Key.Key_Up)
        told.add(conductor.window.why.said.text())
        assert conductor.session.playhead == 150 * MS
    assert len(told) == len(rows)
    assert events.currentRow() == rows[0]


def test_the_counter_says_that_a_moment_is_several_events(show) -> None:
    """A step that passes three events does not look like one."""
    conductor = show(session())
    conductor.command("laboratory")
    conductor.send(intents.Seek(150 * MS))
    assert "–" in conductor.window.transport.counter.text()
