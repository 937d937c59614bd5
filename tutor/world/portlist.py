"""A list of ports as a setting writes it."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=64)
def reserved_ports(text: str) -> frozenset[int]:
    """The ports that ``8080,9148-9152`` names (ip_local_reserved_ports). Raises ``ValueError``."""
    found: set[int] = set()
    for part in text.split(","):
        if part.strip():
            low, _, high = part.partition("-")
            found.update(range(int(low), int(high or low) + 1))
    if not all(0 <= port < 1 << 16 for port in found):
        raise ValueError("ports are 0 to 65535")
    return frozenset(found)
