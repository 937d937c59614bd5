"""Tables of a host: who holds which port, 4-tuple and descriptor, and the two queues of a listener.

Rules
-----
* How much the queues hold is in ``queues``; what enters and leaves them is counted here.
* A request entry that returns to LISTEN is deleted; the listener never left LISTEN.
* Closing a listener resets what waits in its accept queue and forgets its request entries at their next event.
* A connection that is over frees its 4-tuple at once; its socket stays while a descriptor or a queue holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.tcp.events import Abort, Event, Expiry, Reaction, Signal
from tutor.tcp.states import HAS_RECEIVED_FIN, State
from tutor.tcp.tcb import Address, Tcb, closed
from tutor.tcp.values import replace
from tutor.world import counting, ports, stamps
from tutor.world.chance import number
from tutor.world.desk import Kernel
from tutor.world.host import CONNECTION, LISTENER, REQUEST, Socket, tuple_key
from tutor.world.queues import is_young
from tutor.world.records import QueueChanged, Vanished

_S = State

Consequence = tuple[Socket, Event]
"""What happens to a socket because of what became of it, or of another one."""


# --- making and forgetting sockets ---


def new_socket(k: Kernel, socket_id: str, kind: str, tcb: Tcb, **fields: object) -> Socket:
    """A socket with the next number of this host. It is not in any table yet."""
    k.created += 1
    return Socket(socket_id, kind, tcb, k.created, **fields)  # type: ignore[arg-type]


def take_descriptor(k: Kernel, socket: Socket) -> Socket | None:
    """``socket`` with a descriptor; None when the host has no more of them (EMFILE)."""
    if len(k.descriptors) >= k.nofile:
        return None
    while k.next_fd in k.descriptors:
        k.next_fd += 1
    held = replace(socket, fd=k.next_fd)
    if held.kind == CONNECTION:
        k.latest = held.id
    k.descriptors = k.descriptors.insert(k.next_fd, socket.id)
    k.next_fd += 1
    return held


def unbound(k: Kernel) -> Socket | None:
    """A blank socket, neither listening nor connected, with a descriptor; None when there is none left."""
    socket = take_descriptor(k, new_socket(k, "", CONNECTION, closed(Address(k.address, 0))))
    if socket is None:
        return None
    named = replace(socket, id=f"{k.name}:fd{socket.fd}")
    rename(k, socket, named)
    return named


def enter(k: Kernel, socket: Socket) -> None:
    """Put a socket that got its addresses into the tables."""
    port = socket.tcb.local.port
    if socket.kind == LISTENER:
        _listens(k, port, socket.id)
    else:
        assert socket.tcb.remote is not None, "only a listener has no peer"
        k.tuples = k.tuples.insert(tuple_key(socket.tcb.local, socket.tcb.remote), socket.id)
    ports.take(k, socket)
    k.put(socket)


def leave(k: Kernel, socket: Socket) -> None:
    """Take a socket out of the tables that find it by address, and off its port."""
    _hide(k, socket)
    ports.give_back(k, socket)


def _hide(k: Kernel, socket: Socket) -> None:
    """No segment finds this socket any more."""
    local, remote = socket.tcb.local, socket.tcb.remote
    if socket.kind == LISTENER:
        _listens_no_more(k, local.port, socket.id)
    elif remote is not None:
        k.tuples = k.tuples.discard(tuple_key(local, remote))


def make_room(k: Kernel, socket_id: str) -> None:
    """A dead socket that is still held under this name gets another one: a new connection needs it."""
    dead = k.sockets.get(socket_id)
    if dead is None:
        return
    after = replace(dead, id=f"{socket_id}~{dead.number}")
    listener = _listener_of(k, dead)
    if dead.is_queued and listener is not None:
        queue = tuple(after.id if each == socket_id else each for each in listener.accept_queue)
        k.put(replace(listener, accept_queue=queue))
    rename(k, dead, after)


def leave_behind(k: Kernel, socket: Socket) -> None:
    """The program keeps its descriptor of a connection whose 4-tuple has gone to another: to it, it is closed."""
    over = closed(_own_end(k, socket))
    left = replace(socket, id=f"{socket.id}~{socket.number}", tcb=over, waiters=(), armed_at=None)
    ports.take(k, left)
    k.put(left)
    assert socket.fd is not None, "who keeps it has a descriptor"
    k.descriptors = k.descriptors.insert(socket.fd, f"{socket.id}~{socket.number}")


def blank_again(k: Kernel, over: Socket) -> Socket:
    """The program may use the socket ``over`` again: blank, with its options and, if it named one, its port.

    A connection that waits in TIME-WAIT all the same (RFC 9293, note 3) does so without the program.
    """
    blank = new_socket(
        k, f"{k.name}:fd{over.fd}", CONNECTION, replace(closed(_own_end(k, over)), conf=over.tcb.conf),
        fd=over.fd, linger_us=over.linger_us, is_reusable=over.is_reusable, is_nonblocking=over.is_nonblocking,
        kept=over.kept, keeps_port=over.keeps_port,
    )  # fmt: skip
    rename(k, over, blank)
    if over.tcb.state is not _S.CLOSED:
        k.put(replace(over, fd=None))
        ports.take(k, blank)
    return blank


def _own_end(k: Kernel, socket: Socket) -> Address:
    """The local end that a descriptor has left when its connection, or its listening, is over."""
    return socket.tcb.local if ports.is_kept(socket) else Address(k.address, 0)


def give_way(k: Kernel, old: Socket) -> None:
    """A TIME-WAIT is over because a new connection takes its 4-tuple."""
    k.time_waits -= 1
    leave(k, old)
    k.sockets = k.sockets.discard(old.id)
    k.desk.record(Vanished(k.now, k.name, old.id, old.tcb.state))
    if old.fd is not None:
        leave_behind(k, old)


def rename(k: Kernel, before: Socket, after: Socket) -> None:
    """A socket got another name: the tables follow."""
    if after.id != before.id:
        make_room(k, after.id)
    k.sockets = k.sockets.discard(before.id)
    if k.latest == before.id:
        k.latest = after.id
    if after.fd is not None:
        k.descriptors = k.descriptors.insert(after.fd, after.id)
    k.put(after)


def release_descriptor(k: Kernel, socket_id: str) -> None:
    """The program holds this socket no more; a socket that only a descriptor kept is gone."""
    socket = k.sockets.get(socket_id)
    if socket is None or socket.fd is None:
        return
    k.descriptors = k.descriptors.discard(socket.fd)
    k.next_fd = min(k.next_fd, socket.fd)
    if socket.tcb.state is _S.CLOSED:
        k.sockets = k.sockets.discard(socket_id)
    else:
        k.put(replace(socket, fd=None))


# --- what a new state means for the tables ---


def keep(k: Kernel, before: Socket, after: Socket, reaction: Reaction) -> Iterable[Consequence]:
    """Keep ``after`` in the place where its state belongs, or forget it; what that means for it or for others."""
    old, new = before.tcb.state, after.tcb.state
    if new is _S.TIME_WAIT and old is not new:
        after = replace(after, time_wait_at=k.now)
    is_made = is_entry(after) and not is_entry(before)
    if is_made:
        _entry_made(k, after)
    elif is_entry(before) and not is_entry(after):
        k.time_waits -= 1
    k.orphans += _is_counted_orphan(after) - _is_counted_orphan(before)
    if before.kind == REQUEST and new is not _S.SYN_RECEIVED:
        _request_done(k, before, after, reaction)
    elif before.kind == LISTENER and new is not _S.LISTEN:
        _listener_done(k, before, after)
        return reset_queue(k, before)
    elif new is _S.CLOSED and old is not _S.CLOSED:
        _over(k, replace(after, heard_end=True) if old in HAS_RECEIVED_FIN else after)
    else:
        k.put(after)
        if is_young(before) and not is_young(after):
            _ages(k, after)
        if is_made and k.time_waits > k.profile.max_tw_buckets:
            return (_no_room_for_time_wait(k, after),)
        if _is_counted_orphan(after) and not _is_counted_orphan(before) and k.orphans > k.profile.max_orphans:
            return (_too_many_orphans(k, after),)
    return ()


def is_entry(socket: Socket) -> bool:
    """Is this connection a mere entry: in TIME-WAIT, or an orphan's FIN-WAIT-2 that was made small?"""
    return socket.tcb.state is _S.TIME_WAIT or (socket.tcb.is_small and socket.tcb.state is _S.FIN_WAIT_2)


def _entry_made(k: Kernel, socket: Socket) -> None:
    """One entry more; one for which there is no place is not counted."""
    k.time_waits += 1
    if k.time_waits > k.profile.max_tw_buckets:
        return
    deadline = socket.tcb.next_deadline()
    k.count(counting.of_entry(deadline[0] - k.now if deadline is not None else 0))
    stamps.remember(k, socket.tcb)


def _is_counted_orphan(socket: Socket) -> bool:
    """Linux counts orphans until they are closed or small entries."""
    return socket.tcb.is_orphan and socket.tcb.state is not _S.CLOSED and not is_entry(socket)


def _over(k: Kernel, socket: Socket) -> None:
    """The connection is over: its 4-tuple is free. The socket stays if somebody still holds it, perhaps on its port."""
    _hide(k, socket)
    if not ports.is_kept(socket):
        ports.give_back(k, socket)
    if socket.fd is None and not socket.is_queued:
        k.sockets = k.sockets.discard(socket.id)
    else:
        k.put(socket)


def _no_room_for_time_wait(k: Kernel, socket: Socket) -> Consequence:
    """More entries than the host keeps: this one ends as if its time were up."""
    k.because(socket.id, "time-wait-table-full")
    k.count("TcpExtTCPTimeWaitOverflow", socket.id)
    timer = "time-wait" if socket.tcb.state is _S.TIME_WAIT else "fin-wait-2"
    return socket, Expiry(timer)


def _too_many_orphans(k: Kernel, socket: Socket) -> Consequence:
    """More connections without a program than the host keeps: this one is reset (``tcp_check_oom``)."""
    k.because(socket.id, "too-many-orphans")
    k.count("TcpExtTCPAbortOnMemory", socket.id)
    return socket, Abort()


# --- request entries ---


def _ages(k: Kernel, request: Socket) -> None:
    """A request entry has had its first timeout: it is young no more."""
    listener = _listener_of(k, request)
    if listener is not None:
        k.put(replace(listener, young=listener.young - 1))


def _request_done(k: Kernel, before: Socket, request: Socket, reaction: Reaction) -> None:
    """A request entry became a connection, or it is deleted (also by returning to LISTEN).

    A connection that opens and is over within one event still waits for accept(): it did open.
    """
    listener = _listener_of(k, request)
    is_finished = listener is not None and Signal("connected") in reaction.effects
    is_over = request.tcb.state in (_S.CLOSED, _S.LISTEN)
    if is_over:
        leave(k, request)
    if is_over and not is_finished:
        k.sockets = k.sockets.discard(request.id)
    else:
        k.put(replace(request, kind=CONNECTION, is_queued=is_finished))
    if listener is None:
        return
    queue = (*listener.accept_queue, request.id) if is_finished else listener.accept_queue
    if is_finished:
        k.count("TcpPassiveOpens")
    young = listener.young - is_young(before)
    _queues(k, replace(listener, syn_queue=listener.syn_queue - 1, young=young, accept_queue=queue))


def request_made(k: Kernel, listener: Socket) -> None:
    """One more request entry."""
    _queues(k, replace(listener, syn_queue=listener.syn_queue + 1, young=listener.young + 1))


def opened_without_entry(k: Kernel, connection: Socket) -> None:
    """A connection whose listener never had an entry for it waits in the accept queue."""
    listener = _listener_of(k, connection)
    assert listener is not None, "a cookie is looked for, and a SYN answered, on behalf of a listener"
    k.count("TcpPassiveOpens")
    _queues(k, replace(listener, accept_queue=(*listener.accept_queue, connection.id)))


def _queues(k: Kernel, listener: Socket) -> None:
    """Keep a listener whose queues have changed, and say so."""
    k.put(listener)
    tell_queues(k, listener.id)


def tell_queues(k: Kernel, listener_id: str) -> None:
    """Record the lengths of a listener's queues."""
    listener = k.sockets[listener_id]
    k.desk.record(QueueChanged(k.now, k.name, listener.id, listener.syn_queue, len(listener.accept_queue)))


def take_from_queue(k: Kernel, listener: Socket) -> Socket | None:
    """The connection that has waited longest, with a descriptor; None when no descriptor is left. Not told yet."""
    first = k.sockets[listener.accept_queue[0]]
    accepted = take_descriptor(k, replace(first, is_queued=False))
    if accepted is None:
        return None
    k.put(accepted)
    k.put(replace(k.sockets[listener.id], accept_queue=listener.accept_queue[1:]))
    return accepted


def _listener_of(k: Kernel, child: Socket) -> Socket | None:
    """The listener whose child this is, if it still listens."""
    listener = k.sockets.get(child.listener) if child.listener else None
    return listener if listener is not None and listener.number == child.listener_number else None


def is_abandoned(k: Kernel, socket: Socket) -> bool:
    """Is this a request entry whose listener has closed? It is forgotten at its next event."""
    return socket.kind == REQUEST and _listener_of(k, socket) is None


def forget(k: Kernel, request: Socket, why: str) -> None:
    """A request entry vanishes without a word."""
    k.because(request.id, why)
    listener = _listener_of(k, request)
    if listener is not None:
        young = listener.young - is_young(request)
        _queues(k, replace(listener, syn_queue=listener.syn_queue - 1, young=young))
    leave(k, request)
    k.sockets = k.sockets.discard(request.id)
    k.desk.record(Vanished(k.now, k.name, request.id, request.tcb.state))


# --- listeners ---


def _listens(k: Kernel, port: int, socket_id: str) -> None:
    """One more listener on a port; the first one of a group stands in the table."""
    first = k.listeners.get(port)
    if first is None:
        k.listeners = k.listeners.insert(port, socket_id)
    else:
        k.groups = k.groups.insert(port, (*(k.groups.get(port) or (first,)), socket_id))


def _listens_no_more(k: Kernel, port: int, socket_id: str) -> None:
    left = tuple(each for each in k.groups.get(port) or () if each != socket_id)
    k.groups = k.groups.insert(port, left) if len(left) > 1 else k.groups.discard(port)
    k.listeners = k.listeners.insert(port, left[0]) if left else k.listeners.discard(port)


def listener_on(k: Kernel, port: int, caller: Address) -> Socket | None:
    """The listener that a segment from ``caller`` is for: of several on a port, always the same one."""
    group = k.groups.get(port)
    name = (
        group[number(k.desk.seed, "reuseport", (k.name, str(caller))) % len(group)] if group else k.listeners.get(port)
    )
    return k.sockets[name] if name is not None else None


def all_listeners(k: Kernel) -> tuple[Socket, ...]:
    """Every listener of this host."""
    names = {*k.listeners.values(), *(name for group in k.groups.values() for name in group)}
    return tuple(k.sockets[name] for name in sorted(names))


def _listener_done(k: Kernel, before: Socket, after: Socket) -> None:
    """The listener closed. Or it turned active: it is a connection now."""
    bare = replace(after, backlog=0, accept_queue=(), syn_queue=0, young=0)
    leave(k, before)
    if after.tcb.state is not _S.CLOSED:
        enter(k, replace(bare, kind=CONNECTION))
    elif after.fd is None:
        k.sockets = k.sockets.discard(after.id)
    else:
        ports.take(k, blank_again(k, after))


def reset_queue(k: Kernel, listener: Socket) -> Iterator[Consequence]:
    """Whoever waits in the accept queue of a listener that goes away is reset, one after the other."""
    for name in listener.accept_queue:
        waiting = replace(k.sockets[name], is_queued=False)
        k.put(waiting)
        if waiting.tcb.state is _S.CLOSED:
            k.sockets = k.sockets.discard(name)
            continue
        k.because(name, "never-accepted")
        yield waiting, Abort()
    if listener.accept_queue or listener.syn_queue:
        k.desk.record(QueueChanged(k.now, k.name, listener.id, 0, 0))
