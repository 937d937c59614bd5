"""Why the session did not do what was asked: one short sentence each."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.refusals import in_words
from tutor.tcp.reasons import Reason
from tutor.teach.allowed import line_error
from tutor.words import Words, mark
from tutor.world.lines import LineError

SENTENCES: dict[str, str] = {
    "bet-open": mark("Answer first. What comes next would give it away."),
    "stopped-at-bet": mark("The run stops here: an answer is awaited."),
    "at-the-end": mark("This is the end of the run."),
    "at-the-start": mark("This is the start of the run."),
    "last-beat": mark("No later step of the lesson happens on this branch."),
    "nothing-to-undo": mark("There is nothing to undo."),
    "nothing-to-redo": mark("There is nothing to redo."),
    "no-choice": mark("Choose an answer first."),
    "no-change": mark("Choose an answer, or change one parameter or one line of a program, and nothing else."),
    "no-question": mark("Nothing is asked here."),
    "not-a-time": mark("This is not a time. Write it as 3s, 200ms or 2min."),
    "explain-first": mark("Explain first. Then the points appear."),
    "order-all": mark("Put all of them in order first."),
    "attack-first": mark("Be the network first: break it there."),
    "nothing-to-play": mark("There is no run to play for this answer."),
    "lesson-done": mark("This was the last of the lesson."),
    "on-the-road": mark("There is nothing to go back to: this is the run as it began."),
    "no-such-segment": mark("There is no such segment on this branch."),
    "no-way-there": mark("Choose a state or an edge of the diagram that exists under these rules."),
    "no-such-branch": mark("There is no such branch."),
    "no-parameter": mark("There is no such parameter here: {name}."),
    "not-a-number": mark("{name} takes a number, not {found}."),
    "not-whole": mark("{name} takes a whole number, not {found}."),
    "too-small": mark("{name} takes {least} or more, not {found}."),
    "out-of-bounds": mark("{name} takes {least} to {most}, not {found}."),
    "not-a-choice": mark("{name} takes one of {choices}, not {found}."),
    "locked": mark("{name} is a constant of this TCP: only “what if” changes it."),
    "not-simulated": mark("{name} cannot be set here: {why}."),
    "no-socket": mark("{name}: no program holds a socket at this moment."),
    "branch-in-use": mark("This future leads to what is on screen, or is the road itself: it stays."),
    "no-other-branch": mark("There is no other future yet. Touch something, and there will be."),
    "not-done-again": mark("Set from the start. In that run this could not be done again: {acts}."),
    "done-where-sent": mark("Set from the start. What you did to a segment is done again when the same one is sent."),
    "cannot-act": mark("This cannot be done here: {detail}"),
}
"""Id -> sentence."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence by id, with the ``values`` it names.

    ``detail``: what the world said about an act it could not do, or could not read.
    """

    id: str
    detail: str | Reason | LineError = ""
    values: tuple[tuple[str, str], ...] = ()

    def text(self, words: Words) -> str:
        """The sentence in the language of ``words``."""
        detail = self.detail
        if isinstance(detail, Reason):
            detail = words.refusal(detail)
        elif isinstance(detail, LineError):
            detail = line_error(detail, words)
        else:
            detail = in_words(detail, words)
        values = {name: words.t(value) if name == "why" else value for name, value in self.values}
        return words.t(SENTENCES[self.id], detail=detail, **values)
