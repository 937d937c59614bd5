"""Desk: one step of the world while it is written down.

Rules
-----
* A ``Desk`` lives inside a single ``step`` or ``act`` and never leaves it; what leaves is a frozen ``World``.
* It holds a copy of the world's tables by name; a host that is touched becomes a ``Kernel`` (a draft) until the end.
* It only keeps. What happens is decided in ``wire``, ``kernel``, ``calls``, ``running`` and ``hands``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rpds import HashTrieMap

from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Address
from tutor.world.agenda import Agenda
from tutor.world.chance import Key
from tutor.world.host import Host
from tutor.world.link import Link
from tutor.world.nat import Box
from tutor.world.records import Flight, Record
from tutor.world.targets import Target

if TYPE_CHECKING:
    from tutor.world.kernel import Kernel


@dataclass(frozen=True, slots=True)
class Rule:
    """An armed act: what befalls the nth segment that matches ``target``; ``seen`` have matched so far."""

    name: str
    target: Target
    span: int | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """The newest connection on a 4-tuple: its name, which incarnation it is, and the hosts that opened it."""

    id: str
    incarnation: int
    users: tuple[str, ...]


Pair = tuple[Address, Address]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything at one moment. Frozen and hashable; ``step`` and ``act`` make the next one.

    ``now`` in microseconds; ``index`` counts the steps since the beginning (0).
    """

    now: int
    index: int
    seed: int
    host_names: tuple[str, ...]
    link_names: tuple[str, ...]
    table: HashTrieMap[str, Host]
    cables: HashTrieMap[str, Link]
    routes: HashTrieMap[tuple[str, str], str]
    """(sender, receiver) -> the link between them."""
    addresses: HashTrieMap[str, str]
    """IP address -> host."""
    airborne: HashTrieMap[int, Flight]
    """What is in flight, by number."""
    agenda: Agenda
    profiles: HashTrieMap[str, Profile]
    """What ``profile HOST NAME`` may name."""
    next_flight: int = 1
    rules: tuple[Rule, ...] = ()
    names: HashTrieMap[Pair, Name] = field(default_factory=HashTrieMap)
    isns: HashTrieMap[tuple[str, Address], int] = field(default_factory=HashTrieMap)
    """(connection, end) -> the newest initial sequence number that this end has sent in it."""
    seen: HashTrieMap[Key, int] = field(default_factory=HashTrieMap)
    """How many equal packets were sent so far: the ordinal in the key of their dice."""
    boxes: HashTrieMap[str, Box] = field(default_factory=HashTrieMap)
    """Public address -> what the NAT box there remembers."""

    @property
    def hosts(self) -> tuple[Host, ...]:
        """Every host in order of creation."""
        return tuple(self.table[name] for name in self.host_names)

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link in order of creation."""
        return tuple(self.cables[name] for name in self.link_names)

    @property
    def flights(self) -> tuple[Flight, ...]:
        """Every segment in flight, oldest first."""
        return tuple(sorted(self.airborne.values(), key=lambda flight: flight.id))

    def host(self, name: str) -> Host:
        """The host of this name; ``KeyError`` if there is none."""
        return self.table[name]

    def link_between(self, a: str, b: str) -> Link | None:
        """The link between two hosts, or None."""
        name = self.routes.get((a, b))
        return self.cables[name] if name is not None else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, World):
            return NotImplemented
        return self is other or all(getattr(self, name) == getattr(other, name) for name in WORLD_FIELDS)

    def __hash__(self) -> int:
        return hash((self.now, self.index, self.seed, self.next_flight, self.agenda))


WORLD_FIELDS: tuple[str, ...] = tuple(World.__dataclass_fields__)


class Desk:
    """The tables of a world that is being changed, and the records of what happens."""

    __slots__ = (
        "addresses", "agenda", "airborne", "boxes", "cables", "index", "isns", "kernels", "names", "next_flight", "now",
        "origin", "records", "routes", "rules", "seed", "seen", "table",
    )  # fmt: skip

    def __init__(self, world: World, now: int) -> None:
        self.origin = world
        self.now = now
        self.index = world.index
        self.seed = world.seed
        self.table = world.table
        self.cables = world.cables
        self.routes = world.routes
        self.addresses = world.addresses
        self.airborne = world.airborne
        self.agenda = world.agenda
        self.next_flight = world.next_flight
        self.rules = world.rules
        self.names = world.names
        self.isns = world.isns
        self.seen = world.seen
        self.boxes = world.boxes
        self.records: list[Record] = []
        self.kernels: dict[str, Kernel] = {}

    def record(self, record: Record) -> None:
        """Something happened."""
        self.records.append(record)

    def schedule(self, at: int, priority: int, what: Any) -> None:
        """Something is due at ``at``."""
        self.agenda = self.agenda.push(at, priority, what)

    def kernel(self, name: str) -> Kernel:
        """The draft of the host ``name``."""
        found = self.kernels.get(name)
        if found is None:
            from tutor.world.kernel import Kernel

            found = self.kernels[name] = Kernel(self, self.table[name])
        return found

    def world(self) -> World:
        """Everything written down, frozen: the next world."""
        origin = self.origin
        table = self.table
        for name in sorted(self.kernels):
            table = table.insert(name, self.kernels[name].frozen())
        return World(
            self.now, origin.index + 1, self.seed, origin.host_names, origin.link_names, table, self.cables,
            self.routes, self.addresses, self.airborne, self.agenda, origin.profiles, self.next_flight, self.rules,
            self.names, self.isns, self.seen, self.boxes,
        )  # fmt: skip
