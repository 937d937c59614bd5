"""Program: what an application does, as a list of acts with conditions.

Rules
-----
* Lines run one after the other. A line waits for its condition, then for its delay, then does its act; an act
  that blocks (connect, accept, read, a write without room) holds the program until it returns.
* A condition speaks of the program's own connection: the one it connected or accepted last.
* ``repeat N`` goes back to line N (1 unless given). ``when never`` waits for ever.

A line is ``[when CONDITION] [after SPAN] ACT`` or ``[at TIME] ACT``. Conditions: ``started``, ``connected``,
``accepted``, ``peer-closed`` (the peer's FIN has arrived), ``closed`` (the connection is over), ``received N``
(N octets have arrived in all), ``acked`` (all that was written has been acknowledged), ``never``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.world.acts import CALLS, HANDS, Act, ActError, nearest_of, parse_act
from tutor.world.time import format_duration, parse_seconds

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
class Line:
    """One line: do ``act`` once ``when`` holds and ``after`` (microseconds) has passed, or at the instant ``at``."""

    act: Act
    when: Condition = STARTED
    after: int = 0
    at: int | None = None

    def __str__(self) -> str:
        words = [f"at {_text(self.at)}"] if self.at is not None else []
        words += [f"when {self.when}"] if self.when != STARTED else []
        words += [f"after {_text(self.after)}"] if self.after else []
        return " ".join((*words, str(self.act)))


@dataclass(frozen=True, slots=True)
class Program:
    """What one application does."""

    lines: tuple[Line, ...] = ()

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines))


def _text(span: int) -> str:
    return format_duration(span).replace(" ", "")


_PREFIX = re.compile(r"\s*(when|after|at)\s+", re.IGNORECASE)
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?\s*(?:us|µs|ms|s|sec|min|h)\b\s*)+|\d+(?:\.\d+)?(?=\s|$)")


def parse_line(text: str) -> Line:
    """One line of a program. Raises ``ActError`` with the column in this line."""
    when, after, at, offset = STARTED, 0, None, 0
    while match := _PREFIX.match(text, offset):
        offset = match.end()
        if match[1] == "when":
            when, offset = _condition(text, offset)
        else:
            span, offset = _span(text, offset)
            after, at = (span, at) if match[1] == "after" else (after, span)
    rest = text[offset:]
    offset += len(rest) - len(rest.lstrip())
    act = _act(rest.strip(), offset, text)
    return Line(act, when, after, at)


def _act(text: str, offset: int, line: str) -> Act:
    if text == "repeat" or re.fullmatch(r"repeat \d+", text):
        return Act("repeat", tuple(text.split()[1:]))
    if text == "never":
        return Act("repeat", ("0",))
    act = parse_act(text, offset=offset)
    if act.host:
        raise ActError(line, offset + 1, act.host, (*CALLS, *HANDS, "repeat"), nearest_of(act.host, CALLS))
    return act


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


def _span(text: str, offset: int) -> tuple[int, int]:
    match = _SPAN.match(text, offset)
    if match is None:
        found = text[offset:].split(" ", maxsplit=1)[0]
        raise ActError(text, offset + 1, found, ("a span of time, as 50ms, 1.5s or 2min",))
    return parse_seconds(match[0].strip()), match.end()


def parse_program(lines: str | Iterable[str]) -> Program:
    """The program that ``lines`` describe; empty lines and what follows ``# `` are left out. Raises ``ActError``."""
    if isinstance(lines, str):
        lines = lines.splitlines()
    stripped = (re.sub(r"(^|\s)# .*", "", line).rstrip() for line in lines)
    return Program(tuple(parse_line(line) for line in stripped if line.strip()))
