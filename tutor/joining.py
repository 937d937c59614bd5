"""How pieces become a sentence: a name and its value, an aside, a list. Each language has marks of its own.

Rules
-----
* Nobody else puts a comma, a colon, brackets or a full stop between two pieces that a person reads or hears: Chinese
  has its own, as wide as its letters and with no space behind them.
* What is code, or what a tool prints (``seq=1 ack=5``), is no sentence and is joined where it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from typing import Protocol

_ROOM = re.compile(r"(?<=[，。；：！？）”]) +")

ENDS = (".", "!", "?", "…", "。", "！", "？")
"""With what a sentence has ended."""


class Speech(Protocol):
    """What is asked of ``tutor.words.Words`` here: one sentence in the reader's language."""

    def t(self, text: str, **values: object) -> str:
        """``text`` (English, also the key of the translation) with its {placeholders} filled."""
        ...


def named(name: object, value: object, words: Speech) -> str:
    """A name and what belongs to it: ``RTO: 1 s``. A name that is a question has its mark already."""
    if str(name).endswith(("？", "！")):
        return f"{name}{value}"
    return words.t("{name}: {value}", name=name, value=value)


def aside(text: object, note: object, words: Speech) -> str:
    """A text with a note behind it: ``SYN (lost)``."""
    return words.t("{name} ({note})", name=text, note=note)


def listed(parts: Iterable[str], words: Speech) -> str:
    """Parts of one list: ``one, two, three``."""
    return words.t(", ").join(parts)


def chained(parts: Iterable[str], words: Speech) -> str:
    """Parts that have commas of their own: ``one, two; three``."""
    return words.t("; ").join(parts)


def sentence(text: str, words: Speech) -> str:
    """``text`` with a full stop, unless it has ended."""
    return text if not text or text.endswith(ENDS) else words.t("{sentence}.", sentence=text)


def sentences(parts: Iterable[str], words: Speech) -> str:
    """Sentences one after the other; each gets the full stop that it lacks, and what is empty is left out."""
    return followed((sentence(part.rstrip(), words) for part in parts if part), words)


def followed(parts: Iterable[str], words: Speech) -> str:
    """One text behind the other, with a space where the language has one; what is empty is left out."""
    said = [part for part in parts if part]
    return reduce(lambda before, after: words.t("{before} {after}", before=before, after=after), said) if said else ""


def fitted(text: str) -> str:
    """A sentence into which something was put that ends in a mark as wide as Chinese letters: no room behind that."""
    return _ROOM.sub("", text)
