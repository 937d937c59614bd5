"""Hall: what a room asks for, and which labels are too small for it."""

from __future__ import annotations

import math

import pytest

from tutor.view.hall import (
    ANY_ROOM,
    CAPITAL,
    FLOOR,
    MOST_SCALE,
    Hall,
    Sizes,
    sizes,
    thickened,
    too_far,
    too_small,
    warning,
)
from tutor.view.marks import Box, Group, Ink, Layer, Mark, Picture, Rect, Text
from tutor.view.theme import theme
from tutor.words import Words


def test_from_the_back_row_a_capital_looks_ten_minutes_high() -> None:
    """Twelve metres away, three metres wide: 35 mm of capital, 48 mm of type, 31 px of 1080."""
    asked = sizes(Hall(12, 3))
    height = 3 / (16 / 9)
    capital = asked.text * height * CAPITAL
    assert math.degrees(math.atan(capital / 12)) * 60 == pytest.approx(10)
    assert asked.text_px(1080) == pytest.approx(30.7, abs=0.1)
    assert asked.scale == pytest.approx(asked.text / FLOOR)
    assert math.degrees(math.atan(asked.line * height / 12)) * 60 == pytest.approx(1)
    assert asked.is_enough


@pytest.mark.parametrize(("row", "screen"), [(2, 3), (4, 2), (6, 6), (1, 40)])
def test_a_small_room_asks_for_no_less_than_a_fiftieth(row: float, screen: float) -> None:
    """Nearer than five heights the floor holds: whoever sits in front shall not get smaller type for it."""
    asked = sizes(Hall(row, screen))
    assert asked.text == FLOOR
    assert asked.scale == 1
    assert asked.reach >= row


def test_a_room_that_is_too_long_is_told_where_reading_ends() -> None:
    """Type grows to twice the floor; the rows behind that are told about, not promised to."""
    asked = sizes(Hall(30, 4))
    assert asked.scale == MOST_SCALE
    assert not asked.is_enough
    assert asked.reach == pytest.approx(22.5, abs=0.1)
    assert "22.5 m" in too_far(asked, Words())
    assert "30 米" in too_far(asked, Words("zh"))
    assert too_far(sizes(Hall(12, 3)), Words()) == ""


def test_a_narrow_projection_of_the_same_width_is_higher_and_reads_better() -> None:
    """4:3 on the same three metres is higher, so that the share of the height may be less."""
    assert sizes(Hall(12, 3), 4 / 3).text < sizes(Hall(12, 3), 16 / 9).text


def test_nobody_has_told_the_room() -> None:
    """Then the floor alone holds, lines stay as they are, and nobody is warned."""
    assert sizes(None) is ANY_ROOM
    assert ANY_ROOM.text_px(1080) == pytest.approx(21.6)
    assert ANY_ROOM.extra_width(1080) == 0
    assert too_far(ANY_ROOM, Words()) == ""


def test_lines_grow_with_the_window_and_never_get_thinner() -> None:
    """The same room: at 2160 px of height a line gets twice as many px more."""
    asked = sizes(Hall(12, 3))
    assert asked.extra_width(2160) == pytest.approx(2 * asked.extra_width(1080))
    assert sizes(Hall(2, 3)).extra_width(1080) == 0


def test_a_thicker_theme_has_a_name_of_its_own() -> None:
    """Pixels are kept by the theme's name; another width is another name, no width the same theme."""
    plain = theme("dark-room")
    thick = thickened(plain, 0.84)
    assert thick.extra_width == pytest.approx(plain.extra_width + 0.8)
    assert thick.name != plain.name
    assert thick.colours is plain.colours
    assert thickened(plain, 0.04) is plain


@pytest.mark.parametrize(("row", "screen"), [(0, 3), (-1, 3), (12, 0), (12, 1000), (math.nan, 3), (12, math.inf)])
def test_a_room_that_cannot_be_is_refused(row: float, screen: float) -> None:
    """Nothing, less than nothing, kilometres: the message says what was found and what is allowed."""
    with pytest.raises(ValueError, match="allowed"):
        Hall(row, screen)


# --- labels ---


def label(text: str, size: float, x: float = 100, y: float = 100) -> Text:
    """A label with its baseline at (x, y)."""
    return Text(x, y, text, Ink("ink"), size)


def picture(*marks: Mark) -> Picture:
    """A picture of 1920 by 1080 px."""
    return Picture(1920, 1080, (Layer("static", 0, marks),))


def test_labels_below_a_fiftieth_are_listed_the_smallest_first() -> None:
    """21.6 px of 1080 is enough, 21 is not. A label is named by what it stands on."""
    chip = Rect(90, 180, 200, 40, fill=Ink("surface"), id="flight:3")
    shown = picture(label("big", 22), label("just", 21.6), label("ACK", 21), chip, label("seq=1", 17.7, y=206))
    small = too_small(shown, 1080)
    assert [(each.id, each.text) for each in small] == [("flight:3", "seq=1"), ("", "ACK")]
    assert small[0].share == pytest.approx(17.7 / 1080)


def test_the_zoom_makes_labels_large_enough_and_a_higher_window_too_small() -> None:
    """The same picture, painted half as large again, or in a window twice as high."""
    shown = picture(label("seq=1", 17.7), label("state", 30))
    assert too_small(shown, 1080, zoom=1.5) == ()
    assert len(too_small(shown, 2160)) == 2


def test_what_nobody_sees_is_not_too_small() -> None:
    """Cut off, transparent, empty, outside."""
    hidden = Group((label("cut", 5),), Box(500, 500, 600, 600))
    faded = Group((label("faded", 5),), opacity=0)
    seen = Group((Group((label("seen", 5, 550, 550),), Box(0, 0, 2000, 2000)),), Box(500, 500, 600, 600))
    shown = picture(hidden, faded, label("  ", 5), Text(9, 9, "clear", Ink("ink", 0), 5), label("out", 5, -900), seen)
    assert [each.text for each in too_small(shown, 1080)] == ["seen"]


def test_the_lecturer_is_told_how_many_which_and_what_to_do() -> None:
    """Three names at most, each once, and by how much the text would have to grow."""
    marks = [label(text, size) for text, size in (("ACK", 18), ("ACK", 18), ("SYN", 16), ("FIN", 20), ("RST", 20))]
    said = warning(too_small(picture(*marks), 1080), Words())
    assert said.startswith("5 labels are smaller than 1/50 of the height: “SYN”, “ACK”, “FIN”, ….")
    assert "1.4 times" in said
    one = warning(too_small(picture(label("ACK", 18)), 1080), Words())
    assert one.startswith("1 label is smaller")
    assert warning((), Words()) == ""
    assert "1/50" in warning(too_small(picture(label("ACK", 18)), 1080), Words("zh"))


def test_sizes_are_plain_values() -> None:
    """Two rooms alike ask for the same."""
    assert sizes(Hall(12, 3)) == sizes(Hall(12.0, 3.0)) != Sizes()
