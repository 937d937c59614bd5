"""How the panels are arranged by hand: told when a hand changes it, so that undo can put it back.

Rules
-----
* Written as a line: is the strip open, which panels are in front, is the lesson shown.
* What the window's size or the ladder's direction changes is nobody's deed: it is looked at and not told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from tutor.ui.window import Window

NONE, SHOWN, HIDDEN = "-", "shown", "hidden"


class Arrangement(QObject):
    """``changed`` says how the panels were and how they are."""

    changed = Signal(str, str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._last = ""
        self._is_restoring = False
        window.arranged.connect(self._note)

    def read(self) -> str:
        """The arrangement as a line."""
        strip, lesson = self._window.strip, self._window.lesson
        front = (pocket.front if pocket.ids and not pocket.isHidden() else NONE for pocket in (strip.left, strip.right))
        return " ".join((_word(strip.isHidden()), *front, _word(lesson.isHidden())))

    def look(self) -> None:
        """Know how it is now; whatever changed it was no hand."""
        self._last = self.read()

    def restore(self, line: str) -> None:
        """Arrange the panels as they were."""
        if line == self.read():
            return
        is_open, *front, lesson = line.split(" ")
        self._is_restoring = True
        for name in front:
            if name != NONE:
                self._window.strip.open(name)
        self._window.show_strip(is_open=is_open == SHOWN)
        self._window.lesson.setVisible(lesson == SHOWN)
        self._is_restoring = False
        self.look()

    def _note(self) -> None:
        if self._is_restoring:
            return
        was, now = self._last, self.read()
        self._last = now
        if was and was != now:
            self.changed.emit(was, now)


def _word(is_hidden: bool) -> str:
    return HIDDEN if is_hidden else SHOWN
