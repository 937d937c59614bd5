"""Mutations of a script: one thing that it expects is changed, and the judge must fail at exactly that thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from tutor.exchange.packetdrill.script import (
    ABSOLUTE,
    RELATIVE,
    Call,
    Code,
    Item,
    Option,
    Packet,
    Script,
    Segment,
    When,
)


class Mutation(NamedTuple):
    """A changed script: what was changed in which line, and what the verdict must name ("" for the line alone)."""

    what: str
    line: int
    script: Script
    named: str


def mutations(script: Script) -> Iterator[Mutation]:
    """Every single change of what the script expects.

    The number of a first SYN is left alone: a script may call the host's initial number what it likes.
    """
    is_named = False
    for place, item in enumerate(script.items):
        for what, named, changed in _of(item):
            if what == "seq" and _is_syn(item) and not is_named:
                is_named = True
                continue
            items = (*script.items[:place], changed, *script.items[place + 1 :])
            yield Mutation(what, item.line, replace(script, items=items), named)
        if isinstance(item.event, Packet) and not item.event.is_inbound:
            yield from _removed_or_added(script, place, item)


def _is_syn(item: Item) -> bool:
    content = item.event.content if isinstance(item.event, Packet) else None
    return isinstance(content, Segment) and "S" in content.flags


def _of(item: Item) -> Iterator[tuple[str, str, Item]]:
    event = item.event
    if isinstance(event, Packet) and isinstance(event.content, Segment) and not event.is_inbound:
        for what, named, segment in _of_segment(event.content):
            yield what, named, replace(item, event=replace(event, content=segment))
        if item.when.kind in (ABSOLUTE, RELATIVE) and item.when.until is None:
            yield "time", "", replace(item, when=replace(item.when, at=item.when.at + 150_000))
    elif isinstance(event, Call) and isinstance(event.result, int):
        yield from _of_call(item, event)
    elif isinstance(event, Code) and "==" in event.text:
        yield "state", "", replace(item, event=Code(event.text.replace("==", "!=", 1)))


def _of_segment(segment: Segment) -> Iterator[tuple[str, str, Segment]]:
    letters = segment.flags
    yield "flag", "flags", replace(segment, flags=letters.replace("P", "") if "P" in letters else letters + "P")
    if segment.seq is not None:
        yield "seq", "seq", replace(segment, seq=segment.seq + 7)
    if segment.ack is not None:
        yield "ack", "ack", replace(segment, ack=segment.ack + 7)
    yield "len", "len", replace(segment, length=segment.length + 1)
    if segment.window is not None:
        yield "win", "win", replace(segment, window=segment.window + 1)
    if segment.options:
        yield "option", "", replace(segment, options=(*segment.options, Option("nop")))


def _of_call(item: Item, call: Call) -> Iterator[tuple[str, str, Item]]:
    if call.name in ("socket", "fcntl", "bind"):
        return
    if call.name == "accept" and not call.error:
        yield "result", "", replace(item, event=replace(call, result=-1, error="EINVAL"))
    elif call.error:
        yield "result", "", replace(item, event=replace(call, error="EINVAL"))
    else:
        yield (
            "result",
            "",
            replace(item, event=replace(call, result=call.result + 1 if isinstance(call.result, int) else 1)),
        )


def _removed_or_added(script: Script, place: int, item: Item) -> Iterator[Mutation]:
    """Without this segment the next one that is expected is another; with it twice, nobody sends the second."""
    following = next(
        (each for each in script.items[place + 1 :] if isinstance(each.event, Packet) and not each.event.is_inbound),
        None,
    )
    rest = script.items[place + 1 :]
    if following is not None and rest and rest[0].when.kind == RELATIVE and item.when.kind == RELATIVE:
        rest = (replace(rest[0], when=_later(rest[0].when, item.when)), *rest[1:])
        yield Mutation("removed", following.line, replace(script, items=(*script.items[:place], *rest)), "")
    twice = replace(item, when=When(RELATIVE, 0), line=item.line)
    added = (*script.items[: place + 1], twice, *script.items[place + 1 :])
    yield Mutation("added", item.line, replace(script, items=added), "")


def _later(when: When, by: When) -> When:
    until = when.until + by.at if when.until is not None else None
    returns = when.returns + by.at if when.returns is not None else None
    return replace(when, at=when.at + by.at, until=until, returns=returns)
