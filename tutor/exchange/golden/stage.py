"""The stage of a recording: the simulated hosts step by step, and a log of what each step did and why.

Rules
-----
* One host and a peer that only says what the recording says, or two hosts with a wire between them.
* A step is looked at before it is done: nothing runs past what the replay waits for.
* Each step knows what set it off: an item of the recording, a copy of a segment, or a timer, and then which step
  started that timer and how long it ran.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from tutor.exchange.golden.reading import PEER
from tutor.exchange.golden.trace import Trace
from tutor.tcp import patience
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, RST, SYN
from tutor.world.acts import Act, parse_act
from tutor.world.beginning import begin
from tutor.world.host import Host
from tutor.world.records import (
    CallReturned,
    Flight,
    Record,
    SegmentArrives,
    Sent,
    StateChanged,
    TimerExpires,
    TimerFired,
    TimerStarted,
    Vanished,
    WaitEnds,
)
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.world import Step, act, step

MOST_STEPS = 300_000
"""Steps that a replay may take."""


class TooLong(Exception):
    """A recording that keeps the simulated hosts busy for ever."""


@dataclass(frozen=True, slots=True)
class ByItem:
    """Set off by an item of the recording: a call, or what the peer sent."""

    n: int


@dataclass(frozen=True, slots=True)
class ByCopy:
    """Set off by copy ``copy`` of the ``k``-th segment (from 0) of ``host``."""

    host: str
    k: int
    copy: int


@dataclass(frozen=True, slots=True)
class ByTimer:
    """Set off by a timer of ``length`` microseconds that moment number ``since`` had started."""

    since: int
    length: int


Origin = ByItem | ByCopy | ByTimer


@dataclass(frozen=True, slots=True)
class Sighting:
    """A segment that a simulated host sent: the ``k``-th (from 0) of ``host``, with numbers as a recording counts."""

    host: str
    k: int
    moment: int
    at: int
    flight: Flight
    seq: int
    ack: int | None
    is_raw: bool
    is_new: bool
    peer_isn: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """``sock`` of ``host`` is in ``state`` from now on; ``deadline`` is when a mini-socket goes."""

    host: str
    sock: str
    moment: int
    at: int
    state: str
    is_mini: bool = False
    deadline: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A call has returned."""

    moment: int
    at: int
    result: int | str | None
    error: str | None
    peer: tuple[str, int] | None = None


@dataclass(slots=True)
class Log:
    """What happened on the stage."""

    origins: list[Origin] = field(default_factory=list)
    """What set each moment off."""
    times: list[int] = field(default_factory=list)
    segments: dict[str, list[Sighting]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    """``n`` of the call -> how it returned."""


class Stage:
    """The world that a recording is replayed in."""

    def __init__(self, trace: Trace, profile: Profile, sysctls: tuple[tuple[str, str], ...]) -> None:
        self.trace = trace
        self.labels = tuple(trace.hosts)
        self.world = begin(_scenario(trace, profile, sysctls))
        self.log = Log(segments={label: [] for label in self.labels})
        self.returned: list[tuple[CallReturned, int]] = []
        """Calls that have returned and nobody has looked at, with their moments."""
        self.isns: dict[tuple[str, int, int], int] = {}
        self.timers: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
        """(host, connection) -> timer -> (moment that started it, deadline)."""
        self.forged: dict[int, int] = {}
        """Flight of the scripted peer -> n of the item."""
        self.flights: dict[int, tuple[str, int]] = {}
        """Flight of a simulated host -> (host, k)."""
        self.latest = 0
        """n of the item that was done last."""
        self._following: Step | None = None
        self._is_known = False

    def host(self, label: str) -> Host:
        """A simulated host as it is now."""
        return self.world.host(label)

    # --- going on ---

    def following(self) -> Step | None:
        """What happens next if nobody does anything, looked at without doing it."""
        if not self._is_known:
            self._following, self._is_known = step(self.world), True
        return self._following

    @staticmethod
    def is_late(following: Step) -> bool:
        """Is it a timer? A kernel's are late."""
        return isinstance(following.cause, (TimerExpires, WaitEnds))

    def go_on(self) -> None:
        """Let happen what happens next."""
        done = self.following()
        assert done is not None, "there is something to do"
        if len(self.log.origins) > MOST_STEPS:
            raise TooLong(f"more than {MOST_STEPS} steps")
        self._note(done, self._origin(done))

    def do(self, deed: Act | str, n: int, at: int) -> tuple[Record, ...]:
        """Do an act for item ``n`` at ``at``; returns what it set off at once."""
        done = act(self.world, parse_act(deed) if isinstance(deed, str) else deed, at=at)
        self.latest = n
        self._note(done, ByItem(n))
        for record in done.records:
            if isinstance(record, Sent) and record.flight.is_forged:
                self.forged[record.flight.id] = n
        return done.records

    @property
    def moment(self) -> int:
        """The number of the latest moment."""
        return len(self.log.origins) - 1

    # --- why ---

    def _origin(self, done: Step) -> Origin:
        cause = done.cause
        if isinstance(cause, SegmentArrives):
            if cause.flight in self.forged:
                return ByItem(self.forged[cause.flight])
            return ByCopy(*self.flights[cause.flight], cause.copy)
        if isinstance(cause, TimerExpires):
            return self._timer(done, (cause.host, cause.socket))
        if isinstance(cause, WaitEnds):
            called_at = next((each.called_at for each in done.records if isinstance(each, CallReturned)), done.at)
            return ByTimer(max(bisect_right(self.log.times, called_at) - 1, 0), done.at - called_at)
        return ByItem(self.latest)

    def _timer(self, done: Step, key: tuple[str, str]) -> ByTimer:
        known = self.timers.get(key, {})
        fired = next((record.timer for record in done.records if isinstance(record, TimerFired)), "")
        since, deadline = known.get(fired) or min(known.values(), key=lambda each: each[1], default=(0, done.at))
        tcb = self.world.host(key[0]).sockets[key[1]].tcb
        if tcb.rtx.count and deadline == patience.user_deadline(tcb, self.world.host(key[0]).profile):
            sent = self.log.segments.get(key[0], ())
            since = next((each.moment for each in sent if each.at == tcb.rtx.started_at), since)
        return ByTimer(since, deadline - self.log.times[since])

    # --- what ---

    def _note(self, done: Step, origin: Origin) -> None:
        self.world, self._is_known = done.world, False
        self.log.origins.append(origin)
        self.log.times.append(done.at)
        for record in done.records:
            if isinstance(record, Sent):
                if not record.flight.is_forged:
                    self._sent(record)
            elif isinstance(record, TimerStarted):
                timers = self.timers.setdefault((record.host, record.connection), {})
                timers[record.timer] = (self.moment, record.deadline)
            elif isinstance(record, (StateChanged, Vanished)):
                self._changed(record)
            elif isinstance(record, CallReturned):
                self.returned.append((record, self.moment))

    def _sent(self, record: Sent) -> None:
        flight, segment = record.flight, record.flight.segment
        own = (record.host, flight.source.port, flight.destination.port)
        is_new = bool(segment.flags & SYN) and self.isns.get(own) != segment.seq
        if is_new:
            self.isns[own] = segment.seq
        isn = self.isns.get(own)
        is_raw = isn is None or (segment.flags & (RST | ACK) == RST | ACK and segment.seq == 0)
        other = next((label for label in self.labels if label != record.host), PEER)
        peer_isn = self.isns.get((other, own[2], own[1]))
        ack = segment.ack if segment.flags & ACK else None
        k = len(self.log.segments[record.host])
        self.flights[flight.id] = record.host, k
        self.log.segments[record.host].append(
            Sighting(
                record.host, k, self.moment, record.at, flight,
                segment.seq if is_raw or isn is None else distance(isn, segment.seq),
                distance(peer_isn, ack) if ack is not None and peer_isn is not None else ack, is_raw, is_new, peer_isn,
            )
        )  # fmt: skip

    def _changed(self, record: StateChanged | Vanished) -> None:
        sock = sock_of(record.connection, record.host)
        if record.host not in self.labels or sock is None:
            return
        if isinstance(record, StateChanged) and record.source is record.target:
            return
        socket = self.world.host(record.host).sockets.get(record.connection)
        state = str(record.target) if isinstance(record, StateChanged) else "CLOSED"
        if state == "LISTEN" and ">" in sock:
            state = "CLOSED"
        deadline = None
        if socket is not None and str(socket.tcb.state) == state:
            timers = socket.tcb.timers
            deadline = timers.time_wait if state == "TIME-WAIT" else timers.fin_wait_2 if socket.tcb.is_small else None
        is_mini = deadline is not None or state == "TIME-WAIT"
        change = Change(record.host, sock, self.moment, record.at, state, is_mini, deadline)
        self.log.changes.append(change)


def distance(base: int, number: int) -> int:
    """``number`` counted from ``base``, from -2**31 to 2**31 - 1, as recordings count."""
    found = (number - base) % (1 << 32)
    return found - (1 << 32) if found >= 1 << 31 else found


def sock_of(connection: str, host: str) -> str | None:
    """``40000>8080`` or ``listen:8080`` for the name of a connection, as ``host`` sees it; None for a blank socket."""
    ends = [end.rpartition(":") for end in connection.partition("#")[0].split(">")]
    if len(ends) == 1:
        port = ends[0][2]
        return f"listen:{port}" if port.isdigit() else None
    if ends[0][0] != host:
        ends.reverse()
    return f"{ends[0][2]}>{ends[1][2]}"


def _scenario(trace: Trace, profile: Profile, sysctls: tuple[tuple[str, str], ...]) -> Scenario:
    """The hosts and the wire. Raises ``ValueError`` for a setting that is not simulated."""
    hosts = [HostSpec(label, address, profile, sysctls=sysctls) for label, address in trace.hosts.items()]
    if trace.peer is not None:
        hosts.append(HostSpec(PEER, trace.peer, profile))
    names = [host.name for host in hosts]
    delays = [delay for segment in trace.segments for delay in segment.wire or ()]
    usual = min(delays, default=0)
    parameters = [("delay", f"{usual}us"), ("mtu", str(trace.mtu))]
    if trace.peer is not None:
        parameters += [(f"{names[0]}.loss", "1"), (f"{PEER}.mtu", "65535")]
    link = LinkSpec(names[0], names[1], parameters=tuple(parameters))
    return Scenario(tuple(hosts), (link,), acts_at=tuple((0, deed) for deed in _wire(trace, usual)))


def _wire(trace: Trace, usual: int) -> list[Act]:
    """What the wire does to each segment, where that is not the usual delay."""
    deeds: list[Act] = []
    for host in trace.hosts:
        for k, segment in enumerate(trace.of_host(host), 1):
            target = f"{host}:any:{k}"
            if segment.wire is None or segment.wire == (usual,):
                continue
            if not segment.wire:
                deeds.append(Act("drop", (target,)))
                continue
            if segment.wire[0] != usual:
                deeds.append(Act("delay", (target, f"{segment.wire[0] - usual}us")))
            deeds += [
                Act("duplicate", (target, f"{later - earlier}us"))
                for earlier, later in zip(segment.wire, segment.wire[1:], strict=False)
            ]
    return deeds
