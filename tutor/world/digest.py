"""Digest: a fingerprint of a World that is the same on every machine.

Rules
-----
* The fingerprint is SHA-256 over a canonical text of the world, in hexadecimal.
* Canonical text: a number, None or a bool as Python writes it; text in JSON's quotes; an enumeration by its value; a
  tuple as ``[a,b]``; a record as ``Name(field=text,...)`` in the order of its fields; a map as ``{key:text,...}``
  sorted by the text of its keys; a profile as its name and every rule; the agenda as its entries in order.
* Nothing in it depends on hash seeds, addresses in memory, or the order in which a map gives its entries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from tutor.tcp.profile import RULES, Profile
from tutor.world.agenda import Agenda
from tutor.world.desk import World


def digest(world: World) -> str:
    """The fingerprint of ``world``: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(world).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The canonical text of a value of the world."""
    if value is None or isinstance(value, bool | float) or type(value) is int:
        return repr(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Profile):
        return _profile(value)
    if isinstance(value, Agenda):
        return canonical(tuple(value))
    if isinstance(value, Mapping):
        pairs = sorted((canonical(key), canonical(entry)) for key, entry in value.items())
        return "{" + ",".join(f"{key}:{entry}" for key, entry in pairs) + "}"
    if isinstance(value, tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    assert is_dataclass(value), f"no canonical text for {type(value).__name__}"
    inside = ",".join(f"{field.name}={canonical(getattr(value, field.name))}" for field in fields(value))
    return f"{type(value).__name__}({inside})"


@lru_cache(maxsize=256)
def _profile(profile: Profile) -> str:
    rules = ",".join(f"{rule.name}={getattr(profile, rule.name)!r}" for rule in RULES)
    return f"Profile({profile.name},{rules})"
