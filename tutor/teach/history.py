"""History: the sessions that undo goes back to, and what each step was.

Rules
-----
* Undo takes back everything: deeds, moves in time, playing, and the looks (language, theme, filter, figure, panels).
  Only progress stays: branches (an undone one is a ghost), answers, and what was crossed before the learner's eyes.
* Steps of one sort in a row are one step: dragging along the scrubber, stepping, typing a filter, making text larger.
  Playing is one step from its start to its end. Each deed is a step of its own.
* Pointing at something is no step; what was pointed at comes back with the rest.
* What undo says it will take back is made from what the learner asked for, never from what came of it: it can tell
  nothing that is not known yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.teach import intents
from tutor.teach.notices import Notice

if TYPE_CHECKING:
    from tutor.teach.session import Session

DEPTH = 100
"""So many steps can be taken back."""

DEEDS = (
    intents.SetParameter, intents.WhatIf, intents.TakeMeThere,
    intents.ActNow, intents.Drop, intents.Delay, intents.Duplicate, intents.Corrupt, intents.Swap, intents.EditProgram,
    intents.BackToLesson, intents.GoExploring, intents.SwitchBranch, intents.NextBranch, intents.PreviousBranch,
    intents.DeleteBranch, intents.OpenLesson,
)  # fmt: skip
"""Each of these is a step of its own."""

_SORTS: dict[type, str] = {
    intents.Seek: "seek", intents.StepForward: "step", intents.StepBack: "step",
    intents.NextBeat: "beat", intents.PreviousBeat: "beat", intents.Home: "home", intents.End: "end",
    intents.Play: "play", intents.TogglePlay: "play",
    intents.SetSpeed: "speed", intents.Faster: "speed", intents.Slower: "speed", intents.NormalSpeed: "speed",
    intents.SetLanguage: "language", intents.SetTheme: "theme", intents.SetMotion: "motion",
    intents.SetTextScale: "text",
    intents.ToggleFold: "fold", intents.Arrange: "panels",
}  # fmt: skip
"""Intents whose steps in a row are one. Those that are in neither list are no steps."""

_IN_A_ROW = ("seek", "step", "beat", "speed", "text", "panels", "see filter", "see focus")

_PLACE = ("playhead", "beat", "speed", "lang", "theme", "text_scale", "motion", "unfolded", "sight", "panels")
"""What moves and looks change."""
_BUILT = ("timeline", "lesson", "scenario")
"""What deeds make anew; the same is one object."""
_PROGRESS = ("timeline", "laid", "answers", "explored", "was_read", "seen", "crossed", "betmode")
"""What never goes back within a run."""


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A session to go back to, and the step that lies between it and what came after."""

    session: Session
    intent: intents.Intent

    @property
    def sort(self) -> str:
        """What kind of step it was."""
        return sort_of(self.intent)


def sort_of(intent: intents.Intent) -> str:
    """The sort of the step that an intent makes; "" if it makes none."""
    if isinstance(intent, DEEDS):
        return "deed"
    if isinstance(intent, intents.See):
        return f"see {intent.name}"
    return _SORTS.get(type(intent), "")


def stepped(before: Session, after: Session, intent: intents.Intent) -> Session:
    """``after`` with the way back to ``before``, if ``intent`` made a step between the two."""
    sort = sort_of(intent)
    if not sort or not _is_another(before, after, sort):
        return after
    if before.undo and not before.redo and _goes_on(before.undo[-1].sort, sort):
        return after
    past = replace(before, undo=(), redo=(), is_playing=False, notice=None)
    if isinstance(intent, intents.Arrange):
        past = replace(past, panels=intent.was)
    return replace(after, undo=(*before.undo, Past(past, intent))[-DEPTH:], redo=())


def _goes_on(last: str, sort: str) -> bool:
    """Is this more of the last step? Comparing two futures goes to where they part: that is one step."""
    return (last == sort and sort in _IN_A_ROW) or (last, sort) == ("see beside", "seek")


def _is_another(before: Session, after: Session, sort: str) -> bool:
    """Is there something that undo could take back?"""
    if sort == "deed":
        values = any(getattr(before, name) != getattr(after, name) for name in ("branch", "is_exploring", "gone"))
        return values or any(getattr(before, name) is not getattr(after, name) for name in _BUILT)
    if sort == "play":
        return after.is_playing and not before.is_playing
    return any(getattr(before, name) != getattr(after, name) for name in _PLACE)


def undo(session: Session) -> Session:
    """The session before the last step."""
    if not session.undo:
        return replace(session, notice=Notice("nothing-to-undo"))
    last = session.undo[-1]
    return _travel(session, last.session, session.undo[:-1], (*session.redo, Past(_here(session), last.intent)))


def redo(session: Session) -> Session:
    """The session after the step that was undone last."""
    if not session.redo:
        return replace(session, notice=Notice("nothing-to-redo"))
    last = session.redo[-1]
    return _travel(session, last.session, (*session.undo, Past(_here(session), last.intent)), session.redo[:-1])


def _here(session: Session) -> Session:
    return replace(session, undo=(), redo=(), is_playing=False, notice=None)


def _travel(session: Session, target: Session, back: tuple[Past, ...], forth: tuple[Past, ...]) -> Session:
    """``target`` with what never goes back: what the learner has seen, and in the same run branches and answers."""
    kept: dict[str, object] = {"ever": session.ever, "weighed": (session.weighed[0], "")}
    if target.timeline.branches[0] is session.timeline.branches[0]:
        kept |= {name: getattr(session, name) for name in _PROGRESS}
        if target.sight.beside in target.gone:
            kept["sight"] = replace(target.sight, beside=None)
    return replace(target, undo=back, redo=forth, **kept)  # type: ignore[arg-type]
