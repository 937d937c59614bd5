"""Sequence number arithmetic, modulo 2^32.

Rules
-----
* A sequence number is an ``int`` in ``range(2**32)``; a distance is a plain ``int``.
* This is the only module that compares sequence numbers. Everybody else asks it.
* ``a`` is before ``b`` when walking forward from ``a`` reaches ``b`` in fewer than 2^31 steps.

Theory
------
RFC 9293 section 3.4: the space is finite, so "less than" only has a meaning for two numbers that
are less than half the space apart. The windows of TCP are kept below 2^31 for that very reason
(RFC 7323 section 2.3 stops the window scale at 14).
"""

from __future__ import annotations

SPACE = 1 << 32
"""How many sequence numbers there are (RFC 9293 section 3.4)."""

_HALF = 1 << 31
_MASK = SPACE - 1


def add(number: int, octets: int) -> int:
    """The number ``octets`` after ``number`` (before it, if negative)."""
    return (number + octets) & _MASK


def distance(start: int, end: int) -> int:
    """Signed steps from ``start`` to ``end``, in ``range(-2**31, 2**31)``."""
    return ((end - start + _HALF) & _MASK) - _HALF


def before(a: int, b: int) -> bool:
    """``a < b`` on the circle (RFC 9293 section 3.4)."""
    return (a - b) & _MASK >= _HALF


def before_or_at(a: int, b: int) -> bool:
    """``a =< b`` on the circle."""
    return (b - a) & _MASK < _HALF


def within(low: int, number: int, length: int) -> bool:
    """``low =< number < low + length``: is ``number`` in the window of ``length`` octets at ``low``?"""
    return (number - low) & _MASK < length


def later(a: int, b: int) -> int:
    """Whichever of the two numbers comes last."""
    return b if before(a, b) else a


def counted(number: int) -> str:
    """How a number is written that counts from an initial one: ``ISN-5`` is five before it."""
    return f"ISN{number}" if number < 0 else str(number)
