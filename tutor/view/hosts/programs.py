"""What each application does, line by line: what it has done, where it is and what it waits for, what is to come.

Rules
-----
* A line is ``line:HOST:PROGRAM:N``; both numbers count from 1, as acts and ``repeat`` count them.
* The act stands as a call, its conditions in words. The line where the program is has the host's colour, and says what
  holds it up: a call that has not returned, a condition that does not hold, a moment that has not come.
* While a bet waits the moment at which a line is due is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tutor.joining import Speech, aside, named
from tutor.view.hosts.moment import Moment
from tutor.view.hosts.sheet import MARGIN, Place, Sheet, clock, span_text
from tutor.view.marks import Ellipse, Ink, Mark, Picture, Polyline, Rect
from tutor.view.theme import HOST_ROLES, Look, host_ink, host_tint
from tutor.words import mark
from tutor.world.acts import Act
from tutor.world.host import Host, Running
from tutor.world.lines import STARTED, Condition
from tutor.world.program import Line
from tutor.world.records import ProgramGoesOn
from tutor.world.time import format_duration

CONDITIONS: dict[str, str] = {
    "connected": mark("when it is connected"),
    "accepted": mark("when a connection is accepted"),
    "peer-closed": mark("when the peer has closed"),
    "closed": mark("when the connection is over"),
    "received": mark("when {octets} octets have come"),
    "acked": mark("when all is acknowledged"),
    "never": mark("never"),
}
"""What a line waits for, in words."""

DONE, CURRENT, AHEAD = "done", "current", "ahead"


class LineRow(NamedTuple):
    """One line: its id, its number from 1, the act, its conditions in words, how far it is, what holds it up."""

    id: str
    number: int
    act: str
    when: str
    status: str
    note: str


def line_id(host: str, program: int, line: int) -> str:
    """The id of a line; both numbers count from 1."""
    return f"line:{host}:{program}:{line}"


# --- what the lines say ---


def act_text(act: Act, words: Speech) -> str:
    """The act as a call: ``connect(server:80)``."""
    if act.name == "repeat":
        if act.args == ("0",):
            return words.t("wait for ever")
        return words.t("again from line {line}", line=act.args[0] if act.args else 1)
    if act.name == "wait":
        return words.t("wait {span}", span=act.args[0])
    options = [f"from {value}" if name == "from" else f"{name}={value}" for name, value in act.options]
    return f"{act.name}({', '.join([*act.args, *options])})"


def condition_text(when: Condition, words: Speech) -> str:
    """The condition in words; "" for none."""
    return "" if when == STARTED else words.t(CONDITIONS[when.kind], octets=when.octets)


def when_text(line: Line, words: Speech) -> str:
    """Everything that a line waits for, in words; "" if it waits for nothing."""
    said = [condition_text(line.when, words)]
    if line.after:
        span = format_duration(line.after)
        said.append(words.t("{span} later", span=span) if said[0] else words.t("after {span}", span=span))
    if line.at is not None:
        said.append(words.t("at {at}", at=clock(line.at)))
    return words.t(", ").join(part for part in said if part)


def rows_of(moment: Moment, host: Host, number: int, words: Speech) -> tuple[LineRow, ...]:
    """The lines of program ``number`` (from 0) of a host, as they stand now."""
    at = host.programs[number]
    rows = []
    for place, line in enumerate(at.program.lines):
        status = DONE if place < at.line else CURRENT if place == at.line else AHEAD
        if status == CURRENT and at.phase == "ended":
            status = AHEAD
        note = _note(moment, host, number, at, words) if place == at.line else ""
        identity, when = line_id(host.name, number + 1, place + 1), when_text(line, words)
        rows.append(LineRow(identity, place + 1, act_text(line.act, words), when, status, note))
    return tuple(rows)


def _note(moment: Moment, host: Host, number: int, at: Running, words: Speech) -> str:
    """What holds the program up where it is."""
    line = at.program.lines[at.line]
    match at.phase:
        case "blocked":
            calls = (each for socket in host.sockets.values() for each in socket.waiters if each.program == number)
            since = next((each.called_at for each in calls), None)
            call = f"{line.act.name}()"
            if since is None:
                return words.t("has not returned from {call}", call=call)
            return words.t("has not returned from {call} since {at}", call=call, at=clock(since))
        case "waiting":
            return words.t("waits for ever") if line.when.kind == "never" else words.t("waits")
        case "due":
            due = _due_at(moment, host, number, at) if moment.may_foretell else None
            return words.t("in {span}", span=span_text(due - moment.time)) if due is not None else words.t("is next")
        case "failed":
            return words.t("failed: the program has ended")
    return ""


def _due_at(moment: Moment, host: Host, number: int, at: Running) -> int | None:
    """When the program goes on, as the agenda has it now."""
    wanted = ProgramGoesOn(host.name, number, at.ticket)
    return next((when for when, _, _, what in moment.world.agenda if what == wanted), None)


# --- the picture ---


def programs_picture(moment: Moment, size: tuple[float, float], look: Look) -> Picture:
    """The programs of every host: hosts beside each other where there is room."""
    sheet = Sheet(size[0], look)
    hosts = [(place, host) for place, host in enumerate(moment.hosts) if not host.is_scripted]
    gap = sheet.em * 1.8
    wide = (size[0] - 2 * MARGIN - gap * (len(hosts) - 1)) / max(1, len(hosts))
    is_beside = wide >= 26 * sheet.em
    if not is_beside:
        wide = size[0] - 2 * MARGIN
    x, top, bottom = MARGIN, MARGIN * 0.5, MARGIN
    for place, host in hosts:
        bottom = max(bottom, _host(sheet, moment, place, host, (x, top, wide)))
        if is_beside:
            x += wide + gap
        else:
            top = bottom + sheet.em * 0.5
    return sheet.picture(bottom + MARGIN * 0.4)


def current_lines(picture: Picture) -> tuple[float, ...]:
    """Where the lines lie at which programs are (y), so that a panel can bring them into sight."""
    framed = (mark for mark in picture.marks() if isinstance(mark, Rect) and mark.id.startswith("line:"))
    return tuple(mark.y for mark in framed if mark.stroke is not None and mark.stroke.role in HOST_ROLES)


MOST_PROGRAMS = 12


def _host(sheet: Sheet, moment: Moment, place: int, host: Host, box: Place) -> float:
    x, top, wide = box
    sheet.host(place, host, x, top, wide, more="" if host.is_up else sheet.t("the machine is down"))
    top += sheet.row * 1.25
    count = len(host.programs)
    if not count or not host.programs[0].program.lines:
        sheet.text(x, top, sheet.t("no program runs here"), Ink("ink3"), room=wide)
        return top + sheet.row
    for number in range(min(count, MOST_PROGRAMS)):
        if count > 1:
            sheet.heading(x, top, sheet.t("Program {number}", number=number + 1), wide)
            top += sheet.row
        for row in rows_of(moment, host, number, sheet.look.words):
            top = _line(sheet, place, row, (x, top, wide))
        if host.programs[number].phase == "ended":
            sheet.text(x + sheet.em * 3.3, top, sheet.t("the program has ended"), Ink("ink3"), room=wide - sheet.em * 4)
            top += sheet.row
    if count > MOST_PROGRAMS:
        sheet.text(x, top, sheet.t("and {count} more programs", count=count - MOST_PROGRAMS), Ink("ink2"), weight=600)
        top += sheet.row
    return top


def _line(sheet: Sheet, place: int, row: LineRow, box: Place) -> float:
    """One line; the y below it is returned."""
    x, top, wide = box
    end = x + wide
    is_current = row.status == CURRENT
    tall = sheet.row * (2 if is_current and row.note else 1)
    if is_current:
        sheet.add(Rect(x - 4, top, wide + 8, tall, 5, host_tint(place), host_ink(place), 1.4, id=row.id))
    sheet.selected(x - 4, top, wide + 8, tall, row.id)
    sheet.add(*_glyph(row.status, place, (x + sheet.em * 0.6, top + sheet.row / 2), sheet.em))
    sheet.text(x + sheet.em * 2.7, top, str(row.number), Ink("ink3"), mono=True, anchor="end")
    left = x + sheet.em * 3.3
    ink = Ink("ink3") if row.status == DONE else Ink("ink")
    left += sheet.text(left, top, row.act, ink, room=end - left, weight=700 if is_current else 400, mono=True)
    sheet.text(left + sheet.em, top, row.when, Ink("ink2"), room=max(0.0, end - left - sheet.em))
    if is_current and row.note:
        below = top + sheet.row
        room = wide - sheet.em * 3.6
        sheet.text(x + sheet.em * 3.3, below, row.note, host_ink(place), weight=600, room=room, is_live=True)
    words = sheet.look.words
    said = named(row.when, row.act, words) if row.when and row.act else row.when or row.act
    status = {DONE: sheet.t("done"), CURRENT: row.note or sheet.t("now"), AHEAD: sheet.t("to come")}[row.status]
    sheet.title(row.id, aside(f"{row.number}. {said}", status, words))
    return top + tall + 1


def _glyph(status: str, place: int, at: tuple[float, float], em: float) -> Iterator[Mark]:
    """A tick for what is done, an arrowhead where the program is, a ring for what is to come."""
    x, y = at
    r = em * 0.36
    if status == DONE:
        yield Polyline(((x - r, y), (x - r * 0.2, y + r * 0.8), (x + r, y - r * 0.8)), Ink("ink3"), 2.0)
    elif status == CURRENT:
        points = ((x - r, y - r * 1.2), (x + r * 1.2, y), (x - r, y + r * 1.2))
        yield Polyline(points, None, 0, host_ink(place), closed=True)
    else:
        yield Ellipse(x, y, r * 0.7, r * 0.7, None, Ink("edge"), 1.4)
