"""Why a line of text cannot be read, in the reader's language.

Rules
-----
* What the world's readers allow is a list of words of the vocabulary, which stay as they are, or a description, which
  is translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tutor.words import Words, mark
from tutor.world.lines import LineError

FRAGMENTS = (
    mark("HOST and a call"), mark("HOST and a verb"), mark("the end of the line"), mark("an act"), mark("a name"),
    mark("a number"), mark("flags"), mark("a state"), mark("a timer"), mark("a call"),
    mark("HOST:PORT, as server:80"), mark("HOST>HOST, as client>server"),
    mark("a span of time, as 50ms, 1.5s or 2min"), mark("received and a number of octets"),
    mark("a line of a program"), mark("HOST or HOST/NUMBER, as client/2"),
    mark("a number with a unit: us, ms, s, min or h (50ms, 0.5 s, 2 min)"), mark("a whole number"),
)  # fmt: skip
"""What the world's readers say is allowed, where it is not a list of words."""

_RANGE = re.compile(r"a whole number from (\d+) to (\d+)")


def allowed_words(parts: Iterable[str], words: Words) -> list[str]:
    """What is allowed, in the author's language as far as it is said in words."""
    said: list[str] = []
    for part in parts:
        between = _RANGE.fullmatch(part)
        if between:
            said.append(words.t("a whole number from {low} to {high}", low=between[1], high=between[2]))
        else:
            said.append(words.t(part) if part in FRAGMENTS else part)
    return said


def line_error(fault: LineError, words: Words) -> str:
    """The column, what stands there, what may stand there, and what was probably meant."""
    text = words.t("column {column}: found {found}", column=fault.column, found=repr(fault.found))
    text += words.t("; allowed: {values}", values=", ".join(allowed_words(fault.allowed, words)))
    return text + (words.t("; did you mean {value}?", value=fault.nearest) if fault.nearest else "")
