"""Player: lives a found path through in the World, at planned times, and holds the World to it.

Rules
-----
* All that is done is an act: the earlier incarnation is lived through, then every move is an act (a call, a loss, a
  copy, a delay) or simply what the World does by itself at that moment.
* A segment that the path delivers later is delayed until then, and a timer's move waits for the timer: where that is
  another time than was planned, ``Replan`` says so, and whoever asked begins again with a better plan.
* The World must agree after every move: both blocks in the same state, and the same segments sent, number for number.
  A path on which it does not is a fault of the search, and is reported as one (``ReplayError``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.explore.ends import ADDRESSES, OCTETS, PORTS, A, B, End
from tutor.explore.fates import BEFORE, Fate, fates_of
from tutor.explore.model import Model
from tutor.explore.normal import number
from tutor.explore.parts import Move, World as Searched
from tutor.explore.past import OPEN, caller_of
from tutor.explore.search import Answer
from tutor.explore.stage import HOSTS, SLOT, stage_of
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Address, Tcb
from tutor.tcp.values import replace
from tutor.tcp.variant import ACTIVE, PASSIVE
from tutor.world.acts import Act, parse_act
from tutor.world.beginning import begin
from tutor.world.host import LISTENER, Socket, tuple_key
from tutor.world.records import Flight, Sent
from tutor.world.scenario import Scenario
from tutor.world.time import MS
from tutor.world.world import Step, World, act, step

AFTER = 5 * SLOT
"""How long a run goes on after its last move: it is about that move, and not about what comes of it (microseconds)."""


class ReplayError(AssertionError):
    """The World does not go the way that the search has gone. Says at which move, and how they differ."""


class Replan(Exception):
    """The move ``place`` comes at another time than was planned."""

    def __init__(self, place: int, at: int) -> None:
        self.place, self.at = place, at
        super().__init__(place, at)


@dataclass(slots=True)
class Player:
    """One attempt to play the path at the times of ``plan``."""

    answer: Answer
    path: tuple[tuple[Move, Searched], ...]
    plan: list[int]
    slow: int | None
    stage: Scenario = field(init=False)
    world: World = field(init=False)
    fates: tuple[Fate, ...] = field(init=False)
    acts: list[tuple[int, Act]] = field(default_factory=list)
    fresh: list[Flight] = field(default_factory=list)
    """Flights that left since the last look."""
    touched: dict[int, int] = field(default_factory=dict)
    """Move -> when that was done by which it loses, copies or holds back a segment."""

    @property
    def model(self) -> Model:
        """The searched model."""
        return self.answer.model

    def scenario(self) -> Scenario:
        """The run as it was played, and a little more."""
        return replace(self.stage, acts_at=tuple(self.acts), until=self.plan[-1] + AFTER)

    def seen(self) -> tuple[int, ...]:
        """When each move can be seen."""
        return tuple(self.touched.get(place, at) for place, at in enumerate(self.plan[:-1]))

    def play(self) -> None:
        """Play the whole path. Raises ``ReplayError`` where the World differs."""
        self.fates = fates_of(self.model, self.answer.worlds[0], self.path)
        self.stage = stage_of(self.model.play, self.slow)
        self.world = begin(self.stage)
        self._live_before()
        for place, (move, after) in enumerate(self.path):
            at = self._time_of(move, place, after)
            if at != self.plan[place]:
                raise Replan(place, at)
            self._make(move, at, after)
            self._accept_and_read()
            self._compare(place, after)
            self._send_off(place)

    # --- the earlier incarnation ---

    def _live_before(self) -> None:
        """The earlier incarnation: one calls and writes, the other reads; then both forget it, or it is still open."""
        if not self.model.play.budget.held and self.model.play.beginning != OPEN:
            return
        caller = caller_of(self.model.play.listeners)
        text_on_syn = self.model.play.variant.text_on_syn
        self._connect(caller, number(caller, 0), 1 * MS, has_text=text_on_syn)
        self._live_until(100 * MS)
        if not text_on_syn:
            self._do(f"{HOSTS[caller]} write {OCTETS}", 100 * MS)
        self._live_until(200 * MS)
        if self.model.play.beginning != OPEN:
            self._do(f"{HOSTS[caller]} abort", 200 * MS)
            self._live_until(300 * MS)
            for side in (A, B):
                if self._block(side) is not None:  # some rules have who aborts wait, and remember
                    self._reboot(side, 300 * MS)

    def _live_until(self, until: int) -> None:
        """Let the earlier incarnation go on; what is sent in it may be copied for later."""
        self._send_off(BEFORE)
        while (following := step(self.world)) is not None and following.at <= until:
            self._look(following)
            self._accept_and_read()
            self._send_off(BEFORE)

    # --- moves ---

    def _time_of(self, move: Move, place: int, after: Searched) -> int:
        """When this move must be made: a timer's when it strikes, else when it was planned."""
        planned = self.plan[place]
        if move.kind == "expire":
            tcb = self._block(move.side)
            left = dict(tcb.timers.running()) if tcb is not None else {}
            return left.get(str(move.what), planned)
        if move.kind == "tick":
            between = self._moves_before_time_passes(place)
            run_out = [at for side in (A, B) if self._has_run_out(after, side) for at in self._deadlines(side)]
            ended = [at - MS - between * SLOT for at in run_out]
            later = [at - (between + 2) * SLOT for side in (A, B) for at in self._deadlines(side)]
            return max(min([planned, *(ended or later)]), self.world.now + 1)
        return planned

    def _deadlines(self, side: int) -> list[int]:
        tcb = self._block(side)
        return [at for _, at in tcb.timers.running()] if tcb is not None else []

    def _moves_before_time_passes(self, place: int) -> int:
        """How many moves there are at the moment to which the tick ``place`` leads."""
        count = 0
        for move, _ in self.path[place + 1 :]:
            if move.kind in ("tick", "expire"):
                break
            count += 1
        return count

    def _has_run_out(self, after: Searched, side: int) -> bool:
        end: End = self.model.store.value(after[side])
        return end.tcb is not None and any(left <= 0 for _, left in end.tcb.timers.running())

    def _make(self, move: Move, at: int, after: Searched) -> None:
        """Do what the move is, at its time."""
        side = max(move.side, 0)
        name, end = HOSTS[side], self.model.store.value(after[side])
        if move.kind in ("deliver", "late", "old") and end.tcb is not None and self._block(side) is not end.tcb:
            self._place_number(side, end.tcb, at)
        if move.kind == "connect":
            self._connect(side, end.tcb.snd.iss, at, has_text=end.tcb.out.written > 0)
        elif move.kind == "write":
            self._do(f"{name} write {OCTETS} on={self._socket_name(side)}", at)
        elif move.kind == "close":
            self._do(f"{name} shutdown write on={self._socket_name(side)}", at)
        elif move.kind == "release":
            self._do(f"{name} close on={self._socket_name(side)}", at)
        elif move.kind == "abort":
            self._do(f"{name} abort on={self._socket_name(side)}", at)
        elif move.kind == "crash":
            self._reboot(side, at)
        self._run(at)

    def _reboot(self, side: int, at: int) -> None:
        """A host forgets everything; who listened does so again."""
        self._do(f"reboot {HOSTS[side]}", at)
        if self.model.play.listeners[side]:
            self._do(f"{HOSTS[side]} listen {PORTS[side]}", at + 1)

    def _connect(self, side: int, iss: int, at: int, *, has_text: bool = False) -> None:
        own, other = HOSTS[side], HOSTS[1 - side]
        # Where its number is fixed it need not be told, unless a child of the same host has been given another one.
        is_fixed = ACTIVE in self.model.play.variant.fixed_isn and not self._has_placed(side)
        isn = "" if is_fixed else f" isn={iss}"
        data = f" data={OCTETS}" if has_text else ""
        self._do(f"{own} connect {other}:{PORTS[1 - side]} from {PORTS[side]}{isn}{data}", at)

    def _has_placed(self, side: int) -> bool:
        return any(str(deed).startswith(f"set {HOSTS[side]}.isn") for _, deed in self.acts)

    def _place_number(self, side: int, tcb: Tcb, at: int) -> None:
        """The listener is about to choose a number: the one of the path."""
        known = self._block(side)
        is_new = known is None or known.state is State.TIME_WAIT
        if is_new and not tcb.is_active and PASSIVE not in self.model.play.variant.fixed_isn:
            self._do(f"set {HOSTS[side]}.isn {tcb.snd.iss}", at - 1)

    def _accept_and_read(self) -> None:
        """Programs are eager: what can be accepted is, what can be read is."""
        for name in HOSTS:
            for socket in self.world.host(name).all_sockets():
                if socket.kind == LISTENER and socket.accept_queue:
                    self._do(f"{name} accept", self.world.now + 1)
            for socket in self.world.host(name).all_sockets():
                if socket.kind != LISTENER and socket.tcb.inc.unread and socket.fd is not None:
                    self._do(f"{name} read on={socket.id}", self.world.now + 1)

    # --- the World ---

    def _do(self, line: str, at: int) -> None:
        """A hand's act at its time; what is due before comes first."""
        self._run(at - 1)
        deed = parse_act(line)
        self.acts.append((at, deed))
        self._look(act(self.world, deed, at=at))

    def _run(self, until: int) -> None:
        """Let happen what happens by itself."""
        while (following := step(self.world)) is not None and following.at <= until:
            self._look(following)

    def _look(self, done: Step) -> None:
        self.world = done.world
        self.fresh += [record.flight for record in done.records if isinstance(record, Sent)]

    def _send_off(self, place: int) -> None:
        """Give every segment that has just left the way that the path wants for it."""
        flights, self.fresh = self.fresh, []
        waiting = [fate for fate in self.fates if fate.sent_by == place]
        for flight in flights:
            fate = next((each for each in waiting if _is_same(each.entry.segment, flight.segment)), None)
            if fate is None:
                if place == BEFORE:
                    continue
                raise ReplayError(f"move {place + 1}: the World sends {flight.segment}, the search does not")
            waiting.remove(fate)
            self._send_on_its_way(flight, fate)
        if waiting and place != BEFORE:
            raise ReplayError(f"move {place + 1}: the search sends {waiting[0].entry.segment}, the World does not")

    def _send_on_its_way(self, flight: Flight, fate: Fate) -> None:
        """Lose it, delay it, or copy it, so that it arrives when it must."""
        now = self.world.now + 1
        self.touched.update(dict.fromkeys(fate.touched, now))
        if fate.is_lost and not fate.arrivals:
            self._do(f"drop #{flight.id}", now)
            return
        arrives = flight.arrives_at or now
        times = sorted(self.plan[place] + SLOT * (place == len(self.path)) for place in fate.arrivals)
        if fate.sent_by != BEFORE and times:
            first = times.pop(0)
            is_left = min(fate.arrivals) == len(self.path) and arrives >= self.plan[-1]
            if is_left:
                first = arrives
            if first > arrives:
                self._do(f"delay #{flight.id} {first - arrives}us", now)
            arrives = first
        for at in times:
            self._do(f"duplicate #{flight.id} {at - arrives}us", now)
            arrives = at

    # --- comparing ---

    def _socket(self, side: int) -> Socket | None:
        host = self.world.host(HOSTS[side])
        found = host.tuples.get(tuple_key(Address(host.address, PORTS[side]), ADDRESSES[1 - side]))
        return host.sockets.get(found) if found is not None else None

    def _socket_name(self, side: int) -> str:
        socket = self._socket(side)
        if socket is None:
            raise ReplayError(f"the World has no connection at the {HOSTS[side]}")
        return socket.id

    def _block(self, side: int) -> Tcb | None:
        socket = self._socket(side)
        return None if socket is None or socket.tcb.state is State.CLOSED else socket.tcb

    def _compare(self, place: int, after: Searched) -> None:
        for side in (A, B):
            wanted: Tcb | None = self.model.store.value(after[side]).tcb
            found = self._block(side)
            if _shape(wanted) != _shape(found):
                raise ReplayError(
                    f"move {place + 1}, {self.path[place][0].kind}: the {HOSTS[side]} is {_shape(found)} in the World, "
                    f"{_shape(wanted)} in the search"
                )


def _shape(tcb: Tcb | None) -> tuple[object, ...]:
    if tcb is None:
        return ("CLOSED",)
    return str(tcb.state), tcb.snd.una, tcb.snd.nxt, tcb.rcv.nxt, tuple(name for name, _ in tcb.timers.running())


def _is_same(wanted: Segment, found: Segment) -> bool:
    return (wanted.seq, wanted.ack, wanted.flags, wanted.length) == (found.seq, found.ack, found.flags, found.length)
