"""Initial sequence numbers (RFC 9293 section 3.4.1, RFC 6528).

Rules
-----
* ISN = M + F(4-tuple, secret): M is a clock that ticks every ``isn_tick_ns`` (4 µs in the RFC, 64 ns in Linux), F is
  drawn from the world's seed. Where ``isn_offset`` is the host, F is one number for all its connections: RFC 793's
  clock, which anybody can read who is answered once.
* A host whose number is fixed by the scenario counts up from it, ``FIXED_STEP`` per connection.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.tcb import Address
from tutor.world.chance import number
from tutor.world.desk import Kernel

FIXED_STEP = 64_000
"""How far apart the numbers of successive connections are on a host whose first one is fixed."""


def fresh_iss(k: Kernel, local: Address, remote: Address, side: str) -> int:
    """The number that a connection between ``local`` and ``remote`` would start from, opened now.

    ``side``: ``ACTIVE`` or ``PASSIVE``; a variant may have one of them begin with the same number always.
    """
    if side in k.profile.variant.fixed_isn:
        return k.isn if k.isn is not None else number(k.desk.seed, "isn", (k.name,))
    if k.isn is not None:
        return seq.add(k.isn, FIXED_STEP * k.opened)
    whose = (str(local), str(remote)) if k.profile.isn_offset == "four-tuple" else ()
    secret = number(k.desk.seed, "isn", (k.name, *whose, k.boots))
    return seq.add(secret, k.now * 1000 // k.profile.isn_tick_ns)


def place_iss(k: Kernel, iss: int) -> None:
    """From now on the host counts up from ``iss``, which is the number of its next connection."""
    k.isn = seq.add(iss, -FIXED_STEP * k.opened)
