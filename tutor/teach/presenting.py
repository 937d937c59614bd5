"""A presentation as one value: which stop, what the room sees of it, and where the time is. ``update`` makes the next.

Rules
-----
* Pure: no Qt, no clock. Seconds come inside ``Pass``, where the pointer is inside ``PointAt``.
* Places are shares of what they lie on (0 to 1), so that they hold on any display: of the audience's window for the
  pointer, of a picture for a zoom or a stroke.
* A stroke belongs to the moment on which it was drawn, a stop and a playhead: it is seen there and nowhere else. While
  the room's window is frozen that is the moment that it shows.
* Nothing here is a learner's: whoever presents is asked nothing and remembers nothing.

Theory
------
One key leads on (``Next``): out of a situation back to where it was left; at a question that hides its answer to the
answer, and where the room has voted from there to the run that refutes what most chose in error; else to the next stop.
So the whole lecture can be walked through with a clicker that has two buttons.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tutor.teach.show import Stop
from tutor.teach.show_deeds import (
    Back,
    Blank,
    Clean,
    Deed,
    Draw,
    Follow,
    Freeze,
    GoTo,
    Hide,
    Lay,
    Lift,
    Moved,
    Next,
    Pass,
    Place,
    PointAt,
    Restart,
    Reveal,
    Situate,
    Stray,
    Take,
    Vote,
    Wipe,
    ZoomAt,
)
from tutor.teach.votes import Votes, most_chosen_wrong

Moment = tuple[int, int]
"""A stop, or a situation as -1 minus its key, and a playhead (microseconds)."""

BOTH, DIAGRAM, LADDER = "both", "diagram", "ladder"
LAYOUTS = (BOTH, DIAGRAM, LADDER)
BLACK, WHITE = "black", "white"
SPOT, LASER, PEN = "spot", "laser", "pen"
TOOLS = (SPOT, LASER, PEN)
"""What the pointer does on the audience's window; "" for nothing."""

ZOOM = 2.0
"""What is under the pointer becomes so many times larger."""
TRAIL_SECONDS = 0.6
"""For how long one sees where the laser was."""
QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Zoom:
    """A picture (``diagram`` or ``ladder``) is ``factor`` times as large about a place on it."""

    where: str
    at: Place
    factor: float = ZOOM


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line that was drawn on a picture (``diagram``, ``ladder`` or ``""``, the window) at a moment."""

    where: str
    points: tuple[Place, ...]
    at: int
    playhead: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the laser was, and when (seconds of the presentation)."""

    at: Place
    when: float


@dataclass(frozen=True, slots=True)
class Presenting:
    """The whole state of a presentation, but for the run itself.

    ``at``: the stop. ``playhead``: the moment of the run that the console shows (microseconds). ``situation``: the key
    of the prepared situation that is on screen, None for the lecture. ``blank``: "", ``black`` or ``white``.
    ``elapsed`` and ``spent`` (one a stop) are seconds. ``revealed``: the stops whose answer was shown. ``votes``: those
    of the question on screen, where the room votes.
    """

    stops: tuple[Stop, ...]
    at: int = 0
    playhead: int = 0
    situation: int | None = None
    layout: str = BOTH
    frozen: Moment | None = None
    """The moment that the room goes on seeing; None: it sees what the console shows."""
    blank: str = ""
    zoom: Zoom | None = None
    is_following: bool = False
    tool: str = ""
    pointer: Place | None = None
    trail: tuple[Spot, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    is_drawing: bool = False
    elapsed: float = 0.0
    spent: tuple[float, ...] = field(default=(), repr=False)
    revealed: frozenset[int] = frozenset()
    is_over: bool = False
    """Was there a press after the last stop?"""
    votes: Votes | None = None
    plays: tuple[bool, ...] = ()
    """Which options of the question on screen have a run that shows why."""
    why: int | None = None
    """The option whose run is on screen after the answer; None: none."""

    @property
    def is_frozen(self) -> bool:
        """Does the room see what it saw, whatever the lecturer does?"""
        return self.frozen is not None

    @property
    def moment(self) -> Moment:
        """What the room sees: the stop (a situation's are below 0) and the playhead."""
        if self.frozen is not None:
            return self.frozen
        return (self.at if self.situation is None else -1 - self.situation), self.playhead

    @property
    def stop(self) -> Stop:
        """The stop on screen, or the one that a situation interrupts."""
        return self.stops[self.at]

    @property
    def following(self) -> Stop | None:
        """The stop after this one."""
        return self.stops[self.at + 1] if self.at + 1 < len(self.stops) else None

    @property
    def is_asking(self) -> bool:
        """Does the stop on screen hide its answer still?"""
        return self.situation is None and self.stop.kind == QUESTION and self.at not in self.revealed

    @property
    def refutable(self) -> int | None:
        """The option that most chose in error, once the answer is shown and where its run refutes it; else None."""
        is_answered = self.situation is None and self.stop.kind == QUESTION and self.at in self.revealed
        wrong = most_chosen_wrong(self.votes) if is_answered and self.votes is not None else None
        return wrong if wrong is not None and wrong < len(self.plays) and self.plays[wrong] else None

    @property
    def untold(self) -> int | None:
        """The next option whose run belongs to the answer, where nobody votes: one a press; None: no more."""
        is_answered = self.situation is None and self.stop.kind == QUESTION and self.at in self.revealed
        if not is_answered or self.votes is not None:
            return None
        first = 0 if self.why is None else self.why + 1
        return next((place for place in range(first, len(self.plays)) if self.plays[place]), None)

    @property
    def shown_strokes(self) -> tuple[Stroke, ...]:
        """The strokes of this moment."""
        return tuple(stroke for stroke in self.strokes if (stroke.at, stroke.playhead) == self.moment)


def begin(stops: tuple[Stop, ...], at: int = 0) -> Presenting:
    """The presentation of these stops (at least one), at one of them."""
    assert stops, "there is something to present"
    return Presenting(stops, max(0, min(at, len(stops) - 1)), spent=(0.0,) * len(stops))


def update(here: Presenting, deed: Deed) -> Presenting:
    """The presentation after ``deed``; ``here`` itself where nothing changes."""
    for part in (_walk, _show, _point, _time):
        after = part(here, deed)
        if after is not None:
            return after
    raise AssertionError(f"no part of update knows {deed!r}")


def _walk(here: Presenting, deed: Deed) -> Presenting | None:
    match deed:
        case Next():
            return _next(here)
        case Back():
            if here.situation is not None:
                return _arrived(here, here.at)
            if here.why is not None:
                return replace(here, why=None, blank="")
            return replace(here, is_over=False, blank="") if here.is_over else _arrived(here, here.at - 1)
        case GoTo(at=at):
            return _arrived(here, at)
        case Stray(at=at):
            return here if at == here.at else replace(here, at=at, is_over=False)
        case Reveal():
            return replace(here, revealed=here.revealed | {here.at}) if here.is_asking else here
        case Hide(at=at):
            return replace(here, revealed=here.revealed - {at})
        case Situate(key=key):
            return replace(here, situation=key, blank="", zoom=None, is_over=False)
        case Clean():
            cleaned = replace(here, revealed=frozenset(), strokes=(), is_drawing=False, votes=None, plays=(), why=None)
            return update(cleaned, Restart())
        case _:
            return None


def _next(here: Presenting) -> Presenting:
    if here.situation is not None:
        return _arrived(here, here.at)
    if here.blank:
        here = replace(here, blank="")
    if here.is_asking:
        return update(here, Reveal())
    if here.why is None and here.refutable is not None:
        return replace(here, why=here.refutable, zoom=None)
    if here.untold is not None:
        return replace(here, why=here.untold, zoom=None)
    return _arrived(here, here.at + 1) if here.following is not None else replace(here, is_over=True)


def _arrived(here: Presenting, at: int) -> Presenting:
    """At a stop: nothing of the one before is left on the screen."""
    at = max(0, min(at, len(here.stops) - 1))
    here = replace(here, at=at, situation=None, blank="", zoom=None, is_drawing=False, is_over=False)
    return replace(here, votes=None, plays=(), why=None)


def _show(here: Presenting, deed: Deed) -> Presenting | None:
    match deed:
        case Lay(layout=layout):
            return replace(here, layout=layout, zoom=None) if layout != here.layout else here
        case Freeze():
            return replace(here, frozen=None if here.is_frozen else here.moment, is_drawing=False)
        case Blank(colour=colour):
            return replace(here, blank="" if here.blank == colour else colour)
        case ZoomAt(where=where, at=at):
            return replace(here, zoom=None if here.zoom is not None else Zoom(where, at), is_following=False)
        case Follow():
            return replace(here, is_following=not here.is_following, zoom=None)
        case Vote(votes=votes, plays=plays):
            return replace(here, votes=votes, plays=plays)
        case _:
            return None


def _point(here: Presenting, deed: Deed) -> Presenting | None:
    match deed:
        case Take(tool=tool):
            return replace(here, tool="" if here.tool == tool else tool, trail=(), is_drawing=False)
        case PointAt(at=at):
            return _pointed(here, at)
        case Draw():
            return _drawn(here, deed)
        case Lift():
            return replace(here, is_drawing=False) if here.is_drawing else here
        case Wipe():
            kept = tuple(stroke for stroke in here.strokes if stroke not in here.shown_strokes)
            return replace(here, strokes=kept, is_drawing=False)
        case _:
            return None


def _pointed(here: Presenting, at: Place | None) -> Presenting:
    if at == here.pointer:
        return here
    trail = here.trail
    if here.tool == LASER and at is not None:
        trail = (*_fresh(trail, here.elapsed), Spot(at, here.elapsed))
    return replace(here, pointer=at, trail=trail)


def _fresh(trail: tuple[Spot, ...], now: float) -> tuple[Spot, ...]:
    return tuple(spot for spot in trail if now - spot.when < TRAIL_SECONDS)


def _drawn(here: Presenting, deed: Draw) -> Presenting:
    moment = here.moment
    if deed.is_new:
        stroke = Stroke(deed.where, (deed.at,), *moment)
        return replace(here, strokes=(*here.strokes, stroke), is_drawing=True)
    last = here.strokes[-1] if here.strokes else None
    if not here.is_drawing or last is None or last.where != deed.where or (last.at, last.playhead) != moment:
        return here
    longer = replace(last, points=(*last.points, deed.at))
    return replace(here, strokes=(*here.strokes[:-1], longer))


def _time(here: Presenting, deed: Deed) -> Presenting | None:
    match deed:
        case Moved(playhead=playhead):
            is_drawing = here.is_drawing and here.is_frozen
            return here if playhead == here.playhead else replace(here, playhead=playhead, is_drawing=is_drawing)
        case Pass(seconds=seconds):
            elapsed = here.elapsed + seconds
            spent = tuple(each + seconds * (place == here.at) for place, each in enumerate(here.spent))
            return replace(here, elapsed=elapsed, spent=spent, trail=_fresh(here.trail, elapsed))
        case Restart():
            return replace(here, elapsed=0.0, spent=(0.0,) * len(here.stops), trail=())
        case _:
            return None


# --- the pace ---


def planned(here: Presenting) -> float:
    """Seconds that the whole presentation is meant to take."""
    return sum(stop.seconds for stop in here.stops)


def lead(here: Presenting) -> float:
    """Seconds that the lecturer is ahead of the plan; behind it, if negative.

    A stop is on time for as long as the plan gives it.
    """
    before = sum(stop.seconds for stop in here.stops[: here.at])
    during = here.stop.seconds
    if here.elapsed < before:
        return before - here.elapsed
    return min(0.0, before + during - here.elapsed)
