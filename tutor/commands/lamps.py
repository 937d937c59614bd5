"""The seven properties of a run on a console, and as JSON lines after the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tutor.commands.console import Console
from tutor.exchange.jsonlines import VERSION, seconds
from tutor.explore.judging import Verdict, judge
from tutor.explore.properties import PROPERTIES
from tutor.joining import aside, listed
from tutor.world.time import format_duration
from tutor.world.trace import Trace

_MARKS = {"holds": "●", "broken": "✕", "untried": "○"}
_PLAIN = {"●": "+", "✕": "x", "○": "."}


def verdict_of(verdict: Verdict) -> str:
    """``holds``, ``broken`` or ``untried``."""
    if verdict.broken is not None:
        return "broken"
    return "untried" if verdict.tried is None else "holds"


def show(trace: Trace, console: Console, table: Mapping[int, str]) -> None:
    """One line a property, under the ladder."""
    words, found = console.words, judge(trace)
    marks = _MARKS if not table and console.can_print("".join(_MARKS.values())) else {
        name: _PLAIN[mark] for name, mark in _MARKS.items()
    }  # fmt: skip
    console.say()
    for name, one in PROPERTIES.items():
        verdict = found[name]
        said = {
            "holds": words.t("holds"),
            "untried": words.t("has not come up: {what}", what=words.t(one.sometimes)),
        }.get(verdict_of(verdict), "")
        if verdict.broken is not None:
            step = trace.step(verdict.broken)
            at = format_duration(step.at) if step is not None else ""
            said = words.t("broken at {time}, step {step}", time=at, step=verdict.broken)
            said = aside(said, listed(verdict.connection.split(", "), words), words)
        told = words.t("{number}  {title}: {verdict}", number=one.number, title=words.t(one.title), verdict=said)
        console.say(f"{marks[verdict_of(verdict)]} {told}".translate(dict(table)))


def lines(trace: Trace) -> Iterator[dict[str, Any]]:
    """One object a property: its verdict, the step at which it broke, and when (seconds)."""
    for name, verdict in judge(trace).items():
        step = trace.step(verdict.broken) if verdict.broken is not None else None
        yield {
            "t": seconds(trace.end),
            "kind": "property",
            "host": "",
            "connection": verdict.connection,
            "property": name,
            "number": PROPERTIES[name].number,
            "verdict": verdict_of(verdict),
            "at": seconds(step.at) if step is not None else None,
            "step": verdict.broken,
            "v": VERSION,
        }
