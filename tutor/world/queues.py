"""The two queues of a listener: how much they hold, and what happens when they are crowded.

Rules
-----
* ``listen`` cuts the backlog down to somaxconn, as it is then.
* Accept queue (全连接队列): finished connections, at most the backlog and ``accept_queue_extra`` more.
* SYN queue (半连接队列): request entries. How many is ``syn_queue_rule``:

  - ``backlog-and-one``: the backlog and one more (Linux from 6.13 on);
  - ``backlog``: the backlog (4.4 to 6.12);
  - ``power-of-two``: min(backlog, max_syn_backlog), at least 8, rounded up to the next power of two
    above it (before 4.4).
* Without SYN cookies a quarter of ``max_syn_backlog`` is kept free besides, for callers the host knows.
* ``request_pruning``: when more than half of the SYN queue is used, old entries get fewer tries, the fewer, the
  fewer of the entries are young (``reqsk_timer_handler``). An entry is young until its first timeout.
"""

from __future__ import annotations

from tutor.tcp.requests import tries_of
from tutor.world.desk import Kernel
from tutor.world.host import REQUEST, Host, Socket

LEAST_ENTRIES = 8
"""A SYN queue counts as at least this long (``reqsk_queue_alloc``, ``reqsk_timer_handler``)."""

LEAST_TRIES = 2
"""Pruning leaves an entry this many tries."""


def accept_queue_limit(host: Host | Kernel, listener: Socket) -> int:
    """How many finished connections this listener holds."""
    return listener.backlog + host.profile.accept_queue_extra


def is_accept_queue_full(host: Host | Kernel, listener: Socket) -> bool:
    """Has the accept queue no place left?"""
    return len(listener.accept_queue) >= accept_queue_limit(host, listener)


def refuses_syn(host: Host | Kernel, listener: Socket) -> bool:
    """Is a SYN dropped because the accept queue is full? Old kernels still took a few (``accept_full_young``)."""
    return is_accept_queue_full(host, listener) and listener.young >= host.profile.accept_full_young


def syn_queue_limit(host: Host | Kernel, listener: Socket) -> int:
    """How many request entries this listener holds."""
    profile, backlog = host.profile, listener.backlog
    if profile.syn_queue_rule == "backlog-and-one":
        return backlog + 1
    if profile.syn_queue_rule == "backlog":
        return backlog
    entries = max(min(backlog, profile.max_syn_backlog), LEAST_ENTRIES)
    return 1 << entries.bit_length()


def is_syn_queue_full(host: Host | Kernel, listener: Socket) -> bool:
    """Has the SYN queue no place left?"""
    return listener.syn_queue >= syn_queue_limit(host, listener)


def is_reserve_touched(host: Host | Kernel, listener: Socket) -> bool:
    """Would one more entry take from the quarter of ``max_syn_backlog`` that is kept free without cookies?"""
    profile = host.profile
    return not profile.syncookies and profile.max_syn_backlog - listener.syn_queue < profile.max_syn_backlog >> 2


def tries_now(host: Host | Kernel, listener: Socket) -> int | None:
    """How many tries a request entry of this listener has now; None for as many as usual."""
    tries = tries_of(listener.tcb, host.profile)
    if not host.profile.request_pruning or not tries or not _is_crowded(host, listener):
        return None
    young = 2 * listener.young
    while tries > LEAST_TRIES and listener.syn_queue >= young:
        tries -= 1
        young *= 2
    return tries


def _is_crowded(host: Host | Kernel, listener: Socket) -> bool:
    """Is more than half of the SYN queue in use?"""
    if host.profile.syn_queue_rule == "power-of-two":
        return 2 * listener.syn_queue >= syn_queue_limit(host, listener)
    return 2 * listener.syn_queue > max(LEAST_ENTRIES, listener.backlog)


def is_young(request: Socket) -> bool:
    """Has this request entry not seen a timeout yet?"""
    return request.kind == REQUEST and request.tcb.rtx.count == 0
