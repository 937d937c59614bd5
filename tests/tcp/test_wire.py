"""Segments as octets: header, options, checksum, made-up text (RFC 9293 sections 3.1 and 3.2)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tests.tcp.builders import PEER, US
from tutor.tcp.segment import ACK, FIN, PSH, SYN, URG, Options, Payload, Segment
from tutor.tcp.wire import checksum, decode, encode, octets

# --- the checksum, by hand ---


def test_the_checksum_of_a_syn_computed_on_the_page() -> None:
    """A SYN from 10.0.0.1:40000 to 10.0.0.2:80, SEQ 100, window 65535, MSS 1460.

    Pseudo header: 0a00 0001 0a00 0002, protocol 0006, length 24 = 0018        -> sum 01421
    Ports 40000, 80: 9c40 0050                                                 -> sum 0b0b1
    SEQ 0000 0064, ACK 0000 0000                                               -> sum 0b115
    6 words, SYN: 6002; window: ffff; checksum, urgent pointer: 0000 0000      -> sum 21116
    MSS: 0204 05b4                                                             -> sum 218ce
    Carry back: 18ce + 2 = 18d0; complement: ffff - 18d0 = e72f.
    """
    data = encode(Segment(100, flags=SYN, window=65535, options=Options(mss=1460)), US, PEER)
    assert data.hex(" ", 2) == "9c40 0050 0000 0064 0000 0000 6002 ffff e72f 0000 0204 05b4"
    assert data[16:18] == bytes.fromhex("e72f")
    assert checksum(data, US, PEER) == 0


def test_an_odd_octet_counts_as_the_high_half_of_a_word() -> None:
    """The segment is padded with a zero that is not sent."""
    even, odd = (checksum(text, US, PEER) for text in (b"\x12\x00", b"\x12"))
    assert even == odd - 1  # the length in the pseudo header is one more, its complement one less


# --- the header ---


def test_every_field_stands_in_its_place() -> None:
    """Ports, SEQ, ACK, data offset, flags, window, urgent pointer, text."""
    text = Payload("ours", 0, 3)
    segment = Segment(0x01020304, 0x05060708, URG | ACK | PSH | FIN, 0x1122, payload=text, urgent=2)
    data = encode(segment, US, PEER)
    assert data[:4].hex() == "9c400050"
    assert data[4:12].hex() == "0102030405060708"
    assert data[12:14] == bytes((0x50, URG | ACK | PSH | FIN))
    assert data[14:16].hex() == "1122"
    assert data[18:20].hex() == "0002"
    assert data[20:] == octets(text)


@pytest.mark.parametrize(
    ("options", "octets_"),
    [
        (
            Options(mss=1460, window_scale=10, sack_permitted=True, timestamp=(1000, 5000)),
            "020405b4 0402 080a 000003e8 00001388 01 03030a",
        ),
        (Options(timestamp=(1, 2)), "0101 080a 00000001 00000002"),
        (Options(mss=536, sack_permitted=True), "02040218 0101 0402"),
        (Options(window_scale=0), "01 030300"),
        (Options(timestamp=(1, 2), sack=((3, 4),)), "0101 080a 00000001 00000002 0101 050a 00000003 00000004"),
    ],
)
def test_options_stand_in_the_order_of_linux(options: Options, octets_: str) -> None:
    """MSS; SACK-permitted and timestamps; NOP and window scale; NOP NOP and SACK."""
    data = encode(Segment(1, options=options), US, PEER)
    assert data[20:] == bytes.fromhex(octets_)
    assert len(data) == 20 + options.size == (data[12] >> 4) * 4


def test_more_options_than_a_header_holds_are_refused() -> None:
    """Four bits count the words: 60 octets in all."""
    blocks = tuple((n, n + 1) for n in range(4))
    with pytest.raises(ValueError, match="options take 48 octets; allowed: 40"):
        encode(Segment(1, options=Options(timestamp=(1, 2), sack=blocks)), US, PEER)


@pytest.mark.parametrize(
    ("options", "octets_"),
    [
        (
            Options(mss=1460, window_scale=6, sack_permitted=True, timestamp=(1000, 5000)),
            "020405b4 01 030306 0402 080a 000003e8 00001388",
        ),
        (Options(mss=1460, sack_permitted=True), "020405b4 0402 0000"),
        (Options(timestamp=(1, 2), sack=((3, 4),)), "0101 080a 00000001 00000002 0101 050a 00000003 00000004"),
    ],
)
def test_options_can_stand_by_their_kinds(options: Options, octets_: str) -> None:
    """Padded with END, which is zero (RFC 9293 section 3.1); they take as much room either way."""
    data = encode(Segment(1, options=options), US, PEER, layout="by-kind")
    assert data[20:] == bytes.fromhex(octets_.replace(" ", ""))
    assert len(data) == 20 + options.size
    assert decode(data, US, PEER).options == options


# --- there and back ---

NUMBERS = st.integers(0, 2**32 - 1)
OPTIONS = st.builds(
    Options,
    mss=st.none() | st.integers(0, 65535),
    window_scale=st.none() | st.integers(0, 14),
    sack_permitted=st.booleans(),
    timestamp=st.none() | st.tuples(NUMBERS, NUMBERS),
    sack=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=2).map(tuple),
).filter(lambda options: options.size <= 40)


@given(
    seq=NUMBERS,
    ack=NUMBERS,
    flags=st.integers(0, 255),
    window=st.integers(0, 65535),
    urgent=st.integers(0, 65535),
    options=OPTIONS,
    start=st.integers(0, 2**31),
    length=st.integers(0, 3000),
)
def test_decode_undoes_encode(
    seq: int, ack: int, flags: int, window: int, urgent: int, options: Options, start: int, length: int
) -> None:
    """Any segment comes back as it was, its text as the same slice of the same stream."""
    text = Payload("ours", start, start + length) if length else None
    segment = Segment(seq, ack, flags, window, options, text, urgent)
    first = (seq + ((flags & SYN) >> 1) - start) % 2**32
    assert decode(encode(segment, US, PEER), US, PEER, stream="ours", first=first) == segment


def test_without_a_first_number_the_slice_begins_at_zero() -> None:
    """Somebody else's segment: only its length is known."""
    data = encode(Segment(500, flags=ACK, payload=Payload("ours", 100, 110)), US, PEER)
    assert decode(data, US, PEER, stream="captured").payload == Payload("captured", 0, 10)


@given(st.integers(0, 43), st.integers(1, 255))
def test_one_wrong_octet_is_always_found(place: int, change: int) -> None:
    """By the checksum, or before it by the ports or the data offset."""
    segment = Segment(1, 2, ACK, 3, Options(timestamp=(1, 2)), Payload("ours", 0, 12))
    data = bytearray(encode(segment, US, PEER))
    data[place] ^= change
    with pytest.raises(ValueError, match=r"^offset (0|12|16): "):
        decode(bytes(data), US, PEER)


# --- what is no segment ---


def with_options(octets_: str) -> bytes:
    """A bare ACK with these options and a right checksum."""
    options = bytes.fromhex(octets_)
    data = bytearray(encode(Segment(1, 2, ACK), US, PEER) + options)
    data[12] = (20 + len(options)) // 4 << 4
    data[16:18] = b"\0\0"
    data[16:18] = checksum(bytes(data), US, PEER).to_bytes(2, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "offset 0: the data end within the fixed header of 20 octets"),
        (b"\0" * 19, "offset 19: the data end within"),
        (encode(Segment(1), PEER, US), "offset 0: ports 80, 40000; expected: 40000, 80"),
        (
            with_options("")[:12] + b"\x40" + with_options("")[13:],
            "offset 12: a header of 16 octets; allowed: 20 to 20",
        ),
        (
            with_options("")[:12] + b"\x60" + with_options("")[13:],
            "offset 12: a header of 24 octets; allowed: 20 to 20",
        ),
        (with_options("")[:19] + b"\x01", "offset 16: the checksum does not fit"),
        (with_options("02030000"), "offset 20: option 2 cannot have 3 octets here"),
        (with_options("01010800"), "offset 22: option 8 cannot have 0 octets here"),
        (with_options("01010108"), "offset 23: option 8 cannot have 0 octets here"),
        (with_options("01fe0900"), "offset 21: option 254 cannot have 9 octets here"),
        (with_options("0508000000010000"), "offset 20: option 5 holds 6 octets; allowed: pairs of 4 \\+ 4"),
    ],
)
def test_what_is_no_segment_is_refused_with_the_place(data: bytes, message: str) -> None:
    """MUST-7: an illegal option length is found, wherever it stands."""
    with pytest.raises(ValueError, match=f"^{message}"):
        decode(data, US, PEER)


def test_an_option_of_an_unknown_kind_is_skipped() -> None:
    """MUST-6: by its length, and what follows is read."""
    assert decode(with_options("fe06 0000 0000 0101 0204 05b4".replace(" ", "")), US, PEER).options == Options(mss=1460)


def test_nothing_is_read_behind_the_end_of_options() -> None:
    """Kind 0 ends the list; the rest is padding."""
    assert decode(with_options("00020405b4000000"), US, PEER).options == Options()


# --- made-up text ---


@given(st.text(max_size=20), st.integers(0, 10**12), st.integers(0, 5000), st.integers(0, 5000))
def test_a_slice_of_text_is_the_slice_of_its_stream(stream: str, start: int, left: int, right: int) -> None:
    """Wherever a segment is cut, its octets are the same."""
    whole = octets(Payload(stream, start, start + left + right))
    parts = octets(Payload(stream, start, start + left)) + octets(Payload(stream, start + left, start + left + right))
    assert whole == parts
    assert len(whole) == left + right


def test_text_can_be_read_and_tells_its_place() -> None:
    """Lines of RFC 864: 72 printable characters, each line begun one character further."""
    first, second = octets(Payload("", 0, 148)).split(b"\r\n")[:2]
    assert first.decode() == "".join(map(chr, range(32, 32 + 72)))
    assert second.decode() == "".join(map(chr, range(33, 33 + 72)))
    assert octets(Payload("a", 0, 72)) != octets(Payload("b", 0, 72))
