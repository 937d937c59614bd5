"""A lesson as a value: what its author wrote, checked for form, in every language it has.

Rules
-----
* Frozen values only. Nothing here knows YAML; nothing here has run the lesson yet.
* A sentence is a ``Text``: English and, where an overlay gave it, other languages. A language that is
  missing falls back to English; ``check`` is where that is a fault.
* Every value that an author wrote by hand carries its ``Mark``, so that a fault found much later, when the
  lesson has run, is still reported at its line and column.

Theory
------
A ``Beat`` hangs on a *cue*, an event of the run, never on a time. A ``Bet`` asks what the run will do next and
is graded by the engine; a ``Question`` asks about ideas and is graded by its author. Both are an ``Ask``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tutor.profiles import DEFAULT


class Mark(NamedTuple):
    """A place in a file an author can edit; line and column count from 1."""

    file: str
    line: int
    column: int


NOWHERE = Mark("", 0, 0)


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of Markdown in the languages it exists in."""

    en: str
    others: tuple[tuple[str, str], ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
    marks: tuple[Mark, ...] = field(default=(), compare=False)
    """Where the text in each of ``others`` stands."""

    def __getitem__(self, lang: str) -> str:
        """The text in ``lang`` (``"zh"``, ``"zh_CN"``…), or English where there is none."""
        return dict(self.others).get(lang.split("_", maxsplit=1)[0].split("-", maxsplit=1)[0], self.en)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages this text really exists in."""
        return ("en", *(lang for lang, _ in self.others))


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer. ``value`` is canonical; ``text`` is what is shown instead of it, where there is one."""

    value: str
    text: Text | None
    feedback: Text | None
    mark: Mark = field(default=NOWHERE, compare=False)


BET_KINDS = ("next-state", "state", "next-segment", "time", "first")
"""What a bet may ask of the run: see ``quiz.py``."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A bet or a question of one beat.

    ``kind`` is one of ``BET_KINDS`` or ``"choice"`` (a question with fixed answers).
    ``host`` and ``cue`` are what the kind needs: whose state or segment; which event is waited for.
    ``answer`` is the declared right value; the linter holds it against the engine.
    """

    kind: str
    prompt: Text
    options: tuple[Option, ...]
    answer: str
    host: str = ""
    cue: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)
    answer_mark: Mark = field(default=NOWHERE, compare=False)

    @property
    def is_bet(self) -> bool:
        """Is the answer hidden in the future of the run, so that nothing after the playhead may be shown?"""
        return self.kind != "choice"


@dataclass(frozen=True, slots=True)
class Wire:
    """A puzzle for whoever owns only the wire: what to break of which protocol, and the budget (``puzzles``)."""

    variant: str
    breaks: str
    budget: tuple[int, int, int, int, int]
    """Held, lost, duplicated, coincidences, crashes: as ``explore.parts.Budget`` begins."""
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing to see: when (``cue``), what to say, what the lesson does there, what it asks.

    ``states``: (host, state) that the author asserts; the linter holds them against the engine.
    """

    id: str
    cue: str
    title: Text
    words: Text
    act: str = ""
    states: tuple[tuple[str, str], ...] = ()
    is_pause: bool = False
    ask: Ask | None = None
    wire: Wire | None = None
    mark: Mark = field(default=NOWHERE, compare=False)
    cue_mark: Mark = field(default=NOWHERE, compare=False)
    act_mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LessonHost:
    """One host as the lesson sets it up. ``program`` lines and ``sysctls`` are in the world's own spelling."""

    name: str
    address: str
    port: int | None = None
    isn: int | None = None
    profile: str | None = None
    sysctls: tuple[tuple[str, str], ...] = ()
    program: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson, format 1. ``source`` is its own text and ``overlays`` the translations', for runs that embed them."""

    id: str
    title: Text
    goal: Text
    concepts: tuple[str, ...]
    prerequisites: tuple[str, ...]
    out_of_scope: tuple[Text, ...]
    refutes: tuple[Text, ...]
    seed: int
    profile: str | None
    hosts: tuple[LessonHost, ...]
    link: tuple[tuple[str, str], ...]
    until: str
    beats: tuple[Beat, ...]
    languages: tuple[str, ...] = ("en",)
    path: str = ""
    source: str = field(default="", repr=False)
    overlays: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    variant: str = ""
    """The deliberately broken protocol that all hosts speak; "": TCP."""

    def beat(self, beat_id: str) -> Beat:
        """The beat with this id; ``KeyError`` if there is none."""
        for beat in self.beats:
            if beat.id == beat_id:
                return beat
        raise KeyError(beat_id)

    def host(self, name: str) -> LessonHost:
        """The host with this name; ``KeyError`` if there is none."""
        for host in self.hosts:
            if host.name == name:
                return host
        raise KeyError(name)

    def profile_names(self, override: str | Mapping[str, str] | None = None) -> dict[str, str]:
        """Host -> profile name. Precedence: ``override`` (command line), then the lesson, then the default."""
        switches = {host.name: override for host in self.hosts} if isinstance(override, str) else dict(override or {})
        return {host.name: switches.get(host.name) or host.profile or self.profile or DEFAULT for host in self.hosts}
