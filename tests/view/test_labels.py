"""Labels of the state diagram keep to themselves, at every moment of a run: geometry before pixels."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import dist
from typing import NamedTuple

import pytest

from tests.sampling import some
from tests.view.scenes import BUSY, CALL_AND_CLOSE, SIMULTANEOUS, look, marks_of, trace
from tutor.tcp.states import State
from tutor.view.aspect import PLAIN, Aspect
from tutor.view.diagram import diagram
from tutor.view.geometry import Plan, Track, design, plan
from tutor.view.marks import Box, Ellipse, Picture, Point, Rect, Text
from tutor.view.metrics import text_width


class Size(NamedTuple):
    """A card's width and height (px): one parameter of a test, not two."""

    width: float
    height: float


SIZES = tuple(
    Size(*each)
    for each in (
        (970.0, 900.0),
        (930.0, 580.0),
        (530.0, 300.0),
        (930.0, 720.0),
        (1200.0, 930.0),
        (970.0, 1100.0),
        (545.0, 560.0),
        (580.0, 520.0),
    )
)
"""Cards of a large and of a small window; wide, tall, with all labels and with few."""

MOMENTS = ((CALL_AND_CLOSE, 0), (CALL_AND_CLOSE, 60_000), (CALL_AND_CLOSE, 1_060_000), (CALL_AND_CLOSE, 1_230_000),
           (CALL_AND_CLOSE, 2_700_000), (SIMULTANEOUS, 60_000), (SIMULTANEOUS, 1_160_000))  # fmt: skip


def lines(picture: Picture) -> dict[str, list[Box]]:
    """The ink of each label's lines, by edge: from the top of a capital to the foot of a g."""
    found: dict[str, list[Box]] = {}
    for mark in picture.marks():
        if isinstance(mark, Text) and mark.id.startswith(("edge:", "legend:", "coverage", "refused:")):
            width = text_width(mark.text, mark.font, mark.size, mark.weight)
            left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
            box = Box(left, mark.y - mark.size * 0.74, left + width, mark.y + mark.size * 0.22)
            found.setdefault(mark.id, []).append(box)
    return found


def dense(track: Track) -> list[Point]:
    """Points along a drawn edge, at most 5 px from one another."""
    points: list[Point] = []
    for a, b in pairwise(track.points):
        parts = int(dist(a, b) / 5) + 1
        points += [(a[0] + (b[0] - a[0]) * t / parts, a[1] + (b[1] - a[1]) * t / parts) for t in range(parts)]
    return points


LINUX_CALL = CALL_AND_CLOSE.replace("rfc9293", "linux-6.18")
NOTE_3_CALL = CALL_AND_CLOSE.replace("rfc9293", "rfc9293-note3")

EVERY = frozenset(edge["id"] for edge in design()["edges"] + design()["transient_edges"])

ASPECTS = {
    "plain": (PLAIN, MOMENTS),
    "linux": (Aspect("linux"), ((LINUX_CALL, 0), (LINUX_CALL, 1_060_000), (LINUX_CALL, 2_700_000))),
    "all": (Aspect(has_transients=True), ((CALL_AND_CLOSE, 0), (CALL_AND_CLOSE, 1_230_000), (SIMULTANEOUS, 60_000))),
    "all-of-linux": (Aspect("linux", has_transients=True), ((LINUX_CALL, 60_000), (LINUX_CALL, 2_700_000))),
    "all-of-note-3": (Aspect(has_transients=True, has_paths=True), ((NOTE_3_CALL, 160_000), (NOTE_3_CALL, 1_230_000))),
    "coverage": (Aspect(coverage="run", crossed=EVERY, has_paths=True), ((LINUX_CALL, 160_000),)),
    "coverage-of-linux": (Aspect("linux", coverage="ever", crossed=EVERY), ((LINUX_CALL, 1_230_000),)),
}  # fmt: skip
"""What is laid over the diagram, and moments to look at it."""


def trunk(card: Plan, edge: str) -> set[str]:
    """The edges that share the path, or the trunk and its label, with this one."""
    mine = card.tracks[edge]
    every = card.tracks.values()
    return {each.id for each in every if each.label == mine.label or each.points[-2:] == mine.points[-2:]}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize(
    ("lang", "scale"),
    [("en", 1.15), ("zh", 1.0), *(pytest.param(*each, marks=pytest.mark.ci) for each in (("en", 1.0), ("zh", 1.15)))],
)
@pytest.mark.parametrize("size", some(SIZES, 3))
def test_no_label_touches_another_label_a_node_or_a_foreign_edge(
    size: tuple[float, float], lang: str, scale: float, aspect: str
) -> None:
    """What a label lies on is its own edge or nothing: in every variant, under every overlay."""
    what, moments = ASPECTS[aspect]
    card = plan(*size, what.figure)
    ways = {track.id: dense(track) for track in card.tracks.values()}
    for text, time in moments:
        picture = diagram(trace(text), time, size, look(lang, scale=scale), aspect=what)
        labels, drawn = lines(picture), {mark.id for mark in picture.marks()}
        for (one, mine), (other, theirs) in combinations(labels.items(), 2):
            assert not any(a.touches(b) for a in mine for b in theirs), f"{one} touches {other} at {time}"
        for name, boxes in labels.items():
            for state, node in card.nodes.items():
                assert not any(box.touches(node) for box in boxes), f"{name} touches {state} at {time}"
            for box in boxes:
                assert box.left >= 0 and box.right <= size[0] and box.top >= 0 and box.bottom <= size[1], name
            own = trunk(card, name.removeprefix("edge:")) if name.startswith("edge:") else set()
            for foreign, points in ways.items():
                if foreign not in own and f"edge:{foreign}" in drawn:
                    hit = any(box.contains(x, y) for box in boxes for x, y in points)
                    assert not hit, f"{name} lies on {foreign} at {time}"


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(1085.0, 900.0), (640.0, 600.0), (545.0, 560.0)])
def test_nothing_is_smaller_than_can_be_read_and_what_a_node_says_stays_in_it(
    size: tuple[float, float], lang: str, aspect: str
) -> None:
    """Twelve pixels for every label, name, caption and count; a node's words end before its border."""
    what, moments = ASPECTS[aspect]
    card = plan(*size, what.figure)
    text, time = moments[-1]
    for mark in diagram(trace(text), time, size, look(lang), aspect=what).marks():
        if isinstance(mark, Text) and mark.id:
            kind, _, name = mark.id.partition(":")
            assert kind in ("badge", "listener") or mark.size >= 12.0, mark
            if kind == "state":
                node = card.nodes[State(name)]
                assert text_width(mark.text, mark.font, mark.size, mark.weight) < node.right - node.left - 6, mark
                assert mark.y - mark.size * 0.74 > node.top + 1 and mark.y + mark.size * 0.22 < node.bottom, mark


def test_a_small_card_says_only_what_matters_now() -> None:
    """Below two thirds of the design's size: the trail, the next edge, the ways out of here; events without actions."""
    run = trace()
    small, large = (lines(diagram(run, 60_000, size, look())) for size in ((545.0, 560.0), (970.0, 900.0)))
    assert {"edge:closed_listen", "edge:closed_synsent", "edge:listen_synrcvd", "edge:synsent_estab"} <= set(small)
    assert "edge:closing_timewait" not in small
    assert "edge:closing_timewait" in large
    assert all(len(boxes) == 1 for boxes in small.values())


def test_a_hovered_edge_tells_the_rest_on_a_small_card() -> None:
    """What is left out for want of room is one movement of the pointer away."""
    hovered = diagram(trace(), 60_000, (545.0, 560.0), look(hover="edge:closing_timewait"))
    assert "edge:closing_timewait" in lines(hovered)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", some(SIZES, 3))
def test_a_token_covers_no_label(size: tuple[float, float], scale: float) -> None:
    """What a token would cover goes elsewhere along its edge, or waits for the pointer."""
    for text, time in (*MOMENTS, (BUSY, 400_000), (BUSY, 4_701_000)):
        picture = diagram(trace(text), time, size, look(scale=scale))
        tokens = [
            Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h)
            if isinstance(mark, Rect)
            else Box(mark.cx - mark.rx, mark.cy - mark.ry, mark.cx + mark.rx, mark.cy + mark.ry)
            for mark in picture.marks()
            if isinstance(mark, Rect | Ellipse) and mark.id.startswith(("badge:", "listener:", "conn:"))
        ]
        assert tokens
        for name, boxes in lines(picture).items():
            assert not any(box.touches(token) for box in boxes for token in tokens), f"{name} at {time}"


def test_what_happens_now_is_told_even_where_there_is_no_room() -> None:
    """On the lowest card the last edge that each host took keeps its label; it may have left its place by hand."""
    run = trace(BUSY)
    low = lines(diagram(run, 4_701_000, (530.0, 300.0), look()))
    assert "edge:established_abort" in low
    assert len(low) < len(lines(diagram(run, 4_701_000, (930.0, 720.0), look())))


def test_of_the_transient_edges_only_the_trunks_speak_unasked() -> None:
    """Switched on, they are there and quiet: a trunk says what leads along it, the others wait for the pointer."""
    run, every, size = trace(), Aspect(has_transients=True), (970.0, 900.0)
    quiet = lines(diagram(run, 0, size, look(), aspect=every))
    assert "edge:timewait_reopen" not in quiet
    assert any(f"edge:{name}" in quiet for name in trunk(plan(*size), "established_abort"))
    assert marks_of(diagram(run, 0, size, look(), aspect=every), "edge:timewait_reopen")
    assert "edge:timewait_reopen" in lines(diagram(run, 0, size, look(hover="edge:timewait_reopen"), aspect=every))
    assert "edge:timewait_reopen" in lines(diagram(run, 0, size, look(hover="state:TIME-WAIT"), aspect=every))


def test_transient_edges_wait_until_they_are_asked_for() -> None:
    """An abort is drawn when it is taken, when its state is hovered, or when everything is asked for."""
    run = trace()
    size = (970.0, 900.0)
    assert not marks_of(diagram(run, 0, size, look()), "edge:established_abort")
    assert marks_of(diagram(run, 0, size, look(hover="state:ESTABLISHED")), "edge:established_abort")
    assert marks_of(diagram(run, 0, size, look(), aspect=Aspect(has_transients=True)), "edge:established_abort")
    aborted = trace(CALL_AND_CLOSE, (500_000, "client abort"))
    assert "edge:established_abort" in lines(diagram(aborted, 520_000, size, look()))


@pytest.mark.parametrize("scale", [1.0, 1.15])
@pytest.mark.parametrize("size", some(SIZES, 3))
@pytest.mark.parametrize("aspect", ["coverage", "coverage-of-linux"])
def test_a_tick_covers_no_label_and_no_other_tick(aspect: str, size: tuple[float, float], scale: float) -> None:
    """Every edge crossed, so every tick drawn: each can be seen, and everything else can be read."""
    what, ((text, time),) = ASPECTS[aspect]
    picture = diagram(trace(text), time, size, look(scale=scale), aspect=what)
    ticks = {
        mark.id: Box(mark.cx - mark.rx, mark.cy - mark.ry, mark.cx + mark.rx, mark.cy + mark.ry)
        for mark in picture.marks()
        if isinstance(mark, Ellipse) and mark.fill is not None and mark.fill.role == "ok"
    }
    assert len(ticks) >= 30
    for (one, mine), (other, theirs) in combinations(ticks.items(), 2):
        assert not mine.touches(theirs), f"the ticks of {one} and {other} touch"
    for name, boxes in lines(picture).items():
        for edge, tick in ticks.items():
            assert not any(box.touches(tick) for box in boxes), f"the tick of {edge} lies on the label of {name}"
