"""The lesson card as a value: what the current beat says and asks, in the session's language.

Rules
-----
* Every number in it was read from the run of the branch on screen.
* What the author wrote about an answer is said only of the run the author meant. On a branch of the learner's own
  the engine's answer is said instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach import betting, facts, quiz
from tutor.teach.lesson import Ask
from tutor.teach.quiz import Answer
from tutor.teach.session import Session
from tutor.words import Words


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer on offer. ``mark``: ``""``, ``"ticked"``, ``"right"`` or ``"wrong"``."""

    label: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class AskView:
    """A bet or question. ``verdict``: ``""``, ``"right"`` or ``"wrong"``; ``feedback`` is Markdown."""

    prompt: str
    options: tuple[OptionView, ...]
    is_bet: bool
    is_open: bool
    verdict: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """The current beat: its place among all (from 1), title and words (Markdown), and what it asks."""

    place: int
    total: int
    title: str
    words: str
    ask: AskView | None


def card(session: Session) -> Card | None:
    """What the lesson says now; None in a lesson without beats.

    A beat that does not fire on this branch shows its words with dashes for what the run does not tell.
    """
    beat = session.current
    if beat is None:
        return None
    lang = session.lang
    return Card(
        place=session.beat + 1,
        total=len(session.lesson.beats),
        title=_filled(session, beat.title[lang]),
        words=_filled(session, beat.words[lang]),
        ask=_ask_view(session, beat.ask) if beat.ask is not None else None,
    )


def _filled(session: Session, text: str) -> str:
    scene = betting.scene(session, session.beat)
    return facts.fill(text, scene) if scene is not None else facts.without_run(text)


def _ask_view(session: Session, ask: Ask) -> AskView | None:
    scene = betting.scene(session, session.beat)
    answer = session.verdict
    is_open = betting.is_asking(session)
    if scene is None or (answer is None and not is_open):
        return None
    labels = [quiz.label(ask, option, scene, session.lang) for option in ask.options]
    marks = [_mark(session, ask, answer, index) for index in range(len(labels))]
    return AskView(
        prompt=facts.fill(ask.prompt[session.lang], scene),
        options=tuple(OptionView(label, mark) for label, mark in zip(labels, marks, strict=True)),
        is_bet=ask.is_bet,
        is_open=is_open,
        verdict="" if answer is None else "right" if answer.is_right else "wrong",
        feedback=_feedback(session, ask, answer, labels) if answer is not None else "",
    )


def _mark(session: Session, ask: Ask, answer: Answer | None, index: int) -> str:
    if session.choice == index:
        return "ticked"
    if answer is None:
        return ""
    if index == answer.option:
        return "right" if answer.is_right else "wrong"
    return "right" if ask.is_bet and index in answer.right else ""


def _feedback(session: Session, ask: Ask, answer: Answer, labels: list[str]) -> str:
    words = Words(session.lang)
    scene = betting.scene(session, session.beat)
    option = ask.options[answer.option]
    if option.feedback is not None and scene is not None and (answer.on_road or not ask.is_bet):
        return facts.fill(option.feedback[session.lang], scene)
    if answer.is_right:
        return words.t("Yes. That is what happens.")
    if not answer.found:
        return words.t("On this branch nothing of the kind happens.")
    found = labels[answer.right[0]] if answer.right else answer.found
    return words.t("On this branch it is: {found}.", found=found)
