"""Aspect: what of the state diagram is drawn besides the run itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aspect:
    """Which variant of the figure, and what is laid over it.

    ``figure`` is one of ``geometry.FIGURES``; ``has_transients`` draws aborts, resets and reopening too;
    ``has_paths`` lays the typical paths of client and server under it. ``coverage`` ("", "run", "ever") shows what
    has been crossed instead of what this run does; ``crossed`` are the drawn edges that have been, then.
    """

    figure: str = "rfc"
    has_transients: bool = False
    has_paths: bool = False
    coverage: str = ""
    crossed: frozenset[str] = frozenset()
    times: tuple[tuple[str, int], ...] = ()
    """How often drawn edges have been crossed; where it is known, the number stands in the place of a tick."""
    has_hosts: bool = True
    """Are the hosts shown where they are?"""
    lit: frozenset[str] = frozenset()
    """Drawn edges that the selected segment made somebody cross."""


PLAIN = Aspect()
"""RFC 9293's figure and nothing over it."""
