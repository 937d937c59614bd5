"""What the cards show, as values: the conductor fills them in, the widgets read them.

Rules
-----
* Words are already in the reader's language; nothing here knows a Session, a World or Qt.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer on offer. ``mark``: ``""``, ``ticked``, ``right``, ``wrong`` or ``missed``.

    ``place``: its place in an order, from 1; 0: none. ``can_play``: a run shows it. ``is_table``: its lines stand in
    columns.
    """

    text: str
    mark: str = ""
    place: int = 0
    can_play: bool = False
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class AskRow:
    """A bet or a question. While ``is_open`` the choices can be ticked. ``verdict``: ``""``, ``right``, ``wrong``."""

    prompt: str
    choices: tuple[Choice, ...]
    is_open: bool
    feedback: str = ""
    verdict: str = ""
    how: str = ""
    """How one answers, where it is not by picking one."""
    can_check: bool = False
    is_checked: bool = True
    """Is it handed in with "Check"? An attack is not, nor what is still to be told."""
    typed: str | None = None
    """What is written in its field; None: it has none."""
    seconds: int = 0
    """The clock of an explanation that is still to be told."""
    why: int | None = None
    """The option whose run shows why what was given is right or wrong."""


@dataclass(frozen=True, slots=True)
class TouchRow:
    """Something to do by hand: its task, how far it is, what can be pressed (texts; "": nothing)."""

    words: str
    is_done: bool = False
    show: str = ""
    compare: str = ""


@dataclass(frozen=True, slots=True)
class RailStep:
    """One thing on the rail: ``kind`` ``beat``, ``read`` or ``check``; its number from 0.

    ``status``: ``done``, ``wrong``, ``current``, ``ahead`` or ``unreachable``.
    """

    kind: str
    index: int
    status: str
    title: str
    can_go: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """The learner has left the lesson's road: what was done, what it changed, what is lost.

    ``back``: what the way back is called; "" as in a lesson.
    """

    title: str
    lines: tuple[str, ...]
    can_explore: bool
    back: str = ""
    has_ways: bool = True
    """Do the ways on stand on it?"""


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
    touch: TouchRow | None = None
    rail: tuple[RailStep, ...] = ()
    back: str = ""
    """What the way back from beside the lesson is called; "": one is not beside it."""
    next_lesson: str = ""
    """What the way to the next lesson is called; "": it is not offered here."""


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
