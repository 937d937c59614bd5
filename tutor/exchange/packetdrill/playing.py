"""A script as a run: what its programs and its peer do, at their times; what it expects of the host is passed over.

Rules
-----
* The script is rehearsed once, to learn the host's initial numbers and when things happen; then it is a list of acts,
  and whoever plays them gets the same run. The engine answers, whatever the script would have liked to hear.
* Settings of another system are left out, and named: nothing is judged by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.exchange.packetdrill.judge import STANDARD, Beside, settings_beside
from tutor.exchange.packetdrill.neutral import PLAYED
from tutor.exchange.packetdrill.parser import parse
from tutor.exchange.packetdrill.runner import Failure, Run
from tutor.exchange.packetdrill.script import Item
from tutor.exchange.packetdrill.settings import StateGrep
from tutor.tcp.profile import Profile
from tutor.world.acts import Act, parse_act
from tutor.world.time import SECOND


@dataclass(frozen=True, slots=True)
class Played:
    """The run of a script: settings of the host under test, acts at their times (microseconds), and its end.

    ``left_out``: the names of another system's settings.
    """

    settings: tuple[tuple[str, str], ...]
    acts: tuple[tuple[int, Act], ...]
    until: int
    left_out: tuple[str, ...] = ()


class _Rehearsal(Run):
    """A run in which nothing is expected."""

    def _differs(self, failure: Failure) -> None:
        """The engine answers; what the script expected does not matter here."""

    def _counts(self, item: Item, wanted: StateGrep) -> None:
        """Nor does how many connections it expected in which state."""


def rehearse(text: str, profile: Profile, beside: Beside = lambda _path: None) -> Played:
    """The acts of the script that ``text`` is. Raises ``ScriptError``, ``NotModelled``, ``TooLong``."""
    rehearsal = _Rehearsal(
        parse(text, STANDARD),
        profile,
        defaults=lambda name: settings_beside(beside, f"common/{name}.settings"),
        scope=PLAYED,
    )
    rehearsal.play()
    deeds = tuple((at, parse_act(deed)) for at, deed in rehearsal.stage.deeds)
    end = max(rehearsal.now, rehearsal.stage.world.now)
    preparation = rehearsal.preparation
    return Played(tuple(preparation.settings), deeds, end + SECOND, tuple(dict.fromkeys(preparation.left_out)))
