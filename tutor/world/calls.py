"""Calls: the socket interface of a host, and what each call asks of the protocol.

Rules
-----
* A call that cannot be made answers an errno. It is never an exception: learners may try anything.
* ``close`` lets go of the socket (an orphan may stay behind); ``shutdown write`` is the RFC's CLOSE.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp.events import Abort, Call, Close, Receive, Release, Send, Shutdown
from tutor.tcp.states import HAS_SENT_FIN, State
from tutor.tcp.tcb import Address
from tutor.tcp.values import replace
from tutor.world import opening, ports, running, sockets, tables, waiting
from tutor.world.acts import Act
from tutor.world.calling import Answer, answered, blocks, find_socket, is_blank, may_wait
from tutor.world.desk import Kernel
from tutor.world.host import LISTENER, Socket
from tutor.world.kernel import settle

_S = State


def perform(k: Kernel, act: Act, program: int | None = None) -> Answer | None:
    """Make the call ``act`` on this host; None when it blocks."""
    if not k.is_up:
        return answered(k, act, f"{k.name}", None, "EHOSTDOWN")
    return _CALLS[act.name](k, act, program)


# --- accepting, writing, reading ---


def _accept(k: Kernel, act: Act, program: int | None) -> Answer | None:
    listener = find_socket(k, act, program, listener=True)
    if listener is None or listener.kind != LISTENER or listener.tcb.state is not _S.LISTEN:
        return answered(k, act, listener.id if listener else k.name, None, "EINVAL" if listener else "EBADF")
    if not listener.accept_queue:
        if not may_wait(act, listener):
            return answered(k, act, listener.id, None, "EAGAIN")
        blocks(k, act, listener.id, program)
        return None
    accepted = tables.take_from_queue(k, listener)
    if accepted is None:
        return answered(k, act, listener.id, None, "EMFILE")
    if act.option("nonblock") == "yes":
        k.put(replace(accepted, is_nonblocking=True))
    answer = answered(k, act, accepted.id, accepted.fd, opened=accepted.id)
    tables.tell_queues(k, listener.id)
    _adopt(k, accepted.id)
    return answer


def _adopt(k: Kernel, socket_id: str) -> None:
    running.adopt(k, socket_id)


def _write(k: Kernel, act: Act, program: int | None) -> Answer | None:
    socket = find_socket(k, act, program)
    if socket is None or is_blank(socket):
        return answered(k, act, socket.id if socket else k.name, None, "EPIPE" if socket else "EBADF")
    if socket.tcb.state is _S.CLOSED:
        return answered(k, act, socket.id, None, waiting.take_error(k, socket) or "EPIPE")
    octets, remote = int(act.args[0]), _endpoint(k, act.option("to"))
    if not may_wait(act, socket) and socket.tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED):
        return answered(k, act, socket.id, None, "EAGAIN")
    sending = Send(
        octets, act.option("push", "yes") == "yes", act.option("urgent") == "yes",
        more=act.option("more") == "yes", ends_record=act.option("eor") == "yes",
    )  # fmt: skip
    if socket.kind == LISTENER:
        if not k.profile.listen_may_turn_active or remote is None:
            return answered(k, act, socket.id, None, "EDESTADDRREQ" if k.profile.listen_may_turn_active else "EPIPE")
        socket = opening.turn_caller(k, socket, remote)
        iss = opening.choose_iss(k, act, socket.tcb.local, remote)
        reaction = k.react(socket.tcb, replace(sending, remote=remote, iss=iss))
    else:
        reaction = k.react(socket.tcb, sending)
    taken, error = waiting.outcome(reaction.answer)
    is_short = error == "EAGAIN" or (error is None and taken is not None and taken < octets)
    if is_short and may_wait(act, socket):
        blocks(k, act, socket.id, program, octets=octets - (taken or 0), done=taken or 0)
        settle(k, k.sockets[socket.id], reaction)
        return None
    answer = answered(k, act, socket.id, taken, error)
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
    if socket is None or socket.kind == LISTENER or is_blank(socket):
        return answered(k, act, socket.id if socket else k.name, None, "ENOTCONN" if socket else "EBADF")
    limit = int(act.args[0]) if act.args else EVERYTHING
    if socket.tcb.state is _S.CLOSED:
        return answered(k, act, socket.id, *waiting.read_when_over(k, socket, limit))
    if act.option("peek") == "yes" and socket.tcb.inc.unread:
        return answered(k, act, socket.id, min(limit, socket.tcb.inc.unread))
    reaction = k.react(socket.tcb, Receive(limit))
    result, error = waiting.outcome(reaction.answer)
    if error == "EAGAIN" and may_wait(act, socket):
        blocks(k, act, socket.id, program, octets=limit)
        return None
    answer = answered(k, act, socket.id, result, error)
    settle(k, k.sockets[socket.id], reaction)
    return answer


# --- closing ---


def _close(k: Kernel, act: Act, program: int | None) -> Answer | None:
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, act.option("on") or k.name, None, "EBADF")
    return _let_go(k, act, socket, program)


def _let_go(k: Kernel, act: Act, socket: Socket, program: int | None) -> Answer | None:
    """``close()``: the descriptor is free; CLOSE, or ABORT where text would be lost or linger is 0.

    With SO_LINGER and a time it blocks until the FIN is acknowledged, but no longer; what then stays is an orphan.
    """
    if socket.tcb.state is _S.CLOSED:
        if ports.is_on_port(socket):
            ports.give_back(k, socket)
        tables.release_descriptor(k, socket.id)
        return answered(k, act, socket.id, 0)
    answer: Answer | None = None
    event = Release(socket.linger_us) if socket.fd is not None else Close()
    reaction = k.react(socket.tcb, event)
    if socket.linger_us and reaction.tcb.state in waiting.LINGERING:
        blocks(k, act, socket.id, program, octets=socket.linger_us, span=socket.linger_us)
    else:
        answer = answered(k, act, socket.id, 0)
    if socket.linger_us == 0 and reaction.segments:
        k.count("TcpExtTCPAbortOnData", socket.id)
    tables.release_descriptor(k, socket.id)
    settle(k, k.sockets[socket.id], reaction)
    return answer


def _abort(k: Kernel, act: Act, program: int | None) -> Answer:
    socket = find_socket(k, act, program)
    if socket is None or socket.tcb.state is _S.CLOSED:
        return answered(k, act, socket.id if socket else k.name, None, "ENOTCONN" if socket else "EBADF")
    reaction = k.react(socket.tcb, Abort())
    answer = answered(k, act, socket.id, 0)
    tables.release_descriptor(k, socket.id)
    settle(k, k.sockets[socket.id], reaction)
    return answer


def _simple(k: Kernel, act: Act, program: int | None, call: Call) -> Answer:
    """A call that goes straight to the protocol and answers at once."""
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    reaction = k.react(socket.tcb, call)
    result, error = waiting.outcome(reaction.answer)
    if isinstance(call, Shutdown) and error == "EPIPE":
        error = None
    answer = answered(k, act, socket.id, result if error else result or 0, error)
    settle(k, socket, reaction)
    return answer


def _shutdown(k: Kernel, act: Act, program: int | None) -> Answer:
    """``shutdown()``: a second time it changes nothing; in SYN-SENT, and reading on a LISTEN, it ends everything.

    What is CLOSED, or in TIME-WAIT, answers ENOTCONN (``inet_shutdown``).
    """
    socket = find_socket(k, act, program)
    how = act.args[0]
    if socket is None or socket.tcb.state in (_S.CLOSED, _S.TIME_WAIT):
        return answered(k, act, socket.id if socket else k.name, None, "ENOTCONN" if socket else "EBADF")
    state = socket.tcb.state
    if state is _S.LISTEN and how == "write":
        return answered(k, act, socket.id, 0)
    if how == "write" and (state in HAS_SENT_FIN or socket.tcb.out.is_closed):
        return answered(k, act, socket.id, 0)
    return _simple(k, act, program, Close() if state in (_S.SYN_SENT, _S.LISTEN) else Shutdown(how))


def _status(k: Kernel, act: Act, program: int | None) -> Answer:
    socket = find_socket(k, act, program)
    if socket is None:
        return answered(k, act, k.name, None, "EBADF")
    return answered(k, act, socket.id, str(socket.tcb.state))


def _exit(k: Kernel, act: Act, _program: int | None) -> Answer:
    """The process ends: every descriptor is closed, no program of this host goes on."""
    answer = answered(k, act, k.name, 0)
    running.end_all(k)
    for fd in sorted(k.descriptors):
        _let_go(k, Act("close", (), (("fd", str(fd)),)), k.sockets[k.descriptors[fd]], None)
    return answer


_CALLS: dict[str, Callable[[Kernel, Act, int | None], Answer | None]] = {
    "socket": opening.socket,
    "connect": opening.connect,
    "listen": opening.listen,
    "accept": _accept,
    "write": _write,
    "read": _read,
    "close": _close,
    "shutdown": _shutdown,
    "abort": _abort,
    "status": _status,
    "bind": sockets.bind,
    "disconnect": sockets.disconnect,
    "fcntl": sockets.fcntl,
    "setsockopt": sockets.setsockopt,
    "getsockopt": sockets.getsockopt,
    "ioctl": sockets.ioctl,
    "poll": sockets.poll,
    "exit": _exit,
}
