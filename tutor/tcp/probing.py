"""Tail-loss probes: what was sent last may be lost, and nothing that follows would show it (RFC 8985 section 7).

Rules
-----
* Two round trips after the last sign of life something is sent once more: new text if there is some and the peer's
  window allows, else the last segment. An ACK or a SACK block of it starts RACK; the timeout is only needed if
  everything is lost.
* One probe at a time; after it the retransmission timer runs in full.
* If the probe repeated the last segment and an ACK goes beyond it without a sign that both copies arrived, the first
  copy was lost: the window is cut as for any loss. A D-SACK of it, or a bare duplicate ACK, says that nothing was lost.
"""

from __future__ import annotations

from tutor.tcp import alarms, output, phases, resend, seq
from tutor.tcp.scoreboard import News
from tutor.tcp.turn import Turn


def send(turn: Turn) -> None:
    """The probe is due (``tcp_send_loss_probe``)."""
    turn.timers(loss_probe=turn.now)
    if turn.tcb.rec.probe_end is None and _probe(turn):
        turn.rec(probe_end=turn.tcb.snd.nxt)
        alarms.run_retransmission(turn)
    else:
        alarms.rearm(turn)


def _probe(turn: Turn) -> bool:
    """New text, else the last segment again. Did anything go?"""
    turn.rec(probe_repeats=False)
    if resend.is_new_allowed(turn.tcb, turn.profile):
        turn.because("loss-probe-new")
        return output.transmit(turn, mode="probe")
    turn.because("loss-probe")
    if not resend.send_again(turn, len(turn.tcb.out.queue) - 1):
        return False
    turn.rec(probe_repeats=True)
    return True


def take_ack(turn: Turn, ack: int, news: News) -> None:
    """What the ACK says of a probe (``tcp_process_tlp_ack``)."""
    rec = turn.tcb.rec
    if rec.probe_end is None or seq.before(ack, rec.probe_end):
        return
    if not rec.probe_repeats or news.probe_twice:
        turn.rec(probe_end=None)
    elif seq.before(rec.probe_end, ack):
        phases.begin_cut(turn)
        phases.enter(turn, "cwr")
        phases.end_cut(turn)
        phases.keep_open(turn)
        turn.because("loss-probe-repaired", threshold=turn.tcb.cc.threshold)
    elif not (news.advanced or news.is_no_duplicate or news.newly_sacked):
        turn.rec(probe_end=None)
