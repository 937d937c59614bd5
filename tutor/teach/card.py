"""The lesson card as a value: what the current beat says, asks and has to be done, in the session's language.

Rules
-----
* Every number in it was read from the run of the branch on screen.
* What the author wrote about an answer is said only of the run the author meant. On a branch of the learner's own
  the engine's answer is said instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.teach import betting, byroad, facts, quiz
from tutor.teach.betmode import Bet
from tutor.teach.facts import Scene
from tutor.teach.given import reasons
from tutor.teach.lesson import Ask, Touch
from tutor.teach.quiz import Answer
from tutor.teach.road import find_moments
from tutor.teach.session import Session
from tutor.words import Words, mark
from tutor.world.query import find, parse_cue


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer on offer. ``mark``: ``""``, ``"ticked"``, ``"right"``, ``"wrong"`` or ``"missed"``.

    ``place``: its place in an order, from 1; 0: none yet. ``can_play``: there is a run that shows it.
    """

    label: str
    mark: str = ""
    place: int = 0
    can_play: bool = False


@dataclass(frozen=True, slots=True)
class AskView:
    """A bet or question. ``verdict``: ``""``, ``"right"`` or ``"wrong"``; ``feedback`` is Markdown.

    ``typed``: what is written in its field, None if it has none. ``seconds``: what the clock of an explanation gives;
    0 once it is told, and for all else. ``plays``: the option (from 0) whose run shows why; None if there is none.
    """

    prompt: str
    options: tuple[OptionView, ...]
    is_bet: bool
    is_open: bool
    verdict: str = ""
    feedback: str = ""
    kind: str = "choice"
    typed: str | None = None
    seconds: int = 0
    plays: int | None = None


TODO, ELSEWHERE, MADE, COMPARED = "todo", "elsewhere", "made", "compared"
"""How far a touch is: nothing done; done, but what is wanted does not happen; it happens; both lie side by side."""


@dataclass(frozen=True, slots=True)
class TouchView:
    """What is to be done by hand: ``stage`` as above, ``said``: the task, or what the comparison shows (Markdown)."""

    stage: str
    said: str


@dataclass(frozen=True, slots=True)
class Card:
    """The current beat: its place among all (from 1), title and words (Markdown), what it asks, what is to be done.

    ``part``: ``""`` for a step of the lesson, or the kind of visit (``visiting``).
    """

    place: int
    total: int
    title: str
    words: str
    ask: AskView | None
    touch: TouchView | None = None
    part: str = ""


def card(session: Session) -> Card | None:
    """What the lesson says now; None in a lesson without beats.

    A beat that does not fire on this branch shows its words with dashes for what the run does not tell.
    """
    beat, aside = session.current, session.aside
    stopped = _stop_card(session)
    if stopped is not None:
        return stopped
    if beat is None:
        return None
    lang, touch = session.lang, touch_of(session)
    return Card(
        place=session.beat + 1 if aside is None else aside.place + 1,
        total=len(session.lesson.beats) if aside is None else aside.total,
        title=_filled(session, beat.title[lang]),
        words=_filled(session, beat.words[lang]),
        ask=_ask_view(session, beat.ask) if beat.ask is not None else None,
        touch=_touch_view(session, touch) if touch is not None else None,
        part="" if aside is None else aside.kind,
    )


def _filled(session: Session, text: str) -> str:
    scene = betting.scene(session, session.beat)
    return facts.fill(text, scene) if scene is not None else facts.without_run(text)


# --- bet mode ---

STOP = "stop"
STOPPED = mark("What comes next?")
"""The part of a card that bet mode has put over the lesson's."""


def _stop_card(session: Session) -> Card | None:
    """The bet at which bet mode has stopped the run, open or just answered; None: the lesson has the card."""
    stop, lang = betting.stop_here(session), session.lang
    if stop is not None:
        options = tuple(
            OptionView(stop.question.label(index, lang), "ticked" if index in session.given.picks else "")
            for index in range(len(stop.question.ask.options))
        )
        view = AskView(stop.question.ask.prompt[lang], options, is_bet=True, is_open=True, kind=stop.question.kind)
        return Card(0, 0, Words(lang).t(STOPPED), stop.question.setting[lang], view, part=STOP)
    done = betting.answered_stop(session)
    if done is None or session.is_playing or betting.is_asking(session):
        return None
    stop, bet = done
    question = stop.question
    options = tuple(
        OptionView(question.label(index, lang), _stop_mark(index, bet, question.right))
        for index in range(len(question.ask.options))
    )
    said = "\n\n".join(text[lang] for text in reasons(question, bet.given))
    verdict = "right" if bet.is_right else "wrong"
    view = AskView(question.ask.prompt[lang], options, is_bet=True, is_open=False, verdict=verdict, feedback=said,
                   kind=question.kind)  # fmt: skip
    return Card(0, 0, Words(lang).t(STOPPED), question.setting[lang], view, part=STOP)


def _stop_mark(index: int, bet: Bet, right: tuple[int, ...]) -> str:
    if index in right:
        return "right"
    return "wrong" if index in bet.given.picks else ""


# --- what is asked ---


def _ask_view(session: Session, ask: Ask) -> AskView | None:
    scene = betting.scene(session, session.beat)
    answer = session.verdict
    is_open = betting.is_asking(session)
    if scene is None or (answer is None and not is_open):
        return None
    is_told = ask.kind != "explain" or answer is not None or session.given.is_told
    has_field = ask.is_typed or (ask.kind == "explain" and not is_told)
    shows_options = is_told and not (ask.is_typed and is_open)
    return AskView(
        prompt=facts.fill(ask.prompt[session.lang], scene),
        options=_options(session, ask, answer, scene) if shows_options else (),
        is_bet=ask.is_bet,
        is_open=is_open,
        verdict="" if answer is None else "right" if answer.is_right else "wrong",
        feedback=_graded(session, ask, answer, scene) if answer is not None else "",
        kind=ask.kind,
        typed=(answer.given if answer is not None else session.given).text if has_field else None,
        seconds=0 if is_told else ask.seconds,
        plays=_played(ask, answer, scene),
    )


def _options(session: Session, ask: Ask, answer: Answer | None, scene: Scene) -> tuple[OptionView, ...]:
    picks = session.given.picks if answer is None or not answer.given.picks else answer.given.picks
    return tuple(
        OptionView(
            label=quiz.label(ask, option, scene, session.lang),
            mark=_mark(session, ask, answer, index),
            place=picks.index(index) + 1 if ask.kind == "order" and index in picks else 0,
            can_play=answer is not None and answer.on_road and option.plays is not None,
        )
        for index, option in enumerate(ask.options)
    )


def _mark(session: Session, ask: Ask, answer: Answer | None, index: int) -> str:
    if index in session.given.picks:
        return "ticked"
    if answer is None:
        return ""
    if ask.kind == "explain":
        return "right" if index in answer.given.picks else "missed"
    if ask.kind == "order":
        place = answer.given.picks.index(index) if index in answer.given.picks else -1
        return "right" if answer.right[place : place + 1] == (index,) else "wrong"
    if index in answer.given.picks:
        return "right" if index in answer.right else "wrong"
    if ask.kind == "many":
        return "missed" if index in answer.right else ""
    return "right" if ask.is_bet and index in answer.right else ""


def _played(ask: Ask, answer: Answer | None, scene: Scene) -> int | None:
    """The option whose run answers what was given."""
    if answer is None or not answer.on_road:
        return None
    heard = quiz.heard(ask, quiz.answer(ask, scene), answer.given, scene)
    return heard if heard is not None and ask.options[heard].plays is not None else None


def _graded(session: Session, ask: Ask, answer: Answer, scene: Scene) -> str:
    """What is said of an answer, and whether it counts."""
    said, words = _feedback(session, ask, answer, scene), Words(session.lang)
    match answer.standing:
        case quiz.AGAIN:
            return words.t("{said} Your first answer is the one that counts.", said=said)
        case quiz.SEEN:
            return words.t("{said} You had seen this on another branch: the answer is not counted.", said=said)
        case _:
            return said


def _feedback(session: Session, ask: Ask, answer: Answer, scene: Scene) -> str:
    words = Words(session.lang)
    if ask.kind == "explain":
        count, total = len(answer.given.picks), len(ask.options)
        return words.t("You said {count} of {total} points. Play those that you missed.", count=count, total=total)
    if ask.kind == "fix" and answer.given.act:
        return words.t("Yes. Your own change does it.") if answer.is_right else words.t("Your change does not do it.")
    heard = quiz.heard(ask, quiz.answer(ask, scene), answer.given, scene)
    option = ask.options[heard] if heard is not None else None
    said = option.feedback if option is not None else None
    is_of_this_run = answer.on_road or not ask.is_bet
    if said is not None and is_of_this_run and _is_meant(ask, answer, heard):
        return facts.fill(said[session.lang], scene)
    if ask.kind == "attack":
        return _of_attack(answer, words)
    if answer.is_right:
        return words.t("Yes. That is what happens.") if ask.is_bet else words.t("Yes.")
    if not answer.found:
        return words.t("On this branch nothing of the kind happens.")
    found = quiz.label(ask, ask.options[answer.right[0]], scene, session.lang) if answer.right else answer.found
    if answer.on_road:
        if ask.is_typed:
            return words.t("The engine says: {found}. Go on: the run shows it.", found=found)
        return words.t("The engine says: {found}.", found=found)
    return words.t("On this branch it is: {found}.", found=found)


def _of_attack(answer: Answer, words: Words) -> str:
    moves = answer.given.text.split()
    if moves == ["*"]:
        return words.t("Right: it cannot be done. The search has been everywhere.")
    return words.n("Broken, in {count} move.", "Broken, in {count} moves.", len(moves))


def _is_meant(ask: Ask, answer: Answer, heard: int | None) -> bool:
    """Of a typed time: is the right one answered by a right option's words, a wrong one by a wrong one's?"""
    return not ask.is_typed or (heard in answer.right) == answer.is_right


# --- what is to be done ---


def touch_of(session: Session) -> Touch | None:
    """What is to be done here; off the road, what the last beat that was reached asked for."""
    beat = session.current
    if beat is None or beat.touch is not None or session.branch == session.road:
        return None if beat is None else beat.touch
    seen, moments = session.seen.get(session.road, -1), session.laid[session.road]
    reached = [
        each.touch
        for each, moment in zip(session.lesson.beats, moments, strict=True)
        if each.touch is not None and moment is not None and moment.index <= seen
    ]
    return reached[-1] if reached else None


def _touch_view(session: Session, touch: Touch) -> TouchView:
    task = TouchView(TODO, _filled(session, touch.task[session.lang]))
    if session.branch == session.road:
        return task
    left_at, _ = byroad.departure(session.timeline, session.road, session.branch)
    moment = find(session.trace, parse_cue(touch.solved.watch))
    horizon = session.horizon
    if moment is None or moment.at < left_at or (horizon is not None and moment.at > horizon):
        return TouchView(ELSEWHERE, task.said)
    if session.beside is None:
        return TouchView(MADE, task.said)
    scene = Scene(session.lesson, session.trace, moment, find_moments(session.lesson, session.trace))
    return TouchView(COMPARED, facts.fill(touch.compared[session.lang], scene))
