"""The congestion window: how much may be in flight for the network's sake (RFC 5681, RFC 6928, RFC 9438).

Rules
-----
* It begins with the initial window, and at one segment if the handshake was repeated more than once.
* Slow start: below the threshold the window grows by what was acknowledged. Congestion avoidance: above it, by about
  a segment a round trip (Reno), or along CUBIC's curve.
* It grows only while it is what holds us back: a window nobody fills says nothing about the network (RFC 7661).
* After silence it is worth less: it is halved for every RTO of idleness, down to the initial window.
* A loss sets the threshold; a timeout sets the window to one segment. What was before is kept, to undo it.
* The window counts segments, as Linux does, or octets, as RFC 5681 does: ``congestion_unit`` says which.

Theory
------
Nobody tells a sender what the network can carry. It probes: faster and faster until something is lost, then less,
then carefully again. One lost segment is the only message the network sends, and it is always late.

Everything here takes a ``Congestion`` and gives the next one; nothing here knows a connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tutor.tcp import cubic, seq
from tutor.tcp.cubic import Cubic
from tutor.tcp.profile import Profile
from tutor.tcp.values import replace

INFINITE = 0x7FFFFFFF
"""A threshold that nothing reaches: no loss yet."""


@dataclass(frozen=True, slots=True)
class Congestion:
    """What a sender believes about the network. Windows in the profile's unit: segments or octets."""

    window: int = 0
    """cwnd; 0 before the connection is open, when it does not bound anything."""
    threshold: int = INFINITE
    """ssthresh: slow start below it, congestion avoidance from it on."""
    credit: int = 0
    """What was acknowledged towards the next growth by one segment (``snd_cwnd_cnt``)."""
    control: str = ""
    """The algorithm this connection asked for (TCP_CONGESTION); "" takes the profile's."""
    is_limited: bool = False
    """In this window of text the congestion window once held us back."""
    most_out: int = 0
    """Segments outstanding at most in this window of text."""
    usage_end: int = 0
    """The sequence number whose ACK ends this window of text."""
    used: int = 0
    """Segments outstanding at most since ``checked_at``."""
    checked_at: int = 0
    """When the window was last full, or last validated, in microseconds."""
    last_sent_at: int = 0
    """When text last left, in microseconds."""
    before_loss: int = 0
    """The window before the last reduction, to undo it; 0 when there is nothing to undo."""
    threshold_before: int = 0
    delivered: int = 0
    """Segments known to have arrived, the SYN among them (``tcpi_delivered``)."""
    limited_until: int = 0
    """The program, not the network, bounds us until so many are delivered; 0 when it does not (``app_limited``)."""
    owes_cwr: bool = False
    """The next new text says CWR: the window has been cut."""
    echoes: bool = False
    """Our ACKs say ECE: a mark came, and CWR has not come yet."""
    marks_seen: bool = False
    """Text with a codepoint of ECN has come."""
    cut_until: int | None = None
    """The window is being cut down to the threshold until more than this is acknowledged; None when it is not."""
    cut_from: int = 0
    """The window when that began."""
    cut_delivered: int = 0
    cut_sent: int = 0
    """Segments delivered and sent since then."""
    handshake_timeouts: int = 0
    """Times the SYN or SYN,ACK had to be sent again."""
    syn_sent_at: int = 0
    """When the SYN that had to be repeated was first sent, in microseconds."""
    min_rtt_us: int | None = None
    """The shortest round trip."""
    cubic: Cubic = cubic.NEW_CUBIC

    @property
    def in_slow_start(self) -> bool:
        """Below the threshold?"""
        return self.window < self.threshold


NO_CONGESTION = Congestion()


class Moment(NamedTuple):
    """What an algorithm may look at besides its own record: the connection at this moment."""

    now: int
    una: int
    nxt: int
    mss: int
    """Octets of text in a full segment."""
    out: int
    """Segments outstanding (``packets_out``)."""
    srtt_us: int
    rto_us: int


def control_of(congestion: Congestion, profile: Profile) -> str:
    """The algorithm in charge: "off", "reno" or "cubic"."""
    control = profile.congestion_control
    return congestion.control if congestion.control and control != "off" else control


def counts_octets(profile: Profile) -> bool:
    """Is the window counted in octets (RFC 5681) rather than in segments (Linux)?"""
    return profile.congestion_unit == "octets"


def step(profile: Profile, mss: int) -> int:
    """One segment in the unit of the window."""
    return mss if counts_octets(profile) else 1


def initial_window(profile: Profile, mss: int) -> int:
    """IW: RFC 6928 section 2, or with ``initial_window_segments`` 0 the steps of RFC 5681 section 3.1."""
    segments = profile.initial_window_segments
    if segments == 0:
        segments = 2 if mss > 2190 else 3 if mss > 1095 else 4
    return segments * step(profile, mss)


def opened(congestion: Congestion, profile: Profile, moment: Moment, *, handshake_timeouts: int = 0) -> Congestion:
    """The window of a connection that has just opened (``tcp_init_transfer``; RFC 5681 3.1, RFC 6298 5.7)."""
    if control_of(congestion, profile) == "off":
        return congestion
    cut = handshake_timeouts > profile.handshake_losses_forgiven
    window = step(profile, moment.mss) if cut else initial_window(profile, moment.mss)
    return replace(
        congestion,
        window=window,
        checked_at=moment.now,
        last_sent_at=moment.now,
        delivered=1,
        cubic=cubic.started(moment.now, moment.nxt),
    )


# --- is the window what holds us back? ---


def is_limited(congestion: Congestion) -> bool:
    """May the window grow? Yes if it was full, or, in slow start, if half of it was used (``tcp_is_cwnd_limited``)."""
    if congestion.is_limited:
        return True
    return congestion.in_slow_start and congestion.window < 2 * congestion.most_out


def validated(congestion: Congestion, profile: Profile, moment: Moment, *, limited: bool) -> Congestion:
    """After sending: was the window full? (``tcp_cwnd_validate``, RFC 7661, RFC 2861.)"""
    ended = seq.before_or_at(congestion.usage_end, moment.una)
    if ended or limited or (not congestion.is_limited and moment.out > congestion.most_out):
        congestion = replace(congestion, is_limited=limited, most_out=moment.out, usage_end=moment.nxt)
    if is_limited(congestion):
        return replace(congestion, used=0, checked_at=moment.now)
    used = max(congestion.used, moment.out)
    if profile.slow_start_after_idle and moment.now - congestion.checked_at >= moment.rto_us:
        return replace(_half_unused(congestion, profile, moment, used), used=0, checked_at=moment.now)
    return congestion if used == congestion.used else replace(congestion, used=used)


def _half_unused(congestion: Congestion, profile: Profile, moment: Moment, used: int) -> Congestion:
    """For an RTO nobody filled the window: half of what was not used goes (``tcp_cwnd_application_limited``)."""
    used = max(used * step(profile, moment.mss), initial_window(profile, moment.mss))
    if used >= congestion.window:
        return congestion
    return replace(congestion, threshold=current_threshold(congestion), window=(congestion.window + used) >> 1)


def current_threshold(congestion: Congestion) -> int:
    """The threshold worth remembering: at least three quarters of the window (``tcp_current_ssthresh``)."""
    return max(congestion.threshold, (congestion.window >> 1) + (congestion.window >> 2))


def after_idle(congestion: Congestion, profile: Profile, moment: Moment) -> Congestion:
    """Text is written with nothing in flight: a window that has not been used for an RTO is worth less.

    RFC 5681 section 4.1 falls back to the restart window at once; Linux halves for every RTO of idleness
    (``tcp_cwnd_restart``).
    """
    idle = moment.now - congestion.last_sent_at
    if not profile.slow_start_after_idle or not congestion.window or idle <= moment.rto_us:
        return congestion
    least = min(initial_window(profile, moment.mss), congestion.window)
    if profile.idle_restart == "at-once":
        return replace(congestion, window=least, checked_at=moment.now, used=0)
    window = congestion.window
    idle -= moment.rto_us
    while idle > 0 and window > least:
        window >>= 1
        idle -= moment.rto_us
    return replace(
        congestion,
        threshold=current_threshold(congestion),
        window=max(window, least),
        checked_at=moment.now,
        used=0,
    )


def text_leaves(congestion: Congestion, profile: Profile, now: int, *, pipe_empty: bool) -> Congestion:
    """A segment of text leaves (``tcp_event_data_sent``)."""
    if pipe_empty and congestion.cubic.epoch is not None:
        idle = now - congestion.last_sent_at
        moved = cubic.after_idle(congestion.cubic, idle, now, profile.tick_us)
        return replace(congestion, last_sent_at=now, cubic=moved)
    return congestion if congestion.last_sent_at == now else replace(congestion, last_sent_at=now)


# --- growth ---


def delivered(congestion: Congestion, segments: int) -> Congestion:
    """``segments`` more are known to have arrived; with them what the program's idleness had bounded."""
    total = congestion.delivered + segments
    limit = congestion.limited_until if total <= congestion.limited_until else 0
    return replace(congestion, delivered=total, limited_until=limit)


def acknowledged(congestion: Congestion, profile: Profile, moment: Moment, segments: int, octets: int) -> Congestion:
    """New text was acknowledged and nothing is being repaired: grow (``tcp_cong_avoid``; RFC 5681 section 3.1)."""
    if counts_octets(profile):
        return _grown_in_octets(congestion, moment.mss, octets)
    if not is_limited(congestion):
        return congestion
    if congestion.in_slow_start:
        window = min(congestion.window + segments, congestion.threshold)
        segments -= window - congestion.window
        congestion = replace(congestion, window=window)
        if segments <= 0:
            return congestion
    if control_of(congestion, profile) == "cubic":
        curve = cubic.grown(congestion.cubic, congestion.window, segments, moment.now, profile.tick_us)
        return _by_one_every(replace(congestion, cubic=curve), curve.count, segments)
    return _by_one_every(congestion, congestion.window, segments)


def _grown_in_octets(congestion: Congestion, mss: int, octets: int) -> Congestion:
    """RFC 5681 section 3.1: by N, at most SMSS, in slow start; by SMSS * SMSS / cwnd beyond (equation 3)."""
    window = congestion.window
    more = min(octets, mss) if congestion.in_slow_start else max(1, mss * mss // window)
    return replace(congestion, window=window + more)


def _by_one_every(congestion: Congestion, every: int, segments: int) -> Congestion:
    """One segment more for each ``every`` acknowledged (``tcp_cong_avoid_ai``)."""
    window, credit = congestion.window, congestion.credit
    if credit >= every:
        window, credit = window + 1, 0
    credit += segments
    if credit >= every:
        window, credit = window + credit // every, credit % every
    return replace(congestion, window=window, credit=credit)


def measured(congestion: Congestion, profile: Profile, moment: Moment, rtt_us: int) -> tuple[Congestion, str]:
    """A round trip was measured: (next, "" or why slow start ends here). Only CUBIC listens (HyStart)."""
    if control_of(congestion, profile) != "cubic" or not congestion.window:
        return congestion, ""
    curve, why = cubic.measured(
        congestion.cubic,
        congestion.window,
        cubic.Sample(rtt_us, moment.una, moment.nxt, moment.now, _cushion_us(congestion, profile, moment)),
        profile.tick_us,
        in_slow_start=congestion.in_slow_start,
    )
    if why:
        return replace(congestion, cubic=curve, threshold=congestion.window), why
    return congestion if curve is congestion.cubic else replace(congestion, cubic=curve), ""


def pacing_rate(congestion: Congestion, profile: Profile, moment: Moment) -> int | None:
    """Octets a second at which a pacer would send (``tcp_update_pacing_rate``); None before a round trip is known.

    Nothing is paced here, as with Linux's pfifo: the rate only sizes bursts and HyStart's cushion.
    """
    if not moment.srtt_us:
        return None
    slow = congestion.window < congestion.threshold // 2
    percent = profile.pacing_slow_start_percent if slow else profile.pacing_avoidance_percent
    return moment.mss * max(congestion.window, moment.out) * percent * 10_000 // moment.srtt_us


def burst_segments(congestion: Congestion, profile: Profile, moment: Moment) -> int:
    """Segments of a full burst: a millisecond's worth, more on a very short path (``tcp_tso_autosize``)."""
    rate = pacing_rate(congestion, profile, moment) if congestion.window else None
    octets = profile.burst_octets if rate is None else rate >> 10
    if congestion.min_rtt_us is not None and profile.burst_rtt_log:
        shift = congestion.min_rtt_us >> profile.burst_rtt_log
        octets += profile.burst_octets >> shift if shift < 32 else 0
    return max(min(octets, profile.burst_octets) // moment.mss, profile.min_burst_segments)


def _cushion_us(congestion: Congestion, profile: Profile, moment: Moment) -> int:
    """What bursts may add to the spacing of ACKs, at most 1 ms (``hystart_ack_delay``)."""
    rate = pacing_rate(congestion, profile, moment)
    return min(1000, 4 * profile.burst_octets * 1_000_000 // rate) if rate else 0


# --- loss ---


def reduced(congestion: Congestion, profile: Profile, moment: Moment, *, flight: int = 0) -> Congestion:
    """A loss: the threshold falls and CUBIC's epoch ends; the window itself is the recovery's business.

    ``flight``: octets outstanding, which RFC 5681 halves (equation 4); Linux takes the window.
    """
    if counts_octets(profile):
        return replace(congestion, threshold=max(flight // 2, 2 * moment.mss), credit=0)
    if control_of(congestion, profile) == "cubic":
        curve, threshold = cubic.after_loss(congestion.cubic, congestion.window)
        return replace(congestion, threshold=threshold, cubic=curve)
    return replace(congestion, threshold=max(congestion.window >> 1, 2))


def cut(congestion: Congestion, in_flight: int, segments: int, *, advanced: bool, lost: int = 0) -> Congestion:
    """Proportional rate reduction: one step on the way to the threshold (``tcp_cwnd_reduction``, RFC 6937, RFC 9937).

    ``segments`` were newly delivered. Above the threshold fewer leave than arrive; below it one more than arrives.
    """
    if segments <= 0:
        return congestion
    delivered = congestion.cut_delivered + segments
    room = congestion.threshold - in_flight
    if room < 0:
        may = -(-congestion.threshold * delivered // congestion.cut_from) - congestion.cut_sent
    else:
        may = max(delivered - congestion.cut_sent, segments) + (advanced and not lost)
        may = min(room, may)
    may = max(may, 0 if congestion.cut_sent else 1)
    return replace(congestion, window=in_flight + may, cut_delivered=delivered)


def begin_cut(congestion: Congestion, window: int, until: int) -> Congestion:
    """The threshold has just been lowered from a window of ``window``: go down to it (``tcp_init_cwnd_reduction``)."""
    return replace(congestion, cut_until=until, cut_from=window, cut_delivered=0, cut_sent=0, credit=0)


def end_cut(congestion: Congestion, now: int) -> Congestion:
    """The window is what the threshold says (``tcp_end_cwnd_reduction``)."""
    window = congestion.threshold if congestion.threshold < INFINITE else congestion.window
    return replace(congestion, window=window, cut_until=None, checked_at=now)


def remembered(congestion: Congestion) -> Congestion:
    """Keep what a reduction is about to change, so that it can be undone (``tcp_init_undo`` and its callers)."""
    return replace(congestion, before_loss=congestion.window, threshold_before=current_threshold(congestion))


def undone(congestion: Congestion, *, threshold: bool = True) -> Congestion:
    """The loss was none: back to where we were (``tcp_undo_cwnd_reduction``)."""
    if not congestion.before_loss:
        return congestion
    restored = max(congestion.window, congestion.before_loss)
    limit = max(congestion.threshold, congestion.threshold_before) if threshold else congestion.threshold
    return replace(congestion, window=restored, threshold=limit)


def timed_out(congestion: Congestion, profile: Profile, moment: Moment, *, in_flight: int) -> Congestion:
    """The retransmission timer struck: what is still in flight and one segment more (``tcp_enter_loss``, RFC 5681).

    ``in_flight``: segments that are not marked lost; RFC 5681's loss window is one segment.
    """
    if counts_octets(profile):
        return replace(congestion, window=moment.mss, credit=0)
    window = in_flight + 1
    if control_of(congestion, profile) == "cubic":
        curve = cubic.started(moment.now, moment.nxt)
        return replace(congestion, window=window, credit=0, checked_at=moment.now, cubic=curve)
    return replace(congestion, window=window, credit=0, checked_at=moment.now)
