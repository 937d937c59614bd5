"""Causal replay: nothing of the recording happens before what stood before it has happened here.

Rules
-----
* The peer's segments and ICMP errors, the calls, the kernel's segments and the returns of calls are sorted by n.
* A call, or what the peer does, waits until every segment (the k-th of its host) and every return with a smaller n
  has happened, and then for the recorded gap since the entry just before it.
* Where a timer and an item are due within 2 ms of each other the item goes first.
* After what is waited for and does not happen in time, an exact replay does no further item; an inexact one goes on by
  the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.exchange.golden.phase import phase_of
from tutor.exchange.golden.program import NotModelled, Ports, Program
from tutor.exchange.golden.reading import PEER
from tutor.exchange.golden.stage import Log, Sighting, Stage
from tutor.exchange.golden.trace import Call, PeerIcmp, PeerSegment, Trace
from tutor.tcp import seq
from tutor.tcp.profile import Profile
from tutor.world.acts import Act
from tutor.world.sysctls import SettingError, with_setting
from tutor.world.unreachable import MEANINGS, TOO_BIG

MS = 1_000
NEAR = 2 * MS
"""A timer and an item that are nearer than this are due at the same time."""
PATIENCE = 1_000 * MS
"""How much later than recorded something is still waited for."""
CONGESTION = "net.ipv4.tcp_congestion_control"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that something may have to wait for; ``what`` says which, ``t`` is when it was recorded."""

    n: int
    t: int
    what: PeerSegment | PeerIcmp | Call | tuple[str, int] | int
    """An item; or the k-th segment of a host; or the return of call number n."""


class Replay:
    """A recording on its way through the simulated hosts."""

    def __init__(self, trace: Trace, profile: Profile) -> None:
        self.trace = trace
        self.ports = Ports(trace)
        self.stage = Stage(trace, profile, settings_of(trace, profile))
        self.program = Program(trace, self.stage, self.ports)
        self.phase = phase_of(trace)
        self.done: dict[int, int] = {}
        """n of an item -> when it was done here; of what never happened -> when it should have."""

    def run(self) -> Log:
        """Play the whole recording, the rest of its duration included."""
        order = _order(self.trace)
        previous: Entry | None = None
        for entry in order:
            if isinstance(entry.what, (tuple, int)):
                if not self._wait_for(entry, previous) and self.trace.compare.exact:
                    break
            else:
                at = self._due(entry, previous)
                self._perform(entry, self._advance(at))
            previous = entry
        self._play_out(previous)
        return self.stage.log

    def _play_out(self, last: Entry | None) -> None:
        """The recorded rest of the duration."""
        end = self._due(Entry(0, self.trace.duration, 0), last)
        while (following := self.stage.following()) is not None and following.at <= end:
            self._go_on()

    # --- when ---

    def _moment(self, entry: Entry) -> int | None:
        """When it has happened here, None if it has not."""
        if isinstance(entry.what, tuple):
            host, k = entry.what
            sent = self.stage.log.segments[host]
            return sent[k].at if k < len(sent) else None
        if isinstance(entry.what, int):
            answer = self.stage.log.answers.get(entry.what)
            return answer.at if answer is not None else None
        return self.done.get(entry.n)

    def _due(self, entry: Entry, previous: Entry | None) -> int:
        """When an item is due: the recorded gap after the entry before it, but not in the past."""
        if previous is None:
            return entry.t + self.phase
        moment = self._moment(previous)
        if moment is None:
            moment = self.done.get(previous.n, self.stage.world.now)
        return max(moment + entry.t - previous.t, self.stage.world.now)

    def _wait_for(self, entry: Entry, previous: Entry | None) -> bool:
        """Go on until it has happened; False if it does not in time."""
        due = self._due(entry, previous)
        limit = due + (PATIENCE if self.trace.compare.exact else 0)
        while self._moment(entry) is None:
            following = self.stage.following()
            if following is None or following.at > limit:
                self.done[entry.n] = due
                return False
            self._go_on()
        return True

    def _advance(self, due: int) -> int:
        """Let happen what goes before an item that is due at ``due``; returns when that is done."""
        while (following := self.stage.following()) is not None and following.at <= due:
            if self.stage.is_late(following) and following.at > due - NEAR:
                return following.at
            self._go_on()
        return due

    def _go_on(self) -> None:
        self.stage.go_on()
        self.program.collect()

    # --- what ---

    def _perform(self, entry: Entry, at: int) -> None:
        self.done[entry.n] = at
        if isinstance(entry.what, Call):
            self.program.make(entry.what, at)
        elif isinstance(entry.what, PeerSegment):
            self.stage.do(self._inject(entry.what), entry.n, at)
        elif isinstance(entry.what, PeerIcmp):
            self._icmp(entry.what, at)
        self.program.collect()

    def _inject(self, item: PeerSegment) -> Act:
        """The act that sends the peer's segment."""
        host = self.stage.labels[0]
        dport = self.ports.of(host, item.dport, item.n)
        isn = self.stage.isns.get((host, dport, item.sport), 0)
        base = 0 if item.is_raw_ack else isn
        words = {"seq": item.isn + item.seq, "ack": base + (item.ack or 0)}
        options = {name: f"@{number % seq.SPACE}" for name, number in words.items()}
        options |= {"win": str(item.win), "len": str(item.len), "sport": str(item.sport), "dport": str(dport)}
        asked = item.options
        if asked.mss is not None:
            options["mss"] = str(asked.mss)
        if asked.ws is not None:
            options["ws"] = str(asked.ws)
        if asked.sack_ok:
            options["sack"] = "yes"
        if asked.ts is not None:
            options |= {"tsval": str(asked.ts[0] % seq.SPACE), "tsecr": str(self._echo(item))}
        if asked.sack:
            blocks = (f"@{(isn + left) % seq.SPACE}-@{(isn + right) % seq.SPACE}" for left, right in asked.sack)
            options["blocks"] = ",".join(blocks)
        flags = item.flags or "none"
        return Act("inject", (f"{PEER}>{host}", flags), tuple(sorted(options.items())))

    def _sighting(self, n: int) -> Sighting | None:
        """What was sent here in the place of the kernel's segment number ``n``."""
        segment = next(each for each in self.trace.segments if each.n == n)
        k = [each.n for each in self.trace.of_host(segment.host)].index(n)
        sent = self.stage.log.segments[segment.host]
        return sent[k] if k < len(sent) else None

    def _echo(self, item: PeerSegment) -> int:
        """TSecr: the timestamp of the segment that the peer echoes."""
        if item.options.echo_of is None:
            return 0
        sent = self._sighting(item.options.echo_of)
        stamp = sent.flight.segment.options.timestamp if sent is not None else None
        return stamp[0] if stamp is not None else 0

    def _icmp(self, item: PeerIcmp, at: int) -> None:
        sent = self._sighting(item.segment)
        host = self.stage.host(self.stage.labels[0])
        kind = MEANINGS[item.code][0] if item.code in MEANINGS else TOO_BIG
        if kind == TOO_BIG:
            raise NotModelled(f"ICMP destination unreachable with code {item.code}")
        if sent is None:
            return
        key = (sent.flight.source.port, sent.flight.destination.ip, sent.flight.destination.port)
        name = host.tuples.get(key)
        if name is not None:
            number = sent.flight.segment.seq
            self.stage.do(f"icmp {host.name} {kind} code={item.code} seq=@{number} on={name}", item.n, at)


def _order(trace: Trace) -> list[Entry]:
    """Everything that happens or is waited for, in the order of the recording."""
    order: list[Entry] = []
    counts = dict.fromkeys(trace.hosts, 0)
    for segment in trace.segments:
        order.append(Entry(segment.n, segment.t, (segment.host, counts[segment.host])))
        counts[segment.host] += 1
    for call in trace.calls:
        order.append(Entry(call.n, call.t, call))
        if call.n_done is not None:
            order.append(Entry(call.n_done, call.t_done, call.n))
    order += [Entry(item.n, item.t, item) for item in trace.script]
    return sorted(order, key=lambda entry: entry.n)


def settings_of(trace: Trace, profile: Profile) -> tuple[tuple[str, str], ...]:
    """The settings of every host. Raises ``NotModelled`` for one that is not simulated.

    The algorithm of congestion control is no setting of the recording where every socket asks for one of its own.
    """
    kept = tuple(pair for pair in trace.sysctls if pair[0] != CONGESTION or not _all_choose(trace))
    for name, text in kept:
        try:
            with_setting(profile, name, text)
        except SettingError as error:
            raise NotModelled(str(error)) from None
    return kept


def _all_choose(trace: Trace) -> bool:
    """Does every socket ask for an algorithm of congestion control itself?"""
    made = {(call.host, call.fd) for call in trace.calls if call.call == "socket"}
    return made <= {(call.host, call.fd) for call in trace.calls if call.text("opt") == "TCP_CONGESTION"}
