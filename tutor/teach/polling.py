"""Polling: what a lesson asks, as it is put to a whole room; the run that answers, and the one that refutes.

Rules
-----
* Hands can be raised for options only. What is typed in by one learner is chosen among the author's options here; of an
  order the room says what comes first; what has no options is asked without votes, and ``how`` says so.
* What is right is what the engine says of the run on screen. It stands in the value, and nobody shows it too early.
* The answer is played, not only said: the run goes on to where it shows; or, where the answer is another run, that one
  is; of an attack its solution, move by move. What most chose in error is refuted by the run that its author wrote
  for it.
* Values in, values out. No session here has a keeper: nothing of it becomes anybody's progress.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.joining import chained
from tutor.teach import betting, facts, intents, quiz
from tutor.teach.answered import card_of
from tutor.teach.attacked import attacked, moves_told
from tutor.teach.facts import Scene
from tutor.teach.lesson import Ask, Lesson, Play
from tutor.teach.quiz import Found
from tutor.teach.session import Session, update
from tutor.teach.votes import Votes
from tutor.words import Words, mark

TALKED, WIRED = ("explain",), ("attack",)
"""Kinds that are asked without votes."""

HOW: dict[str, str] = {
    "many": mark("Several may be right: a vote for each."),
    "order": mark("Which comes first?"),
    "explain": mark("No vote: explain it to your neighbour."),
    "attack": mark("No vote: you own the wire. What would you do to it?"),
}
"""Kind -> how the room answers it, where it is not by one raised hand."""

ENGINE = mark("The engine says: {found}.")
POINTS = mark("These belong to it:")
MOVES = mark("It can be done: {moves}.")
NEVER = mark("It cannot be done: the search has been everywhere.")


@dataclass(frozen=True, slots=True)
class Poll:
    """A bet or question as the room gets it.

    ``question`` names it ("lesson/beat"); ``prompt``, ``how`` and ``options`` are plain text in the room's language, a
    table in lines. ``right``: options (from 0) that count as right; ``places``: of an order, where each belongs (from
    1). ``plays``: which options have a run that shows why. ``said``: what is said with the answer, "" if the options
    say it. ``seconds``: what the author gives for it; 0: nothing. ``has_votes``: are hands counted?
    """

    question: str
    kind: str
    prompt: str
    how: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    places: tuple[int, ...] = ()
    plays: tuple[bool, ...] = ()
    said: str = ""
    seconds: int = 0
    has_votes: bool = True

    def votes(self, at: str) -> Votes:
        """Nobody has voted yet, at that moment (ISO 8601)."""
        return Votes(self.question, at, self.options, self.right, self.prompt, self.kind)


@dataclass(frozen=True, slots=True)
class Showing:
    """A run to be played from one moment to another: both sessions are of the same run."""

    begins: Session
    ends: Session


def poll_of(session: Session) -> Poll | None:
    """What is asked at the playhead, answered or not; None where nothing is."""
    ask, scene, beat = session.ask, betting.scene(session, session.beat), session.current
    if ask is None or scene is None or beat is None or session.playhead < scene.at:
        return None
    found, words = quiz.answer(ask, scene), Words(session.lang)
    has_votes = ask.kind not in (*TALKED, *WIRED) and bool(ask.options)
    return Poll(
        question=card_of(session.lesson.id, beat.id),
        kind=ask.kind,
        prompt=_plain(facts.fill(ask.prompt[session.lang], scene)),
        how=words.t(HOW[ask.kind]) if ask.kind in HOW else "",
        options=tuple(_plain(quiz.label(ask, option, scene, session.lang)) for option in ask.options),
        right=found.right[:1] if ask.kind == "order" else found.right if has_votes else (),
        places=tuple(found.right.index(i) + 1 for i in range(len(found.right))) if ask.kind == "order" else (),
        plays=tuple(option.plays is not None for option in ask.options),
        said=_said(ask, session.lesson, found, words),
        seconds=ask.seconds,
        has_votes=has_votes,
    )


def _plain(text: str) -> str:
    """Markdown without its signs."""
    return text.replace("**", "").replace("`", "").strip()


def _said(ask: Ask, lesson: Lesson, found: Found, words: Words) -> str:
    match ask.kind:
        case "explain":
            return words.t(POINTS)
        case "attack":
            moves = moves_told(lesson, ask, words)
            return words.t(MOVES, moves=chained(moves, words)) if moves else words.t(NEVER)
        case _:
            return words.t(ENGINE, found=found.shown) if not found.right and found.shown else ""


# --- what is played ---


def answer(session: Session) -> Showing | None:
    """The run that shows the answer to what is asked: the lesson's own, or the right option's. None: there is nothing
    to see but the words."""
    ask, scene = session.ask, betting.scene(session, session.beat)
    if ask is None or scene is None:
        return None
    if ask.kind in WIRED:
        begins = attacked(session.lesson, ask)
        return Showing(begins, replace(begins, playhead=begins.end)) if begins is not None else None
    found, done = quiz.answer(ask, scene), betting.revealed(session)
    if found.at is not None and found.at > done.playhead:
        at = min(_all_seen(ask, found, scene), done.visible_end)
        return Showing(done, replace(done, playhead=max(done.playhead, at), is_playing=False))
    for option in found.right:
        shown = run_of(_mending(done, ask, option) if ask.kind == "fix" else done, option)
        if shown is not None:
            return shown
    return None


def revealing(session: Session) -> Showing:
    """What the press that reveals the answer plays: the run that shows it; where there is none, the answer as it is
    said."""
    done = betting.revealed(session)
    return answer(session) or Showing(done, done)


def _all_seen(ask: Ask, found: Found, scene: Scene) -> int:
    """When all of the answer has been seen: of an order its last event, of all else what is asked about."""
    assert found.at is not None, "the answer is an event of the run"
    if ask.kind != "order":
        return found.at
    moments = (quiz.when(option.value, scene) for option in ask.options)
    return max(moment.at for moment in moments if moment is not None)


def _mending(session: Session, ask: Ask, place: int) -> Session:
    """The session whose lesson has a run for the option that mends it: it is done, and what was wanted happens."""
    option = ask.options[place]
    if option.plays is not None:
        return session
    option = replace(option, plays=Play(ask.at, (option.value,), ask.cue or "end"))
    asked = replace(ask, options=(*ask.options[:place], option, *ask.options[place + 1 :]))
    beats = session.lesson.beats
    beat = replace(beats[session.beat], ask=asked)
    lesson = replace(session.lesson, beats=(*beats[: session.beat], beat, *beats[session.beat + 1 :]))
    return replace(session, lesson=lesson)


def run_of(session: Session, option: int) -> Showing | None:
    """The run that an author wrote for an option (from 0): why it is wrong, or right. None if there is none.

    What is asked has been answered in ``session``.
    """
    visit = update(replace(session, motion="full"), intents.ShowWhy(option))
    if visit.aside is None or visit.aside is session.aside:
        return None
    begins, seen = replace(visit, motion=session.motion, is_playing=False), visit.moments[0]
    return Showing(begins, replace(begins, playhead=seen.at if seen is not None else begins.end))
