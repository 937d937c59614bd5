"""Out-of-order text: hold what came early, hand over what has become contiguous.

Rules
-----
* What arrived first wins: an overlap never changes octets already held (RFC 9293 section 3.10.7:
  "we reconstruct the segment to contain just the new data").
* The held pieces are sorted and disjoint. A FIN is held as a piece of its own; nothing is held behind it.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.segment import Payload
from tutor.tcp.tcb import Held


def hold(held: tuple[Held, ...], nxt: int, number: int, payload: Payload | None, *, fin: bool) -> tuple[Held, ...]:
    """``held`` with the new octets of ``payload`` at ``number`` (not before ``nxt``) and its FIN, if any."""
    if not held and number == nxt and not fin and payload is not None:
        return (Held(number, payload),)
    pieces = list(held)
    length = len(payload) if payload is not None else 0
    if payload is not None:
        cursor = start = seq.distance(nxt, number)
        end = start + length
        for piece in held:
            if piece.fin:
                end = min(end, seq.distance(nxt, piece.seq))
                break
            left = seq.distance(nxt, piece.seq)
            if left >= end:
                break
            if cursor < left:
                pieces.append(_piece(nxt, payload, start, cursor, left))
            cursor = max(cursor, left + piece.length)
        if cursor < end:
            pieces.append(_piece(nxt, payload, start, cursor, end))
    last = seq.distance(nxt, number) + length
    if fin and not any(piece.fin or seq.distance(nxt, piece.seq) + piece.length > last for piece in held):
        pieces.append(Held(seq.add(nxt, last), None, fin=True))
    return tuple(sorted(pieces, key=lambda piece: (seq.distance(nxt, piece.seq), piece.fin)))


def _piece(nxt: int, payload: Payload, start: int, left: int, right: int) -> Held:
    part = payload.cut(left - start, right - left)
    assert part is not None, "a piece to be held has at least one octet"
    return Held(seq.add(nxt, left), part)


def release(held: tuple[Held, ...], nxt: int) -> tuple[tuple[Payload, ...], tuple[Held, ...]]:
    """What is contiguous from ``nxt``: (texts in order, what stays held). A FIN is not text: it stays."""
    texts: list[Payload] = []
    for piece in held:
        if piece.seq != nxt or piece.payload is None:
            break
        texts.append(piece.payload)
        nxt = seq.add(nxt, piece.length)
    return tuple(texts), held[len(texts) :]


def has_fin_at(held: tuple[Held, ...], nxt: int) -> bool:
    """Is a FIN the next thing in sequence?"""
    return bool(held) and held[0].fin and held[0].seq == nxt


def joined(texts: tuple[Payload, ...]) -> tuple[Payload, ...]:
    """The same octets in as few slices as possible."""
    result: list[Payload] = []
    for text in texts:
        if result and result[-1].stream == text.stream and result[-1].stop == text.start:
            result[-1] = Payload(text.stream, result[-1].start, text.stop)
        else:
            result.append(text)
    return tuple(result)


def without_first(texts: tuple[Payload, ...], octets: int) -> tuple[Payload, ...]:
    """What is left of ``texts`` after ``octets`` of them were taken."""
    result: list[Payload] = []
    for text in texts:
        rest = text.cut(octets, len(text))
        octets = max(0, octets - len(text))
        if rest is not None:
            result.append(rest)
    return tuple(result)
