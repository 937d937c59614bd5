"""Visiting a byroad: a session beside the lesson, for one thing to be seen or asked, and the way back.

Rules
-----
* A byroad is shown alone: the lesson's own future is not on it, so nothing that a bet still hides can be seen from it.
* It is a run like any other: it can be stepped, scrubbed and touched. Whoever goes back finds the lesson as it was.
* After the last beat come what one may have read, one by one, then the checks, then a look back. "Go on" leads from
  each to the next.
* A run that is shown plays by itself, up to what is to be seen: what the lesson does later on, another protocol for
  instance, is not what the card speaks of. Where less motion is wanted, it stands there at once.
* An answer to a check counts for the lesson.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.teach import facts, intents, quiz
from tutor.teach.betmode import OFF
from tutor.teach.byroad import Byroad, byroad_of
from tutor.teach.facts import NoSuchThing, Scene
from tutor.teach.lesson import Beat, Check, Lesson, Play, Text
from tutor.teach.notices import Notice
from tutor.teach.road import Moments, find_moments
from tutor.teach.sight import FIRST_SIGHT
from tutor.words import LANGUAGES
from tutor.world.query import Moment
from tutor.world.timeline import Timeline

if TYPE_CHECKING:
    from tutor.teach.session import Session

WHY, READ, CHECK, CLOSING = "why", "read", "check", "closing"
"""What a visit is for: an answer is explained, something one may have read is refuted, a check is asked, and at the end
of all it is looked back at what was understood."""

LOOKS = ("lang", "theme", "text_scale", "motion", "speed", "ever", "panels")
"""What goes along from a lesson to a run beside it, and back."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A visit: what for, which of how many (from 0), whose words, where its beats are here, and where it leads back.

    ``plays``: what was done to get this run.
    """

    kind: str
    place: int
    total: int
    lesson: Lesson
    moments: Moments
    plays: Play
    home: Session


def update(session: Session, intent: intents.Intent) -> Session | None:
    """The session after a visit was begun or ended; None for any other intent."""
    match intent:
        case intents.ShowWhy(index=index):
            return show_why(session, index)
        case intents.Read(index=index):
            return read(session, index)
        case intents.TakeCheck(index=index):
            return take_check(session, index)
        case intents.BackToLesson() if session.aside is not None and session.branch == session.road:
            return back(session)
        case intents.NextBeat():
            return _further(session)
        case _:
            return None


def home_of(session: Session) -> Session:
    """The lesson from which a visit began; a lesson itself is its own."""
    while session.aside is not None:
        session = session.aside.home
    return session


def back(session: Session) -> Session:
    """The lesson, as it was left; what was answered meanwhile counts there."""
    assert session.aside is not None, "one goes back from a visit"
    home = session.aside.home
    looks = {name: getattr(session, name) for name in LOOKS}
    given = session.answers if session.aside.kind == CHECK else ()
    answers = (replace(answer, branch=home.road) for answer in given)
    was_read = home.was_read | ({session.aside.place} if session.aside.kind == READ else frozenset())
    return replace(home, answers=(*home.answers, *answers), was_read=was_read, **looks)


def _further(session: Session) -> Session | None:
    """From the last beat, and from visit to visit; None where the lesson itself goes on."""
    if session.is_held:
        return None
    if session.aside is not None:
        seen = session.moments[0]
        if seen is not None and session.playhead < seen.at:
            return replace(session, playhead=seen.at, is_playing=False)
        home, kind, place = back(session), session.aside.kind, session.aside.place + 1
    else:
        is_last = not any(moment is not None for moment in session.moments[session.beat + 1 :])
        if not is_last or session.branch != session.road or session.beat >= len(session.lesson.beats):
            return None
        home, kind, place = session, READ, 0
    return home if kind in (WHY, CLOSING) else _at(home, kind, place)


def _at(home: Session, kind: str, place: int) -> Session:
    """Number ``place`` of what is to be read, or of the checks after it; the lesson itself after the last."""
    lesson = home.lesson
    if kind == READ and place < len(lesson.refutes):
        return read(home, place)
    place = 0 if kind == READ else place
    if place < len(lesson.checks):
        return take_check(home, place)
    if lesson.checks or lesson.refutes:
        return look_back(home)
    return replace(home, notice=Notice("lesson-done"))


# --- the three kinds ---


def show_why(session: Session, index: int) -> Session:
    """The run of an option of what was answered here, from where it leaves the road to what is to be seen."""
    ask, verdict = session.ask, session.verdict
    plays = ask.options[index].plays if ask is not None and 0 <= index < len(ask.options) else None
    if ask is None or verdict is None or not verdict.on_road or plays is None:
        return replace(session, notice=Notice("nothing-to-play"))
    option = ask.options[index]
    scene = _scene_on_road(session)
    words = _filled(option.feedback or ask.prompt, scene)
    title = Text(
        quiz.label(ask, option, scene, "en"), tuple((lang, quiz.label(ask, option, scene, lang)) for lang in _OTHERS)
    )
    return _shown(_visit(session, scene, plays, Beat(WHY, plays.watch, title, words, is_pause=True), WHY, index, 0))


def read(session: Session, index: int) -> Session:
    """What one may have read, and the run that refutes it."""
    lesson = session.lesson
    if not 0 <= index < len(lesson.refutes):
        return replace(session, notice=Notice("nothing-to-play"))
    refuted = lesson.refutes[index]
    plays = refuted.plays or Play("", (), "end")
    scene = _scene_on_road(session)
    beat = Beat(f"{READ}-{index + 1}", plays.watch, refuted.says, refuted.truth, is_pause=True)
    return _shown(_visit(session, scene, plays, beat, READ, index, len(lesson.refutes)))


def take_check(session: Session, index: int) -> Session:
    """A check, at the moment at which it is asked."""
    lesson = session.lesson
    if not 0 <= index < len(lesson.checks):
        return replace(session, notice=Notice("nothing-to-play"))
    check = lesson.checks[index]
    beat = Beat(check.id, check.cue, Text(""), check.words or Text(""), is_pause=True, ask=check.ask)
    visit = _visit(session, _scene_on_road(session), run_of(check), beat, CHECK, index, len(lesson.checks))
    moment = visit.moments[0] if visit.aside is not None else None
    return replace(visit, playhead=moment.at) if moment is not None else visit


def look_back(session: Session) -> Session:
    """The end of the lesson, at the end of its run: what was understood."""
    beat = Beat(CLOSING, "end", Text(""), Text(""), is_pause=True)
    visit = _visit(session, _scene_on_road(session), Play("", (), "end"), beat, CLOSING, 0, 0)
    return replace(visit, playhead=visit.end) if visit.aside is not None else visit


def _shown(visit: Session) -> Session:
    """The visit as it begins: playing; or where there is something to see, if less motion is wanted."""
    seen = visit.moments[0] if visit.aside is not None else None
    if seen is None:
        return visit
    if visit.motion == "reduced" or visit.playhead >= seen.at:
        return replace(visit, playhead=seen.at)
    return replace(visit, is_playing=True)


def run_of(check: Check) -> Play:
    """The run of a check, and the event at which it asks."""
    return Play(check.at, check.acts, check.cue)


# --- going there ---

_OTHERS = tuple(lang for lang in LANGUAGES if lang != "en")


def _filled(text: Text, scene: Scene) -> Text:
    """``text`` with its placeholders filled where the author wrote it."""
    return Text(facts.fill(text.en, scene), tuple((lang, facts.fill(said, scene)) for lang, said in text.others))


def _scene_on_road(session: Session) -> Scene:
    """Where the lesson speaks: its own run, at the beat on the card, or at the last one that happens."""
    trace, moments = session.timeline.branch(session.road).trace, session.laid[session.road]
    moment = moments[session.beat] if moments else None
    if moment is None:
        last = trace.steps[-1]
        moment = Moment(last.index, last.at)
    if session.aside is not None:
        return Scene(session.aside.lesson, trace, moment, session.aside.moments)
    return Scene(session.lesson, trace, moment, moments)


def _visit(session: Session, scene: Scene, plays: Play, beat: Beat, kind: str, place: int, total: int) -> Session:
    try:
        there = byroad_of(session.timeline, session.road, scene, plays)
    except NoSuchThing:
        return replace(session, notice=Notice("nothing-to-play"))
    timeline = _alone(there)
    road = timeline.current
    lesson = replace(scene.lesson, beats=(beat,), checks=(), refutes=())
    moments = find_moments(scene.lesson, there.trace)
    home = replace(session, is_playing=False, notice=None, undo=(), redo=(), given=quiz.NOTHING_GIVEN)
    return replace(
        home,
        lesson=lesson,
        timeline=timeline,
        road=road,
        branch=road,
        laid={road: (there.seen,)},
        playhead=there.left.at,
        beat=0,
        answers=(),
        is_exploring=False,
        bookmark=(0, 0),
        gone=frozenset(branch.id for branch in timeline.branches if branch.id != road),
        told=-1,
        selection="",
        weighed=("", ""),
        sight=session.sight.of_another_run() if session.sight != FIRST_SIGHT else session.sight,
        seen={},
        crossed=frozenset(),
        news=(),
        betmode=OFF,
        aside=Aside(kind, place, total, scene.lesson, moments, plays, home),
        undo=session.undo,
        redo=session.redo,
    )


def _alone(there: Byroad) -> Timeline:
    """The tree of futures as a tree of its own: undo takes the two for two runs, which they are to the learner."""
    first = there.timeline.branches[0]
    return Timeline((replace(first), *there.timeline.branches[1:]), there.timeline.current)
