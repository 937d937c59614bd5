"""Moves: what programs, the network and a stranger may try next in a world of two hosts.

Rules
-----
* A move is an act of the one vocabulary, so that whatever a search finds can be played, saved and shown.
* Programs may make any call on any of their sockets. The network may lose what is on its way, or the cable be cut.
  A stranger may inject a RST or a SYN with numbers that hurt, or an ICMP error.
* How many moves of each kind a path may contain is a ``Budget``: that is what bounds the search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.tcp import seq
from tutor.tcp.states import State
from tutor.world.acts import Act, parse_act
from tutor.world.host import CONNECTION, LISTENER, Host, Socket
from tutor.world.world import World

CLIENT_PORT, SERVER_PORT = 1000, 80


@dataclass(frozen=True, slots=True)
class Budget:
    """How many acts of each kind a path may contain, and how many moves in all."""

    moves: int = 12
    calls: int = 6
    network: int = 1
    strangers: int = 1


KINDS = ("calls", "network", "strangers")


def moves(world: World) -> Iterator[tuple[str, Act]]:
    """(kind, act) for everything that may be tried now, in a fixed order."""
    names = [host.name for host in world.hosts]
    for host in world.hosts:
        peer = next(name for name in names if name != host.name)
        yield from (("calls", parse_act(text)) for text in _calls(host, peer))
    for flight in world.flights:
        if flight.copies:
            yield "network", parse_act(f"drop #{flight.id}")
    if not any(link.is_cut for link in world.links):
        yield "network", parse_act(f"cut {world.links[0].name}")
    for host in world.hosts:
        peer = next(name for name in names if name != host.name)
        yield from (("strangers", parse_act(text)) for text in _strangers(host, peer))


def _ports(name: str) -> tuple[int, int]:
    """(own port, the peer's): the client's and the server's are fixed, so that both may call each other."""
    return (CLIENT_PORT, SERVER_PORT) if name == "client" else (SERVER_PORT, CLIENT_PORT)


def _calls(host: Host, peer: str) -> Iterator[str]:
    own, other = _ports(host.name)
    sockets = host.all_sockets()
    if not any(socket.kind == LISTENER for socket in sockets):
        yield f"{host.name} listen {own}"
    if not any(socket.kind == CONNECTION for socket in sockets):
        yield f"{host.name} connect {peer}:{other} from {own}"
    for socket in sockets:
        yield from _calls_on(host, socket, f"{peer}:{other}")


def _calls_on(host: Host, socket: Socket, peer: str) -> Iterator[str]:
    name, on = host.name, f"on={socket.id}"
    if socket.state is State.LISTEN:
        if socket.accept_queue:
            yield f"{name} accept {on}"
        yield f"{name} connect {peer} {on}"
        yield f"{name} write 10 to={peer} {on}"
    elif socket.state is not State.CLOSED and not socket.tcb.out.written:
        yield f"{name} write 10 {on}"
    if socket.state is not State.CLOSED:
        yield f"{name} shutdown write {on}"
        yield f"{name} close {on}"
        yield f"{name} abort {on}"
        if not socket.tcb.conf.keepalive and socket.state is not State.LISTEN:
            yield f"{name} setsockopt SO_KEEPALIVE 1 {on}"


def _strangers(host: Host, peer: str) -> Iterator[str]:
    """What somebody who sees everything could send to ``host`` in its peer's name."""
    own, other = _ports(host.name)
    for socket in host.all_sockets():
        tcb = socket.tcb
        if tcb.remote is None or tcb.state in (State.CLOSED, State.LISTEN):
            continue
        where = f"inject {peer}>{host.name}"
        ports = f"sport={other} dport={own}"
        if tcb.state is State.SYN_SENT:
            yield f"{where} RST,ACK seq=@0 ack=@{tcb.snd.nxt} {ports}"
        else:
            yield f"{where} RST seq=@{tcb.rcv.nxt} {ports}"
            yield f"{where} SYN seq=@{seq.add(tcb.rcv.nxt, 1000)} {ports}"
        yield f"icmp {host.name} hard on={socket.id}"
