"""Questions with a set of right answers: each option is right or wrong by itself, and at least one is either.

The families::

    enters        which of these states does a host pass through from here on?
    numbers       which of these segments use up sequence numbers?
    acknowledged  which of these segments does the ACK that has just come acknowledge?
    leaves        which of these events take a connection out of a state, by the rules of one system?
"""

from __future__ import annotations

from random import Random

from tutor.tcp import seq
from tutor.tcp.states import State
from tutor.tcp.transitions import Edge
from tutor.teach.expected import describe
from tutor.teach.generate_events import Look, carries, cause_of, homes, is_foreign, meaning, when
from tutor.teach.generate_runs import Stage
from tutor.teach.generated import Answer, Draft, Part, plain, said
from tutor.teach.lesson import Text
from tutor.teach.ordinary import ordinary_rows
from tutor.words import mark
from tutor.world.records import Arrived, Flight, Sent, StateChanged

_S = State

MOST = 5
"""How many are on offer."""


def draft_enters(look: Look, host: str, dice: Random) -> Draft | None:
    """Which states does a host enter from the moment to the end of the run?"""
    ahead = look.after(StateChanged, host)
    right = list(dict.fromkeys(each.target for each in ahead))
    if not right or look.stage.trace.is_cut_short or not look.steps[look.index].world.variant.is_tcp:
        return None
    others = [state for state in _S if state not in right]
    dice.shuffle(others)
    likely = (_S.TIME_WAIT, _S.CLOSED, _S.CLOSE_WAIT, _S.FIN_WAIT_2, _S.CLOSING, _S.LAST_ACK, _S.SYN_RECEIVED)
    others.sort(key=lambda state: state not in likely)
    count = min(len(right), dice.randrange(1, 4))
    chosen = dice.sample(right, count)
    answers = [Answer(state.value, *_entered(look, host, state), plain(state.value)) for state in chosen]
    wrong = [
        Answer(state.value, _never(look, host, state, right), look.now, plain(state.value))
        for state in others[: MOST - count]
    ]
    return Draft(
        kind="many",
        family="enters",
        asks=f"enters {host}",
        prompt=said(mark("From here to the end of the run: which of these states does the {host} enter?"), host=host),
        index=look.index,
        right=tuple(answers),
        wrong=tuple(wrong),
        host=host,
    )


def _entered(look: Look, host: str, state: State) -> tuple[Text, int]:
    change = next(each for each in look.after(StateChanged, host) if each.target is state)
    why = mark("The {host} enters {state} at {at}: {event}.")
    return said(why, host=host, state=state.value, at=when(change.at), event=cause_of(change.edge)), change.at


def _never(look: Look, host: str, state: State, right: list[State]) -> Text:
    facts = {"state": state.value, "host": host, "path": " → ".join(each.value for each in (look.state(host), *right))}
    if state is _S.CLOSED:
        return said(mark("This run ends before that. The {host} goes {path}."), host=host, path=facts["path"])
    return said(
        mark("{state} means: {meaning}. The {host} does not come to that: it goes {path}."),
        meaning=meaning(state),
        **facts,
    )


# --- segments ---


def draft_numbers(look: Look, dice: Random) -> Draft | None:
    """Which of the segments sent so far use up sequence numbers?"""
    flights = _apart(look)
    right = [each for each in flights if each.segment.seq_length]
    wrong = [each for each in flights if not each.segment.seq_length]
    if not right or not wrong or len(flights) < 3:
        return None
    right, wrong = _some(right, wrong, dice)
    return Draft(
        kind="many",
        family="numbers",
        asks="takes-number",
        prompt=said(mark("Which of these segments use up at least one sequence number?")),
        index=look.index,
        right=tuple(_segment(each, _counts(each)) for each in right),
        wrong=tuple(_segment(each, _counts(each)) for each in wrong),
    )


def _apart(look: Look) -> list[Flight]:
    """The segments sent up to the moment, no two of which read alike."""
    found: dict[tuple[str, str], Flight] = {}
    for record in look.before(Sent):
        found.setdefault((record.host, describe(record.flight)), record.flight)
    return [each for each in found.values() if not each.is_forged]


def _some(right: list[Flight], wrong: list[Flight], dice: Random) -> tuple[list[Flight], list[Flight]]:
    """At least one of either and three in all, not more than are on offer."""
    count = min(len(right), max(dice.randrange(1, 4), 3 - len(wrong)))
    return dice.sample(right, count), dice.sample(wrong, min(len(wrong), MOST - count))


def _segment(flight: Flight, why: Text) -> Answer:
    text = said(mark("{host}: {segment}"), host=flight.sender, segment=describe(flight))
    return Answer(f"#{flight.id}", why, flight.sent_at, text)


def _counts(flight: Flight) -> Text:
    facts = {"segment": describe(flight), "at": when(flight.sent_at)}
    bit, length = carries(flight), flight.segment.length
    if bit:
        why = mark("{segment}, sent at {at}: a {bit} uses up one number, {number}, so that it can be acknowledged.")
        return said(why, bit=bit, number=flight.rel_seq + length, **facts)
    if length:
        why = mark("{segment}, sent at {at}: its {length} octets are the numbers {first} to {last}.")
        return said(why, length=length, first=flight.rel_seq, last=flight.rel_seq + length - 1, **facts)
    why = mark(
        "{segment}, sent at {at}, has no text, no SYN and no FIN: its sender goes on at the same number, {number}."
    )
    return said(why, number=flight.rel_seq, **facts)


def draft_acknowledged(look: Look, host: str, dice: Random) -> Draft | None:
    """Which of its own segments does the newest ACK that a host has received acknowledge?"""
    heard = [r.flight for r in look.before(Arrived, host) if r.accepted and r.flight.segment.has_ack]
    if not heard or not look.steps[look.index].world.variant.is_tcp:
        return None
    newest = heard[-1]
    ack = newest.segment.ack
    flights = [each for each in _apart(look) if each.sender == host and each.segment.seq_length]
    flights = [each for each in flights if each.connection == newest.connection]
    right = [each for each in flights if _is_covered(each, ack)]
    wrong = [each for each in flights if not _is_covered(each, ack)]
    if not right or not wrong or len(flights) < 3:
        return None
    right, wrong = _some(right, wrong, dice)
    return Draft(
        kind="many",
        family="acknowledged",
        asks=f"acknowledged {host}",
        prompt=said(
            mark("{segment} has come to the {host}. Which of the {host}'s segments does it acknowledge?"),
            segment=describe(newest),
            host=host,
        ),
        index=look.index,
        right=tuple(_segment(each, _covered(each, newest)) for each in right),
        wrong=tuple(_segment(each, _covered(each, newest)) for each in wrong),
        host=host,
    )


def _is_covered(flight: Flight, ack: int) -> bool:
    return seq.distance(flight.segment.seq, ack) >= flight.segment.seq_length


def _covered(flight: Flight, newest: Flight) -> Text:
    last = flight.rel_seq + flight.segment.seq_length - 1
    facts: dict[str, Part] = {"segment": describe(flight), "last": last, "ack": newest.rel_ack or 0}
    if _is_covered(flight, newest.segment.ack):
        return said(
            mark("ack={ack} covers all that comes before it, also {segment}, which ends with number {last}."), **facts
        )
    return said(mark("{segment} ends with number {last}; ack={ack} says only that all before {ack} has come."), **facts)


# --- of the table ---


def draft_leaves(stage: Stage, state: State, dice: Random) -> Draft | None:
    """Which events take any connection out of a state?"""
    profile = stage.trace.computed[0].world.hosts[0].profile
    rules = profile.rule_set
    rows = ordinary_rows(rules)
    inside = {each.cause: each for each in rows if each.source is state and each.target is not state}
    outside = {each.cause: each for each in rows if each.source is not state}
    wrong = [each for each in outside.values() if is_foreign(each, state, rules)]
    if not inside or len(wrong) + len(inside) < 3:
        return None
    count = max(min(len(inside), dice.randrange(1, 4)), 3 - len(wrong))
    chosen = dice.sample(sorted(inside.values(), key=lambda each: each.id), count)
    others = dice.sample(sorted(wrong, key=lambda each: each.id), min(len(wrong), MOST - count))
    return Draft(
        kind="many",
        family="leaves",
        asks=f"leaves {state.value} {rules}",
        prompt=said(
            mark("By the rules of {profile}: which of these events take a connection out of {state}?"),
            profile=profile.title,
            state=state.value,
        ),
        index=0,
        right=tuple(Answer(each.id, _leads(each), 0, cause_of(each.id)) for each in chosen),
        wrong=tuple(Answer(each.id, _is_elsewhere(each, state, rules), 0, cause_of(each.id)) for each in others),
    )


def _leads(row: Edge) -> Text:
    return said(mark("From {source} it leads to {target}."), source=row.source.value, target=row.target.value)


def _is_elsewhere(row: Edge, state: State, rules: str) -> Text:
    why = mark("No edge leaves {state} by that event. It leads elsewhere: {edges}.")
    return said(why, state=state.value, edges=homes(row, rules))
