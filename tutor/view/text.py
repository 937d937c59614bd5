"""The text ladder: a run drawn with characters, for terminals, pipes and narrow places.

Rules
-----
* Time runs down, a line a thing. Left and right of the lifelines stand the states, between them the segments.
* A segment leaves on one line and arrives on another; a dotted line between them says that it is on its way.
* A silence of half a second or more is one line that gives its true length.
* Below ``NARROWEST`` columns there is no room for a ladder: the same things are told as a list.
* Nothing depends on colour. What a terminal cannot show has a plain twin (``ASCII``).

Theory
------
``view.rows`` says *what* is worth a line; here it is only *drawn*. A flight bends down at a turning column close to
its receiver. Several at once take columns side by side, the first free one nearest to the receiver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tutor.tcp.states import State
from tutor.view.cells import Line, Span, Strip, pad, text_lines, width
from tutor.view.listing import text_list
from tutor.view.rows import Row, rows_of
from tutor.view.telling import Style, act_text, labels, note, prose, seconds, why
from tutor.words import Words
from tutor.world.records import Flight
from tutor.world.trace import Trace

FOLD_US = 500_000
"""A silence from this length on is folded into one line."""

NARROWEST = 64
"""Columns below which the ladder becomes a list."""

WIDEST = 120
"""Columns beyond which a ladder only gets harder to read."""

TIME_COLUMNS, STATE_COLUMNS, PORT_COLUMNS = 9, 12, 7
"""The ports stand beside the states only where there is more than one connection."""


def text_ladder(
    trace: Trace,
    words: Words,
    style: Style,
    narration: Mapping[int, Sequence[str]] | None = None,
    *,
    until: int | None = None,
) -> list[Line]:
    """The trace as lines, all of it or up to ``until`` (microseconds).

    ``narration``: index of a step -> texts to say after it.
    """
    rows = rows_of(trace, narration=narration, with_reasons=style.reasons)
    if until is not None and until < trace.end:
        rows = [row for row in rows if row.at <= until]
        return (
            _Ladder(trace, words, style, rows).lines()[:-2]
            if style.columns >= NARROWEST
            else text_list(rows, words, style)
        )
    if style.columns < NARROWEST:
        return text_list(rows, words, style)
    return _Ladder(trace, words, style, rows).lines()


class _Ladder:
    """Draws rows. Knows where the lifelines stand and which flights are on their way."""

    def __init__(self, trace: Trace, words: Words, style: Style, rows: list[Row]) -> None:
        self.words, self.style, self.rows, self.glyphs = words, style, rows, style.glyphs
        world = trace.steps[0].world
        self.hosts = [host.name for host in world.hosts]
        self.addresses = {host.name: str(host.address) for host in world.hosts}
        self.end = trace.end
        self.columns = min(style.columns, WIDEST)
        self.names_connections = len({row.connection for row in rows if ">" in row.connection}) > 1
        self.state_columns = STATE_COLUMNS + PORT_COLUMNS * self.names_connections
        left = TIME_COLUMNS + 2 + self.state_columns + 1
        right = self.columns - self.state_columns - 3
        gaps = max(1, len(self.hosts) - 1)
        self.lifelines = {name: left + (right - left) * i // gaps for i, name in enumerate(self.hosts)}
        self.roles = {name: "ab"[i] if i < 2 else "ink" for i, name in enumerate(self.hosts)}
        self.turns: dict[int, int] = {}
        """Flight -> its turning column, while it is on its way."""

    # --- the page ---

    def lines(self) -> list[Line]:
        """Header, rows with silences folded between them, footer."""
        page = [self._header(), self._first_states()]
        shown: int | None = None
        for row in self.rows:
            if shown is not None and row.at - shown >= FOLD_US:
                page.append(self._fold(row.at - shown))
            made = self._row(row, row.at != shown)
            page += made[1:] if () == made[0] == page[-1] else made
            shown = row.at
        return [*page, *self._footer()]

    def _header(self) -> Line:
        strip = Strip(self.columns)
        strip.put(0, pad(self.words.t("time (s)"), TIME_COLUMNS, right=True), "ink3")
        for i, name in enumerate(self.hosts):
            title = f"{name} {self.addresses[name]}".strip()
            column = self.lifelines[name]
            if i == len(self.hosts) - 1 and i:
                strip.put_right(min(self.columns - 1, column + self.state_columns), title, self.roles[name])
            else:
                strip.put(max(TIME_COLUMNS + 2, column - self.state_columns), title, self.roles[name])
        return strip.line()

    def _first_states(self) -> Line:
        strip = self._strip()
        for name in self.hosts:
            self._put_state(strip, name, State.CLOSED.value, "")
        return strip.line()

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

    def _footer(self) -> Iterator[Line]:
        text = self.words.t("The run ends after {time} s.", time=seconds(self.end))
        yield ()
        yield (Span(" " * (TIME_COLUMNS + 2)), Span(text, "ink3"))

    # --- one row ---

    def _row(self, row: Row, is_new_time: bool) -> list[Line]:
        if row.kind in ("say", "why"):
            return self._prose(row)
        strip = self._strip()
        if is_new_time:
            strip.put(0, pad(seconds(row.at), TIME_COLUMNS, right=True))
        for name, state in row.states.items():
            self._put_state(strip, name, str(state), row.connection)
        match row.kind:
            case "leave" if row.flight is not None:
                self._put_leaving(strip, row.flight)
            case "arrive" if row.flight is not None:
                self._put_arriving(strip, row.flight, row)
            case "die" if row.flight is not None:
                self._put_dying(strip, row.flight)
            case "call" | "return" | "timer" | "icmp":
                self._put_note(strip, row)
            case "gone":
                self._put_state(strip, row.host, "-", row.connection)
            case "act":
                strip.put(next(iter(self.lifelines.values())) + 2, act_text(row), "err" if row.detail else "accent")
        return [strip.line()]

    def _strip(self) -> Strip:
        strip = Strip(self.columns)
        self._put_flights(strip)
        for name, column in self.lifelines.items():
            strip.put(column, self.glyphs.life, self.roles[name])
        return strip

    def _put_flights(self, strip: Strip) -> None:
        for column in self.turns.values():
            strip.put(column, self.glyphs.flight, "ink3")

    def _put_state(self, strip: Strip, host: str, text: str, connection: str) -> None:
        column = self.lifelines[host]
        if self.names_connections and ">" in connection:
            text += f" :{connection.partition('>')[0].rpartition(':')[2]}"
        step = -1 if host == self.hosts[0] else 1
        self._put_from(strip, column + 2 * step, step, text, self.roles[host])

    def _put_note(self, strip: Strip, row: Row) -> None:
        text, role = note(row, self.words)
        step = -1 if row.host == self.hosts[-1] and len(self.hosts) > 1 else 1
        self._put_from(strip, self.lifelines[row.host] + 2 * step, step, text, role)

    # --- segments ---

    def _way(self, flight: Flight) -> tuple[int, int, int]:
        """(sender's lifeline, receiver's lifeline, direction); a segment to nobody flies to the other side."""
        columns = list(self.lifelines.values())
        start = self.lifelines.get(flight.sender, columns[0])
        stop = self.lifelines.get(flight.receiver, columns[0] if start != columns[0] else columns[-1])
        return start, stop, 1 if start < stop else -1

    def _put_leaving(self, strip: Strip, flight: Flight) -> None:
        start, stop, step = self._way(flight)
        is_lost = flight.arrives_at is None
        turn = self._place_of_death(flight, start, stop) if is_lost else self._turn(start, stop)
        role = self.roles.get(flight.sender, "ink")
        for column in range(start + step, turn, step):
            strip.put(column, self.glyphs.dash, role)
        strip.put(start, self.glyphs.tee_right if step > 0 else self.glyphs.tee_left, role)
        room = abs(turn - start) - 4
        label = next((text for text in labels(flight, self.words) if width(text) + 2 <= room), "")
        if label:
            self._put_from(strip, start + 3 * step, step, f" {label} ", "err" if _is_alarming(flight) else role)
        if is_lost:
            strip.put(turn, self.glyphs.cross, "err")
            self._put_from(strip, turn + 2 * step, step, self.words.fate(flight.fate), "err")
            return
        self.turns[flight.id] = turn
        strip.put(turn, self.glyphs.turn_down_right if step > 0 else self.glyphs.turn_down_left, "ink3")

    def _place_of_death(self, flight: Flight, start: int, stop: int) -> int:
        """Where the cross stands: half way and a bit, further if the label needs it, but what happened must fit too."""
        span, fate = abs(stop - start), width(self.words.fate(flight.fate)) + 4
        wanted = max(span * 58 // 100, width(labels(flight, self.words)[0]) + 7)
        return start + min(wanted, span - fate) * (1 if start < stop else -1)

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
        for column in range(stop - 4 * step, start + 8 * step, -2 * step):
            if column not in taken:
                return column
        return stop - 4 * step

    def _put_arriving(self, strip: Strip, flight: Flight, row: Row) -> None:
        _, stop, step = self._way(flight)
        turn = self.turns.get(flight.id, stop - 4 * step)
        role, glyphs = self.roles.get(flight.sender, "ink"), self.glyphs
        for column in range(turn + step, stop, step):
            strip.put(column, glyphs.dash, role)
        if row.text:
            strip.put(stop - step, glyphs.cross, "err")
            self._put_from(strip, turn - 2 * step, -step, self.words.fate(row.text), "err")
        else:
            strip.put(stop - step, ">" if step > 0 else "<", role)
        if row.is_last:
            self.turns.pop(flight.id, None)
            strip.put(turn, glyphs.turn_in_right if step > 0 else glyphs.turn_in_left, "ink3")
        else:
            strip.put(turn, glyphs.tee_right if step > 0 else glyphs.tee_left, "ink3")

    def _put_dying(self, strip: Strip, flight: Flight) -> None:
        _, stop, step = self._way(flight)
        turn = self.turns.pop(flight.id, stop - 4 * step)
        strip.put(turn, self.glyphs.cross, "err")
        self._put_from(strip, turn - 2 * step, -step, self.words.fate(flight.fate), "err")

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
