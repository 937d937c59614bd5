"""What a lecturer can do while presenting. One frozen value each; ``presenting.update`` is their only reader.

Rules
-----
* A deed says what, never how: no widget, no key, no clock in it.
* Places are shares (0 to 1) of what they lie on.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach.votes import Votes

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Next:
    """On: back from a situation, to the answer, or to the next stop."""


@dataclass(frozen=True, slots=True)
class Back:
    """Back from a situation, or to the stop before."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """To a stop, by its place."""

    at: int


@dataclass(frozen=True, slots=True)
class Stray:
    """The run was moved by hand and is at another stop now, or between two: the run stays, the list follows."""

    at: int


@dataclass(frozen=True, slots=True)
class Reveal:
    """Show the answer of the question on screen."""


@dataclass(frozen=True, slots=True)
class Hide:
    """Hide the answer of a stop again: another class will be asked."""

    at: int


@dataclass(frozen=True, slots=True)
class Situate:
    """To the prepared situation on this key."""

    key: int


@dataclass(frozen=True, slots=True)
class Lay:
    """Show both pictures, or one of them (``LAYOUTS``)."""

    layout: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """Let the room go on seeing what it sees, or no longer."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Make the room's screen ``black`` or ``white``; asked again, show the picture."""

    colour: str


@dataclass(frozen=True, slots=True)
class ZoomAt:
    """Make a picture larger about a place on it; asked while it is, show it whole."""

    where: str
    at: Place


@dataclass(frozen=True, slots=True)
class Follow:
    """Let the camera go where something happens, or no longer."""


@dataclass(frozen=True, slots=True)
class Take:
    """Take a tool into the hand, or put it down (``TOOLS``)."""

    tool: str


@dataclass(frozen=True, slots=True)
class PointAt:
    """The pointer is there on the audience's window; None: it is not on it."""

    at: Place | None


@dataclass(frozen=True, slots=True)
class Draw:
    """The pen is put down there (``is_new``), or drawn on."""

    where: str
    at: Place
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Lift:
    """The pen is lifted."""


@dataclass(frozen=True, slots=True)
class Wipe:
    """The strokes of this moment go."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The run is at this moment now (microseconds)."""

    playhead: int


@dataclass(frozen=True, slots=True)
class Pass:
    """So many seconds have passed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Restart:
    """The clock begins anew."""


@dataclass(frozen=True, slots=True)
class Vote:
    """The votes of the question on screen are these now; None: nobody votes. ``plays``: which options have a run."""

    votes: Votes | None
    plays: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Clean:
    """The next class comes: no answer is shown, nothing is drawn, nobody has voted, the clock begins anew."""


Deed = (
    Next | Back | GoTo | Stray | Reveal | Hide | Situate | Lay | Freeze | Blank | ZoomAt | Follow | Take | PointAt
    | Draw | Lift | Wipe | Moved | Pass | Restart | Vote | Clean
)  # fmt: skip
