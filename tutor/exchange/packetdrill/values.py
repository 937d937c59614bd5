"""Arguments and results of calls: numbers, constants, flags, lists, structures."""

from __future__ import annotations

import re

from tutor.exchange.packetdrill.reading import Reader
from tutor.exchange.packetdrill.script import Elided, Flags, Listing, Name, Record, Text, Value

_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})(?![\w.])")
_NAME = re.compile(r"[A-Za-z_]\w{0,63}")
_FIELD = re.compile(r"([A-Za-z_]\w{0,63})(?:\((\.\.\.|\d{1,4})\))?\s*=(?!=)")
_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_CALLED = re.compile(r"[A-Za-z_]\w{0,63}(?=\()")

DEEPEST = 12
"""How far structures may nest."""


def value(reader: Reader, depth: int = 0) -> Value:
    """One value: a number, a name, text, flags joined by ``|``, a list, a structure, or ``...``."""
    if depth > DEEPEST:
        raise reader.wrong(f"at most {DEEPEST} levels of brackets")
    first = _single(reader, depth)
    if not reader.takes("|"):
        return first
    parts = [first, _single(reader, depth)]
    while reader.takes("|"):
        parts.append(_single(reader, depth))
    return Flags(tuple(parts))


def _single(reader: Reader, depth: int) -> Value:
    if reader.takes("..."):
        return Elided()
    if reader.takes("["):
        return Listing(_items(reader, "]", depth))
    if reader.takes("{"):
        return _record(reader, depth)
    text = reader.take(_TEXT)
    if text is not None:
        return _text(reader, text[1])
    number = reader.take(_NUMBER)
    if number is not None:
        return int(number[0], 0) if number[0].lstrip("-")[:2].lower() == "0x" else int(number[0])
    called = reader.take(_CALLED)
    if called is not None:
        reader.need("(", "(")
        return Record(tuple(("", each) for each in _items(reader, ")", depth)), called[0])
    return Name(reader.need(_NAME, "a number, a name, text, [list], {structure} or ..."))


def _text(reader: Reader, first: str) -> Text:
    """Strings in a row are one string."""
    whole = first
    while (following := reader.take(_TEXT)) is not None:
        whole += following[1]
    return Text(whole, reader.takes("..."))


def _items(reader: Reader, closing: str, depth: int) -> tuple[Value, ...]:
    items: list[Value] = []
    while not reader.takes(closing):
        if items:
            reader.need(",", f", or {closing}")
        items.append(value(reader, depth + 1))
    return tuple(items)


def _record(reader: Reader, depth: int) -> Record:
    fields: list[tuple[str, Value]] = []
    sizes: list[tuple[str, str]] = []
    while not reader.takes("}"):
        if fields:
            reader.need(",", ", or }")
            if reader.takes("}"):
                break
        name = reader.take(_FIELD)
        if name is not None and name[2]:
            sizes.append((name[1], name[2]))
        fields.append((name[1] if name else "", value(reader, depth + 1)))
    return Record(tuple(fields), sizes=tuple(sizes))


def arguments(reader: Reader) -> tuple[Value, ...]:
    """The values between the parentheses of a call; the opening one is taken already."""
    return _items(reader, ")", 0)
