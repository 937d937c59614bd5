"""The why line: one sentence about what has just happened, and the engine's reason for it.

Rules
-----
* One event, one sentence: who, what set it off, what came of it, and why: "The server enters SYN-RCVD and answers a SYN
  with a SYN+ACK: a SYN asks the listener to open a connection (RFC 9293 section 3.10.7.2)."
* What was refused is told as plainly as what was done.
* Of several reasons the one that explains most is said: one that brings an edge, then a decision, then why something
  has to wait, then what was merely measured.
* It speaks of the playhead's moment or before; never of anything after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tutor.joining import chained
from tutor.tcp.reasons import Reason
from tutor.view import phrases
from tutor.view.announce import announce_step
from tutor.view.byhand import capitalised, deed
from tutor.view.whose import ANYBODYS, Whose
from tutor.words import Words, clause_of, mark
from tutor.world.records import (
    Acted,
    Arrived,
    Because,
    Called,
    CallReturned,
    Counted,
    IcmpArrived,
    Lost,
    Record,
    Sent,
    StateChanged,
    TimerFired,
    Vanished,
)
from tutor.world.trace import Trace


class Why(NamedTuple):
    """One event: the whole ``sentence``; the ids of the ``clauses`` it names; whose it is; was it a refusal?"""

    sentence: str
    clauses: tuple[str, ...] = ()
    host: str = ""
    is_refusal: bool = False
    step: int = -1
    place: int = 1
    of: int = 1
    rank: tuple[bool, bool, int, int] = (False, False, 99, 0)


REFUSING = frozenset({
    "listener-stays-passive", "send-after-close", "nobody-reads", "no-connection", "rst-to-nobody", "rst-to-listener",
    "ack-to-listener", "neither-syn-nor-ack", "syn-fin-dropped", "ack-put-off", "ack-not-of-our-syn",
    "echo-of-no-syn-ack", "echo-of-nothing", "rst-without-ack", "neither-syn-nor-rst",
    "outside-window", "window-is-shut", "rst-outside-window", "timestamp-too-old", "timestamp-missing",
    "answered-too-recently", "rst-not-exact", "rst-in-time-wait-ignored", "syn-in-connection", "no-ack-bit",
    "ack-of-unsent", "ack-too-old", "ack-in-time-wait", "nothing-for-small-entry", "nobody-listens-any-more",
    "text-after-fin", "icmp-not-in-flight", "path-is-wide-enough", "checksum-wrong", "host-is-down",
    "accept-queue-full-syn", "accept-queue-full-ack", "accept-queue-full-rst", "accept-queue-full-cookie",
    "syn-queue-full", "timestamp-of-host-too-old", "syn-reserve-kept", "cookie-forged", "challenged-too-often",
    "no-port-left", "port-taken",
})  # fmt: skip
"""Reasons not to do what a segment or a program asks for."""

LIMITS = frozenset({"nagle-waits", "corked", "congestion-window-full", "burst-waits", "silly-window", "window-closed"})
"""Why no more text is sent now."""

WAITING = LIMITS | {
    "ack-delayed", "ack-gathered", "close-waits-for-text", "possible-syn-flood", "arrived-twice", "arrived-twice-early",
    "told-twice", "told-twice-early", "congestion-marked", "echo-answered",
}  # fmt: skip
"""Why something is not done yet, and what is noted besides."""

MEASURED = frozenset({"rtt-measured", "karn-no-measurement", "quick-ack", "text-read", "every-second-segment"})
"""What goes with many an event and explains few."""

HEAD_ONLY = frozenset({
    "accept-queue-full-syn", "accept-queue-full-ack", "accept-queue-full-rst", "accept-queue-full-cookie",
    "syn-queue-full", "syn-reserve-kept", "checksum-wrong", "host-is-down", "challenged-too-often", "never-accepted",
    "listener-gone",
})  # fmt: skip
"""Reasons whose second half says what the event has said already."""

DECISIVE = frozenset({"never-accepted", "accept-queue-full-rst", "too-many-orphans", "unread-text", "nobody-reads"})
"""Reasons that explain an edge better than the edge's own."""

SILENT = frozenset({"answered-too-recently", "challenged-too-often"})
"""Why there is no answer to what would have had one: said besides what was wrong with it."""

VAGUE = frozenset({"aborted-by-user", "gave-up"})
"""Reasons with an edge that say less than what was decided before."""

LINK_WHYS: dict[str, str] = {
    "mtu": mark("it is larger than this link can carry"),
    "no-route": mark("there is no way to its receiver"),
}
"""Why a link lost a segment, where the fate does not say so."""


def why(trace: Trace, time: int, words: Words, focus: str = "", told: int = -1, whose: Whose = ANYBODYS) -> Why:
    """What the last event at or before ``time`` (microseconds) was, and why.

    ``focus``: the connection that is looked at. Of one instant its events go first, what was refused before what was
    done; where another connection had the last one, its name is said. ``told``: the step that is asked for, if it lies
    at this instant.
    """
    said = instant(trace, time, words, focus, whose)
    if not said:
        return Why(words.t("Nothing has happened yet."))
    best = next((each for each in said if each.step == told), None)
    return best or min(said, key=lambda each: each.rank)


def instant(trace: Trace, time: int, words: Words, focus: str = "", whose: Whose = ANYBODYS) -> tuple[Why, ...]:
    """A sentence for each event of the last instant at or before ``time`` at which there is something to say."""
    here = trace.index_at(time)
    return _instant(trace, here, trace.computed[here].at, words, focus, whose)


@lru_cache(maxsize=64)
def _instant(trace: Trace, here: int, _at: int, words: Words, focus: str, whose: Whose) -> tuple[Why, ...]:
    steps = trace.computed
    at = steps[here].at
    found: list[Why] = []
    for place in range(here, -1, -1):
        if steps[place].at != at and found:
            break
        at = steps[place].at
        records = steps[place].records
        said = _said(records, words, trace, whose)
        if said.sentence:
            other = _other(records, focus)
            rank = (bool(other), not said.is_refusal, _worth(records, whose), -place)
            found.append(_aside(said, other, words)._replace(step=place, rank=rank))
    found.reverse()
    return tuple(each._replace(place=place, of=len(found)) for place, each in enumerate(found, 1))


def _said(records: Sequence[Record], words: Words, trace: Trace, whose: Whose) -> Why:
    """The sentence about a step; what is in the list of events has one in any case."""
    said = why_step(records, words, trace, whose)
    if said.sentence or not (listed := announce_step(records, words, trace, whose)):
        return said
    host = next((record.host for record in records if not isinstance(record, Counted)), "")
    return Why(capitalised(words.t("{event}.", event=listed)), (), host)


def _other(records: Sequence[Record], focus: str) -> str:
    """The connection that a step is about, if it is not the one that is looked at; "" if it is, or about none."""
    if not focus:
        return ""
    named = (getattr(record, "connection", "") for record in records if not isinstance(record, Counted))
    found = {name for name in named if name and ">" in name}
    return min(found) if found and focus not in found else ""


def _aside(said: Why, other: str, words: Words) -> Why:
    """The sentence with the name of the connection that it is about."""
    if not other:
        return said
    return said._replace(sentence=words.t("{connection}: {sentence}", connection=other, sentence=said.sentence))


def why_step(records: Sequence[Record], words: Words, trace: Trace | None = None, whose: Whose = ANYBODYS) -> Why:
    """The sentence about one step of ``trace``; an empty one where there is nothing to say."""
    said = _why_step(records, words, trace, whose)
    return said._replace(sentence=phrases.spaced(said.sentence, words))


def _why_step(
    records: Sequence[Record], words: Words, trace: Trace | None, whose: Whose, acted: Acted | None = None
) -> Why:
    first = _trigger(records)
    host = next((record.host for record in records if isinstance(record, Because)), "") or getattr(first, "host", "")
    if isinstance(first, Arrived | TimerFired | Called | CallReturned | IcmpArrived):
        host = first.host
    chosen = _chosen(records, host)
    refused = any(because.reason.id in REFUSING for because in chosen)
    if isinstance(first, Acted):
        return _by_hand(first, [record for record in records if record is not first], host, words, trace, whose)
    event = _event(first, records, host, chosen, words, whose)
    if not event:
        return Why("")
    if acted is not None:
        event = capitalised(whose.began(acted, event, words))
    elif host in phrases.KNOWN or not event.startswith(host):
        event = event[0].upper() + event[1:]
    if isinstance(first, Arrived) and not first.accepted:
        refused = True
    if isinstance(first, Lost) and first.flight.why in LINK_WHYS:
        return Why(_ended(words, event, words.t(LINK_WHYS[first.flight.why])), (), host)
    if not chosen and isinstance(first, Arrived) and (known := _acknowledged(first, records, words)):
        return Why(_ended(words, event, known), (), host)
    if not chosen:
        failed = isinstance(first, Called | CallReturned) and first.error is not None
        return Why(_ended(words, event), (), host, is_refusal=failed)
    is_silent = any(because.reason.id in SILENT for because in chosen[1:])
    reasons = [_sentence(because.reason, words, is_silent=is_silent) for because in chosen]
    clauses = tuple(dict.fromkeys(clause_of(because.reason) for because in chosen))
    sections = list(dict.fromkeys(words.section(clause) for clause in clauses))
    if chosen[0].reason.id in LIMITS - {"burst-waits"} and _of(records, Sent, host):
        said = words.t("{event}; then {reason} ({clause}).", event=event, reason=reasons[0], clause=sections[0])
    else:
        said = _ended(words, event, chained(dict.fromkeys(reasons), words), chained(sections, words))
    return Why(said, clauses, host, refused)


def _by_hand(first: Acted, rest: Sequence[Record], host: str, words: Words, trace: Trace | None, whose: Whose) -> Why:
    """What a hand did and what came of it at once, or could not do and why."""
    said = deed(first.text, words, trace)
    if first.why_not is None:
        trigger, done = _trigger(rest), _ended(words, capitalised(whose.began(first, said, words)))
        if isinstance(trigger, Called) and (trigger.error or len(rest) > 1):
            return _why_step(rest, words, trace, whose, first)
        is_told = isinstance(trigger, Called | Lost) or (isinstance(trigger, Sent) and trigger.flight.is_forged)
        came = Why("") if is_told else _why_step(rest, words, trace, whose)
        if not came.sentence:
            return Why(done, (), host)
        return came._replace(sentence=words.t("{act} {result}", act=done, result=came.sentence))
    event = words.t("This cannot be done by hand: {act}", act=said)
    return Why(_ended(words, event, words.refusal(first.why_not)), (), host, is_refusal=True)


def _ended(words: Words, event: str, reason: str = "", clause: str = "") -> str:
    """Event, reason and clause as one sentence."""
    if not reason:
        return words.t("{event}.", event=event)
    is_double = ": " in reason or "：" in reason or ": " in event or "：" in event
    if not clause:
        return (
            words.t("{event} — {reason}.", event=event, reason=reason)
            if is_double
            else words.t("{event}: {reason}.", event=event, reason=reason)
        )
    if is_double:
        return words.t("{event} — {reason} ({clause}).", event=event, reason=reason, clause=clause)
    return words.t("{event}: {reason} ({clause}).", event=event, reason=reason, clause=clause)


def _sentence(reason: Reason, words: Words, *, is_silent: bool = False) -> str:
    """The reason; its first half only where the second says what the event says, or asks for what is not sent."""
    said = words.reason(reason)
    if reason.id in HEAD_ONLY or (is_silent and reason.id not in SILENT):
        said = said.partition(": ")[0].partition("：")[0]
    return said


def _trigger(records: Sequence[Record]) -> Record | None:
    """What set the step off."""
    kinds = Arrived | TimerFired | Called | CallReturned | IcmpArrived | Acted | Lost
    plain = (record for record in records if not isinstance(record, Because | Counted))
    return next((record for record in records if isinstance(record, kinds)), None) or next(plain, None)


# --- which reason ---


def _rank(because: Because) -> int:
    """The less, the more it explains."""
    name = because.reason.id
    if name in DECISIVE:
        return -1
    if because.edge:
        return 2 if name in VAGUE else 0
    return 4 if name in MEASURED else 3 if name in WAITING else 1


def _chosen(records: Sequence[Record], host: str) -> list[Because]:
    """The reason to give; both, where one event brings a connection along two edges, or is answered by silence."""
    sent = [record for record in records if isinstance(record, Sent) and record.host == host]
    beside = {"ack-delayed"} if sent else set()
    if sent and not any(record.flight.segment.length for record in sent):
        beside |= LIMITS
    given = [record for record in records if isinstance(record, Because) and record.host == host]
    given = [record for record in given if record.reason.id not in beside]
    if not given:
        return []
    best = min(_rank(because) for because in given)
    kept = [because for because in given if _rank(because) == best]
    if best == 0:
        return [because for because in kept[-2:] if because.connection == kept[-1].connection]
    return [*kept[:1], *(because for because in kept[1:] if because.reason.id in SILENT)]


def _worth(records: Sequence[Record], whose: Whose) -> int:
    """How much there is to say about a step, the less the more: of one instant the best is said.

    What a run came with is a preparation, and tells least.
    """
    if any(isinstance(record, Acted) and whose.knows(record) for record in records):
        return 6
    ranks = [_rank(record) for record in records if isinstance(record, Because)]
    if any(isinstance(record, Lost | Acted) for record in records):
        ranks.append(1)
    if any(isinstance(record, Sent) for record in records):
        ranks.append(3)
    return min(ranks, default=5)


def _acknowledged(first: Arrived, records: Sequence[Record], words: Words) -> str:
    """What an ACK says, where nothing was decided: the one that came, or the one that text is answered with."""
    answers = _of(records, Sent, first.host)
    flight = first.flight
    if flight.segment.seq_length and len(answers) == 1 and isinstance(answers[0], Sent):
        flight = answers[0].flight
    if not first.accepted or flight.segment.seq_length or not flight.rel_ack:
        return ""
    return words.t("everything before number {ack} has arrived", ack=flight.rel_ack)


# --- what happened ---


def _event(
    first: Record | None, records: Sequence[Record], host: str, given: list[Because], words: Words, whose: Whose
) -> str:
    """Trigger and effects, without a full stop; "" for bookkeeping."""
    match first:
        case Arrived():
            return _arrival(first, records, given, words)
        case TimerFired():
            return _expiry(first, records, words)
        case Called() | CallReturned():
            return _call(first, records, words)
        case IcmpArrived():
            return _told(host, [words.t("receives an ICMP report"), *_effects(records, host, words)], words)
        case Lost(flight=flight):
            who, fate = phrases.subject(first.host, words), whose.fate(flight, first.fate, words)
            return words.t("the {segment} of {host} is {fate}", segment=_bare(first, words), host=who, fate=fate)
        case Vanished():
            return _told(host, [words.t("forgets the connection")], words)
        case Sent() | StateChanged():
            return _told(host, _effects(records, host, words), words)
        case _:
            return ""


def _bare(lost: Lost, words: Words) -> str:
    name = words.flags(lost.flight.segment.flags)
    return words.t("repeated {segment}", segment=name) if lost.flight.retransmission else name


def _told(host: str, parts: list[str], words: Words) -> str:
    if not parts:
        return ""
    return words.t("{host} {does}", host=phrases.subject(host, words), does=phrases.joined(parts, words))


def _effects(records: Sequence[Record], host: str, words: Words, *, answers: str = "") -> list[str]:
    """What the host does besides: states entered, segments sent, errors reported."""
    parts = list(dict.fromkeys(phrases.states(_of(records, StateChanged, host), words)))  # type: ignore[arg-type]
    sent = _of(records, Sent, host)
    if reset := phrases.reset_by(sent, words):  # type: ignore[arg-type]
        parts.append(reset)
    elif sent:
        what = phrases.segments(sent, words)  # type: ignore[arg-type]
        parts.append(words.t(answers, segment=what) if answers else words.t("sends {segment}", segment=what))
    return parts + phrases.reported(records, host, words)


ANSWERS = mark("answers with {segment}")


def _of(records: Sequence[Record], kind: type, host: str) -> list[Record]:
    return [record for record in records if isinstance(record, kind) and record.host == host]


def _arrival(first: Arrived, records: Sequence[Record], given: list[Because], words: Words) -> str:
    host, what = first.host, phrases.arrived(first.flight, words)
    reason = given[0].reason.id if given else ""
    if not first.accepted:
        away = words.t("does not hear {segment}") if reason == "host-is-down" else words.t("throws away {segment}")
        return _told(host, [away.format(segment=what)], words)
    if not _of(records, StateChanged, host):
        answers = _of(records, Sent, host)
        if answers:
            back = _answer(records, answers, words)
            return _told(host, [words.t("answers {segment} with {answer}", segment=what, answer=back)], words)
        if reason in REFUSING:
            return _told(host, [words.t("ignores {segment}", segment=what)], words)
    received = words.t("receives {segment}", segment=what)
    if reason in LIMITS:
        return _told(host, [received, words.t("sends nothing yet")], words)
    return _told(host, [received, *_effects(records, host, words, answers=ANSWERS)], words)


def _answer(records: Sequence[Record], sent: list[Record], words: Words) -> str:
    is_challenge = any(isinstance(record, Counted) and record.counter == phrases.CHALLENGE for record in records)
    if is_challenge and len(sent) == 1:
        return words.t("a challenge ACK")
    return phrases.segments(sent, words)  # type: ignore[arg-type]


def _expiry(first: TimerFired, records: Sequence[Record], words: Words) -> str:
    effects = _effects(records, first.host, words)
    who, timer = phrases.subject(first.host, words), words.timer(first.timer)
    if not effects:
        return words.t("the {timer} of {host} expires", timer=timer, host=who)
    done = phrases.joined(effects, words)
    return words.t("when its {timer} expires, {host} {does}", timer=timer, host=who, does=done)


def _call(first: Called | CallReturned, records: Sequence[Record], words: Words) -> str:
    if isinstance(first, Called) and (written := phrases.sent_whole(first, records, words)):
        return _told(first.host, [written], words)
    began = phrases.called(first, words) if isinstance(first, Called) else phrases.returned(first, words)
    effects = _effects([record for record in records if record is not first], first.host, words)
    if isinstance(first, Called) and first.completed_at is None and not first.error and not effects:
        effects = [words.t("waits")]
    return _told(first.host, [began, *effects], words)
