"""A segment that the script expects against the one that the host has sent: the first field that differs.

Rules
-----
* Compared: flags, first number, length, ACK, window and urgent pointer where the script names them, options in their
  order. A timestamp's value is not compared, its echo is.
* One representation is read as another: a packet longer than the MSS, as a host with segmentation offload hands it to a
  device, is met by the run of segments it would be cut into. Its flags are those of the last one; a PSH before that
  marks where a host without offload fills its buffers, and is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.exchange.packetdrill import script
from tutor.exchange.packetdrill.stage import Line
from tutor.tcp import seq, wire
from tutor.tcp.segment import ACK, FIN, PSH, RST, SYN, URG, Segment
from tutor.world.records import Flight

_ECE, _CWR = 64, 128
LETTERS = {"S": SYN, "F": FIN, "R": RST, "P": PSH, ".": ACK, "U": URG, "E": _ECE, "W": _CWR}
"""Letter of a script -> control bit."""

MARKS: dict[str, tuple[int, ...]] = {"noecn": (0,), "ect1": (1,), "ect0": (2,), "ect01": (1, 2), "ce": (3,)}
"""Mark of a script -> codepoints of the IP header (RFC 3168 section 5)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first field that is not as expected."""

    field: str
    expected: str
    actual: str


def flag_bits(letters: str) -> int | None:
    """The control bits of a script's letters; None if there is one we do not know."""
    bits = 0
    for letter in letters:
        if letter not in LETTERS:
            return None
        bits |= LETTERS[letter]
    return bits


def letters_of(bits: int) -> str:
    """Control bits as a script writes them."""
    return "".join(letter for letter, bit in LETTERS.items() if bits & bit) or "-"


_NAMES = {
    wire.END: "eol", wire.NOP: "nop", wire.MSS: "mss", wire.SCALE: "wscale", wire.SACK_PERMITTED: "sackOK",
    wire.TIMESTAMP: "TS", wire.SACK: "sack",
}  # fmt: skip
"""Kind of an option -> the script's word for it."""


def options_of(segment: Segment, layout: str) -> tuple[script.Option, ...]:
    """The options of a segment as they stand on the wire, padding included (``tcp.wire``)."""
    return tuple(script.Option(_NAMES[kind], numbers) for kind, numbers in wire.laid_out(segment.options, layout))


def as_script(flight: Flight, line: Line, layout: str) -> script.Segment:
    """What the host has sent, in the script's words and numbers."""
    segment = flight.segment
    number = seq.add(line.script_isn, seq.distance(line.isn, segment.seq)) if line.isn is not None else segment.seq
    if segment.seq == 0 and segment.flags & RST and segment.flags & ACK:
        number = 0
    return script.Segment(
        letters_of(segment.flags), number, segment.length, segment.ack if segment.flags & ACK else None,
        segment.window, options_of(segment, layout), segment.urgent or None,
    )  # fmt: skip


def differences(
    expected: script.Segment, actual: script.Segment, line: Line, *, window: bool, options: bool
) -> Iterator[Difference]:
    """Every field that is not as expected, in the order of the notation."""
    _learn_stamps(expected, actual, line)
    wanted = flag_bits(expected.flags)
    have = flag_bits(actual.flags.strip("-"))
    if wanted != have:
        yield Difference("flags", expected.flags, actual.flags)
    if expected.seq is not None and expected.seq != actual.seq:
        yield Difference("seq", str(expected.seq), str(actual.seq))
    if expected.length != actual.length:
        yield Difference("len", str(expected.length), str(actual.length))
    if expected.ack != actual.ack and not (expected.ack is None and wanted is not None and not wanted & ACK):
        yield Difference("ack", str(expected.ack), str(actual.ack))
    if window and expected.window is not None and expected.window != actual.window:
        yield Difference("win", str(expected.window), str(actual.window))
    if expected.urgent is not None and expected.urgent != actual.urgent:
        yield Difference("urg", str(expected.urgent), str(actual.urgent))
    if options and expected.options is not None:
        yield from _option_differences(expected.options, actual.options or ())


def _learn_stamps(expected: script.Segment, actual: script.Segment, line: Line) -> None:
    """The host's timestamp behind the script's, also where options are not compared: the peer will echo it."""
    want = next((option for option in expected.options or () if option.kind == "TS"), None)
    have = next((option for option in actual.options or () if option.kind == "TS"), None)
    if want is not None and have is not None:
        line.stamps[want.numbers[0]] = have.numbers[0]


def _option_differences(expected: tuple[script.Option, ...], actual: tuple[script.Option, ...]) -> Iterator[Difference]:
    shown = ",".join(map(str, expected)), ",".join(map(str, actual))
    if [option.kind for option in expected] != [option.kind for option in actual]:
        yield Difference("options", *shown)
        return
    for want, have in zip(expected, actual, strict=True):
        if want.kind == "TS":
            if want.numbers[1] != have.numbers[1]:
                yield Difference("TS ecr", str(want.numbers[1]), str(have.numbers[1]))
        elif want.numbers != have.numbers:
            yield Difference(want.kind, str(want), str(have))
