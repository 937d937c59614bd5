"""Reading a recording: text -> Trace, or the place where it is not one.

Rules
-----
* A file comes from anywhere: its size and the number of its entries are limited, and nothing in it runs.
* A mistake is a ``TraceError``: where it stands (``kernel_segments[3].flags``), what was found, what is allowed.
* Keys that a judge may not read are not looked at; other unknown keys are let pass.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from typing import Any

from tutor.exchange.golden.trace import (
    Call,
    Compare,
    KernelSegment,
    Options,
    PeerIcmp,
    PeerSegment,
    Sample,
    Trace,
    Value,
)
from tutor.tcp.segment import FLAG_NAMES

LARGEST = 20_000_000
"""Characters of a file."""
MOST_ENTRIES = 100_000
LONGEST = 24 * 3600
"""Seconds that a recording may last."""
PEER = "P"
"""What the scripted peer is called here; no host of a recording may have this label."""

_NUMBERS = 1 << 32


class TraceError(ValueError):
    """A file that is no recording."""

    def __init__(self, where: str, found: object, allowed: str) -> None:
        self.where, self.found, self.allowed = where, found, allowed
        shown = found if isinstance(found, str) else json.dumps(found, default=str)
        super().__init__(f"{where}: found {shown[:80] or 'nothing'}; allowed: {allowed}")


class Entry:
    """An object of the file at a known place."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise TraceError(where or "the file", _kind(value), "an object")
        self.value: dict[str, Any] = value
        self.where = where

    def place(self, key: str) -> str:
        """Where ``key`` stands."""
        return f"{self.where}.{key}" if self.where else key

    def take(self, key: str, allowed: str, fits: Callable[[Any], bool], default: object = ...) -> Any:
        """The value of ``key``; ``default`` if there is none and it may be missing."""
        found = self.value.get(key, default)
        if found is ...:
            raise TraceError(self.place(key), "nothing", allowed)
        if found is default or fits(found):
            return found
        raise TraceError(self.place(key), found, allowed)

    def whole(self, key: str, low: int = 0, high: int = _NUMBERS, default: object = ...) -> Any:
        """A whole number."""
        return self.take(
            key, f"a whole number from {low} to {high}", lambda v: _is_whole(v) and low <= v <= high, default
        )

    def number(self, key: str, default: object = ...) -> Any:
        """A number relative to an initial one (or raw); None where the header has none."""
        allowed = "a whole number or null"
        return self.take(key, allowed, lambda v: v is None or (_is_whole(v) and abs(v) < _NUMBERS), default)

    def span(self, key: str, default: object = ...) -> Any:
        """Seconds in the file, microseconds here."""
        allowed = f"seconds from 0 to {LONGEST}"
        found = self.take(key, allowed, lambda v: _is_real(v) and 0 <= v <= LONGEST, default)
        return round(found * 1_000_000) if _is_real(found) else found

    def word(self, key: str, among: tuple[str, ...] = (), default: object = ...) -> Any:
        """Text, perhaps one of a few words."""
        allowed = ", ".join(among) or "text"
        return self.take(key, allowed, lambda v: isinstance(v, str) and (not among or v in among), default)

    def truth(self, key: str, *, default: bool = False) -> Any:
        """true or false."""
        return self.take(key, "true or false", lambda v: isinstance(v, bool), default)

    def inner(self, key: str) -> Entry:
        """The object under ``key``."""
        if key not in self.value:
            raise TraceError(self.place(key), "nothing", "an object")
        return Entry(self.value[key], self.place(key))

    def listing(self, key: str) -> list[Entry]:
        """The objects of a list."""
        found = self.take(key, "a list", lambda v: isinstance(v, list))
        if len(found) > MOST_ENTRIES:
            raise TraceError(self.place(key), f"{len(found)} entries", f"at most {MOST_ENTRIES}")
        return [Entry(each, f"{self.place(key)}[{i}]") for i, each in enumerate(found)]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_real(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _kind(value: object) -> str:
    kinds = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number", type(None): "null"}
    return kinds.get(type(value), "something else")


# --- the whole file ---


def read(text: str) -> Trace:
    """The recording that ``text`` is. Raises ``TraceError``."""
    if len(text) > LARGEST:
        raise too_large(len(text))
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise TraceError(f"line {error.lineno}, column {error.colno}", f"no JSON there ({error.msg})", "JSON") from None
    except RecursionError:
        raise TraceError("the file", "lists within lists without end", "a recording") from None
    except ValueError as error:
        raise TraceError("the file", str(error), "JSON") from None
    return _trace(Entry(value, ""))


def too_large(size: int) -> TraceError:
    """What is said of a file that is too large."""
    return TraceError("the file", f"{size} characters", f"at most {LARGEST}")


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _trace(whole: Entry) -> Trace:
    env = whole.inner("env")
    hosts = _hosts(env.inner("hosts"))
    peer = env.take("peer", "an address or null", lambda v: v is None or _is_address(v))
    if len(hosts) != (2 if peer is None else 1):
        allowed = "two hosts and no peer, or one host and a peer"
        raise TraceError(env.place("hosts"), f"{len(hosts)} hosts, peer {peer}", allowed)
    calls = tuple(_call(each, hosts) for each in whole.listing("calls"))
    trace = Trace(
        hosts, peer, _sysctls(whole.inner("sysctls")), whole.span("duration"), _compare(whole.inner("compare")), calls,
        tuple(_script(each) for each in whole.listing("peer_script") if _is_item(each)),
        tuple(_segment(each, hosts, is_scripted=peer is not None) for each in whole.listing("kernel_segments")),
        tuple(_sample(each, hosts) for each in whole.listing("states")), env.whole("mtu", 68, 65535, 1500),
        frozenset((call.host, call.number("port")) for call in calls if call.call == "bind" and call.number("port")),
    )  # fmt: skip
    _check_order(trace, whole)
    return trace


def _hosts(entry: Entry) -> dict[str, str]:
    hosts: dict[str, str] = {}
    for label in entry.value:
        if not label.isalnum() or label == PEER:
            raise TraceError(entry.where, label, "labels as K, A, B")
        hosts[label] = entry.take(label, "an IPv4 address", _is_address)
    return hosts


def _is_address(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ipaddress.IPv4Address(value))
    except ValueError:
        return False


def _sysctls(entry: Entry) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, str(entry.take(name, "a number or text", lambda v: _is_whole(v) or isinstance(v, str))))
        for name in entry.value
    )


def _compare(entry: Entry) -> Compare:
    return Compare(
        entry.truth("win", default=True), entry.word("order", ("host", "connection"), "host"),
        entry.truth("exact", default=True), entry.whole("tail", 0, 1000, 0),
    )  # fmt: skip


def _check_order(trace: Trace, whole: Entry) -> None:
    """Numbers are unique, and n rises in each list; what is named by its n exists."""
    seen: dict[int, str] = {}
    lists = {"calls": trace.calls, "peer_script": trace.script, "kernel_segments": trace.segments}
    for key, entries in {**lists, "states": trace.states}.items():
        before = 0
        for each in entries:
            if each.n in seen or each.n <= before:
                raise TraceError(whole.place(key), f"n {each.n} after {before}", "numbers that are unique and rise")
            seen[each.n] = key
            before = each.n
    done = [call.n_done for call in trace.calls if call.n_done is not None]
    if len(set(done) | set(seen)) != len(done) + len(seen):
        raise TraceError("calls", "an n_done that something else has as well", "numbers that are unique")
    named = [each.segment for each in trace.script if isinstance(each, PeerIcmp)]
    named += [each.options.echo_of for each in trace.script if isinstance(each, PeerSegment) and each.options.echo_of]
    for n in named:
        if seen.get(n) != "kernel_segments":
            raise TraceError("peer_script", f"kernel segment {n}", "the n of a kernel segment")


# --- entries ---


def _call(entry: Entry, hosts: dict[str, str]) -> Call:
    done = entry.take("n_done", "a number or null", lambda v: v is None or (_is_whole(v) and v > 0))
    name = entry.word("call")
    args = entry.inner("args")
    for key, value in args.value.items():
        if not (_is_whole(value) or isinstance(value, str) or _is_linger(value)):
            raise TraceError(args.place(key), value, "a number or text")
    peer = Entry(entry.value["peer"], entry.place("peer")) if entry.value.get("peer") is not None else None
    if done is not None and done <= entry.whole("n", 1):
        raise TraceError(entry.place("n_done"), done, "a number above n")
    return Call(
        entry.whole("n", 1), entry.span("t"), entry.word("host", tuple(hosts)), entry.whole("fd", 1), name, args.value,
        entry.truth("blocking", default=True), entry.span("timeout", None), done,
        entry.span("t_done") if done is not None else 0,
        entry.take("result", "a number, text or null", _is_value, None),
        entry.take("error", "the name of an errno or null", lambda v: v is None or isinstance(v, str), None),
        (peer.word("addr"), peer.whole("port", 0, 65535)) if peer is not None else None,
    )  # fmt: skip


def _is_value(value: object) -> bool:
    kinds: Value = None
    return value is kinds or _is_whole(value) or isinstance(value, str)


def _is_linger(value: object) -> bool:
    return isinstance(value, dict) and all(_is_whole(each) for each in value.values())


def _is_item(entry: Entry) -> bool:
    """Does the peer do it? What the wire did, and notes, are for reading along."""
    return entry.word("do", ("send", "icmp", "deliver", "drop", "note")) in ("send", "icmp")


def _script(entry: Entry) -> PeerSegment | PeerIcmp:
    n, t = entry.whole("n", 1), entry.span("t")
    if entry.value["do"] == "icmp":
        entry.take("type", "3 (destination unreachable)", lambda v: v == 3)
        return PeerIcmp(n, t, entry.whole("code", 0, 15), entry.whole("segment", 1))
    return PeerSegment(
        n, t, entry.whole("sport", 0, 65535), entry.whole("dport", 0, 65535), entry.whole("isn", 0, _NUMBERS - 1),
        _flags(entry), entry.number("seq") or 0, entry.number("ack"), entry.whole("len", 0, 65535),
        entry.whole("win", 0, 65535), _options(entry.inner("opts")), entry.truth("abs_ack"),
    )  # fmt: skip


def _segment(entry: Entry, hosts: dict[str, str], *, is_scripted: bool) -> KernelSegment:
    wire = None
    if not is_scripted:
        allowed = "a list of seconds"
        found = entry.take(
            "wire", allowed, lambda v: isinstance(v, list) and all(_is_real(d) and 0 <= d < 3600 for d in v)
        )
        wire = tuple(sorted(round(delay * 1_000_000) for delay in found))
    return KernelSegment(
        entry.whole("n", 1), entry.span("t"), entry.word("host", tuple(hosts)), entry.whole("sport", 0, 65535),
        entry.whole("dport", 0, 65535), _flags(entry), entry.number("seq") or 0, entry.number("ack"),
        entry.whole("len", 0, 65535), entry.whole("win", 0, 65535), _options(entry.inner("opts")),
        entry.truth("abs"), entry.truth("isn_new"), entry.number("peer_isn", None), wire,
    )  # fmt: skip


def _is_delays(value: object) -> bool:
    return isinstance(value, list) and all(_is_real(each) and 0 <= each < LONGEST for each in value)


def _flags(entry: Entry) -> str:
    names = [name for name, _ in FLAG_NAMES]
    allowed = "flags in the order " + ",".join(names)
    found: str = entry.take("flags", allowed, lambda v: isinstance(v, str))
    words = [word for word in found.split(",") if word and word != "none"]
    if words != [name for name in names if name in words]:
        raise TraceError(entry.place("flags"), found, allowed)
    return ",".join(words)


def _options(entry: Entry) -> Options:
    ts = entry.take("ts", "[TSval, TSecr]", _is_pair, None)
    sack = entry.take("sack", "[[from, to], ...]", lambda v: isinstance(v, list) and all(_is_pair(b) for b in v), ())
    return Options(
        entry.whole("mss", 0, 65535, None), entry.whole("ws", 0, 255, None), entry.truth("sackOK"),
        tuple(ts) if ts is not None else None, tuple((left, right) for left, right in sack),
        entry.take("ts_echo_of", "the n of a kernel segment", lambda v: v is None or _is_whole(v), None),
    )  # fmt: skip


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_whole(each) for each in value)


STATES = (
    "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",
    "LAST-ACK", "TIME-WAIT",
)  # fmt: skip


def _sample(entry: Entry, hosts: dict[str, str]) -> Sample:
    return Sample(
        entry.whole("n", 1), entry.span("t"), entry.word("host", tuple(hosts)), entry.word("sock"),
        entry.word("state", STATES), entry.truth("timewait_sock"), entry.span("expires_in", None),
    )  # fmt: skip
