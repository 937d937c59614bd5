"""Answering a SYN: from LISTEN, and from a TIME-WAIT that is opened anew.

Rules
-----
* Both ways set IRS and ISS, agree on the options, send SYN,ACK and enter SYN-RECEIVED (RFC 9293 3.10.7.2).
* Text and FIN on the SYN wait until the connection is ESTABLISHED.
"""

from __future__ import annotations

from tutor.tcp import control, deviating, options, output, seq, window
from tutor.tcp.reassembly import hold
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import NO_RECOVERY, Incoming, Outgoing, ReceiveSpace, SendSpace
from tutor.tcp.transitions import Edge
from tutor.tcp.turn import Turn


def start_answering(turn: Turn, syn: Segment, iss: int, stream: str, edge: Edge) -> None:
    """Enter SYN-RECEIVED along ``edge`` and answer ``syn`` with SYN,ACK (also for a reopened TIME-WAIT).

    SND.WND is taken from the SYN although the RFC first sets it with the ACK: a CLOSE here needs it.
    """
    profile = turn.profile
    agreed = options.agree(turn.tcb, syn, profile, turn.now)
    turn.move(
        edge,
        is_active=False,
        agreed=agreed,
        snd=SendSpace(una=iss, nxt=seq.add(iss, 1), wnd=syn.window, wl1=syn.seq, iss=iss, max_wnd=syn.window),
        rcv=ReceiveSpace(nxt=seq.add(syn.seq, 1), irs=syn.seq),
        out=Outgoing(stream=stream or turn.tcb.out.stream),
        inc=Incoming(quick_acks=profile.quick_acks),
        cc=control.fresh(turn.tcb.cc),
        rec=NO_RECOVERY,
    )
    turn.rcv(wnd=window.first(turn.tcb, profile))
    hold_text_of_syn(turn, syn)
    if profile.variant.opens_on_syn:
        deviating.open_unproved(turn, syn)
    else:
        output.send_syn(turn)


def hold_text_of_syn(turn: Turn, syn: Segment) -> None:
    """Text and FIN on a SYN wait until ESTABLISHED (3.10.7.2, third; 3.10.7.3, fourth)."""
    if not syn.payload and not syn.fin:
        return
    if turn.profile.syn_text == "ignore":
        turn.because("syn-text-ignored")
        return
    turn.because("syn-text-queued")
    nxt = turn.tcb.rcv.nxt
    turn.inc(held=hold((), nxt, nxt, syn.payload, fin=syn.fin))
