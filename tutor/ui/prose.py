"""Markdown words on screen: wrapped, as high as they need to be, in true weights.

Rules
-----
* Lessons are untrusted: no HTML, no pictures, no links that open; only emphasis, code and lists are left.
* Fonts come from ``fonts.py`` here too: ``dressing`` gives every fragment the font of its kind.
* Where the words are a lesson's, terms of the glossary are underlined with dots: pointing at one shows what it means,
  a click leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tutor.teach.glossary import Spot, spots, terms
from tutor.ui.dressing import NO_HTML, Shut, dress
from tutor.ui.style import Style


class Prose(QWidget):
    """A column of words. Its height follows its width. ``term_wanted``: the id of a term that was clicked."""

    term_wanted = Signal(str)

    def __init__(
        self, style: Style, size: float = 17, parent: QWidget | None = None, *, has_terms: bool = False
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._size = size
        self._role = "ink"
        self._markdown = ""
        self._has_terms = has_terms
        self._terms: tuple[Spot, ...] = ()
        self.setMouseTracking(has_terms)
        self._heights: dict[int, int] = {}
        """How high the words are in each width that was asked for (px): layouts ask many times."""
        self._document = Shut(self)
        self._document.setDocumentMargin(0)
        self._document.setUndoRedoEnabled(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def markdown(self) -> str:
        """The words as they were given."""
        return self._markdown

    def plain(self) -> str:
        """The words without marks of emphasis."""
        return self._document.toPlainText()

    def say(self, markdown: str, role: str = "ink") -> None:
        """Show these words, in the colour of a role."""
        if (markdown, role) != (self._markdown, self._role):
            self._markdown, self._role = markdown, role
            self._rebuild()

    def restyle(self, style: Style) -> None:
        """Take size and fonts from ``style``."""
        self._style = style
        self._rebuild()

    def _rebuild(self) -> None:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._document.setDefaultTextOption(option)
        self._document.setDefaultFont(self._style.font(self._size))
        self._document.setMarkdown(self._markdown, NO_HTML)
        dress(self._document, self._style, self._size)
        if self._has_terms:
            self._terms = tuple(self._linked())
        self._heights.clear()
        self.setAccessibleName(self.plain())
        self.updateGeometry()
        self.update()

    # --- terms ---

    def _linked(self) -> Iterator[Spot]:
        """The terms in it, each underlined; what is code is none."""
        dotted = QTextCharFormat()
        dotted.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        dotted.setUnderlineColor(self._style.colour("ink2"))
        for spot in spots(self.plain(), self._style.lang):
            cursor = QTextCursor(self._document)
            cursor.setPosition(spot.start)
            cursor.setPosition(spot.end, QTextCursor.MoveMode.KeepAnchor)
            if not cursor.charFormat().fontFixedPitch():
                cursor.mergeCharFormat(dotted)
                yield spot

    def term_at(self, place: QPointF) -> str:
        """The term under a point, by its id; "" if there is none."""
        if not self._terms:
            return ""
        self._document.setTextWidth(max(1, self.width()))
        at = self._document.documentLayout().hitTest(place, Qt.HitTestAccuracy.ExactHit)
        return next((spot.term for spot in self._terms if spot.start <= at < spot.end), "")

    def mouseMoveEvent(self, event) -> None:
        has_term = bool(self.term_at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if has_term else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event) -> None:
        term = self.term_at(event.position())
        if term:
            self.term_wanted.emit(term)
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._has_terms:
            term = self.term_at(QPointF(event.pos()))
            lang = self._style.lang
            said = f"{terms()[term].name(lang)}: {terms()[term].text(lang).replace('`', '')}" if term else ""
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    # --- geometry ---

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._document.setTextWidth(max(1, width))
            self._heights[width] = int(self._document.size().height() + 0.999)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        width = max(120, self.width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 10)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        self._document.setTextWidth(max(1, self.width()))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, self._style.colour(self._role))
        self._document.documentLayout().draw(painter, context)
        painter.end()
