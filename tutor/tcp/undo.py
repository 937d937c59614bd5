"""Taking back a needless reduction: the repetition was not needed, so the network had lost nothing.

Rules
-----
* D-SACK: every repetition has been told of as a duplicate (RFC 3708).
* Eifel: the ACK echoes a timestamp from before the first repetition, so it answers the first copy (RFC 3522).
* What is undone: the window is at least what it was, the threshold too (RFC 4015), the marks of loss go.
* Not after an echo of congestion: that reduction was asked for.
"""

from __future__ import annotations

from tutor.tcp import control, phases, scoreboard, seq
from tutor.tcp.options import clock
from tutor.tcp.rack import RECOVERIES_KEPT
from tutor.tcp.scoreboard import News
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def begin(turn: Turn) -> None:
    """A window is about to be reduced: remember from where (``tcp_init_undo``)."""
    tcb = turn.tcb
    rec = tcb.rec
    left = scoreboard.counts(tcb).repeated + (rec.probe_end is not None and rec.probe_repeats)
    turn.rec(undo_from=tcb.snd.una, undo_left=left or -1)


def is_first_copy(turn: Turn, news: News) -> bool:
    """Does the ACK answer what was sent before the first repetition (``tcp_packet_delayed``)?

    Without any repetition it does; but without SACK a phase that is held has forgotten when it repeated.
    """
    tcb = turn.tcb
    at = tcb.rec.repeated_at
    if at is None:
        return tcb.agreed.sack or seq.before(tcb.snd.una, tcb.rec.high)
    return news.echo is not None and seq.before(news.echo, clock(at))


def may_undo(turn: Turn, news: News) -> bool:
    """``tcp_may_undo``."""
    rec = turn.tcb.rec
    return rec.undo_from is not None and (rec.undo_left == 0 or is_first_copy(turn, news))


def _undo(turn: Turn, *, unmark: bool) -> None:
    """``tcp_undo_cwnd_reduction``."""
    tcb = turn.tcb
    if unmark:
        turn.out(queue=tuple(replace(entry, is_lost=False) if entry.is_lost else entry for entry in tcb.out.queue))
    control.undo(turn)
    turn.rec(undo_from=None, rack=replace(tcb.rec.rack, is_new=True))


def by_twice(turn: Turn) -> bool:
    """D-SACKs have told of every repetition (``tcp_try_undo_dsack``)."""
    rec = turn.tcb.rec
    if rec.undo_from is None or rec.undo_left:
        return False
    turn.rec(rack=replace(rec.rack, persists=min(RECOVERIES_KEPT, rec.rack.persists + 1)))
    _undo(turn, unmark=False)
    turn.because("undone-by-d-sack")
    return True


def of_recovery(turn: Turn, news: News) -> bool:
    """All that was in flight is acknowledged: the end, or the happy end (``tcp_try_undo_recovery``).

    True: the phase is held until more is acknowledged, lest old duplicate ACKs begin another (RFC 6582).
    """
    rec = turn.tcb.rec
    if may_undo(turn, news):
        if rec.phase == "loss":
            turn.because("undone-timeout")
        else:
            turn.because("undone-recovery")
        _undo(turn, unmark=False)
    elif rec.rack.persists:
        turn.rec(rack=replace(rec.rack, persists=rec.rack.persists - 1))
    if phases.holds_without_sack(turn):
        return True
    phases.enter(turn, "open")
    return False


def of_partial(turn: Turn, news: News) -> bool:
    """The hole was filled by the first copy (``tcp_try_undo_partial``). True: repeat nothing for now."""
    if turn.tcb.rec.undo_from is None or not is_first_copy(turn, news):
        return False
    phases.note_reordering(turn, news.was_una, by_timestamp=True)
    if scoreboard.counts(turn.tcb).repeated:
        return True
    if not phases.has_repeated(turn.tcb):
        turn.rec(repeated_at=None)
    _undo(turn, unmark=True)
    turn.because("undone-in-part")
    phases.keep_open(turn)
    return False


def of_timeout(turn: Turn, news: News, *, spurious: bool) -> bool:
    """The timeout was needless (``tcp_try_undo_loss``); ``spurious``: F-RTO has found so."""
    if not spurious and not may_undo(turn, news):
        return False
    _undo(turn, unmark=True)
    turn.because("undone-timeout")
    if spurious:
        turn.because("timeout-was-spurious")
    turn.rtx(count=0)
    if phases.holds_without_sack(turn):
        return True
    if spurious or turn.tcb.agreed.sack:
        phases.enter(turn, "open")
    return True
