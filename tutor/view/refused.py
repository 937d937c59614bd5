"""Refused: what arrived at a host in the last step, or was asked of it, and changed nothing; and why.

Rules
-----
* Only the last step at or before the playhead is looked at, and the steps of the same instant: what was refused is
  shown where it happened, and goes when something else happens.
* It is the engine that refuses: a reason of ``REFUSING``, or a call that came back with an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.tcp.reasons import Reason
from tutor.tcp.segment import flags_text
from tutor.world.records import Arrived, Because, Called, CallReturned, IcmpArrived, Record, StateChanged
from tutor.world.trace import Trace

REFUSING = frozenset(
    {
        "listener-stays-passive", "send-after-close",
        "no-connection", "rst-to-nobody", "rst-to-listener", "ack-to-listener", "neither-syn-nor-ack",
        "syn-fin-dropped", "ack-not-of-our-syn", "echo-of-no-syn-ack", "echo-of-nothing", "rst-without-ack",
        "neither-syn-nor-rst", "outside-window", "window-is-shut", "rst-outside-window", "timestamp-too-old",
        "timestamp-missing", "answered-too-recently", "rst-not-exact", "rst-in-time-wait-ignored",
        "syn-in-connection", "no-ack-bit", "ack-of-unsent", "ack-too-old", "ack-in-time-wait",
        "nothing-for-small-entry", "nobody-listens-any-more", "text-after-fin", "icmp-not-in-flight",
        "checksum-wrong", "host-is-down", "accept-queue-full-syn", "accept-queue-full-ack", "syn-queue-full",
        "timestamp-of-host-too-old", "syn-reserve-kept", "cookie-forged", "accept-queue-full-cookie",
        "challenged-too-often", "no-port-left", "port-taken",
    }
)  # fmt: skip
"""Reasons that say no to what came in."""

PASSING = frozenset({"EAGAIN", "EINPROGRESS", "EALREADY", "EINTR"})
"""Errors that only say "not yet"."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What ``host`` refused: a segment's flags or a call's name, at which connection ("" none), and the reason.

    ``error`` is a call's errno where there is no reason.
    """

    host: str
    connection: str
    what: str
    reason: Reason | None
    error: str = ""


def refusals(trace: Trace, time: int) -> tuple[Refusal, ...]:
    """What was refused in the last instant at or before ``time`` (microseconds), at most one for a host."""
    here = trace.index_at(time)
    steps = trace.computed
    found: dict[str, Refusal] = {}
    first = here
    while first > 0 and steps[first - 1].at == steps[here].at:
        first -= 1
    for place in range(max(first, 1), here + 1):
        for refusal in _of_step(steps[place].records):
            found[refusal.host] = refusal
    return tuple(found.values())


def _of_step(records: tuple[Record, ...]) -> Iterator[Refusal]:
    moved = {record.host for record in records if isinstance(record, StateChanged)}
    what = ""
    for record in records:
        match record:
            case Arrived(flight=flight):
                what = flags_text(flight.segment.flags, "+") or "0"
            case IcmpArrived():
                what = "ICMP"
            case (
                Called(host=host, call=call, error=error, connection=connection)
                | CallReturned(host=host, call=call, error=error, connection=connection)
            ):
                what = f"{call}()"
                if error and error not in PASSING and host not in moved:
                    yield Refusal(host, connection, what, None, error)
            case Because(host=host, reason=reason, connection=connection) if reason.id in REFUSING:
                if host not in moved and what:
                    yield Refusal(host, connection, what, reason)
