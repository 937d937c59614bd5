"""ICMP errors about a connection (RFC 9293 section 3.9.2.2).

Rules
-----
* An error counts only if it quotes a number in flight (RFC 5927 section 4), or SND.NXT when nothing is.
* Hard errors abort a connection attempt, and elsewhere where the profile says so; soft errors never do in
  the RFC (MUST-56), yet Linux gives up a connection attempt on them.
* Net or host unreachable about SND.UNA: the repeated segment met no congestion but a missing route, so that one
  doubling of the RTO is taken back, and the timer runs for what is left of it (RFC 6069, ``tcp_ld_RTO_revert``).
* "Too big" lowers the segment size and sends again at once what was too big (RFC 1191 section 6.3).
"""

from __future__ import annotations

from tutor.tcp import output, persist, rto, seq, transitions
from tutor.tcp.events import Icmp
from tutor.tcp.options import effective_mss
from tutor.tcp.segment import FIN, PSH
from tutor.tcp.states import State
from tutor.tcp.tcb import Sent
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

HEADERS = 40
"""Octets of IPv4 and TCP headers without options."""

SMALLEST_MTU = 68
"""No path carries less, whatever a report says (RFC 1191 section 3)."""


def icmp_arrives(turn: Turn, event: Icmp) -> None:
    """Section 3.9.2.2: by kind."""
    tcb = turn.tcb
    no_peer = tcb.state in (State.CLOSED, State.LISTEN, State.TIME_WAIT)
    if no_peer or not seq.within(tcb.snd.una, event.seq, max(1, tcb.flight_size)):
        turn.because("icmp-not-in-flight", seq=event.seq)
    elif event.kind == "too-big" and event.mtu is not None:
        _too_big(turn, event.mtu)
    elif _aborts(turn, event.kind):
        edges = transitions.UNREACHABLE if event.kind == "hard" else transitions.UNREACHABLE_SOFT
        turn.move(edges[tcb.state])
        turn.signal(_ERRORS[event.kind])
    else:
        if event.no_route and turn.profile.icmp_reverts_backoff and event.seq == tcb.snd.una:
            _revert_backoff(turn)
        if event.kind == "hard":
            turn.because("icmp-hard-survived")
        else:
            turn.because("icmp-soft-error")
        turn.set(soft_error=_ERRORS[event.kind])
        turn.signal("soft-error")


_ERRORS = {"hard": "refused", "soft": "unreachable", "too-big": "unreachable"}
"""Kind of report -> what a user is told if it ends the connection."""


def _aborts(turn: Turn, kind: str) -> bool:
    """Does an error of this kind end the connection?"""
    profile = turn.profile
    if turn.tcb.state is State.SYN_SENT:
        return kind == "hard" or profile.soft_icmp_aborts_connect
    return kind == "hard" and profile.hard_icmp_aborts


def _revert_backoff(turn: Turn) -> None:
    """One doubling less, counted from when the oldest segment last left; what is overdue goes at once."""
    tcb = turn.tcb
    if not tcb.rtx.count or not tcb.rtx.backoff or tcb.timers.persist is not None:
        return
    turn.set(rtx=rto.backed_on(tcb.rtx, turn.profile))
    turn.because("backoff-reverted", rto_us=turn.tcb.rtx.rto)
    end = max(turn.now, tcb.out.queue[0].sent_at + turn.tcb.rtx.rto)
    turn.timers(retransmission=end, loss_probe=None, reordering=None)


def _too_big(turn: Turn, mtu: int) -> None:
    """Segments shrink to the path; what is in flight and too big is cut anew and goes again at once."""
    mss = max(mtu, SMALLEST_MTU) - HEADERS
    if mss >= turn.tcb.agreed.mss:
        turn.because("path-is-wide-enough", mtu=mtu)
        return
    turn.agreed(mss=mss)
    turn.because("path-is-narrower", mtu=mtu)
    queue, cut = _recut(turn.tcb.out.queue, effective_mss(turn.tcb, turn.profile))
    turn.out(queue=queue)
    for index in cut:
        output.retransmit(turn, index)
    if cut and turn.tcb.timers.persist is None:
        persist.arm_retransmission(turn)


def _recut(queue: tuple[Sent, ...], size: int) -> tuple[tuple[Sent, ...], tuple[int, ...]]:
    """The same octets in segments of at most ``size``, and the places of those that had to be cut.

    PSH and FIN stay on the last piece of each.
    """
    result: list[Sent] = []
    cut: list[int] = []
    for entry in queue:
        if entry.payload is None or entry.length <= size:
            result.append(entry)
            continue
        for start in range(0, entry.length, size):
            is_last = start + size >= entry.length
            flags = entry.flags if is_last else entry.flags & ~(FIN | PSH)
            cut.append(len(result))
            piece = entry.payload.cut(start, size)
            result.append(replace(entry, seq=seq.add(entry.seq, start), payload=piece, flags=flags))
    return tuple(result), tuple(cut)
