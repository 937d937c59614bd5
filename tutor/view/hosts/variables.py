"""The connection variables of both ends, grouped, in the RFC's names; what the last step changed is marked.

Rules
-----
* Sequence numbers count from the connection's own initial numbers, or are those on the wire (``is_absolute``).
* What changed stands as ``old → new`` on the host's tint; where there is no room for both, the old one is left out.
* What is not known yet is a dash: no number is made up.
* A variable that was clicked explains itself in the line above. What the selected segment changed is picked out.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.joining import Speech, aside, listed, named, sentences
from tutor.view.hosts.changing import Changed, changed_by
from tutor.view.hosts.known import ALWAYS, GROUPS, OURS, Value, Values, values_of
from tutor.view.hosts.meanings import VARIABLES
from tutor.view.hosts.moment import Moment
from tutor.view.hosts.sheet import MARGIN, Place, Sheet, clock
from tutor.view.marks import Ink, Picture, Rect
from tutor.view.standing import host_name
from tutor.view.theme import Look, host_ink, host_letter, host_tint

NONE = "—"
ARROW = " → "


# --- what both ends know, now and before ---


class Cell(NamedTuple):
    """One variable at one host. ``was`` is "" unless the last step changed it."""

    text: str
    was: str = ""


class Row(NamedTuple):
    """One variable, a cell a host."""

    name: str
    cells: tuple[Cell, ...]


Group = tuple[str, tuple[Row, ...]]
"""A head, and its rows."""

TRANSLATED = frozenset({"yes", "no"})


def rows_of(moment: Moment, words: Speech, *, is_absolute: bool = False) -> tuple[Group, ...]:
    """Every group that has something to tell, with its rows; a cell a host."""
    now = [_known(moment, place) for place in range(len(moment.hosts))]
    before = [_known_before(moment, place) for place in range(len(moment.hosts))]
    groups = []
    for head, names in GROUPS:
        rows = []
        for name in names:
            cells = tuple(_cell(name, *pair, words, is_absolute) for pair in zip(now, before, strict=True))
            if name in ALWAYS or any(cell.text != NONE or cell.was for cell in cells):
                rows.append(Row(name, cells))
        groups.append((head, tuple(rows)))
    return tuple(groups)


def _known(moment: Moment, place: int) -> Values:
    host = moment.hosts[place]
    socket = moment.socket(host)
    found = values_of(socket.tcb if socket is not None else None, host.profile, moment.time)
    if socket is not None and socket.fd is not None:
        found["Descriptor"] = Value(str(socket.fd))
    return found


def _known_before(moment: Moment, place: int) -> Values | None:
    """What the same socket knew before the last step; None if there was no such socket."""
    host = moment.hosts[place]
    was, socket = moment.was(host), moment.socket_was(host)
    if was is None or socket is None:
        return None
    found = values_of(socket.tcb, was.profile, moment.at)
    if socket.fd is not None:
        found["Descriptor"] = Value(str(socket.fd))
    return found


def _cell(name: str, now: Values, before: Values | None, words: Speech, is_absolute: bool) -> Cell:
    text = _said(now.get(name), words, is_absolute=is_absolute)
    was = text if before is None else _said(before.get(name), words, is_absolute=is_absolute)
    return Cell(text, "" if was == text else was)


def _said(value: Value | None, words: Speech, *, is_absolute: bool) -> str:
    if value is None:
        return NONE
    return words.t(value.text) if value.text in TRANSLATED else value.shown(is_absolute=is_absolute)


def changes(moment: Moment, words: Speech, *, is_absolute: bool = False) -> tuple[str, ...]:
    """What the last step changed, as ``A SND.NXT 1 → 101``, host by host."""
    groups = rows_of(moment, words, is_absolute=is_absolute)
    return tuple(
        f"{host_letter(place)} {shown_name(row.name, words)} {row.cells[place].was}{ARROW}{row.cells[place].text}"
        for place in range(len(moment.hosts))
        for _, rows in groups
        for row in rows
        if row.cells[place].was
    )


# --- the picture ---


def variables_picture(moment: Moment, size: tuple[float, float], look: Look, *, is_absolute: bool = False) -> Picture:
    """The variables in as many columns as fit; the picture is as tall as they are."""
    sheet = Sheet(size[0], look)
    groups = rows_of(moment, look.words, is_absolute=is_absolute)
    picked = changed_by(moment, look.selection)
    top = _head(sheet, moment, picked, is_absolute=is_absolute)
    columns = _columns(sheet, groups, len(moment.hosts))
    gap = sheet.em * 1.8
    wide = (size[0] - 2 * MARGIN - gap * (len(columns) - 1)) / len(columns)
    bottom = top
    for place, column in enumerate(columns):
        x, y = MARGIN + place * (wide + gap), top
        for head, rows in column:
            y = _group(sheet, moment, (head, rows), (x, y, wide), picked)
        bottom = max(bottom, y)
    return sheet.picture(bottom + MARGIN / 2)


Groups = tuple[Group, ...]


def _head(sheet: Sheet, moment: Moment, picked: Changed, *, is_absolute: bool) -> float:
    """The line above: what was clicked, or what it changed, or the last step; the switch of numbers at its right."""
    top = MARGIN * 0.6
    switch = sheet.t("Relative numbers") if is_absolute else sheet.t("Absolute numbers")
    wide = sheet.wide(switch, weight=600) + sheet.em * 1.2
    x = sheet.width - MARGIN - wide
    sheet.add(Rect(x, top, wide, sheet.row, 6, Ink("surface2"), Ink("border"), 1, id="numbers"))
    sheet.text(x + wide / 2, top, switch, Ink("accent"), weight=600, anchor="middle", identity="numbers")
    sheet.title("numbers", switch)
    room = x - 2 * MARGIN
    name = sheet.look.selection.removeprefix("var:")
    if sheet.look.selection.startswith("var:") and name in VARIABLES:
        shown = shown_name(name, sheet.look.words)
        end = sheet.text(MARGIN, top, shown, Ink("ink"), weight=700, mono=True, room=room)
        said = _meaning(name, sheet.look.words)
        sheet.text(MARGIN + end + sheet.em, top, said, Ink("ink2"), room=room - end - sheet.em)
        return top + sheet.row * 1.25
    if picked:
        order = [name for _, names in GROUPS for name in names]
        told = sorted(picked, key=lambda cell: (cell[0], order.index(cell[1])))
        names = [f"{host_letter(place)} {shown_name(name, sheet.look.words)}" for place, name in told]
        said = sheet.t("What is selected has changed: {names}", names=listed(names, sheet.look.words))
        sheet.text(MARGIN, top, said, Ink("ink2"), room=room)
        return top + sheet.row * 1.25
    said = "   ".join(changes(moment, sheet.look.words, is_absolute=is_absolute))
    end = sheet.text(MARGIN, top, clock(moment.at), Ink("ink3"), room=room)
    said = said or sheet.t("nothing of this has changed")
    sheet.text(MARGIN + end + sheet.em, top, said, Ink("ink2"), room=room - end - sheet.em)
    return top + sheet.row * 1.25


def shown_name(name: str, words: Speech) -> str:
    """A variable's name, as it is read."""
    return words.t(OURS[name]) if name in OURS else name


def _meaning(name: str, words: Speech) -> str:
    sentence, source = VARIABLES[name]
    return aside(words.t(sentence), source, words) if source else words.t(sentence)


def _columns(sheet: Sheet, groups: Groups, hosts: int) -> list[list[Group]]:
    """The groups in columns of about equal height, as many as the width holds."""
    least = sheet.em * (7.4 + 6.6 * hosts)
    count = max(1, min(len(groups), int((sheet.width - MARGIN) / (least + sheet.em))))
    lengths = [len(rows) + 1.4 for _, rows in groups]
    bound = max(sum(lengths) / count, *lengths)
    while len(columns := _filled(groups, lengths, bound)) > count:
        bound += 1
    return columns


def _filled(groups: Groups, lengths: list[float], bound: float) -> list[list[Group]]:
    columns: list[list[Group]] = [[]]
    filled = 0.0
    for group, length in zip(groups, lengths, strict=True):
        if columns[-1] and filled + length > bound + 0.01:
            columns.append([])
            filled = 0.0
        columns[-1].append(group)
        filled += length
    return columns


def _group(sheet: Sheet, moment: Moment, group: Group, place: Place, picked: Changed) -> float:
    """One group in its column; the y below it is returned."""
    head, rows = group
    x, top, wide = place
    hosts = moment.hosts
    names = min(wide * 0.36, sheet.wide("SACK-permitted") + sheet.em * 0.6)
    cell = (wide - names) / len(hosts)
    sheet.heading(x, top, sheet.t(head), names + cell - 2 * sheet.em)
    for index in range(len(hosts)):
        edge = x + names + cell * (index + 1)
        sheet.text(edge, top, host_letter(index), host_ink(index), weight=700, anchor="end")
    top += sheet.row
    sheet.rule(x, top, wide)
    for row in rows:
        identity = f"var:{row.name}"
        sheet.selected(x - 3, top + 1, wide + 6, sheet.row - 1, identity)
        sheet.text(x, top, shown_name(row.name, sheet.look.words), Ink("ink2"), room=names - 4)
        for index, value in enumerate(row.cells):
            if (index, row.name) in picked:
                ground = (x + names + cell * index + sheet.em * 0.2, top + 1, cell - sheet.em * 0.2 + 3, sheet.row - 2)
                sheet.add(Rect(*ground, 4, Ink("accent_tint"), Ink("accent"), 1.2, id=identity))
            _cell_marks(sheet, index, value, (x + names + cell * index, top, cell))
        more = sheet.t("What is selected has changed it.") if any(name == row.name for _, name in picked) else ""
        sheet.title(identity, sentences((_title(row, moment, sheet.look.words), more), sheet.look.words))
        top += sheet.row
    return top + sheet.row * 0.4


def _cell_marks(sheet: Sheet, index: int, value: Cell, place: Place) -> None:
    """A value against the right edge of its cell; changed: on the host's tint, the old one before it if it fits."""
    x, top, wide = place
    edge, room = x + wide, wide - sheet.em * 0.4
    if not value.was:
        ink = Ink("ink3") if value.text == NONE else Ink("ink")
        sheet.text(edge, top, value.text, ink, room=room, mono=True, anchor="end")
        return
    new = sheet.wide(value.text, weight=700, mono=True)
    old = sheet.wide(value.was + ARROW, mono=True)
    shown = min(new + old if new + old <= room else new, room)
    sheet.add(Rect(edge - shown - 4, top + 1, shown + 7, sheet.row - 2, 4, host_tint(index), id=""))
    width = sheet.text(edge, top, value.text, host_ink(index), room=room, weight=700, mono=True, anchor="end")
    if new + old <= room:
        sheet.text(edge - width, top, value.was + ARROW, Ink("ink2"), mono=True, anchor="end")


def _title(row: Row, moment: Moment, words: Speech) -> str:
    """The variable in words: what it is, and what each host has."""
    said = [named(shown_name(row.name, words), _meaning(row.name, words), words)]
    for host, cell in zip(moment.hosts, row.cells, strict=True):
        now = aside(cell.text, words.t("was {value}", value=cell.was), words) if cell.was else cell.text
        said.append(named(host_name(host.name, words), now, words))
    return sentences(said, words)
