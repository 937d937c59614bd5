"""How far the receiver opens its window: memory, and a threshold that grows as text comes well packed.

Rules
-----
* A buffer is memory; a segment takes more memory than it has text (its headers, the kernel's own records, rounded up).
  ``ratio`` says how much of the memory is text, learned from the peer's full segments.
* The window offered is the free room, but no more than a threshold that grows with every well filled segment: a sender
  of tiny segments shall not be invited to fill the memory with packaging (``tcp_grow_window``).
* The right edge never moves left. Where scaling was not agreed on, more may be accepted than the field can tell.
* Below half of the buffer the window is no more opened; below a segment, or a sixteenth, it closes.

Source: Linux ``__tcp_select_window``, ``tcp_select_window``, ``tcp_grow_window``, ``tcp_init_buffer_space``,
``tcp_measure_rcv_mss``; the memory of a packet as a tun device allocates it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp import seq
from tutor.tcp.values import replace

RATIO_BITS = 8
USUAL_RATIO = 128
"""Half of the memory is text until it is known better (``TCP_DEFAULT_SCALING_RATIO``)."""
RECORD, SHARED, HEADROOM, HEADERS = 256, 320, 64, 40
"""Octets of the kernel's record of a packet, of what it keeps behind the text, before the headers, and the headers."""
SMALL_PACKET = 576
"""Small packets come from a store of their own (``skbuff_small_head``), larger ones in powers of two."""
LARGEST_LINEAR, PAGE = 1460, 4096
"""A packet longer than a segment is a run of segments that the device has put together, in pages."""
SMALLEST_GROWTH = 128
"""Segments with less text do not open the window."""
SMALLEST_CLAMP = 1152


@dataclass(frozen=True, slots=True)
class Room:
    """A receive buffer as it is used."""

    limit: int = 0
    """What the window may open to for now (``rcv_ssthresh``); 0 before the connection is open."""
    clamp: int = 0
    """What it may ever open to (``window_clamp``)."""
    ratio: int = USUAL_RATIO
    """How much of the memory is text, of 256 (``scaling_ratio``)."""
    packets: tuple[tuple[int, int], ...] = ()
    """(number after its last octet, memory) of every packet that is not wholly read, oldest first."""
    tail: int = 0
    """Octets of text that the newest packet's memory still has room for."""
    memory: int = 0
    """Octets of memory in use."""


NO_ROOM = Room()


def _allocation(length: int) -> tuple[int, int]:
    """(memory of a packet with ``length`` octets of text, how many more would have fitted)."""
    if length > LARGEST_LINEAR:
        return SMALL_PACKET + RECORD + -(-length // PAGE) * PAGE, 0
    wanted = -(-(length + HEADERS + HEADROOM) // 64) * 64 + SHARED
    size = SMALL_PACKET if wanted <= SMALL_PACKET else 1024
    while size < wanted:
        size *= 2
    return size + RECORD, size - SHARED - HEADROOM - HEADERS - length


def text_of(room: Room, memory: int) -> int:
    """The octets of text that go into so much memory (``tcp_win_from_space``)."""
    return memory * room.ratio >> RATIO_BITS


def opened(memory: int, window: int, largest: int, scale: int, *, is_scaled: bool) -> Room:
    """The connection is open with ``window`` offered (``tcp_init_buffer_space``). ``largest``: our own MSS option."""
    whole = memory * USUAL_RATIO >> RATIO_BITS
    clamp = min(0xFFFF << scale if is_scaled else 0xFFFF, whole)
    if clamp > 2 * largest and clamp + largest > whole:
        clamp = max(2 * largest, whole - largest)
    return Room(limit=min(window, clamp), clamp=clamp)


def filled(
    room: Room,
    memory: int,
    window: int,
    length: int,
    number: int,
    *,
    unit: int,
    seen: int,
    largest: int,
    early: bool = False,
) -> Room:
    """Text has come, up to ``number``, in segments of ``unit``; ``early``: ahead of its turn.

    ``seen``: what passed for a full segment before. ``largest``: text of a segment as long as we asked for.
    """
    size, left = _allocation(length)
    if unit > seen:
        room = _with_ratio(room, (length << RATIO_BITS) // size or 1, memory, window)
    full = max(min(unit, largest), seen)
    if early:
        room = grown(room, memory, length, size, full, largest)
        return replace(room, packets=(*room.packets, (number, size)), tail=0, memory=room.memory + size)
    if room.packets and length <= room.tail:
        room = replace(room, packets=(*room.packets[:-1], (number, room.packets[-1][1])), tail=room.tail - length)
    else:
        room = replace(room, packets=(*room.packets, (number, size)), tail=left, memory=room.memory + size)
    return grown(room, memory, length, size, full, largest)


def _with_ratio(room: Room, ratio: int, memory: int, window: int) -> Room:
    """Another ratio moves the clamp, and the threshold with it (``tcp_set_window_clamp``)."""
    if ratio == room.ratio:
        return room
    clamp = max(SMALLEST_CLAMP, memory * ratio >> RATIO_BITS)
    if clamp == room.clamp:
        return replace(room, ratio=ratio)
    limit = min(room.limit, clamp) if clamp < room.clamp else max(room.limit, min(window, clamp))
    return replace(room, ratio=ratio, clamp=clamp, limit=limit)


def grown(room: Room, memory: int, length: int, size: int, full: int, largest: int) -> Room:
    """A well filled segment lets the window open by about two of its kind (``tcp_grow_window``)."""
    free = min(room.clamp, text_of(room, memory - room.memory)) - room.limit
    if length < SMALLEST_GROWTH or free <= 0:
        return room
    step = 2 * largest if text_of(room, size) <= length else _cautious_step(room, length, size, memory, full)
    return replace(room, limit=room.limit + min(free, max(step, 2 * length))) if step else room


def _cautious_step(room: Room, length: int, size: int, memory: int, full: int) -> int:
    """A segment with much packaging still opens a small window (``__tcp_grow_window``)."""
    taken, bound = text_of(room, size) >> 1, memory * 48
    while room.limit <= bound:
        if taken <= length:
            return 2 * full
        taken, bound = taken >> 1, bound >> 1
    return 0


def read(room: Room, number: int) -> Room:
    """The program has read up to ``number``: packets that are wholly read give their memory back."""
    kept = tuple(packet for packet in room.packets if seq.before(number, packet[0]))
    memory = sum(size for _, size in kept)
    return room if memory == room.memory else replace(room, packets=kept, tail=room.tail if kept else 0, memory=memory)


def is_crowded(room: Room, memory: int) -> bool:
    """Is more than half of the buffer in use? Then nobody is in a hurry to tell the peer (``quick`` is 0)."""
    return text_of(room, memory - room.memory) < min(room.clamp, text_of(room, memory)) >> 1


def offered(room: Room, memory: int, full: int, told: int, scale: int) -> int:
    """The window that could be offered now (``__tcp_select_window``). ``told``: what the last ACK offered."""
    free = text_of(room, memory - room.memory)
    whole = text_of(room, memory)
    bound = min(room.clamp, whole)
    full = min(full, bound)
    if free < bound >> 1:
        free = free >> scale << scale
        if free < whole >> 4 or free < full:
            return 0
    free = min(free, room.limit)
    if scale:
        return -(-free >> scale) << scale
    if told <= free - full or told > free:
        return free // full * full if full else 0
    return free if full == bound and free > told + (bound >> 1) else told
