"""The room's pictures: the same as the main window's, in the sizes of a lecture hall.

Rules
-----
* Whatever the last row must read is a fiftieth of the window's height; what happens now is larger still (``EMPHASIS``).
* Nothing after the horizon is shown: a question hides its answer here as everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.joining import sentences
from tutor.ui import pictures, saying
from tutor.ui.present import rows
from tutor.ui.present.audience import scale_of

if TYPE_CHECKING:
    from tutor.teach.session import Session
    from tutor.ui.present.show import Show

EMPHASIS = 1.35
"""The edge that was taken or comes next, and a segment on its way, are written so many times as large."""
MOST_DIAGRAM = 1.15
"""The diagram's labels are no larger than that: beyond it they would lie on one another."""


def paint(show: Show) -> None:
    """Show diagram, ladder, caption and time of the show's run on its audience's window."""
    audience, session, player = show.audience, show.player.session, show.player
    scale = scale_of(audience.height())
    plain = pictures.look_of(session, show.words)
    look = replace(plain, text_scale=scale * session.text_scale, least=scale * 15, emphasis=EMPHASIS)
    told = sentences(saying.state_sentences(session, show.words), show.words)
    if audience.diagram.isVisibleTo(audience):
        canvas = audience.diagram.canvas
        room = (canvas.width(), canvas.height())
        near = replace(look, text_scale=MOST_DIAGRAM)
        canvas.show_picture(pictures.diagram_of(session, room, near, player.rest), told)
    if audience.ladder.isVisibleTo(audience):
        canvas = audience.ladder.canvas
        room = (canvas.width(), canvas.height())
        canvas.show_picture(pictures.ladder_of(session, room, look), told)
    line = audience.line
    line.show_picture(pictures.scrubber_of(session, (line.width(), line.height()), plain))
    now = saying.format_clock(session.playhead)
    audience.time.say(now, room_for=saying.format_clock(_end(session)))
    audience.caption.show_row(rows.caption(session, show.here, show.words))


def _end(session: Session) -> int:
    return session.visible_end
