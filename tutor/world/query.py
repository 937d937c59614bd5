"""Query: moments of a run, found by what happens there and not by the clock.

Rules
-----
* A cue is one line of text; ``find`` gives the first step after ``after_index`` in which it happens.
* Flags match as in acts (``targets``), except that FIN or RST alone means any segment that carries it: a cue
  tells what a reader would say.
* A number at the end counts over the whole run: ``client sends SYN 2`` is the second SYN the client ever sends.

The cues::

    start                          end
    HOST sends FLAGS [N]           HOST receives FLAGS [N]
    HOST loses FLAGS [N]           FLAGS is lost [N]
    HOST enters STATE [N]          HOST leaves STATE [N]
    HOST timer NAME [N]            HOST crashes           HOST reboots
    HOST calls CALL [N]            HOST CALL returns [ERROR] [N]
    HOST reads [N]                 HOST accepts [N]
    HOST refuses [N]               (an act that cannot be done there, as a setting that it does not have)

ERROR is an errno such as ECONNREFUSED, or ``ok``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from tutor.tcp import states
from tutor.tcp.segment import FIN, RST
from tutor.tcp.states import State
from tutor.tcp.tcb import TIMERS
from tutor.world.acts import CALLS, LineError, nearest_of
from tutor.world.records import (
    Acted,
    Arrived,
    Called,
    CallReturned,
    Flight,
    Lost,
    Record,
    Sent,
    StateChanged,
    TimerFired,
)
from tutor.world.targets import Pattern, parse_pattern
from tutor.world.trace import Trace

VERBS = (
    "sends", "receives", "loses", "enters", "leaves", "timer", "calls", "reads", "accepts", "crashes", "reboots",
    "refuses",
)  # fmt: skip
"""What may follow a host's name; ``CALL returns`` besides."""


DONE = "ok"
"""A call that returned without an error."""

ERRORS = (
    DONE, "EADDRINUSE", "EADDRNOTAVAIL", "EAGAIN", "EALREADY", "EBADF", "ECONNABORTED", "ECONNREFUSED", "ECONNRESET",
    "EDESTADDRREQ", "EHOSTDOWN", "EHOSTUNREACH", "EINPROGRESS", "EINVAL", "EISCONN", "EMFILE", "EMSGSIZE",
    "ENETUNREACH",
    "ENONET", "ENOPROTOOPT", "ENOTCONN", "EOPNOTSUPP", "EPIPE", "ETIMEDOUT",
)  # fmt: skip
"""How a call may return."""


class CueError(LineError):
    """A line that is no cue."""


@dataclass(frozen=True, slots=True)
class Cue:
    """An event of a run. ``what`` is the pattern, state, timer or call that the verb asks for."""

    verb: str
    host: str = ""
    what: str = ""
    nth: int | None = None

    def __str__(self) -> str:
        if self.verb == "is lost":
            words = [self.what, "is lost"]
        elif self.verb == "returns":
            call, *error = self.what.split()
            words = [self.host, call, "returns", *error]
        else:
            words = [self.host, self.verb, self.what]
        return " ".join((*filter(None, words), *([str(self.nth)] if self.nth is not None else [])))


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a cue fires: step, time (microseconds) and the record that fired it (None for start and end)."""

    index: int
    at: int
    record: Record | None = None


# --- reading a cue ---


@lru_cache(maxsize=1024)
def _parse(text: str) -> Cue:
    words = text.split()
    nth: int | None = None
    if len(words) > 1 and words[-1].isdigit():
        nth = int(words.pop())
    if not words:
        raise CueError(text, 1, "", ("start", "end", "HOST and a verb"))
    if words in (["start"], ["end"]):
        return Cue(words[0])
    if words[1:] == ["is", "lost"]:
        return Cue("is lost", "", _pattern(text, words[0]), nth)
    if len(words) == 1:
        raise CueError(text, 1, words[0], ("start", "end", "HOST and a verb"), nearest_of(words[0], ("start", "end")))
    host, verb = words[:2]
    if words[2:3] == ["returns"] and len(words) in (3, 4):
        call = _one_of(text, verb, CALLS)
        return Cue("returns", host, " ".join((call, *(_one_of(text, word, ERRORS) for word in words[3:]))), nth)
    if verb not in VERBS:
        raise CueError(text, text.index(verb, len(host)) + 1, verb, VERBS, nearest_of(verb, VERBS))
    return Cue(verb, host, _what(text, verb, words[2:]), nth)


def _what(text: str, verb: str, rest: list[str]) -> str:
    """The word that the verb asks for, in its canonical form."""
    if verb in ("reads", "accepts", "crashes", "reboots", "refuses"):
        if rest:
            raise CueError(text, text.rindex(rest[0]) + 1, rest[0], ("the end of the line",))
        return ""
    if not rest:
        raise CueError(text, len(text) + 1, "the end of the line", (_WANTED[verb],))
    word = rest[0]
    if rest[1:] and not (verb == "timer" and rest[1:] == ["expires"]):
        raise CueError(text, text.rindex(rest[1]) + 1, rest[1], ("a number", "the end of the line"))
    if verb in ("enters", "leaves"):
        return _state(text, word)
    if verb == "timer":
        return _one_of(text, word, TIMERS)
    return _one_of(text, word, CALLS) if verb == "calls" else _pattern(text, word)


_WANTED = {
    "sends": "flags", "receives": "flags", "loses": "flags", "enters": "a state", "leaves": "a state",
    "timer": "a timer", "calls": "a call",
}  # fmt: skip


def _one_of(text: str, word: str, allowed: Collection[str]) -> str:
    if word not in allowed:
        raise CueError(text, text.index(word) + 1, word, allowed, nearest_of(word, allowed))
    return word


def _state(text: str, word: str) -> str:
    try:
        return states.parse(word).value
    except ValueError:
        names = tuple(state.value for state in State)
        raise CueError(text, text.rindex(word) + 1, word, names, nearest_of(word.upper(), names)) from None


def _pattern(text: str, word: str) -> str:
    try:
        return str(parse_pattern(word))
    except ValueError as error:
        allowed = str(error).partition("allowed: ")[2].split(", ")
        raise CueError(
            text, text.rindex(word) + 1, word, (*allowed, "data", "any"), nearest_of(word, allowed)
        ) from None


def parse_cue(text: str, hosts: Collection[str] | None = None) -> Cue:
    """The cue that ``text`` describes. Raises ``CueError``; with ``hosts`` the host's name is checked too."""
    cue = _parse(text)
    if hosts is not None and cue.host and cue.host not in hosts:
        raise CueError(text, text.index(cue.host) + 1, cue.host, tuple(hosts), nearest_of(cue.host, hosts))
    return cue


# --- finding it ---


def find(trace: Trace, cue: Cue, after_index: int = -1, until: int | None = None) -> Moment | None:
    """The first moment of ``cue`` in a step after ``after_index``, not after ``until`` (microseconds); None if none."""
    if cue.verb == "start":
        return Moment(0, 0) if after_index < 0 else None
    if cue.verb == "end":
        is_later = until is not None and trace.next_instant(until) is not None
        return None if is_later else Moment(trace.steps[-1].index, trace.end)
    index, count = (0 if cue.nth is not None else max(after_index + 1, 0)), 0
    while (step := trace.step(index)) is not None and (until is None or step.at <= until):
        for record in step.records:
            if fires(cue, record):
                count += 1
                if cue.nth is not None and count == cue.nth:
                    return Moment(index, step.at, record) if index > after_index else None
                if cue.nth is None:
                    return Moment(index, step.at, record)
        index += 1
    return None


def fires(cue: Cue, record: Record) -> bool:
    """Is ``record`` what ``cue`` waits for?"""
    return (not cue.host or record.host == cue.host) and _TESTS[cue.verb](cue, record)


@lru_cache(maxsize=256)
def _pattern_of(what: str) -> Pattern:
    return parse_pattern(what)


def _looks_like(what: str, flight: Flight) -> bool:
    pattern = _pattern_of(what)
    if pattern.flags in (FIN, RST):
        return bool(flight.segment.flags & pattern.flags)
    return pattern.matches(flight.segment)


def _is_sent(cue: Cue, record: Record) -> bool:
    return isinstance(record, Sent) and _looks_like(cue.what, record.flight)


def _is_received(cue: Cue, record: Record) -> bool:
    return isinstance(record, Arrived) and record.accepted and _looks_like(cue.what, record.flight)


def _is_lost(cue: Cue, record: Record) -> bool:
    return isinstance(record, Lost) and _looks_like(cue.what, record.flight)


def _is_entered(cue: Cue, record: Record) -> bool:
    return isinstance(record, StateChanged) and record.target.value == cue.what


def _is_left(cue: Cue, record: Record) -> bool:
    return isinstance(record, StateChanged) and record.source.value == cue.what and record.target is not record.source


def _has_fired(cue: Cue, record: Record) -> bool:
    return isinstance(record, TimerFired) and record.timer == cue.what


def _is_called(cue: Cue, record: Record) -> bool:
    return isinstance(record, Called) and record.call == cue.what


def _has_returned(cue: Cue, record: Record) -> bool:
    is_done = isinstance(record, CallReturned) or (isinstance(record, Called) and record.completed_at is not None)
    call, *error = cue.what.split()
    if not isinstance(record, CallReturned | Called) or not is_done or record.call != call:
        return False
    return not error or record.error == (None if error[0] == DONE else error[0])


def _has_done(call: str) -> Callable[[Cue, Record], bool]:
    def test(_cue: Cue, record: Record) -> bool:
        return _has_returned(Cue("returns", "", call), record) and getattr(record, "error", None) is None

    return test


def _has_acted(act: str) -> Callable[[Cue, Record], bool]:
    def test(_cue: Cue, record: Record) -> bool:
        return isinstance(record, Acted) and record.text.startswith(act) and not record.refused

    return test


def _has_refused(_cue: Cue, record: Record) -> bool:
    return isinstance(record, Acted) and record.why_not is not None


_TESTS: dict[str, Callable[[Cue, Record], bool]] = {
    "sends": _is_sent,
    "receives": _is_received,
    "loses": _is_lost,
    "is lost": _is_lost,
    "enters": _is_entered,
    "leaves": _is_left,
    "timer": _has_fired,
    "calls": _is_called,
    "returns": _has_returned,
    "reads": _has_done("read"),
    "accepts": _has_done("accept"),
    "crashes": _has_acted("crash "),
    "reboots": _has_acted("reboot "),
    "refuses": _has_refused,
}
