"""The verdict on a recording: pass, fail with the first difference, or unsupported with the feature by its name.

Rules
-----
* A file that is no recording fails, with the place. One that needs what is not simulated is unsupported: never a pass.
* The first difference is the one that stands first in the recording. Both sides are told whole, the field marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tutor.exchange.golden.comparing import Comparison, Difference, Fields
from tutor.exchange.golden.inexact import inexact
from tutor.exchange.golden.program import NotModelled
from tutor.exchange.golden.reading import LARGEST, TraceError, read, too_large
from tutor.exchange.golden.replaying import Replay
from tutor.exchange.golden.stage import TooLong
from tutor.exchange.golden.states import states
from tutor.exchange.golden.trace import Trace
from tutor.tcp.profile import Profile

__all__ = ("LARGEST", "Verdict", "judge", "too_large", "verdict")

PASS, FAIL, UNSUPPORTED = "pass", "fail", "unsupported"

BROKEN = (AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a fault of ours raises: it must not hide the verdicts on the files after it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a recording. ``what``: why it is no recording, or the feature that is not simulated."""

    kind: str
    what: str = ""
    difference: Difference | None = None

    def __str__(self) -> str:
        found = self.difference
        if found is None:
            return f"{self.kind} {self.what}".rstrip()
        both = f"\n    expected: {_line(found.expected, found.field)}\n    actual:   {_line(found.actual, found.field)}"
        return f"{self.kind} {found.where}: {found.field}{both}"

    def as_json(self) -> dict[str, Any]:
        """The verdict for machines."""
        told: dict[str, Any] = {"verdict": self.kind}
        if self.what:
            told["what"] = self.what
        if self.difference is not None:
            names = ("where", "field", "expected", "actual")
            told["difference"] = {name: getattr(self.difference, name) for name in names}
        return told


def judge(text: str, profile: Profile) -> Verdict:
    """Replay the recording that ``text`` is under ``profile``, and compare."""
    try:
        return verdict(read(text), profile)
    except TraceError as error:
        return Verdict(FAIL, str(error))


def verdict(trace: Trace, profile: Profile) -> Verdict:
    """Replay ``trace`` under ``profile``, and compare."""
    try:
        replay = Replay(trace, profile)
        log = replay.run()
    except (NotModelled, TooLong) as missing:
        return Verdict(UNSUPPORTED, str(missing))
    except BROKEN as fault:
        return Verdict(FAIL, f"the simulated host broke: {type(fault).__name__}: {fault}")
    found = min(differences(Comparison(trace, log, replay.ports)), key=lambda each: each.n, default=None)
    return Verdict(PASS) if found is None else Verdict(FAIL, "", found)


def differences(comparison: Comparison) -> Iterator[Difference]:
    """Every first difference: of each stream, call and socket."""
    if comparison.trace.compare.exact:
        yield from comparison.segments()
        yield from comparison.calls()
        yield from states(comparison)
    else:
        yield from inexact(comparison)


def _line(fields: Fields | None, marked: str) -> str:
    """An entry on one line, the field ``marked`` between asterisks; what is empty is left out."""
    if fields is None:
        return "nothing"
    words = []
    for name, value in fields.items():
        if name == marked:
            words.append(f"*{name}={_word(value)}*")
        elif value not in (None, False, [], ""):
            words.append(name if value is True else f"{name}={_word(value)}")
    return " ".join(words)


def _word(value: object) -> str:
    if isinstance(value, list):
        return ",".join(f"{left}-{right}" for left, right in value) or "none"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"
