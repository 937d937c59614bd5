"""A machine whose peer says only what a test puts into its mouth, as the peers of the recorded traces do."""

from __future__ import annotations

from tests.truth.tale import Tale, pair

OPENING = ("1ms SYN mss=1460", "9ms ACK")
"""A handshake without options, as most traces have it."""


def answered(serves: str, *segments: str, server: str = "linux-6.18", until: str = "5s") -> Tale:
    """``serves`` runs on ``server`` and meets ``segments``: each a time, flags, and options of ``inject``.

    Nothing takes time on the way, so a segment and its answer have the same time.
    """
    forged = (f"at {when} inject client>server {said}{_ports(said)}" for when, said in map(_split, segments))
    return pair("", serves, *forged, client="rfc9293 scripted=yes", server=server, delay="0s", until=until)


def _split(segment: str) -> tuple[str, str]:
    when, _, said = segment.partition(" ")
    return when, said


def _ports(said: str) -> str:
    return " dport=80" if "sport=" in said else " sport=50000 dport=80"


def sends(run: Tale, host: str = "server") -> list[tuple[float, str]]:
    """What ``host`` sends, and when: flags and numbers."""
    return [(at, said[2:].partition(" win ")[0]) for at, name, said in run.lines if name == host and said[:2] == "> "]
