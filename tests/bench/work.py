"""The work that is measured: runs of the simulated world, and the same work as SimPy processes."""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from tutor.profiles import load_profile
from tutor.world.program import parse_program
from tutor.world.records import Called, CallReturned
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.trace import Trace

SEGMENTS, OCTETS = 10, 1000
"""What each side sends: so many segments of so many octets."""


OFF = ("congestion_control", "loss_recovery")
"""Fields of the profile that switch the machinery of loss and congestion off."""


@dataclass(frozen=True)
class Mark:
    """What the yardstick makes: a frozen record, as the engine makes them."""

    at: int
    name: str
    after: Mark | None


def yardstick() -> int:
    """A fixed piece of plain Python: how fast is this machine now? Returns something, so that nothing is left out."""
    table: dict[str, Mark] = {}
    for number in range(20_000):
        name = f"mark {number % 977}"
        table[name] = Mark(number, name, table.get(name))
        if number % 5 == 0:
            table[name] = Mark(number, name, None)
    return sum(sorted(mark.at for mark in table.values())[:10])


FIRST_ENGINE = 172
"""Events that the first engine, without loss recovery and windows of congestion, computed in the time of one yardstick:
best of nine of each, in turn, in a bulk transfer of 2 MB (three times: 171.9, 172.0, 173.7)."""


def bulk(octets: int, loss: str = "0%", *, machinery: bool = True) -> Scenario:
    """One connection that carries ``octets`` in one direction, with what watches over the network or without."""
    rules = load_profile("linux-6.18")
    if not machinery:
        rules = replace(rules, **dict.fromkeys(OFF, "off"))
    client = parse_program(["connect server:80", f"write {octets}", "close"])
    server = parse_program(["listen 80", "accept", "read", "repeat 3"])
    hosts = (
        HostSpec("client", "10.0.0.1", rules, programs=(client,)),
        HostSpec("server", "10.0.0.2", rules, programs=(server,)),
    )
    link = LinkSpec("client", "server", parameters=(("delay", "20ms"), ("loss", loss)))
    return Scenario(hosts, (link,), until=3_600_000_000)


def conversation(seed: int) -> Scenario:
    """Open, ten segments each way, close, 1 % loss."""
    rules = load_profile("linux-6.18")
    send = [f"write {OCTETS}" for _ in range(SEGMENTS)]
    total = SEGMENTS * OCTETS
    client = parse_program(["connect server:80", *send, f"when received {total} read", "close"])
    server = parse_program(["listen 80", "accept", f"when received {total} read", *send, "when peer-closed close"])
    hosts = (
        HostSpec("client", "10.0.0.1", rules, programs=(client,)),
        HostSpec("server", "10.0.0.2", rules, programs=(server,)),
    )
    link = LinkSpec("client", "server", parameters=(("delay", "20ms"), ("loss", "1%")))
    return Scenario(hosts, (link,), seed=seed, until=3_600_000_000)


def one_conversation(seed: int) -> int:
    """Octets that the two programs of one conversation have read."""
    trace = Trace.of(conversation(seed))
    trace.extend()
    calls = (record for _, record in trace.records() if isinstance(record, Called | CallReturned))
    return sum(record.result for record in calls if record.call == "read" and isinstance(record.result, int))


# --- the same work in SimPy: processes that pass octets with acknowledgments and a timeout ---


@dataclass(slots=True)
class Pipe:
    """One direction of a lossy wire."""

    env: Any
    box: Any
    dice: random.Random

    def send(self, what: tuple[str, int]) -> Generator[Any, Any, None]:
        """Deliver after 20 ms, or lose."""
        if self.dice.random() >= 0.01:
            yield self.env.timeout(0.02)
            yield self.box.put(what)


def _side(env: Any, own: Any, out: Pipe, read: list[int]) -> Generator[Any, Any, None]:
    """Send ten segments, each acknowledged before the next; read whatever arrives."""
    sent, got, is_waiting = 0, 0, False
    message = own.get()
    while sent < SEGMENTS or got < SEGMENTS:
        if sent < SEGMENTS and not is_waiting:
            env.process(out.send(("data", sent)))
            is_waiting = True
        result = yield message | env.timeout(0.2)
        if message not in result:
            is_waiting = False
            continue
        kind, number = result[message]
        message = own.get()
        if kind == "ack" and number == sent:
            sent, is_waiting = sent + 1, False
        elif kind == "data":
            if number == got:
                got += 1
                read.append(OCTETS)
            env.process(out.send(("ack", number)))


def one_simpy_conversation(seed: int) -> int:
    """Octets read in a conversation of two SimPy processes."""
    import simpy

    env = simpy.Environment()
    boxes = simpy.Store(env), simpy.Store(env)
    dice = random.Random(seed)
    read: list[int] = []
    sides = [env.process(_side(env, boxes[own], Pipe(env, boxes[1 - own], dice), read)) for own in (0, 1)]
    env.run(until=env.any_of([env.all_of(sides), env.timeout(60)]))
    return sum(read)
