"""The calls of a script, made on the host under test by the socket interface that every program has (``world.acts``).

Rules
-----
* A descriptor of the script stands for one of the host; which one is learned when a call makes it.
* A call that blocks is kept until it returns, unless the script has it return at once.
* A call, a flag or a constant that is not known here is ``NotModelled`` by its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.exchange.packetdrill.arguments import (
    NotModelled,
    argument,
    expected_option,
    is_same_error,
    is_unspecified,
    message_flags,
    names,
    number,
    octets,
    option_words,
    polled,
    port,
)
from tutor.exchange.packetdrill.neutral import Scope
from tutor.exchange.packetdrill.script import Call, Item, Listing
from tutor.exchange.packetdrill.stage import HOST, LOCAL_PORT, PEER, Line, Stage
from tutor.world.acts import ActError, parse_act
from tutor.world.host import Socket
from tutor.world.records import Called, CallReturned
from tutor.world.sockopts import SOCKET_OPTIONS

__all__ = ["Mismatch", "NotModelled", "Sockets"]

CONNECT_PORT = 8080
"""The port of the peer that a script connects to."""

FOREVER = 3_600_000
"""Milliseconds for a poll() without an end."""


@dataclass
class Mismatch(Exception):
    """A call that did not answer what the script says."""

    what: str
    actual: str
    expected: str = ""
    line: int = 0


@dataclass(slots=True)
class Waiting:
    """A call that has not returned: what the script expects of it, and when (microseconds)."""

    item: Item
    call: Call
    called: Called
    due: int | None

    def is_answered_by(self, returned: CallReturned) -> bool:
        """Is this the call that has returned?"""
        same = (returned.call, returned.called_at, returned.args) == (
            self.called.call,
            self.called.at,
            self.called.args,
        )
        return same and (returned.call == "accept" or returned.connection == self.called.connection)


Answer = tuple[int, str]
"""(result, errno or "")."""


class Sockets:
    """The script's descriptors and what hangs on them."""

    def __init__(self, stage: Stage, scope: Scope) -> None:
        self.stage, self.scope = stage, scope
        self.fds: dict[int, int] = {}
        self.waiting: list[Waiting] = []
        self.seen = 0
        self.is_fresh_listener = False
        self.listening_port = 0
        self.latest: int | None = None

    # --- which socket ---

    def socket(self, fd: int) -> Socket | None:
        """The host's socket behind a descriptor of the script."""
        return self.stage.socket(self.fds[fd]) if fd in self.fds else None

    def under_test(self) -> Socket | None:
        """The socket that assertions speak of: the connection opened last, else the listener."""
        return self.socket(self.latest) if self.latest is not None else None

    def connection_of(self, line: Line) -> str | None:
        """The name of the host's socket for this connection."""
        for socket in self.stage.host.all_sockets():
            remote = socket.tcb.remote
            if remote is not None and (socket.tcb.local.port, remote.port) == (line.local_port, line.peer_port):
                return socket.id
        return None

    # --- making a call ---

    def make(self, item: Item, call: Call, now: int, base: int) -> None:
        """Make ``call`` at ``now``. ``Mismatch`` if it answers otherwise, ``NotModelled`` if it cannot be made."""
        handler = getattr(self, f"_call_{call.name}", None)
        if handler is None:
            raise NotModelled(f"the call {call.name}()")
        answer = handler(call, now)
        if isinstance(answer, Called):
            due = base + item.when.returns if item.when.returns is not None else None
            self._wait_for(Waiting(item, call, answer, due), now)
        else:
            _check(call, answer)

    def _wait_for(self, waiting: Waiting, now: int) -> None:
        """The call blocks. Where the script has it return at once, it has to."""
        self.waiting.append(waiting)
        if waiting.due is None:
            self.stage.wait_for_return(self.seen + 1, now)
            self.look_at_returns(now, 0)
            if waiting in self.waiting:
                raise Mismatch("call: it blocks", "has not returned")

    # --- calls that come back later ---

    def look_at_returns(self, now: int, tolerance: int) -> None:
        """Compare the calls that have returned; one that is overdue is a ``Mismatch``."""
        for returned in self.stage.returned[self.seen :]:
            self.seen += 1
            waiting = next((each for each in self.waiting if each.is_answered_by(returned)), None)
            if waiting is not None:
                self.waiting.remove(waiting)
                self._compare_return(returned, waiting, tolerance)
        for waiting in self.waiting:
            if waiting.due is not None and now > waiting.due + max(tolerance, waiting.due // 100):
                raise Mismatch("call: it has not returned", "has not returned", str(waiting.call), waiting.item.line)

    def _compare_return(self, returned: CallReturned, waiting: Waiting, tolerance: int) -> None:
        call, due = waiting.call, waiting.due
        try:
            _check(call, self._answer(call, returned))
        except Mismatch as fault:
            raise Mismatch(fault.what, fault.actual, str(call), waiting.item.line) from None
        if due is not None and abs(returned.at - due) > max(tolerance, due // 100):
            told = f"returned at {returned.at / 1e6:.6f} s"
            raise Mismatch(f"time: due at {due / 1e6:.6f} s, {told}", told, str(call), waiting.item.line)

    def last_due(self) -> int | None:
        """When the last call that is still out must return (microseconds)."""
        return max((waiting.due for waiting in self.waiting if waiting.due is not None), default=None)

    # --- opening ---

    def _call_socket(self, call: Call, now: int) -> Answer:
        kinds = names(argument(call, 1))
        if "SOCK_STREAM" not in kinds or not kinds <= {"SOCK_STREAM", "SOCK_NONBLOCK", "SOCK_CLOEXEC"}:
            raise NotModelled(f"a socket of {call.args[1] if len(call.args) > 1 else 'no kind'}")
        if len(call.args) > 2 and str(call.args[2]) not in ("IPPROTO_TCP", "IPPROTO_IP", "0"):
            raise NotModelled(f"a socket of {call.args[2]}")
        called = self._do(f"socket nonblock={'yes' if 'SOCK_NONBLOCK' in kinds else 'no'}", now)
        if call.error or not isinstance(called.result, int):
            raise NotModelled("a socket that cannot be made")
        self._do(f"setsockopt SO_REUSEADDR 0 fd={called.result}", now)
        return self._opened(call, called.result), ""

    def _opened(self, call: Call, real: int) -> int:
        """The script calls the descriptor ``real`` by its own number from now on."""
        fd = call.result if isinstance(call.result, int) and call.result >= 0 else real
        self.fds[fd], self.latest = real, fd
        return fd

    def _call_bind(self, call: Call, now: int) -> Answer:
        wanted = port(argument(call, 1))
        return _answer(self._do(f"bind {LOCAL_PORT if wanted is None else wanted} {self._on(call)}", now))

    def _call_listen(self, call: Call, now: int) -> Answer:
        fd, backlog = self._fd(call), number(argument(call, 1))
        called = self._do(f"listen backlog={max(0, 128 if backlog is None else backlog)} {self._on(call)}", now)
        socket = self.socket(fd)
        if called.error is None and socket is not None:
            self.listening_port, self.is_fresh_listener, self.latest = socket.tcb.local.port, True, fd
        return _answer(called)

    def _call_connect(self, call: Call, now: int) -> Answer | Called:
        fd = self._fd(call)
        if is_unspecified(argument(call, 1)):
            return _answer(self._do(f"disconnect {self._on(call)}", now))
        called = self._do(f"connect {PEER}:{port(argument(call, 1)) or CONNECT_PORT} {self._on(call)}", now)
        self.latest = fd
        return self._later(called)

    def _call_accept(self, call: Call, now: int) -> Answer | Called:
        kinds = names(argument(call, 3)) if call.name == "accept4" else frozenset()
        nonblock = " nonblock=yes" if "SOCK_NONBLOCK" in kinds else ""
        called = self._do(f"accept {self._on(call)}{nonblock}", now)
        return called if called.completed_at is None else self._answer(call, called)

    _call_accept4 = _call_accept

    # --- moving text ---

    def _call_read(self, call: Call, now: int) -> Answer | Called:
        flags = _known(call, {"MSG_DONTWAIT", "MSG_NOSIGNAL", "MSG_PEEK"})
        words = f"read {max(1, octets(call))} {self._on(call)}"
        words += " peek=yes" if "MSG_PEEK" in flags else ""
        return self._later(self._do(words + (" wait=no" if "MSG_DONTWAIT" in flags else ""), now))

    _call_recv = _call_recvfrom = _call_recvmsg = _call_readv = _call_read

    def _call_write(self, call: Call, now: int) -> Answer | Called:
        flags = _known(call, {"MSG_NOSIGNAL", *_WRITE_FLAGS})
        if not octets(call):
            raise NotModelled(f"{call.name}() of nothing")
        words = [f"write {octets(call)} {self._on(call)}"]
        given = (
            ("MSG_MORE", "more=yes"),
            ("MSG_EOR", "eor=yes"),
            ("MSG_OOB", "urgent=yes"),
            ("MSG_DONTWAIT", "wait=no"),
        )
        words += [word for flag, word in given if flag in flags]
        return self._later(self._do(" ".join(words), now))

    _call_send = _call_sendto = _call_sendmsg = _call_writev = _call_write

    # --- closing ---

    def _call_shutdown(self, call: Call, now: int) -> Answer:
        how = argument(call, 1)
        word = {"SHUT_WR": "write", "SHUT_RD": "read", "SHUT_RDWR": "both"}.get(str(how))
        if word is None:
            raise NotModelled(f"shutdown({how})")
        return _answer(self._do(f"shutdown {word} {self._on(call)}", now))

    def _call_close(self, call: Call, now: int) -> Answer | Called:
        called = self._do(f"close {self._on(call)}", now)
        self.fds.pop(self._fd(call), None)
        return self._later(called)

    # --- looking and setting ---

    def _call_fcntl(self, call: Call, now: int) -> Answer:
        command, socket = str(argument(call, 1)), self.socket(self._fd(call))
        if command == "F_GETFL":
            return 2 | (0x800 if socket is not None and socket.is_nonblocking else 0), ""
        if command != "F_SETFL":
            raise NotModelled(f"fcntl({command})")
        word = "O_NONBLOCK" if "O_NONBLOCK" in names(argument(call, 2)) else "0"
        return _answer(self._do(f"fcntl {word} {self._on(call)}", now))

    def _call_setsockopt(self, call: Call, now: int) -> Answer:
        name, value = str(argument(call, 2)), option_words(argument(call, 3))
        if name == "TCP_NOOPT" and value == "0":
            return 0, ""
        if name in SOCKET_OPTIONS and not SOCKET_OPTIONS[name].modelled:
            raise NotModelled(f"the socket option {name}")
        value = "0" if name == "IP_MTU_DISCOVER" and value == "IP_PMTUDISC_DONT" else value
        return _answer(self._do(f"setsockopt {name} {value} {self._on(call)}", now, f"setsockopt({name}, {value})"))

    def _call_getsockopt(self, call: Call, now: int) -> Answer:
        name = str(argument(call, 2))
        if name in self.scope.ignored_options:
            return 0, ""
        called = self._do(f"getsockopt {name} {self._on(call)}", now, f"getsockopt({name})")
        expected = expected_option(argument(call, 3))
        if called.error is not None and name != "SO_ERROR":
            return _answer(called)
        told = called.result if called.result is not None else called.error or 0
        if expected is not None and not is_same_error(expected, told):
            raise Mismatch(f"{name}: expected {expected}, is {told}", f"[{told}]")
        return 0, ""

    def _call_ioctl(self, call: Call, now: int) -> Answer:
        request = {"FIONREAD": "SIOCINQ", "TIOCOUTQ": "SIOCOUTQ"}.get(str(argument(call, 1)), str(argument(call, 1)))
        called = self._do(f"ioctl {request} {self._on(call)}", now, f"ioctl({request})")
        expected = number(argument(call, 2))
        if called.error is None and expected is not None and expected != called.result:
            raise Mismatch(f"{request}: expected {expected}, is {called.result}", f"[{called.result}]")
        return (0, "") if called.error is None else _answer(called)

    def _call_poll(self, call: Call, now: int) -> Answer | Called:
        entries, timeout = list(polled(argument(call, 0))), number(argument(call, 2))
        if len(entries) != 1 or timeout is None:
            raise NotModelled("poll() of several descriptors")
        fd, wanted, _ = entries[0]
        on = f"fd={self._known_fd(fd)} timeout={timeout if timeout >= 0 else FOREVER}ms"
        called = self._do(f"poll {','.join(sorted(wanted))} {on}", now, f"poll({','.join(sorted(wanted))})")
        return called if called.completed_at is None else self._answer(call, called)

    # --- small things ---

    def _later(self, called: Called) -> Answer | Called:
        """The answer, or the call itself if it blocks."""
        return called if called.completed_at is None else _answer(called)

    def _answer(self, call: Call, done: Called | CallReturned) -> Answer:
        """What the call has answered, in the script's numbers."""
        if done.call == "accept" and done.error is None and isinstance(done.result, int):
            return self._opened(call, done.result), ""
        if done.call == "poll":
            (_, _, expected), *_ = polled(call.args[0]) if isinstance(call.args[0], Listing) else [(0, 0, frozenset())]
            told = frozenset(filter(None, str(done.result).split(",")))
            if told != expected:
                raise Mismatch(f"revents: expected {_joined(expected)}, is {_joined(told)}", _joined(told))
            return int(bool(told)), ""
        return _answer(done)

    def _do(self, deed: str, now: int, name: str = "") -> Called:
        """Make the call on the host; its record."""
        try:
            parse_act(f"{HOST} {deed}")
        except ActError as error:
            raise NotModelled(name or f"{deed}: {error}") from None
        return next(record for record in self.stage.do(f"{HOST} {deed}", now) if isinstance(record, Called))

    def _fd(self, call: Call) -> int:
        fd = argument(call, 0)
        if not isinstance(fd, int):
            raise NotModelled(f"the descriptor {fd}")
        return fd

    def _on(self, call: Call) -> str:
        """The socket that a call is made on, as acts name it."""
        return f"fd={self._known_fd(self._fd(call))}"

    def _known_fd(self, fd: int) -> int:
        """The host's descriptor; for one that the script has not opened, a number that nothing is open as."""
        return self.fds.get(fd, NEVER_OPEN)


NEVER_OPEN = 1 << 20
_WRITE_FLAGS = {"MSG_MORE": "more=yes", "MSG_EOR": "eor=yes", "MSG_OOB": "urgent=yes", "MSG_DONTWAIT": "wait=no"}


def _check(call: Call, answer: Answer) -> None:
    """Does the call answer what the script says?"""
    result, error = answer
    if call.result is None:
        return
    told = f"-1 {error}" if error else str(result)
    if {"EWOULDBLOCK": "EAGAIN"}.get(call.error, call.error) != error and (
        call.error or call.result != -1 or not error
    ):
        raise Mismatch(f"error: expected {call.error or 'none'}, is {error or 'none'}", told)
    if isinstance(call.result, int) and not error and call.result != result:
        raise Mismatch(f"result: expected {call.result}, is {result}", told)


def _answer(done: Called | CallReturned) -> Answer:
    if done.error:
        return -1, done.error
    return (done.result if isinstance(done.result, int) else 0), ""


def _known(call: Call, known: set[str]) -> frozenset[str]:
    """The flags of a call; one that is not ``known`` is not modelled."""
    flags = message_flags(call)
    strange = sorted(flags - known)
    if strange:
        raise NotModelled(f"the flag {strange[0]} of {call.name}()")
    return flags


def _joined(events: frozenset[str]) -> str:
    return "|".join(f"POLL{event}" for event in sorted(events)) or "0"
