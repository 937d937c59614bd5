"""The transmission control block: everything one end knows about one connection.

Rules
-----
* A ``Tcb`` is a frozen value; the next one is made with ``replace``. Its records read as the RFC
  writes: SND.UNA is ``tcb.snd.una``, RCV.NXT is ``tcb.rcv.nxt`` (RFC 9293 section 3.3.1).
* Timers are deadlines in microseconds of the world's clock, or None. Nothing ticks in here.
* Only ``move`` sets a state, and only along an edge of ``TRANSITIONS`` that starts where we are.

Theory
------
Because a block holds no clock, no socket and no reference to its peer, it can be stored, compared,
hashed, forked and searched. Stepping back in time is looking at an older value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from tutor.tcp import seq
from tutor.tcp.acking import NO_ACKING, Acking
from tutor.tcp.congestion import NO_CONGESTION, Congestion
from tutor.tcp.rack import NO_RACK, Rack
from tutor.tcp.room import NO_ROOM, Room
from tutor.tcp.segment import FIN, SYN, Payload
from tutor.tcp.states import State
from tutor.tcp.transitions import Edge
from tutor.tcp.values import replace


class Address(NamedTuple):
    """One end of a connection: an IP address as text and a port."""

    ip: str
    port: int

    def __str__(self) -> str:
        return f"{self.ip}:{self.port}"


@dataclass(frozen=True, slots=True)
class SendSpace:
    """The send sequence variables of RFC 9293 section 3.3.1, figure 3."""

    una: int = 0
    """Oldest number not yet acknowledged."""
    nxt: int = 0
    """Next number to be sent."""
    wnd: int = 0
    """Octets the peer takes, counted from ``una``."""
    up: int | None = None
    """Urgent pointer: the number after the last urgent octet; None when not in urgent mode."""
    wl1: int = 0
    """SEG.SEQ of the segment last used for ``wnd``."""
    wl2: int = 0
    """SEG.ACK of the segment last used for ``wnd``."""
    iss: int = 0
    """Initial send sequence number."""
    max_wnd: int = 0
    """Largest window the peer ever offered (RFC 5961 section 5.2; RFC 9293 section 3.8.6.2.1)."""


@dataclass(frozen=True, slots=True)
class ReceiveSpace:
    """The receive sequence variables of RFC 9293 section 3.3.1, figure 4."""

    nxt: int = 0
    """Next number expected."""
    wnd: int = 0
    """Octets offered, counted from ``nxt``."""
    up: int | None = None
    """Urgent pointer received: the number after the last urgent octet."""
    irs: int = 0
    """Initial receive sequence number."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry of the retransmission queue: a segment that is not wholly acknowledged."""

    seq: int
    flags: int
    payload: Payload | None
    sent_at: int
    """When it last left (a SYN: when it first left)."""
    transmissions: int = 1
    is_sacked: bool = False
    """The peer holds it, by a SACK block (``TCPCB_SACKED_ACKED``)."""
    is_lost: bool = False
    """It is thought lost (``TCPCB_LOST``)."""
    is_repeated: bool = False
    """Thought lost, and a repetition is in flight (``TCPCB_SACKED_RETRANS``)."""
    delivered: int = 0
    """``Congestion.delivered`` when it last left."""
    ends_record: bool = False
    """Nothing is appended to it (MSG_EOR)."""
    continues: bool = False
    """It was handed down together with the next one, as part of a burst."""

    @property
    def length(self) -> int:
        """Octets of text."""
        text = self.payload
        return text.stop - text.start if text is not None else 0

    @property
    def end(self) -> int:
        """The number after the last one that it occupies."""
        return seq.add(self.seq, self.length + ((self.flags & SYN) >> 1) + (self.flags & FIN))


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the repair of losses remembers besides the marks of the queue (``struct tcp_sock``)."""

    phase: str = "open"
    """One of ``PHASES``."""
    is_marked: bool = False
    """Some segment of the queue bears a mark, or duplicate ACKs count as such."""
    high: int = 0
    """SND.NXT when the phase began: it lasts until this is acknowledged (``high_seq``; RFC 6582: recover)."""
    dupacks: int = 0
    """Without SACK: segments that duplicate ACKs say have arrived (``sacked_out``); RFC 5681: duplicate ACKs."""
    reordering: int = 0
    """Segments a segment may be overtaken by before it counts as lost; 0 = the profile's."""
    reorderings: int = 0
    """Times that reordering was seen (``reord_seen``)."""
    undo_from: int | None = None
    """SND.UNA when a window was reduced that may yet prove needless (``undo_marker``)."""
    undo_left: int = 0
    """Repetitions since then that no D-SACK has told to be needless; -1: there was none yet (``undo_retrans``)."""
    repeated_at: int | None = None
    """When the first repetition left (``retrans_stamp``)."""
    frto: bool = False
    """The timeout may have been spurious: F-RTO looks (RFC 5682)."""
    probe_end: int | None = None
    """SND.NXT when a tail-loss probe left (``tlp_high_seq``)."""
    probe_repeats: bool = False
    """That probe was a repetition (``tlp_retrans``)."""
    twice_told: int = 0
    """Segments that D-SACKs told of (``dsack_dups``)."""
    repetitions: int = 0
    """Segments repeated in all (``total_retrans``)."""
    losses: int = 0
    """Segments marked lost in all (``lost``)."""
    rack: Rack = NO_RACK


PHASES = ("open", "disorder", "cwr", "recovery", "loss")
"""``TCP_CA_Open`` to ``TCP_CA_Loss``, in their order."""
RECOVERING = frozenset({"recovery", "loss"})
"""Phases in which what was lost is sent again."""
NO_RECOVERY = Recovery()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the user has written and what became of it. Offsets count octets of ``stream`` from 0."""

    stream: str = ""
    sent: int = 0
    """Offset of the first octet never sent."""
    written: int = 0
    """Offset after the last octet the user wrote."""
    pushes: tuple[int, ...] = ()
    """Offsets after the last octet of each pushed SEND that is not wholly sent."""
    queue: tuple[Sent, ...] = ()
    """The retransmission queue, oldest first."""
    ends: tuple[int, ...] = ()
    """Offsets after the last octet of each record (MSG_EOR) that is not wholly sent."""
    tail: int = 0
    """Offset where the last buffer begins (Linux: a later write fills it up)."""
    cuts: tuple[int, ...] = ()
    """Offsets where one buffer ends and the next begins, behind what was sent (``writequeue``)."""
    pushed: int = 0
    """Offset of the newest mark that was ever in ``pushes``, where marks depend on it."""
    is_flushed: bool = False
    """What waits leaves whatever Nagle or a cork says, until a new buffer begins (TCP_NAGLE_PUSH)."""
    small_end: int | None = None
    """The number after the newest segment smaller than the MSS."""
    is_closed: bool = False
    """The user has closed: a FIN follows the last octet."""
    fin_seq: int | None = None
    """The number of our FIN once it has been sent."""

    @property
    def unsent(self) -> int:
        """Octets written and never sent."""
        return self.written - self.sent


@dataclass(frozen=True, slots=True)
class Held:
    """Text (and perhaps a FIN) that arrived ahead of RCV.NXT (RFC 9293 SHLD-31)."""

    seq: int
    payload: Payload | None
    fin: bool = False

    @property
    def length(self) -> int:
        """Octets of text."""
        return len(self.payload) if self.payload is not None else 0


@dataclass(frozen=True, slots=True)
class Incoming:
    """What has arrived and what the user has taken."""

    ready: tuple[Payload, ...] = ()
    """In order and unread."""
    unread: int = 0
    """Octets in ``ready``."""
    delivered: int = 0
    """Octets the user has taken since the connection opened."""
    held: tuple[Held, ...] = ()
    """Out of order, sorted by sequence number, disjoint."""
    blocks: tuple[tuple[int, int], ...] = ()
    """What is held as our ACKs tell it: (left edge, right edge), the newest first (RFC 2018)."""
    twice: tuple[int, int] | None = None
    """What arrived a second time and was not told yet (D-SACK, RFC 2883)."""
    is_shut: bool = False
    """The user has shut the reading half: RECEIVE answers end of file."""
    unacked_segments: int = 0
    """Segments with text that no ACK of ours covers yet (RFC 9293 section 3.8.6.3)."""
    quick_acks: int = 0
    """ACKs that still go out at once although delaying is on (a fresh connection, Linux)."""
    has_reported_end: bool = False
    """RECEIVE has told the user that the peer has closed."""
    urgent_told: bool = False
    """The user has been signalled for this stretch of urgent data."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the two SYNs settled (RFC 9293 section 3.2, RFC 7323, RFC 2018)."""

    mss: int = 536
    """Largest text we may send in one segment, before options (MUST-15: 536 without the option)."""
    window_scaling: bool = False
    snd_scale: int = 0
    """Shift of the windows we receive (Snd.Wind.Shift)."""
    rcv_scale: int = 0
    """Shift of the windows we send (Rcv.Wind.Shift)."""
    timestamps: bool = False
    sack: bool = False
    ecn: bool = False
    """Explicit congestion notification (RFC 3168)."""
    ts_recent: int = 0
    """TS.Recent (RFC 7323 section 4.3)."""
    ts_recent_at: int = 0
    """When TS.Recent was taken, in microseconds."""
    last_ack_sent: int = 0
    """Last.ACK.sent (RFC 7323 section 4.3)."""


@dataclass(frozen=True, slots=True)
class Rtx:
    """The retransmission timer's arithmetic (RFC 6298). Times in microseconds."""

    srtt: int | None = None
    rttvar: int = 0
    rto: int = 0
    held: int = 0
    """Four times the variance that the RTO counts with: the worst of the last round trips (``rttvar_us`` of Linux)."""
    worst: int = 0
    """The worst of this round trip (``mdev_max_us``), which ends when ``round_end`` is acknowledged."""
    round_end: int = 0
    count: int = 0
    """Retransmissions, or probes of a shut window, in a row without any progress."""
    backoff: int = 0
    """How often ``rto`` has been doubled since it was last computed: a measurement sets it back (RFC 6298 5.7)."""
    started_at: int = 0
    """Since when nothing has moved: R2 is measured from here (RFC 9293 section 3.8.3)."""
    syn_timed_out: bool = False
    """The SYN had to be sent again: RFC 6298 (5.7) sets the RTO of the first text."""
    syn_left_at: int = 0
    """When the SYN or SYN,ACK last left, in microseconds."""


TIMERS = (
    "retransmission",
    "loss-probe",
    "reordering",
    "persist",
    "delayed-ack",
    "sack-compression",
    "keepalive",
    "user",
    "fin-wait-2",
    "time-wait",
)
"""The timers of a connection, in the order in which simultaneous ones expire."""


@dataclass(frozen=True, slots=True)
class Timers:
    """Deadlines in microseconds, None when stopped."""

    retransmission: int | None = None
    loss_probe: int | None = None
    """In place of the retransmission timer (RFC 8985 section 7)."""
    reordering: int | None = None
    """In place of the retransmission timer (RFC 8985 section 6.2)."""
    persist: int | None = None
    delayed_ack: int | None = None
    sack_compression: int | None = None
    """An ACK that stands for several waits to be sent (``gathering``)."""
    keepalive: int | None = None
    user: int | None = None
    fin_wait_2: int | None = None
    time_wait: int | None = None

    @property
    def guards_queue(self) -> bool:
        """Does one of the timers run that send again what is in flight?"""
        return self.retransmission is not None or self.loss_probe is not None or self.reordering is not None

    def running(self) -> tuple[tuple[str, int], ...]:
        """(name, deadline) of every running timer, in the order of ``TIMERS``."""
        return tuple([(name, at) for name, at in zip(TIMERS, _deadlines(self), strict=True) if at is not None])


_deadlines: Callable[[Timers], tuple[int | None, ...]] = attrgetter(*(name.replace("-", "_") for name in TIMERS))
NO_TIMERS = Timers()


@dataclass(frozen=True, slots=True)
class Conf:
    """What the user set on this connection; None means the profile's number."""

    nodelay: bool = False
    cork: bool = False
    keepalive: bool = False
    keepalive_idle_us: int | None = None
    keepalive_interval_us: int | None = None
    keepalive_probes: int | None = None
    user_timeout_us: int | None = None
    mss: int | None = None
    receive_buffer: int | None = None
    send_buffer: int | None = None
    syn_retries: int | None = None
    quickack: int | None = None
    """What TCP_QUICKACK was set to last; it is no more than a push in one direction."""
    notsent_lowat: int | None = None
    linger2_us: int | None = None
    """How long an orphan waits in FIN-WAIT-2 (TCP_LINGER2); negative: not at all."""
    defer_accept_us: int | None = None
    """A connection waits for text about so long before it is accepted (TCP_DEFER_ACCEPT)."""
    rto_max_us: int | None = None
    """The upper bound of the RTO (TCP_RTO_MAX_MS)."""
    congestion: int | None = None
    """The algorithm of congestion control that the program chose, by its number in ``control.CONTROLS``."""


@dataclass(frozen=True, slots=True)
class Status:
    """The answer of STATUS (RFC 9293 section 3.9.1.5)."""

    state: State
    local: Address
    remote: Address | None
    receive_window: int
    send_window: int
    awaiting_ack: int
    """Buffers (segments) awaiting acknowledgment."""
    unread: int
    """Octets pending receipt by the user."""


@dataclass(frozen=True, slots=True)
class Tcb:
    """One connection at one moment. ``state`` CLOSED means that there is no connection any more."""

    state: State
    local: Address
    remote: Address | None = None
    is_active: bool = False
    """Opened actively: an active OPEN, or a LISTEN that turned active (MUST-11)."""
    is_orphan: bool = False
    """No program holds this connection any more."""
    is_deferred: bool = False
    """The ACK that ends the handshake has come and was put off (TCP_DEFER_ACCEPT)."""
    snd: SendSpace = SendSpace()
    rcv: ReceiveSpace = ReceiveSpace()
    out: Outgoing = Outgoing()
    inc: Incoming = Incoming()
    agreed: Agreed = Agreed()
    rtx: Rtx = Rtx()
    cc: Congestion = NO_CONGESTION
    ack: Acking = NO_ACKING
    room: Room = NO_ROOM
    rec: Recovery = NO_RECOVERY
    timers: Timers = NO_TIMERS
    conf: Conf = field(default_factory=Conf)
    probes: int = 0
    """Probes in a row, keep-alive's or of a shut window, that nobody answered."""
    is_small: bool = False
    """A host keeps it as a small entry (``smallentry``): its window does not move any more."""
    heard_at: int = 0
    """When the peer was last heard: the newest segment whose ACK was acceptable."""
    soft_error: str = ""
    """The signal of the last ICMP error that ended nothing, if nothing was acknowledged since."""
    challenged_at: int | None = None
    """When the last rate-limited ACK went out (RFC 5961 section 7)."""

    def deadlines(self) -> tuple[tuple[str, int], ...]:
        """(timer, deadline in microseconds) of every running timer."""
        return self.timers.running()

    def next_deadline(self) -> tuple[int, str] | None:
        """The earliest (deadline, timer), or None when no timer runs."""
        earliest: tuple[int, str] | None = None
        for name, at in self.timers.running():
            if earliest is None or at < earliest[0]:
                earliest = at, name
        return earliest

    @property
    def flight_size(self) -> int:
        """Octets of sequence space sent and not acknowledged."""
        return (self.snd.nxt - self.snd.una) & 0xFFFFFFFF

    @property
    def has_syn_in_flight(self) -> bool:
        """Is our SYN sent and not yet acknowledged?"""
        queue = self.out.queue
        return bool(queue) and bool(queue[0].flags & SYN)

    @property
    def has_fin_acked(self) -> bool:
        """Has the peer acknowledged our FIN?"""
        fin = self.out.fin_seq
        return fin is not None and (self.snd.una - fin - 1) & 0xFFFFFFFF < 1 << 31


def closed(local: Address) -> Tcb:
    """The block of a connection that does not exist (RFC 9293: CLOSED is fictional)."""
    return Tcb(state=State.CLOSED, local=local)


def move(tcb: Tcb, edge: Edge, **changes: Any) -> Tcb:
    """``tcb`` in the target state of ``edge``, with ``changes`` made at once. The only writer of a state."""
    assert tcb.state is edge.source, f"edge {edge.id} starts in {edge.source}, but the connection is in {tcb.state}"
    return replace(tcb, state=edge.target, **changes)
