"""Helpers of the tests of asking: a presentation that stands at a question, and what is seen of it."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from tests.ui.halls import presented
from tutor.teach import show_deeds
from tutor.ui.conductor import Conductor
from tutor.ui.present.show import Show
from tutor.view.marks import Text


def questions(show: Show) -> list[int]:
    """The stops that ask."""
    return [place for place, stop in enumerate(show.here.stops) if stop.kind == "question"]


def asked(conductor: Conductor, nth: int = 0, *displays) -> Show:
    """A presentation that stands at a question."""
    show, _ = presented(conductor, None, *displays)
    show.send(show_deeds.GoTo(questions(show)[nth]))
    QApplication.processEvents()
    return show


def counts(show: Show) -> tuple[tuple[int, ...], ...]:
    """The votes of the question on screen."""
    assert show.here.votes is not None
    return show.here.votes.rounds


def on_board(show: Show) -> list[str]:
    """What stands on the question's board."""
    assert show.asking.is_on_board
    return [mark.text for mark in show.asking.board.picture.marks() if isinstance(mark, Text)]
