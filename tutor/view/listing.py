"""Runs as lists: the text ladder's narrow sister for places with no room for lifelines, and the list of events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from tutor.view.announce import announce_step
from tutor.view.cells import Line, Span, text_lines, width
from tutor.view.rows import Row
from tutor.view.telling import Style, act_text, labels, note, prose, seconds, why
from tutor.view.whose import ANYBODYS, Whose
from tutor.words import Words
from tutor.world.trace import Trace


def text_list(rows: Sequence[Row], words: Words, style: Style) -> list[Line]:
    """The rows, each in as many lines as it needs at this width."""
    lines: list[Line] = []
    for row in rows:
        lines += _lines(row, words, style)
    return lines


def _lines(row: Row, words: Words, style: Style) -> list[Line]:
    if row.kind == "say":
        return [(), *prose(row.text, style.columns, 2), ()]
    time = f"{seconds(row.at)} "
    told = [text for text in (_told(row, words, style), *_states(row)) if text]
    lines: list[Line] = []
    for text in told:
        made = text_lines([text], style.columns, indent=" " * width(time))
        lines += [(Span(time), *made[0][1:]), *made[1:]]
    return lines


def _states(row: Row) -> list[str]:
    gone = [f"{row.host}: -"] if row.kind == "gone" else []
    return gone + [f"{host}: {state}" for host, state in row.states.items()]


def _told(row: Row, words: Words, style: Style) -> str:
    if row.flight is not None:
        flight = row.flight
        arrow = f"{flight.sender} -> {flight.receiver}: {labels(flight, words)[0]}"
        if row.kind == "leave":
            return arrow if flight.arrives_at is not None else f"{arrow} {style.glyphs.cross} {words.fate(flight.fate)}"
        if row.kind == "die" or row.text:
            return f"{arrow} {style.glyphs.cross} {words.fate(row.text or flight.fate)}"
        return words.t("{arrow} has arrived", arrow=arrow)
    match row.kind:
        case "call" | "return" | "timer" | "icmp":
            return f"{row.host}: {note(row, words)[0]}"
        case "why":
            return why(row, words)
        case "act":
            return act_text(row)
    return row.text


# --- the list of events ---


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happens at an instant (microseconds); ``step`` is its number in the trace."""

    step: int
    at: int
    text: str
    is_ahead: bool = False
    is_told: bool = False
    """Is it the one that the why line tells of?"""


def events_about(
    trace: Trace,
    here: int,
    last: int,
    words: Words,
    *,
    before: int = 60,
    after: int = 12,
    whose: Whose = ANYBODYS,
) -> tuple[EventRow, ...]:
    """The events up to step ``here``, and the next ones up to step ``last``, each in one sentence.

    At most ``before`` and ``after`` of them: what it costs does not depend on how long the run is.
    """
    past = [row for row, _ in zip(_told_steps(trace, range(here, -1, -1), words, whose), range(before), strict=False)]
    ahead = [
        row for row, _ in zip(_told_steps(trace, range(here + 1, last + 1), words, whose), range(after), strict=False)
    ]
    return (*reversed(past), *(EventRow(row.step, row.at, row.text, is_ahead=True) for row in ahead))


_SAID: WeakKeyDictionary[Trace, dict[tuple[int, str, Whose], str]] = WeakKeyDictionary()


def _told_steps(trace: Trace, steps: range, words: Words, whose: Whose) -> Iterator[EventRow]:
    """Those of ``steps`` of which there is something to say."""
    said = _SAID.setdefault(trace, {})
    for place in steps:
        step = trace.step(place)
        if step is None:
            return
        key = place, words.lang, whose
        if key not in said:
            said[key] = announce_step(step.records, words, trace, whose)
        if said[key]:
            yield EventRow(place, step.at, said[key])
