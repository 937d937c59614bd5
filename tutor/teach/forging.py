"""A segment that nobody sends: the numbers worth trying, from the control block that will judge it.

Rules
-----
* The suggestions are computed from the receiver's block at the playhead: exactly what it expects, one before, the last
  octet of its window, and outside of it. What comes of them is not told: that is for the run to show.
* In SYN-SENT a block expects no number yet: the first of the peer is worth trying, and no number lies near another.
* Numbers are counted from the initial ones, as everywhere on screen and as ``inject`` takes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.joining import chained
from tutor.tcp import seq
from tutor.tcp.segment import ACK, parse_flags
from tutor.tcp.states import State
from tutor.tcp.tcb import Address
from tutor.teach.session import Session
from tutor.words import Words, mark
from tutor.world.host import CONNECTION, Socket

EXACT, BEFORE, LAST, OUTSIDE = (
    mark("exactly RCV.NXT"), mark("one before RCV.NXT"), mark("the last of the window"), mark("outside of the window"),
)  # fmt: skip
NONE_YET = mark("any number will do: there is no RCV.NXT yet")
ALL, OLD, UNSENT = mark("all that was sent: SND.NXT"), mark("nothing new: SND.UNA"), mark("beyond SND.NXT")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A number, and what it is for the receiver's block (a message)."""

    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a segment may be forged: from whom, to whom, on which connection, with which numbers to try."""

    sender: str
    receiver: str
    connection: str
    sport: int
    dport: int
    seqs: tuple[Suggestion, ...] = ()
    acks: tuple[Suggestion, ...] = ()

    def act(self, flags: str, number: int | str, ack: int | str, window: int | str, length: int | str) -> str:
        """The act that forges it."""
        ends = f"win={window} len={length} sport={self.sport} dport={self.dport}"
        numbers = f"seq={number} ack={ack}" if has_ack(flags) else f"seq={number}"
        return f"inject {self.sender}>{self.receiver} {flags} {numbers} {ends}"


def has_ack(flags: str) -> bool:
    """Is there an acknowledgment in a segment with these flags, as far as they can be read?"""
    try:
        return bool(parse_flags(flags) & ACK)
    except ValueError:
        return False


def grounds(session: Session, sender: str = "") -> tuple[Ground, ...]:
    """Every connection on which somebody's segments can be forged now, that of ``sender`` first, the newest first."""
    found = []
    for host in session.world.hosts:
        for socket in reversed(host.all_sockets()):
            remote = socket.tcb.remote
            if socket.kind != CONNECTION or remote is None or remote.ip not in session.world.addresses:
                continue
            found.append(_ground(session, host.name, socket, remote))
    found.sort(key=lambda ground: ground.sender != sender)
    return tuple(found)


def _ground(session: Session, receiver: str, socket: Socket, remote: Address) -> Ground:
    """Segments that reach ``socket`` in the name of its peer."""
    isns, tcb = session.world.isns, socket.tcb
    theirs, ours = isns.get((socket.id, remote)) or 0, isns.get((socket.id, tcb.local)) or 0
    expects, window = seq.distance(theirs, tcb.rcv.nxt), tcb.rcv.wnd
    seqs: tuple[Suggestion, ...] = (
        Suggestion(expects, EXACT),
        Suggestion(expects - 1, BEFORE),
        Suggestion(expects + max(window, 1) - 1, LAST),
        Suggestion(expects + window + 1000, OUTSIDE),
    )
    if tcb.state is State.SYN_SENT:
        seqs = (Suggestion(0, NONE_YET),)
    acks = (
        Suggestion(seq.distance(ours, tcb.snd.nxt), ALL),
        Suggestion(seq.distance(ours, tcb.snd.una), OLD),
        Suggestion(seq.distance(ours, tcb.snd.nxt) + 1000, UNSENT),
    )
    sender = session.world.addresses[remote.ip]
    return Ground(sender, receiver, socket.id, remote.port, tcb.local.port, seqs, acks)


def kind(ground: Ground, flags: str, number: int | str, ack: int | str, length: int | str, words: Words) -> str:
    """What is about to be sent, for the block that will judge it: its kind, not what comes of it. "" if it is none."""
    t = words.t
    try:
        number, ack, length = int(number), int(ack or 0), int(length or 0)
    except ValueError:
        return ""
    parts = [t("{flags} from {sender} to {receiver}", flags=flags, sender=ground.sender, receiver=ground.receiver)]
    parts.append(t("seq {number}: {meaning}", number=number, meaning=_meaning(number, ground.seqs, words)))
    if has_ack(flags):
        parts.append(t("ack {number}: {meaning}", number=ack, meaning=_meaning(ack, ground.acks, words)))
    parts.append(t("{count} octets", count=length) if length else t("no data"))
    return chained(parts, words)


def _meaning(number: int, suggestions: tuple[Suggestion, ...], words: Words) -> str:
    """The suggestion that has this number, or where it lies between the first two worth naming."""
    for each in suggestions:
        if each.value == number or each.text == NONE_YET:
            return words.t(each.text)
    first = suggestions[0].value
    return (
        words.t("{count} after it", count=number - first)
        if number > first
        else words.t("{count} before it", count=first - number)
    )
