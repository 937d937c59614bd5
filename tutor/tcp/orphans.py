"""Orphans: connections that no program holds any more, and how long a host keeps them.

Rules
-----
* In FIN-WAIT-2 an orphan waits for the peer's FIN no longer than ``fin_wait_2_us`` (tcp_fin_timeout, TCP_LINGER2), but
  at least 3.5 RTO (``fin_wait_2_half_rtos``), even if that span is 0. Then it is gone without a word, and without
  TIME-WAIT. Where there is neither a span nor a least time it waits for ever.
* A host with ``small_entries`` keeps it as a small entry (``smallentry``). Such an entry lives no longer than TIME-WAIT
  does; what is longer is waited out before, by the whole socket, and counted once more: 70 s of tcp_fin_timeout make
  10 + 10.
* A negative TCP_LINGER2 ends FIN-WAIT-2 with a RST at once: the peer's ACK of our FIN is answered as a stray one.

Source: Linux ``tcp_close``, ``tcp_rcv_state_process``, ``tcp_keepalive_timer``, ``tcp_fin_time``; RFC 9293 section
3.3.2 gives FIN-WAIT-2 no timer at all.
"""

from __future__ import annotations

from tutor.tcp import output, transitions
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import NO_TIMERS, Tcb
from tutor.tcp.turn import Turn

_S = State


def fin_wait_2_span(tcb: Tcb, profile: Profile) -> int:
    """How long this orphan may wait for a FIN, in microseconds; 0 for ever; negative: not at all."""
    wish = tcb.conf.linger2_us or 0
    if wish < 0:
        return wish
    return max(wish or profile.fin_wait_2_us, tcb.rtx.rto * profile.fin_wait_2_half_rtos // 2)


def wait_for_fin(turn: Turn, segment: Segment | None = None) -> None:
    """An orphan has come to FIN-WAIT-2 by ``segment``, or a connection in FIN-WAIT-2 has become an orphan."""
    span = fin_wait_2_span(turn.tcb, turn.profile)
    if span < 0:
        turn.because("no-time-for-fin")
        if segment is not None:
            turn.emit(output.reset_for(segment), "reset")
        else:
            output.send_abort(turn)
        turn.move(transitions.ABORT[_S.FIN_WAIT_2])
    elif span:
        longest = turn.profile.time_wait_us
        if turn.profile.small_entries and span > longest:
            turn.timers(fin_wait_2=turn.now + span - longest)
        else:
            _shrink(turn, span)


def _shrink(turn: Turn, span: int) -> None:
    """From now on the connection is a small entry, for ``span`` (where the profile has such entries)."""
    turn.set(timers=NO_TIMERS, is_small=turn.profile.small_entries)
    turn.timers(fin_wait_2=turn.now + span)


def fin_wait_2_over(turn: Turn) -> None:
    """The time is over: the whole socket becomes a small entry for what is left, a small entry is gone."""
    tcb, profile = turn.tcb, turn.profile
    left = fin_wait_2_span(tcb, profile) - profile.time_wait_us
    if profile.small_entries and not tcb.is_small and left > 0:
        _shrink(turn, left)
        return
    turn.move(transitions.FIN_WAIT_2_ORPHAN_TIMEOUT)
