"""CUBIC: a window that grows as the cube of the time since the last loss (RFC 9438), as Linux counts it.

Rules
-----
* The window falls to beta = 717/1024 of itself at a loss; the plateau of the curve is the window before that loss,
  lower still if the loss came below the last plateau (fast convergence).
* Between losses the curve says after how many acknowledged segments the window grows by one: ``count``.
  It is worked out at most once a tick, and again only when the window moved or 1/32 s went by.
* Never slower than Reno would be with the same beta (TCP friendliness), never faster than half a segment an ACK.
* HyStart leaves slow start before a loss: when a train of close ACKs grows as long as half a round trip,
  or when the least of eight round trips has grown by an eighth (4 to 16 ms).
* Everything is in whole numbers: segments, ticks of the kernel's clock, microseconds for HyStart.

Theory
------
W(t) = C (t - K)^3 + W_max with C = 0.4: fast away from the old plateau, slow around it, fast beyond it. Time alone
drives it, not the ACKs, so that flows with long and short round trips grow alike.

Our K comes from an exact cube root; the kernel's is an approximation that is off by 0.2 % on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tutor.tcp import seq
from tutor.tcp.values import replace

SCALE = 1024
"""Denominator of ``BETA`` and of ``C_SCALED``."""
BETA = 717
"""What is left of the window after a loss, in 1/1024."""
C_SCALED = 41
"""C in 1/1024: 0.04 segments per (tick of 1/1024 s)^3 with the fixed round trip of 100 ms, so C = 0.4."""
TIME_BITS = 10
"""The curve's time runs in 1/1024 s."""

_CURVE = C_SCALED * 10
_K_FACTOR = (1 << (10 + 3 * TIME_BITS)) // _CURVE
_FRIENDLY = 8 * (SCALE + BETA) // 3 // (SCALE - BETA)

LOW_WINDOW = 16
"""HyStart looks only at windows of at least so many segments."""
ACK_SPACING_US = 2000
"""ACKs that follow one another within this belong to one train."""
MIN_SAMPLES = 8
"""Round trips of a round that HyStart looks at before it judges."""
DELAY_MIN_US, DELAY_MAX_US = 4000, 16000
"""Bounds of the growth of the round trip that ends slow start."""


@dataclass(frozen=True, slots=True)
class Cubic:
    """What CUBIC remembers of one connection. Times of the curve in ticks, of HyStart in microseconds."""

    count: int = 0
    """Segments acknowledged for each one that the window grows by."""
    last_max: int = 0
    """The plateau: the window before the last loss."""
    last_window: int = 0
    last_tick: int = 0
    """The window and the time for which ``count`` was worked out."""
    origin: int = 0
    """The window at the curve's turning point."""
    k: int = 0
    """Time from the start of the epoch to the turning point, in 1/1024 s."""
    epoch: int | None = None
    """When growth began after the last loss, in ticks; None before the first ACK of an epoch."""
    acked: int = 0
    """Segments acknowledged that Reno's estimate has not used up."""
    reno_window: int = 0
    """The window that Reno would have by now."""
    delay_min_us: int = 0
    """The shortest round trip; 0 before any."""
    found: bool = False
    """HyStart has found the end of slow start."""
    samples: int = 0
    round_rtt_us: int | None = None
    """The shortest round trip of this round."""
    round_start_us: int = 0
    round_end: int = 0
    """The sequence number whose ACK ends this round."""
    last_ack_us: int = 0
    """The last ACK of the train."""


NEW_CUBIC = Cubic()


def started(now: int, snd_nxt: int) -> Cubic:
    """CUBIC of a fresh connection, or after a timeout: a new round begins."""
    return new_round(NEW_CUBIC, now, snd_nxt)


def new_round(cubic: Cubic, now: int, snd_nxt: int) -> Cubic:
    """HyStart begins a round that ends when what is in flight now is acknowledged (``bictcp_hystart_reset``)."""
    return replace(cubic, round_start_us=now, last_ack_us=now, round_end=snd_nxt, round_rtt_us=None, samples=0)


def _cube_root(number: int) -> int:
    """The whole part of the cube root."""
    root = 1
    while root**3 <= number:
        root <<= 1
    step = root >> 1
    root = 0
    while step:
        if (root + step) ** 3 <= number:
            root += step
        step >>= 1
    return root


def grown(cubic: Cubic, window: int, acked: int, now: int, tick_us: int) -> Cubic:
    """``count`` after ``acked`` segments more, with a window of ``window`` (``bictcp_update``)."""
    tick = now // tick_us
    hertz = 1_000_000 // tick_us
    cubic = replace(cubic, acked=cubic.acked + acked)
    if cubic.last_window == window and tick - cubic.last_tick <= hertz // 32:
        return cubic
    if cubic.epoch is None or tick != cubic.last_tick:
        cubic = _on_the_curve(cubic, window, acked, tick, tick_us)
    return _at_least_reno(cubic, window)


def _on_the_curve(cubic: Cubic, window: int, acked: int, tick: int, tick_us: int) -> Cubic:
    """``count`` from where the curve will be one round trip from now."""
    cubic = replace(cubic, last_window=window, last_tick=tick)
    if cubic.epoch is None:
        below = cubic.last_max - window
        cubic = replace(
            cubic,
            epoch=tick,
            acked=acked,
            reno_window=window,
            k=_cube_root(_K_FACTOR * below) if below > 0 else 0,
            origin=cubic.last_max if below > 0 else window,
        )
    assert cubic.epoch is not None
    hertz = 1_000_000 // tick_us
    elapsed = tick - cubic.epoch + -(-cubic.delay_min_us // tick_us)
    time = (elapsed << TIME_BITS) // hertz
    rise = (_CURVE * abs(time - cubic.k) ** 3) >> (10 + 3 * TIME_BITS)
    target = cubic.origin - rise if time < cubic.k else cubic.origin + rise
    count = window // (target - window) if target > window else 100 * window
    if cubic.last_max == 0:
        count = min(count, 20)
    return replace(cubic, count=count)


def _at_least_reno(cubic: Cubic, window: int) -> Cubic:
    """Not slower than Reno with this beta (RFC 9438 section 4.3), and not faster than one segment for two."""
    step = (window * _FRIENDLY) >> 3
    steps = (cubic.acked - 1) // step if step and cubic.acked > step else 0
    reno = cubic.reno_window + steps
    count = min(cubic.count, window // (reno - window)) if reno > window else cubic.count
    return replace(cubic, acked=cubic.acked - steps * step, reno_window=reno, count=max(count, 2))


def after_loss(cubic: Cubic, window: int) -> tuple[Cubic, int]:
    """The new plateau and the slow start threshold (``cubictcp_recalc_ssthresh``, RFC 9438 4.6, 4.7)."""
    plateau = window * (SCALE + BETA) // (2 * SCALE) if window < cubic.last_max else window
    return replace(cubic, epoch=None, last_max=plateau), max(window * BETA // SCALE, 2)


def after_idle(cubic: Cubic, idle_us: int, now: int, tick_us: int) -> Cubic:
    """Sending begins again: the curve stood still meanwhile (``CA_EVENT_TX_START``)."""
    ticks = now // tick_us - (now - idle_us) // tick_us
    if cubic.epoch is None or ticks <= 0:
        return cubic
    return replace(cubic, epoch=min(cubic.epoch + ticks, now // tick_us))


class Sample(NamedTuple):
    """One measured round trip and the connection when it was measured."""

    rtt_us: int
    una: int
    nxt: int
    now: int
    cushion_us: int
    """What bursts may add to the spacing of ACKs."""


def measured(cubic: Cubic, window: int, sample: Sample, tick_us: int, *, in_slow_start: bool) -> tuple[Cubic, str]:
    """A round trip was measured: (CUBIC, "" or why slow start ends) (``cubictcp_acked``)."""
    now = sample.now
    if cubic.epoch is not None and now // tick_us - cubic.epoch < 1_000_000 // tick_us:
        return cubic, ""
    delay = max(sample.rtt_us, 1)
    if cubic.delay_min_us == 0 or delay < cubic.delay_min_us:
        cubic = replace(cubic, delay_min_us=delay)
    if cubic.found or not in_slow_start:
        return cubic, ""
    if seq.before(cubic.round_end, sample.una):
        cubic = new_round(cubic, now, sample.nxt)
    if window < LOW_WINDOW:
        return cubic, ""
    return _hystart(cubic, delay, now, sample.cushion_us)


def _hystart(cubic: Cubic, delay: int, now: int, cushion_us: int) -> tuple[Cubic, str]:
    """The two signs that the pipe is full (``hystart_update``)."""
    why = ""
    if now - cubic.last_ack_us <= ACK_SPACING_US:
        cubic = replace(cubic, last_ack_us=now)
        if now - cubic.round_start_us > (cubic.delay_min_us + cushion_us) >> 1:
            why = "hystart-train"
    least = delay if cubic.round_rtt_us is None else min(cubic.round_rtt_us, delay)
    if cubic.samples < MIN_SAMPLES:
        cubic = replace(cubic, round_rtt_us=least, samples=cubic.samples + 1)
    else:
        cubic = replace(cubic, round_rtt_us=least)
        if least > cubic.delay_min_us + min(max(cubic.delay_min_us >> 3, DELAY_MIN_US), DELAY_MAX_US):
            why = why or "hystart-delay"
    return (replace(cubic, found=True), why) if why else (cubic, "")
