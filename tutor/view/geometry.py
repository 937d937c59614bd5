"""Where the state diagram's nodes, edges and labels lie on a card of any size.

Rules
-----
* ``assets/diagram.json`` holds hand-made positions in design units; here they are scaled uniformly.
* A card that is taller than the design stretches y by at most ``STRETCH``: nodes and texts keep their shape, and the
  ends of an edge keep their place on their node. One that is wider stretches x, and the nodes with it, the more the
  lower it is.
* The edges for aborts, resets and reopening have paths of their own; some share a trunk, and then one label.
* A variant of the figure keeps every node where it is: it renames labels, leaves edges out, and groups otherwise.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from tutor import resources
from tutor.tcp.states import State, parse
from tutor.view.marks import Box, Command, Point, outline
from tutor.words import mark

STRETCH = 1.3
"""The most that y is stretched."""
WIDE_STRETCH, LOW_STRETCH = 1.22, 1.6
"""The most that x is stretched on a card of full height, and on one so low that nodes hardly hold their names."""
FULL, LOW = 0.6, 0.45
"""Scales at which the one and the other hold; between them it changes evenly."""
LEGEND = 56.0
"""How high the legend of the typical paths may be, in design units."""
CORNER = 22.0
"""Radius of the corners of an orthogonal edge."""


@dataclass(frozen=True, slots=True)
class Track:
    """One drawn edge on the card: its path (px), whether it is permanent, and where its label goes."""

    id: str
    source: State
    target: State
    event: str
    action: str
    commands: tuple[Command, ...]
    is_permanent: bool
    label: Point
    align: str
    room: float = math.inf
    """The widest that the label may be; a wider one is set smaller."""

    is_absent: bool = False
    """Is there no such edge in this variant of the figure?"""
    is_trunk: bool = False
    """Is it one of several that join, and say the same?"""
    is_deviating: bool = False
    """Is it no edge of TCP, but of a protocol that was broken on purpose?"""
    differs: str = ""
    """What it does otherwise than TCP, where path and event are TCP's."""
    is_gone: bool = False
    """Does that protocol do without this edge of TCP?"""

    @property
    def points(self) -> tuple[Point, ...]:
        """The path in chords."""
        return outline(self.commands)

    @property
    def bounds(self) -> Box:
        """The smallest box about the path."""
        xs, ys = zip(*self.points, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def is_reset(self) -> bool:
        """Is it for a reset or an abort?"""
        return "RST" in self.event or "ABORT" in self.event


class Kind(NamedTuple):
    """What a kernel keeps in a state: the outline of its node (full, listener, request, mini, or either of full and
    mini), and a name."""

    shape: str
    caption: str


FULL_SOCKET = Kind("full", mark("full socket"))
"""A whole connection's record."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The diagram laid out on a card of one size. Everything in px; ``scale`` is px per design unit.

    Equal only to itself: there is one for each size and figure.
    """

    size: tuple[float, float]
    scale: float
    wider: float
    """By how much x is stretched."""
    nodes: Mapping[State, Box]
    tracks: Mapping[str, Track]
    groups: tuple[tuple[Box, str, Point], ...]
    is_dense: bool
    """Is the card large enough for every label in full?"""
    kinds: Mapping[State, Kind]
    """What is kept in each state, where the variant tells."""
    corner: Point
    """Where the legend of the typical paths begins; it has room for ``LEGEND`` units below."""
    count: Point
    """Where the count of crossed edges begins."""
    answers: Mapping[str, Track]
    """What a state answers without leaving it; drawn where a protocol does not."""
    unused: frozenset[State] = frozenset()
    """States that no edge enters in a protocol that was broken on purpose."""


@lru_cache(maxsize=1)
def design() -> Any:
    """The hand-made geometry as it stands in the file."""
    return json.loads(resources.asset_text("diagram.json"))


class _Card:
    """Design units -> px on one card."""

    def __init__(self, width: float, height: float) -> None:
        data = design()
        space = data["space"]
        self.scale = min(width / space["w"], height / space["h"])
        self.ky = max(1.0, min(STRETCH, height / (space["h"] * self.scale)))
        share = min(1.0, max(0.0, (FULL - self.scale) / (FULL - LOW)))
        most = WIDE_STRETCH + (LOW_STRETCH - WIDE_STRETCH) * share
        self.kx = max(1.0, min(most, width / (space["w"] * self.scale)))
        self.left = (width - space["w"] * self.scale * self.kx) / 2
        self.top = (height - space["h"] * self.ky * self.scale) / 2
        self.nodes = {parse(name): (at["x"], at["y"]) for name, at in data["nodes"].items()}
        self.is_small = self.scale < data["density"]["full_labels_min_scale"]
        self.half = (data["node"]["w"] / 2, data["node"]["h"] / 2)

    def px(self, x: float, y: float) -> Point:
        """A point whose y has been stretched already."""
        return self.left + x * self.scale * self.kx, self.top + y * self.scale

    def on_node(self, state: State, y: float) -> float:
        """A design y that keeps its offset from a node's centre under stretching."""
        centre = self.nodes[state][1]
        return float(centre * self.ky + y - centre)


FIGURES = ("rfc", "linux")
"""Variants of the figure: RFC 9293's, and what Linux keeps."""


@lru_cache(maxsize=16)
def plan(width: float, height: float, figure: str = "rfc") -> Plan:
    """The diagram on a card of ``width`` by ``height`` px, in one of ``FIGURES``."""
    card, data = _Card(width, height), design()
    variant = data["figures"].get(figure, {})
    nodes = {}
    for state, (x, y) in card.nodes.items():
        left, top = card.px(x - card.half[0], y * card.ky - card.half[1])
        right, bottom = card.px(x + card.half[0], y * card.ky + card.half[1])
        nodes[state] = Box(left, top, right, bottom)
    labels = [(edge["event"], edge["label"]) for edge in data["transient_edges"]]
    tracks: dict[str, Track] = {}
    for edge in (*data["edges"], *data["transient_edges"], *data["deviating_edges"]):
        is_trunk = labels.count((edge["event"], edge["label"])) > 1
        tracks[edge["id"]] = _track(card, edge | variant.get("edges", {}).get(edge["id"], {}) | {"is_trunk": is_trunk})
    groups = tuple(_group(card, group) for group in variant.get("groups", data["groups"]))
    kinds = {parse(name): Kind(kind["shape"], kind["title"]) for name, kind in variant.get("nodes", {}).items()}
    corner, count = (card.px(data[name]["x"], data[name]["y"]) for name in ("legend", "count"))
    room = (width, height)
    answers = {edge["id"]: _track(card, edge | {"is_trunk": False}) for edge in data["answers"]}
    return Plan(room, card.scale, card.kx, nodes, tracks, groups, not card.is_small, kinds, corner, count, answers)


def _group(card: _Card, group: Any) -> tuple[Box, str, Point]:
    x, y, w, h = group["rect"]
    left, top = card.px(x, y * card.ky)
    right, bottom = card.px(x + w, (y + h) * card.ky)
    anchor = card.px(group["label_anchor"][0], group["label_anchor"][1] * card.ky)
    return Box(left, top, right, bottom), group["label"], anchor


def _track(card: _Card, edge: Any) -> Track:
    """One edge; those that are always drawn are the ones that the RFC's figure draws."""
    source, target = parse(edge["from"]), parse(edge["to"])
    raw = edge["points"]
    first, last = raw[0][1], raw[-1][1]

    def y_of(index: int, y: float) -> float:
        if index == 0 or (edge["kind"] == "ortho" and y == first):
            return card.on_node(source, y)
        if index == len(raw) - 1 or (edge["kind"] == "ortho" and y == last):
            return card.on_node(target, y)
        if source is target:
            return card.on_node(source, y)
        return float(y * card.ky)

    heights = [y_of(index, y) for index, (_, y) in enumerate(raw)]
    points = [card.px(x, y) for (x, _), y in zip(raw, heights, strict=True)]
    at = edge.get("compact", edge["label"]) if card.is_small else edge["label"]
    known = dict(zip((y for _, y in raw), heights, strict=True)) if edge["kind"] == "ortho" else {}
    label_y = known[at["y"]] if at["y"] in known else _label_y(card, at["y"], edge, heights[0], heights[-1])
    return Track(
        edge["id"], source, target, edge["event"], edge["action"],
        _commands(edge["kind"], points, CORNER * card.scale),
        is_permanent="is_transient" not in edge, label=card.px(at["x"], label_y), align=at["align"],
        room=at["room"] * card.scale * card.kx if "room" in at else math.inf, is_absent=edge.get("is_absent", False),
        is_trunk=edge["is_trunk"],
    )  # fmt: skip


def _label_y(card: _Card, y: float, edge: Any, start: float, stop: float) -> float:
    """The label's y under stretching: it keeps its place between the two ends of its edge."""
    source, first, last = parse(edge["from"]), edge["points"][0][1], edge["points"][-1][1]
    if first == last or (edge["kind"] == "ortho" and abs(y - first) < 45):
        return card.on_node(source, y)
    if edge["kind"] == "ortho" or not min(first, last) <= y <= max(first, last):
        return float(y * card.ky)
    return float(start + (stop - start) * (y - first) / (last - first))


def _commands(kind: str, points: list[Point], radius: float) -> tuple[Command, ...]:
    """The path through the points: a line, a cubic, or right angles with round corners."""
    if kind == "cubic":
        (_, start), rest = (0, points[0]), points[1:]
        return ("M", start), ("C", (*rest[0], *rest[1], *rest[2]))
    if kind == "line":
        return ("M", points[0]), ("L", points[1])
    commands: list[Command] = [("M", points[0])]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        entry, leave = _towards(corner, before, radius), _towards(corner, after, radius)
        commands += [
            ("L", entry),
            ("C", (*_towards(corner, entry, radius * 0.45), *_towards(corner, leave, radius * 0.45), *leave)),
        ]
    return (*commands, ("L", points[-1]))


def _towards(start: Point, stop: Point, length: float) -> Point:
    """The point ``length`` from ``start`` on the way to ``stop``, at most half of it."""
    full = math.dist(start, stop) or 1.0
    share = min(0.5, length / full)
    return start[0] + (stop[0] - start[0]) * share, start[1] + (stop[1] - start[1]) * share
