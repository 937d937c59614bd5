"""In which order the answers on offer stand: so that their places say nothing, and their order says what it can.

Rules
-----
* Numbers ascend: times, and answers that differ in one number alone. The points of an explanation stand as its author
  has them.
* All others stand in an order that has nothing to do with who is right: in a lesson always the same one, so that a
  digit means the same answer each time; wherever a question is posed anew, one from the seed.
* The things of an order never stand in the right one.
* Indexes go along: what was right before is right after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from random import Random

from tutor.tcp.values import replace
from tutor.teach.generated import Posed
from tutor.teach.lesson import Ask, Option
from tutor.world.time import parse_duration

AS_WRITTEN = ("explain", "attack")
"""Kinds whose options stand as their author has them."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def in_lesson(kind: str, options: tuple[Option, ...], asked: str) -> tuple[Option, ...]:
    """The options of a lesson's question as the card shows them. ``asked``: which question it is, as ``lesson/beat``.

    Those of an order come in the right one.
    """
    if kind in AS_WRITTEN:
        return options
    numbers = _ascending(kind, options) if kind != "order" else None
    if numbers is not None:
        return tuple(options[place] for place in numbers)
    key = f"|{kind}|{asked}/"
    shown = tuple(sorted(options, key=lambda option: sha256(f"{key}{option.value}".encode()).hexdigest()))
    return (*shown[1:], shown[0]) if kind == "order" and shown == options else shown


def mixed(ask: Ask, dice: Random) -> Ask:
    """What a lesson asks with its answers in an order from the dice, for a card on which it is asked again."""
    if ask.kind in AS_WRITTEN:
        return ask
    places = _drawn(ask.kind, ask.options, dice)
    options = tuple(ask.options[place] for place in places)
    if ask.kind == "order" and tuple(option.value for option in options) == ask.answers:
        options = options[::-1]
    return replace(ask, options=options)


def _drawn(kind: str, options: Sequence[Option], dice: Random) -> list[int]:
    """Which option stands where: numbers ascend, the rest as the dice fall."""
    places = _ascending(kind, options)
    if places is None:
        places = list(range(len(options)))
        dice.shuffle(places)
    return places


def anew(question: Posed, dice: Random) -> Posed:
    """The question with its answers in an order from the dice; numbers ascend."""
    options = question.ask.options
    places = _drawn(question.kind, options, dice)
    if question.kind == "order" and tuple(places) == question.right:
        places.reverse()
    right = tuple(places.index(place) for place in question.right)
    return replace(
        question,
        ask=replace(question.ask, options=tuple(options[place] for place in places)),
        right=right if question.kind == "order" else tuple(sorted(right)),
        seen=tuple(question.seen[place] for place in places),
        replays=tuple(question.replays[place] for place in places) if question.replays else (),
    )


def _ascending(kind: str, options: Sequence[Option]) -> list[int] | None:
    """The places of options that are numbers, the lowest first; None if they are not."""
    keys = _spans(options) if kind == "time" else _numbers(options)
    return sorted(range(len(keys)), key=keys.__getitem__) if keys is not None else None


def _spans(options: Sequence[Option]) -> list[float] | None:
    try:
        return [parse_duration(option.value) for option in options]
    except ValueError:
        return None


def _numbers(options: Sequence[Option]) -> list[float] | None:
    """The one number in which the texts differ."""
    texts = [option.text.en if option.text is not None else option.value for option in options]
    found = [_NUMBER.findall(text) for text in texts]
    differing = [place for place, row in enumerate(zip(*found, strict=False)) if len(set(row)) > 1]
    is_alike = len({_NUMBER.sub("#", text) for text in texts}) == 1 and len({len(row) for row in found}) == 1
    if not is_alike or len(differing) != 1:
        return None
    return [float(row[differing[0]].replace(",", "")) for row in found]
