"""The console: where a command prints, how wide it is, and whether it may use colour and box-drawing characters.

Rules
-----
* Colour only for a person at a terminal, and never against NO_COLOR (https://no-color.org) or ``TERM=dumb``.
* What the output's encoding cannot hold is drawn in ASCII, never an exception.
* A process without an output (a windowed start, ``>&-``) prints into nothing.
* A reader who closes the pipe early has read enough: that is no fault and prints nothing.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from tutor.commands.faults import OutputLost
from tutor.words import Words

DEFAULT_COLUMNS = 100
"""Width of what goes into a pipe or a file, unless COLUMNS says otherwise."""


@dataclass(frozen=True, slots=True)
class Console:
    """Output in one language. Width in columns of a character cell."""

    words: Words
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    out: TextIO = field(default_factory=lambda: sys.stdout or io.StringIO())
    err: TextIO = field(default_factory=lambda: sys.stderr or io.StringIO())

    def say(self, line: str = "") -> None:
        """Print one line. Raises ``OutputLost`` where it cannot be written (a full disk), never for a closed pipe."""
        try:
            print(line, file=self.out)
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise self._lost(fault) from None

    def flush(self) -> None:
        """See to it that all that was said has been written."""
        try:
            self.out.flush()
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise self._lost(fault) from None

    def _lost(self, fault: OSError) -> OutputLost:
        return OutputLost(self.words.t("the output cannot be written: {why}", why=fault))

    def warn(self, line: str) -> None:
        """Print one line on the error stream."""
        print(line, file=self.err)

    @property
    def is_terminal(self) -> bool:
        """Does a person read this?"""
        return self.out.isatty()

    @property
    def has_colour(self) -> bool:
        """May escape sequences for colour be used?"""
        plain = self.environment.get("NO_COLOR") or self.environment.get("TERM") == "dumb"
        return self.is_terminal and not plain

    @property
    def columns(self) -> int:
        """The width: COLUMNS, else the terminal's, else ``DEFAULT_COLUMNS``."""
        wish = self.environment.get("COLUMNS", "")
        if wish.isdecimal() and int(wish) > 0:
            return int(wish)
        if not self.is_terminal:
            return DEFAULT_COLUMNS
        return shutil.get_terminal_size((DEFAULT_COLUMNS, 24)).columns

    def can_print(self, text: str) -> bool:
        """Does the encoding of the output hold every character of ``text``?"""
        try:
            text.encode(self.out.encoding or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
        return True
