"""Segment <-> octets: the header of RFC 9293 section 3.1 with its checksum and options.

Rules
-----
* ``encode`` and ``decode`` are inverse to each other, but for options of a kind we do not know: they are
  skipped when read (MUST-6) and cannot be written.
* Options are laid out in pairs, as Linux writes them (MSS, SACK-permitted and timestamps together, NOP and window
  scale, NOP NOP and SACK), or by their kinds with END behind them. ``Options.size`` says how long they are.
* The checksum covers the pseudo header of IPv4: addresses, protocol 6, length (section 3.1).
* Text is made up: octet ``i`` of a stream is always the same printable character, so that a capture can be
  read and a misplaced slice is seen. ``octets`` is the only source of such text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address

from tutor.tcp import seq as sequence
from tutor.tcp.segment import SYN, Options, Payload, Segment
from tutor.tcp.tcb import Address

_FIXED = struct.Struct("!HHIIBBHHH")
"""Ports, SEQ, ACK, data offset, flags, window, checksum, urgent pointer."""

END, NOP, MSS, SCALE, SACK_PERMITTED, SACK, TIMESTAMP = 0, 1, 2, 3, 4, 5, 8
"""Kinds of options (RFC 9293 section 3.2, RFC 7323, RFC 2018)."""

_LENGTHS = {MSS: 4, SCALE: 3, SACK_PERMITTED: 2, TIMESTAMP: 10}
"""Kind -> the only length an option of this kind may have (RFC 9293 3.2, RFC 7323, RFC 2018)."""

_PRINTABLE = bytes(range(32, 127))
_LINE = 72
_PAGE = b"".join((_PRINTABLE * 2)[first : first + _LINE] + b"\r\n" for first in range(len(_PRINTABLE)))
"""All lines of the character generator protocol, RFC 864."""


# --- text ---


def octets(payload: Payload) -> bytes:
    """The octets of a slice: the page of RFC 864 over and over, begun at a place that the stream's name gives."""
    first = (sum(payload.stream.encode()) * (_LINE + 2) + payload.start) % len(_PAGE)
    turns = (first + len(payload)) // len(_PAGE) + 1
    return (_PAGE * turns)[first : first + len(payload)]


# --- checksum ---


def checksum(data: bytes, source: Address, target: Address) -> int:
    """The checksum of a TCP segment ``data`` whose checksum field is zero; 0 if it holds the right one already."""
    pseudo = IPv4Address(source.ip).packed + IPv4Address(target.ip).packed + struct.pack("!BBH", 0, 6, len(data))
    padded = pseudo + data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


# --- segment -> octets ---


def encode(segment: Segment, source: Address, target: Address, *, layout: str = "paired") -> bytes:
    """The segment as it stands on the wire, after the IP header.

    Raises ``ValueError`` if its options take more than 40 octets.
    """
    options = b"".join(map(_octets_of, laid_out(segment.options, layout)))
    if len(options) > 40:
        raise ValueError(f"options take {len(options)} octets; allowed: 40 (the data offset has four bits)")
    offset = (_FIXED.size + len(options)) // 4 << 4
    text = octets(segment.payload) if segment.payload is not None else b""

    def head(check: int) -> bytes:
        fields = (source.port, target.port, segment.seq, segment.ack, offset, segment.flags, segment.window)
        return _FIXED.pack(*fields, check, segment.urgent) + options

    return head(checksum(head(0) + text, source, target)) + text


Laid = tuple[int, tuple[int, ...]]
"""(kind, its numbers) of one option as it stands in the header; ``END`` and ``NOP`` have none."""


def laid_out(options: Options, layout: str) -> Iterator[Laid]:
    """The options in their order with the padding between and behind them (``Profile.option_layout``)."""
    if options.mss is not None:
        yield MSS, (options.mss,)
    yield from _paired(options) if layout == "paired" else _by_kind(options)
    if options.sack:
        yield from ((NOP, ()), (NOP, ()), (SACK, tuple(edge for block in options.sack for edge in block)))


def _paired(options: Options) -> Iterator[Laid]:
    """SACK-permitted fills the place before the timestamps, NOP where it is not offered (``tcp_options_write``)."""
    pair: tuple[Laid, ...] = ((SACK_PERMITTED, ()),) if options.sack_permitted else ((NOP, ()), (NOP, ()))
    if options.timestamp is not None:
        yield from (*pair, (TIMESTAMP, options.timestamp))
    elif options.sack_permitted:
        yield from ((NOP, ()), (NOP, ()), *pair)
    if options.window_scale is not None:
        yield from ((NOP, ()), (SCALE, (options.window_scale,)))


def _by_kind(options: Options) -> Iterator[Laid]:
    """Window scale, SACK-permitted, timestamps; NOP before what must not straddle a word, END to fill the last one."""
    if options.window_scale is not None:
        yield from ((NOP, ()), (SCALE, (options.window_scale,)))
    if options.sack_permitted:
        yield SACK_PERMITTED, ()
    elif options.timestamp is not None:
        yield from ((NOP, ()), (NOP, ()))
    if options.timestamp is not None:
        yield TIMESTAMP, options.timestamp
    elif options.sack_permitted:
        yield from ((END, ()), (END, ()))


def _octets_of(laid: Laid) -> bytes:
    """One option as octets: kind, length, numbers of one, two or four octets."""
    kind, numbers = laid
    if kind in (END, NOP):
        return bytes((kind,))
    form = {MSS: "!H", SCALE: "!B"}.get(kind, f"!{len(numbers)}I")
    body = struct.pack(form, *numbers)
    return bytes((kind, 2 + len(body))) + body


# --- octets -> segment ---


def decode(data: bytes, source: Address, target: Address, *, stream: str = "", first: int | None = None) -> Segment:
    """The segment that ``data``, which follows an IP header, holds.

    Its text becomes a slice of ``stream``; ``first`` is the sequence number of that stream's octet 0, without it
    the slice begins at 0. Raises ``ValueError`` that names the offset at which ``data`` is no TCP segment.
    """
    if len(data) < _FIXED.size:
        raise ValueError(f"offset {len(data)}: the data end within the fixed header of {_FIXED.size} octets")
    sport, dport, number, ack, offset, flags, window, _check, urgent = _FIXED.unpack_from(data)
    if (sport, dport) != (source.port, target.port):
        raise ValueError(f"offset 0: ports {sport}, {dport}; expected: {source.port}, {target.port}")
    size = (offset >> 4) * 4
    if not _FIXED.size <= size <= len(data):
        raise ValueError(f"offset 12: a header of {size} octets; allowed: {_FIXED.size} to {min(60, len(data))}")
    if checksum(data, source, target):
        raise ValueError("offset 16: the checksum does not fit the segment")
    payload = None
    if len(data) > size:
        text_at = sequence.add(number, (flags & SYN) >> 1)
        start = (text_at - first) & (sequence.SPACE - 1) if first is not None else 0
        payload = Payload(stream, start, start + len(data) - size)
    return Segment(number, ack, flags, window, _read_options(data[:size]), payload, urgent)


def _read_options(header: bytes) -> Options:
    """The options we know; others are skipped by their length (MUST-6); a length that cannot be is a fault (MUST-7)."""
    known: dict[int, bytes] = {}
    at = _FIXED.size
    while at < len(header) and header[at] != END:
        kind = header[at]
        if kind == NOP:
            at += 1
            continue
        length = header[at + 1] if at + 1 < len(header) else 0
        if length < 2 or at + length > len(header) or length != _LENGTHS.get(kind, length):
            raise ValueError(f"offset {at}: option {kind} cannot have {length} octets here")
        if kind == SACK and (length - 2) % 8:
            raise ValueError(f"offset {at}: option {kind} holds {length - 2} octets; allowed: pairs of 4 + 4")
        known[kind] = header[at + 2 : at + length]
        at += length
    return Options(
        mss=int.from_bytes(known[MSS], "big") if MSS in known else None,
        window_scale=known[SCALE][0] if SCALE in known else None,
        sack_permitted=SACK_PERMITTED in known,
        timestamp=struct.unpack("!II", known[TIMESTAMP]) if TIMESTAMP in known else None,
        sack=tuple(struct.iter_unpack("!II", known.get(SACK, b""))),
    )
