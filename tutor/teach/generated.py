"""A generated question as a value: what is asked of which run at which moment, the answers, and why each wrong one is.

Rules
-----
* ``asks`` says in one line what is asked and each option's ``value`` what it claims; both can be judged on the run
  without a word of ``ask`` being read (``proving``). Nothing else decides what is right.
* The same generator with the same seed gives the same question on every machine.
* Every wrong answer has a feedback with the numbers of this run, and an instant at which the run shows it.
* Of an order, every option's feedback says why it comes before the next one; of many, why it belongs or does not.

Theory, what ``asks`` may be, and what ``value`` then is::

    next-state HOST                     the state that HOST enters next
    next-segment HOST                   flags, seq, ack, len of the next segment that HOST sends
    time CUE                            how long until the cue fires, in microseconds (``1500us``)
    order                               a cue; the options in the order in which they fire
    table HOST                          what ``ss -tan`` prints on HOST at the moment
    state HOST at CUE                   the state in which HOST is right after the cue has fired
    ack HOST                            the number (absolute) in the ACK field of the next segment that HOST sends
    result HOST CALL                    what the call returns next: a number, or the name of an error
    edge SOURCE TARGET RULES            the id of an edge from SOURCE to TARGET in this rule set
    enters HOST                         (many) a state that HOST enters from here to the end of the run
    takes-number                        (many) ``#N``: a segment of the run that uses up sequence numbers
    acknowledged HOST                   (many) ``#N``: a segment that the newest ACK that HOST received acknowledges
    leaves STATE RULES                  (many) the id of an edge whose event takes a connection out of STATE
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tutor.teach.answered import made_card
from tutor.teach.lesson import Ask, Option, Text
from tutor.words import LANGUAGES, Words
from tutor.world.scenario import Scenario
from tutor.world.time import MS, format_duration, parse_duration
from tutor.world.trace import Trace

KINDS = ("choice", "many", "next-state", "next-segment", "time", "order", "table")
"""The kinds of questions that are generated."""

ANYTHING = "anything"
"""The subject of a question that belongs to no story and no edge."""

MOST_OPTIONS = 4
"""So many answers are on offer; five of an order, or of many."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer before it has a place: what it claims, how it reads, why it is right or wrong, when that shows."""

    value: str
    why: Text
    seen: int
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before its answers have been shuffled. ``right`` of an order is the order itself.

    ``index`` is the last step at its instant: what the learner has seen. ``cue``: what is waited for, if one is.
    """

    kind: str
    family: str
    asks: str
    prompt: Text
    index: int
    right: tuple[Answer, ...]
    wrong: tuple[Answer, ...]
    host: str = ""
    cue: str = ""
    edge: str = ""
    concept: str = ""
    connection: str = ""
    """The connection that is meant, where a run has several."""


@dataclass(frozen=True, slots=True)
class Posed:
    """A question on a run. ``right``: indexes of the right options; of an order, all of them in the right order.

    ``at`` (microseconds) is the moment after which nothing may be shown; ``seen`` when each option's verdict shows.
    ``scenario`` makes the run anew; None where it is somebody's own run, which is then only in ``trace``.
    """

    generator: str
    seed: int
    ask: Ask
    asks: str
    index: int
    at: int
    right: tuple[int, ...]
    seen: tuple[int, ...]
    concept: str
    edge: str
    setting: Text
    scenario: Scenario | None
    trace: Trace = field(compare=False, repr=False)
    subject: str = ""
    """The story or the edge that it is about; "" where neither is known."""
    has_run: bool = True
    """Is it about a run that must be seen, and not about the table of edges alone?"""
    concepts: tuple[str, ...] = ()
    """All that it is about, where its author named them; else it is ``concept`` alone."""
    replays: tuple[str, ...] = ()
    """For each answer the line that plays why it is right or wrong; () where no line does."""

    @property
    def id(self) -> str:
        """What names this very question: the generator and the seed."""
        return f"{self.generator}#{self.seed}"

    @property
    def card(self) -> str:
        """The card that a wrong answer makes: the kind, and what it is about."""
        return made_card(self.kind, self.subject or ANYTHING)

    @property
    def about(self) -> tuple[str, ...]:
        """All that a score counts it under."""
        return self.concepts or (self.concept,)

    @property
    def kind(self) -> str:
        """The kind of its ask."""
        return self.ask.kind

    def label(self, option: int, lang: str) -> str:
        """An option as it is shown."""
        shown = self.ask.options[option]
        return shown.text[lang] if shown.text is not None else shown.value


# --- sentences ---

Part = str | int | Text


def said(sentence: str, **values: Part) -> Text:
    """A marked sentence in every language, its placeholders filled; a ``Text`` is filled in the same language."""
    made = {
        lang: Words(lang).t(sentence, **{name: _in(value, lang) for name, value in values.items()})
        for lang in LANGUAGES
    }
    return Text(made["en"], tuple((lang, text) for lang, text in made.items() if lang != "en"))


def paragraphs(parts: Sequence[Text]) -> Text:
    """Texts one below the other."""
    made = {lang: "\n\n".join(part[lang] for part in parts) for lang in LANGUAGES}
    return Text(made["en"], tuple((lang, text) for lang, text in made.items() if lang != "en"))


def plain(text: str) -> Text:
    """What reads the same in every language: a state, a segment, a number."""
    return Text(text, tuple((lang, text) for lang in LANGUAGES if lang != "en"))


def _in(value: Part, lang: str) -> str | int:
    return value[lang] if isinstance(value, Text) else value


def span(micros: int) -> str:
    """A span of time to three digits: ``1.05 s``, ``35 ms``. What is exact to three digits stays exact."""
    scale = 1
    while micros // scale >= 1000:
        scale *= 10
    rounded = (micros + scale // 2) // scale * scale
    return format_duration(rounded)


# --- from a draft to a question ---


def posed(
    draft: Draft,
    trace: Trace,
    dice: Random,
    *,
    generator: str,
    seed: int,
    setting: Text,
    scenario: Scenario | None = None,
    subject: str = "",
) -> Posed:
    """The question with its answers shuffled: of the wrong ones the first few, in the order of the draft."""
    room = max(MOST_OPTIONS - len(draft.right), 2 if draft.kind == "many" else 0)
    answers = [*draft.right, *(draft.wrong if draft.kind == "many" else draft.wrong[:room])]
    places = list(range(len(answers)))
    dice.shuffle(places)
    if draft.kind == "order" and places == sorted(places):
        places.reverse()
    options = tuple(Option(answers[place].value, answers[place].text, answers[place].why) for place in places)
    right = tuple(places.index(number) for number in range(len(draft.right)))
    right = right if draft.kind == "order" else tuple(sorted(right))
    answers_right = tuple(options[place].value for place in right)
    return Posed(
        generator=generator,
        seed=seed,
        ask=Ask(
            draft.kind,
            draft.prompt,
            options,
            answers_right,
            draft.host,
            draft.cue,
            tolerance=PER_CENT if draft.kind == "time" else 0,
        ),
        asks=draft.asks,
        index=draft.index,
        at=trace.computed[draft.index].at,
        right=right,
        seen=tuple(answers[place].seen for place in places),
        concept=draft.concept,
        edge=draft.edge,
        setting=setting,
        scenario=scenario,
        trace=trace,
        subject=subject,
        has_run=draft.family not in ABOUT_TABLE,
    )


ABOUT_TABLE = frozenset({"edge", "leaves"})
"""Families whose questions are about the table of edges and not about a moment of a run."""


# --- grading ---


PER_CENT = 10
"""How far a time may be off and still be right."""


def tolerance(micros: int, per_cent: int = PER_CENT) -> int:
    """How far a time may be off and still be right: a tenth, at least a millisecond (microseconds)."""
    return max(MS, micros * per_cent // 100)


def interval(question: Posed) -> tuple[int, int]:
    """From when to when (microseconds after the moment) a typed time is right."""
    found = parse_duration(question.ask.answers[0])
    room = tolerance(found, question.ask.tolerance or PER_CENT)
    return found - room, found + room


def grade(question: Posed, picks: Sequence[int], typed: int | None = None) -> bool:
    """Is this the right answer: the option, the set of many, the order, or a ``typed`` time in microseconds?"""
    if typed is not None:
        low, high = interval(question)
        return low <= typed <= high
    if question.kind == "order":
        return tuple(picks) == question.right
    if question.kind == "many":
        return tuple(sorted(set(picks))) == question.right
    return len(picks) == 1 and picks[0] in question.right


def feedback(question: Posed, picks: Sequence[int], typed: int | None = None) -> tuple[Text, ...]:
    """Why an answer is wrong, or why it is right; of many and of an order each mistake has its own."""
    found = [question.ask.options[i].feedback for i in heard(question, picks, typed)]
    return tuple(text for text in found if text is not None)


def heard(question: Posed, picks: Sequence[int], typed: int | None = None) -> tuple[int, ...]:
    """The options that answer what was given: those whose feedback is told."""
    options = question.ask.options
    if question.kind == "many" and not grade(question, picks):
        chosen = set(picks) ^ set(question.right)
    elif question.kind == "order":
        chosen = {before for before, _ in inverted(question, picks)} or set(question.right[:-1])
    elif typed is not None:
        near = [i for i, option in enumerate(options) if _is_near(typed, parse_duration(option.value))]
        wrong = [i for i in near if i not in question.right]
        chosen = set(question.right if grade(question, (), typed) else wrong[:1])
    else:
        chosen = set(picks)
    return tuple(i for i in sorted(chosen) if 0 <= i < len(options))


_YES = re.compile(r"^(?:Yes|Right|Exactly)[.,:] *|^(?:对|是的|没错|正确)[。，：]")


def plain_reason(text: str) -> str:
    """Why the right answer is right, as it is said to somebody who gave another: without the "Yes." before it."""
    rest = _YES.sub("", text)
    return rest[:1].upper() + rest[1:]


def inverted(question: Posed, picks: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The neighbours in the right order that an answer has the other way round (or leaves out)."""
    place = {option: at for at, option in enumerate(picks)}
    pairs = zip(question.right, question.right[1:], strict=False)
    return tuple((a, b) for a, b in pairs if place.get(a, len(place)) >= place.get(b, -1))


def _is_near(typed: int, micros: int) -> bool:
    return abs(typed - micros) <= tolerance(micros)
