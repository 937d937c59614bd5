"""The camera over the diagram and the ladder: a zoom at a place, or one that follows what happens.

Rules
-----
* To a new aim it travels for ``TRAVELS_US``; where less motion is wanted it is there at once, and never follows.
* It follows the states where hosts are, and the one that comes next if that may be known.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from tutor.teach.presenting import DIAGRAM, LADDER, Presenting
from tutor.teach.session import Session
from tutor.ui.present.audience import Audience
from tutor.view.marks import Box, Picture, Rect, Text
from tutor.view.standing import standings

FOLLOWS, TRAVELS_US = 1.5, 350_000
FRAME_MS = 16
EDGE = 0.12
"""Share of the picture that is kept free around what is followed."""


class Aim(NamedTuple):
    """What is looked at: ``factor`` times as large, the place (shares of the picture) in the middle."""

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5


WHOLE = Aim()


def active(picture: Picture, session: Session) -> Box | None:
    """The box of the states where hosts are; None if none is on the picture."""
    states = {
        f"state:{host.state}"
        for host in standings(session.trace, session.playhead, session.horizon, session.sight.focus)
        if host.state is not None
    }
    boxes = [
        Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h) if isinstance(mark, Rect) else
        Box(mark.x - mark.size * 3, mark.y - mark.size, mark.x + mark.size * 3, mark.y + mark.size)
        for mark in picture.marks()
        if isinstance(mark, Rect | Text) and mark.id in states
    ]  # fmt: skip
    if not boxes:
        return None
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip


def on(box: Box, picture: Picture, most: float = FOLLOWS) -> Aim:
    """The aim that shows a box as large as it goes, with something around it."""
    wide = (box.right - box.left) / picture.width + 2 * EDGE
    high = (box.bottom - box.top) / picture.height + 2 * EDGE
    factor = max(1.0, min(most, 1 / max(wide, high)))
    middle = (box.left + box.right) / 2 / picture.width, (box.top + box.bottom) / 2 / picture.height
    return Aim(factor, *middle)


def between(start: Aim, stop: Aim, share: float) -> Aim:
    """On the way, slow at both ends (quadratic)."""
    share = min(1.0, max(0.0, share))
    eased = 2 * share * share if share < 0.5 else 1 - (2 - 2 * share) ** 2 / 2
    return Aim(*(a + (b - a) * eased for a, b in zip(start, stop, strict=True)))


class Camera(QObject):
    """Aims the audience's canvases. ``moved``: they look elsewhere now."""

    moved = Signal()

    def __init__(self, audience: Audience, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._audience = audience
        self._now = {DIAGRAM: WHOLE, LADDER: WHOLE}
        self._from = dict(self._now)
        self.aims = dict(self._now)
        self._clock, self._since = QTimer(self), QElapsedTimer()
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(lambda: self.travel(self._since.nsecsElapsed() // 1000))

    def look(self, here: Presenting, session: Session) -> None:
        """Aim where the presentation wants it now."""
        aims = {DIAGRAM: WHOLE, LADDER: WHOLE}
        is_reduced = session.motion == "reduced"
        if here.zoom is not None and here.zoom.where in aims:
            aims[here.zoom.where] = Aim(here.zoom.factor, *here.zoom.at)
        elif here.is_following and not is_reduced:
            picture = self._audience.diagram.canvas.picture
            box = active(picture, session)
            aims[DIAGRAM] = on(box, picture) if box is not None else WHOLE
        if aims == self.aims:
            return
        self.aims, self._from = aims, dict(self._now)
        self._since.start()
        if is_reduced:
            self.travel(TRAVELS_US)
        else:
            self._clock.start()

    def travel(self, wall_us: int) -> None:
        """So long after it was aimed anew."""
        share = wall_us / TRAVELS_US
        for where, aim in self.aims.items():
            self._now[where] = between(self._from[where], aim, share)
            self._audience.aim(where, (self._now[where].x, self._now[where].y), self._now[where].factor)
        if share >= 1:
            self._clock.stop()
        self.moved.emit()

    def stop(self) -> None:
        """Move no more."""
        self._clock.stop()
