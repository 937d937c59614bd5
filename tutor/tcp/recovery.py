"""Loss recovery: the phases of a sender that learns of losses, and what each ACK means in them.

Rules
-----
* *Open*: nothing is amiss. *Disorder*: something arrived out of order, or twice. *Recovery*: a segment is lost, and it
  is repeated while the window is cut (RFC 6582, RFC 6675). *Loss*: the retransmission timer struck; everything that has
  not arrived may be lost (RFC 5681 section 3.1).
* A phase ends when all is acknowledged that was out when it began.
* Without SACK a segment is lost after three duplicate ACKs, and the next one with every partial ACK (RFC 6582). With
  SACK it is a question of time (``rack``), and was one of distance in older kernels (``sack``).
* What turns out to have been no loss is undone: every repetition was reported as a duplicate (RFC 3708), or the ACK
  echoes a time before the first repetition (RFC 3522), or new text arrived after a timeout (F-RTO, RFC 5682).

Theory
------
The phases are those of Linux (``tcp_fastretrans_alert``); the RFCs describe the same with fewer names. A phase decides
three things: which segments are given up, whether the window is cut or grows, and what leaves first.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.tcp import congestion, control, rack, seq
from tutor.tcp.options import clock
from tutor.tcp.scoreboard import counts, end_of, marked_lost
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import RECOVERING, Recovery, Sent, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


class News(NamedTuple):
    """What an ACK has told."""

    acked: tuple[Sent, ...]
    """Wholly acknowledged now."""
    newly: tuple[Sent, ...]
    """Sacked now."""
    duplicate: tuple[int, int] | None
    """A report of something that came twice."""
    is_advance: bool
    is_dupack: bool
    """It acknowledges nothing, carries nothing, changes no window (RFC 5681 section 2)."""
    segment: Segment

    @property
    def fresh(self) -> tuple[Sent, ...]:
        """What is known now, and was not before, to have arrived."""
        return (*(entry for entry in self.acked if not entry.is_sacked), *self.newly)


def note(turn: Turn, **changes: object) -> None:
    """Change the record of recovery."""
    turn.set(rec=replace(turn.tcb.rec, **changes))


def uses_time(turn: Turn) -> bool:
    """Is loss found by RACK here? It needs SACK."""
    return turn.profile.loss_recovery == "sack-rack" and turn.tcb.agreed.sack


# --- one ACK ---


def react(turn: Turn, news: News) -> None:
    """What the ACK means in this phase (``tcp_fastretrans_alert``)."""
    _end_phase(turn, news)
    phase = turn.tcb.rec.phase
    if phase == "loss":
        _in_loss(turn, news)
        _find_losses(turn, news)
        return
    if phase == "recovery":
        _in_recovery(turn, news)
    elif not uses_time(turn):
        _count_dupacks(turn, news)
    _undo_by_duplicates(turn)
    _find_losses(turn, news)
    if turn.tcb.rec.phase == "recovery":
        return
    if counts(turn.tcb).lost:
        enter_recovery(turn)
    else:
        _keep_open(turn)


def _end_phase(turn: Turn, news: News) -> None:
    """All that was out when this phase began is acknowledged."""
    tcb = turn.tcb
    rec = tcb.rec
    if rec.phase != "recovery" or seq.before(tcb.snd.una, rec.point):
        return
    if not tcb.agreed.sack:
        note(turn, dupacks=0)
    _undo(turn, news)
    if tcb.snd.una == rec.point and not tcb.agreed.sack and tcb.out.queue:
        return  # without SACK, wait for something beyond: a late duplicate ACK must not start it all again
    turn.set(cc=congestion.end_cut(turn.tcb.cc, turn.now))
    turn.because("recovery-over")
    note(turn, phase="open", undo_from=None)


def _in_recovery(turn: Turn, news: News) -> None:
    if not turn.tcb.agreed.sack:
        _count_dupacks(turn, news)
    if news.is_advance and _was_delayed(turn, news):
        _undo(turn, news)


def _count_dupacks(turn: Turn, news: News) -> None:
    """Without SACK each duplicate ACK stands for a segment that arrived (``tcp_add_reno_sack`` and its reverse)."""
    rec = turn.tcb.rec
    if turn.tcb.agreed.sack and turn.profile.loss_recovery != "newreno":
        return
    if news.is_advance:
        kept = rec.dupacks - max(len(news.acked) - 1, 0) if rec.phase in RECOVERING else 0
        note(turn, dupacks=max(kept, 0))
    elif news.is_dupack:
        note(turn, dupacks=rec.dupacks + 1, is_clean=False)
        turn.because("duplicate-ack", count=rec.dupacks + 1)


def _find_losses(turn: Turn, news: News) -> None:
    """Which segments are given up now (``tcp_identify_packet_loss``)."""
    tcb = turn.tcb
    if not tcb.out.queue:
        return
    if tcb.agreed.sack and turn.profile.loss_recovery == "sack":
        _by_distance(turn)
        return
    if not uses_time(turn):
        _by_dupacks(turn, news)
        return
    rec = tcb.rec
    if not rec.has_advanced:
        return
    note(turn, has_advanced=False)
    found = rack.detect(turn.tcb, turn.now)
    give_up(turn, found.lost)
    if found.wait:
        turn.timers(reordering=turn.now + found.wait + rack.LEAST_WAIT, retransmission=None, loss_probe=None)


def _by_dupacks(turn: Turn, news: News) -> None:
    """Three duplicate ACKs, or a partial ACK in recovery: the oldest segment (``tcp_newreno_mark_lost``)."""
    rec, queue = turn.tcb.rec, turn.tcb.out.queue
    is_third = rec.phase not in RECOVERING and rec.dupacks >= rack.THRESHOLD
    is_partial = rec.phase == "recovery" and news.is_advance
    if (is_third or is_partial) and not queue[0].is_lost:
        give_up(turn, (0,))


def _by_distance(turn: Turn) -> None:
    """What lies three segments or more before the newest that was SACKed (FACK; ``tcp_update_scoreboard``)."""
    queue = turn.tcb.out.queue
    reached = max((place for place, entry in enumerate(queue) if entry.is_sacked), default=0) + 1
    missing = enumerate(queue[: max(reached - rack.THRESHOLD, 0)])
    give_up(turn, tuple(place for place, entry in missing if not (entry.is_sacked or entry.is_lost or entry.is_resent)))


def give_up(turn: Turn, places: tuple[int, ...]) -> None:
    """Mark segments as lost."""
    if places:
        turn.because("segment-lost", count=len(places))
        turn.out(queue=marked_lost(turn.tcb.out.queue, places))
        note(turn, is_clean=False)


def _keep_open(turn: Turn) -> None:
    """Nothing is lost; is anything out of order (``tcp_try_keep_open``)?"""
    tally = counts(turn.tcb)
    phase = "disorder" if tally.sacked or tally.lost or tally.resent else "open"
    if phase != turn.tcb.rec.phase:
        note(turn, phase=phase, point=turn.tcb.snd.nxt)


# --- the phases ---


def enter_recovery(turn: Turn) -> None:
    """A segment is lost: cut the window to what the threshold says while repeating (``tcp_enter_recovery``)."""
    tcb = turn.tcb
    turn.because("fast-recovery")
    _remember(turn)
    if tcb.cc.cut_until is None:
        window = tcb.cc.window
        control.reduce(turn)
        turn.set(cc=congestion.begin_cut(turn.tcb.cc, window, tcb.snd.nxt))
    note(turn, phase="recovery", point=tcb.snd.nxt, probed_at=None, is_clean=False)


def _remember(turn: Turn) -> None:
    """From here on it may turn out that nothing was lost (``tcp_init_undo``)."""
    tcb = turn.tcb
    repeated = counts(tcb).resent + (tcb.rec.probed_at is not None and tcb.rec.probe_repeated)
    note(turn, undo_from=tcb.snd.una, undo_left=repeated or -1, undo_stamp=0)


def enter_loss(turn: Turn) -> None:
    """The retransmission timer struck (``tcp_enter_loss``)."""
    tcb = turn.tcb
    rec = tcb.rec
    is_new = rec.phase not in RECOVERING or not seq.before(tcb.snd.una, rec.point) or tcb.rtx.count <= 1
    lost = tuple(
        place for place, entry in enumerate(tcb.out.queue) if not entry.is_sacked and _is_due(turn, place, entry)
    )
    turn.out(queue=marked_lost(tcb.out.queue, lost))
    note(turn, is_clean=False)
    if is_new and rec.phase != "loss":
        _remember(turn)
        control.reduce(turn)
    elif tcb.rtx.count <= 1:
        control.reduce(turn)
    if not tcb.agreed.sack:
        note(turn, dupacks=0)
    turn.set(cc=replace(turn.tcb.cc, cut_until=None))
    control.time_out(turn, counts(turn.tcb).in_flight)
    note(turn, phase="loss", point=tcb.snd.nxt, probed_at=None, frto=is_new and turn.profile.loss_recovery != "newreno")


def _is_due(turn: Turn, place: int, entry: Sent) -> bool:
    """After a timeout: the oldest is lost; with RACK what was sent just now may still arrive."""
    if place == 0 or not uses_time(turn):
        return True
    return turn.tcb.rec.rack_rtt <= turn.now - entry.latest_at


def _in_loss(turn: Turn, news: News) -> None:
    """An ACK after a timeout (``tcp_process_loss``)."""
    tcb = turn.tcb
    rec = tcb.rec
    if news.is_advance and _may_undo(turn, news):
        _undo_loss(turn)
        return
    if rec.frto:
        if any(entry.transmissions == 1 and not seq.before(rec.point, end_of(entry)) for entry in news.fresh):
            _undo_loss(turn)
            return
        _step_of_frto(turn, news)
    if not seq.before(tcb.snd.una, turn.tcb.rec.point):
        turn.because("recovery-over")
        note(turn, phase="open", undo_from=None, frto=False)
        return
    if not tcb.agreed.sack:
        note(turn, dupacks=0 if news.is_advance else turn.tcb.rec.dupacks)


def _step_of_frto(turn: Turn, news: News) -> None:
    """RFC 5682 section 3.1: after the first ACK new text goes out instead of repetitions; a duplicate ends the test."""
    tcb = turn.tcb
    rec = tcb.rec
    if seq.before(rec.point, tcb.snd.nxt):
        if news.newly or news.is_dupack:
            note(turn, frto=False)
    elif news.is_advance and seq.before(tcb.snd.una, rec.point):
        can_send_new = tcb.out.unsent > 0 and tcb.snd.wnd > tcb.flight_size
        note(turn, point=tcb.snd.nxt, frto=can_send_new)


def sends_new_first(turn: Turn) -> bool:
    """Is F-RTO waiting for what new text will tell?"""
    rec = turn.tcb.rec
    return rec.phase == "loss" and rec.frto and rec.point == turn.tcb.snd.nxt and turn.tcb.out.unsent > 0


# --- undoing ---


def _was_delayed(turn: Turn, news: News) -> bool:
    """Does the ACK echo a time before the first repetition (Eifel, RFC 3522)?"""
    rec, stamp = turn.tcb.rec, news.segment.options.timestamp
    if not (turn.tcb.agreed.timestamps and stamp is not None and rec.undo_stamp and stamp[1]):
        return False
    return seq.before(stamp[1], rec.undo_stamp)


def _may_undo(turn: Turn, news: News) -> bool:
    rec = turn.tcb.rec
    return rec.undo_from is not None and (rec.undo_left == 0 or _was_delayed(turn, news))


def _undo(turn: Turn, news: News) -> None:
    """Everything is acknowledged: was it lost at all (``tcp_try_undo_recovery``)?"""
    if _may_undo(turn, news):
        turn.because("loss-undone")
        control.undo(turn)
        note(turn, undo_from=None)


def _undo_by_duplicates(turn: Turn) -> None:
    """Every repetition was reported as a duplicate (RFC 3708; ``tcp_try_undo_dsack``)."""
    rec = turn.tcb.rec
    if rec.undo_from is not None and rec.undo_left == 0 and rec.phase != "loss":
        turn.because("loss-undone")
        control.undo(turn)
        turn.set(cc=replace(turn.tcb.cc, cut_until=None))
        note(turn, undo_from=None, phase="open" if rec.phase == "recovery" else rec.phase)


def _undo_loss(turn: Turn) -> None:
    """The timeout was spurious: nothing is lost, the window is what it was (``tcp_try_undo_loss``)."""
    turn.because("timeout-was-spurious")
    queue = tuple(replace(entry, is_lost=False) if entry.is_lost else entry for entry in turn.tcb.out.queue)
    turn.out(queue=queue)
    control.undo(turn)
    turn.rtx(count=0)
    note(turn, phase="open", undo_from=None, frto=False)


def hear_duplicate(turn: Turn, duplicate: tuple[int, int]) -> None:
    """A D-SACK: one repetition fewer was needed; the reordering window grows (RFC 8985 section 6.2, step 4)."""
    rec = turn.tcb.rec
    if rec.undo_from is not None and rec.undo_left > 0 and not seq.before(duplicate[1], rec.undo_from):
        rec = replace(rec, undo_left=rec.undo_left - 1)
    turn.set(rec=replace(rec, window_steps=min(rec.window_steps + 1, 255)))


def repeated(turn: Turn) -> None:
    """A segment has just been sent again: when the first one was, and how many, for the undoing."""
    rec = turn.tcb.rec
    changes: dict[str, object] = {}
    if rec.undo_from is not None:
        changes["undo_left"] = max(rec.undo_left, 0) + 1
    if not rec.undo_stamp:
        changes["undo_stamp"] = clock(turn.now)
    if changes:
        note(turn, **changes)


def cleaned(tcb: Tcb) -> Recovery:
    """The record once nothing in the queue is marked any more."""
    is_clean = not any(entry.is_sacked or entry.is_lost or entry.is_resent for entry in tcb.out.queue)
    if is_clean and not tcb.rec.dupacks and not tcb.rec.is_clean:
        return replace(tcb.rec, is_clean=True)
    return tcb.rec
