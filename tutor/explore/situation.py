"""Situation: what two worlds have in common when the same can happen next.

Rules
-----
* Times are left out, numbers are counted from what the receiver expects, names are kept.
* Equal worlds have equal situations. Different worlds may have equal ones: the search is then shorter, and what
  it finds is still true, since every path it reports was really taken. Only "cannot be reached" is relative to
  this abstraction, and says so.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.tcb import Tcb
from tutor.world.host import Host, Socket
from tutor.world.records import Flight
from tutor.world.world import World

Situation = tuple[object, ...]


def situation(world: World) -> Situation:
    """What matters for the next moves."""
    return (
        tuple(_host(host) for host in world.hosts),
        tuple(link.is_cut for link in world.links),
        tuple(sorted(_flight(world, flight) for flight in world.flights)),
    )


def _host(host: Host) -> Situation:
    return (host.is_up, tuple(_socket(socket) for socket in host.all_sockets()))


def _socket(socket: Socket) -> Situation:
    return (socket.kind, socket.fd is None, len(socket.accept_queue), socket.syn_queue, *_block(socket.tcb))


def _block(tcb: Tcb) -> Situation:
    out, inc = tcb.out, tcb.inc
    return (
        str(tcb.state),
        tcb.is_active,
        tcb.is_orphan,
        tcb.conf.keepalive,
        tuple(name for name, _ in tcb.deadlines()),
        (len(out.queue), out.unsent > 0, out.is_closed, out.fin_seq is not None, min(tcb.rtx.count, 1)),
        (inc.unread > 0, len(inc.held)),
        tcb.snd.wnd > 0,
    )


def _flight(world: World, flight: Flight) -> tuple[str, str, int, int, int]:
    """Whose, what, and where it lies between what its receiver expects and has sent."""
    segment = flight.segment
    receiver = world.host(flight.receiver)
    socket = receiver.connection(flight.connection)
    offset = ack = 2
    if socket is not None and socket.tcb.remote is not None:
        offset = _clamp(seq.distance(socket.tcb.rcv.nxt, segment.seq))
        ack = _clamp(seq.distance(socket.tcb.snd.una, segment.ack)) if segment.has_ack else 3
    return flight.sender, f"{segment.flags}/{segment.length}", offset, ack, len(flight.copies)


def _clamp(distance: int) -> int:
    return max(-1, min(1, distance))
