"""The context menu: what a hand may do with the thing under the pointer, or with the one that is selected.

Rules
-----
* The entries are ``teach.offers``; a command's entry has the words and the key of the registry.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from tutor.teach import intents, offers
from tutor.teach.offers import PARTING, Offer
from tutor.ui import commands
from tutor.ui.deeds import ABOUT

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


def open_menu(conductor: Conductor, mark: str, where: QPoint) -> QMenu | None:
    """Open the menu for ``mark`` at a point of the screen; None if nothing is offered."""
    if mark.startswith("flight:"):
        conductor.send(intents.Select(mark))
    found = offers.offers(conductor.session, mark)
    if not found:
        return None
    menu = QMenu(conductor.window)
    menu.setFont(conductor.style.font(15))
    for offer in found:
        if offer == PARTING:
            menu.addSeparator()
        else:
            _add(conductor, menu, offer)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)
    return menu


def _add(conductor: Conductor, menu: QMenu, offer: Offer) -> None:
    words = conductor.words
    row = commands.BY_ID[offer.command] if offer.command else None
    if offer.text or row is None:
        text = words.t(offer.text, **dict(offer.values))
    else:
        text = commands.text_of(row, conductor.session, words)
    key = f"\t{row.shown[0]}" if row is not None and row.shown and not offer.about else ""
    entry = menu.addAction(text.replace("&", "&&") + key)
    entry.triggered.connect(partial(_take, conductor, offer))


def _take(conductor: Conductor, offer: Offer, _checked: bool = False) -> None:
    if offer.intent is not None:
        conductor.send(offer.intent)
    elif offer.about:
        ABOUT[offer.command](conductor, offer.about)
    else:
        conductor.window.command(offer.command)
