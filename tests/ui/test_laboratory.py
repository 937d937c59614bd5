"""The laboratory: runs on which nothing is asked and everything can be tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu

from tests.ui.stage import press, session
from tutor.teach import intents
from tutor.teach.check import check_lesson
from tutor.teach.reading import laboratories_dir
from tutor.teach.session import start
from tutor.ui import commands
from tutor.ui.leaving import first_session
from tutor.ui.library import LIFE, TOUR, Library
from tutor.ui.settings import Settings
from tutor.world.records import StateChanged

LABS = Library().laboratories()


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_linter_finds_nothing_in_the_laboratory(lab, lang: str) -> None:
    """Its runs are lessons as all others are, with fresh translations."""
    assert not check_lesson(laboratories_dir() / lab.id, lang)


def test_one_key_begins_a_run_and_nothing_holds_it(show) -> None:
    """N opens the laboratory; no bet bars the way to the end."""
    conductor = show(session())
    press(conductor, "N")
    assert conductor.session.lesson.id == LIFE
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


def test_a_newcomer_sees_the_tour_once(tmp_path) -> None:
    """The first start opens it, the second the first lesson; whoever names a file sees that."""
    settings = Settings(tmp_path / "window.json")
    seen = [
        first_session(None, lang="en", theme="light", settings=settings, library=Library()).lesson.id for _ in range(2)
    ]
    assert seen == [TOUR, Library.ids()[0]]


def test_the_tour_is_followed_by_keys_alone(show) -> None:
    """Space, a lost SYN, undo, a bet, a step back: each does what its words say."""
    conductor = show(session())
    conductor.command("tour")
    touring = conductor.session
    conductor.send(intents.NextBeat())
    press(conductor, "D")
    assert conductor.session.branch != touring.branch
    press(conductor, "Ctrl+Z")
    assert conductor.session.branch == touring.branch
    conductor.send(intents.End())
    press(conductor, "2", "Return")
    assert conductor.session.verdict.is_right
    press(conductor, "End", "Left")
    assert conductor.session.playhead < conductor.session.end


def test_every_key_that_is_named_is_a_key() -> None:
    """The words of the laboratory, and the README's first five minutes, name keys of the registry only."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    steps = readme.split("## The first five minutes")[1].split("##")[0]
    texts = [steps, *(beat.words[lang] for lab in LABS for beat in lab.beats for lang in ("en", "zh"))]
    named = {key for text in texts for key in re.findall(r"\*\*([A-Z?]|Ctrl\+[A-Z])\*\*", text)}
    assert len(named) > 8
    assert named <= {key for command in commands.COMMANDS for key in command.keys} | {"A", "B"}
