"""The calls of a script, made on the host under test.

Rules
-----
* A descriptor of the script stands for one of the host; which one is learned when a call makes it.
* A non-blocking socket answers EAGAIN or EINPROGRESS at once; a blocking one keeps the call until it returns.
* A call or a constant that is not known here is ``NotModelled`` by its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.exchange.packetdrill.neutral import Scope
from tutor.exchange.packetdrill.script import Call, Elided, Flags, Item, Listing, Name, Record, Value
from tutor.exchange.packetdrill.stage import HOST, LOCAL_PORT, PEER, Line, Stage
from tutor.tcp.options import effective_mss
from tutor.tcp.states import HAS_RECEIVED_FIN, State
from tutor.world.acts import ActError, parse_act
from tutor.world.host import LISTENER, Socket
from tutor.world.records import Called, CallReturned

CONNECT_PORT = 8080
"""The port of the peer that a script connects to."""

FIRST_OWN_PORT = 50000


class NotModelled(Exception):
    """Something that the simulation does not have, by its name."""


@dataclass
class Mismatch(Exception):
    """A call that did not answer what the script says."""

    what: str
    actual: str
    expected: str = ""
    line: int = 0


@dataclass(slots=True)
class Waiting:
    """A call that has not returned: what the script expects of it, and when."""

    item: Item
    call: Call
    name: str
    due: int | None


class Sockets:
    """The script's descriptors and what hangs on them."""

    def __init__(self, stage: Stage, scope: Scope) -> None:
        self.stage, self.scope = stage, scope
        self.fds: dict[int, int] = {}
        self.flags: dict[int, set[str]] = {}
        self.bound: dict[int, int] = {}
        self.errors: dict[int, str] = {}
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
        answer = handler(item, call, now)
        if answer is None:
            due = base + item.when.returns if item.when.returns is not None else None
            self._wait_for(item, call, now, due)
            return
        self._check(call, answer)

    def _wait_for(self, item: Item, call: Call, now: int, due: int | None) -> None:
        """The call blocks. Where the script has it return at once, it has to."""
        waiting = Waiting(item, call, _WORLD_NAMES.get(call.name, call.name), due)
        self.waiting.append(waiting)
        if due is None:
            self.stage.wait_for_return(self.seen + 1, now)
            self._collect()
            if waiting in self.waiting:
                raise Mismatch("call: it blocks", "has not returned")

    def _check(self, call: Call, answer: tuple[int, str]) -> None:
        result, error = answer
        if call.result is None:
            return
        expected = self._number(call.result)
        if {"EWOULDBLOCK": "EAGAIN"}.get(call.error, call.error) != error:
            raise Mismatch(f"error: expected {call.error or 'none'}, is {error or 'none'}", _told(result, error))
        if expected is not None and not error and expected != result:
            raise Mismatch(f"result: expected {expected}, is {result}", _told(result, error))

    def _number(self, value: Value) -> int | None:
        return value if isinstance(value, int) else None

    # --- calls that come back later ---

    def look_at_returns(self, now: int, tolerance: int) -> None:
        """Compare the calls that have returned; one that is overdue is a ``Mismatch``."""
        for returned, waiting in self._collect():
            self._compare_return(returned, waiting, tolerance)
        for waiting in self.waiting:
            if waiting.due is not None and now > waiting.due + max(tolerance, waiting.due // 100):
                raise Mismatch("call: it has not returned", "has not returned", str(waiting.call), waiting.item.line)

    def _collect(self) -> list[tuple[CallReturned, Waiting]]:
        """Calls of the script that have returned since the last look, with their answers."""
        found = []
        for returned in self.stage.returned[self.seen :]:
            self.seen += 1
            waiting = next((each for each in self.waiting if each.name == returned.call), None)
            if waiting is None:
                self._keep_error(returned)
                continue
            self.waiting.remove(waiting)
            if waiting.name == "accept" and returned.error is None and isinstance(returned.result, int):
                self._accepted(waiting.call, returned.result)
            found.append((returned, waiting))
            if waiting.due is None:
                self._compare_return(returned, waiting, 0)
        return found

    def _keep_error(self, returned: CallReturned) -> None:
        """A connect() that had answered EINPROGRESS: its error is asked for later."""
        for fd, real in self.fds.items():
            socket = self.stage.socket(real)
            if socket is not None and socket.id == returned.connection and returned.error:
                self.errors[fd] = returned.error

    def _compare_return(self, returned: CallReturned, waiting: Waiting, tolerance: int) -> None:
        call = waiting.call
        result = returned.result if isinstance(returned.result, int) else 0
        try:
            self._check(
                call,
                (result, returned.error or "") if waiting.name != "accept" else self._accept_answer(call, returned),
            )
        except Mismatch as fault:
            raise Mismatch(fault.what, fault.actual, str(call), waiting.item.line) from None
        if waiting.due is not None and abs(returned.at - waiting.due) > max(tolerance, waiting.due // 100):
            told = f"returned at {returned.at / 1e6:.6f} s"
            raise Mismatch(f"time: due at {waiting.due / 1e6:.6f} s, {told}", told, str(call), waiting.item.line)

    def _accept_answer(self, call: Call, returned: CallReturned) -> tuple[int, str]:
        expected = self._number(call.result) if call.result is not None else 0
        return (-1, returned.error) if returned.error else (expected or 0, "")

    def last_due(self) -> int | None:
        """When the last call that is still out must return (microseconds)."""
        return max((waiting.due for waiting in self.waiting if waiting.due is not None), default=None)

    # --- the calls, by name ---

    def _call_socket(self, _item: Item, call: Call, now: int) -> tuple[int, str]:
        called = self._do("socket", now)
        if call.error or not isinstance(called.result, int):
            raise NotModelled("a socket that cannot be made")
        fd = call.result if isinstance(call.result, int) else called.result
        self.fds[fd] = called.result
        names = {part.name for part in _parts(call.args[1]) if isinstance(part, Name)} if len(call.args) > 1 else set()
        self.flags[fd] = {"O_NONBLOCK"} if "SOCK_NONBLOCK" in names else set()
        self.latest = fd
        return fd, ""

    def _call_bind(self, _item: Item, call: Call, _now: int) -> tuple[int, str]:
        self.bound[self._fd(call)] = LOCAL_PORT
        return 0, ""

    def _call_listen(self, _item: Item, call: Call, now: int) -> tuple[int, str]:
        fd = self._fd(call)
        port = self.bound.get(fd, LOCAL_PORT)
        backlog = call.args[1] if len(call.args) > 1 and isinstance(call.args[1], int) else 128
        called = self._do(f"listen {port} backlog={max(0, backlog)} fd={self.fds[fd]}", now)
        self.listening_port, self.is_fresh_listener, self.latest = port, True, fd
        return _answer(called)

    def _call_connect(self, _item: Item, call: Call, now: int) -> tuple[int, str] | None:
        fd = self._fd(call)
        port = self.bound.get(fd, FIRST_OWN_PORT + len(self.stage.lines))
        before = self.socket(fd)
        if before is not None and before.tcb.state is State.SYN_SENT:
            return -1, "EALREADY"
        if before is None or before.tcb.state is State.CLOSED:
            self.stage.new_line(port, CONNECT_PORT)
        self.latest = fd
        called = self._do(f"connect {PEER}:{CONNECT_PORT} from {port} fd={self.fds[fd]}", now)
        if called.completed_at is not None:
            return _answer(called)
        return (-1, "EINPROGRESS") if self._is_non_blocking(fd) else None

    def _call_accept(self, _item: Item, call: Call, now: int) -> tuple[int, str] | None:
        fd = self._fd(call)
        listener = self.socket(fd)
        if (
            listener is not None
            and listener.kind == LISTENER
            and not listener.accept_queue
            and self._is_non_blocking(fd)
        ):
            return -1, "EAGAIN"
        called = self._do(f"accept fd={self.fds[fd]}", now)
        if called.completed_at is None:
            return None
        if called.error is None and isinstance(called.result, int):
            self._accepted(call, called.result)
            return call.result if isinstance(call.result, int) else called.result, ""
        return _answer(called)

    _call_accept4 = _call_accept

    def _accepted(self, call: Call, real: int) -> None:
        fd = call.result if isinstance(call.result, int) else real
        self.fds[fd], self.latest = real, fd
        self.flags[fd] = set()

    def _call_read(self, _item: Item, call: Call, now: int) -> tuple[int, str] | None:
        fd = self._fd(call)
        self._no_flags(call, 3, {"MSG_DONTWAIT", "MSG_NOSIGNAL"})
        socket = self.socket(fd)
        waits = self._is_non_blocking(fd) or "MSG_DONTWAIT" in self._names(call, 3)
        if fd in self.errors:
            return -1, self.errors.pop(fd)
        if socket is not None and waits and not _is_readable(socket):
            return -1, "EAGAIN"
        octets = call.args[2] if len(call.args) > 2 and isinstance(call.args[2], int) else 1 << 20
        called = self._do(f"read {max(1, octets)} fd={self.fds[fd]}", now)
        return _answer(called) if called.completed_at is not None else None

    _call_recv = _call_recvfrom = _call_read

    def _call_write(self, _item: Item, call: Call, now: int) -> tuple[int, str] | None:
        fd = self._fd(call)
        self._no_flags(call, 3, {"MSG_DONTWAIT", "MSG_NOSIGNAL"})
        octets = call.args[2] if len(call.args) > 2 else 0
        if not isinstance(octets, int):
            raise NotModelled(f"a length of {octets}")
        called = self._do(f"write {octets} fd={self.fds[fd]}", now)
        if called.completed_at is None and (self._is_non_blocking(fd) or "MSG_DONTWAIT" in self._names(call, 3)):
            raise NotModelled("a non-blocking write that takes a part")
        return _answer(called) if called.completed_at is not None else None

    _call_send = _call_write

    def _call_shutdown(self, _item: Item, call: Call, now: int) -> tuple[int, str]:
        how = call.args[1] if len(call.args) > 1 else None
        word = {"SHUT_WR": "write", "SHUT_RD": "read", "SHUT_RDWR": "both"}.get(str(how))
        if word is None:
            raise NotModelled(f"shutdown({how})")
        return _answer(self._do(f"shutdown {word} fd={self.fds[self._fd(call)]}", now))

    def _call_close(self, _item: Item, call: Call, now: int) -> tuple[int, str] | None:
        fd = self._fd(call)
        called = self._do(f"close fd={self.fds[fd]}", now)
        self.fds.pop(fd, None)
        self.errors.pop(fd, None)
        return _answer(called) if called.completed_at is not None else None

    def _call_fcntl(self, _item: Item, call: Call, _now: int) -> tuple[int, str]:
        fd = self._fd(call)
        command = str(call.args[1]) if len(call.args) > 1 else ""
        if command == "F_GETFL":
            return 2 | (0x800 if self._is_non_blocking(fd) else 0), ""
        if command != "F_SETFL":
            raise NotModelled(f"fcntl({command})")
        self.flags[fd] = self._names(call, 2)
        return 0, ""

    def _call_setsockopt(self, _item: Item, call: Call, now: int) -> tuple[int, str]:
        fd, name = self._fd(call), str(call.args[2])
        value = _option_value(call.args[3])
        if name in _WITHOUT_EFFECT and (name, value) not in _WITH_EFFECT:
            return 0, ""
        deed = f"setsockopt {name} {value} fd={self.fds[fd]}"
        try:
            parse_act(f"{HOST} {deed}")
        except ActError as error:
            raise NotModelled(f"setsockopt({name}, {value}): {error}") from None
        return _answer(self._do(deed, now))

    def _call_getsockopt(self, _item: Item, call: Call, _now: int) -> tuple[int, str]:
        fd, name = self._fd(call), str(call.args[2])
        if name in self.scope.ignored_options:
            return 0, ""
        socket = self.socket(fd)
        expected = call.args[3].items[0] if isinstance(call.args[3], Listing) and call.args[3].items else None
        have = self._option(fd, name, socket)
        if not isinstance(expected, Elided) and str(expected) != have:
            raise Mismatch(f"{name}: expected {expected}, is {have}", f"[{have}]")
        return 0, ""

    def _option(self, fd: int, name: str, socket: Socket | None) -> str:
        """The value that getsockopt() gives, as a script writes it."""
        if socket is None:
            raise NotModelled(f"getsockopt({name}) of a socket that is gone")
        profile = self.stage.host.profile
        if name == "SO_ERROR":
            return self.errors.pop(fd, None) or socket.error or "0"
        if name == "TCP_MAXSEG":
            is_open = socket.tcb.state not in (State.CLOSED, State.LISTEN)
            return str(effective_mss(socket.tcb, profile) if is_open else socket.tcb.conf.mss or 536)
        raise NotModelled(f"getsockopt({name})")

    # --- small things ---

    def _do(self, deed: str, now: int) -> Called:
        """Make the call on the host; its record."""
        try:
            records = self.stage.do(f"{HOST} {deed}", now)
        except ActError as error:
            raise NotModelled(f"{deed}: {error}") from None
        return next(record for record in records if isinstance(record, Called))

    def _fd(self, call: Call) -> int:
        fd = call.args[0] if call.args else None
        if not isinstance(fd, int):
            raise NotModelled(f"the descriptor {fd}")
        if fd not in self.fds and call.name == "connect" and self.latest is not None:
            return self.latest
        if fd not in self.fds:
            raise Mismatch("descriptor", f"nothing is open as {fd}")
        return fd

    def _is_non_blocking(self, fd: int) -> bool:
        return "O_NONBLOCK" in self.flags.get(fd, set())

    def _names(self, call: Call, place: int) -> set[str]:
        return (
            {part.name for part in _parts(call.args[place]) if isinstance(part, Name)}
            if len(call.args) > place
            else set()
        )

    def _no_flags(self, call: Call, place: int, known: set[str]) -> None:
        strange = self._names(call, place) - known
        if strange:
            raise NotModelled(f"the flag {sorted(strange)[0]} of {call.name}()")


_WORLD_NAMES = {"recv": "read", "recvfrom": "read", "send": "write", "accept4": "accept"}
_WITHOUT_EFFECT = frozenset({"IP_MTU_DISCOVER", "IP_RECVERR", "IP_TOS", "TCP_NOOPT"})
_WITH_EFFECT = frozenset({("TCP_NOOPT", "1")})


def _is_readable(socket: Socket) -> bool:
    tcb = socket.tcb
    is_over = tcb.state in HAS_RECEIVED_FIN or tcb.state is State.CLOSED
    return bool(tcb.inc.unread or tcb.inc.is_shut or is_over or socket.error)


def _parts(value: Value) -> tuple[Value, ...]:
    return value.parts if isinstance(value, Flags) else (value,)


def _option_value(value: Value) -> str:
    """``[1]`` -> 1, ``{onoff=1, linger=5}`` -> 5, ``{onoff=0, ...}`` -> off, ``"cubic"`` -> cubic."""
    if isinstance(value, Listing) and value.items:
        return str(value.items[0])
    if isinstance(value, Record):
        if value.get("onoff") == 0 or (value.fields and value.fields[0] == ("", 0)):
            return "off"
        linger = value.get("linger")
        return str(linger if linger is not None else value.fields[-1][1])
    return str(value).strip('"')


def _answer(called: Called) -> tuple[int, str]:
    if called.error:
        return -1, called.error
    return (called.result if isinstance(called.result, int) else 0), ""


def _told(result: int, error: str) -> str:
    return f"-1 {error}" if error else str(result)
