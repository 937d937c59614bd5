"""Words: ids and English sentences -> a reader's language. One of the few files that read files.

Rules
-----
* A message id *is* the English sentence, with ``{placeholders}``. English needs no catalogue.
* The protocol, the world and the search speak ids (``Reason("ack-of-unsent", …)``); here they become sentences.
* Names that a learner will meet in a standard or a tool stay as they are in every language: states, flags,
  sysctls, calls, errno names.
* Where a Chinese sentence touches a placeholder and what is filled in is in Latin letters, a space stands between them.
* A fault of the system (``OSError``) is filled in as what is said of it in this language.
* Whatever is said to a person goes through ``t`` or ``n`` with a *literal* sentence, or stands in one of the tables
  that ``tests/tools/messages.py`` reads, or is marked by ``mark``. A test holds that nothing is left untranslated.

Theory
------
GNU gettext at run time, so that the window, the command line and an exported picture say the same and need no Qt.
The catalogues are ``assets/i18n/<locale>/LC_MESSAGES/tutor.{po,mo}``, both committed.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor import resources
from tutor.joining import named
from tutor.languages import LANGUAGES, mark, preferred_language
from tutor.osfaults import cause
from tutor.refusals import in_words
from tutor.tcp import clauses, segment
from tutor.tcp.clauses import Clause
from tutor.tcp.reasons import REASONS, Reason, ReasonText
from tutor.tcp.seq import counted
from tutor.tcp.states import NAMES, State
from tutor.tcp.variant import ROWS, VARIANTS
from tutor.world.because import HOST_CLAUSES, HOST_REASONS, REFUSALS
from tutor.world.time import format_duration

CATALOGUES: dict[str, str] = {"zh": "zh_CN"}
"""Code -> the folder of its catalogue below ``assets/i18n``."""


__all__ = (
    "ALL_CLAUSES", "ALL_REASONS", "CATALOGUES", "FATES", "ICMP", "LANGUAGES", "PARTS", "TIMERS", "Words",
    "catalogue_path", "clause_of", "mark", "preferred_language", "shown_value",
)  # fmt: skip


TIMERS: dict[str, str] = {
    "retransmission": "retransmission timer",
    "loss-probe": "loss-probe timer",
    "reordering": "reordering timer",
    "persist": "persist timer",
    "delayed-ack": "delayed-ACK timer",
    "sack-compression": "SACK compression timer",
    "keepalive": "keep-alive timer",
    "user": "user timeout",
    "time-wait": "TIME-WAIT timer",
    "fin-wait-2": "FIN-WAIT-2 timer",
}
"""Timer -> its name in a sentence."""

FATES: dict[str, str] = {
    "delivered": "delivered",
    "lost": "lost",
    "dropped": "dropped",
    "corrupted": "corrupted, so the checksum rejects it",
    "duplicated": "delivered twice",
    "cut": "lost: the cable is cut",
    "refused": "nobody takes it",
}
"""What the link did to a segment -> the same in words."""


ICMP: dict[str, str] = {
    "hard": "ICMP: cannot be reached",
    "soft": "ICMP: cannot be reached just now",
    "too-big": "ICMP: too big, {mtu} octets fit",
}
"""Kind of an ICMP error -> the same in words."""


@dataclass(frozen=True, slots=True)
class Words:
    """Speaks one language: ``"en"`` or ``"zh"``. Equal when the language is; any other code is a ``ValueError``."""

    lang: str = "en"

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"no language {self.lang!r}; allowed: {', '.join(LANGUAGES)}")

    # --- sentences ---

    def t(self, text: str, **values: object) -> str:
        """``text`` (the English sentence) in this language, its ``{placeholders}`` filled from ``values``."""
        said = _catalogue(self.lang).gettext(text) if text else ""
        return self._fill(said, values) if values else said

    def n(self, one: str, many: str, count: int, /, **values: object) -> str:
        """``one`` or ``many`` in this language, as ``count`` asks for; ``{count}`` is filled besides ``values``."""
        return self._fill(_catalogue(self.lang).ngettext(one, many, count), {"count": count, **values})

    def _fill(self, said: str, values: Mapping[str, object]) -> str:
        values = {name: cause(value, self) if isinstance(value, OSError) else value for name, value in values.items()}
        if self.lang != SPACED:
            return said.format(**values)
        seamed = _seamed(said)
        if seamed == said:
            return said.format(**values)
        return _MEETING.sub(" ", seamed.format(**values)).replace(_SEAM, "")

    # --- the protocol's own vocabulary ---

    def state(self, state: State) -> str:
        """A state as the screen prints it, the same in every language: ``SYN-RCVD`` for SYN-RECEIVED."""
        return _SCREEN[state]

    def protocol(self, variant: str) -> str:
        """What all hosts speak, by the variant's id as it stands in a sentence; ``"none"`` and ``""`` are TCP."""
        return self.t(VARIANTS[variant].title) if variant in VARIANTS else "TCP"

    def state_meaning(self, state: State) -> str:
        """What the state waits for, as half a sentence."""
        return self.t(state.meaning)

    def flags(self, flags: int) -> str:
        """Control bits as the screen prints them: ``SYN+ACK``."""
        return segment.flags_text(flags, "+")

    def reason(self, reason: Reason) -> str:
        """Why the engine did something, as one sentence without its clause."""
        values = {name: shown_value(name, value) for name, value in reason.arguments}
        return self.t(ALL_REASONS[reason.id].sentence, **values)

    def refusal(self, why_not: Reason) -> str:
        """Why an act could not be done, as one sentence."""
        values = dict(why_not.arguments)
        if isinstance(why := values.get("why"), str):
            values["why"] = in_words(why, self)
        return self.t(REFUSALS[why_not.id], **values)

    def reason_clause(self, reason: Reason) -> str:
        """Where the reason rests: ``RFC 9293 section 3.10.1``."""
        return self.section(clause_of(reason))

    def section(self, clause: str) -> str:
        """Document and section of a clause, by its id; ``against`` them, where a protocol was broken on purpose."""
        if clause.startswith(AGAINST):
            return self.t("against {section}", section=self._place(clause))
        return self._place(clause)

    def _place(self, clause: str) -> str:
        found = ALL_CLAUSES[clause]
        if not found.document.startswith("RFC"):
            return named(found.document, found.section, self)
        number, comma, part = found.section.partition(", ")
        if not comma:
            return self.t("{document} section {section}", document=found.document, section=number)
        word, _, rest = part.partition(" ")
        part = f"{self.t(word)} {rest}".rstrip()
        return self.t("{document} section {section}, {part}", document=found.document, section=number, part=part)

    def reading(self, clause: str) -> str:
        """Our one-sentence reading of a clause, by its id."""
        return self.t(ALL_CLAUSES[clause].reading)

    def rule(self, clause: str) -> str:
        """A clause by its id, named and read: ``RFC 9293 section 3.10.1: OPEN creates a control block…``."""
        return self.t("{section}: {reading}", section=self.section(clause), reading=self.reading(clause))

    def note(self, note: str) -> str:
        """What we do where the standard is not enough, by the note's id."""
        return self.t(clauses.NOTES[note])

    def edge(self, edge: str) -> tuple[str, str]:
        """(event, action) of an edge of the table, by its id; the action may be empty."""
        row = ROWS[edge]
        return self.t(row.cause), self.t(row.action)

    def timer(self, timer: str) -> str:
        """A timer's name in a sentence."""
        return self.t(TIMERS[timer])

    def icmp(self, kind: str, mtu: str = "") -> str:
        """What the network reports: ``hard``, ``soft`` or ``too-big`` with the ``mtu`` that fits."""
        return self.t(ICMP[kind], mtu=mtu)

    def fate(self, fate: str) -> str:
        """What became of a segment."""
        return self.t(FATES[fate])


def clause_of(reason: Reason) -> str:
    """The id of the clause that the reason rests on: the edge's own clause if it brings an edge."""
    edge = ROWS.get(str(dict(reason.arguments).get("edge", "")))
    return edge.clause if edge else ALL_REASONS[reason.id].clause


def shown_value(name: str, value: int | str) -> int | str:
    """An argument of a reason as it is printed: what ends in ``_us`` as people write spans of time."""
    if name in ("seq", "ack") and isinstance(value, int):
        return counted(value)
    return format_duration(value) if name.endswith("_us") and isinstance(value, int) else value


ALL_REASONS: dict[str, ReasonText] = REASONS | HOST_REASONS
"""Every reason that the protocol or a host gives."""

ALL_CLAUSES: dict[str, Clause] = clauses.CLAUSES | HOST_CLAUSES
"""Every clause that a reason or an edge names."""

AGAINST = "against-"
"""How the ids of clauses begin that a broken protocol offends against."""

PARTS: tuple[str, ...] = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "figure", "note")
"""How sections are subdivided: the eight checks of RFC 9293 section 3.10.7.4, figures, notes."""

_SCREEN = {state: "SYN-RCVD" if state is State.SYN_RECEIVED else NAMES[state].rfc for state in State}


SPACED = "zh"
"""The language that puts a space between its own letters and Latin ones."""

_SEAM = "\x1f"
_HAN = "[\u3400-\u9fff]"
_TOUCHING = (re.compile(rf"({_HAN})(\{{\w+\}})"), re.compile(rf"(\{{\w+\}})({_HAN})"))
_MEETING = re.compile(rf"(?<={_HAN}){_SEAM}(?=[A-Za-z])|(?<=[A-Za-z]){_SEAM}(?={_HAN})")


@cache
def _seamed(said: str) -> str:
    """``said`` with a mark where a Chinese letter and a placeholder touch."""
    for touching in _TOUCHING:
        said = touching.sub(rf"\1{_SEAM}\2", said)
    return said


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    if lang not in CATALOGUES:
        return gettext.NullTranslations()
    with catalogue_path(lang).open("rb") as file:
        return gettext.GNUTranslations(file)


def catalogue_path(lang: str) -> Path:
    """The compiled catalogue of a language other than English."""
    return resources.assets_dir() / "i18n" / CATALOGUES[lang] / "LC_MESSAGES" / "tutor.mo"
