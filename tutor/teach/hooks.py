"""Hooks: what a beat of a lesson that is written by the program can hang on, where a step of a run is given.

Rules
-----
* A beat hangs on an event by its name, never on a time or a step; where the event has happened before, it is counted.
* The most telling event of a step comes first: a segment that leaves or arrives, then a state, then all else.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.segment import PSH, flags_text
from tutor.world.query import find, fires, parse_cue
from tutor.world.records import (
    Acted,
    Arrived,
    Called,
    CallReturned,
    Lost,
    Record,
    Sent,
    StateChanged,
    TimerFired,
)
from tutor.world.trace import Trace


def named(trace: Trace, index: int, text: str, searched: int) -> str:
    """The cue that fires in step ``index`` and not earlier: ``text``, or ``text N``; "" if there is none."""
    cue = parse_cue(text)
    moment = find(trace, cue, after_index=searched - 1)
    if moment is not None and moment.index == index:
        return text
    if text == "start":
        return ""
    earlier = sum(fires(cue, record) for step in trace.steps[:index] for record in step.records)
    return f"{text} {earlier + 1}"


def cues(records: tuple[Record, ...]) -> Iterator[str]:
    """What can be said of a step, the most telling first."""
    for kind in _KINDS:
        for record in records:
            if isinstance(record, kind):
                said = cue_of(record)
                if said and fires(parse_cue(said), record):
                    yield said


_VERBS: dict[type[Record], str] = {Sent: "sends", Arrived: "receives", Lost: "loses"}
_KINDS = (Sent, Arrived, StateChanged, Lost, TimerFired, CallReturned, Called, Acted)


def cue_of(record: Record) -> str:
    """The cue that a record fires; "" if there is none."""
    match record:
        case Sent(host=host, flight=flight) | Arrived(host=host, flight=flight) | Lost(host=host, flight=flight):
            return f"{host} {_VERBS[type(record)]} {_pattern(flight.segment.flags, flight.segment.length)}"
        case StateChanged(host=host, target=target):
            return f"{host} enters {target.value}"
        case TimerFired(host=host, timer=timer):
            return f"{host} timer {timer}"
        case Called(host=host, call=call):
            return f"{host} calls {call}"
        case CallReturned(host=host, call=call):
            return f"{host} {call} returns"
        case Acted(host=host, text=text) if text.split()[0] in ("crash", "reboot"):
            return f"{host} {text.split()[0]}{'es' if text.startswith('crash') else 's'}"
    return ""


def _pattern(flags: int, length: int) -> str:
    return "data" if length else flags_text(flags & ~PSH)
