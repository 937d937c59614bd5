"""Calls: the socket interface of a host, and what each call asks of the protocol.

Rules
-----
* A call is recorded with its answer, or without one if it blocks; then what it causes is recorded.
* A call that cannot be made answers an errno. It is never an exception: learners may try anything.
* Without ``fd=`` or ``on=`` a call goes to the program's own socket; a hand's, to the connection opened last.
* ``on=CONNECTION`` reaches any socket, also one that no program holds yet, as the RFC's user would.
* ``close`` lets go of the socket (an orphan may stay behind); ``shutdown write`` is the RFC's CLOSE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.tcp.events import Abort, Call, Close, Open, Reaction, Receive, Release, Send, SetOption, Shutdown
from tutor.tcp.states import State
from tutor.tcp.tcb import Address
from tutor.tcp.values import replace
from tutor.world import tables, waiting, wire
from tutor.world.acts import Act
from tutor.world.host import CONNECTION, LISTENER, Socket, Waiter, tuple_key
from tutor.world.isn import fresh_iss
from tutor.world.kernel import settle
from tutor.world.records import Called
from tutor.world.sockopts import SOCKET_OPTIONS, option_value

if TYPE_CHECKING:
    from tutor.world.kernel import Kernel

_S = State

DEFAULT_BACKLOG = 128
"""What ``listen`` takes when nothing is said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call that did not block has answered; ``socket`` is what it opened or took."""

    result: int | str | None = 0
    error: str | None = None
    socket: str = ""


def perform(k: Kernel, act: Act, program: int | None = None) -> Answer | None:
    """Make the call ``act`` on this host; None when it blocks."""
    if not k.is_up:
        return _answered(k, act, f"{k.name}", None, "EHOSTDOWN")
    return _CALLS[act.name](k, act, program)


def _answered(
    k: Kernel, act: Act, socket: str, result: int | str | None, error: str | None = None, *, opened: str = ""
) -> Answer:
    """Record a call that has its answer at once; ``opened`` is the socket it made or took."""
    k.desk.record(Called(k.now, k.name, socket, act.name, act.args, result, error, k.now))
    return Answer(result, error, opened)


def _blocks(k: Kernel, act: Act, socket: str, program: int | None, *, octets: int = 0, done: int = 0) -> None:
    """Record a call that waits, and let it wait."""
    k.desk.record(Called(k.now, k.name, socket, act.name, act.args))
    waiting.wait(k, socket, Waiter(act.name, k.now, program, act.args, None, octets, done))


# --- which socket? ---


def find_socket(k: Kernel, act: Act, program: int | None, *, listener: bool = False) -> Socket | None:
    """The socket that ``act`` means, or None."""
    if name := act.option("on"):
        return k.sockets.get(name)
    if fd := act.option("fd"):
        found = k.descriptors.get(int(fd))
        return k.sockets.get(found) if found is not None else None
    if listener:
        return newest_listener(k)
    if program is None:
        return newest(k) or newest_listener(k)
    own = k.sockets.get(k.programs[program].socket)
    if own is None or own.fd is None:
        own = k.sockets.get(k.latest)
    return own if own is not None and own.fd is not None else newest_listener(k)


def newest(k: Kernel) -> Socket | None:
    """The connection (or blank socket) with a descriptor that was opened last. A hand looks at all of them."""
    for fd in sorted(k.descriptors, reverse=True):
        socket = k.sockets[k.descriptors[fd]]
        if socket.kind != LISTENER:
            return socket
    return None


def newest_listener(k: Kernel) -> Socket | None:
    """The listener that was opened last."""
    return max((k.sockets[name] for name in k.listeners.values()), key=lambda each: each.number, default=None)


def _is_blank(socket: Socket | None) -> bool:
    """A socket that is neither listening nor connected, and never was."""
    return socket is not None and socket.tcb.state is _S.CLOSED and socket.tcb.local.port == 0


# --- opening ---


def _socket(k: Kernel, act: Act, _program: int | None) -> Answer:
    socket = tables.unbound(k)
    if socket is None:
        return _answered(k, act, k.name, None, "EMFILE")
    return _answered(k, act, socket.id, socket.fd, opened=socket.id)


def _blank(k: Kernel, act: Act, program: int | None) -> Socket | None:
    """The blank socket that ``act`` means, or a fresh one; None when no descriptor is left."""
    found = find_socket(k, act, program)
    if found is not None and _is_blank(found):
        return found
    return tables.unbound(k)


def _listen(k: Kernel, act: Act, program: int | None) -> Answer:
    port, is_reusable = int(act.args[0]), act.option("reuse", "yes") == "yes"
    name = f"{k.name}:{port}"
    users, strict = k.ports.get(port) or (0, 0)
    if port in k.listeners or (users and (strict or not is_reusable)):
        return _answered(k, act, name, None, "EADDRINUSE")
    socket = _blank(k, act, program)
    if socket is None:
        return _answered(k, act, name, None, "EMFILE")
    backlog = int(act.option("backlog", str(DEFAULT_BACKLOG)))
    local = Address(k.address, port)
    listener = replace(
        socket, id=name, kind=LISTENER, backlog=backlog, is_reusable=is_reusable, tcb=replace(socket.tcb, local=local)
    )
    answer = _answered(k, act, name, 0, opened=name)
    tables.rename(k, socket, listener)
    tables.enter(k, listener)
    settle(k, listener, k.react(listener.tcb, Open(active=False, local=local, stream=f"{name}>{k.name}")))
    return answer


def _connect(k: Kernel, act: Act, program: int | None) -> Answer | None:
    host, _, port = act.args[0].rpartition(":")
    known = k.desk.table.get(host)
    if known is None:
        return _answered(k, act, k.name, None, "ENETUNREACH")
    remote = Address(known.address, int(port))
    is_named = bool(act.option("on") or act.option("fd"))
    found = find_socket(k, act, program) if is_named else _blank(k, act, program)
    if found is None:
        return _answered(k, act, k.name, None, "EBADF" if is_named else "EMFILE")
    if not _is_blank(found):
        return _connect_again(k, act, found, remote, program)
    local = _choose_port(k, act, remote)
    if local is None:
        return _answered(k, act, found.id, None, "EADDRNOTAVAIL", opened=found.id)
    _open(k, act, found, (local, remote), program)
    return None


def _choose_port(k: Kernel, act: Act, remote: Address) -> Address | None:
    """The local end of a new connection: the port asked for, or the next free one; None when there is none."""
    first, last = k.profile.first_port, k.profile.last_port
    if asked := act.option("from"):
        local = Address(k.address, int(asked))
        return None if tuple_key(local, remote) in k.tuples else local
    start = k.next_port or k.port
    for offset in range(last - first + 1):
        port = start + offset if start + offset <= last else first + (start + offset - first) % (last - first + 1)
        local = Address(k.address, port)
        if tuple_key(local, remote) not in k.tuples and port not in k.listeners:
            k.next_port = port + 1
            return local
    return None


def _open(k: Kernel, act: Act, socket: Socket, ends: tuple[Address, Address], program: int | None) -> None:
    """Active OPEN on a blank socket. The call blocks until the handshake is over."""
    local, remote = ends
    name = wire.name_for_open(k.desk, k.name, local, remote)
    calling = replace(socket, id=name, tcb=replace(socket.tcb, local=local, remote=remote))
    tables.rename(k, socket, calling)
    tables.enter(k, calling)
    call = _active(local, remote, _iss(k, act, local, remote), f"{name}>{k.name}")
    _call_out(k, act, calling, k.react(calling.tcb, call), program)


def _active(local: Address, remote: Address, iss: int, stream: str) -> Open:
    return Open(active=True, local=local, remote=remote, iss=iss, stream=stream)


def _iss(k: Kernel, act: Act, local: Address, remote: Address) -> int:
    """The initial number asked for, or a fresh one."""
    if asked := act.option("isn"):
        return int(asked)
    iss = fresh_iss(k, local, remote)
    k.opened += 1
    return iss


def _call_out(k: Kernel, act: Act, socket: Socket, reaction: Reaction, program: int | None) -> None:
    """A SYN goes out; the call waits for what comes of it."""
    from tutor.world import running

    if program is not None:
        running.take(k, program, socket.id)
    _blocks(k, act, socket.id, program)
    settle(k, k.sockets[socket.id], reaction)
    running.adopt(k, socket.id)


def _connect_again(k: Kernel, act: Act, socket: Socket, remote: Address, program: int | None) -> Answer | None:
    """OPEN on a socket that is listening or connected: a LISTEN may turn active (3.10.1), all else is refused."""
    local = socket.tcb.local
    if socket.kind != LISTENER or not k.profile.listen_may_turn_active:
        _, error = waiting.outcome(k.react(socket.tcb, _active(local, remote, 0, "")).answer)
        return _answered(k, act, socket.id, None, error or "EISCONN")
    caller = _turn_caller(k, socket, remote)
    call = _active(local, remote, _iss(k, act, local, remote), f"{caller.id}>{k.name}")
    _call_out(k, act, caller, k.react(caller.tcb, call), program)
    return None


def _turn_caller(k: Kernel, listener: Socket, remote: Address) -> Socket:
    """A listener is about to call ``remote``: it takes the connection's name and leaves the listeners' table."""
    name = wire.name_for_open(k.desk, k.name, listener.tcb.local, remote)
    tables.leave(k, listener)
    tables.reset_queue(k, listener)
    caller = replace(
        k.sockets[listener.id], id=name, kind=CONNECTION, accept_queue=(), syn_queue=0, armed_at=None,
        tcb=replace(listener.tcb, remote=remote),
    )  # fmt: skip
    tables.rename(k, listener, caller)
    tables.enter(k, caller)
    return caller


# --- accepting, writing, reading ---


def _accept(k: Kernel, act: Act, program: int | None) -> Answer | None:
    listener = find_socket(k, act, program, listener=True)
    if listener is None or listener.kind != LISTENER or listener.tcb.state is not _S.LISTEN:
        return _answered(k, act, listener.id if listener else k.name, None, "EINVAL" if listener else "EBADF")
    if not listener.accept_queue:
        _blocks(k, act, listener.id, program)
        return None
    accepted = tables.take_from_queue(k, listener)
    if accepted is None:
        return _answered(k, act, listener.id, None, "EMFILE")
    answer = _answered(k, act, accepted.id, accepted.fd, opened=accepted.id)
    tables.tell_queues(k, listener.id)
    _adopt(k, accepted.id)
    return answer


def _adopt(k: Kernel, socket_id: str) -> None:
    from tutor.world import running

    running.adopt(k, socket_id)


def _write(k: Kernel, act: Act, program: int | None) -> Answer | None:
    socket = find_socket(k, act, program)
    if socket is None or _is_blank(socket):
        return _answered(k, act, socket.id if socket else k.name, None, "EPIPE" if socket else "EBADF")
    if socket.tcb.state is _S.CLOSED:
        return _answered(k, act, socket.id, None, waiting.take_error(k, socket) or "EPIPE")
    octets, push, urgent = int(act.args[0]), act.option("push", "yes") == "yes", act.option("urgent") == "yes"
    remote = _endpoint(k, act.option("to"))
    if socket.kind == LISTENER:
        if not k.profile.listen_may_turn_active or remote is None:
            return _answered(k, act, socket.id, None, "EDESTADDRREQ" if k.profile.listen_may_turn_active else "EPIPE")
        socket = _turn_caller(k, socket, remote)
        iss = _iss(k, act, socket.tcb.local, remote)
        reaction = k.react(socket.tcb, Send(octets, push, urgent, remote, iss))
    else:
        reaction = k.react(socket.tcb, Send(octets, push, urgent))
    taken, error = waiting.outcome(reaction.answer)
    if error == "EAGAIN" or (error is None and taken is not None and taken < octets):
        _blocks(k, act, socket.id, program, octets=octets - (taken or 0), done=taken or 0)
        settle(k, k.sockets[socket.id], reaction)
        return None
    answer = _answered(k, act, socket.id, taken, error)
    settle(k, k.sockets[socket.id], reaction)
    return answer


def _endpoint(k: Kernel, text: str) -> Address | None:
    """The address behind ``server:80``, if there is such a host."""
    host, _, port = text.rpartition(":")
    known = k.desk.table.get(host)
    return Address(known.address, int(port)) if known is not None else None


EVERYTHING = 1 << 30
"""What ``read`` without a number takes at most."""


def _read(k: Kernel, act: Act, program: int | None) -> Answer | None:
    socket = find_socket(k, act, program)
    if socket is None or socket.kind == LISTENER or _is_blank(socket):
        return _answered(k, act, socket.id if socket else k.name, None, "ENOTCONN" if socket else "EBADF")
    if socket.tcb.state is _S.CLOSED:
        error = waiting.take_error(k, socket)
        return _answered(k, act, socket.id, None if error else 0, error)
    limit = int(act.args[0]) if act.args else EVERYTHING
    reaction = k.react(socket.tcb, Receive(limit))
    result, error = waiting.outcome(reaction.answer)
    if error == "EAGAIN":
        _blocks(k, act, socket.id, program, octets=limit)
        return None
    answer = _answered(k, act, socket.id, result, error)
    settle(k, k.sockets[socket.id], reaction)
    return answer


# --- closing ---


def _close(k: Kernel, act: Act, program: int | None) -> Answer:
    socket = find_socket(k, act, program)
    if socket is None:
        return _answered(k, act, act.option("on") or k.name, None, "EBADF")
    return _let_go(k, act, socket)


def _let_go(k: Kernel, act: Act, socket: Socket) -> Answer:
    """``close()``: the descriptor is free; CLOSE, or ABORT where text would be lost or linger is 0."""
    if socket.tcb.state is _S.CLOSED:
        answer = _answered(k, act, socket.id, 0)
        tables.release_descriptor(k, socket.id)
        return answer
    event = Release(socket.linger_us) if socket.fd is not None else Close()
    reaction = k.react(socket.tcb, event)
    answer = _answered(k, act, socket.id, 0)
    if socket.linger_us == 0 and reaction.segments:
        k.count("TcpExtTCPAbortOnData", socket.id)
    tables.release_descriptor(k, socket.id)
    settle(k, k.sockets[socket.id], reaction)
    return answer


def _abort(k: Kernel, act: Act, program: int | None) -> Answer:
    socket = find_socket(k, act, program)
    if socket is None or socket.tcb.state is _S.CLOSED:
        return _answered(k, act, socket.id if socket else k.name, None, "ENOTCONN" if socket else "EBADF")
    reaction = k.react(socket.tcb, Abort())
    answer = _answered(k, act, socket.id, 0)
    tables.release_descriptor(k, socket.id)
    settle(k, k.sockets[socket.id], reaction)
    return answer


def _simple(k: Kernel, act: Act, program: int | None, call: Call) -> Answer:
    """A call that goes straight to the protocol and answers at once."""
    socket = find_socket(k, act, program)
    if socket is None:
        return _answered(k, act, k.name, None, "EBADF")
    reaction = k.react(socket.tcb, call)
    result, error = waiting.outcome(reaction.answer)
    answer = _answered(k, act, socket.id, result if error else result or 0, error)
    settle(k, socket, reaction)
    return answer


def _shutdown(k: Kernel, act: Act, program: int | None) -> Answer:
    return _simple(k, act, program, Shutdown(act.args[0]))


def _status(k: Kernel, act: Act, program: int | None) -> Answer:
    socket = find_socket(k, act, program)
    if socket is None:
        return _answered(k, act, k.name, None, "EBADF")
    return _answered(k, act, socket.id, str(socket.tcb.state))


def _exit(k: Kernel, act: Act, _program: int | None) -> Answer:
    """The process ends: every descriptor is closed, no program of this host goes on."""
    from tutor.world import running

    answer = _answered(k, act, k.name, 0)
    running.end_all(k)
    for fd in sorted(k.descriptors):
        _let_go(k, Act("close", (), (("fd", str(fd)),)), k.sockets[k.descriptors[fd]])
    return answer


# --- options ---


def _setsockopt(k: Kernel, act: Act, program: int | None) -> Answer:
    name, text = act.args
    socket = find_socket(k, act, program) or tables.unbound(k)
    if socket is None:
        return _answered(k, act, k.name, None, "EMFILE")
    option, value = SOCKET_OPTIONS[name], option_value(name, text)
    answer = _answered(k, act, socket.id, 0, opened=socket.id)
    if option.conf:
        settle(k, socket, k.react(socket.tcb, SetOption(option.conf, value)))
    elif name == "SO_LINGER":
        k.put(replace(socket, linger_us=value))
    else:
        _set_reusable(k, socket, is_reusable=bool(value))
    return answer


def _set_reusable(k: Kernel, socket: Socket, *, is_reusable: bool) -> None:
    """SO_REUSEADDR on a socket that may already hold a port."""
    port = socket.tcb.local.port
    users, strict = k.ports.get(port) or (0, 0)
    if users and socket.tcb.state is not _S.CLOSED:
        k.ports = k.ports.insert(port, (users, strict + socket.is_reusable - is_reusable))
    k.put(replace(socket, is_reusable=is_reusable))


_CALLS: dict[str, Callable[[Kernel, Act, int | None], Answer | None]] = {
    "socket": _socket,
    "connect": _connect,
    "listen": _listen,
    "accept": _accept,
    "write": _write,
    "read": _read,
    "close": _close,
    "shutdown": _shutdown,
    "abort": _abort,
    "status": _status,
    "setsockopt": _setsockopt,
    "exit": _exit,
}
