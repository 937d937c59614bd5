"""SYN cookies: a listener's memory of a handshake, kept by the caller (RFC 4987 section 3.6).

Rules
-----
* The ISN of the SYN,ACK is F(4-tuple) + SEG.SEQ + (minute << 24) + (G(4-tuple, minute) + MSS index) mod 2^24
  (``secure_tcp_syn_cookie``). F and G are keyed: who does not know the secret cannot make one.
* An ACK of ISN + 1 proves that its sender got the SYN,ACK, if the minute is this one or the one before it.
* Of the SYN only the MSS survives, rounded down to one of ``MSS_TABLE``. Whatever else it offered survives in the
  low bits of the timestamp if there is one (``tcp.requests``), and is lost without.
* A listener that has sent no cookie for ``VALID_US`` believes no ACK (``tcp_synq_no_recent_overflow``).

Theory
------
A request entry costs memory before the caller has shown that its address is real; a flood of forged SYNs fills
the queue. A cookie costs nothing until the ACK comes back, and the price is what the listener cannot remember:
nothing is sent again, and options are lost.
"""

from __future__ import annotations

from bisect import bisect_right

from tutor.tcp import seq
from tutor.tcp.tcb import Address
from tutor.world.chance import Key, number
from tutor.world.time import SECOND

MSS_TABLE = (536, 1300, 1440, 1460)
"""The sizes a cookie can stand for (``msstab`` of net/ipv4/syncookies.c)."""

PERIOD_US = 60 * SECOND
"""One step of the cookie's clock (``TCP_SYNCOOKIE_PERIOD``)."""

MAX_AGE = 2
"""A cookie is good in its own period and in the next one (``MAX_SYNCOOKIE_AGE``)."""

VALID_US = MAX_AGE * PERIOD_US
"""How long after its last cookie a listener looks for one in an ACK (``TCP_SYNCOOKIE_VALID``)."""

_DATA = 0xFFFFFF

Ends = tuple[Address, Address]
"""The listener's end and the caller's."""


def make(secret: Key, seed: int, ends: Ends, irs: int, mss: int, now: int) -> int:
    """The number that answers a SYN numbered ``irs`` and offering ``mss``."""
    index = max(0, bisect_right(MSS_TABLE, mss) - 1)
    period = now // PERIOD_US
    low = (_hash(secret, seed, ends, period) + index) & _DATA
    cookie = _hash(secret, seed, ends, None) + irs + (period << 24) + low
    return cookie % seq.SPACE


def check(secret: Key, seed: int, ends: Ends, irs: int, cookie: int, now: int) -> int | None:
    """The MSS that ``cookie`` stands for; None if it is not ours, or too old."""
    period = now // PERIOD_US
    left = (cookie - _hash(secret, seed, ends, None) - irs) % seq.SPACE
    age = (period - (left >> 24)) & 0xFF
    if age >= MAX_AGE:
        return None
    index = (left - _hash(secret, seed, ends, period - age)) & _DATA
    return MSS_TABLE[index] if index < len(MSS_TABLE) else None


def _hash(secret: Key, seed: int, ends: Ends, period: int | None) -> int:
    """32 bits of the 4-tuple, and of the period if there is one, that nobody can guess."""
    return number(seed, "cookie", (*secret, str(ends[0]), str(ends[1]), period))
