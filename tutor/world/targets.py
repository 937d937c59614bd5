"""Targets: which segments an act or a cue means.

Rules
-----
* ``HOST:FLAGS[:N]`` means the Nth matching segment that HOST sends, first and repeated sendings counted alike;
  N is 1 unless given. HOST ``*`` is anybody. ``#F`` means flight number F.
* FLAGS match the exact set on a segment without payload, PSH ignored; ``data`` means payload; ``any`` all.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.segment import PSH, Segment, flags_text, parse_flags

ANYBODY = "*"
"""Whoever sends."""

KINDS = "flags as in SYN,ACK, or data, or any"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a segment must look like. ``flags`` None: see ``kind`` (``"data"`` or ``"any"``)."""

    kind: str
    flags: int | None = None

    def matches(self, segment: Segment) -> bool:
        """Does ``segment`` look like this?"""
        if self.kind == "any":
            return True
        if self.kind == "data":
            return segment.length > 0
        return segment.length == 0 and segment.flags & ~PSH == self.flags

    def __str__(self) -> str:
        return flags_text(self.flags) if self.flags is not None else self.kind


def parse_pattern(text: str) -> Pattern:
    """The pattern that ``SYN,ACK``, ``S.``, ``data`` or ``any`` names. Raises ``ValueError`` with what is allowed."""
    word = text.strip().lower()
    if word in ("data", "any"):
        return Pattern(word)
    if not word:
        raise ValueError(f"no flags; allowed: {KINDS}")
    return Pattern("flags", parse_flags(text) & ~PSH)


@dataclass(frozen=True, slots=True)
class Target:
    """One segment: a flight by number, or the ``nth`` one that ``host`` sends and ``pattern`` matches."""

    flight: int | None = None
    host: str = ""
    pattern: Pattern = Pattern("any")
    nth: int = 1

    def is_sent_by(self, host: str) -> bool:
        """Does it mean what ``host`` sends?"""
        return self.host in (ANYBODY, host)

    def __str__(self) -> str:
        if self.flight is not None:
            return f"#{self.flight}"
        return f"{self.host}:{self.pattern}" + (f":{self.nth}" if self.nth != 1 else "")


def parse_target(text: str) -> Target:
    """The target that ``client:SYN``, ``client:data:2`` or ``#7`` names. Raises ``ValueError`` with what is allowed."""
    if text.startswith("#"):
        if not text[1:].isdigit():
            raise ValueError(f"{text!r} is not a flight; allowed: # and a number, as #7")
        return Target(flight=int(text[1:]))
    host, _, rest = text.partition(":")
    if not host or not rest:
        raise ValueError(f"{text!r} names no segment; allowed: HOST:FLAGS, HOST:FLAGS:N or #FLIGHT")
    flags, colon, count = rest.partition(":")
    if colon and (not count.isdigit() or int(count) < 1):
        raise ValueError(f"{count!r} is not a count; allowed: a whole number from 1")
    return Target(None, host, parse_pattern(flags), int(count) if colon else 1)
