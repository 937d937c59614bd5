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
    """A changed script: what was changed in which line, and what the verdict may name."""

    what: str
    line: int
    script: Script
    named: tuple[str, ...]


FIELDS = ("flags", "seq", "len", "ack", "win", "options", "time", "segment")
"""What a segment can differ by; which one tells of a segment more or less depends on what comes next."""


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


def _of(item: Item) -> Iterator[tuple[str, tuple[str, ...], Item]]:
    event = item.event
    if isinstance(event, Packet) and isinstance(event.content, Segment) and not event.is_inbound:
        for what, named, segment in _of_segment(event.content):
            yield what, (named,), replace(item, event=replace(event, content=segment))
        for when in _other_times(item.when):
            yield "time", ("time", "segment"), replace(item, when=when)
    elif isinstance(event, Call) and isinstance(event.result, int):
        yield from _of_call(item, event)
    elif isinstance(event, Code) and "==" in event.text:
        yield "state", ("assertion",), replace(item, event=Code(event.text.replace("==", "!=", 1)))


def _other_times(when: When) -> Iterator[When]:
    """Later than any tolerance, and, where there is room, sooner."""
    if when.kind not in (ABSOLUTE, RELATIVE):
        return
    span = 150_000 + (when.until - when.at if when.until is not None else 0)
    for shift in (span, -span) if when.at > 2 * span else (span,):
        until = None if when.until is None else when.until + shift
        yield replace(when, at=when.at + shift, until=until)


def _of_segment(segment: Segment) -> Iterator[tuple[str, str, Segment]]:
    letters = segment.flags
    for letter in "SFRP.EW":
        if letters not in (letter, "-"):
            other = letters.replace(letter, "") if letter in letters else letters + letter
            yield f"flag {letter}", "flags", replace(segment, flags=other)
    if segment.seq is not None:
        yield "seq", "seq", replace(segment, seq=segment.seq + 7)
    if segment.ack is not None:
        yield "ack", "ack", replace(segment, ack=segment.ack + 7)
    yield "len", "len", replace(segment, length=segment.length + 1)
    if segment.window is not None:
        yield "win", "win", replace(segment, window=segment.window + 1)
    if segment.options:
        yield "option added", "options", replace(segment, options=(*segment.options, Option("nop")))
    for place, option in enumerate(segment.options):
        before, behind = segment.options[:place], segment.options[place + 1 :]
        yield f"option {option.kind} removed", "options", replace(segment, options=(*before, *behind))
        if option.kind in ("mss", "wscale", "sack"):
            numbers = (*option.numbers[:-1], option.numbers[-1] + 1)
            yield (
                f"option {option.kind} changed",
                option.kind,
                replace(segment, options=(*before, replace(option, numbers=numbers), *behind)),
            )


def _of_call(item: Item, call: Call) -> Iterator[tuple[str, tuple[str, ...], Item]]:
    """A socket that cannot be made is no feature of ours, and fcntl() returns flags of the machine: neither tells."""
    if call.name in ("socket", "fcntl"):
        return
    if call.error:
        changed = replace(call, error="EINVAL" if call.error != "EINVAL" else "EPIPE")
    elif call.name == "accept":
        changed = replace(call, result=-1, error="EINVAL")
    else:
        changed = replace(call, result=call.result + 1 if isinstance(call.result, int) else 1)
    yield "result", ("result", "error"), replace(item, event=changed)


def _removed_or_added(script: Script, place: int, item: Item) -> Iterator[Mutation]:
    """Without this segment the next one that is expected is another; with it twice, nobody sends the second."""
    following = next(
        (each for each in script.items[place + 1 :] if isinstance(each.event, Packet) and not each.event.is_inbound),
        None,
    )
    rest = script.items[place + 1 :]
    if following is not None and rest and rest[0].when.kind == RELATIVE and item.when.kind == RELATIVE:
        rest = (replace(rest[0], when=_later(rest[0].when, item.when)), *rest[1:])
        yield Mutation("removed", following.line, replace(script, items=(*script.items[:place], *rest)), FIELDS)
    twice = replace(item, when=When(RELATIVE, 0), line=item.line)
    added = (*script.items[: place + 1], twice, *script.items[place + 1 :])
    yield Mutation("added", item.line, replace(script, items=added), FIELDS)


def _later(when: When, by: When) -> When:
    until = when.until + by.at if when.until is not None else None
    returns = when.returns + by.at if when.returns is not None else None
    return replace(when, at=when.at + by.at, until=until, returns=returns)
