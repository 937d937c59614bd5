"""Parameter: one thing that can be set, as a value, and what a hand may do about it.

Rules
-----
* Values are texts, as an act takes them. ``Control`` reads and writes the number in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from tutor.tcp.profile import Source
from tutor.world.time import parse_duration

NOT_HERE = "–"
"""The value of a setting on a kernel that lacks it."""


@dataclass(frozen=True, slots=True)
class Control:
    """What a hand may do: ``kind`` is number, yes/no, choice, text or none.

    ``unit`` is read behind a number, ``suffix`` written behind it in an act. ``least`` and ``most`` are bounds (None:
    none known); a slider goes from ``low`` to ``high`` (equal: no slider).
    """

    kind: str = "none"
    unit: str = ""
    suffix: str = ""
    least: float | None = None
    most: float | None = None
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    """What the choices are called, one each (message ids); () where they are called as they are written."""

    @property
    def is_whole(self) -> bool:
        """Does only a whole number fit?"""
        return not self.suffix

    def number(self, text: str) -> float | None:
        """The number that a value's text holds; None if it holds none."""
        try:
            number = float(text.removesuffix(self.suffix))
        except ValueError:
            return self._span(text)
        return number if isfinite(number) else None

    def _span(self, text: str) -> float | None:
        """A span in another unit than the control's own: ``10s`` where it counts in ms."""
        try:
            return parse_duration(text) / parse_duration(f"1{self.suffix}") if self.suffix else None
        except ValueError:
            return None

    def shown(self, text: str) -> str:
        """A value's text as people write it: a space before its unit."""
        if self.suffix and text.endswith(self.suffix):
            return f"{text.removesuffix(self.suffix)} {self.suffix}"
        return f"{text} {self.unit}" if self.unit and text[-1:].isdigit() else text

    def title(self, text: str) -> str:
        """What a choice is called (a message id)."""
        return dict(zip(self.choices, self.titles, strict=False)).get(text, text)

    def text(self, number: float) -> str:
        """A number as an act takes it."""
        return trimmed(round(number) if self.is_whole else number) + self.suffix


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that can be set, or that is shown not to be. Texts are English message ids, values are as in acts.

    ``kind``: setting, constant, link, option, program, profile, variant, machine, fixed or elsewhere. ``others``: what
    each profile has. ``why``: why it is locked, without effect, or not simulated ("" for neither).
    """

    id: str
    key: str
    owner: str
    name: str
    kind: str
    group: str
    title: str
    control: Control = Control()
    value: str = ""
    default: str = ""
    doc: str = ""
    source: Source | None = None
    version: str = ""
    others: tuple[tuple[str, str], ...] = ()
    is_locked: bool = False
    why: str = ""
    why_values: tuple[tuple[str, str], ...] = ()
    field: str = ""
    """The field of the profile behind it."""
    call: str = ""
    """Of a socket's option: the socket; of a line of a program: its call; of one way of a link: who receives."""

    @property
    def is_changed(self) -> bool:
        """Has it another value than by default?"""
        return self.value != self.default


def trimmed(number: float) -> str:
    """A number without trailing zeros: ``0.5``, ``60``."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
