"""The front of everything that reacts to loss and to congestion: five verbs, and nothing else is called from outside.

Rules
-----
* ``allowance``: octets that may be in flight for the network's sake. ``on_sent``: new text has left.
  ``on_ack``: an acceptable ACK has been taken in. ``on_timeout``: the retransmission timer struck.
  ``on_timer``: one of the timers of loss recovery struck.
* With congestion control and loss recovery off each of them costs one test.
* A segment that is in flight counts against the window until it is acknowledged or known to be lost.
* Of the retransmission timer, the tail-loss probe and the reordering timer one runs at a time.
"""

from __future__ import annotations

from tutor.tcp import congestion, control, ecn, output, persist, rack, recovery, seq
from tutor.tcp.acknowledge import measured
from tutor.tcp.profile import Profile
from tutor.tcp.recovery import News, note
from tutor.tcp.scoreboard import counts, next_to_resend, tagged
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import RECOVERING, Sent, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def allowance(tcb: Tcb, profile: Profile) -> int | None:
    """Octets that the congestion window lets be in flight; None for unlimited."""
    return control.allowance(tcb, profile, counts(tcb).in_flight) if tcb.cc.window else None


def on_sent(turn: Turn, entry: Sent) -> None:
    """New text has left; ``entry`` is not in the queue yet."""
    tcb = turn.tcb
    if tcb.cc.window and entry.payload is not None:
        empty = not tcb.out.queue
        turn.set(cc=congestion.text_leaves(tcb.cc, turn.profile, turn.now, pipe_empty=empty))


def after_burst(turn: Turn) -> None:
    """New text has left: the tail-loss probe is due two round trips from now (``tcp_write_xmit``)."""
    tcb = turn.tcb
    if tcb.cc.window and tcb.timers.reordering is None and recovery.uses_time(turn) and tcb.out.queue:
        wait = rack.probe_timeout(tcb, turn.profile, _rto_left(turn))
        if wait is not None:
            turn.timers(loss_probe=turn.now + wait, retransmission=None)


def _rto_left(turn: Turn) -> int:
    """How long until the oldest segment's RTO is over (``tcp_rto_delta_us``)."""
    tcb = turn.tcb
    return tcb.out.queue[0].latest_at + tcb.rtx.rto - turn.now


# --- an ACK ---


def on_ack(turn: Turn, segment: Segment, before: Tcb) -> None:
    """An acceptable ACK has been taken in; ``before`` is the block as it was when the ACK came."""
    if not before.cc.window:
        return
    news = _read(turn, segment, before)
    fresh = news.fresh
    _measure(turn, news)
    _advance(turn, before, fresh)
    control.deliver(turn, _delivered(turn, before, news))
    if turn.tcb.rec.phase != "recovery":
        control.end_cut(turn)
    if ecn.is_echoed(before, segment):
        control.hear_echo(turn)
    _hear_probe(turn, news)
    had_lost = counts(turn.tcb).lost
    if turn.profile.loss_recovery != "off" and _is_dubious(turn, before, news):
        recovery.react(turn, news)
    _adjust(turn, before, news, lost=counts(turn.tcb).lost - had_lost)
    _resend(turn)
    _set_timer(turn, news)
    if not turn.tcb.rec.is_clean:
        turn.set(rec=recovery.cleaned(turn.tcb))


def _read(turn: Turn, segment: Segment, before: Tcb) -> News:
    """What the ACK tells, with the queue marked."""
    tcb = turn.tcb
    advance = tcb.snd.una != before.snd.una
    acked = before.out.queue[: len(before.out.queue) - len(tcb.out.queue)]
    newly: tuple[Sent, ...] = ()
    duplicate = None
    if tcb.agreed.sack and segment.options.sack:
        tags = tagged(tcb, segment)
        newly, duplicate = tags.newly, tags.duplicate
        if newly:
            turn.out(queue=tags.queue)
            note(turn, is_clean=False)
            _count_sacked(turn, newly)
        if duplicate is not None:
            recovery.hear_duplicate(turn, duplicate)
    is_dupack = (
        not advance and segment.seq_length == 0 and tcb.snd.wnd == before.snd.wnd and bool(tcb.out.queue)
        and segment.ack == tcb.snd.una and duplicate is None
    )  # fmt: skip
    return News(acked, newly, duplicate, advance, is_dupack, segment)


def _measure(turn: Turn, news: News) -> None:
    """The round trip of what this ACK shows to have arrived, the oldest for the RTO, the newest for the window.

    SACK measures too, if the ACK itself did not; the newest counts either way (``tcp_ack_update_rtt``).
    """
    acked = [entry for entry in news.acked if not entry.is_sacked]
    sacked = [entry for entry in news.newly if entry.transmissions == 1]
    has_measured = bool(acked) and all(entry.transmissions == 1 for entry in news.acked)
    if sacked and not has_measured and not (news.acked and turn.tcb.agreed.timestamps):
        turn.set(rtx=measured(turn, turn.tcb.rtx, turn.now - sacked[0].sent_at))
    newest = sacked[-1] if sacked else acked[-1] if has_measured else None
    if newest is not None:
        control.measure(turn, turn.now - newest.sent_at)


def _count_sacked(turn: Turn, newly: tuple[Sent, ...]) -> None:
    """Segments that arrived out of order, as a reason that a reader can see."""
    turn.because("sacked", count=len(newly))


def _advance(turn: Turn, before: Tcb, fresh: tuple[Sent, ...]) -> None:
    """RACK learns what has arrived, and whether the network reorders (RFC 8985 section 6.2, steps 2 and 3)."""
    if not fresh or not recovery.uses_time(turn):
        return
    rec, shortest = turn.tcb.rec, turn.tcb.cc.min_rtt_us
    sacked = [entry for entry in before.out.queue if entry.is_sacked]
    highest = sacked[-1].seq if sacked else None
    for entry in fresh:
        rec = rack.advanced(rec, entry, turn.now, shortest)
        if highest is not None and entry.transmissions == 1 and seq.before(entry.seq, highest):
            rec = replace(rec, reordering_seen=True)
    turn.set(rec=rec)


def _delivered(turn: Turn, before: Tcb, news: News) -> int:
    """Segments known to have arrived by this ACK (``tcp_newly_delivered``)."""
    if turn.tcb.agreed.sack or turn.profile.loss_recovery == "off":
        return len(news.fresh)
    return max(len(news.acked) - before.rec.dupacks, 0) if news.is_advance else int(news.is_dupack)


def _is_dubious(turn: Turn, before: Tcb, news: News) -> bool:
    """Has this ACK anything to do with loss (``tcp_ack_is_dubious``)?"""
    if turn.tcb.rec.phase != "open" or not turn.tcb.rec.is_clean or before.rec.dupacks:
        return True
    return news.is_dupack or bool(news.newly) or news.duplicate is not None


def _hear_probe(turn: Turn, news: News) -> None:
    """The answer to a tail-loss probe: was something lost (RFC 8985 section 7.4; ``tcp_process_tlp_ack``)?"""
    rec = turn.tcb.rec
    ack = news.segment.ack
    if rec.probed_at is None or seq.before(ack, rec.probed_at):
        return
    if not rec.probe_repeated or news.duplicate is not None:
        note(turn, probed_at=None)
    elif seq.before(rec.probed_at, ack):
        turn.because("probe-repaired-a-loss")
        control.reduce(turn)
        turn.set(cc=congestion.end_cut(turn.tcb.cc, turn.now))
        note(turn, probed_at=None)
    elif not news.is_advance and not news.newly:
        note(turn, probed_at=None)


def _adjust(turn: Turn, before: Tcb, news: News, *, lost: int) -> None:
    """What this ACK does to the window (``tcp_cong_control``)."""
    tcb = turn.tcb
    octets = tcb.snd.una - before.snd.una & 0xFFFFFFFF
    delivered = _delivered(turn, before, news)
    tally = counts(tcb)
    if tcb.cc.cut_until is not None and not congestion.counts_octets(turn.profile):
        turn.set(cc=congestion.cut(tcb.cc, tally.in_flight, delivered, advanced=news.is_advance, lost=max(lost, 0)))
    elif tcb.cc.cut_until is not None:
        turn.set(cc=replace(tcb.cc, window=tcb.cc.threshold))
    elif news.is_advance and len(news.acked):
        control.grow(turn, delivered, octets)


def _resend(turn: Turn) -> None:
    """Repeat what is lost, as far as the window goes (``tcp_xmit_retransmit_queue``)."""
    tcb = turn.tcb
    if tcb.rec.is_clean or turn.profile.loss_recovery == "off" or recovery.sends_new_first(turn):
        return
    while (place := next_to_resend(turn.tcb)) is not None and _has_room(turn):
        output.retransmit(turn, place)
        recovery.repeated(turn)
        if turn.tcb.cc.cut_until is not None:
            turn.set(cc=replace(turn.tcb.cc, cut_sent=turn.tcb.cc.cut_sent + 1))
        if place == 0 and turn.tcb.timers.reordering is None:
            persist.arm_retransmission(turn)
            turn.timers(loss_probe=None)


def _has_room(turn: Turn) -> bool:
    """Does the congestion window let one segment more into the network?"""
    tcb = turn.tcb
    window = tcb.cc.window // congestion.step(turn.profile, max(tcb.out.queue[0].length, 1))
    return counts(tcb).in_flight < max(window, 1)


def _set_timer(turn: Turn, news: News) -> None:
    """After news: the reordering timer if RACK has just set it, else the probe, else the RTO."""
    tcb = turn.tcb
    timers = tcb.timers
    if not tcb.out.queue:
        if timers.loss_probe is not None or timers.reordering is not None:
            turn.timers(loss_probe=None, reordering=None)
        return
    if timers.persist is not None or not (news.is_advance or _restarts_timer(turn, news)):
        return
    if timers.reordering is not None and timers.reordering > turn.now and timers.retransmission is None:
        return
    wait = None
    if recovery.uses_time(turn) and tcb.rec.phase == "open":
        wait = rack.probe_timeout(tcb, turn.profile, tcb.rtx.rto)
    if wait is not None:
        turn.timers(loss_probe=turn.now + wait, retransmission=None, reordering=None)
    else:
        persist.arm_retransmission(turn)
        turn.timers(loss_probe=None, reordering=None)


def _restarts_timer(turn: Turn, news: News) -> bool:
    """Does a SACK restart the timer? Only if what it tells was sent before the oldest segment was last sent."""
    head = turn.tcb.out.queue[0]
    return any(entry.transmissions == 1 and entry.sent_at < head.latest_at for entry in news.newly)


# --- timers ---


def on_timeout(turn: Turn) -> None:
    """The retransmission timer struck, and the oldest segment is about to go again."""
    tcb = turn.tcb
    if tcb.state in (State.SYN_SENT, State.SYN_RECEIVED):
        control.handshake_times_out(turn, tcb.out.queue[0])
    elif tcb.cc.window and turn.profile.loss_recovery != "off":
        recovery.enter_loss(turn)
    elif tcb.cc.window:
        if tcb.rtx.count <= 1:
            control.reduce(turn)
        control.time_out(turn, 0)


def on_timer(turn: Turn, name: str) -> None:
    """A timer of loss recovery struck: ``loss-probe`` or ``reordering``."""
    if not turn.tcb.out.queue:
        return
    if name == "loss-probe":
        _probe(turn)
    else:
        _look_again(turn)


def _probe(turn: Turn) -> None:
    """Two round trips without an ACK: new text, or the last segment again (``tcp_send_loss_probe``)."""
    tcb = turn.tcb
    if tcb.rec.probed_at is not None:
        turn.timers(retransmission=turn.now + max(_rto_left(turn), 1))
        return
    turn.because("tail-loss-probe")
    repeats = not output.send_new_probe(turn)
    if repeats:
        output.retransmit(turn, len(tcb.out.queue) - 1, purpose="loss-probe")
        recovery.repeated(turn)
    note(turn, probed_at=turn.tcb.snd.nxt, probe_repeated=repeats)
    turn.timers(loss_probe=None)
    persist.arm_retransmission(turn)


def _look_again(turn: Turn) -> None:
    """The reordering window is over: what has not arrived by now is lost (``tcp_rack_reo_timeout``)."""
    found = rack.detect(turn.tcb, turn.now)
    recovery.give_up(turn, found.lost)
    if found.lost:
        if turn.tcb.rec.phase not in RECOVERING:
            recovery.enter_recovery(turn)
            tally = counts(turn.tcb)
            turn.set(cc=congestion.cut(turn.tcb.cc, tally.in_flight, 1, advanced=False, lost=len(found.lost)))
        _resend(turn)
    if turn.tcb.timers.retransmission is None:
        turn.timers(retransmission=turn.now + max(_rto_left(turn), 1))
