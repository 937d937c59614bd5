"""Which numbers a sentence about a run may say: those that the run has.

Rules
-----
* Times of events, delays, timers and their deadlines, numbers of segments relative and absolute, octets, queues; and
  the numbers of the question's own options. Anything else is a stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tutor.tcp.states import State
from tutor.teach.generated import Posed, span
from tutor.teach.lesson import Text
from tutor.world.records import Sent, TimerStarted
from tutor.world.ss import rows
from tutor.world.time import format_duration
from tutor.world.trace import Trace

_NUMBER = re.compile(r"(?<![\w-])\d+(?:\.\d+)?(?![\w-])")
_STATES = re.compile("|".join(sorted(map(re.escape, (*State, "2 MSL", "FIN-WAIT-2 timer")), key=len, reverse=True)))

FIXED = frozenset({"0", "1", "2", "60"})
"""What belongs to the sentences themselves: nothing, one, two MSL, the 60 seconds of Linux."""


def strangers(question: Posed, text: Text | None) -> Iterator[str]:
    """Numbers in a text, in any language, that neither the run nor the question has."""
    if text is None:
        return
    known = _of_run(question.trace, len(question.trace.computed)) | FIXED | _own(question)
    for lang in text.languages:
        for number in _NUMBER.findall(_STATES.sub(" ", text[lang])):
            if number not in known:
                yield number


def _own(question: Posed) -> frozenset[str]:
    """The numbers of the question: its options' and the run's parameters."""
    shown = [question.setting.en, question.ask.prompt.en, *(option.value for option in question.ask.options)]
    return frozenset(number for text in shown for number in re.findall(r"\d+(?:\.\d+)?", text))


@lru_cache(maxsize=8)
def _of_run(trace: Trace, _length: int) -> frozenset[str]:
    """Every number of a run, as far as it is computed (``_length`` steps), as it is printed."""
    spans: set[int] = set()
    plain: set[int] = set()
    for step in trace.computed:
        spans.add(step.at)
        for record in step.records:
            if isinstance(record, TimerStarted):
                spans |= {record.deadline, record.deadline - record.at}
            elif isinstance(record, Sent):
                plain |= set(_of_segment(record))
    world = trace.computed[0].world
    spans |= {link.forward.delay * ways for link in world.links for ways in (1, 2)}
    spans |= {host.profile.initial_rto_us for host in world.hosts}
    spans |= {b - a for a in _times(trace) for b in _times(trace) if b > a}
    for step in trace.computed:
        for host in step.world.hosts:
            plain |= {int(number) for row in rows(host, step.at) for number in (row.recv_q, row.send_q)}
    plain |= set(range(sum(1 for _, r in trace.records(0, len(trace.computed)) if isinstance(r, Sent))))
    printed = [text for value in spans for text in (format_duration(value), span(value))]
    return frozenset(map(str, plain)) | {each for text in printed for each in _NUMBER.findall(text)}


def _times(trace: Trace) -> list[int]:
    return sorted({step.at for step in trace.computed})[:60]


def _of_segment(record: Sent) -> Iterator[int]:
    flight = record.flight
    length, used = flight.segment.length, flight.segment.seq_length
    first, own = flight.segment.seq - flight.rel_seq, flight.rel_seq
    yield from (own, own + length, own + used, own + used - 1, own + length - 1, length, own - 1, flight.segment.seq)
    yield from (first % 2**32, (first + own) % 2**32, (flight.segment.ack) % 2**32)
    if flight.rel_ack is not None:
        ack = flight.rel_ack
        yield from (ack, ack - 1, (flight.segment.ack - 1) % 2**32, (flight.segment.ack - ack) % 2**32)
