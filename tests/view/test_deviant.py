"""The figure of a protocol that was broken on purpose: one sees what is redirected, what is new and what is gone."""

from __future__ import annotations

import itertools

import pytest

from tests.view.runs import marks_of
from tests.view.test_diagram import SIZES
from tests.world.stage import scene
from tutor.tcp.states import State
from tutor.tcp.transitions import RFC
from tutor.tcp.values import replace
from tutor.tcp.variant import DEVIATIONS, TCP, VARIANTS, rows
from tutor.view.aspect import Aspect
from tutor.view.deviant import plan_of
from tutor.view.deviation import distance
from tutor.view.diagram import diagram
from tutor.view.edges import use_of
from tutor.view.geometry import NO_ROOM, Type, plan, runs_through
from tutor.view.marks import Box, Ink, Line, Path, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.standing import standings
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.trace import Trace

CALL = """
    host client 10.0.0.1 rfc9293
      connect server:80
      write 10
      close
    host server 10.0.0.2 rfc9293
      listen 80
      accept
      read
      when peer-closed close
    link client server delay=10ms
    until 10s
"""
RULES = frozenset({RFC})


def _run(variant: str) -> Trace:
    return Trace.of(replace(scene(CALL), variant=variant))


def test_the_figure_of_tcp_is_the_figure_itself() -> None:
    """Nothing of any variant is on it."""
    card = plan_of(970.0, 900.0, "rfc", TCP, RULES)
    assert card is plan(970.0, 900.0, "rfc", NO_ROOM)
    assert not any(track.is_deviating or track.is_gone for track in card.tracks.values())


@pytest.mark.parametrize("name", VARIANTS)
def test_each_variant_draws_what_it_does_otherwise(name: str) -> None:
    """Every row of its own is drawn as such, and what it does without is crossed out."""
    variant = VARIANTS[name]
    card = plan_of(970.0, 900.0, "rfc", variant, RULES)
    own = {row.drawn_as for row in rows(variant, RFC) if row.id in DEVIATIONS or row in variant.added}
    assert {track.id for track in card.tracks.values() if track.is_deviating} == own
    gone = {track.id for track in card.tracks.values() if track.is_gone}
    assert not gone & own
    if name == "two-way":
        assert gone == {"listen_synrcvd"}
    if name == "no-rst-from-closed":
        assert gone == {"closed_answers"}
        assert card.tracks["closed_answers"].event == "recv any segment → RST"
    if name == "no-time-wait":
        assert gone == {"finwait1_timewait", "finwait2_timewait", "closing_timewait", "timewait_closed"}
        assert card.unused == {State.TIME_WAIT}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
def test_no_label_of_a_variant_touches_a_label_or_a_node(name: str, lang: str, size: tuple[float, float]) -> None:
    """What is not TCP has to be as legible as what is."""
    look = Look(lang=lang, words=Words(lang))
    boxes: dict[str, Box] = {}
    for mark in marks_of(diagram(_run(name), 5_000, size, look)):
        if isinstance(mark, Text) and mark.id.startswith("edge:"):
            width = text_width(mark.text, mark.font, mark.size, mark.weight)
            left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
            box = Box(left, mark.y - mark.size * 0.74, left + width, mark.y + mark.size * 0.22)
            known = boxes.get(mark.id, box)
            boxes[mark.id] = Box(
                min(box.left, known.left), min(box.top, known.top),
                max(box.right, known.right), max(box.bottom, known.bottom),
            )  # fmt: skip
    for (a, first), (b, second) in itertools.combinations(boxes.items(), 2):
        assert not first.touches(second), f"{a} touches {b}"
    for edge, box in boxes.items():
        assert box.left >= 0 and box.right <= size[0] and box.top >= 0 and box.bottom <= size[1], edge
        for state, node in plan(*size).nodes.items():
            assert not box.touches(node), f"{edge} touches {state}"


def test_hosts_of_a_two_way_handshake_take_its_own_edge() -> None:
    """The server is in ESTABLISHED on the SYN, by an edge that TCP does not have."""
    trace = _run("two-way")
    picture = diagram(trace, 15_000, (970.0, 900.0), Look())
    told = dict(picture.titles)
    assert told["edge:listen_estab"] == "LISTEN → ESTABLISHED: recv SYN → send SYN+ACK"


def _crosses(name: str, size: tuple[float, float], time: int) -> dict[str, tuple[float, float]]:
    """Edge -> where it is crossed out (px)."""
    found: dict[str, list[tuple[float, float]]] = {}
    for mark in marks_of(diagram(_run(name), time, size, Look())):
        if isinstance(mark, Polyline) and len(mark.points) == 2 and mark.id.startswith("edge:"):
            (x1, y1), (x2, y2) = mark.points
            found.setdefault(mark.id.removeprefix("edge:"), []).append(((x1 + x2) / 2, (y1 + y2) / 2))
    return {edge: places[0] for edge, places in found.items() if len(places) == 2}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("size", SIZES)
def test_a_cross_lies_on_no_edge_that_there_is(name: str, size: tuple[float, float]) -> None:
    """What is left out is crossed out where only it runs: no living edge looks as if it were gone."""
    variant = VARIANTS[name]
    card = plan_of(*size, "rfc", variant, RULES)
    gone = {track.id for track in card.tracks.values() if track.is_gone}
    found = _crosses(name, size, 5_000)
    assert set(found) == gone
    alive = [each for each in card.tracks.values() if not each.is_gone and (each.is_permanent or each.is_deviating)]
    for edge, (x, y) in found.items():
        for track in alive:
            near = min(distance((x, y), a, b) for a, b in itertools.pairwise(track.points))
            assert track.is_absent or near > 5 * card.scale, f"the cross of {edge} lies on {track.id}"


@pytest.mark.parametrize("name", ["two-way", "fixed-isn", "no-time-wait", "no-fin-retransmission", "two-segment-close"])
@pytest.mark.parametrize("size", SIZES)
def test_an_edge_that_was_crossed_still_says_that_it_is_not_tcp(name: str, size: tuple[float, float]) -> None:
    """Rails stay beside the host's colour, and no edge of TCP has any."""
    trace = _run(name)
    own = {f"edge:{row.drawn_as}" for row in rows(VARIANTS[name], RFC) if row.id in DEVIATIONS}
    picture = diagram(trace, trace.end, size, Look())
    moving = next(layer.marks for layer in picture.layers if layer.name == "moving")
    railed = {
        mark.id for mark in moving if isinstance(mark, Path | Line) and mark.stroke == Ink("ink") and mark.dash
    }  # fmt: skip
    assert railed and railed <= own


@pytest.mark.parametrize(("name", "says"), [
    ("fixed-isn", "same ISN"), ("no-fin-retransmission", "send FIN, once"),
    ("four-segment-handshake", "ACK, then SYN"),
])  # fmt: skip
def test_a_small_card_says_what_differs_where_the_event_does_not(name: str, says: str) -> None:
    """With room for a few words only, those are shown that TCP would not have."""
    trace = _run(name)
    said = {mark.text for mark in marks_of(diagram(trace, trace.end, (540.0, 480.0), Look())) if isinstance(mark, Text)}
    assert says in said


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("size", [(903.0, 567.0), (532.0, 471.0)])
def test_every_redirected_edge_has_its_words_before_others_have_theirs(name: str, size: tuple[float, float]) -> None:
    """They are what a variant is about: also on a small card, and before anybody has come near."""
    card = plan_of(*size, "rfc", VARIANTS[name], RULES)
    said = {mark.id for mark in marks_of(diagram(_run(name), 5_000, size, Look())) if isinstance(mark, Text)}
    trunks = {(track.label, track.event) for track in card.tracks.values() if f"edge:{track.id}" in said}
    redirected = [track for track in card.tracks.values() if track.is_deviating]
    assert {(track.label, track.event) for track in redirected} <= trunks


@pytest.mark.parametrize("size", SIZES)
def test_the_legend_tells_of_what_is_not_tcp(size: tuple[float, float]) -> None:
    """Dashes and frames, dots and crosses: only while they are on the card."""
    wish = {"": [], "fixed-isn": ["not TCP"], "no-rst-from-closed": ["left out"], "two-way": ["not TCP", "left out"]}
    for name, said in wish.items():
        marks = marks_of(diagram(_run(name), 5_000, size, Look()))
        assert [mark.text for mark in marks if isinstance(mark, Text) and mark.id == "legend:deviation"] == said


@pytest.mark.parametrize("name", ["two-way", "no-time-wait"])
@pytest.mark.parametrize("size", [(437.0, 540.0), (560.0, 500.0)])
def test_the_legend_lies_on_no_edge_of_a_room(name: str, size: tuple[float, float]) -> None:
    """On the diagram of a small room its last word ran over the way back to CLOSED; above it there was room."""
    trace, look = _run(name), Look(names=20.0, least=16.0, emphasis=1.35)
    card = plan_of(*size, "rfc", VARIANTS[name], RULES, Type(look.names, look.least))
    said = [mark for mark in marks_of(diagram(trace, 15_000, size, look)) if isinstance(mark, Text)]
    boxes = [_box(mark) for mark in said if mark.id == "legend:deviation"]
    assert len(boxes) == 2
    shown = [track for track in card.tracks.values() if track.is_permanent or track.is_deviating]
    for box in boxes:
        assert box.top >= 0 and box.left >= 0
        assert not any(runs_through(track, box) for track in shown if not track.is_absent)
        assert not any(box.touches(node) for node in card.nodes.values())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [*SIZES, (540.0, 300.0)])
def test_the_legend_stays_beside_that_of_the_typical_paths(size: tuple[float, float], scale: float, lang: str) -> None:
    """It gave way to it: then nobody was told what is not TCP. Both are read, and lie on nothing."""
    words = Words(lang)
    look = Look(lang=lang, words=words, text_scale=scale)
    marks = marks_of(diagram(_run("two-way"), 5_000, size, look, aspect=Aspect(has_paths=True)))
    said = [mark for mark in marks if isinstance(mark, Text) and mark.id.startswith("legend:")]
    wish = {words.t("not TCP"), words.t("left out")}
    assert wish <= {mark.text for mark in said}
    boxes = [_box(mark) for mark in marks if isinstance(mark, Text) and mark.id.startswith(("legend:", "edge:"))]
    for first, second in itertools.combinations(boxes, 2):
        assert not first.touches(second)


@pytest.mark.parametrize("name", ["unchecked-ack", "two-way", "four-segment-handshake"])
def test_no_frame_round_a_label_is_cut_into(name: str) -> None:
    """On a small card a neighbour's ground lay a few px over it."""
    trace = _run(name)
    for time in sorted({step.at for step in trace.steps})[:12]:
        grounds = [
            (mark, Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h))
            for mark in marks_of(diagram(trace, time, (540.0, 300.0), Look()))
            if isinstance(mark, Rect) and mark.id.startswith("edge:") and mark.fill is not None
        ]
        for (a, first), (b, second) in itertools.combinations(grounds, 2):
            assert not ((a.stroke or b.stroke) and first.touches(second)), f"{a.id} and {b.id} at {time}"


def test_an_edge_that_is_left_out_is_not_lit_as_the_next() -> None:
    """Shortly before a run goes over to TCP the server's next edge is one that the protocol on screen has not."""
    trace = Trace.of(replace(scene(CALL), variant="two-way", acts_at=((5_000, parse_act("variant none")),)))
    lit = []
    for time in (1_000, 6_000):
        track = plan_of(970.0, 900.0, "rfc", trace.world_at(time).variant, RULES).tracks["listen_synrcvd"]
        lit.append((track.is_gone, use_of(track, standings(trace, time), Aspect()).next_of))
    assert lit == [(True, None), (False, 1)]


def _box(mark: Text) -> Box:
    width = text_width(mark.text, mark.font, mark.size, mark.weight)
    left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
    return Box(left, mark.y - mark.size * 0.74, left + width, mark.y + mark.size * 0.22)
