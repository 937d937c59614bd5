"""The lecture of 45 minutes from its first key to its last, on two displays, by a clicker's keys alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.halls import on_two
from tutor.teach.lecture_reading import load_lecture
from tutor.teach.show import stops


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.ci), pytest.param("zh", marks=pytest.mark.long)])
def test_the_shorter_lecture_is_given_by_a_clicker_alone(tmp_path: Path, lang: str) -> None:
    """Every stop is come to, every question asked and answered, nothing is warned of, every key leads somewhere."""
    said = on_two(tmp_path, "-m", "tests.ui.lecture_walk", "birth-and-death-45", "", "0", "0", lang)
    *rows, last = (json.loads(line) for line in said.splitlines())
    lecture = load_lecture("birth-and-death-45")
    walk = stops(lecture)
    pressed = [row for row in rows if "press" in row]
    assert [row["at"] for row in pressed if not row["revealed"]] == [*range(1, len(walk)), len(walk) - 1]
    assert {row["at"] for row in pressed if row["revealed"]} == {
        at for at, stop in enumerate(walk) if stop.kind == "question"
    }
    assert all(row["said"] and not row["warning"] and not row["small"] for row in pressed)
    keys = [row for row in rows if "key" in row]
    assert [row["key"] for row in keys] == [each.key for each in lecture.situations]
    assert not any(row["warning"] for row in keys)
    assert last == {"over": True, "left": True}
