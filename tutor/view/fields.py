"""A segment taken apart: every field and option with its bits, its octets and its value.

Rules
-----
* The octets are those of ``tcp.wire``, laid out by the sender's rules; each of the header's belongs to a field.
* Numbers are shown twice: as they stand on the wire, and counted from the connection's own initial number.
* A segment that was corrupted on the way shows the octets that arrived, once it has arrived. The world only says that
  it was damaged; which bit is shown as damaged depends on the segment's number alone, so it is always the same.
* What the receiver knows is what it knows at the playhead; nothing later is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.joining import Speech
from tutor.tcp import seq, wire
from tutor.tcp.segment import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG, flags_text
from tutor.tcp.tcb import Tcb
from tutor.world.host import LISTENER, Host, Socket
from tutor.world.records import Flight, Sent
from tutor.world.trace import Trace

FIXED_OCTETS = 20
"""The header without options (RFC 9293 section 3.1)."""

FLAG_CELLS: tuple[tuple[str, int], ...] = (
    ("CWR", CWR), ("ECE", ECE), ("URG", URG), ("ACK", ACK), ("PSH", PSH), ("RST", RST), ("SYN", SYN), ("FIN", FIN),
)  # fmt: skip
"""The control bits in the order of the header, from bit 8 of its fourth word on."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A segment under the glass.

    ``hosts``: names in the world's order; ``layout``: how the sender lays options out; ``receiver``: the control block
    of the host it goes to, at the playhead, None where it has none; ``now``: the playhead (microseconds).
    """

    flight: Flight
    hosts: tuple[str, ...]
    layout: str
    receiver: Tcb | None
    now: int

    @property
    def is_dead(self) -> bool:
        """Has it been lost, or rejected at the door, by now?"""
        return self.flight.dies_at is not None and self.flight.dies_at <= self.now

    @property
    def is_damaged(self) -> bool:
        """Has it arrived with a bit changed? Not known before."""
        return self.flight.fate == "corrupted" and self.is_dead


@dataclass(frozen=True, slots=True)
class Octets:
    """What stands on the wire. ``damaged``: index of the octet in which a bit was changed, None if none was.

    ``written``: the checksum in the header; ``computed``: the one that belongs to these octets.
    """

    data: bytes
    header: int
    damaged: int | None
    written: int
    computed: int

    @property
    def is_sound(self) -> bool:
        """Does the checksum fit?"""
        return self.written == self.computed


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle of the grid: ``bits`` bits from ``first`` on; names and values, the longest first."""

    first: int
    bits: int
    names: tuple[str, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its cells, its value in a line, and whether it means anything in this segment."""

    id: str
    name: str
    value: str
    cells: tuple[Cell, ...]
    is_used: bool = True
    is_group: bool = False
    """Do its bits have fields of their own? Then the grid draws those."""

    @property
    def octets(self) -> range:
        """The octets in which it stands."""
        if not self.cells:
            return range(0)
        first = min(cell.first for cell in self.cells)
        last = max(cell.first + cell.bits for cell in self.cells)
        return range(first // 8, (last + 7) // 8)


# --- which segment ---


def specimen(trace: Trace, number: int, now: int, until: int | None = None) -> Specimen | None:
    """The segment of flight ``number`` as it is known at ``now``, which may be sent up to ``until`` (microseconds).

    None if no such segment was sent by then.
    """
    flight = trace.flight(number, until=now if until is None else max(now, until))
    if flight is None:
        return None
    world = trace.world_at(now)
    hosts = {host.name: host for host in world.hosts}
    sender, receiver = hosts.get(flight.sender), hosts.get(flight.receiver)
    socket = _reader(receiver, flight) if receiver is not None else None
    layout = sender.profile.option_layout if sender is not None else "paired"
    return Specimen(flight, tuple(hosts), layout, socket.tcb if socket is not None else None, now)


def _reader(receiver: Host, flight: Flight) -> Socket | None:
    """Whose the segment is at its receiver: the connection's own record, else the listener's at that port."""
    own = receiver.connection(flight.connection)
    if own is not None:
        return own
    listening = [each for each in receiver.all_sockets() if each.kind == LISTENER]
    return next((each for each in listening if each.tcb.local.port == flight.destination.port), None)


def newest(trace: Trace, now: int) -> int | None:
    """The number of the segment that was sent last at or before ``now``; None if none was."""
    for index in range(trace.index_at(now), -1, -1):
        sent = [record.flight.id for record in trace.computed[index].records if isinstance(record, Sent)]
        if sent:
            return sent[-1]
    return None


# --- its octets ---


def octets(of: Specimen) -> Octets:
    """What arrived, or was sent, checked as the receiver checks it: with the pseudo header, over all octets.

    Raises ``ValueError`` for a forged segment whose options do not fit into a header.
    """
    flight = of.flight
    data = wire.encode(flight.segment, flight.source, flight.destination, layout=of.layout)
    header = (data[12] >> 4) * 4
    damaged = None
    if of.is_damaged:
        damaged = _damaged_octet(flight.id, len(data))
        data = data[:damaged] + bytes((data[damaged] ^ 1 << flight.id % 8,)) + data[damaged + 1 :]
    written = int.from_bytes(data[16:18], "big")
    computed = wire.checksum(data[:16] + b"\0\0" + data[18:], flight.source, flight.destination)
    return Octets(data, header, damaged, written, computed)


def _damaged_octet(number: int, size: int) -> int:
    """Any octet but the ports, which say whose segment it is, the data offset and the checksum."""
    places = [place for place in range(4, size) if place not in (12, 16, 17)]
    return places[number * 7 % len(places)]


# --- its fields ---


def fields(of: Specimen, words: Speech) -> tuple[Field, ...]:
    """Every field in the order of the header: fixed part, options, text."""
    fixed = (*_ports_and_numbers(of, words), *_third_row(of, words), *_last_row(of, words))
    return (*fixed, *_options(of, words), *_text(of, words))


def _ports_and_numbers(of: Specimen, words: Speech) -> Iterator[Field]:
    t, flight = words.t, of.flight
    segment = flight.segment
    for place, (name, short, port) in enumerate((
        (t("Source port"), "sport", flight.source.port), (t("Destination port"), "dport", flight.destination.port),
    )):  # fmt: skip
        yield Field(short, name, str(port), (Cell(16 * place, 16, (name,), (str(port),)),))
    name, value = t("Sequence number"), f"{segment.seq} ({seq.counted(flight.rel_seq)})"
    yield Field("seq", name, value, (Cell(32, 32, (name,), _number(segment.seq, flight.rel_seq, words)),))
    name, means = t("Acknowledgment number"), segment.has_ack and flight.rel_ack is not None
    value = f"{segment.ack} ({seq.counted(flight.rel_ack or 0)})" if means else str(segment.ack)
    values = _number(segment.ack, flight.rel_ack if means else None, words)
    yield Field("ack", name, value, (Cell(64, 32, (name, "ACK"), values),), segment.has_ack)


def _number(absolute: int, relative: int | None, words: Speech) -> tuple[str, ...]:
    """A sequence number as the grid shows it: absolute, and relative if it is known."""
    if relative is None:
        return (str(absolute),)
    counted = seq.counted(relative)
    return (f"{absolute}   {words.t('relative')} {counted}", f"{absolute} ({counted})", str(absolute))


def _third_row(of: Specimen, words: Speech) -> Iterator[Field]:
    t, segment = words.t, of.flight.segment
    size = FIXED_OCTETS + len(b"".join(_raw(of)))
    name = t("Data offset")
    value = f"{size // 4}"
    yield Field("offset", name, f"{value} ({size})", (Cell(96, 4, (name, t("Offset"), ""), (value,)),))
    name = t("Reserved")
    yield Field("reserved", name, "0", (Cell(100, 4, (name, "Rsrvd", "Rsv", ""), ("0",)),), is_used=False)
    flags = flags_text(segment.flags, "+")
    yield Field("flags", t("Flags"), flags, (Cell(104, 8, (t("Flags"),)),), is_group=True)
    for place, (flag, bit) in enumerate(FLAG_CELLS):
        value = "1" if segment.flags & bit else "0"
        cell = Cell(104 + place, 1, (flag,), (value,))
        yield Field(f"flag-{flag.lower()}", flag, value, (cell,), bool(segment.flags & bit))
    name = t("Window")
    yield Field("window", name, str(segment.window), (Cell(112, 16, (name,), (str(segment.window),)),))


def _last_row(of: Specimen, words: Speech) -> Iterator[Field]:
    t, segment = words.t, of.flight.segment
    found = octets(of)
    name, sign = t("Checksum"), "✓" if found.is_sound else "✕"
    value = f"0x{found.written:04x} {sign}"
    yield Field("checksum", name, value, (Cell(128, 16, (name,), (value,)),))
    name = t("Urgent pointer")
    yield Field("urgent", name, str(segment.urgent), (Cell(144, 16, (name,), (str(segment.urgent),)),), segment.urg)


# --- options ---


def _raw(of: Specimen) -> Iterator[bytes]:
    """Each option as it stands in the header."""
    header = wire.encode(of.flight.segment, of.flight.source, of.flight.destination, layout=of.layout)
    at, end = FIXED_OCTETS, (header[12] >> 4) * 4
    while at < end:
        length = 1 if header[at] in (wire.END, wire.NOP) else header[at + 1]
        yield header[at : at + length]
        at += length


def _options(of: Specimen, words: Speech) -> Iterator[Field]:
    at = FIXED_OCTETS
    for place, raw in enumerate(_raw(of)):
        yield from _option(raw, at * 8, place, of, words)
        at += len(raw)


def _option(raw: bytes, first: int, place: int, of: Specimen, words: Speech) -> Iterator[Field]:
    t, kind = words.t, raw[0]
    if kind in (wire.NOP, wire.END):
        name = t("No operation") if kind == wire.NOP else t("End of options")
        short = "NOP" if kind == wire.NOP else "END"
        yield Field(f"pad-{place}", name, short, (Cell(first, 8, (short,), (str(kind),)),), is_used=False)
        return
    head = (Cell(first, 8, (t("Kind"), ""), (str(kind),)), Cell(first + 8, 8, (t("Length"), ""), (str(raw[1]),)))
    match kind:
        case wire.MSS:
            value = str(int.from_bytes(raw[2:], "big"))
            name = t("Maximum segment size")
            yield Field("mss", name, value, (*head, Cell(first + 16, 16, (name, "MSS"), (value,))))
        case wire.SCALE:
            name = t("Window scale")
            yield Field(
                "scale", name, str(raw[2]), (*head, Cell(first + 16, 8, (name, t("Shift"), ""), (str(raw[2]),)))
            )
        case wire.SACK_PERMITTED:
            yield Field("sack-permitted", t("SACK permitted"), "✓", _named(head, t("SACK permitted"), "SACK"))
        case wire.TIMESTAMP:
            yield from _timestamps(raw, first, head, words)
        case wire.SACK:
            yield from _blocks(raw, first, head, of, words)


def _named(head: tuple[Cell, ...], *names: str) -> tuple[Cell, ...]:
    """The kind's cell under the option's own name: nothing else will bear it."""
    return (Cell(head[0].first, head[0].bits, (*names, ""), head[0].values), *head[1:])


def _timestamps(raw: bytes, first: int, head: tuple[Cell, ...], words: Speech) -> Iterator[Field]:
    own, echo = (str(int.from_bytes(raw[start : start + 4], "big")) for start in (2, 6))
    yield Field("timestamps", words.t("Timestamps"), f"{own}, {echo}", _named(head, words.t("Timestamps"), "TS"))
    yield Field("tsval", "TSval", own, (Cell(first + 16, 32, ("TSval",), (own,)),))
    yield Field("tsecr", "TSecr", echo, (Cell(first + 48, 32, ("TSecr",), (echo,)),))


def _blocks(raw: bytes, first: int, head: tuple[Cell, ...], of: Specimen, words: Speech) -> Iterator[Field]:
    flight = of.flight
    count = (len(raw) - 2) // 8
    yield Field("sack", words.t("SACK blocks"), str(count), _named(head, "SACK"))
    base = seq.add(flight.segment.ack, -(flight.rel_ack or 0))
    for place in range(count):
        edges = [int.from_bytes(raw[2 + 8 * place + 4 * side : 6 + 8 * place + 4 * side], "big") for side in (0, 1)]
        near = [seq.distance(base, edge) for edge in edges]
        at = first + 16 + 64 * place
        names = (words.t("Left edge of block {number}", number=place + 1),
                 words.t("Right edge of block {number}", number=place + 1))  # fmt: skip
        cells = tuple(
            Cell(at + 32 * side, 32, (names[side],), _number(edges[side], near[side], words)) for side in (0, 1)
        )
        yield Field(
            f"sack-{place + 1}", words.t("SACK block {number}", number=place + 1), f"{near[0]}–{near[1]}", cells
        )


# --- text ---


def _text(of: Specimen, words: Speech) -> Iterator[Field]:
    payload = of.flight.segment.payload
    if payload is None:
        return
    first = octets(of).header * 8
    value = words.t("octets {first} to {last}", first=payload.start, last=payload.stop - 1)
    yield Field("text", words.t("Text"), value, (Cell(first, 8 * len(payload), (words.t("Text"),), (value,)),))
