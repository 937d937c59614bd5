"""Judging: the seven properties of every connection of a run, step by step.

Rules
-----
* A run is not stored with what its protocol decided: each step is done once more and watched (``world.again``).
* Every pair of addresses and ports is judged by itself (``observing``); a property of the run is broken at the step at
  which it broke first for any of them.
* Hosts that a script speaks for, and connections through a NAT box, are not judged: the two ends do not know each
  other by the same names.
* A ``Judge`` goes forward only; what it found up to a step is remembered, so that a playhead may be anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.explore.ends import Seat
from tutor.explore.held import searched
from tutor.explore.observing import at_rest, crashed, left_by_listener, lost, observe, unheard, vanished, waiting
from tutor.explore.properties import NOTHING_YET, PROPERTIES, Facts
from tutor.explore.waiting import at_time_0, is_calling, waits_for_ever
from tutor.tcp.events import Reaction
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb
from tutor.world.host import tuple_key
from tutor.world.records import Arrived, Because, Flight, HandActs, Lost, Vanished
from tutor.world.trace import Trace
from tutor.world.world import Step, World, again

Pair = tuple[Address, Address]

DESERTED = "listener-gone"
"""Why a request entry vanishes that has no listener any more."""


class Verdict(NamedTuple):
    """One property of a run up to some step: the step at which it was first put to the test, and broke; or None."""

    tried: int | None = None
    broken: int | None = None
    connection: str = ""
    """Of which connection, as ``10.0.0.1:40000 and 10.0.0.2:80``."""


Verdicts = dict[str, Verdict]
"""Property -> its verdict."""


@dataclass(slots=True)
class Judge:
    """What is known of a run so far. Mutable: it only goes forward."""

    trace: Trace
    facts: dict[Pair, Facts]
    verdicts: Verdicts
    seen: int = 0
    """The last step that was looked at."""

    @classmethod
    def of(cls, trace: Trace) -> Judge:
        """A judge who has seen nothing yet."""
        return cls(trace, {}, {name: Verdict() for name in PROPERTIES})

    def look(self, until: int, most: int | None = None) -> bool:
        """Look at every step up to ``until``, but at no more than ``most``; returns whether all were looked at."""
        last = until if most is None else min(until, self.seen + most)
        while self.seen < last:
            known = self.trace.step(self.seen + 1)
            before = self.trace.step(self.seen)
            if known is None or before is None:
                return True
            self._look_at(before.world, known)
            self.seen += 1
        return self.seen >= until

    def at(self, index: int) -> Verdicts:
        """The verdicts after step ``index``: nothing of what came later."""
        self.look(index)
        return {name: _known_at(verdict, index) for name, verdict in self.verdicts.items()}

    # --- one step ---

    def _look_at(self, world: World, known: Step) -> None:
        touched: dict[Pair, None] = {}

        def keep(pair: Pair, facts: Facts) -> None:
            self._keep(pair, facts, known.index)
            touched[pair] = None

        def watch(host: str, before: Tcb, reaction: Reaction) -> None:
            tcb = reaction.tcb if reaction.tcb.remote is not None else before
            found = _pair_of(world, host, tcb.local, tcb.remote)
            if found is not None:
                pair, end = found
                keep(pair, observe(self._facts(pair), end, before, reaction))

        for pair, end, how in _vanished(world, known):
            keep(pair, how(self._facts(pair), end))
        done = again(world, known, watch)
        for pair, end in _unheard(done.world, known):
            keep(pair, unheard(self._facts(pair), end))
        for pair, segment, at_door in _lost(world, known):
            keep(pair, lost(self._facts(pair), segment, at_door=at_door))
        for pair in touched:
            self._rest(pair, done.world, known.index)

    def _facts(self, pair: Pair) -> Facts:
        return self.facts.get(pair, NOTHING_YET)

    def _rest(self, pair: Pair, world: World, index: int) -> None:
        """Is nothing under way between these two? Does a call wait for ever, does no timer run?"""
        if any({flight.source, flight.destination} == set(pair) and _is_coming(flight) for flight in world.flights):
            return
        blocks = (_block(world, *pair), _block(world, *pair[::-1]))
        for end in (0, 1):
            if _waits(world, pair, blocks, end):
                self._keep(pair, waiting(self._facts(pair), end), index)
        if not any(block is not None and block.timers.running() for block in blocks):
            self._keep(pair, at_rest(self._facts(pair), blocks), index)

    def _keep(self, pair: Pair, facts: Facts, index: int) -> None:
        old = self._facts(pair)
        self.facts[pair] = facts
        for name in facts.tried - old.tried:
            if self.verdicts[name].tried is None:
                self.verdicts[name] = self.verdicts[name]._replace(tried=index)
        for name in facts.broken - old.broken:
            if self.verdicts[name].broken is None:
                ends = f"{pair[0]}, {pair[1]}"
                self.verdicts[name] = self.verdicts[name]._replace(broken=index, connection=ends)


def _vanished(world: World, known: Step) -> Iterator[tuple[Pair, int, Callable[[Facts, int], Facts]]]:
    """Which records are gone in a step without a word, and how that is told. They make room for what comes in it."""
    is_crash = isinstance(known.cause, HandActs) and known.cause.act.split()[0] in ("crash", "reboot")
    deserted = {each.connection for each in known.records if isinstance(each, Because) and each.reason.id == DESERTED}
    for record in known.records:
        socket = world.host(record.host).connection(record.connection) if isinstance(record, Vanished) else None
        found = _pair_of(world, record.host, socket.tcb.local, socket.tcb.remote) if socket is not None else None
        if found is not None:
            is_deserted = isinstance(record, Vanished) and record.connection in deserted
            yield (*found, crashed if is_crash else left_by_listener if is_deserted else vanished)


def _unheard(world: World, known: Step) -> Iterator[tuple[Pair, int]]:
    """Ends that a segment has reached in a step, where nobody is in ``world``, which follows it, and nobody listens."""
    for record in known.records:
        if isinstance(record, Arrived):
            source, end = record.flight.source, record.flight.destination
            found = _pair_of(world, record.host, end, source)
            if found is not None and not _listens(world, end) and _block(world, end, source) is None:
                yield found


def _lost(world: World, known: Step) -> Iterator[tuple[Pair, Segment, bool]]:
    """Segments that died on the way or at the door, and which of them at the door of a host that could read them."""
    for record in known.records:
        if isinstance(record, Lost) or (isinstance(record, Arrived) and not record.accepted):
            flight = record.flight
            found = _pair_of(world, flight.sender, flight.source, flight.destination)
            if found is not None:
                yield found[0], flight.segment, isinstance(record, Arrived) and flight.fate != "corrupted"


def _known_at(verdict: Verdict, index: int) -> Verdict:
    """``verdict`` as it was known after step ``index``."""
    tried = verdict.tried if verdict.tried is not None and verdict.tried <= index else None
    if verdict.broken is not None and verdict.broken <= index:
        return verdict._replace(tried=tried)
    return Verdict(tried)


def _is_coming(flight: Flight) -> bool:
    """Will a copy of it still arrive?"""
    return len(flight.copies) > flight.landed


def _pair_of(world: World, host: str, local: Address, remote: Address | None) -> tuple[Pair, int] | None:
    """The two ends in a fixed order, and which of them this is; None if they are not to be judged."""
    if remote is None or not local.port:
        return None
    peer = world.addresses.get(remote.ip)
    if peer is None or peer == host or world.addresses.get(local.ip) != host:
        return None
    if world.host(host).is_scripted or world.host(peer).is_scripted:
        return None
    link = world.link_between(host, peer)
    if link is None or link.nat:
        return None
    return ((local, remote), 0) if local <= remote else ((remote, local), 1)


def _listens(world: World, end: Address) -> bool:
    """Is there somebody at ``end`` to be called?"""
    host = world.host(world.addresses[end.ip])
    return host.is_up and end.port in host.listeners


def _waits(world: World, pair: Pair, blocks: tuple[Tcb | None, Tcb | None], end: int) -> bool:
    """Has ``end`` called a listener, and will never be answered?"""
    if not is_calling(blocks[end]) or not _listens(world, pair[1 - end]):
        return False
    seats = tuple(
        Seat(side, _rules(world.host(world.addresses[pair[side].ip]).profile), _listens(world, pair[side]))
        for side in (0, 1)
    )
    a, b = (at_time_0(block, world.now) for block in blocks)
    return waits_for_ever((seats[0], seats[1]), (a, b), end)


@lru_cache(maxsize=16)
def _rules(profile: Profile) -> Profile:
    """The rules by which it is asked what will come."""
    return searched(profile, profile.variant)


def _block(world: World, local: Address, remote: Address) -> Tcb | None:
    """The control block at ``local`` of the connection with ``remote``, if there is one."""
    host = world.host(world.addresses[local.ip])
    found = host.tuples.get(tuple_key(local, remote))
    socket = host.sockets.get(found) if found is not None else None
    return socket.tcb if socket is not None and socket.tcb.state is not State.CLOSED else None


# --- asking ---

_JUDGES: WeakKeyDictionary[Trace, Judge] = WeakKeyDictionary()


def judge_of(trace: Trace) -> Judge:
    """The judge of a run, who remembers what it has seen."""
    known = _JUDGES.get(trace)
    if known is None:
        known = _JUDGES[trace] = Judge.of(trace)
    return known


def judge(trace: Trace, until: int | None = None) -> Verdicts:
    """The verdicts on a run after step ``until`` (its last unless given), each with the step at which it broke."""
    return judge_of(trace).at(len(trace.steps) - 1 if until is None else until)
