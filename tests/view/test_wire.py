"""The table of cards: everything fits, nothing lies on anything, and what can be touched can be found."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from tests.view.test_header import box_of
from tutor.view.marks import Ink, Rect, Text
from tutor.view.theme import Look
from tutor.view.wire import CardRow, EndRow, LaneRow, WireRows, wire
from tutor.words import Words

CARDS = (
    CardRow("now:0", 0, "PSH+ACK", "seq=x′+1 len=10 ack=y′+1", "PSH,ACK of the client", is_chosen=True),
    CardRow("now:1", 1, "SYN+ACK", "seq=y′ ack=x+1", "SYN,ACK of the server", is_hinted=True),
)
ROWS = WireRows(
    (
        EndRow("Client", "FIN-WAIT-2", ("its number: x′", "expects: y′+1", "retransmission timer runs")),
        EndRow("Server", "ESTABLISHED", ("its number: y", "no timer runs"), is_broken=True),
    ),
    (
        LaneRow("On the wire now", CARDS),
        LaneRow("Copies, and what you hold back: deliver them when you like", ()),
        LaneRow(
            "Kept by the network from an earlier connection on the same ports",
            (CardRow("old:0", 0, "SYN", "seq=x", "old"), CardRow("", 0, "ACK", "seq=x+1 ack=y+1")),
        ),
    ),
    "hint",
)
SIZES = [(340.0, 300.0), (640.0, 420.0), (1150.0, 900.0)]


def look(scale: float = 1.0, lang: str = "en") -> Look:
    """How it looks."""
    return Look(lang, text_scale=scale, words=Words(lang))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_texts_lie_in_the_picture_and_not_on_one_another(size: tuple[float, float], scale: float) -> None:
    """In a narrow window, in a wide one, and with larger text."""
    picture = wire(ROWS, size, look(scale))
    texts = [mark for mark in picture.marks() if isinstance(mark, Text) and mark.text]
    for text in texts:
        box = box_of(text)
        assert box.left >= 0 and box.right <= picture.width and box.bottom <= picture.height, text
        assert text.size >= 12
    for one, other in combinations(texts, 2):
        assert not box_of(one).touches(box_of(other), -0.5), (one.text, other.text)


def test_what_can_be_touched_is_found_and_what_cannot_is_pale() -> None:
    """A whole row answers to a click; a card that is spent has no id and no title."""
    picture = wire(ROWS, SIZES[1], look())
    rows = {mark.id: mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id}
    assert set(rows) == {"now:0", "now:1", "old:0"} == {name for name, _ in picture.titles}
    ids = {picture.at(x, y) for x in range(150, 490, 10) for y in range(0, 420, 5)}
    assert {"now:0", "now:1", "old:0"} <= ids
    spent = [mark for mark in picture.marks() if isinstance(mark, Text) and mark.text == "ACK"]
    assert spent[0].ink == Ink("ink3") and not spent[0].id


def test_where_there_is_little_width_the_ends_lie_above_the_table() -> None:
    """And a card keeps its flags and all its numbers, in more lines."""
    narrow, wide = (wire(ROWS, size, look()) for size in (SIZES[0], SIZES[2]))
    tops = [{mark.text: mark.y for mark in picture.marks() if isinstance(mark, Text)} for picture in (narrow, wide)]
    assert tops[0]["Client"] < tops[0]["ESTABLISHED"] < tops[0]["On the wire now"]
    assert tops[1]["On the wire now"] < tops[1]["ESTABLISHED"]
    assert "PSH+ACK" in tops[0] and "seq=x′+1 len=10 ack=y′+1" in tops[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
def test_no_number_is_left_out(size: tuple[float, float], scale: float) -> None:
    """Acknowledged number and length are what decides, with a hint on the card as without one."""
    hinted = replace(CARDS[0], is_hinted=True)
    rows = replace(ROWS, lanes=(LaneRow("On the wire now", (hinted, CARDS[1])),))
    said = " ".join(mark.text for mark in wire(rows, size, look(scale)).marks() if isinstance(mark, Text))
    for number in ("seq=x′+1", "len=10", "ack=y′+1", "seq=y′", "ack=x+1"):
        assert number in said


def test_everything_grows_with_the_room_and_never_above_it() -> None:
    """On a large screen letters are up to twice as large; where the height is short they stay small."""
    sizes = {}
    for size in ((620.0, 700.0), (1300.0, 1200.0), (1300.0, 350.0)):
        picture = wire(ROWS, size, look())
        sizes[size] = next(mark.size for mark in picture.marks() if isinstance(mark, Text) and mark.text == "SYN+ACK")
        assert picture.height <= size[1]
    assert list(sizes.values()) == [15.0, 30.0, 15.0]


def test_with_large_letters_both_names_are_whole() -> None:
    """The gaps grew with the letters, and "Client" was cut to two of them."""
    ends = (EndRow("Client", "CLOSED", ("no connection",)), EndRow("Server", "LISTEN", ("no connection",)))
    picture = wire(WireRows(ends, ()), (408.0, 296.0), Look("en", text_scale=2.0, words=Words("en")))
    said = {mark.text for mark in picture.marks() if isinstance(mark, Text)}
    assert {"Client", "Server", "no connection"} <= said
