"""Bet mode: any run stops before each event of a chosen kind and asks what it will be.

Rules
-----
* From where it was switched on, the run has *stops*: moments before an event of a chosen kind, each with a generated
  question about that event. They are a function of the run, the kinds and a seed, and of nothing else: so a stop that
  was answered is known again, and a fork keeps those that it shares.
* At one moment one thing is asked. An event that nobody could predict fairly (two segments at once, two changes in one
  event) has no stop: the run goes past it.
* While a stop is not answered, nothing after its moment may be shown: ``horizon`` is its time.
* Every question is proved before it is asked. One that is not proved is not asked.
* The card of a generated question, with a seed (``made:time/syn-lost#7``), may stand in the place of an event: then
  that question has come back on its own run, and is the only stop.

Theory
------
A timer is asked about when it is set, a state or a segment just before it comes. So stops are ordered by their moment
and not by their event, and are looked for ``REACH`` steps ahead of the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from tutor.tcp.values import replace
from tutor.teach.answered import MADE
from tutor.teach.generate import of_card, questions_at
from tutor.teach.generate_runs import Stage, setting_of
from tutor.teach.generated import Posed
from tutor.teach.given import is_right
from tutor.teach.proving import is_proved
from tutor.teach.quiz import Given
from tutor.words import mark
from tutor.world.records import Record, Sent, StateChanged, TimerFired
from tutor.world.trace import Trace
from tutor.world.world import Step

EVENTS: dict[str, tuple[str, type[Record]]] = {
    "segment": ("next-segment", Sent),
    "state": ("next-state", StateChanged),
    "timer": ("time", TimerFired),
}
"""What the run may stop before -> (kind of question, record that is the event)."""

TITLES: dict[str, str] = {
    "segment": mark("before each segment that is sent"),
    "state": mark("before each change of state"),
    "timer": mark("whenever a timer is set that will run out"),
}
"""What the run may stop before -> the same in words."""

REACH = 120
"""How many steps behind the last stop the next one is looked for."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment (step ``index``, time ``at``) and the question about the event at step ``target``."""

    index: int
    at: int
    target: int
    event: str
    question: Posed


@dataclass(frozen=True, slots=True)
class Bet:
    """A stop that was answered: where, what was given, whether it was right."""

    branch: int
    index: int
    event: str
    given: Given
    is_right: bool


@dataclass(frozen=True, slots=True)
class BetMode:
    """What a session remembers. ``events``: some of ``EVENTS``, none: it is off; ``since``: the step it began after."""

    events: frozenset[str] = frozenset()
    since: int = 0
    seed: int = 0
    bets: tuple[Bet, ...] = ()

    @property
    def is_on(self) -> bool:
        """Does the run stop for bets?"""
        return bool(self.events)

    def switched(self, events: frozenset[str], since: int) -> BetMode:
        """With other events, from step ``since`` on; what was answered stays."""
        known = {event for event in events if event in EVENTS or event.startswith(MADE)}
        return replace(self, events=frozenset(known), since=since)


OFF = BetMode()
"""No run stops for bets but a lesson's own."""


def waiting(mode: BetMode, trace: Trace, lineage: tuple[tuple[int, int | None], ...]) -> Stop | None:
    """The first stop of a run that has not been answered; None if there is none, or the mode is off.

    ``lineage``: the run's branch and those it grew from, each with the last step that it shares with the run (None: it
    is the run's own). An answer counts where its step is shared.
    """
    if not mode.is_on:
        return None
    answered = {(bet.index, bet.event) for bet in mode.bets if _is_shared(bet, lineage)}
    for stop in stops(trace, mode.since, mode.events, mode.seed):
        if (stop.index, stop.event) not in answered:
            return stop
    return None


def _is_shared(bet: Bet, lineage: tuple[tuple[int, int | None], ...]) -> bool:
    return any(branch == bet.branch and (last is None or bet.index <= last) for branch, last in lineage)


def answered(mode: BetMode, stop: Stop, branch: int, given: Given) -> BetMode:
    """The mode after an answer to a stop on this branch."""
    bet = Bet(branch, stop.index, stop.event, given, is_right(stop.question, given))
    return replace(mode, bets=(*mode.bets, bet))


# --- the stops of a run ---


@dataclass(slots=True)
class _Line:
    """The stops of one run, found as far as somebody has asked."""

    found: list[Stop] = field(default_factory=list)
    source: Iterator[Stop] | None = None

    def __iter__(self) -> Iterator[Stop]:
        place = 0
        while True:
            while place < len(self.found):
                yield self.found[place]
                place += 1
            following = next(self.source, None) if self.source is not None else None
            if following is None:
                return
            self.found.append(following)


def stops(trace: Trace, since: int, events: frozenset[str], seed: int) -> Iterator[Stop]:
    """The stops of a run behind step ``since``, in order; computed when they are asked for."""
    return iter(_line(trace, since, events, seed))


@lru_cache(maxsize=16)
def _line(trace: Trace, since: int, events: frozenset[str], seed: int) -> _Line:
    line = _Line()
    line.source = _search(trace, since, events, seed)
    return line


def _search(trace: Trace, since: int, events: frozenset[str], seed: int) -> Iterator[Stop]:
    back = next((event for event in events if event.startswith(MADE)), "")
    if back:
        card, _, number = back.rpartition("#")
        question = of_card(card, int(number))
        yield Stop(question.index, question.at, question.index + 1, back, question)
        return
    last = since - 1
    while True:
        stop = _next(trace, last, since, events, seed)
        if stop is None:
            return
        yield stop
        last = stop.index


def _next(trace: Trace, last: int, since: int, events: frozenset[str], seed: int) -> Stop | None:
    """The earliest stop behind step ``last``; None if there is none before the run ends or within reach."""
    stage = Stage(trace, setting_of(trace), first=max(since, last + 1))
    best: Stop | None = None
    target = max(last + 1, 1)
    while (step := trace.step(target)) is not None and target <= last + REACH:
        # Moments before segments and changes come in the order of these; only a timer is asked about long before.
        open_events = events if best is None else events & {"timer"}
        if not open_events:
            break
        for event in _events_of(step, open_events):
            for question in questions_at(stage, target, (EVENTS[event][0],), seed + target):
                is_earlier = best is None or question.index < best.index
                if question.index > last and is_earlier and _is_about(question, event) and is_proved(question):
                    best = Stop(question.index, question.at, target, event, question)
        target += 1
    return best


def _events_of(step: Step, events: frozenset[str]) -> Iterator[str]:
    for event in EVENTS:
        if event in events and any(isinstance(record, EVENTS[event][1]) for record in step.records):
            yield event


def _is_about(question: Posed, event: str) -> bool:
    """Of times only those of a timer: how long a segment takes is not what was chosen."""
    return event != "timer" or " timer " in question.asks
