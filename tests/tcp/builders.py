"""Ends of connections, made by playing real events, and the few words in which their answers are read.

The numbers are those of the RFC's figures: our side starts at ISS 100, the peer at IRS 300. A segment is
written by what differs from the usual: ``end.gets("ACK", seq=301, ack=101, text=5)``. What came of it is read
in one line a segment, ``"ACK 101:101(0) ack 306"``: flags, first:next(octets of text), ack.

An ``End`` looks over the engine's shoulder at every event: the block it was given must not change, every edge
must exist in the rule set, and two edges within one event must be a listed sequence.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tutor.profiles import load_profile
from tutor.tcp import seq as sequence
from tutor.tcp.endpoint import react
from tutor.tcp.events import (
    Abort,
    Arrival,
    Close,
    Emit,
    Event,
    Expiry,
    Icmp,
    Open,
    Reaction,
    Receive,
    Release,
    Send,
    SetOption,
    Shutdown,
    Signal,
    Status,
)
from tutor.tcp.profile import Profile
from tutor.tcp.segment import FIN, NO_OPTIONS, SYN, Options, Payload, Segment, parse_flags
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb, closed
from tutor.tcp.transitions import EDGES, SEQUENCES

MS = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

US = Address("10.0.0.1", 40000)
PEER = Address("10.0.0.2", 80)
ISS = 100
IRS = 300
USUAL = Options(mss=1460)
"""What the SYN of the peer offers, unless a story needs something else."""

RFC = load_profile("rfc9293")
LINUX = load_profile("linux-6.18")
NOTE_3 = load_profile("rfc9293-note3")

LEGAL_SEQUENCES = {tuple(edge.id for edge in row.edges) for row in SEQUENCES}
CROSSED: set[tuple[str, str]] = set()
"""(rule set, edge id) of every edge that any test of this session has crossed."""


@cache
def rules(base: str = "rfc9293", **changes: int | str | bool) -> Profile:
    """A profile that differs from ``base`` in ``changes``; the same one for the same words."""
    return replace(load_profile(base), **changes)  # type: ignore[arg-type]


def one_line(segment: Segment) -> str:
    """``"ACK 101:106(5) ack 301"``: the notation of ``str(segment)`` without the window."""
    return str(segment).rpartition(" win ")[0]


def look_at(tcb: Tcb) -> None:
    """What is true of every block at every moment."""
    running = {name for name, _at in tcb.deadlines()}
    out, inc, snd, rcv = tcb.out, tcb.inc, tcb.snd, tcb.rcv
    if tcb.state in (State.CLOSED, State.LISTEN):
        assert not running, f"timers run in {tcb.state}"
        assert not out.queue
        return
    if tcb.state is State.TIME_WAIT:
        assert running == {"time-wait"}
        return
    guards = running & {"retransmission", "loss-probe", "reordering", "persist"}
    assert len(guards) < 2, "two timers for the same octets"
    assert not out.queue or guards, "nobody would ever send the queue again"
    number = snd.una
    for entry in out.queue:
        assert entry.seq == number, "the queue has a hole"
        number = sequence.add(number, entry.length + bool(entry.flags & SYN) + bool(entry.flags & FIN))
    assert number == snd.nxt, "the queue does not reach SND.NXT"
    assert inc.unread == sum(map(len, inc.ready))
    assert 0 <= rcv.wnd < 1 << 30
    assert out.sent <= out.written
    edge = 0 if tcb.has_syn_in_flight else 1
    for piece in inc.held:
        assert sequence.distance(rcv.nxt, piece.seq) >= edge, "a piece is held that should have been delivered"
        edge = sequence.distance(rcv.nxt, piece.seq) + piece.length


@dataclass(frozen=True)
class Answer:
    """What came of one event, in words."""

    reaction: Reaction

    @property
    def said(self) -> tuple[str, ...]:
        """The segments, one line each."""
        return tuple(one_line(segment) for segment in self.reaction.segments)

    @property
    def segment(self) -> Segment:
        """The only segment."""
        (only,) = self.reaction.segments
        return only

    @property
    def windows(self) -> tuple[int, ...]:
        """The window field of each segment."""
        return tuple(segment.window for segment in self.reaction.segments)

    @property
    def purposes(self) -> tuple[str, ...]:
        """What each segment is for; a repetition carries ``again``."""
        emits = (effect for effect in self.reaction.effects if isinstance(effect, Emit))
        return tuple(f"{emit.purpose} again" if emit.is_retransmission else emit.purpose for emit in emits)

    @property
    def crossed(self) -> tuple[str, ...]:
        """The edges, by id."""
        return tuple(edge.id for edge in self.reaction.edges)

    @property
    def told(self) -> tuple[str, ...]:
        """The signals to the user."""
        return tuple(effect.kind for effect in self.reaction.effects if isinstance(effect, Signal))

    @property
    def because(self) -> tuple[str, ...]:
        """The reasons, by id."""
        return tuple(reason.id for reason in self.reaction.reasons)

    @property
    def value(self) -> object:
        """What the call returned."""
        assert self.reaction.answer is not None, "the event was no call"
        assert self.reaction.answer.error is None, self.reaction.answer.error
        return self.reaction.answer.value

    @property
    def error(self) -> str | None:
        """The error that the call returned."""
        assert self.reaction.answer is not None, "the event was no call"
        return self.reaction.answer.error

    @property
    def is_nothing(self) -> bool:
        """Nothing was sent, nothing crossed, nobody told."""
        return not (self.said or self.crossed or self.told)


class End:
    """One end of a connection, and a clock."""

    def __init__(self, profile: Profile = RFC, *, now: int = 0, tcb: Tcb | None = None) -> None:
        self.profile = profile
        self.now = now
        self.tcb = tcb if tcb is not None else closed(US)

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self.tcb.state

    # --- any event ---

    def does(self, event: Event) -> Answer:
        """One ``react``, watched."""
        before = pickle.dumps(self.tcb)
        reaction = react(self.tcb, event, now=self.now, profile=self.profile)
        assert pickle.dumps(self.tcb) == before, "react changed the block it was given"
        self._look_at(reaction)
        self.tcb = reaction.tcb
        return Answer(reaction)

    def _look_at(self, reaction: Reaction) -> None:
        edges = reaction.edges
        state = self.tcb.state
        for edge in edges:
            assert self.profile.rule_set in edge.rule_sets, f"{edge.id} does not exist in {self.profile.rule_set}"
            assert edge is EDGES[edge.id]
            assert edge.source is state, f"{edge.id} was crossed from {state}"
            state = edge.target
            CROSSED.add((self.profile.rule_set, edge.id))
        assert reaction.tcb.state is state, f"the state became {reaction.tcb.state} without an edge"
        ids = tuple(edge.id for edge in edges)
        assert len(ids) < 2 or ids in LEGAL_SEQUENCES, f"one event crossed {ids}, which is no listed sequence"
        look_at(reaction.tcb)

    # --- time ---

    def wait(self, span: int) -> End:
        """Let time pass without looking at the timers."""
        self.now += span
        return self

    def timer(self, name: str) -> int | None:
        """Microseconds until the timer ``name`` expires; None if it does not run."""
        at = dict(self.tcb.deadlines()).get(name)
        return None if at is None else at - self.now

    @property
    def timers(self) -> dict[str, int]:
        """Every running timer, in microseconds from now."""
        return {name: at - self.now for name, at in self.tcb.deadlines()}

    def expires(self, name: str | None = None) -> Answer:
        """Go to the next deadline, which must be that of ``name``, and let the timer run out."""
        due = self.tcb.next_deadline()
        assert due is not None, "no timer runs"
        at, found = due
        assert name in (None, found), f"the next timer is {found}, not {name}"
        self.now = max(self.now, at)
        return self.does(Expiry(found))

    # --- segments ---

    def gets(
        self,
        flags: str,
        *,
        seq: int,
        text: int = 0,
        iss: int | None = None,
        cookie_mss: int | None = None,
        **parts: Any,
    ) -> Answer:
        """A segment of the peer arrives. ``text`` octets of its stream, at the offset that ``seq`` stands for."""
        arriving = segment(flags, seq=seq, text=text, **parts)
        return self.does(Arrival(arriving, iss=iss, stream="ours", cookie_mss=cookie_mss))

    def takes(self, arriving: Segment, iss: int | None = None) -> Answer:
        """This very segment arrives."""
        return self.does(Arrival(arriving, iss=iss, stream="ours"))

    # --- calls ---

    def listens(self) -> Answer:
        """Passive OPEN."""
        return self.does(Open(active=False, local=US, stream="ours"))

    def connects(self, iss: int = ISS) -> Answer:
        """Active OPEN."""
        return self.does(Open(active=True, local=US, remote=PEER, iss=iss, stream="ours"))

    def sends(self, octets: int, *, push: bool = True, urgent: bool = False) -> Answer:
        """SEND."""
        return self.does(Send(octets, push=push, urgent=urgent))

    def reads(self, limit: int = 1 << 30) -> Answer:
        """RECEIVE."""
        return self.does(Receive(limit))

    def closes(self) -> Answer:
        """CLOSE."""
        return self.does(Close())

    def aborts(self) -> Answer:
        """ABORT."""
        return self.does(Abort())

    def asks_status(self) -> Answer:
        """STATUS."""
        return self.does(Status())

    def shuts_down(self, how: str) -> Answer:
        """``shutdown(how)``."""
        return self.does(Shutdown(how))

    def lets_go(self, linger_us: int | None = None) -> Answer:
        """``close()`` of the last descriptor."""
        return self.does(Release(linger_us))

    def sets(self, name: str, value: int | None) -> Answer:
        """``setsockopt``."""
        return self.does(SetOption(name, value))

    def hears(self, kind: str, seq: int, mtu: int | None = None, *, no_route: bool = False) -> Answer:
        """An ICMP error that quotes ``seq``; ``no_route``: net or host unreachable."""
        return self.does(Icmp(kind, seq, mtu, no_route))


def segment(
    flags: str,
    *,
    seq: int,
    ack: int = 0,
    text: int = 0,
    win: int = 65535,
    options: Options = NO_OPTIONS,
    urgent: int = 0,
    mark: int = 0,
    irs: int = IRS,
    stream: str = "theirs",
) -> Segment:
    """A segment of the peer, whose stream starts at ``irs`` + 1."""
    bits = parse_flags(flags)
    start = sequence.distance(irs + 1, seq) + (1 if bits & SYN else 0)
    payload = Payload(stream, start, start + text) if text else None
    return Segment(sequence.add(seq, 0), sequence.add(ack, 0), bits, win, options, payload, urgent, mark)


Make = Callable[..., End]
"""A maker of an end in a certain state."""


# --- the eleven states, each reached by playing events ---


def no_connection(profile: Profile = RFC) -> End:
    """CLOSED."""
    return End(profile)


def listening(profile: Profile = RFC) -> End:
    """LISTEN."""
    end = End(profile)
    end.listens()
    return end


def syn_sent(profile: Profile = RFC, *, iss: int = ISS) -> End:
    """SYN-SENT: ``<SEQ=100><CTL=SYN>`` is out."""
    end = End(profile)
    end.connects(iss)
    return end


def syn_received(profile: Profile = RFC, *, options: Options = NO_OPTIONS, win: int = 65535) -> End:
    """SYN-RECEIVED from LISTEN: ``<SEQ=100><ACK=301><CTL=SYN,ACK>`` is out."""
    end = listening(profile)
    end.gets("SYN", seq=IRS, iss=ISS, options=options, win=win)
    return end


def crossed(profile: Profile = RFC) -> End:
    """SYN-RECEIVED from SYN-SENT: two SYNs have crossed (figure 7)."""
    end = syn_sent(profile)
    end.gets("SYN", seq=IRS)
    return end


def established(
    profile: Profile = RFC, *, win: int = 65535, options: Options = USUAL, iss: int = ISS, irs: int = IRS
) -> End:
    """ESTABLISHED by an active OPEN, after no time at all; the peer offers ``win``."""
    end = syn_sent(profile, iss=iss)
    end.gets("SYN,ACK", seq=irs, ack=iss + 1, win=win, options=options, irs=irs)
    return end


def accepted(profile: Profile = RFC, *, win: int = 65535, options: Options = USUAL) -> End:
    """ESTABLISHED by a passive OPEN."""
    end = syn_received(profile, options=options, win=win)
    stamp = options.timestamp if end.tcb.agreed.timestamps else None
    end.gets("ACK", seq=IRS + 1, ack=ISS + 1, win=win, options=Options(timestamp=stamp))
    return end


def fin_wait_1(profile: Profile = RFC) -> End:
    """FIN-WAIT-1: our FIN 101 is out."""
    end = established(profile)
    end.closes()
    return end


def fin_wait_2(profile: Profile = RFC) -> End:
    """FIN-WAIT-2: our FIN is acknowledged."""
    end = fin_wait_1(profile)
    end.gets("ACK", seq=301, ack=102)
    return end


def close_wait(profile: Profile = RFC) -> End:
    """CLOSE-WAIT: the peer's FIN 301 is acknowledged."""
    end = established(profile)
    end.gets("FIN,ACK", seq=301, ack=101)
    return end


def closing(profile: Profile = RFC) -> End:
    """CLOSING: the FINs have crossed."""
    end = fin_wait_1(profile)
    end.gets("FIN,ACK", seq=301, ack=101)
    return end


def last_ack(profile: Profile = RFC) -> End:
    """LAST-ACK: our FIN follows the peer's."""
    end = close_wait(profile)
    end.closes()
    return end


def time_wait(profile: Profile = RFC) -> End:
    """TIME-WAIT, just entered."""
    end = fin_wait_2(profile)
    end.gets("FIN,ACK", seq=301, ack=102)
    return end


BY_STATE = {
    State.CLOSED: no_connection,
    State.LISTEN: listening,
    State.SYN_SENT: syn_sent,
    State.SYN_RECEIVED: syn_received,
    State.ESTABLISHED: established,
    State.FIN_WAIT_1: fin_wait_1,
    State.FIN_WAIT_2: fin_wait_2,
    State.CLOSE_WAIT: close_wait,
    State.CLOSING: closing,
    State.LAST_ACK: last_ack,
    State.TIME_WAIT: time_wait,
}
"""A maker of each of the eleven states."""


def at_rest(end: End) -> Tcb:
    """The block without its clockwork: what must be equal when two stories end in the same place."""
    return replace(end.tcb, timers=closed(US).timers, rtx=closed(US).rtx)
