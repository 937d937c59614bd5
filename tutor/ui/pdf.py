"""Pictures as PDF: fonts embedded, text that can be selected and searched, the run attached.

Rules
-----
* A page is as large as its picture; one px is 1/96 inch. Outlines know no resolution.
* Letters stay letters, Chinese as well: Qt embeds the part of each font that is used.
* What is found and copied is what was written (``as_written``), in every PDF of this program.

Theory
------
A PDF names glyphs, and a map per font (ToUnicode) says which character each of them is. One glyph may be that of
several: Noto Sans CJK draws the radical U+2F00 with the glyph of U+4E00, the word for one. Qt writes the lowest of them
down, which for common Chinese is a radical that nobody searches for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontDatabase, QPageLayout, QPageSize, QPainter, QPdfWriter, QRawFont

from tutor.exchange.embedded import ATTACHED, MIME
from tutor.ui import fonts
from tutor.ui.paint import paint_picture
from tutor.view.marks import Picture
from tutor.view.theme import Theme

DPI = 96
FINE = 10
"""Units of the page in a px: Qt rounds clips to whole units."""

RADICALS, CHARACTERS = range(0x2E80, 0x3400), (*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0))
"""Radicals, strokes and numerals; and the Chinese characters that they look like."""
MODIFIERS, MARKS = range(0x2B0, 0x300), range(0x2010, 0x2028)
"""Letters that only phonetics needs; and the quotation marks that they look like."""


def to_pdf(
    pictures: Sequence[Picture], theme: Theme, *, title: str = "", run: str = "", ground: str = "surface"
) -> bytes:
    """Each picture on a page of its own; ``run``: the text of a saved run to attach."""
    fonts.load()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI * FINE)
    writer.setTitle(title)
    writer.setCreator("tcp-tutor")
    attach_run(writer, run)
    _set_page(writer, pictures[0])
    painter = QPainter(writer)
    for place, picture in enumerate(pictures):
        if place:
            _set_page(writer, picture)
            writer.newPage()
        painter.save()
        painter.scale(FINE, FINE)
        if ground:
            painter.fillRect(QRectF(0, 0, picture.width + 1, picture.height + 1), QColor(theme.colour(ground)))
        with fonts.on_paper():
            paint_picture(painter, picture, theme)
        painter.restore()
    painter.end()
    buffer.close()
    return as_written(bytes(buffer.data().data()))


def attach_run(writer: QPdfWriter, run: str) -> None:
    """Attach the text of a saved run to a PDF, if there is one: who drops the PDF on the window plays it."""
    if run:
        writer.addFileAttachment(ATTACHED, run.encode(), MIME)


def _set_page(writer: QPdfWriter, picture: Picture) -> None:
    whole = QPageSize.SizeMatchPolicy.ExactMatch
    size = QPageSize(QSizeF(picture.width / DPI, picture.height / DPI), QPageSize.Unit.Inch, "picture", whole)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))


# --- what each glyph is ---

_MAP = re.compile(rb"begincmap\n.*?\nendcmap", re.DOTALL)
_ENTRY = re.compile(rb"^(<(\w{4})> <(?:\2> (?=<)|\w{4}> (?=\[)))(\[[^\]]*\]|<\w{4}>)$", re.MULTILINE)
"""A glyph and its character, or a row of glyphs and the list of theirs; (glyphs, _, characters)."""
_CODE = re.compile(rb"<([0-9A-Fa-f]{4})>")


def as_written(data: bytes) -> bytes:
    """A PDF of Qt's whose maps name what was written, not what only looks the same. As long as it was."""

    def code(found: re.Match[bytes]) -> bytes:
        return b"<%04X>" % meant.get(int(found[1], 16), int(found[1], 16))

    def entry(found: re.Match[bytes]) -> bytes:
        return found[1] + _CODE.sub(code, found[3])

    meant = _characters_meant()
    return _MAP.sub(lambda found: _ENTRY.sub(entry, found[0]), data)


@cache
def _characters_meant() -> dict[int, int]:
    """Each character that nobody means, and whose glyph is also that of another one -> that other one."""
    chinese = QRawFont.fromFont(fonts.ui(16), QFontDatabase.WritingSystem.SimplifiedChinese)
    return _alike(chinese, RADICALS, CHARACTERS) | _alike(QRawFont.fromFont(fonts.ui(16)), MODIFIERS, MARKS)


def _alike(font: QRawFont, codes: Sequence[int], meant: Sequence[int]) -> dict[int, int]:
    """Each of ``codes`` that shares its glyph in ``font`` with one of ``meant`` -> the first one."""
    owners: dict[int, int] = {0: 0}
    for glyph, code in zip(_glyphs(font, meant), meant, strict=True):
        owners.setdefault(glyph, code)
    return {code: owners[glyph] for glyph, code in zip(_glyphs(font, codes), codes, strict=True) if owners.get(glyph)}


def _glyphs(font: QRawFont, codes: Sequence[int]) -> list[int]:
    """The glyph of each character; 0: the font has none."""
    return font.glyphIndexesForString("".join(map(chr, codes)))
