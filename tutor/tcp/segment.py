"""A segment, its flags, its options, and its one-line notation.

Rules
-----
* A segment is a frozen value. Its text is a *slice of a named stream*, never bytes: the world can
  always say whose octets they are, and a million segments cost no memory for their contents.
* ``SEG.LEN`` counts SYN and FIN (RFC 9293 section 3.4): ``seq_length``. ``length`` is text alone.
* Flags are the bits of the header (RFC 9293 section 3.1) and print in the order
  SYN, FIN, RST, PSH, ACK, URG, ECE, CWR.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp import seq as sequence

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))

FLAG_NAMES: tuple[tuple[str, int], ...] = (
    ("SYN", SYN),
    ("FIN", FIN),
    ("RST", RST),
    ("PSH", PSH),
    ("ACK", ACK),
    ("URG", URG),
    ("ECE", ECE),
    ("CWR", CWR),
)
"""Every control bit in the canonical order of printing."""

NOT_ECT, ECT_1, ECT_0, MARKED = range(4)
"""Codepoints of the IP header: not capable of ECN, capable (two ways to say so), congestion experienced."""

_LETTERS = {"S": SYN, "F": FIN, "R": RST, "P": PSH, ".": ACK, "A": ACK, "U": URG, "E": ECE, "C": CWR, "W": CWR}


def flags_text(flags: int, joint: str = ",") -> str:
    """``SYN,ACK`` for ``SYN | ACK``; ``"none"`` when no bit is set."""
    return joint.join(name for name, bit in FLAG_NAMES if flags & bit) or "none"


def parse_flags(text: str) -> int:
    """The bits that ``SYN,ACK``, ``syn+ack``, ``S.`` or ``SA`` name.

    Raises ``ValueError`` naming what was found and what is allowed.
    """
    bits = dict(FLAG_NAMES)
    flags = 0
    for word in text.replace("+", ",").replace("|", ",").split(","):
        name = word.strip().upper()
        if name in bits:
            flags |= bits[name]
        elif name and all(letter in _LETTERS for letter in name):
            for letter in name:
                flags |= _LETTERS[letter]
        elif name != "NONE":
            raise ValueError(f"{word.strip()!r} is not a TCP flag; allowed: {', '.join(bits)}")
    return flags


@dataclass(frozen=True, slots=True)
class Payload:
    """Octets ``start`` (inclusive) to ``stop`` (exclusive) of the stream named ``stream``."""

    stream: str
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def cut(self, skip: int, keep: int) -> Payload | None:
        """The slice without its first ``skip`` octets and of at most ``keep`` octets; None if nothing is left."""
        start = self.start + skip
        stop = min(self.stop, start + keep)
        if start == self.start and stop == self.stop:
            return self
        return Payload(self.stream, start, stop) if start < stop else None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one segment (RFC 9293 section 3.2; RFC 7323; RFC 2018).

    ``mss`` in octets, ``window_scale`` as a shift count 0..14, ``timestamp`` as (TSval, TSecr),
    ``sack`` as pairs of sequence numbers (left edge, right edge).
    """

    mss: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    timestamp: tuple[int, int] | None = None
    sack: tuple[tuple[int, int], ...] = ()

    @property
    def size(self) -> int:
        """Octets these options take in the header, each padded as ``wire`` writes it."""
        octets = 4 * (self.mss is not None) + 4 * (self.window_scale is not None)
        octets += 12 if self.timestamp is not None else 4 * self.sack_permitted
        return octets + (4 + 8 * len(self.sack) if self.sack else 0)


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as it stands on the wire (RFC 9293 section 3.1).

    ``seq`` and ``ack`` are absolute numbers, ``window`` is the raw 16-bit field (not yet scaled),
    ``urgent`` the raw urgent pointer. Ports and addresses belong to the world's 4-tuple.
    """

    seq: int
    ack: int = 0
    flags: int = 0
    window: int = 0
    options: Options = NO_OPTIONS
    payload: Payload | None = None
    urgent: int = 0
    mark: int = 0
    """The ECN codepoint of the IP header that carries this segment (RFC 3168 section 5)."""

    @property
    def syn(self) -> bool:
        """Is the SYN bit set?"""
        return bool(self.flags & SYN)

    @property
    def fin(self) -> bool:
        """Is the FIN bit set?"""
        return bool(self.flags & FIN)

    @property
    def rst(self) -> bool:
        """Is the RST bit set?"""
        return bool(self.flags & RST)

    @property
    def psh(self) -> bool:
        """Is the PSH bit set?"""
        return bool(self.flags & PSH)

    @property
    def has_ack(self) -> bool:
        """Is the ACK bit set, that is, does ``ack`` mean anything?"""
        return bool(self.flags & ACK)

    @property
    def urg(self) -> bool:
        """Is the URG bit set?"""
        return bool(self.flags & URG)

    @property
    def length(self) -> int:
        """Octets of text."""
        text = self.payload
        return text.stop - text.start if text is not None else 0

    @property
    def seq_length(self) -> int:
        """SEG.LEN: octets of sequence space, SYN and FIN included (RFC 9293 section 3.4)."""
        flags = self.flags
        return self.length + ((flags & SYN) >> 1) + (flags & FIN)

    @property
    def end(self) -> int:
        """The sequence number after the last one that this segment occupies."""
        return sequence.add(self.seq, self.seq_length)

    def __str__(self) -> str:
        """``SYN,ACK 300:301(0) ack 101 win 65535``: flags, first:next(text), ack, window."""
        words = [flags_text(self.flags), f"{self.seq}:{self.end}({self.length})"]
        if self.has_ack:
            words.append(f"ack {self.ack}")
        words.append(f"win {self.window}")
        return " ".join(words)
