"""One sentence about one record: what a screen reader says, what a banner quotes.

Rules
-----
* A record that is bookkeeping (a timer that starts, a counter) has no sentence: ``""``.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.joining import chained
from tutor.tcp.segment import flags_text
from tutor.view.byhand import deed
from tutor.view.phrases import spaced
from tutor.view.standing import host_name
from tutor.view.whose import ANYBODYS, Whose
from tutor.words import Words
from tutor.world.records import (
    Acted,
    Arrived,
    Because,
    Called,
    CallReturned,
    Flight,
    Lost,
    Record,
    Sent,
    StateChanged,
    TimerFired,
)
from tutor.world.trace import Trace


def announce(record: Record, words: Words, trace: Trace | None = None, whose: Whose = ANYBODYS) -> str:
    """What happened, without a full stop; ``""`` for bookkeeping."""
    return spaced(_said(record, words, trace, whose), words)


def _said(record: Record, words: Words, trace: Trace | None, whose: Whose) -> str:
    match record:
        case Sent(host=host, flight=flight):
            return words.t("{host} sends {segment}", host=in_sentence(host, words), segment=segment_text(flight, words))
        case Arrived(host=host, flight=flight, accepted=True):
            return words.t(
                "{host} receives {segment}", host=in_sentence(host, words), segment=segment_text(flight, words)
            )
        case Arrived(host=host, flight=flight):
            return words.t(
                "{host} rejects {segment}", host=in_sentence(host, words), segment=segment_text(flight, words)
            )
        case Lost(flight=flight, fate=fate):
            what, became = segment_text(flight, words), whose.fate(flight, fate, words)
            return words.t(
                "{segment} of {host} is {fate}", segment=what, host=in_sentence(flight.sender, words), fate=became
            )
        case StateChanged(host=host, target=target):
            return words.t("{host} enters {state}", host=in_sentence(host, words), state=words.state(target))
        case TimerFired(host=host, timer=timer):
            return words.t("{host}: {timer} expires", host=in_sentence(host, words), timer=words.timer(timer))
        case Called(host=host, call=call):
            return words.t("{host} calls {call}()", host=in_sentence(host, words), call=call)
        case CallReturned(host=host, call=call):
            return words.t("{call}() of {host} returns", host=in_sentence(host, words), call=call)
        case Acted(text=text):
            return whose.began(record, deed(text, words, trace), words)
        case _:
            return ""


def in_sentence(host: str, words: Words) -> str:
    """A host's name inside a sentence: as the lesson writes it in English, translated elsewhere."""
    return host if words.lang == "en" else host_name(host, words)


def segment_text(flight: Flight, words: Words) -> str:
    """A segment in a sentence: flags, and that it is repeated."""
    flags = flags_text(flight.segment.flags, "+")
    return words.t("{flags} again", flags=flags) if flight.retransmission else flags


def announce_step(records: Iterable[Record], words: Words, trace: Trace | None = None, whose: Whose = ANYBODYS) -> str:
    """One sentence for all that happened in a step."""
    said: list[str] = []
    for record in records:
        sentence = announce(record, words, trace, whose)
        if sentence and sentence not in said:
            said.append(sentence)
    return chained(said, words)


def last_reason(steps: Iterable[Iterable[Record]]) -> Because | None:
    """The last reason given in ``steps`` (records by step, latest step first); one that brings an edge goes first."""
    for records in steps:
        given = [record for record in records if isinstance(record, Because)]
        edges = [record for record in given if record.edge]
        if given:
            return (edges or given)[-1]
    return None
