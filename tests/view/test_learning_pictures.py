"""Tiles, questions and concepts as pictures: nothing is cut or overlaps, and every state has a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from tutor.view.marks import Box, Picture, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.view.tiles import Tile, tiles
from tutor.view.understood import CellRow, ConceptRow, ConceptsRows, LessonRow, LessonsRows, concepts, lessons
from tutor.words import Words

NAMES = (
    "The three-way handshake",
    "TCP keep-alive (not HTTP keep-alive)",
    "为什么要三次握手，两次不行吗",
    "Half-close",
)
LOOKS = [Look(words=Words("en")), Look("zh", "dark", 2.0, words=Words("zh")), Look(text_scale=0.8, words=Words("en"))]
SIZES = [(900.0, 600.0), (1500.0, 950.0), (420.0, 300.0)]

TILES = tuple(
    Tile(
        f"lesson:{n}", NAMES[n % 4], f"said {n}", "step 3 of 6, review: 2" if n % 3 else "", f"{n:02}", (n % 7, 6),
        "next" if n == 5 else "", is_done=n % 7 == 6, is_next=n == 5, is_chosen=n == 2, is_dim=n > 20,
    )
    for n in range(44)
)  # fmt: skip
CELLS = tuple(
    CellRow(n % 2 == 1, first, last)
    for n, (first, last) in enumerate(((True, True), (False, True), (False, False), (None, None), (None, None)))
)
LESSONS = LessonsRows(
    tuple(
        LessonRow(f"lesson:{n}", f"{n:02}", NAMES[n % 4], CELLS[: n % 6], f"said {n}", n < 3, n == 4) for n in range(44)
    ),
    (("asked", "asked in the lesson, never answered"), ("check", "a check after it"), ("better", "wrong, then right")),
)
CONCEPTS = ConceptsRows(
    tuple(
        ConceptRow(f"concept:{n}", NAMES[n % 4], n % 4, n % 3, n % 2, "review in 3 days" if n % 3 else "", f"said {n}")
        for n in range(250)
    ),
    (("right", "answered rightly at last"), ("wrong", "answered wrongly"), ("open", "not asked yet")),
)

DRAWN: dict[str, Callable[[tuple[float, float], Look], Picture]] = {
    "tiles": lambda size, look: tiles(TILES, size, look),
    "lessons": lambda size, look: lessons(LESSONS, size, look),
    "concepts": lambda size, look: concepts(CONCEPTS, size, look),
}


def box(mark: Text) -> Box:
    """Where the ink of a text lies."""
    wide = text_width(mark.text, mark.font, mark.size, mark.weight)
    left = mark.x - {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
    return Box(left, mark.y - mark.size * 0.74, left + wide, mark.y + mark.size * 0.2)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]:.0f}x{size[1]:.0f}")
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.lang}-{look.text_scale}")
@pytest.mark.parametrize("name", DRAWN)
def test_no_text_lies_on_another_or_leaves_the_picture(name: str, look: Look, size: tuple[float, float]) -> None:
    """In any size, language and size of text; and none is below 12 px."""
    picture = DRAWN[name](size, look)
    texts = [mark for mark in picture.marks() if isinstance(mark, Text)]
    assert min(mark.size for mark in texts) >= 12
    boxes = [box(mark) for mark in texts]
    whole = Box(0, 0, picture.width + 0.5, picture.height)
    assert all(whole.contains(each.left, each.top) and whole.contains(each.right, each.bottom) for each in boxes)
    assert not [(one, other) for one, other in combinations(boxes, 2) if one.touches(other)]


@pytest.mark.parametrize("name", DRAWN)
def test_each_thing_can_be_pointed_at_and_is_said_in_words(name: str) -> None:
    """The middle of its box is it, and it has a title."""
    picture = DRAWN[name]((900.0, 600.0), LOOKS[0])
    found = {mark.id: mark for mark in picture.marks() if mark.id and isinstance(mark, Rect)}
    assert set(found) == {mark for mark, _ in picture.titles}
    for mark_id, mark in found.items():
        assert picture.at(mark.x + 2, mark.y + mark.h / 2) == mark_id
        assert picture.title(mark_id).startswith("said")


def test_a_tile_shows_its_state_without_colour() -> None:
    """Done has a tick, next a thick frame and a word, what is not begun a dashed frame, chosen a second frame."""

    def marks(**state: object) -> tuple[list[Rect], list[Polyline]]:
        picture = tiles((Tile("t", "A name", "said", **state),), (300.0, 200.0), LOOKS[0])  # type: ignore[arg-type]
        every = list(picture.marks())
        return [m for m in every if isinstance(m, Rect)], [m for m in every if isinstance(m, Polyline)]

    (plain,), none = marks()
    assert not none and not plain.dash
    assert len(marks(is_done=True)[1]) == 1
    assert marks(is_next=True)[0][0].width > plain.width
    assert marks(is_dim=True)[0][0].dash
    assert len(marks(is_chosen=True)[0]) == 2


def test_an_answer_shows_in_ticks_and_crosses() -> None:
    """First in the left half, last in the right; never answered is dashed and empty."""

    def glyphs(given: tuple[bool | None, bool | None]) -> int:
        first, last = given
        rows = LessonsRows((LessonRow("l", "01", "A", (CellRow(is_check=False, first=first, last=last),), "said"),), ())
        return sum(isinstance(mark, Polyline) for mark in lessons(rows, (600.0, 100.0), LOOKS[0]).marks())

    given = ((None, None), (True, True), (False, True), (False, False))
    assert [glyphs(each) for each in given] == [0, 2, 3, 4]


def test_pictures_are_as_high_as_they_must_be() -> None:
    """Forty-four lessons are higher than the view, four are not."""
    assert tiles(TILES, (900.0, 600.0), LOOKS[0]).height > 600
    assert tiles(TILES[:4], (900.0, 600.0), LOOKS[0]).height == 600
    assert tiles((), (900.0, 600.0), LOOKS[0]).height == 600
    assert lessons(LessonsRows((), ()), (900.0, 600.0), LOOKS[0]).height == 600
    assert concepts(ConceptsRows((), ()), (900.0, 600.0), LOOKS[0]).height == 600
