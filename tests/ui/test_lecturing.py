"""Lectures in the window: opened as a file, rehearsed, left and gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.halls import arrive
from tutor import doctor
from tutor.commands.lectures import find_lecture_or_lesson
from tutor.teach import rehearsal_file, show_deeds
from tutor.ui import lecturing, palette
from tutor.ui.conductor import Conductor
from tutor.ui.opening import TroubleDialog
from tutor.ui.present.screens import Area, Display, placed
from tutor.ui.present.show import Show
from tutor.words import Words

LECTURE = """\
format: 1
lecture: short
title: Short
minutes: 2
items:
  - {id: hello, title: Good morning, minutes: 0.5}
  - {id: shake, lesson: 01-three-way-handshake, beats: [two-records, first-segment], asks: [], minutes: 1.5}
"""


@pytest.fixture
def lecture(tmp_path: Path) -> Path:
    """A short lecture of one's own."""
    path = tmp_path / "lecture.yaml"
    path.write_text(LECTURE, encoding="utf-8")
    return path


@pytest.mark.ci
def test_a_lecture_that_is_opened_is_presented(stage: Conductor, lecture: Path) -> None:
    """Dropped or chosen: the same deed. F5 goes on where it was left, until another lesson is opened."""
    stage.open_file(str(lecture))
    first = stage.findChild(Show)
    assert first is not None
    assert [stop.beat for stop in first.here.stops] == ["", "two-records", "first-segment"]
    arrive(first)
    first.send(show_deeds.Next())
    arrive(first)
    first.end()
    stage.window.command("present")
    again = next(each for each in stage.findChildren(Show) if each is not first)
    assert (again.lecture.id, again.here.at) == ("short", 1)
    again.end()
    stage.open_lesson("01-three-way-handshake")
    stage.window.command("present")
    last = next(each for each in stage.findChildren(Show) if each not in (first, again))
    assert last.lecture.id == "01-three-way-handshake"
    last.end()


def test_a_lecture_at_fault_is_told_and_nothing_else_happens(stage: Conductor, lecture: Path) -> None:
    """With line and column, as the linter says it."""
    lecture.write_text(LECTURE.replace("first-segment", "first-sigment"), encoding="utf-8")
    stage.open_file(str(lecture))
    dialog = stage.window.findChild(TroubleDialog)
    assert dialog is not None
    assert "lecture.yaml:7:" in dialog.said.text().replace("\u200b", "")
    assert stage.findChild(Show) is None
    dialog.accept()


@pytest.mark.ci
def test_the_palette_lists_our_lectures(stage: Conductor) -> None:
    """By their titles, in either language."""
    found = [entry for entry in palette.entries(stage) if entry.text.startswith("Lecture: ")]
    assert len(found) == 2
    assert any("诞生" in name for entry in found for name in entry.names)


def test_a_rehearsal_warns_and_is_kept(
    stage: Conductor, lecture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part that overran is named on the console, and again at the end."""
    monkeypatch.setattr(doctor, "config_dir", lambda: tmp_path / "settings")
    told: list[str] = []
    made = find_lecture_or_lesson(str(lecture), Words("en"))
    show = lecturing.begin(stage, lecture=made, is_rehearsed=True, told=told.extend)
    show.take_clock()
    arrive(show)
    show.pass_time(20)
    show.send(show_deeds.Next())
    arrive(show)
    show.pass_time(200)
    watch = show.findChild(lecturing.Rehearser)
    assert watch is not None
    watch.look()
    assert "too long" in show.warning
    assert "At this pace the end comes after" in show.console.warning.text()
    show.end()
    QApplication.processEvents()
    assert any("1:50 too long" in line for line in told)
    kept = rehearsal_file.last(tmp_path / "settings" / rehearsal_file.FILE, made, show.here.stops)
    assert kept == {0: 20.0, 1: 200.0}


def test_a_rehearsal_that_cannot_be_kept_is_told(
    stage: Conductor, lecture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where the folder should be: the report is there all the same."""
    (tmp_path / "settings").write_text("", encoding="utf-8")
    monkeypatch.setattr(doctor, "config_dir", lambda: tmp_path / "settings")
    told: list[str] = []
    made = find_lecture_or_lesson(str(lecture), Words("en"))
    show = lecturing.begin(stage, lecture=made, screen=7, is_rehearsed=True, told=told.extend)
    assert "There is no display 7. There are: 1 (" in show.warning
    assert show.warning in told
    show.take_clock()
    show.pass_time(20)
    show.end()
    assert any("cannot be written" in line for line in told)


def test_the_display_that_is_wanted_is_taken() -> None:
    """Whichever of three it is; the console goes elsewhere. One that is not there is not missed."""
    areas = [Area(1000 * n, 0, 1000, 800) for n in range(3)]
    displays = tuple(Display(f"D{n}", area, area, is_primary=not n) for n, area in enumerate(areas))
    for wanted, audience, console in (("D2", "D2", "D0"), ("D0", "D0", "D1"), ("D9", "D1", "D0"), ("", "D1", "D0")):
        there = placed(displays, (10, 10), is_swapped=False, had_two=True, wanted=wanted)
        assert (there.audience_on, there.console_on) == (audience, console)
