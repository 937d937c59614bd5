"""Situations: small runs of the engine in which one parameter shows what it does.

Rules
-----
* Two hosts, ``caller`` and ``listener``, of the same TCP, 100 ms apart; nothing of the lesson's own run is in them.
* A run is bounded by its end and by a number of steps, so that a line can be told while a slider moves.
* What is told comes from the records of the run and from nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.words import Words
from tutor.world.acts import Act, parse_act
from tutor.world.beginning import begin
from tutor.world.host import Host
from tutor.world.program import Program, parse_program
from tutor.world.records import CallReturned, Record, Sent, StateChanged
from tutor.world.scenario import HostSpec, LinkSpec, Scenario
from tutor.world.time import MINUTE, SECOND, format_duration
from tutor.world.trace import Trace

MAX_STEPS = 500
"""No situation runs further."""

LONG = 24 * 60 * MINUTE
"""How long a situation lasts in which nothing but timers may happen."""

CALLER, LISTENER = "caller", "listener"

AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from a value: sentences as message ids, each with the values it names."""

    parts: tuple[tuple[str, tuple[tuple[str, str | int], ...]], ...] = ()

    def text(self, words: Words) -> str:
        """The sentences in the language of ``words``."""
        said = [words.t(sentence, **dict(values)) for sentence, values in self.parts]
        return ("" if words.lang == "zh" else " ").join(said)

    def __add__(self, other: Consequence) -> Consequence:
        return Consequence((*self.parts, *other.parts))


def told(sentence: str, **values: str | int) -> Consequence:
    """One sentence, marked for translation where it is written, and its values."""
    return Consequence(((sentence, tuple(values.items())),))


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried: a TCP with the value in it, the links' parameters, and lines that a program begins with."""

    profile: Profile
    key: str
    value: str
    number: float = 0
    link: tuple[tuple[str, str], ...] = ()
    option: str = ""
    """``setsockopt NAME VALUE``, if it is an option that is tried."""


Teller = Callable[[Case], Consequence | None]


def play(
    case: Case,
    caller: str | tuple[str, ...],
    listener: str = "listen 80; accept",
    *acts: str,
    link: tuple[tuple[str, str], ...] = (),
    until: int = LONG,
) -> Trace:
    """The run of two programs (lines parted by ``;``) with acts (``SECONDS ACT``), computed to its end."""
    programs = (caller,) if isinstance(caller, str) else caller
    scenario = Scenario(
        hosts=(
            HostSpec(CALLER, "10.0.0.1", case.profile, programs=tuple(map(_program, programs)), isn=1000),
            HostSpec(LISTENER, "10.0.0.2", case.profile, programs=(_program(listener),), isn=5000),
        ),
        links=(LinkSpec(CALLER, LISTENER, parameters=(*case.link, *link)),),
        acts_at=tuple(map(_timed, acts)),
        until=until,
    )
    trace = Trace(begin(scenario), until, limit=MAX_STEPS)
    trace.extend()
    return trace


def _timed(text: str) -> tuple[int, Act]:
    when, _, what = text.partition(" ")
    return round(float(when) * SECOND), parse_act(what)


def _program(text: str) -> Program:
    return parse_program(text.split(";"))


# --- reading a run ---


def records(trace: Trace, kind: type[AnyRecord], host: str = "") -> Iterator[AnyRecord]:
    """The records of one kind, of ``host`` if one is named."""
    for _, record in trace.records():
        if isinstance(record, kind) and host in ("", record.host):
            yield record


def sent(trace: Trace, host: str, of: Callable[[Segment], bool], since: int = 0) -> list[int]:
    """When ``host`` sends the segments that ``of`` chooses, from ``since`` on."""
    return [each.at for each in records(trace, Sent, host) if each.at >= since and of(each.flight.segment)]


def changed(trace: Trace, host: str, target: State, source: State | None = None) -> int | None:
    """When a connection of ``host`` first enters ``target`` (from ``source``); None if it never does."""
    for each in records(trace, StateChanged, host):
        if each.target is target and source in (None, each.source):
            return each.at
    return None


def returned(trace: Trace, host: str, call: str) -> CallReturned | None:
    """The last return of a call that blocked."""
    return next((each for each in reversed(list(records(trace, CallReturned, host))) if each.call == call), None)


def final(trace: Trace, host: str) -> Host:
    """A host at the end of the run."""
    return trace.steps[-1].world.host(host)


# --- how times are written ---

SHOWN = 7
"""Of a long row of times so many are written."""


def seconds(at: int) -> str:
    """An instant as a number of seconds, without zeros at its end."""
    return f"{at / SECOND:.3f}".rstrip("0").rstrip(".")


def times(found: list[int], since: int = 0) -> str:
    """``0, 1, 2, 4 s``; of many the first, and the last."""
    shown = [seconds(at - since) for at in found]
    if len(shown) > SHOWN + 2:
        shown = [*shown[:SHOWN], "…", shown[-1]]
    return ", ".join(shown) + " s"


def span(microseconds: int) -> str:
    """A span as people write it, to the millisecond."""
    return format_duration(round(microseconds, -3) if microseconds >= SECOND else microseconds)
