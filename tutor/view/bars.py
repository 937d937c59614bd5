"""A question to the room as a picture: the prompt, the choices with their letters, and how many voted for each.

Rules
-----
* The type is as large as the place allows and never below ``least``. A choice that still has no room is cut with an
  ellipsis: the console has all of it.
* Nothing depends on colour. The first vote is a bar of strokes, the second a full one; right is a tick, what most
  voted for in error a cross. Before the answer is revealed nothing tells one choice from another.
* A letter's badge is neither a circle nor a square: those are the hosts'.
* The clock moves alone: all else is a static layer that is painted once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tutor.joining import Speech, named
from tutor.view.marks import Box, Font, Group, Ink, Layer, Line, Mark, Picture, Polyline, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.theme import Look
from tutor.view.tiles import cross, tick
from tutor.view.wrapping import wrapped
from tutor.words import mark

LINE = 1.28
"""From line to line, in ems."""

BAR, BESIDE = 1.16, 0.5
"""From bar to bar, in ems; the share of a line that bars take which stand behind their choice."""

LEGEND = 1.5
"""From line to line of the legend, in ems."""

MOST = 1 / 17
"""The largest type, as a share of the picture's height."""

WORD = re.compile(r"[^\s\u2e80-\uffef]+")
"""What must not be torn apart: a state's name, a number, a word of Latin letters."""

STEPS = 14
"""So many sizes are tried between the largest and the least."""

VOTES = (mark("first vote"), mark("after discussion"))
"""What the two rounds are called."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: its letter, its words or a table's lines, its counts round by round (none: nobody counts yet).

    ``verdict``: ``""``, ``"right"``, or ``"wrong"``: what most voted for in error. ``place``: in an order, from 1.
    """

    letter: str
    text: str
    counts: tuple[int, ...] = ()
    verdict: str = ""
    place: int = 0

    @property
    def is_table(self) -> bool:
        """Is it what a program printed?"""
        return "\n" in self.text


@dataclass(frozen=True, slots=True)
class Question:
    """What the room is asked: the prompt, how one answers ("" by one hand), the choices, what is said underneath.

    ``totals``: how many voted in each round that is counted.
    """

    prompt: str
    how: str
    choices: tuple[Choice, ...]
    said: str = ""
    totals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that are left, of how many."""

    left: float
    whole: float


def question(
    asked: Question, size: tuple[float, float], look: Look, least: float, clock: Clock | None = None
) -> Picture:
    """The question on ``size`` px; no type smaller than ``least`` px."""
    plan = _fitting(asked, size, least, look.words, has_clock=clock is not None)
    static = Layer("static", ("bars", asked, size, look, least, clock is not None), tuple(_marks(asked, plan, look)))
    layers = (static,) if clock is None else (static, Layer("moving", clock, tuple(_clock(clock, plan))))
    titles = tuple((f"choice:{i}", f"{each.letter}: {each.text}") for i, each in enumerate(asked.choices))
    return Picture(*size, layers, titles)


def fits(asked: Question, size: tuple[float, float], least: float, words: Speech) -> bool:
    """Is there room for all of it, with no type smaller than ``least`` px?"""
    plan = _fitting(asked, size, least, words, has_clock=True)
    return plan.height <= size[1] and not plan.is_cut


# --- the plan ---


class _Row(NamedTuple):
    """A choice laid out: its lines, their font and size, where it begins, how high it is; its bars: x, y, room."""

    lines: tuple[str, ...]
    font: Font
    size: float
    top: float
    high: float
    bars: tuple[float, float, float]


class _Plan(NamedTuple):
    """Where everything lies in one size of type (px)."""

    size: tuple[float, float]
    em: float
    pad: float
    prompt: tuple[str, ...]
    how: tuple[str, ...]
    rows: tuple[_Row, ...]
    legend: float
    said: tuple[str, ...]
    foot: float
    height: float
    is_cut: bool


def _fitting(asked: Question, size: tuple[float, float], least: float, words: Speech, *, has_clock: bool) -> _Plan:
    """The largest type in which all of it has room; the least, if none has."""
    most = max(least, size[1] * MOST)
    ways = (False, True) if asked.totals else (False,)
    for step in range(STEPS + 1):
        em = least + (most - least) * (1 - step / STEPS)
        for is_beside in ways:
            plan = _plan(asked, size, em, words, has_clock=has_clock, is_beside=is_beside)
            if plan.height <= size[1] and not plan.is_cut:
                return plan
    return _cut(_plan(asked, size, least, words, has_clock=has_clock, is_beside=False), size)


def _plan(
    asked: Question, size: tuple[float, float], em: float, words: Speech, *, has_clock: bool, is_beside: bool
) -> _Plan:
    """``is_beside``: the bars stand behind their choice, not under it."""
    pad = em * 0.9
    room = size[0] - 2 * pad
    clock = _clock_width(em) + em if has_clock else 0.0
    prompt, how = _around(asked.prompt, room, clock, em), wrapped(asked.how, room, em) if asked.how else ()
    top = pad + (len(prompt) + len(how)) * em * LINE + em * 0.5
    legend = top
    top += em * LEGEND * len(_legend_lines(asked.totals, room, em, words))
    rows, is_cut = [], False
    indent = _badge(em) + em * 0.6
    for choice in asked.choices:
        row, cut = _row(choice, (pad + indent, top), room - indent - _glyph(em), em, is_beside=is_beside)
        rows.append(row)
        is_cut |= cut
        top += row.high + em * 0.35
    said = wrapped(asked.said, room, em, weight=600) if asked.said else ()
    height = top + len(said) * em * LINE + pad
    return _Plan(size, em, pad, prompt, how, tuple(rows), legend, said, top, height, is_cut)


def _around(text: str, room: float, corner: float, em: float) -> tuple[str, ...]:
    """The prompt's lines: the first one leaves ``corner`` px free."""
    if not corner:
        return wrapped(text, room, em, weight=700)
    first = wrapped(text, room - corner, em, weight=700)[:1]
    rest = text[len(first[0]) :].strip() if first else ""
    return (*first, *wrapped(rest, room, em, weight=700)) if rest else first


def _row(choice: Choice, at: tuple[float, float], room: float, em: float, *, is_beside: bool) -> tuple[_Row, bool]:
    """A choice whose words begin at ``at``, and whether they are too wide for their place."""
    left, top = at
    wide = room * (1 - BESIDE) - em if is_beside else room
    font: Font = "mono" if choice.is_table else "ui"
    lines = tuple(choice.text.split("\n")) if choice.is_table else wrapped(choice.text, wide, em)
    whole = choice.text.split("\n") if choice.is_table else WORD.findall(choice.text)
    is_wide = wide < em * 4 or any(text_width(part, font, em) > wide for part in whole)
    if is_wide:
        lines = tuple(shortened(line, wide, font, em) for line in lines)
    told, bars = max(_badge(em), len(lines) * em * LINE), len(choice.counts) * em * BAR
    if is_beside:
        high = max(told, bars)
        return _Row(lines, font, em, top, high, (left + wide + em, top + (high - bars) / 2, room * BESIDE)), is_wide
    return _Row(lines, font, em, top, told + bars, (left, top + told, room)), is_wide


def _cut(plan: _Plan, size: tuple[float, float]) -> _Plan:
    """The plan with one line for every choice, from the last on, until there is room."""
    over = plan.height - size[1]
    rows = list(plan.rows)
    for place in range(len(rows) - 1, -1, -1):
        row = rows[place]
        spare = (len(row.lines) - 1) * row.size * LINE
        if over <= 0 or spare <= 0:
            continue
        high = max(_badge(plan.em), row.high - spare)
        gone = row.high - high
        rows[place] = _raised(
            row._replace(lines=(row.lines[0].rstrip("…") + "…",), high=high, top=row.top + gone), gone
        )
        rows[place + 1 :] = [_raised(later, gone) for later in rows[place + 1 :]]
        plan = plan._replace(foot=plan.foot - gone, height=plan.height - gone)
        over -= gone
    return plan._replace(rows=tuple(rows), is_cut=True)


def _raised(row: _Row, by: float) -> _Row:
    x, y, room = row.bars
    return row._replace(top=row.top - by, bars=(x, y - by, room))


def _badge(em: float) -> float:
    return em * 1.5


def _glyph(em: float) -> float:
    """Room for a tick or a cross behind a choice."""
    return em * 1.5


# --- marks ---


def _marks(asked: Question, plan: _Plan, look: Look) -> Iterator[Mark]:
    width, height = plan.size
    em, pad = plan.em, plan.pad
    yield Rect(0, 0, width, height, 0, Ink("bg"))
    yield Rect(0.75, 0.75, width - 1.5, height - 1.5, em * 0.5, Ink("surface"), Ink("border"), 1.5)
    base = pad + em
    for line in plan.prompt:
        yield Text(pad, base, line, Ink("ink"), em, 700)
        base += em * LINE
    for line in plan.how:
        yield Text(pad, base, line, Ink("ink2"), em)
        base += em * LINE
    yield from _legend(asked, plan, look.words)
    most = max((max(each.counts, default=0) for each in asked.choices), default=0)
    for place, (choice, row) in enumerate(zip(asked.choices, plan.rows, strict=True)):
        yield from _choice(choice, row, plan, most, f"choice:{place}")
    base = plan.foot + em
    for line in plan.said:
        yield Text(pad, base, line, Ink("ink"), em, 600)
        base += em * LINE


def _choice(choice: Choice, row: _Row, plan: _Plan, most: int, name: str) -> Iterator[Mark]:
    em, pad = plan.em, plan.pad
    width = plan.size[0] - 2 * pad
    if choice.verdict:
        role = "ok" if choice.verdict == "right" else "ink"
        ground = Ink("ok_tint") if choice.verdict == "right" else Ink("surface2")
        yield Rect(pad - em * 0.35, row.top - em * 0.12, width + em * 0.7, row.high + em * 0.24, em * 0.4,
                   ground, Ink(role), 2.0)  # fmt: skip
    badge = _badge(em)
    yield Rect(pad, row.top, width, row.high, 0, Ink("surface", 0.0), id=name)
    yield from _letter(choice, pad, row.top, badge)
    left = pad + badge + em * 0.6
    base = row.top + (badge - row.size * LINE) / 2 + row.size * 0.98
    base = row.top + row.size * 0.98 if len(row.lines) > 1 else base
    for line in row.lines:
        weight = 400 if row.font == "mono" else 600 if choice.verdict == "right" else 500
        yield Text(left, base, line, Ink("ink"), row.size, weight, row.font)
        base += row.size * LINE
    yield from _verdict(choice, pad + width, row, em)
    x, y, room = row.bars
    for number, count in enumerate(choice.counts):
        yield from _bar(x, y + number * em * BAR, room - _number(em), count, most, em, is_full=number == 1)


def _verdict(choice: Choice, right: float, row: _Row, em: float) -> Iterator[Mark]:
    draw = {"right": tick, "wrong": cross}.get(choice.verdict)
    if draw is not None:
        yield from draw(right - em * 1.2, row.top + em * 0.2, em * 1.1, em / 15)


def _letter(choice: Choice, x: float, y: float, badge: float) -> Iterator[Mark]:
    """A letter on a plate with a point to its right; the place in an order instead, once that is told."""
    tip, shoulder = x + badge, x + badge * 0.74
    plate = ((x, y), (shoulder, y), (tip, y + badge / 2), (shoulder, y + badge), (x, y + badge))
    yield Polyline(plate, Ink("ink"), 2.0, Ink("ink"), closed=True)
    size = badge / 1.5
    text = str(choice.place) if choice.place else choice.letter
    yield Text(x + badge * 0.42, y + badge / 2 + size * 0.36, text, Ink("surface"), size, 700, anchor="middle")


def _number(em: float) -> float:
    """Room for a count behind its bar."""
    return text_width("0000", "ui", em, 600) + em * 0.5


def _bar(x: float, y: float, room: float, count: int, most: int, em: float, *, is_full: bool) -> Iterator[Mark]:
    """How many voted: strokes for the first vote, full for the second; the number stands behind."""
    high = em * 0.82
    wide = room * count / most if most else 0.0
    if wide:
        if is_full:
            yield Rect(x, y + em * 0.14, wide, high, 0, Ink("ink"), Ink("ink"), 2.0)
        else:
            yield from _striped(x, y + em * 0.14, wide, high, em)
    else:
        yield Line(x, y + em * 0.14, x, y + em * 0.14 + high, Ink("ink2"), 2.0)
    yield Text(x + wide + em * 0.35, y + em * 0.9, str(count), Ink("ink"), em, 600)


def _striped(x: float, y: float, wide: float, high: float, em: float) -> Iterator[Mark]:
    step = em * 0.4
    strokes = tuple(
        Line(x + n * step, y + high, x + n * step + high, y, Ink("ink2"), em * 0.09)
        for n in range(-math.ceil(high / step), math.ceil(wide / step))
    )
    yield Group(strokes, Box(x, y, x + wide, y + high))
    yield Rect(x, y, wide, high, 0, None, Ink("ink2"), 2.0)


def _legend_lines(totals: tuple[int, ...], room: float, em: float, words: Speech) -> tuple[tuple[str, ...], ...]:
    """What stands beside the bars' samples, in one line if there is room."""
    said = tuple(named(words.t(name), total, words) for total, name in zip(totals, VOTES, strict=False))
    wide = sum(em * 2.6 + text_width(each, "ui", em, 600) for each in said)
    return (said,) if said and wide <= room else tuple((each,) for each in said)


def _legend(asked: Question, plan: _Plan, words: Speech) -> Iterator[Mark]:
    """Which bar is which vote, and how many voted."""
    em, number = plan.em, 0
    lines = _legend_lines(asked.totals, plan.size[0] - 2 * plan.pad, em, words)
    for place, line in enumerate(lines):
        x, y = plan.pad, plan.legend + place * em * LEGEND
        for said in line:
            if number == 1:
                yield Rect(x, y + em * 0.14, em * 1.4, em * 0.82, 0, Ink("ink"), Ink("ink"), 2.0)
            else:
                yield from _striped(x, y + em * 0.14, em * 1.4, em * 0.82, em)
            yield Text(x + em * 1.8, y + em * 0.9, said, Ink("ink2"), em, 600)
            x += em * 2.6 + text_width(said, "ui", em, 600)
            number += 1


def _clock_width(em: float) -> float:
    return text_width("00:00", "mono", em * 1.2, 700)


def _clock(clock: Clock, plan: _Plan) -> Iterator[Mark]:
    """The time that is left, and a line that grows shorter with it."""
    em, pad = plan.em, plan.pad
    left = math.ceil(max(0.0, clock.left) - 1e-9)
    right = plan.size[0] - pad
    said = f"{left // 60}:{left % 60:02d}"
    yield Text(right, pad + em, said, Ink("ink"), em * 1.2, 700, "mono", "end")
    share = min(1.0, max(0.0, clock.left / clock.whole)) if clock.whole else 0.0
    wide = plan.size[0] - 2 * pad
    yield Rect(pad, pad * 0.35, wide, pad * 0.22, 0, Ink("grid"))
    yield Rect(pad, pad * 0.35, wide * share, pad * 0.22, 0, Ink("ink"))
