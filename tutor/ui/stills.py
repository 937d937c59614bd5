"""Stills: a session at one moment as a picture or as text, by the name of what is wanted. Values; no Qt.

Rules
-----
* What an open bet hides on screen is hidden here too: every picture is the one of ``pictures``, stamped.
* A picture is never larger than was asked for: what needs more room is laid out larger and drawn smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tutor.joining import named
from tutor.teach import branching
from tutor.teach.session import Session
from tutor.ui import pictures, saying
from tutor.ui.found_rows import whose
from tutor.ui.plotrows import choices_of, plot_rows
from tutor.ui.specimens import specimen_of
from tutor.view import fields, mermaid, plots, readings
from tutor.view.beside import difference_sentence, first_difference
from tutor.view.cells import plain
from tutor.view.deviant import plan_of
from tutor.view.header import header
from tutor.view.listing import events_about
from tutor.view.marks import Picture
from tutor.view.plotpicture import Shown, plots_picture
from tutor.view.stamp import stamped
from tutor.view.standing import host_name, standings
from tutor.view.telling import Style, seconds
from tutor.view.text import WIDEST, text_ladder
from tutor.view.theme import Look, host_letter
from tutor.words import Words
from tutor.world.trace import Trace

PICTURES = ("diagram", "ladder", "header", "plots", "compare")
WHAT = (*PICTURES, "window")

FORMS: dict[str, tuple[str, ...]] = {
    ".svg": PICTURES,
    ".pdf": PICTURES,
    ".png": WHAT,
    ".tex": PICTURES,
    ".mmd": ("diagram", "ladder"),
    ".txt": PICTURES,
}
"""Ending of a file -> what can be written in it."""

MOST_LINES = 200
"""Of a list of events so many are told, the latest ones."""
LARGER = (1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
"""How much more room a picture gets that does not fit into its own."""


def is_alone(session: Session) -> bool:
    """Is there no other future to compare with?"""
    return branching.other(session) == branching.NONE


def picture_of(session: Session, what: str, size: tuple[float, float], look: Look | None = None) -> Picture:
    """``what`` (one of ``PICTURES``) at the playhead, ``size`` px large; the stamp of another protocol included."""
    look = look or pictures.look_of(session, Words(session.lang))

    def make(room: tuple[float, float]) -> Picture:
        return _made(session, what, room, look)

    return stamped(make, size, session.world.variant, look)


def _made(session: Session, what: str, size: tuple[float, float], look: Look) -> Picture:
    whole = (round(size[0]), round(size[1]))
    match what:
        case "diagram":
            return pictures.diagram_of(session, whole, look)
        case "ladder":
            return pictures.ladder_of(session, whole, look)
        case "compare":
            return pictures.comparison_of(session, branching.other(session), whole, look)
        case "plots":
            rows = plots_of(session, look)
            return plots_picture([Shown(row.plot, row.axis) for row in rows], session.playhead, size, look)
        case _:
            return _header(session, size, look)


def plots_of(session: Session, look: Look):
    """The rows of both plots that are chosen, the whole run read."""
    choices = choices_of(session.sight.plots)
    rows = plot_rows(session, choices, look)
    while rows[0].share < 1:
        rows = plot_rows(session, choices, look)
    return rows


def _header(session: Session, size: tuple[float, float], look: Look) -> Picture:
    """The header, laid out in as much more room as it needs, so that nothing is cut off."""
    shown = specimen_of(session)
    for larger in LARGER:
        room = (size[0] * larger, size[1] * larger)
        made = header(shown, room, look, is_still=True)
        if (made.width <= room[0] + 0.5 and made.height <= room[1] + 0.5) or larger == LARGER[-1]:
            return made
    raise AssertionError("the last of them is taken in any case")


# --- text ---


def mermaid_of(session: Session, what: str) -> str:
    """The diagram or the timeline up to the playhead in Mermaid's words."""
    words = Words(session.lang)
    if what == "diagram":
        sight = session.sight
        return mermaid.state_diagram(
            session.trace, session.playhead, words, figure=sight.figure, horizon=session.horizon, focus=sight.focus
        )
    return mermaid.sequence_diagram(session.trace, session.playhead, words)


def text_of(session: Session, what: str) -> str:
    """``what`` (one of ``PICTURES``) at the playhead in characters, each line ended."""
    words = Words(session.lang)
    make = {"diagram": _states, "ladder": _ladder, "header": _fields, "plots": _values, "compare": _both}[what]
    warning = saying.not_tcp_here(session, words)
    lines = [*([warning, ""] if warning else []), *make(session, words)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _ladder(session: Session, words: Words) -> Iterator[str]:
    """The timeline up to the playhead; while a bet hides the rest of the run, a list of what has happened."""
    if session.horizon is None:
        yield from _told(session.trace, session.playhead, words)
        return
    here = session.trace.index_at(session.playhead)
    rows = events_about(session.trace, here, here, words, before=MOST_LINES, whose=whose(session))
    yield from (f"{seconds(row.at)}  {row.text}" for row in rows)


def _told(trace: Trace, until: int, words: Words) -> Iterator[str]:
    yield from (plain(line) for line in text_ladder(trace, words, Style(columns=WIDEST), until=until))


def _states(session: Session, words: Words) -> Iterator[str]:
    """Where every host is, and by which edges it came there."""
    trace, time = session.trace, session.playhead
    world = trace.world_at(time)
    rule_sets = frozenset(host.profile.rule_set for host in world.hosts)
    tracks = plan_of(1200.0, 900.0, session.sight.figure, world.variant, rule_sets).tracks
    yield words.t("at {time} s", time=seconds(time))
    for place, host in enumerate(standings(trace, time, session.horizon, session.sight.focus)):
        state = words.state(host.state) if host.state is not None else "-"
        yield ""
        yield named(f"{host_letter(place)} {host_name(host.host, words)}", state, words)
        for edge in host.trail:
            track = tracks[edge]
            said = words.t(track.event) + (f" / {words.t(track.action)}" if track.action else "")
            yield f"  {track.source.value} -> {track.target.value}  ({said})"


def _fields(session: Session, words: Words) -> Iterator[str]:
    """The segment field by field, and its octets."""
    of = specimen_of(session)
    if of is None:
        yield words.t("No segment has been sent yet.")
        return
    ends = (of.flight.sender, of.flight.receiver)
    yield " -> ".join(host_name(name, words) for name in ends) + f"  {seconds(of.flight.sent_at)} s"
    yield ""
    for field in fields.fields(of, words):
        if not field.id.startswith(("flag-", "pad-")):
            yield named(field.name, field.value, words)
    data = fields.octets(of).data
    yield ""
    for at in range(0, min(len(data), 80), 16):
        yield f"{at:04x}  {data[at : at + 16].hex(' ')}"


def _values(session: Session, words: Words) -> Iterator[str]:
    """Each plot as a table: a line for every moment at which something changes, up to the playhead."""
    look = pictures.look_of(session, words)
    for place, row in enumerate(plots_of(session, look)):
        plot = row.plot
        lines = [*plot.sent, *plot.lines]
        yield from [""] if place else []
        yield readings.title(plot, look)
        if plot.is_empty:
            yield readings.nothing(plot, look)
            continue
        yield "\t".join((
            words.t("time (s)"),
            *(f"{host_name(plot.hosts[line.host], words)} {words.t(line.quantity.name)}" for line in lines),
        ))  # fmt: skip
        for at in plot.changes():
            if at <= session.playhead:
                yield "\t".join((seconds(at), *(plots.shown(plot.kind, line.at(at)) for line in lines)))


def _both(session: Session, words: Words) -> Iterator[str]:
    """Where two futures part, and the timeline of each."""
    beside, look = branching.other(session), pictures.look_of(session, words)
    there = session.timeline.branch(beside).trace
    tree = pictures.tree_of(session)
    known = tree.known.get(beside)
    found = first_difference(session.trace, there, known)
    yield difference_sentence(found, look, is_hidden=known is not None or session.horizon is not None)
    futures = ((session.trace, tree.here, session.horizon), (there, beside, known))
    for trace, branch, limit in futures:
        until = session.playhead if limit is None else min(session.playhead, limit)
        yield from ("", pictures.label(tree, branch, look), "")
        yield from _told(trace, until, words)


def with_look(session: Session, *, scale: float = 1.0) -> Session:
    """The session with letters so many times as large."""
    return replace(session, text_scale=scale)
