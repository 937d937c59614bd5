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

from tutor.world.acts import Act, parse_own_act
from tutor.world.lines import STARTED, Condition, Waits, read_waits


@dataclass(frozen=True, slots=True)
class Line:
    """One line: do ``act`` once ``when`` holds and ``after`` (microseconds) has passed, or at the instant ``at``."""

    act: Act
    when: Condition = STARTED
    after: int = 0
    at: int | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.waits), str(self.act))))

    @property
    def waits(self) -> Waits:
        """What it waits for."""
        return Waits(self.when, self.after, self.at)


@dataclass(frozen=True, slots=True)
class Program:
    """What one application does."""

    lines: tuple[Line, ...] = ()

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines))


def parse_line(text: str) -> Line:
    """One line of a program. Raises ``ActError`` with the column in this line."""
    waits, offset = read_waits(text, 0)
    return Line(parse_own_act(text[offset:].strip(), offset, text), waits.when, waits.after, waits.at)


def parse_program(lines: str | Iterable[str]) -> Program:
    """The program that ``lines`` describe; empty lines and what follows ``# `` are left out. Raises ``ActError``."""
    if isinstance(lines, str):
        lines = lines.splitlines()
    stripped = (re.sub(r"(^|\s)# .*", "", line).rstrip() for line in lines)
    return Program(tuple(parse_line(line) for line in stripped if line.strip()))
