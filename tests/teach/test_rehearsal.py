"""The pace of a lecture: ahead or behind, which part overran, when the end would come; and how it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.teach import rehearsal, rehearsal_file
from tutor.teach.lecture import Item, Lecture
from tutor.teach.lesson import Text
from tutor.teach.rehearsal import begin, end_at, finished, pace, parts, report, visited, warning
from tutor.teach.show import Stop, stops
from tutor.words import Words

EN = Words("en")


def _lecture(*minutes: float) -> tuple[Lecture, tuple[Stop, ...]]:
    items = tuple(Item(f"part-{n}", "note", Text(f"Part {n}"), each) for n, each in enumerate(minutes, 1))
    lecture = Lecture("three-parts", Text("Three parts"), sum(minutes), items)
    return lecture, stops(lecture)


def test_nobody_is_late_in_the_middle_of_a_stop() -> None:
    """Ahead before a stop's time has come, on time while it lasts, behind after it."""
    _, walk = _lecture(2, 3, 5)
    assert pace(walk, 100, 1) == 20
    assert pace(walk, 120, 1) == 0
    assert pace(walk, 299, 1) == 0
    assert pace(walk, 330, 1) == -30
    assert pace(walk, 700, 2) == -100


def test_where_the_end_would_come() -> None:
    """What is left of this stop, and the rest as it is given, or as it went the last time."""
    _, walk = _lecture(2, 3, 5)
    assert end_at(walk, 0, 0) == 600
    assert end_at(walk, 200, 0, 200) == 680
    assert end_at(walk, 60, 2) == 360
    assert end_at(walk, 200, 1, 80, {2: 100.0}) == 400


def test_the_part_that_overran_is_named_with_how_much(tmp_path: Path) -> None:
    """Ninety seconds over in the second part; the end comes that much late, and both are said."""
    lecture, walk = _lecture(2, 3, 5)
    told = visited(visited(visited(begin("three-parts", "2026-03-01"), 0, 0), 1, 118), 2, 388)
    assert warning(lecture, walk, told, 388, 2, EN) == (
        "Part 2: 4:30 instead of 3:00, 1:30 too long. At this pace the end comes after 11:28, 1:28 late."
    )
    assert [part.over for part in parts(walk, told, 388)] == [0, 90, 0]
    assert warning(lecture, walk, told, 388, 2, EN, {2: 100.0}) == "", "the last part went quickly the last time"
    assert report(lecture, walk, finished(told, 688), EN) == (
        "Part 1: 1:58 (given: 2:00)",
        "Part 2: 4:30 (given: 3:00)",
        "Part 3: 5:00 (given: 5:00)",
        "together: 11:28 of 10:00",
        "At this pace the end comes after 11:28, 1:28 late.",
        "Part 2: 4:30 instead of 3:00, 1:30 too long.",
    )


def test_nothing_is_said_while_there_is_time() -> None:
    """A few seconds are nothing, and whoever left a part out is told so at the end."""
    lecture, walk = _lecture(2, 3, 5)
    told = visited(visited(begin("three-parts", "2026-03-01"), 0, 0), 2, 125)
    assert warning(lecture, walk, told, 125, 2, EN) == ""
    said = report(lecture, walk, finished(told, 300), EN)
    assert "Part 2: not shown" in said
    assert "1 part was not shown." in said
    assert "At this pace the end comes after 8:00, in time." in said


def test_going_back_belongs_to_the_pace() -> None:
    """Both visits count; a clock that is set back takes nothing away."""
    _, walk = _lecture(2, 3)
    told = visited(visited(visited(begin("x", ""), 0, 0), 1, 60), 0, 90)
    assert rehearsal.seconds_of(told, 100) == {0: 70, 1: 30}
    assert rehearsal.seconds_of(visited(told, 1, 50), 100) == {0: 60, 1: 40}
    assert [part.taken for part in parts(walk, finished(told, 20))] == [60, 30]


def test_a_rehearsal_is_kept_and_believed_the_next_time(tmp_path: Path) -> None:
    """By the names of the stops: a part that was put in before them moves nothing."""
    path = tmp_path / "settings" / rehearsal_file.FILE
    lecture, walk = _lecture(2, 3)
    rehearsal_file.keep(path, lecture, walk, finished(visited(visited(begin("x", "now"), 0, 0), 1, 100), 300))
    items = (Item("new", "note", Text("New"), 1.0), *lecture.items)
    longer = Lecture(lecture.id, lecture.title, 6, items)
    assert rehearsal_file.last(path, longer, stops(longer)) == {1: 100.0, 2: 200.0}
    assert json.loads(path.read_text(encoding="utf-8"))["three-parts"][0]["date"] == "now"
    assert [each.name for each in path.parent.iterdir()] == [rehearsal_file.FILE]


@pytest.mark.parametrize("broken", ["{", "[]", '{"three-parts": 4}', '{"three-parts": [{"seconds": 3}]}'])
def test_a_file_that_makes_no_sense_is_put_aside(tmp_path: Path, broken: str) -> None:
    """And the next rehearsal is kept."""
    path = tmp_path / rehearsal_file.FILE
    path.write_text(broken, encoding="utf-8")
    lecture, walk = _lecture(2)
    assert rehearsal_file.last(path, lecture, walk) == {}
    rehearsal_file.keep(path, lecture, walk, finished(visited(begin("x", ""), 0, 0), 90))
    assert rehearsal_file.last(path, lecture, walk) == {0: 90.0}
