"""Readings: what a plot says at one moment, as a legend with values and as a sentence.

Rules
-----
* Every line of the plot has an entry with its value at the moment: nothing has to be read off by eye or by hovering.
* A line without a value says so with a dash; a threshold that no loss has set yet is infinite.
* The room of a value is that of its widest one, so that nothing moves while the run plays.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tutor.joining import aside, chained, listed, named
from tutor.view.marks import Ellipse, Ink, Layer, Line as Stroke, Mark, Picture, Polyline, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.plots import EDGE, MAIN, NONE, SECOND, SENT, STAIRS, TITLES, WINDOW, Line, Plot, shown
from tutor.view.standing import host_name
from tutor.view.theme import Look, host_dash, host_ink, host_letter

INFINITE = "∞"

WIDTHS = {MAIN: 2.8, SECOND: 1.6, STAIRS: 1.8, EDGE: 1.3}
"""How heavy a line is (px)."""

SAMPLE = 26.0
"""Px of a line's sample in the legend."""

BAR, AGAIN, LOST = "bar", "again", "lost"


class Entry(NamedTuple):
    """One entry of the legend. ``host`` None: it is about no host. ``weight``: a line's, or BAR, AGAIN, LOST."""

    host: int | None
    weight: str
    name: str
    value: str
    widest: str


def entries(plot: Plot, time: int, look: Look) -> tuple[Entry, ...]:
    """The legend at ``time`` (microseconds), host by host."""
    t = look.words.t
    made: list[Entry] = []
    for place in range(len(plot.hosts)):
        sent = (line for line in plot.sent if line.host == place)
        made += [Entry(place, BAR, t(SENT.name), shown(plot.kind, line.at(time)), line.longest) for line in sent]
        made += [_entry(plot, line, time, look) for line in plot.lines if line.host == place]
    if any(bar.is_repeated for bar in plot.bars):
        made.append(Entry(None, AGAIN, t("sent again"), "", ""))
    if plot.crosses:
        made.append(Entry(None, LOST, t("lost"), "", ""))
    return tuple(made)


def _entry(plot: Plot, line: Line, time: int, look: Look) -> Entry:
    name = look.words.t(line.quantity.name)
    if plot.is_above(line):
        name = look.words.t("{name} (above)", name=name)
    return Entry(line.host, line.quantity.weight, name, value_at(plot, line, time), line.longest)


def value_at(plot: Plot, line: Line, time: int) -> str:
    """The value of a line at ``time``, without its unit."""
    value = line.at(time)
    if value is None and line.quantity.name == "ssthresh":
        windows = (other.at(time) for other in plot.lines if other.host == line.host and other is not line)
        return INFINITE if any(window is not None for window in windows) else NONE
    return shown(plot.kind, value)


def title(plot: Plot, look: Look) -> str:
    """What is plotted, with its unit."""
    name, unit = TITLES[plot.kind]
    return look.words.t("{name} ({unit})", name=look.words.t(name), unit=look.words.t(unit))


def sentence(plot: Plot, time: int, look: Look) -> str:
    """Everything the plot says at ``time``, for those who hear it."""
    t = look.words.t
    if plot.is_empty:
        return named(title(plot, look), nothing(plot, look), look.words)
    said = []
    for place, name in enumerate(plot.hosts):
        values = [
            _with_octets(plot, place, entry, time, look) for entry in entries(plot, time, look) if entry.host == place
        ]
        if values:
            said.append(named(host_name(name, look.words), listed(values, look.words), look.words))
    return t(
        "{plot} at {time} s. {values}",
        plot=title(plot, look),
        time=f"{time / 1e6:.3f}",
        values=chained(said, look.words),
    )


def _with_octets(plot: Plot, place: int, entry: Entry, time: int, look: Look) -> str:
    """A name and its value; the same in octets, where a segment has one size."""
    said = f"{entry.name} {entry.value}"
    if plot.octets is None or entry.value in (NONE, INFINITE):
        return said
    names = [(look.words.t(line.quantity.name), line) for line in plot.lines if line.host == place]
    line = max((name in entry.name, len(name), line.at(time) or 0) for name, line in names)
    octets = look.words.t("{n} octets", n=f"{line[2] * plot.octets:.0f}")
    return aside(said, octets, look.words)


def nothing(plot: Plot, look: Look) -> str:
    """Why the plot is empty."""
    t = look.words.t
    if not plot.connection and plot.kind != "queues":
        return t("There is no connection yet.")
    if plot.kind == "queues":
        return t("No host listens.")
    if plot.kind == WINDOW:
        return t("No congestion window yet: it begins when the connection is open.")
    return t("Nothing to plot yet.")


# --- the legend as a picture ---


def legend(plot: Plot, time: int, width: float, look: Look) -> Picture:
    """The entries in as many rows as they need within ``width`` px."""
    size = max(12.0, 14.0 * look.text_scale)
    row = size * 1.6
    marks: list[Mark] = []
    x, y = 0.0, row / 2
    last: int | None = -1
    for entry in entries(plot, time, look):
        letter = entry.host is not None and entry.host != last
        wide = _width(entry, size, with_letter=letter)
        if x > 0 and x + wide > width:
            x, y = 0.0, y + row
        marks += _entry_marks(entry, x, y, size, with_letter=letter)
        x += wide + size
        last = entry.host
    return Picture(width, y + row / 2, (Layer("moving", None, tuple(marks)),))


def column(plot: Plot, time: int, look: Look) -> Picture:
    """The entries below one another, beside a plot that is wide and low: as wide as the widest."""
    size = max(12.0, 14.0 * look.text_scale)
    row = size * 1.36
    marks: list[Mark] = []
    wide, last = 0.0, -1
    known = entries(plot, time, look)
    for place, entry in enumerate(known):
        letter = entry.host is not None and entry.host != last
        indent = 0.0 if letter else size * 1.7
        marks += _entry_marks(entry, indent, (place + 0.5) * row, size, with_letter=letter)
        wide = max(wide, indent + _width(entry, size, with_letter=letter))
        last = -1 if entry.host is None else entry.host
    return Picture(wide + 2, max(1, len(known)) * row, (Layer("moving", None, tuple(marks)),))


def _width(entry: Entry, size: float, *, with_letter: bool) -> float:
    room = entry.widest.replace("0", _widest_digit())
    value = max(text_width(room, "ui", size, 700), text_width(entry.value, "ui", size, 700))
    name = text_width(entry.name, "ui", size, 400)
    return (size * 1.7 if with_letter else 0.0) + SAMPLE + 6 + name + (6 + value if entry.widest else 0)


@cache
def _widest_digit() -> str:
    """Figures are not all of one width: room is kept for the widest."""
    return max("0123456789", key=lambda digit: text_width(digit, "ui", 100, 700))


def _entry_marks(entry: Entry, x: float, y: float, size: float, *, with_letter: bool) -> list[Mark]:
    marks: list[Mark] = []
    baseline = y + size * 0.36
    if with_letter and entry.host is not None:
        marks += _badge(entry.host, x, y, size)
        x += size * 1.7
    marks += sample(entry, x, y, size)
    x += SAMPLE + 6
    marks.append(Text(x, baseline, entry.name, Ink("ink2"), size))
    x += text_width(entry.name, "ui", size, 400) + 6
    if entry.value:
        marks.append(Text(x, baseline, entry.value, Ink("ink"), size, 700))
    return marks


def _badge(host: int, x: float, y: float, size: float) -> list[Mark]:
    """The host's sign: a circle for the first, a rounded square for the second."""
    r = size * 0.66
    ground: Mark = (
        Ellipse(x + r, y, r, r, host_ink(host))
        if host % 2 == 0
        else Rect(x, y - r, 2 * r, 2 * r, r * 0.4, host_ink(host))
    )
    return [
        ground,
        Text(x + r, y + size * 0.29, host_letter(host), Ink("on"), max(12.0, size * 0.8), 700, "ui", "middle"),
    ]


def sample(entry: Entry, x: float, y: float, size: float) -> list[Mark]:
    """How a line, a bar or a cross looks in the plot."""
    middle = x + SAMPLE / 2
    if entry.weight == LOST:
        r = 4.5
        return [
            Stroke(middle - r, y - r, middle + r, y + r, Ink("err"), 2.4),
            Stroke(middle - r, y + r, middle + r, y - r, Ink("err"), 2.4),
        ]
    if entry.weight == AGAIN:
        return [
            Stroke(middle - 7, y - 8, middle - 7, y + 8, Ink("err"), 3),
            Text(middle + 4, y + size * 0.36, "R", Ink("err"), max(12.0, size * 0.86), 700, "ui", "middle"),
        ]
    assert entry.host is not None, "a line belongs to a host"
    ink = host_ink(entry.host)
    if entry.weight == BAR:
        round_top = entry.host % 2 == 0
        top: Mark = Ellipse(middle, y - 6, 3.2, 3.2, ink) if round_top else Rect(middle - 3, y - 9, 6, 6, 0, ink)
        return [Stroke(middle, y + 8, middle, y - 6, ink, 3, host_dash(entry.host)), top]
    marks: list[Mark] = [Stroke(x, y, x + SAMPLE, y, ink, WIDTHS[entry.weight], host_dash(entry.host))]
    if entry.weight == SECOND:
        marks.append(Ellipse(middle, y, 3.4, 3.4, Ink("surface"), ink, 1.5))
    elif entry.weight == EDGE:
        points = ((middle - 4.2, y - 3.4), (middle + 4.2, y - 3.4), (middle, y + 3.8))
        marks.append(Polyline(points, None, 0, ink, closed=True))
    return marks
