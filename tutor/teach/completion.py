"""What may be typed next in a lesson or lecture: keys and values that the format allows at a place of a text.

Rules
-----
* The JSON Schema of the format says which keys and values there are; the lesson itself says which hosts it has, the
  world which events, acts, states, rules and settings there are.
* The text may be anything: it is read by its indentation, line by line, never parsed as YAML and never run.
* Keys that a mapping has already are not offered again.

Theory
------
A line ``  key: value`` opens a place as deep as it is indented; ``- `` opens an item of a list. The places that are
still open at the cursor's line are its path through the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tutor.explore.properties import PROPERTIES
from tutor.profiles import profile_names
from tutor.tcp.states import State
from tutor.tcp.tcb import TIMERS
from tutor.tcp.variant import VARIANTS
from tutor.teach import completion_lecture, lecture_schema
from tutor.teach.lecture_reading import looks_like_lecture
from tutor.teach.schema import json_schema
from tutor.teach.stage import AT_REST
from tutor.world.acts import CALLS, HANDS
from tutor.world.query import VERBS
from tutor.world.sysctls import SYSCTLS

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Completion:
    """What may replace the letters from ``start`` (column from 0) to the cursor; those that begin with them."""

    start: int
    choices: tuple[str, ...]


NOTHING = Completion(0, ())


def complete(text: str, line: int, column: int) -> Completion:
    """What may be typed at ``line`` and ``column`` (both from 0)."""
    lines = text.splitlines() or [""]
    here = (lines[line] if line < len(lines) else "")[:column]
    place = _place(lines, line)
    if place is None or "#" in here.split('"')[0].split("'")[0]:
        return NOTHING
    rest = here[place.indent :]
    key, colon, value = rest.partition(":")
    if colon and re.match(r"\s|$", value):
        typed = value.lstrip()
        start = column - len(typed)
        name, inside = key.strip(), place.inside(key.strip())
        if place.is_lecture:
            return _fitting(start, typed, completion_lecture.values((*place.path, name), place.keys))
        return _fitting(start, typed, _values((*place.path, name), typed, inside, text))
    if place.is_scalar_item:
        return _fitting(column - len(rest), rest, _values(place.path, rest, place.schema, text))
    return _fitting(column - len(rest), rest, _keys(place, text))


def _fitting(start: int, typed: str, choices: Iterable[str]) -> Completion:
    """Those of ``choices`` that begin with the last word typed; several words are typed one after the other."""
    last = re.split(r"[\s\[{,]", typed)[-1]
    found = [each for each in choices if each.casefold().startswith(last.casefold()) and each != last]
    return Completion(start + len(typed) - len(last), tuple(dict.fromkeys(found)))


# --- where the cursor is ---


@dataclass(slots=True)
class _Open:
    """A place that is open: how far its content is indented, its name ("" for an item of a list), what it holds."""

    indent: int
    name: str
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """The mapping or list that the cursor's line belongs to."""

    indent: int
    path: tuple[str, ...]
    schema: Schema
    keys: Mapping[str, str]
    is_scalar_item: bool
    is_lecture: bool = False

    def inside(self, key: str) -> Schema:
        """The schema of the value under a key of this mapping."""
        return _under(self.schema, key, self.keys)


_BLOCK = re.compile(r":\s*[|>][-+0-9]*\s*$")
_KEY = re.compile(r"([\w.\[\]\"'-]+)\s*:(?:\s+(.*)|$)")


def _place(lines: list[str], until: int) -> _Place | None:
    """The place of line ``until``; None within a block of words."""
    stack = [_Open(0, "")]
    block: int | None = None
    for number, line in enumerate(lines[: until + 1]):
        text = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (indent > block or not text) and not (number == until and not text):
            if number == until:
                return None
            continue
        block = None
        is_last = number == until
        if (not text or text.startswith("#")) and not is_last:
            continue
        indent = _open_items(stack, line, indent if text or not is_last else len(line))
        if is_last:
            break
        match = _KEY.match(line[indent:])
        if match:
            stack[-1].keys[match[1]] = (match[2] or "").strip()
            stack.append(_Open(indent + 1, match[1]))
            block = indent if _BLOCK.search(line) else None
    return _found(stack, indent, lines, until)


def _open_items(stack: list[_Open], line: str, indent: int) -> int:
    """Close what ends before this line, open the items of lists that begin in it; how far its content is indented."""
    is_item = line[indent : indent + 1] == "-" and line[indent + 1 : indent + 2] in (" ", "")
    while len(stack) > 1 and stack[-1].indent > indent:
        stack.pop()
    if is_item:
        while len(stack) > 1 and stack[-1].name == "" and stack[-1].indent > indent:
            stack.pop()
        after = line[indent + 1 :]
        indent += 1 + (len(after) - len(after.lstrip(" ")) or 1)
        stack.append(_Open(indent, ""))
    return indent


def _found(stack: list[_Open], indent: int, lines: list[str], until: int) -> _Place:
    is_lecture = looks_like_lecture("\n".join(lines))
    schema: Schema = _lecture() if is_lecture else _whole()
    path: list[str] = []
    keys: Mapping[str, str] = stack[0].keys
    for opened in stack[1:]:
        schema = _under(schema, opened.name, keys) if opened.name else _item(schema)
        path.append(opened.name)
        keys = opened.keys
    own = {**keys, **_later(lines, until, indent)}
    resolved = _resolved(schema)
    is_scalar = stack[-1].name == "" and len(stack) > 1 and not _properties(resolved, own)
    return _Place(indent, tuple(path), schema, own, is_scalar, is_lecture)


def _later(lines: list[str], after: int, indent: int) -> dict[str, str]:
    """The keys of the same mapping that stand below the cursor."""
    found: dict[str, str] = {}
    for line in lines[after + 1 :]:
        depth = len(line) - len(line.lstrip(" "))
        if not line.strip() or depth > indent:
            continue
        match = _KEY.match(line[depth:])
        if depth < indent or match is None:
            break
        found[match[1]] = (match[2] or "").strip()
    return found


# --- the schema ---


@cache
def _whole() -> Schema:
    return json_schema()


@cache
def _lecture() -> Schema:
    return lecture_schema.json_schema()


@cache
def _parts() -> Schema:
    """The mappings that either format is made of, by name."""
    found: Schema = {**_whole()["$defs"], **_lecture()["$defs"]}
    return found


def _resolved(schema: Schema) -> Schema:
    """What a reference, or the only part of a union that is not null, stands for."""
    while True:
        if "$ref" in schema:
            schema = _parts()[schema["$ref"].rsplit("/", 1)[1]]
            continue
        parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
        if len(parts) != 1:
            return schema
        schema = parts[0]


def _branches(schema: Schema, keys: Mapping[str, str]) -> list[Schema]:
    """The mappings that a place may be: one, or those kinds of bet that ``asks`` does not exclude."""
    schema = _resolved(schema)
    if "oneOf" not in schema:
        return [schema]
    tag = schema.get("discriminator", {}).get("propertyName", "")
    mapping = schema.get("discriminator", {}).get("mapping", {})
    chosen = mapping.get(keys.get(tag, ""))
    return [_resolved({"$ref": chosen})] if chosen else [_resolved(part) for part in schema["oneOf"]]


def _properties(schema: Schema, keys: Mapping[str, str]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for branch in _branches(schema, keys):
        for name, value in branch.get("properties", {}).items():
            found.setdefault(name, value)
    return found


def _under(schema: Schema, key: str, keys: Mapping[str, str]) -> Schema:
    """The schema of what stands under a key."""
    known = _properties(schema, keys).get(key)
    if known is not None:
        if key == "asks" and "const" in known:
            values = [each["properties"][key].get("const") for each in _branches(schema, {})]
            return {"enum": values}
        return known
    resolved = _resolved(schema)
    more: object = resolved.get("additionalProperties") or next(
        iter(resolved.get("patternProperties", {}).values()), {}
    )
    return more if isinstance(more, dict) else {}


def _item(schema: Schema) -> Schema:
    found = _resolved(schema).get("items", {})
    return found if isinstance(found, dict) else {}


# --- what is offered ---


def _keys(place: _Place, text: str) -> Iterator[str]:
    """Keys that this mapping may still have."""
    last = place.path[-1] if place.path else ""
    if last == "states":
        yield from (f"{host}: " for host in host_names(text) if host not in place.keys)
    if last == "sysctls":
        yield from (f"{_short(name)}: " for name in SYSCTLS if _short(name) not in place.keys)
    for name, schema in _properties(place.schema, place.keys).items():
        if name not in place.keys:
            resolved = _resolved(schema)
            is_nested = resolved.get("type") in ("object", "array") or "oneOf" in resolved
            yield f"{name}:" if is_nested else f"{name}: "


def _short(setting: str) -> str:
    """``tcp_syn_retries`` for ``net.ipv4.tcp_syn_retries``."""
    return setting.removeprefix("net.ipv4.")


def _values(path: tuple[str, ...], typed: str, schema: Schema, text: str) -> Iterator[str]:
    """Values that this key may have."""
    key = next((name for name in reversed(path) if name), "")
    words = typed.split(" ")[:-1]
    resolved = _resolved(schema)
    for value in (*resolved.get("enum", ()), *((resolved["const"],) if "const" in resolved else ())):
        yield str(value)
    if resolved.get("type") == "boolean":
        yield from ("true", "false")
    hosts = host_names(text)
    if key in ("cue", "when"):
        yield from _next_of_cue(words, hosts)
    elif key in ("act", "program"):
        yield from _next_of_act(words, hosts if key == "act" else ())
    elif key == "profile":
        yield from profile_names()
    elif key == "variant":
        yield from VARIANTS
    elif key == "property":
        yield from PROPERTIES
    elif key == "host":
        yield from hosts
    elif key == "until":
        yield AT_REST
    elif len(path) > 1 and path[-2] == "states":
        yield from (state.value for state in State)


def _next_of_cue(words: list[str], hosts: tuple[str, ...]) -> Iterable[str]:
    if not words:
        return ("start", "end", *hosts)
    if len(words) == 1 and words[0] in hosts:
        return VERBS
    if len(words) == 2:
        return _OBJECTS.get(words[1], ())
    return ()


_FLAGS = ("SYN", "SYN,ACK", "ACK", "FIN,ACK", "RST", "RST,ACK", "data", "any")
_STATES = tuple(state.value for state in State)
_OBJECTS: dict[str, tuple[str, ...]] = {
    "sends": _FLAGS, "receives": _FLAGS, "loses": _FLAGS, "enters": _STATES, "leaves": _STATES,
    "timer": tuple(TIMERS), "calls": tuple(CALLS),
}  # fmt: skip


def _next_of_act(words: list[str], hosts: tuple[str, ...]) -> Iterable[str]:
    """Acts and calls; in a program calls stand without a host, and lines may wait."""
    if words and words[0] in ("after", "at") and len(words) >= 2:
        return _next_of_act(words[2:], hosts)
    if not words:
        waits = ("after",) if hosts else ("after", "at", "when", "repeat", *CALLS)
        return (*waits, *HANDS, *hosts)
    if len(words) == 1 and words[0] in hosts:
        return tuple(CALLS)
    if len(words) == 1 and words[0] in ("crash", "reboot"):
        return hosts
    return ()


def host_names(text: str) -> tuple[str, ...]:
    """The hosts that a lesson's text sets up, as far as it has been typed."""
    found: list[str] = []
    is_inside = False
    for line in text.splitlines():
        if re.match(r"\S", line) and not line.startswith("#"):
            is_inside = line.startswith("hosts:")
        match = re.match(r"  ([a-z][a-z0-9_]*):", line)
        if is_inside and match:
            found.append(match[1])
    return tuple(found)
