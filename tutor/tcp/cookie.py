"""SYN cookies inside TCP: an answer to a SYN that leaves no trace, and the ACK that brings it back.

Rules
-----
* A SYN cookie is a SYN,ACK without an entry: nothing is repeated. An ACK that carries a valid cookie opens the
  connection from LISTEN (RFC 4987 section 3.6). What the number means is the host's business (``world.cookies``).
* The options of the SYN come back in the timestamp: its low six bits, which the peer echoes, are the window scale,
  SACK and ECN (``cookie_init_timestamp``). Without a timestamp they are lost.
"""

from __future__ import annotations

from tutor.tcp import checks, control, options, rto, seq, transitions, window
from tutor.tcp.arriving import connected
from tutor.tcp.events import Arrival
from tutor.tcp.options import clock
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, ECE, SYN, Options, Segment
from tutor.tcp.tcb import Agreed, Incoming, Outgoing, ReceiveSpace, SendSpace
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

_NO_SCALE = 15
_SACK_BIT, _ECN_BIT = 1 << 4, 1 << 5
_BITS = 6
LOW_BITS = (1 << _BITS) - 1
"""The bits of a timestamp that a cookie uses."""


def answer_with_cookie(turn: Turn, syn: Segment, cookie: int) -> None:
    """A SYN,ACK whose number is the cookie, and no memory of it. Options need the timestamp to come back in."""
    profile = turn.profile
    agreed = options.agree(turn.tcb, syn, profile, turn.now)
    if not agreed.timestamps:
        agreed = Agreed(mss=agreed.mss)
    block = replace(turn.tcb, agreed=agreed)
    offered = Options(
        mss=block.conf.mss or profile.mss,
        window_scale=profile.window_scale if agreed.window_scaling else None,
        sack_permitted=agreed.sack,
        timestamp=(_stamp(agreed, turn.now), agreed.ts_recent) if agreed.timestamps else None,
    )
    flags = SYN | ACK | (ECE if agreed.ecn else 0)
    room = min(window.first(block, profile), window.FIELD_MAX)
    turn.because("cookie-sent")
    turn.emit(Segment(cookie, seq.add(syn.seq, 1), flags, room, offered), "cookie")


def _stamp(agreed: Agreed, now: int) -> int:
    """The latest TSval not after ``now`` whose low bits say what was agreed."""
    stamp = clock(now) & ~LOW_BITS | low_bits(agreed)
    return seq.add(stamp, -(1 << _BITS)) if seq.before(clock(now), stamp) else stamp


def low_bits(agreed: Agreed) -> int:
    """What was agreed, as the low bits of a timestamp."""
    bits = agreed.snd_scale if agreed.window_scaling else _NO_SCALE
    bits |= _SACK_BIT if agreed.sack else 0
    return bits | (_ECN_BIT if agreed.ecn else 0)


def _agreed_by(segment: Segment, mss: int, profile: Profile, now: int) -> Agreed:
    """What the two SYNs had settled, as far as the ACK still tells."""
    stamp = segment.options.timestamp
    if stamp is None or not profile.timestamps:
        return Agreed(mss=mss)
    bits = stamp[1] & LOW_BITS
    scales = bits & 15 != _NO_SCALE and profile.window_scaling
    return Agreed(
        mss=mss,
        window_scaling=scales,
        snd_scale=min(bits & 15, options.MAX_SHIFT) if scales else 0,
        rcv_scale=profile.window_scale if scales else 0,
        timestamps=True,
        sack=bool(bits & _SACK_BIT) and profile.sack,
        ecn=bool(bits & _ECN_BIT) and profile.ecn != "off",
        ts_recent=stamp[0],
        ts_recent_at=now,
        last_ack_sent=segment.seq,
    )


def open_from_cookie(turn: Turn, event: Arrival, mss: int) -> None:
    """LISTEN -> ESTABLISHED: the cookie in the ACK says all that is still known of the handshake."""
    segment, profile = event.segment, turn.profile
    agreed = _agreed_by(segment, mss, profile, turn.now)
    iss, irs = seq.add(segment.ack, -1), seq.add(segment.seq, -1)
    offered = segment.window << agreed.snd_scale
    turn.move(
        transitions.LISTEN_RCV_COOKIE,
        is_active=False,
        agreed=agreed,
        snd=SendSpace(
            una=segment.ack, nxt=segment.ack, wnd=offered, wl1=segment.seq, wl2=segment.ack, iss=iss, max_wnd=offered
        ),
        rcv=ReceiveSpace(nxt=segment.seq, irs=irs),
        out=Outgoing(stream=event.stream or turn.tcb.out.stream),
        inc=Incoming(quick_acks=profile.quick_acks),
        cc=control.fresh(turn.tcb.cc),
    )
    turn.rcv(wnd=window.first(turn.tcb, profile, mss))
    stamp = segment.options.timestamp
    if agreed.timestamps and stamp is not None and seq.before_or_at(stamp[1], clock(turn.now)):
        round_trip = seq.distance(stamp[1], clock(turn.now)) * 1000
        turn.set(rtx=rto.measured(turn.tcb.rtx, round_trip, profile, turn.tcb.snd))
    control.opens(turn, segment)
    connected(turn)
    checks.other_states(turn, Arrival(segment))
