"""The phases of a sender: open, disorder, cwr, recovery, loss (``TCP_CA_Open`` to ``TCP_CA_Loss``).

Rules
-----
* Open: nothing unusual. Disorder: something arrived out of order, or a repetition is unanswered. CWR: the window is
  being cut for an echo. Recovery: losses are repaired (fast retransmit). Loss: the retransmission timer struck.
* A phase ends when SND.NXT of its beginning is acknowledged.
* Reordering that is seen raises the number of segments by which a segment may be overtaken.
"""

from __future__ import annotations

from tutor.tcp import control, scoreboard, seq
from tutor.tcp.options import effective_mss
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn


def enter(turn: Turn, phase: str) -> None:
    """The next phase; what leaves a cut of the window behind is over with it."""
    turn.rec(phase=phase)
    if phase not in ("cwr", "recovery"):
        control.forget_cut(turn)


def is_cutting(tcb: Tcb) -> bool:
    """Is the window on its way down to the threshold (``tcp_in_cwnd_reduction``)?"""
    return tcb.rec.phase in ("cwr", "recovery")


def begin_cut(turn: Turn) -> None:
    """The threshold falls, and the window follows in proportion (``tcp_init_cwnd_reduction``)."""
    turn.rec(high=turn.tcb.snd.nxt, probe_end=None)
    control.begin_reduction(turn)


def end_cut(turn: Turn) -> None:
    """The window is the threshold, unless all was undone (``tcp_end_cwnd_reduction``)."""
    rec = turn.tcb.rec
    if rec.phase == "cwr" or rec.undo_from is not None:
        control.end_reduction(turn)


def has_repeated(tcb: Tcb) -> bool:
    """Is a repetition unanswered (``tcp_any_retrans_done``)?"""
    queue = tcb.out.queue
    return scoreboard.counts(tcb).repeated > 0 or (bool(queue) and queue[0].transmissions > 1)


def keep_open(turn: Turn) -> None:
    """Open, or disorder while something is marked or repeated (``tcp_try_keep_open``)."""
    tcb = turn.tcb
    marked = scoreboard.counts(tcb)
    phase = "disorder" if marked.sacked or marked.lost or has_repeated(tcb) else "open"
    if tcb.rec.phase != phase:
        enter(turn, phase)
        turn.rec(high=tcb.snd.nxt)


def holds_without_sack(turn: Turn) -> bool:
    """Without SACK the phase is held until more than its end is acknowledged (RFC 6582 section 3.2, step 1)."""
    tcb = turn.tcb
    if tcb.snd.una != tcb.rec.high or tcb.agreed.sack:
        return False
    if not has_repeated(tcb):
        turn.rec(repeated_at=None)
    return True


# --- reordering ---


def reordering(turn: Turn) -> int:
    """Segments a segment may be overtaken by before it counts as lost."""
    return turn.tcb.rec.reordering or turn.profile.reordering


def note_reordering(turn: Turn, low: int, fack: int | None = None, *, by_timestamp: bool = False) -> None:
    """``low`` arrived after higher numbers, up to ``fack``, had (``tcp_check_sack_reordering``)."""
    tcb, profile = turn.tcb, turn.profile
    if fack is None:
        fack = scoreboard.highest_sacked(tcb.snd.una, tcb.out.queue)
    if not seq.before(low, fack):
        return
    mss = effective_mss(tcb, profile)
    distance = seq.distance(low, fack)
    if distance > reordering(turn) * mss:
        turn.rec(reordering=min(-(-distance // mss), profile.max_reordering))
    turn.rec(reorderings=turn.tcb.rec.reorderings + 1)
    if by_timestamp:
        turn.because("reordering-by-timestamp")
    else:
        turn.because("reordering-seen")


def note_reordering_without_sack(turn: Turn, more: int) -> None:
    """More duplicate ACKs than segments that could have caused them (``tcp_check_reno_reordering``)."""
    tcb = turn.tcb
    out, lost = len(tcb.out.queue), scoreboard.counts(tcb).lost
    holes = min(max(lost, 1), out)
    if tcb.rec.dupacks + holes <= out:
        return
    turn.rec(
        dupacks=out - holes,
        reordering=min(out + more, turn.profile.max_reordering),
        reorderings=tcb.rec.reorderings + 1,
    )
    turn.because("reordering-without-sack")
