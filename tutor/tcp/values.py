"""replace: the next value of a frozen record; and records made of drafts that have the same fields.

Rules
-----
* The same promise as ``dataclasses.replace``: a new value with some fields changed, the old one untouched.
* Only for slotted dataclasses without ``__post_init__``: the slots are copied, no constructor runs.

Theory
------
An event makes about twenty new records, and with ``dataclasses.replace`` half of the engine's time went
there: the constructor of a frozen dataclass sets every field through ``object.__setattr__``. Here each class
has a *twin* with the same slots that is not frozen. Its fields are assigned, as fast as Python can, and then
it becomes an instance of the class: objects with equal slots may change their ``__class__``. That takes a
tenth of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")

_COPIERS: dict[type, Callable[[Any, dict[str, Any]], Any]] = {}


def _copier(cls: Any) -> Callable[[Any, dict[str, Any]], Any]:
    """A function (old, changes) -> new for the dataclass ``cls``, made on first use."""
    slots = [field.name for field in fields(cls)]
    names: dict[str, Any] = {"Twin": type(f"{cls.__name__}Twin", (), {"__slots__": slots}), "cls": cls}
    source = "\n".join(
        (
            "def copier(old, changes):",
            "    new = Twin()",
            *(f"    new.{name} = old.{name}" for name in slots),
            "    for name in changes:",
            "        setattr(new, name, changes[name])",
            "    new.__class__ = cls",
            "    return new",
        )
    )
    exec(source, names)  # noqa: S102 - names of fields and nothing else
    _COPIERS[cls] = names["copier"]
    return _COPIERS[cls]


def replace(value: T, **changes: Any) -> T:
    """``value`` with ``changes``. Raises ``AttributeError`` for a field that does not exist."""
    cls = type(value)
    copier = _COPIERS.get(cls) or _copier(cls)
    result: T = copier(value, changes)
    return result


def frozen(cls: type[T], draft: Any) -> T:
    """The record of class ``cls`` with the fields that ``draft`` has."""
    copier = _COPIERS.get(cls) or _copier(cls)
    result: T = copier(draft, {})
    return result


def filler(names: Iterable[str]) -> Callable[[Any, Any], None]:
    """A function (draft, record) that gives ``draft`` each of the fields ``names`` as ``record`` has it."""
    lines = ("def fill(draft, record):", *(f"    draft.{name} = record.{name}" for name in names))
    written: dict[str, Any] = {}
    exec("\n".join(lines), written)  # noqa: S102 - names of fields and nothing else
    fill: Callable[[Any, Any], None] = written["fill"]
    return fill
