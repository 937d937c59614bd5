"""One end of the searched connection: its block, what its program may still do, and what is remembered to judge it.

Rules
-----
* Everything that happens at an end is asked of ``tcp.endpoint.react``. What a host does around it (a listener has a
  child, who is nobody's gets a RST, a block that is CLOSED is gone) is ``world.reception`` in a few lines.
* Programs are eager: a connection is accepted, and text is read, in the move that makes it possible.
* An end knows nothing of the other one. What the other must hear (``news``), and what judges must hear (``notes``), is
  part of what comes out.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.normal import normal, tagged, writer
from tutor.explore.observing import leaves_in_order, what_a_reset_breaks
from tutor.tcp.endpoint import react
from tutor.tcp.events import (
    Abort,
    Arrival,
    Emit,
    Event,
    Expiry,
    Open,
    Reaction,
    Receive,
    Release,
    Send,
    Shutdown,
    Signal,
)
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb, closed
from tutor.tcp.transitions import TEXT_TO_ORPHAN
from tutor.tcp.values import replace

_S = State

A, B = 0, 1
"""The two sides. In the usual play A calls and B listens."""

PORTS = (1000, 80)
ADDRESSES = (Address("10.0.0.1", PORTS[A]), Address("10.0.0.2", PORTS[B]))

OCTETS = 10
"""What one write is."""

FRESH, AGREED, USED, OLD, EXCUSED, FINISHED = 1, 2, 4, 8, 16, 32
"""Ghost bits. OLD: this record is the earlier incarnation's. FRESH: since this record chose its number, the caller has
had a record with the number that we were told. AGREED: the caller has entered the connection with both our numbers.
USED: our connection has been opened there. EXCUSED: somebody aborted or crashed while this record was there. FINISHED:
the other end of this very connection has sent its FIN."""

DISCARDS = frozenset(TEXT_TO_ORPHAN.values())
"""Edges by which text is thrown away that a program will never read: an excuse, as for the judges (``observing``)."""

OPEN_STATES = frozenset({_S.SYN_RECEIVED, _S.ESTABLISHED, _S.FIN_WAIT_1, _S.FIN_WAIT_2, _S.CLOSE_WAIT})


class Entry(NamedTuple):
    """A segment on its way to side ``to``."""

    to: int
    segment: Segment


class End(NamedTuple):
    """One end: its block (None: no connection), calls and writes that its program has left, and ghost bits."""

    tcb: Tcb | None = None
    connects: int = 0
    writes: int = 0
    ghost: int = 0
    serial: int = 0
    """How often it has called."""


class Outcome(NamedTuple):
    """What one event at an end led to."""

    end: End
    sent: tuple[Entry, ...] = ()
    news: tuple[tuple[str, int, int], ...] = ()
    """("open", iss, 0): a record with this number exists. ("entered", iss, irs): it is in a connection with both.
    ("taken", iss, irs): a passive record with these numbers of its own was opened. ("finished", iss, irs): a FIN of
    this connection was sent."""
    notes: tuple[tuple[object, ...], ...] = ()
    """("accept", fresh, agreed), ("read", stream, start, stop, own), ("left", stream, written, has the other end sent
    its FIN), ("told", error, the property that it breaks), ("gave-up", tries of a call), ("called",),
    ("discarded",): text came that nobody will read."""


class Seat(NamedTuple):
    """What is fixed about an end: which side, its rules, whether it listens; whether repetitions are counted, and the
    other end is told of a FIN, which few searches ask for.
    """

    side: int
    profile: Profile
    listens: bool
    keeps_count: bool = False
    tells_fin: bool = False


def local(side: int) -> Address:
    """The address of a side."""
    return ADDRESSES[side]


# --- events ---


def arrives(seat: Seat, end: End, segment: Segment, iss: int, facts: int) -> Outcome:
    """``segment`` reaches the end. ``iss``: the number it would answer a SYN with; ``facts``: ghost bits of a child."""
    side, tcb = seat.side, end.tcb
    if tcb is None and not seat.listens:
        reaction = _ask(seat, closed(local(side)), Arrival(segment))
        return Outcome(end, _sent(seat, reaction, None))
    if tcb is None:
        child = replace(_listener(seat), remote=local(1 - side))
        reaction = _ask(seat, child, Arrival(segment, iss, _child_stream(side, iss, facts)))
        if reaction.tcb.state is _S.LISTEN:
            return Outcome(end, _sent(seat, reaction, None))
        return _after(seat, end._replace(ghost=facts), child, reaction)
    may_reopen = tcb.state is _S.TIME_WAIT and segment.syn and seat.listens
    event = Arrival(segment, iss, _child_stream(side, iss, facts)) if may_reopen else Arrival(segment)
    reaction = _ask(seat, tcb, event)
    if not may_reopen or reaction.tcb.state not in (_S.SYN_RECEIVED, _S.ESTABLISHED):
        return _after(seat, end, tcb, reaction)
    # Rules may take another number than the one that was proposed.
    out = replace(reaction.tcb.out, stream=_child_stream(side, reaction.tcb.snd.iss, facts))
    return _after(seat, end._replace(ghost=facts), tcb, replace(reaction, tcb=replace(reaction.tcb, out=out)))


def connects(seat: Seat, end: End, iss: int) -> Outcome:
    """The program calls the other side, beginning with the number ``iss``; with text, where a SYN carries it."""
    serial, text = end.serial + 1, OCTETS if end.writes and seat.profile.variant.text_on_syn else 0
    stream = f"{'AB'[seat.side]}{serial}"
    call = Open(active=True, local=local(seat.side), remote=local(1 - seat.side), iss=iss, stream=stream, text=text)
    start = closed(local(seat.side))
    reaction = _ask(seat, start, call)
    calling = end._replace(connects=end.connects - 1, writes=end.writes - bool(text), ghost=0, serial=serial)
    outcome = _after(seat, calling, start, reaction)
    return outcome._replace(news=(*outcome.news, ("open", iss, 0)), notes=(("called",), *outcome.notes))


def writes(seat: Seat, end: End) -> Outcome:
    """The program writes."""
    assert end.tcb is not None, "only a connection is written to"
    return _after(seat, end._replace(writes=end.writes - 1), end.tcb, _ask(seat, end.tcb, Send(OCTETS)))


def closes(seat: Seat, end: End) -> Outcome:
    """The program has no more to send: CLOSE of the RFC."""
    assert end.tcb is not None, "only a connection is closed"
    return _after(seat, end, end.tcb, _ask(seat, end.tcb, Shutdown("write")))


def releases(seat: Seat, end: End) -> Outcome:
    """The program lets go of the connection, by close(): what stays of it is an orphan."""
    assert end.tcb is not None, "only a connection is let go of"
    return _after(seat, end, end.tcb, _ask(seat, end.tcb, Release()))


def aborts(seat: Seat, end: End) -> Outcome:
    """The program throws the connection away."""
    assert end.tcb is not None, "only a connection is aborted"
    return _after(seat, end, end.tcb, _ask(seat, end.tcb, Abort()))


def expires(seat: Seat, end: End, timer: str) -> Outcome:
    """A timer has run out."""
    assert end.tcb is not None, "only a connection has timers"
    return _after(seat, end, end.tcb, _ask(seat, end.tcb, Expiry(timer)))


def excused(end: End) -> End:
    """The end after an abort or a crash, its own or the other one's: what its user is told of it is no fault."""
    return end if end.tcb is None else end._replace(ghost=end.ghost | EXCUSED)


def hears(end: End, news: tuple[tuple[str, int, int], ...]) -> End:
    """The ghost bits of an end after what happened at the other one."""
    tcb, ghost = end.tcb, end.ghost
    if tcb is None:
        return end
    for what, iss, irs in news:
        is_it = (tcb.snd.iss, tcb.rcv.irs) == (irs, iss)
        if what == "taken":
            ghost |= USED if is_it else 0
        elif what == "finished":
            ghost |= FINISHED if is_it or (tcb.state is _S.SYN_SENT and tcb.snd.iss == irs) else 0
        elif tcb.state is _S.SYN_RECEIVED and not tcb.is_active and tcb.rcv.irs == iss:
            ghost |= FRESH
            if what == "entered" and tcb.snd.iss == irs:
                ghost |= AGREED
    return end._replace(ghost=ghost) if ghost != end.ghost else end


def facts_for(segment: Segment, iss: int, caller: End) -> int:
    """The ghost bits of a record that is made now by the SYN ``segment`` and chooses ``iss``."""
    tcb = caller.tcb
    if tcb is None or tcb.snd.iss != segment.seq:
        return 0
    has_entered = tcb.state in OPEN_STATES and tcb.rcv.irs == iss and not caller.ghost & USED
    return FRESH | (AGREED if has_entered else 0)


# --- what a reaction means ---


def _ask(seat: Seat, tcb: Tcb, event: Event) -> Reaction:
    return react(tcb, event, now=0, profile=seat.profile)


def _listener(seat: Seat) -> Tcb:
    own = local(seat.side)
    return _ask(seat, closed(own), Open(active=False, local=own)).tcb


def _child_stream(side: int, iss: int, facts: int) -> str:
    """What a listener's child writes; the earlier incarnation's bears its mark."""
    return f"{'AB'[side]}{EARLIER if facts & OLD else ''}@{iss}/"


def _after(seat: Seat, end: End, before: Tcb, reaction: Reaction) -> Outcome:
    """The end after ``reaction``, with all that was accepted and read in it."""
    notes: list[tuple[object, ...]] = []
    news: list[tuple[str, int, int]] = []
    sent = [*_sent(seat, reaction, reaction.tcb)]
    tcb, ghost = reaction.tcb, end.ghost
    if not ghost & EXCUSED:
        _told(before, reaction, notes)
    if any(edge in DISCARDS for edge in reaction.edges):
        notes.append(("discarded",))
    _left(before, reaction, notes, has_peer_finished=bool(ghost & FINISHED))
    if seat.tells_fin and any(entry.segment.fin for entry in sent):
        news.append(("finished", before.snd.iss, before.rcv.irs))
    if Signal("connected") in reaction.effects:
        ghost = _opened(tcb, ghost, news, notes)
    elif before.state is _S.SYN_SENT and tcb.state is _S.SYN_RECEIVED:
        news.append(("entered", tcb.snd.iss, tcb.rcv.irs))
    if tcb.state is _S.CLOSED:
        # Acknowledged and in order: the program is given it, though the block goes with the same event.
        notes.extend(_read(tcb, ghost))
    while tcb.state is not _S.CLOSED and tcb.inc.unread:
        notes.extend(_read(tcb, ghost))
        reading = _ask(seat, tcb, Receive())
        sent.extend(_sent(seat, reading, reading.tcb))
        tcb = reading.tcb
    has_room = tcb.state is not _S.TIME_WAIT or seat.profile.max_tw_buckets
    is_gone = tcb.state in (_S.CLOSED, _S.LISTEN) or not has_room
    after = (
        end._replace(tcb=None, ghost=0)
        if is_gone
        else end._replace(tcb=normal(tcb, keeps_count=seat.keeps_count), ghost=ghost)
    )
    return Outcome(after, tuple(sent), tuple(news), tuple(notes))


def _opened(tcb: Tcb, ghost: int, news: list[tuple[str, int, int]], notes: list[tuple[object, ...]]) -> int:
    """The connection is open: a passive one is shown to accept(), an active one has entered with both numbers."""
    if tcb.is_active:
        news.append(("entered", tcb.snd.iss, tcb.rcv.irs))
        return ghost
    notes.append(("accept", bool(ghost & FRESH), bool(ghost & AGREED)))
    news.append(("taken", tcb.snd.iss, tcb.rcv.irs))
    return ghost & (EXCUSED | FINISHED)


def _sent(seat: Seat, reaction: Reaction, tcb: Tcb | None) -> tuple[Entry, ...]:
    """What goes on the wire; text bears the numbers of the connection that it was written in."""
    return tuple(
        Entry(1 - seat.side, _marked(effect.segment, tcb)) for effect in reaction.effects if isinstance(effect, Emit)
    )


def _marked(segment: Segment, tcb: Tcb | None) -> Segment:
    if segment.payload is None or tcb is None:
        return segment
    return replace(segment, payload=tagged(segment.payload, tcb.snd.iss, tcb.rcv.irs or None))


def _read(tcb: Tcb, ghost: int) -> list[tuple[object, ...]]:
    """What the program is about to read: whose it is, and whether it was written in this very connection."""
    notes: list[tuple[object, ...]] = []
    for text in tcb.inc.ready:
        name, iss, irs = writer(text.stream)
        is_ours = name.endswith(EARLIER) == bool(ghost & OLD)
        own = is_ours and iss == tcb.rcv.irs and irs in (None, tcb.snd.iss)
        notes.append(("read", identity(text.stream), text.start, text.stop, own))
    return notes


def identity(stream: str) -> str:
    """Which incarnation wrote this: a caller's by how often it had called, a listener's child by its number."""
    name, iss, _ = writer(stream)
    return f"{name}@{iss}/" if len(name) == 1 else name


EARLIER = "0"
"""What the streams of the earlier incarnation end with: it was the caller's call number 0."""


def _told(before: Tcb, reaction: Reaction, notes: list[tuple[object, ...]]) -> None:
    """Errors that the user hears."""
    notes.extend(
        ("told", effect.kind, what_a_reset_breaks(before))
        for effect in reaction.effects
        if isinstance(effect, Signal) and effect.kind in ("refused", "reset")
    )
    if before.state is _S.SYN_SENT and Signal("timed-out") in reaction.effects:
        notes.append(("gave-up", before.rtx.count + 1))


def _left(before: Tcb, reaction: Reaction, notes: list[tuple[object, ...]], *, has_peer_finished: bool) -> None:
    """Orderly ends."""
    if any(leaves_in_order(edge) for edge in reaction.edges):
        notes.append(("left", identity(before.out.stream), before.out.written, has_peer_finished))
