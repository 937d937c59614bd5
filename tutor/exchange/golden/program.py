"""The recorded program: each call as the simulated host's own call, and the answer it got.

Rules
-----
* Every result and every error comes from the simulated host, none from the recording.
* Calls that the recording made on a non-blocking socket, or with a time limit, are made so here.
* A call or option that is not simulated makes the recording unsupported (``NotModelled``), never a pass.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from tutor.exchange.golden.reading import PEER
from tutor.exchange.golden.stage import Answer, Stage
from tutor.exchange.golden.trace import Call, Trace
from tutor.world.acts import ActError, parse_act
from tutor.world.host import Socket
from tutor.world.records import Called, CallReturned
from tutor.world.sockopts import READABLE, SOCKET_OPTIONS


class NotModelled(Exception):
    """The recording needs what is not simulated."""


ANYBODY = "0.0.0.0"  # noqa: S104  the wildcard address of a recorded bind()
NO_LIMIT = 1 << 20
"""A backlog above every limit; a negative one means the same."""
SHUT = {"SHUT_RD": "read", "SHUT_WR": "write", "SHUT_RDWR": "both"}
WAITING = {"accept": "SO_RCVTIMEO", "recv": "SO_RCVTIMEO", "send": "SO_SNDTIMEO", "connect": "SO_SNDTIMEO"}
"""Calls that may wait, and the option that limits how long."""


class Ports:
    """Ports that a kernel chose itself: which one the simulated host has chosen instead."""

    def __init__(self, trace: Trace) -> None:
        self.chosen: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self.unclaimed = [
            segment
            for segment in trace.segments
            if segment.is_new and segment.ack is None and (segment.host, segment.sport) not in trace.bound
        ]

    def choose(self, call: Call, port: int) -> None:
        """The simulated host has taken ``port`` for a call that named none."""
        for segment in self.unclaimed:
            if (segment.host, segment.dport) == (call.host, call.number("port")) and segment.n > call.n:
                self.unclaimed.remove(segment)
                self.chosen.setdefault((call.host, segment.sport), []).append((call.n, port))
                return

    def of(self, host: str, port: int, n: int) -> int:
        """The simulated port for the recorded ``port`` of ``host``, at number ``n``."""
        known = [own for since, own in self.chosen.get((host, port), ()) if since <= n]
        return known[-1] if known else port


@dataclass(frozen=True, slots=True)
class _Waiting:
    call: Call
    called: Called


class Program:
    """The recorded descriptors and calls on the simulated hosts."""

    def __init__(self, trace: Trace, stage: Stage, ports: Ports) -> None:
        self.trace, self.stage, self.ports = trace, stage, ports
        self.calls = {call.n: call for call in trace.calls}
        self.fds: dict[int, int] = {}
        self.manner: dict[int, tuple[bool, int | None]] = {}
        """Descriptor of the recording -> (does it block?, how long may it wait?) as it is set here."""
        self.waiting: list[_Waiting] = []

    def socket(self, call: Call) -> Socket | None:
        """The simulated socket that a call is made on."""
        return self.stage.host(call.host).by_descriptor(self.fds[call.fd]) if call.fd in self.fds else None

    # --- making a call ---

    def make(self, call: Call, at: int) -> None:
        """Make ``call`` at ``at``."""
        deed = self._deed(call)
        if call.call != "socket" and call.fd in self.fds:
            self._set_manner(call, at)
        tail = f" fd={self.fds[call.fd]}" if call.fd in self.fds else ""
        try:
            act = parse_act(f"{call.host} {deed}{tail}")
        except ActError as error:
            raise NotModelled(f"{call.call}() with {error.found}; allowed: {', '.join(error.allowed)}") from None
        records = self.stage.do(act, call.n, at)
        called = [record for record in records if isinstance(record, Called)][-1]
        if call.call == "socket" and called.error is None and isinstance(called.result, int):
            self.fds[call.fd] = called.result
            self.manner[call.fd] = (True, None)
        if call.call == "connect" and call.args.get("family") != "AF_UNSPEC":
            self._port_chosen(call)
        if called.completed_at is None:
            self.waiting.append(_Waiting(call, called))
            self.collect()
        else:
            self._answered(call, called.result, called.error, self.stage.moment)

    def _set_manner(self, call: Call, at: int) -> None:
        """Have the socket block, and wait no longer, as the recorded call did."""
        fd = self.fds[call.fd]
        blocks, limit = self.manner.get(call.fd, (True, 0))
        if call.blocking != blocks:
            self.stage.do(f"{call.host} fcntl {'0' if call.blocking else 'O_NONBLOCK'} fd={fd}", call.n, at)
        option = WAITING.get(call.call)
        if option is not None and call.timeout != limit:
            for each in ("SO_RCVTIMEO", "SO_SNDTIMEO"):
                self.stage.do(f"{call.host} setsockopt {each} {call.timeout or 0} fd={fd}", call.n, at)
            limit = call.timeout
        self.manner[call.fd] = (call.blocking, limit)

    def _port_chosen(self, call: Call) -> None:
        socket = self.socket(call)
        if socket is None or socket.tcb.remote is None or not socket.tcb.local.port:
            return
        if (call.host, socket.tcb.local.port) not in self.trace.bound:
            self.ports.choose(call, socket.tcb.local.port)

    def _deed(self, call: Call) -> str:
        match call.call:
            case "socket":
                self._check(call, "type", "SOCK_STREAM")
                return "socket"
            case "bind":
                return f"bind {call.number('port')} addr={call.text('addr') or ANYBODY}"
            case "connect":
                return self._connect(call)
            case "listen":
                backlog = call.number("backlog")
                return f"listen backlog={backlog if 0 <= backlog < NO_LIMIT else NO_LIMIT}"
            case "accept" | "close":
                return call.call
            case "send" | "recv":
                if not call.number("len"):
                    raise NotModelled(f"{call.call}() of nothing")
                return f"{'write' if call.call == 'send' else 'read'} {call.number('len')}"
            case "shutdown":
                if call.text("how") not in SHUT:
                    raise NotModelled(f"shutdown() with {call.text('how')}")
                return f"shutdown {SHUT[call.text('how')]}"
            case "setsockopt" | "getsockopt":
                return self._option(call)
            case _:
                raise NotModelled(f"the call {call.call}()")

    @staticmethod
    def _check(call: Call, name: str, only: str) -> None:
        if call.text(name) not in (only, ""):
            raise NotModelled(f"{call.call}() with {name} {call.text(name)}")

    def _connect(self, call: Call) -> str:
        if call.text("family") == "AF_UNSPEC":
            return "disconnect"
        names = {address: label for label, address in self.trace.hosts.items() if label != call.host}
        if self.trace.peer is not None:
            names[self.trace.peer] = PEER
        if call.text("addr") not in names:
            raise NotModelled(f"connect() to {call.text('addr')}")
        return f"connect {names[call.text('addr')]}:{call.number('port')}"

    @staticmethod
    def _option(call: Call) -> str:
        name, value = call.text("opt"), call.args.get("value")
        known = SOCKET_OPTIONS.get(name)
        if (known is None or not known.modelled) and not (call.call == "getsockopt" and name in READABLE):
            raise NotModelled(f"the socket option {name or 'without a name'}")
        if call.call == "getsockopt":
            return f"getsockopt {name}"
        if isinstance(value, dict):
            return f"setsockopt {name} {value.get('linger', 0) if value.get('onoff') else 'off'}"
        return f"setsockopt {name} {value}"

    # --- answers ---

    def collect(self) -> None:
        """Look at the calls that have returned since the last time."""
        returned, self.stage.returned = self.stage.returned, []
        for record, moment in returned:
            found = next((each for each in self.waiting if _is_answer(record, each.called)), None)
            if found is not None:
                self.waiting.remove(found)
                self._answered(found.call, record.result, record.error, moment)

    def _answered(self, call: Call, result: int | str | None, error: str | None, moment: int) -> None:
        peer = None
        if call.call == "accept" and error is None and isinstance(result, int):
            peer = self._accepted(call, result)
            result = call.result if isinstance(call.result, int) else result
        elif call.call == "getsockopt" and error is None:
            result = _number(call.text("opt"), result)
        elif call.call not in ("send", "recv"):
            result = None
        if call.call == "connect" and error == "EINPROGRESS" and call.blocking:
            error = "EAGAIN"
        at = self.stage.log.times[moment]
        self.stage.log.answers[call.n] = Answer(moment, at, result, error, peer)

    def _accepted(self, call: Call, fd: int) -> tuple[str, int] | None:
        """accept() has given a descriptor: the one that the recording has from here."""
        if isinstance(call.result, int):
            self.fds[call.result] = fd
        socket = self.stage.host(call.host).by_descriptor(fd)
        remote = socket.tcb.remote if socket is not None else None
        return (remote.ip, remote.port) if remote is not None else None


def _is_answer(returned: CallReturned, called: Called) -> bool:
    """Is this what the call was waiting for?"""
    same = (returned.host, returned.call, returned.called_at, returned.args) == (
        called.host, called.call, called.at, called.args,
    )  # fmt: skip
    return same and (returned.call == "accept" or returned.connection == called.connection)


def _number(option: str, value: int | str | None) -> int | str | None:
    """The value of an option as the recordings have it: the number that the interface gives."""
    if option == "SO_ERROR" and isinstance(value, str):
        return getattr(errno, value, 0)
    if option == "SO_LINGER":
        return int(value != "off")
    return value
