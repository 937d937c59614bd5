"""Records: everything that can be seen to happen in a world.

Rules
-----
* A step yields records in a canonical order: what set it off (a segment, an expiry, a call, a hand's act), then
  why and which state changed, then what was sent, then timers, queues, counters, and calls that now return.
* ``at`` is in microseconds, ``host`` is the name of the host where it happened ("" for the network itself).
* ``connection`` names a connection or a listener; both of its hosts use the same name.
* A record never changes. When a segment's fate changes on the way, a ``FlightChanged`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp import seq
from tutor.tcp.reasons import Reason
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Address
from tutor.world.because import REFUSALS

FATES = ("delivered", "lost", "dropped", "corrupted", "duplicated", "cut")
"""What becomes of a segment: by chance lost, corrupted or duplicated; by a hand dropped; by a cut cable cut."""

WHYS = ("", "chance", "hand", "mtu", "cut", "no-route")
"""What decided the fate, where it is not plain delivery."""


@dataclass(frozen=True, slots=True)
class Flight:
    """One segment on its way. ``rel_seq``/``rel_ack`` count from the newest initial numbers of the two directions.

    ``copies``: when each copy arrives, ascending; empty when none does. ``arrives_at`` is the first of them.
    ``dies_at``: when it is lost on the way, or rejected at the door (corrupted); None if it is not.
    ``retransmission``: 0 the first time, k the k-th repetition. ``is_forged``: injected, sent by no socket.
    """

    id: int
    sender: str
    receiver: str
    connection: str
    segment: Segment
    source: Address
    destination: Address
    sent_at: int
    arrives_at: int | None
    fate: str
    rel_seq: int
    rel_ack: int | None
    retransmission: int = 0
    copies: tuple[int, ...] = ()
    dies_at: int | None = None
    purpose: str = ""
    why: str = ""
    is_forged: bool = False
    landed: int = 0
    """Copies that have arrived so far."""
    rewritten: Address | None = None
    """What a NAT box took away: the source as its host wrote it, or the public destination as the peer wrote it."""

    @property
    def rel_sack(self) -> tuple[tuple[int, int], ...]:
        """The SACK blocks, counted as ``rel_ack`` is."""
        base = seq.add(self.segment.ack, -(self.rel_ack or 0))
        return tuple((seq.distance(base, left), seq.distance(base, right)) for left, right in self.segment.options.sack)


@dataclass(frozen=True, slots=True)
class Sent:
    """A segment left ``host``."""

    at: int
    host: str
    connection: str
    flight: Flight


@dataclass(frozen=True, slots=True)
class Arrived:
    """A copy of a segment reached ``host``. Not ``accepted``: bad checksum, host down, or a queue was full."""

    at: int
    host: str
    connection: str
    flight: Flight
    accepted: bool = True
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """A segment that ``host`` had sent died on the way, now."""

    at: int
    host: str
    connection: str
    flight: Flight
    fate: str


@dataclass(frozen=True, slots=True)
class FlightChanged:
    """Somebody touched a segment on its way: ``flight`` is what it is from now on."""

    at: int
    host: str
    connection: str
    flight: Flight


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A connection (or listener) of ``host`` crossed the edge ``edge``."""

    at: int
    host: str
    connection: str
    source: State
    target: State
    edge: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """A control block is gone without crossing an edge: the host crashed, or its listener was closed."""

    at: int
    host: str
    connection: str
    state: State


@dataclass(frozen=True, slots=True)
class TimerStarted:
    """A timer was started, or set anew, to run out at ``deadline``."""

    at: int
    host: str
    connection: str
    timer: str
    deadline: int


@dataclass(frozen=True, slots=True)
class TimerStopped:
    """A timer was stopped; it would have run out at ``deadline``."""

    at: int
    host: str
    connection: str
    timer: str
    deadline: int


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer ran out."""

    at: int
    host: str
    connection: str
    timer: str
    deadline: int


@dataclass(frozen=True, slots=True)
class Called:
    """A program (or a hand) made a call. ``completed_at`` is None when it blocks: a ``CallReturned`` will follow."""

    at: int
    host: str
    connection: str
    call: str
    args: tuple[str | int, ...]
    result: int | str | None = None
    error: str | None = None
    completed_at: int | None = None


@dataclass(frozen=True, slots=True)
class CallReturned:
    """A call that blocked has returned; it was made at ``called_at``."""

    at: int
    host: str
    connection: str
    call: str
    args: tuple[str | int, ...]
    result: int | str | None
    error: str | None
    called_at: int


@dataclass(frozen=True, slots=True)
class Because:
    """Why something was decided; ``edge`` is the edge it explains, if it explains one."""

    at: int
    host: str
    connection: str
    reason: Reason
    edge: str | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """A hand's act, as its one-line text; ``why_not`` says why it could not be done (None when it was)."""

    at: int
    host: str
    text: str
    why_not: Reason | None = None
    connection: str = ""

    @property
    def refused(self) -> str:
        """Why it could not be done, in English; "" when it was."""
        return REFUSALS[self.why_not.id].format(**dict(self.why_not.arguments)) if self.why_not is not None else ""


@dataclass(frozen=True, slots=True)
class IcmpArrived:
    """The network reports to ``host`` about what it sent: ``kind`` hard, soft or too-big (``mtu``: what fits)."""

    at: int
    host: str
    connection: str
    kind: str
    seq: int
    mtu: int | None = None


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """How many request entries and how many finished connections wait at a listener, from now on."""

    at: int
    host: str
    connection: str
    syn_queue: int
    accept_queue: int

    @property
    def listener(self) -> str:
        """The listener's name."""
        return self.connection


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter that tells of trouble moved, under its Linux name (``TcpExtListenDrops``)."""

    at: int
    host: str
    connection: str
    counter: str
    by: int


Record = (
    Sent
    | Arrived
    | Lost
    | FlightChanged
    | StateChanged
    | Vanished
    | TimerStarted
    | TimerStopped
    | TimerFired
    | Called
    | CallReturned
    | Because
    | Acted
    | IcmpArrived
    | QueueChanged
    | Counted
)
"""Anything that can be seen to happen."""


# --- what set a step off ---


@dataclass(frozen=True, slots=True)
class Began:
    """The world begins: step 0."""


@dataclass(frozen=True, slots=True)
class SegmentArrives:
    """Copy ``copy`` of flight ``flight`` reaches its receiver."""

    flight: int
    copy: int = 0


@dataclass(frozen=True, slots=True)
class SegmentDies:
    """Flight ``flight`` is lost here."""

    flight: int


@dataclass(frozen=True, slots=True)
class IcmpArrives:
    """An ICMP error of ``kind`` (hard, soft, too-big) about number ``seq`` of a connection reaches ``host``."""

    host: str
    connection: str
    kind: str
    seq: int
    mtu: int | None = None
    error: str = ""
    """What a program is told of it; "" for the usual error of its kind."""
    no_route: bool = False
    """Does it say net or host unreachable, codes 0 and 1?"""


@dataclass(frozen=True, slots=True)
class TimerExpires:
    """The earliest timer of a socket of ``host`` runs out."""

    host: str
    socket: str


@dataclass(frozen=True, slots=True)
class ProgramGoesOn:
    """Program number ``program`` of ``host`` does its next act; ``ticket`` tells an old appointment from the last."""

    host: str
    program: int
    ticket: int


@dataclass(frozen=True, slots=True)
class WaitEnds:
    """The time that a call waits is over: SO_LINGER, SO_RCVTIMEO, SO_SNDTIMEO, the timeout of poll()."""

    host: str
    socket: str


@dataclass(frozen=True, slots=True)
class HandActs:
    """Somebody does ``act`` (an ``acts.Act``, kept here as its text); ``is_fork``: it was not planned, it forks."""

    act: str
    is_fork: bool = False


Cause = Began | SegmentArrives | SegmentDies | IcmpArrives | TimerExpires | ProgramGoesOn | WaitEnds | HandActs
"""What sets a step off."""
