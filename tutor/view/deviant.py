"""The state diagram of a protocol that was broken on purpose: what is redirected, what is new, and what is gone.

Rules
-----
* Edges of TCP keep their place. One that the variant has something else done on says so; one that it leads elsewhere
  has a path of its own; one that it does without stays as a ghost, so that one sees what is missing. So does what a
  state of TCP answers without leaving it, where the variant is silent.
* The words come from the rows of ``tcp.deviations``: the drawing says what the engine does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, Edge
from tutor.tcp.values import replace
from tutor.tcp.variant import DEVIATIONS, Variant, drawn_in, rows
from tutor.view.geometry import NO_ROOM, Plan, Track, Type, plan
from tutor.view.marks import Box, Point
from tutor.words import mark

SILENT = mark("send nothing")
"""The action of an edge on which TCP would have sent something."""


@lru_cache(maxsize=16)
def plan_of(
    width: float, height: float, figure: str, variant: Variant, rule_sets: frozenset[str], hall: Type = NO_ROOM
) -> Plan:
    """The diagram laid out for ``variant`` (``TCP``: the figure itself) on a card of ``width`` by ``height`` px."""
    card = plan(width, height, figure, hall)
    if variant.is_tcp:
        return card
    tracks, entered = dict(card.tracks), {State.CLOSED}
    own = {row.id: old for old, row in variant.instead.items() if row.id in DEVIATIONS} | {
        row.id: row.id for row in variant.added
    }
    for name in sorted(rule_sets):
        for row in reversed(rows(variant, name)):
            entered.add(row.target)
            if row.id in own:
                tracks[row.drawn_as] = _said(card, row, EDGES.get(own[row.id], row))
    lost = drawn_in(rule_sets) - drawn_in(rule_sets, variant)
    for track in card.tracks.values():
        if track.is_permanent and not track.is_absent and track.id in lost:
            tracks[track.id] = replace(track, is_gone=True)
    for each in variant.unanswered:
        loop = card.answers[each.id]
        tracks[each.id] = replace(loop, is_gone=True, event=each.told)
    groups = tuple((box, label, _beside(box, at, tracks, card.scale)) for box, label, at in card.groups)
    return replace(card, tracks=tracks, groups=groups, unused=frozenset(State) - entered)


def _beside(box: Box, at: Point, tracks: Mapping[str, Track], scale: float) -> Point:
    """Where a group's name begins: right of an edge that is not TCP's and would go through it."""
    x, y = at
    for track in tracks.values():
        for (left, top), (right, bottom) in pairwise(track.points) if track.is_deviating else ():
            if left == right and top < box.bottom < bottom and x - 10 < left < x + 200 * scale:
                x = left + 18 * scale
    return x, y


def _said(card: Plan, row: Edge, before: Edge) -> Track:
    """Where ``row`` is drawn, with its words; as far as they are TCP's, in the words of the figure."""
    old = card.tracks[before.drawn_as]
    event = old.event if row.cause == before.cause and row is not before else _shown(row.cause)
    action = _shown(row.action) or (SILENT if before.action else "")
    differs = action if (row.drawn_as, event) == (before.drawn_as, old.event) and row is not before else ""
    return replace(card.tracks[row.drawn_as], is_deviating=True, event=event, action=action, differs=differs)


def _shown(words: str) -> str:
    """Words of the table as the figure writes them: ``send SYN+ACK``."""
    return words.replace(",ACK", "+ACK")
