"""Fates: what a path does with every segment, so that a run can be laid out before it is played.

Rules
-----
* A segment is sent by one move (or in the earlier incarnation), and arrives with one or more later ones, or is lost.
* Segments that are equal are told apart by their order: the first sent is the first used. Nobody can see a difference.
* What the path leaves under way arrives after its end; what has died of age by then never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor.explore.ends import Entry
from tutor.explore.model import Model
from tutor.explore.parts import Move, World

BEFORE = -1
"""The move that sent what was sent in the earlier incarnation."""


@dataclass(slots=True)
class Fate:
    """One segment: sent by the move of this number, and the moves with which copies of it arrive."""

    entry: Entry
    sent_by: int
    arrivals: list[int] = field(default_factory=list)
    is_lost: bool = False
    touched: list[int] = field(default_factory=list)
    """The moves that lose it, copy it, or hold it back."""


def fates_of(model: Model, start: World, path: Sequence[tuple[Move, World]]) -> tuple[Fate, ...]:
    """The fate of every segment of ``path``, in the order in which they are sent; the earlier incarnation's first."""
    old = {entry: Fate(entry, BEFORE) for entry in model.past.sent}
    found: list[Fate] = [*old.values()]
    prompt: list[Fate] = []
    late: list[Fate] = []
    before = start
    for place, (move, after) in enumerate(path):
        _use(model, move, place, old, prompt, late)
        for entry in _sent(model, move, before, after):
            prompt.append(Fate(entry, place))
            found.append(prompt[-1])
        before = after
    alive = [model.store.value(key)[0] for key in model.store.value(before[3])]
    for fate in late:
        if fate.entry in alive:
            alive.remove(fate.entry)
            fate.arrivals.append(len(path))
        elif not fate.arrivals and not any(each is fate for each in prompt):
            fate.is_lost = True
    for fate in prompt:
        fate.arrivals.append(len(path))
    return tuple(found)


def _use(model: Model, move: Move, place: int, old: dict[Entry, Fate], prompt: list[Fate], late: list[Fate]) -> None:
    """What ``move`` does with a segment that is under way."""
    if move.kind not in ("deliver", "lose", "duplicate", "hold", "late", "old"):
        return
    value = model.store.value(move.what)
    entry: Entry = value[0] if move.kind == "late" else value
    if move.kind == "old":
        old[entry].arrivals.append(place)
        return
    pool = late if move.kind == "late" else prompt
    fate = next(each for each in pool if each.entry == entry)
    if move.kind in ("lose", "duplicate", "hold"):
        fate.touched.append(place)
    if move.kind == "duplicate":
        late.append(fate)
        return
    pool.remove(fate)
    if move.kind == "hold":
        late.append(fate)
    elif move.kind == "lose":
        fate.is_lost = True
    else:
        fate.arrivals.append(place)


def _sent(model: Model, move: Move, before: World, after: World) -> list[Entry]:
    """What ``move`` put on the wire."""
    left = [model.store.value(key) for key in model.store.value(before[2])]
    if move.kind in ("deliver", "lose", "hold"):
        left.remove(model.store.value(move.what))
    sent = [model.store.value(key) for key in model.store.value(after[2])]
    for entry in left:
        sent.remove(entry)
    return sent
