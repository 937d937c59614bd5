"""Colours of a lesson's text: keys heavy, comments pale, placeholders picked out. Reads lines, builds nothing."""

from __future__ import annotations

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from tutor.ui import fonts
from tutor.ui.style import Style

_KEY = re.compile(r"^(\s*(?:- +)*)([\w.\[\]-]+|\"[^\"]*\"|'[^']*')(\s*:)(?=\s|$)")
_INNER_KEY = re.compile(r"([{,]\s*)([\w.-]+)(\s*:)(?=\s)")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_DASH = re.compile(r"^\s*((?:- +|-$)+)")
_HOLE = re.compile(r"\{[^{}\n:]*\}")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_BLOCK = re.compile(r":\s*[|>][-+0-9]*\s*$")
_SIGN = re.compile(r"[|>][-+0-9]*\s*$")


class Colours(QSyntaxHighlighter):
    """Paints one document. A block's state is the indentation of the words that it is part of, plus 1; else 0."""

    def __init__(self, document: QTextDocument, style: Style) -> None:
        super().__init__(document)
        self.restyle(style)

    def restyle(self, style: Style) -> None:
        """Take colours and weights from ``style``."""
        px = style.text_px(15)

        def shape(role: str, weight: int = 400) -> QTextCharFormat:
            made = QTextCharFormat()
            made.setForeground(style.colour(role))
            if weight != 400:
                made.setFont(fonts.mono(px, weight))
            return made

        self._key, self._pale, self._hole = shape("ink", 700), shape("ink3"), shape("ok", 600)
        self._quoted, self._words = shape("ink2"), shape("ink")
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        indent = len(text) - len(text.lstrip(" "))
        block = max(0, self.previousBlockState())
        if block and (not text.strip() or indent >= block):
            self.setCurrentBlockState(block)
            self._paint(text, _HOLE, self._hole)
            return
        self.setCurrentBlockState(0)
        self._paint(text, _QUOTED, self._quoted)
        self._paint(text, _HOLE, self._hole)
        for pattern in (_KEY, _INNER_KEY):
            for match in pattern.finditer(text):
                self.setFormat(match.start(2), len(match[2]), self._key)
                self.setFormat(match.start(3), len(match[3]), self._pale)
        dash = _DASH.match(text)
        if dash:
            self.setFormat(dash.start(1), len(dash[1]), self._pale)
        comment = _COMMENT.search(_QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text))
        if comment:
            self.setFormat(comment.start(), len(comment[0]), self._pale)
        elif _BLOCK.search(text):
            self.setFormat(_SIGN.search(text).start(), 2, self._pale)
            self.setCurrentBlockState(indent + 1 + len(dash[1] if dash else ""))

    def _paint(self, text: str, pattern: re.Pattern[str], shape: QTextCharFormat) -> None:
        for match in pattern.finditer(text):
            self.setFormat(match.start(), len(match[0]), shape)
