"""The room's pictures: the same as the main window's, in the sizes of a lecture hall.

Rules
-----
* Whatever the last row must read is a fiftieth of the window's height; what happens now is larger still (``EMPHASIS``).
* A room that asks for more than a layout can hold is told so, on the lecturer's window alone.
* Nothing after the horizon is shown: a question hides its answer here as everywhere.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.joining import sentences
from tutor.teach.presenting import BOTH, DIAGRAM, LADDER
from tutor.ui import pictures, saying
from tutor.ui.present import rows
from tutor.ui.present.audience import scale_of
from tutor.view.diagram import Rest
from tutor.view.hall import too_small, warning
from tutor.view.standing import standings
from tutor.view.theme import Look
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.teach.session import Session
    from tutor.ui.present.show import Show

MOST_TIMES = {BOTH: 1.25, DIAGRAM: 1.0, LADDER: 2.0}
"""So many times the least size has the text of a layout at most: more would not fit beside another. A diagram's nodes
are as large as their names allow; only what happens now grows with the room."""
EMPHASIS = 1.35
"""The edge that was taken or comes next, and a segment on its way, are written so many times as large."""
FAR = mark("Too small for the back row in this layout: show only the timeline (3), zoom (Z), use the camera (⇧Z).")
MOST_DIAGRAM = 1.15
"""The diagram's labels are no larger than that: beyond it they would lie on one another."""


def paint(show: Show) -> None:
    """Show diagram, ladder, caption and time of the show's run on its audience's window."""
    audience, player, (here, session) = show.audience, show.player, show.seen
    rest = player.rest if show.frozen is None else Rest(session.playhead, math.inf)
    look = hall_look(show)
    audience.show_hosts(saying.host_columns(session, show.words))
    told = sentences(saying.state_sentences(session, show.words), show.words)
    if audience.diagram.isVisibleTo(audience):
        canvas = audience.diagram.canvas
        room = (canvas.width(), canvas.height())
        near = diagram_look(show, look)
        canvas.show_picture(pictures.diagram_of(session, room, near, rest), told)
    if audience.ladder.isVisibleTo(audience):
        canvas = audience.ladder.canvas
        room = (canvas.width(), canvas.height())
        canvas.show_picture(pictures.ladder_of(session, room, look), told)
    line = audience.line
    plain = pictures.look_of(session, show.words)
    line.show_picture(pictures.scrubber_of(session, (line.width(), line.height()), plain))
    now = saying.format_clock(session.playhead)
    audience.time.say(now, room_for=saying.format_clock(session.visible_end))
    audience.caption.show_row(rows.caption(session, here, show.words, has_board=show.asking.is_on_board))


def hall_look(show: Show) -> Look:
    """The look of the room's pictures: as large as the room asks for and the layout can hold."""
    session = show.seen[1]
    times = min(show.hall.scale, MOST_TIMES[show.audience.layout_now])
    scale = scale_of(show.audience.height()) * times
    plain = pictures.look_of(session, show.words)
    least = scale * 15 * min(1.0, session.text_scale)
    return replace(plain, text_scale=scale * session.text_scale, least=least, emphasis=EMPHASIS)


def diagram_look(show: Show, look: Look) -> Look:
    """The same for the diagram: its nodes hold no larger names, what happens now is larger for a larger room."""
    own = min(1.0, look.text_scale / scale_of(show.audience.height()))
    least = scale_of(show.audience.height()) * 15 * min(1.0, show.seen[1].text_scale)
    emphasis = EMPHASIS * min(show.hall.scale, MOST_TIMES[BOTH])
    return replace(look, text_scale=MOST_DIAGRAM * own, least=least, emphasis=emphasis)


def size_warning(show: Show) -> str:
    """What the lecturer is told of labels that the room cannot read; "" where there are none.

    The label of an edge that neither was taken last nor comes next may be small: it grows when it matters.
    """
    audience, words = show.audience, show.words
    shorts = [
        short
        for canvas in audience.canvases.values()
        if canvas.isVisibleTo(audience)
        for short in too_small(canvas.picture, audience.height(), zoom=canvas.zoom)
        if not short.id.startswith("edge:") or short.id in _edges_now(show.seen[1])
    ]
    if shorts:
        return warning(shorts, words)
    zoom = max(canvas.zoom for canvas in audience.canvases.values())
    if show.hall.scale > MOST_TIMES[audience.layout_now] * zoom * 1.001:
        return words.t(FAR)
    return ""


def _edges_now(session: Session) -> frozenset[str]:
    """The ids of the edges that were taken last or come next."""
    hosts = standings(session.trace, session.playhead, session.horizon, session.sight.focus)
    first = min((host.next_at for host in hosts if host.next_at is not None), default=None)
    soon = [host.next for host in hosts if host.next is not None and host.next_at == first]
    return frozenset(f"edge:{edge}" for edge in (*soon, *(host.last for host in hosts)) if edge)
