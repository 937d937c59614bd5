"""Writing files that somebody named on the command line.

Rules
-----
* A file that is there is not written over unless ``--force`` says so. A device or a pipe is no file in this sense.
* What the machine refuses is said as a sentence, with the path.
"""

from __future__ import annotations

from pathlib import Path

from tutor.commands.faults import BadFile
from tutor.words import Words


def refuse_existing(out: Path, words: Words, *, is_forced: bool) -> None:
    """A name that exists is only written over when that is asked for. Raises ``BadFile``."""
    if out.is_dir():
        raise BadFile(words.t("{path} is a folder; name a file", path=out))
    if out.is_file() and not is_forced:
        raise BadFile(words.t("{path} exists; --force writes over it", path=out))


def write_text(out: Path, text: str, words: Words) -> None:
    """Write a file. Raises ``BadFile``."""
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise cannot_write(out, fault, words) from None


def cannot_write(out: Path, fault: OSError, words: Words) -> BadFile:
    """The fault as a sentence."""
    return BadFile(words.t("{path} cannot be written: {why}", path=out, why=fault))
