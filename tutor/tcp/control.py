"""Congestion control at work on a connection: what ``congestion`` computes, asked at the right moments.

Rules
-----
* Nothing here runs when the profile's congestion control is off: the window of ``Congestion`` is 0 then, and that one
  test is all it costs.
* What repairs losses (``loss``) calls ``reduce``, ``time_out`` and ``undo``; what an ordinary ACK does is ``grow``.
* A segment counts as one, however small, where the window counts segments.
"""

from __future__ import annotations

from tutor.tcp import congestion, cubic, ecn, seq
from tutor.tcp.congestion import Congestion, Moment
from tutor.tcp.options import clock, effective_mss
from tutor.tcp.permit import Permit, moment_of
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def moment(turn: Turn) -> Moment:
    """The connection as congestion control sees it now."""
    return moment_of(turn.tcb, turn.profile, turn.now)


# --- the handshake ---

CONTROLS = ("reno", "cubic")
"""The algorithms that a program may ask for (TCP_CONGESTION), by number."""


def choose(turn: Turn, number: int | None) -> None:
    """The program chose an algorithm; a connection that is open goes on from its window."""
    cc = turn.tcb.cc
    name = "" if number is None else CONTROLS[number]
    turn.set(cc=replace(cc, control=name, cubic=cubic.started(turn.now, turn.tcb.snd.nxt)))


def fresh(cc: Congestion) -> Congestion:
    """What a new connection takes over from its socket, or from the one before it: the chosen algorithm."""
    return replace(congestion.NO_CONGESTION, control=cc.control)


def handshake_times_out(turn: Turn, syn: Sent) -> None:
    """A SYN or SYN,ACK goes again: the first text will be careful (RFC 5681 section 3.1).

    Who calls takes it for a loss and owes CWR, even if its SYN,ACK answers a SYN that crossed (``tcp_enter_loss``); a
    request entry has no window that could be cut.
    """
    cc = turn.tcb.cc
    turn.set(
        cc=replace(
            cc,
            handshake_timeouts=cc.handshake_timeouts + 1,
            syn_sent_at=syn.sent_at,
            owes_cwr=cc.owes_cwr or turn.tcb.is_active,
        )
    )


def opens(turn: Turn, segment: Segment) -> None:
    """The connection is open: the initial window (``tcp_init_transfer``).

    If the ACK echoes the first SYN's timestamp, repeating it was a mistake, and it costs nothing
    (``tcp_try_undo_spurious_syn``).
    """
    cc, profile = turn.tcb.cc, turn.profile
    if congestion.control_of(cc, profile) == "off":
        return
    timeouts, stamp = cc.handshake_timeouts, segment.options.timestamp
    if timeouts and turn.tcb.agreed.timestamps and stamp is not None and stamp[1] == clock(cc.syn_sent_at):
        timeouts = 0
    cc = congestion.opened(cc, profile, moment(turn), handshake_timeouts=timeouts)
    turn.set(cc=replace(cc, min_rtt_us=turn.tcb.rtx.srtt))


# --- sending ---


def allowance(tcb: Tcb, profile: Profile, in_flight: int) -> int | None:
    """Octets that the congestion window lets be in flight, given ``in_flight`` segments; None for unlimited."""
    window = tcb.cc.window
    if not window:
        return None
    if congestion.counts_octets(profile):
        return window
    return tcb.flight_size + (window - in_flight) * effective_mss(tcb, profile)


def after_sending(turn: Turn, permit: Permit, room: int | None, *, sent: int) -> None:
    """Was it the congestion window that bounded us (``tcp_cwnd_validate``)?

    ``room`` is its answer after ``sent`` segments have left.
    """
    tcb = turn.tcb
    if sent and tcb.cc.cut_until is not None:
        turn.set(cc=replace(tcb.cc, cut_sent=tcb.cc.cut_sent + sent))
        tcb = turn.tcb
    limited = permit.is_limited or (room is not None and room <= tcb.flight_size)
    if sent or limited:
        turn.set(cc=congestion.validated(tcb.cc, turn.profile, moment(turn), limited=limited))


# --- ACKs ---


def deliver(turn: Turn, segments: int) -> None:
    """``segments`` more have arrived, acknowledged or selectively so."""
    cc = turn.tcb.cc
    if cc.window and segments:
        turn.set(cc=congestion.delivered(cc, segments))


def measure(turn: Turn, rtt_us: int) -> None:
    """An ACK measured a round trip on text that was sent once (``pkts_acked``); it may end slow start (HyStart)."""
    cc = turn.tcb.cc
    if not cc.window:
        return
    if cc.min_rtt_us is None or rtt_us < cc.min_rtt_us:
        cc = replace(cc, min_rtt_us=rtt_us)
    cc, why = congestion.measured(cc, turn.profile, moment(turn), rtt_us)
    turn.set(cc=cc)
    if why == "hystart-train":
        turn.because("hystart-train", window=cc.window)
    elif why:
        turn.because("hystart-delay", window=cc.window)


def grow(turn: Turn, segments: int, octets: int) -> None:
    """New text was acknowledged and nothing is lost (``tcp_cong_avoid``)."""
    cc = turn.tcb.cc
    if cc.window:
        turn.set(cc=congestion.acknowledged(cc, turn.profile, moment(turn), segments, octets))


def end_cut(turn: Turn) -> None:
    """More than the window of text that was cut is acknowledged: the cut is over."""
    tcb = turn.tcb
    until = tcb.cc.cut_until
    if until is not None and seq.before(until, tcb.snd.una):
        turn.set(cc=congestion.end_cut(tcb.cc, turn.now))


def hear_echo(turn: Turn) -> None:
    """The network marked what we sent: as a loss, but nothing is repeated (``tcp_enter_cwr``, RFC 3168 6.1.2)."""
    tcb = turn.tcb
    if tcb.cc.window and tcb.cc.cut_until is None:
        window = tcb.cc.window
        reduce(turn)
        turn.set(cc=congestion.begin_cut(turn.tcb.cc, window, tcb.snd.nxt))
        turn.because("echo-cuts-window", threshold=turn.tcb.cc.threshold)


def cut_or_grow(turn: Turn, segments: int, octets: int, in_flight: int) -> None:
    """What this ACK does to the window where nothing is repaired (``tcp_cong_control``)."""
    cc = turn.tcb.cc
    if cc.cut_until is None:
        if segments:
            grow(turn, segments, octets)
    elif congestion.counts_octets(turn.profile):
        turn.set(cc=replace(cc, window=cc.threshold))
    else:
        turn.set(cc=congestion.cut(cc, in_flight, segments, advanced=octets > 0))


# --- loss ---


def reduce(turn: Turn, *, not_counted: int = 0) -> None:
    """A loss: the threshold falls; what was before is kept (``tcp_init_cwnd_reduction``).

    ``not_counted``: octets of the flight that limited transmit added (RFC 5681 section 3.2, step 2).
    """
    tcb = turn.tcb
    if tcb.cc.window:
        cc = congestion.remembered(tcb.cc)
        turn.set(cc=congestion.reduced(cc, turn.profile, moment(turn), flight=tcb.flight_size - not_counted))
        ecn.owe_cwr(turn)


def begin_reduction(turn: Turn) -> None:
    """The threshold falls, and the window begins to follow it (``tcp_init_cwnd_reduction``)."""
    tcb = turn.tcb
    window = tcb.cc.window
    if window:
        reduce(turn)
        turn.set(cc=congestion.begin_cut(turn.tcb.cc, window, tcb.snd.nxt))


def reduce_on_ack(turn: Turn, in_flight: int, segments: int, *, advanced: bool, lost: int) -> None:
    """One step down to the threshold: ``segments`` have arrived, ``lost`` were found lost (``tcp_cwnd_reduction``)."""
    cc = turn.tcb.cc
    if cc.window and cc.cut_from:
        turn.set(cc=congestion.cut(cc, in_flight, segments, advanced=advanced, lost=lost))


def end_reduction(turn: Turn) -> None:
    """The window is what the threshold says."""
    cc = turn.tcb.cc
    if cc.window:
        turn.set(cc=congestion.end_cut(cc, turn.now))


def forget_cut(turn: Turn) -> None:
    """The window is not on its way down any more."""
    cc = turn.tcb.cc
    if cc.cut_until is not None:
        turn.set(cc=replace(cc, cut_until=None))


def forbid_undo(turn: Turn) -> None:
    """What was reduced for an echo of congestion stays reduced."""
    cc = turn.tcb.cc
    if cc.before_loss:
        turn.set(cc=replace(cc, before_loss=0))


def note_cut_sent(turn: Turn, segments: int) -> None:
    """``segments`` were repeated while the window is on its way down (``prr_out``)."""
    cc = turn.tcb.cc
    if cc.cut_until is not None:
        turn.set(cc=replace(cc, cut_sent=cc.cut_sent + segments))


def time_out(turn: Turn, in_flight: int) -> None:
    """The retransmission timer struck; the threshold has been set by ``reduce`` unless this is a second time."""
    cc = turn.tcb.cc
    if cc.window:
        turn.set(cc=congestion.timed_out(cc, turn.profile, moment(turn), in_flight=in_flight))


def undo(turn: Turn, *, threshold: bool = True) -> None:
    """The loss was none."""
    cc = turn.tcb.cc
    if cc.window:
        turn.set(cc=congestion.undone(cc, threshold=threshold))
