"""What a hand in the window begins with, and finds again."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tests.ui.stage import CLOSE, answered, session
from tutor.teach import intents
from tutor.ui.conductor import Conductor
from tutor.world.time import MS


def flying(show) -> Conductor:
    """Lesson 13 without open bets, at 120 ms: an ACK and data are on their way."""
    conductor = answered(show(session(CLOSE), 1700, 950))
    conductor.send(intents.Seek(120 * MS))
    return conductor


def acts(conductor: Conductor) -> list[str]:
    """What made the branch on screen."""
    return [str(act) for act in conductor.session.timeline.branch(conductor.session.branch).acts]


def entries(menu: QMenu) -> dict[str, QAction]:
    """The entries of a menu by their words."""
    return {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}


def only(conductor: Conductor, kind: type) -> object:
    """The one open widget of this kind."""
    (found,) = [each for each in conductor.window.findChildren(kind) if each.isVisible()]
    return found
