"""Plays a script on a simulated host, item by item, and stops at the first thing that is not as the script says.

Rules
-----
* An item happens at its time. A packet of the peer arrives then; one of the host must leave then, early or late by no
  more than the tolerance: that of the script or of the manifest, at least a hundredth of the wait for it.
* A call that blocks does not hold up what follows; what it answers, and when, is looked at when it returns.
* What is not modelled is ``NotModelled`` with its name, and never counts as agreement.

Source: google/packetdrill's documentation; its default tolerance is 4 ms and 1 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.exchange.packetdrill import expression
from tutor.exchange.packetdrill.comparing import MARKS, as_script, differences, flag_bits
from tutor.exchange.packetdrill.neutral import FULL, Scope
from tutor.exchange.packetdrill.preparing import Defaulter, Preparation, no_defaults
from tutor.exchange.packetdrill.script import (
    ABSOLUTE,
    ANY,
    Call,
    Code,
    Icmp,
    Item,
    Packet,
    Script,
    Segment,
    Shell,
)
from tutor.exchange.packetdrill.settings import SetSysctl, Setting, StateGrep, recognise
from tutor.exchange.packetdrill.sockets import Mismatch, NotModelled, Sockets
from tutor.exchange.packetdrill.stage import HOST, LOCAL_PORT, PEER, PEER_PORT, Line, Stage
from tutor.tcp import seq
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, SYN, flags_text
from tutor.tcp.states import SYNCHRONISED, State, parse
from tutor.world.records import Sent
from tutor.world.sysctls import SettingError, find_setting, with_setting
from tutor.world.tcpinfo import CONSTANTS, tcp_info
from tutor.world.unreachable import MEANINGS, SOFT, TOO_BIG

DEFAULT_TOLERANCE = 4_000
"""Microseconds that an event may be early or late (packetdrill's own)."""

_UNREACHABLE = (
    "net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable", "frag_needed",
    "source_route_failed", "net_unknown", "host_unknown", "source_host_isolated", "net_prohibited", "host_prohibited",
    "net_unreachable_for_tos", "host_unreachable_for_tos", "packet_filtered", "precedence_violation",
    "precedence_cutoff",
)  # fmt: skip
"""The codes of "destination unreachable" by number."""

_NO_ROUTE_TO_BLAME = _UNREACHABLE.index("host_unreachable_for_tos")
"""Another type of ICMP is as soft as this code, and takes no doubling of the RTO back (``tcp_v4_err``)."""

_NOT_AN_ERROR = frozenset(
    {"echo_reply", "source_quench", "redirect", "echo_request", "timestamp_request", "timestamp_reply",
     "information_request", "information_reply", "address_mask_request", "address_mask_reply"}
)  # fmt: skip
"""Types that tell TCP nothing."""


@dataclass(frozen=True, slots=True)
class Failure(Exception):
    """The first item that is not as the script says: its line, what was expected, what happened."""

    line: int
    expected: str
    actual: str
    what: str


class Run:
    """One script being played."""

    def __init__(
        self,
        script: Script,
        profile: Profile,
        *,
        prelude: tuple[Setting, ...] = (),
        defaults: Defaulter = no_defaults,
        scope: Scope = FULL,
        tolerance: int | None = None,
    ) -> None:
        self.script, self.scope = script, scope
        own = script.option("tolerance_usecs")
        self.tolerance = max(tolerance or 0, int(own) if own.isdigit() else DEFAULT_TOLERANCE)
        self.preparation = Preparation(profile, scope, defaults)
        self.preparation.before(script, prelude)
        self.stage = Stage(self.preparation.profile, ())
        self.sockets = Sockets(self.stage, scope)
        self.now = 0
        self.base = 0

    # --- playing ---

    def play(self) -> None:
        """Play every item. Raises ``Failure`` or ``NotModelled``."""
        for item in self.script.items:
            self._time(item)
            self._item(item)
        self._finish()

    def _differs(self, failure: Failure) -> None:
        """Something is not as the script says: the play ends."""
        raise failure

    def _time(self, item: Item) -> None:
        """When the item is due."""
        self.base = self.now
        if item.when.kind == ABSOLUTE:
            self.now = item.when.at
            self.base = 0
        elif item.when.kind != ANY:
            self.now += item.when.at
        if not (isinstance(item.event, Packet) and not item.event.is_inbound):
            self.stage.advance(self.now)
            self._watch_calls(item)

    def _item(self, item: Item) -> None:
        match item.event:
            case Call() as call:
                try:
                    self.sockets.make(item, call, self.now, self.base)
                except Mismatch as fault:
                    self._differs(Failure(item.line, str(call), fault.actual, fault.what))
            case Packet(is_inbound=True, content=Segment() as segment):
                self._arrives(segment)
            case Packet(is_inbound=True, content=Icmp() as icmp):
                self._icmp(icmp)
            case Packet(is_inbound=False, content=Segment() as segment):
                self._leaves(item, segment)
            case Code(text):
                self._asserts(item, text)
            case Shell(text):
                self._shell(item, text)
            case Packet(is_inbound=False, content=Icmp()):
                raise NotModelled("an ICMP message that the host sends")
            case Packet(content=content):
                raise NotModelled(f"the packet {content}")

    def _watch_calls(self, item: Item) -> None:
        try:
            self.sockets.look_at_returns(self.now, self.tolerance)
        except Mismatch as fault:
            self._differs(Failure(fault.line or item.line, fault.expected, fault.actual, fault.what))

    def _finish(self) -> None:
        """Calls that are still out come back."""
        last = self.sockets.last_due()
        if last is not None:
            self.stage.advance(last + self.tolerance)
            self.now = max(self.now, last + self.tolerance + 1)
            self._watch_calls(self.script.items[-1])

    # --- what arrives ---

    def _arrives(self, segment: Segment) -> None:
        """The peer's segment reaches the host."""
        line = self._line_for(segment)
        bits = flag_bits(segment.flags)
        mark = _mark(segment)
        if bits is None or segment.mangled or (mark is not None and len(mark) > 1):
            raise NotModelled(f"the flags or marks of {segment}")
        words = [f"inject {PEER}>{HOST} {flags_text(bits) if bits else 'none'}"]
        if not bits:
            raise NotModelled("a segment without any flag")
        words.append(f"seq=@{segment.seq or 0} win={segment.window if segment.window is not None else 65535}")
        words.append(f"len={segment.length} sport={line.peer_port} dport={line.local_port}")
        if bits & ACK:
            words.append(f"ack=@{line.own(segment.ack) if segment.ack is not None else 0}")
        if mark is not None:
            words.append(f"mark={mark[0]}")
        if segment.urgent:
            words.append(f"urg={segment.urgent}")
        words += self._option_words(segment, line)
        self.stage.do(" ".join(words), self.now)

    def _line_for(self, segment: Segment) -> Line:
        """The connection that a segment of the peer belongs to; a SYN for a fresh listener begins one."""
        bits = flag_bits(segment.flags) or 0
        if segment.ports is not None:
            peer_port, local_port = segment.ports
            found = self.stage.line_of(local_port, peer_port)
            return found if found is not None else self.stage.new_line(local_port, peer_port)
        if self.sockets.is_fresh_listener and bits & SYN and not bits & ACK:
            self.sockets.is_fresh_listener = False
            return self.stage.new_line(self.sockets.listening_port, PEER_PORT + len(self.stage.lines))
        return self.stage.line or self.stage.new_line(self.sockets.listening_port or LOCAL_PORT, PEER_PORT)

    def _option_words(self, segment: Segment, line: Line) -> Iterator[str]:
        for option in segment.options or ():
            match option.kind:
                case "mss":
                    yield f"mss={option.numbers[0]}"
                case "wscale":
                    yield f"ws={option.numbers[0]}"
                case "sackOK":
                    yield "sack=yes"
                case "TS":
                    value, echo = option.numbers
                    yield f"tsval={value} tsecr={line.stamps.get(echo, echo)}"
                case "sack":
                    edges = [f"@{line.own(number)}" for number in option.numbers]
                    pairs = zip(edges[::2], edges[1::2], strict=True)
                    yield "blocks=" + ",".join(f"{left}-{right}" for left, right in pairs)
                case "nop" | "eol":
                    pass
                case _:
                    raise NotModelled(f"the option {option}")

    def _icmp(self, icmp: Icmp) -> None:
        """The network reports about a segment: the one that is quoted, else (as packetdrill has it) number 0."""
        if icmp.about != "tcp":
            raise NotModelled(f"{icmp}")
        if icmp.type in _NOT_AN_ERROR:
            return
        kind, tail = None, ""
        if icmp.type == "unreachable" and icmp.code in _UNREACHABLE:
            code = _UNREACHABLE.index(icmp.code)
            kind, tail = MEANINGS[code][0], f" code={code}"
        if icmp.type in ("time_exceeded", "parameter_problem"):
            kind, tail = SOFT, f" code={_NO_ROUTE_TO_BLAME}"
        if kind is None and not self._is_open():
            raise NotModelled(f"{icmp}")
        if kind is None:
            return
        line = self.stage.line
        tail += f" mtu={icmp.mtu}" if kind == TOO_BIG and icmp.mtu else ""
        name = self.sockets.connection_of(line) if line is not None else None
        if line is not None and name is not None:
            self.stage.do(f"icmp {HOST} {kind}{tail} seq=@{line.own(icmp.seq or 0)} on={name}", self.now)

    def _is_open(self) -> bool:
        """Is the connection past the states in which an unknown error could end it?"""
        socket = self.sockets.under_test()
        return socket is not None and socket.tcb.state in SYNCHRONISED

    # --- what leaves ---

    def _leaves(self, item: Item, expected: Segment) -> None:
        """The host must send this segment now."""
        if flag_bits(expected.flags) is None:
            raise NotModelled(f"the flags of {expected}")
        if (unknown := next((option for option in expected.options or () if option.text), None)) is not None:
            raise NotModelled(f"the option {unknown}")
        if not self.stage.sent:
            self._wait(item)
        if not self.stage.sent:
            self._differs(Failure(item.line, str(expected), "nothing was sent", "segment"))
            return
        record = self.stage.sent.popleft()
        line = self._line_of(record, expected)
        actual = as_script(record.flight, line, self.stage.host.profile.option_layout)
        if expected.length > actual.length > 0:
            actual = self._joined(actual, expected, line)
        mark = _mark(expected)
        if mark is not None and record.flight.segment.mark not in mark:
            what = f"mark: expected {expected.ip[0]}, is {record.flight.segment.mark}"
            self._differs(Failure(item.line, str(expected), f"{actual} with mark {record.flight.segment.mark}", what))
        is_syn = "S" in expected.flags
        found = next(
            differences(
                expected, actual, line, window=self.scope.compares_window,
                options=self.scope.compares_syn_options or not is_syn,
            ),
            None,
        )  # fmt: skip
        if found is not None:
            what = f"{found.field}: expected {found.expected}, is {found.actual}"
            self._differs(Failure(item.line, str(expected), str(actual), what))
        self._on_time(item, record.at, str(expected))

    def _wait(self, item: Item) -> None:
        """Let the host go on until it sends something, as long as the item may take."""
        when = item.when
        late = self.now + self._slack(item) if when.kind != ANY else self.now + 3_600_000_000
        if when.until is not None:
            late = self.base + when.until + self._slack(item)
        self.stage.wait_for_segment(late)

    def _slack(self, item: Item) -> int:
        return max(self.tolerance, (self.now - self.base if item.when.kind != ABSOLUTE else self.now) // 100)

    def _on_time(self, item: Item, at: int, expected: str) -> None:
        """Was it sent when it was due? After ``*`` the clock of the script follows the world."""
        if item.when.kind == ANY:
            self.now = at
            return
        slack = self._slack(item)
        latest = self.base + item.when.until if item.when.until is not None else self.now
        if not self.now - slack <= at <= latest + slack:
            actual = f"sent at {at / 1e6:.6f} s"
            self._differs(Failure(item.line, expected, actual, f"time: due at {self.now / 1e6:.6f} s, {actual}"))
        if item.when.until is not None:
            self.now = at

    def _joined(self, first: Segment, expected: Segment, line: Line) -> Segment:
        """A run of segments as the one packet that segmentation offload would cut into them."""
        joined = first
        while joined.length < expected.length and self.stage.sent:
            following = as_script(self.stage.sent[0].flight, line, self.stage.host.profile.option_layout)
            gap = seq.add(joined.seq or 0, joined.length) != following.seq
            if gap or not following.length or following.ack != joined.ack or following.options != joined.options:
                break
            if set(joined.flags) & set("FS"):
                break
            self.stage.sent.popleft()
            joined = Segment(
                following.flags, joined.seq, joined.length + following.length, joined.ack, following.window,
                joined.options, joined.urgent,
            )  # fmt: skip
        return joined

    def _line_of(self, record: Sent, expected: Segment) -> Line:
        """The connection that a segment of the host belongs to."""
        flight = record.flight
        found = self.stage.line_of(flight.source.port, flight.destination.port)
        if found is None:
            found = self.stage.new_line(flight.source.port, flight.destination.port)
        if "S" in expected.flags and flight.segment.flags & SYN and not found.is_named:
            found.isn, found.script_isn, found.is_named = flight.segment.seq, expected.seq or 0, True
        if expected.seq is None and found.isn is not None:
            found.isn, found.script_isn = flight.segment.seq, 0
        return found

    # --- assertions ---

    def _asserts(self, item: Item, code: str) -> None:
        socket = self.sockets.under_test()
        profile = self.stage.host.profile

        def name(word: str) -> int | None:
            if socket is None or word in CONSTANTS:
                return CONSTANTS.get(word)
            return tcp_info(socket, profile, max(self.now, self.stage.world.now)).get(word)

        try:
            expression.check(code, name)
        except expression.NotSupported as error:
            raise NotModelled(str(error)) from None
        except expression.Failed as error:
            self._differs(Failure(item.line + max(error.line - 1, 0), code.strip(), str(error), "assertion"))

    def _shell(self, item: Item, text: str) -> None:
        for setting in recognise(text):
            if isinstance(setting, StateGrep):
                self._counts(item, setting)
            elif isinstance(setting, SetSysctl) and self.scope.leaves_out(setting.name):
                self.preparation.left_out.append(setting.name)
            elif isinstance(setting, SetSysctl):
                try:
                    with_setting(self.stage.host.profile, find_setting(setting.name), setting.value)
                except SettingError as error:
                    raise NotModelled(f"{setting.name}={setting.value}: {error.why or error}") from None
                value = setting.value.replace(" ", "-") if "range" in setting.name else setting.value
                if " " in value:
                    raise NotModelled(f"{setting.name}={setting.value} while the script runs")
                self.stage.do(f"set {HOST}.{setting.name} {value}", self.now)
            else:
                self.preparation.apply(setting)

    def _counts(self, item: Item, wanted: StateGrep) -> None:
        """``sockstat | grep STATE``: so many connections are in this state now."""
        state = parse(wanted.state)
        sockets = [socket for socket in self.stage.host.all_sockets() if socket.tcb.remote is not None]
        count = sum(socket.tcb.state is state for socket in sockets)
        if state is State.CLOSED:
            raise NotModelled("sockstat of closed sockets")
        if count != wanted.count:
            states = ", ".join(str(socket.tcb.state) for socket in sockets) or "none"
            self._differs(Failure(item.line, f"{wanted.count} in {state}", f"{count}; states: {states}", "state"))


def _mark(segment: Segment) -> tuple[int, ...] | None:
    """The codepoints that a segment's IP header may bear by the script; None: any."""
    if not segment.ip:
        return None
    if len(segment.ip) > 1 or segment.ip[0] not in MARKS:
        raise NotModelled(f"the marks {', '.join(segment.ip)}")
    return MARKS[segment.ip[0]]
