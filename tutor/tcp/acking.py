"""When an ACK of text may wait, and for how long: the receiver's patience (RFC 9293 section 3.8.6.3, as Linux has it).

Rules
-----
* More than one full segment not acknowledged: at once, if the window can move along. A fresh or long silent peer is
  acknowledged at once too (quick ACKs): it is in slow start, and every ACK lets it grow.
* Who answers is in conversation: our text will carry the ACK, so it may wait. Then quick ACKs are not used.
* The wait follows the peer's rhythm: it begins with 40 ms, grows with the gaps between segments, doubles when it was in
  vain, and is never longer than a round trip or 200 ms.

Theory
------
An ACK of its own costs a packet; an ACK that rides on text costs nothing. But a sender that waits for the ACK loses the
time that we wait for text. So a receiver guesses whether there will be text, and learns from having been wrong.

Source: Linux ``net/ipv4/tcp_input.c`` (``tcp_event_data_recv``, ``tcp_measure_rcv_mss``, ``__tcp_ack_snd_check``),
``net/ipv4/tcp_output.c`` (``tcp_send_delayed_ack``, ``tcp_event_ack_sent``), ``net/ipv4/tcp_timer.c``.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.values import replace

LONGEST_US = 200_000
"""``TCP_DELACK_MAX``."""
HALF_SECOND_US = 500_000
SMALLEST_FULL = 536
"""Text of a segment that passes for a full one of its size (``TCP_MSS_DEFAULT``)."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """ACKs of text out of order that wait to become one (``gathering``), and how long they may."""

    segments: int = 0
    """Segments that the next ACK stands for."""
    alike: int = 0
    """ACKs of ``alike_at`` that went at once while text was held beyond it."""
    alike_at: int = -1
    trip_eighths: int = 0
    """The round trip as the peer's text shows it, in eighths of a microsecond; 0 = not known."""
    echoed: int = -1
    """The timestamp of ours that the peer's text echoed last."""


NO_GATHERED = Gathered()


@dataclass(frozen=True, slots=True)
class Acking:
    """What a receiver knows about the peer's rhythm, and what it owes."""

    quick: int = 0
    """ACKs that still go out at once."""
    in_conversation: bool = False
    """We answered what we heard: the next ACK may wait for text (pingpong)."""
    wait_us: int = 0
    """How long an ACK may wait; 0 before any text has come."""
    heard_at: int = 0
    """When text last came, in microseconds."""
    segment: int = SMALLEST_FULL
    """Text of a full segment of the peer's, as far as we have seen."""
    last_size: int = 0
    """Text of the last segment that could have been a full one."""
    told: int = 0
    """RCV.NXT as our last ACK told it."""
    window: int = 0
    """The window that went with it (``rcv_wnd``)."""
    is_pending: bool = False
    """Something has come that no ACK of ours covers."""
    small: int = 0
    """Small segments among that, up to 2: the peer may have nothing more to send."""
    gathered: Gathered = NO_GATHERED


NO_ACKING = Acking()


def opened(now: int, told: int, full: int, window: int) -> Acking:
    """A connection begins. ``full``: text of the largest segment that either end sends."""
    return Acking(heard_at=now, told=told, window=window, segment=max(min(full, window // 2, SMALLEST_FULL), 88))


def heard(
    acking: Acking, now: int, length: int, *, push: bool, rto_us: int, largest: int, most: int, least_us: int
) -> Acking:
    """In order text has come. ``most``: quick ACKs at most; ``least_us``: the wait to begin with (``TCP_ATO_MIN``)."""
    after = measured(acking, length, largest, push=push)
    quick, wait, gap = after.quick, after.wait_us, now - after.heard_at
    if not wait:
        quick, wait = _more_quick(after, most), least_us
    elif gap <= least_us // 2:
        wait = (wait >> 1) + least_us // 2
    elif gap < wait:
        wait = min((wait >> 1) + gap, rto_us)
    elif gap > rto_us:
        quick = _more_quick(after, most)
    return replace(after, is_pending=True, heard_at=now, quick=quick, wait_us=wait)


def measured(acking: Acking, length: int, largest: int, *, push: bool) -> Acking:
    """How long are the peer's full segments?"""
    if length >= acking.segment:
        small = max(acking.small, 1) if push else acking.small
        return replace(acking, segment=min(length, largest), last_size=0, small=small)
    last = 0
    if length >= SMALLEST_FULL or (length >= 88 and not push):
        last = length
        if last == acking.last_size:
            return replace(acking, segment=last, last_size=last)
    return replace(acking, last_size=last, small=2 if acking.small else 1)


def _more_quick(acking: Acking, most: int) -> int:
    """The next ACKs go at once, as many as the window has full segments, halved (``tcp_incr_quickack``)."""
    return max(acking.quick, min(acking.window // (2 * acking.segment) or 2, most))


def alarmed(acking: Acking, most: int, least_us: int) -> Acking:
    """Something is wrong on the way: ACKs at once, no conversation (``tcp_enter_quickack_mode``)."""
    return replace(acking, quick=_more_quick(acking, most), in_conversation=False, wait_us=least_us)


def is_second(acking: Acking, nxt: int) -> bool:
    """Is more than one full segment not acknowledged yet?"""
    return (nxt - acking.told) & 0xFFFFFFFF > acking.segment


def is_quick(acking: Acking) -> bool:
    """Does the next ACK go at once?"""
    return acking.quick > 0 and not acking.in_conversation


def patience(acking: Acking, srtt_us: int | None, least_us: int) -> int:
    """How long the ACK may wait, in microseconds (``tcp_send_delayed_ack``)."""
    wait = acking.wait_us
    if wait > least_us:
        most = LONGEST_US if acking.in_conversation or acking.small else HALF_SECOND_US
        if srtt_us:
            most = min(most, max(srtt_us, least_us))
        wait = min(wait, most)
    return min(wait, max(LONGEST_US, least_us))


def sent(acking: Acking, nxt: int, window: int, least_us: int) -> Acking:
    """A segment with an ACK of ``nxt`` has left, and offered ``window``."""
    quick, wait = acking.quick, acking.wait_us
    if quick and acking.is_pending:
        quick -= 1
        wait = wait if quick else least_us
    return replace(acking, told=nxt, window=window, is_pending=False, small=0, quick=quick, wait_us=wait)


def in_vain(acking: Acking, rto_us: int, least_us: int) -> Acking:
    """An ACK waited, and no text came to carry it (``tcp_delack_timer_handler``)."""
    if acking.in_conversation:
        return replace(acking, in_conversation=False, wait_us=least_us)
    return replace(acking, wait_us=min(acking.wait_us << 1, rto_us))


def answered(acking: Acking, now: int) -> Acking:
    """Text of ours leaves: soon after we heard something, it is a conversation (``tcp_event_data_sent``)."""
    if acking.in_conversation or now - acking.heard_at >= acking.wait_us:
        return acking
    return replace(acking, in_conversation=True)


def owed_after_reading(acking: Acking, nxt: int, unread: int, octets: int) -> bool:
    """The program has read ``octets`` and left ``unread``: should the ACK go now (``tcp_cleanup_rbuf``)?"""
    if not acking.is_pending:
        return False
    if is_second(acking, nxt):
        return True
    return bool(octets) and not unread and (acking.small == 2 or (acking.small == 1 and not acking.in_conversation))
