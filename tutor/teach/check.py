"""check: the linter that runs the lesson and believes nothing it says.

Rules
-----
* Every cue fires, in the order in which the beats stand.
* Every bet's answer is what the engine computes, lies in the future when it is asked, and is the only right option.
* Every state that a beat asserts is the engine's, right after the event and before what the beat itself does.
* A puzzle can be done in as few moves as its author says, or cannot: the search is asked.
* Every placeholder can be filled where it stands, in every language.
* A lesson that runs for ever is stopped by the limits of ``stage.py``, and told.

The faults of form, vocabulary and translation come from ``reading.py``; one run reports all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tutor.teach import facts, sentences
from tutor.teach.doing import parse_doing
from tutor.teach.errors import LessonError, Problems, shortened
from tutor.teach.facts import NoSuchThing, Scene, UnknownFact
from tutor.teach.judge import Judge
from tutor.teach.lesson import Ask, Beat, Check, Lesson, Mark, Play, Refuted, Text, Touch, Wire
from tutor.teach.puzzles import MOST_WORLDS, par_of, puzzle_of
from tutor.teach.reading import Reading, find_lesson, lesson_ids, read_lesson, read_sources, sources_with
from tutor.teach.road import MAX_STEPS, Road, lay_road
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.query import Moment, find, parse_cue


def check_lesson(
    name: str | Path, lang: str = "en", profile: str | Mapping[str, str] | None = None
) -> tuple[LessonError, ...]:
    """Every fault of one lesson, in ``lang``, by file, line and column; empty if it is sound.

    ``profile`` runs it under other rules than its own. Raises ``FileNotFoundError`` if there is no such lesson.
    """
    problems = Problems(Words(lang))
    reading = read_lesson(find_lesson(name), problems)
    if reading.lesson is not None and reading.can_run:
        for rules in (profile,) if profile is not None else (None, *reading.lesson.profiles):
            _Linter(reading.lesson, reading, problems).run(rules)
    return problems.errors


def check_text(text: str, path: Path, lang: str = "en") -> tuple[LessonError, ...]:
    """Every fault of a lesson's text as it stands in an editor, ``path`` being where it is, or would be, kept.

    Translations that lie beside it are read as ``check_lesson`` reads them.
    """
    problems = Problems(Words(lang))
    reading = read_sources(sources_with(text, path, problems), path, problems)
    if reading.lesson is not None and reading.can_run:
        _Linter(reading.lesson, reading, problems).run(None)
    return problems.errors


def check_all(
    names: Iterable[str | Path] = (), lang: str = "en", profile: str | Mapping[str, str] | None = None
) -> dict[str, tuple[LessonError, ...]]:
    """Lesson -> its faults, for these lessons or for all shipped ones."""
    return {str(name): check_lesson(name, lang, profile) for name in (tuple(names) or lesson_ids())}


class _Linter:
    """One lesson on its run."""

    def __init__(self, lesson: Lesson, reading: Reading, problems: Problems) -> None:
        self.lesson, self.problems, self.words = lesson, problems, problems.words
        assert reading.shaped is not None, "a lesson that can run was shaped"
        self.shaped = reading.shaped

    def run(self, profile: str | Mapping[str, str] | None) -> None:
        """Lay the lesson out on its run and hold every beat against it."""
        try:
            scenario = scenario_of(self.lesson, profile)
            road = lay_road(self.lesson, scenario)
        except ValueError as error:
            what = self.words.t("the run cannot begin: {reason}", reason=str(error))
            self.problems.add(Mark(self.lesson.path, 1, 1), "hosts", what)
            return
        if road.trace.is_cut_short:
            what = self.words.t("the run does not come to an end")
            hint = self.words.t("Give it an end with until, or let both sides close.")
            self.problems.add(Mark(self.lesson.path, 1, 1), "until", what, allowed=str(MAX_STEPS), hint=hint)
        for index, beat in enumerate(self.lesson.beats):
            self.beat(index, beat, road)
        for index, refuted in enumerate(self.lesson.refutes):
            self.refuted(index, refuted, road)
        for check in self.lesson.checks:
            self.check(check, road)

    def beat(self, index: int, beat: Beat, road: Road) -> None:
        """The cue, the sentences and the bet of one beat."""
        where = f"beats › {beat.id}"
        moment = road.moments[index]
        if self.shaped.touches("beats", index, "cue") or self.shaped.touches("beats", index, "id"):
            return
        if moment is None:
            self.silent_cue(index, beat, road, f"{where} › cue")
            return
        scene = Scene(self.lesson, road.trace, moment, road.moments)
        for name, text in (("title", beat.title), ("words", beat.words)):
            self.text(text, scene, f"{where} › {name}")
        self.act(beat, moment, road, where)
        self.states(index, beat, scene, where)
        if beat.ask is not None:
            self.ask(beat.ask, scene, f"{where} › {'bet' if beat.ask.is_bet else 'question'}")
        if beat.wire is not None and beat.wire.moves is not None and not self.shaped.touches("beats", index, "network"):
            self.wire(index, beat.wire, beat.wire.moves, f"{where} › network › moves")
        if beat.touch is not None:
            self.touch(beat.touch, scene, f"{where} › touch")

    def silent_cue(self, index: int, beat: Beat, road: Road, where: str) -> None:
        """Say whether the event never happens or only happened too early."""
        cue = parse_cue(beat.cue)
        earlier = find(road.trace, cue)
        if earlier is None:
            what = self.words.t("this never happens in the run")
            self.problems.add(beat.cue_mark, where, what, found=beat.cue)
            return
        previous = next(
            (b.id for b, m in zip(self.lesson.beats[:index][::-1], road.moments[:index][::-1], strict=True) if m), ""
        )
        what = self.words.t("this happens before the beat {previous}, so the beats are out of order", previous=previous)
        self.problems.add(beat.cue_mark, where, what, found=beat.cue)

    def act(self, beat: Beat, moment: Moment, road: Road, where: str) -> None:
        """What is done must be done before the run is over."""
        if beat.act and parse_doing(beat.act).at(moment) > road.trace.until:
            what = self.words.t("the run is over before this can be done")
            hint = self.words.t("Let it wait for less, or let the run last longer (until).")
            self.problems.add(beat.act_mark, f"{where} › act", what, found=beat.act, hint=hint)

    def states(self, index: int, beat: Beat, scene: Scene, where: str) -> None:
        """Every asserted state must be the engine's."""
        for host, state in beat.states:
            found = facts.state_of(host, scene)
            if found != state:
                assert self.shaped.node is not None, "a lesson comes from a tree"
                mark = self.shaped.node.at(("beats", index, "states", host)).mark
                what = self.words.t("the engine has {host} in {state} then", host=host, state=found)
                self.problems.add(mark, f"{where} › states › {host}", what, found=state)

    # --- puzzles ---

    def wire(self, index: int, wire: Wire, said: int, where: str) -> None:
        """The search must come to what is ``said`` of the puzzle: so many moves, or 0 for none."""
        par = par_of(puzzle_of(self.lesson, wire))
        if par == said:
            return
        assert self.shaped.node is not None, "a lesson comes from a tree"
        mark = self.shaped.node.at(("beats", index, "network", "moves")).mark
        if par is None:
            what = self.words.t("the search does not come to an end within {count} worlds", count=f"{MOST_WORLDS:,}")
            self.problems.add(mark, where, what, hint=self.words.t("Let it lose, copy or deliver less."))
            return
        what = self.words.t("the search finds no way within this bound")
        if par:
            what = self.words.n("the search does it in {count} move", "the search does it in {count} moves", par)
        self.problems.add(mark, where, what, found=str(said), allowed=str(par))

    # --- sentences ---

    def text(self, text: Text, scene: Scene, where: str) -> None:
        """Every placeholder must have a value here."""
        versions = [("en", text.en, text.mark)]
        versions += [(lang, said, mark) for (lang, said), mark in zip(text.others, text.marks, strict=True)]
        for _, said, mark in versions:
            for hole in sentences.holes(said):
                try:
                    facts.fact(hole.name, scene)
                except UnknownFact:
                    continue
                except NoSuchThing:
                    what = self.words.t("this placeholder has no value at this moment of the run")
                    self.problems.add(mark, where, what, found=hole.name)

    # --- bets ---

    def ask(self, ask: Ask, scene: Scene, where: str) -> None:
        """Texts of the ask, and what the engine says to it."""
        self.text(ask.prompt, scene, f"{where} › prompt")
        for option in ask.options:
            for text in (option.text, option.feedback):
                if text is not None:
                    self.text(text, scene, f"{where} › options › {shortened(option.value, 30)}")
        Judge(self.problems).ask(ask, scene, where)

    # --- what comes after the beats, and beside them ---

    def touch(self, touch: Touch, scene: Scene, where: str) -> None:
        """The author's own solution must bring about what is wanted, which must not happen without it."""
        solved = touch.solved
        there = Judge(self.problems).plays(solved, scene, where)
        self.text(touch.task, scene, f"{where} › task")
        after = there.said(self.lesson) if there is not None else None
        if after is not None:
            self.text(touch.compared, after, f"{where} › compared")
        if there is not None and find(scene.trace, parse_cue(solved.watch), after_index=there.left.index) is not None:
            what = self.words.t("this happens in the lesson's own run as well: there is nothing to compare")
            self.problems.add(solved.watch_mark, f"{where} › wants", what, found=solved.watch)

    def refuted(self, index: int, refuted: Refuted, road: Road) -> None:
        """The run that refutes it shows what it is to show."""
        where = f"refutes › {index + 1}"
        last = _last(self.lesson, road)
        self.text(refuted.says, last, f"{where} › says")
        scene: Scene | None = last
        if refuted.plays is not None:
            there = Judge(self.problems).plays(refuted.plays, last, f"{where} › plays")
            scene = there.said(self.lesson) if there is not None else None
        if scene is not None:
            self.text(refuted.truth, scene, f"{where} › truth")

    def check(self, check: Check, road: Road) -> None:
        """Its run goes as it says, and what it asks is answered there."""
        where = f"checks › {check.id}"
        plays = Play(check.at, check.acts, check.cue, mark=check.mark, watch_mark=check.cue_mark)
        there = Judge(self.problems).plays(plays, _last(self.lesson, road), where)
        scene = there.scene(self.lesson) if there is not None else None
        if scene is None:
            return
        if check.words is not None:
            self.text(check.words, scene, f"{where} › words")
        self.ask(check.ask, scene, f"{where} › {'bet' if check.ask.is_bet else 'question'}")


def _last(lesson: Lesson, road: Road) -> Scene:
    """The end of the lesson's own run."""
    last = road.trace.steps[-1]
    return Scene(lesson, road.trace, Moment(last.index, last.at), road.moments)
