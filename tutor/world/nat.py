"""NAT: a small box on a link that lets the hosts behind it share one address.

Rules
-----
* The box sits on the link at its first host's end: what that host sends leaves with the box's public address. Several
  links may name the same public address; they share one box.
* A mapping belongs to a 4-tuple. It keeps the host's port where that is free towards the peer, else it takes the next
  one that is (RFC 4787 section 4.2; Linux does the same).
* What arrives at the public address without a mapping is lost at the box. Nobody is told.
* A mapping is forgotten when nothing has passed for its time: ``nat-transitory`` while the connection opens or closes,
  ``nat-established`` in between. A segment from inside makes it anew, perhaps on another port.

Theory
------
TCP does not know of the box; so what it forgets, the ends learn from silence or from a RST. Two hosts behind it look
like one host with two clocks, which is what tcp_tw_recycle could not bear.

NOTE: a segment is rewritten when it is sent, not half way; the box answers nothing itself and knows no port forwarding.
The defaults are those of Linux's connection tracking (``nf_conntrack_proto_tcp.c``): five days, and two minutes for
SYN_SENT and TIME_WAIT. RFC 5382 section 5 (REQ-5) asks for at least 2 h 4 min and 4 min.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rpds import HashTrieMap

from tutor.tcp.segment import ACK, FIN, RST, SYN, Segment
from tutor.tcp.tcb import Address
from tutor.tcp.values import replace
from tutor.world.link import Link

FIRST_PORT, LAST_PORT = 1024, 65535
"""Where a box looks for a free port (RFC 4787 section 4.2.1 keeps a port below 1024 below it; so does this one)."""

_FIN_INSIDE, _FIN_OUTSIDE, _BOTH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Mapping:
    """One connection through the box: who is ``inside``, on which public ``port``, and until when (microseconds)."""

    inside: Address
    remote: Address
    port: int
    expires_at: int
    is_established: bool = False
    fins: int = 0
    """Which sides have sent a FIN: 1 inside, 2 outside, 3 both; a RST counts as both."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a NAT box remembers, found from both sides."""

    outward: HashTrieMap[tuple[Address, Address], int] = field(default_factory=HashTrieMap)
    """(inside, remote) -> public port."""
    inward: HashTrieMap[tuple[int, Address], Mapping] = field(default_factory=HashTrieMap)
    """(public port, remote) -> mapping."""

    def mapping(self, port: int, remote: Address, now: int) -> Mapping | None:
        """Who is behind this public port for this peer, if that is still remembered."""
        found = self.inward.get((port, remote))
        return found if found is not None and found.expires_at > now else None

    def keeping(self, mapping: Mapping) -> Box:
        """The box with ``mapping`` as it is now."""
        return Box(
            self.outward.insert((mapping.inside, mapping.remote), mapping.port),
            self.inward.insert((mapping.port, mapping.remote), mapping),
        )


def outward(box: Box, link: Link, source: Address, destination: Address, segment: Segment, now: int) -> Box:
    """The box after ``segment`` has left through it; ``public_port`` tells on which port."""
    port = box.outward.get((source, destination))
    known = box.mapping(port, destination, now) if port is not None else None
    if known is None or known.inside != source:
        known = Mapping(source, destination, _free_port(box, source.port, destination, now), now)
    return box.keeping(_passed(known, link, segment, now, _FIN_INSIDE))


def public_port(box: Box, source: Address, destination: Address) -> int:
    """The public port of a mapping that exists."""
    return box.outward[source, destination]


def inward(box: Box, link: Link, mapping: Mapping, segment: Segment, now: int) -> Box:
    """The box after ``segment`` of the peer has come in by ``mapping``."""
    return box.keeping(_passed(mapping, link, segment, now, _FIN_OUTSIDE))


def _passed(mapping: Mapping, link: Link, segment: Segment, now: int, side: int) -> Mapping:
    """``mapping`` after a segment from ``side``: its phase, and its time anew."""
    flags = segment.flags
    fins = _BOTH if flags & RST else mapping.fins | (side if flags & FIN else 0)
    is_established = mapping.is_established or (side == _FIN_INSIDE and flags & (SYN | ACK) == ACK)
    if flags & SYN and side == _FIN_INSIDE:
        fins, is_established = 0, False
    stays = link.nat_established if is_established and fins != _BOTH else link.nat_transitory
    return replace(mapping, expires_at=now + stays, is_established=is_established, fins=fins)


def _free_port(box: Box, wish: int, remote: Address, now: int) -> int:
    """``wish`` if no other connection to ``remote`` uses it, else the next port that is free."""
    first, last = (FIRST_PORT, LAST_PORT) if wish >= FIRST_PORT else (1, FIRST_PORT - 1)
    for step in range(last - first + 1):
        port = first + (wish - first + step) % (last - first + 1)
        if box.mapping(port, remote, now) is None:
            return port
    return wish
