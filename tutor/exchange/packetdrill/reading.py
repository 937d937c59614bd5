"""Reading text with places: where we are, what is next, and an error that says what would have been right.

Rules
-----
* Blank space and comments (``//``, ``/* */``, ``#`` at the beginning of a line) mean nothing.
* An error says line and column, what was found and what is allowed. It is the author's, never a traceback.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

LARGEST = 1_000_000
"""Characters of a script. What is longer is no test that a person wrote."""

MOST_ITEMS = 10_000
"""Events of a script."""


class ScriptError(ValueError):
    """A script that cannot be read. ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, column: int, found: str, allowed: str) -> None:
        super().__init__(f"line {line}, column {column}: found {found}; allowed: {allowed}")
        self.line, self.column, self.found, self.allowed = line, column, found, allowed


_SPACE = re.compile(r"(?:(?m:^)[ \t]*\#[^\n]*|\s|//[^\n]*|/\*.*?\*/)*", re.S)


_NUMBER = re.compile(r"\d{1,20}(?![\w.])")


class Reader:
    """Text and a place in it."""

    def __init__(self, text: str) -> None:
        if len(text) > LARGEST:
            raise ScriptError(1, 1, f"{len(text)} characters", f"at most {LARGEST}")
        self.text, self.at = text, 0
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.skip()

    def skip(self) -> None:
        """Pass over blank space and comments."""
        found = _SPACE.match(self.text, self.at)
        assert found is not None, "nothing at all is blank space too"
        self.at = found.end()

    def place(self, at: int | None = None) -> tuple[int, int]:
        """(line, column) of a position, from 1."""
        where = self.at if at is None else at
        line = bisect_right(self.lines, where)
        return line, where - self.lines[line - 1] + 1

    def is_at_end(self) -> bool:
        """Is nothing left?"""
        return self.at >= len(self.text)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What matches here, and the blank space after it; None, and nothing is taken."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
            self.skip()
        return found

    def takes(self, literal: str) -> bool:
        """Is this what comes next? Then it is taken."""
        if not self.text.startswith(literal, self.at):
            return False
        self.at += len(literal)
        self.skip()
        return True

    def need(self, pattern: re.Pattern[str] | str, allowed: str) -> str:
        """What must come now. Raises ``ScriptError``."""
        if isinstance(pattern, str):
            if self.takes(pattern):
                return pattern
            raise self.wrong(allowed)
        found = self.take(pattern)
        if found is None:
            raise self.wrong(allowed)
        return found[0]

    def number(self, what: str, largest: int) -> int:
        """A whole number from 0 to ``largest``. Raises ``ScriptError``."""
        at = self.at
        found = int(self.need(_NUMBER, f"the number of {what}"))
        if found > largest:
            raise self.wrong(f"for {what} a number from 0 to {largest}", at)
        return found

    def until(self, literal: str, what: str) -> str:
        """Everything before ``literal``, which is taken too. Raises ``ScriptError`` if it never comes."""
        end = self.text.find(literal, self.at)
        if end < 0:
            raise self.wrong(f"{what} that ends with {literal}")
        taken, self.at = self.text[self.at : end], end + len(literal)
        self.skip()
        return taken

    def wrong(self, allowed: str, at: int | None = None) -> ScriptError:
        """The error at this place (or at ``at``)."""
        where = self.at if at is None else at
        rest = self.text[where:].splitlines()
        word = rest[0].split(" ", 1)[0][:40] if rest else ""
        if word.startswith("/*"):
            return ScriptError(*self.place(where), "a comment without an end", "*/ behind it")
        return ScriptError(*self.place(where), repr(word) if word else "the end", allowed)


# --- words that stand for others ---

_PIECE = re.compile(r'//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|%\{.*?(?:\}%|\Z)|\w+', re.S)


def replaced(text: str, defined: Mapping[str, str]) -> str:
    """``text`` with the words of ``--define=WORD=VALUE`` replaced, but not inside comments, strings, shells, code."""
    size = len(text)

    def one(found: re.Match[str]) -> str:
        nonlocal size
        value = defined.get(found[0], found[0])
        size += len(value) - len(found[0])
        if size > LARGEST:
            raise ScriptError(1, 1, "words that stand for more", f"at most {LARGEST} characters")
        return value

    return _PIECE.sub(one, text)


# --- parts that are only for some ---

_CONDITION = re.compile(r"[ \t]*#[ \t]*(ifdef|ifndef|else|endif)\b[ \t]*(\w*)")


def chosen(text: str, defined: frozenset[str]) -> str:
    """``text`` without what stands between ``#ifdef NAME`` and ``#endif`` for names that are not ``defined``.

    Lines keep their numbers. Raises ``ScriptError`` for an ``#else`` or ``#endif`` that belongs to nothing.
    """
    if "#if" not in text:
        return text
    lines, inside = [], []
    for number, line in enumerate(text.split("\n"), 1):
        found = _CONDITION.match(line)
        word = found[1] if found else ""
        if word in ("ifdef", "ifndef"):
            assert found is not None, "a word comes from a match"
            inside.append((found[2] in defined) is (word == "ifdef"))
        elif word and not inside:
            raise ScriptError(number, 1, f"#{word}", "#ifdef NAME before it")
        elif word == "else":
            inside[-1] = not inside[-1]
        elif word == "endif":
            inside.pop()
        lines.append(line if all(inside) and not word else "")
    if inside:
        raise ScriptError(len(lines), 1, "the end", "#endif")
    return "\n".join(lines)
