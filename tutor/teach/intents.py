"""What a learner can want. One frozen value each; ``session.update`` is their only reader.

Rules
-----
* An intent says *what*, never *how*: no widget, no key, no clock in it.
* All that comes from outside comes inside an intent: elapsed wall time in ``Tick``, a loaded lesson in ``OpenLesson``.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach.lesson import Lesson
from tutor.teach.quiz import Given
from tutor.teach.road import Road
from tutor.teach.there import Visit
from tutor.world.acts import Act
from tutor.world.scenario import Scenario

# --- time: these move the playhead and nothing else ---


@dataclass(frozen=True, slots=True)
class Play:
    """Let the run go on. Leaves a pause; refused while a bet is open."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop the clock."""


@dataclass(frozen=True, slots=True)
class TogglePlay:
    """Space: play or pause."""


@dataclass(frozen=True, slots=True)
class Tick:
    """``wall_us`` microseconds of wall time have passed since the last Tick."""

    wall_us: int


@dataclass(frozen=True, slots=True)
class StepForward:
    """To the next instant at which something happens."""


@dataclass(frozen=True, slots=True)
class StepBack:
    """To the last instant before the playhead at which something happened."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Put the playhead at ``time`` (simulated microseconds). Stops at the first bet that is still open on the way.

    ``step``: of several events at that time the one to tell of; -1: the one that matters most.
    """

    time: int
    step: int = -1


@dataclass(frozen=True, slots=True)
class Home:
    """To the start of the run."""


@dataclass(frozen=True, slots=True)
class End:
    """To the end of the run, or to the first open bet."""


@dataclass(frozen=True, slots=True)
class NextBeat:
    """To the moment of the next beat that happens on this branch."""


@dataclass(frozen=True, slots=True)
class PreviousBeat:
    """To the moment of the beat before."""


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Play ``speed`` times as fast; the nearest of ``session.SPEEDS`` is taken."""

    speed: float


@dataclass(frozen=True, slots=True)
class Faster:
    """One step up in ``session.SPEEDS``."""


@dataclass(frozen=True, slots=True)
class Slower:
    """One step down in ``session.SPEEDS``."""


@dataclass(frozen=True, slots=True)
class NormalSpeed:
    """Speed 1."""


# --- touch: these fork the run at the playhead; the old future stays ---


@dataclass(frozen=True, slots=True)
class ActNow:
    """Do ``act`` at the playhead: an Act, or its one-line text form."""

    act: Act | str


@dataclass(frozen=True, slots=True)
class Drop:
    """Lose the segment of this flight, on its way now or sent at or before the playhead."""

    flight_id: int


@dataclass(frozen=True, slots=True)
class Delay:
    """Hold the segment of this flight back by ``extra_us`` more microseconds."""

    flight_id: int
    extra_us: int = 500_000


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Have the network deliver this flight twice."""

    flight_id: int


@dataclass(frozen=True, slots=True)
class Corrupt:
    """Have the segment of this flight arrive with a checksum that does not fit."""

    flight_id: int


@dataclass(frozen=True, slots=True)
class Swap:
    """Let the next segment of the same sender overtake this flight."""

    flight_id: int


@dataclass(frozen=True, slots=True)
class EditProgram:
    """Edit line ``line`` (from 1, as it is at the playhead) of a host's program number ``program`` (from 0).

    ``deed``: ``replace`` or ``insert`` (before it) with ``text``, a line of a program; or ``forget``.
    """

    host: str
    program: int
    line: int
    deed: str
    text: str = ""


# --- parameters: a touch like any other, or a run computed anew with another value ---


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Give the parameter ``id`` (``parameters.Parameter``) the value ``value``, as its act would write it.

    At the playhead; or ``from_start``: the whole run is computed with it. A constant refuses (``WhatIf``).
    """

    id: str
    value: str
    from_start: bool = False


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Give a constant another value: what no stock kernel has."""

    id: str
    value: str
    from_start: bool = False


@dataclass(frozen=True, slots=True)
class Weigh:
    """Think about giving the parameter ``id`` the value ``value``: nothing happens, but its consequence is told.

    ``""`` as value: the one it has; ``""`` as id: no parameter.
    """

    id: str
    value: str = ""


# --- the lesson's road ---


@dataclass(frozen=True, slots=True)
class BackToLesson:
    """Return to the lesson's own branch, where it was left."""


@dataclass(frozen=True, slots=True)
class GoExploring:
    """Stay off the road: beats still show where they fire, bets no longer stop the run."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """The file of the lesson is opened: it holds the answers to what is still open."""


@dataclass(frozen=True, slots=True)
class ShowAnswer:
    """Show beat ``beat`` (from 0) as it stands once its question was answered by ``given``: it was, in an exam."""

    beat: int
    given: Given


@dataclass(frozen=True, slots=True)
class SwitchBranch:
    """Look at another future (a ghost), the playhead staying where it is if that future has such a moment."""

    branch: int


@dataclass(frozen=True, slots=True)
class NextBranch:
    """To the future below this one in the tree; from the last to the first."""


@dataclass(frozen=True, slots=True)
class PreviousBranch:
    """To the future above this one in the tree; from the first to the last."""


@dataclass(frozen=True, slots=True)
class DeleteBranch:
    """Take a future and all that grew from it out of sight. Undo brings them back."""

    branch: int


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """Begin ``lesson`` on ``scenario`` (``stage.scenario_of``). Whoever sends this has read the files.

    ``road``: the run, if it has been computed already. ``home``: the lesson's own branch of it, if another is shown.
    """

    lesson: Lesson
    scenario: Scenario
    road: Road | None = None
    home: int | None = None


@dataclass(frozen=True, slots=True)
class TakeMeThere:
    """Begin the run that leads to a state or an edge (``there.visit``), the playhead just before it; None: no way."""

    visit: Visit | None


# --- bets and questions ---


@dataclass(frozen=True, slots=True)
class Choose:
    """Pick option ``index`` (from 0) of the open bet or question, or take it back."""

    index: int


@dataclass(frozen=True, slots=True)
class Write:
    """Type a time, or an explanation; ``is_told``: the explanation is given, now its points are ticked."""

    text: str
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Solved:
    """The network's page has been solved, by these moves: an attack that a bet asks for."""

    moves: str


@dataclass(frozen=True, slots=True)
class CheckBet:
    """Commit: grade what was given, on this branch."""


@dataclass(frozen=True, slots=True)
class BetOn:
    """Let any run stop for bets on these ``events`` (``betmode.EVENTS``) from here on; none: it stops no more."""

    events: frozenset[str]


# --- runs beside the lesson's own ---


@dataclass(frozen=True, slots=True)
class ShowWhy:
    """Play the run that shows why option ``index`` (from 0) of the answered bet or question is right or wrong."""

    index: int


@dataclass(frozen=True, slots=True)
class Read:
    """Go to number ``index`` (from 0) of what one may have read, with the run that refutes it."""

    index: int


@dataclass(frozen=True, slots=True)
class TakeCheck:
    """Go to check ``index`` (from 0) of the lesson, on a run of its own."""

    index: int


# --- looking ---


@dataclass(frozen=True, slots=True)
class Select:
    """Select the mark with this id (``""``: nothing)."""

    id: str


@dataclass(frozen=True, slots=True)
class See:
    """Choose what to see: ``name`` is a field of ``sight.Sight``."""

    name: str
    value: str | bool | int | None


@dataclass(frozen=True, slots=True)
class Remember:
    """Edges that this learner has crossed in earlier runs (ids as in ``coverage``).

    ``anew``: it is another learner; what was known of the one before is forgotten.
    """

    edges: frozenset[str]
    anew: bool = False


@dataclass(frozen=True, slots=True)
class ToggleFold:
    """Show a folded silence at its true length, or fold it again; ``id`` as in the tempo's folds."""

    id: str


@dataclass(frozen=True, slots=True)
class Arrange:
    """The window's panels have been arranged by hand: how they were and are, as the window writes it."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """``"en"`` or ``"zh"``."""

    lang: str


@dataclass(frozen=True, slots=True)
class SetTheme:
    """The name of a theme of ``assets/tokens.json``."""

    theme: str


@dataclass(frozen=True, slots=True)
class SetTextScale:
    """Text size, 0.8 to 2.0 of normal."""

    scale: float


@dataclass(frozen=True, slots=True)
class SetMotion:
    """``"full"`` or ``"reduced"``."""

    motion: str


# --- history of the session itself ---


@dataclass(frozen=True, slots=True)
class Undo:
    """Back to the session before the last step (``history``). Branches and graded bets stay."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Take the last Undo back."""


Intent = (
    Play | Pause | TogglePlay | Tick | StepForward | StepBack | Seek | Home | End | NextBeat | PreviousBeat
    | SetSpeed | Faster | Slower | NormalSpeed
    | SetParameter | WhatIf | Weigh
    | ActNow | Drop | Delay | Duplicate | Corrupt | Swap | EditProgram
    | BackToLesson | GoExploring | LookUp | ShowAnswer | SwitchBranch | NextBranch | PreviousBranch | DeleteBranch
    | OpenLesson | TakeMeThere
    | Choose | Write | Solved | CheckBet | BetOn | ShowWhy | Read | TakeCheck
    | Select | See | Remember | ToggleFold | Arrange | SetLanguage | SetTheme | SetTextScale | SetMotion
    | Undo | Redo
)  # fmt: skip
