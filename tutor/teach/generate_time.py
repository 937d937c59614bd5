"""Questions about time: how long from now until a segment has had its effect, or a timer runs out.

The families::

    way     one segment that is just being sent, until it has changed its receiver: one way
    round   one segment that is just being sent, until the answer has changed its sender: there and back
    timer   a timer that runs, until it runs out

The errors: one way taken for there and back, and the other way round; both ends changing at once; a timer that always,
or never, doubles; the first RTO taken for the present one; MSL for 2 MSL; another system's TIME-WAIT.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tutor.teach.expected import describe
from tutor.teach.generate_events import Look, at_moment, timer_name, when
from tutor.teach.generate_runs import Stage
from tutor.teach.generated import Answer, Draft, plain, said, span, tolerance
from tutor.teach.lesson import Text
from tutor.words import mark
from tutor.world.query import find, parse_cue
from tutor.world.records import Arrived, Flight, Sent, StateChanged, TimerFired, TimerStarted
from tutor.world.time import MINUTE, SECOND
from tutor.world.world import Step

TIMERS = ("retransmission", "time-wait", "fin-wait-2", "keepalive", "persist")
"""Timers that are asked about; the others run out within a few milliseconds or hardly ever."""

Found = tuple[int, Text]


def draft_way(stage: Stage, steps: tuple[Step, ...], target: int) -> Draft | None:
    """How long until the state changes that the step changes, asked when the segment that does it is sent."""
    changes = [r for r in steps[target].records if isinstance(r, StateChanged)]
    heard = [r for r in steps[target].records if isinstance(r, Arrived) and r.accepted]
    if len(changes) != 1 or len(heard) != 1 or changes[0].source is changes[0].target:
        return None
    flight = heard[0].flight
    look = _look(stage, steps, flight.sent_at, target)
    change = changes[0]
    if look is None or flight.is_forged or flight.sent_at < 0:
        return None
    way, total = change.at - flight.sent_at, change.at - look.now
    why = mark("Yes. {segment} left the {host} at {sent} and arrives at {at}: one way.")
    facts = {"segment": describe(flight), "host": flight.sender, "sent": when(flight.sent_at), "at": when(change.at)}
    wrong: list[Found] = [
        (
            2 * total,
            said(
                mark(
                    "That would be there and back. {segment} has to go one way "
                    "only: it left at {sent} and arrives at {at}."
                ),
                **_without(facts, "host"),
            ),
        ),
        (
            0,
            said(
                mark("What one end does the other cannot know at once. {segment} is on its way until {at}."),
                segment=facts["segment"],
                at=facts["at"],
            ),
        ),
        (
            3 * total,
            said(
                mark("Three ways is a whole handshake. Here one segment has to arrive, {segment}, and does at {at}."),
                segment=facts["segment"],
                at=facts["at"],
            ),
        ),
        (
            total // 2,
            said(mark("{segment} cannot come sooner: one way takes {way}."), segment=facts["segment"], way=when(way)),
        ),
    ]
    prompt = said(
        mark("{segment} has just left the {host}. How long until the {peer} is in {state}?"),
        segment=describe(flight),
        host=flight.sender,
        peer=change.host,
        state=change.target.value,
    )
    cue = f"{change.host} enters {change.target.value}"
    return _draft(look, "way", cue, total, prompt, said(why, **facts), wrong, change.edge)


def _without(facts: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in facts.items() if key != name}


def draft_round(stage: Stage, steps: tuple[Step, ...], target: int) -> Draft | None:
    """How long until the answer to a segment has changed the state of who sent it, asked when it is sent."""
    changes = [r for r in steps[target].records if isinstance(r, StateChanged)]
    heard = [r for r in steps[target].records if isinstance(r, Arrived) and r.accepted]
    if len(changes) != 1 or len(heard) != 1 or changes[0].source is changes[0].target:
        return None
    back, change = heard[0].flight, changes[0]
    asked = _asked(steps, back.id)
    if asked is None or asked.sender != change.host or asked.is_forged or back.is_forged:
        return None
    look = _look(stage, steps, asked.sent_at, target)
    if look is None:
        return None
    total = change.at - look.now
    facts = {"first": describe(asked), "answer": describe(back), "at": when(change.at), "turn": when(back.sent_at)}
    why = mark("Yes. {first} arrives at {turn}, the answer {answer} at {at}: there and back.")
    wrong = _other_rounds(change.host, facts, total)
    prompt = said(
        mark("The {host} has just sent {segment}. How long until it is itself in {state}?"),
        host=change.host,
        segment=describe(asked),
        state=change.target.value,
    )
    cue = f"{change.host} enters {change.target.value}"
    return _draft(look, "round", cue, total, prompt, said(why, **facts), wrong, change.edge)


def _other_rounds(host: str, facts: dict[str, str], total: int) -> list[Found]:
    """What a round trip is often taken for."""
    return [
        (
            total // 2,
            said(
                mark(
                    "One way is not enough: the {host} learns of it by the "
                    "answer, which leaves at {turn} and arrives at {at}."
                ),
                host=host,
                turn=facts["turn"],
                at=facts["at"],
            ),
        ),
        (
            0,
            said(
                mark("The {host} cannot know at once. It waits for {answer}, which arrives at {at}."),
                host=host,
                answer=facts["answer"],
                at=facts["at"],
            ),
        ),
        (
            total * 3 // 2,
            said(
                mark(
                    "Three ways would be one too many: {first} goes, {answer} "
                    "comes back at {at}. Nothing else is waited for."
                ),
                first=facts["first"],
                answer=facts["answer"],
                at=facts["at"],
            ),
        ),
        (
            2 * total,
            said(
                mark("That would be two round trips. {answer} comes back at {at}, after the first."),
                answer=facts["answer"],
                at=facts["at"],
            ),
        ),
    ]


def _asked(steps: tuple[Step, ...], answer: int) -> Flight | None:
    """The segment whose arrival made somebody send flight ``answer`` at once; None if something else did."""
    for step in steps:
        if any(isinstance(r, Sent) and r.flight.id == answer for r in step.records):
            return next((r.flight for r in step.records if isinstance(r, Arrived) and r.accepted), None)
    return None


def draft_timer(stage: Stage, steps: tuple[Step, ...], target: int) -> Draft | None:
    """How long until a timer runs out, asked when it was started (or set anew for the last time)."""
    fired = [r for r in steps[target].records if isinstance(r, TimerFired)]
    if len(fired) != 1 or fired[0].timer not in TIMERS:
        return None
    record = fired[0]
    starts = [
        (step.index, r)
        for step in steps[:target]
        for r in step.records
        if isinstance(r, TimerStarted)
        and (r.host, r.timer, r.connection) == (record.host, record.timer, record.connection)
    ]
    if not starts:
        return None
    look = _look(stage, steps, starts[-1][1].at, target)
    if look is None:
        return None
    total = record.at - look.now
    timer = timer_name(record.timer)
    why = mark("Yes. The {timer} of the {host}, set at {start}, runs out at {at}.")
    right = said(why, timer=timer, host=record.host, start=when(starts[-1][1].at), at=when(record.at))
    wrong = list(_other_spans(look, record, [r for _, r in starts], total))
    prompt = said(
        mark("The {timer} of the {host} runs, and nothing will stop it or set it anew. How long until it runs out?"),
        host=record.host,
        timer=timer,
    )
    return _draft(look, "timer", f"{record.host} timer {record.timer}", total, prompt, right, wrong, "")


def _other_spans(look: Look, fired: TimerFired, starts: list[TimerStarted], total: int) -> Iterator[Found]:
    profile = look.step.world.host(fired.host).profile
    timer, facts = timer_name(fired.timer), {"host": fired.host, "at": when(fired.at)}
    if fired.timer == "time-wait":
        yield from _other_waits(look, facts["at"], total)
        return
    spans = [each.deadline - each.at for each in starts]
    yield from _other_doublings(look, fired, starts, total)
    rto = profile.initial_rto_us
    if fired.timer == "retransmission":
        why = mark(
            "{rto} is the timer before any round trip was measured or any repetition made. Now it is set until {at}."
        )
        yield rto, said(why, rto=when(rto), at=facts["at"])
        why = mark("A round trip is when the answer would be back. The {timer} waits longer, until {at}.")
        yield 2 * look.step.world.links[0].forward.delay, said(why, timer=timer, at=facts["at"])
    why = mark("The {timer} of the {host} was set for {span}; it runs out at {at}, neither sooner nor later.")
    for factor in (4, 3):
        yield total * factor, said(why, timer=timer, span=when(spans[-1]), **facts)
    yield total // 3, said(why, timer=timer, span=when(spans[-1]), **facts)


def _other_doublings(look: Look, fired: TimerFired, starts: list[TimerStarted], total: int) -> Iterator[Found]:
    """What the timer would be if it always, or never, doubled."""
    timer, at, spans = timer_name(fired.timer), when(fired.at), [each.deadline - each.at for each in starts]
    repeats = {r.at for r in look.before(TimerFired, fired.host) if r.timer == fired.timer}
    if starts[-1].at not in repeats or len(spans) < 2:
        why = mark(
            "Doubling comes with a repetition, and it was set without one: the {timer} runs for {span}, until {at}."
        )
        yield 2 * total, said(why, timer=timer, span=when(spans[-1]), at=at)
    elif spans[-1] == spans[-2]:
        why = mark(
            "Not every repetition doubles the timer: by these rules this one was set to {span} again, until {at}."
        )
        yield 2 * total, said(why, span=when(spans[-1]), at=at)
    else:
        why = mark("The timer does not stay at {old}: after a repetition it was set to {span}, until {at}.")
        yield spans[-2], said(why, old=when(spans[-2]), span=when(spans[-1]), at=at)


def _other_waits(look: Look, at: str, total: int) -> Iterator[Found]:
    """What TIME-WAIT is often thought to last."""
    why = mark("One MSL lets only one direction run dry. TIME-WAIT lasts two, here until {at}.")
    yield total // 2, said(why, at=at)
    why = mark("60 s is how long Linux waits. These are other rules: here it is until {at}.")
    yield 60 * SECOND, said(why, at=at)
    why = mark("Four minutes is twice the MSL of the RFC. By the rules here it is until {at}.")
    yield 4 * MINUTE, said(why, at=at)
    why = mark(
        "TIME-WAIT is not over when the last ACK has arrived: it waits for what may still be under way, until {at}."
    )
    yield 2 * look.step.world.links[0].forward.delay, said(why, at=at)
    yield 2 * total, said(mark("Nothing restarts the timer here, so it runs once, until {at}."), at=at)


def _look(stage: Stage, steps: tuple[Step, ...], at: int, target: int) -> Look | None:
    """The look from the instant ``at`` at a later step."""
    first = next((step.index for step in steps if step.at == at), None)
    found = at_moment(stage, steps, first) if first is not None else None
    return Look(stage, steps, target, found.index) if found is not None and found.now < steps[target].at else None


def _draft(
    look: Look, family: str, cue: str, total: int, prompt: Text, right: Text, wrong: list[Found], edge: str
) -> Draft | None:
    """The question, if the cue fires for the first time at the step, and enough other times lie far enough off."""
    trace = look.stage.trace
    first = find(trace, parse_cue(cue), after_index=look.index, until=look.at)
    if first is None or first.index != look.target or not look.step.world.variant.is_tcp:
        return None
    kept: list[Found] = []
    for micros, why in wrong:
        if _is_apart(micros, [total, *(each for each, _ in kept)]):
            kept.append((micros, why))
    if len(kept) < 2:
        return None
    answers = tuple(Answer(f"{micros}us", why, look.at, _shown(micros)) for micros, why in kept)
    return Draft(
        kind="time",
        family=family,
        asks=f"time {cue}",
        connection=_connection(look),
        prompt=prompt,
        index=look.index,
        right=(Answer(f"{total}us", right, look.at, _shown(total)),),
        wrong=answers,
        cue=cue,
        edge=edge,
    )


def _connection(look: Look) -> str:
    """Whose change or timer it is."""
    changes, fired = look.here(StateChanged), look.here(TimerFired)
    return changes[0].connection if changes else fired[0].connection if fired else ""


def _shown(micros: int) -> Text:
    return plain(span(micros)) if micros else said(mark("at the same instant"))


def _is_apart(micros: int, others: list[int]) -> bool:
    """Does no answer's tolerance reach another's?"""
    times = sorted([micros, *others])
    return all(b - a > tolerance(a) + tolerance(b) for a, b in pairwise(times))
