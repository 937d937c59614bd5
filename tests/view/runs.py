"""Runs to draw: a connection that opens and closes, and the same one with a segment lost later."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tutor.profiles import load_profile
from tutor.view.marks import Mark, Picture
from tutor.world.acts import parse_act
from tutor.world.beginning import begin
from tutor.world.program import parse_program
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.trace import Trace

END = 120_000_000


def scenario(*, both_call: bool = False, name: str = "linux-6.18") -> Scenario:
    """A handshake, a hundred octets, a close by the client and then by the server; or two calls that cross."""
    profile = load_profile(name)
    client = ["connect server:80 from 1000"] if both_call else ["connect server:80", "write 100", "after 200ms close"]
    server = (
        ["connect client:1000 from 80"]
        if both_call
        else ["listen 80", "accept", "read", "when peer-closed after 200ms close"]
    )
    hosts = (
        HostSpec("client", "10.0.0.1", profile, programs=(parse_program(client),), port=40000),
        HostSpec("server", "10.0.0.2", profile, programs=(parse_program(server),)),
    )
    return Scenario(hosts, (LinkSpec("client", "server", parameters=(("delay", "50ms"),)),), until=END)


@cache
def close_run(*, both_call: bool = False) -> tuple[Trace, Trace]:
    """The run, and the run that is the same until just after 0.32 s and then loses what is on its way."""
    plain = Trace(begin(scenario(both_call=both_call)), END)
    plain.extend()
    touched = plain.fork(plain.index_at(320_000), 320_001, parse_act("cut link"))
    touched.extend()
    return plain, touched


def marks_of(picture: Picture) -> Iterator[Mark]:
    """Every mark of a picture, groups opened."""
    yield from picture.marks()
