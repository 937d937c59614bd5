"""Timestamps of a host: what its clock shows others, and what it remembers of theirs.

Rules
-----
* The protocol counts milliseconds of the world. On the wire each host adds its own offset (``timestamp_offset``):
  none, one for the host (it was started up to a day and a half ago), or one for each pair of addresses. What an ACK
  echoes has it taken off again.
* With ``tw_recycle`` a host remembers the last timestamp of every address it closed with. For a minute an older one
  from there is taken for an old duplicate, whatever the port (``tcp_v4_conn_request`` until 4.11).

Theory
------
One remembered number for an address is right while an address is one machine. Behind a NAT box several machines
with different clocks share an address: whose clock is behind is refused, without a word.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import Address, Tcb
from tutor.tcp.values import replace
from tutor.world.chance import number
from tutor.world.desk import Kernel
from tutor.world.time import SECOND

MEMORY_US = 60 * SECOND
"""How long a remembered timestamp counts (``TCP_PAWS_MSL``)."""

SLACK = 1
"""A timestamp may be this much older and still pass (``TCP_PAWS_WINDOW``)."""


def _offset(k: Kernel, remote: Address) -> int:
    """What this host adds to the timestamps it sends to ``remote``."""
    rule = k.profile.timestamp_offset
    if rule == "none":
        return 0
    if rule == "host":
        return number(k.desk.seed, "uptime", (k.name, k.boots)) >> 5
    return number(k.desk.seed, "timestamp", (k.name, k.boots, remote.ip))


def outward(k: Kernel, remote: Address, segment: Segment) -> Segment:
    """``segment`` as it stands on the wire."""
    stamp = segment.options.timestamp
    if stamp is None or not (offset := _offset(k, remote)):
        return segment
    return replace(segment, options=replace(segment.options, timestamp=(seq.add(stamp[0], offset), stamp[1])))


def inward(k: Kernel, remote: Address, segment: Segment) -> Segment:
    """``segment`` as the protocol reads it."""
    stamp = segment.options.timestamp
    if stamp is None or not segment.has_ack or not (offset := _offset(k, remote)):
        return segment
    return replace(segment, options=replace(segment.options, timestamp=(stamp[0], seq.add(stamp[1], -offset))))


# --- tcp_tw_recycle ---


def remember(k: Kernel, tcb: Tcb) -> None:
    """A connection goes into TIME-WAIT: keep the peer's last timestamp, unless a newer one is known."""
    if not k.profile.tw_recycle or not tcb.agreed.timestamps or tcb.remote is None:
        return
    known = recall(k, tcb.remote)
    if known is None or seq.before_or_at(known[0], tcb.agreed.ts_recent):
        k.stamps = k.stamps.insert(tcb.remote.ip, (tcb.agreed.ts_recent, k.now))


def recall(k: Kernel, remote: Address) -> tuple[int, int] | None:
    """(timestamp, when it was kept) of this address, if it still counts."""
    known = k.stamps.get(remote.ip) if k.profile.tw_recycle else None
    return known if known is not None and k.now - known[1] < MEMORY_US else None


def looks_old(k: Kernel, remote: Address, syn: Segment) -> bool:
    """Is the timestamp of this SYN older than one that came from its address before?"""
    known, stamp = recall(k, remote), syn.options.timestamp
    return known is not None and stamp is not None and seq.distance(stamp[0], known[0]) > SLACK
