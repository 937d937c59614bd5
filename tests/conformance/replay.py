"""Replays a trace recorded from the Linux kernel on the simulated one, and names the first difference.

Rules
-----
* Causal: a call or a segment of the scripted peer waits until everything that stood before it in the recording has
  happened here, and then for the recorded gap. Where a timer and an item are due within 2 ms, the item goes first.
* Only data are read: settings, calls, the peer's segments, the wire, and what the kernel sent and returned.
* Compared: flags, seq, ack, len, window and options of every segment, in order; results and errors of calls; the states
  of each socket; times, where a recorded timer may be late by 13 % and 30 ms but never early by more than 2 ms.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.profiles import load_profile
from tutor.tcp.segment import Segment, flags_text
from tutor.world.acts import parse_act
from tutor.world.records import Called, CallReturned, Sent, StateChanged
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.sockopts import SOCKET_OPTIONS
from tutor.world.world import World, act, next_at, step

MS = 1000
CALLS = ("connect", "listen", "accept", "send", "recv", "shutdown", "close")


def load(path: Path) -> dict[str, Any]:
    """One recorded trace."""
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@dataclass(slots=True)
class Happened:
    """What the simulated kernels did, by host, in order: (moment in microseconds, what)."""

    segments: dict[str, list[tuple[int, Sent]]] = field(default_factory=dict)
    returns: dict[int, tuple[int, int | str | None, str | None]] = field(default_factory=dict)
    states: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)


class Replay:
    """One trace on its way through the simulated world."""

    def __init__(self, trace: dict[str, Any]) -> None:
        self.trace = trace
        self.peer = trace["env"]["peer"]
        self.hosts = trace["env"]["hosts"]
        self.done = Happened({name: [] for name in self.hosts})
        self.world = self._scenario().start()
        self.at: dict[int, int] = {}
        self.sockets: dict[int, str] = {}
        self.bound: dict[int, int] = {}
        self.waiting: dict[tuple[str, str], list[int]] = {}
        self.calls = {call["n"]: call for call in trace["calls"]}

    def _scenario(self) -> Scenario:
        profile = load_profile("linux-6.18")
        known = {"net.ipv4.tcp_congestion_control", "net.ipv4.tcp_no_metrics_save"}
        sysctls = tuple((name, str(value)) for name, value in self.trace["sysctls"].items() if name not in known)
        specs = [HostSpec(name, address, profile, sysctls=sysctls) for name, address in self.hosts.items()]
        if self.peer:
            specs.append(HostSpec("P", self.peer, profile))
        names = [spec.name for spec in specs]
        delay = "0" if self.peer else f"{int(self._delay() * 1000)}ms"
        acts = []
        if self.peer:
            acts.append((0, parse_act(f"set link.{names[0]}.loss 1")))
        else:
            for host in self.hosts:
                own = [each for each in self.trace["kernel_segments"] if each["host"] == host]
                acts += [(0, parse_act(f"drop {host}:any:{k}")) for k, each in enumerate(own, 1) if each["wire"] == []]
        link = LinkSpec(names[0], names[1], parameters=(("delay", delay),))
        return Scenario(tuple(specs), (link,), acts_at=tuple(acts), until=int(self.trace["duration"] * 1_000_000) + 1)

    def _delay(self) -> float:
        delays = {delay for each in self.trace["kernel_segments"] for delay in each["wire"]}
        assert len(delays) == 1, f"this replay knows one delay a trace, found {delays}"
        return delays.pop()

    # --- running ---

    def run(self) -> Happened:
        """Play the whole trace, the recorded rest of its duration included."""
        items = list(self._items())
        order = self._order()
        end = int(self.trace["duration"] * 1_000_000)
        for n, entry in items:
            due = self._due(n, entry["t"], order, end)
            if due is None:
                break
            self._advance(due, before_timers=True)
            self.at[n] = due
            self._perform(n, entry, due)
        last = max((entry["t"] for _, entry in items), default=0.0)
        final = max(self.at.values(), default=0) + int((self.trace["duration"] - last) * 1_000_000)
        self._advance(final, before_timers=False)
        return self.done

    def _items(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Calls and the peer's segments in order; the wire's deliveries happen by themselves."""
        peer = [each for each in self.trace["peer_script"] if each["do"] in ("send", "icmp")]
        yield from sorted(((each["n"], each) for each in (*self.trace["calls"], *peer)), key=lambda item: item[0])

    def _order(self) -> list[tuple[int, str, Any, float]]:
        """(n, kind, which, recorded time) of all that an item may have to wait for."""
        order: list[tuple[int, str, Any, float]] = []
        counts = dict.fromkeys(self.hosts, 0)
        for each in self.trace["kernel_segments"]:
            order.append((each["n"], "segment", (each["host"], counts[each["host"]]), each["t"]))
            counts[each["host"]] += 1
        for call in self.trace["calls"]:
            order.append((call["n"], "item", call["n"], call["t"]))
            if call["n_done"] is not None and call["call"] in CALLS:
                order.append((call["n_done"], "return", call["n"], call["t_done"]))
        order += [
            (each["n"], "item", each["n"], each["t"])
            for each in self.trace["peer_script"]
            if each["do"] in ("send", "icmp")
        ]
        return sorted(order)

    def _due(self, n: int, t: float, order: list[tuple[int, str, Any, float]], end: int) -> int | None:
        """When the item may happen: everything before it has happened, and the gap has passed. None: it never may."""
        before = [each for each in order if each[0] < n]
        while any(self._moment(each) is None for each in before):
            if not self._step(end * 2 + 10_000_000):
                return None
        if not before:
            return int(t * 1_000_000)
        latest = before[-1]
        moment = self._moment(latest)
        assert moment is not None
        return max(moment + int((t - latest[3]) * 1_000_000), self.world.now)

    def _moment(self, each: tuple[int, str, Any, float]) -> int | None:
        _, kind, which, _ = each
        if kind == "item":
            return self.at.get(which)
        if kind == "return":
            found = self.done.returns.get(which)
            return found[0] if found else None
        host, k = which
        sent = self.done.segments[host]
        return sent[k][0] if k < len(sent) else None

    def _advance(self, due: int, *, before_timers: bool) -> None:
        """Let happen what is due before ``due``."""
        while (following := next_at(self.world)) is not None and following <= due - (2 * MS if before_timers else 0):
            if not self._step(due):
                return
        if not before_timers:
            return
        while (following := next_at(self.world)) is not None and following <= due:
            if self.world.agenda.first()[1] == 2 or not self._step(due):
                return

    def _step(self, limit: int) -> bool:
        following = next_at(self.world)
        if following is None or following > limit:
            return False
        done = step(self.world)
        if done is None or done.at > limit:  # what was due first was a timer that no longer runs
            return False
        self._note(done.world, done.records)
        return True

    def _note(self, world: World, records: tuple[Any, ...]) -> None:
        self.world = world
        for record in records:
            if isinstance(record, Sent) and record.host in self.hosts and not record.flight.is_forged:
                self.done.segments[record.host].append((record.at, record))
            elif isinstance(record, StateChanged) and record.host in self.hosts:
                key = (record.host, record.connection)
                self.done.states.setdefault(key, []).append((record.at, str(record.target)))
            elif isinstance(record, CallReturned) and record.host in self.hosts:
                waiting = self.waiting.get((record.host, record.call), [])
                if waiting:
                    self._returned(waiting.pop(0), record.at, record.result, record.error, record.host)

    # --- calls and the peer ---

    def _perform(self, n: int, entry: dict[str, Any], due: int) -> None:
        if "call" not in entry:
            self._inject(entry, due)
            return
        text = self._text(entry)
        if text is None:
            self.done.returns[n] = (due, entry["result"], None)
            return
        done = act(self.world, parse_act(text), at=due)
        self._note(done.world, done.records)
        made = [record for record in done.records if isinstance(record, Called)]
        if not made:
            return
        record = made[-1]
        if entry["call"] in ("connect", "listen"):
            self.sockets[entry["fd"]] = record.connection
        if record.completed_at is not None:
            self._returned(n, record.at, record.result, record.error, entry["host"])
        else:
            self.waiting.setdefault((entry["host"], record.call), []).append(n)

    def _returned(self, n: int, at: int, result: int | str | None, error: str | None, host: str) -> None:
        call = self.calls[n]
        if call["call"] == "accept" and error is None:
            name = next(socket.id for socket in self.world.host(host).all_sockets() if socket.fd == result)
            self.sockets[call["result"]] = name
            result = call["result"]
        if call["call"] not in ("send", "recv", "accept") and error is None:
            result = None
        self.done.returns[n] = (at, result, error)

    def _text(self, call: dict[str, Any]) -> str | None:
        """The act that stands for a recorded call, None for one without counterpart (socket, bind, some options)."""
        host, args, fd = call["host"], call["args"], call["fd"]
        on = f"on={self.sockets[fd]}" if fd in self.sockets else ""
        match call["call"]:
            case "bind":
                self.bound[fd] = args["port"]
            case "connect":
                target = {**{address: name for name, address in self.hosts.items()}, self.peer: "P"}[args["addr"]]
                own = f" from {self.bound[fd]}" if fd in self.bound else ""
                return f"{host} connect {target}:{args['port']}{own}"
            case "listen":
                return f"{host} listen {self.bound[fd]} backlog={args['backlog']}"
            case "accept":
                return f"{host} accept {on}"
            case "send":
                return f"{host} write {args['len']} {on}"
            case "recv":
                return f"{host} read {args['len']} {on}"
            case "shutdown":
                how = {"SHUT_WR": "write", "SHUT_RD": "read", "SHUT_RDWR": "both"}[args["how"]]
                return f"{host} shutdown {how} {on}"
            case "close" if on:
                return f"{host} close {on}"
            case "setsockopt" if args["opt"] == "SO_LINGER" and on:
                return f"{host} setsockopt SO_LINGER {args['value']['linger']} {on}"
            case "setsockopt" if args["opt"] in SOCKET_OPTIONS and on:
                return f"{host} setsockopt {args['opt']} {args['value']} {on}"
            case _:
                pass
        return None

    def _inject(self, entry: dict[str, Any], due: int) -> None:
        """A segment, or an ICMP error, of the scripted peer."""
        host = next(iter(self.hosts))
        if entry["do"] == "icmp":
            done = act(self.world, parse_act(f"icmp {host} {'hard' if entry['code'] in (2, 3) else 'soft'}"), at=due)
            self._note(done.world, done.records)
            return
        opts = entry["opts"]
        seq = (entry["isn"] + entry["seq"]) % 2**32
        words = [f"inject P>{host} {entry['flags']} seq=@{seq} win={entry['win']} len={entry['len']}"]
        words.append(f"sport={entry['sport']} dport={entry['dport']}")
        if entry["ack"] is not None:
            base = 0 if entry.get("abs_ack") else self._isn(entry)
            words.append(f"ack=@{(base + entry['ack']) % 2**32}")
        words += [f"mss={opts['mss']}"] if "mss" in opts else []
        words += [f"ws={opts['ws']}"] if "ws" in opts else []
        words += ["sack=yes"] if opts.get("sackOK") else []
        if "ts" in opts:
            words.append(f"tsval={opts['ts'][0]} tsecr={self._echo(opts)}")
        done = act(self.world, parse_act(" ".join(words)), at=due)
        self._note(done.world, done.records)

    def _isn(self, entry: dict[str, Any]) -> int:
        """The latest initial number that the kernel used on these ports."""
        for _, sent in reversed(self.done.segments[next(iter(self.hosts))]):
            flight = sent.flight
            if flight.segment.syn and (flight.source.port, flight.destination.port) == (entry["dport"], entry["sport"]):
                return flight.segment.seq
        return 0

    def _echo(self, opts: dict[str, Any]) -> int:
        """TSecr: the timestamp of the kernel's segment that the recording names."""
        named = opts.get("ts_echo_of")
        own = [each for each in self.trace["kernel_segments"] if each["host"] == next(iter(self.hosts))]
        for k, each in enumerate(own):
            if each["n"] == named:
                stamp = self.done.segments[each["host"]][k][1].flight.segment.options.timestamp
                return stamp[0] if stamp else 0
        return 0


# --- comparing ---


def compare(trace: dict[str, Any], done: Happened) -> str | None:
    """The first difference in words, None if the simulated kernel did what the real one did."""
    for host in trace["env"]["hosts"]:
        recorded = [each for each in trace["kernel_segments"] if each["host"] == host]
        difference = _compare_segments(trace, host, recorded, done.segments[host])
        if difference:
            return difference
    return _compare_calls(trace, done) or _compare_states(trace, done)


def _compare_segments(
    trace: dict[str, Any], host: str, recorded: list[dict[str, Any]], sent: list[tuple[int, Sent]]
) -> str | None:
    for k, (expected, (at, actual)) in enumerate(zip(recorded, sent, strict=False), 1):
        for name, want, have in _fields(trace, expected, actual):
            if want != have:
                return f"{host}, segment {k} ({expected['flags']}): {name} is {have!r}, the kernel sent {want!r}"
        early, late = at - expected["t"] * 1e6 - 2 * MS, expected["t"] * 1e6 * 0.87 - 30 * MS - at
        if early > 20 * MS or late > 20 * MS:
            name = f"{host}, segment {k} ({expected['flags']})"
            return f"{name}: at {at / 1e6:.3f} s, the kernel sent it at {expected['t']:.3f} s"
    if len(recorded) != len(sent):
        return f"{host}: {len(sent)} segments, the kernel sent {len(recorded)}"
    return None


def _fields(trace: dict[str, Any], expected: dict[str, Any], actual: Sent) -> Iterator[tuple[str, Any, Any]]:
    """(name, recorded, simulated) of everything that must agree."""
    flight, segment = actual.flight, actual.flight.segment
    yield "flags", expected["flags"], flags_text(segment.flags)
    yield "sport", expected["sport"], flight.source.port
    yield "dport", expected["dport"], flight.destination.port
    yield "seq", expected["seq"], segment.seq if expected.get("abs") else flight.rel_seq
    if expected["ack"] is None:
        yield "ack", None, flight.rel_ack
    elif "peer_isn" in expected:
        yield "ack", (expected["peer_isn"] + expected["ack"]) % 2**32, segment.ack
    else:
        yield "ack", expected["ack"], flight.rel_ack
    yield "len", expected["len"], segment.length
    if trace["compare"]["win"]:
        yield "win", expected["win"], segment.window
    yield from _options(expected["opts"], segment)


def _options(expected: dict[str, Any], segment: Segment) -> Iterator[tuple[str, Any, Any]]:
    options = segment.options
    yield "mss", expected.get("mss"), options.mss
    yield "ws", expected.get("ws"), options.window_scale
    yield "sackOK", bool(expected.get("sackOK")), options.sack_permitted
    yield "ts", "ts" in expected, options.timestamp is not None
    yield "sack", len(expected.get("sack", ())), len(options.sack)


def _compare_calls(trace: dict[str, Any], done: Happened) -> str | None:
    for call in trace["calls"]:
        if call["call"] not in CALLS or call["n_done"] is None:
            continue
        found = done.returns.get(call["n"])
        name = f"call {call['n']} {call['call']}()"
        if found is None:
            return f"{name}: has not returned, the kernel's did at {call['t_done']} s"
        at, result, error = found
        if error != call["error"]:
            return f"{name}: error is {error!r}, the kernel said {call['error']!r}"
        if result != call["result"]:
            return f"{name}: result is {result!r}, the kernel's was {call['result']!r}"
        if not call["t_done"] * 0.87e6 - 50 * MS <= at <= call["t_done"] * 1e6 + 22 * MS:
            return f"{name}: time is {at / 1e6:.3f} s, the kernel's was {call['t_done']:.3f} s"
    return None


def _compare_states(trace: dict[str, Any], done: Happened) -> str | None:
    """The recorded states of each socket, sampled every 3 ms, are a subsequence of the simulated ones."""
    recorded: dict[tuple[str, str], list[str]] = {}
    for each in trace["states"]:
        states = recorded.setdefault((each["host"], each["sock"]), [])
        if not states or states[-1] != each["state"]:
            states.append(each["state"])
    for (host, sock), states in recorded.items():
        changes = [each for key, own in done.states.items() if _is_socket(key, host, sock) for each in own]
        simulated = [
            "CLOSED" if state == "LISTEN" and ">" in sock else state for _, state in sorted(changes, key=_when)
        ]
        walk = iter(simulated)
        if not all(any(state == seen for seen in walk) for state in states):
            return f"{host} {sock}: states are {simulated}, the kernel's were {states}"
    return None


def _when(change: tuple[int, str]) -> int:
    return change[0]


def _is_socket(key: tuple[str, str], host: str, sock: str) -> bool:
    """Is this connection of ours the socket ``40000>8080`` or ``listen:8080`` of the recording?"""
    name = key[1].partition("#")[0]
    if key[0] != host:
        return False
    if sock.startswith("listen:"):
        return ">" not in name and name.endswith(sock[6:])
    ports = [end.rpartition(":")[2] for end in name.split(">")]
    return sorted(ports) == sorted(sock.split(">"))


def verdict(trace: dict[str, Any]) -> str | None:
    """Replay and compare: the first difference, or None."""
    return compare(trace, Replay(trace).run())
