"""A desk lays a page over the window and takes it away again: the network's, the atlas.

Rules
-----
* One page at a time: whoever opens another one closes the first.
* The stage stands still behind it, and its keys mean only what the page lets them mean (``own``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tutor.ui import commands
from tutor.ui.style import Style

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor
    from tutor.ui.page import Page


class Desk(QObject):
    """One ``page`` over a window. A page ``takes`` commands, has a ``canvas`` and names the keys of its ``own``.

    ``paint`` shows what there is, in the words of now: each desk has its own.
    """

    page: Page
    paint: Callable[[], None]

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self.conductor = conductor

    def restyle(self, style: Style) -> None:
        """Take looks and language from ``style``."""
        self.page.restyle(style)
        self.paint()

    def open(self) -> None:
        """Lay the page over the window."""
        conductor, window = self.conductor, self.conductor.window
        conductor.pause()
        conductor.beside.append(self)
        self.page.restyle(conductor.style)
        window.page = self.page
        window.set_active(frozenset())
        self.page.setGeometry(window.rect())
        self.page.show()
        self.page.raise_()
        self.page.canvas.setFocus()

    def close(self) -> None:
        """Take it away again."""
        conductor, window = self.conductor, self.conductor.window
        window.page = None
        conductor.entitle()
        conductor.beside.remove(self)
        window.set_active(commands.active(commands.contexts_of(conductor.session)))
        window.removeEventFilter(self.page)
        self.page.hide()
        self.page.deleteLater()
        window.setFocus()
        self.deleteLater()


def toggle(conductor: Conductor, kind: type[Desk], make: Callable[[], Desk]) -> Desk | None:
    """Open a page of this kind, whatever page is open; if it is one of the kind, only close it."""
    page = conductor.window.page
    open_now = next((desk for desk in conductor.findChildren(Desk) if desk.page is page), None)
    if open_now is not None:
        open_now.close()
        if isinstance(open_now, kind):
            return None
    desk = make()
    desk.open()
    return desk
