"""Lines: what can be wrong with a line of text, and what a line of a program waits for before it acts.

Rules
-----
* A line that cannot be read tells the column (from 1), what was found, what is allowed, and the nearest match.
* A line of a program waits for its condition, then for its delay; or for an instant.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from tutor.world.time import format_duration, parse_seconds


class LineError(ValueError):
    """A line that cannot be read. ``column`` counts from 1; ``nearest`` is what was perhaps meant, or None."""

    def __init__(
        self, text: str, column: int, found: str, allowed: Collection[str], nearest: str | None = None
    ) -> None:
        self.text = text
        self.column = column
        self.found = found
        self.allowed = tuple(allowed)
        self.nearest = nearest
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        super().__init__(f"column {column}: found {found!r}; allowed: {', '.join(self.allowed)}{hint}")


class ActError(LineError):
    """A line that is no act, or no line of a program."""


def nearest_of(word: str, allowed: Collection[str]) -> str | None:
    """The allowed word that ``word`` was perhaps meant to be."""
    return likest(word, allowed)[0]


def likest(word: str, allowed: Collection[str]) -> tuple[str | None, float]:
    """(the allowed word most like ``word``, how like it is), or (None, 0) if none is like enough."""
    found = get_close_matches(word, sorted(allowed), 1, 0.6)
    return (found[0], SequenceMatcher(None, found[0], word).ratio()) if found else (None, 0.0)


# --- what a line waits for ---

CONDITIONS = ("started", "connected", "accepted", "peer-closed", "closed", "received", "acked", "never")
"""What a program may wait for."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a line waits for; ``octets`` only with ``received``."""

    kind: str = "started"
    octets: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.octets}" if self.kind == "received" else self.kind


STARTED = Condition()


@dataclass(frozen=True, slots=True)
class Waits:
    """What comes before the act of a line; spans and times in microseconds."""

    when: Condition = STARTED
    after: int = 0
    at: int | None = None

    def __str__(self) -> str:
        words = [f"at {_text(self.at)}"] if self.at is not None else []
        words += [f"when {self.when}"] if self.when != STARTED else []
        words += [f"after {_text(self.after)}"] if self.after else []
        return " ".join(words)


def _text(span: int) -> str:
    return format_duration(span).replace(" ", "")


_PREFIX = re.compile(r"\s*(when|after|at)\s+", re.IGNORECASE)
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?\s*(?:us|µs|ms|s|sec|min|h)(?![a-zµ])\s*)+|\d+(?:\.\d+)?(?=\s|$)")


def read_waits(text: str, offset: int) -> tuple[Waits, int]:
    """What the line waits for, from ``offset`` on, and where its act begins. Raises ``ActError``."""
    when, after, at = STARTED, 0, None
    while match := _PREFIX.match(text, offset):
        offset = match.end()
        if match[1] == "when":
            when, offset = _condition(text, offset)
        else:
            span, offset = read_span(text, offset)
            after, at = (span, at) if match[1] == "after" else (after, span)
    rest = text[offset:]
    return Waits(when, after, at), offset + len(rest) - len(rest.lstrip())


def _condition(text: str, offset: int) -> tuple[Condition, int]:
    match = re.match(r"(\S+)(?:\s+(\d+))?", text[offset:])
    kind = match[1] if match else ""
    if kind not in CONDITIONS or match is None:
        raise ActError(text, offset + 1, kind, CONDITIONS, nearest_of(kind, CONDITIONS))
    if kind != "received":
        return Condition(kind), offset + match.end(1)
    if match[2] is None:
        raise ActError(text, offset + match.end(1) + 1, "no number", ("received and a number of octets",))
    return Condition(kind, int(match[2])), offset + match.end()


def read_span(text: str, offset: int) -> tuple[int, int]:
    """The span of time (microseconds) at ``offset`` of a line, and where it ends. Raises ``ActError``."""
    match = _SPAN.match(text, offset)
    if match is None:
        found = text[offset:].split(" ", maxsplit=1)[0]
        raise ActError(text, offset + 1, found, ("a span of time, as 50ms, 1.5s or 2min",))
    return parse_seconds(match[0].strip()), match.end()
