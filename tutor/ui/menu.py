"""The menu: every command of the registry by group, with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tutor.ui import commands

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


def open_menu(conductor: Conductor) -> QMenu:
    """Open the menu under its button."""
    window, style = conductor.window, conductor.style
    button = window.top.menu
    menu = QMenu(window)
    menu.setFont(style.font(15))
    for group in commands.GROUPS:
        rows = [row for row in commands.COMMANDS if row.group == group and row.context == commands.LABORATORY]
        if rows:
            part = menu.addMenu(style.words.t(group))
            part.setFont(style.font(15))
            for row in rows:
                part.addAction(_entry(conductor, row, part))
    if not menu.actions():
        return menu
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    menu.setActiveAction(menu.actions()[0])
    return menu


def _entry(conductor: Conductor, row: commands.Command, parent: QMenu) -> QAction:
    """An entry that names the key but does not take it: the window's own action has it."""
    shown = "  ".join(conductor.words.t(key) if len(key) > 2 and key.isalpha() else key for key in row.shown)
    text = commands.text_of(row, conductor.session, conductor.words).replace("&", "&&")
    entry = QAction(text + (f"\t{shown}" if shown else ""), parent)
    entry.triggered.connect(lambda _checked=False, name=row.id: conductor.window.command(name))
    return entry
