"""Stars that Markdown leaves standing: an emphasis that does not begin or does not end where its author meant it to.

Rules
-----
* A star with room on both sides, at the beginning of a row of a list, after a backslash or in code is meant to be seen.
* A placeholder is taken for a word: what the run puts there ends in a letter or a number.

Theory
------
CommonMark 6.2: stars open only where what follows them is no space and, if it is a punctuation mark, a space or a mark
stands before them; they close under the same condition read backwards. So stars between a Chinese full stop or colon
and a Chinese letter close nothing: Chinese puts no space there. The mark goes behind the stars, or a space. Where more
stars follow in the paragraph they may pair off otherwise, and what was to be plain is emphasised within an emphasis.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from tutor.teach.errors import Problems
from tutor.teach.sentences import PLACEHOLDER, unwrapped
from tutor.teach.yamlio import Node

_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_FENCED = re.compile(r"^[ ]{0,3}```.*?(?:^[ ]{0,3}```|\Z)", re.DOTALL | re.MULTILINE)
_RUN = re.compile(r"\*+")
_ROW = re.compile(r"^[ \t]*\*(?=[ \t])", re.MULTILINE)
_ESCAPED = re.compile(r"\\[\\*]")


class Stars(NamedTuple):
    """Stars that will be seen: where in the text they begin, and what stands about them."""

    offset: int
    found: str


class _Run:
    """Neighbouring stars, and how many of them have found no partner yet."""

    def __init__(self, text: str, start: int, length: int) -> None:
        before, after = text[start - 1 : start] or "\n", text[start + length : start + length + 1] or "\n"
        opens, closes = not after.isspace(), not before.isspace()
        self.is_opening = opens and (not _is_mark(after) or before.isspace() or _is_mark(before))
        self.is_closing = closes and (not _is_mark(before) or after.isspace() or _is_mark(after))
        self.is_meant = not opens and not closes
        self.start, self.whole, self.left = start, length, length
        self.is_astray = False

    def pairs_with(self, closing: _Run) -> bool:
        """CommonMark 6.2, rules 9 and 10: the rule of three."""
        is_both = (self.is_opening and self.is_closing) or (closing.is_opening and closing.is_closing)
        return not is_both or (self.whole + closing.whole) % 3 != 0 or (self.whole % 3 == 0 and closing.whole % 3 == 0)


def visible_stars(text: str) -> Iterator[Stars]:
    """The stars of a Markdown text that emphasise nothing, and will be read as stars; or that emphasise other words."""
    masked = _masked(text)
    at = 0
    for paragraph in re.split(r"(\n[ \t]*\n)", masked):
        for run in _unpaired(paragraph):
            start = at + run.start
            yield Stars(start, " ".join(text[max(0, start - 8) : start + run.whole + 8].split()))
        at += len(paragraph)


def inspect(node: Node, where: str, problems: Problems) -> None:
    """Complain of stars in one sentence of a lesson or lecture, once, where the last of them stand.

    It is read as it will be shown: where Chinese lines are joined no space is left between stars and a letter.
    """
    text = unwrapped(node.value) if isinstance(node.value, str) else ""
    found = list(visible_stars(text))
    if found:
        place = _star(node.value, text.count("*", 0, found[-1].offset))
        what = problems.words.t("stars in a wrong place: they will be seen, or emphasise other words")
        hint = problems.words.t(
            "Put the punctuation mark behind the stars ({right}, not {wrong}), or write \\* for a star.",
            right="**说**：字",
            wrong="**说：**字",
        )
        problems.add(node.mark_in(place), where, what, found=found[-1].found, hint=hint)


def _star(text: str, number: int) -> int:
    """Where the star of this number (from 0) stands."""
    at = text.index("*")
    for _ in range(number):
        at = text.index("*", at + 1)
    return at


def _masked(text: str) -> str:
    """The text with everything hidden whose stars are no emphasis; every character stays in its place."""
    text = _FENCED.sub(lambda each: re.sub(r"[^\n]", "x", each[0]), text)
    text = _CODE.sub(lambda each: each[1] + re.sub(r"[^\n]", "x", each[2]) + each[1], text)
    text = PLACEHOLDER.sub(lambda each: "x" * len(each[0]), text)
    text = _ESCAPED.sub("xx", text)
    return _ROW.sub(lambda each: each[0][:-1] + "-", text)


def _unpaired(text: str) -> list[_Run]:
    """The runs of one paragraph of which something is left over, or that emphasise within an emphasis of their kind."""
    runs = [_Run(text, each.start(), len(each[0])) for each in _RUN.finditer(text)]
    runs = [run for run in runs if not run.is_meant]
    waiting: list[_Run] = []
    for run in runs:
        while run.is_closing and run.left:
            place = next((i for i in reversed(range(len(waiting))) if waiting[i].pairs_with(run)), None)
            if place is None:
                break
            opening = waiting[place]
            del waiting[place + 1 :]
            width = 2 if min(opening.left, run.left) >= 2 else 1
            opening.is_astray |= any(each.whole == opening.whole for each in waiting[:place])
            opening.left, run.left = opening.left - width, run.left - width
            if not opening.left:
                waiting.pop()
        if run.is_opening and run.left:
            waiting.append(run)
    return [run for run in runs if run.left or run.is_astray]


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "P" or (
        letter.isascii() and not letter.isalnum() and letter.isprintable()
    )
