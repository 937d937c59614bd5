"""Rungs: the segments between the lifelines.

Rules
-----
* Colour and dash are the sender's. Red stands beside a word or a ✕: lost, repeated, corrupted.
* A segment in flight is drawn to where it is; how it will end shows when it has ended.
* A forged one begins in the open with a diamond: no socket of that host sent it. A corrupted one ends jagged before a
  cross at the door; of two copies the later has a second stroke at its side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tutor.view.arrows import Stroke, arrow
from tutor.view.lens import PLAIN, Lens
from tutor.view.marks import Command, Ellipse, Ink, Line, Mark, Polyline
from tutor.view.page import BAR, Page
from tutor.view.story import Story
from tutor.view.theme import Look, host_dash, host_ink
from tutor.world.index import Row

CROWD = 80
"""With more segments on a page a chip that has no room where it belongs is left out at once."""
SEVERAL, FEW = 3, 6
"""Of more lines that lie close together each is thinner, of still more each is thin."""
DIES = 0.58
"""Where on its way a lost segment ends."""


class Rung(NamedTuple):
    """One copy of a segment on the page: from (x1, y1) to (x2, y2), of its whole way (dx, dy).

    ``phase``: past, flying, lost, future or ghost; a future that is lost is ``future-lost``. ``tone``: "" drawn in
    full, "pale" of another connection than the one in focus, "faint" not let through by the filter. It is the ``nth``
    of ``of`` whose lines would lie on one another (see ``fan``); ``is_close``: another line runs close by.
    """

    row: Row
    x1: float
    y1: float
    x2: float
    y2: float
    dx: float
    dy: float
    phase: str
    is_extra: bool
    tone: str = ""
    nth: int = 0
    of: int = 1
    is_close: bool = False

    @property
    def id(self) -> str:
        """Its mark: of the future that was left ``ghost:3``, else ``flight:3``."""
        return f"{'ghost' if self.phase == 'ghost' else 'flight'}:{self.row.number}"

    @property
    def host(self) -> int:
        """The sender's place."""
        return self.row.sender


def visible(
    told: Story,
    page: Page,
    time: int,
    horizon: int | None,
    *,
    places: Iterable[int],
    nominal: int | None = None,
    lens: Lens = PLAIN,
) -> list[Rung]:
    """The rungs of the segments at ``places``, as far as they are on the page.

    ``nominal``: with a horizon, how long a flight usually takes; how long this one takes is not known yet.
    """
    rungs: list[Rung] = []
    for place in places:
        row = told.index.row(place, horizon)
        tone = lens.tone(told, row, horizon)
        rungs += _rungs(page, row, time, nominal, tone)
    if nominal is not None:
        rungs = [rung for rung in rungs if not (rung.is_extra and rung.phase == "flying")]
    ends = ((rung, (rung.x1, rung.x2) if page.is_across else (rung.y1, rung.y2)) for rung in rungs)
    return [rung for rung, (start, stop) in ends if stop >= page.top and start <= page.bottom]


def _rungs(page: Page, row: Row, time: int, nominal: int | None, tone: str) -> Iterator[Rung]:
    """One rung a copy; a lost segment has one that ends on its way."""
    start, stop = page.x(row.sender), page.x(row.receiver)
    inward = BAR / 2 if stop > start else -BAR / 2
    ends = (start + inward, stop - inward)
    for place, arrival in enumerate(row.copies or (None,)):
        if nominal is not None and row.sent_at > time and (arrival or row.dies_at or 0) > page.end:
            continue  # it will still be under way when the known part ends: nobody knows how it goes
        yield _rung(page, row, ends, arrival, place > 0, time, nominal, tone)


def _rung(
    page: Page, row: Row, ends: tuple[float, float], arrival: int | None, is_extra: bool, time: int,
    nominal: int | None, tone: str,
) -> Rung:  # fmt: skip
    start, way = ends[0], ends[1] - ends[0]
    v1 = page.y(row.sent_at)
    stop = arrival if arrival is not None else row.dies_at if row.dies_at is not None else row.sent_at
    share = 1.0 if arrival is not None else DIES
    v2 = page.y(stop)
    if row.sent_at > time:
        phase = "future" if arrival is not None else "future-lost"
    elif stop > time:
        phase = "flying"
        share = min(1.0, (time - row.sent_at) / (nominal or max(1, (stop - row.sent_at) / share)))
        v2 = page.y(time)
    else:
        phase = "past" if arrival is not None else "lost"
    x1, y1 = page.spot(start, v1)
    x2, y2 = page.spot(start + way * share, v2)
    dx, dy = page.spot(page.x(row.receiver) - start, v2 - v1)
    return Rung(row, x1, y1, x2, y2, dx, dy, phase, is_extra, tone)


# --- strokes ---


OPEN = 26.0
"""Px from a lifeline to where a forged segment begins."""
THIN = {"pale": (1.8, 0.5), "faint": (1.2, 0.28)}
"""Width and opacity of what is not looked at."""


def strokes(rungs: list[Rung], look: Look, linked: frozenset[int] = frozenset()) -> Iterator[Mark]:
    """Lines and crosses. In a crowd, of those that lie on one another only one is drawn.

    ``linked``: numbers of segments that belong to what is selected elsewhere.
    """
    drawn: set[tuple[object, ...]] = set()
    is_crowded = len(rungs) > CROWD
    for rung in rungs:
        identity = rung.id
        is_bad = rung.phase == "past" and rung.row.fate == "corrupted"
        place = (rung.host, rung.phase, is_bad, rung.tone, rung.x2, rung.y1, rung.y2)
        if look.selection == identity or (rung.row.number in linked and rung.phase != "ghost"):
            yield Line(rung.x1, rung.y1, rung.x2, rung.y2, Ink("accent", 0.28), 12, cap="round")
            if rung.phase == "flying":
                yield Ellipse(rung.x2, rung.y2, 14, 14, Ink("accent", 0.28))
        elif is_crowded and place in drawn:
            continue
        drawn.add(place)
        yield from _stroke(rung, identity)


def dots(rungs: list[Rung], times: float = 1.0) -> Iterator[Mark]:
    """Where segments in flight are now, so many times as large as usual; they lie on the cursor's line."""
    for rung in rungs:
        if rung.phase == "flying":
            identity = f"flight:{rung.row.number}"
            size, alpha = (5.0, THIN[rung.tone][1]) if rung.tone else (7.5 * times, 1.0)
            yield Ellipse(rung.x2, rung.y2, size, size, host_ink(rung.host, alpha), Ink("surface"), 2, id=identity)


def _stroke(rung: Rung, identity: str) -> Iterator[Mark]:
    dash = host_dash(rung.host)
    if rung.phase == "ghost":
        yield Line(rung.x1, rung.y1, rung.x2, rung.y2, Ink("ink3", 0.6), 1.8, (1.5, 2.5), id=identity)
        return
    if rung.tone:
        yield from _thin(rung, identity)
        return
    if rung.row.is_forged:
        rung = _in_the_open(rung)
    if rung.phase.startswith("future"):
        ink, width, head = Ink("ink3", 0.55), 2.0, 10.0
    else:
        is_bad = rung.phase == "lost" or (rung.phase == "past" and rung.row.fate == "corrupted")
        ink, width, head = Ink("err") if is_bad else host_ink(rung.host), 3.0 if rung.phase == "lost" else 3.4, 15.0
    if rung.of > SEVERAL:
        width, head = (width * 0.8, 13.0) if rung.of <= FEW else (width * 0.5, 9.0)
    commands: tuple[Command, ...] = (("M", (rung.x1, rung.y1)), ("L", (rung.x2, rung.y2)))
    if rung.phase in ("flying", "lost"):
        yield Line(rung.x1, rung.y1, rung.x2, rung.y2, ink, width, dash, id=identity)
    else:
        yield from arrow(commands, Stroke(ink, width, dash, head, identity))
    yield from _extras(rung, ink, identity)


def _extras(rung: Rung, ink: Ink, identity: str) -> Iterator[Mark]:
    """What tells an odd segment from a plain one besides its colour."""
    if rung.phase in ("lost", "future-lost"):
        yield from _cross(rung.x2, rung.y2, ink, identity)
    if rung.phase == "past" and rung.row.fate == "corrupted":
        yield from _bad_end(rung, identity)
    if rung.phase == "past" and rung.is_extra:
        yield from _beside(rung, ink, identity)
    if rung.row.is_forged:
        yield from _diamond(rung, ink, identity)


def _in_the_open(rung: Rung) -> Rung:
    """The rung beginning a little away from its lifeline."""
    length = math.hypot(rung.dx, rung.dy) or 1.0
    share = min(OPEN, length * 0.2) / length
    return rung._replace(x1=rung.x1 + rung.dx * share, y1=rung.y1 + rung.dy * share)


def _diamond(rung: Rung, ink: Ink, identity: str) -> Iterator[Mark]:
    x, y, r = rung.x1, rung.y1, 8.0
    points = ((x - r, y), (x, y - r), (x + r, y), (x, y + r))
    yield Polyline(points, ink, 2.4, Ink("surface"), closed=True, id=identity)


def _thin(rung: Rung, identity: str) -> Iterator[Mark]:
    """What is not looked at keeps its place and its slope; a loss keeps its cross."""
    width, alpha = THIN[rung.tone]
    is_future = rung.phase.startswith("future")
    ink = Ink("ink3", alpha * 0.7) if is_future else host_ink(rung.host, alpha)
    yield Line(rung.x1, rung.y1, rung.x2, rung.y2, ink, width, host_dash(rung.host), id=identity)
    if rung.phase in ("lost", "future-lost"):
        yield from _cross(rung.x2, rung.y2, Ink("ink3" if is_future else "err", alpha), identity, 6.0, 2.0)


def _beside(rung: Rung, ink: Ink, identity: str) -> Iterator[Mark]:
    """A second stroke at its side: this one came twice."""
    length = math.hypot(rung.x2 - rung.x1, rung.y2 - rung.y1) or 1.0
    x, y = -(rung.y2 - rung.y1) / length * 5, (rung.x2 - rung.x1) / length * 5
    share = max(0.0, 1 - 24 / length)
    stop = (rung.x1 + (rung.x2 - rung.x1) * share, rung.y1 + (rung.y2 - rung.y1) * share)
    yield Line(rung.x1 + x, rung.y1 + y, stop[0] + x, stop[1] + y, ink._replace(alpha=0.6), 1.6, id=identity)


def _bad_end(rung: Rung, identity: str) -> Iterator[Mark]:
    """A corrupted segment arrives, and is rejected at the door: a cross before it, and a jagged last stretch."""
    length = math.hypot(rung.x2 - rung.x1, rung.y2 - rung.y1) or 1.0
    ux, uy = (rung.x2 - rung.x1) / length, (rung.y2 - rung.y1) / length
    points = []
    for step in range(7):
        way, side = length - 26 - step * 7, (0, 6, -6)[step % 3 if step not in (0, 6) else 0]
        points.append((rung.x1 + ux * way - uy * side, rung.y1 + uy * way + ux * side))
    if length > 90:
        yield Polyline(tuple(points), Ink("surface"), 7)
        yield Polyline(tuple(points), Ink("err"), 2.6, id=identity)
    yield from _cross(rung.x2 - ux * 16, rung.y2 - uy * 16, Ink("err"), identity)


def _cross(x: float, y: float, ink: Ink, identity: str, r: float = 8.5, width: float = 3.2) -> Iterator[Mark]:
    """✕, drawn: every font has another one."""
    yield Line(x - r, y - r, x + r, y + r, ink, width, cap="round", id=identity)
    yield Line(x - r, y + r, x + r, y - r, ink, width, cap="round", id=identity)
