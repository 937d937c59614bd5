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
A ``Beat`` hangs on a *cue*, an event of the run, never on a time. A bet asks what the run will do next and
is graded by the engine; a question asks about ideas and is graded by its author. Both are an ``Ask``. What an author
claims in words is shown by a ``Play``: another run, which the linter plays to see that it does show it.
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
class Play:
    """Another run: the lesson's own up to ``at``, then ``acts`` in order. ``at``: a beat's id, START, or "", who asks.

    ``watch``: the cue at which there is something to see; ``never``: one that must not fire; ``states`` at the watched
    event, as in a beat.
    """

    at: str
    acts: tuple[str, ...]
    watch: str
    never: str = ""
    states: tuple[tuple[str, str], ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
    watch_mark: Mark = field(default=NOWHERE, compare=False)


START = "start"
"""Where a ``Play`` leaves the lesson's run before anything has happened."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer. ``value`` is canonical; ``text`` is what is shown instead of it, where there is one.

    ``holds``: a cue, or "not " and a cue: so it is in the run exactly if this answer is right; "": nothing proves it.
    After "there " it is asked of the run that the answer plays.
    Of a table: words of one of its lines, which stand in no other option's. Of another bet: "there", and this answer is
    right in the run that it plays.
    """

    value: str
    text: Text | None
    feedback: Text | None
    plays: Play | None = None
    holds: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


BET_KINDS = ("next-state", "state", "next-segment", "time", "first", "order", "table", "fix", "attack")
"""What a bet may ask of the run: see ``quiz.py``."""

QUESTION_KINDS = ("choice", "many", "explain")
"""What a question about ideas may be."""

PROVEN = ("choice", "many")
"""Questions whose answers may say what ``holds`` in the run."""

NOT = "not "
"""Before the cue of an answer that is right where that never happens."""

IN_THERE = "there"
"""Of a bet: in the run that a wrong answer plays it would be the right one."""

THERE = "there "
"""Before what is so not in the run of the question, but in the one that the answer plays, from where it leaves it."""

BEFORE = " before "
"""Between two cues: both happen, the first in an earlier step than the second."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A puzzle for whoever owns only the wire: what to break of which protocol, and the budget (``puzzles``)."""

    variant: str
    breaks: str
    budget: tuple[int, int, int, int, int]
    """Held, lost, duplicated, coincidences, crashes: as ``explore.parts.Budget`` begins."""
    profile: str | None = None
    begins: str = "forgotten"
    moves: int | None = None
    """In how few moves the author says that it can be done; 0: not at all; None: nothing is said."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A bet or a question of one beat or check.

    ``kind`` is one of ``BET_KINDS`` or ``QUESTION_KINDS``. ``answers``: the values that the author declares right; the
    linter holds them against the engine. What else a kind needs:

    ``host``, ``cue``        whose state, segment or table; which event is waited for
    ``is_typed``, ``tolerance``   time: it is typed in, and may be off by so many percent
    ``at``, ``never``        fix: where the change is made; the cue that must not fire (``cue``: the one that must)
    ``wire``, ``solution``   attack: the puzzle, and moves that solve it
    ``seconds``              explain: the clock
    ``concepts``             what it asks about; none: see ``Lesson.about``
    """

    kind: str
    prompt: Text
    options: tuple[Option, ...] = ()
    answers: tuple[str, ...] = ()
    host: str = ""
    cue: str = ""
    is_typed: bool = False
    tolerance: int = 0
    at: str = ""
    never: str = ""
    wire: Wire | None = None
    solution: tuple[str, ...] = ()
    seconds: int = 0
    concepts: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
    answer_mark: Mark = field(default=NOWHERE, compare=False)

    @property
    def is_bet(self) -> bool:
        """Is the answer hidden in the future of the run?"""
        return self.kind in BET_KINDS

    @property
    def hides(self) -> bool:
        """May nothing after the playhead be shown until something was answered? (Who explains looks at all of it.)"""
        return self.is_bet or self.kind in PROVEN


@dataclass(frozen=True, slots=True)
class Touch:
    """Something to do with one's own hands: what ``solved`` watches for must happen in the learner's future.

    ``compared`` is said when both futures lie side by side; its placeholders are read from the learner's.
    """

    task: Text
    solved: Play
    compared: Text


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
    touch: Touch | None = None
    wire: Wire | None = None
    mark: Mark = field(default=NOWHERE, compare=False)
    cue_mark: Mark = field(default=NOWHERE, compare=False)
    act_mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """One question after the lesson, about a run of its own: the lesson's up to ``at``, then ``acts``, then ``cue``."""

    id: str
    at: str
    acts: tuple[str, ...]
    cue: str
    words: Text | None
    ask: Ask
    mark: Mark = field(default=NOWHERE, compare=False)
    cue_mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Refuted:
    """What one may have read, and what is so. ``claims``: ids of the claims it answers (``claims``)."""

    says: Text
    truth: Text
    claims: tuple[str, ...] = ()
    plays: Play | None = None
    mark: Mark = field(default=NOWHERE, compare=False)


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
    refutes: tuple[Refuted, ...]
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
    checks: tuple[Check, ...] = ()
    profiles: tuple[str, ...] = ()
    """Other rules under which all of it holds as well."""

    def beat(self, beat_id: str) -> Beat:
        """The beat with this id; ``KeyError`` if there is none."""
        for beat in self.beats:
            if beat.id == beat_id:
                return beat
        raise KeyError(beat_id)

    def about(self, ask: Ask) -> tuple[str, ...]:
        """The concepts that one of its bets or questions counts for: those it names, else the first of the lesson."""
        return ask.concepts or self.concepts[:1]

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
