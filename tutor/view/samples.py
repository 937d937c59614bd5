"""Samples: what the numbers of each socket were after each step, read once from a trace.

Rules
-----
* A row is added where a number has changed, so a column is a step function: it holds until the next row.
* A run is read once, step by step as far as it is asked for; a fork begins with what its parent has read.
* Sequence numbers count from the connection's own initial numbers, as in the ladder. Sizes are octets, times
  microseconds. ``None`` is "there is no such thing now": a plot has a gap there.

Theory
------
Which sockets a step can have changed is known from its records, so reading costs what happened and not how many
sockets there are. A test compares it with looking at every socket after every step.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.tcp import congestion, seq
from tutor.tcp.options import effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.world.host import LISTENER, Host, Socket
from tutor.world.queues import accept_queue_limit, syn_queue_limit
from tutor.world.trace import Trace

NO_CONNECTION = frozenset({State.CLOSED, State.LISTEN})
"""States without numbers of a connection."""

NO_WINDOW_YET = frozenset({State.SYN_SENT, State.SYN_RECEIVED})
"""States in which the peer's window is not to be used yet."""

INFINITE = congestion.INFINITE
"""A threshold that nothing has set yet."""


class Row(NamedTuple):
    """One socket after one step. All None: there is no connection (any more)."""

    cwnd: int | None = None
    """Octets; None before the connection is open and where no such window is kept."""
    ssthresh: int | None = None
    """Octets, or ``INFINITE``."""
    mss: int | None = None
    rto: int | None = None
    srtt: int | None = None
    una: int | None = None
    nxt: int | None = None
    wnd: int | None = None
    """What the peer offers, counted from ``una``."""
    sending: int | None = None
    """Octets that the program has written and the peer has not acknowledged."""
    unread: int | None = None
    """Octets that the program has not read."""
    held: int | None = None
    """Octets that wait for a gap to be filled."""
    send_buffer: int | None = None
    receive_buffer: int | None = None
    syn_queue: int | None = None
    syn_limit: int | None = None
    accept_queue: int | None = None
    accept_limit: int | None = None

    @property
    def flight(self) -> int | None:
        """Octets of sequence space sent and not acknowledged."""
        return None if self.una is None or self.nxt is None else self.nxt - self.una


NOTHING = Row()


@dataclass(slots=True)
class Column:
    """The rows of one socket in order of time, and the step of each."""

    host: str
    connection: str
    listener: str = ""
    """Whose child it is, as far as is known."""
    steps: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add(self, step: int, at: int, row: Row) -> None:
        """Note ``row`` if it is another one. Several of one moment are all kept: a fork may begin between them."""
        if self.rows and self.rows[-1] == row:
            return
        self.steps.append(step)
        self.times.append(at)
        self.rows.append(row)

    def at(self, time: int) -> Row:
        """The row at ``time`` (microseconds); ``NOTHING`` before the first."""
        place = bisect_right(self.times, time) - 1
        return self.rows[place] if place >= 0 else NOTHING

    def before(self, step: int) -> Column:
        """A copy of what was read before ``step``."""
        keep = bisect_left(self.steps, step)
        return Column(self.host, self.connection, self.listener, self.steps[:keep], self.times[:keep], self.rows[:keep])


class Samples:
    """Everything that was read of one trace. Not to be changed by those who look."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, str], Column] = {}
        self.read = 0
        """Steps read so far."""
        self.records: list[object] = []
        """The records of every step read, to know a fork's parent by."""
        self._begun_at: list[int] = []
        self._begun: list[str] = []
        self._names: set[str] = set()

    def column(self, host: str, connection: str) -> Column | None:
        """The numbers of a socket (a connection or a listener) of ``host``."""
        return self.columns.get((host, connection))

    def connections(self, time: int) -> int:
        """How many connections of ``begun`` have begun by ``time``."""
        return bisect_right(self._begun_at, time)

    @property
    def begun(self) -> list[str]:
        """Names of the connections, in order of their beginning. Not to be changed."""
        return self._begun

    def _begin(self, column: Column) -> None:
        self.columns[column.host, column.connection] = column
        if ">" in column.connection and column.connection not in self._names:
            self._names.add(column.connection)
            self._begun.append(column.connection)
            self._begun_at.append(column.times[0])

    def read_on(self, trace: Trace, most: int | None = None) -> None:
        """Read the steps that were not read yet, ``most`` of them at most."""
        stop = len(trace.steps) if most is None else min(len(trace.steps), self.read + most)
        for number in range(self.read, stop):
            passed = trace.steps[number]
            self.records.append(passed.records)
            touched = {(record.host, record.connection) for record in passed.records if record.host}
            if number == 0:
                touched = {(host.name, name) for host in passed.world.hosts for name in host.sockets}
            if touched:
                hosts = {host.name: host for host in passed.world.hosts}
                for host, connection in touched:
                    self._note(number, passed.at, hosts.get(host), connection)
        self.read = stop

    def _note(self, step: int, at: int, host: Host | None, connection: str) -> None:
        if host is None or not connection or host.is_scripted:
            return
        socket = host.connection(connection)
        column = self.columns.get((host.name, connection))
        row = row_of(socket, host) if socket is not None else NOTHING
        if column is None:
            if row == NOTHING:
                return
            column = Column(host.name, connection)
            column.add(step, at, row)
            self._begin(column)
        else:
            column.add(step, at, row)
        if socket is not None and socket.listener:
            column.listener = socket.listener

    def shared_with(self, trace: Trace) -> int:
        """How many steps the trace has in common with what was read here, from the first on."""
        low, high = 0, min(self.read, len(trace.computed))
        while low < high:
            middle = (low + high + 1) // 2
            if trace.computed[middle - 1].records is self.records[middle - 1]:
                low = middle
            else:
                high = middle - 1
        return low

    def first(self, steps: int) -> Samples:
        """What was read of the first ``steps`` steps, to be read on from there."""
        made = Samples()
        made.read, made.records = steps, self.records[:steps]
        for column in self.columns.values():
            kept = column.before(steps)
            if kept.times:
                made._begin(kept)
        return made


_READ: WeakKeyDictionary[Trace, Samples] = WeakKeyDictionary()


def samples(trace: Trace, most: int | None = None) -> Samples:
    """What was read of ``trace``: to its end, or no more than ``most`` steps further than it was read before."""
    found = _READ.get(trace)
    if found is None:
        found = _READ[trace] = _begun(trace)
    if found.read < len(trace.steps):
        found.read_on(trace, most)
    return found


def _begun(trace: Trace) -> Samples:
    """What another trace with the same beginning has read already."""
    best, most = Samples(), 1
    for other in list(_READ.values()):
        shared = other.shared_with(trace)
        if shared > most:
            best, most = other, shared
    return best.first(most) if most > 1 else best


# --- one socket ---


def row_of(socket: Socket, host: Host) -> Row:
    """The numbers of one socket of ``host`` now."""
    if socket.kind == LISTENER:
        return Row(
            syn_queue=socket.syn_queue,
            syn_limit=syn_queue_limit(host, socket),
            accept_queue=len(socket.accept_queue),
            accept_limit=accept_queue_limit(host, socket),
        )
    tcb, profile = socket.tcb, host.profile
    if tcb.state in NO_CONNECTION:
        return NOTHING
    una, nxt = (seq.distance(tcb.snd.iss, number) for number in (tcb.snd.una, tcb.snd.nxt))
    if tcb.state is State.TIME_WAIT or tcb.is_small:
        return Row(una=una, nxt=nxt)
    mss = effective_mss(tcb, profile)
    cwnd, ssthresh = _windows(tcb, profile, mss)
    return Row(
        cwnd=cwnd,
        ssthresh=ssthresh,
        mss=mss,
        rto=tcb.rtx.rto or None,
        srtt=tcb.rtx.srtt,
        una=una,
        nxt=nxt,
        wnd=None if tcb.state in NO_WINDOW_YET else tcb.snd.wnd,
        sending=tcb.out.unsent + _text_in_flight(tcb),
        unread=tcb.inc.unread,
        held=sum(held.length for held in tcb.inc.held),
        send_buffer=tcb.conf.send_buffer or profile.send_buffer,
        receive_buffer=tcb.conf.receive_buffer or profile.receive_buffer,
    )


def _text_in_flight(tcb: Tcb) -> int:
    """Octets of text sent and not acknowledged: the flight without SYN and FIN."""
    has_fin = tcb.out.fin_seq is not None and not tcb.has_fin_acked
    return max(0, tcb.flight_size - tcb.has_syn_in_flight - has_fin)


def _windows(tcb: Tcb, profile: Profile, mss: int) -> tuple[int | None, int | None]:
    """cwnd and ssthresh in octets; None where nothing of the kind bounds the sender."""
    cc = tcb.cc
    if not cc.window or congestion.control_of(cc, profile) == "off":
        return None, None
    unit = 1 if congestion.counts_octets(profile) else mss
    return cc.window * unit, INFINITE if cc.threshold == INFINITE else cc.threshold * unit
