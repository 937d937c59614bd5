"""What the ladder is looked at through, from the session: values in, values out; no Qt.

Rules
-----
* A filter that cannot be read lets everything through, and says what is wrong with it.
* A connection in focus that this run does not have is nobody's: the newest is looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from tutor.teach import aiming, intents
from tutor.teach.session import Session
from tutor.view.filtering import Filter, FilterError, parse_filter, passing, shown
from tutor.view.heads import NEXT_CONNECTION
from tutor.view.lens import Lens
from tutor.view.linking import Linked, linked
from tutor.view.standing import connections, newest
from tutor.view.story import Story, story
from tutor.words import Words

NEXT_KEY, MATCH_KEY = "Shift+F", "F3"
"""What leads to the next connection, and to the next segment that the filter lets through; commands have the same."""


@dataclass(frozen=True, slots=True)
class FilterRows:
    """What the filter box says: its text, how many segments it lets through, or what is wrong."""

    text: str
    count: str = ""
    error: str = ""


def lens_of(session: Session) -> Lens:
    """The connection in focus, the filter if it can be read, and which way time runs."""
    told = story(session.trace)
    focus, names = focus_of(session), connections(session.trace, session.playhead)
    place = names.index(focus) + 1 if focus in names else 0
    count = len(names) if place else 0
    return Lens(focus, _filter(session, told), session.sight.is_across, place, count, NEXT_KEY)


def linked_here(session: Session) -> Linked:
    """What the selection lights up elsewhere."""
    end, focus = session.visible_end, session.sight.focus
    return linked(session.trace, session.selection, end, now=session.playhead, focus=focus)


def focus_of(session: Session) -> str:
    """The connection that is looked at: the one that was asked for, else the newest at the playhead; "" for none."""
    asked = session.sight.focus
    if asked and asked in story(session.trace).index.connections:
        return asked
    return newest(session.trace, session.playhead)


def next_focus(session: Session) -> intents.Intent:
    """The connections that there are, one after the other; the newest goes on to be the newest."""
    names, here = connections(session.trace, session.playhead), focus_of(session)
    wanted = names[(names.index(here) + 1) % len(names)] if here in names else ""
    return intents.See("focus", "" if wanted == newest(session.trace, session.playhead) else wanted)


def _filter(session: Session, told: Story) -> Filter | None:
    try:
        return _read(session.sight.filter, told)
    except FilterError:
        return None


def _read(text: str, told: Story) -> Filter | None:
    """The filter, or None if the text is empty. Raises ``FilterError``."""
    made = parse_filter(text)
    if made is not None:
        made.check(told.index)
    return made


def filter_rows(session: Session, words: Words) -> FilterRows:
    """What the filter box shows; nothing behind the horizon is counted."""
    text, told = session.sight.filter, story(session.trace)
    try:
        made = _read(text, told)
    except FilterError as error:
        return FilterRows(text, error=error.said(words))
    if made is None:
        return FilterRows(text)
    count, total = shown(made, told.index, session.horizon)
    said = words.t("{n} of {total} shown", n=count, total=total)
    return FilterRows(text, f"{said} · {MATCH_KEY}" if count else said)


def next_match(session: Session) -> intents.Intent:
    """To where the next segment left that the filter lets through; after the last one comes the first again."""
    told = story(session.trace)
    made = _filter(session, told)
    through = passing(made, told.index, session.horizon)[0] if made is not None else None
    sent_at, now = told.index.sent_at, session.playhead
    first, later = [], []
    for places in through or ():
        if len(places):
            first.append(sent_at[places[0]])
            at = bisect_right(places, now, key=lambda place: sent_at[place])
            later += [sent_at[places[at]]] if at < len(places) else []
    return intents.Seek(min(later or first, default=now))


def focus_clicked(session: Session, mark: str) -> str | None:
    """The connection that a click on a segment brings into focus; None if it is looked at already."""
    if not mark.startswith(aiming.PREFIX):
        return None
    told = story(session.trace)
    place = told.index.place(int(mark.removeprefix(aiming.PREFIX)))
    if place is None:
        return None
    row = told.index.row(place)
    connection = told.index.connections[row.connection]
    if told.is_in_focus(connection, row.sent_at, focus_of(session)):
        return None
    return connection


def clicked(session: Session, mark: str) -> tuple[intents.Intent, ...]:
    """What a click on a mark asks for: to unfold, to change the branch or the connection, else to select it."""
    kind, _, name = mark.partition(":")
    if kind == "fold":
        return (intents.ToggleFold(mark),)
    if kind == "branch":
        return (intents.SwitchBranch(int(name.split(":")[0])),)
    if mark == NEXT_CONNECTION:
        return (next_focus(session),)
    focus = name if kind == "conn" and ">" in name else focus_clicked(session, mark)
    wanted: list[intents.Intent] = [intents.Select(mark)] if mark != session.selection else []
    return (*wanted, *([intents.See("focus", focus)] if focus is not None else []))
