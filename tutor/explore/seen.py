"""Seen: what happened on a path, so that a known exception is named by what was done and not by what was allowed.

Rules
-----
* Everything is read off the moves and the blocks before and after them; no option of a search is looked at.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.ends import A, B
from tutor.explore.model import Model
from tutor.explore.normal import LONG, next_short
from tutor.explore.parts import Move, World
from tutor.explore.past import WRAPPED
from tutor.explore.search import Answer
from tutor.tcp import seq
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb

_S = State
_BEGUN = frozenset(State) - {_S.CLOSED, _S.LISTEN, _S.SYN_SENT, _S.TIME_WAIT}
_CLOSING = frozenset({_S.FIN_WAIT_1, _S.FIN_WAIT_2, _S.CLOSING})


class Seen(NamedTuple):
    """What happened on a path."""

    interfered: bool = False
    """Somebody aborted or crashed."""
    gave_up: frozenset[State] = frozenset()
    """States in which an end gave up by its count of repetitions."""
    placed: frozenset[tuple[int, int]] = frozenset()
    """(side, place) of the numbers that an adversary placed (``parts.PLACES``)."""
    assassinated: bool = False
    """A RST ended a TIME-WAIT."""
    had_no_room: bool = False
    """An end that should have been in TIME-WAIT was gone at once."""
    overdue: bool = False
    """A segment arrived that was older than MSL."""
    intruded: bool = False
    """A RST in the window that was not exact, or a SYN, ended a connection: rules before RFC 5961, or a small entry."""
    repeated: frozenset[int] = frozenset()
    """Sides whose number was placed twice at the same place: the second is equal to the first."""
    undone: bool = False
    """A SYN took SYN-RECEIVED back to LISTEN."""
    outdated: bool = False
    """What came with an ACK older than the largest window was taken: rules before RFC 5961."""
    wrapped: bool = False
    """A segment arrived in the connection that had sent it, 2^32 octets later."""
    forgotten: bool = False
    """An orphan's FIN-WAIT-2 was ended by its timer, and no FIN had come."""

    def after(self, other: Seen) -> Seen:
        """Both together."""
        return Seen(*(mine | others for mine, others in zip(self, other, strict=True)))  # type: ignore[operator]


def seen_on(answer: Answer) -> Seen:
    """What happened on the path of ``answer``."""
    seen, clock, model = Seen(), 0, answer.model
    placed = [(move.side, move.choice) for move in answer.path if move.choice]
    seen = seen._replace(repeated=frozenset(side for side, place in placed if placed.count((side, place)) > 1))
    late_since: int | None = None
    for move, before, after in zip(answer.path, answer.worlds, answer.worlds[1:], strict=False):
        clock += _span(model, move, before)
        if move.kind in ("duplicate", "hold") and late_since is None:
            late_since = clock
        sent_at = 0 if move.kind == "old" else late_since if move.kind == "late" else None
        is_overdue = sent_at is not None and clock - sent_at >= 4 * model.unit
        seen = seen.after(_of(model, move, before, after)._replace(overdue=is_overdue))
    return seen


def _span(model: Model, move: Move, before: World) -> int:
    """How much time passes with a move."""
    if move.kind == "tick":
        return int(move.what)
    if move.kind != "expire" or move.what in LONG:
        return 0
    blocks = (_block(model, before, side) for side in (A, B))
    return min(short[0] for tcb in blocks if tcb is not None and (short := next_short(tcb)) is not None)


def _of(model: Model, move: Move, before: World, after: World) -> Seen:
    """What happened with one move."""
    if move.side < 0:
        return Seen()
    old, new = _block(model, before, move.side), _block(model, after, move.side)
    arrives = move.kind in ("deliver", "late", "old")
    is_over = old is not None and new is None
    state = old.state if old is not None else _S.CLOSED
    gave_up = is_over and move.kind == "expire" and move.what not in LONG
    undone = is_over and arrives and state is _S.SYN_RECEIVED and _segment(model, move).syn
    return Seen(
        interfered=move.kind in ("abort", "crash"),
        gave_up=frozenset({state}) if gave_up else frozenset(),
        placed=frozenset({(move.side, move.choice)} if move.choice else ()),
        assassinated=is_over and arrives and state is _S.TIME_WAIT,
        had_no_room=is_over and arrives and state in _CLOSING and not _is_reset(model, move),
        intruded=is_over and arrives and state in _BEGUN and not undone and _is_inexact(model, move, old),
        undone=undone,
        outdated=arrives and _is_taken(old, new) and _is_outdated(model, move, old),
        forgotten=is_over and move.kind == "expire" and state is _S.FIN_WAIT_2,
        wrapped=move.kind == "old" and model.play.beginning == WRAPPED and not model.store.value(before[A]).serial,
    )


def _block(model: Model, world: World, side: int) -> Tcb | None:
    block: Tcb | None = model.store.value(world[side]).tcb
    return block


def _is_reset(model: Model, move: Move) -> bool:
    return _segment(model, move).rst


def _is_inexact(model: Model, move: Move, tcb: Tcb | None) -> bool:
    """A SYN, or a RST elsewhere in the window than at its beginning (one below it is another rule's: Linux believes it
    where a FIN was received).
    """
    segment = _segment(model, move)
    return segment.syn or (segment.rst and tcb is not None and seq.before(tcb.rcv.nxt, segment.seq))


def _is_taken(old: Tcb | None, new: Tcb | None) -> bool:
    """Was something received that can be read?"""
    return old is not None and new is not None and old.state in _BEGUN and old.rcv.nxt != new.rcv.nxt


def _is_outdated(model: Model, move: Move, tcb: Tcb | None) -> bool:
    """An ACK below all that RFC 5961 section 5.2 takes."""
    segment = _segment(model, move)
    return tcb is not None and segment.has_ack and seq.before(segment.ack, seq.add(tcb.snd.una, -tcb.snd.max_wnd))


def _segment(model: Model, move: Move) -> Segment:
    value = model.store.value(move.what)
    segment: Segment = (value[0] if move.kind == "late" else value).segment
    return segment
