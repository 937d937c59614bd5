"""The header as RFC 9293 figure 1 draws it: 32 bits a row, and beside each row its four octets.

Rules
-----
* A cell and its octets carry the same id, ``field:NAME``: what points at one picks out the other.
* A name that does not fit is said shorter, a flag's letters stand on top of one another, as in the RFC.
* Text that rides on the segment stands below, sixteen or eight octets a row, with the letters they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.view.fields import Cell, Field, Octets
from tutor.view.marks import Ink, Line, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look

BITS = 32
FLAGS_WORD = 3
"""The word with the one-bit fields: its row is higher."""

MOST_TEXT_ROWS = 8
"""So many rows of text are shown; the rest is counted."""


_SURFACE = Ink("surface")


@dataclass(frozen=True, slots=True)
class Pointed:
    """Which fields are picked out: ``picked`` stays, ``hovered`` goes with the pointer. ``tint`` is the sender's."""

    picked: str = ""
    hovered: str = ""
    tint: Ink = _SURFACE

    def ground(self, field: str, plain: Ink) -> Ink:
        """The ground of a cell or an octet of this field."""
        return Ink("accent_tint") if field and field in (self.picked, self.hovered) else plain


@dataclass(frozen=True, slots=True)
class Measures:
    """Lengths of the grid in px: where it stands, how wide a bit is, the unit that grows with the text."""

    left: float
    top: float
    bit: float
    unit: float
    is_low: bool = False
    """Is there little height? Then name and value share a line."""
    line: float = 0.0
    """The height of every row (px), where the whole header has to fit; 0: as high as is good to read."""

    @property
    def right(self) -> float:
        """The right edge of the grid."""
        return self.left + BITS * self.bit

    @property
    def octets(self) -> float:
        """Where the first octet beside a row begins."""
        return self.right + 12 * self.unit

    @property
    def full_width(self) -> float:
        """Grid and octets together, from the grid's left edge."""
        return self.octets + 4 * OCTET * self.unit - self.left

    def row(self, word: int) -> tuple[float, float]:
        """(top, height) of a row."""
        heights = [self._height(each) * self.unit for each in range(word + 1)]
        return self.top + sum(heights[:-1]), heights[-1]

    def _height(self, word: int) -> float:
        """The height of a row, in units."""
        if self.line:
            return self.line / self.unit
        if word == FLAGS_WORD:
            return 58.0 if self.is_low else 64.0
        return 27.0 if self.is_low else 42.0


OCTET = 25.0
"""How wide an octet in hex is, in units."""

LEFT = 30.0
"""Room for the offsets to the left of the grid, in units."""

RULER, LOW_RULER = 34.0, 15.0
"""Height of the ruler over the grid, in units; where rows are lines, only the octets are counted."""

LEAST_LINE, MOST_LINE = 15.0, 27.0
"""Bounds of ``Measures.line``, in units."""


def least_width(unit: float) -> float:
    """The narrowest that offsets, grid and octets together can be, in px."""
    return (LEFT + BITS * 12.5 + 12 + 4 * OCTET) * unit


def size_of(points: float, look: Look) -> float:
    """A text size on screen: scaled, and never below 12 px."""
    return max(12.0, points * look.text_scale)


def grid(
    fields: tuple[Field, ...], found: Octets, measures: Measures, look: Look, pointed: Pointed
) -> tuple[list[Mark], float]:
    """The marks of ruler, grid and octets of the header, and where they end (y)."""
    marks = list(_ruler(measures, look))
    for field in fields:
        if field.id != "text" and not field.is_group:
            for cell in field.cells:
                marks += _cell(cell, field, measures, look, pointed)
    marks += _octets(fields, found, measures, look, pointed)
    marks += _frames(fields, measures, pointed)
    top, height = measures.row(found.header // 4 - 1)
    return marks, top + height


def _ruler(m: Measures, look: Look) -> Iterator[Mark]:
    """The numbers of the bits, as in the RFC: tens over units."""
    size = size_of(12, look)
    if m.line:
        for bit in (0, 8, 16, 24, BITS - 1):
            x = m.left + (bit + 0.5) * m.bit
            yield Text(x, m.top - 4 * m.unit, str(bit), Ink("ink3"), size, font="mono", anchor="middle")
        return
    for bit in range(BITS):
        x = m.left + (bit + 0.5) * m.bit
        if bit % 10 == 0:
            yield Text(x, m.top - 19 * m.unit, str(bit // 10), Ink("ink3"), size, font="mono", anchor="middle")
        yield Text(x, m.top - 6 * m.unit, str(bit % 10), Ink("ink3"), size, font="mono", anchor="middle")


# --- cells ---


def _pieces(cell: Cell) -> list[tuple[int, int, int]]:
    """(word, first bit, bits) of each row that a cell reaches into."""
    found = []
    at, left = cell.first, cell.bits
    while left > 0:
        bits = min(left, BITS - at % BITS)
        found.append((at // BITS, at % BITS, bits))
        at, left = at + bits, left - bits
    return found


def _cell(cell: Cell, field: Field, m: Measures, look: Look, pointed: Pointed) -> Iterator[Mark]:
    pieces = _pieces(cell)
    widest = max(pieces, key=lambda piece: piece[2])
    used = pointed.tint if cell.bits == 1 else Ink("surface")
    plain = used if field.is_used else Ink("surface2")
    for piece in pieces:
        word, first, bits = piece
        top, height = m.row(word)
        box = (m.left + first * m.bit, top, bits * m.bit, height)
        mark_id = f"field:{field.id}"
        yield Rect(*box, fill=pointed.ground(field.id, plain), stroke=Ink("edge"), width=1.0, id=mark_id)
        if piece is widest:
            yield from _labels(cell, field, box, m, look)


def _labels(
    cell: Cell, field: Field, box: tuple[float, float, float, float], m: Measures, look: Look
) -> Iterator[Mark]:
    x, top, width, height = box
    middle, room = x + width / 2, width - 6 * m.unit
    if cell.bits == 1:
        yield from _flag(cell, field, (middle, top, width, height), m, look)
        return
    if m.is_low and cell.values:
        base = top + height / 2 + (4.5 if m.line else 5) * m.unit
        yield from _in_a_line(cell, field, (middle, base), room, look, size_of(13 if m.line else 14, look))
        return
    name = _fitting(cell.names, room, size_of(12, look), "ui", 400)
    ink = Ink("ink2") if field.is_used else Ink("ink3")
    foot = top + height - 11 * m.unit
    if name:
        yield Text(middle, foot - 16 * m.unit, name, ink, size_of(12, look), anchor="middle")
    value = _fitting(cell.values, room, size_of(14, look), "mono", 600)
    if value:
        ink = Ink("err") if "✕" in value else Ink("ink") if field.is_used else Ink("ink3")
        yield Text(middle, foot, value, ink, size_of(14, look), 600, "mono", "middle")


def _in_a_line(
    cell: Cell, field: Field, at: tuple[float, float], room: float, look: Look, large: float
) -> Iterator[Mark]:
    """Name and value (``large`` px) side by side about a middle: the longest of each that there is room for."""
    small = size_of(12, look)
    gap = 0.6 * small
    inks = (Ink("ink2"), Ink("ink")) if field.is_used else (Ink("ink3"), Ink("ink3"))
    for value in cell.values:
        wide = text_width(value, "mono", large, 600)
        name = _fitting(cell.names, room - wide - gap, small, "ui", 400)
        if wide <= room and (name or value == cell.values[-1]):
            left = at[0] - (wide + (text_width(name, "ui", small) + gap if name else 0)) / 2
            if name:
                yield Text(left, at[1], name, inks[0], small)
                left += text_width(name, "ui", small) + gap
            yield Text(left, at[1], value, Ink("err") if "✕" in value else inks[1], large, 600, "mono")
            return


def _fitting(said: tuple[str, ...], room: float, size: float, font: str, weight: int) -> str:
    """The longest that fits."""
    return next((text for text in said if text_width(text, font, size, weight) <= room), "")


def _flag(
    cell: Cell, field: Field, place: tuple[float, float, float, float], m: Measures, look: Look
) -> Iterator[Mark]:
    """One bit: its letters from top to bottom, its value below."""
    middle, top, width, height = place
    name, size = cell.names[0], size_of(12, look)
    ink = Ink("ink") if field.is_used else Ink("ink3")
    weight = 700 if field.is_used else 400
    if m.line:
        yield Text(middle, top + height / 2 + 4.5 * m.unit, name[0], ink, size, weight, "mono", "middle")
        return
    if text_width("CWR", "ui", size, 700) <= width - 4:
        yield Text(middle, top + height / 2 - 5 * m.unit, name, ink, size, weight, anchor="middle")
    else:
        for line, letter in enumerate(name):
            y = top + ((12 if m.is_low else 13) * (1 + line) + (0 if m.is_low else 1)) * m.unit
            yield Text(middle, y, letter, ink, size, weight, "mono", "middle")
    yield Text(
        middle,
        top + height - (6 if m.is_low else 9) * m.unit,
        cell.values[0],
        ink,
        size_of(14, look),
        weight,
        "mono",
        "middle",
    )


def _frames(fields: tuple[Field, ...], m: Measures, pointed: Pointed) -> Iterator[Mark]:
    """A frame about what is picked, over the lines of its neighbours."""
    for field in fields:
        if field.id != pointed.picked or field.id == "text":
            continue
        for cell in field.cells:
            for word, first, bits in _pieces(cell):
                top, height = m.row(word)
                frame = (m.left + first * m.bit + 1, top + 1, bits * m.bit - 2, height - 2)
                yield Rect(
                    *frame, stroke=Ink("accent"), width=2.0, id=f"field:{field.id}" if not field.is_group else ""
                )


# --- octets ---


def owners(fields: tuple[Field, ...], header: int) -> list[str]:
    """The field that each octet of the header is read as: the flags together, else the first that has bits there."""
    found = [""] * header
    for field in sorted(fields, key=lambda field: not field.is_group):
        for octet in field.octets:
            if octet < header and not found[octet]:
                found[octet] = field.id
    return found


def _octets(fields: tuple[Field, ...], found: Octets, m: Measures, look: Look, pointed: Pointed) -> Iterator[Mark]:
    owner = owners(fields, found.header)
    touched = {octet for field in fields if field.id in (pointed.picked, pointed.hovered) for octet in field.octets}
    for word in range(found.header // 4):
        top, height = m.row(word)
        y, size = top + height / 2 + (4.5 if m.line else 5) * m.unit, size_of(12, look)
        yield Text(m.left - 8 * m.unit, y, str(4 * word), Ink("ink3"), size, font="mono", anchor="end")
        for column in range(4):
            octet = 4 * word + column
            x = m.octets + column * OCTET * m.unit
            is_damaged = octet == found.damaged
            fill = Ink("err_tint") if is_damaged else Ink("accent_tint") if octet in touched else Ink("surface2")
            high = min(24 * m.unit, height - 2)
            box = (x, top + (height - high) / 2, (OCTET - 2) * m.unit, high)
            stroke = Ink("err") if is_damaged else None
            yield Rect(*box, 3, fill=fill, stroke=stroke, id=f"field:{owner[octet]}")
            ink = Ink("err") if is_damaged else Ink("ink")
            yield Text(x + (OCTET - 2) / 2 * m.unit, y, f"{found.data[octet]:02x}", ink, size_of(13, look),
                       400, "mono", "middle")  # fmt: skip


# --- text ---


def text_rows(found: Octets, m: Measures, top: float, look: Look, pointed: Pointed) -> tuple[list[Mark], float]:
    """The octets of the text from ``top`` on: hex and letters; where they end (y)."""
    body = found.data[found.header :]
    if not body:
        return [], top
    size, step = size_of(13, look), 21 * m.unit
    wide = text_width("0" * 66, "mono", size) <= m.full_width
    each = 16 if wide else 8
    marks: list[Mark] = [Line(m.left, top, m.left + m.full_width, top, Ink("border"))]
    y = top + 10 * m.unit
    for row in range(min(MOST_TEXT_ROWS, -(-len(body) // each))):
        marks += _text_row(found, row * each, each, (m.left, y), m, look, pointed)
        y += step
    more = len(body) - MOST_TEXT_ROWS * each
    if more > 0:
        said = look.words.t("… and {count} octets more", count=more)
        marks.append(Text(m.left, y + 14 * m.unit, said, Ink("ink2"), size_of(13, look)))
        y += step
    return marks, y + 6 * m.unit


def _text_row(
    found: Octets, start: int, each: int, place: tuple[float, float], m: Measures, look: Look, pointed: Pointed
) -> Iterator[Mark]:
    x, y = place
    size = size_of(13, look)
    part = found.data[found.header + start :][:each]
    hexes = " ".join(f"{octet:02x}" for octet in part)
    letters = "".join(chr(octet) if 32 <= octet < 127 else "·" for octet in part)
    base, step = y + 15 * m.unit, text_width("0", "mono", size)
    room = m.full_width
    yield Rect(x, y, room, 20 * m.unit, 3, fill=pointed.ground("text", Ink("surface2")), id="field:text")
    yield Text(x - 8 * m.unit, base, str(found.header + start), Ink("ink3"), size_of(12, look), 400, "mono", "end")
    yield Text(x + step, base, hexes, Ink("ink"), size, 400, "mono")
    yield Text(x + step * (each * 3 + 2), base, letters, Ink("ink2"), size, 400, "mono")
    if found.damaged is not None and 0 <= found.damaged - found.header - start < len(part):
        at = x + step * (1 + 3 * (found.damaged - found.header - start))
        yield Rect(at - 2, y + 1, 2 * step + 4, 18 * m.unit, 3, stroke=Ink("err"), width=1.5, id="field:text")
