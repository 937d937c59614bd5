"""The text ladder of three hosts and more: no text covers another, and each segment says its numbers somewhere."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from tutor.teach.reading import load_lesson
from tutor.teach.road import lay_road
from tutor.teach.stage import scenario_of
from tutor.view.cells import plain, width
from tutor.view.rows import Row, rows_of
from tutor.view.telling import Style, labels, note
from tutor.view.text import WIDEST, text_ladder, widest
from tutor.words import Words
from tutor.world.trace import Trace

THREE = ("34-tw-reuse-recycle", "36-reading-ss")


@cache
def run(name: str) -> Trace:
    """A lesson's own run."""
    lesson = load_lesson(name)
    return lay_road(lesson, scenario_of(lesson)).trace


@cache
def drawn(name: str, columns: int, lang: str = "en", *, is_ascii: bool = False) -> tuple[str, ...]:
    """Its ladder, line by line."""
    return tuple(map(plain, text_ladder(run(name), Words(lang), Style(columns, ascii=is_ascii))))


def said(row: Row, words: Words) -> list[str]:
    """What has to be read of a row: states with their ports, a call or a timer."""
    port = row.connection.partition(">")[0].rpartition(":")[2] if ">" in row.connection else ""
    texts = [f"{state} :{port}" if port else str(state) for state in row.states.values()]
    return [*texts, note(row, words)[0]] if row.kind in ("call", "return", "timer", "icmp") else texts


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", THREE)
@pytest.mark.parametrize(("columns", "lang"), [(80, "en"), (92, "en"), (92, "zh"), (168, "en")])
def test_every_text_can_be_read_whole(name: str, columns: int, lang: str) -> None:
    """States and calls as often as they happen, none cut, none covered."""
    words = Words(lang)
    wanted = Counter(text for row in rows_of(run(name)) for text in said(row, words))
    lines = drawn(name, columns, lang)
    ladder = "\n".join(lines)
    for text, count in wanted.items():
        assert ladder.count(text) >= count, text
    assert max(map(width, lines)) <= columns


@pytest.mark.parametrize("name", THREE)
@pytest.mark.parametrize("columns", [80, 92, 168])
def test_every_segment_says_its_numbers_on_it_or_in_the_legend(name: str, columns: int) -> None:
    """A number on the segment leads to what it is; every number of the legend is on a segment."""
    lines = drawn(name, columns)
    leaving = [row.flight for row in rows_of(run(name)) if row.kind == "leave" and row.flight is not None]
    end = max(i for i, line in enumerate(lines) if re.search("[│┊├┤]", line)) + 1
    ladder, legend = "\n".join(lines[:end]), "   ".join(line.strip() for line in lines[end:])
    told = dict(re.findall(r"\((\d+)\) (.+?)(?=   |$)", legend))
    for flight in leaving:
        forms = labels(flight, Words())[:3]
        numbers = [number for number, text in told.items() if text in forms]
        assert any(form in ladder for form in forms) or any(f"({number})" in ladder for number in numbers), forms
    assert set(told) == set(re.findall(r"\((\d+)\)", re.sub(r"\w\(\d+\)", "", ladder)))


def test_two_hosts_with_room_need_no_legend() -> None:
    """The usual ladder at its usual width is as it always was."""
    lines = drawn("01-three-way-handshake", 100)
    assert not [line for line in lines if re.search(r"\(\d+\)", re.sub(r"\w+\([^)]*\)", "", line))]


def test_where_three_lifelines_find_no_room_it_is_a_list() -> None:
    """At 72 columns nothing could be told between them."""
    lines = drawn("34-tw-reuse-recycle", 72)
    assert "0.000 phone -> shop: SYN seq=0" in lines
    assert not [line for line in lines if "│" in line]


def test_in_plain_characters_it_is_as_whole() -> None:
    """The guides have other characters there, and cover no more."""
    words = Words()
    ladder = "\n".join(drawn("34-tw-reuse-recycle", 92, is_ascii=True))
    assert ladder.isascii()
    for row in rows_of(run("34-tw-reuse-recycle")):
        assert all(text in ladder for text in said(row, words))


def test_more_hosts_may_be_wider() -> None:
    """Each further one has a gap of its own."""
    assert widest(1) == widest(2) == WIDEST < widest(3) < widest(4)
    assert max(map(width, drawn("34-tw-reuse-recycle", 500))) <= widest(3)


def test_of_a_long_ladder_the_middle_is_left_out_and_the_legend_knows_it() -> None:
    """How it began and what came last; a number that is not drawn is not in the legend."""
    whole = drawn("34-tw-reuse-recycle", 92)
    short = list(map(plain, text_ladder(run("34-tw-reuse-recycle"), Words(), Style(92, most=30), tells_end=False)))
    at = next(i for i, line in enumerate(short) if "lines are left out here" in line)
    assert short[:at] == list(whole[:10])
    assert short[at + 1] in whole and short.index("") == 30
    legend = set(re.findall(r"\((\d+)\)", "\n".join(short[30:])))
    assert legend == set(re.findall(r"\((\d+)\)", re.sub(r"\w\(\d+\)", "", "\n".join(short[:30]))))
    listed = text_ladder(run("34-tw-reuse-recycle"), Words(), Style(40, most=30), tells_end=False)
    assert len(listed) == 30
