"""The small ladder of moves: an arrow for what arrived, a cross for what was lost, and no word left out."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.view.test_header import box_of
from tutor.view.marks import Ellipse, Ink, Line, Rect, Text
from tutor.view.moves import ACT, ARRIVES, KEPT, LOST, TIME, MoveRow, moves, numbered
from tutor.view.theme import Look
from tutor.words import Words

ROWS = (
    MoveRow("The client calls", ACT, 0),
    MoveRow("The network makes a copy of SYN (10 bytes) of the client", KEPT, 0),
    MoveRow("SYN (10 bytes) of the client arrives", ARRIVES, 0),
    MoveRow("SYN+ACK of the server is lost", LOST, 1),
    MoveRow("30 s pass", TIME),
    MoveRow("The server closes", ACT, 1),
)


@pytest.mark.parametrize("width", [400.0, 640.0, 1200.0])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_move_is_told_whole_and_nothing_lies_on_anything(width: float, scale: float) -> None:
    """In every width, and with large text; a long sentence takes more lines."""
    picture = moves(ROWS, width, Look("en", text_scale=scale, words=Words("en")))
    texts = [mark for mark in picture.marks() if isinstance(mark, Text)]
    said = " ".join(mark.text for mark in texts)
    assert all(word in said for row in ROWS for word in row.text.split())
    for text in texts:
        box = box_of(text)
        assert box.left >= 0 and box.right <= width and box.bottom <= picture.height and text.size >= 12, text
    for one, other in combinations(texts, 2):
        assert not box_of(one).touches(box_of(other), -0.5), (one.text, other.text)


def test_what_became_of_a_segment_is_seen() -> None:
    """Lost is red and a cross, kept a box, and a program's deed a dot on its host's line."""
    look = Look("en", words=Words("en"))
    marks = {row.kind: list(moves((row,), 640.0, look).marks()) for row in ROWS}
    reds = {kind: [m for m in drawn if isinstance(m, Line) and m.stroke == Ink("err")] for kind, drawn in marks.items()}
    assert {kind: len(drawn) for kind, drawn in reds.items() if drawn} == {LOST: 2}
    assert any(isinstance(mark, Ellipse) for mark in marks[ACT])
    assert any(isinstance(mark, Rect) and mark.stroke is not None for mark in marks[KEPT])


def test_no_moves_are_no_picture_to_speak_of() -> None:
    """Before the first one nothing is drawn that could be taken for one."""
    assert not list(moves((), 640.0, Look()).marks())


def test_time_that_passes_has_no_number() -> None:
    """The verdict does not count it, so the ladder does not either."""
    rows = (MoveRow("a", ACT, 0), MoveRow("b", TIME), MoveRow("c", ACT, 1))
    assert numbered(rows) == ("1.", "", "2.")
    said = [mark.text for mark in moves(rows, 640.0, Look()).marks() if isinstance(mark, Text)]
    assert said == ["1.", "a", "b", "2.", "c"]
