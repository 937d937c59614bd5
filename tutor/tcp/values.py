"""replace: the next value of a frozen record.

Rules
-----
* The same promise as ``dataclasses.replace``: a new value with some fields changed, the old one untouched.
* Only for slotted dataclasses without ``__post_init__``: the slots are copied, no constructor runs.

Theory
------
An event makes about eight new records, and with ``dataclasses.replace`` half of the engine's time went
there: the constructor of a frozen dataclass sets every field through ``object.__setattr__``. A copier is
therefore written out once per class, as the dataclasses module itself writes out ``__init__``; it takes
a quarter of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")

_COPIERS: dict[type, Callable[[Any, dict[str, Any]], Any]] = {}


def _copier(cls: Any) -> Callable[[Any, dict[str, Any]], Any]:
    """A function (old, changes) -> new for the dataclass ``cls``, made on first use."""
    writers = {field.name: cls.__dict__[field.name].__set__ for field in fields(cls)}
    names: dict[str, Any] = {f"write_{name}": writer for name, writer in writers.items()}
    names |= {"writers": writers, "make": object.__new__, "cls": cls}
    lines = [f"    write_{name}(new, old.{name})" for name in writers]
    source = "\n".join(
        (
            "def copier(old, changes):",
            "    new = make(cls)",
            *lines,
            "    for name in changes:",
            "        writers[name](new, changes[name])",
            "    return new",
        )
    )
    exec(source, names)  # noqa: S102 - names of fields and nothing else
    _COPIERS[cls] = names["copier"]
    return _COPIERS[cls]


def replace(value: T, **changes: Any) -> T:
    """``value`` with ``changes``. Raises ``KeyError`` for a field that does not exist."""
    cls = type(value)
    copier = _COPIERS.get(cls) or _copier(cls)
    result: T = copier(value, changes)
    return result
