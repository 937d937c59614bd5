"""Ports: who may bind one, which one a connect() gets by itself, and when a TIME-WAIT gives way.

Rules
-----
* A port may be bound if every socket on it, TIME-WAIT included, agrees with the new one: both have SO_REUSEADDR and the
  old one does not listen, or both have SO_REUSEPORT (``inet_csk_bind_conflict``). The old socket's option counts as
  much as the new one's. Listeners with SO_REUSEPORT share a port; a hash of the caller says whose a SYN is.
* A port that the program named belongs to its descriptor: it outlives a refusal, a reset, a ``disconnect`` and a
  ``shutdown`` of the listener, and close() frees it. A chosen port, bind() to port 0 included, goes with the
  connection (``SOCK_BINDPORT_LOCK`` in ``tcp_set_state``).
* connect() chooses among the ports of the range that no socket has bound itself: a port that was bound is never
  chosen, though its 4-tuple be free (``__inet_hash_connect``). ``port_choice`` says in which order:

  - ``sequential``: one after the other;
  - ``parity``: first every second port, of the parity of the range's low end, then the others; a range of an odd
    number of ports loses its last one (Linux from 4.2 on). bind() to port 0 takes the other parity first.
* A 4-tuple in TIME-WAIT gives way to connect() if timestamps tell old segments from new ones: to a socket that bound
  the port itself where ``tw_gives_way_to_bound`` (so does the small FIN-WAIT-2 of an orphan); to a chosen port if
  ``tw_reuse`` is 1, or 2 on a loopback address, and ``tw_reuse_delay_us`` has passed (``tcp_twsk_unique``, RFC 6191).

Theory
------
What must be unique is the 4-tuple, not the port. So one port serves many connections, and what runs out is ports
towards one destination.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.states import State
from tutor.tcp.tcb import Address
from tutor.world.desk import Kernel
from tutor.world.host import LISTENER, PortUse, Socket, tuple_key
from tutor.world.portlist import reserved_ports

_UNUSED = PortUse(0, 0, 0, 0, 0)


# --- who is on a port ---


def take(k: Kernel, socket: Socket, sign: int = 1) -> None:
    """One more socket is on its port; ``sign`` -1: one fewer."""
    port = socket.tcb.local.port
    if not port:
        return
    use = k.ports.get(port) or _UNUSED
    is_closed, is_alone = not socket.is_reusable or socket.kind == LISTENER, not socket.is_shared
    facts = (True, not socket.has_chosen_port, is_closed, is_alone, is_closed and is_alone)
    after = PortUse(*(count + sign * fact for count, fact in zip(use, facts, strict=True)))
    k.ports = k.ports.insert(port, after) if after.users else k.ports.discard(port)


def give_back(k: Kernel, socket: Socket) -> None:
    """One socket fewer is on its port."""
    take(k, socket, -1)


def is_kept(socket: Socket) -> bool:
    """Does this port stay the socket's own when the connection, or the listening, is over?"""
    return socket.keeps_port and socket.fd is not None


def is_on_port(socket: Socket) -> bool:
    """Is this socket one of those on its port? One that is over is not, unless the port stays its own."""
    return socket.tcb.state is not State.CLOSED or socket.tcb.remote is None or is_kept(socket)


def may_bind(k: Kernel, port: int, socket: Socket) -> bool:
    """May ``socket`` take this port for itself?"""
    use = k.ports.get(port)
    if use is None or (socket.is_reusable and not use.closed) or (socket.is_shared and not use.alone):
        return True
    return socket.is_reusable and socket.is_shared and not use.hard


def free_port(k: Kernel, socket: Socket) -> int | None:
    """The port that bind() to port 0 gets; None if there is none."""
    return next((port for port in _in_order(k, 0, is_for_bind=True) if may_bind(k, port, socket)), None)


# --- connect() ---


def choose(k: Kernel, remote: Address) -> int | None:
    """The port that connect() to ``remote`` gets by itself; None if all are taken (EADDRNOTAVAIL)."""
    for port in _in_order(k, k.next_port or k.port):
        use = k.ports.get(port)
        if use is not None and use.bound:
            continue
        if is_free(k, Address(k.address, port), remote, is_bound=False):
            k.next_port = port + (2 if k.profile.port_choice == "parity" else 1)
            return port
    return None


def is_free(k: Kernel, local: Address, remote: Address, *, is_bound: bool) -> bool:
    """Is this 4-tuple free, or held by a TIME-WAIT that gives way? ``is_bound``: the program bound the port itself."""
    found = k.tuples.get(tuple_key(local, remote))
    return found is None or gives_way(k, k.sockets[found], is_bound=is_bound)


def gives_way(k: Kernel, old: Socket, *, is_bound: bool) -> bool:
    """Does this socket make room for a new connection on the same 4-tuple?"""
    profile, tcb = k.profile, old.tcb
    is_waiting = tcb.state is State.TIME_WAIT
    if not (is_waiting or (tcb.is_small and tcb.state is State.FIN_WAIT_2)) or not tcb.agreed.timestamps:
        return False
    if is_bound or not is_waiting:
        return is_bound and profile.tw_gives_way_to_bound
    is_allowed = profile.tw_reuse == 1 or (profile.tw_reuse == ONLY_LOOPBACK and _is_loopback(tcb.local, tcb.remote))
    return is_allowed and k.now - old.time_wait_at > profile.tw_reuse_delay_us


ONLY_LOOPBACK = 2
"""tcp_tw_reuse: connections of a host with itself alone."""


def _is_loopback(*ends: Address | None) -> bool:
    return any(end is not None and end.ip.startswith("127.") for end in ends)


# --- the order of the range ---


def _in_order(k: Kernel, start: int, *, is_for_bind: bool = False) -> Iterator[int]:
    """The ports of the range in the order in which they are tried."""
    reserved = reserved_ports(k.profile.reserved_ports)
    for port in _range(k, start, is_for_bind=is_for_bind):
        if port not in reserved:
            yield port


def _range(k: Kernel, start: int, *, is_for_bind: bool) -> Iterator[int]:
    first, last = k.profile.first_port, k.profile.last_port
    count = last - first + 1
    if k.profile.port_choice == "sequential":
        for offset in range(count):
            port = start + offset
            yield port if start and port <= last else first + (port - first) % count
        return
    count -= count % 2 if count > 1 else 0
    offset = (start - first) % count & ~1 if start else 0
    for parity in (1, 0) if is_for_bind else (0, 1):
        for step in range(parity, count + parity, 2):
            place = (offset + step) % count
            if place % 2 == parity or count == 1:
                yield first + place
        if count == 1:
            return
