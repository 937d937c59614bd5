"""The tree of futures as a panel: a click switches, the menu compares and deletes."""

from __future__ import annotations

from tutor.teach.session import Session
from tutor.ui import pictures
from tutor.ui.panel import PicturePanel
from tutor.view.marks import Picture
from tutor.view.theme import Look


class Branches(PicturePanel):
    """Shows ``view.branches``."""

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return pictures.branches_of(session, size, look)
