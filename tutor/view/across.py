"""Across: the ladder with time to the right, for wide and low cards. The same marks, ids and rules as downwards.

Rules
-----
* Hosts are lines from left to right, their heads stay at the left; states stand above the first lifeline and below
  every other, ticks of time along the foot.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.states import State
from tutor.view.arrows import Stroke, arrow
from tutor.view.bands import bands, number_marks, numbers
from tutor.view.chips import chips, chips_marks
from tutor.view.heads import badge, which_marks
from tutor.view.lifelines import FUTURE, PAST, pieces, screen_state
from tutor.view.margin import STEPS, TICK, fold_span, left_of, open_spans, seconds, shown_folds, timer_label
from tutor.view.marks import Box, Group, Ink, Line, Mark, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.page import BAR, Page
from tutor.view.perches import crosses
from tutor.view.rungs import dots, strokes
from tutor.view.scene import Scene
from tutor.view.standing import host_name
from tutor.view.story import Run
from tutor.view.theme import Look, host_ink, host_tint

ROOM = 74.0
"""Least px between two ticks, in text of the usual size."""


def draw(scene: Scene) -> tuple[Mark, ...]:
    """From the ground up."""
    page, time, look = scene.page, scene.time, scene.look
    marks: list[Mark] = [*strokes(scene.ghosts, look), *_ticks(page, time), *bands(scene.bands, page, time)]
    silences = list(_folds(page, look))
    marks += (mark for _, band in silences for mark in band)
    for host in range(len(scene.told.hosts)):
        marks += _lifeline(scene, host)
    if scene.horizon is not None:
        marks += _hidden(page, len(scene.told.hosts))
    marks += strokes(scene.rungs, look, scene.lit.flights)
    counted = numbers(scene.bands, page, look)
    taken = [*(number.box for number in counted), *(box for box, _ in silences)]
    labels = chips([*scene.rungs, *scene.ghosts], page, look, taken)
    marks += _timers(scene, [*(chip.box for chip in labels), *crosses(scene.rungs)])
    marks.append(Line(page.y(time), 4, page.y(time), _foot(page), Ink("now"), 2.4, id="cursor"))
    for host in range(len(scene.told.hosts)):
        marks += _names(scene, host)
    marks += dots(scene.rungs, scene.look.emphasis)
    for number in counted:
        marks += number_marks(number, page)
    marks += chips_marks(labels, page, look)
    clipped = Group(tuple(marks), Box(page.top - 10, 0, page.width, page.height))
    return (clipped, *_cursor(page, time), *_heads(scene))


def _foot(page: Page) -> float:
    """Where the ticks' words stand."""
    return page.height - 26 * page.grown


# --- time ---


def _ticks(page: Page, time: int) -> Iterator[Mark]:
    now, room, size = page.y(time), ROOM * page.grown, TICK * page.grown
    drawn = -room
    for start, stop in open_spans(page):
        span = page.y(stop) - page.y(start)
        step = next((step for step in STEPS if step * span >= room * (stop - start)), None) if stop > start else None
        if step is None:
            continue
        first = -(-start // step) * step
        for moment in range(first, stop + 1, step)[:200]:
            x = page.y(moment)
            if page.top - 1 <= x <= page.bottom and x - drawn >= room * 0.8:
                drawn = x
                yield Line(x, 8, x, _foot(page), Ink("grid"), 1)
                if abs(x - now) >= room * 0.8:
                    words, y = seconds(moment, step), page.height - 8 * page.grown
                    middle = max(x, page.top - 9 + text_width(words, "ui", size) / 2)
                    yield Text(middle, y, words, Ink("ink3"), size, 400, "ui", "middle")


def _cursor(page: Page, time: int) -> Iterator[Mark]:
    words = f"{time / 1_000_000:.3f}"
    size, grown = TICK * page.grown, page.grown
    width = text_width(words, "ui", size, 700) + 14
    left = max(2.0, min(page.width - width - 2, page.y(time) - width / 2))
    yield Rect(left, page.height - 25 * grown, width, 23 * grown, 7, Ink("now"), id="cursor")
    middle, foot = left + width / 2, page.height - 8.5 * grown
    yield Text(middle, foot, words, Ink("surface"), size, 700, "ui", "middle", id="cursor")


def _folds(page: Page, look: Look) -> Iterator[tuple[Box, list[Mark]]]:
    """The folded silences: where the words stand, and what is drawn."""
    for fold in shown_folds(page):
        if fold.stop > page.end:
            continue
        middle = (page.y(fold.start) + page.y(fold.stop)) / 2
        width = min(34.0, max(18.0, page.y(fold.stop) - page.y(fold.start) - 12))
        left, top, high = middle - width / 2, 6.0, _foot(page) - 6
        marks: list[Mark] = [Rect(left, top, width, high, 4, Ink("surface2"), id=fold.id)]
        hatch = range(int(top), int(top + high - width), 14)
        marks += [Line(left, y + width, left + width, y, Ink("grid"), 1.2) for y in hatch]
        marks += [Line(x, top, x, top + high, Ink("border"), 1.2, (3, 3)) for x in (left, left + width)]
        words, size = f"… {fold_span(fold)} …", max(page.least, 13 * max(page.grown, min(1.3, look.text_scale)))
        wide, centre = text_width(words, "ui", size, 400) + 12, (page.left + page.right) / 2
        middle = max(page.top + wide / 2, min(page.width - wide / 2 - 2, middle))
        box = Box(middle - wide / 2, centre - size * 0.8, middle + wide / 2, centre + size * 0.8)
        marks.append(Rect(box.left, box.top, wide, size * 1.6, 4, Ink("surface2"), id=fold.id))
        marks.append(Text(middle, centre + size * 0.36, words, Ink("ink2"), size, 400, "ui", "middle", id=fold.id))
        yield box, marks


# --- hosts ---


def _lifeline(scene: Scene, host: int) -> Iterator[Mark]:
    page, time, told = scene.page, scene.time, scene.told
    y, now = page.x(host), page.y(time)
    for piece in pieces(told, page, host, scene.lens):
        start, stop, state, _ = piece
        left, right = page.y(start), page.y(stop) + (8 if stop >= page.end else 0)
        if state is State.CLOSED:
            yield Line(max(page.top, left), y, right, y, Ink("border"), 2)
            continue
        is_current = piece.holds(time)
        identity = f"state:{told.hosts[host]}:{state}:{start}" if state is not None else ""
        if (told.hosts[host], start) in scene.lit.stretches:
            yield Rect(left - 3, y - BAR / 2 - 5, max(8.0, right - left + 4), BAR + 10, 7, Ink("accent", 0.3))
        seen = right if start > time or not is_current else min(right, max(now, left + 2))
        alpha = FUTURE if start > time else 1.0 if is_current else PAST
        yield Rect(left, y - BAR / 2, max(2.0, seen - left - 1.5), BAR, 3, host_ink(host, alpha), id=identity)
        if right > seen:
            yield Rect(seen, y - BAR / 2, right - seen - 1.5, BAR, 3, host_ink(host, FUTURE), id=identity)


def _names(scene: Scene, host: int) -> Iterator[Mark]:
    """The current state in a pill, then the others where they have room; above the first lifeline, else below."""
    page, size = scene.page, scene.page.text
    base = page.x(host) + (-size * 1.45 if host == 0 else size * 1.45)
    shown = [piece for piece in pieces(scene.told, page, host, scene.lens) if piece.state is not None]
    shown.sort(key=lambda piece: not piece.holds(scene.time))
    taken: list[tuple[float, float]] = []
    for piece in shown:
        start, stop, state, _ = piece
        assert state is not None, "those without a name are left out"
        is_current = piece.holds(scene.time)
        if state is State.CLOSED and not (is_current and start > 0):
            continue
        words = screen_state(state)
        width = text_width(words, "ui", size, 700) + 14
        left = max(page.y(start), page.top)
        if is_current:
            left = min(left, page.bottom - width)
        is_cut = page.y(stop) < page.top or left + width > page.width - 2
        if is_cut or any(left < right + 4 and start_of < left + width + 4 for start_of, right in taken):
            continue
        taken.append((left, left + width))
        if is_current:
            yield Rect(left, base - size * 0.78, width, size * 1.56, 6, host_ink(host))
            yield Text(left + width / 2, base + size * 0.35, words, Ink("on"), size, 700, "ui", "middle")
        else:
            ink = Ink("ink2" if start <= scene.time else "ink3")
            yield Text(left + 2, base + size * 0.35, words, ink, size, 600)


def _heads(scene: Scene) -> Iterator[Mark]:
    page, look = scene.page, scene.look
    wide, size = page.top - 18, page.text * 0.96
    yield Rect(0, 0, page.top - 10, page.height, 0, Ink("surface"))
    for host, name in enumerate(scene.told.hosts):
        y, high = page.x(host), 38.0 * min(look.text_scale, 1.3)
        words = shortened(host_name(name, look.words), wide - 46, "ui", size, 600)
        yield Rect(4, y - high / 2, wide, high, 10, host_tint(host), host_ink(host), 2, id=f"host:{name}")
        yield from badge(host, 24, y, min(13.0, high * 0.32), page.least)
        yield Text(43, y + size * 0.36, words, Ink("ink"), size, 600)
    if scene.lens.tells_which:
        words = f"{scene.lens.place} / {scene.lens.count}"
        yield from which_marks(14, page.height - 16, 12.0 * min(look.text_scale, 1.3), words, scene.lens.key)


def _hidden(page: Page, count: int) -> Iterator[Mark]:
    """Beyond the horizon: lifelines that nobody can know yet."""
    left = page.y(page.end) + 12
    for host in range(count):
        if left < page.bottom:
            yield Line(left, page.x(host), page.bottom + 8, page.x(host), Ink("border"), 3, (1, 2))


# --- timers ---


def _timers(scene: Scene, taken: list[Box]) -> Iterator[Mark]:
    told, page, time = scene.told, scene.page, scene.time
    for run in told.runs_between(page.first, page.last):
        if page.y(run.stop) < page.top or not told.is_in_focus(run.connection, run.start, scene.lens.focus):
            continue
        if run.start <= time < run.stop:
            yield from _timer(scene, run, page.y(time) - 3, taken, is_running=True)
        elif run.fired and (run.stop <= time or (scene.horizon is None and run.start <= time)):
            yield from _timer(scene, run, page.y(run.stop), taken, is_running=False)


def _timer(scene: Scene, run: Run, right: float, taken: list[Box], *, is_running: bool) -> Iterator[Mark]:
    page, look = scene.page, scene.look
    y, left = page.x(run.host) + (16 if run.host == 0 else -16), max(page.top, page.y(run.start) + 4)
    identity = f"timer:{run.host}:{run.start}"
    span = left_of(run, scene.time, scene.horizon) if is_running else run.stop - run.start
    ink = host_ink(run.host, 0.8) if is_running or run.timer == "time-wait" else Ink("err")
    if right - left < 16:
        return
    if is_running:
        yield Line(left, y, right, y, ink, 2, (2.0, 2.0), id=identity)
    else:
        yield from arrow((("M", (left, y)), ("L", (right, y))), Stroke(ink, 2.2, (3.0, 2.0), 12, identity))
    words, size = timer_label(run, look, span, is_running=is_running).whole, max(page.least, page.text * 0.84)
    width = text_width(words, "ui", size, 600)
    top = y + 6 if run.host == 0 else y - 6 - size * 1.5
    box = Box(left, top, left + width + 6, top + size * 1.5)
    if box.right <= right + 40 and not any(box.touches(other, 2) for other in taken):
        taken.append(box)
        yield Rect(box.left, box.top, width + 6, size * 1.5, 4, Ink("surface", 0.9))
        yield Text(box.left + 3, box.top + size * 1.1, words, Ink(ink.role), size, 600)
