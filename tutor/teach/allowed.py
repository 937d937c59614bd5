"""Why a line of text cannot be read, in the reader's language."""

from __future__ import annotations

from tutor.refusals import FRAGMENTS, allowed_words
from tutor.words import Words
from tutor.world.lines import LineError


def line_error(fault: LineError, words: Words) -> str:
    """The column, what stands there, what may stand there, and what was probably meant."""
    found = words.t(fault.found) if fault.found in FRAGMENTS else repr(fault.found)
    text = words.t("column {column}: found {found}", column=fault.column, found=found)
    text += words.t("; allowed: {values}", values=", ".join(allowed_words(fault.allowed, words)))
    return text + (words.t("; did you mean {value}?", value=fault.nearest) if fault.nearest else "")
