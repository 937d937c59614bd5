"""The front of everything that reacts to loss and to congestion: five verbs, and nothing else is called from outside.

Rules
-----
* ``allowance``: octets that may be in flight for the network's sake. ``on_sent``: new text has left.
  ``on_ack``: an acceptable ACK has been taken in. ``on_timeout``: the retransmission timer struck.
  ``on_timer``: one of the timers of loss recovery struck.
* With congestion control and loss recovery off each of them costs one test.
* A segment that is in flight counts against the window until it is acknowledged or known to be lost.
"""

from __future__ import annotations

from tutor.tcp import (
    alarms,
    control,
    ecn,
    newreno,
    output,
    phases,
    probing,
    rack,
    recovery,
    resend,
    rto,
    scoreboard,
    seq,
)
from tutor.tcp.flight import allowance, on_sent
from tutor.tcp.options import clock, effective_mss
from tutor.tcp.scoreboard import News, Reader
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

__all__ = ["allowance", "on_ack", "on_sent", "on_timeout", "on_timer"]


def on_ack(turn: Turn, segment: Segment, before: Tcb, *, opens_window: bool = False) -> None:
    """An acceptable ACK has been taken in; ``before`` is the block as it was when the ACK came.

    ``opens_window``: it moved the send window.
    """
    if not before.cc.window:
        return
    if turn.profile.loss_recovery == "sack-rack":
        _with_scoreboard(turn, segment, before, opens_window=opens_window)
    elif turn.profile.loss_recovery == "newreno":
        newreno.on_ack(turn, segment, before)
    else:
        _without_recovery(turn, segment, before)


def _without_recovery(turn: Turn, segment: Segment, before: Tcb) -> None:
    acked = before.out.queue[: len(before.out.queue) - len(turn.tcb.out.queue)]
    if acked and all(entry.transmissions == 1 for entry in acked):
        control.measure(turn, turn.now - acked[-1].sent_at)
    control.deliver(turn, len(acked))
    control.end_cut(turn)
    if ecn.is_echoed(before, segment):
        control.hear_echo(turn)
    octets = turn.tcb.snd.una - before.snd.una & 0xFFFFFFFF
    control.cut_or_grow(turn, len(acked), octets, len(turn.tcb.out.queue))


def _with_scoreboard(turn: Turn, segment: Segment, before: Tcb, *, opens_window: bool) -> None:
    """``tcp_ack``, from the reading of the blocks to what goes again."""
    is_old = seq.before(segment.ack, before.snd.una)
    if is_old and not segment.options.sack:
        return
    losses = turn.tcb.rec.losses
    news = _read(turn, segment, before, opens_window=opens_window)
    repair = recovery.NOTHING
    if is_old or not before.out.queue:
        if is_old or news.twice:
            repair = recovery.alert(turn, news)
        control.deliver(turn, news.delivered)
        if not is_old:
            probing.take_ack(turn, segment.ack, news)
        resend.repair(turn, repair)
        _forget_marks(turn)
        return
    _measure(turn, news)
    control.deliver(turn, news.delivered)
    delivered, record = news.delivered, turn.tcb.rec.rack
    if not turn.profile.recovery_mode & 2:
        moved = rack.reconsidered(record, news.delivered_before, turn.tcb.cc.delivered)
        if moved is not record:
            turn.rec(rack=moved)
    probing.take_ack(turn, segment.ack, news)
    if not news.is_no_duplicate or news.newly_sacked or news.echoes or news.twice or turn.tcb.rec.phase != "open":
        if not (news.advanced or news.is_no_duplicate or news.twice):
            news.dupacks = 1
        repair = recovery.alert(turn, news)
    if news.sets_timer:
        alarms.after_ack(turn)
    control.deliver(turn, news.delivered - delivered)
    _cut_or_grow(turn, news, turn.tcb.rec.losses - losses)
    resend.repair(turn, repair)
    _forget_marks(turn)


def _read(turn: Turn, segment: Segment, before: Tcb, *, opens_window: bool) -> News:
    """Mark the queue with the blocks of ``segment``, and take off it what is acknowledged."""
    tcb, profile = turn.tcb, turn.profile
    stamp = segment.options.timestamp
    news = News(
        now=turn.now,
        was_una=before.snd.una,
        una=tcb.snd.una,
        advanced=seq.before(before.snd.una, segment.ack),
        echo=stamp[1] if stamp is not None and tcb.agreed.timestamps and stamp[1] else None,
        has_text=segment.seq_length > 0,
        opens_window=opens_window,
        echoes=ecn.is_echoed(before, segment),
    )
    reader = Reader(before, news, effective_mss(before, profile), before.cc.min_rtt_us)
    if segment.options.sack and tcb.agreed.sack:
        reader.read(segment)
    acked = len(before.out.queue) - len(tcb.out.queue)
    is_marked = bool(reader.news.newly_sacked)
    fack = reader.fack
    reader.clean(acked, by_blocks=tcb.agreed.sack)
    if tcb.out.queue and reader.queue and tcb.out.queue[0].seq != reader.queue[0].seq:
        front = tcb.out.queue[0]
        reader.queue[0] = replace(reader.queue[0], seq=front.seq, flags=front.flags, payload=front.payload)
    if is_marked or before.rec.is_marked:
        turn.out(queue=tuple(reader.queue))
        reader.rec = replace(reader.rec, is_marked=True)
    turn.set(rec=reader.rec)
    if news.told_twice:
        turn.because("told-twice")
    elif news.told_twice_early:
        turn.because("told-twice-early")
    if news.lowest is not None and (reader.rec.phase != "loss" or reader.rec.undo_from is not None):
        phases.note_reordering(turn, news.lowest, fack)
    if news.acks_something:
        if not tcb.agreed.sack:
            recovery.remove_dupacks(turn, news)
        elif news.lowest_acked is not None:
            phases.note_reordering(turn, news.lowest_acked)
    return news


def _measure(turn: Turn, news: News) -> None:
    """The round trip of what was sent once, else of the timestamp (``tcp_ack_update_rtt``)."""
    now, tcb = turn.now, turn.tcb
    rtt = newest = None
    if news.oldest_sent is not None and news.newest_sent is not None and not news.repeated_acked:
        rtt, newest = now - news.oldest_sent, now - news.newest_sent
    by_block = None
    if news.sacked_oldest is not None and news.sacked_newest is not None:
        by_block, newest = now - news.sacked_oldest, now - news.sacked_newest
    if rtt is None:
        rtt = by_block
    if rtt is None and news.echo is not None and news.acks_something:
        rtt = newest = max(seq.distance(news.echo, clock(now)), 1) * 1000
    if rtt is not None and newest is not None:
        turn.set(rtx=rto.measured(tcb.rtx, rtt, turn.profile, tcb.snd))
        turn.because("rtt-measured", rtt_us=rtt, rto_us=turn.tcb.rtx.rto)
    elif news.acks_something:
        turn.because("karn-no-measurement")
    news.sets_timer = news.acks_something
    queue = turn.tcb.out.queue
    if not news.acks_something and queue and by_block is not None and by_block > now - queue[0].sent_at:
        news.sets_timer = True
    if newest is not None:
        control.measure(turn, newest)


def _cut_or_grow(turn: Turn, news: News, lost: int) -> None:
    """What this ACK does to the window (``tcp_cong_control``)."""
    tcb = turn.tcb
    in_flight = scoreboard.in_flight(tcb)
    if phases.is_cutting(tcb):
        control.reduce_on_ack(turn, in_flight, news.delivered, advanced=news.advanced, lost=lost)
        return
    moved = news.text_acked
    if tcb.rec.reordering > turn.profile.reordering:
        moved = news.acks_something or news.newly_sacked
    if moved:
        control.grow(turn, news.delivered, seq.distance(news.was_una, news.una))


def _forget_marks(turn: Turn) -> None:
    """Nothing bears a mark any more: the counting is spared."""
    tcb = turn.tcb
    if tcb.rec.is_marked and not any(scoreboard.counts(tcb)):
        turn.rec(is_marked=False)


def on_timeout(turn: Turn, purpose: str | None = None) -> None:
    """The retransmission timer struck: repair, and the oldest segment goes again."""
    tcb = turn.tcb
    if tcb.state in (State.SYN_SENT, State.SYN_RECEIVED):
        control.handshake_times_out(turn, tcb.out.queue[0])
    elif tcb.cc.window and turn.profile.loss_recovery == "sack-rack":
        recovery.time_out(turn)
        resend.repeat(turn, 0, purpose=purpose)
        return
    elif tcb.cc.window and turn.profile.loss_recovery == "newreno":
        newreno.time_out(turn)
        return
    elif tcb.cc.window:
        if tcb.rtx.count <= 1:
            control.reduce(turn)
        control.time_out(turn, 0)
    output.retransmit(turn, purpose=purpose)


def on_timer(turn: Turn, name: str) -> None:
    """A timer of loss recovery struck."""
    if name == "loss-probe":
        probing.send(turn)
    else:
        _overdue(turn)


def _overdue(turn: Turn) -> None:
    """What could only be late is lost now (``tcp_rack_reo_timeout``)."""
    turn.timers(reordering=turn.now)
    losses, was = turn.tcb.rec.losses, scoreboard.in_flight(turn.tcb)
    recovery.find_overdue(turn)
    if was != scoreboard.in_flight(turn.tcb):
        if turn.tcb.rec.phase != "recovery":
            recovery.enter_recovery(turn, echoes=False)
            found = turn.tcb.rec.losses - losses
            control.reduce_on_ack(turn, scoreboard.in_flight(turn.tcb), 1, advanced=False, lost=found)
        resend.repeat_lost(turn)
    if turn.tcb.timers.retransmission is None:
        alarms.rearm(turn)
