"""The laboratory: runs on which nothing is asked and everything can be tried."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu

from tests.ui.stage import press, session
from tutor import resources
from tutor.teach import intents
from tutor.teach.check import check_lesson
from tutor.teach.session import start
from tutor.ui.library import LABORATORY, Library
from tutor.world.records import StateChanged

LABS = Library().laboratories()


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_linter_finds_nothing_in_the_laboratory(lab, lang: str) -> None:
    """Its runs are lessons as all others are, with fresh translations."""
    assert not check_lesson(resources.assets_dir() / LABORATORY / lab.id, lang)


def test_one_key_begins_a_run_and_nothing_holds_it(show) -> None:
    """N opens the laboratory; no bet bars the way to the end."""
    conductor = show(session())
    press(conductor, "N")
    assert conductor.session.lesson.id == LABS[0].id
    assert conductor.session.horizon is None
    conductor.send(intents.End())
    assert conductor.session.playhead == conductor.session.end


def test_the_menu_of_lessons_leads_to_every_laboratory(show) -> None:
    """Lessons are numbered; under them stand the laboratory's runs."""
    conductor = show(session())
    conductor.open_lessons()
    menu = conductor.window.top.findChild(QMenu)
    texts = [entry.text() for entry in menu.actions()]
    assert all(lab.title["en"] in texts for lab in LABS)
    menu.close()


def test_both_calling_at_once_crosses_the_rare_edges() -> None:
    """That laboratory exists to show SYN-RECEIVED from both sides, and CLOSING."""
    library = Library()
    lesson = library.lesson("lab-4-both")
    trace = start(lesson, library.scenario(lesson)).trace
    met = {str(record.target) for _, record in trace.records() if isinstance(record, StateChanged)}
    assert {"SYN-RECEIVED", "CLOSING"} <= met
