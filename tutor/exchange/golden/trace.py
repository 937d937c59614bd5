"""One recording of a kernel: settings, program, peer or wire, and what the kernel did.

Rules
-----
* Only what a judge may read: no name, description, note, fact or check of the recording gets this far.
* Times are microseconds since the start. ``n`` is one counter over all lists: merged by it they are in order.

Source: the format of the recordings, described in the FORMAT.md that lies with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Value = int | str | None
"""A result of a call: a count, a descriptor, the value of an option."""


@dataclass(frozen=True, slots=True)
class Options:
    """TCP options. ``ts``: (TSval, TSecr); ``sack``: blocks, counted from the other end's initial number."""

    mss: int | None = None
    ws: int | None = None
    sack_ok: bool = False
    ts: tuple[int, int] | None = None
    sack: tuple[tuple[int, int], ...] = ()
    echo_of: int | None = None
    """The ``n`` of the kernel segment whose TSval the peer echoes."""


@dataclass(frozen=True, slots=True)
class Call:
    """An operation on a socket. ``fd`` counts sockets in order of creation; ``timeout`` is how long it may wait."""

    n: int
    t: int
    host: str
    fd: int
    call: str
    args: dict[str, Value | dict[str, int]]
    blocking: bool = True
    timeout: int | None = None
    n_done: int | None = None
    t_done: int = 0
    result: Value = None
    error: str | None = None
    peer: tuple[str, int] | None = None
    """Whom accept() says it has accepted."""

    def text(self, name: str) -> str:
        """An argument as text; "" if it was not given."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int:
        """An argument that is a number; 0 if it was not given."""
        value = self.args.get(name)
        return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class PeerSegment:
    """What the scripted peer sends. ``seq`` counts from ``isn``, ``ack`` from the kernel's, unless ``is_raw_ack``."""

    n: int
    t: int
    sport: int
    dport: int
    isn: int
    flags: str
    seq: int
    ack: int | None
    len: int
    win: int
    options: Options
    is_raw_ack: bool = False


@dataclass(frozen=True, slots=True)
class PeerIcmp:
    """Destination unreachable, with the head of the kernel's segment number ``segment`` (its ``n``)."""

    n: int
    t: int
    code: int
    segment: int


@dataclass(frozen=True, slots=True)
class KernelSegment:
    """A segment that a kernel sent. ``wire``: the delays of its copies that arrive; None with a scripted peer."""

    n: int
    t: int
    host: str
    sport: int
    dport: int
    flags: str
    seq: int
    ack: int | None
    len: int
    win: int
    options: Options
    is_raw: bool = False
    """``seq`` is the number itself: a connection this kernel never opened, or a literal 0."""
    is_new: bool = False
    """It is the first with a new initial number."""
    peer_isn: int | None = None
    wire: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A state that a sampler saw for the first time; ``sock`` is "local>remote" or "listen:port"."""

    n: int
    t: int
    host: str
    sock: str
    state: str
    is_mini: bool = False
    """A TIME-WAIT mini-socket."""
    expires_in: int | None = None
    """Its remaining microseconds."""


@dataclass(frozen=True, slots=True)
class Compare:
    """What a judge may demand of this recording."""

    win: bool = True
    order: str = "host"
    exact: bool = True
    tail: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """A recording."""

    hosts: dict[str, str]
    """Label -> address."""
    peer: str | None
    sysctls: tuple[tuple[str, str], ...]
    duration: int
    compare: Compare
    calls: tuple[Call, ...]
    script: tuple[PeerSegment | PeerIcmp, ...]
    segments: tuple[KernelSegment, ...]
    states: tuple[Sample, ...] = ()
    mtu: int = 1500
    bound: frozenset[tuple[str, int]] = field(default=frozenset())
    """(host, port) that a program chose itself, with bind()."""

    def of_host(self, host: str) -> Iterator[KernelSegment]:
        """The segments of one host, in order."""
        return (segment for segment in self.segments if segment.host == host)
