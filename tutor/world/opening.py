"""Opening: ``socket``, ``listen`` and ``connect``: how a host comes to a listener or a connection.

Rules
-----
* A listener needs a port that nobody listens on, and that no socket uses unless all of them have SO_REUSEADDR.
* A connection needs a 4-tuple that is free on this host, or held by a TIME-WAIT that gives way; without ``from`` a
  port is chosen (``ports``).
* By the letter of RFC 9293 (3.10.1, 3.10.2) a listener may call; where the profile forbids it the answer is EISCONN.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.events import Open, Reaction
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb, closed
from tutor.tcp.values import replace
from tutor.tcp.variant import ACTIVE
from tutor.world import ports, running, stamps, tables, waiting, wire
from tutor.world.acts import Act
from tutor.world.calling import Answer, answered, blocks, find_socket, is_blank, may_wait
from tutor.world.desk import Kernel
from tutor.world.host import CONNECTION, LISTENER, Socket, tuple_key
from tutor.world.isn import fresh_iss
from tutor.world.kernel import follow, settle

DEFAULT_BACKLOG = 128
"""What ``listen`` takes when nothing is said."""


def socket(k: Kernel, act: Act, _program: int | None) -> Answer:
    """A blank socket with a descriptor."""
    socket = tables.unbound(k)
    if socket is None:
        return answered(k, act, k.name, None, "EMFILE")
    if act.option("nonblock") == "yes":
        k.put(replace(socket, is_nonblocking=True))
    return answered(k, act, socket.id, socket.fd, opened=socket.id)


def _blank(k: Kernel, act: Act, program: int | None) -> Socket | None:
    """The blank socket that ``act`` means, or a fresh one; None when no descriptor is left."""
    found = find_socket(k, act, program)
    if found is not None and is_blank(found):
        return found
    return tables.unbound(k)


def listen(k: Kernel, act: Act, program: int | None) -> Answer:
    """Passive OPEN: a listener on a port of its own; again, on a listener: another backlog."""
    is_named = bool(act.option("on") or act.option("fd"))
    found = find_socket(k, act, program)
    if is_named and found is None:
        return answered(k, act, k.name, None, "EBADF")
    backlog = min(int(act.option("backlog", str(DEFAULT_BACKLOG))), k.profile.somaxconn)
    if is_named and found is not None and found.tcb.state is State.LISTEN:
        k.put(replace(found, backlog=backlog))
        return answered(k, act, found.id, 0)
    if is_named and not is_blank(found):
        return answered(k, act, act.option("on") or k.name, None, "EINVAL")
    own = found if found is not None and is_blank(found) else None
    return _listen(k, act, own, backlog)


_NOTHING = closed(Address("", 0))


def _listen(k: Kernel, act: Act, own: Socket | None, backlog: int) -> Answer:
    """``own``: the blank socket that is to listen, perhaps bound; None: a fresh one."""
    bound = own.tcb.local.port if own is not None else 0
    is_reusable = act.option("reuse", "yes") == "yes" and (own is None or own.is_reusable or not bound)
    if own is not None:
        ports.give_back(k, own)
    wish = replace(own, is_reusable=is_reusable) if own else Socket("", LISTENER, _NOTHING, 0, is_reusable=is_reusable)
    port = int(act.args[0]) if act.args else bound or ports.free_port(k, wish)
    name = f"{k.name}:{port}"
    if port is None or not ports.may_bind(k, port, wish):
        if own is not None:
            ports.take(k, own)
        return answered(k, act, name, None, "EADDRINUSE")
    socket = own or tables.unbound(k)
    if socket is None:
        return answered(k, act, name, None, "EMFILE")
    local = Address(k.address, port)
    if port in k.listeners:
        name = f"{name}~{socket.number}"
    listener = replace(
        socket, id=name, kind=LISTENER, backlog=backlog, is_reusable=is_reusable, tcb=replace(socket.tcb, local=local),
        keeps_port=socket.keeps_port or bool(act.args),
    )  # fmt: skip
    answer = answered(k, act, name, 0, opened=name)
    tables.rename(k, socket, listener)
    tables.enter(k, listener)
    settle(k, listener, k.react(listener.tcb, Open(active=False, local=local, stream=f"{name}>{k.name}")))
    return answer


def connect(k: Kernel, act: Act, program: int | None) -> Answer | None:
    """Active OPEN; the call blocks until the handshake is over."""
    host, _, port = act.args[0].rpartition(":")
    known = k.desk.table.get(host)
    if known is None:
        return answered(k, act, k.name, None, "ENETUNREACH")
    remote = Address(known.address, int(port))
    is_named = bool(act.option("on") or act.option("fd"))
    found = find_socket(k, act, program) if is_named else _blank(k, act, program)
    if found is None:
        return answered(k, act, k.name, None, "EBADF" if is_named else "EMFILE")
    if found.is_connecting:
        return _still_connecting(k, act, found, program)
    if found.tcb.state is State.CLOSED and not is_blank(found):
        found = tables.blank_again(k, found)
    if not is_blank(found):
        return _connect_again(k, act, found, remote, program)
    ports.give_back(k, found)
    local = choose_port(k, act, remote, found.tcb.local.port)
    if local is None:
        ports.take(k, found)
        is_asked = bool(act.option("from") or found.tcb.local.port)
        k.because(found.id, "port-taken" if is_asked else "no-port-left")
        return answered(k, act, found.id, None, "EADDRNOTAVAIL", opened=found.id)
    return _open(k, act, found, (local, remote), program)


def _still_connecting(k: Kernel, act: Act, socket: Socket, program: int | None) -> Answer | None:
    """``connect()`` after one that did not wait: EALREADY, or how it ended, once (``__inet_stream_connect``)."""
    if socket.tcb.state in (State.SYN_SENT, State.SYN_RECEIVED):
        if not may_wait(act, socket):
            return answered(k, act, socket.id, None, "EALREADY")
        blocks(k, act, socket.id, program)
        return None
    k.put(replace(socket, is_connecting=False))
    if socket.tcb.state is State.CLOSED:
        return answered(k, act, socket.id, None, waiting.take_error(k, k.sockets[socket.id]) or "ECONNABORTED")
    return answered(k, act, socket.id, 0)


def choose_port(k: Kernel, act: Act, remote: Address, bound: int = 0) -> Address | None:
    """The local end of a new connection: the port asked for, or one that is free; None when there is none."""
    if asked := act.option("from") or bound:
        local = Address(k.address, int(asked))
        return local if ports.is_free(k, local, remote, is_bound=True) else None
    port = ports.choose(k, remote)
    return Address(k.address, port) if port is not None else None


def _open(k: Kernel, act: Act, socket: Socket, ends: tuple[Address, Address], program: int | None) -> Answer | None:
    """Active OPEN on a blank socket, perhaps in place of a TIME-WAIT. The call blocks until the handshake is over."""
    local, remote = ends
    found = k.tuples.get(tuple_key(local, remote))
    old = k.sockets[found] if found is not None else None
    if old is not None:
        k.because(old.id, "time-wait-gives-way")
        k.count("TcpExtTWRecycled", old.id)
        tables.give_way(k, old)
    is_asked, is_bound = bool(act.option("from")), bool(socket.tcb.local.port)
    name = wire.name_for_open(k.desk, k.name, local, remote)
    calling = replace(
        socket, id=name, tcb=replace(socket.tcb, local=local, remote=remote),
        is_reusable=socket.is_reusable or is_asked, has_chosen_port=not is_asked and not is_bound,
        keeps_port=socket.keeps_port or is_asked,
    )  # fmt: skip
    tables.rename(k, socket, calling)
    tables.enter(k, calling)
    call = _active(local, remote, choose_iss(k, act, local, remote), f"{name}>{k.name}", int(act.option("data", "0")))
    call = _after(k, act, old.tcb, call) if old is not None else replace(call, stamp=stamps.recall(k, remote))
    return _call_out(k, act, calling, k.react(calling.tcb, call), program)


def _after(k: Kernel, act: Act, old: Tcb, call: Open) -> Open:
    """The OPEN that takes over the 4-tuple of ``old``: numbers above the old ones, its timestamp (RFC 6191)."""
    stamp = (old.agreed.ts_recent, old.agreed.ts_recent_at) if old.agreed.timestamps else None
    offset = k.profile.reopen_offset
    keeps = act.option("isn") or not offset or ACTIVE in k.profile.variant.fixed_isn
    iss = call.iss if keeps else seq.add(old.snd.nxt, offset)
    return replace(call, iss=iss, stamp=stamp)


def _active(local: Address, remote: Address, iss: int, stream: str, text: int = 0) -> Open:
    return Open(active=True, local=local, remote=remote, iss=iss, stream=stream, text=text)


def choose_iss(k: Kernel, act: Act, local: Address, remote: Address) -> int:
    """The initial number asked for, or a fresh one."""
    if asked := act.option("isn"):
        return int(asked)
    iss = fresh_iss(k, local, remote, ACTIVE)
    k.opened += 1
    return iss


def _call_out(k: Kernel, act: Act, socket: Socket, reaction: Reaction, program: int | None) -> Answer | None:
    """A SYN goes out; the call waits for what comes of it, or answers EINPROGRESS."""
    answer: Answer | None = None
    if program is not None:
        running.take(k, program, socket.id)
    if may_wait(act, socket):
        blocks(k, act, socket.id, program)
    else:
        k.put(replace(k.sockets[socket.id], is_connecting=True))
        answer = answered(k, act, socket.id, None, "EINPROGRESS", opened=socket.id)
    settle(k, k.sockets[socket.id], reaction)
    running.adopt(k, socket.id)
    return answer


def _connect_again(k: Kernel, act: Act, socket: Socket, remote: Address, program: int | None) -> Answer | None:
    """OPEN on a socket that is listening or connected: a LISTEN may turn active (3.10.1), all else is refused."""
    local = socket.tcb.local
    if socket.kind != LISTENER or not k.profile.listen_may_turn_active:
        _, error = waiting.outcome(k.react(socket.tcb, _active(local, remote, 0, "")).answer)
        return answered(k, act, socket.id, None, error or "EISCONN")
    caller = turn_caller(k, socket, remote)
    call = _active(local, remote, choose_iss(k, act, local, remote), f"{caller.id}>{k.name}")
    return _call_out(k, act, caller, k.react(caller.tcb, call), program)


def turn_caller(k: Kernel, listener: Socket, remote: Address) -> Socket:
    """A listener is about to call ``remote``: it takes the connection's name and leaves the listeners' table."""
    name = wire.name_for_open(k.desk, k.name, listener.tcb.local, remote)
    tables.leave(k, listener)
    follow(k, tables.reset_queue(k, listener))
    caller = replace(
        k.sockets[listener.id], id=name, kind=CONNECTION, accept_queue=(), syn_queue=0, young=0, armed_at=None,
        tcb=replace(listener.tcb, remote=remote),
    )  # fmt: skip
    tables.rename(k, listener, caller)
    tables.enter(k, caller)
    return caller
