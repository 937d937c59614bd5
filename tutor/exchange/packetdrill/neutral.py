"""How much of a script is asked: all of it, or the neutral form for a script that was written for another system.

Rules
-----
* The neutral form leaves out that system's own settings and its buffer sizes, and does not compare the advertised
  window nor the options of a SYN: those are a matter of taste between systems. All else is asked word for word.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared, and which settings are passed over."""

    compares_window: bool = True
    compares_syn_options: bool = True
    foreign: tuple[str, ...] = ()
    """Beginnings of the names of settings that are left out."""
    ignored_options: frozenset[str] = frozenset()
    """Socket options whose value nobody asks for."""

    def leaves_out(self, name: str) -> bool:
        """Is this setting another system's?"""
        return name.startswith(self.foreign) if self.foreign else False


FULL = Scope()
NEUTRAL = Scope(
    compares_window=False,
    compares_syn_options=False,
    foreign=("net.inet.", "kern.ipc."),
    ignored_options=frozenset({"SO_RCVBUF"}),
)
PLAYED = Scope(foreign=NEUTRAL.foreign)
"""Nothing is asked of a script that is only played; another system's settings mean nothing here."""
