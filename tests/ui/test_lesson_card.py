"""The lesson card: what is asked, what is said to the answer, and the way on are in sight at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.stage import CLOSE, press, session
from tutor.teach import intents
from tutor.ui.conductor import Conductor
from tutor.ui.library import TOUR

SIZES = [(1920, 1080), (1440, 900), (1280, 720)]

at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
in_both = pytest.mark.parametrize("lang", ["en", "zh"])


def _settle() -> None:
    for _ in range(8):  # layouts inside layouts inside scroll areas settle in a few rounds
        QApplication.processEvents()


def _is_whole(widget: QWidget) -> bool:
    """Is all of a widget to be seen, with nothing of it scrolled away or cut?"""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def _on_card(conductor: Conductor, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(conductor.window.lesson, widget.rect().topLeft()), widget.size())


@at_every_size
@in_both
def test_a_bet_its_verdict_and_the_way_on_are_in_sight(show, size: tuple[int, int], lang: str) -> None:
    """The prompt, each answer and Check; then the verdict with what is said to it, and Continue; words stay above."""
    conductor = show(session(CLOSE, lang=lang), *size)
    card = conductor.window.lesson
    for _ in range(3):
        conductor.send(intents.End())
        _settle()
        shown = [row for row in card.ask.choices.rows if row.isVisible()]
        assert len(shown) == len(conductor.session.ask.options)
        assert all(_is_whole(part) for part in (card.ask.prompt, *shown, card.ask.check))
        assert card.scroll.height() >= min(60, card.column.height()), "hardly a word of the step is in sight"
        press(conductor, "1", "Return")
        QTest.qWait(200)
        _settle()
        assert _is_whole(card.ask.feedback)
        assert _is_whole(card.go_on)
        assert not _on_card(conductor, card.scroll).intersects(_on_card(conductor, card.asks))


@at_every_size
@in_both
def test_after_a_detour_the_question_is_in_sight(show, size: tuple[int, int], lang: str) -> None:
    """D on the SYN, as the tour asks: the banner is there, and so is the question; once answered, the verdict."""
    conductor = show(session(lang=lang), *size)
    conductor.command("tour")
    assert conductor.session.lesson.id == TOUR
    conductor.send(intents.NextBeat())
    press(conductor, "D", "End")
    _settle()
    card = conductor.window.lesson
    assert card.banner.isVisible()
    assert all(_is_whole(part) for part in (card.ask.prompt, *card.ask.choices.rows, card.ask.check))
    assert _is_whole(card.banner.back)
    assert card.banner.height() <= card.height() // 3
    press(conductor, "2", "Return")
    QTest.qWait(200)
    _settle()
    assert _is_whole(card.ask.feedback)
    assert _is_whole(card.go_on)


@at_every_size
@in_both
def test_in_the_laboratory_the_variables_give_way_to_the_words(show, size: tuple[int, int], lang: str) -> None:
    """They have a panel of their own; the words are read to their end without scrolling."""
    conductor = show(session(lang=lang), *size)
    conductor.command("laboratory")
    press(conductor, "Right", "Right")
    _settle()
    card = conductor.window.lesson
    assert card.scroll.verticalScrollBar().maximum() == 0 or not card.variables.isVisible()
    assert _is_whole(card.words) or not card.variables.isVisible()
    assert size[0] < 1440 or _is_whole(card.words)


def test_where_words_leave_room_the_variables_stand_on_the_card(show) -> None:
    """A short step in a high window shows them, and the rule at the foot."""
    conductor = show(session(CLOSE), 1920, 1300)
    _settle()
    card = conductor.window.lesson
    assert card.variables.isVisible()
    assert all(_is_whole(part) for part in (card.words, card.variables))
