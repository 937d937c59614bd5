"""Where the state diagram's nodes, edges and labels lie on a card of any size.

Rules
-----
* ``assets/diagram.json`` holds hand-made positions in design units; here they are scaled uniformly.
* A card that is taller than the design stretches y by at most ``STRETCH``: nodes and texts keep their shape, and the
  ends of an edge keep their place on their node.
* The edges that exist for aborts, resets and reopening have no hand-made path: each is a cubic bowed outward.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tutor import resources
from tutor.tcp.states import State, parse
from tutor.view.marks import Box, Command, Point, outline

STRETCH = 1.3
"""The most that y is stretched."""
BOW = 160.0
"""How far a transient edge bows outward, in design units."""
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
    textbook: str
    label: Point
    align: str
    room: float = math.inf
    """The widest that the label may be; a wider one is set smaller."""

    @property
    def points(self) -> tuple[Point, ...]:
        """The path in chords."""
        return outline(self.commands)


@dataclass(frozen=True, slots=True)
class Plan:
    """The diagram laid out on a card of one size. Everything in px; ``scale`` is px per design unit."""

    scale: float
    nodes: Mapping[State, Box]
    tracks: Mapping[str, Track]
    groups: tuple[tuple[Box, str, Point], ...]
    is_dense: bool
    """Is the card large enough for every label in full?"""


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
        self.left = (width - space["w"] * self.scale) / 2
        self.top = (height - space["h"] * self.ky * self.scale) / 2
        self.nodes = {parse(name): (at["x"], at["y"]) for name, at in data["nodes"].items()}
        self.is_small = self.scale < data["density"]["full_labels_min_scale"]
        self.half = (data["node"]["w"] / 2, data["node"]["h"] / 2)

    def px(self, x: float, y: float) -> Point:
        """A point whose y has been stretched already."""
        return self.left + x * self.scale, self.top + y * self.scale

    def on_node(self, state: State, y: float) -> float:
        """A design y that keeps its offset from a node's centre under stretching."""
        centre = self.nodes[state][1]
        return float(centre * self.ky + y - centre)


@lru_cache(maxsize=16)
def plan(width: float, height: float) -> Plan:
    """The diagram on a card of ``width`` by ``height`` px."""
    card, data = _Card(width, height), design()
    nodes = {}
    for state, (x, y) in card.nodes.items():
        left, top = card.px(x - card.half[0], y * card.ky - card.half[1])
        right, bottom = card.px(x + card.half[0], y * card.ky + card.half[1])
        nodes[state] = Box(left, top, right, bottom)
    tracks = {edge["id"]: _permanent(card, edge) for edge in data["edges"]}
    for edge in data["transient_edges"]:
        tracks[edge["id"]] = _transient(card, edge, tracks)
    groups = tuple(_group(card, group) for group in data["groups"])
    return Plan(card.scale, nodes, tracks, groups, not card.is_small)


def _group(card: _Card, group: Any) -> tuple[Box, str, Point]:
    x, y, w, h = group["rect"]
    left, top = card.px(x, y * card.ky)
    right, bottom = card.px(x + w, (y + h) * card.ky)
    anchor = card.px(group["label_anchor"][0], group["label_anchor"][1] * card.ky)
    return Box(left, top, right, bottom), group["label"], anchor


def _permanent(card: _Card, edge: Any) -> Track:
    """A hand-made edge."""
    source, target = parse(edge["from"]), parse(edge["to"])
    raw = edge["points"]
    first, last = raw[0][1], raw[-1][1]

    def y_of(index: int, y: float) -> float:
        if index == 0 or (edge["kind"] == "ortho" and y == first):
            return card.on_node(source, y)
        if index == len(raw) - 1 or (edge["kind"] == "ortho" and y == last):
            return card.on_node(target, y)
        return float(y * card.ky)

    points = [card.px(x, y_of(index, y)) for index, (x, y) in enumerate(raw)]
    at = edge.get("compact", edge["label"]) if card.is_small else edge["label"]
    label = card.px(at["x"], _label_y(card, at["y"], edge, y_of(0, first), y_of(len(raw) - 1, last)))
    commands = _commands(edge["kind"], points, CORNER * card.scale)
    return Track(
        edge["id"], source, target, edge["event"], edge["action"], commands,
        is_permanent=True, textbook=edge["textbook"], label=label, align=at["align"],
        room=at["room"] * card.scale if "room" in at else math.inf,
    )  # fmt: skip


def _label_y(card: _Card, y: float, edge: Any, start: float, stop: float) -> float:
    """The label's y under stretching: it keeps its place between the two ends of its edge."""
    source, first, last = parse(edge["from"]), edge["points"][0][1], edge["points"][-1][1]
    if first == last or (edge["kind"] == "ortho" and abs(y - first) < 60):
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
    """The point ``length`` from ``start`` on the way to ``stop``."""
    full = math.dist(start, stop) or 1.0
    share = min(1.0, length / full)
    return start[0] + (stop[0] - start[0]) * share, start[1] + (stop[1] - start[1]) * share


# --- transient edges ---


def _transient(card: _Card, edge: Any, tracks: dict[str, Track]) -> Track:
    """An edge without a hand-made path: on another's track, a loop, or bowed outward."""
    source, target = parse(edge["from"]), parse(edge["to"])
    if "draw_on" in edge:
        commands = tracks[edge["draw_on"]].commands
    elif source is target:
        commands = _loop(card, source)
    else:
        commands = _bowed(card, source, target)
    points = outline(commands)
    label = points[len(points) // 2]
    return Track(
        edge["id"], source, target, edge["event"], edge["action"], commands,
        is_permanent=False, textbook="other", label=label, align="center",
    )  # fmt: skip


def _loop(card: _Card, state: State) -> tuple[Command, ...]:
    """Out of the node's lower left and back into its left side."""
    x, y = card.nodes[state]
    y *= card.ky
    w, h = card.half
    start, stop = card.px(x - w * 0.5, y + h), card.px(x - w, y + h * 0.4)
    return ("M", start), ("C", (*card.px(x - w * 0.5, y + h + 70), *card.px(x - w - 80, y + h + 50), *stop))


def _bowed(card: _Card, source: State, target: State) -> tuple[Command, ...]:
    """From the nearest side of the source to a side of the target, bowed away from the middle of the diagram."""
    sx, sy = card.nodes[source]
    tx, ty = card.nodes[target]
    w, h = card.half
    if target is State.CLOSED:
        side = -1.0
        start = (sx + side * w, sy * card.ky) if sx <= tx else (sx, sy * card.ky - h)
        stop = (tx - w, ty * card.ky)
        outward = max(min(start[0], stop[0]) - BOW, -30.0)
        out = (outward, start[1]) if sx <= tx else (sx, start[1] - BOW)
        back = (outward if sx <= tx else tx - w - BOW, stop[1])
    else:
        start, stop = _facing(card, (sx, sy), (tx, ty)), _facing(card, (tx, ty), (sx, sy))
        nx, ny = _normal(start, stop)
        out, back = (start[0] + nx * BOW, start[1] + ny * BOW), (stop[0] + nx * BOW, stop[1] + ny * BOW)
    return ("M", card.px(*start)), ("C", (*card.px(*out), *card.px(*back), *card.px(*stop)))


def _facing(card: _Card, node: Point, other: Point) -> Point:
    """The middle of the side of ``node`` that faces ``other``."""
    w, h = card.half
    dx, dy = other[0] - node[0], (other[1] - node[1]) * card.ky
    if abs(dx) * h >= abs(dy) * w:
        return node[0] + math.copysign(w, dx), node[1] * card.ky
    return node[0], node[1] * card.ky + math.copysign(h, dy)


def _normal(start: Point, stop: Point) -> Point:
    """The unit normal of the chord, to its left."""
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    return dy / length, -dx / length
