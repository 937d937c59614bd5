"""Terms in a lesson's words: underlined, explained where one points, led to by a click."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.stage import session
from tutor.teach.glossary import heading
from tutor.ui.manual import Manual
from tutor.ui.prose import Prose

LESSON = "01-three-way-handshake"


def place_of(words: Prose, term: str) -> QPointF:
    """A point on a term."""
    for y in range(2, words.height(), 4):
        for x in range(2, words.width(), 4):
            if words.term_at(QPointF(x, y)) == term:
                return QPointF(x, y)
    raise AssertionError(f"{term} is nowhere in: {words.plain()}")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_click_on_a_term_opens_the_glossary_there(show, lang: str) -> None:  # type: ignore[no-untyped-def]
    """The word under the pointer has a hand; what is no term has none."""
    conductor = show(session(LESSON, lang=lang))
    words = conductor.window.lesson.words
    where = place_of(words, "segment").toPoint()
    QTest.mouseMove(words, where)
    assert words.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(words, Qt.MouseButton.LeftButton, pos=where)
    manual = conductor.window.findChild(Manual)
    assert manual is not None
    QTest.qWait(20)
    bar = manual.pages.verticalScrollBar()
    assert bar.value() > 0
    assert heading("segment", lang) in manual.pages.toPlainText()
    assert words.term_at(QPointF(words.width() - 1, words.height() - 1)) == ""
    manual.close()
