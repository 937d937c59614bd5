"""What the learner did, done again in a run that began otherwise.

Rules
-----
* A deed on a segment means that segment, not its number: the same sender, connection, flags and octets, sent as often
  before. It is touched as long after it left as it was then.
* Any other deed is done again at the time at which it was done.
* What cannot be done again is handed back: nothing that somebody did is lost without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.teach import touching
from tutor.world.acts import Act, parse_act
from tutor.world.records import Flight, Sent
from tutor.world.targets import parse_target
from tutor.world.timeline import Branch

if TYPE_CHECKING:
    from tutor.teach.session import Session

ON_SEGMENTS = ("drop", "delay", "duplicate", "corrupt", "swap")
"""Acts whose first word may be the number of a segment."""


def redo(session: Session, was: Session, node: Branch, deed: Act, place: int | None) -> Session | None:
    """``session`` after ``deed``, which made branch ``node`` of ``was``; None if it cannot be done there.

    ``place``: the step after which it is done, if it was done at the start.
    """
    number = flight_of(deed)
    if number is None:
        return _done(touching.act_at(session, deed, node.at, place), session)
    assert node.parent is not None, "a deed has made this branch"
    old = was.timeline.branch(node.parent).trace.flight(number)
    new = _same(session, old) if old is not None else None
    if old is None or new is None:
        return None
    at = min(new.sent_at + node.at - old.sent_at, max(new.sent_at, touching.lands_at(new) - 1))
    index = touching.step_of_sending(session.trace, new) if touching.lands_at(new) == new.sent_at else None
    again = parse_act(str(deed).replace(f"#{number}", f"#{new.id}", 1))
    return _done(touching.act_at(session, again, at, index), session)


def flight_of(deed: Act) -> int | None:
    """The number of the segment that is touched; None for any other deed."""
    return parse_target(deed.args[0]).flight if deed.name in ON_SEGMENTS else None


def _done(after: Session, before: Session) -> Session | None:
    return after if after.branch != before.branch else None


def _same(session: Session, old: Flight) -> Flight | None:
    """The segment of this run that is what ``old`` was."""
    sent = (record.flight for _, record in session.trace.records(0) if isinstance(record, Sent))
    return next((flight for flight in sent if _fingerprint(flight) == _fingerprint(old)), None)


def _fingerprint(flight: Flight) -> tuple[object, ...]:
    """What makes a segment this one. A pure ACK is known by what it acknowledges."""
    segment = flight.segment
    ack = flight.rel_ack if segment.seq_length == 0 else None
    return (
        flight.sender, flight.connection, segment.flags, flight.rel_seq, segment.length, ack, flight.retransmission,
    )  # fmt: skip
