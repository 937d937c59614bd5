"""Both ends from inside: state, buffers as strips, running timers; the hosts beside each other, or one below the other.

Rules
-----
* The numbers above a strip are its edges; they are pushed apart until none touches another, and a thin line leads to
  the place each one means. Where two edges are one number they share a label.
* What a part is stands in it where there is room, else below the strip. Its id says the whole of it.
* A part in flight whose segment is still on its way has that segment's id: a click selects it everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tutor.joining import named
from tutor.tcp import seq
from tutor.tcp.tcb import Tcb
from tutor.view.hosts import buffers
from tutor.view.hosts.buffers import KINDS, Part, Strip
from tutor.view.hosts.moment import Moment
from tutor.view.hosts.sheet import MARGIN, Place, Sheet
from tutor.view.hosts.timers import running, timer_in_head, timer_marks
from tutor.view.marks import Box, Group, Ink, Line, Mark, Picture, Rect
from tutor.view.standing import SCREEN_NAMES
from tutor.view.theme import Look, host_ink, host_tint
from tutor.world.host import LISTENER, REQUEST, Host, Socket
from tutor.world.records import StateChanged
from tutor.world.ss import received_and_unread, written_and_unacknowledged

LEAST_HALF = 31.0
"""Ems that one host needs to stand beside the other."""
LOW = 10.0
"""Lines that a panel must hold for a timer to be seen below the buffers; else it stands in the head as well."""
LEAST_CELL = 16.0
"""Px of the narrowest part."""


def ends_picture(moment: Moment, size: tuple[float, float], look: Look) -> Picture:
    """Both ends; the picture is as tall as they need."""
    sheet = Sheet(size[0], look)
    hosts = moment.hosts
    gap = sheet.em * 1.8
    wide = (size[0] - 2 * MARGIN - gap * (len(hosts) - 1)) / len(hosts)
    is_beside = wide >= LEAST_HALF * sheet.em
    if not is_beside:
        wide = size[0] - 2 * MARGIN
    x, top, bottom = MARGIN, MARGIN * 0.5, 0.0
    is_low = size[1] < LOW * sheet.row
    for place, host in enumerate(hosts):
        bottom = max(bottom, _end(sheet, moment, place, host, (x, top, wide), is_low=is_low))
        if is_beside:
            x += wide + gap
        else:
            top = bottom + sheet.em * 0.6
    return sheet.picture(bottom + MARGIN * 0.4)


def _end(sheet: Sheet, moment: Moment, place: int, host: Host, box: Place, *, is_low: bool) -> float:
    """One host; the y below it is returned."""
    x, top, wide = box
    socket = moment.socket(host)
    timers = running(moment, host, socket, sheet.look.words)
    used = timer_in_head(sheet, moment, place, timers[0], box) if is_low and timers else 0.0
    _heading(sheet, place, host, socket, (x, top, wide - used))
    top += sheet.row * 1.22
    if socket is None or socket.kind == LISTENER:
        said = _without(sheet, moment, host)
        said = sheet.t("a listener has no connection of its own") if socket is not None else said
        said = sheet.t("a script speaks for this host") if host.is_scripted else said
        sheet.text(x, top, said, Ink("ink3"), room=wide)
        return top + sheet.row
    tcb = socket.tcb
    sends, takes = buffers.sending(tcb), buffers.receiving(tcb)
    was = moment.socket_was(host)
    for name, strip, old, queued in (
        ("send", sends, buffers.sending(was.tcb) if was else None, written_and_unacknowledged(tcb)),
        ("receive", takes, buffers.receiving(was.tcb) if was else None, received_and_unread(tcb)),
    ):
        if strip is not None:
            drawing = Drawing(sheet, moment, place, host, tcb, name)
            top = drawing.draw(strip, old, queued, (x, top, wide))
    for timer in timers:
        top = timer_marks(sheet, moment, place, timer, (x, top, wide))
    if not timers:
        sheet.text(x, top, sheet.t("no timer runs"), Ink("ink3"), room=wide)
        top += sheet.row
    return top


def _without(sheet: Sheet, moment: Moment, host: Host) -> str:
    """A host that has no socket: has it had one?"""
    steps = moment.trace.computed
    here = moment.trace.index_at(moment.time)
    has_had = any(
        isinstance(record, StateChanged) and record.host == host.name
        for place in range(here, -1, -1)
        for record in steps[place].records
    )
    return sheet.t("no socket any more") if has_had else sheet.t("no socket yet")


def _heading(sheet: Sheet, place: int, host: Host, socket: Socket | None, box: Place) -> None:
    """Who it is, in which state, and what kind of socket."""
    x, top, wide = box
    state = SCREEN_NAMES.get(socket.state, str(socket.state)) if socket is not None else "CLOSED"
    pill = sheet.wide(state, weight=700) + sheet.em * 1.1
    local = socket.tcb.local if socket is not None and socket.tcb.local.port else None
    used = sheet.host(place, host, x, top, wide - pill - sheet.em, more=str(local or host.address))
    if host.is_scripted:
        return
    left = x + used + sheet.em * 0.7
    identity = f"conn:{socket.id}" if socket is not None else ""
    left += sheet.pill(place, (left, top, x + wide - left), state, identity=identity)
    if socket is None:
        return
    sheet.title(f"conn:{socket.id}", named(socket.id, state, sheet.look.words))
    words = socket_words(socket, sheet)
    sheet.text(left + sheet.em * 0.6, top, words, Ink("ink2"), room=x + wide - left - sheet.em * 0.6)


def socket_words(socket: Socket, sheet: Sheet) -> str:
    """What kind of socket it is, where that is not plain."""
    if socket.kind == LISTENER:
        return sheet.t("listener")
    if socket.kind == REQUEST:
        return sheet.t("request entry")
    if socket.tcb.is_small:
        return sheet.t("mini-socket")
    if socket.is_orphan:
        return sheet.t("orphan")
    if socket.is_queued:
        return sheet.t("waits for accept()")
    return ""


# --- one strip ---


class Label(NamedTuple):
    """A number above the strip: where it belongs, what it says, and whether the last step has moved it."""

    x: float
    names: tuple[str, ...]
    value: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """One strip of one host being drawn; ``name`` is "send" or "receive"."""

    sheet: Sheet
    moment: Moment
    place: int
    host: Host
    tcb: Tcb
    name: str

    def draw(self, strip: Strip, old: Strip | None, queued: int, box: Place) -> float:
        """Head at the left, numbers above, parts, and below what had no room; the y below it is returned."""
        sheet = self.sheet
        x, top, wide = box
        head = sheet.em * 7
        said, queue = (sheet.t("Send"), "Send-Q") if self.name == "send" else (sheet.t("Receive"), "Recv-Q")
        sheet.text(x, top + sheet.row * 0.72, said, Ink("ink"), weight=700, room=head - 4)
        below = top + sheet.row * 1.62
        sheet.text(x, below, f"{queue} {queued}", Ink("ink2"), mono=True, size=sheet.small, room=head - 4)
        left, room = x + head, wide - head
        at = buffers.places(strip.parts, room, LEAST_CELL)
        y, tall = top + sheet.row * 1.12, sheet.row * 1.08
        self._labels(strip, old, at, (left, top, room))
        untold = []
        for index, (part, (px, width)) in enumerate(zip(strip.parts, at, strict=True)):
            if not self._part(strip, index, part, Box(left + px, y, left + px + width, y + tall)):
                untold.append(part)
        self._legend(untold, (left, y + tall + 1, room))
        return y + tall + sheet.row * 1.02

    # --- numbers ---

    def _labels(self, strip: Strip, old: Strip | None, at: tuple[tuple[float, float], ...], box: Place) -> None:
        """The numbers at the edges of the parts."""
        sheet = self.sheet
        left, top, room = box
        before = dict(old.edges) if old is not None else {}
        merged: dict[int, list[str]] = {}
        for edge in strip.edges:
            merged.setdefault(edge.value, []).append(edge.name)
        labels = [
            Label(
                buffers.x_of(value, strip.parts, at),
                tuple(names),
                str(value),
                any(name in before and before[name] != value for name in names),
            )
            for value, names in sorted(merged.items())
        ]
        wides, texts = self._fitting(labels, room)
        lefts = spread([each.x for each in labels], wides, room, sheet.em * 0.8)
        for label, text, wide, x in zip(labels, texts, wides, lefts, strict=True):
            self._label(label, text, (left + x, top, wide), left + label.x)

    def _label(self, label: Label, text: tuple[str, str], box: Place, foot: float) -> None:
        sheet = self.sheet
        x, top, wide = box
        identity = f"var:{label.names[0].partition('+')[0]}"
        if label.is_new:
            sheet.add(Rect(x - 3, top + 1, wide + 6, sheet.row - 3, 4, host_tint(self.place)))
        sheet.add(Rect(x, top, wide, sheet.row, 3, Ink("surface", 0.0), id=identity))
        ink = host_ink(self.place) if label.is_new else Ink("ink")
        name = sheet.text(x, top, text[0], Ink("ink2"), size=sheet.small)
        sheet.text(x + name, top, text[1], ink, weight=700, mono=True)
        sheet.title(identity, f"{' = '.join(label.names)} {label.value}")
        bottom, middle = top + sheet.row * 1.12, x + wide / 2
        start = max(x + 2, min(foot, x + wide - 2)) if x <= foot <= x + wide else middle
        sheet.add(Line(start, top + sheet.row - 2, foot, bottom + 1, Ink("ink2"), 1.2))

    def _fitting(self, labels: list[Label], room: float) -> tuple[list[float], list[tuple[str, str]]]:
        """The labels as long as fits: whole names, short names, numbers alone."""
        sheet = self.sheet
        small = sheet.small
        for style in ("long", "short", "bare"):
            texts = [(_names(label.names, style), label.value) for label in labels]
            wides = [sheet.wide(name, size=small) + sheet.wide(value, weight=700, mono=True) for name, value in texts]
            if sum(wides) + sheet.em * 0.8 * (len(wides) - 1) <= room or style == "bare":
                break
        return wides, texts

    # --- parts ---

    def _part(self, strip: Strip, index: int, part: Part, box: Box) -> bool:
        """One part; does it say itself what it is?"""
        sheet = self.sheet
        identity = self._id(strip, index, part)
        sheet.add(*_shape(part.kind, self.place, box, identity))
        if sheet.look.selection == identity:
            sheet.add(Rect(box.left, box.top, box.right - box.left, box.bottom - box.top, 3, None, Ink("accent"), 2))
        name = sheet.t(KINDS[part.kind])
        sheet.title(identity, self._title(part, name))
        size = sheet.small
        count = "" if part.is_open or (part.length == 1 and part.kind == "fin") else str(part.length)
        room = box.right - box.left - 6
        ink = Ink("on") if part.kind in ("flight", "again") else Ink("ink")
        for said in (f"{name} {count}".strip(), count):
            if said and sheet.wide(said, size=size) <= room:
                middle = (box.left + box.right) / 2
                if part.kind in ("shut", "beyond"):
                    wide = sheet.wide(said, size=size) + 8
                    sheet.add(Rect(middle - wide / 2, box.top + 2, wide, box.bottom - box.top - 4, 3, Ink("surface2")))
                top = box.top + (box.bottom - box.top - sheet.row) / 2
                sheet.text(middle, top, said, ink, size=size, anchor="middle", identity=identity)
                return said != count
        return part.kind == "beyond"

    def _id(self, strip: Strip, index: int, part: Part) -> str:
        if part.kind in ("flight", "again", "lost", "sacked"):
            wanted = seq.add(strip.base, part.start)
            flights = self.moment.world.airborne.values()
            for flight in flights if len(self.moment.world.airborne) <= 400 else ():
                if flight.sender == self.host.name and flight.segment.seq == wanted and flight.segment.seq_length:
                    return f"flight:{flight.id}"
        return f"bytes:{self.host.name}:{self.name}:{index}"

    def _title(self, part: Part, name: str) -> str:
        if part.is_open:
            return named(name, f"{part.start}…", self.sheet.look.words)
        return self.sheet.t(
            "{what}: {start} to {last}, {count} octets",
            what=name, start=part.start, last=part.stop - 1, count=part.length,
        )  # fmt: skip

    def _legend(self, parts: list[Part], box: Place) -> None:
        """The parts that could not say what they are: a swatch, the name, how much of it."""
        sheet = self.sheet
        x, top, room = box
        end = x + room
        size = sheet.small
        sums: dict[str, int] = {}
        for part in sorted(parts, key=lambda part: part.kind in ("acked", "read")):
            sums[part.kind] = sums.get(part.kind, 0) + part.length
        for kind, octets in sums.items():
            words = f"{sheet.t(KINDS[kind])} {octets}" if kind != "fin" else sheet.t(KINDS[kind])
            wide = sheet.em * 1.3 + sheet.wide(words, size=size)
            if x + wide > end:
                return
            side = sheet.em * 0.8
            y = top + (sheet.row - side) / 2
            sheet.add(*_shape(kind, self.place, Box(x, y, x + side, y + side), ""))
            sheet.text(x + sheet.em * 1.3, top, words, Ink("ink2"), size=size)
            x += wide + sheet.em


def _names(names: tuple[str, ...], style: str) -> str:
    if style == "bare":
        return ""
    shown = names if style == "long" else tuple(name.replace("SND.", "").replace("RCV.", "") for name in names)
    return " = ".join(shown) + " "


def spread(xs: list[float], wides: list[float], room: float, gap: float) -> list[float]:
    """Left edges of labels about ``xs`` (rising), none touching another, all within ``room`` where they fit."""
    lefts = [min(max(0.0, x - wide / 2), max(0.0, room - wide)) for x, wide in zip(xs, wides, strict=True)]
    for place in range(1, len(lefts)):
        lefts[place] = max(lefts[place], lefts[place - 1] + wides[place - 1] + gap)
    limit = room
    for place in reversed(range(len(lefts))):
        lefts[place] = min(lefts[place], limit - wides[place])
        limit = lefts[place] - gap
    return lefts


def _shape(kind: str, place: int, box: Box, identity: str) -> list[Mark]:
    """How a kind of part looks: filled is text that is somewhere, hollow is room, red is lost or repeated."""
    x, y, wide, tall = box.left, box.top, max(0.0, box.right - box.left - 1.0), box.bottom - box.top
    inner = (x + 0.5, y + 0.5, max(0.0, wide - 1), tall - 1)
    ink, tint = host_ink(place), host_tint(place)
    match kind:
        case "flight":
            return [Rect(x, y, wide, tall, 2, ink, id=identity)]
        case "again":
            return [Rect(x, y, wide, tall, 2, ink, Ink("err"), 2.4, id=identity)]
        case "lost":
            return [Rect(x, y, wide, tall, 2, Ink("err_tint"), Ink("err"), 1.4, id=identity), *_cross(box)]
        case "acked" | "read":
            return [Rect(x, y, wide, tall, 2, Ink("grid"), id=identity)]
        case "sacked" | "held" | "unread" | "fin":
            return [Rect(*inner, 2, tint, ink, 1.4, id=identity)]
        case "ready-to-go":
            return [Rect(*inner, 2, Ink("surface"), ink, 1.8, id=identity)]
        case "free" | "room" | "hole":
            dash = (3.0, 2.0) if kind != "hole" else (1.5, 1.5)
            return [Rect(*inner, 2, Ink("surface2"), Ink("edge"), 1.2, dash, id=identity)]
    return _hatched(box, identity)


def _cross(box: Box) -> list[Mark]:
    """A cross at the left of what is thought lost."""
    r = min(4.0, (box.right - box.left) / 3)
    x, y = box.left + r + 2, (box.top + box.bottom) / 2
    return [Line(x - r, y - r, x + r, y + r, Ink("err"), 2.2), Line(x - r, y + r, x + r, y - r, Ink("err"), 2.2)]


def _hatched(box: Box, identity: str) -> list[Mark]:
    """Where nothing may be: slanted lines."""
    x, y, wide, tall = box.left, box.top, box.right - box.left, box.bottom - box.top
    starts = range(-int(tall), int(wide), 7)
    lines = tuple(Line(x + at, y + tall, x + at + tall, y, Ink("edge", 0.8), 1.2) for at in starts)
    ground = Rect(x, y, max(0.0, wide - 1), tall, 2, Ink("surface2"), id=identity)
    return [ground, Group(lines, Box(x, y, box.right - 1, y + tall))]
