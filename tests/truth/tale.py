"""A run told as lines of text, and questions about them: when was this said, how often, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent

from tests.world.stage import PROFILES
from tutor.tcp.profile import Profile
from tutor.tcp.values import replace
from tutor.world.host import Host
from tutor.world.ss import socket_table
from tutor.world.time import parse_seconds
from tutor.world.trace import Trace
from tutor.world.transcript import parse_scenario, transcript

WHEEL = "linux-6.18-late"
"""The profile of the measured kernel, its timers as late as a kernel's are."""

KNOWN: dict[str, Profile] = PROFILES | {
    WHEEL: replace(PROFILES["linux-6.18"], name=WHEEL, timer_lateness="wheel"),
}

PAIR = """
    host client 10.0.0.1 {client}
    {calls}
    host server 10.0.0.2 {server}
    {serves}
    link client server delay={delay}
    until {until}
"""


@dataclass(frozen=True, slots=True)
class Tale:
    """The lines of a transcript: time, host, and what happened."""

    trace: Trace
    lines: tuple[tuple[float, str, str], ...]

    def when(self, host: str, *parts: str) -> list[float]:
        """The seconds at which ``host`` says a line that has all ``parts`` in it."""
        return [at for at, name, said in self.lines if name == host and all(part in said for part in parts)]

    def said(self, host: str, *parts: str) -> list[str]:
        """What ``host`` says in lines that have all ``parts`` in them."""
        return [said for _, name, said in self.lines if name == host and all(part in said for part in parts)]

    def first(self, host: str, *parts: str) -> float:
        """The second of the first such line; there must be one."""
        found = self.when(host, *parts)
        assert found, f"{host} never says {parts}:\n{self}"
        return found[0]

    def host(self, name: str, second: float) -> Host:
        """A host as it is at a moment."""
        return self.trace.world_at(parse_seconds(str(second))).host(name)

    def counter(self, host: str, name: str) -> int:
        """A counter at the end of the run."""
        return self.trace.world_at(self.trace.until).host(host).counter(name)

    def ss(self, host: str, second: float) -> list[str]:
        """The host's sockets as ``ss -tan`` and ``-o`` print them."""
        return socket_table(self.host(host, second), parse_seconds(str(second)))

    def __str__(self) -> str:
        return "\n".join(f"{at:.6f} {name} {said}" for at, name, said in self.lines)


def tale(text: str, *more: str) -> Tale:
    """The run of a scenario, and lines added to it."""
    trace = Trace.of(parse_scenario("\n".join((dedent(text), *more)), KNOWN))
    lines = (line.split(None, 2) for line in transcript(trace).splitlines())
    return Tale(trace, tuple((float(at), name, said) for at, name, said in lines))


def pair(
    calls: str, serves: str, *more: str,
    client: str = "linux-6.18", server: str = "linux-6.18", delay: str = "10ms", until: str = "100s",
) -> Tale:  # fmt: skip
    """A client and a server, their programs as lines parted by semicolons, and what else happens."""
    programs = {name: _program(lines) for name, lines in (("calls", calls), ("serves", serves))}
    return tale(PAIR.format(client=client, server=server, delay=delay, until=until, **programs), *more)


def _program(lines: str) -> str:
    return "\n".join(f"      {line.strip()}" for line in lines.split(";") if line.strip())


def gaps(moments: list[float]) -> list[float]:
    """The waits between moments."""
    return [round(later - sooner, 3) for sooner, later in pairwise(moments)]
