"""The glossary: the terms of the field in both languages, and where they stand in a text.

Rules
-----
* A term is linked once in a text, where it stands first; of two that begin at one place the longer one.
* What stands in code (between backticks) is no term, and neither is a part of a word.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tutor import resources
from tutor.joining import listed
from tutor.words import Words, mark

CONCEPTS: tuple[str, ...] = (
    mark("active close"), mark("blind attack"), mark("budget"), mark("connection"), mark("connection record"),
    mark("connection refused"), mark("counterexample"), mark("cumulative ACK"), mark("diagnosis"),
    mark("end of file"), mark("exponential backoff"), mark("file descriptor"), mark("firewall"), mark("giving up"),
    mark("half of a connection"), mark("hard error"), mark("keyed hash"), mark("linear timeouts"), mark("message"),
    mark("old duplicate"), mark("quick ACK"), mark("quiet time"), mark("rate times duration"),
    mark("receive window"), mark("shutdown"), mark("side effect"), mark("small segment"), mark("socket table"),
    mark("soft error"), mark("spoofed address"), mark("state diagram"), mark("transition"), mark("unread data"),
    mark("wraparound"), mark("write-write-read"),
)  # fmt: skip
"""What our lessons teach that is no term: a word so common that it is not linked wherever it stands."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``names``: its spellings by language, the usual one first; ``texts``: what it means (Markdown)."""

    id: str
    names: tuple[tuple[str, tuple[str, ...]], ...]
    texts: tuple[tuple[str, str], ...]

    def name(self, lang: str) -> str:
        """What it is called in a language."""
        return self.spellings(lang)[0]

    def spellings(self, lang: str) -> tuple[str, ...]:
        """Everything it is called in a language."""
        return dict(self.names).get(lang, dict(self.names)["en"])

    def text(self, lang: str) -> str:
        """What it means."""
        return dict(self.texts).get(lang, dict(self.texts)["en"])


class Spot(NamedTuple):
    """Where a term stands in a text: from ``start`` to before ``end``."""

    start: int
    end: int
    term: str


@lru_cache(maxsize=1)
def terms() -> dict[str, Term]:
    """Every term by its id."""
    return {
        name: Term(
            name,
            (("en", (row["en"], *row.get("also", ()))), ("zh", (row["zh"], *row.get("zh_also", ())))),
            (("en", row["text"]), ("zh", row["zh_text"])),
        )
        for name, row in tomllib.loads(resources.asset_text("glossary.toml")).items()
    }


def spots(text: str, lang: str) -> tuple[Spot, ...]:
    """Where terms stand in ``text`` (plain, as it is read), each once."""
    return tuple(_spots(text, lang))


def _spots(text: str, lang: str) -> Iterator[Spot]:
    known: set[str] = set()
    for match in _pattern(lang).finditer(text):
        term = _by_spelling(lang)[_key(match[0])]
        if term not in known:
            known.add(term)
            yield Spot(match.start(), match.end(), term)


def _key(spelling: str) -> str:
    """Small and capital letters are the same, but for terms that are capitals altogether: MSS is no word."""
    return spelling if spelling.isupper() else spelling.casefold()


@lru_cache(maxsize=2)
def _by_spelling(lang: str) -> dict[str, str]:
    return {_key(spelling): term.id for term in terms().values() for spelling in term.spellings(lang)}


@lru_cache(maxsize=2)
def _pattern(lang: str) -> re.Pattern[str]:
    spellings = sorted((each for term in terms().values() for each in term.spellings(lang)), key=len, reverse=True)
    parts = (f"(?i:{re.escape(each)})" if not each.isupper() else re.escape(each) for each in spellings)
    # A word of Latin script ends where its letters end; Chinese has no such ends.
    return re.compile("|".join(rf"(?<![A-Za-z0-9-]){part}(?![A-Za-z0-9-])" for part in parts))


def concept_name(concept: str, words: Words) -> str:
    """What a concept is called in the glossary; where it is no term, as whoever asked about it calls it.

    Names that a kernel or the RFC prints (``TIME-WAIT``, ``tcp_fin_timeout``) are the same in every language.
    """
    found = spots(concept, "en")
    is_whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(concept))
    return terms()[found[0].term].name(words.lang) if is_whole and words.lang != "en" else words.t(concept)


def concept_names(concepts: Iterable[str], words: Words) -> str:
    """What several concepts are called, as a list."""
    return listed((concept_name(concept, words) for concept in concepts), words)


def page(lang: str) -> str:
    """The whole glossary as Markdown, in the order of its names, each under its own heading."""
    ordered = sorted(terms().values(), key=lambda term: term.name(lang).casefold())
    return "\n\n".join(f"### {_heading(term, lang)}\n\n{term.text(lang)}" for term in ordered)


def _heading(term: Term, lang: str) -> str:
    """Its name, and in brackets what the other language calls it, where that is something else."""
    other = term.name("zh" if lang == "en" else "en")
    name = term.name(lang)
    return (
        name if other.casefold() == name.casefold() else f"{name} ({other})" if lang == "en" else f"{name}（{other}）"
    )


def heading(term: str, lang: str) -> str:
    """Under which heading of ``page`` a term is found."""
    return _heading(terms()[term], lang)
