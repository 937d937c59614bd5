"""Questions with one right answer of another kind: the other end's state, a number on the wire, a call, an edge.

The families::

    other     the state of the other end at the instant at which one end changes (error: both change at once)
    absolute  the ACK number on the wire, counted from the first numbers themselves
    result    what a call returns
    edge      which event leads from one state to another, by the rules of one system
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tutor.tcp.states import State
from tutor.tcp.transitions import Edge, rule_set
from tutor.teach.generate_events import (
    Look,
    call_text,
    cause_of,
    connections,
    event,
    homes,
    is_foreign,
    look,
    steps_of,
    when,
)  # fmt: skip
from tutor.teach.generate_runs import Stage
from tutor.teach.generated import Answer, Draft, plain, said
from tutor.teach.lesson import Text
from tutor.teach.ordinary import is_ordinary, ordinary_rows
from tutor.words import mark
from tutor.world.query import find, parse_cue
from tutor.world.records import Arrived, CallReturned, Sent, StateChanged

_S = State


def draft_other(look: Look) -> Draft | None:
    """In which state is the other end when this one changes at the step?"""
    changes = look.here(StateChanged)
    peer = look.peer(changes[0].host) if len(changes) == 1 else ""
    if not peer or not look.step.world.variant.is_tcp or changes[0].source is changes[0].target:
        return None
    change = changes[0]
    cue = f"{change.host} enters {change.target.value}"
    moment = find(look.stage.trace, parse_cue(cue), after_index=look.index, until=look.at)
    if (
        moment is None
        or moment.index != look.target
        or not _is_quiet(look, peer)
        or len(connections(look.step.world)) > 1
    ):
        return None
    state = look.state(peer)
    if state is change.target:
        return None
    wrong = list(_other_states(look, change, peer, state))
    if len(wrong) < 2:
        return None
    why = mark(
        "Yes. At {at} the {host} becomes {target}. What would change "
        "the {peer} has not reached it: it is still {state}."
    )
    right = said(why, at=when(look.at), host=change.host, target=change.target.value, peer=peer, state=state.value)
    return Draft(
        kind="choice",
        family="other",
        asks=f"state {peer} at {cue}",
        prompt=said(
            mark("At the very instant at which the {host} enters {target}: in which state is the {peer}?"),
            host=change.host,
            target=change.target.value,
            peer=peer,
        ),
        index=look.index,
        right=(Answer(state.value, right, look.at, plain(state.value)),),
        wrong=tuple(Answer(each.value, text, look.at, plain(each.value)) for each, text in wrong),
        host=peer,
        cue=cue,
        edge=change.edge,
    )


def _is_quiet(look: Look, host: str) -> bool:
    """Does this host not change from the moment until the instant of the step is over?"""
    later = [step for step in look.steps[look.index + 1 :] if step.at <= look.at]
    return not any(isinstance(r, StateChanged) and r.host == host for step in later for r in step.records)


def _other_states(look: Look, change: StateChanged, peer: str, state: State) -> Iterator[tuple[State, Text]]:
    facts = {"peer": peer, "at": when(look.at), "state": state.value}
    why = mark("The two ends do not change together. At {at} the {peer} is {state}: it has not heard of it yet.")
    yield change.target, said(why, **facts)
    after = next((r for r in look.after(StateChanged, peer) if r.target not in (state, change.target)), None)
    taken = {state, change.target}
    if after is not None:
        taken.add(after.target)
        why = mark("The {peer} becomes {later} at {then}, not before. At {at} it is {state}.")
        yield after.target, said(why, later=after.target.value, then=when(after.at), **facts)
    for each in (
        change.source,
        *(r.target for r in reversed(look.before(StateChanged, peer))),
        _S.ESTABLISHED,
        _S.CLOSED,
    ):
        if each not in taken:
            taken.add(each)
            why = mark("Nothing that happens up to {at} leaves the {peer} in {other}. It is {state}.")
            yield each, said(why, other=each.value, **facts)


def draft_absolute(look: Look) -> Draft | None:
    """Which number stands in the ACK field of the next segment, counted from the first numbers themselves?"""
    sent = look.here(Sent)
    if (
        len(sent) != 1
        or sent[0].flight.is_forged
        or not sent[0].flight.segment.has_ack
        or not look.step.world.variant.is_tcp
    ):
        return None
    flight, host = sent[0].flight, sent[0].host
    what, peer = event(look.step, host), look.peer(host)
    if what is None or not peer or not flight.rel_ack or flight.segment.rst:
        return None
    if any(isinstance(r, Sent) and r.host == host for r in look.between()):
        return None
    first = (flight.segment.ack - flight.rel_ack) % 2**32
    own = (flight.segment.seq - flight.rel_seq) % 2**32
    ack = flight.segment.ack
    heard = next(
        (r.flight for r in reversed([*look.before(Arrived, host), *look.here(Arrived, host)]) if r.accepted), None
    )
    if heard is None:
        return None
    wrong = list(_other_numbers(flight.rel_ack, first, own, heard.segment.length, peer))
    kept = {number % 2**32: text for number, text in reversed(wrong) if number % 2**32 != ack}
    if len(kept) < 2:
        return None
    why = mark("Yes: the first number {first}, and {count} used up since, the SYN among them: {ack}.")
    prompt = mark(
        "The {peer}'s first number is {first}, the {host}'s {own}. Next, at the {host}: "
        "{event}. Which number stands in the ACK field of what it sends?"
    )
    return Draft(
        kind="choice",
        family="absolute",
        asks=f"ack {host}",
        connection=flight.connection,
        prompt=said(prompt, peer=peer, first=first, host=host, own=own, event=what),
        index=look.index,
        right=(Answer(str(ack), said(why, first=first, count=flight.rel_ack, ack=ack), look.at, plain(str(ack))),),
        wrong=tuple(
            Answer(str(number), kept[number], look.at, plain(str(number))) for number in _in_order(wrong, kept)
        ),
        host=host,
    )


def _in_order(wrong: list[tuple[int, Text]], kept: dict[int, Text]) -> list[int]:
    return list(dict.fromkeys(number % 2**32 for number, _ in wrong if number % 2**32 in kept))


def _other_numbers(count: int, first: int, own: int, length: int, peer: str) -> Iterator[tuple[int, Text]]:
    ack = (first + count) % 2**32
    why = mark("An ACK names the next number expected. {number} was the last one received; the next is {ack}.")
    yield first + count - 1, said(why, number=(ack - 1) % 2**32, ack=ack)
    if length and count > length:
        why = mark("The {length} octets were counted twice. From {first} on, {count} numbers are used up: {ack}.")
        yield first + count + length, said(why, length=length, first=first, count=count, ack=ack)
        why = mark("The {length} octets that came count as well: {ack}.")
        yield first + count - length, said(why, length=length, ack=ack)
    why = mark(
        "The ACK counts what came from the {peer}, from {first} on, not "
        "what the host sent itself, from {own} on: {ack}."
    )
    yield own + count, said(why, peer=peer, first=first, own=own, ack=ack)
    why = mark("That is what the ladder shows, counted from 0. On the wire {first} is added: {ack}.")
    yield count, said(why, first=first, ack=ack)
    why = mark("One too many: from {first} on, {count} numbers are used up, so {ack} is the next.")
    yield first + count + 1, said(why, first=first, count=count, ack=ack)


RESULTS = ("0", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "EPIPE")
"""What the calls that are asked about may return."""

_SUCCESS = {
    "connect": mark("{call} returns 0 when the connection is open."),
    "read": mark("{call} returns 0 when the peer has sent FIN and all before it has been read."),
}
"""What 0 means, by call."""

_SIGNS = {
    "ECONNREFUSED": mark("ECONNREFUSED is a RST in answer to the SYN."),
    "ETIMEDOUT": mark("ETIMEDOUT is silence: every repetition stays unanswered."),
    "ECONNRESET": mark("ECONNRESET is a RST on a connection that was open."),
    "EPIPE": mark("EPIPE is for writing after the connection has been reset or the own end closed."),
}


def draft_result(look: Look) -> Draft | None:
    """What does a call return at the step?"""
    returned = look.here(CallReturned)
    if len(returned) != 1 or not look.step.world.variant.is_tcp:
        return None
    record = returned[0]
    shown = record.error or str(record.result)
    what = event(look.step, record.host)
    if record.call not in ("connect", "read") or what is None or shown not in RESULTS:
        return None
    if (record.call, shown) == ("connect", "ECONNRESET"):  # by the letter of the RFC; no socket interface says so
        return None
    if any(isinstance(r, CallReturned) and (r.host, r.call) == (record.host, record.call) for r in look.between()):
        return None
    call, facts = call_text(record), {"at": when(look.at), "host": record.host}
    why = mark("{sign} Here, at {at}, at the {host}: {event}. So it is {right}.")
    wrong = tuple(
        Answer(
            each,
            said(why, sign=_sign(each, record.call, call), event=what, right=shown, **facts),
            look.at,
            plain(each),
        )
        for each in RESULTS
        if each != shown
    )
    return Draft(
        kind="choice",
        family="result",
        asks=f"result {record.host} {record.call}",
        connection=record.connection,
        prompt=said(
            mark("The program of the {host} waits in {call}. Next: {event}. What does the call return?"),
            host=record.host,
            call=call,
            event=what,
        ),
        index=look.index,
        right=(Answer(shown, said(mark("Yes. {sign}"), sign=_sign(shown, record.call, call)), look.at, plain(shown)),),
        wrong=_rotated(wrong, look.at),
        host=record.host,
    )


def _sign(result: str, name: str, call: str) -> Text:
    """What a result means; ``call`` is the call of that ``name`` as it is spelt."""
    return said(_SUCCESS[name], call=call) if result == "0" else said(_SIGNS[result])


def _rotated(wrong: tuple[Answer, ...], by: int) -> tuple[Answer, ...]:
    """Not always the same three of four."""
    return wrong[by % len(wrong) :] + wrong[: by % len(wrong)]


# --- of the table ---


def draft_edge(stage: Stage, dice: Random) -> Draft | None:
    """Which event leads from one state to another? The stage is a run that crosses the edge."""
    rules = next(iter(stage.trace.computed[0].world.hosts)).profile.rule_set
    rows = rule_set(rules)
    row = next((each for each in rows if each.id == stage.edge), None)
    if row is None or row.source is row.target or not is_ordinary(row, rules):
        return None
    steps = steps_of(stage)
    crossed = next((s for s in steps for r in s.records if isinstance(r, StateChanged) and r.edge == row.id), None)
    found = look(stage, steps, crossed.index) if crossed is not None else None
    if found is None:
        return None
    right = {each.cause for each in rows if (each.source, each.target) == (row.source, row.target)}
    wrong = [_another(row, each, rules) for each in _near(row, rules, right, dice)]
    if len(wrong) < 2:
        return None
    profile = steps[0].world.hosts[0].profile.title
    why = mark("Yes: {cause}. In this run it happens at {at}.")
    return Draft(
        kind="choice",
        family="edge",
        asks=f"edge {row.source.value} {row.target.value} {rules}",
        prompt=said(
            mark("By the rules of {profile}: which event takes a connection from {source} to {target}?"),
            profile=profile,
            source=row.source.value,
            target=row.target.value,
        ),
        index=found.index,
        right=(Answer(row.id, said(why, cause=cause_of(row.id), at=when(found.at)), found.at, cause_of(row.id)),),
        wrong=tuple(Answer(each.id, text, found.at, cause_of(each.id)) for each, text in wrong),
        edge=row.id,
    )


def _near(row: Edge, rules: str, right: set[str], dice: Random) -> list[Edge]:
    """Edges whose events are no answer: from the same state first, then into the same state; each event once.

    An event of another state is left out where one of its sort leads anywhere from this state: it could be meant.
    """
    others = [
        each
        for each in ordinary_rows(rules)
        if each.cause not in right and (each.source is row.source or is_foreign(each, row.source, rules))
    ]
    dice.shuffle(others)
    others.sort(key=lambda each: (each.source is not row.source) + (each.target is not row.target))
    return list({each.cause: each for each in reversed(others[:6])}.values())[::-1]


def _another(row: Edge, other: Edge, rules: str) -> tuple[Edge, Text]:
    """Why another edge's event does not lead there."""
    here = (each for each in ordinary_rows(rules) if each.source is row.source)
    same = next((each for each in here if each.cause == other.cause), None)
    if same is not None:
        why = mark("In {source} that event leads to {elsewhere}, not to {target}.")
        return other, said(why, source=row.source.value, elsewhere=same.target.value, target=row.target.value)
    why = mark("From {source} no edge has that event. It leads elsewhere: {edges}.")
    return other, said(why, source=row.source.value, edges=homes(other, rules))
