"""Finding a command by a few letters: in order, not beside one another, in English, Chinese or pinyin initials.

Rules
-----
* Every letter that is typed must occur, in order. Starts of words and runs of letters count most.
* Chinese is found by its characters and by the first letters of their pinyin; a character that is read in two ways
  has both.

Theory
------
GB 2312 orders its 3755 common characters by pinyin, so that the first letter follows from the place in the code.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import product

_STARTS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_END = 0xD7FA
_TWO = {"重": "cz", "传": "cz", "长": "cz", "行": "hx", "调": "dt", "数": "s", "降": "jx", "藏": "cz"}
"""Characters read in two ways that the window's words use."""


def initial(character: str) -> str:
    """The first letters of a character's readings: ``"cz"`` for 重; a Latin letter is its own; else ``""``."""
    if character in _TWO:
        return _TWO[character]
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    if not _STARTS[0][0] <= code < _END:
        return ""
    return _STARTS[bisect_right(_STARTS, (code, "~")) - 1][1]


@lru_cache(maxsize=2048)
def initials(text: str) -> tuple[str, ...]:
    """Every way in which a Chinese text may be typed by first letters; none for a text without Chinese."""
    if text.isascii():
        return ()
    letters = [found for found in map(initial, text) if found]
    ways = product(*letters) if sum(len(each) > 1 for each in letters) <= 3 else [tuple(each[0] for each in letters)]
    return tuple("".join(way) for way in ways)


def score(typed: str, *texts: str) -> float:
    """How well the texts answer what was typed: 0 not at all; higher is better."""
    wish = "".join(typed.lower().split())
    if not wish:
        return 1.0
    found = [_match(wish, text.lower()) for text in texts]
    found += [0.9 * _match(wish, way) for text in texts for way in initials(text)]
    return max(found, default=0.0)


def _match(wish: str, text: str) -> float:
    """The letters of ``wish`` in ``text``, in order."""
    if wish in text:
        at = text.index(wish)
        starts_word = at == 0 or not text[at - 1].isalnum()
        return 3.0 + starts_word + len(wish) / max(len(text), 1)
    points, place, last = 0.0, 0, -2
    for letter in wish:
        place = text.find(letter, place)
        if place < 0:
            return 0.0
        starts_word = place == 0 or not text[place - 1].isalnum()
        points += 1.0 + starts_word + (place == last + 1)
        last = place
        place += 1
    return points / (3 * len(wish)) + len(wish) / (10 * max(len(text), 1))
