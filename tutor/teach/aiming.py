"""Which segment a hand means when it does not point at one.

Rules
-----
* The selected one, if it can be seen; else the one sent last of those on their way; else none: then the deed is armed
  for the next one that anybody sends, which nobody needs to know yet.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.teach import intents
from tutor.teach.session import Session
from tutor.teach.touching import find_flight
from tutor.world.targets import ANYBODY

DELAY = 500_000
"""By how much a key delays (microseconds), as ``intents.Delay`` does."""

PREFIX = "flight:"
"""How the mark of a flight is named."""


def selected_flight(session: Session) -> int | None:
    """The id of the flight whose mark is selected and may be shown; None if there is none."""
    kind, _, number = session.selection.partition(":")
    if f"{kind}:" != PREFIX or not number.isdecimal():
        return None
    found = find_flight(session, int(number))
    return None if found is None else found.id


def target(session: Session) -> int | None:
    """The id of the flight that a key means; None if nothing is selected and nothing is on its way."""
    selected = selected_flight(session)
    if selected is not None:
        return selected
    flying = session.world.flights
    return max(flying, key=lambda flight: (flight.sent_at, flight.id)).id if flying else None


_TOUCHES: dict[str, Callable[[int], intents.Intent]] = {
    "drop": intents.Drop,
    "delay": intents.Delay,
    "duplicate": intents.Duplicate,
    "corrupt": intents.Corrupt,
    "swap": intents.Swap,
}


def deed(session: Session, name: str) -> intents.Intent:
    """What the key of a deed (``acts.ON_SEGMENTS``) does now: touch a segment, or arm the deed for the next one."""
    meant = target(session)
    return _TOUCHES[name](meant) if meant is not None else intents.ActNow(arming(name))


def arming(name: str, host: str = ANYBODY) -> str:
    """The act that arms a deed for whatever ``host`` sends next."""
    return f"{name} {host}:any" + (f" {DELAY}us" if name == "delay" else "")


def disarming(session: Session) -> intents.Intent:
    """The act that takes back what was armed last; refused if nothing is."""
    rules = session.world.rules
    said = f"{rules[-1].name} {rules[-1].target}" if rules else f"drop {ANYBODY}:any"
    return intents.ActNow(f"disarm {said}")
