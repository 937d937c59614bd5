"""What a learner has typed as an answer: numbers of options, their text, or something that means the same.

Rules
-----
* ``2``, ``fin-wait-2``, ``TCP_FIN_WAIT2`` and ``FIN-WAIT-2`` may be the same answer; so may ``S. seq=0 ack=1`` and the
  segment it spells. A time may be one that is on offer, or any other; its unit may be spelt out, a bare one is seconds.
* Of many, numbers parted by commas or spaces; of an order, all of them in their order.
* What cannot be understood is an ``Unreadable``; nothing is guessed.
"""

from __future__ import annotations

import re

from tutor.tcp import states
from tutor.teach.generated import Posed, feedback, grade, heard
from tutor.teach.lesson import Text
from tutor.teach.proving import meaning_of
from tutor.teach.quiz import Given, typed
from tutor.words import LANGUAGES
from tutor.world.time import parse_seconds


class Unreadable(ValueError):
    """The text is no answer to this question."""


def read_answer(question: Posed, text: str) -> Given:
    """The answer that ``text`` gives. Raises ``Unreadable``."""
    count = len(question.ask.options)
    numbers = _numbers(text)
    if question.kind in ("many", "order"):
        return Given(_several(question, numbers, count))
    if numbers is not None and len(numbers) == 1:
        if 1 <= numbers[0] <= count:
            return Given((numbers[0] - 1,))
        raise Unreadable(text)
    named = [i for i in range(count) if _is_meant(question, i, text)]
    if len(named) == 1:
        return Given((named[0],))
    if question.kind == "time":
        return Given(text=f"{_time(text)}us")
    raise Unreadable(text)


def is_right(question: Posed, given: Given) -> bool:
    """Is what was given right?"""
    return grade(question, given.picks, typed(given.text))


def reasons(question: Posed, given: Given) -> tuple[Text, ...]:
    """Why it is right, or why it is not: each mistake's own reason."""
    return feedback(question, given.picks, typed(given.text))


def replays(question: Posed, given: Given) -> tuple[str, ...]:
    """The lines that play why: those of the answers of which ``reasons`` speaks."""
    lines = (question.replays[i] for i in heard(question, given.picks, typed(given.text)) if question.replays)
    return tuple(dict.fromkeys(line for line in lines if line))


def _numbers(text: str) -> tuple[int, ...] | None:
    """The numbers that the text consists of; None if of anything else. A stroke parts two of them; none is below 0."""
    if text.lstrip().startswith("-"):
        return None
    words = [word for word in re.split(r"[\s,;，；、>-]+", text.strip()) if word]
    return tuple(map(int, words)) if words and all(word.isdecimal() for word in words) else None


def _several(question: Posed, numbers: tuple[int, ...] | None, count: int) -> tuple[int, ...]:
    """The options that these numbers name: each once, all of them for an order. ``2143`` is four numbers."""
    if numbers is not None and len(numbers) == 1 and numbers[0] > count <= 9:
        numbers = tuple(int(digit) for digit in str(numbers[0]))
    if numbers is None or len(set(numbers)) < len(numbers) or not all(1 <= number <= count for number in numbers):
        raise Unreadable(question.id)
    if question.kind == "order" and len(numbers) < count:
        raise Unreadable(question.id)
    return tuple(number - 1 for number in numbers)


def _is_meant(question: Posed, option: int, text: str) -> bool:
    """Does the text say this option, as it reads or by what it means?"""
    plain = _plain(text)
    value = question.ask.options[option].value
    if plain in {_plain(value), *(_plain(question.label(option, lang)) for lang in LANGUAGES)}:
        return True
    try:
        if question.kind == "next-segment":
            return meaning_of(text) == meaning_of(value)
        return states.parse(text) is states.parse(value)
    except (ValueError, KeyError):
        return False


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("`", "").split()).rstrip(".。")


def _time(text: str) -> int:
    span = typed(text)
    if span is not None:
        return span
    try:
        return parse_seconds(text)
    except ValueError:
        raise Unreadable(text) from None
