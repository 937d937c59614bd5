"""What comes in to an endpoint, and what comes out.

Rules
-----
* Three kinds come in: user calls, segments, expiries (RFC 9293 section 3.10), and ICMP beside them (3.9.2.2).
* Everything that comes out is in the ``Reaction``: nothing else is touched.
* Chance and time are inputs: initial sequence numbers come with the event, ``now`` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.reasons import Reason
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import Address, Status as StatusReport, Tcb
from tutor.tcp.transitions import Edge

# --- what comes in: user calls (RFC 9293 section 3.9.1) ---


@dataclass(frozen=True, slots=True)
class Open:
    """OPEN (3.10.1). ``iss`` is needed when active; ``stream`` names the octets this side will write.

    ``text``: octets that are written with the call, so that they wait, as after a SEND in SYN-SENT (3.10.2).
    ``stamp``: TS.Recent and when it was taken, of the TIME-WAIT whose name this connection takes over (RFC 6191).
    """

    active: bool
    local: Address
    remote: Address | None = None
    iss: int | None = None
    stream: str = ""
    stamp: tuple[int, int] | None = None
    text: int = 0


@dataclass(frozen=True, slots=True)
class Send:
    """SEND (3.10.2) of ``length`` octets. ``iss`` and ``remote`` only matter on a LISTEN that turns active.

    ``more``: more will follow at once (MSG_MORE). ``ends_record``: nothing later shares a segment with it (MSG_EOR).
    """

    length: int
    push: bool = True
    urgent: bool = False
    remote: Address | None = None
    iss: int | None = None
    more: bool = False
    ends_record: bool = False


@dataclass(frozen=True, slots=True)
class Receive:
    """RECEIVE (3.10.3) of at most ``limit`` octets."""

    limit: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Close:
    """CLOSE (3.10.4): I have no more to send."""


@dataclass(frozen=True, slots=True)
class Abort:
    """ABORT (3.10.5): throw everything away and tell the peer with a RST."""


@dataclass(frozen=True, slots=True)
class Status:
    """STATUS (3.10.6)."""


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The socket call ``shutdown(how)``; ``how`` is ``"read"``, ``"write"`` or ``"both"``. Writing half = CLOSE."""

    how: str


@dataclass(frozen=True, slots=True)
class Release:
    """The program has let go of the socket for good (``close()`` of its last descriptor).

    With ``linger_us`` 0 (SO_LINGER on, time 0) this is an ABORT; with text never read it is one by
    RFC 2525 section 2.17; else it is a CLOSE and what stays behind is an orphan.
    """

    linger_us: int | None = None


@dataclass(frozen=True, slots=True)
class SetOption:
    """Change one of ``Conf``'s fields on this connection (``nodelay``, ``keepalive``, ``user_timeout_us``, ...)."""

    name: str
    value: int | None


Call = Open | Send | Receive | Close | Abort | Status | Shutdown | Release | SetOption

# --- what comes in from below ---


@dataclass(frozen=True, slots=True)
class Arrival:
    """SEGMENT ARRIVES (3.10.7).

    In case the segment opens a connection here: ``iss`` is a fresh number (None: nobody listens) and
    ``stream`` names the octets that this side would write. ``is_cookie``: ``iss`` is a SYN cookie, and nothing is
    kept. ``cookie_mss``: the segment acknowledges a valid cookie of ours that stands for this MSS.
    """

    segment: Segment
    iss: int | None = None
    stream: str = ""
    is_cookie: bool = False
    cookie_mss: int | None = None


@dataclass(frozen=True, slots=True)
class Expiry:
    """The timer of this name (one of ``tcb.TIMERS``) has run out (3.10.8).

    ``tries``: how often the host lets a request entry repeat its SYN,ACK now; None for as often as usual.
    """

    timer: str
    tries: int | None = None


@dataclass(frozen=True, slots=True)
class Icmp:
    """An ICMP error about a segment of this connection (3.9.2.2).

    ``kind``: ``"hard"`` (protocol or port unreachable), ``"soft"`` (net or host unreachable, time exceeded)
    or ``"too-big"`` with the next hop's ``mtu`` in octets. ``seq``: the sequence number it quotes.
    ``no_route``: it says net or host unreachable, codes 0 and 1, and no other soft error.
    """

    kind: str
    seq: int
    mtu: int | None = None
    no_route: bool = False


Event = Call | Arrival | Expiry | Icmp

# --- what comes out ---


@dataclass(frozen=True, slots=True)
class Emit:
    """Put this segment on the wire. ``purpose``: syn, syn-ack, ack, data, fin, reset, probe, keepalive, challenge."""

    segment: Segment
    purpose: str
    is_retransmission: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """Tell the user: connected, readable, peer-closed, writable, urgent, reset, refused, timed-out, unreachable,
    soft-error, closed."""

    kind: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The immediate answer of a call: a value, or the RFC's error words (``"connection closing"``)."""

    value: int | StatusReport | None = None
    error: str | None = None


Effect = Emit | Signal | Returned


@dataclass(frozen=True, slots=True)
class Reaction:
    """All that one event did: the next control block, effects and reasons in order, and the edges crossed."""

    tcb: Tcb
    effects: tuple[Effect, ...] = ()
    edges: tuple[Edge, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What goes on the wire, in order."""
        return tuple(effect.segment for effect in self.effects if isinstance(effect, Emit))

    @property
    def answer(self) -> Returned | None:
        """The answer of the call, if the event was one."""
        return next((effect for effect in self.effects if isinstance(effect, Returned)), None)
