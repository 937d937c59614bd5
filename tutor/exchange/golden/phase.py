"""Where a kernel's clock of timestamps stood when a recording began, as far as a cookie shows it.

Rules
-----
* A SYN,ACK that is a cookie carries the latest timestamp whose low six bits say what was agreed: it may be up to 63 ms
  old. The next segment's timestamp shows how old it was, and with that what the clock's low six bits were.
* The connection's first round trip is measured with that timestamp, so that the clock shows in later timers.
* Where no timestamp is behind the clock, nothing shows it and a replay begins at 0.
"""

from __future__ import annotations

from tutor.exchange.golden.trace import KernelSegment, PeerSegment, Trace
from tutor.tcp.cookie import LOW_BITS, low_bits
from tutor.tcp.options import MAX_SHIFT
from tutor.tcp.tcb import Agreed

MS = 1_000
ROUNDING = 2
"""Timestamps and recorded times may disagree by so many milliseconds without being old."""


def phase_of(trace: Trace) -> int:
    """How much later than at 0 a replay begins (microseconds), so that its cookies are as old as the recorded ones."""
    for syn in trace.script:
        if isinstance(syn, PeerSegment) and _words(syn) >= {"SYN"}:
            own = [each for each in trace.segments if _ends(each) == (syn.dport, syn.sport) and each.n > syn.n]
            if len(own) > 1 and _words(own[0]) >= {"SYN", "ACK"} and (age := _age(own[0], own[1])) > ROUNDING:
                return (_bits(syn, own[0]) + age - syn.t // MS) % (LOW_BITS + 1) * MS
    return 0


def _words(segment: PeerSegment | KernelSegment) -> set[str]:
    return set(segment.flags.split(","))


def _ends(segment: KernelSegment) -> tuple[int, int]:
    return segment.sport, segment.dport


def _age(answer: KernelSegment, later: KernelSegment) -> int:
    """How far the timestamp of ``answer`` was behind the clock that ``later`` shows, in milliseconds."""
    if answer.options.ts is None or later.options.ts is None:
        return 0
    return later.options.ts[0] - answer.options.ts[0] - (later.t - answer.t) // MS


def _bits(syn: PeerSegment, answer: KernelSegment) -> int:
    """What the low bits of the cookie's timestamp say."""
    theirs, ours = syn.options, answer.options
    scales = theirs.ws is not None and ours.ws is not None
    return low_bits(
        Agreed(
            window_scaling=scales,
            snd_scale=min(theirs.ws or 0, MAX_SHIFT),
            sack=ours.sack_ok,
            ecn="ECE" in _words(answer),
        )
    )
