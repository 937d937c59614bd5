"""Time: whole microseconds since the world began, and how people write spans of it.

Rules
-----
* An instant or a span inside the program is an ``int`` of microseconds. There is no other clock.
* People write ``50ms``, ``1 s``, ``2 min``, ``1 min 30 s``; ``0`` needs no unit. Who answers a question may also spell
  the units out, in each language: ``60 seconds``, ``1 分钟``.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

Micros = int
"""An instant, or a span, in microseconds."""

MICROS: Micros = 1
MS: Micros = 1_000
SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE

_UNITS = {
    "us": MICROS,
    "µs": MICROS,
    "μs": MICROS,
    "ms": MS,
    "s": SECOND,
    "sec": SECOND,
    "min": MINUTE,
    "h": HOUR,
}

_PART = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*([a-zA-Zµμ]+)")

ALLOWED = "a number with a unit: us, ms, s, min or h (50ms, 0.5 s, 2 min)"


def parse_duration(text: str) -> Micros:
    """The span that ``text`` names, in microseconds: ``50ms``, ``1s``, ``0.5 s``, ``2 min``, ``1 min 30 s``, ``0``.

    Raises ``ValueError`` with what was found and what is allowed.
    """
    stripped = text.strip()
    if stripped == "0":
        return 0
    total, end = Fraction(0), 0
    for match in _PART.finditer(stripped):
        if stripped[end : match.start()].strip() or match[2] not in _UNITS:
            break
        total += Fraction(match[1]) * _UNITS[match[2]]
        end = match.end()
    if end == 0 or stripped[end:].strip():
        raise ValueError(f"{text!r} is not a span of time; allowed: {ALLOWED}")
    return round(total)


def parse_seconds(text: str) -> Micros:
    """As ``parse_duration``, but a bare number is a number of seconds (``0.5``), as on the command line."""
    stripped = text.strip()
    if re.fullmatch(r"\d+(\.\d+)?|\.\d+", stripped):
        return round(Fraction(stripped) * SECOND)
    return parse_duration(text)


_SPELT = {
    r"us|µs|μs|usecs?|microsec(?:ond)?s?|微秒": "us",
    r"ms|msecs?|millisec(?:ond)?s?|毫秒": "ms",
    r"s|secs?|seconds?|秒钟?": "s",
    r"mins?|minutes?|分钟?": "min",
    r"h|hrs?|hours?|个?小时": "h",
}
"""Ways to spell a unit -> the unit."""

_SPELT_UNIT = re.compile(
    rf"(?<=[\d.])\s*(?:{'|'.join(f'({words})' for words in _SPELT)})(?![^\W\d_㐀-鿿])(?:\s+and(?=\s))?", re.IGNORECASE
)


def parse_said(text: str) -> Micros:
    """As ``parse_duration``, from whoever answers: units may be spelt out, in English or Chinese, and signs be wide.

    ``60 seconds``, ``1.5 minutes``, ``1 minute and 30 seconds``, ``60 秒``, ``1 分 30 秒``. Raises ``ValueError``.
    """
    units = tuple(_SPELT.values())
    plain = unicodedata.normalize("NFKC", text).rstrip(" .。")
    return parse_duration(_SPELT_UNIT.sub(lambda found: f"{units[(found.lastindex or 1) - 1]} ", plain))


def format_duration(span: Micros) -> str:
    """``span`` as people write it, exactly: ``500 us``, ``50 ms``, ``1.05 s``, ``4 min``, ``1 min 30 s``, ``2 h``."""
    if span < 0:
        return f"-{format_duration(-span)}"
    if span == 0:
        return "0"
    if span < MS:
        return f"{span} us"
    if span < SECOND:
        return f"{_decimal(span, MS)} ms"
    words: list[str] = []
    for unit, name in ((HOUR, "h"), (MINUTE, "min")):
        if span >= unit:
            words.append(f"{span // unit} {name}")
            span %= unit
    if span:
        words.append(f"{_decimal(span, SECOND)} s")
    return " ".join(words)


def _decimal(span: Micros, unit: Micros) -> str:
    """``span`` in ``unit`` without trailing zeros."""
    whole, rest = divmod(span, unit)
    digits = len(str(unit)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0") if rest else str(whole)


def clock_text(at: Micros) -> str:
    """An instant in seconds with six decimals, as transcripts print it: ``0.050000``."""
    return f"{at // SECOND}.{at % SECOND:06d}"
