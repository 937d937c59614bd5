"""What the plots show of a session, as a value. No Qt.

Rules
-----
* Everything ends at ``session.visible_end``, scales included.
* A long run is read in pieces: ``share`` says how much of it is known so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.teach.session import Session
from tutor.ui import pictures
from tutor.view.plots import KINDS, TIMER, WINDOW, Plot, connection_at, plot
from tutor.view.samples import samples
from tutor.view.theme import Look
from tutor.view.timeaxis import TimeAxis

PIECE = 800
"""Steps that are read at a time: about 10 ms."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One plot that somebody wants to see: its kind, whose numbers ("" for both), and how time is drawn."""

    kind: str
    side: str = ""
    to_scale: bool = False


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One plot at the playhead ``now`` (microseconds)."""

    choice: Choice
    plot: Plot
    axis: TimeAxis
    now: int
    look: Look
    share: float = 1.0

    @property
    def selected(self) -> int | None:
        """The flight that is selected, if one is."""
        kind, _, number = self.look.selection.partition(":")
        return int(number) if kind == "flight" and number.isdigit() else None


FIRST_CHOICES = (Choice(WINDOW), Choice(TIMER))
"""What is plotted before anybody has chosen."""


def choices_text(choices: Sequence[Choice]) -> str:
    """The choices as a line of text: ``window timer:client:even``."""
    return " ".join(":".join((each.kind, each.side, "even" if each.to_scale else "")).rstrip(":") for each in choices)


def choices_of(text: str) -> tuple[Choice, ...]:
    """What such a line says; what makes no sense in it is as it is before anybody has chosen."""
    found = [(*part.split(":"), "", "")[:3] for part in text.split()]
    made = tuple(Choice(kind, side, scale == "even") for kind, side, scale in found)
    kinds = {each.kind for each in made}
    return made if len(made) == len(kinds) == len(FIRST_CHOICES) and kinds <= set(KINDS) else FIRST_CHOICES


def plot_rows(session: Session, choices: tuple[Choice, ...], look: Look) -> tuple[PlotRow, ...]:
    """One row for each choice."""
    trace, end = session.trace, session.visible_end
    read = samples(trace, PIECE)
    share = read.read / max(1, len(trace.steps))
    connection = connection_at(read, session.playhead, end, session.sight.focus)
    tempo = pictures.ladder_tempo(session)
    names = {host.name for host in session.world.hosts}
    return tuple(
        PlotRow(
            choice,
            plot(trace, choice.kind, connection, end, choice.side if choice.side in names else ""),
            TimeAxis(end, None if choice.to_scale else tempo),
            session.playhead,
            look,
            share,
        )
        for choice in choices
    )
