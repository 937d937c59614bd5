"""The part of JSON Schema that our own schemas use, as a checker: what is wrong with a value, as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}

UNDERSTOOD = frozenset(
    {"$schema", "$defs", "title", "description", "type", "oneOf", "$ref", "enum", "const", "pattern", "minimum"}
    | {"maximum", "properties", "required", "items", "minItems", "maxItems", "additionalProperties"}
)
"""Any other word in a schema would pass everything unseen."""


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str = "$") -> Iterator[str]:
    """Everything in ``value`` that the schema forbids."""
    assert set(schema) <= UNDERSTOOD, f"this checker does not know {set(schema) - UNDERSTOOD}"
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, where)
    if "oneOf" in schema:
        fits = [not list(faults(value, choice, root, where)) for choice in schema["oneOf"]]
        if sum(fits) != 1:
            yield f"{where}: fits {sum(fits)} of {len(fits)} choices: {value!r}"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{where}: {value!r} is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not among {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r} is not {schema['const']!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} does not match {schema['pattern']}"
    if not schema.get("minimum", value) <= value if "minimum" in schema else False:
        yield f"{where}: {value} is too small"
    if not value <= schema["maximum"] if "maximum" in schema else False:
        yield f"{where}: {value} is too large"
    if isinstance(value, dict):
        yield from _object(value, schema, root, where)
    if isinstance(value, list):
        yield from _array(value, schema, root, where)


def _is(value: Any, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], where: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    more = schema.get("additionalProperties", True)
    for name, inner in value.items():
        if name in known:
            yield from faults(inner, known[name], root, f"{where}.{name}")
        elif more is False:
            yield f"{where}: {name} is not allowed"
        elif isinstance(more, dict):
            yield from faults(inner, more, root, f"{where}.{name}")


def _array(value: list[Any], schema: dict[str, Any], root: dict[str, Any], where: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{where}: {len(value)} items"
    for i, inner in enumerate(value):
        yield from faults(inner, schema.get("items", {}), root, f"{where}[{i}]")
