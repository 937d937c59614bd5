"""The edges of the state diagram: who took them, what comes next, what has been crossed. Their labels: ``labels``.

Rules
-----
* Colour and dash mean the host. An edge nobody has taken is neutral; one that both took is drawn double.
* The view of coverage knows no host: what has been crossed is bold and ticked, the rest is pale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tutor.tcp.typical import TYPICAL_CLIENT, TYPICAL_SERVER
from tutor.view import deviation
from tutor.view.arrows import Stroke, arrow, shifted
from tutor.view.aspect import Aspect
from tutor.view.geometry import LEGEND, Plan, Track
from tutor.view.marks import Ellipse, Ink, Mark, Path, Point, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.motion import at_length
from tutor.view.standing import Standing
from tutor.view.theme import Look, host_dash, host_ink

SERVER_BAND = (0.9, 0.6)
"""Dash of the band under the typical server's path, in pen widths."""


class Use(NamedTuple):
    """Which hosts have taken an edge, and whose next edge it is."""

    takers: tuple[int, ...] = ()
    next_of: int | None = None
    is_near: bool = False
    """Does it leave a state in which a host is now?"""
    is_last: bool = False
    """Is it the last that a host took?"""


class Scene(NamedTuple):
    """What the edges are drawn from: the card, what is laid over it, how it looks, and which edges exist here."""

    card: Plan
    aspect: Aspect
    look: Look
    existing: frozenset[str]


def use_of(track: Track, hosts: tuple[Standing, ...], aspect: Aspect) -> Use:
    """Who uses an edge at this moment. In the view of coverage nobody does; none is about to take what is left out."""
    is_near = any(track.source is host.state for host in hosts)
    if aspect.coverage:
        return Use(is_near=is_near)
    takers = tuple(index for index, host in enumerate(hosts) if track.id in host.trail)
    coming = [host.next_at for host in hosts if host.next_at is not None]
    first = min(coming) if coming else None
    next_of = next((i for i, host in enumerate(hosts) if host.next == track.id and host.next_at == first), None)
    if track.is_gone:  # another protocol will have it, and is not on screen yet
        next_of = None
    is_last = any(host.last == track.id for host in hosts)
    return Use(takers, next_of, is_near, is_last)


def is_shown(track: Track, use: Use, scene: Scene) -> bool:
    """Is the edge drawn? Transient ones wait until they are taken, hovered, selected or asked for."""
    if use.takers or use.next_of is not None:
        return True
    if track.id not in scene.existing and (track.is_absent or scene.aspect.coverage):
        return False
    if track.is_gone or (track.is_deviating and track.id in scene.existing):
        return True
    if track.is_permanent:
        return not track.is_absent
    if (scene.aspect.has_transients or scene.aspect.coverage) and track.id in scene.existing:
        return True
    pointed = {scene.look.hover, scene.look.selection}
    if track.id in scene.aspect.lit:
        return True
    return f"edge:{track.id}" in pointed or (f"state:{track.source}" in pointed and track.id in scene.existing)


# --- strokes ---


def _legend_size(scene: Scene) -> float:
    card, look = scene.card, scene.look
    return max(look.least, min(max(12.0, 14 * card.scale) * look.text_scale, LEGEND * card.scale / 2.3))


def is_told(scene: Scene) -> bool:
    """Do the typical paths have a legend? On too low a card the command's name says it."""
    return scene.aspect.has_paths and LEGEND * scene.card.scale >= 2 * _legend_size(scene)


def bands(scene: Scene) -> Iterable[Mark]:
    """The textbook's two typical lives, as pale bands under the edges, and what they are."""
    card, look = scene.card, scene.look
    wide = 13 * card.scale
    rows = ((TYPICAL_CLIENT, (), look.words.t("typical client path")),)
    rows += ((TYPICAL_SERVER, SERVER_BAND, look.words.t("typical server path")),)  # type: ignore[assignment]
    size = _legend_size(scene)
    tips = [{card.tracks[edge.drawn_as].points[-1] for edge in path} for path, _, _ in rows]
    shared = tips[0] & tips[1]
    for place, (path, dash, said) in enumerate(rows):
        for edge in path:
            track = card.tracks[edge.drawn_as]
            aside = (place - 0.5) * wide * 0.8 if track.points[-1] in shared else 0.0
            commands = shifted(track.commands, aside)
            yield Path(commands, Ink("ink3", 0.3), wide, None, dash, id=f"edge:{edge.drawn_as}")
        if not is_told(scene):
            continue
        x, y = card.corner[0] + 6, card.corner[1] + size * (place * 1.25 + 0.8)
        yield Path((("M", (x, y - size * 0.34)), ("L", (x + 34, y - size * 0.34))), Ink("ink3", 0.42), 9.0, None, dash)
        yield Text(x + 42, y, said, Ink("ink2"), size, 600, id="legend:paths")


def neutral(track: Track, use: Use, scene: Scene, drawn: Sequence[Track] = ()) -> Iterable[Mark]:
    """An edge that nobody has taken; a transient one is thin and dashed, and red where it is for a reset.

    ``drawn``: every edge on the card; one that is not TCP's ends where it runs into another.
    """
    if use.takers:
        return
    card = scene.card
    ink = Ink("err", 0.85) if track.is_reset and not track.is_permanent else Ink("edge")
    dash: tuple[float, ...] = () if track.is_permanent else (4.0, 3.0)
    width, head = max(1.4, 2 * card.scale), max(6.0, 13 * card.scale)
    if not track.is_permanent:
        width = max(1.2, 1.6 * card.scale)
    if track.is_gone:
        yield from deviation.gone(track, card, drawn)
        return
    if track.is_deviating:
        ink, dash, width, head = Ink("ink"), deviation.DASH, deviation.width_of(card), max(6.0, 16 * card.scale)
    if scene.aspect.coverage:
        if track.id in scene.aspect.crossed:
            ink, dash, width, head = Ink("ink"), (), max(2.4, 4 * card.scale), 18 * card.scale
        else:
            ink = Ink("edge", 0.45)
    way = deviation.stub(track, [each for each in drawn if each.is_deviating]) if track.is_deviating else None
    yield from arrow(way or track.commands, Stroke(ink, width, dash, head, f"edge:{track.id}"), from_tip=True)


def tick(track: Track, scene: Scene) -> Iterable[Mark]:
    """A tick where a crossed edge begins; those that begin alike have it one after the other."""
    if track.id not in scene.aspect.crossed:
        return
    card = scene.card
    r = max(6.0, 9 * card.scale)
    begins = track.points[0]
    times = dict(scene.aspect.times).get(track.id)
    near = (2.4 if times is None else 3.6) * r
    twins = [each.id for each in card.tracks.values() if math.dist(each.points[0], begins) < near]
    x, y = at_length(track.points, r * 2.0 + twins.index(track.id) * r * 2.4)
    name = f"edge:{track.id}"
    if times is not None:
        yield from _number(f"{times}" if times < 1000 else "999+", (x, y), max(12.0, 13 * card.scale), name)
        return
    yield Ellipse(x, y, r, r, Ink("ok"), Ink("surface"), 1.4, id=name)
    points = ((x - r * 0.45, y), (x - r * 0.1, y + r * 0.38), (x + r * 0.5, y - r * 0.4))
    yield Polyline(points, Ink("on"), max(1.4, r * 0.24), id=name)


def _number(said: str, at: Point, size: float, name: str) -> Iterable[Mark]:
    """A number in the place of a tick."""
    wide, high = max(size * 1.5, text_width(said, "ui", size, 700) + size * 0.8), size * 1.4
    x, y = at
    yield Rect(x - wide / 2, y - high / 2, wide, high, high / 2, Ink("surface"), Ink("ok"), 1.8, id=name)
    yield Text(x, y + size * 0.36, said, Ink("ink"), size, 700, anchor="middle")


def taken(track: Track, use: Use, card: Plan, look: Look, *, is_lit: bool = False) -> Iterable[Mark]:
    """What hosts have taken, the halo of what comes next, and that of what was picked out."""
    identity = f"edge:{track.id}"
    if look.selection == identity or is_lit:
        yield from arrow(track.commands, Stroke(Ink("accent", 0.35), max(9.0, 15 * card.scale), (), 0, identity))
    if use.next_of is not None:
        halo = Stroke(host_ink(use.next_of, 0.24), 17 * card.scale, (), 0, identity)
        yield from arrow(track.commands, halo)
        line = Stroke(host_ink(use.next_of), 3 * card.scale, host_dash(use.next_of), 18 * card.scale, identity)
        if not use.takers:
            yield from arrow(track.commands, line)
    both = len(use.takers) > 1
    if track.is_deviating and use.takers:
        yield from deviation.rails(track, card, (16 if both else 5) * card.scale)
    for place, host in enumerate(use.takers):
        width = max(2.2, (3.6 if both else 5) * card.scale)
        apart = max(10 * card.scale, width + 4)
        offset = (place - (len(use.takers) - 1) / 2) * apart if both else 0.0
        stroke = Stroke(host_ink(host), width, host_dash(host), (13 if both else 18) * card.scale, identity)
        yield from arrow(shifted(track.commands, offset), stroke)
