"""One segment under the glass: its header on a grid, its octets, and what each field means and who reads it.

Rules
-----
* Everything shown is computed: octets by ``tcp.wire``, the checksum over them, variables from the reader's record.
* ``field`` is the field that is picked, ``look.hover`` the one under the pointer; either is explained beside the grid.
* The room of that explanation does not depend on which field it is: nothing moves when the pointer does.
* Below it every field is told, for reading and for printing. The picture may be higher than the view.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from tutor.joining import listed, named, sentences
from tutor.view import fields as dissection, grid
from tutor.view.fields import Field, Octets, Specimen
from tutor.view.fieldwords import Told, told, variables
from tutor.view.grid import Measures, Pointed, size_of
from tutor.view.marks import Ink, Layer, Mark, Picture, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.standing import host_name
from tutor.view.theme import Look, host_ink, host_letter, host_tint
from tutor.view.wrapping import wrapped
from tutor.words import FATES
from tutor.world.records import Flight
from tutor.world.time import format_duration

MARKS = ("", "ECT(1)", "ECT(0)", "CE")
"""What the IP header says of ECN, by its codepoint (RFC 3168 section 5)."""

PREFIX = "field:"
MARGIN = 14.0
GAP = 18.0
LOW, LINES = 330.0, 240.0
"""In a view that is lower (units) the rows of the grid are; in one lower still each is one line, the whole header is
to be seen without scrolling, and the head stands beside it."""

COLUMN = 400.0
"""The list has as many columns of at least so many units as there is room for."""
BESIDE = 340.0
"""From so much room (units) to the right of the narrowest grid on, the explanation stands there, else below."""


def header(
    of: Specimen | None,
    size: tuple[float, float],
    look: Look,
    *,
    field: str = "",
    scrolled: float = 0.0,
    is_still: bool = False,
) -> Picture:
    """The picture of a segment, ``size`` px large or higher; of None: that there is none yet.

    ``is_still``: nobody can point at it; there is no box then that asks for it.

    ``scrolled``: how far (px) the view has gone down. Beside the grid the explanation goes along, as far as the grid.
    """
    if of is None:
        return _sentence(look.words.t("No segment has been sent yet."), size, look)
    known = (of.receiver.state, *variables(of.receiver).items()) if of.receiver is not None else ()
    seen = _Seen(of.flight, of.hosts, of.layout, of.is_damaged, of.is_dead, known, of)
    return _drawn(seen, size, look, field, scrolled, is_still)


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that a picture shows of a specimen: while this stays the same, so does the picture."""

    flight: Flight
    hosts: tuple[str, ...]
    layout: str
    is_damaged: bool
    is_dead: bool
    known: tuple[object, ...]
    of: Specimen = field(compare=False)


@lru_cache(maxsize=8)
def _drawn(seen: _Seen, size: tuple[float, float], look: Look, picked: str, scrolled: float, is_still: bool) -> Picture:
    try:
        found = dissection.octets(seen.of)
    except ValueError:
        said = look.words.t("This forged segment has more options than a header has room for: at most 40 octets.")
        return _sentence(said, size, look)
    return _Sheet(seen.of, found, size, look, picked, is_still=is_still).picture(scrolled)


def _sentence(said: str, size: tuple[float, float], look: Look) -> Picture:
    text = size_of(15, look)
    lines = wrapped(said, size[0] - 2 * MARGIN, text)
    marks = tuple(Text(MARGIN, 30 + 1.4 * text * place, line, Ink("ink2"), text) for place, line in enumerate(lines))
    key = ("header", said, size, look)
    return Picture(size[0], max(size[1], 40 + 1.4 * text * len(lines)), (Layer("static", key, marks),))


@dataclass(frozen=True, slots=True)
class _Row:
    """A field and what is told of it."""

    field: Field
    told: Told


class _Sheet:
    """One segment laid out in one size."""

    def __init__(
        self, of: Specimen, found: Octets, size: tuple[float, float], look: Look, field: str, *, is_still: bool
    ) -> None:
        self.of, self.found, self.look = of, found, look
        self.words = look.words
        self.unit = max(1.0, look.text_scale)
        self.fields = dissection.fields(of, self.words)
        self.rows = [_Row(each, told(each.id, of, found, self.words)) for each in self.fields]
        names = {each.id for each in self.fields}
        picked, hovered = (name.removeprefix(PREFIX) for name in (field, look.hover))
        at = of.hosts.index(of.flight.sender) if of.flight.sender in of.hosts else 0
        self.pointed = Pointed(picked if picked in names else "", hovered if hovered in names else "", host_tint(at))
        least = 2 * MARGIN + grid.least_width(self.unit)
        self.width = max(size[0], least)
        self.size = size
        self.is_explained = not is_still or bool(self.pointed.picked)
        self.is_wide = self.is_explained and self.width >= least + (GAP + BESIDE) * self.unit
        self.is_low = size[1] < LOW * self.unit
        self.has_lines = self.is_wide and size[1] < LINES * self.unit
        share = 0.42 if self.has_lines else 0.38
        self.column = min(max(BESIDE * self.unit, share * self.width), 560 * self.unit) if self.is_wide else 0.0

    def _measures(self, top: float, room: float) -> Measures:
        """Where the grid stands, and how high and wide its rows are."""
        bits = room - (grid.LEFT + 12 + 4 * grid.OCTET) * self.unit
        bit, left = min(bits / grid.BITS, 27 * self.unit), MARGIN + grid.LEFT * self.unit
        if not self.has_lines:
            return Measures(left, top + grid.RULER * self.unit, bit, self.unit, self.is_low)
        top = 4 + grid.LOW_RULER * self.unit
        line = (self.size[1] - top - 4) / (self.found.header // 4)
        line = min(max(line, grid.LEAST_LINE * self.unit), grid.MOST_LINE * self.unit)
        return Measures(left, top, bit, self.unit, is_low=True, line=line)

    def picture(self, scrolled: float) -> Picture:
        """Title, grid, text; the explanation and the list beside them or below."""
        room = self.width - 2 * MARGIN - (self.column + GAP * self.unit if self.is_wide else 0.0)
        marks, top = ([], MARGIN) if self.has_lines else self._title(MARGIN, room)
        measures = self._measures(top, room)
        drawn, y = grid.grid(self.fields, self.found, measures, self.look, self.pointed)
        marks += drawn
        drawn, y = grid.text_rows(self.found, measures, y + 12 * self.unit, self.look, self.pointed)
        marks += drawn
        if self.is_wide:
            left = measures.left + measures.full_width + GAP * self.unit
            wide = min(self.width - MARGIN - left, 640 * self.unit)
            high, start = self._highest(wide), MARGIN
            if self.has_lines:
                drawn, start = self._title(left, wide)
                marks += drawn
            top = max(start, min(start + scrolled, y - high))
            at, foot = (left, top, wide, high), max(y, start + high)
        else:
            wide = self.width - 2 * MARGIN
            at = (MARGIN, y + 6 * self.unit, wide, self._highest(wide))
            foot = at[1] + at[3]
        marks += self._explained(at)
        drawn, foot = self._list(foot + 14 * self.unit)
        marks += drawn
        seen = tuple(marks)
        layer = Layer("static", (self.look.theme_name, seen), seen)
        return Picture(self.width, max(self.size[1], foot + MARGIN), (layer,), self._titles())

    def _titles(self) -> tuple[tuple[str, str], ...]:
        words = self.words
        said = ((row.field, row.told.meaning) for row in self.rows)
        return tuple((PREFIX + field.id, sentences((named(field.name, field.value, words), meaning), words))
                     for field, meaning in said)  # fmt: skip

    # --- the head ---

    def _title(self, left: float, room: float) -> tuple[list[Mark], float]:
        """Who sends what to whom, its length and the verdict, in one line where there is room; and where they end."""
        top = 0.0 if self.has_lines else MARGIN
        marks, right = self._way(left, top, left + room)
        y = top + 16 * self.unit
        more, wide = self._verdict(right + 8 * self.unit, y)
        if self.is_low and wide <= left + room:
            return [*marks, *more], y + (8 if self.has_lines else 2) * self.unit
        below, wide = self._verdict(left, y + 20 * self.unit)
        if wide > left + room:
            below, _ = self._verdict(left, y + 20 * self.unit, room)
            return [*marks, *below], y + 46 * self.unit
        return [*marks, *below], y + 28 * self.unit

    def _way(self, left: float, top: float, limit: float) -> tuple[list[Mark], float]:
        """The first line of the head, up to ``limit`` at most, and its right end."""
        flight, u = self.of.flight, self.unit
        hosts, ends = self.of.hosts, (flight.sender, flight.receiver)
        places = [hosts.index(name) if name in hosts else 0 for name in ends]
        way = " → ".join(f"{host_letter(place)} {host_name(name, self.words)}"
                         for place, name in zip(places, (flight.sender, flight.receiver), strict=True))  # fmt: skip
        flags = next(field.value for field in self.fields if field.id == "flags")
        size, small = size_of(16, self.look), size_of(14, self.look)
        marks: list[Mark] = [Text(left, top + 16 * u, way, host_ink(places[0]), size, 700)]
        x = left + text_width(way, "ui", size, 700) + 14 * u
        marks.append(Text(x, top + 16 * u, flags, Ink("ink"), size, 700, "mono"))
        x += text_width(flags, "mono", size, 700) + 14 * u
        if flight.retransmission:
            said = self.words.t("Retransmission {count}", count=flight.retransmission)
            marks.append(Text(x, top + 16 * u, said, Ink("err"), small, 600))
            x += text_width(said, "ui", small, 600) + 14 * u
        if self.of.is_dead:
            said = shortened(self.words.t(FATES[flight.fate]), limit - x, "ui", small, 600)
            marks.append(Text(x, top + 16 * u, said, Ink("err"), small, 600))
            x += text_width(said, "ui", small, 600) + 14 * u
        return marks, x

    def _verdict(self, left: float, y: float, room: float = 0.0) -> tuple[list[Mark], float]:
        """Length, and whether the checksum fits, which is what its reader looks at first; and where they end (x).

        In a ``room`` that is too narrow the verdict stands under the length.
        """
        t, found, u = self.words.t, self.found, self.unit
        said = t("{octets} octets: header {header}, text {rest}", octets=len(found.data), header=found.header,
                 rest=len(found.data) - found.header)  # fmt: skip
        if self.of.flight.segment.mark:
            said += " · " + t("IP header: {mark}", mark=MARKS[self.of.flight.segment.mark])
        said += " · " + t("sent at {at}", at=format_duration(self.of.flight.sent_at))
        size = size_of(13, self.look)
        x = left + text_width(said, "ui", size) + 14 * u
        if room:
            said = shortened(said, room, "ui", size)
            x, y, first = left, y + 18 * u, y
        else:
            first = y
        sound = found.is_sound
        verdict = t("✓ checksum right") if sound else t("✕ checksum wrong")
        marks: list[Mark] = [Text(left, first, said, Ink("ink2"), size)]
        marks.append(Text(x, y, verdict, Ink("ok" if sound else "err"), size, 600))
        return marks, x + text_width(verdict, "ui", size, 600)

    # --- what is told ---

    def _highest(self, width: float) -> float:
        """How high the box about a field of this width must be, whichever field it is."""
        if not self.is_explained:
            return 0.0
        pad = 12 * self.unit
        return max(self._paragraphs(row, 0, 0, width - 2 * pad)[1] for row in self.rows) + 2 * pad

    def _explained(self, at: tuple[float, float, float, float]) -> list[Mark]:
        """The box (left, top, width, height) about the field pointed at."""
        if not self.is_explained:
            return []
        left, top, width, high = at
        pad, inner = 12 * self.unit, width - 24 * self.unit
        shown = self.pointed.hovered or self.pointed.picked
        chosen = next((row for row in self.rows if row.field.id == shown), None)
        marks: list[Mark] = [Rect(left, top, width, high, 8, Ink("surface2"), Ink("border"))]
        if chosen is not None:
            return marks + self._paragraphs(chosen, left + pad, top + pad, inner)[0]
        hint = self.words.t("Point at a field, or at an octet: here you read what it means and who reads it.")
        size = size_of(14, self.look)
        marks += [
            Text(left + pad, top + pad + 14 * self.unit + 1.4 * size * place, line, Ink("ink2"), size)
            for place, line in enumerate(wrapped(hint, inner, size))
        ]
        return marks

    def _list(self, top: float) -> tuple[list[Mark], float]:
        """Every field that says something, in as many columns as there is room for; marks and where they end."""
        u, pad = self.unit, 10 * self.unit
        rows = [row for row in self.rows if not self._goes_without_saying(row.field)]
        columns = max(1, int((self.width - 2 * MARGIN) // (COLUMN * u)))
        width = (self.width - 2 * MARGIN - (columns - 1) * GAP * u) / columns
        highs = [self._paragraphs(row, 0, 0, width - 2 * pad)[1] + 12 * u for row in rows]
        share = sum(highs) / columns
        marks: list[Mark] = []
        column, y, foot = 0, top, top
        for row, high in zip(rows, highs, strict=True):
            if y - top + high / 2 > share and column < columns - 1:
                column, y = column + 1, top
            left = MARGIN + column * (width + GAP * u)
            ground = self.pointed.ground(row.field.id, Ink("surface"))
            marks.append(Rect(left, y, width, high - 4 * u, 6, ground, id=PREFIX + row.field.id))
            marks += self._paragraphs(row, left + pad, y + 4 * u, width - 2 * pad)[0]
            y += high
            foot = max(foot, y)
        return marks, foot

    def _goes_without_saying(self, field: Field) -> bool:
        """A flag that is not set, and padding after the first."""
        pads = [each.id for each in self.fields if each.id.startswith("pad-")]
        return (field.id.startswith("flag-") and not field.is_used) or field.id in pads[1:]

    def _paragraphs(self, row: _Row, left: float, top: float, width: float) -> tuple[list[Mark], float]:
        """Name and value, meaning, reader, and what the reader knows now; marks and where they end."""
        u, look = self.unit, self.look
        name_size, size = size_of(14, look), size_of(13, look)
        marks: list[Mark] = []
        y = top + 14 * u
        marks.append(Text(left, y, row.field.name, Ink("ink"), name_size, 700))
        value = row.field.value
        if text_width(row.field.name, "ui", name_size, 700) + text_width(value, "mono", size) + 12 * u > width:
            y += 19 * u
        marks.append(Text(left + width, y, value, Ink("ink"), size, 600, "mono", "end"))
        y += 20 * u
        for text, ink in ((row.told.meaning, Ink("ink")), (row.told.reader, Ink("ink2"))):
            for line in wrapped(text, width, size):
                marks.append(Text(left, y, line, ink, size))
                y += 1.36 * size
            y += 4 * u
        if row.told.known:
            said = self.words.t(
                "{host} now: {values}", host=host_name(self.of.flight.receiver, self.words),
                values=listed((f"{name} = {value}" for name, value in row.told.known), self.words),
            )  # fmt: skip
            for line in wrapped(said, width, size):
                marks.append(Text(left, y, line, Ink("ink2"), size, 600))
                y += 1.36 * size
        return marks, y - 0.6 * size
