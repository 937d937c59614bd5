"""Numbers typed into the words of shipped lessons: noticed in either language, and every excuse has its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.teach.bare_numbers import SETTLED, bare_numbers
from tutor.teach.errors import Problems
from tutor.teach.lesson import Lesson
from tutor.teach.reading import find_lesson, lesson_ids, load_lesson, read_sources
from tutor.teach.sentences import computed_numbers
from tutor.words import Words


def spoilt(name: str, file: str, old: str, new: str) -> Lesson:
    """A shipped lesson of which one place in one of its files says something else."""
    folder = find_lesson(name).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    assert sources[file].count(old) == 1, f"{old!r} must stand in {file} once"
    sources[file] = sources[file].replace(old, new)
    raw = {path: text.encode() for path, text in sources.items()}
    lesson = read_sources(raw, folder / "lesson.yaml", Problems(Words("en"))).lesson
    assert lesson is not None
    return lesson


def found(lesson: Lesson) -> list[str]:
    """Language, file and number of each."""
    return [f"{bare.lang} {Path(bare.mark.file).name} {bare.found}" for bare in bare_numbers(lesson)]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "file", "old", "new", "numbers"),
    [
        ("22-reset", "lesson.yaml", "number {trader.relative.rcv_nxt}", "number 121", ["en lesson.yaml 121"]),
        ("22-reset", "lesson.yaml", "{ack of trader sends ACK 6}", "122", ["en lesson.yaml 122"]),
        ("22-reset", "zh.yaml", "{ack of trader sends ACK 6}", "122", ["zh zh.yaml 122"]),
        ("06-third-ack-lost", "zh.yaml", "ack={ack of client sends ACK}", "ack=1", ["zh zh.yaml 1"]),
        ("06-third-ack-lost", "lesson.yaml", "The lost ACK again: seq=1 ack=1", "seq=1 ack=2", ["en lesson.yaml 2"]),
        ("41-byte-stream", "lesson.yaml", "Two orders are 70, and", "Two orders are 71, and", ["en lesson.yaml 71"]),
    ],
)
def test_a_typed_number_is_noticed(name: str, file: str, old: str, new: str, numbers: list[str]) -> None:
    """A segment's in whatever size; an answer's own if it is no longer its own; an input that nobody puts in."""
    assert found(load_lesson(name)) == []
    assert found(spoilt(name, file, old, new)) == numbers


def test_a_port_that_is_changed_in_the_run_alone_is_noticed() -> None:
    """The words go on telling of a segment that nobody sends."""
    lesson = spoilt("00-connection", "lesson.yaml", "len=40 sport=52077 dport", "len=40 sport=52078 dport")
    assert found(lesson) == ["en lesson.yaml 52077", "zh zh.yaml 52077"]


@pytest.mark.ci
def test_no_excuse_is_left_over() -> None:
    """Each settled number is said in its lesson; and beside them no shipped lesson has a bare one."""
    said = set[tuple[str, str]]()
    for name in lesson_ids():
        lesson = load_lesson(name)
        assert found(lesson) == [], name
        said |= {(name, number.digits) for number in computed_numbers(lesson.source)}
    assert said >= SETTLED
