"""The text ladder: a run drawn with characters, for terminals, pipes and narrow places.

Rules
-----
* Time runs down, a line a thing. Left and right of the lifelines stand the states, between them the segments.
* A segment leaves on one line and arrives on another; a dotted line between them says that it is on its way.
* A silence of half a second or more is one line that gives its true length.
* Below ``NARROWEST`` columns, or with too many hosts for the columns there are, there is no room for a ladder: the same
  things are told as a list.
* Nothing depends on colour. What a terminal cannot show has a plain twin (``ASCII``).
* No text covers another: what finds no room on its line gets one of its own below. A segment whose numbers find no room
  on it has a number, under which the legend at the end tells them.

Theory
------
``view.rows`` says *what* is worth a line; here it is only *drawn*. A flight bends down at a turning column close to
its receiver. Several at once take columns side by side, the first free one nearest to the receiver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tutor.tcp.states import State
from tutor.view.cells import Line, Span, Strip, pad, plain, text_lines, width
from tutor.view.listing import text_list
from tutor.view.rows import Row, rows_of
from tutor.view.telling import Style, act_text, labels, note, prose, seconds, why
from tutor.words import Words
from tutor.world.records import Flight
from tutor.world.trace import Trace

FOLD_US = 500_000
"""A silence from this length on is folded into one line."""

NARROWEST, NARROWEST_GAP = 64, 12
"""Columns below which the ladder becomes a list: of the whole, and between two lifelines."""

WIDEST, PER_HOST = 120, 48
"""Columns beyond which a ladder of two hosts only gets harder to read; so many more for every further host."""

TIME_COLUMNS, STATE_COLUMNS, PORT_COLUMNS = 9, 12, 7
"""The ports stand beside the states only where there is more than one connection."""


LEAST_DASH = 9
"""A segment has at least so many columns before it turns: its number in the legend finds room there."""

NUMBERED = 3
"""So many of the labels of a segment, the longest first, have its numbers."""


def widest(hosts: int) -> int:
    """How many columns a ladder of so many hosts has at most."""
    return WIDEST + PER_HOST * max(0, hosts - 2)


def text_ladder(
    trace: Trace,
    words: Words,
    style: Style,
    narration: Mapping[int, Sequence[str]] | None = None,
    *,
    until: int | None = None,
    tells_end: bool = True,
) -> list[Line]:
    """The trace as lines, all of it or up to ``until`` (microseconds).

    ``narration``: index of a step -> texts to say after it; ``tells_end``: say when a run ends that is shown whole.
    """
    rows = rows_of(trace, narration=narration, with_reasons=style.reasons)
    is_cut = until is not None and until < trace.end
    if is_cut:
        rows = [row for row in rows if until is None or row.at <= until]
    ladder = _Ladder(trace, words, style, rows)
    if style.columns < NARROWEST or ladder.gap < NARROWEST_GAP:
        return shortened(text_list(rows, words, style), words, style)
    lines = ladder.lines()
    return lines if tells_end and not is_cut else lines[:-2]


def shortened(lines: list[Line], words: Words, style: Style) -> list[Line]:
    """The lines without their middle, if they are more than wanted: how it began, and what came last."""
    if not style.most or len(lines) <= style.most:
        return lines
    first = style.most // 3
    last = style.most - first - 1
    count = len(lines) - first - last
    gap = words.t("{dots} {count} lines are left out here {dots}", dots=style.glyphs.dots, count=count)
    return [*lines[:first], (Span(" " * (TIME_COLUMNS + 2)), Span(gap, "ink3")), *lines[-last:]]


class _Ladder:
    """Draws rows. Knows where the lifelines stand and which flights are on their way."""

    def __init__(self, trace: Trace, words: Words, style: Style, rows: list[Row]) -> None:
        self.words, self.style, self.rows, self.glyphs = words, style, rows, style.glyphs
        world = trace.steps[0].world
        self.hosts = [host.name for host in world.hosts]
        self.addresses = {host.name: str(host.address) for host in world.hosts}
        self.end = trace.end
        self.columns = min(style.columns, widest(len(self.hosts)))
        self.names_connections = len({row.connection for row in rows if ">" in row.connection}) > 1
        self.state_columns = STATE_COLUMNS + PORT_COLUMNS * self.names_connections
        left = TIME_COLUMNS + 2 + self.state_columns + 1
        right = self.columns - self.state_columns - 3
        gaps = max(1, len(self.hosts) - 1)
        self.gap = (right - left) // gaps
        self.lifelines = {name: left + (right - left) * i // gaps for i, name in enumerate(self.hosts)}
        self.roles = {name: "ab"[i] if i < 2 else "ink" for i, name in enumerate(self.hosts)}
        self.turns: dict[int, int] = {}
        """Flight -> its turning column, while it is on its way."""
        self.legend: dict[str, int] = {}
        """What is said of a segment -> the number that it has instead."""

    # --- the page ---

    def lines(self) -> list[Line]:
        """Header, rows with silences folded between them, footer."""
        page = [*self._header(), *self._first_states()]
        shown: int | None = None
        for row in self.rows:
            if shown is not None and row.at - shown >= FOLD_US:
                page.append(self._fold(row.at - shown))
            made = self._row(row, row.at != shown)
            page += made[1:] if () == made[0] == page[-1] else made
            shown = row.at
        page = shortened(page, self.words, self.style)
        return [*page, *self._told_below("\n".join(map(plain, page))), *self._footer()]

    def _header(self) -> list[Line]:
        strips = [Strip(self.columns)]
        strips[0].put(0, pad(self.words.t("time (s)"), TIME_COLUMNS, right=True), "ink3")
        for i, name in enumerate(self.hosts):
            title = f"{name} {self.addresses[name]}".strip()
            column = self.lifelines[name]
            if i == len(self.hosts) - 1 and i:
                column = min(self.columns - 1, column + self.state_columns)
                self._place(strips, ((column, -1),), title, self.roles[name])
            elif i:
                self._place(strips, ((column - width(title) // 2, 1),), title, self.roles[name])
            else:
                self._place(strips, ((max(TIME_COLUMNS + 2, column - self.state_columns), 1),), title, self.roles[name])
        return [strip.line() for strip in strips]

    def _first_states(self) -> list[Line]:
        strips = [self._strip()]
        for name in self.hosts:
            self._put_state(strips, name, State.CLOSED.value, "")
        return [strip.line() for strip in strips]

    def _fold(self, silence: int) -> Line:
        strip = Strip(self.columns)
        for column in self.lifelines.values():
            strip.put(column, self.glyphs.gap, "ink3")
        self._put_flights(strip)
        text = f" {self.glyphs.dots} {seconds(silence)} s {self.glyphs.dots} "
        columns = list(self.lifelines.values())
        middle = (columns[0] + columns[-1] - width(text)) // 2 + 1
        strip.put(max(columns[0] + 1, middle), text, "ink3")
        return strip.line()

    def _told_below(self, ladder: str) -> Iterator[Line]:
        """The legend: the numbers of the segments that are drawn, as many on a line as fit."""
        parts = [f"({number}) {text}" for text, number in self.legend.items() if f"({number})" in ladder]
        room, line = self.columns - TIME_COLUMNS - 2, ""
        if parts:
            yield ()
        for part in parts:
            if line and width(line) + 3 + width(part) > room:
                yield (Span(" " * (TIME_COLUMNS + 2)), Span(line, "ink3"))
                line = ""
            line += "   " * bool(line) + part
        if line:
            yield (Span(" " * (TIME_COLUMNS + 2)), Span(line, "ink3"))

    def _footer(self) -> Iterator[Line]:
        text = self.words.t("The run ends after {time} s.", time=seconds(self.end))
        yield ()
        yield (Span(" " * (TIME_COLUMNS + 2)), Span(text, "ink3"))

    # --- one row ---

    def _row(self, row: Row, is_new_time: bool) -> list[Line]:
        if row.kind in ("say", "why"):
            return self._prose(row)
        strips = [self._strip()]
        if is_new_time:
            strips[0].put(0, pad(seconds(row.at), TIME_COLUMNS, right=True))
        match row.kind:
            case "leave" if row.flight is not None:
                self._put_leaving(strips, row.flight)
            case "arrive" if row.flight is not None:
                self._put_arriving(strips, row.flight, row)
            case "die" if row.flight is not None:
                self._put_dying(strips, row.flight)
            case "gone":
                self._put_state(strips, row.host, "-", row.connection)
            case "act":
                strips[0].put(next(iter(self.lifelines.values())) + 2, act_text(row), "err" if row.detail else "accent")
        for name, state in row.states.items():
            self._put_state(strips, name, str(state), row.connection)
        if row.kind in ("call", "return", "timer", "icmp"):
            self._put_note(strips, row)
        return [strip.line() for strip in strips]

    def _place(self, strips: list[Strip], places: Sequence[tuple[int, int]], text: str, role: str) -> None:
        """Text where there is room for it, else on a line of its own.

        ``places``: (column, direction) where it may begin (going right) or end (going left), the best first.
        """
        glyphs, cells = self.glyphs, width(text)
        ground = glyphs.life + glyphs.gap + glyphs.flight
        for strip in strips:
            for column, step in places:
                first = column if step > 0 else column - cells + 1
                last = first + cells - 1
                if first >= 0 and last < self.columns and strip.has_room(first - 1, last + 1, ground):
                    strip.put(first, text, role)
                    return
        strips.append(self._strip())
        column, step = places[0]
        first = column if step > 0 else column - cells + 1
        strips[-1].put(max(0, min(first, self.columns - cells)), text, role)

    def _strip(self) -> Strip:
        strip = Strip(self.columns)
        self._put_flights(strip)
        for name, column in self.lifelines.items():
            strip.put(column, self.glyphs.life, self.roles[name])
        return strip

    def _put_flights(self, strip: Strip) -> None:
        for column in self.turns.values():
            strip.put(column, self.glyphs.flight, "ink3")

    def _put_state(self, strips: list[Strip], host: str, text: str, connection: str) -> None:
        column = self.lifelines[host]
        if self.names_connections and ">" in connection:
            text += f" :{connection.partition('>')[0].rpartition(':')[2]}"
        step = -1 if host == self.hosts[0] else 1
        self._place(strips, ((column + 2 * step, step),), text, self.roles[host])

    def _put_note(self, strips: list[Strip], row: Row) -> None:
        text, role = note(row, self.words)
        column = self.lifelines[row.host]
        right, left = (column + 2, 1), (column - 2, -1)
        if row.host == self.hosts[-1] and len(self.hosts) > 1:
            sides: tuple[tuple[int, int], ...] = (left,)
        else:
            sides = (right,) if row.host == self.hosts[0] else (right, left)
        self._place(strips, sides, text, role)

    # --- segments ---

    def _way(self, flight: Flight) -> tuple[int, int, int]:
        """(sender's lifeline, receiver's lifeline, direction); a segment to nobody flies to the other side."""
        columns = list(self.lifelines.values())
        start = self.lifelines.get(flight.sender, columns[0])
        stop = self.lifelines.get(flight.receiver, columns[0] if start != columns[0] else columns[-1])
        return start, stop, 1 if start < stop else -1

    def _put_leaving(self, strips: list[Strip], flight: Flight) -> None:
        strip = strips[0]
        start, stop, step = self._way(flight)
        is_lost = flight.arrives_at is None
        turn = self._place_of_death(flight, start, stop) if is_lost else self._turn(start, stop)
        role = self.roles.get(flight.sender, "ink")
        for column in range(start + step, turn, step):
            strip.put(column, self.glyphs.dash, role)
        strip.put(start, self.glyphs.tee_right if step > 0 else self.glyphs.tee_left, role)
        label = self._label(flight, abs(turn - start) - 4)
        self._put_from(strip, start + 3 * step, step, label, "err" if _is_alarming(flight) else role)
        if is_lost:
            strip.put(turn, self.glyphs.cross, "err")
            self._place(strips, ((turn + 2 * step, step),), self.words.fate(flight.fate), "err")
            return
        self.turns[flight.id] = turn
        strip.put(turn, self.glyphs.turn_down_right if step > 0 else self.glyphs.turn_down_left, "ink3")

    def _label(self, flight: Flight, room: int) -> str:
        """What stands on a segment: all its numbers, or its flags and its number in the legend, or that alone."""
        said = labels(flight, self.words)
        for text in said[:NUMBERED]:
            if width(text) + 2 <= room:
                return f" {text} "
        number = f"({self.legend.setdefault(said[0], len(self.legend) + 1)})"
        flags = f" {said[-1]} {number} "
        return flags if width(flags) <= room else f" {number} " if width(number) + 2 <= room else number

    def _place_of_death(self, flight: Flight, start: int, stop: int) -> int:
        """Where the cross stands: half way and a bit, further if the label needs it, but what happened must fit too.

        Where it does not fit it stands below, and the label has what room there is.
        """
        span, fate = abs(stop - start), width(self.words.fate(flight.fate)) + 4
        wanted = max(span * 58 // 100, width(labels(flight, self.words)[0]) + 7)
        least = min(LEAST_DASH, span - 2)
        return start + max(least, min(wanted, span - fate)) * (1 if start < stop else -1)

    @staticmethod
    def _put_from(strip: Strip, column: int, step: int, text: str, role: str) -> None:
        """Text that begins (going right) or ends (going left) at a column."""
        if step > 0:
            strip.put(column, text, role)
        else:
            strip.put_right(column, text, role)

    def _turn(self, start: int, stop: int) -> int:
        """The first free turning column, counted from the receiver."""
        step = 1 if start < stop else -1
        taken = set(self.turns.values())
        for column in range(stop - 4 * step, start + (LEAST_DASH - 1) * step, -2 * step):
            if column not in taken:
                return column
        return stop - 4 * step

    def _put_arriving(self, strips: list[Strip], flight: Flight, row: Row) -> None:
        _, stop, step = self._way(flight)
        strip, turn = strips[0], self.turns.get(flight.id, stop - 4 * step)
        role, glyphs = self.roles.get(flight.sender, "ink"), self.glyphs
        for column in range(turn + step, stop, step):
            strip.put(column, glyphs.dash, role)
        if row.text:
            strip.put(stop - step, glyphs.cross, "err")
            self._place(strips, ((turn - 2 * step, -step),), self.words.fate(row.text), "err")
        else:
            strip.put(stop - step, ">" if step > 0 else "<", role)
        if row.is_last:
            self.turns.pop(flight.id, None)
            strip.put(turn, glyphs.turn_in_right if step > 0 else glyphs.turn_in_left, "ink3")
        else:
            strip.put(turn, glyphs.tee_right if step > 0 else glyphs.tee_left, "ink3")

    def _put_dying(self, strips: list[Strip], flight: Flight) -> None:
        _, stop, step = self._way(flight)
        turn = self.turns.pop(flight.id, stop - 4 * step)
        strips[0].put(turn, self.glyphs.cross, "err")
        self._place(strips, ((turn - 2 * step, -step),), self.words.fate(flight.fate), "err")

    # --- prose ---

    def _prose(self, row: Row) -> list[Line]:
        if row.kind == "say":
            return [(), *prose(row.text, min(self.columns, 90), TIME_COLUMNS + 2), ()]
        assert row.reason is not None, "a row of kind why carries its reason"
        first = self.lifelines[self.hosts[0]]
        last = self.lifelines[self.hosts[-1]] if len(self.hosts) > 1 else self.columns
        lines = []
        for inner in text_lines([why(row, self.words)], last - first - 6):
            strip = self._strip()
            strip.put(first + 3, "".join(span.text for span in inner), "ink3")
            lines.append(strip.line())
        return lines


def _is_alarming(flight: Flight) -> bool:
    """Is it drawn in red: sent again, or a RST?"""
    return flight.retransmission > 0 or flight.segment.rst
