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
from tutor.view.hall import FLOOR, Short, too_small, warning
from tutor.view.page import lay_out, most_least
from tutor.view.standing import standings
from tutor.view.theme import Look
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.teach.session import Session
    from tutor.ui.present.show import Show

MOST_TIMES = {BOTH: 1.25, DIAGRAM: 1.25, LADDER: 2.0}
"""So many times the least size has the timeline's text at most: more would not fit beside another picture."""
EMPHASIS = 1.35
"""The edge that was taken or comes next, and a segment on its way, are written so many times as large."""
FAR = mark("Too small for the back row in this layout: show only the timeline (3), zoom (Z), use the camera (⇧Z).")
REST = mark("The rest shows after the answer.")
"""Said where later segments would be, while something is asked; where nothing is, nothing is said of them."""
NO_TIMES = mark(
    "This window is too narrow for times beside the timeline: show only the timeline (3) where they matter."
)
BOTH_LACK = mark(
    "Too small for the back row in this layout, and no room for times beside the timeline: "
    "show only the timeline (3), zoom (Z), use the camera (⇧Z)."
)
LACKS = {
    (True, False, True): FAR,
    (False, True, True): NO_TIMES,
    (True, True, True): BOTH_LACK,
    (True, False, False): mark("Too small for the back row in this layout: zoom (Z), use the camera (⇧Z)."),
    (False, True, False): mark("This window is too narrow for times beside the timeline."),
    (True, True, False): mark(
        "Too small for the back row in this layout, and no room for times beside the timeline: "
        "zoom (Z), use the camera (⇧Z)."
    ),
}
"""What the lecturer is told: (is it too small for the back row?, are there no times?, does 3 lead to the timeline?)."""
SHORT = mark("The sentence below the pictures has no room: the room reads its beginning. All of it stands here.")
NEARLY = 0.97
"""A room is not warned of what is so close to what it asks for."""
NAMES = {BOTH: 1.25, DIAGRAM: 1.5, LADDER: 1.25}
"""The states' names are to be so many times what the room asks for; nodes grow for them as far as they can."""
LABELS = {BOTH: 1.0, DIAGRAM: 1.15, LADDER: 1.0}
"""The edges' labels, in parts of the least size."""
MOST_LABEL, MOST_EMPHASIS = 1.3, 1.25
"""So many times as large as in a small room labels become, and what happens now."""


def paint(show: Show) -> None:
    """Show diagram, ladder, caption and time of the show's run on its audience's window."""
    audience, player, (here, session) = show.audience, show.player, show.seen
    rest = player.rest if show.frozen is None else Rest(session.playhead, math.inf)
    if audience.show_protocol(saying.not_tcp_shown(session, show.words), saying.not_tcp_brief(session, show.words)):
        show.asking.lay_again()
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
        canvas.show_picture(pictures.ladder_of(session, room, look, REST if here.is_asking else ""), told)
    line = audience.line
    plain = pictures.look_of(session, show.words)
    line.show_picture(pictures.scrubber_of(session, (line.width(), line.height()), plain))
    now = saying.format_clock(session.playhead)
    audience.time.say(now, room_for=saying.format_clock(session.visible_end))
    sentence = rows.caption(session, here, show.words, has_board=show.asking.is_on_board)
    audience.caption.show_row(sentence, is_whole=here.why is not None)


def hall_look(show: Show) -> Look:
    """The look of the room's pictures: as large as the room asks for and the layout can hold."""
    session = show.seen[1]
    audience, base = show.audience, scale_of(show.audience.height())
    times = min(show.hall.scale, MOST_TIMES[audience.layout_now])
    scale = base * max(1.0, min(times, most_least(audience.ladder.canvas.width()) / (base * 15)))
    plain = pictures.look_of(session, show.words)
    least = scale * 15 * min(1.0, session.text_scale)
    return replace(plain, text_scale=scale * session.text_scale, least=least, emphasis=EMPHASIS)


def diagram_look(show: Show, look: Look) -> Look:
    """The same for the diagram: the larger the room, the larger the names in its nodes, the labels, and what happens
    now; alone on the window it has the room for more."""
    audience = show.audience
    own = min(1.0, show.seen[1].text_scale)
    least = scale_of(audience.height()) * 15 * own
    asked = show.hall.scale * max(1.0, show.seen[1].text_scale)
    names = least * asked * NAMES[audience.layout_now]
    labels = LABELS[audience.layout_now] * min(asked, MOST_LABEL)
    emphasis = EMPHASIS * min(asked, MOST_EMPHASIS)
    return replace(look, text_scale=labels, least=least, emphasis=emphasis, names=names)


def size_warning(show: Show) -> str:
    """What the lecturer is told of words that the room, or its back row, cannot read; "" where there are none.

    The label of an edge that neither was taken last nor comes next may be too small for the back row: it grows when
    it matters.
    """
    audience, words = show.audience, show.words
    shown = [canvas for canvas in audience.canvases.values() if canvas.isVisibleTo(audience)]

    def shorts(floor: float) -> list[Short]:
        return [
            short for canvas in shown
            for short in too_small(canvas.picture, audience.height(), zoom=canvas.zoom, floor=floor)
        ]  # fmt: skip

    if audience.caption.is_short:
        return words.t(SHORT)
    found = shorts(FLOOR)
    if found:
        return warning(found, words)
    now = edges_now(show.seen[1])
    is_far = any(not short.id.startswith("edge:") or short.id in now for short in shorts(show.hall.text * NEARLY))
    is_timed = audience.ladder.canvas not in shown or show.asking.is_on_board or _has_times(show)
    has_key = audience.layout_now != LADDER and not show.asking.takes_digits
    return words.t(LACKS[is_far, not is_timed, has_key]) if is_far or not is_timed else ""


def _has_times(show: Show) -> bool:
    """Is there room for times beside the timeline?"""
    canvas, session = show.audience.ladder.canvas, show.seen[1]
    size, hosts = (canvas.width(), canvas.height()), len(session.trace.world_at(0).hosts)
    tempo = pictures.ladder_tempo(session)
    return lay_out(size, hall_look(show), tempo, session.playhead, session.visible_end, hosts=hosts).gutter > 0


def edges_now(session: Session) -> frozenset[str]:
    """The ids of the edges that were taken last or come next."""
    hosts = standings(session.trace, session.playhead, session.horizon, session.sight.focus)
    first = min((host.next_at for host in hosts if host.next_at is not None), default=None)
    soon = [host.next for host in hosts if host.next is not None and host.next_at == first]
    return frozenset(f"edge:{edge}" for edge in (*soon, *(host.last for host in hosts)) if edge)
