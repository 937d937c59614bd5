"""The stage of a script: one host under test, a peer that only says what the script says, and what both have done.

Rules
-----
* The host has the address 192.168.0.1, the peer 192.0.2.1, as in packetdrill. Nothing takes time between them, and
  the peer is only a script: it says what is put into its mouth, and answers nothing.
* Numbers of the script are mapped: the host's count from its initial number, the peer's are taken as they are.
  Timestamps of the host are those the script gave to its segments.
* Where a timer and an item of the script are due at the same moment, the item goes first: a kernel's timers are late.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from tutor.tcp import seq
from tutor.tcp.profile import Profile
from tutor.tcp.segment import SYN
from tutor.world.acts import parse_act
from tutor.world.agenda import TIMERS
from tutor.world.beginning import begin
from tutor.world.host import Host, Socket
from tutor.world.records import CallReturned, Record, Sent
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.sysctls import SCRIPTED
from tutor.world.world import World, act, next_at, step

HOST, PEER = "host", "peer"
ADDRESSES = {HOST: "192.168.0.1", PEER: "192.0.2.1"}
LINK = (("delay", "0"), ("mtu", "65535"))
LOCAL_PORT, PEER_PORT = 8080, 40000
MOST_STEPS = 200_000
"""Steps of the world that a script may take."""


class TooLong(Exception):
    """A script that keeps the world busy for ever."""


@dataclass(slots=True)
class Line:
    """One connection of the script: its ports, and how its numbers are mapped."""

    local_port: int
    peer_port: int
    isn: int | None = None
    """The host's initial number; None until it has sent a SYN."""
    script_isn: int = 0
    """What the script calls it."""
    is_named: bool = False
    """The script has said what it calls the initial number; it does so once, as packetdrill has it."""
    stamps: dict[int, int] = field(default_factory=dict)
    """Timestamp in the script -> timestamp that the host really sent."""

    def own(self, number: int) -> int:
        """A number of the host's, from the script's to the real one."""
        return seq.add(self.isn or 0, number - self.script_isn)


class Stage:
    """The world that a script is played in."""

    def __init__(self, profile: Profile, sysctls: tuple[tuple[str, str], ...]) -> None:
        hosts = (
            HostSpec(HOST, ADDRESSES[HOST], profile, sysctls=sysctls),
            HostSpec(PEER, ADDRESSES[PEER], profile, sysctls=((SCRIPTED, "yes"),)),
        )
        self.world: World = begin(Scenario(hosts, (LinkSpec(HOST, PEER, parameters=LINK),)))
        self.deeds: list[tuple[int, str]] = []
        """Every act of the script: (moment in microseconds, the act)."""
        self.sent: deque[Sent] = deque()
        self.returned: list[CallReturned] = []
        self.lines: list[Line] = []
        self.steps = 0

    @property
    def host(self) -> Host:
        """The host under test as it is now."""
        return self.world.host(HOST)

    @property
    def line(self) -> Line | None:
        """The connection that the script speaks of now."""
        return self.lines[-1] if self.lines else None

    def socket(self, fd: int) -> Socket | None:
        """The socket behind a descriptor of the host."""
        return self.host.by_descriptor(fd)

    # --- time ---

    def advance(self, until: int) -> None:
        """Let happen what is due before ``until`` (microseconds), and at it whatever is no timer."""
        while (first := self.world.agenda.first()) is not None and first[0] <= until:
            if (first[0] == until and first[1] == TIMERS) or not self._step(until):
                return

    def wait_for_segment(self, until: int) -> bool:
        """Go on until the host has sent a segment that nobody has looked at, at most to ``until``."""
        while not self.sent:
            due = next_at(self.world)
            if due is None or due > until or not self._step(until):
                return False
        return True

    def wait_for_return(self, wanted: int, until: int) -> None:
        """Go on until ``wanted`` calls have returned, at most to ``until``."""
        while len(self.returned) < wanted:
            due = next_at(self.world)
            if due is None or due > until or not self._step(until):
                return

    def _step(self, until: int) -> bool:
        """The next thing that happens; False when nothing does by then. What is due may turn out to be nothing."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooLong(f"more than {MOST_STEPS} steps of the world")
        done = step(self.world)
        if done is None or done.at > until:
            return False
        self._note(done.world, done.records)
        return True

    def do(self, deed: str, at: int) -> tuple[Record, ...]:
        """Do an act at ``at`` (or now, if the world is further), and let its consequences happen."""
        self.deeds.append((max(at, self.world.now), deed))
        done = act(self.world, parse_act(deed), at=at)
        self._note(done.world, done.records)
        self.advance(self.world.now)
        return done.records

    def _note(self, world: World, records: tuple[Record, ...]) -> None:
        self.world = world
        for record in records:
            if isinstance(record, Sent) and record.host == HOST:
                self.sent.append(record)
                self._learn(record)
            elif isinstance(record, CallReturned) and record.host == HOST:
                self.returned.append(record)

    def _learn(self, record: Sent) -> None:
        """The first SYN of the host tells its initial number."""
        flight = record.flight
        line = self.line_of(flight.source.port, flight.destination.port)
        if line is not None and line.isn is None and flight.segment.flags & SYN:
            line.isn = flight.segment.seq

    # --- connections ---

    def line_of(self, local_port: int, peer_port: int) -> Line | None:
        """The connection of these ports, the newest one."""
        pairs = ((line.local_port, line.peer_port) for line in self.lines)
        return next((self.lines[i] for i, pair in enumerate(pairs) if pair == (local_port, peer_port)), None)

    def new_line(self, local_port: int, peer_port: int) -> Line:
        """The script opens another connection."""
        line = Line(local_port, peer_port)
        self.lines.append(line)
        return line
