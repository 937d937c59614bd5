"""For a room: what happens now is written larger, nothing that matters smaller than asked, and nothing collides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from tests.view.runs import close_run
from tutor.view.diagram import diagram
from tutor.view.hall import too_small
from tutor.view.ladder import ladder
from tutor.view.marks import Box, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.standing import Standing, standings
from tutor.view.theme import Look
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

SIZES = ((1080.0, 880.0), (700.0, 560.0))
"""A diagram's card on a projector of 1080 and of 720 lines."""
LADDERS = ((740.0, 880.0), (480.0, 560.0), (1880.0, 860.0))
ROOM = Look(text_scale=1.44, least=21.6, emphasis=1.35)
USUAL = Look(text_scale=1.44)


@pytest.fixture(scope="module")
def run() -> Trace:
    """A connection that opens and closes."""
    return close_run()[0]


def moments(run: Trace) -> Iterator[int]:
    """Each moment of the run, and one shortly after it, when segments fly."""
    for step in run.steps:
        yield step.at
        yield step.at + 20_000


def now_of(hosts: tuple[Standing, ...]) -> set[str]:
    """The edges that were taken last, and the one that comes next."""
    first = min((host.next_at for host in hosts if host.next_at is not None), default=None)
    edges = {host.last for host in hosts} | {host.next for host in hosts if host.next_at == first}
    return {f"edge:{edge}" for edge in edges if edge}


def sizes(picture: Picture, mark: str) -> set[float]:
    """How large the words on a mark are (px)."""
    return {round(each.size, 3) for each in picture.marks() if isinstance(each, Text) and each.id == mark}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES)
def test_the_edge_of_now_is_written_larger(run: Trace, size: tuple[float, float]) -> None:
    """The last one that was taken and the next one; all others as usual, and no smaller for it."""
    grown = 0
    for time in moments(run):
        tempo = Tempo.of(run, run.end)
        usual, large = (
            diagram(run, time, size, look, tempo=tempo) for look in (USUAL, Look(text_scale=1.44, emphasis=1.35))
        )
        hosts = standings(run, time, None, "")
        matter = now_of(hosts)
        edges = {each.id for each in usual.marks() if isinstance(each, Text) and each.id.startswith("edge:")}
        for edge in edges:
            before, now = sizes(usual, edge), sizes(large, edge)
            if edge not in matter and now:
                assert now == before, edge
            elif now:
                assert max(now) >= max(before), edge
                grown += max(now) > max(before) * 1.3
    assert grown > 10


@pytest.mark.parametrize("lang", ["en"])
@pytest.mark.parametrize("size", SIZES)
def test_larger_labels_touch_neither_nodes_nor_one_another(run: Trace, size: tuple[float, float], lang: str) -> None:
    """The chips under the words, over every state's box."""
    for time in moments(run):
        picture = diagram(run, time, size, Look(lang=lang, text_scale=1.15, least=size[1] / 40, emphasis=1.35))
        boxes = [mark for mark in picture.marks() if isinstance(mark, Rect)]
        nodes = [_box(mark) for mark in boxes if mark.id.startswith("state:")]
        chips = [_box(mark) for mark in boxes if mark.id.startswith("edge:")]
        for one, other in combinations(chips, 2):
            assert not one.grown(-2).touches(other.grown(-2)), (time, one, other)
        for chip in chips:
            assert not any(chip.grown(-4).touches(node.grown(-4)) for node in nodes), (time, chip)


@pytest.mark.parametrize("size", LADDERS)
def test_a_segment_on_its_way_is_written_larger(run: Trace, size: tuple[float, float]) -> None:
    """Its chip alone, and its dot; where there is no room it is as large as usual."""
    grown = 0
    for time in moments(run):
        picture = ladder(run, time, size, ROOM, tempo=Tempo.of(run, run.end))
        flying = {
            mark.id for mark in ladder(run, time, size, USUAL, tempo=Tempo.of(run, run.end)).marks() if _is_dot(mark)
        }
        for mark in picture.marks():
            if isinstance(mark, Text) and mark.id.startswith("flight:") and mark.weight == 700 and "#" not in mark.text:
                usual = 21.6 / 0.93
                assert mark.size >= usual * 0.99
                grown += mark.id in flying and mark.size > usual * 1.3
                assert mark.id in flying or mark.size < max(usual, 15 * 1.44) * 1.3
    assert grown > 3


@pytest.mark.parametrize("size", LADDERS)
def test_no_label_of_a_ladder_is_smaller_than_asked(run: Trace, size: tuple[float, float]) -> None:
    """Not a number, a tag, a tick or a timer; and a host's name fits into its head."""
    for time in moments(run):
        picture = ladder(run, time, size, ROOM, tempo=Tempo.of(run, run.end))
        assert too_small(picture, 1080) == ()
        heads = {
            mark.id: _box(mark) for mark in picture.marks() if isinstance(mark, Rect) and mark.id.startswith("host:")
        }
        assert len(heads) == 2
        names = [
            mark for mark in picture.marks() if isinstance(mark, Text) and mark.text.startswith(("Client", "Server"))
        ]
        for name in names:
            right = name.x + text_width(name.text, "ui", name.size, name.weight)
            assert any(
                box.left <= name.x and right <= box.right and box.top <= name.y <= box.bottom for box in heads.values()
            )


@pytest.mark.parametrize("size", SIZES)
def test_of_a_diagram_only_edges_that_wait_may_be_smaller(run: Trace, size: tuple[float, float]) -> None:
    """Names, tokens and what happens now are as large as asked."""
    least = size[1] / 40
    for time in moments(run):
        picture = diagram(run, time, size, Look(text_scale=1.15, least=least, emphasis=1.35))
        hosts = standings(run, time, None, "")
        matter = now_of(hosts)
        for short in too_small(picture, least * 50):
            assert short.id.startswith("edge:"), short
            assert short.id not in matter, short


def _box(mark: Rect) -> Box:
    return Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h)


def _is_dot(mark: object) -> bool:
    return getattr(mark, "rx", 0) == 7.5 and str(getattr(mark, "id", "")).startswith("flight:")
