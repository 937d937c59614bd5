"""What a lesson's sentences may not contain: numbers with units, typed by hand; English that is said to be Chinese.

Rules
-----
* A time or a size on screen comes from the run, through a placeholder. A number that an author typed is wrong the
  moment somebody changes the link, the profile or a sysctl.
* Numbers without a unit are the author's own business; on our own shelf those of a segment, all others from ten on and
  those in words from eleven on are looked at as well (``computed_numbers``, ``large_numbers``).
* A sentence of nothing but names, flags, calls, code, states and numbers is the same in Chinese (``untranslated``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
"""``{link.delay}``: filled from the run."""

_TIME = r"microseconds?|milliseconds?|seconds?|secs?|minutes?|mins?|hours?|days?|µs|us|ms|s|h"
_SIZE = r"bytes?|octets?|[kKMGT]i?B|[kKMGT]?bits?(?:/s)?|[kKMGT]bps|percent|%"
_HAN = r"微秒|毫秒|秒钟?|分钟?|小时|天|字节|比特"
_COUNT = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundred|thousand|million"
)
_TYPED = re.compile(
    rf"(?<![\w.])\d+(?:[.,]\d+)*[ \u00a0-]?(?:(?:{_TIME}|{_SIZE})(?![A-Za-z0-9/])|(?:{_HAN}))"
    rf"|\b(?:{_COUNT})[ \u00a0-](?:microseconds?|milliseconds?|seconds?|minutes?|hours?|days?|bytes?|octets?)\b"
    rf"|[一二两三四五六七八九十百千万]+(?:{_HAN})",
    re.IGNORECASE,
)


class Typed(NamedTuple):
    """A number with its unit, and where in the text it begins."""

    offset: int
    found: str


def typed_numbers(text: str) -> Iterator[Typed]:
    """Every number with a unit that ``text`` spells out itself."""
    for match in _TYPED.finditer(PLACEHOLDER.sub(lambda hole: " " * len(hole[0]), text)):
        yield Typed(match.start(), match[0])


_HAN_DIGITS = "一二三四五六七八九"
_LARGE = re.compile(
    r"\b(?:eleven|(?:thir|four|fif|six|seven|eigh|nine)teen|twelve"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?+)\b(?! (?:bits?|years?)\b)"
    rf"|(?<![几第])(?:[{_HAN_DIGITS}]?十[{_HAN_DIGITS}]|[{_HAN_DIGITS}]十)(?![多来余几万亿年位{_HAN_DIGITS}])",
    re.IGNORECASE,
)


def large_numbers(text: str) -> Iterator[Typed]:
    """Every number from eleven on that ``text`` spells out as a word, in English or Chinese.

    Of years, and of the bits of a field, nothing can be computed.
    """
    for match in _LARGE.finditer(PLACEHOLDER.sub(lambda hole: " " * len(hole[0]), text)):
        yield Typed(match.start(), match[0])


_OF_SEGMENT = re.compile(
    r"\b(?:seq|ack|len|win|sack) ?= ?@?(\d+)|\b(?:numbers?|bytes?|octets?) (\d+)(?: (?:to|and) (\d+))?"
    r"|(?<![\w.#])(\d+) (?:to|到|至) (\d+)|(?<![\w.#])(\d+) ?号(?!端口)|第 ?(\d+) ?个字节",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"`[^`\n]*`|\b(?:RFCs? ?|Windows |lesson )\d+|第 \d+ 课|\b(?:19|20)\d\d(?!\d|,\d)|\d+(?:\.\d+)+|[A-Za-z_]\w*-?\d+"
    r"|\d+ 位"
)
_WHOLE = re.compile(r"(?<![\w,.])\d{1,3}(?:,\d{3})+(?!\w|,\d)|(?<!\d)\d{2,}(?!\d)")


class Computed(NamedTuple):
    """A number that a run could fill in. ``is_exact``: it is one of a segment, and not any number from ten on."""

    offset: int
    found: str
    is_exact: bool

    @property
    def digits(self) -> str:
        """The number without commas."""
        return self.found.replace(",", "")


def computed_numbers(text: str) -> list[Computed]:
    """Every number in ``text`` that the engine computes, or is told by the lesson's file; in order.

    Those of a segment (``ack=1``, "number 7", "1 to 50", 7 号) whatever their size, and every other from ten on. Not
    looked at, since no run computes them: names (RFC 793, Windows 2000, lesson 20, B1), years, versions (Linux 6.5,
    HTTP/1.1), addresses, the bits of a field; and, but for the numbers of a segment, what stands in backticks, as one
    types it.
    """
    plain = PLACEHOLDER.sub(lambda hole: " " * len(hole[0]), text)
    exact = {
        match.start(group): match[group]
        for match in _OF_SEGMENT.finditer(plain)
        for group in range(1, _OF_SEGMENT.groups + 1)
        if match[group] is not None
    }
    named = _NAMED.sub(lambda name: " " * len(name[0]), plain)
    others = {match.start(): match[0] for match in _WHOLE.finditer(named) if match.start() not in exact}
    found = (Computed(at, number, at in exact) for at, number in (exact | others).items())
    return sorted(found)


class Untranslated(NamedTuple):
    """A sentence that has been left in English, and where in the text it begins."""

    offset: int
    found: str


MOST_FOREIGN = 4
"""A Chinese text may hold so many English words in a sentence of their own: a message that a program prints."""

_NO_PROSE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)
_PIECE = re.compile(r"(?:[^。！？；“”\n.!?;]|[.!?;](?!\s|$|[*”]))+")
_PLAIN_WORD = re.compile(r"(?<![\w.=/(-])[A-Za-z][a-z']*(?![\w=/(])")


def untranslated(text: str, names: Collection[str] = ()) -> Iterator[Untranslated]:
    """Every sentence of a Chinese ``text`` that has no Han character, but English words, more than four of them.

    Not counted: code, placeholders, what is written in capitals or with other signs (flags, states, calls, settings),
    the lesson's ``names``, and a mere list of names.
    """

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    plain = PLACEHOLDER.sub(blank, _NO_PROSE.sub(blank, text))
    for match in _PIECE.finditer(_SOFT_BREAK.sub(" ", plain)):
        words = [word for word in _PLAIN_WORD.findall(match[0]) if word not in names]
        is_prose = sum(word[0].islower() for word in words) > 1
        if is_prose and len(words) > MOST_FOREIGN and not _HAN_SIGN.search(match[0]):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield Untranslated(start, " ".join(text[start : match.end()].split()))


class Hole(NamedTuple):
    """A placeholder: its name, and where in the text it begins."""

    offset: int
    name: str


def holes(text: str) -> Iterator[Hole]:
    """Every placeholder of ``text``."""
    for match in PLACEHOLDER.finditer(text):
        yield Hole(match.start(), match[1].strip())


WORDS_A_MINUTE, SIGNS_A_MINUTE = 180, 300
"""How fast somebody reads who is learning from it: words of Latin script, Chinese characters."""

_HAN_SIGN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9][\w'.,+-]*")


def reading_time(text: str) -> float:
    """Seconds that ``text`` takes to read."""
    words, signs = len(_WORD.findall(text)), len(_HAN_SIGN.findall(text))
    return 60 * (words / WORDS_A_MINUTE + signs / SIGNS_A_MINUTE)


_SOFT_BREAK = re.compile(r"(?<!\n)\n(?!\n|[-*>|#]\s|\d+\.\s|\s)")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—]")


def unwrapped(text: str) -> str:
    """``text`` with every paragraph on one line. Where Han characters meet, a line break leaves no space behind.

    Quotes, dashes and dots are as wide as Han characters in a text that has some, and in no other.
    """
    if not _HAN_SIGN.search(text):
        return _SOFT_BREAK.sub(" ", text)

    def joint(match: re.Match[str]) -> str:
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        return "" if any(_WIDE.match(char) for char in around) else " "

    return _SOFT_BREAK.sub(joint, text)
