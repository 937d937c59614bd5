"""The nodes of the state diagram: who is there, what is kept there, what was refused there.

Rules
-----
* A node in which a host is has the host's tint and border; with two hosts it is split.
* A state that a broken protocol never enters is a pale outline.
* Where the figure tells what a kernel keeps in a state, the outline says it: a listener has a second line, a request
  entry cut corners, a mini-socket round ends, what may be either one end of each. No colour says it: those are hosts.
* A token sits on a node's upper corner; other connections are small and counted on its sides; what was refused hangs
  on its lower edge with a ✕.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.tcp.states import State
from tutor.view.geometry import Kind, Plan
from tutor.view.marks import Box, Ellipse, Group, Ink, Line, Mark, Point, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.standing import SCREEN_NAMES, Standing
from tutor.view.theme import Look, host_ink, host_letter, host_tint

BADGE = 42.0
LETTER = 0.54
"""Height of the letter on a badge, in parts of it."""
OUT = 0.24
"""So far outside of its corner sits a badge in a room, in parts of its size: names fill their nodes there."""
BESIDE_NAME = 1.4
"""The size of a badge in a room, in ems of the names."""
LEAST = 12.0
"""No text is smaller (px), unless a look asks for more."""
GLOW = ((16.0, 22 / 255), (10.0, 34 / 255), (5.0, 60 / 255))


def screen_name(state: State) -> str:
    """A state as the diagram prints it."""
    return SCREEN_NAMES.get(state, str(state))


def corner(box: Box) -> tuple[float, float, float, float]:
    """A box as a rectangle's x, y, width, height."""
    return box.left, box.top, box.right - box.left, box.bottom - box.top


def node(card: Plan, state: State, hosts: tuple[Standing, ...], look: Look, kept: Kind | None) -> Iterable[Mark]:
    """One state: plain, visited, or with hosts in it. ``kept``: what is kept there; None says nothing of it."""
    shape, caption = (kept.shape, look.words.t(kept.caption)) if kept is not None else ("full", "")
    box, radius = card.nodes[state], 16 * card.scale
    here = [index for index, host in enumerate(hosts) if host.state is state]
    visited = any(host.came_from is state or _touches(card, host, state) for host in hosts)
    for grow, alpha in GLOW if here else ():
        wide = box.grown(grow * card.scale)
        ring = host_ink(here[0], alpha)
        yield Rect(*corner(wide), radius + grow * card.scale, ring)
    border = max(1.4, 2 * card.scale)
    identity = f"state:{state}"
    if here:
        yield from _halves(card, state, shape, here)
    elif state in card.unused and not visited:
        yield Rect(*corner(box), radius, Ink("surface"), Ink("edge", 0.7), border, (3, 4), id=identity)
    else:
        yield from _outline(card, state, shape, (Ink("node"), Ink("ink3") if visited else Ink("nodeb"), border))
    if look.selection == identity:
        yield Rect(*corner(box.grown(5)), radius + 5, None, Ink("accent"), 2)
    largest = 1.0 if caption and not card.is_dense else 1.25
    broad = 1.0 if caption else min(card.wider, 1.15)
    size = max(look.least, max(12.0, 22 * card.scale * broad) * min(look.text_scale, largest))
    if card.name:
        size = min(card.name, max(look.least, (box.bottom - box.top) * 0.42)) if caption else card.name
    middle, centre = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    small = max(look.least, 14 * card.scale * min(look.text_scale, 1.1 if card.is_dense else 1.0))
    name_y = centre + (size * 0.36 if not caption else -small * 0.22)
    ink = Ink("ink3" if state in card.unused and not visited else "ink")
    yield Text(middle, name_y, screen_name(state), ink, size, 700, "ui", "middle", id=identity)
    if caption:
        yield Text(middle, name_y + small * 1.06, caption, Ink("ink2"), small, 400, "ui", "middle", id=identity)


def _touches(card: Plan, host: Standing, state: State) -> bool:
    return any(state in (card.tracks[track].source, card.tracks[track].target) for track in host.trail)


def _outline(card: Plan, state: State, shape: str, drawn: tuple[Ink, Ink, float]) -> Iterable[Mark]:
    """The shape of a node. ``drawn``: its fill, its stroke, and the stroke's width (px)."""
    box, identity = card.nodes[state], f"state:{state}"
    fill, stroke, width = drawn
    if shape == "either":
        middle, margin = (box.left + box.right) / 2, 6 * card.scale
        room = box.grown(margin)
        yield Group(tuple(_outline(card, state, "full", drawn)), room._replace(right=middle))
        yield Group(tuple(_outline(card, state, "mini", drawn)), room._replace(left=middle))
        return
    if shape == "request":
        cut = 15 * card.scale
        left, top, right, bottom = box
        points = (
            (left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut),
            (right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut),
        )  # fmt: skip
        yield Polyline(points, stroke, width, fill, closed=True, id=identity)
        return
    radius = (box.bottom - box.top) / 2 if shape == "mini" else 16 * card.scale
    yield Rect(*corner(box), radius, fill, stroke, width, id=identity)
    if shape == "listener":
        inner = box.grown(-4.5 * card.scale)
        yield Rect(*corner(inner), radius - 4.5 * card.scale, None, stroke, max(1.0, 1.4 * card.scale), id=identity)


def _halves(card: Plan, state: State, shape: str, here: list[int]) -> Iterable[Mark]:
    """A node with one host's border, or split between two."""
    box = card.nodes[state]
    width = (box.right - box.left) / len(here)
    margin = 6 * card.scale
    for place, host in enumerate(here):
        left = box.left + place * width - (margin if place == 0 else 0)
        right = box.left + (place + 1) * width + (margin if place == len(here) - 1 else 0)
        shapes = tuple(_outline(card, state, shape, (host_tint(host), host_ink(host), 4 * card.scale)))
        yield Group(shapes, Box(left, box.top - margin, right, box.bottom + margin))


# --- hosts ---


def badges(card: Plan, hosts: tuple[Standing, ...], travel: dict[int, Point], least: float = LEAST) -> list[Mark]:
    """The hosts' tokens: on their node's upper corners, or on the way; hollow where a listener stays behind.

    ``least``: px of the letter on them.
    """
    marks: list[Mark] = []
    size = max(22.0, BADGE * card.scale, least / LETTER if least > LEAST else 0.0, card.name * BESIDE_NAME)
    for index, host in enumerate(hosts):
        if host.state is None:
            continue
        if host.listens and host.state is not State.LISTEN:
            seat = _seat(card, State.LISTEN, index, size)
            letter = size * LETTER if card.name else least  # a room reads it as well as that of the host itself
            marks += badge(index, seat, size * 0.8, f"listener:{host.host}", hollow=True, least=max(least, letter))
        place = travel.get(index) or _seat(card, host.state, index, size)
        marks += badge(index, place, size, f"badge:{host.host}", least=least)
    return marks


def _seat(card: Plan, state: State, index: int, size: float) -> Point:
    box = card.nodes[state]
    out = max(0.0, 22 - BADGE * card.scale)  # a badge that is large for its node keeps off the node's name
    if card.name:  # which fills the node
        out = size * OUT
        x = max(size / 2 + 1, box.left - out) if index % 2 == 0 else min(card.size[0] - size / 2 - 1, box.right + out)
        return x, max(size / 2 + 1, box.top - out - max(0.0, x - box.left + out if index % 2 == 0 else 0.0) / 2)
    return (box.left - out if index % 2 == 0 else box.right + out), box.top - out / 2


def badge(
    index: int, at: Point, size: float, identity: str = "", *, hollow: bool = False, least: float = LEAST
) -> list[Mark]:
    """A host's token about ``at``: a circle for the first host, a rounded square for the second."""
    x, y = at
    r = size / 2
    fill, letter = (Ink("surface"), host_ink(index)) if hollow else (host_ink(index), Ink("on"))
    rim = host_ink(index) if hollow else Ink("surface")
    shape: Mark = Ellipse(x, y, r, r, fill, rim, 2.0, id=identity)
    if index % 2:
        shape = Rect(x - r, y - r, size, size, size * 0.22, fill, rim, 2.0, id=identity)
    em = max(least, size * LETTER)
    return [shape, Text(x, y + em * 0.35, host_letter(index), letter, em, 700, "ui", "middle", id=identity)]


def crowd(card: Plan, hosts: tuple[Standing, ...], least: float = LEAST) -> Iterable[Mark]:
    """The connections that are not in focus: a small token a state and host, with how many they are."""
    for index, host in enumerate(hosts):
        for others in host.others:
            box = card.nodes[others.state]
            count = str(others.count)
            r = max(8.0, 11 * card.scale, least * 0.7 if least > LEAST else 0.0)
            half = max(r, text_width(count, "ui", least, 700) / 2 + 4)
            inward = half - r * 0.6
            x = box.left + inward if index % 2 == 0 else box.right - inward
            y = box.bottom - r * 0.4 + 2.2 * (r - 11 * card.scale)  # one that is large for its node keeps off the name
            y += r * 0.5 if card.name else 0.0
            identity = f"conn:{others.connection}"
            radius = r if index % 2 == 0 else r * 0.35
            yield Rect(x - half, y - r, 2 * half, 2 * r, radius, host_ink(index), Ink("surface"), 1.6, id=identity)
            yield Text(x, y + least * 0.36, count, Ink("on"), least, 700, "ui", "middle", id=identity)


def refused(card: Plan, state: State, index: int, what: str, identity: str, least: float = LEAST) -> Iterable[Mark]:
    """What ``state`` of host ``index`` refused: a chip with a ✕ on the node's lower edge."""
    box = card.nodes[state]
    size = max(least, 13.5 * card.scale)
    high = size * 1.45
    wide = text_width(what, "ui", size, 700) + high + 8
    edge = 34 * card.scale
    x = box.left + edge if index % 2 == 0 else box.right - edge - wide
    y = box.bottom + (size * 0.3 if card.name else 0.0)
    ink = host_ink(index)
    yield Rect(x, y - high / 2, wide, high, high * 0.3, Ink("surface"), ink, 1.6, id=identity)
    r, cx = size * 0.3, x + high / 2
    yield Line(cx - r, y - r, cx + r, y + r, ink, 2.2, (), "round", id=identity)
    yield Line(cx - r, y + r, cx + r, y - r, ink, 2.2, (), "round", id=identity)
    yield Text(x + high, y + size * 0.36, what, ink, size, 700, id=identity)
