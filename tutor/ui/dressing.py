"""Markdown that Qt has read gets our fonts, and room between its paragraphs.

Rules
-----
* Fonts come from ``fonts.py`` here too: after Qt has read the Markdown every fragment gets the font of its kind. Qt's
  own bold and larger letters would be smeared copies.
* Emphasis in Chinese is weight, not slant.
"""

from __future__ import annotations

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextListFormat,
    QTextTable,
)

from tutor.ui import fonts
from tutor.ui.style import LEAST_TEXT, Style

HEADS = {1: 1.5, 2: 1.2, 3: 1.05}
"""How much larger than the text a heading of each level is."""

LINE = 122
"""The height of a line, in hundredths of the font's."""


NO_HTML = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class Shut(QTextDocument):
    """A document that loads nothing from anywhere."""

    def loadResource(self, _kind, _name):
        return None


def dressed(markdown: str, style: Style, size: float) -> QTextDocument:
    """A document of these words, for paper."""
    document = Shut()
    document.setDocumentMargin(0)
    document.setDefaultFont(style.font(size))
    document.setMarkdown(markdown, NO_HTML)
    dress(document, style, size)
    return document


def dress(document: QTextDocument, style: Style, size: float) -> None:
    """Give all of a document the fonts of ``style``, ``size`` px of the 1920-px layout high, and room between parts."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        _shape(block, style)
        _write(block, style, size)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            wide = frame.format()
            wide.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
            frame.setFormat(wide)
    cursor.endEditBlock()


def _shape(block: QTextBlock, style: Style) -> None:
    """Room above and below, and discs before the rows of a list."""
    cursor = QTextCursor(block)
    shape = QTextBlockFormat()
    shape.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    level, following = block.blockFormat().headingLevel(), block.next()
    rows = block.textList()
    in_table = cursor.currentTable() is not None
    goes_on = rows is not None and following.isValid() and following.textList() is not None
    shape.setTopMargin(style.px(12) if level > 1 else 0)
    below = 0 if not following.isValid() else 2 if in_table else 5 if goes_on or level else 10
    shape.setBottomMargin(style.px(below))
    cursor.mergeBlockFormat(shape)
    if rows is not None and rows.format().style() in (
        QTextListFormat.Style.ListCircle, QTextListFormat.Style.ListSquare,
    ):  # fmt: skip
        discs = rows.format()
        discs.setStyle(QTextListFormat.Style.ListDisc)
        rows.setFormat(discs)


def _write(block: QTextBlock, style: Style, size: float) -> None:
    """Each fragment in the font of its kind, Chinese and English apart."""
    cursor = QTextCursor(block)
    level = block.blockFormat().headingLevel()
    spans = []
    walk = block.begin()
    while not walk.atEnd():
        piece = walk.fragment()
        spans.append((piece.position(), piece.text(), piece.charFormat()))
        walk += 1
    for start, text, was in spans:
        for piece, is_chinese in fonts.runs(text):
            cursor.setPosition(start)
            start += len(piece)  # noqa: PLW2901
            cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(_format(was, style, size, level, is_chinese=is_chinese))


def _format(was: QTextCharFormat, style: Style, size: float, level: int, *, is_chinese: bool) -> QTextCharFormat:
    """The font of a fragment: heading, bold, emphasised or code; a link stays one."""
    is_emphasis = was.fontItalic()
    weight = 700 if level or was.fontWeight() >= 600 or (is_emphasis and is_chinese) else 400
    if is_chinese:
        weight = fonts.cjk_weight(weight, on_dark=style.theme.is_dark)
    px = style.text_px(size * HEADS.get(level, 1.0))
    made = QTextCharFormat()
    if was.isAnchor():
        made.setAnchor(True)
        made.setAnchorHref(was.anchorHref())
        made.setForeground(style.colour("accent"))
    if was.fontFixedPitch():
        made.setFont(fonts.mono(max(px - 1, LEAST_TEXT), weight))
    elif is_emphasis and not is_chinese:
        made.setFont(fonts.italic(px, weight))
    else:
        made.setFont(fonts.ui(px, weight))
    return made
