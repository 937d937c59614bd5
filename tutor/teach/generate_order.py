"""Questions about order: four things that a run does from here, and which comes after which.

Rules
-----
* Each thing is named so that its first happening after the moment is meant, and happens at an instant of its own:
  there is exactly one order.
* Why one thing comes before the next is told by what set the later one off, or by when each happens.
"""

from __future__ import annotations

from random import Random

from tutor.tcp.segment import PSH, flags_text
from tutor.teach.generate_events import Look, event, when
from tutor.teach.generated import Answer, Draft, said
from tutor.teach.lesson import Text
from tutor.words import mark
from tutor.world.query import find, parse_cue
from tutor.world.records import Arrived, CallReturned, Flight, Record, Sent, StateChanged
from tutor.world.world import Step

LENGTH = 4
"""How many things are put in order."""

REACH = 30
"""How many steps ahead they may lie."""


def draft(look: Look, dice: Random) -> Draft | None:
    """The question in which order four things happen from the moment on; None where there are not four."""
    found: dict[int, list[tuple[str, Text, Step]]] = {}
    for step in look.steps[look.index + 1 : look.index + 1 + REACH]:
        for record in step.records:
            named = _named(record)
            if named is not None and _is_first(look, named[0], step):
                found.setdefault(step.at, []).append((*named, step))
    instants = sorted(found)
    if len(instants) < LENGTH or not look.steps[look.index].world.variant.is_tcp:
        return None
    near = instants[: LENGTH + 3]
    chosen = sorted(dice.sample(near, LENGTH))
    things = [dice.choice(found[at]) for at in chosen]
    if len({thing[0] for thing in things}) < LENGTH or len({thing[1].en for thing in things}) < LENGTH:
        return None
    answers = tuple(
        Answer(cue, _why(this, after), step.at, text)
        for (cue, text, step), this, after in zip(things, things, [*things[1:], None], strict=True)
    )
    return Draft(
        kind="order",
        family="events",
        asks="order",
        prompt=said(mark("In which order will these happen? Of each, the first time from here is meant.")),
        index=look.index,
        right=answers,
        wrong=(),
    )


def _named(record: Record) -> tuple[str, Text] | None:
    """(cue, text) of something worth putting in order."""
    match record:
        case Sent(host=host, flight=flight) if not flight.is_forged:
            if flight.segment.length:
                return f"{host} sends data", said(mark("Some data leaves the {host}."), host=host)
            flags = _flags(flight)
            if flags == "ACK":
                return f"{host} sends ACK", said(mark("An ACK and nothing else leaves the {host}."), host=host)
            return f"{host} sends {flags}", said(mark("{segment} leaves the {host}."), host=host, segment=flags)
        case Arrived(host=host, flight=flight, accepted=True):
            if flight.segment.length:
                return f"{host} receives data", said(mark("Some data reaches the {host}."), host=host)
            flags = _flags(flight)
            if flags == "ACK":
                return f"{host} receives ACK", said(mark("An ACK and nothing else reaches the {host}."), host=host)
            return f"{host} receives {flags}", said(mark("{segment} reaches the {host}."), host=host, segment=flags)
        case StateChanged(host=host, target=target):
            text = said(mark("The {host} enters {state}."), host=host, state=target.value)
            return f"{host} enters {target.value}", text
        case CallReturned(host=host, call=call):
            return f"{host} {call} returns", said(mark("{call}() returns at the {host}."), host=host, call=call)
        case _:
            return None


def _flags(flight: Flight) -> str:
    return flags_text(flight.segment.flags & ~PSH)


def _is_first(look: Look, cue: str, step: Step) -> bool:
    moment = find(look.stage.trace, parse_cue(cue), after_index=look.index, until=step.at)
    return moment is not None and moment.index == step.index


def _why(this: tuple[str, Text, Step], after: tuple[str, Text, Step] | None) -> Text:
    _, text, step = this
    if after is None:
        return said(mark("{thing} That is last, at {at}."), thing=text, at=when(step.at))
    _, later, then = after
    host = next((r.host for r in then.records if r.host), "")
    what = event(then, host)
    if what is not None and then.at > step.at:
        sentence = mark("{thing} That is at {at}. {later} That comes of what is at the {host} only at {then}: {event}.")
        return said(sentence, at=when(step.at), thing=text, then=when(then.at), host=host, event=what, later=later)
    sentence = mark("{thing} That is at {at}. {later} That is at {then}.")
    return said(sentence, at=when(step.at), thing=text, then=when(then.at), later=later)
