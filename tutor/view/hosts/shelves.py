"""Queues as shelves: who waits for the third ACK, who waits for ``accept()``, who waits out TIME-WAIT.

Rules
-----
* A shelf holds what the host's own table holds, oldest first, with the limit that this kernel computes and how it does.
* What does not fit on the shelf's width is counted: "and 180 more". Empty places are drawn as far as there is room.
* What came in the last step has a strong border; what was turned away in it is said in red, with the reason.
* The bar under an entry is the timer that it waits for; while a bet waits it does not tell how far that is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tutor.joining import named
from tutor.tcp.states import State
from tutor.view.hosts.moment import Moment
from tutor.view.hosts.sheet import MARGIN, Place, Sheet, clock
from tutor.view.hosts.timers import left_text
from tutor.view.marks import Ink, Line, Picture, Polyline, Rect
from tutor.view.theme import Look, host_ink, host_tint
from tutor.words import ALL_REASONS
from tutor.world import queues
from tutor.world.host import LISTENER, REQUEST, Host, Socket
from tutor.world.records import Because, Called, CallReturned
from tutor.world.tables import is_entry

SYN_REASONS = frozenset({"syn-queue-full", "syn-reserve-kept", "cookie-wanted", "cookies-always", "possible-syn-flood"})
ACCEPT_REASONS = frozenset(
    {"accept-queue-full-syn", "accept-queue-full-ack", "accept-queue-full-rst", "accept-queue-full-cookie"}
)
ENTRY_REASONS = frozenset({"time-wait-table-full"})
"""Reasons of the host for turning something away, by the shelf that was full."""


class Shelf(NamedTuple):
    """One shelf: its head, its sockets (oldest first), its limit and how that comes about, what was turned away."""

    head: str
    sockets: tuple[Socket, ...]
    held: int
    limit: int
    rule: str
    refused: str
    new: frozenset[str]
    timer: str


# --- what is on them ---


def requests_of(host: Host, listener: Socket) -> tuple[Socket, ...]:
    """The request entries of a listener, oldest first."""
    mine = [each for each in host.sockets.values() if each.kind == REQUEST and _is_child(each, listener)]
    return tuple(sorted(mine, key=lambda each: each.number))


def waiting_of(host: Host, listener: Socket) -> tuple[Socket, ...]:
    """The finished connections that nobody has accepted, oldest first."""
    found = (host.connection(name) for name in listener.accept_queue)
    return tuple(each for each in found if each is not None)


def entries_of(host: Host, *, may_foretell: bool = True) -> tuple[Socket, ...]:
    """What waits in TIME-WAIT, and the small entries in FIN-WAIT-2; the first to end leads, if that may be told."""
    mine = sorted((each for each in host.sockets.values() if is_entry(each)), key=lambda each: each.number)
    if may_foretell:
        mine.sort(key=lambda each: each.tcb.next_deadline() or (0, ""))
    return tuple(mine)


def _is_child(socket: Socket, listener: Socket) -> bool:
    return socket.listener == listener.id and socket.listener_number == listener.number


def _refused(moment: Moment, host: Host, reasons: frozenset[str], sheet: Sheet) -> str:
    """What was turned away in the last step for want of room, in words; "" if nothing was."""
    for record in reversed(moment.records):
        if isinstance(record, Because) and record.host == host.name and record.reason.id in reasons:
            return sheet.t(ALL_REASONS[record.reason.id].sentence)
    return ""


def _syn_shelf(sheet: Sheet, moment: Moment, host: Host, listener: Socket) -> Shelf:
    found = requests_of(host, listener)
    limit, profile = queues.syn_queue_limit(host, listener), host.profile
    match profile.syn_queue_rule:
        case "backlog-and-one":
            rule = sheet.t("backlog {backlog} and one more", backlog=listener.backlog)
        case "backlog":
            rule = sheet.t("backlog {backlog}", backlog=listener.backlog)
        case _:
            rule = sheet.t(
                "the power of two above min(backlog {backlog}, tcp_max_syn_backlog {most})",
                backlog=listener.backlog, most=profile.max_syn_backlog,
            )  # fmt: skip
    refused = _refused(moment, host, SYN_REASONS, sheet)
    new = _new(moment, host, found, lambda old: old.kind == REQUEST)
    return Shelf(sheet.t("SYN queue"), found, listener.syn_queue, limit, rule, refused, new, "retransmission")


def _accept_shelf(sheet: Sheet, moment: Moment, host: Host, listener: Socket) -> Shelf:
    found = waiting_of(host, listener)
    limit, extra = queues.accept_queue_limit(host, listener), host.profile.accept_queue_extra
    rule = sheet.t(
        "min(backlog, somaxconn {most}) = {backlog}, and {extra} more",
        most=host.profile.somaxconn, backlog=listener.backlog, extra=extra,
    )  # fmt: skip
    refused = _refused(moment, host, ACCEPT_REASONS, sheet)
    new = _new(moment, host, found, lambda old: old.is_queued)
    return Shelf(sheet.t("Accept queue"), found, len(listener.accept_queue), limit, rule, refused, new, "")


def _entry_shelf(sheet: Sheet, moment: Moment, host: Host) -> Shelf:
    found = entries_of(host, may_foretell=moment.may_foretell)
    refused = _refused(moment, host, ENTRY_REASONS, sheet)
    new = _new(moment, host, found, is_entry)
    limit = host.profile.max_tw_buckets
    rule = "tcp_max_tw_buckets"
    if any(socket.tcb.state is State.FIN_WAIT_2 for socket in found[:MOST_LOOKED_AT]):
        rule = sheet.t("tcp_max_tw_buckets; an orphan in FIN-WAIT-2 is a mini-socket like these")
    return Shelf("TIME-WAIT", found, host.time_waits, limit, rule, refused, new, "any")


MOST_LOOKED_AT = 40
"""Entries of a long shelf that are looked at for what is special about them."""


def _new(moment: Moment, host: Host, sockets: tuple[Socket, ...], was_here: Callable[[Socket], bool]) -> frozenset[str]:
    """Those that the last step has put here."""
    before = moment.was(host)
    if before is None or len(sockets) > 2000:
        return frozenset()
    old = ((each.id, before.connection(each.id)) for each in sockets)
    return frozenset(name for name, each in old if each is None or not was_here(each))


# --- the picture ---


def shelves_picture(moment: Moment, size: tuple[float, float], look: Look) -> Picture:
    """The shelves of every host; the picture is as tall as they need."""
    sheet = Sheet(size[0], look)
    top = MARGIN * 0.5
    for place, host in enumerate(moment.hosts):
        if not host.is_scripted:
            top = _host(sheet, moment, place, host, top)
    return sheet.picture(top + MARGIN * 0.3)


def _host(sheet: Sheet, moment: Moment, place: int, host: Host, top: float) -> float:
    x, wide = MARGIN, sheet.width - 2 * MARGIN
    listeners = sorted((each for each in host.sockets.values() if each.kind == LISTENER), key=lambda each: each.number)
    used = sheet.host(place, host, x, top, wide, more=host.address)
    left = x + used + sheet.em * 1.4
    entries = _entry_shelf(sheet, moment, host)
    said = _troubles(host)
    if not listeners and not entries.sockets:
        said = "   ".join(part for part in (sheet.t("listens on no port; no entry waits in TIME-WAIT"), said) if part)
        sheet.text(left, top, said, Ink("ink3"), room=x + wide - left)
        return top + sheet.row * 1.3
    sheet.text(left, top, said, Ink("err"), room=x + wide - left)
    top += sheet.row * 1.15
    for listener in listeners[:MOST_LISTENERS]:
        top = _listener(sheet, moment, place, host, listener, (x, top, wide))
    if len(listeners) > MOST_LISTENERS:
        sheet.text(x, top, sheet.t("and {count} more listeners", count=len(listeners) - MOST_LISTENERS), Ink("ink3"))
        top += sheet.row
    if entries.sockets:
        top = _shelf(sheet, moment, place, entries, (x, top, wide)) + sheet.em * 0.3
    return top


MOST_LISTENERS = 6
TROUBLES = ("TcpExtListenOverflows", "TcpExtListenDrops", "TcpExtTCPReqQFullDrop", "TcpExtTCPReqQFullDoCookies",
            "TcpExtTCPTimeWaitOverflow")  # fmt: skip
"""Counters that tell that a shelf was full."""


def _troubles(host: Host) -> str:
    """How often something was turned away so far, as the kernel counts it."""
    return "   ".join(f"{name.removeprefix('TcpExt')} {host.counter(name)}" for name in TROUBLES if host.counter(name))


def _listener(sheet: Sheet, moment: Moment, place: int, host: Host, listener: Socket, box: Place) -> float:
    """One listener: the two shelves and ``accept()``, with the ways between them."""
    x, top, wide = box
    gap = sheet.em * 2.2
    is_wide = wide >= 52 * sheet.em
    hand = min(wide * 0.24, sheet.em * 19) if is_wide else wide
    each = (wide - hand - 2 * gap) / 2 if is_wide else (wide - gap) / 2
    syn, accept = _syn_shelf(sheet, moment, host, listener), _accept_shelf(sheet, moment, host, listener)
    if syn.refused and is_wide and not accept.refused:
        accept = accept._replace(rule="")
    told = wide if is_wide and not accept.refused else each
    bottom = _shelf(sheet, moment, place, syn, (x, top, each), port=listener.tcb.local.port, told=told)
    _way(sheet, place, (x + each, top + sheet.row * 1.6, gap), is_strong=bool(accept.new))
    _shelf(sheet, moment, place, accept, (x + each + gap, top, each), told=wide - each - gap)
    if not is_wide:
        return _hand(sheet, moment, place, host, listener, (x, bottom, wide)) + sheet.em * 0.3
    taken = _taken(moment, host)
    _way(sheet, place, (x + 2 * each + gap, top + sheet.row * 1.6, gap), is_strong=taken is not None)
    _hand(sheet, moment, place, host, listener, (x + wide - hand, top, hand))
    return bottom + sheet.em * 0.3


def _way(sheet: Sheet, place: int, box: Place, *, is_strong: bool) -> None:
    """The arrow from one shelf to the next; strong if something went this way in the last step."""
    x, y, wide = box
    ink, width = (host_ink(place), 3.2) if is_strong else (Ink("edge"), 1.6)
    left, right = x + wide * 0.2, x + wide * 0.8
    sheet.add(Line(left, y, right - 5, y, ink, width))
    sheet.add(Polyline(((right, y), (right - 8, y - 5), (right - 8, y + 5)), None, 0, ink, closed=True))


def _shelf(
    sheet: Sheet, moment: Moment, place: int, shelf: Shelf, box: Place, *, port: int | None = None, told: float = 0.0
) -> float:
    """A shelf in four lines: head and numbers, entries, the plank, how the limit comes about.

    ``told``: how much room there is to say what was turned away.
    """
    x, top, wide = box
    head = shelf.head if port is None else f"{shelf.head} :{port}"
    end = x + sheet.text(x, top, head, Ink("ink"), weight=700, room=wide * 0.6)
    is_full = shelf.held >= shelf.limit
    count = sheet.t("{count} of {limit}", count=shelf.held, limit=shelf.limit)
    end += sheet.em * 0.7
    ink, weight = (Ink("err"), 700) if is_full else (Ink("ink2"), 400)
    end += sheet.text(end, top, count, ink, weight=weight, room=x + wide - end)
    if is_full:
        sheet.text(end + sheet.em * 0.6, top, sheet.t("full"), Ink("err"), weight=700, room=x + wide - end - sheet.em)
    y = top + sheet.row * 1.1
    _entries(sheet, moment, place, shelf, (x, y, wide))
    plank = y + sheet.row * 1.15
    sheet.add(Rect(x, plank, wide, 3, 1.5, Ink("err") if shelf.refused else Ink("nodeb")))
    below = plank + 3
    if shelf.refused:
        cross = sheet.em * 0.3
        cx, cy = x + cross + 1, below + sheet.row / 2
        sheet.add(Line(cx - cross, cy - cross, cx + cross, cy + cross, Ink("err"), 2.2))
        sheet.add(Line(cx - cross, cy + cross, cx + cross, cy - cross, Ink("err"), 2.2))
        sheet.text(x + sheet.em, below, shelf.refused, Ink("err"), weight=600, room=max(wide, told) - sheet.em)
    else:
        sheet.text(x, below, shelf.rule, Ink("ink3"), room=wide, size=sheet.small)
    return below + sheet.row


def _entries(sheet: Sheet, moment: Moment, place: int, shelf: Shelf, box: Place) -> None:
    """The entries side by side, then empty places, then how many are not drawn."""
    x, top, wide = box
    many = len({each.tcb.remote.ip for each in shelf.sockets[:40] if each.tcb.remote is not None}) > 1
    longest = "40000 → 80" if shelf.timer == "any" else ".255:65535" if many else ":65535"
    cell = sheet.wide(longest, mono=True) + sheet.em * 0.9
    gap = sheet.em * 0.35
    more_room = sheet.wide(sheet.t("and {count} more", count=99999)) + gap
    places = int((wide + gap) / (cell + gap))
    if len(shelf.sockets) > places:
        places = max(1, int((wide - more_room + gap) / (cell + gap)))
    for index, socket in enumerate(shelf.sockets[:places]):
        _entry(sheet, moment, place, shelf, socket, (x + index * (cell + gap), top, cell), many=many)
    for index in range(len(shelf.sockets), min(places, shelf.limit, len(shelf.sockets) + 3)):
        sheet.add(Rect(x + index * (cell + gap), top + 1, cell, sheet.row, 4, None, Ink("border"), 1.2, (3, 2)))
    if len(shelf.sockets) > places:
        left = x + places * (cell + gap)
        more = sheet.t("and {count} more", count=len(shelf.sockets) - places)
        sheet.text(left, top, more, Ink("ink2"), weight=600, room=x + wide - left)


def _entry(sheet: Sheet, moment: Moment, place: int, shelf: Shelf, socket: Socket, box: Place, *, many: bool) -> None:
    x, top, wide = box
    identity = f"conn:{socket.id}"
    is_new = socket.id in shelf.new
    is_focus = sheet.look.selection == identity or (moment.focus == socket.id)
    stroke = Ink("accent") if is_focus else host_ink(place)
    width = 3.0 if is_new else 2.2 if is_focus else 1.2
    sheet.add(Rect(x, top + 1, wide, sheet.row, 4, host_tint(place), stroke, width, id=identity))
    remote = socket.tcb.remote
    name = _name(socket, many=many, is_own=shelf.timer == "any")
    weight = 700 if is_new else 400
    sheet.text(x + wide / 2, top, name, Ink("ink"), mono=True, weight=weight, anchor="middle", identity=identity)
    deadline = socket.tcb.next_deadline() if shelf.timer else None
    said = named(socket.tcb.state, f"{remote} → {socket.tcb.local}", sheet.look.words)
    if deadline is not None:
        left = deadline[0] - moment.time
        whole = max(1, socket.tcb.rtx.rto if shelf.timer == "retransmission" else deadline[0] - socket.time_wait_at)
        part = max(0.0, min(1.0, left / whole))
        part = part if moment.may_foretell else 1.0
        sheet.live.append(Rect(x + 3, top + sheet.row - 3, (wide - 6) * part, 2.4, 1.2, host_ink(place)))
        said = sheet.t("{ends}: {left} left", ends=said, left=left_text(moment, deadline[0]))
        if socket.tcb.rtx.count:
            said += sheet.t(", SYN,ACK sent again {count} times", count=socket.tcb.rtx.count)
    sheet.title(identity, said)


def _name(socket: Socket, *, many: bool, is_own: bool) -> str:
    """Who it is, in a few letters: the peer's port, with the end of its address if there are several; both ports."""
    remote = socket.tcb.remote
    if remote is None:
        return "?"
    if is_own:
        return f"{socket.tcb.local.port} → {remote.port}"
    return f".{remote.ip.rpartition('.')[2]}:{remote.port}" if many else f":{remote.port}"


# --- accept() ---


def _taken(moment: Moment, host: Host) -> Called | CallReturned | None:
    """The ``accept()`` that took a connection in the last step."""
    for record in reversed(moment.records):
        is_accept = isinstance(record, Called | CallReturned) and record.call == "accept" and record.host == host.name
        if is_accept and record.result is not None and record.error is None:  # type: ignore[union-attr]
            return record  # type: ignore[return-value]
    return None


def _hand(sheet: Sheet, moment: Moment, place: int, host: Host, listener: Socket, box: Place) -> float:
    """Who takes from the accept queue."""
    x, top, wide = box
    waiter = next((each for each in listener.waiters if each.call == "accept"), None)
    taken = _taken(moment, host)
    sheet.text(x, top, "accept()", Ink("ink"), weight=700, mono=True, room=wide)
    y = top + sheet.row * 1.1
    is_there = waiter is not None or taken is not None
    stroke, dash = (host_ink(place), ()) if is_there else (Ink("edge"), (3.0, 2.0))
    sheet.add(Rect(x, y + 1, wide, sheet.row, 4, host_tint(place) if is_there else Ink("surface2"), stroke, 1.4, dash))
    if taken is not None:
        said = sheet.t("takes one as descriptor {fd}", fd=taken.result)
    elif waiter is not None:
        said = sheet.t("waits since {at}", at=clock(waiter.called_at))
    else:
        said = sheet.t("nobody calls it now")
    sheet.text(x + wide / 2, y, said, Ink("ink") if is_there else Ink("ink2"), room=wide - 8, anchor="middle")
    return y + sheet.row * 1.3
