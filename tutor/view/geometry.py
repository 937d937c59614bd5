"""Where the state diagram's nodes, edges and labels lie on a card of any size.

Rules
-----
* ``assets/diagram.json`` holds hand-made positions in design units; here they are scaled uniformly.
* A card that is taller than the design stretches y by at most ``STRETCH``: nodes and texts keep their shape, and the
  ends of an edge keep their place on their node. One that is wider stretches x, and the nodes with it, the more the
  lower it is.
* The edges for aborts, resets and reopening have paths of their own; some share a trunk, and then one label.
* A variant of the figure keeps every node where it is: it renames labels, leaves edges out, and groups otherwise.
* For a room nodes grow about their middle until names of the size that is asked for fit, as far as ``BROADEST`` and
  ``HIGHEST``; x is stretched over all of a wide card, since there nothing may be left empty.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from tutor import resources
from tutor.tcp.states import State, parse
from tutor.view.marks import Box, Command, Point, outline
from tutor.view.metrics import text_width
from tutor.view.standing import SCREEN_NAMES
from tutor.words import mark

STRETCH = 1.3
"""The most that y is stretched."""
WIDE_STRETCH, LOW_STRETCH = 1.22, 1.6
"""The most that x is stretched on a card of full height, and on one so low that nodes hardly hold their names."""
FULL, LOW = 0.6, 0.45
"""Scales at which the one and the other hold; between them it changes evenly."""
HALL_STRETCH = 2.0
"""The most that x is stretched for a room."""
BROADEST, HIGHEST = 1.34, 1.3
"""So many times as wide and as high as designed nodes are at most, for the names of a room."""
AROUND = 0.62, 0.8
"""Of a room's node: how much of its height a name takes; how many ems its sides keep free together."""
HALL_PX = 21.6
"""Px of the least text of a room's window that is 1080 px high: density is judged as if it were."""
LEGEND = 56.0
"""How high the legend of the typical paths may be, in design units."""
CORNER = 22.0
"""Radius of the corners of an orthogonal edge."""


@lru_cache(maxsize=4096)
def _chords(commands: tuple[Command, ...]) -> tuple[Point, ...]:
    """A path in chords: it is asked for many times while labels look for room."""
    return outline(commands)


@lru_cache(maxsize=4096)
def _bounds(commands: tuple[Command, ...]) -> Box:
    xs, ys = zip(*_chords(commands), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


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
        return _chords(self.commands)

    @property
    def bounds(self) -> Box:
        """The smallest box about the path."""
        return _bounds(self.commands)

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


Group = tuple[Box, str, Point]
"""What belongs together: the box about it, its name, and where that begins."""


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
    groups: tuple[Group, ...]
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
    name: float = 0.0
    """Px of a state's name on a room's card; 0: this card is for no room."""
    unused: frozenset[State] = frozenset()
    """States that no edge enters in a protocol that was broken on purpose."""


@lru_cache(maxsize=1)
def design() -> Any:
    """The hand-made geometry as it stands in the file."""
    return json.loads(resources.asset_text("diagram.json"))


class Type(NamedTuple):
    """What a room asks of the card (px): ``names`` of the states, the ``least`` text. 0: there is no room."""

    names: float = 0.0
    least: float = 0.0


NO_ROOM = Type()


class _Card:
    """Design units -> px on one card."""

    def __init__(self, width: float, height: float, room: Type = NO_ROOM) -> None:
        data = design()
        space = data["space"]
        self.scale = min(width / space["w"], height / space["h"])
        self.ky = max(1.0, min(STRETCH, height / (space["h"] * self.scale)))
        share = min(1.0, max(0.0, (FULL - self.scale) / (FULL - LOW)))
        most = HALL_STRETCH if room.names else WIDE_STRETCH + (LOW_STRETCH - WIDE_STRETCH) * share
        self.kx = max(1.0, min(most, width / (space["w"] * self.scale)))
        self.left = (width - space["w"] * self.scale * self.kx) / 2
        self.top = (height - space["h"] * self.ky * self.scale) / 2
        self.nodes = {parse(name): (at["x"], at["y"]) for name, at in data["nodes"].items()}
        unit = room.least / HALL_PX if room.names else 1.0
        self.is_small = self.scale < data["density"]["full_labels_min_scale"] * unit
        self.half = (data["node"]["w"] / 2, data["node"]["h"] / 2)
        self.nx, self.ny, self.name = 1.0, 1.0, 0.0
        if room.names:
            self._grow(room.names)

    def _grow(self, wanted: float) -> None:
        """Nodes so large that a name of so many px fits, and the name so large as they hold it."""
        wide, high = 2 * self.half[0] * self.scale, 2 * self.half[1] * self.scale
        ems = max(text_width(SCREEN_NAMES.get(state, str(state)), "ui", 1, 700) for state in State) + AROUND[1]
        self.ny = max(1.0, min(HIGHEST, wanted / AROUND[0] / high))
        wanted = min(wanted, high * self.ny * AROUND[0])
        broad = min(wide * self.kx * BROADEST, max(wide * min(self.kx, WIDE_STRETCH), wanted * ems))
        self.nx = broad / (wide * self.kx)
        self.name = min(wanted, broad / ems)

    def px(self, x: float, y: float) -> Point:
        """A point whose y has been stretched already."""
        return self.left + x * self.scale * self.kx, self.top + y * self.scale

    def on_node(self, state: State, y: float) -> float:
        """A design y that keeps its offset from a node's centre under stretching, outside of the node from its edge."""
        centre, half = self.nodes[state][1], self.half[1]
        out = math.copysign(half * (self.ny - 1), y - centre) if abs(y - centre) >= half - 0.5 else 0.0
        return float(centre * self.ky + y - centre + out)

    def at_side(self, state: State, x: float) -> float:
        """A design x of an edge's end on a node that may be wider or narrower than designed."""
        centre, half = self.nodes[state][0], self.half[0]
        is_side = abs(x - centre) >= half - 0.5
        return float(centre + (x - centre) * (self.nx if is_side else min(1.0, self.nx)))


FIGURES = ("rfc", "linux")
"""Variants of the figure: RFC 9293's, and what Linux keeps."""


@lru_cache(maxsize=16)
def plan(width: float, height: float, figure: str = "rfc", hall: Type = NO_ROOM) -> Plan:
    """The diagram on a card of ``width`` by ``height`` px, in one of ``FIGURES``; ``hall``: what a room asks for."""
    card, data = _Card(width, height, hall), design()
    variant = data["figures"].get(figure, {})
    nodes = {}
    wide, high = card.half[0] * card.nx, card.half[1] * card.ny
    for state, (x, y) in card.nodes.items():
        left, top = card.px(x - wide, y * card.ky - high)
        right, bottom = card.px(x + wide, y * card.ky + high)
        nodes[state] = Box(left, top, right, bottom)
    labels = [(edge["event"], edge["label"]) for edge in data["transient_edges"]]
    tracks: dict[str, Track] = {}
    for edge in (*data["edges"], *data["transient_edges"], *data["deviating_edges"]):
        is_trunk = labels.count((edge["event"], edge["label"])) > 1
        tracks[edge["id"]] = _track(card, edge | variant.get("edges", {}).get(edge["id"], {}) | {"is_trunk": is_trunk})
    groups = tuple(_group(card, group) for group in variant.get("groups", data["groups"]))
    groups = _around(groups, nodes, card) if card.name else groups
    kinds = {parse(name): Kind(kind["shape"], kind["title"]) for name, kind in variant.get("nodes", {}).items()}
    corner, count = (card.px(data[name]["x"], data[name]["y"]) for name in ("legend", "count"))
    room = (width, height)
    answers = {edge["id"]: _track(card, edge | {"is_trunk": False}) for edge in data["answers"]}
    return Plan(room, card.scale, card.kx, nodes, tracks, groups, not card.is_small, kinds, corner, count, answers,
                card.name)  # fmt: skip


def _group(card: _Card, group: Any) -> Group:
    x, y, w, h = group["rect"]
    left, top = card.px(x, y * card.ky)
    right, bottom = card.px(x + w, (y + h) * card.ky)
    anchor = card.px(group["label_anchor"][0], group["label_anchor"][1] * card.ky)
    return Box(left, top, right, bottom), group["label"], anchor


def _around(groups: tuple[Group, ...], nodes: Mapping[State, Box], card: _Card) -> tuple[Group, ...]:
    """The groups about nodes that have grown, still beside one another."""
    air, found, end = 10 * card.scale, [], math.inf
    for box, label, at in reversed(groups):
        held = [node for node in nodes.values() if box.contains((node.left + node.right) / 2, node.top)]
        left = min([box.left, *(node.left - air for node in held)])
        right = min(max([box.right, *(node.right + air for node in held)]), end)
        bottom = max([box.bottom, *(node.bottom + air for node in held)])
        is_above = any(node.left < at[0] < node.right and at[1] < node.bottom for node in held)
        place = (at[0], max(node.bottom for node in held) + 1) if is_above else at
        found.append((Box(max(1.0, left), box.top, right, bottom), label, place))
        end = left - air if box.top == groups[0][0].top else end
    return tuple(reversed(found))


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
    ends = {raw[0][0]: card.at_side(source, raw[0][0]), raw[-1][0]: card.at_side(target, raw[-1][0])}
    widths = [
        ends.get(x, x) if index in (0, len(raw) - 1) or edge["kind"] == "ortho" else x
        for index, (x, _) in enumerate(raw)
    ]
    points = [card.px(x, y) for x, y in zip(widths, heights, strict=True)]
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


def runs_through(track: Track, box: Box) -> bool:
    """Does the edge come into the box?"""
    return track.bounds.touches(box) and any(meets(a, b, box) for a, b in pairwise(track.points))


def meets(a: Point, b: Point, box: Box) -> bool:
    """Does the chord from ``a`` to ``b`` come into the box? Looked at every 4 px."""
    if max(a[0], b[0]) < box.left or min(a[0], b[0]) > box.right:
        return False
    if max(a[1], b[1]) < box.top or min(a[1], b[1]) > box.bottom:
        return False
    parts = int(math.dist(a, b) / 4) + 1
    return any(
        box.contains(a[0] + (b[0] - a[0]) * part / parts, a[1] + (b[1] - a[1]) * part / parts)
        for part in range(parts + 1)
    )
