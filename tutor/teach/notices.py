"""Why the session did not do what was asked: one short sentence each."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.tcp.reasons import Reason
from tutor.words import Words, mark

SENTENCES: dict[str, str] = {
    "bet-open": mark("Answer the bet first. What comes next would give it away."),
    "stopped-at-bet": mark("The run stops here: a bet is open."),
    "at-the-end": mark("This is the end of the run."),
    "at-the-start": mark("This is the start of the run."),
    "last-beat": mark("No later step of the lesson happens on this branch."),
    "nothing-to-undo": mark("There is nothing to undo."),
    "nothing-to-redo": mark("There is nothing to redo."),
    "no-choice": mark("Choose an answer first."),
    "no-question": mark("Nothing is asked here."),
    "on-the-road": mark("You are on the lesson's road."),
    "no-such-segment": mark("There is no such segment on this branch."),
    "no-such-branch": mark("There is no such branch."),
    "cannot-act": mark("This cannot be done here: {detail}"),
}
"""Id -> sentence."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence by id. ``detail`` is what the world said about an act it could not do."""

    id: str
    detail: str | Reason = ""

    def text(self, words: Words) -> str:
        """The sentence in the language of ``words``."""
        detail = words.refusal(self.detail) if isinstance(self.detail, Reason) else self.detail
        return words.t(SENTENCES[self.id], detail=detail)
