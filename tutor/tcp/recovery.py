"""Loss recovery as Linux does it: what an ACK means while something is missing (``tcp_fastretrans_alert``).

Rules
-----
* With SACK time tells what is lost (RACK, RFC 8985), in older kernels how far behind the newest SACK it lies; without,
  three duplicate ACKs do, and each partial ACK names the next hole (RFC 5681, RFC 6582).
* Fast recovery: what is lost goes again while the window falls in proportion to the threshold (PRR, RFC 6937).
* After a timeout what was in flight is lost, and goes again as the window grows from one segment; F-RTO first looks
  whether the timeout was spurious: new text is sent, and ACKs of what was sent once prove it (RFC 5682).
* An ACK that repeats SND.UNA, carries no text and moves no window is a duplicate.

Theory
------
The ACK is read once (``scoreboard``), then it is asked in turn: was it a mistake to repair? what is lost now? has a
phase ended, or must one begin? The answer says what goes again: nothing, what is lost, or new text first.
"""

from __future__ import annotations

from tutor.tcp import alarms, control, ecn, phases, rack, scoreboard, seq, undo
from tutor.tcp.scoreboard import News
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

NOTHING, LOST, NEW = "", "lost", "new"
"""What goes out for repair: nothing, what is lost, or new text first (``REXMIT_NONE``, ``_LOST``, ``_NEW``)."""


def alert(turn: Turn, news: News) -> str:
    """An ACK that says something unusual, or comes while something is missing."""
    tcb = turn.tcb
    if not tcb.out.queue and tcb.rec.dupacks:
        turn.rec(dupacks=0)
    if news.echoes:
        control.forbid_undo(turn)
    if _reneges(turn, news):
        return NOTHING
    if turn.tcb.rec.phase == "open":
        turn.rec(repeated_at=None)
    elif seq.before_or_at(turn.tcb.rec.high, turn.tcb.snd.una) and _ends(turn, news):
        return NOTHING
    phase = turn.tcb.rec.phase
    if phase == "recovery":
        return _in_recovery(turn, news)
    if phase == "loss":
        repair = _in_loss(turn, news)
        _identify(turn, news)
        if turn.tcb.rec.phase != "open" and not news.repetition_lost:
            return repair
    return _elsewhere(turn, news)


def _reneges(turn: Turn, news: News) -> bool:
    """The peer acknowledges up to what it once told to hold: it has thrown it away (``tcp_check_sack_reneging``)."""
    if not (news.reneges and news.advanced):
        return False
    span = max((turn.tcb.rtx.srtt or 0) // 2, 10_000)
    turn.timers(retransmission=turn.now + span, loss_probe=None, reordering=None)
    news.sets_timer = False
    turn.because("peer-reneges")
    return True


def _ends(turn: Turn, news: News) -> bool:
    """All that was in flight when the phase began is acknowledged. True: hold everything until more is."""
    tcb = turn.tcb
    if tcb.rec.phase == "cwr" and tcb.snd.una != tcb.rec.high:
        phases.end_cut(turn)
        phases.enter(turn, "open")
    elif tcb.rec.phase == "recovery":
        if not tcb.agreed.sack:
            turn.rec(dupacks=0)
        if undo.of_recovery(turn, news):
            return True
        phases.end_cut(turn)
        turn.because("recovery-ends", window=turn.tcb.cc.window)
    return False


def _in_recovery(turn: Turn, news: News) -> str:
    if not news.advanced:
        if not turn.tcb.agreed.sack:
            add_dupacks(turn, news)
    elif undo.of_partial(turn, news):
        return NOTHING
    if undo.by_twice(turn):
        _try_to_open(turn, news)
    _identify(turn, news)
    if turn.tcb.rec.phase != "recovery":
        if not scoreboard.counts(turn.tcb).lost:
            return NOTHING
        enter_recovery(turn, echoes=news.echoes)
    return LOST


def _elsewhere(turn: Turn, news: News) -> str:
    """Open, disorder, CWR, or a timeout that was undone: is it time to recover?"""
    if not turn.tcb.agreed.sack:
        if news.advanced:
            turn.rec(dupacks=0)
        add_dupacks(turn, news)
    if turn.tcb.rec.phase in ("open", "disorder"):
        undo.by_twice(turn)
    _identify(turn, news)
    if not scoreboard.counts(turn.tcb).lost:
        _try_to_open(turn, news)
        return NOTHING
    enter_recovery(turn, echoes=news.echoes)
    return LOST


def _in_loss(turn: Turn, news: News) -> str:
    """After a timeout (``tcp_process_loss``)."""
    recovered = seq.before_or_at(turn.tcb.rec.high, turn.tcb.snd.una)
    if news.advanced and undo.of_timeout(turn, news, spurious=False):
        return NOTHING
    if turn.tcb.rec.frto:
        if news.first_copy_arrived and undo.of_timeout(turn, news, spurious=True):
            return NOTHING
        tcb = turn.tcb
        if seq.before(tcb.rec.high, tcb.snd.nxt):
            if news.newly_sacked or news.dupacks:
                turn.rec(frto=False)
        elif news.advanced and not recovered:
            turn.rec(high=tcb.snd.nxt)
            if (tcb.out.unsent or _has_fin_waiting(tcb)) and tcb.flight_size < tcb.snd.wnd:
                return NEW
            turn.rec(frto=False)
    if recovered:
        undo.of_recovery(turn, news)
        return NOTHING
    if not turn.tcb.agreed.sack:
        if seq.before(turn.tcb.rec.high, turn.tcb.snd.nxt):
            add_dupacks(turn, news)
        elif news.advanced:
            turn.rec(dupacks=0)
    return LOST


def _has_fin_waiting(tcb: Tcb) -> bool:
    return tcb.out.is_closed and tcb.out.fin_seq is None


def _try_to_open(turn: Turn, news: News) -> None:
    """``tcp_try_to_open``."""
    if not phases.has_repeated(turn.tcb):
        turn.rec(repeated_at=None)
    if news.echoes:
        enter_cwr(turn)
    if turn.tcb.rec.phase != "cwr":
        phases.keep_open(turn)


def enter_cwr(turn: Turn) -> None:
    """The network marked what we sent: as after a loss, but nothing is repeated (``tcp_enter_cwr``)."""
    control.forbid_undo(turn)
    if turn.tcb.rec.phase in ("open", "disorder"):
        turn.rec(undo_from=None)
        phases.begin_cut(turn)
        control.forbid_undo(turn)
        phases.enter(turn, "cwr")
        turn.because("echo-cuts-window", threshold=turn.tcb.cc.threshold)


def enter_recovery(turn: Turn, *, echoes: bool) -> None:
    """Something is lost: fast recovery (``tcp_enter_recovery``)."""
    if turn.tcb.agreed.sack:
        turn.because("recovery-begins", lost=scoreboard.counts(turn.tcb).lost)
    else:
        turn.because("recovery-begins-without-sack")
    undo.begin(turn)
    if phases.is_cutting(turn.tcb):
        control.forbid_undo(turn)
    else:
        phases.begin_cut(turn)
        if echoes:
            control.forbid_undo(turn)
    phases.enter(turn, "recovery")


# --- duplicate ACKs, where there is no SACK ---


def add_dupacks(turn: Turn, news: News) -> None:
    """Each duplicate ACK means that something has arrived (``tcp_add_reno_sack``; RFC 3042, limited transmit)."""
    if not news.dupacks:
        return
    was = turn.tcb.rec.dupacks
    turn.rec(dupacks=was + news.dupacks, is_marked=True)
    phases.note_reordering_without_sack(turn, 0)
    news.delivered += max(0, turn.tcb.rec.dupacks - was)


def remove_dupacks(turn: Turn, news: News) -> None:
    """One of what was acknowledged filled the hole, the rest were the duplicates (``tcp_remove_reno_sacks``)."""
    was = turn.tcb.rec.dupacks
    news.delivered += max(news.acked - was, 1)
    if was:
        turn.rec(dupacks=max(0, was - (news.acked - 1)))
        phases.note_reordering_without_sack(turn, news.acked)


# --- what is lost ---


def _identify(turn: Turn, news: News) -> None:
    """``tcp_identify_packet_loss``."""
    tcb = turn.tcb
    if not tcb.out.queue:
        return
    if not tcb.agreed.sack:
        _identify_by_duplicates(turn, news)
        return
    if turn.profile.loss_evidence == "distance":
        _identify_by_distance(turn)
        return
    repeated = scoreboard.counts(tcb).repeated
    if tcb.rec.rack.is_new:
        turn.rec(rack=replace(tcb.rec.rack, is_new=False))
        patience = find_overdue(turn)
        if patience:
            alarms.run_reordering(turn, patience)
            news.sets_timer = False
    if repeated > scoreboard.counts(turn.tcb).repeated:
        news.repetition_lost = True


def _identify_by_duplicates(turn: Turn, news: News) -> None:
    """Three duplicate ACKs, or a partial ACK in recovery: the oldest is lost (``tcp_newreno_mark_lost``)."""
    tcb = turn.tcb
    phase = tcb.rec.phase
    early = phase in ("open", "disorder", "cwr") and tcb.rec.dupacks >= phases.reordering(turn)
    if (early or (phase == "recovery" and news.advanced)) and not tcb.out.queue[0].is_lost:
        mark_lost(turn, {0})


def _identify_by_distance(turn: Turn) -> None:
    """What lies three segments or more before the newest SACK, as older kernels had it (FACK)."""
    queue = turn.tcb.out.queue
    reached = max((place for place, entry in enumerate(queue) if entry.is_sacked), default=0) + 1
    before = queue[: max(reached - phases.reordering(turn), 0)]
    mark_lost(turn, {place for place, entry in enumerate(before) if not (entry.is_sacked or entry.is_lost)})


def find_overdue(turn: Turn) -> int:
    """Mark what RACK finds lost; how long to wait for the rest, 0 for nothing (``tcp_rack_detect_loss``)."""
    tcb, now = turn.tcb, turn.now
    record = tcb.rec.rack
    window = _reordering_window(turn)
    overdue: set[int] = set()
    longest = 0
    for place, entry in enumerate(tcb.out.queue):
        if entry.is_sacked or (entry.is_lost and not entry.is_repeated):
            continue
        if not rack.is_overtaken(record, entry.sent_at, entry.end):
            continue
        patience = rack.patience_us(record, now, entry.sent_at, window)
        if patience <= 0:
            overdue.add(place)
        else:
            longest = max(longest, patience)
    if overdue:
        mark_lost(turn, overdue)
    return longest


def _reordering_window(turn: Turn) -> int:
    """The reordering window now; none while losses are beyond doubt and no reordering was ever seen."""
    tcb = turn.tcb
    rec, mode = tcb.rec, turn.profile.recovery_mode
    impatient = not rec.reorderings and (
        rec.phase in ("recovery", "loss") or (not mode & 4 and scoreboard.counts(tcb).sacked >= phases.reordering(turn))
    )
    return rack.window_us(rec.rack, tcb.cc.min_rtt_us, tcb.rtx.srtt or 0, impatient=impatient)


def mark_lost(turn: Turn, places: set[int]) -> None:
    """These segments of the queue are lost; a repetition of one was lost, too (``tcp_mark_skb_lost``)."""
    queue = list(turn.tcb.out.queue)
    lost = again = 0
    for place in places:
        entry = queue[place]
        if entry.is_sacked or (entry.is_lost and not entry.is_repeated):
            continue
        if entry.is_lost:
            again += 1
        lost += 1
        queue[place] = replace(entry, is_lost=True, is_repeated=entry.is_repeated and not entry.is_lost)
    if lost:
        turn.out(queue=tuple(queue))
        turn.rec(losses=turn.tcb.rec.losses + lost, is_marked=True)
    if again:
        turn.because("repetition-lost", count=again)


# --- the timeout ---


def time_out(turn: Turn) -> None:
    """The retransmission timer struck: all that is old is lost, the window begins anew (``tcp_enter_loss``)."""
    tcb, profile = turn.tcb, turn.profile
    rec, is_first = tcb.rec, tcb.rtx.count <= 1
    is_new = rec.phase in ("open", "disorder", "cwr")
    marked = scoreboard.counts(tcb)
    _mark_after_timeout(turn)
    if (
        rec.phase in ("open", "disorder")
        or seq.before_or_at(rec.high, tcb.snd.una)
        or (rec.phase == "loss" and is_first)
    ):
        control.reduce(turn)
        undo.begin(turn)
    control.time_out(turn, scoreboard.in_flight(turn.tcb))
    if rec.phase in ("open", "disorder") and marked.sacked >= profile.reordering:
        turn.rec(reordering=min(phases.reordering(turn), profile.reordering))
    phases.enter(turn, "loss")
    turn.rec(high=tcb.snd.nxt, probe_end=None, frto=bool(profile.frto) and (is_new or not is_first))
    ecn.owe_cwr(turn)


def _mark_after_timeout(turn: Turn) -> None:
    """What left long enough ago is lost, the oldest in any case (``tcp_timeout_mark_lost``)."""
    tcb = turn.tcb
    queue = tcb.out.queue
    if queue[0].is_sacked:
        turn.because("peer-reneges")
        turn.out(queue=tuple(replace(entry, is_sacked=False) for entry in queue))
        mark_lost(turn, set(range(len(queue))))
        return
    if not tcb.agreed.sack:
        turn.rec(dupacks=0)
    record, by_distance = tcb.rec.rack, turn.profile.loss_evidence == "distance"
    old = {
        place
        for place, entry in enumerate(queue)
        if not place or by_distance or rack.patience_us(record, turn.now, entry.sent_at, 0) <= 0
    }
    mark_lost(turn, old)
