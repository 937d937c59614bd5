"""Proving: is there exactly one right answer, and does everything that is said of the wrong ones hold? Judged anew.

Rules
-----
* The prover trusts no generator: it makes the run again from its scenario, reads ``asks`` and each option's ``value``,
  and judges every option by what it means. Two spellings of one segment, two lines of one table in another order, two
  times within each other's tolerance are the same answer, and so a fault.
* Of a choice one option is right; of many at least one is and one is not; of an order all lie at instants of their own;
  of a time the right one alone lies in the interval.
* Every wrong answer says why, in every language, with no number that the run does not have; no two options read alike.

Theory
------
The judges read records and tables of the fresh run and share nothing with the drafts but the engine itself. So a
draft that errs, or a run that no longer does what it did, is found by ``faults``. What an edge of the table claims is
proved by playing the search's recipe for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import combinations

from tutor.explore.recipes import two_closed_hosts
from tutor.profiles import load_profile
from tutor.tcp import segment as segments, states
from tutor.tcp.transitions import EDGES, rule_set
from tutor.teach import there
from tutor.teach.generate_runs import UNTIL, run_of
from tutor.teach.generated import Posed, interval, tolerance
from tutor.teach.lesson import Text
from tutor.teach.ordinary import is_ordinary, untold
from tutor.teach.proving_numbers import strangers
from tutor.words import LANGUAGES
from tutor.world.query import find, parse_cue
from tutor.world.records import Arrived, CallReturned, Flight, Record, Sent, StateChanged
from tutor.world.ss import rows
from tutor.world.time import parse_duration
from tutor.world.trace import Trace


class Unprovable(ValueError):
    """The run does not answer the question at all, or in more than one way."""


def right_options(question: Posed) -> tuple[int, ...]:
    """The options that a run made anew makes right; of an order, in their order. May raise ``Unprovable``."""
    trace = run_of(question.scenario) if question.scenario is not None else question.trace
    step = trace.step(question.index)
    after = trace.step(question.index + 1)
    if step is None or step.at != question.at or (after is not None and after.at == step.at):
        raise Unprovable("the moment is not the last step of its instant")
    what, *rest = question.asks.split()
    return JUDGES[what](question, trace, rest)


def faults(question: Posed) -> list[str]:
    """Everything that is wrong with a question, as lines; empty if it can be asked."""
    try:
        found = right_options(question)
    except Unprovable as fault:
        return [f"{question.id}: {fault}"]
    lines = [] if found == question.right else [f"right are {found}, not {question.right}"]
    count, kind = len(question.ask.options), question.kind
    if kind == "many" and not 0 < len(found) < count:
        lines.append(f"of many, {len(found)} of {count} are right")
    elif kind == "order" and sorted(found) != list(range(count)):
        lines.append("the order leaves something out")
    elif kind not in ("many", "order") and len(found) != 1:
        lines.append(f"{len(found)} options are right")
    if count < 3:
        lines.append(f"only {count} options")
    return [f"{question.id}: {line}" for line in (*lines, *_as_said(question))]


def is_proved(question: Posed) -> bool:
    """Does the run make exactly the options right that are said to be? The sentences are not looked at."""
    try:
        found = right_options(question)
    except Unprovable:
        return False
    count = len(question.ask.options)
    enough = (
        0 < len(found) < count if question.kind == "many" else len(found) == (count if question.kind == "order" else 1)
    )
    return found == question.right and enough and count > 2


# --- what is said ---

_HAN = re.compile("[\u4e00-\u9fff]")


def _as_said(question: Posed) -> Iterator[str]:
    """What is wrong with the sentences."""
    for lang in LANGUAGES:
        labels = [" ".join(question.label(i, lang).split()) for i in range(len(question.ask.options))]
        for a, b in combinations(range(len(labels)), 2):
            if labels[a] == labels[b]:
                yield f"options {a} and {b} read alike in {lang}: {labels[a]}"
    texts: list[tuple[str, Text | None]] = [("prompt", question.ask.prompt), ("setting", question.setting)]
    texts += [(f"feedback {i}", option.feedback) for i, option in enumerate(question.ask.options)]
    for name, text in texts:
        if text is None or not text.en.strip():
            yield f"{name} is empty"
        elif set(text.languages) != set(LANGUAGES) or (text.en and not _HAN.search(text["zh"])):
            yield f"{name} is not translated: {text['zh']}"
        elif re.search(r"\{\w+\}", text.en + text["zh"]):
            yield f"{name} has a placeholder left: {text.en}"
    for i, option in enumerate(question.ask.options):
        for number in strangers(question, option.feedback):
            yield f"feedback {i} says {number}, which the run does not: {option.feedback.en if option.feedback else ''}"
    for i, at in enumerate(question.seen):
        if at < 0 or at > question.trace.until:
            yield f"option {i} can be seen at no moment of the run"


# --- the judges ---

Judge = Callable[[Posed, Trace, list[str]], tuple[int, ...]]


def _after(question: Posed, trace: Trace) -> Iterator[tuple[int, Record]]:
    return trace.records(question.index + 1)


def _fitting(question: Posed, fits: Callable[[str], bool]) -> tuple[int, ...]:
    return tuple(i for i, option in enumerate(question.ask.options) if fits(option.value))


def _next_state(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    found = next(
        ((i, r) for i, r in _after(question, trace) if isinstance(r, StateChanged) and r.host == rest[0]), None
    )
    if found is None:
        raise Unprovable(f"{rest[0]} enters no state")
    index, change = found
    together = [r for r in trace.computed[index].records if isinstance(r, StateChanged) and r.host == rest[0]]
    if len(together) > 1:
        raise Unprovable("two states are entered within one event")
    return _fitting(question, lambda value: states.parse(value) is change.target)


def _sent_next(question: Posed, trace: Trace, host: str) -> Flight:
    found = next(((i, r) for i, r in _after(question, trace) if isinstance(r, Sent) and r.host == host), None)
    if found is None:
        raise Unprovable(f"{host} sends nothing")
    if sum(1 for r in trace.computed[found[0]].records if isinstance(r, Sent) and r.host == host) > 1:
        raise Unprovable("two segments are sent within one event")
    assert isinstance(found[1], Sent)
    return found[1].flight


def meaning_of(text: str) -> tuple[int, int, int | None, int]:
    """What a segment says, however it is spelled: flags without PSH, seq, ack (None without ACK), len."""
    flags_word, *words = text.split()
    numbers = {name: int(value) for name, _, value in (word.partition("=") for word in words)}
    flags = segments.parse_flags(flags_word) & ~segments.PSH
    ack = numbers.get("ack", 0) if flags & segments.ACK else None
    return flags, numbers["seq"], ack, numbers.get("len", 0)


def _next_segment(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    flight = _sent_next(question, trace, rest[0])
    segment = flight.segment
    octets = len(segment.payload) if segment.payload is not None else 0
    ack = flight.rel_ack if segment.flags & segments.ACK else None
    said = (segment.flags & ~segments.PSH, flight.rel_seq, ack, octets)
    return _fitting(question, lambda value: meaning_of(value) == said)


def _time(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    moment = find(trace, parse_cue(" ".join(rest)), after_index=question.index)
    if moment is None:
        raise Unprovable("what is waited for does not happen")
    span = moment.at - question.at
    low, high = span - tolerance(span), span + tolerance(span)
    for i, option in enumerate(question.ask.options):
        given = parse_duration(option.value)
        reach = tolerance(given)
        if i not in question.right and given + reach >= low and given - reach <= high:
            raise Unprovable(f"{option.value} cannot be told from {span}us")
    if interval(question) != (low, high):
        raise Unprovable(f"the interval {interval(question)} is not that of {span}us")
    return _fitting(question, lambda value: low <= parse_duration(value) <= high)


def _order(question: Posed, trace: Trace, _rest: list[str]) -> tuple[int, ...]:
    moments = [find(trace, parse_cue(option.value), after_index=question.index) for option in question.ask.options]
    times = [moment.at if moment is not None else -1 for moment in moments]
    if -1 in times or len(set(times)) < len(times):
        raise Unprovable(f"there is not exactly one order: {times}")
    return tuple(sorted(range(len(times)), key=times.__getitem__))


def _table(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    world = trace.computed[question.index].world
    printed = rows(world.host(rest[0]), question.at)
    now = sorted(
        (row.state, row.recv_q, row.send_q, f"{row.local}:{row.local_port}", f"{row.peer}:{row.peer_port}")
        for row in printed
    )
    return _fitting(question, lambda value: sorted(tuple(line.split()) for line in value.split("\n")[1:]) == now)


def _state_at(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    host, _, *cue = rest
    moment = find(trace, parse_cue(" ".join(cue)), after_index=question.index)
    if moment is None:
        raise Unprovable("the instant never comes")
    changes = [r for _, r in trace.records() if isinstance(r, StateChanged) and r.host == host and r.at <= moment.at]
    if any(r.at == moment.at for r in changes):
        raise Unprovable(f"{host} changes at that very instant")
    state = changes[-1].target if changes else states.State.CLOSED
    return _fitting(question, lambda value: states.parse(value) is state)


def _ack(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    segment = _sent_next(question, trace, rest[0]).segment
    if not segment.flags & segments.ACK:
        raise Unprovable("the segment has no ACK")
    return _fitting(question, lambda value: int(value) == segment.ack)


def _result(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    host, call = rest
    for _, record in _after(question, trace):
        if isinstance(record, CallReturned) and (record.host, record.call) == (host, call):
            return _fitting(question, (record.error or str(record.result)).__eq__)
    raise Unprovable(f"{call} never returns")


def _enters(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    entered = {r.target for _, r in _after(question, trace) if isinstance(r, StateChanged) and r.host == rest[0]}
    if trace.is_cut_short:
        raise Unprovable("the run has no end")
    return _fitting(question, lambda value: states.parse(value) in entered)


def _flights(question: Posed, trace: Trace) -> dict[str, Flight]:
    return {f"#{r.flight.id}": r.flight for _, r in trace.records(0, question.index + 1) if isinstance(r, Sent)}


def _numbers_used(flight: Flight) -> int:
    text = len(flight.segment.payload) if flight.segment.payload is not None else 0
    return text + bool(flight.segment.flags & segments.SYN) + bool(flight.segment.flags & segments.FIN)


def _takes_number(question: Posed, trace: Trace, _rest: list[str]) -> tuple[int, ...]:
    known = _flights(question, trace)
    return _fitting(question, lambda value: _numbers_used(known[value]) > 0)


def _acknowledged(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    arrived = [
        r.flight for _, r in trace.records(0, question.index + 1)
        if isinstance(r, Arrived) and r.accepted and r.host == rest[0] and r.flight.segment.flags & segments.ACK
    ]  # fmt: skip
    if not arrived:
        raise Unprovable("no ACK has come")
    known, ack = _flights(question, trace), arrived[-1].segment.ack

    def covers(flight: Flight) -> bool:
        end = flight.segment.seq + _numbers_used(flight)
        return flight.sender == rest[0] and (ack - end) % 2**32 < 2**31

    return _fitting(question, lambda value: covers(known[value]))


# --- of the table of edges ---


def _edge(question: Posed, trace: Trace, rest: list[str]) -> tuple[int, ...]:
    source, target = states.parse(rest[0]), states.parse(rest[1])
    events = {row.cause for row in rule_set(rest[2]) if (row.source, row.target) == (source, target)}
    found = _fitting(question, lambda value: EDGES[value].cause in events)
    crossed = [
        r for _, r in trace.records() if isinstance(r, StateChanged) and (r.source, r.target) == (source, target)
    ]
    if not any(r.edge == question.ask.options[i].value for r in crossed for i in found):
        raise Unprovable("the run does not cross the edge")
    _hold_rows(question, rest[2])
    _no_second_reading(question, found, source, rest[2])
    return found


def _leaves(question: Posed, _trace: Trace, rest: list[str]) -> tuple[int, ...]:
    state = states.parse(rest[0])
    rows_here = [row for row in rule_set(rest[1]) if row.source is state]
    events = {row.cause for row in rows_here if row.target is not state}
    found = _fitting(question, lambda value: EDGES[value].cause in events)
    _hold_rows(question, rest[1])
    _no_second_reading(question, found, state, rest[1])
    return found


def _hold_rows(question: Posed, rules: str) -> None:
    """Every row that an option stands for holds for any connection; the engine crosses it from source to target."""
    for option in question.ask.options:
        row = EDGES[option.value]
        if not is_ordinary(row, rules):
            raise Unprovable(f"{row.id} holds under {rules} on a condition that its label does not name")
        if _played(row.id, rules) != (row.source, row.target):
            raise Unprovable(f"the engine does not cross {row.id} under {rules}")


def _no_second_reading(question: Posed, right: tuple[int, ...], state: states.State, rules: str) -> None:
    """A wrong event that is no row of this state may not be of a sort that could lead somewhere from it all the same.

    What acknowledges may do so in any segment; text may come to anybody; a call may take the place of a TIME-WAIT.
    """
    here = {row.cause for row in rule_set(rules) if row.source is state}
    sorts = {sort(cause) for cause in here} | untold(state, rules)
    doubtful = sorts | {"data"} | (BRINGS_ACK if "ACK" in sorts else set())
    for i, option in enumerate(question.ask.options):
        cause = EDGES[option.value].cause
        is_call = cause.endswith("OPEN") and state is states.State.TIME_WAIT
        if i not in right and cause not in here and (is_call or sort(cause) in doubtful):
            raise Unprovable(f"{cause} may be read as one of {sorted(here)}")


BRINGS_ACK = {"FIN", "SYN,ACK", "ACK"}
"""Sorts of segments of an open connection: each has an ACK."""


def sort(cause: str) -> str:
    """Of which sort an event is: a segment by what it carries, a timeout, an error, or the call itself."""
    words = ("SYN,ACK", "FIN", "RST", "ACK", "SYN", "timeout", "ICMP", "data")
    if cause.startswith("recv ACK"):
        return "ACK"
    if cause.startswith("recv RST"):
        return "RST"
    return next((word for word in words if word in cause), cause)


@lru_cache(maxsize=1024)
def _played(edge: str, rules: str) -> tuple[states.State, states.State] | None:
    """From where to where the search's recipe for an edge leads when the engine plays it; None if it does not."""
    known = there.known(edge, rules)
    if known is None:
        return None
    trace = run_of(two_closed_hosts(load_profile(rules), *known.acts, until=UNTIL))
    for _, record in trace.records():
        if isinstance(record, StateChanged) and record.edge == edge:
            return record.source, record.target
    return None


JUDGES: dict[str, Judge] = {
    "next-state": _next_state,
    "next-segment": _next_segment,
    "time": _time,
    "order": _order,
    "table": _table,
    "state": _state_at,
    "ack": _ack,
    "result": _result,
    "edge": _edge,
    "enters": _enters,
    "takes-number": _takes_number,
    "acknowledged": _acknowledged,
    "leaves": _leaves,
}
"""First word of ``asks`` -> who judges the options."""
