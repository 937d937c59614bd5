"""How the world's tests set a scene and look at what happened.

A scene is the text of a scenario (``tutor/world/transcript.py``), so that a test shows the run it speaks of.
"""

from __future__ import annotations

from textwrap import dedent

from tutor.profiles import load_profile, profile_names
from tutor.world.records import Arrived, Flight, Lost, Record, Sent, StateChanged
from tutor.world.scenario import Scenario
from tutor.world.timeline import Timeline
from tutor.world.trace import Trace
from tutor.world.transcript import parse_scenario, segment_text

PROFILES = {name: load_profile(name) for name in profile_names()}
"""Every profile by name."""

CALL_AND_CLOSE = """
    host client 10.0.0.1 rfc9293 isn=1000
      connect server:80
      write 100
      after 1s close
    host server 10.0.0.2 rfc9293 isn=5000
      listen 80
      accept
      read
      when peer-closed after 0.5s close
    link client server delay=50ms
    until 10min
"""
"""A call, a hundred octets, and a close from each end."""


def scene(text: str) -> Scenario:
    """The scenario that ``text`` describes."""
    return parse_scenario(dedent(text), PROFILES)


def run(text: str, *more: str) -> Trace:
    """The run of a scenario; ``more`` are lines that are added to it."""
    return Trace.of(scene("\n".join((dedent(text), *more))))


def timeline(text: str) -> Timeline:
    """The timeline of a scenario left alone."""
    return Timeline.of(scene(text))


def all_of(trace: Trace, kind: type, host: str = "") -> list[Record]:
    """Every record of this kind (at this host), in order."""
    return [record for _, record in trace.records() if isinstance(record, kind) and host in ("", record.host)]


def path(trace: Trace, host: str, connection: str = "") -> list[str]:
    """The states that the connections of ``host`` (not its listeners) go through, first to last."""
    found: list[str] = []
    for record in all_of(trace, StateChanged, host):
        assert isinstance(record, StateChanged)
        if ">" in record.connection and connection in ("", record.connection):
            found += [record.source.value] if not found else []
            found.append(record.target.value)
    return found


def sent(trace: Trace, host: str) -> list[str]:
    """What ``host`` sends, as text without windows and options."""
    return [_short(record.flight) for record in all_of(trace, Sent, host)]


def received(trace: Trace, host: str) -> list[str]:
    """What reaches ``host`` and is accepted, as text without windows and options."""
    return [_short(record.flight) for record in all_of(trace, Arrived, host) if record.accepted]


def lost(trace: Trace) -> list[tuple[str, str]]:
    """(segment, fate) of everything that dies on the way."""
    return [(_short(record.flight), record.fate) for record in all_of(trace, Lost)]


def _short(flight: Flight) -> str:
    return segment_text(flight).partition(" win ")[0]
