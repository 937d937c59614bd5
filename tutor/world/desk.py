"""Desk: one step of the world while it is written down, and Kernel: one host of it.

Rules
-----
* A ``Desk`` lives inside a single ``step`` or ``act`` and never leaves it; what leaves is a frozen ``World``.
* It holds a copy of the world's tables by name; a host that is touched becomes a ``Kernel`` (a draft of a
  ``Host``) until the end; ``frozen`` makes the Host of it.
* Both only keep. What happens is decided in ``wire``, ``kernel``, ``calls``, ``running`` and ``hands``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rpds import HashTrieMap

from tutor.tcp.endpoint import react
from tutor.tcp.events import Event, Reaction
from tutor.tcp.profile import Profile
from tutor.tcp.reasons import Reason
from tutor.tcp.tcb import Address, Tcb
from tutor.tcp.values import filler, frozen, replace
from tutor.tcp.variant import Variant
from tutor.world import counting
from tutor.world.agenda import Agenda
from tutor.world.chance import Key
from tutor.world.host import Host, PortUse, Running, Socket, TupleKey, Waiter
from tutor.world.link import Link
from tutor.world.nat import Box
from tutor.world.records import Because, Counted, Flight, Record
from tutor.world.targets import Target


@dataclass(frozen=True, slots=True)
class Rule:
    """An armed act: what befalls the nth segment that matches ``target``; ``seen`` have matched so far.

    ``behind``: the flight that the next segment of its sender will overtake.
    """

    name: str
    target: Target
    span: int | None = None
    seen: int = 0
    behind: int | None = None


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

    @property
    def variant(self) -> Variant:
        """Which protocol the hosts speak: ``TCP``, or one that was broken on purpose."""
        return self.table[self.host_names[0]].profile.variant

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


Watch = Callable[[str, Tcb, Reaction], None]
"""Who wants to see every reaction that takes effect: host, the block before, the reaction."""

WORLD_FIELDS: tuple[str, ...] = tuple(World.__dataclass_fields__)


class Desk:
    """The tables of a world that is being changed, and the records of what happens."""

    __slots__ = (
        "addresses", "agenda", "airborne", "boxes", "cables", "index", "isns", "kernels", "names", "next_flight", "now",
        "origin", "records", "routes", "rules", "seed", "seen", "table", "watch",
    )  # fmt: skip

    def __init__(self, world: World, now: int, watch: Watch | None = None) -> None:
        self.watch = watch
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


HOST_FIELDS: tuple[str, ...] = tuple(Host.__dataclass_fields__)
_fill = filler(HOST_FIELDS)


class Kernel:
    """The draft of one host: the fields of ``Host``, changeable, and the desk it lies on."""

    __slots__ = ("desk", *HOST_FIELDS)

    name: str
    address: str
    profile: Profile
    port: int
    isn: int | None
    is_up: bool
    settings: tuple[tuple[str, str], ...]
    sockets: HashTrieMap[str, Socket]
    tuples: HashTrieMap[TupleKey, str]
    listeners: HashTrieMap[int, str]
    groups: HashTrieMap[int, tuple[str, ...]]
    descriptors: HashTrieMap[int, str]
    ports: HashTrieMap[int, PortUse]
    stamps: HashTrieMap[str, tuple[int, int]]
    counters: HashTrieMap[str, int]
    programs: HashTrieMap[int, Running]
    idle: tuple[int, ...]
    latest: str
    next_fd: int
    next_port: int
    created: int
    opened: int
    challenges: tuple[int, int]
    time_waits: int
    orphans: int
    boots: int
    nofile: int
    is_scripted: bool

    def __init__(self, desk: Desk, host: Host) -> None:
        self.desk = desk
        _fill(self, host)

    def frozen(self) -> Host:
        """The host as it is now."""
        return frozen(Host, self)

    # --- small verbs ---

    @property
    def now(self) -> int:
        """This instant, in microseconds."""
        return self.desk.now

    def put(self, socket: Socket) -> None:
        """Keep ``socket`` under its name."""
        self.sockets = self.sockets.insert(socket.id, socket)

    def wait(self, socket_id: str, waiter: Waiter) -> None:
        """Let ``waiter`` wait on a socket."""
        socket = self.sockets[socket_id]
        self.put(replace(socket, waiters=(*socket.waiters, waiter)))

    def count(self, counter: str, connection: str = "", by: int = 1) -> None:
        """Move a counter; one that tells of trouble is recorded as well."""
        self.counters = self.counters.insert(counter, (self.counters.get(counter) or 0) + by)
        if counter in counting.TROUBLE:
            self.desk.record(Counted(self.now, self.name, connection, counter, by))

    def because(self, connection: str, reason: str, **arguments: int | str) -> None:
        """Note a reason of the host's own (``because.HOST_REASONS``)."""
        self.desk.record(Because(self.now, self.name, connection, Reason(reason, tuple(arguments.items()))))

    def react(self, tcb: Tcb, event: Event) -> Reaction:
        """What the protocol does about ``event``."""
        return react(tcb, event, now=self.desk.now, profile=self.profile)
