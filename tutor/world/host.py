"""Host and Socket: one small kernel as a value.

Rules
-----
* A listener, a request entry (半连接) and a connection are three kinds of socket. A listener stays in LISTEN;
  its child starts from LISTEN, is a request entry in SYN-RECEIVED, and a connection once the handshake is over.
* Tables are persistent maps: changing one entry copies a path, not the table. Their own order means nothing;
  ``Host.all_sockets`` gives the order of creation.
* A block in CLOSED is no connection any more. Its socket stays only while a program holds its descriptor, or
  while it waits in an accept queue, so that the program can learn what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from rpds import HashTrieMap

from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb
from tutor.world.lines import Condition
from tutor.world.program import Program

LISTENER, REQUEST, CONNECTION = "listener", "request", "connection"


@dataclass(frozen=True, slots=True)
class Waiter:
    """A call that blocks on a socket, or a program (``call`` "when") that waits for its condition there."""

    call: str
    called_at: int
    program: int | None = None
    args: tuple[str | int, ...] = ()
    when: Condition | None = None
    octets: int = 0
    """Octets still to write, or the most to read; for close, how many microseconds it lingers."""
    done: int = 0
    """Octets written so far."""
    until: int | None = None
    """When it returns whatever has come of it, in microseconds; None: it waits as long as it takes."""


@dataclass(frozen=True, slots=True)
class Socket:
    """One endpoint that a host knows. ``id`` is the connection's name, or the listener's (``server:80``)."""

    id: str
    kind: str
    tcb: Tcb
    number: int
    """Counts the sockets of this host in order of creation."""
    fd: int | None = None
    listener: str = ""
    """Whose child this is."""
    listener_number: int = 0
    """And which one: another listener may have come under the same name."""
    backlog: int = 0
    syn_queue: int = 0
    """Request entries of this listener."""
    young: int = 0
    """Those among them that have not seen a timeout."""
    cookie_at: int | None = None
    """When this listener sent its last SYN cookie."""
    has_warned: bool = False
    """This listener has told of a flood."""
    accept_queue: tuple[str, ...] = ()
    """Finished connections that nobody has accepted yet, oldest first."""
    armed_at: int | None = None
    """When the agenda will look at this socket's timers next."""
    error: str | None = None
    """What ended the connection, as an errno, until a call has reported it."""
    heard_end: bool = False
    """The peer's FIN had come before the connection was over."""
    soft_error: str | None = None
    """What the network told and nobody acts on; it explains a timeout, and SO_ERROR tells it once."""
    linger_us: int | None = None
    is_reusable: bool = False
    """SO_REUSEADDR: its port may be listened on while old connections still use it."""
    has_chosen_port: bool = False
    """connect() chose its port; the program did not bind one."""
    keeps_port: bool = False
    """The program named its port: the port outlives a connection, as long as the descriptor (SOCK_BINDPORT_LOCK)."""
    time_wait_at: int = 0
    """When it went into TIME-WAIT."""
    is_queued: bool = False
    """It waits in its listener's accept queue."""
    is_nonblocking: bool = False
    """O_NONBLOCK: a call that would block answers EAGAIN."""
    is_connecting: bool = False
    """A connect() has not told its end yet: it did not wait for it."""
    kept: tuple[tuple[str, int], ...] = ()
    """Options that only the socket knows (SO_RCVTIMEO, IP_TOS...), in the engine's unit."""
    waiters: tuple[Waiter, ...] = ()

    @property
    def connection(self) -> str:
        """The connection's name, or the listener's."""
        return self.id

    def option(self, name: str, default: int = 0) -> int:
        """An option that only the socket knows, or ``default``."""
        return next((value for key, value in self.kept if key == name), default)

    @property
    def is_shared(self) -> bool:
        """SO_REUSEPORT: others that have set it too may bind and listen on the same port."""
        return bool(self.option("SO_REUSEPORT"))

    @property
    def state(self) -> State:
        """The state of its control block."""
        return self.tcb.state

    @property
    def is_orphan(self) -> bool:
        """Has the program let go of this connection?"""
        return self.tcb.is_orphan


@dataclass(frozen=True, slots=True)
class Running:
    """One program at work: the line it is at, its socket, and what it waits for.

    ``ticket`` numbers its appointments with the agenda, so that an old one is known as stale.
    ``phase``: ``ready``, ``due``, ``waiting`` (for its condition), ``blocked`` (in a call), ``ended``, ``failed``.
    """

    program: Program
    line: int = 0
    socket: str = ""
    ticket: int = 0
    phase: str = "ready"
    has_accepted: bool = False
    rounds: int = 0
    """How often ``repeat`` went back at the instant ``rounds_at``."""
    rounds_at: int = -1


class PortUse(NamedTuple):
    """How many sockets are on a port, and what they leave to others (``ports.may_bind``)."""

    users: int
    bound: int
    """Those whose program bound the port itself."""
    closed: int
    """Those without SO_REUSEADDR, or listening."""
    alone: int
    """Those without SO_REUSEPORT."""
    hard: int
    """Those that are both."""


TupleKey = tuple[int, str, int]
"""(local port, remote address, remote port): with the host's own address, the 4-tuple."""


@dataclass(frozen=True, slots=True)
class Host:
    """One kernel: sockets, tables to find them, limits, counters, programs."""

    name: str
    address: str
    profile: Profile
    port: int
    """The first port that a connect() without one takes."""
    isn: int | None = None
    """The initial sequence number of the first connection; None: from the seed."""
    is_up: bool = True
    settings: tuple[tuple[str, str], ...] = ()
    """What was set on this host, in order."""
    sockets: HashTrieMap[str, Socket] = field(default_factory=HashTrieMap)
    tuples: HashTrieMap[TupleKey, str] = field(default_factory=HashTrieMap)
    listeners: HashTrieMap[int, str] = field(default_factory=HashTrieMap)
    groups: HashTrieMap[int, tuple[str, ...]] = field(default_factory=HashTrieMap)
    """Port -> its listeners, where several share it (SO_REUSEPORT)."""
    descriptors: HashTrieMap[int, str] = field(default_factory=HashTrieMap)
    ports: HashTrieMap[int, PortUse] = field(default_factory=HashTrieMap)
    """Every port in use -> by how many."""
    stamps: HashTrieMap[str, tuple[int, int]] = field(default_factory=HashTrieMap)
    """Address -> the last timestamp that came from there, and when (tcp_tw_recycle)."""
    counters: HashTrieMap[str, int] = field(default_factory=HashTrieMap)
    programs: HashTrieMap[int, Running] = field(default_factory=HashTrieMap)
    """What runs here, by number from 0."""
    idle: tuple[int, ...] = ()
    """Programs that wait for a condition and have no socket yet."""
    latest: str = ""
    """The connection that got its descriptor last."""
    next_fd: int = 3
    """No descriptor below it is free."""
    next_port: int = 0
    created: int = 0
    """Sockets ever created."""
    opened: int = 0
    """Initial sequence numbers ever chosen."""
    challenges: tuple[int, int] = (0, 0)
    """The second in which the last challenge ACK was wanted, and how many this host has sent in it."""
    time_waits: int = 0
    orphans: int = 0
    boots: int = 0
    nofile: int = 1024
    is_scripted: bool = False
    """It says only what is injected in its name, and answers nothing."""

    def connection(self, connection: str) -> Socket | None:
        """The socket of a connection (or listener) by its name."""
        return self.sockets.get(connection)

    def all_sockets(self) -> tuple[Socket, ...]:
        """Every socket in order of creation."""
        return tuple(sorted(self.sockets.values(), key=lambda socket: socket.number))

    def counter(self, name: str) -> int:
        """A counter by its Linux name; 0 if it never moved."""
        return self.counters.get(name) or 0

    def by_descriptor(self, fd: int) -> Socket | None:
        """The socket behind a descriptor."""
        found = self.descriptors.get(fd)
        return self.sockets.get(found) if found is not None else None


def tuple_key(local: Address, remote: Address) -> TupleKey:
    """How a host finds the socket of a 4-tuple."""
    return local.port, remote.ip, remote.port
