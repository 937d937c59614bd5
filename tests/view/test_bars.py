"""Bars: what the room is asked, and how it voted, large enough for its last row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.view.bars import Choice, Clock, Question, fits, question
from tutor.view.hall import too_small
from tutor.view.marks import Picture, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.words import Words

STATES = Question(
    "The SYN arrives. Which state does the server enter for this client?",
    "",
    tuple(
        Choice(letter, text)
        for letter, text in zip("ABCD", ("SYN-RCVD", "LISTEN", "ESTABLISHED", "CLOSED"), strict=True)
    ),
)
TABLE = "State     Recv-Q Local         Peer\nESTAB     0      10.0.0.1:5000 10.0.0.2:80"


def voted(asked: Question, *rounds: tuple[int, ...]) -> Question:
    """The question with these counts."""
    choices = tuple(replace(each, counts=tuple(c[i] for c in rounds)) for i, each in enumerate(asked.choices))
    return replace(asked, choices=choices, totals=tuple(map(sum, rounds)))


def texts(picture: Picture) -> list[Text]:
    """The texts of a picture."""
    return [mark for mark in picture.marks() if isinstance(mark, Text)]


def outside(picture: Picture) -> list[str]:
    """The texts that are not wholly inside the picture, or that lie on another text."""
    boxes = []
    for each in texts(picture):
        wide = text_width(each.text, each.font, each.size, each.weight)
        left = each.x - {"start": 0.0, "middle": wide / 2, "end": wide}[each.anchor]
        boxes.append((each.text, left, each.y - each.size * 0.8, left + wide, each.y + each.size * 0.22))
    bad = [text for text, x1, y1, x2, y2 in boxes if x1 < 0 or y1 < 0 or x2 > picture.width or y2 > picture.height]
    for i, (text, x1, y1, x2, y2) in enumerate(boxes):
        bad += [text for _, u1, v1, u2, v2 in boxes[i + 1 :] if x1 < u2 and u1 < x2 and y1 < v2 and v1 < y2]
    return bad


@pytest.mark.parametrize("size", [(960, 980), (640, 640), (1880, 980), (1240, 400), (620, 700), (480, 900)])
@pytest.mark.parametrize("rounds", [(), ((12, 3, 20, 0),), ((12, 3, 20, 0), (30, 1, 1, 3))])
def test_everything_is_inside_nothing_is_covered_and_all_of_it_is_large_enough(
    size: tuple[float, float], rounds: tuple[tuple[int, ...], ...]
) -> None:
    """Prompt, choices, counts, legend, clock; in a narrow place and a wide one, before and after both votes."""
    least = size[1] / 45
    picture = question(voted(STATES, *rounds) if rounds else STATES, size, Look(), least, Clock(45, 60))
    assert outside(picture) == []
    assert too_small(picture, size[1], floor=1 / 45) == ()
    assert fits(voted(STATES, *rounds) if rounds else STATES, size, least, Words())


def test_the_type_is_as_large_as_the_place_allows() -> None:
    """Four short states get larger letters than four long sentences."""
    long = replace(STATES, choices=tuple(replace(each, text=each.text * 12) for each in STATES.choices))
    sizes = [max(each.size for each in texts(question(asked, (900, 900), Look(), 20))) for asked in (STATES, long)]
    assert sizes[0] > sizes[1] >= 20


def test_what_never_fits_is_cut_and_never_made_smaller() -> None:
    """Nine essays in a corner: each keeps its letter and a line, at the least size; nothing runs out."""
    essay = "It waits, because nobody has told it anything else, " * 6
    nine = replace(STATES, choices=tuple(Choice(letter, essay) for letter in "ABCDEFGHI"))
    picture = question(nine, (700, 420), Look(), 16)
    assert not fits(nine, (700, 420), 16, Words())
    assert outside(picture) == []
    assert min(each.size for each in texts(picture)) >= 16
    assert sum(each.text.endswith("…") for each in texts(picture)) >= 1


@pytest.mark.parametrize("width", [240.0, 300.0, 380.0, 520.0])
def test_the_name_of_a_state_is_not_torn_apart(width: float) -> None:
    """On a narrow place the type becomes smaller first; where even the least tears one, it is said not to fit."""
    for look in (Look(), Look(lang="zh", words=Words("zh"))):
        shown = {each.text for each in texts(question(STATES, (width, 560.0), look, 15.4))}
        whole = {choice.text for choice in STATES.choices}
        assert whole <= shown or not fits(STATES, (width, 560.0), 15.4, look.words)
    assert fits(STATES, (300.0, 560.0), 15.4, Words())
    assert not fits(STATES, (180.0, 560.0), 15.4, Words())


def test_a_table_stays_in_columns_and_says_when_it_is_too_wide() -> None:
    """What ss prints is set in one width; where a line has no room, the question wants a wider place."""
    asked = replace(STATES, choices=(Choice("A", TABLE), Choice("B", TABLE)))
    picture = question(asked, (900, 700), Look(), 18)
    lines = [each for each in texts(picture) if each.font == "mono"]
    assert [each.text for each in lines] == [*TABLE.split("\n"), *TABLE.split("\n")]
    assert len({(each.x, each.size) for each in lines}) == 1
    assert not fits(asked, (300, 700), 18, Words())


def test_before_the_answer_nothing_tells_one_choice_from_another() -> None:
    """No verdict, no mark but letters: all rows are drawn alike."""
    picture = question(voted(STATES, (5, 5, 5, 5)), (900, 900), Look(), 20)
    inks = {mark.stroke.role for mark in picture.marks() if isinstance(mark, Polyline) and mark.stroke}
    assert inks == {"ink"}, "a tick would be green"
    assert not [mark for mark in picture.marks() if isinstance(mark, Rect) and mark.fill and "tint" in mark.fill.role]


def test_the_two_votes_differ_in_form_and_right_and_wrong_have_a_glyph() -> None:
    """Strokes and full; a tick and a cross: a print in black and white says the same."""
    asked = voted(STATES, (12, 3, 20, 0), (30, 1, 1, 3))
    first, right, wrong = asked.choices[1:], replace(asked.choices[0], verdict="right"), asked.choices[2]
    shown = replace(asked, choices=(right, first[0], replace(wrong, verdict="wrong"), first[2]))
    before, after = (question(each, (900, 900), Look(), 20) for each in (asked, shown))
    lines = [sum(isinstance(mark, Polyline) for mark in picture.marks()) for picture in (before, after)]
    assert lines[1] == lines[0] + 3, "a tick is one stroke more, a cross two"
    full = [mark for mark in before.marks() if isinstance(mark, Rect) and mark.fill and mark.fill.role == "ink"]
    assert len(full) == 5, "four full bars and the legend's"


def test_the_longest_bar_is_the_most_chosen_and_both_votes_share_one_scale() -> None:
    """30 of the second vote is half as long again as 20 of the first."""
    picture = question(voted(STATES, (10, 0, 20, 0), (30, 0, 0, 0)), (900, 900), Look(), 20)
    # a striped bar is a rectangle without a ground, a full one has one
    striped = [m.w for m in picture.marks() if isinstance(m, Rect) and m.fill is None][1:]
    full = [m.w for m in picture.marks() if isinstance(m, Rect) and m.fill and m.fill.role == "ink"][1:]
    assert striped[0] == pytest.approx(striped[1] / 2)
    assert full[0] == pytest.approx(striped[1] * 1.5)


def test_the_clock_runs_without_painting_the_rest_anew() -> None:
    """A second later only the moving layer is another one; at the end it says 0:00, never less."""
    one, other = (question(STATES, (900, 900), Look(), 20, Clock(left, 60)) for left in (45.0, 44.0))
    assert one.layers[0].key == other.layers[0].key
    assert one.layers[1].key != other.layers[1].key
    shown = [text.text for text in texts(question(STATES, (900, 900), Look(), 20, Clock(-3, 60)))]
    assert "0:00" in shown
    assert "1:05" in [text.text for text in texts(question(STATES, (900, 900), Look(), 20, Clock(64.2, 90)))]


def test_an_order_shows_its_places_and_chinese_its_words() -> None:
    """The place stands where the letter stood; the legend is in the room's language."""
    asked = voted(STATES, (1, 1, 1, 1))
    placed = replace(asked, choices=tuple(replace(each, place=4 - i) for i, each in enumerate(asked.choices)))
    picture = question(placed, (900, 900), Look(lang="zh", words=Words("zh")), 20)
    shown = [text.text for text in texts(picture)]
    assert {"4", "3", "2", "1"} <= set(shown)
    assert not [text for text in shown if "vote" in text]


def test_a_question_without_choices_says_what_to_do() -> None:
    """An attack on the wire, an explanation: the prompt, and how it is answered."""
    asked = Question("Explain why three segments are needed.", "Talk to your neighbour.", ())
    picture = question(asked, (900, 500), Look(), 20)
    assert [each.text for each in texts(picture)][-1] == "Talk to your neighbour."
    assert outside(picture) == []
