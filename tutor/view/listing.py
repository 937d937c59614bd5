"""The text ladder's narrow sister: the same rows as a list, for places with no room for lifelines."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.view.cells import Line, Span, text_lines, width
from tutor.view.rows import Row
from tutor.view.telling import Style, act_text, labels, note, prose, seconds, why
from tutor.words import Words


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
