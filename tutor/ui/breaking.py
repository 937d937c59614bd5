"""Words that are too long for one line: paths, names of files.

Rules
-----
* They may be broken after a slash, a dot, a dash, an underscore; where there is none, anywhere.
* What is copied is what was said, without the marks at which it may be broken.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QWidget

BREAK = "\u200b"
"""A place where a line may end; it has no width (Unicode: zero width space)."""
LONG = 20
"""A word of fewer letters is never broken."""
RUN = 12
"""So many letters without any mark are broken all the same."""


def breakable(text: str) -> str:
    """``text`` with places to break in its long words.

    >>> breakable("see /a/b").count(BREAK)
    0
    >>> breakable("/home/somebody/x-y.pkt").split(BREAK)
    ['/', 'home/', 'somebody/', 'x-', 'y.', 'pkt']
    """
    return re.sub(rf"\S{{{LONG},}}", lambda word: _opened(word.group()), text)


def _opened(word: str) -> str:
    parts = re.findall(rf"[^/\\._-]{{{RUN}}}|[^/\\._-]*[/\\._-]|[^/\\._-]+", word)
    return BREAK.join(parts)


class BreakingLabel(QLabel):
    """Plain words that wrap wherever they must; they can be selected and copied as they were said."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(breakable(text), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = self.selectedText() or self.text()
            QApplication.clipboard().setText(chosen.replace(BREAK, ""))
            event.accept()
            return
        super().keyPressEvent(event)
