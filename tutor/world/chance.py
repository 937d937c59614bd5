"""Chance: dice keyed by what they are thrown for, never a running generator.

Rules
-----
* ``draw(seed, what, key)`` is a pure function: the same three arguments give the same number everywhere.
* ``key`` names the thing itself (connection, sender, numbers, flags, ordinal among equals), nothing that
  somebody's act elsewhere could change.

Theory
------
With a running generator every later throw depends on how often it was thrown before. A learner who dropped one
packet by hand would change the fate of all later ones, and the two futures could not be compared. Keyed by
packet, **a packet that exists in both futures has the same fate in both**.
"""

from __future__ import annotations

from hashlib import blake2b

Key = tuple[str | int | None, ...]


def _bits(seed: int, what: str, key: Key) -> int:
    """64 bits that depend on all three arguments and on nothing else."""
    text = "\x1f".join((str(seed), what, *map(str, key)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def draw(seed: int, what: str, key: Key) -> float:
    """A number in [0, 1) for ``what`` (``"loss"``, ``"jitter"``...) of the thing that ``key`` names."""
    return (_bits(seed, what, key) >> 11) * 2.0**-53


def number(seed: int, what: str, key: Key) -> int:
    """A 32-bit number, for initial sequence numbers."""
    return _bits(seed, what, key) >> 32
