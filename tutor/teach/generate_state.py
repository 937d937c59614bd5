"""Questions about the next state: one event, one host; wrong answers are neighbouring edges and common errors.

The errors::

    it stays            the event is taken for one that leads nowhere
    another event       an edge from the same state that something else would cross
    the peer's state    both ends are thought to change at the same instant
    open too soon       LISTEN -> ESTABLISHED: nobody has acknowledged this end's SYN yet
    over too soon       a FIN, or its ACK, is thought to end the connection at once
    the wrong waiter    TIME-WAIT at the end that heard the first FIN
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.tcp.segment import FIN
from tutor.tcp.states import State
from tutor.tcp.transitions import rule_set
from tutor.tcp.variant import ROWS
from tutor.teach.generate_events import Look, cause_of, event, meaning, when
from tutor.teach.generated import Answer, Draft, said
from tutor.teach.lesson import Text
from tutor.teach.ordinary import ordinary_rows
from tutor.words import mark
from tutor.world.records import Sent, StateChanged

_S = State


def draft(look: Look) -> Draft | None:
    """The question which state a host enters at the step; None where it is not one event that leads to one state."""
    changes = look.here(StateChanged)
    if len(changes) != 1 or not look.step.world.variant.is_tcp:
        return None
    change = changes[0]
    host = change.host
    what = event(look.step, host)
    if what is None or any(isinstance(r, StateChanged | Sent) and r.host == host for r in look.between()):
        return None
    wrong = tuple(_wrong(look, change, what))
    if len(wrong) < 2:
        return None
    right = Answer(change.target.value, _right(change, what), change.at)
    return Draft(
        kind="next-state",
        family="state",
        asks=f"next-state {host}",
        connection=change.connection,
        prompt=said(
            mark("Next, at the {host}, which is in {state}: {event}. Which state does it enter?"),
            host=host,
            state=change.source.value,
            event=what,
        ),
        index=look.index,
        right=(right,),
        wrong=wrong,
        host=host,
        edge=change.edge,
    )


def _right(change: StateChanged, what: Text) -> Text:
    return said(
        mark("Yes. At {at} {event}: {source} becomes {target}. That is: {meaning}."),
        at=when(change.at),
        event=what,
        source=change.source.value,
        target=change.target.value,
        meaning=meaning(change.target),
    )


def _wrong(look: Look, change: StateChanged, what: Text) -> Iterator[Answer]:
    """Wrong states, the likeliest error first; each state once."""
    taken = {change.target}
    for state, why, seen in (*_errors(look, change), *_neighbours(look, change, what)):
        if state not in taken:
            taken.add(state)
            yield Answer(state.value, why, seen)


Found = tuple[State, Text, int]


def _errors(look: Look, change: StateChanged) -> Iterator[Found]:
    host, target, peer = change.host, change.target, look.peer(change.host)
    if target is _S.SYN_RECEIVED:
        why = mark(
            "Too early. The SYN of the {host} has not been acknowledged by "
            "anybody before {at}: until then it is {target}."
        )
        yield _S.ESTABLISHED, said(why, host=host, at=when(change.at), target=target.value), change.at
    first = _first_fin(look, peer)
    own = _first_fin(look, host)
    if target in (_S.CLOSE_WAIT, _S.LAST_ACK, _S.CLOSED) and first is not None and (own is None or own > first):
        why = mark("TIME-WAIT is for the end whose FIN goes first. Here the {peer} sent the first FIN, at {at}.")
        yield _S.TIME_WAIT, said(why, peer=peer, at=when(first)), first
    if target in (_S.CLOSE_WAIT, _S.LAST_ACK, _S.FIN_WAIT_1, _S.FIN_WAIT_2, _S.CLOSING, _S.TIME_WAIT):
        why = mark("Not yet. In {target}, from {at} on, the {host} still has something to do: {meaning}.")
        said_so = said(why, host=host, at=when(change.at), target=target.value, meaning=meaning(target))
        yield _S.CLOSED, said_so, change.at
    if target is _S.FIN_WAIT_2:
        why = mark(
            "An ACK of its own FIN is half of the way. TIME-WAIT needs "
            "the FIN of the {peer}, and none has come by {at}."
        )
        yield _S.TIME_WAIT, said(why, peer=peer, at=when(change.at)), change.at
    if peer and look.state(peer) not in (change.source, _S.LISTEN):
        why = mark(
            "{state} is where the {peer} stands at {at}. Two ends are two records: each changes by what reaches it."
        )
        yield look.state(peer), said(why, state=look.state(peer).value, peer=peer, at=when(look.now)), look.now


def _first_fin(look: Look, host: str) -> int | None:
    """When a host first sent a FIN, up to the moment (microseconds)."""
    return next((r.at for r in look.before(Sent, host) if r.flight.segment.flags & FIN), None) if host else None


def _neighbours(look: Look, change: StateChanged, what: Text) -> Iterator[Found]:
    """Where other edges from this state lead, then edges into the state; last, that nothing changes."""
    rules = look.step.world.host(change.host).profile.rule_set
    rows = [row for row in ordinary_rows(rules) if row.cause != ROWS[change.edge].cause]
    for row in rows:
        if row.source is change.source and row.target not in (change.source, change.target):
            why = mark(
                "From {source} to {state} leads another event: {cause}. Here, at {at}, {event}; so it is {target}."
            )
            yield (
                row.target,
                said(
                    why,
                    source=change.source.value,
                    state=row.target.value,
                    cause=cause_of(row.id),
                    at=when(change.at),
                    event=what,
                    target=change.target.value,
                ),
                change.at,
            )
    if change.source is not change.target:
        why = mark("It does not stay in {source}: at {at} {event}, and that leads to {target}.")
        yield (
            change.source,
            said(why, source=change.source.value, at=when(change.at), event=what, target=change.target.value),
            change.at,
        )
    for row in rows:
        if row.source is not change.source and row.target is not change.source:
            why = mark("No edge leads from {source} to {state}. At {at} {event}, and that leads to {target}.")
            if not any(each.source is change.source and each.target is row.target for each in rule_set(rules)):
                yield (
                    row.target,
                    said(
                        why,
                        source=change.source.value,
                        state=row.target.value,
                        at=when(change.at),
                        event=what,
                        target=change.target.value,
                    ),
                    change.at,
                )
