"""The state diagram: geometry before pixels, the table and the drawing bound both ways, and nothing given away."""

from __future__ import annotations

import itertools

import pytest

from tests.view.runs import close_run, marks_of
from tutor.tcp.states import State
from tutor.tcp.transitions import SEQUENCES
from tutor.tcp.variant import ROWS
from tutor.view.diagram import diagram
from tutor.view.geometry import design, plan
from tutor.view.marks import Box, Line, Path, Rect, Text, distance, outline
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.words import Words

SIZES = ((970.0, 900.0), (930.0, 720.0), (545.0, 560.0))


def test_every_row_of_the_table_is_drawn_and_every_drawn_edge_is_a_row() -> None:
    """A drawn edge that no row stands for would be a lie; a row that is not drawn would be hidden."""
    data = design()
    drawn = {edge["id"] for edge in (*data["edges"], *data["transient_edges"], *data["deviating_edges"])}
    rows = {edge.drawn_as for edge in ROWS.values()} | {each.drawn_as for each in SEQUENCES if each.drawn_as}
    assert rows == drawn


def test_a_drawn_edge_leads_where_its_rows_lead() -> None:
    """The ends of the drawing are the ends of the row."""
    tracks = plan(1128.0, 906.0).tracks
    for edge in ROWS.values():
        track = tracks[edge.drawn_as]
        assert (track.source, track.target) == (edge.source, edge.target), edge.id


def test_all_21_permanent_edges_and_eleven_states_are_there() -> None:
    """The figure is whole: eleven states, twenty-one edges, each with what causes it."""
    permanent = [track for track in plan(1128.0, 906.0).tracks.values() if track.is_permanent]
    assert len(permanent) == 21
    assert all(track.event for track in permanent)
    assert set(plan(1128.0, 906.0).nodes) == set(State)


def _labels(size: tuple[float, float], lang: str, scale: float) -> dict[str, Box]:
    """The ground each edge's label takes, by edge."""
    look = Look(lang=lang, text_scale=scale, words=Words(lang))
    trace, _ = close_run()
    boxes: dict[str, Box] = {}
    for mark in marks_of(diagram(trace, 600_000, size, look)):
        if isinstance(mark, Text) and mark.id.startswith("edge:"):
            width = text_width(mark.text, mark.font, mark.size, mark.weight)
            left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
            box = Box(left, mark.y - mark.size * 0.74, left + width, mark.y + mark.size * 0.22)
            known = boxes.get(mark.id)
            boxes[mark.id] = box if known is None else Box(
                min(box.left, known.left), min(box.top, known.top),
                max(box.right, known.right), max(box.bottom, known.bottom),
            )  # fmt: skip
    return boxes


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 1.15])
def test_no_label_touches_a_label_or_a_node_or_leaves_the_card(
    lang: str, size: tuple[float, float], scale: float
) -> None:
    """What cannot be read from the last row might as well not be there."""
    boxes = _labels(size, lang, scale)
    assert len(boxes) >= 8
    for (a, first), (b, second) in itertools.combinations(boxes.items(), 2):
        assert not first.touches(second), f"{a} touches {b} at {size}, {lang}, {scale}"
    for name, box in boxes.items():
        assert box.left >= 0 and box.right <= size[0] and box.top >= 0 and box.bottom <= size[1], (
            f"{name} leaves the card"
        )
        for state, node in plan(*size).nodes.items():
            assert not box.touches(node), f"{name} touches {state} at {size}, {lang}, {scale}"


def test_no_permanent_edge_runs_through_a_foreign_node() -> None:
    """An edge that crosses a state it has nothing to do with reads as a stop there."""
    card = plan(1128.0, 906.0)
    for track in card.tracks.values():
        foreign = [node for state, node in card.nodes.items() if state not in (track.source, track.target)]
        if track.is_permanent:
            assert not any(node.contains(x, y) for node in foreign for x, y in track.points), track.id


def test_hosts_stand_where_the_engine_says() -> None:
    """At the end of the handshake both stand in ESTABLISHED, and the listener keeps its place."""
    trace, _ = close_run()
    picture = diagram(trace, 160_000, (970.0, 900.0), Look())
    node = plan(970.0, 900.0).nodes[State.ESTABLISHED]
    badges = {
        mark.id: (mark.x, mark.y)
        for mark in marks_of(picture)
        if isinstance(mark, Text) and mark.id.startswith("badge:")
    }
    assert badges["badge:client"][0] == node.left
    assert badges["badge:server"][0] == node.right


def test_while_a_bet_is_open_two_futures_look_the_same() -> None:
    """The run that loses its next segment and the run that does not give equal pictures up to the bet."""
    plain, touched = close_run()
    for look in (Look(), Look(lang="zh", words=Words("zh"))):
        first = diagram(plain, 320_000, (970.0, 900.0), look, horizon=320_000)
        second = diagram(touched, 320_000, (970.0, 900.0), look, horizon=320_000)
        assert first == second
        assert diagram(plain, 320_000, (970.0, 900.0), look) != first


def test_an_edge_that_both_hosts_took_is_drawn_twice() -> None:
    """Colour and dash mean the host, so one stroke cannot stand for two."""
    trace, _ = close_run(both_call=True)
    strokes = [
        mark for mark in marks_of(diagram(trace, trace.end, (970.0, 900.0), Look())) if mark.id == "edge:closed_synsent"
    ]
    roles = {mark.stroke.role for mark in strokes if getattr(mark, "stroke", None)}
    assert {"a", "b"} <= roles


@pytest.mark.parametrize("size", [(970.0, 900.0), (520.0, 420.0)])
def test_the_two_strokes_of_a_shared_edge_lie_side_by_side(size: tuple[float, float]) -> None:
    """All along it, around corners too: between them one sees the ground."""
    trace, _ = close_run(both_call=True)
    found: dict[str, dict[str, tuple[tuple[tuple[float, float], ...], float]]] = {}
    for mark in marks_of(diagram(trace, trace.end, size, Look())):
        if mark.id.startswith("edge:") and isinstance(mark, Line | Path) and mark.stroke is not None:
            points = ((mark.x1, mark.y1), (mark.x2, mark.y2)) if isinstance(mark, Line) else outline(mark.commands)
            found.setdefault(mark.id, {})[mark.stroke.role] = (points, mark.width)
    shared = {name: strokes for name, strokes in found.items() if {"a", "b"} <= set(strokes)}
    assert shared
    for name, strokes in shared.items():
        (one, thick), (other, thin) = strokes["a"], strokes["b"]
        nearest = min(distance(x, y, a, b) for x, y in one for a, b in itertools.pairwise(other))
        assert nearest >= (thick + thin) / 2 + 1.0, name


def test_a_click_finds_what_it_hits() -> None:
    """The middle of a node is the node, the middle of an edge is the edge, the corner of the card is nothing."""
    trace, _ = close_run()
    picture = diagram(trace, 0, (970.0, 900.0), Look())
    box = plan(970.0, 900.0).nodes[State.CLOSING]
    assert picture.at((box.left + box.right) / 2, box.bottom - 6) == "state:CLOSING"
    points = plan(970.0, 900.0).tracks["finwait2_timewait"].points
    assert picture.at(*points[0][:1], points[0][1]) in ("edge:finwait2_timewait", "state:FIN-WAIT-2")
    assert picture.at(2, 2) is None


def test_every_mark_lies_on_the_card() -> None:
    """Nothing is painted where nobody can see it."""
    trace, _ = close_run()
    for size in SIZES:
        for mark in marks_of(diagram(trace, 700_000, size, Look())):
            if isinstance(mark, Rect) and mark.id.startswith(("state:", "badge:")):
                assert mark.x >= -20 and mark.x + mark.w <= size[0] + 20
