"""Events of a run in words, and the small looks at a run that all generators share.

Rules
-----
* An event is told by what set its step off: a segment arrives, a timer runs out, a program calls.
* A moment is the last step of its instant: whoever looks at a run by its clock has seen exactly that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tutor.joining import chained, listed
from tutor.tcp import segment as segments
from tutor.tcp.states import State
from tutor.tcp.transitions import Edge, rule_set
from tutor.teach.expected import describe
from tutor.teach.generate_runs import MAX_STEPS, Stage
from tutor.teach.generated import plain, said, span
from tutor.teach.lesson import Text
from tutor.teach.ordinary import ordinary_rows, untold
from tutor.words import LANGUAGES, Words, mark
from tutor.world.records import (
    Arrived,
    Called,
    CallReturned,
    Flight,
    IcmpArrived,
    Record,
    Sent,
    StateChanged,
    TimerFired,
)
from tutor.world.time import format_duration
from tutor.world.world import Step, World

AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True)
class Look:
    """A run with one of its steps picked out: the one that is asked about, and the moment before it."""

    stage: Stage
    steps: tuple[Step, ...]
    target: int
    index: int

    @property
    def step(self) -> Step:
        """The step that is asked about."""
        return self.steps[self.target]

    @property
    def at(self) -> int:
        """When it happens (microseconds)."""
        return self.steps[self.target].at

    @property
    def now(self) -> int:
        """The moment at which is asked (microseconds)."""
        return self.steps[self.index].at

    def between(self) -> Iterator[Record]:
        """What happens after the moment and before the step that is asked about."""
        for step in self.steps[self.index + 1 : self.target]:
            yield from step.records

    def before(self, kind: type[AnyRecord], host: str = "") -> list[AnyRecord]:
        """The records of one kind (of ``host``) up to and with the moment."""
        return _of(self.steps[: self.index + 1], kind, host)

    def after(self, kind: type[AnyRecord], host: str = "") -> list[AnyRecord]:
        """The records of one kind (of ``host``) after the moment."""
        return _of(self.steps[self.index + 1 :], kind, host)

    def here(self, kind: type[AnyRecord], host: str = "") -> list[AnyRecord]:
        """The records of one kind (of ``host``) of the step that is asked about."""
        return _of((self.step,), kind, host)

    def state(self, host: str) -> State:
        """The state that ``host`` entered last, at the moment."""
        changes = self.before(StateChanged, host)
        return changes[-1].target if changes else State.CLOSED

    def peer(self, host: str) -> str:
        """The other host of a pair; "" where there are more."""
        names = [each.name for each in self.steps[0].world.hosts if each.name != host]
        return names[0] if len(names) == 1 else ""


def _of(steps: tuple[Step, ...], kind: type[AnyRecord], host: str) -> list[AnyRecord]:
    return [r for step in steps for r in step.records if isinstance(r, kind) and host in ("", r.host)]


def connections(world: World) -> frozenset[str]:
    """The connections of a world, by name; listeners and blank sockets are none."""
    return frozenset(name for host in world.hosts for name in host.sockets if ">" in name)


def steps_of(stage: Stage) -> tuple[Step, ...]:
    """The steps of a run as far as questions may reach."""
    stage.trace.extend(steps=max(0, stage.first + MAX_STEPS - len(stage.trace.computed)))
    return tuple(stage.trace.computed[: stage.first + MAX_STEPS])


def look(stage: Stage, steps: tuple[Step, ...], target: int) -> Look | None:
    """The look at a step from the last moment before it; None if there is none (all of it happens at time 0)."""
    index = target - 1
    while index >= 0 and steps[index].at == steps[target].at:
        index -= 1
    return Look(stage, steps, target, index) if index >= max(0, stage.first - 1) else None


def at_moment(stage: Stage, steps: tuple[Step, ...], target: int) -> Look | None:
    """The look at a run from the instant of a step itself: with all that happens at it; None at the run's end."""
    last = target
    while last + 1 < len(steps) and steps[last + 1].at == steps[target].at:
        last += 1
    return Look(stage, steps, last, last) if last + 1 < len(steps) and last >= stage.first else None


# --- in words ---


def event(step: Step, host: str) -> Text | None:
    """What reaches ``host`` in a step, as a clause: ``its retransmission timer runs out``; None if nothing does."""
    for record in step.records:
        if record.host != host:
            continue
        match record:
            case Arrived(flight=flight, accepted=True):
                return arrival(flight)
            case TimerFired(timer=timer):
                return said(mark("its {timer} runs out"), timer=timer_name(timer))
            case Called():
                return said(mark("its program calls {call}"), call=call_text(record))
            case IcmpArrived(kind=kind, mtu=mtu):
                return icmp_text(kind, str(mtu or ""))
            case StateChanged() | Sent():
                return None
    return None


def icmp_text(kind: str, mtu: str) -> Text:
    """What the network reports, as a clause."""
    return said(mark("the network reports: {report}"), report=each_language(lambda words: words.icmp(kind, mtu)))


def arrival(flight: Flight) -> Text:
    """``the client's segment SYN seq=0 arrives``."""
    return said(mark("the segment {segment} of the {host} arrives"), host=flight.sender, segment=describe(flight))


def call_text(record: Called | CallReturned) -> str:
    """A call as a program would spell it: ``write(300)``."""
    return f"{record.call}({', '.join(map(str, record.args))})"


def timer_name(timer: str) -> Text:
    """A timer in a sentence."""
    return each_language(lambda words: words.timer(timer))


def cause_of(edge: str) -> Text:
    """The event of an edge of the table."""
    return each_language(lambda words: words.edge(edge)[0])


def sort(cause: str) -> str:
    """Of which sort an edge's event is, so roughly that two of one sort might be meant by the same words."""
    for word in ("timeout", "ICMP", "data", "OPEN"):
        if word in cause:
            return word
    found = re.match(r"recv (?:a new |another )?([A-Z,]+)", cause)
    return found[1].replace("FIN,ACK", "FIN") if found else cause


def homes(row: Edge, rules: str) -> Text:
    """Every state that an edge's event leads out of, each with where it leads: ``A, B → C; D → E``."""
    sources: dict[State, list[str]] = {}
    for each in ordinary_rows(rules):
        if each.cause == row.cause:
            sources.setdefault(each.target, []).append(each.source.value)

    def told(words: Words) -> str:
        return chained((f"{listed(names, words)} → {target.value}" for target, names in sources.items()), words)

    return each_language(told)


CARRIERS = frozenset({"FIN", "SYN,ACK", "ACK"})
"""Sorts of segments that bring an ACK with them: where an ACK alone leads somewhere, so may they."""


def is_foreign(row: Edge, state: State, rules: str) -> bool:
    """Can the event of an edge of another state be said to lead nowhere from ``state``, however it is read?

    Not if one of its sort leads anywhere from there by ``rules``, or if it brings an ACK and an ACK does; nor where
    nobody can say: data, and a call that takes the place of a TIME-WAIT.
    """
    sorts = {sort(each.cause) for each in rule_set(rules) if each.source is state} | untold(state, rules)
    own = sort(row.cause)
    if own in sorts or own == "data" or (own == "OPEN" and state is State.TIME_WAIT):
        return False
    return not (own in CARRIERS and "ACK" in sorts)


def meaning(state: State) -> Text:
    """What a state waits for."""
    return each_language(lambda words: words.state_meaning(state))


def each_language(speak: Callable[[Words], str]) -> Text:
    """The same said by ``Words`` of every language."""
    made = {lang: speak(Words(lang)) for lang in LANGUAGES}
    return Text(made["en"], tuple((lang, text) for lang, text in made.items() if lang != "en"))


def when(at: int) -> str:
    """An instant of the run, exact."""
    return format_duration(at) if at else "0 s"


def carries(flight: Flight) -> str:
    """Which control bit of a segment uses up a number: ``SYN``, ``FIN`` or nothing."""
    return "SYN" if flight.segment.flags & segments.SYN else "FIN" if flight.segment.flags & segments.FIN else ""


def sent_alike(flight: Flight) -> tuple[str, str]:
    """What a segment is to whoever reads the ladder: its sender and how it reads."""
    return flight.sender, describe(flight)


__all__ = (
    "Look",
    "Stage",
    "arrival",
    "at_moment",
    "call_text",
    "carries",
    "cause_of",
    "each_language",
    "is_foreign",
    "event",
    "look",
    "meaning",
    "plain",
    "sent_alike",
    "sort",
    "span",
    "steps_of",
    "timer_name",
    "when",
)
