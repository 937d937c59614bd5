"""Observing: folds what one end of a connection does into the facts by which the seven properties are judged.

Rules
-----
* ``observe`` sees every reaction of the engine that took effect at one end: the block before it, and the reaction.
* What the network does is told by ``lost``; that a host forgot everything, by ``crashed``; that a record vanished
  without a word, by ``vanished``; that a segment met nobody who listens, by ``unheard``; that nothing is under way and
  no timer runs, by ``at_rest``; that a call will never be answered, by ``waiting``.
* An abort or a crash excuses the records that are there at that moment, at both ends, and none that comes later.
* Pure, and of one 4-tuple. Nothing here knows hosts, worlds or variants: the same sentences for every protocol.
"""

from __future__ import annotations

from tutor.explore.properties import Facts, Life, judged, with_life
from tutor.tcp import seq, transitions as t
from tutor.tcp.events import Emit, Reaction, Signal
from tutor.tcp.segment import ACK, PSH, Payload, Segment
from tutor.tcp.states import HAS_SENT_FIN, SYNCHRONISED, State
from tutor.tcp.tcb import Tcb
from tutor.tcp.transitions import Edge
from tutor.tcp.variant import DEVIATIONS

_S = State
_NOBODY = frozenset({_S.CLOSED, _S.LISTEN})

_EXCUSES = frozenset(
    edge.id for edges in (t.ABORT, t.ABORT_WAIT, t.UNREACHABLE, t.TEXT_TO_ORPHAN) for edge in edges.values()
)
"""Edges by which somebody threw the connection away: what the peer hears of it is no fault. To give up by a count of
repetitions is no excuse: it is a known exception (``exceptions``), and has to be seen."""

_NO_ORDER = _EXCUSES | {edge.id for edge in t.TIMEOUT.values()}
"""Edges by which nobody leaves in order."""


def observe(facts: Facts, end: int, before: Tcb, reaction: Reaction) -> Facts:
    """``facts`` after ``reaction`` of the end ``end`` (0 or 1), whose block was ``before``."""
    after = reaction.tcb
    is_new = any(_is_birth(edge) for edge in reaction.edges)
    if is_new:
        facts = _born(facts, end, after, cookie=t.LISTEN_RCV_COOKIE in reaction.edges)
    life = facts.alive(end)
    if life is None:
        return facts
    if any(edge.id in _EXCUSES for edge in reaction.edges):
        facts = _excused(facts)
    facts = _agreed(facts, end, after)
    if not facts.lives[end][-1].is_shown and _is_shown(reaction):
        facts = _shown(facts, end)
    for text in _new_text(after, 0 if is_new else before.inc.delivered + before.inc.unread):
        facts = _given(facts, end, text)
    facts = _told(facts, end, before, reaction)
    if any(isinstance(effect, Emit) and effect.segment.fin for effect in reaction.effects):
        facts = with_life(facts, end, facts.lives[end][-1]._replace(has_finished=True))
    if any(leaves_in_order(edge) for edge in reaction.edges):
        facts = _left(facts, end, after)
    if after.state in _NOBODY:
        facts = with_life(facts, end, facts.lives[end][-1]._replace(is_alive=False))
    return facts


# --- birth, agreement, opening: P1 and P2 ---


def _is_birth(edge: Edge) -> bool:
    """Does a new record come into being by this edge?"""
    if edge.source is _S.TIME_WAIT:
        return edge.target in (_S.SYN_RECEIVED, _S.ESTABLISHED)
    return edge.source in _NOBODY and edge.target not in _NOBODY


def _born(facts: Facts, end: int, after: Tcb, *, cookie: bool) -> Facts:
    """A new incarnation, in the place of the last one."""
    last = facts.newest(end)
    if last is not None:
        facts = with_life(facts, end, last._replace(is_alive=False))
    serial = last.serial + 1 if last is not None else 1
    irs = None if after.is_active else after.rcv.irs
    life = Life(serial, after.snd.iss, irs, after.is_active, after.out.stream)
    if life.is_active:
        facts = with_life(facts._replace(lost_more=False), end, life)
        other = facts.alive(1 - end)
        if other is not None and not other.is_active and not other.is_shown and other.irs == life.iss:
            facts = with_life(facts, 1 - end, other._replace(is_fresh=True, mate=serial))
        return facts
    mate = next((each for each in reversed(facts.lives[1 - end]) if each.iss == irs), None)
    has_answered = cookie and mate is not None and mate.irs == life.iss
    is_fresh = mate is not None and (mate.is_alive or has_answered)
    life = life._replace(mate=mate.serial if mate is not None and is_fresh else None, is_fresh=is_fresh)
    if mate is not None and mate.irs == life.iss and not _has_living_mate(facts, 1 - end, mate):
        # Answered without an entry, by a cookie: the caller knew its mate's number before the mate was there.
        facts = with_life(facts, 1 - end, mate._replace(mate=serial))
    return with_life(facts, end, life)


def _has_living_mate(facts: Facts, end: int, life: Life) -> bool:
    mate = facts.mate_of(end, life)
    return mate is not None and mate.is_alive


def _agreed(facts: Facts, end: int, after: Tcb) -> Facts:
    """It holds both numbers now; a caller knows with whom it speaks."""
    life = facts.lives[end][-1]
    if life.has_agreed or after.state in _NOBODY or after.state is _S.SYN_SENT:
        return facts
    life = life._replace(has_agreed=True, irs=after.rcv.irs)
    if life.is_active and life.mate is None:
        met = (each for each in reversed(facts.lives[1 - end]) if each.iss == life.irs)
        mate = next((each for each in met if each.irs in (None, life.iss)), None)
        life = life._replace(mate=mate.serial if mate is not None else None)
    return with_life(facts, end, life)


def _is_shown(reaction: Reaction) -> bool:
    return Signal("connected") in reaction.effects


def _shown(facts: Facts, end: int) -> Facts:
    """The program can learn of it: P1 and P2 for who was called."""
    life = facts.lives[end][-1]._replace(is_shown=True)
    facts = with_life(facts, end, life)
    if life.is_active:
        return judged(facts, "honest-open", holds=True)
    facts = judged(facts, "fresh-open", holds=life.is_fresh)
    callers = (each for each in facts.lives[1 - end] if (each.iss, each.irs) == (life.irs, life.iss))
    caller = next((each for each in callers if each.has_agreed and not each.has_opened), None)
    facts = judged(facts, "agreed-open", holds=caller is not None)
    return with_life(facts, 1 - end, caller._replace(has_opened=True)) if caller is not None else facts


# --- bytes: P4 and P5 ---


def _new_text(after: Tcb, known: int) -> tuple[Payload, ...]:
    """The slices that have become readable, when ``known`` octets were before."""
    left = after.inc.delivered + after.inc.unread - known
    found: list[Payload] = []
    for text in reversed(after.inc.ready):
        part = text.cut(max(0, len(text) - left), len(text)) if left > 0 else None
        if part is not None:
            found.append(part)
            left -= len(part)
    return tuple(reversed(found))


def _given(facts: Facts, end: int, text: Payload) -> Facts:
    """Bytes for a program: whose are they, and are they the next?"""
    life = facts.lives[end][-1]
    mate = facts.mate_of(end, life)
    is_same = mate is not None and text.stream == mate.stream and mate.irs in (None, life.iss)
    facts = judged(facts, "own-bytes", holds=is_same)
    twice = any(each.mate == life.mate and each.given and each is not life for each in facts.lives[end])
    is_next = mate is not None and text.stream == mate.stream and text.start == life.given and not twice
    facts = judged(facts, "exactly-once", holds=is_next)
    return with_life(facts, end, life._replace(given=text.stop if is_next else life.given))


# --- the end: P6 and P7 ---


def leaves_in_order(edge: Edge) -> bool:
    """TIME-WAIT, or CLOSED from LAST-ACK; or what a variant has in their place."""
    if edge.id in DEVIATIONS:
        return edge.target is _S.CLOSED and edge.source is not _S.TIME_WAIT
    is_wait = edge.target is _S.TIME_WAIT and edge.source is not _S.TIME_WAIT and edge.id not in _NO_ORDER
    return is_wait or edge is t.LAST_ACK_RCV_ACK


def _left(facts: Facts, end: int, after: Tcb) -> Facts:
    """P6, first half: has the mate got all of it, and was the FIN that it has heard the mate's?"""
    life = facts.lives[end][-1]
    mate = facts.mate_of(end, life)
    holds = mate is not None and mate.given >= after.out.written and mate.has_finished
    return judged(facts, "orderly-close", holds=holds)


def _told(facts: Facts, end: int, before: Tcb, reaction: Reaction) -> Facts:
    """Who is told that it is over, and was that fair?"""
    life = facts.lives[end][-1]
    kinds = {effect.kind for effect in reaction.effects if isinstance(effect, Signal)}
    if "timed-out" in kinds and before.state is _S.SYN_SENT and life.losses <= before.rtx.count:
        return judged(facts, "honest-open", holds=life.is_excused or life.met_nobody)
    if not kinds & {"reset", "refused"}:
        return facts
    which = what_a_reset_breaks(before)
    if which == "orderly-close":
        return judged(facts, "orderly-close", holds=life.is_excused or facts.lost_more)
    if which:
        return judged(facts, "honest-open", holds=life.is_excused or life.met_nobody)
    return facts


def what_a_reset_breaks(before: Tcb) -> str:
    """The property that is broken if the user of ``before`` is told, without excuse, reset or refused; "" if none is.

    Who has sent its FIN: P6. Who has called, before a byte of either side was heard of: P7. Later a reset is no matter
    of opening, and not yet one of closing.
    """
    if before.state in HAS_SENT_FIN:
        return "orderly-close"
    if not before.is_active:
        return ""
    first = seq.add(before.snd.iss, 1)
    is_opening = before.state in (_S.SYN_SENT, _S.SYN_RECEIVED)
    has_heard = not is_opening and before.rcv.nxt != seq.add(before.rcv.irs, 1)
    return "" if has_heard or (not is_opening and seq.before(first, before.snd.una)) else "honest-open"


def _excused(facts: Facts) -> Facts:
    for end in (0, 1):
        life = facts.alive(end)
        if life is not None and not life.is_excused:
            facts = with_life(facts, end, life._replace(is_excused=True))
    return facts


# --- what the network and the machines do ---


def lost(facts: Facts, segment: Segment, *, at_door: bool = False) -> Facts:
    """A segment was lost: by the network, or ``at_door`` by the host that it had reached."""
    for end in (0, 1):
        life = facts.alive(end)
        if life is not None and not life.has_agreed and not at_door:
            facts = with_life(facts, end, life._replace(losses=life.losses + 1))
    is_bare = not segment.length and segment.flags & ~PSH == ACK
    return facts if is_bare or facts.lost_more else facts._replace(lost_more=True)


def unheard(facts: Facts, end: int) -> Facts:
    """A segment has reached ``end``, where nobody is and nobody listens: who calls it is refused by right."""
    life = facts.alive(1 - end)
    return with_life(facts, 1 - end, life._replace(met_nobody=True)) if life is not None else facts


def vanished(facts: Facts, end: int) -> Facts:
    """The record of ``end`` is gone without a word on the wire, and by no fault of anybody's."""
    life = facts.alive(end)
    return with_life(facts, end, life._replace(is_alive=False)) if life is not None else facts


def left_by_listener(facts: Facts, end: int) -> Facts:
    """The record of ``end`` is gone because its program has stopped listening: who called is refused by right."""
    return vanished(unheard(facts, end), end)


def crashed(facts: Facts, end: int) -> Facts:
    """The host of ``end`` has forgotten everything."""
    return vanished(_excused(facts), end)


def at_rest(facts: Facts, blocks: tuple[Tcb | None, Tcb | None]) -> Facts:
    """Nothing is under way and no timer runs: P3."""
    for own, other in (blocks, blocks[::-1]):
        if own is not None and own.state in SYNCHRONISED:
            facts = judged(facts, "no-ghost", holds=not is_ghost(own, other))
    return facts


def waiting(facts: Facts, end: int) -> Facts:
    """The call of ``end`` waits for ever (``waiting.waits_for_ever``): P7."""
    life = facts.alive(end)
    return judged(facts, "honest-open", holds=life is None or life.is_excused)


def is_ghost(own: Tcb | None, other: Tcb | None) -> bool:
    """At rest: is ``own`` synchronised, and has the other end no record with the same two numbers?

    That record need not be synchronised itself: who is in SYN-RECEIVED knows both numbers.
    """
    if own is None or own.state not in SYNCHRONISED:
        return False
    if other is None or other.state in _NOBODY or other.state is _S.SYN_SENT:
        return True
    return (own.snd.iss, own.rcv.irs) != (other.rcv.irs, other.snd.iss)
