"""Moves: what programs may do next in a world of two hosts, and what the network or a stranger may do to it.

Rules
-----
* A move is an act of the one vocabulary, so that whatever a search finds can be played, saved and shown.
* *Calls* are what programs may do; a search goes on from what they lead to. *Probes* end a path: an abort, a cut
  cable, a forged RST, an ICMP error. What follows a probe is watched, but nothing else is tried after it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import NamedTuple

from tutor.tcp import seq
from tutor.tcp.states import State
from tutor.tcp.transitions import LISTEN_RCV_COOKIE
from tutor.world.acts import Act, parse_act
from tutor.world.host import CONNECTION, LISTENER, Host, Socket
from tutor.world.world import World

CLIENT_PORT, SERVER_PORT = 1000, 80


class Probe(NamedTuple):
    """Acts that end a path; probes with an equal ``key`` are tried where they come up first."""

    key: Hashable
    acts: tuple[Act, ...]


def _ports(name: str) -> tuple[int, int]:
    """(own port, the peer's): both are fixed, so that either host may call the other."""
    return (CLIENT_PORT, SERVER_PORT) if name == "client" else (SERVER_PORT, CLIENT_PORT)


def _hosts(world: World) -> Iterator[tuple[Host, str]]:
    """Every host with its peer's name."""
    names = [host.name for host in world.hosts]
    for host in world.hosts:
        yield host, next(name for name in names if name != host.name)


def calls(world: World) -> Iterator[Act]:
    """Every call that a program may make now, in a fixed order: the server is the first to listen, the client to call.

    Of recipes that are equally short the first is kept, so learners see the parts that they know.
    """
    hosts = list(_hosts(world))
    for host, _ in reversed(hosts):
        if not any(socket.kind == LISTENER for socket in host.all_sockets()):
            yield parse_act(f"{host.name} listen {_ports(host.name)[0]}")
    for host, peer in hosts:
        own, other = _ports(host.name)
        if not any(socket.kind == CONNECTION for socket in host.all_sockets()):
            yield parse_act(f"{host.name} connect {peer}:{other} from {own}")
    for host, peer in hosts:
        for socket in host.all_sockets():
            yield from map(parse_act, _calls_on(host, socket, f"{peer}:{_ports(host.name)[1]}"))


def _calls_on(host: Host, socket: Socket, peer: str) -> Iterator[str]:
    name, on, state = host.name, f"on={socket.id}", socket.state
    if state is State.LISTEN:
        yield f"{name} connect {peer} {on}"
        yield f"{name} write 10 to={peer} {on}"
        yield f"{name} close {on}"
    elif state is not State.CLOSED:
        if not socket.tcb.out.written:
            yield f"{name} write 10 {on}"
        if not socket.tcb.out.is_closed:
            yield f"{name} shutdown write {on}"
        if not socket.is_orphan:
            yield f"{name} close {on}"


def probes(world: World) -> Iterator[Probe]:
    """Every way to end a path now."""
    yield from _losses(world)
    cut = parse_act(f"cut {world.links[0].name}")
    yield Probe(("cut", *(_standing(socket) for host in world.hosts for socket in host.all_sockets())), (cut,))
    for host, peer in _hosts(world):
        listens = any(socket.kind == LISTENER for socket in host.all_sockets())
        for socket in host.all_sockets():
            if socket.state is State.CLOSED:
                continue
            for name, probing in _probes_of(host, peer, socket):
                acts = (*_drops(world, host.name), *probing)
                alive = parse_act(f"{host.name} setsockopt SO_KEEPALIVE 1 on={socket.id}")
                key = (name, host.name, _standing(socket), listens)
                yield Probe(key, (alive, cut) if name == "keepalive" else acts)


def _drops(world: World, receiver: str) -> tuple[Act, ...]:
    """What is on its way to ``receiver`` is lost, so that a stranger's segment comes first."""
    flights = (flight for flight in world.flights if flight.receiver == receiver and flight.copies)
    return tuple(parse_act(f"drop #{flight.id}") for flight in flights)


def _losses(world: World) -> Iterator[Probe]:
    """A segment is lost, and the program that sent it closes: its FIN then carries the lost ACK."""
    for flight in world.flights:
        socket = world.host(flight.sender).connection(flight.connection)
        if socket is not None and socket.state is not State.CLOSED and flight.copies:
            deed = parse_act(f"{flight.sender} shutdown write on={socket.id}")
            acts = (parse_act(f"drop #{flight.id}"), deed)
            yield Probe(("loss", flight.sender, flight.segment.flags, _standing(socket)), acts)


def _standing(socket: Socket) -> tuple[object, ...]:
    tcb = socket.tcb
    return str(tcb.state), tcb.is_active, tcb.is_orphan, bool(tcb.out.queue)


def _probes_of(host: Host, peer: str, socket: Socket) -> Iterator[tuple[str, tuple[Act, ...]]]:
    """What may be done to one socket: by its program, by a stranger who sees everything, by the network."""
    own, other = _ports(host.name)
    tcb, on = socket.tcb, f"on={socket.id}"
    where, ports = f"inject {peer}>{host.name}", f"sport={other} dport={own}"
    yield "abort", (parse_act(f"{host.name} abort {on}"),)
    if tcb.state is State.LISTEN:
        if host.profile.rule_set in LISTEN_RCV_COOKIE.rule_sets:
            call = f"{peer} connect {host.name}:{own} from {other + 1}"
            yield "cookie", (parse_act(f"set {host.name}.tcp_syncookies 2"), parse_act(call))
        return
    yield "keepalive", ()
    yield "icmp", (parse_act(f"icmp {host.name} hard {on}"),)
    if tcb.state is State.SYN_SENT:
        yield "soft-icmp", (parse_act(f"icmp {host.name} soft {on}"),)
        yield "rst", (parse_act(f"{where} RST,ACK seq=@0 ack=@{tcb.snd.nxt} {ports}"),)
    else:
        yield "rst", (parse_act(f"{where} RST seq=@{tcb.rcv.nxt} {ports}"),)
        yield "syn", (parse_act(f"{where} SYN seq=@{seq.add(tcb.rcv.nxt, 1000)} {ports}"),)
        yield "fin", (parse_act(f"{where} FIN,ACK seq=@{seq.add(tcb.rcv.nxt, -1)} ack=@{tcb.snd.nxt} {ports}"),)
