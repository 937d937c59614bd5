"""A segment as an answer spells it: ``SYN,ACK seq=0 ack=1 len=0``, numbers relative, as the ladder shows them."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp import segment as segments
from tutor.world.records import Flight


@dataclass(frozen=True, slots=True)
class Expected:
    """A segment as an option names it; None: not asked for."""

    flags: int
    seq: int | None = None
    ack: int | None = None
    length: int | None = None

    @classmethod
    def parse(cls, text: str) -> Expected:
        """Raises ``ValueError`` naming what was found and what is allowed."""
        flags, *rest = text.split()
        numbers: dict[str, int] = {}
        for word in rest:
            name, _, value = word.partition("=")
            if name not in ("seq", "ack", "len") or not value.isdecimal():
                raise ValueError(f"{word!r} is not part of a segment; allowed: seq=N, ack=N, len=N")
            numbers[name] = int(value)
        return cls(segments.parse_flags(flags), numbers.get("seq"), numbers.get("ack"), numbers.get("len"))

    def fits(self, flight: Flight) -> bool:
        """Is this the segment of ``flight``? PSH is nobody's business."""
        segment = flight.segment
        return (
            (self.flags ^ segment.flags) & ~segments.PSH == 0
            and self.seq in (None, flight.rel_seq)
            and self.ack in (None, flight.rel_ack if segment.has_ack else None)
            and self.length in (None, segment.length)
        )


def describe(flight: Flight) -> str:
    """A segment as options spell it."""
    segment = flight.segment
    words = [segments.flags_text(segment.flags & ~segments.PSH), f"seq={flight.rel_seq}"]
    if segment.has_ack:
        words.append(f"ack={flight.rel_ack}")
    if segment.length:
        words.append(f"len={segment.length}")
    return " ".join(words)
