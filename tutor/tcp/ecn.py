"""Explicit congestion notification: the network marks, the receiver echoes, the sender slows down (RFC 3168).

Rules
-----
* Asked for with ECE and CWR on the SYN, granted with ECE on the SYN,ACK. A SYN that already carries a mark in its IP
  header asks for something else and is not granted (RFC 3168 section 6.1.1).
* New text leaves as ECN-capable (ECT(0)); pure ACKs and repetitions do not (section 6.1.4, 6.1.5).
* A mark (CE) on text is echoed with ECE on every ACK until a segment with CWR comes (section 6.1.3).
* An echo cuts the sender's window as a loss would, once per window of text; the next new text carries CWR
  (section 6.1.2). After a loss it does, too.

Theory
------
A router whose queue grows need not drop a segment to say so: it sets a mark, and nothing has to be repeated. The echo
goes on until it is answered, since an ACK may be lost.
"""

from __future__ import annotations

from tutor.tcp import acking
from tutor.tcp.profile import Profile
from tutor.tcp.segment import CWR, ECE, ECT_0, MARKED, Segment
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

QUICK_ACKS = 2
"""ACKs that are not delayed after a mark: the sender may have little left in flight (``tcp_enter_quickack_mode``)."""


def asks(profile: Profile) -> int:
    """The flags that our SYN carries besides SYN."""
    return ECE | CWR if profile.ecn == "on" else 0


def grants(profile: Profile, syn: Segment) -> bool:
    """Do we grant what the peer's SYN asks for (``tcp_ecn_create_request``)?"""
    both = ECE | CWR
    return profile.ecn != "off" and syn.flags & both == both and not syn.mark


def is_granted(profile: Profile, syn_ack: Segment) -> bool:
    """Does the peer's SYN,ACK grant what our SYN asked for (``tcp_ecn_rcv_synack``)?"""
    return profile.ecn == "on" and syn_ack.flags & (ECE | CWR) == ECE


def marks_new_text(turn: Turn) -> tuple[int, int]:
    """(flags, codepoint of the IP header) that new text carries besides its own; CWR is said once."""
    tcb = turn.tcb
    if not tcb.agreed.ecn:
        return 0, 0
    if not tcb.cc.owes_cwr:
        return 0, ECT_0
    turn.set(cc=replace(tcb.cc, owes_cwr=False))
    return CWR, ECT_0


def echo(tcb: Tcb) -> int:
    """ECE if a mark has not been answered yet."""
    return ECE if tcb.cc.echoes and tcb.agreed.ecn else 0


def owe_cwr(turn: Turn) -> None:
    """The window was cut: the next new text says so (``tcp_ecn_queue_cwr``)."""
    tcb = turn.tcb
    if tcb.agreed.ecn and not tcb.cc.owes_cwr:
        turn.set(cc=replace(tcb.cc, owes_cwr=True))


def text_arrives(turn: Turn, segment: Segment) -> None:
    """Look at the mark and at CWR of a segment with text (``tcp_ecn_accept_cwr``, ``tcp_ecn_check_ce``)."""
    tcb = turn.tcb
    if not tcb.agreed.ecn:
        return
    cc = tcb.cc
    if segment.flags & CWR:
        if cc.echoes:
            turn.because("echo-answered")
        cc = replace(cc, echoes=False)
        turn.owes_ack = True
    if segment.mark == MARKED:
        if not cc.echoes:
            turn.because("congestion-marked")
            _acknowledge_quickly(turn)
        cc = replace(cc, echoes=True, marks_seen=True)
    elif segment.mark:
        cc = replace(cc, marks_seen=True)
    elif cc.marks_seen:
        _acknowledge_quickly(turn)
    if cc != tcb.cc:
        turn.set(cc=cc)


def _acknowledge_quickly(turn: Turn) -> None:
    """The next ACKs are not delayed."""
    if turn.profile.ack_delay == "adaptive":
        turn.set(ack=acking.alarmed(turn.tcb.ack, QUICK_ACKS, turn.profile.delayed_ack_us))
        return
    quick = turn.tcb.inc.quick_acks
    if quick < QUICK_ACKS:
        turn.inc(quick_acks=QUICK_ACKS)


def is_echoed(tcb: Tcb, segment: Segment) -> bool:
    """Does this ACK tell of a mark on what we sent (``tcp_ecn_rcv_ecn_echo``)?"""
    return bool(segment.flags & ECE) and tcb.agreed.ecn and not segment.syn
