"""Store: values under numbers, so that a world of many records is a small tuple of integers.

Rules
-----
* ``Interned``: every distinct value has one number, and what a function made of some numbers is remembered.
* ``Plain``: a value is its own number, and nothing is remembered. It is slow and obviously right; a test holds that
  both lead to the same number of worlds and of moves.

Theory
------
In a search the same block meets the same segment in thousands of worlds. The engine is pure, so it need be asked once.
What is left to do for each further world is looking up integers in tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Protocol


class Store(Protocol):
    """What a search keeps its values in."""

    def key(self, value: Any) -> Any:
        """What stands for ``value`` in a world."""

    def value(self, key: Any) -> Any:
        """What ``key`` stands for."""

    def ordered(self, keys: Iterable[Any]) -> tuple[Any, ...]:
        """``keys`` in an order that depends on nothing but which ones they are."""

    def memo(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, asked once for the same arguments if this store remembers."""


class Interned:
    """Values under numbers; functions of numbers are remembered."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._values: list[Any] = []

    def key(self, value: Any) -> int:
        """The number of ``value``."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self._values)
            self._values.append(value)
        return number

    def value(self, key: int) -> Any:
        """The value of a number."""
        return self._values[key]

    def ordered(self, keys: Iterable[int]) -> tuple[int, ...]:
        """As their numbers come."""
        return tuple(sorted(keys))

    def memo(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function`` with a memory."""
        return cache(function)

    def __len__(self) -> int:
        return len(self._values)


class Plain:
    """Values as they are; nothing is remembered."""

    def key(self, value: Any) -> Any:
        """The value itself."""
        return value

    def value(self, key: Any) -> Any:
        """The value itself."""
        return key

    def ordered(self, keys: Iterable[Any]) -> tuple[Any, ...]:
        """By what they look like: the same value always looks the same."""
        return tuple(sorted(keys, key=repr))

    def memo(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return function
