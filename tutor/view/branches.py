"""The tree of futures: a row a branch, from where it left to its end, with the act that made it.

Rules
-----
* Time runs to the right, one scale for all. A branch hangs on its parent at the moment of the fork.
* The branch on screen is drawn strong and has a bar in the controls' colour; the others are ghosts, dashed. One that is
  compared has a hollow bar.
* With a ``horizon`` no row and no stroke goes beyond it; a row with an open bet of its own ends there.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tutor.joining import chained
from tutor.view.byhand import capitalised, deed
from tutor.view.marks import Ellipse, Ink, Layer, Line, Mark, Path, Picture, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.theme import Look
from tutor.words import Words, mark
from tutor.world.acts import Act
from tutor.world.tempo import Tempo
from tutor.world.time import format_duration
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace

ROW, TEXT, EDGE = 30.0, 14.0, 14.0
"""Px of a row, of its text, and of the margins, at normal text size."""
LEAST = 12.0
"""No label is smaller (px)."""
LABELS = 0.42
"""The share of the width that labels take at most."""


ROAD, FIRST_RUN = mark("The lesson's road"), mark("The first run")
"""What the road is called: in a lesson, and where nothing is taught."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What of a timeline is shown: branches in order, and which of them are the road, on screen, compared."""

    timeline: Timeline
    rows: tuple[int, ...]
    road: int
    here: int
    beside: int | None = None
    shown_as: int | None = None
    """What a click on the row ``here`` leads to; itself unless given."""
    known: Mapping[int, int] = field(default_factory=dict)
    """How far a branch may be known (microseconds), where that is not to its end."""
    road_name: str = ROAD
    """What the road is called (English)."""
    by_hand: tuple[tuple[Act, Trace], ...] = ()
    """What hands have done on the road itself, and on which run: then that is what it is called."""


def branches(tree: Tree, time: int, size: tuple[float, float], look: Look, *, horizon: int | None = None) -> Picture:
    """The tree at ``time`` (microseconds). Taller than ``size`` if there are many branches."""
    width, height = size
    row = ROW * look.text_scale
    names = {branch: label(tree, branch, look) for branch in tree.rows}
    wish = max(text_width(name, "ui", _text_px(look), 600) for name in names.values())
    left = EDGE + min(wish, LABELS * width) + 2 * EDGE
    end = max(horizon, 1) if horizon is not None else max(_end(tree, branch) for branch in tree.rows)
    tempo = _tempo(tuple((tree.timeline.branch(branch).trace, _end(tree, branch)) for branch in tree.rows), max(end, 1))
    place = _Place(left, max(1.0, width - left - EDGE), tempo, row)
    marks: list[Mark] = []
    titles: list[tuple[str, str]] = []
    for number, branch in enumerate(tree.rows):
        marks += _row(tree, branch, number, place, end, look, names[branch])
        titles.append((_id(tree, branch), _title(tree, branch, names[branch], look)))
    now = place.x(min(time, end))
    marks.append(Line(now, 4, now, len(tree.rows) * row + 8, Ink("now"), 2))
    tall = max(height, len(tree.rows) * row + 16)
    return Picture(width, tall, (Layer("moving", None, tuple(marks)),), tuple(titles))


@dataclass(frozen=True, slots=True)
class _Place:
    left: float
    room: float
    tempo: Tempo
    row: float

    def x(self, time: int) -> float:
        return self.left + self.room * self.tempo.to_wall(time) / max(self.tempo.length, 1.0)

    def y(self, number: int) -> float:
        return 8 + (number + 0.5) * self.row


@lru_cache(maxsize=8)
def _tempo(known: tuple[tuple[Trace, int], ...], end: int) -> Tempo:
    return Tempo.across(tuple(own_tempo(trace, min(end, until)) for trace, until in known), end)


def own_tempo(trace: Trace, end: int, unfolded: frozenset[str] = frozenset()) -> Tempo:
    """The tempo of one of several futures, as far as it goes; remembered, since a touch adds one and changes none."""
    return _own_tempo(trace, max(1, min(end, trace.end)), unfolded)


@lru_cache(maxsize=128)
def _own_tempo(trace: Trace, end: int, unfolded: frozenset[str]) -> Tempo:
    return Tempo.of(trace, end, unfolded)


def _end(tree: Tree, branch: int) -> int:
    """Where a row ends: with its run, or where an open bet hides the rest."""
    return min(tree.timeline.branch(branch).trace.end, tree.known.get(branch, sys.maxsize))


def _id(tree: Tree, branch: int) -> str:
    aim = tree.shown_as if branch == tree.here and tree.shown_as is not None else branch
    return f"branch:{aim}"


def label(tree: Tree, branch: int, look: Look) -> str:
    """What made the branch: the acts, or what it is called."""
    made, words = tree.timeline.branch(branch), look.words
    done = [(act, made.trace) for act in made.acts]
    if branch == tree.road and tree.shown_as is None:
        if not tree.by_hand:
            return words.t(tree.road_name)
        done = [*tree.by_hand]
    if not isinstance(words, Words) or not done:
        return words.t("The run left alone")
    return chained((capitalised(deed(act, words, trace, is_brief=True)) for act, trace in done), words)


def _title(tree: Tree, branch: int, name: str, look: Look) -> str:
    t = look.words.t
    at = tree.timeline.branch(branch).at
    said = name if branch == 0 else t("{acts}, at {time}", acts=name, time=format_duration(at))
    if branch == tree.here:
        return t("{branch} (on screen)", branch=said)
    return t("{branch} (beside it)", branch=said) if branch == tree.beside else said


def _text_px(look: Look) -> float:
    """How large a label is (px)."""
    return max(LEAST, TEXT * look.text_scale)


def _row(tree: Tree, branch: int, number: int, place: _Place, end: int, look: Look, name: str) -> list[Mark]:
    """One row: its ground, its label, the stroke from the fork to its end."""
    is_here, identity, y = branch == tree.here, _id(tree, branch), place.y(number)
    size = _text_px(look)
    made = tree.timeline.branch(branch)
    ink = Ink("ink") if is_here else Ink("ink3")
    ground = Rect(
        4, y - place.row / 2 + 1, place.left + place.room + EDGE - 8, place.row - 2, 6,
        Ink("surface2") if is_here else Ink("surface", 0.0), id=identity,
    )  # fmt: skip
    marks: list[Mark] = [ground]
    if is_here or branch == tree.beside:
        fill = Ink("accent") if is_here else None
        marks.append(Rect(5, y - place.row / 2 + 4, 4, place.row - 8, 2, fill, Ink("accent"), 1.4, id=identity))
    room = place.left - 2.6 * EDGE
    text = shortened(name, room, "ui", size, 600 if is_here else 400)
    marks.append(Text(EDGE, y + size * 0.36, text, Ink("ink" if is_here else "ink2"), size, 600 if is_here else 400))
    start, stop = place.x(min(made.at, end)), place.x(min(end, _end(tree, branch)))
    if made.parent in tree.rows:
        top = place.y(tree.rows.index(made.parent))
        bend = min(8.0, y - top)
        marks.append(
            Path((("M", (start, top)), ("L", (start, y - bend)), ("C", (start, y, start, y, start + bend, y))), ink, 2)
        )
        marks.append(Ellipse(start, top, 3.4, 3.4, Ink("surface"), Ink("ink2"), 1.6))
    dash = () if is_here else (2.6, 1.6)
    marks.append(Line(start, y, max(stop, start + 2), y, ink, 4 if is_here else 2, dash, id=identity))
    marks.append(Ellipse(stop, y, 4, 4, ink if is_here else Ink("surface"), ink, 1.6, id=identity))
    return marks
