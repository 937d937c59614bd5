"""The diagram for a room: nodes grow with their names, no label is below the least, nothing covers a name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from tests.view.runs import close_run
from tutor.tcp.states import State
from tutor.view.diagram import diagram
from tutor.view.geometry import Type, plan
from tutor.view.hall import too_small
from tutor.view.marks import Box, Ellipse, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.world.trace import Trace

CARDS = ((1080.0, 831.0, 21.6), (717.0, 536.0, 14.4), (566.0, 577.0, 15.36), (1868.0, 831.0, 21.6))
"""Width and height of the diagram's card and the least text, on windows of 1080, 720 and 768 lines; alone on one."""
TOKENS = ("badge:", "listener:", "conn:")
ROOMS = (1.0, 1.42, 2.0)
CASES = [(card, times) for card in CARDS for times in ROOMS]


def look(least: float, times: float, lang: str = "en") -> Look:
    """How a room of that size is drawn for."""
    return Look(lang=lang, text_scale=min(times, 1.3), least=least, emphasis=1.35, names=least * 1.25 * times)


@pytest.fixture(scope="module")
def run() -> Trace:
    """A connection that opens and closes."""
    return close_run()[0]


def pictures(run: Trace, card: tuple[float, float, float], times: float) -> Iterator[Picture]:
    """Every second step of the run; tokens have arrived."""
    for step in run.steps[::2]:
        yield diagram(run, step.at, card[:2], look(card[2], times))


@pytest.mark.sampled(8)
@pytest.mark.parametrize(("card", "times"), CASES)
def test_no_label_is_below_the_least_and_none_lies_on_another(
    run: Trace, card: tuple[float, float, float], times: float
) -> None:
    """Where there is no room an idle edge is not written on; chips touch neither nodes nor one another."""
    written = 0
    for picture in pictures(run, card, times):
        assert too_small(picture, card[2] * 50) == ()
        rects = [mark for mark in picture.marks() if isinstance(mark, Rect)]
        nodes = [_box(mark) for mark in rects if mark.id.startswith("state:")]
        chips = [_box(mark) for mark in rects if mark.id.startswith("edge:")]
        written += len(chips)
        for one, other in combinations(chips, 2):
            assert not one.grown(-5).touches(other.grown(-5)), (one, other)
        for chip in chips:
            assert not any(chip.grown(-5).touches(node.grown(-5)) for node in nodes), chip
    assert written > 0


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("card", "times"), CASES)
def test_a_name_fits_its_node_and_no_token_covers_it(
    run: Trace, card: tuple[float, float, float], times: float
) -> None:
    """Neither a host's badge nor the count of other connections."""
    for picture in pictures(run, card, times):
        names = [mark for mark in picture.marks() if isinstance(mark, Text) and mark.id.startswith("state:")]
        boxes = plan(*card[:2], "rfc", Type(card[2] * 1.25 * times, card[2])).nodes.values()
        tokens = [_box(mark) for mark in picture.marks() if isinstance(mark, Rect) and mark.id.startswith(TOKENS)]
        tokens += [_round(mark) for mark in picture.marks() if isinstance(mark, Ellipse) and mark.id.startswith(TOKENS)]
        assert len(names) == len(State)
        for name in names:
            wide = text_width(name.text, "ui", name.size, 700)
            ink = Box(name.x - wide / 2, name.y - name.size * 0.73, name.x + wide / 2, name.y)
            assert any(box.left < ink.left and ink.right < box.right and box.contains(name.x, name.y) for box in boxes)
            assert not any(token.touches(ink) for token in tokens), name.text


@pytest.mark.parametrize("card", CARDS)
def test_names_grow_with_the_room_as_far_as_there_is_place(card: tuple[float, float, float]) -> None:
    """Never smaller, and every node stays on the card and off its neighbours."""
    sizes = []
    for times in ROOMS:
        made = plan(*card[:2], "rfc", Type(card[2] * 1.25 * times, card[2]))
        sizes.append(made.name)
        boxes = list(made.nodes.values())
        assert all(box.left >= 0 and box.right <= card[0] and box.top >= 0 and box.bottom <= card[1] for box in boxes)
        assert not any(one.touches(other, 12) for one, other in combinations(boxes, 2))
        for track in made.tracks.values():
            if track.is_permanent:
                assert made.nodes[track.source].grown(3).contains(*track.points[0]), track.id
                assert made.nodes[track.target].grown(3).contains(*track.points[-1]), track.id
    assert sizes == sorted(sizes)
    assert sizes[0] >= card[2]


def _box(mark: Rect) -> Box:
    return Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h)


def _round(mark: Ellipse) -> Box:
    return Box(mark.cx - mark.rx * 0.8, mark.cy - mark.ry, mark.cx + mark.rx * 0.8, mark.cy + mark.ry)
