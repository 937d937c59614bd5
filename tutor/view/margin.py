"""The margin of the ladder: ticks of time, folded silences, timers, and the cursor.

Rules
-----
* A tick's step is the smallest round one that leaves room; folded silences have none.
* A timer that ran out is a dashed red arrow beside its lifeline; one that runs shows what is left of it, if it
  ends before the horizon.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tutor.joining import named
from tutor.view.arrows import Stroke, arrow
from tutor.view.lens import PLAIN, Lens
from tutor.view.marks import Box, Ink, Line, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import BAR, Page
from tutor.view.panels import is_known
from tutor.view.story import Run, Story
from tutor.view.theme import Look, host_ink
from tutor.words import mark
from tutor.world.tempo import Fold

STEPS = tuple(base * 10**power for power in range(10) for base in (1, 2, 5))
"""Round steps in microseconds."""
ROOM = 34.0
"""Least px between two ticks, in text of the usual size."""
MOST_TICKS = 60
PILL = 20.0
"""Px above and below the cursor that its time needs for itself, in text of the usual size."""
TICK = 14.0
"""Px of a time in the gutter, likewise."""


# --- time ---


def ticks(page: Page, time: int) -> Iterator[Mark]:
    """Times in the gutter, with a pale line across; none under the cursor's own time."""
    now, room = page.y(time), ROOM * page.grown
    drawn: list[float] = []
    if not page.tempo.is_even:
        yield from _moments(page, now)
        return
    for start, stop in open_spans(page):
        span = page.y(stop) - page.y(start)
        if span <= 0:
            continue
        step = next((step for step in STEPS if step * span / (stop - start) >= room), None)
        if step is None or (stop - start) // step > MOST_TICKS * 4:
            continue
        moment = -(-start // step) * step
        while moment <= stop:
            y = page.y(moment)
            if page.top - 1 <= y <= page.bottom and all(abs(y - other) >= room * 0.8 for other in drawn[-3:]):
                drawn.append(y)
                yield from _tick(page, y, now, seconds(moment, step))
            moment += step


def _moments(page: Page, now: float) -> Iterator[Mark]:
    """Where time is drawn to no one scale: a tick at each moment of the run, as far as there is room."""
    room = ROOM * page.grown
    last, first = -room, bisect_left(page.tempo.times, page.first)
    for moment in page.tempo.times[first:]:
        y = page.y(moment)
        if y > page.bottom or moment > page.end:
            return
        if y >= page.top - 1 and y - last >= room * 0.8:
            last = y
            yield from _tick(page, y, now, seconds(moment, 1000))


def _tick(page: Page, y: float, now: float, words: str) -> Iterator[Mark]:
    yield Line(page.gutter + 4, y, page.width - 10, y, Ink("grid"), 1)
    if page.gutter and abs(y - now) >= PILL * page.grown:
        size = TICK * page.grown
        size = max(page.least, min(size, size * (page.gutter - 7) / text_width(words, "ui", size)))
        yield Text(page.gutter - 6, y + size * 0.36, words, Ink("ink3"), size, 400, "ui", "end")


def open_spans(page: Page) -> Iterator[tuple[int, int]]:
    """The stretches of time on the page that are not folded."""
    start = page.first
    for fold in shown_folds(page):
        if start < fold.start:
            yield start, fold.start
        start = max(start, fold.stop)
    if start < page.last:
        yield start, page.last


def shown_folds(page: Page) -> Iterator[Fold]:
    """The silences that are shown short on the page, in order."""
    every = page.tempo.folds
    for place in range(bisect_right(every, page.first, key=lambda fold: fold.stop), len(every)):
        if every[place].start > page.last:
            return
        if page.tempo.is_folded(every[place]):
            yield every[place]


def seconds(moment: int, step: int) -> str:
    """A moment in seconds, with as many digits as the step needs."""
    if moment == 0:
        return "0 s"
    digits = 6
    while digits > 1 and step % 10 ** (7 - digits) == 0:
        digits -= 1
    return f"{moment / 1_000_000:.{digits}f}"


def cursor_line(page: Page, time: int) -> Iterator[Mark]:
    """The line of now: chips lie on it, not under it."""
    yield Line(page.gutter - 4, page.y(time), page.width - 6, page.y(time), Ink("now"), 2.4, id="cursor")


def cursor(page: Page, time: int) -> Iterator[Mark]:
    """The time of now, in a pill in the gutter, if there is one."""
    if not page.gutter:
        return
    y = page.y(time)
    words = f"{time / 1_000_000:.3f}"
    size, tall = TICK * page.grown, 24 * page.grown
    if text_width(words, "ui", size, 700) >= page.gutter - 6:
        size = max(page.least, size - 2)
    wide = max(page.gutter - 2, text_width(words, "ui", size, 700) + 10)
    yield Rect(1, y - tall / 2, wide, tall, 7, Ink("now"), id="cursor")
    yield Text(1 + wide / 2, y + size * 0.36, words, Ink("surface"), size, 700, "ui", "middle", id="cursor")


# --- silences ---


def folds(page: Page, look: Look) -> Iterator[Mark]:
    """Hatched bands with the true length of what was folded, where they are in sight; never half a line of words."""
    for fold in shown_folds(page):
        top, bottom = page.y(fold.start), page.y(fold.stop)
        if fold.stop > page.end:
            continue
        height = min(30.0 * page.grown, max(18.0, bottom - top - 12))
        least, most = page.top - 12 + height / 2, page.height - height / 2
        middle = min(max((top + bottom) / 2, least), most)
        is_whole = top - 6 <= middle - height / 2 and middle + height / 2 <= bottom + 6
        if not is_whole:
            middle = (top + bottom) / 2
        yield from _band(page, fold, middle, height)
        if is_whole:
            yield from _length(page, fold, middle, height, look)


def _band(page: Page, fold: Fold, middle: float, height: float) -> Iterator[Mark]:
    box = (page.gutter + 2, middle - height / 2, page.width - page.gutter - 12, height)
    yield Rect(*box, 4, Ink("surface2"), id=fold.id)
    for x in range(int(box[0]), int(box[0] + box[2]) - int(height), 14):
        yield Line(x, box[1] + height, x + height, box[1], Ink("grid"), 1.2)
    for y in (box[1], box[1] + height):
        yield Line(box[0], y, box[0] + box[2], y, Ink("border"), 1.2, (3, 3))


def _length(page: Page, fold: Fold, middle: float, height: float, look: Look) -> Iterator[Mark]:
    words = look.words.t("… {span} skipped …", span=fold_span(fold))
    size = max(page.least, min(TICK * max(page.grown, min(1.3, look.text_scale)), height / 1.5))
    if text_width(words, "ui", size, 400) > _between(page):
        words = fold_span(fold)
    wide = text_width(words, "ui", size, 400) + 16
    centre = (page.left + page.right) / 2
    yield Rect(centre - wide / 2, middle - size * 0.75, wide, size * 1.5, 4, Ink("surface2"), id=fold.id)
    yield Text(centre, middle + size * 0.36, words, Ink("ink2"), size, 400, "ui", "middle", id=fold.id)


def _between(page: Page) -> float:
    """Px between the lifelines for words that should touch neither."""
    return page.right - page.left - BAR - 16


def fold_span(fold: Fold) -> str:
    """How long it truly was."""
    seconds_long = fold.length / 1_000_000
    return f"{seconds_long:.2f} s" if seconds_long < 10 else f"{seconds_long:.1f} s"


# --- timers ---


def timers(
    told: Story, page: Page, time: int, horizon: int | None, look: Look, taken: list[Box], lens: Lens = PLAIN
) -> Iterator[Mark]:
    """What ran out, and what runs now. Labels keep clear of the boxes in ``taken``, and are added to them."""
    lanes: dict[int, float] = {}
    for run in told.runs_between(page.first, page.last):
        if page.y(run.stop) < page.top or not told.is_in_focus(run.connection, run.start, lens.focus):
            continue
        if run.start <= time < run.stop:
            yield from _running(page, run, left_of(run, time, horizon), time, look, taken)
        elif run.fired and (run.stop <= time or (horizon is None and run.start <= time)):
            lane = 16.0 if page.y(run.start) > lanes.get(run.host, -1e9) else 30.0
            lanes[run.host] = page.y(run.stop)
            yield from _expired(page, run, lane, look, taken)


def _beside(page: Page, host: int, lane: float) -> float:
    """Inside of the lifeline, towards the middle."""
    return page.x(host) + (lane if host == 0 else -lane)


def left_of(run: Run, time: int, horizon: int | None) -> int | None:
    """What is left of a timer that runs (microseconds); None if that may not be told."""
    return max(0, run.deadline - time) if is_known(run.deadline, horizon) else None


NAMES = {
    "retransmission": "RTO",
    "loss-probe": mark("loss probe"),
    "reordering": mark("reordering wait"),
    "persist": mark("probe timer"),
    "time-wait": "2 MSL",
    "fin-wait-2": "FIN-WAIT-2",
}
"""Timer -> its name beside a lifeline: shorter than in a sentence."""


class Label(NamedTuple):
    """What stands beside a timer's line: its name with the time; where there is less room, the time alone."""

    whole: str
    span: str


def timer_label(run: Run, look: Look, span: int | None, *, is_running: bool) -> Label:
    """Which timer it is, and how long it ran, or what is left of it; None: nobody may know, and its name is all."""
    t = look.words.t
    if span is None:
        return Label(t(NAMES[run.timer]), t(NAMES[run.timer]))
    text = f"{span / 1_000_000:.2f}".rstrip("0").rstrip(".") + " s"
    if is_running:
        text = t("{span} left", span=text)
    return Label(named(t(NAMES[run.timer]), text, look.words), text)


def _expired(page: Page, run: Run, lane: float, look: Look, taken: list[Box]) -> Iterator[Mark]:
    x, top, bottom = _beside(page, run.host, lane), page.y(run.start) + 4, page.y(run.stop)
    is_end = run.timer in ("time-wait", "fin-wait-2")
    ink = host_ink(run.host) if is_end else Ink("err")
    stroke = Stroke(ink, 2.2, (3.0, 2.0), 12, f"timer:{run.host}:{run.start}")
    yield from arrow((("M", (x, top)), ("L", (x, bottom))), stroke)
    label = timer_label(run, look, run.stop - run.start, is_running=False)
    yield from _words(page, run, (x, max(top + 20, page.top + 24), bottom), label, ink.role, taken)


def _running(page: Page, run: Run, left: int | None, time: int, look: Look, taken: list[Box]) -> Iterator[Mark]:
    x, top, now = _beside(page, run.host, 16.0), max(page.top, page.y(run.start) + 4), page.y(time)
    if now - top < 16:
        return
    yield Line(x, top, x, now - 3, host_ink(run.host, 0.8), 2, (2.0, 2.0), id=f"timer:{run.host}:{run.start}")
    label = timer_label(run, look, left, is_running=True)
    yield from _words(page, run, (x, top + 14, now - 6), label, host_ink(run.host).role, taken)


def _words(
    page: Page, run: Run, place: tuple[float, float, float], label: Label, role: str, taken: list[Box]
) -> Iterator[Mark]:
    """A timer's label on an opaque ground on the inner side of its line, as high as there is room; else none."""
    x, y, bottom = place
    size = max(page.least, page.text * 0.84)
    is_whole = text_width(label.whole, "ui", size, 600) + abs(x - page.x(run.host)) <= _between(page)
    words = label.whole if is_whole else label.span
    wide = text_width(words, "ui", size, 600)
    left = x + 7 if run.host == 0 else x - 7 - wide
    box = Box(left - 3, y - size * 0.8, left + wide + 3, y + size * 0.7)
    while (hit := next((other for other in taken if box.touches(other, 2)), None)) is not None:
        shift = hit.bottom + 2.01 - box.top
        box = Box(box.left, box.top + shift, box.right, box.bottom + shift)
    if box.bottom > max(bottom, y + size):
        return
    taken.append(box)
    yield Rect(box.left, box.top, wide + 6, size * 1.5, 4, Ink("surface", 0.9))
    yield Text(left, box.top + size * 1.1, words, Ink(role), size, 600)
