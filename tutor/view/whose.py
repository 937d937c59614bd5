"""Whose an act is: a hand's, or one that the run came with.

Rules
-----
* In a run that a search has found, nobody does by hand what belongs to it: calls of the earlier connection are named as
  such, calls and losses of its moves are said plainly, and all else was arranged for the run.
* What a learner does besides, in such a run too, is done by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.view.byhand import TOUCHED
from tutor.words import Words
from tutor.world.acts import ActError, parse_act
from tutor.world.records import Acted, Flight


@dataclass(frozen=True, slots=True)
class Whose:
    """The acts that a run came with, as (time in microseconds, line); those before ``since`` are the earlier
    connection's."""

    acts: frozenset[tuple[int, str]] = frozenset()
    since: int = 0

    def knows(self, record: Acted) -> bool:
        """Did the run come with this act?"""
        return (record.at, record.text) in self.acts

    def began(self, record: Acted | None, said: str, words: Words) -> str:
        """The beginning of a sentence, with what was done: by hand, in the earlier connection, or plainly."""
        if record is None or not self.knows(record):
            return words.t("by hand: {act}", act=said)
        if record.at < self.since:
            return words.t("earlier connection: {act}", act=said)
        return said if _is_plain(record.text) else words.t("for this run: {act}", act=said)

    def fate(self, flight: Flight, fate: str, words: Words) -> str:
        """What became of a segment: one that the run came with losing was not dropped by a hand."""
        is_own = any(text == f"drop #{flight.id}" for _, text in self.acts)
        return words.fate("lost" if is_own and fate == "dropped" else fate)


ANYBODYS = Whose()
"""Every act is a hand's."""


def _is_plain(line: str) -> bool:
    """Is it a call, a crash, or something that becomes of a segment?"""
    try:
        act = parse_act(line)
    except ActError:
        return False
    return bool(act.host) or act.name in TOUCHED or act.name in ("crash", "reboot")
