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
from tutor.view.deviant import plan_of
from tutor.view.diagram import diagram
from tutor.view.geometry import plan
from tutor.view.marks import Box, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.words import Words
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
    assert card is plan(970.0, 900.0, "rfc")
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
