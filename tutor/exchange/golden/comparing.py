"""Segments and calls of a replay against the recording, field by field.

Rules
-----
* Segments: flags, numbers, length, ports, options and whether the initial number is new, in order, per host or per
  connection. The window where the recording says that windows count. Of timestamps: are there any, and whom do they
  echo if the peer was scripted.
* Calls: result, error, whom accept() accepted.
* Times by ``clock``.
* An inexact recording: the set of flags of each stream, where it ended, the octets received and the set of states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

from tutor.exchange.golden.clock import Clock
from tutor.exchange.golden.program import Ports
from tutor.exchange.golden.stage import Answer, Log, Sighting, distance
from tutor.exchange.golden.trace import Call, KernelSegment, Trace
from tutor.tcp.segment import flags_text

Fields = dict[str, Any]
"""Name -> value, as it is shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not as recorded: where, in which field, and both sides whole (None: there is none)."""

    n: float
    """Its place in the recording."""
    where: str
    field: str
    expected: Fields | None
    actual: Fields | None


@dataclass(frozen=True, slots=True)
class Matched:
    """Which simulated segment stands for which recorded one, and what has no counterpart, stream by stream."""

    pairs: tuple[tuple[KernelSegment, Sighting], ...]
    missing: tuple[KernelSegment, ...]
    extra: tuple[Sighting, ...]


def seconds(at: int) -> float:
    """Microseconds as seconds, to the millisecond, as recordings have them."""
    return round(at / 1_000_000, 3)


class Comparison:
    """A recording and the log of its replay."""

    def __init__(self, trace: Trace, log: Log, ports: Ports) -> None:
        self.trace, self.log, self.ports = trace, log, ports
        self.streams = [self._match(*both) for both in self._streams()]
        pairs = [pair for stream in self.streams for pair in stream.pairs]
        self.clock = Clock(trace, log, {(own.host, own.k): segment for segment, own in pairs})
        self.moved_from: float = inf
        """The n of the last segment, if it was repeated more or fewer times, as it may be: the rest moves with it."""

    # --- matching ---

    def _streams(self) -> Iterator[tuple[list[KernelSegment], list[Sighting]]]:
        for host in self.trace.hosts:
            recorded, sent = list(self.trace.of_host(host)), self.log.segments[host]
            if self.trace.compare.order == "host":
                yield recorded, sent
                continue
            keys = [self._ends(segment) for segment in recorded] + [_own_ends(own) for own in sent]
            for key in dict.fromkeys(keys):
                yield [s for s in recorded if self._ends(s) == key], [own for own in sent if _own_ends(own) == key]

    def _ends(self, segment: KernelSegment) -> tuple[int, int]:
        """(source port, destination port), those that a kernel chose as they were chosen here."""
        other = next((label for label in self.trace.hosts if label != segment.host), "")
        return (
            self.ports.of(segment.host, segment.sport, segment.n),
            self.ports.of(other, segment.dport, segment.n) if other else segment.dport,
        )

    @staticmethod
    def _match(recorded: list[KernelSegment], sent: list[Sighting]) -> Matched:
        pairs = tuple(zip(recorded, sent, strict=False))
        return Matched(pairs, tuple(recorded[len(pairs) :]), tuple(sent[len(pairs) :]))

    # --- segments ---

    def segments(self) -> Iterator[Difference]:
        """The first difference of each stream."""
        for stream in self.streams:
            found = self._in_stream(stream)
            if found is not None:
                yield found

    def _in_stream(self, stream: Matched) -> Difference | None:
        for i, (segment, own) in enumerate(stream.pairs):
            expected, actual = self.recorded(segment), self.sent(own, segment)
            wrong = next((name for name in expected if name != "t" and expected[name] != actual[name]), None)
            if wrong is not None:
                return self._one_more(stream, i) or Difference(segment.n, self._named(segment), wrong, expected, actual)
            if not self.clock.allowed[own.moment].holds(segment.t):
                return Difference(segment.n, self._named(segment), "t", expected, actual)
        if stream.missing:
            segment = stream.missing[0]
            if self._is_tail(stream, len(stream.missing)):
                return None
            return Difference(segment.n, self._named(segment), "segment", self.recorded(segment), None)
        return self._first_extra(stream)

    def _first_extra(self, stream: Matched) -> Difference | None:
        """A segment beyond those recorded, unless the kernel's came too late to be seen, or repeats the last one."""
        extra = [own for own in stream.extra if not self.clock.may_be_missed(own.moment)]
        if not extra or self._is_tail(stream, len(extra)):
            return None
        return self._unasked(extra[0])

    def _unasked(self, own: Sighting) -> Difference:
        where = f"{own.host}, segment {own.k + 1}"
        return Difference(self.place(self.clock.allowed[own.moment].latest), where, "segment", None, self.sent(own))

    def place(self, t: int) -> float:
        """Before which n something at ``t`` would stand."""
        entries = [*self.trace.segments, *self.trace.calls, *self.trace.states, *self.trace.script]
        return min((entry.n - 0.5 for entry in entries if entry.t > t), default=inf)

    def _is_tail(self, stream: Matched, count: int) -> bool:
        """Are these repetitions of the last segment, no more of them than allowed?"""
        if not stream.pairs or count > self.trace.compare.tail:
            return False
        segment, own = stream.pairs[-1]
        same = all(_shape(self.recorded(each)) == _shape(self.recorded(segment)) for each in stream.missing)
        same = same and all(_shape(self.sent(each)) == _shape(self.sent(own)) for each in stream.extra)
        if same:
            self.moved_from = min(self.moved_from, segment.n)
        return same

    def _one_more(self, stream: Matched, i: int) -> Difference | None:
        """Is the difference one segment too many on one side, after which both go on alike?"""
        rest = stream.pairs[i:]
        if _shape(self.recorded(rest[0][0])) == _shape(self.sent(rest[0][1], rest[0][0])):
            return None
        recorded = [segment for segment, _ in rest] + list(stream.missing)
        sent = [own for _, own in rest] + list(stream.extra)
        if len(sent) > len(recorded) and self._are_alike(recorded, sent[1:]):
            return self._unasked_at(sent[0], recorded[0].n - 0.5)
        if len(recorded) > len(sent) and self._are_alike(recorded[1:], sent):
            segment = recorded[0]
            return Difference(segment.n, self._named(segment), "segment", self.recorded(segment), None)
        return None

    def _unasked_at(self, own: Sighting, n: float) -> Difference:
        return Difference(n, f"{own.host}, segment {own.k + 1}", "segment", None, self.sent(own))

    def _are_alike(self, recorded: list[KernelSegment], sent: list[Sighting]) -> bool:
        both = list(zip(recorded, sent, strict=False))[:3]
        return bool(both) and all(_shape(self.recorded(each)) == _shape(self.sent(own, each)) for each, own in both)

    def _named(self, segment: KernelSegment) -> str:
        k = [each.n for each in self.trace.of_host(segment.host)].index(segment.n)
        return f"{segment.host}, segment {k + 1} (n {segment.n})"

    def recorded(self, segment: KernelSegment) -> Fields:
        """A recorded segment as fields, with the ports of the replay."""
        sport, dport = self._ends(segment)
        options = segment.options
        found: Fields = {
            "t": seconds(segment.t), "flags": segment.flags, "sport": sport, "dport": dport, "seq": segment.seq,
            "ack": segment.ack, "len": segment.len, "abs": segment.is_raw, "isn_new": segment.is_new,
        }  # fmt: skip
        if self.trace.compare.win:
            found["win"] = segment.win
        found |= {"mss": options.mss, "ws": options.ws, "sackOK": options.sack_ok, "ts": options.ts is not None}
        if self.trace.peer is not None and options.ts is not None:
            found["TSecr"] = options.ts[1] % (1 << 32)
        return found | {"sack": [list(block) for block in options.sack]}

    def sent(self, own: Sighting, beside: KernelSegment | None = None) -> Fields:
        """A simulated segment as fields; ``beside``: the recorded one, which may count from another initial number."""
        flight, segment = own.flight, own.flight.segment
        options = segment.options
        ack, base = own.ack if self.trace.peer is None else flight.rel_ack, own.peer_isn
        if self.trace.peer is not None and beside is not None and beside.ack is not None:
            base = beside.peer_isn
            ack = None if own.ack is None else segment.ack if base is None else distance(base, segment.ack)
        found: Fields = {
            "t": seconds(own.at), "flags": flags_text(segment.flags) if segment.flags else "",
            "sport": flight.source.port, "dport": flight.destination.port, "seq": own.seq, "ack": ack,
            "len": segment.length, "abs": own.is_raw, "isn_new": own.is_new, "win": segment.window,
            "mss": options.mss, "ws": options.window_scale, "sackOK": options.sack_permitted,
            "ts": options.timestamp is not None,
        }  # fmt: skip
        if self.trace.peer is not None and options.timestamp is not None:
            found["TSecr"] = options.timestamp[1]
        blocks = ([left, right] for left, right in options.sack)
        return found | {"sack": [[distance(base or 0, each) for each in block] for block in blocks]}

    # --- calls ---

    def calls(self) -> Iterator[Difference]:
        """Every call that answered otherwise, or at another time."""
        for call in self.trace.calls:
            answer = self.log.answers.get(call.n)
            expected, actual = _call(call), _answer(call, answer)
            if call.peer is not None and actual.get("peer") is not None:
                expected["peer"] = f"{call.peer[0]}:{self._peer_port(call)}"
            if call.n_done is None:
                if answer is not None and not self.clock.may_be_missed(answer.moment):
                    yield Difference(call.n, _called(call), "returned", expected, actual)
                continue
            n = call.n_done
            if answer is None:
                yield Difference(n, _called(call), "returned", expected, actual)
                continue
            wrong = next((name for name in expected if name != "t" and expected[name] != actual.get(name)), None)
            if wrong is not None:
                yield Difference(n, _called(call), wrong, expected, actual)
            elif n <= self.moved_from and not self.clock.allowed[answer.moment].holds(call.t_done):
                yield Difference(n, _called(call), "t", expected, actual)

    def _peer_port(self, call: Call) -> int:
        assert call.peer is not None, "only asked where accept() names its peer"
        address, port = call.peer
        label = next((label for label, own in self.trace.hosts.items() if own == address), "")
        return self.ports.of(label, port, call.n_done or call.n) if label else port


def _shape(fields: Fields) -> Fields:
    """What two segments that are repetitions of each other have in common."""
    return {name: fields[name] for name in ("sport", "dport", "flags", "seq", "ack", "len")}


def _own_ends(own: Sighting) -> tuple[int, int]:
    return own.flight.source.port, own.flight.destination.port


def _called(call: Call) -> str:
    return f"{call.host}, {call.call}() on {call.fd} (n {call.n})"


def _call(call: Call) -> Fields:
    returned = call.n_done is not None
    found: Fields = {"t": seconds(call.t_done) if returned else None, "returned": returned}
    return found | {"result": call.result, "error": call.error}


def _answer(call: Call, answer: Answer | None) -> Fields:
    if answer is None:
        return {"t": None, "returned": False, "result": None, "error": None}
    found: Fields = {"t": seconds(answer.at), "returned": True, "result": answer.result, "error": answer.error}
    if call.peer is not None and answer.peer is not None:
        found["peer"] = f"{answer.peer[0]}:{answer.peer[1]}"
    return found
