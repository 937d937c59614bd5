"""What the cards show, as values: the conductor fills them in, the widgets read them.

Rules
-----
* Words are already in the reader's language; nothing here knows a Session, a World or Qt.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer on offer. ``mark``: ``""``, ``ticked``, ``right`` or ``wrong``."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class AskRow:
    """A bet or a question. While ``is_open`` the choices can be ticked. ``verdict``: ``""``, ``right``, ``wrong``."""

    prompt: str
    choices: tuple[Choice, ...]
    is_open: bool
    feedback: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """The learner has left the lesson's road: what was done, what it changed, what is lost.

    ``back``: what the way back is called; "" as in a lesson.
    """

    title: str
    lines: tuple[str, ...]
    can_explore: bool
    back: str = ""


@dataclass(frozen=True, slots=True)
class HostColumn:
    """One host of the variables: its letter, role of colour and name."""

    letter: str
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Variables:
    """A table: a column a host, a row a variable; ``""`` where a host has none."""

    hosts: tuple[HostColumn, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class LessonCardRows:
    """Everything on the lesson card."""

    head: str
    done: int
    total: int
    title: str
    words: str
    ask: AskRow | None
    banner: Banner | None
    variables: Variables
    foot: str
    can_go_on: bool
    has_network: bool = False
    """Does this step offer to be the network?"""


@dataclass(frozen=True, slots=True)
class DetailRows:
    """What was clicked: a title, lines under it, and whether it can be dropped, delayed and duplicated."""

    title: str
    role: str
    lines: tuple[tuple[str, str], ...]
    can_touch: bool = False
    there: str = ""
    """What "take me there" would do; "" where there is no such way."""


@dataclass(frozen=True, slots=True)
class TransportRows:
    """The clock: where the playhead is, where what may be shown ends, how fast it runs."""

    is_playing: bool
    now: str
    end: str
    speed: float
    counter: str
    widest: str = ""
    """What the count needs room for."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """One row of the menu of lessons."""

    id: str
    title: str
    is_open: bool
