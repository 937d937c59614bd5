"""Segment <-> octets: the header of RFC 9293 section 3.1 with its checksum and options.

Rules
-----
* ``encode`` and ``decode`` are inverse to each other, but for options of a kind we do not know: they are
  skipped when read (MUST-6) and cannot be written.
* Options stand in the order that Linux writes: MSS, SACK-permitted and timestamps together, NOP and window
  scale, NOP NOP and SACK. ``Options.size`` says how long they are.
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

_END, _NOP, _MSS, _SCALE, _SACK_PERMITTED, _SACK, _TIMESTAMP = 0, 1, 2, 3, 4, 5, 8

_LENGTHS = {_MSS: 4, _SCALE: 3, _SACK_PERMITTED: 2, _TIMESTAMP: 10}
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


def encode(segment: Segment, source: Address, target: Address) -> bytes:
    """The segment as it stands on the wire, after the IP header.

    Raises ``ValueError`` if its options take more than 40 octets.
    """
    options = b"".join(_options(segment.options))
    if len(options) > 40:
        raise ValueError(f"options take {len(options)} octets; allowed: 40 (the data offset has four bits)")
    offset = (_FIXED.size + len(options)) // 4 << 4
    text = octets(segment.payload) if segment.payload is not None else b""

    def head(check: int) -> bytes:
        fields = (source.port, target.port, segment.seq, segment.ack, offset, segment.flags, segment.window)
        return _FIXED.pack(*fields, check, segment.urgent) + options

    return head(checksum(head(0) + text, source, target)) + text


def _options(options: Options) -> Iterator[bytes]:
    """Each option with the padding that Linux gives it, a multiple of four octets."""
    if options.mss is not None:
        yield struct.pack("!BBH", _MSS, 4, options.mss)
    permitted = bytes((_SACK_PERMITTED, 2)) if options.sack_permitted else bytes((_NOP, _NOP))
    if options.timestamp is not None:
        yield permitted + struct.pack("!BBII", _TIMESTAMP, 10, *options.timestamp)
    elif options.sack_permitted:
        yield bytes((_NOP, _NOP)) + permitted
    if options.window_scale is not None:
        yield bytes((_NOP, _SCALE, 3, options.window_scale))
    if options.sack:
        blocks = b"".join(struct.pack("!II", *block) for block in options.sack)
        yield bytes((_NOP, _NOP, _SACK, 2 + len(blocks))) + blocks


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
    while at < len(header) and header[at] != _END:
        kind = header[at]
        if kind == _NOP:
            at += 1
            continue
        length = header[at + 1] if at + 1 < len(header) else 0
        if length < 2 or at + length > len(header) or length != _LENGTHS.get(kind, length):
            raise ValueError(f"offset {at}: option {kind} cannot have {length} octets here")
        if kind == _SACK and (length - 2) % 8:
            raise ValueError(f"offset {at}: option {kind} holds {length - 2} octets; allowed: pairs of 4 + 4")
        known[kind] = header[at + 2 : at + length]
        at += length
    return Options(
        mss=int.from_bytes(known[_MSS], "big") if _MSS in known else None,
        window_scale=known[_SCALE][0] if _SCALE in known else None,
        sack_permitted=_SACK_PERMITTED in known,
        timestamp=struct.unpack("!II", known[_TIMESTAMP]) if _TIMESTAMP in known else None,
        sack=tuple(struct.iter_unpack("!II", known.get(_SACK, b""))),
    )
