"""The state diagram as a picture: nodes, edges, both hosts, where they were and where they go next.

Rules
-----
* Colour and dash mean the host. An edge nobody has taken is neutral; one that both took is drawn double.
* Labels are the event over "→ action" on an opaque chip. On a small card only those that matter now are shown.
* Edges for aborts, resets and reopening are drawn when taken, hovered, or asked for.
* Nothing after ``horizon`` shows: no next edge while a bet is open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from tutor.tcp.states import State
from tutor.view.arrows import Stroke, arrow, shifted
from tutor.view.geometry import Plan, Track, plan
from tutor.view.marks import Anchor, Box, Ellipse, Group, Ink, Layer, Mark, Picture, Point, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.motion import along, eased
from tutor.view.standing import SCREEN_NAMES, Standing, standings
from tutor.view.theme import Look, host_dash, host_ink, host_letter, host_tint
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

BADGE = 42.0
GLOW = ((16.0, 22 / 255), (10.0, 34 / 255), (5.0, 60 / 255))
TRAVEL_US = 450_000
"""Wall time of a token's way along an edge at speed 1 (design spec, section 7)."""


class Rest(NamedTuple):
    """The run stood still at ``at`` for ``wall_us`` of wall time: tokens went on travelling meanwhile."""

    at: int
    wall_us: float


SETTLED = Rest(0, math.inf)
"""Nothing is on its way from the beginning."""


class Use(NamedTuple):
    """Which hosts have taken an edge, and whose next edge it is."""

    takers: tuple[int, ...]
    next_of: int | None
    is_near: bool
    """Does it leave a state in which a host is now?"""


def diagram(
    trace: Trace,
    time: int,
    size: tuple[float, float],
    look: Look,
    *,
    horizon: int | None = None,
    tempo: Tempo | None = None,
    focus: str = "",
    rest: Rest = SETTLED,
) -> Picture:
    """The diagram at ``time``. With ``tempo`` tokens travel: they are on their way for a moment after each edge."""
    width, height = size
    card = plan(width, height)
    hosts = standings(trace, time, horizon, focus)
    uses = {track.id: _use(track, hosts) for track in card.tracks.values()}
    shown = [track for track in card.tracks.values() if _is_shown(track, uses[track.id], look)]
    ground = (*_groups(card, look), *_neutral_edges(card, shown, uses))
    static = Layer("static", ("diagram", size, look, tuple(uses.values())), ground)
    by_taker = sorted(shown, key=lambda track: uses[track.id].takers)
    moving: list[Mark] = [mark for track in by_taker for mark in _taken(card, track, uses[track.id])]
    moving += [mark for track in shown for mark in _label(card, track, uses[track.id], look)]
    moving += [mark for state in State for mark in _node(card, state, hosts, look)]
    travel = _travelling(card, hosts, (time, tempo, rest), look)
    moving += _badges(card, hosts, travel)
    titles = tuple((f"state:{state}", f"{_name(state)}: {look.words.t(state.meaning)}") for state in State)
    titles += tuple((f"edge:{track.id}", _sentence(track, look)) for track in shown)
    return Picture(width, height, (static, Layer("moving", None, tuple(moving))), titles)


def _name(state: State) -> str:
    return SCREEN_NAMES.get(state, str(state))


def _sentence(track: Track, look: Look) -> str:
    """One edge in words, for tooltips and screen readers."""
    t = look.words.t
    action = f" → {t(track.action)}" if track.action else ""
    return f"{_name(track.source)} → {_name(track.target)}: {t(track.event)}{action}"


def _use(track: Track, hosts: tuple[Standing, ...]) -> Use:
    takers = tuple(index for index, host in enumerate(hosts) if track.id in host.trail)
    coming = [host.next_at for host in hosts if host.next_at is not None]
    first = min(coming) if coming else None
    next_of = next((i for i, host in enumerate(hosts) if host.next == track.id and host.next_at == first), None)
    return Use(takers, next_of, any(track.source is host.state for host in hosts))


def _is_shown(track: Track, use: Use, look: Look) -> bool:
    if track.is_permanent or look.all_transitions or use.takers or use.next_of is not None:
        return True
    return look.hover in (f"edge:{track.id}", f"state:{track.source}")


# --- edges ---


def _groups(card: Plan, look: Look) -> Iterable[Mark]:
    """The dashed boxes around the two ways of closing."""
    size = max(10.0, 13 * card.scale) * look.text_scale
    for box, label, (x, y) in card.groups:
        yield Rect(*_corner(box), 16 * card.scale, Ink("surface2"), Ink("border"), 1.2, (4, 3))
        words = look.words.t(label)
        yield Text(x, y + size, words, Ink("ink3"), size, 700, spacing=0.0 if look.is_chinese else 0.9 * card.scale)


def _corner(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right - box.left, box.bottom - box.top


def _neutral_edges(card: Plan, shown: list[Track], uses: dict[str, Use]) -> Iterable[Mark]:
    """Edges that nobody has taken; a transient one is red and dashed."""
    for track in shown:
        if not uses[track.id].takers:
            ink = Ink("edge") if track.is_permanent else Ink("err")
            dash = () if track.is_permanent else (4.0, 3.0)
            stroke = Stroke(ink, max(1.4, 2 * card.scale), dash, 13 * card.scale, f"edge:{track.id}")
            yield from arrow(track.commands, stroke)


def _taken(card: Plan, track: Track, use: Use) -> Iterable[Mark]:
    """What hosts have taken, and the halo of what comes next."""
    identity = f"edge:{track.id}"
    if use.next_of is not None:
        halo = Stroke(host_ink(use.next_of, 0.24), 17 * card.scale, (), 0, identity)
        yield from arrow(track.commands, halo)
        line = Stroke(host_ink(use.next_of), 3 * card.scale, host_dash(use.next_of), 18 * card.scale, identity)
        if not use.takers:
            yield from arrow(track.commands, line)
    both = len(use.takers) > 1
    for place, host in enumerate(use.takers):
        offset = (place - (len(use.takers) - 1) / 2) * 7 * card.scale if both else 0.0
        width = (3.6 if both else 5) * card.scale
        stroke = Stroke(host_ink(host), max(2.2, width), host_dash(host), 18 * card.scale, identity)
        yield from arrow(shifted(track.commands, offset), stroke)


def _label(card: Plan, track: Track, use: Use, look: Look) -> Iterable[Mark]:
    """Event over action on an opaque chip."""
    hovered = look.hover == f"edge:{track.id}" or look.selection == f"edge:{track.id}"
    matters = bool(use.takers) or use.next_of is not None or use.is_near or hovered
    if not matters and (not card.is_dense or not track.is_permanent):
        return
    event = look.words.t(track.event)
    action = f"→ {look.words.t(track.action)}" if track.action and (card.is_dense or hovered) else ""
    big = max(12.2, 17 * card.scale) * look.text_scale
    small = max(12.0, 15.5 * card.scale) * look.text_scale
    width = max(text_width(event, "ui", big, 600), text_width(action, "ui", small))
    fit = min(1.0, track.room / width)
    big, small, width = big * fit, small * fit, width * fit
    rows = 2 if action else 1
    step = 20 * card.scale * look.text_scale if card.is_dense else big * 1.3
    x, y = track.label
    left = x - width if track.align == "right" else x - width / 2 if track.align == "center" else x
    height = rows * step
    ink = _label_ink(track, use)
    identity = f"edge:{track.id}"
    outline = Ink(ink.role) if use.next_of is not None else None
    ground = "surface2" if any(box.contains(x, y) for box, _, _ in card.groups) else "surface"
    tint = Ink(ground, 0.91) if use.next_of is None else host_tint(use.next_of)
    pad = 4.0 if use.next_of is None else 6.0
    yield Rect(
        left - pad, y - height / 2 - pad / 3, width + 2 * pad, height + pad / 1.5, 5, tint, outline, 1.6, id=identity
    )
    anchor_x, anchor = _anchor(track.align, left, width)
    first = y - height / 2 + step * 0.76
    yield Text(anchor_x, first, event, ink, big, 600, "ui", anchor, id=identity)
    if action:
        yield Text(anchor_x, first + step, action, Ink("ink2"), small, 400, "ui", anchor, id=identity)


def _label_ink(track: Track, use: Use) -> Ink:
    """The ink of the host that took the edge, or will next; of both: neutral."""
    if len(use.takers) > 1:
        return Ink("ink")
    if use.takers or use.next_of is not None:
        return host_ink((*use.takers, use.next_of)[0] or 0)
    return Ink("ink2") if track.is_permanent else Ink("err")


def _anchor(align: str, left: float, width: float) -> tuple[float, Anchor]:
    """Where a label's lines are set from."""
    if align == "right":
        return left + width, "end"
    return (left + width / 2, "middle") if align == "center" else (left, "start")


# --- nodes ---


def _node(card: Plan, state: State, hosts: tuple[Standing, ...], look: Look) -> Iterable[Mark]:
    """One state: plain, visited, or with hosts in it."""
    box, radius = card.nodes[state], 16 * card.scale
    here = [index for index, host in enumerate(hosts) if host.state is state]
    visited = any(host.came_from is state or _touches(card, host, state) for host in hosts)
    for grow, alpha in GLOW if here else ():
        wide = box.grown(grow * card.scale)
        ring = host_ink(here[0], alpha)
        yield Rect(*_corner(wide), radius + grow * card.scale, ring)
    border = max(1.4, 2 * card.scale)
    identity = f"state:{state}"
    if here:
        yield from _halves(card, box, radius, here, identity)
    else:
        stroke = Ink("ink3") if visited else Ink("nodeb")
        yield Rect(*_corner(box), radius, Ink("node"), stroke, border, id=identity)
    if look.selection == identity:
        yield Rect(*_corner(box.grown(5)), radius + 5, None, Ink("accent"), 2)
    size = max(12.0, 22 * card.scale) * min(look.text_scale, 1.25)
    middle = (box.left + box.right) / 2
    yield Text(
        middle,
        (box.top + box.bottom) / 2 + size * 0.36,
        _name(state),
        Ink("ink"),
        size,
        700,
        "ui",
        "middle",
        id=identity,
    )


def _touches(card: Plan, host: Standing, state: State) -> bool:
    return any(state in (card.tracks[track].source, card.tracks[track].target) for track in host.trail)


def _halves(card: Plan, box: Box, radius: float, here: list[int], identity: str) -> Iterable[Mark]:
    """A node with one host's border, or split between two."""
    width = (box.right - box.left) / len(here)
    margin = 6 * card.scale
    for place, host in enumerate(here):
        left = box.left + place * width - (margin if place == 0 else 0)
        right = box.left + (place + 1) * width + (margin if place == len(here) - 1 else 0)
        shape = Rect(*_corner(box), radius, host_tint(host), host_ink(host), 4 * card.scale, id=identity)
        yield Group((shape,), Box(left, box.top - margin, right, box.bottom + margin))


# --- hosts ---


def _travelling(
    card: Plan, hosts: tuple[Standing, ...], clock: tuple[int, Tempo | None, Rest], look: Look
) -> dict[int, Point]:
    """Where tokens are that are on their way along an edge now (px), by host."""
    time, tempo, rest = clock
    places: dict[int, Point] = {}
    if tempo is None or look.motion == "reduced":
        return places
    for index, host in enumerate(hosts):
        gone = tempo.to_wall(time) - tempo.to_wall(host.moved_at)
        gone += rest.wall_us if host.moved_at <= rest.at else 0.0
        if host.last is not None and 0 <= gone < TRAVEL_US:
            places[index] = along(card.tracks[host.last].points, eased(gone / TRAVEL_US))
    return places


def _badges(card: Plan, hosts: tuple[Standing, ...], travel: dict[int, Point]) -> list[Mark]:
    """The hosts' tokens: on their node's upper corners, or on the way; hollow where a listener stays behind."""
    marks: list[Mark] = []
    size = max(22.0, BADGE * card.scale)
    for index, host in enumerate(hosts):
        if host.state is None:
            continue
        if host.listens and host.state is not State.LISTEN:
            marks += badge(index, _seat(card, State.LISTEN, index), size * 0.8, f"badge:{host.host}", hollow=True)
        place = travel.get(index) or _seat(card, host.state, index)
        marks += badge(index, place, size, f"badge:{host.host}")
    return marks


def _seat(card: Plan, state: State, index: int) -> Point:
    box = card.nodes[state]
    return (box.left if index % 2 == 0 else box.right), box.top


def badge(index: int, at: Point, size: float, identity: str = "", *, hollow: bool = False) -> list[Mark]:
    """A host's token about ``at``: a circle for the first host, a rounded square for the second."""
    x, y = at
    r = size / 2
    fill, letter = (Ink("surface"), host_ink(index)) if hollow else (host_ink(index), Ink("on"))
    rim = host_ink(index) if hollow else Ink("surface")
    shape: Mark = Ellipse(x, y, r, r, fill, rim, 2.0, id=identity)
    if index % 2:
        shape = Rect(x - r, y - r, size, size, size * 0.22, fill, rim, 2.0, id=identity)
    return [shape, Text(x, y + size * 0.19, host_letter(index), letter, size * 0.54, 700, "ui", "middle", id=identity)]
