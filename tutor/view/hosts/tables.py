"""The socket table as ``ss -tano`` prints it, and the counters that moved as ``nstat`` names them, for every host.

Rules
-----
* A line of the table is the line of ``world.ss``, column by column; nothing is rounded or left out but what no longer
  fits, and then it says how many more there are.
* The connection in focus has a frame; a click on a line brings another one there.
* While a bet waits no line says how much of its timer is left.
* Counters that the last step has moved come first, with how much; then the others, in the kernel's order. What is
  clicked tells what it counts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tutor.joining import named
from tutor.view.hosts.counters import COUNTER_MEANINGS
from tutor.view.hosts.moment import Moment
from tutor.view.hosts.sheet import MARGIN, Place, Sheet, clock
from tutor.view.marks import Ink, Picture, Rect
from tutor.view.panels import HIDDEN
from tutor.view.theme import Look, host_ink, host_letter, host_tint
from tutor.world.counting import COUNTERS
from tutor.world.host import Host
from tutor.world.ss import HEAD, SsRow, listed

GAP = 0.6
"""Between two columns of the table, in ems."""
MOST_ROWS = 40
"""Lines a host's table has at most."""


Table = list[tuple[str, SsRow]]
"""The lines of a host's table, each with the name of its socket."""


class Moved(NamedTuple):
    """A counter that is not 0: its name, its value, and by how much the last step has moved it."""

    name: str
    value: int
    by: int


def moved(moment: Moment, host: Host) -> tuple[Moved, ...]:
    """The counters of a host that moved in this run: those of the last step first, each group in the kernel's order."""
    before = moment.was(host)
    found = []
    for name in COUNTERS:
        value = host.counter(name)
        old = before.counter(name) if before is not None else value
        if value or value != old:
            found.append(Moved(name, value, value - old))
    return tuple(sorted(found, key=lambda each: not each.by))


# --- the picture ---


def tables_picture(moment: Moment, size: tuple[float, float], look: Look) -> Picture:
    """Tables on the left, counters on the right; below one another where that is too narrow."""
    sheet = Sheet(size[0], look)
    tables = [_listed(moment, host) for host in moment.hosts]
    widths = _widths(sheet, [row for table in tables for _, row in table])
    need = sum(widths) + GAP * sheet.em * len(widths)
    gap, least = sheet.em * 2, sheet.em * 19
    top, x = MARGIN * 0.5, MARGIN
    is_beside = need + gap + least <= size[0] - 2 * MARGIN
    room = need if is_beside else size[0] - 2 * MARGIN
    y = top
    for place, host in enumerate(moment.hosts):
        if not host.is_scripted:
            y = _table(sheet, moment, place, host, tables[place], widths, (x, y, room))
    left = x + need + gap if is_beside else x
    at = top if is_beside else y
    bottom = _counters(sheet, moment, (left, at, size[0] - MARGIN - left))
    return sheet.picture(max(y, bottom) + MARGIN * 0.3)


def _listed(moment: Moment, host: Host) -> Table:
    """The host's lines; while a bet waits no timer tells what is left of it."""
    table = listed(host, moment.time, MOST_ROWS)
    if moment.may_foretell:
        return table
    return [(name, row._replace(timer=_LEFT.sub(rf"\1{HIDDEN}\2", row.timer))) for name, row in table]


_LEFT = re.compile(r"(timer:\(\w+,)[^,]+(,)")
"""The second of the three parts that ``ss`` tells of a timer."""


def _widths(sheet: Sheet, rows: list[SsRow]) -> list[float]:
    """How wide each column of the tables is: the addresses with their ports are one."""
    columns = zip(*(_columns(row) for row in (HEAD, *rows)), strict=True)
    return [max(sheet.wide(text, mono=True, size=sheet.small) for text in column) for column in columns]


def _columns(row: SsRow) -> tuple[str, ...]:
    local, peer = f"{row.local}:{row.local_port}", f"{row.peer}:{row.peer_port}"
    return row.state, row.recv_q, row.send_q, local, peer, row.timer.strip()


def _table(
    sheet: Sheet, moment: Moment, place: int, host: Host, table: Table, widths: list[float], box: Place
) -> float:
    """One host's table; the y below it is returned."""
    x, top, room = box
    sheet.host(place, host, x, top, room, more="ss -tano")
    top += sheet.row * 1.1
    _line(sheet, _columns(HEAD._replace(timer="")), widths, (x, top, room), Ink("ink3"))
    top += sheet.row
    focus = moment.socket(host)
    for identity, row in table:
        columns = _columns(row)
        mark = f"conn:{identity}"
        is_focus = focus is not None and focus.id == identity
        if is_focus:
            sheet.add(Rect(x - 4, top, room + 8, sheet.row, 4, host_tint(place), host_ink(place), 1.4))
        sheet.selected(x - 4, top, room + 8, sheet.row, mark)
        _line(sheet, columns, widths, (x, top, room), Ink("ink"), weight=600 if is_focus else 400)
        sheet.title(mark, " ".join(column for column in columns if column))
        top += sheet.row
    if not table:
        sheet.text(x, top, sheet.t("no socket"), Ink("ink3"))
        top += sheet.row
    hidden = _count(host) - len(table)
    if hidden > 0:
        sheet.text(x, top, sheet.t("and {count} more", count=hidden), Ink("ink2"), weight=600)
        top += sheet.row
    return top + sheet.row * 0.4


def _count(host: Host) -> int:
    """How many lines the whole table would have."""
    return sum(socket.tcb.state.value != "CLOSED" for socket in host.sockets.values())


def _line(
    sheet: Sheet, columns: tuple[str, ...], widths: list[float], box: Place, ink: Ink, *, weight: int = 400
) -> None:
    x, top, room = box
    end = x + room
    for place, (text, wide) in enumerate(zip(columns, widths, strict=True)):
        is_address, is_timer = place in (3, 4), place == 5
        left, anchor = (min(x + wide, end), "end") if is_address else (x, "start")
        sheet.text(
            left, top, text, ink, room=end - x, size=sheet.small, weight=weight, mono=True,
            anchor=anchor, is_live=is_timer,  # type: ignore[arg-type]
        )  # fmt: skip
        x += wide + GAP * sheet.em
        if x >= end:
            return


# --- counters ---


def _counters(sheet: Sheet, moment: Moment, box: Place) -> float:
    """The counters of all hosts: a column a host, a row a counter; the y below them is returned."""
    x, top, room = box
    hosts = [(place, host) for place, host in enumerate(moment.hosts) if not host.is_scripted]
    found = {place: {each.name: each for each in moved(moment, host)} for place, host in hosts}
    names = [name for name in COUNTERS if any(name in each for each in found.values())]
    names.sort(key=lambda name: not any(name in each and each[name].by for each in found.values()))
    longest = max((len(f"{one.value} {one.by:+d}") if one.by else len(str(one.value)) for each in found.values()
                   for one in each.values()), default=0)  # fmt: skip
    cell = sheet.wide("9" * max(longest, 6), mono=True) + sheet.em * 0.8
    room = min(room, sheet.em * 34)
    first = max(sheet.em * 6, room - cell * len(hosts))
    sheet.heading(x, top, sheet.t("Counters"), first)
    for index, (place, _) in enumerate(hosts):
        sheet.text(x + first + cell * (index + 1), top, host_letter(place), host_ink(place), weight=700, anchor="end")
    top += sheet.row
    top = _meaning(sheet, moment, (x, top, room))
    sheet.rule(x, top, room)
    for name in names:
        mark = f"counter:{name}"
        sheet.selected(x - 3, top + 1, room + 6, sheet.row - 1, mark)
        sheet.text(x, top, name, Ink("ink2"), room=first - 4, size=sheet.small)
        for index, (place, _) in enumerate(hosts):
            each = found[place].get(name)
            _count_marks(sheet, place, each, (x + first + cell * index, top, cell))
        sheet.title(mark, named(name, sheet.t(COUNTER_MEANINGS[name]), sheet.look.words))
        top += sheet.row
    if not names:
        sheet.text(x, top, sheet.t("no counter has moved"), Ink("ink3"), room=room)
        top += sheet.row
    return top


def _meaning(sheet: Sheet, moment: Moment, box: Place) -> float:
    """What the counter that was clicked counts; else when the last step was."""
    x, top, room = box
    name = sheet.look.selection.removeprefix("counter:")
    if sheet.look.selection.startswith("counter:") and name in COUNTER_MEANINGS:
        for line in sheet.lines(sheet.t(COUNTER_MEANINGS[name]), room):
            sheet.text(x, top, line, Ink("ink"), room=room)
            top += sheet.row
        return top
    sheet.text(x, top, sheet.t("moved at {at}: first in the list", at=clock(moment.at)), Ink("ink3"), room=room)
    return top + sheet.row


def _count_marks(sheet: Sheet, place: int, each: Moved | None, box: Place) -> None:
    x, top, wide = box
    if each is None:
        return
    edge = x + wide
    if each.by:
        by = f"{each.by:+d}"
        room = sheet.wide(f"{each.value} {by}", weight=700, mono=True)
        sheet.add(Rect(edge - room - 4, top + 1, room + 7, sheet.row - 2, 4, host_tint(place)))
        used = sheet.text(edge, top, by, host_ink(place), weight=700, mono=True, anchor="end")
        edge -= used + sheet.wide(" ", mono=True)
    sheet.text(edge, top, str(each.value), Ink("ink"), mono=True, anchor="end")
