"""Out-of-order text: hold what came early, hand over what has become contiguous.

Rules
-----
* What arrived first wins: an overlap never changes octets already held (RFC 9293 section 3.10.7:
  "we reconstruct the segment to contain just the new data").
* The held pieces are sorted and disjoint. A FIN is held as a piece of its own.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.segment import Payload
from tutor.tcp.tcb import Held


def hold(held: tuple[Held, ...], nxt: int, number: int, payload: Payload | None, *, fin: bool) -> tuple[Held, ...]:
    """``held`` with the new octets of ``payload`` at ``number`` (not before ``nxt``) and its FIN, if any."""
    pieces = list(held)
    length = len(payload) if payload is not None else 0
    if payload is not None:
        cursor, end = seq.distance(nxt, number), seq.distance(nxt, number) + length
        start = cursor
        for piece in held:
            left = seq.distance(nxt, piece.seq)
            if left >= end:
                break
            if cursor < left:
                pieces.append(_piece(nxt, payload, start, cursor, left))
            cursor = max(cursor, left + piece.length)
        if cursor < end:
            pieces.append(_piece(nxt, payload, start, cursor, end))
    if fin and not any(piece.fin for piece in held):
        pieces.append(Held(seq.add(number, length), None, fin=True))
    return tuple(sorted(pieces, key=lambda piece: (seq.distance(nxt, piece.seq), piece.fin)))


def _piece(nxt: int, payload: Payload, start: int, left: int, right: int) -> Held:
    part = payload.cut(left - start, right - left)
    assert part is not None, "a piece to be held has at least one octet"
    return Held(seq.add(nxt, left), part)


def release(held: tuple[Held, ...], nxt: int) -> tuple[tuple[Payload, ...], bool, tuple[Held, ...]]:
    """What is contiguous from ``nxt``: (texts in order, does a FIN follow them, what stays held)."""
    texts: list[Payload] = []
    for index, piece in enumerate(held):
        if piece.seq != nxt:
            return tuple(texts), False, held[index:]
        if piece.fin:
            return tuple(texts), True, ()
        assert piece.payload is not None, "a held piece is text or a FIN"
        texts.append(piece.payload)
        nxt = seq.add(nxt, piece.length)
    return tuple(texts), False, ()


def joined(texts: tuple[Payload, ...]) -> tuple[Payload, ...]:
    """The same octets in as few slices as possible."""
    result: list[Payload] = []
    for text in texts:
        if result and result[-1].stream == text.stream and result[-1].stop == text.start:
            result[-1] = Payload(text.stream, result[-1].start, text.stop)
        else:
            result.append(text)
    return tuple(result)
