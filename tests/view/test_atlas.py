"""The map of the atlas: a cell for every pair, what differs told by form, nothing cut off or on top of anything."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.view.test_header import box_of
from tutor.view.atlas import AtlasRows, CellRow, atlas, parted
from tutor.view.marks import Rect, Text
from tutor.view.theme import Look
from tutor.words import Words

STATES = (
    "CLOSED", "LISTEN", "SYN-SENT", "SYN-RCVD", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",
    "LAST-ACK", "TIME-WAIT",
)  # fmt: skip


def cell(row: int, column: int) -> CellRow:
    """Some can be, some cannot, one only here, one only in TCP; the run is at one, another is chosen."""
    moves = None if (row + column) % 3 == 0 else row + column
    change = {(2, 2): "gained", (3, 3): "lost"}.get((row, column), "")
    other = "TCP 12" if column == 4 or change == "lost" else ""
    return CellRow(
        f"pair:{STATES[row]}/{STATES[column]}", f"{row} and {column}", moves, change, other,
        is_here=(row, column) == (4, 4), is_chosen=(row, column) == (5, 5),
    )  # fmt: skip


ROWS = AtlasRows(
    ("Client", "Server"), STATES, tuple(tuple(cell(row, column) for column in range(11)) for row in range(11)), "now",
    (
        ("moves", "so many moves"), ("none", "cannot be within this bound"), ("gained", "only this protocol"),
        ("lost", "only TCP comes there"), ("here", "where the run is now"),
    ),
    "Bound: one loss and one abort or crash; or two calls and one abort or crash; nothing written, nothing old.",
)  # fmt: skip
SIZES = [(560.0, 420.0), (890.0, 560.0), (1480.0, 980.0)]


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_texts_lie_in_the_picture_and_not_on_one_another(size: tuple[float, float], scale: float) -> None:
    """At every size, nothing under 12 px."""
    picture = atlas(ROWS, size, Look("en", text_scale=scale, words=Words("en")))
    texts = [mark for mark in picture.marks() if isinstance(mark, Text)]
    assert all(text.size >= 12 for text in texts)
    boxes = [(text.text, box_of(text)) for text in texts]
    for said, box in boxes:
        assert box.left >= 0 and box.right <= size[0] and box.bottom <= picture.height, said
    for (first, one), (second, other) in combinations(boxes, 2):
        assert not one.touches(other, -1.0), f"{first!r} lies on {second!r}"


def test_every_pair_is_a_cell_that_can_be_found_and_has_a_title() -> None:
    """In the middle of its box nothing else is hit."""
    picture = atlas(ROWS, SIZES[1], Look(words=Words("en")))
    boxes = {mark.id: mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id}
    assert len(boxes) == 121
    assert [name for name, _ in picture.titles] == [each.id for row in ROWS.cells for each in row]
    for name, box in boxes.items():
        assert picture.at(box.x + box.w / 2, box.y + box.h - 3) == name


def test_what_differs_from_tcp_differs_in_form_and_not_in_colour_alone() -> None:
    """A plus in a thick frame, a minus in a dashed one; no number where a pair cannot be."""
    picture = atlas(ROWS, SIZES[2], Look(words=Words("en")))
    frames = {mark.id: mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id}
    plain, gained, lost = (frames[cell(row, row).id] for row in (1, 2, 3))
    assert gained.width > plain.width
    assert lost.dash and not plain.dash
    said = {mark.text for mark in picture.marks() if isinstance(mark, Text)}
    assert {"+4", "−", "now", "TCP 12"} <= said
    assert "+7" in said, "the legend explains it"


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_the_heads_stay_and_the_rest_scrolls(size: tuple[float, float], scale: float) -> None:
    """In two pictures stands what stands in one, and the columns lie where their names are."""
    look = Look("en", text_scale=scale, words=Words("en"))
    heads, body = parted(ROWS, size, look)
    whole = atlas(ROWS, size, look)
    assert heads.height + body.height == pytest.approx(whole.height)
    said = [mark.text for picture in (heads, body) for mark in picture.marks() if isinstance(mark, Text)]
    assert sorted(said) == sorted(mark.text for mark in whole.marks() if isinstance(mark, Text))
    assert {"Server", *STATES} <= {mark.text for mark in heads.marks() if isinstance(mark, Text)}
    assert all(box_of(mark).bottom <= heads.height for mark in heads.marks() if isinstance(mark, Text))


def test_a_low_cell_still_says_how_it_is_in_tcp_and_where_the_run_is() -> None:
    """Beside the number where there is no room below; the word "now" is whole."""
    picture = atlas(ROWS, (890.0, 480.0), Look(words=Words("en")))
    texts = [mark for mark in picture.marks() if isinstance(mark, Text)]
    assert sum(mark.text == "TCP 12" for mark in texts) >= 8
    assert sum(mark.text == "now" for mark in texts) == 2
