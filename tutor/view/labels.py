"""Labels of the state diagram's edges: which speak, what they say, and where each finds room.

Rules
-----
* A label is the event over "→ action" on an opaque chip. On a small card only those that matter now and those of what
  is not TCP are shown, and only the event. Edges that share a trunk and say the same share one label.
* Of the edges for aborts, resets and reopening only the shared trunks speak unasked; the others wait for the pointer.
* Every label has its place, laid out by hand. Where a node, a token or a label that matters more has taken it, it goes
  elsewhere along its own edge; where there is no room for it at all, it waits for the pointer.

Theory
------
Greedy placement in order of weight: what the pointer is on, what comes next, what was taken last, what is not TCP, the
trail, the ways out of here, the rest. A place is good if the words touch neither card's edge, node, token, other words
nor a foreign edge. The places by hand are good on every card that is large enough, and are tried first and without
looking at edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tutor.view.aspect import Aspect
from tutor.view.edges import Scene, Use
from tutor.view.geometry import Plan, Track, meets, runs_through
from tutor.view.marks import Anchor, Box, Ink, Mark, Point, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.motion import along
from tutor.view.theme import Look, host_ink, host_tint

LARGEST = 1.15
"""So much larger than designed labels may be and still touch nothing; a larger card makes them larger still."""
STATIONS = (0.5, 0.35, 0.65, 0.22, 0.78)
"""Where along its edge a label looks for room, as shares of the edge's length."""
GAP = 7.0
"""Px between an edge and the words beside it, where they are not placed by hand."""
APART, CHIP = 0.3, 4.0
"""From other words a label in a room keeps so many ems, and its chip from other edges: two are not read as one."""
HIDDEN = 6
"""Of 13 points of its edge a label in a room may hide so many."""
NEAR_BY = 0.4, 0.75
"""So near, in ems, a label is surely its own edge's, and may be taken for another's."""
POINTED, NEXT, LAST, REDIRECTED, TAKEN, NEAR, OTHER = range(7)
"""What a label weighs: the lower, the sooner it chooses its place."""


class Wish(NamedTuple):
    """One label as it would like to be: its edge, its words, their sizes (px), its weight."""

    track: str
    event: str
    action: str
    big: float
    small: float
    step: float
    weight: int
    less: Wish | None = None
    """What is written where this one, which is larger since it matters now, has no room."""

    @property
    def width(self) -> float:
        """Px of its widest line."""
        return max(text_width(self.event, "ui", self.big, 600), text_width(self.action, "ui", self.small))

    @property
    def height(self) -> float:
        """Px of all its lines."""
        return self.step * (2 if self.action else 1)


class Place(NamedTuple):
    """Where a label is: the box of its words, and from which side they are set."""

    box: Box
    align: str


class Spoken(NamedTuple):
    """A label and all that share it."""

    wish: Wish
    track: Track
    use: Use
    place: Place


def larger(look: Look) -> float:
    """How much larger than designed labels are: beyond ``LARGEST`` they would lie on one another."""
    return min(look.text_scale, LARGEST)


def spoken(shown: list[Track], uses: dict[str, Use], scene: Scene, taken: tuple[Box, ...]) -> list[Spoken]:
    """Every label that finds room, the heaviest first. ``taken``: tokens and words that nothing may cover."""
    said: dict[tuple[Point, str], list[Track]] = {}
    for track in shown:
        if _speaks(track, uses[track.id], scene):
            said.setdefault((track.label, track.event), []).append(track)
    found: list[tuple[Wish, Track, Use]] = []
    for tracks in said.values():
        takers = tuple(sorted({host for track in tracks for host in uses[track.id].takers}))
        comes = next((uses[track.id].next_of for track in tracks if uses[track.id].next_of is not None), None)
        first = max(tracks, key=lambda track: (bool(uses[track.id].takers), track.id in scene.aspect.crossed))
        weight = min(_weight(track, uses[track.id], scene.look) for track in tracks)
        found.append((_wish(first, weight, scene), first, Use(takers, comes)))
    found.sort(key=lambda each: each[0].weight)
    ways = tuple(track.id for track in shown)
    places = _places(scene.card, tuple(wish for wish, _, _ in found), taken, ways)
    return [
        Spoken(wish, track, use, place)
        for (_, track, use), (wish, place) in zip(found, places, strict=True)
        if place is not None
    ]


def draw(labels: list[Spoken], scene: Scene, *, is_pointed: bool) -> Iterator[Mark]:
    """The labels; those under the pointer, which lie over everything, or the others."""
    for label in labels:
        if (label.wish.weight == POINTED) == is_pointed:
            yield from _draw(label, scene)


def _weight(track: Track, use: Use, look: Look) -> int:
    if _is_pointed(track, look):
        return POINTED
    if use.next_of is not None:
        return NEXT
    if use.is_last:
        return LAST
    if track.is_deviating and use.takers:  # that this was not TCP has to be seen
        return LAST
    if track.is_deviating:
        return REDIRECTED
    return TAKEN if use.takers else NEAR if use.is_near else OTHER


def _is_pointed(track: Track, look: Look) -> bool:
    return f"edge:{track.id}" in (look.hover, look.selection)


def _speaks(track: Track, use: Use, scene: Scene) -> bool:
    look = scene.look
    if use.takers or use.next_of is not None or _is_pointed(track, look):
        return True
    if track.is_gone:
        return not track.is_permanent
    if track.is_deviating:
        return True
    if track.is_permanent:
        return use.is_near or scene.card.is_dense
    if f"state:{track.source}" in (look.hover, look.selection):
        return True
    if scene.aspect.coverage:
        return scene.card.is_dense
    return scene.aspect.has_transients and track.is_trunk


def _wish(track: Track, weight: int, scene: Scene) -> Wish:
    """What the label says, and how large: what happens now is larger, where the look wants that and there is room.

    What a room cannot read is not written: rather than smaller, it is written without its action.
    """
    usual = _sized(track, weight, scene)
    look = scene.look
    if look.names:
        return _of_room(usual, look)
    if look.emphasis <= 1 or weight not in (NEXT, LAST):
        return usual
    big, small = max(look.least, usual.big * look.emphasis), max(look.least, usual.small * look.emphasis)
    step = max(small * 1.2, usual.step * look.emphasis)
    least = max(look.least, usual.big)
    bare = usual._replace(action="", big=least, small=least, step=least * 1.3, less=usual)
    brief = bare._replace(big=big, small=small, step=big * 1.3, less=bare)
    return usual._replace(big=big, small=small, step=step, less=brief if usual.action else bare)


def _of_room(usual: Wish, look: Look) -> Wish:
    """The label as a room reads it: as large as it asks for, then without its action, then smaller; never below the
    least."""
    is_now = usual.weight in (NEXT, LAST)
    most = max(1.0, look.emphasis if is_now else look.text_scale)
    sizes = [most] if most <= 1.02 else [most, (most + 1) / 2, 1.0]
    wish = None
    for times in reversed(sizes):
        big = look.least * times
        wish = usual._replace(action="", big=big, small=big, step=big * 1.25, less=wish)
    if usual.action:
        big, small = look.least * most, look.least * max(1.0, most * 0.92)
        wish = usual._replace(big=big, small=small, step=big * 1.14, less=wish)
    assert wish is not None, "there is one size at least"
    return wish


def _sized(track: Track, weight: int, scene: Scene) -> Wish:
    """The label in its usual size: smaller where its room is small."""
    card, look = scene.card, scene.look
    is_full = card.is_dense or look.hover == f"edge:{track.id}"
    event = look.words.t(track.event if is_full or not track.differs else track.differs)
    action = f"→ {look.words.t(track.action)}" if track.action and is_full else ""
    big = max(12.2, 17 * card.scale * larger(look))
    small = max(12.0, 15.5 * card.scale * larger(look))
    width = max(text_width(event, "ui", big, 600), text_width(action, "ui", small))
    fit = min(1.0, track.room / width)
    big, small = max(12.0, big * fit), max(12.0, small * fit)
    step = max(small * 1.2, 20 * card.scale * larger(look)) if card.is_dense else big * 1.3
    return Wish(track.id, event, action, big, small, step, weight)


# --- room ---


@lru_cache(maxsize=128)
def _places(
    card: Plan, wishes: tuple[Wish, ...], taken: tuple[Box, ...], ways: tuple[str, ...]
) -> tuple[tuple[Wish, Place | None], ...]:
    """Each wish, in their order, in the size that has a place, and that place or None. ``ways``: what is drawn."""
    words: list[Box] = []
    found: list[tuple[Wish, Place | None]] = []
    for each in wishes:
        wish, place = each, _found(card, each, (*taken, *words), ways)
        while place is None and wish.less is not None:
            wish = wish.less
            place = _found(card, wish, (*taken, *words), ways)
        if place is None and wish.weight <= NEXT:
            place = _designed(card, wish)
        found.append((wish, place))
        if place is not None:
            words.append(_chip(card, wish, place.box))
    return tuple(found)


def _found(card: Plan, wish: Wish, taken: tuple[Box, ...], ways: tuple[str, ...]) -> Place | None:
    """A place for the words; what happens now is told, even on an edge of another."""
    place = _place(card, wish, taken, ways)
    if place is None and wish.weight <= LAST:
        place = next((at for at in _elsewhere(card, wish) if _is_free(card, _chip(card, wish, at.box), taken)), None)
    return place


def _place(card: Plan, wish: Wish, taken: tuple[Box, ...], ways: tuple[str, ...]) -> Place | None:
    at = _designed(card, wish)
    is_picky = bool(card.name) and wish.weight > LAST

    def is_good(place: Place, *, is_designed: bool = False) -> bool:
        if not _is_free(card, _chip(card, wish, place.box), taken):
            return False
        if is_picky and any(place.box.touches(other, APART * wish.big) for other in taken):
            return False
        if is_picky and (_straddles(card, place.box) or _misleads(card, wish, place.box, ways)):
            return False
        ground = place.box.grown(CHIP) if is_picky else place.box
        return (is_designed and not is_picky) or not _crosses(card, wish.track, ground, ways)

    if is_good(at, is_designed=True):
        return at
    return next((place for place in _elsewhere(card, wish, ways if is_picky else ()) if is_good(place)), None)


def _misleads(card: Plan, wish: Wish, box: Box, ways: tuple[str, ...]) -> bool:
    """Do the words hide most of their own edge, or stand beside another and not beside their own?"""
    points = card.tracks[wish.track].points
    hidden = sum(box.grown(CHIP).contains(*along(points, share / 12)) for share in range(13))
    if hidden > HIDDEN:
        return True
    own, other = (box.grown(share * wish.big) for share in NEAR_BY)
    is_beside = any(meets(a, b, own) for a, b in pairwise(points))
    return not is_beside and _crosses(card, wish.track, other, ways)


def _straddles(card: Plan, box: Box) -> bool:
    """Do the words lie across the border of a group?"""
    inside = [(group.contains(box.left, box.top), group.contains(box.right, box.bottom)) for group, _, _ in card.groups]
    return any(one != other for one, other in inside)


def _designed(card: Plan, wish: Wish) -> Place:
    """The place by hand."""
    track = card.tracks[wish.track]
    x, y = track.label
    width, height = wish.width, wish.height
    left = x - width if track.align == "right" else x - width / 2 if track.align == "center" else x
    return Place(Box(left, y - height / 2, left + width, y + height / 2), track.align)


def _elsewhere(card: Plan, wish: Wish, ways: tuple[str, ...] = ()) -> Iterator[Place]:
    """Places beside the edge, the middle of it first; none where one of ``ways`` runs along with it."""
    width, height = wish.width, wish.height
    points = card.tracks[wish.track].points
    others = [card.tracks[name] for name in ways if name != wish.track]
    for share in STATIONS:
        x, y = along(points, share)
        spot = Box(x - 3, y - 3, x + 3, y + 3)
        if any(runs_through(other, spot) for other in others):
            continue
        top, bottom = y - height / 2, y + height / 2
        yield Place(Box(x + GAP, top, x + GAP + width, bottom), "left")
        yield Place(Box(x - GAP - width, top, x - GAP, bottom), "right")
        for middle in (y - height / 2 - 3, y + height / 2 + 3):
            yield Place(Box(x - width / 2, middle - height / 2, x + width / 2, middle + height / 2), "center")
    is_far = wish.less is not None  # larger ones go farther; in a room, where each can be smaller, the smallest ones
    if card.name:
        is_far = wish.less is None and wish.weight <= LAST
    for x, y in (along(points, share) for share in STATIONS if is_far):
        for middle in (y - height * 1.1, y + height * 1.1):
            yield Place(Box(x + GAP, middle - height / 2, x + GAP + width, middle + height / 2), "left")
            yield Place(Box(x - GAP - width, middle - height / 2, x - GAP, middle + height / 2), "right")
        over = card.nodes[card.tracks[wish.track].source]
        clear = (over.bottom - over.top) / 2 + height * 0.6
        for middle in (y - clear, y + clear) if card.name else ():  # between two rows of nodes
            yield Place(Box(x - width / 2, middle - height / 2, x + width / 2, middle + height / 2), "center")


def _chip(card: Plan, wish: Wish, box: Box) -> Box:
    """What the words take up with the frame that they may have."""
    if wish.weight != NEXT and not card.tracks[wish.track].is_deviating:
        return box
    pad, high = (7.0, 3.5) if wish.weight == NEXT else (5.0, 4.0)
    return Box(box.left - pad, box.top - high, box.right + pad, box.bottom + high)


def _is_free(card: Plan, box: Box, taken: tuple[Box, ...]) -> bool:
    """Do the words lie on the card, and on nothing but the ground and edges?"""
    if box.left < 0 or box.top < 0 or box.right > card.size[0] or box.bottom > card.size[1]:
        return False
    ink = Box(box.left - 2, box.top + 2, box.right + 2, box.bottom - 1)
    return not any(ink.touches(node) for node in card.nodes.values()) and not any(
        ink.touches(other, 1.0) for other in taken
    )


def _crosses(card: Plan, mine: str, box: Box, ways: tuple[str, ...]) -> bool:
    """Do the words lie on an edge that is not their own?"""
    trunk = card.tracks[mine].points[-2:]
    for name in ways:
        track = card.tracks[name]
        if name != mine and track.points[-2:] != trunk and runs_through(track, box):
            return True
    return False


# --- marks ---


def _draw(label: Spoken, scene: Scene) -> Iterable[Mark]:
    """The chip and its lines."""
    wish, track, use = label.wish, label.track, label.use
    box = label.place.box
    identity = f"edge:{track.id}"
    plain = Ink("ink") if track.is_deviating else None
    outline = plain if use.next_of is None else host_ink(use.next_of)
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    ground = "surface2" if any(each.contains(*middle) for each, _, _ in scene.card.groups) else "surface"
    tint = Ink(ground, 0.91) if use.next_of is None else host_tint(use.next_of)
    pad = 4.0 if use.next_of is None else 6.0
    wide, high = box.right - box.left, box.bottom - box.top
    yield Rect(box.left - pad, box.top - pad / 3, wide + 2 * pad, high + pad / 1.5, 5, tint, outline, 1.6, id=identity)
    x, anchor = _anchor(label.place)
    first = box.top + wish.step * 0.76
    pale = bool(scene.aspect.coverage) and track.id not in scene.aspect.crossed
    ink = _ink(track, use, scene.aspect)
    yield Text(x, first, wish.event, ink, wish.big, 600, "ui", anchor, id=identity)
    if wish.action:
        ink = Ink("ink3") if pale else Ink("ink2")
        yield Text(x, first + wish.step, wish.action, ink, wish.small, 400, "ui", anchor, id=identity)


def _ink(track: Track, use: Use, aspect: Aspect) -> Ink:
    """The ink of the host that took the edge, or will next; of both: neutral."""
    if aspect.coverage:
        return Ink("ink") if track.id in aspect.crossed else Ink("ink3")
    if len(use.takers) > 1:
        return Ink("ink")
    if use.takers or use.next_of is not None:
        return host_ink((*use.takers, use.next_of)[0] or 0)
    if track.is_deviating:
        return Ink("ink")
    return Ink("err") if track.is_reset and not (track.is_permanent or track.is_gone) else Ink("ink2")


def _anchor(place: Place) -> tuple[float, Anchor]:
    """Where a label's lines are set from."""
    if place.align == "right":
        return place.box.right, "end"
    return ((place.box.left + place.box.right) / 2, "middle") if place.align == "center" else (place.box.left, "start")
